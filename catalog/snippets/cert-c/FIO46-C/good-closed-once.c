/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int firmware_size(const char *path, long *ret_size)
{
	FILE *f = fopen(path, "rb");
	int status = -1;

	if (f == NULL)
		return -1;
	if (fseek(f, 0, SEEK_END) == 0) {
		*ret_size = ftell(f);
		status = 0;
	}
	fclose(f);
	return status;
}
