/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int
go_back(FILE *f)
{
	fpos_t here;
	int c = fgetc(f);
	if (c == EOF)
		return -1;
	if (fsetpos(f, &here) != 0) /* fault */
		return -1;
	return c;
}
