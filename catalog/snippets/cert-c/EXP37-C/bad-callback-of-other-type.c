/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static int by_rate(const int *a, const int *b)
{
	return *a - *b;
}

void rates_sort(int *rates, size_t n)
{
	qsort(rates, n, sizeof *rates, by_rate); /* fault */
}
