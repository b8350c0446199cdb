/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>

static atomic_int n;

int
sum(void)
{
	return n * (n + 1) / 2; /* fault */
}
