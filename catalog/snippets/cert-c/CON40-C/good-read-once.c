/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>

static atomic_int n;

int
sum(void)
{
	const int value = n;
	return value * (value + 1) / 2;
}
