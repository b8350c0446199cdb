/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint16_t low_half(void)
{
	uint32_t word = 0x12345678;
	uint16_t *half = (uint16_t *)&word; /* fault */

	half[1] = 0;
	return (uint16_t)word;
}
