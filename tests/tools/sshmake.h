/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes SSH keys, certificates and SSHSIG signatures for tests: sound ones, and ones in which any field
 * is other than it should be. Ends the process when the crypto library fails.
 */
#pragma once

#include <assay/sshkey.h>
#include <openssl/evp.h>

#define BLOB_ROOM 65536

struct blob {
	unsigned char data[BLOB_ROOM];
	size_t len;
};

struct test_key {
	enum assay_key_type type;
	EVP_PKEY *pkey;
	const char *application; /* security keys */
};

/* bits counts for RSA alone. */
struct test_key test_key_make(enum assay_key_type type, unsigned bits);
void test_key_done(struct test_key *key);

struct assay_span blob_span(const struct blob *b);
void blob_put(struct blob *b, const void *data, size_t len);
void blob_put_u8(struct blob *b, uint8_t v);
void blob_put_u32(struct blob *b, uint32_t v);
void blob_put_u64(struct blob *b, uint64_t v);
void blob_put_string(struct blob *b, const void *data, size_t len);
void blob_put_text(struct blob *b, const char *text);
/* zeros: so many more leading zero bytes than the shortest form has. */
void blob_put_mpint(struct blob *b, const unsigned char *magnitude, size_t len, size_t zeros);

/* How a public key's or signature's numbers are written. */
struct test_style {
	size_t zeros;         /* superfluous zeros in front of r, s, n and e */
	const char *algorithm; /* name in the signature blob; NULL: the key's own, rsa-sha2-512 for RSA */
	uint8_t flags;        /* security keys: 1 is user presence, 4 is user verified */
	uint32_t counter;
	bool plus_order;      /* Ed25519: S + L in place of S */
	bool strip_zeros;     /* RSA: without leading zeros */
};

/* A plain public key blob. style may be NULL. */
void test_key_blob(const struct test_key *key, const struct test_style *style, struct blob *ret_blob);
/* A signature blob over message. */
void test_signature(const struct test_key *key, const struct test_style *style,
    struct assay_span message, struct blob *ret_blob);

struct test_cert {
	uint64_t serial;
	uint32_t type;
	const char *key_id;
	const char *principals[4]; /* NULL-terminated unless full */
	uint64_t valid_after, valid_before;
	const char *options[4];    /* names, NULL-terminated unless full; each with empty data */
	const char *extensions[4];
	const char *reserved;
	struct test_style ca_style;
};

/* Values for a sound user certificate. */
extern const struct test_cert test_cert_sound;

void test_cert_blob(const struct test_key *key, const struct test_key *ca,
    const struct test_cert *cert, struct blob *ret_blob);

struct test_sig {
	const struct test_key *key;
	const struct blob *key_field; /* NULL: the plain key */
	const char *name_space;
	const char *hash; /* "sha256" or "sha512" computes; another name is written as it is, over SHA-512 */
	const char *reserved;
	uint32_t version;
	struct test_style style;
	struct assay_span message;
};

/* A binary SSHSIG. */
void test_sshsig(const struct test_sig *sig, struct blob *ret_blob);
/* Its armor, lines of width characters, NUL-terminated. Returns the length. */
size_t test_armor(struct assay_span binary, size_t width, char *out, size_t room);
