/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

void errors_show(int first, int second)
{
	char *a = strerror(first);
	char *b = strerror(second);

	fputs(a, stderr); /* fault */
	fputs(b, stderr);
}
