/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int config_rate(const char *path, int *ret_rate)
{
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	if (fscanf(f, "rate=%d", ret_rate) != 1)
		return -2; /* fault */
	fclose(f);
	return 0;
}
