/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdbool.h>

static _Atomic(bool) flag;

void
toggle(void)
{
	flag = !flag; /* fault */
}
