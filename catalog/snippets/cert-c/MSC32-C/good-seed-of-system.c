/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/random.h>

int tokens_start(void)
{
	unsigned seed;

	if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return -1;
	srand(seed);
	return 0;
}

long token_next(void)
{
	return rand();
}
