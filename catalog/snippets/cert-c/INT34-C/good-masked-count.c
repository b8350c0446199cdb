/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint32_t turned(uint32_t word, unsigned by)
{
	by &= 31u;
	if (by == 0)
		return word;
	return word << by | word >> (32u - by);
}
