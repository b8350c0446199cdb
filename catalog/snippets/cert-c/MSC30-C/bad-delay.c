/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <time.h>

int backoff(int attempt)
{
	int base = 1 << (attempt % 8);

	return base + rand() % base; /* fault */
}
