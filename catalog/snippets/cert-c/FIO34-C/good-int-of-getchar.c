/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int line_read(FILE *f, char *out, int most)
{
	int n = 0;
	int c;

	while (n < most && (c = fgetc(f)) != EOF)
		out[n++] = (char)c;
	return n;
}
