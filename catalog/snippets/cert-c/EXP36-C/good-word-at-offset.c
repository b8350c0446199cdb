/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

uint32_t crc_stored(const char *block, unsigned at)
{
	uint32_t crc;

	memcpy(&crc, block + at, sizeof crc);
	return crc;
}
