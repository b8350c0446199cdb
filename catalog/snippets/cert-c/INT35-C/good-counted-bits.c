/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

static size_t
precision_of(uintmax_t largest)
{
	size_t bits = 0;
	for (; largest != 0; largest >>= 1)
		bits += (size_t)(largest & 1u);
	return bits;
}

unsigned int
power_of_two(unsigned int exponent)
{
	if (exponent >= precision_of(UINT_MAX))
		return 0;
	return 1u << exponent;
}
