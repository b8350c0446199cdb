/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DSSE v1.0 envelopes (secure-systems-lab/dsse), signatures by Ed25519 keys.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <base/buf.h>

#define DSSE_SIGNATURES_MAX 64

struct dsse_signature {
	const char *keyid; /* decides nothing; shown */
	struct assay_span signature;
};

struct dsse {
	const char *payload_type;
	struct assay_span payload;
	struct dsse_signature *signatures;
	size_t count;
};

/* Appends PAE(type, payload): what is signed. */
void dsse_pae(struct buf *out, const char *payload_type, struct assay_span payload);
/* Appends the envelope as canonical JSON. */
ASSAY_MUST_USE enum assay_status dsse_write(struct buf *out, const struct dsse *envelope,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status dsse_read(struct assay_span json, struct arena *arena,
    struct dsse *ret_envelope, struct assay_error *err);
