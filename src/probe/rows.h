/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of the table of probes, and what they share.
 */
#pragma once

#include <probe/probe.h>

enum assay_status history_fetch(const struct probe_context *c, struct evidence *ret_evidence,
    struct assay_error *err);
enum assay_status clone_fetch(const struct probe_context *c, struct evidence *ret_evidence,
    struct assay_error *err);
enum assay_status analysis_fetch(const struct probe_context *c, struct evidence *ret_evidence,
    struct assay_error *err);
enum assay_status tree_fetch(const struct probe_context *c, struct evidence *ret_evidence,
    struct assay_error *err);

/* "refs/heads/main ID", "refs/heads/main" without a commit, "detached ID"; and a line feed. */
void probe_head_text(const struct repository *r, struct buf *out);
enum assay_status states_fetch(const struct probe_context *c, struct evidence *ret_evidence,
    struct assay_error *err);
enum assay_status leaks_fetch(const struct probe_context *c, struct evidence *ret_evidence,
    struct assay_error *err);
enum assay_status reviewed_fetch(const struct probe_context *c, struct evidence *ret_evidence,
    struct assay_error *err);

/* Joins a reason to those before: "A; B". */
void probe_reason(struct buf *why, const char *fmt, ...) ASSAY_PRINTF(2, 3);
/* COMPLETE when there is no reason, else PARTIAL with it. */
enum assay_status probe_completeness(const struct probe_context *c, const struct buf *why,
    struct evidence *e, struct assay_error *err);
/* True when configuration says that objects may be fetched on demand. */
bool probe_is_partial_clone(const struct repository *r);
