/* SPDX-License-Identifier: Apache-2.0 */
/* What the judges of pipelines share. */
#pragma once

#include <base/catch.h>
#include <base/cleanup.h>
#include <ci/model.h>
#include <evidence/tree.h>
#include <judge/judge.h>
#include <string.h>

struct ci_state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct ci_model *m; /* never NULL: without a commit it is empty */
	struct assay_error *err;
};

struct ci_state ci_begin(const struct judge_context *c, struct control_verdict *v, struct assay_error *err);
enum assay_status ci_gap(const struct ci_state *s, const char *id, struct ci_place at, const char *about, const char *fmt, ...)
    ASSAY_PRINTF(5, 6);
/* A finding that is no gap: it keeps the control from passing. */
enum assay_status ci_open(const struct ci_state *s, const char *id, struct ci_place at, const char *about, const char *fmt, ...)
    ASSAY_PRINTF(5, 6);
/* Questions of the readers that concern this control, then the verdict. */
enum assay_status ci_end(const struct ci_state *s, enum ci_control control, const char *reason, const struct judge_advice *advice);
/* A way from its source to its sink, with the place of each hop, and what to paste. */
enum assay_status ci_gap_way(const struct ci_state *s, const char *id, const struct ci_way *way);
/* Each job of every pipeline in turn: the one after j, the first for NULL. */
const struct ci_job *ci_next_job(const struct ci_model *m, const struct ci_job *j);
/* Whether another finding of this code stands at this place: aliases and calls lead to one place more than once. */
bool ci_said(const struct ci_state *s, const char *id, struct ci_place at);
