/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>

static atomic_int n;

void
grow(void)
{
	n += 2;
	atomic_fetch_add(&n, 1);
}
