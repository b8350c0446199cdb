/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts turned into something to read. Every writer appends to a buffer; none looks at anything but its arguments.
 */
#pragma once

#include <base/buf.h>
#include <judge/judge.h>

struct report_style {
	bool colour;
	unsigned width;     /* columns, 0 for 80 */
	bool verbose;       /* every finding, not the first of each kind */
};

/* Gaps first, aligned, one "what to do next" a gap. */
ASSAY_MUST_USE enum assay_status report_terminal(const struct verdicts *v,
    const struct report_style *style, struct buf *out, struct assay_error *err);
/* The object of "assay check --json" (schemas/report.json), canonical JSON and a line end. Also verdicts.json of a pack. */
ASSAY_MUST_USE enum assay_status report_json(const struct verdicts *v, struct buf *out,
    struct assay_error *err);
/* SARIF 2.1.0 with partialFingerprints["assay/v1"]. */
ASSAY_MUST_USE enum assay_status report_sarif(const struct verdicts *v, struct buf *out,
    struct assay_error *err);
/*
 * One offline page. input gives policy, roster and evidence to show; signed_by is the fingerprint of the key that
 * signed the pack beside it, NULL when nobody did.
 */
ASSAY_MUST_USE enum assay_status report_html(const struct verdicts *v, const struct judge_input *input,
    const char *signed_by, struct buf *out, struct assay_error *err);
/*
 * The list of configuration items: every file of HEAD's tree, by path, with mode, id and, where its bytes were read, SHA-256; as an
 * object (schemas/configuration-items.json) and as CSV.
 */
ASSAY_MUST_USE enum assay_status report_items_json(const struct judge_input *input, struct buf *out,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status report_items_csv(const struct judge_input *input, struct buf *out,
    struct assay_error *err);
/* "assay explain ID": a control or clause, and its verdict when v isn't NULL; or a rule of a coding standard. ASSAY_E_NOT_FOUND names the nearest id. */
ASSAY_MUST_USE enum assay_status report_explain(const struct catalog *catalog, const char *id,
    const struct verdicts *v, const struct report_style *style, struct buf *out,
    struct assay_error *err);
/* The same as an object (schemas/explain.json). */
ASSAY_MUST_USE enum assay_status report_explain_json(const struct catalog *catalog, const char *id,
    const struct verdicts *v, struct buf *out, struct assay_error *err);
