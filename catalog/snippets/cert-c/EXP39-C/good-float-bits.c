/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

uint32_t bits_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof bits);
	return bits;
}
