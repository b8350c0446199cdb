/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

void operator_show(const char *message)
{
	fputs("pump: ", stderr);
	fprintf(stderr, message); /* fault */
	fputc('\n', stderr);
}
