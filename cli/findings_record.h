/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register of findings, written: what is there stays, what is new comes to it, and entries of the problem list are linked.
 */
#pragma once

#include "cli.h"
#include "rejudge.h"

#include <report/findings.h>
#include <sca/problems.h>
#include <sca/records.h>

struct findings_record {
	struct buf before, problems;
	bool has_problems;
};
#define FINDINGS_RECORD_INIT { .before = BUF_INIT(YAML_SIZE_MAX), .problems = BUF_INIT(PROBLEMS_SIZE_MAX) }

void findings_record_done(struct findings_record *x);
/* Reads what is there, before the sandbox closes. folder: assay/ of the work tree. */
ASSAY_MUST_USE enum assay_status findings_record_open(const struct cli *cli, int folder, struct findings_record *x,
    struct assay_error *err);
/* Adds those of what that the filter takes and nobody has registered. */
ASSAY_MUST_USE enum assay_status findings_record_write(struct findings_record *x, const struct rejudge *r,
    const struct report_findings *what, int folder, const char *name, struct assay_error *err);
