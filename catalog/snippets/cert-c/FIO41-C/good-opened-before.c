/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int
first(const char *path)
{
	FILE *in = fopen(path, "r");
	if (in == NULL)
		return EOF;
	const int c = getc(in);
	fclose(in);
	return c;
}
