/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The own engine in the form of the others: rules over code, as reports.
 */
#pragma once

#include <code/rules.h>
#include <sca/demo.h>

#define SCA_OWN "assay"

/* One file. *ret_read false: it couldn't be read as code, or has more reports than are kept; silence about it means nothing. */
ASSAY_MUST_USE enum assay_status sca_own_reports(const struct code_rules *rules, struct assay_span bytes, const char *path,
    struct arena *arena, struct sca_report **ret_reports, size_t *ret_count, bool *ret_read, struct assay_error *err);
/* What it does with all snippets. */
ASSAY_MUST_USE enum assay_status sca_own_shown(const struct code_rules *rules, const struct sca_snippets *snippets,
    struct arena *arena, struct sca_shown_by *ret_shown, struct assay_error *err);
