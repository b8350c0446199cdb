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

enum crypto_curve {
	CRYPTO_P256,
	CRYPTO_P384,
	CRYPTO_P521,
};

/*
 * The one rule for Ed25519, whatever library computes: S < L; A and R canonical (y < p) and not of
 * small order. It is checked on bytes before the library is asked, so that all libraries agree.
 */
bool crypto_ed25519_rule(const unsigned char key[32], const unsigned char signature[64]);
/*
 * What a failure inside libcrypto means, by its error queue, which is emptied: ASSAY_E_MEMORY when memory ran
 * out, so that a good signature isn't called a bad one for that; else ASSAY_E_VERIFY.
 */
enum assay_status crypto_libcrypto_failure(void);
/* NULL when key meets its part of the rule; else what is wrong. */
const char *crypto_ed25519_key_fault(const unsigned char key[32]);
/* ASSAY_OK when the rule and the cofactorless equation hold; else ASSAY_E_VERIFY. */
ASSAY_MUST_USE enum assay_status crypto_ed25519_verify(const unsigned char key[32],
    const unsigned char signature[64], struct assay_span message);
/* The equation alone, as two libraries compute it. A build links one; the tests link both. */
ASSAY_MUST_USE enum assay_status crypto_ed25519_by_sodium(const unsigned char key[32],
    const unsigned char signature[64], struct assay_span message);
ASSAY_MUST_USE enum assay_status crypto_ed25519_by_libcrypto(const unsigned char key[32],
    const unsigned char signature[64], struct assay_span message);

/* ASSAY_OK when point (uncompressed, 0x04 first) lies on the curve, else ASSAY_E_VERIFY; ASSAY_E_MEMORY when that can't be said. */
ASSAY_MUST_USE enum assay_status crypto_ec_point_check(enum crypto_curve curve,
    struct assay_span point);
/* r and s: big-endian, no leading zero. ASSAY_OK or ASSAY_E_VERIFY. */
ASSAY_MUST_USE enum assay_status crypto_ecdsa_verify(enum crypto_curve curve,
    struct assay_span point, struct assay_span r, struct assay_span s, struct assay_span digest);

/*
 * PKCS#1 v1.5 with the one encoding of DigestInfo that has NULL parameters (RFC 8017 section 9.2).
 * signature is exactly as long as n. ASSAY_OK or ASSAY_E_VERIFY.
 */
ASSAY_MUST_USE enum assay_status crypto_rsa_verify(enum crypto_hash hash, struct assay_span n,
    struct assay_span e, struct assay_span signature, struct assay_span digest);
/* PSS with MGF1 over the same hash and a salt as long as the digest (RFC 8017 section 9.1); else as above. */
ASSAY_MUST_USE enum assay_status crypto_rsa_pss_verify(enum crypto_hash hash, struct assay_span n,
    struct assay_span e, struct assay_span signature, struct assay_span digest);
