/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pieces of JSON that several writers share. Each returns a new reference, or NULL without memory.
 */
#pragma once

#include <codec/canon.h>
#include <judge/judge.h>
#include <report/findings.h>

#define REPORT_SCHEMA "assay-report/1"
#define EXPLAIN_SCHEMA "assay-explain/1"

/* null for NULL; bytes that aren't UTF-8 escaped for the eye. */
json_t *report_json_text(const char *text);
json_t *report_json_strings(const struct yaml_strings *s);
json_t *report_json_grade(struct grade g);
json_t *report_json_control(const struct control_verdict *c);
json_t *report_json_clause(const struct verdicts *v, const struct clause_verdict *c);
/* Findings in code as a run of SARIF. */
json_t *report_json_sarif_run(const struct report_findings *r);
/* Canonical form and a line end; NULL value is ASSAY_E_MEMORY. */
ASSAY_MUST_USE enum assay_status report_json_write(const json_t *value, struct buf *out,
    struct assay_error *err);
/* Viewers show messages: what could colour or turn a line is escaped, unlike in our own JSON. */
json_t *report_json_shown(const char *text);
/* A relative URI reference for a path: every byte but the unreserved ones and inner slashes in percent form (RFC 3986). */
void report_path_uri(struct buf *out, const char *path);
