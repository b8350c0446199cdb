/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The controls' functions, one a file, called through judge_rows alone.
 */
#pragma once

#include <judge/judge.h>

ASSAY_MUST_USE enum assay_status judge_repo_signed(const struct judge_context *c,
    struct control_verdict *v, struct assay_error *err);
ASSAY_MUST_USE enum assay_status judge_repo_honest_time(const struct judge_context *c,
    struct control_verdict *v, struct assay_error *err);
ASSAY_MUST_USE enum assay_status judge_repo_trusted_clone(const struct judge_context *c,
    struct control_verdict *v, struct assay_error *err);
