/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

int challenge(int *ret_value)
{
	FILE *f = fopen("/dev/urandom", "rb");
	unsigned seed;
	size_t got;

	if (f == NULL)
		return -1;
	got = fread(&seed, sizeof seed, 1, f);
	fclose(f);
	if (got != 1)
		return -1;
	srand(seed);
	*ret_value = rand();
	return 0;
}
