/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

int dose_load(const char *path, long *ret_dose)
{
	char *line = malloc(128);
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		free(line);
		return -1;
	}
	if (line == NULL || fgets(line, 128, f) == NULL) {
		fclose(f);
		free(line);
		return -1;
	}
	*ret_dose = strtol(line, NULL, 10);
	free(line);
	if (*ret_dose < 0)
		free(line); /* fault */
	fclose(f);
	return 0;
}
