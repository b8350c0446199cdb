/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --no-worse-than: an earlier report.json, and what got worse since.
 */
#pragma once

#include <base/buf.h>
#include <judge/verdict.h>

/* Reads the file; nothing to do when path is NULL. */
ASSAY_MUST_USE enum assay_status baseline_read(const char *path, struct buf *out,
    struct assay_error *err);
/*
 * *ret_exit becomes 0 when nothing is worse than in the baseline, 1 when a verdict fell to fail or a finding is new, 3 when
 * something that was evaluated then could not be now. Lines for people go to out unless it is NULL.
 */
ASSAY_MUST_USE enum assay_status baseline_compare(struct assay_span json, const char *name,
    const struct verdicts *now, struct buf *out, int *ret_exit, struct assay_error *err);
