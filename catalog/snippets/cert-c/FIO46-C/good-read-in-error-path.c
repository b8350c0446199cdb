/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int first_line(const char *path, char *line, int size)
{
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	if (fgets(line, size, f) == NULL) {
		int status = feof(f) ? 0 : -1;

		fclose(f);
		return status;
	}
	fclose(f);
	return 1;
}
