/* SPDX-License-Identifier: Apache-2.0 */
/* Of sca.complete: branches of #if and the like that no unit compiles, and that no engine therefore has to have looked at. */
#pragma once

#include <judge/code.h>

struct sca_branches {
	uint64_t all;       /* that hold code */
	uint64_t not_built; /* of them, those that the plan says aren't built */
};

/* Of every file that a unit reads: a question each for what neither a unit reads nor the plan names. */
ASSAY_MUST_USE enum assay_status sca_judge_branches(const struct judge_context *c, struct control_verdict *v,
    const struct code_base *b, struct sca_branches *ret_counts, struct assay_error *err);
