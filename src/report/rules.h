/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of coding standards in JSON. Each returns a new reference, or NULL without memory.
 */
#pragma once

#include "json.h"

#include <report/report.h>
#include <sca/account.h>

/* The facts of a rule, null where there is none; NULL for a rule of which none is known. */
json_t *report_json_rule(const struct standard_rule *rule);
/* A list of engine and check; empty for NULL. */
json_t *report_json_checks(const struct plan_row *row);

/* "assay explain RULE". *ret_found false, and nothing written, when no standard has it. */
ASSAY_MUST_USE enum assay_status explain_rule(const char *id, const struct report_style *style, struct buf *out, bool *ret_found,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status explain_rule_json(const char *id, struct buf *out, bool *ret_found, struct assay_error *err);
