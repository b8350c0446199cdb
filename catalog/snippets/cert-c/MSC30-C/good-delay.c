/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>

long backoff(int attempt, struct drand48_data *state)
{
	long base = 1L << (attempt % 8);
	long extra = 0;

	if (lrand48_r(state, &extra) != 0)
		return base;
	return base + extra % base;
}
