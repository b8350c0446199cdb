/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <unistd.h>

int privileges_drop(void)
{
	if (setuid(getuid()) != 0)
		return -1;
	if (setgid(getgid()) != 0) /* fault */
		return -1;
	return 0;
}
