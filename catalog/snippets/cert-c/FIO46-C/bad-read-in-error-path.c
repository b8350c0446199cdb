/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int first_line(const char *path, char *line, int size)
{
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	if (fgets(line, size, f) == NULL) {
		fclose(f);
		return feof(f) ? 0 : -1; /* fault */
	}
	fclose(f);
	return 1;
}
