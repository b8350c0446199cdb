/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int block_read(FILE *f, unsigned char *block, long at)
{
	if (fseek(f, at, SEEK_SET) != 0)
		return -1;
	return fread(block, 1, 64, f) == 64 ? 0 : -1;
}
