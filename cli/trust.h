/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay trust: what its actions share.
 */
#pragma once

#include "workspace.h"

#include <trust/changes.h>
#include <trust/folder.h>

struct trust_job {
	struct cli *cli;
	const char *action;
	struct workspace w;
	struct trust_folder folder;
	struct signer *signer;  /* NULL without --sign */
	int64_t today, expires; /* expires: of new versions */
	unsigned completed;     /* a bit for each document that is in force now and wasn't before */
	unsigned own;           /* a bit for each draft that this run signed */
	struct cli_list said;   /* sentences for people about what was done; raw text */
};

/* A sentence in said; the arena keeps it. */
ASSAY_MUST_USE enum assay_status trust_say(struct trust_job *job, struct assay_error *err, const char *fmt,
    ...) ASSAY_PRINTF(3, 4);
/* trust_sign.c: what is to be signed, by whom, and with --sign the signature. */
ASSAY_MUST_USE enum assay_status trust_action_sign(struct trust_job *job, struct assay_error *err);
/* trust_report.c: drafts, roles and state, for people or as JSON. */
ASSAY_MUST_USE enum assay_status trust_report(struct trust_job *job, bool with_roles, struct buf *out,
    struct assay_error *err);
/* The document's expiry lies in the past. */
bool trust_is_expired(const struct trust_job *job, const struct authority *a);
