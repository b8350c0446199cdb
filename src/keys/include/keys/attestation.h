/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a token's vendor says of a key: certificates from the key's own upwards to a root of the vendor. YubiKey PIV and YubiHSM 2.
 */
#pragma once

#include <assay/hash.h>
#include <assay/status.h>
#include <stdbool.h>
#include <stdint.h>

#define ATTESTATION_MAX 65536 /* of a chain, in bytes */
#define ATTESTATION_CERTS_MAX 8
#define ATTESTATION_LABEL_SIZE 64

enum attestation_vendor {
	ATTESTATION_YUBIKEY_PIV,
	ATTESTATION_YUBIHSM,
	ATTESTATION_VENDORS,
};

/* In the order in which they are looked for. */
enum attestation_code {
	ATTESTATION_UNREADABLE = 0, /* no certificates, or too many */
	ATTESTATION_NO_VENDOR,      /* the key's certificate is of no vendor that is known here */
	ATTESTATION_WRONG_KEY,      /* it is for another key */
	ATTESTATION_FOREIGN_ROOT,   /* it leads to no root of that vendor */
	ATTESTATION_BAD_CHAIN,      /* issuers don't fit, or the last can't be found */
	ATTESTATION_BAD_SIGNATURE,
	ATTESTATION_WEAK,           /* signed by what isn't relied on */
	ATTESTATION_NOT_CA,         /* an issuer that may not issue, or not so deep */
	ATTESTATION_EXPIRED,        /* or not valid yet */
	ATTESTATION_CRITICAL,       /* a critical extension that isn't known here */
	ATTESTATION_MISSING,        /* an extension of the vendor that must be there */
	ATTESTATION_DOUBLED,        /* one that is there twice */
	ATTESTATION_GARBLED,        /* one that isn't what it should be */
	ATTESTATION_IMPORTED,       /* the key was made elsewhere */
	ATTESTATION_IMPORTED_WRAPPED, /* the key came wrapped from another token of the vendor */
	ATTESTATION_EXPORTABLE,     /* made inside, and may leave it wrapped */
	ATTESTATION_HOLDS,          /* made inside, and can't leave it */
};

/* What the key's certificate says. Of what holds; also of a code from ATTESTATION_IMPORTED on. */
struct attestation {
	enum attestation_code code;
	enum attestation_vendor vendor; /* from ATTESTATION_WRONG_KEY on */
	unsigned char spki_sha256[ASSAY_SHA256_SIZE]; /* of the key that it is about; from ATTESTATION_NO_VENDOR on */
	unsigned char root_sha256[ASSAY_SHA256_SIZE]; /* of the root certificate that it leads to; from ATTESTATION_BAD_SIGNATURE on */
	uint8_t firmware[3];
	uint64_t serial;
	uint8_t pin_policy, touch_policy, form_factor; /* YubiKey: 1 never, 2 once, 3 always; touch 1 never, 2 always, 3 cached */
	uint8_t origin;                                /* YubiHSM: 1 made inside, 2 imported, 16 besides: wrapped */
	uint16_t domains;
	uint64_t capabilities;
	uint64_t object_id;
	char label[ATTESTATION_LABEL_SIZE]; /* UTF-8, and the token's owner's */
};

/* "attested", "foreign-root": stable, for machines. Never NULL. */
const char *attestation_code_name(enum attestation_code code);
/* For people: what is wrong. Never NULL. */
const char *attestation_words(enum attestation_code code);
const char *attestation_vendor_name(enum attestation_vendor vendor);
/* The roots that are built in: PEM. */
struct assay_span attestation_roots(enum attestation_vendor vendor);

struct attestation_question {
	struct assay_span chain; /* PEM: the key's certificate first, each issuer after what it issued; a root at the end is passed over */
	const unsigned char *spki_sha256; /* of the key that it must be about; NULL: whichever it is about */
	struct assay_span roots; /* PEM, of the vendor, besides those that are built in; may be empty */
	int64_t now;             /* seconds since the epoch */
};

/* Sets ret_attestation in any case. ASSAY_E_VERIFY for every code but ATTESTATION_HOLDS, with words. */
ASSAY_MUST_USE enum assay_status attestation_verify(const struct attestation_question *question,
    struct attestation *ret_attestation, struct assay_error *err);
