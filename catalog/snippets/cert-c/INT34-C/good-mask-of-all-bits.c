/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint32_t channel_mask(unsigned channels)
{
	if (channels >= 32)
		return UINT32_MAX;
	return (UINT32_C(1) << channels) - 1;
}
