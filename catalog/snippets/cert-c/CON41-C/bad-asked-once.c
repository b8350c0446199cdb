/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdbool.h>

static atomic_int state;

bool
enter(void)
{
	int expected = 0;
	if (!atomic_compare_exchange_weak(&state, &expected, 1)) /* fault */
		return false;
	return true;
}
