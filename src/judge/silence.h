/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: what the files share that tell what a suppression silences.
 */
#pragma once

#include "deviations.h"

#include <evidence/analysis.h>

/* What one tree's suppressions are told by. */
struct silence_work {
	const struct judge_context *c;
	const struct plan *plan;
	const struct suppressions *found;
	const struct analysis *a;
	uint8_t *texts; /* one a trial: whether it was over this tree's text, once that was asked */
	uint64_t steps; /* taken: bytes and reports that were compared */
	struct assay_error *err;
};

bool silence_is_asked(const struct plan *plan, const char *engine, const char *check);
/* By the trial of this one, if there was one that counts; else *ret_silence stays unknown, and says why. */
ASSAY_MUST_USE enum assay_status silence_by_trial(struct silence_work *w, const struct analysis_engine *e, const struct suppression *s,
    struct silence *ret_silence);
