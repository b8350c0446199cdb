/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>

unsigned int
power_of_two(unsigned int exponent)
{
	if (exponent >= sizeof(unsigned int) * CHAR_BIT) /* fault */
		return 0;
	return 1u << exponent;
}
