/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a kind of signer is: one row of the table in signer.c, one file each.
 */
#pragma once

#include <trust/signer.h>

struct signer_kind {
	const char *prefix; /* "agent" takes "agent" and "agent:..."; "" takes whatever is left */
	/* Gives the kind's own state and the raw public key. */
	enum assay_status (*open)(const struct signer_request *request, void **ret_state,
	    unsigned char ret_public[32], struct assay_error *err);
	/* A raw Ed25519 signature, that nobody has verified yet. */
	enum assay_status (*sign)(void *state, struct assay_span message,
	    unsigned char ret_signature[64], struct assay_error *err);
	void (*close)(void **state);
};

extern const struct signer_kind signer_agent;
extern const struct signer_kind signer_file;
