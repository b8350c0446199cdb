/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The account of a plan of coding standards, to read.
 */
#pragma once

#include <base/buf.h>
#include <judge/verdict.h>
#include <sca/account.h>

#define REPORT_SHIPPED "shipped"

struct report_standard {
	const struct account *account;
	const struct standards *catalogue;
	const char *plan; /* its path, or REPORT_SHIPPED */
	const struct verdicts *judged; /* an analysis by the very plan of the account; NULL: none is on record */
	struct arena *arena;
};

ASSAY_MUST_USE enum assay_status report_standard_text(const struct report_standard *r, struct buf *out, struct assay_error *err);
/* The array of "assay standard --json" (schemas/standard.json). */
ASSAY_MUST_USE enum assay_status report_standard_json(const struct report_standard *r, struct buf *out, struct assay_error *err);
