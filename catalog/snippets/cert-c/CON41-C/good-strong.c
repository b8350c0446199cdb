/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdbool.h>

static atomic_int state;

bool
enter(void)
{
	int expected = 0;
	return atomic_compare_exchange_strong(&state, &expected, 1);
}
