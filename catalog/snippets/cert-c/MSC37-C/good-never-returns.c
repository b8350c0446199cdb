/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void give_up(const char *why)
{
	fputs(why, stderr);
	exit(EXIT_FAILURE);
}

int digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	give_up("no digit\n");
}
