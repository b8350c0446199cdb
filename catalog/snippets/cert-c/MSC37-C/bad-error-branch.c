/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

long file_size(const char *path)
{
	FILE *f = fopen(path, "rb");
	long size;

	if (f != NULL) {
		fseek(f, 0, SEEK_END);
		size = ftell(f);
		fclose(f);
		return size;
	}
	perror(path);
} /* fault */
