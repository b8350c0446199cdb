/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint16_t low_half(void)
{
	uint32_t word = 0x12345678;

	word &= 0xffffu;
	return (uint16_t)word;
}
