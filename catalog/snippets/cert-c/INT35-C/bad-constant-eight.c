/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int
highest_bit(unsigned long value)
{
	for (size_t i = 8 * sizeof(value); i-- > 0;) { /* fault */
		if ((value >> i & 1u) != 0)
			return (int)i;
	}
	return -1;
}
