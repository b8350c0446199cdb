/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

void put_be16(uint8_t out[2], uint32_t value)
{
	out[0] = (uint8_t)(value >> 8 & 0xffu);
	out[1] = value & 0xffu;
}
