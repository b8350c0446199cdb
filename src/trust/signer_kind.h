/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a kind of signer is: one row of the table in signer.c, one file each.
 */
#pragma once

#include <trust/signer.h>

/* The longest key and signature of the kinds that sign here are those of ECDSA on P-384. */
#define SIGNER_BLOB_MAX 256

struct signer_kind {
	const char *prefix; /* "agent" takes "agent" and "agent:..."; "" takes whatever is left */
	const char *place;  /* see signer_place() */
	/* Gives the kind's own state and the public key in SSH wire form. */
	enum assay_status (*open)(const struct signer_request *request, void **ret_state,
	    struct buf *ret_blob, struct assay_error *err);
	/* An SSH signature blob, that nobody has verified yet. */
	enum assay_status (*sign)(void *state, struct assay_span message, struct buf *ret_blob,
	    struct assay_error *err);
	void (*close)(void **state);
};

extern const struct signer_kind signer_agent;
extern const struct signer_kind signer_file;
extern const struct signer_kind signer_pkcs11;

/* RFC 5656 section 3.1.2: two numbers, big-endian with any zero bytes in front, as an SSH signature has them. */
void signer_add_pair(struct buf *out, struct assay_span r, struct assay_span s);
