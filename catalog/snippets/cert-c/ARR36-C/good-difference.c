/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

static int both[32];

ptrdiff_t span(void)
{
	int *from = both;
	int *to = both + 16;

	return to - from;
}
