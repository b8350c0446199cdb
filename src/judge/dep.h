/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <dep/dep.h>
#include <evidence/tree.h>
#include <judge/judge.h>

/* What is common to the controls over dependencies: the model's findings and counts of one area, and what of the tree wasn't there. */
ASSAY_MUST_USE enum assay_status judge_dep_findings(const struct judge_context *c,
    struct control_verdict *v, enum dep_area area, struct assay_error *err);
ASSAY_MUST_USE enum assay_status judge_dep_conclude(const struct judge_context *c,
    struct control_verdict *v, enum dep_area area, const char *reason, struct assay_error *err);
const struct tree *judge_dep_tree(const struct judge_context *c);
/* A finding when parts of the tree are gone: what lies there was not looked at. */
ASSAY_MUST_USE enum assay_status judge_dep_whole(const struct judge_context *c,
    struct control_verdict *v, struct assay_error *err);
extern const struct judge_advice judge_dep_advice[];
