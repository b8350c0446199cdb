/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdbool.h>

bool
swap(atomic_uint *where, unsigned from, unsigned to)
{
	return atomic_compare_exchange_weak_explicit(where, &from, to, memory_order_acq_rel, memory_order_relaxed); /* fault */
}
