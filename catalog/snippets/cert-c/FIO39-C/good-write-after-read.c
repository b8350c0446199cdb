/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

int header_patch(const char *path)
{
	unsigned char header[8];
	FILE *f = fopen(path, "rb+");

	if (f == NULL)
		return -1;
	if (fread(header, 1, sizeof header, f) == sizeof header) {
		header[7] ^= 1;
		if (fseek(f, 0, SEEK_SET) == 0)
			fwrite(header, 1, sizeof header, f);
	}
	return fclose(f);
}
