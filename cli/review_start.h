/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of assay review start.
 */
#pragma once

#include "review.h"

/* range: "A..B", "A.." or "A"; NULL: guessed. *ret_base HISTORY_NONE: nothing to begin at. */
ASSAY_MUST_USE enum assay_status review_find_range(const struct review_job *x, const char *range, uint32_t *ret_base,
    uint32_t *ret_head, struct assay_error *err);
/* Commits of the range whose message names a reviewer: a hint, and never a review. */
bool review_says_reviewed(struct assay_span message);
ASSAY_MUST_USE enum assay_status review_count_hints(const struct review_job *x, uint32_t base, uint32_t head, size_t *ret_hints,
    struct assay_error *err);
/* review_touch.c: owners of the review's files, and deviations of code that are about them. */
ASSAY_MUST_USE enum assay_status review_owners(struct review_job *x, const struct tree *t, struct review *r, struct assay_error *err);
ASSAY_MUST_USE enum assay_status review_deviations(struct review_job *x, const struct tree *t, struct review *r,
    struct assay_error *err);
