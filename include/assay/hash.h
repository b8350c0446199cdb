/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256, SHA-384 and SHA-512 (FIPS 180-4): of bytes in memory, and of bytes that come piece by piece.
 *
 * A hasher is the caller's storage. Nothing here allocates: neither this library nor, today, the crypto library below it,
 * whose plain context is kept inside. One that hands out contexts of its own (a FIPS provider behind EVP) would allocate
 * in assay_hasher_init(), which says ASSAY_E_MEMORY then, and release in assay_hasher_done(): so call it on every way out.
 */
#pragma once

#include <assay/status.h>
#include <stdint.h>

#define ASSAY_SHA256_SIZE 32
#define ASSAY_SHA384_SIZE 48
#define ASSAY_SHA512_SIZE 64
/* The longest of them. */
#define ASSAY_HASH_SIZE_MAX 64

enum assay_hash {
	ASSAY_SHA256,
	ASSAY_SHA384,
	ASSAY_SHA512,
};

/* What a crypto library keeps between pieces; its size holds for all of them. */
#define ASSAY_HASHER_ROOM 240

/* Don't look inside, and don't copy it. */
struct assay_hasher {
	enum assay_hash hash;
	unsigned phase;
	union {
		uint64_t align;
		unsigned char bytes[ASSAY_HASHER_ROOM];
	} inner;
};

/* Bytes in a digest; 0 for what is no hash. */
ASSAY_API size_t assay_hash_size(enum assay_hash hash);

ASSAY_API ASSAY_MUST_USE enum assay_status assay_sha256(struct assay_span bytes,
    unsigned char ret_digest[ASSAY_SHA256_SIZE]);
ASSAY_API ASSAY_MUST_USE enum assay_status assay_sha384(struct assay_span bytes,
    unsigned char ret_digest[ASSAY_SHA384_SIZE]);
ASSAY_API ASSAY_MUST_USE enum assay_status assay_sha512(struct assay_span bytes,
    unsigned char ret_digest[ASSAY_SHA512_SIZE]);

/* Begins a message. ASSAY_E_USAGE when hash is none; ASSAY_E_MEMORY, ASSAY_E_INTERNAL when the crypto library fails. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_hasher_init(struct assay_hasher *h,
    enum assay_hash hash);
/* Adds the next piece, of any length. ASSAY_E_USAGE when no message was begun, or its digest was taken. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_hasher_update(struct assay_hasher *h,
    struct assay_span bytes);
/* Ends the message. ret_digest has room for assay_hash_size() bytes. Statuses as above. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_hasher_final(struct assay_hasher *h,
    unsigned char *ret_digest);
/* Releases what is held and wipes it; after it, as on storage that is all zero, only assay_hasher_init() works. */
ASSAY_API void assay_hasher_done(struct assay_hasher *h);
