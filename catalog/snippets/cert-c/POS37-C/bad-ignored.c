/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <unistd.h>

void service_start(void (*serve)(void), uid_t user)
{
	setuid(user); /* fault */
	serve();
}
