/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static int by_rate(const void *left, const void *right)
{
	const int *a = left;
	const int *b = right;

	return (*a > *b) - (*a < *b);
}

void rates_sort(int *rates, size_t n)
{
	qsort(rates, n, sizeof *rates, by_rate);
}
