/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int calibration_store(const char *path, double offset)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		return -1;
	fprintf(f, "offset %f\n", offset);
	fclose(f);
	fprintf(f, "end\n"); /* fault */
	return 0;
}
