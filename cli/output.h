/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output folder: pack, page, SARIF, JSON; each whole or not there.
 */
#pragma once

#include <judge/judge.h>
#include <report/pack.h>
#include <trust/signer.h>

struct output {
	char *path;
	int fd; /* of the folder; -1 when not open */
};

/* chosen: the user named it, so it may be a link; else a link is refused, for the checked tree may have put it there. */
ASSAY_MUST_USE enum assay_status output_open(const char *path, bool chosen,
    struct output *ret_output, struct assay_error *err);
void output_done(struct output *o);
/* DIR/pack.assay; the digest is of its bytes. */
ASSAY_MUST_USE enum assay_status output_pack(const struct output *o,
    const struct pack_content *content, struct signer *signer,
    unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err);
/* DIR/report.html, report.sarif, report.json; signed_by: the fingerprint of the pack's signer, or NULL. */
ASSAY_MUST_USE enum assay_status output_reports(const struct output *o,
    const struct judge_input *input, const struct verdicts *v, const char *signed_by,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status output_file(const struct output *o, const char *name,
    struct assay_span bytes, struct assay_error *err);
