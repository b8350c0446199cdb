/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int line_read(FILE *f, char *out, int most)
{
	int n = 0;
	char c;

	while (n < most && (c = fgetc(f)) != EOF) /* fault */
		out[n++] = c;
	return n;
}
