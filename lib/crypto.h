/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The primitives that libassay needs, in front of whichever library provides them. Nothing in lib/
 * outside of crypto_*.c and ed25519*.c knows a crypto library.
 */
#pragma once

#include <assay/hash.h>
#include <stdbool.h>
#include <stdint.h>

#define CRYPTO_SHA384_SIZE 48
/* Most spans that are hashed as one message. */
#define CRYPTO_PARTS_MAX 8

enum crypto_hash {
	CRYPTO_SHA256,
	CRYPTO_SHA384,
	CRYPTO_SHA512,
};

/* Hashes the parts one after the other. ret_digest has room for the hash's size. */
ASSAY_MUST_USE enum assay_status crypto_hash_parts(enum crypto_hash hash,
    const struct assay_span *parts, size_t count, unsigned char *ret_digest);
