/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>

static atomic_int state;

void
raise_state(int by)
{
	int old = atomic_load(&state);
	while (!atomic_compare_exchange_weak(&state, &old, old + by))
		continue;
}
