/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

int is_aligned(const void *at)
{
	return (uintptr_t)at % sizeof(uint64_t) == 0;
}
