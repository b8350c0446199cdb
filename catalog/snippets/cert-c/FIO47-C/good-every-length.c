/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

void sizes_print(size_t n, ptrdiff_t d, long long l, uint16_t h, const void *at)
{
	printf("%zu %td %lld %" PRIu16 " %p %*d\n", n, d, l, h, at, 6, (int)n);
}
