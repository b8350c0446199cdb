/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

void service_start(void (*serve)(void), uid_t user)
{
	if (setuid(user) != 0)
		abort();
	serve();
}
