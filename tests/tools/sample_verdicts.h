/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts written by hand, for the tests of what is made of them.
 */
#pragma once

#include <base/arena.h>
#include <judge/judge.h>

struct sample {
	struct arena *arena;
	struct verdicts verdicts;
	struct judge_input input;
	struct catalog catalog;
};

/*
 * Scenarios: "gaps" (every verdict once, several kinds of findings), "sound" (no gap), "hostile" (names that try to be markup, control
 * characters, formulas, bytes that aren't UTF-8), "empty" (no control), "large" (1,000 findings on each of many controls), "catalogue" (the program's own
 * catalogue, most of it not judged), "code" (findings in code of every state), "much-code" (20,000 of them).
 */
ASSAY_MUST_USE enum assay_status sample_make(const char *scenario, struct sample *ret_sample,
    struct assay_error *err);
void sample_done(struct sample *s);
