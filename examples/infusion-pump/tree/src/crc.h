/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checksums against accidents, not against people: CRC-16/CCITT-FALSE on the line, CRC-32 (IEEE) on files.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CRC16_START 0xffffu

uint16_t crc16_add(uint16_t crc, const unsigned char *bytes, size_t len);
uint32_t crc32_of(const unsigned char *bytes, size_t len);
