/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 (FIPS 180-4) for the chain of the event log.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32u
#define SHA256_HEX 64u

struct sha256 {
	uint32_t state[8];
	uint64_t length;
	unsigned char block[64];
	size_t used;
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, size_t len);
void sha256_end(struct sha256 *s, unsigned char out[SHA256_SIZE]);
/* 64 digits and a NUL. */
void sha256_hex(const unsigned char digest[SHA256_SIZE], char out[SHA256_HEX + 1]);
