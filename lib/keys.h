/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files about SSH keys share: the table of kinds, and reading a key's own fields, which are
 * the same in a plain key and in a certificate.
 */
#pragma once

#include <assay/sshkey.h>

#include "crypto.h"

struct key_kind {
	enum assay_key_type type;
	const char *name;
	const char *cert_name;
	const char *curve_name; /* ECDSA alone */
	enum crypto_curve curve;
	enum assay_hash hash; /* ECDSA alone: RSA names it in the signature */
	bool security_key;
};

/* The row of a key type, never NULL for a value of the enum. */
const struct key_kind *key_kind_of(enum assay_key_type type);
/* The row whose plain or certificate name this is; NULL for any other. */
const struct key_kind *key_kind_named(struct assay_span name, bool certificate);
/* Reads a kind's own fields from the front of *from. ret_key->blob stays empty. */
ASSAY_MUST_USE enum assay_status key_fields(const struct key_kind *kind, struct assay_span *from,
    struct assay_pubkey *ret_key, struct assay_error *err);
/* At most this many bytes of foreign text in a message. */
#define SHOW_MAX 64
/* For "%.*s": a span's printable start; "?" when it isn't plain ASCII. */
int show_len(struct assay_span text);
const char *show_text(struct assay_span text);
