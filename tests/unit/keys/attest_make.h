/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains that stand in for a vendor's: made now, with keys that are thrown away.
 */
#pragma once

#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>

#define MAKE_NOW 1700000000
#define MAKE_DAY 86400

struct made_cert {
	const char *subject, *issuer;
	EVP_PKEY *key, *signed_by;
	const char *constraints; /* "critical,CA:TRUE,pathlen:0"; NULL: none */
	const char *usage;       /* NULL: none */
	const char *digest;      /* NULL: SHA256 */
	int64_t from, until;     /* days from MAKE_NOW; 0, 0: around it */
};

/* An extension's value, as hex of what stands in its OCTET STRING. */
struct made_extension {
	const char *oid, *hex;
	bool critical;
};

EVP_PKEY *make_key(int bits); /* RSA; 0: P-256 */
/* extensions end with one whose oid is NULL. Appended to pem, of size room, which holds a text. */
void make_cert(const struct made_cert *c, const struct made_extension *extensions, char *pem, size_t room);
