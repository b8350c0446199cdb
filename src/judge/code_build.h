/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of code_base_read().
 */
#pragma once

#include <judge/code.h>
#include <sca/finding.h>

/* code_imports.c: an engine of the plan that is run elsewhere, once, with what was given of it. */
ASSAY_MUST_USE enum assay_status code_imports_add(const struct judge_context *c, struct code_base *b, const char *name,
    struct assay_error *err);
/* Whether a rule's checks that are run elsewhere were shown to work: fills planted. */
void code_imports_show(const struct code_base *b, struct sca_demo *d);
/* A verdict that leans on imports is no better than they are. */
void code_imports_lean(const struct judge_context *c, const struct code_base *b, struct control_verdict *v);
/* code_branches.c: counts, in each file that a unit reads, the branches that none reads. */
ASSAY_MUST_USE enum assay_status code_branches_look(struct code_base *b, struct assay_error *err);
/* code_own.c: has the own engine look at snippets and files. */
ASSAY_MUST_USE enum assay_status code_own_look(const struct judge_context *c, struct code_base *b, struct code_engine *e,
    struct assay_error *err);
