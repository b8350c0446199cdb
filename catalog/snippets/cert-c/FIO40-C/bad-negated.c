/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void
show(FILE *in)
{
	char text[64];
	if (!fgets(text, 64, in)) /* fault */
		fputs("no line\n", stderr);
	fputs(text, stdout);
}
