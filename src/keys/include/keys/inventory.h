/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/keys.yaml: every key that signs something, by its SubjectPublicKeyInfo; see assay-keys(5).
 */
#pragma once

#include <codec/pkcs11uri.h>
#include <codec/yaml.h>
#include <keys/capture.h>

#define INVENTORY_VERSION 1
#define INVENTORY_PATH "assay/keys.yaml"
#define INVENTORY_KEYS_MAX 1000
#define INVENTORY_CUSTODIANS_MAX 32

enum inventory_place { INVENTORY_TOKEN, INVENTORY_KMS, INVENTORY_SOFTWARE };

/* A copy that the vendor's own mechanism has wrapped for another token. */
struct inventory_backup {
	bool given;
	const char *how, *where;
	struct yaml_strings by;
};

struct inventory_key {
	const char *id;
	const char *spki_sha256; /* 64 lower-case hex digits */
	struct yaml_strings purposes;
	const char *algorithm;   /* as capture_key.type has it */
	uint32_t bits;
	enum inventory_place place;
	const char *manufacturer, *model, *serial; /* of a token */
	const char *uri;                           /* of a token; may be NULL */
	const char *service;                       /* of a key service */
	const char *path;                          /* of a file */
	struct yaml_strings custodians;
	int64_t created, rotated, expires; /* rotated WHEN_MIN when never; expires is exclusive */
	int64_t revoked;                   /* WHEN_MAX when not */
	const char *attestation;           /* path in the repository; NULL: none */
	struct inventory_backup backup;
	const char *note;
	unsigned line;
};

struct inventory {
	struct inventory_key *keys;
	size_t count;
};

/* "token", "kms", "software". */
const char *inventory_place_name(enum inventory_place place);
/* Errors beyond the format's: an id or a key twice, expires not after created, a URI that names a module or a PIN. */
ASSAY_MUST_USE enum assay_status inventory_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct inventory *ret_inventory, struct assay_error *err);
/* The key with this SPKI SHA-256 in hex, or NULL. */
const struct inventory_key *inventory_find(const struct inventory *i, const char *spki_sha256);

/* ---- an inventory held against what tokens say ---- */

enum inventory_difference {
	INVENTORY_UNLISTED,       /* a private key on a token is in no entry */
	INVENTORY_NO_PUBLIC,      /* a private key whose public half the token doesn't give: it can't be looked up */
	INVENTORY_ABSENT,         /* the entry's token was looked at after a login, and the key isn't there */
	INVENTORY_NOT_SEEN,       /* the entry's token wasn't looked at, or not after a login: nothing is known */
	INVENTORY_ELSEWHERE,      /* the key is on another token than the entry says */
	INVENTORY_OTHER_TYPE,     /* algorithm or size differ */
	INVENTORY_NOT_IN_TOKEN,   /* listed as software or in a key service, and a token has it */
	INVENTORY_EXTRACTABLE,    /* the token says that it can leave */
	INVENTORY_REVOKED,        /* revoked, and still on a token */
	INVENTORY_EXPIRED,
	INVENTORY_DIFFERENCES,
};

struct inventory_finding {
	enum inventory_difference what;
	bool gap; /* else nothing is known */
	const struct inventory_key *key;     /* NULL for INVENTORY_UNLISTED, INVENTORY_NO_PUBLIC */
	const struct capture_token *token;   /* NULL where no token has it */
	const struct capture_key *seen;
};

const char *inventory_difference_name(enum inventory_difference what); /* "unlisted" */
const char *inventory_difference_words(enum inventory_difference what);
const char *inventory_difference_next(enum inventory_difference what);
/* In the order of the entries, then of the capture. today: midnight. */
ASSAY_MUST_USE enum assay_status inventory_compare(const struct inventory *i, const struct capture *c, int64_t today,
    struct arena *arena, struct inventory_finding **ret_findings, size_t *ret_count, struct assay_error *err);
