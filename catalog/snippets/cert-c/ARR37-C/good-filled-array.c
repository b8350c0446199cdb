/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

static void zero(int *at, size_t count)
{
	for (size_t i = 0; i < count; i++)
		at[i] = 0;
}

int start(void)
{
	int state[2] = {3, 3};
	int *at = state;

	at[1] = 0;
	zero(at, 1);
	return state[0];
}
