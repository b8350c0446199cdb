/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/random.h>

static int started;

long port_pick(void)
{
	if (!started) {
		unsigned seed;

		if (getentropy(&seed, sizeof seed) != 0)
			return -1;
		srand(seed);
		started = 1;
	}
	return 49152 + rand() % 16384;
}
