/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int
peek(FILE *f)
{
	fpos_t here;
	if (fgetpos(f, &here) != 0)
		return EOF;
	int c = fgetc(f);
	if (fsetpos(f, &here) != 0)
		return EOF;
	return c;
}
