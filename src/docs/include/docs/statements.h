/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a document states of itself, in lines like "Version: 1.2" or in rows of a table: version, day of approval, next review.
 */
#pragma once

#include <docs/document.h>

enum docs_stated { DOCS_STATED_VERSION, DOCS_STATED_APPROVED, DOCS_STATED_REVIEW };
#define DOCS_STATEMENTS_MAX 64

struct docs_statement {
	enum docs_stated what;
	const char *text; /* the version, or the day as written */
	int64_t day;      /* midnight UTC; 0 for a version */
	unsigned line, column;
};

/* Returns how many; further ones are left out. */
ASSAY_MUST_USE enum assay_status docs_statements(const struct docs_document *d, struct arena *arena,
    struct docs_statement ret_statements[DOCS_STATEMENTS_MAX], size_t *ret_count, struct assay_error *err);
/*
 * A day at the beginning of text, and how many bytes it takes (0: none): "2026-03-02", "02.03.2026", "2 March 2026", "2. März 2026",
 * "March 2, 2026".
 */
size_t docs_day(const char *text, int64_t *ret_day);
