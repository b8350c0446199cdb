/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void operator_show(const char *message)
{
	fputs("pump: ", stderr);
	fprintf(stderr, "%s", message);
	fputc('\n', stderr);
}
