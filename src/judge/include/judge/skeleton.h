/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A first policy document out of what holds: each sentence of it that claims something is marked.
 */
#pragma once

#include <judge/judge.h>

struct skeleton {
	size_t claims; /* sentences, each with its mark */
	size_t open;   /* kinds of claims that nothing shows yet, listed at the end */
};

/* language: "en" or "de", else ASSAY_E_USAGE. Markdown goes to out. */
ASSAY_MUST_USE enum assay_status skeleton_write(const struct judge_input *input, const struct verdicts *v,
    const char *language, struct arena *arena, struct buf *out, struct skeleton *ret_skeleton, struct assay_error *err);
