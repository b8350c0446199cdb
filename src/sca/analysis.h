/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The block "analysis" of assay/standard.yaml.
 */
#pragma once

#include <sca/plan.h>

/* where is the struct plan_analysis, with its defaults. */
enum assay_status analysis_decode(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err);
