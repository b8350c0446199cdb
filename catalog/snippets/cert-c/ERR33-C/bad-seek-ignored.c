/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int block_read(FILE *f, unsigned char *block, long at)
{
	fseek(f, at, SEEK_SET); /* fault */
	return fread(block, 1, 64, f) == 64 ? 0 : -1;
}
