/* SPDX-License-Identifier: Apache-2.0 */
/* What every judge is given. */
#pragma once

#include <judge/judge.h>

/* input and context live as long as the caller's; whole and defaults are its room. */
ASSAY_MUST_USE enum assay_status judge_begin(const struct judge_input *input, struct arena *arena, struct policy *defaults,
    struct judge_input *whole, struct judge_context *ret_context, struct assay_error *err);
