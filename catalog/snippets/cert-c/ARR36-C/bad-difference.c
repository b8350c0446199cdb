/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

static int low[16];
static int high[16];

ptrdiff_t span(void)
{
	int *from = low;
	int *to = high;

	return to - from; /* fault */
}
