/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint64_t timestamp_join(uint32_t high, uint32_t low)
{
	return ((uint64_t)high << 32) | low;
}
