/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <unistd.h>

int privileges_drop(void)
{
	if (setgid(getgid()) != 0)
		return -1;
	if (setuid(getuid()) != 0)
		return -1;
	return 0;
}
