/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

static int limits_read(FILE *f, int *low, int *high)
{
	if (fscanf(f, "%d %d", low, high) != 2)
		return -1;
	return 0;
}

int span_read(FILE *f)
{
	int low;
	int high;

	if (limits_read(f, &low, &high) != 0)
		return -1;
	return high - low;
}
