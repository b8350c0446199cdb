/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items of evidence that were written by somebody else: do they agree? What a pack says of itself is only believed as far as
 * its own raw bytes say the same.
 */
#pragma once

#include <evidence/evidence.h>

/* What a subject ends with when the rules judged by are nobody else's: the pack can't show that, its maker has to say so. */
#define SUBJECT_UNCOMMITTED ", by a policy that is not committed"

/*
 * ASSAY_E_VERIFY unless subject and each item's subject are what git/head says, with the policy's repository_id (NULL: it has none)
 * before the former and SUBJECT_UNCOMMITTED allowed behind it. Without a history the items' own are held against subject. Call after evidence_parse_all.
 */
ASSAY_MUST_USE enum assay_status evidence_check_subject(const struct evidence_set *set,
    const char *repository_id, const char *subject, struct arena *arena, struct assay_error *err);
/*
 * ASSAY_E_VERIFY when the clone's facts and the history's can't both be true: shallow commits, absent objects, and how many there
 * are.
 */
ASSAY_MUST_USE enum assay_status evidence_check_agreement(const struct evidence_set *set,
    struct assay_error *err);
