/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents that policy.yaml names, as HEAD's tree holds them.
 */
#pragma once

#include <codec/sources.h>
#include <docs/document.h>
#include <judge/judge.h>

struct paper {
	const struct policy_document *entry;
	struct docs_document text;
};

/*
 * Reads the document of an entry. *ret_read false: it isn't there (a gap), or couldn't be read (an open question); v has the
 * finding then.
 */
ASSAY_MUST_USE enum assay_status paper_read(const struct judge_context *c, struct control_verdict *v,
    const struct policy_document *entry, struct paper *ret_paper, bool *ret_read, struct assay_error *err);
/* Says that policy.yaml names no document. */
ASSAY_MUST_USE enum assay_status paper_none(const struct judge_context *c, struct control_verdict *v,
    struct assay_error *err);
