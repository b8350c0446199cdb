/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings of code analysis as lists for people and for other programs. What comes from outside is escaped for whoever reads the form.
 */
#pragma once

#include <base/buf.h>
#include <sca/finding.h>

/* What is listed; NULL and 0: all. */
struct report_filter {
	const char *rule;     /* "cert-c/ARR30-C", or its end, "ARR30-C" */
	const char *path;     /* a file, or a folder with '/' at its end */
	const char *engine;   /* one that reports it */
	const char *identity; /* its first digits */
	unsigned states;      /* 1 << enum sca_finding_state */
	enum standard_severity severity; /* from this on */
};

struct report_findings {
	const struct sca_findings *all;
	struct report_filter filter;
	const char *subject;  /* repository and commit */
	bool colour;
};

bool report_filter_takes(const struct report_filter *filter, const struct sca_finding *f);
/* How many are listed. */
size_t report_findings_count(const struct report_findings *r);

typedef enum assay_status report_findings_writer(const struct report_findings *r, struct buf *out, struct assay_error *err);
/* Lines for people. */
report_findings_writer report_findings_text;
/* All of each, with its excerpt. */
report_findings_writer report_findings_show;
/* schemas/findings-list.json */
report_findings_writer report_findings_json;
/* SARIF 2.1.0 with partialFingerprints["assay/v1"]. */
report_findings_writer report_findings_sarif;
/* RFC 4180, a row a finding; a cell that a spreadsheet would compute begins with an apostrophe. */
report_findings_writer report_findings_csv;
/* JUnit's XML: what is new or open is a failure. */
report_findings_writer report_findings_junit;
/* Code Climate's issues, as GitLab takes them: what is new or open. */
report_findings_writer report_findings_codeclimate;
/* Workflow commands that GitHub shows beside the lines: what is new or open. */
report_findings_writer report_findings_github;
