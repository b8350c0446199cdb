/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the actions of assay key share.
 */
#pragma once

#include "workspace.h"

#include <jansson.h>
#include <keys/attestation.h>
#include <keys/inventory.h>

struct key_job {
	struct cli *cli;
	struct workspace w; /* of compare alone */
	struct arena *arena;
	struct buf bytes;   /* the capture, as it is kept */
	struct capture capture;
	struct buf out;
	int exit;
};

/* Looks at the tokens, or takes --capture. */
ASSAY_MUST_USE enum assay_status key_look(struct key_job *job, struct assay_error *err);
/* A chain from a file, for the key with this SPKI SHA-256 in hex. */
ASSAY_MUST_USE enum assay_status key_attested(struct key_job *job, struct assay_span chain, const char *spki_sha256,
    struct attestation *ret_attestation, struct assay_error *err);
json_t *key_attestation_json(const struct attestation *a);
void key_attestation_text(const struct attestation *a, struct buf *out);
ASSAY_MUST_USE enum assay_status key_compare(struct key_job *job, struct assay_error *err);
