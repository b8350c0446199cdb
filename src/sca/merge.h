/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside merging.
 */
#pragma once

#include <sca/finding.h>

/* Whether two messages name the same thing: a word in quotes, or the last one behind a colon. */
bool sca_same_subject(const char *a, const char *b);
/* Engines of one family are no two opinions. */
const char *sca_engine_family(const struct sca_seen *s);
/* The identity of a finding that stands in several files alike, in this one of them. */
ASSAY_MUST_USE enum assay_status sca_identity_in(const char *identity, const char *path, char ret_identity[SCA_IDENTITY_SIZE],
    struct assay_error *err);
