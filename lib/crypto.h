/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The primitives that libassay needs, in front of whichever library provides them. Nothing in lib/ outside of
 * crypto_libcrypto_*.c and crypto_small_*.c knows a crypto library.
 *
 * There are two backends: libcrypto, and the small one of libsodium (Ed25519, SHA-256, SHA-512) and mbedTLS (SHA-384, ECDSA,
 * RSA). A program is linked with one. What counts is decided in front of them, on bytes, in crypto_ed25519.c and
 * crypto_rules.c, so that they give the same answers; a backend does the arithmetic.
 */
#pragma once

#include <assay/hash.h>
#include <stdbool.h>
#include <stdint.h>

/* Most spans that are hashed as one message. */
#define CRYPTO_PARTS_MAX 8
/* The longest modulus that both backends compute with. */
#define CRYPTO_RSA_BITS_MIN 2048
#define CRYPTO_RSA_BITS_MAX 8192
#define CRYPTO_RSA_BYTES_MAX (CRYPTO_RSA_BITS_MAX / 8)
#define CRYPTO_RSA_EXPONENT_MAX 8
/* Bytes in a number of the longest curve, and in a point of it. */
#define CRYPTO_SCALAR_MAX 66
#define CRYPTO_POINT_MAX (1 + 2 * CRYPTO_SCALAR_MAX)

enum crypto_curve {
	CRYPTO_P256,
	CRYPTO_P384,
	CRYPTO_P521,
};

/* How an RSA signature is filled up. */
enum crypto_padding {
	CRYPTO_PKCS1, /* v1.5, with the one encoding of DigestInfo that has NULL parameters (RFC 8017 section 9.2) */
	CRYPTO_PSS,   /* MGF1 over the same hash, a salt as long as the digest (RFC 8017 section 9.1) */
};

/* Hashes the parts one after the other. ret_digest has room for the hash's size. */
ASSAY_MUST_USE enum assay_status crypto_hash_parts(enum assay_hash hash,
    const struct assay_span *parts, size_t count, unsigned char *ret_digest);

/* The part of the rule for Ed25519 that bytes show: S < L; A and R canonical (y < p) and not of small order. */
bool crypto_ed25519_rule(const unsigned char key[32], const unsigned char signature[64]);
/* NULL when key meets its part of the rule; else what is wrong. */
const char *crypto_ed25519_key_fault(const unsigned char key[32]);

/*
 * Verifying: ASSAY_OK or ASSAY_E_VERIFY; ASSAY_E_MEMORY or ASSAY_E_INTERNAL when that can't be said.
 */

/* The rule and the cofactorless equation hold. */
ASSAY_MUST_USE enum assay_status crypto_ed25519_verify(const unsigned char key[32],
    const unsigned char signature[64], struct assay_span message);
/* point (uncompressed, 0x04 first) lies on the curve. */
ASSAY_MUST_USE enum assay_status crypto_ec_point_check(enum crypto_curve curve,
    struct assay_span point);
/* r and s: big-endian, no leading zero, in [1, n). digest: 32, 48 or 64 bytes. */
ASSAY_MUST_USE enum assay_status crypto_ecdsa_verify(enum crypto_curve curve,
    struct assay_span point, struct assay_span r, struct assay_span s, struct assay_span digest);
/*
 * n: odd, of CRYPTO_RSA_BITS_MIN to _MAX bits; e: odd, above 1, at most 64 bits; both without a leading zero. signature is exactly as
 * long as n, and below it. digest is the hash's.
 */
ASSAY_MUST_USE enum assay_status crypto_rsa_verify(enum crypto_padding padding, enum assay_hash hash,
    struct assay_span n, struct assay_span e, struct assay_span signature, struct assay_span digest);

/*
 * What a backend provides. It is asked only for what the rules let through, and must still answer soundly for anything
 * of these sizes. Statuses as above.
 */

/*
 * One message, in room of ASSAY_HASHER_ROOM bytes, aligned for 64-bit numbers. The digest has the hash's size. After a
 * failure, and after the digest, only backend_hash_done() is called. All hashes of enum assay_hash, and no others, come here.
 */
ASSAY_MUST_USE enum assay_status backend_hash_init(enum assay_hash hash, void *room);
ASSAY_MUST_USE enum assay_status backend_hash_update(enum assay_hash hash, void *room,
    struct assay_span bytes);
ASSAY_MUST_USE enum assay_status backend_hash_final(enum assay_hash hash, void *room,
    unsigned char *ret_digest);
void backend_hash_done(enum assay_hash hash, void *room);

ASSAY_MUST_USE enum assay_status backend_ed25519(const unsigned char key[32],
    const unsigned char signature[64], struct assay_span message);
ASSAY_MUST_USE enum assay_status backend_point(enum crypto_curve curve, struct assay_span point);
ASSAY_MUST_USE enum assay_status backend_ecdsa(enum crypto_curve curve, struct assay_span point,
    struct assay_span r, struct assay_span s, struct assay_span digest);
ASSAY_MUST_USE enum assay_status backend_rsa(enum crypto_padding padding, enum assay_hash hash,
    struct assay_span n, struct assay_span e, struct assay_span signature, struct assay_span digest);
