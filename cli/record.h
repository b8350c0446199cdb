/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each check leaves an entry in the ledger; where it stands there is written beside the pack, never in it.
 */
#pragma once

#include "output.h"
#include "workspace.h"

ASSAY_MUST_USE enum assay_status record_check(const struct workspace *w,
    const struct judge_input *input, const struct verdicts *v,
    const unsigned char pack_digest[ASSAY_SHA256_SIZE], const struct output *o,
    struct assay_error *err);
