/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint32_t crc_stored(const char *block, unsigned at)
{
	return *(const uint32_t *)(block + at); /* fault */
}
