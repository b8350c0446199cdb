/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which commits truly merge: a second parent that the first one descends from brings nothing, and what such a commit holds is its
 * maker's own.
 */
#pragma once

#include "scope.h"

struct merges {
	const struct history *h;
	const struct scope *scope;
	uint32_t *height;   /* of each commit in scope: one more than its highest parent's */
	uint32_t *seen;     /* of each commit: the walk that saw it last */
	uint32_t walks;
	uint64_t steps;     /* of all walks */
};

/* Most commits that all walks together look at; further merges count as none. */
#define MERGES_STEPS_MAX ((uint64_t)1 << 30)

ASSAY_MUST_USE enum assay_status merges_new(const struct judge_context *c, const struct history *h,
    const struct scope *scope, struct merges *ret_merges, struct assay_error *err);
/* Whether the commit has a further parent that its first parent doesn't descend from. Of a commit in scope. */
bool merges_joins(struct merges *m, uint32_t commit);
