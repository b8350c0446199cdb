/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of what is done once all of GitHub's files are read. */
#pragma once

#include "expr.h"
#include "github_work.h"

/* The pipeline that "./path" of a job or a step names, or NULL. */
struct gh_index {
	const struct ci_pipeline **items; /* sorted by file */
	size_t count;
};
const struct ci_pipeline *gh_find_workflow(const struct gh_index *index, const char *path);
const struct ci_pipeline *gh_find_action(const struct gh_index *index, const char *path);
/* Parses a condition. NULL when it can't be read, or is true whatever it says. */
enum assay_status gh_condition_expr(const char *text, struct arena *arena, struct expr **ret_expr);

/* Whether a condition keeps what an outsider sets off by t from running, as far as that can be known. */
enum assay_status gh_never(const char *condition, const struct ci_trigger *t, struct arena *arena, bool *ret_never);

/* Who can have each job run. */
enum assay_status gh_reach(struct ci_work *w, struct arena *scratch);
/* Ways of outsiders' texts and code. */
enum assay_status gh_flow(struct ci_work *w, struct arena *scratch);
/* Caches that outsiders' jobs write and releases read. */
enum assay_status gh_caches(struct ci_work *w);
