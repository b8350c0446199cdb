/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes TUF metadata for tests, with keys of its own, by jansson and libcrypto alone: nothing of lib/ is used, its
 * canonical JSON neither. Ends the process when something fails.
 */
#pragma once

#include <jansson.h>
#include <openssl/evp.h>

#define TUFMAKE_SIGNERS_MAX 12

struct tufmake_key {
	EVP_PKEY *pkey;
	const char *scheme; /* as in metadata */
	const char *hash;   /* for EVP; NULL for Ed25519 */
	json_t *object;     /* as in metadata */
	char keyid[65];
};

/* kind: "ed25519", "p256", "p384", "rsa2048", "rsa2048-sha384", "rsa1024". person and title may be NULL. */
struct tufmake_key *tufmake_key(const char *kind, const char *person, const char *title);
/* The same key under other names. */
struct tufmake_key *tufmake_key_again(const struct tufmake_key *key, const char *person, const char *title);
/* Computes the keyid anew, after object was changed. */
void tufmake_rename(struct tufmake_key *key);
void tufmake_key_free(struct tufmake_key *key);

/* Canonical JSON; *ret_len may be NULL. The caller frees it. */
char *tufmake_canonical(const json_t *value, size_t *ret_len);
/* Hex of SHA-256 or SHA-512. */
void tufmake_hash(const char *name, const void *data, size_t len, char *ret_hex);

/* A signature as hex, over any bytes. salt: of PSS, -1 for one as long as the digest. The caller frees it. */
char *tufmake_sign(const struct tufmake_key *key, const void *data, size_t len, int salt);
/* {"signed": payload, "signatures": [...]}; payload stays the caller's. */
json_t *tufmake_envelope(json_t *payload, struct tufmake_key *const *signers, size_t count);
