/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>

void
raise_to(atomic_uint *where, unsigned to)
{
	unsigned old = atomic_load(where);
	do {
		if (old >= to)
			return;
	} while (!atomic_compare_exchange_weak(where, &old, to));
}
