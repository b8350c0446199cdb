/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings in code on the page: the list for everybody, and the data that the script makes the same list of.
 */
#pragma once

#include "html_page.h"

#include <sca/finding.h>

/* Listed as they are, for who reads without a script or on paper. */
#define PAGE_CODE_LISTED_MAX 1000
/* In the page's data; what is more stands in findings.json alone. */
#define PAGE_CODE_DATA_MAX 50000
#define PAGE_CODE_BYTES_MAX (32u << 20)
#define PAGE_CODE_FACTS_MAX 12
/* Reports that one finding shows. */
#define PAGE_CODE_REPORTS_MAX 20

struct code_fact {
	const char *term, *text;
};

struct code_row {
	const struct sca_finding *f;
	const char *look;     /* class of its row, and name of its mark behind "v-" */
	const char *state;    /* in words */
	const char *agree;    /* "2 engines"; "" when nobody reports it */
	const char *place;    /* "src/a.c:12:3" */
	const char *excerpt;  /* lines with '\n' between, escaped; "" without one */
	unsigned first_line;  /* of the excerpt */
	struct code_fact facts[PAGE_CODE_FACTS_MAX];
	size_t fact_count;
	size_t report_count;  /* shown */
};

/* asked: the plan asks to have it settled. */
ASSAY_MUST_USE enum assay_status code_row_of(const struct sca_finding *f, bool asked, struct arena *arena, struct code_row *ret_row,
    struct assay_error *err);
typedef bool page_asked(const struct page *p, const struct sca_finding *f);
/* The first count of rows as data in the page; there are total of them. */
ASSAY_MUST_USE enum assay_status page_findings_data(struct page *p, const struct sca_finding *const *rows, size_t count,
    page_asked *asked, size_t total, struct assay_error *err);
