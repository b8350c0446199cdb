/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int image_copy(FILE *to, const char *path)
{
	unsigned char block[512];
	size_t got;
	FILE *from = fopen(path, "rb");

	if (from == NULL)
		return -1;
	while ((got = fread(block, 1, sizeof block, from)) > 0)
		if (fwrite(block, 1, got, to) != got)
			break;
	return fclose(from);
}
