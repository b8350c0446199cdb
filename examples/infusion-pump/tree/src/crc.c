/* SPDX-License-Identifier: Apache-2.0 */
#include "crc.h"

#define CRC16_POLYNOMIAL 0x1021u
#define CRC32_POLYNOMIAL 0xedb88320u

uint16_t
crc16_add(uint16_t crc, const unsigned char *bytes, size_t len)
{
	unsigned value = crc;
	for (size_t i = 0; i < len; i++) {
		value ^= (unsigned)bytes[i] << 8;
		for (unsigned bit = 0; bit < 8; bit++)
			value = (value & 0x8000u) != 0 ? ((value << 1) ^ CRC16_POLYNOMIAL) & 0xffffu : (value << 1) & 0xffffu;
	}
	return (uint16_t)value;
}

uint32_t
crc32_of(const unsigned char *bytes, size_t len)
{
	uint32_t value = 0xffffffffu;
	for (size_t i = 0; i < len; i++) {
		value ^= bytes[i];
		for (unsigned bit = 0; bit < 8; bit++)
			value = (value & 1u) != 0 ? (value >> 1) ^ CRC32_POLYNOMIAL : value >> 1;
	}
	return ~value;
}
