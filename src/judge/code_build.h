/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of code_base_read().
 */
#pragma once

#include <judge/code.h>
#include <sca/finding.h>

/* code_own.c: has the own engine look at snippets and files. */
ASSAY_MUST_USE enum assay_status code_own_look(const struct judge_context *c, struct code_base *b, struct code_engine *e,
    struct assay_error *err);
