/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#define SEED 7u

static int started;

long port_pick(void)
{
	if (!started) {
		srand(SEED); /* fault */
		started = 1;
	}
	return 49152 + rand() % 16384;
}
