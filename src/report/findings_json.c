/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings as JSON: our own, SARIF, and Code Climate's.
 */
#include "common.h"
#include "json.h"

#include <base/cleanup.h>
#include <codec/canon.h>
#include <report/findings.h>
#include <string.h>

#define URI_MAX (64u << 10)
#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static json_t *
number(unsigned n)
{
	return n == 0 ? json_null() : json_integer(n);
}

/* An array of what one() makes of each that is listed; NULL when memory ran out. */
static json_t *
list(const struct report_findings *r, json_t *(*one)(const struct sca_finding *f))
{
	json_t *items = json_array();
	for (size_t i = 0; items != NULL && i < r->all->count; i++) {
		if (!report_filter_takes(&r->filter, &r->all->items[i]))
			continue;
		if (json_array_append_new(items, one(&r->all->items[i])) != 0) {
			json_decref(items);
			return NULL;
		}
	}
	return items;
}

/* ---- our own ---- */

static json_t *
reports_json(const struct sca_finding *f)
{
	json_t *reports = json_array();
	for (size_t i = 0; reports != NULL && i < f->report_count; i++) {
		const struct sca_seen *s = f->reports[i];
		json_t *one = json_pack("{s:o, s:o, s:o, s:o, s:o}", "engine", report_json_text(s->engine), "check", report_json_text(s->check),
		    "message", report_json_text(s->message), "line", number(s->line), "column", number(s->column));
		if (json_array_append_new(reports, one) != 0) {
			json_decref(reports);
			return NULL;
		}
	}
	return reports;
}

static json_t *
own(const struct sca_finding *f)
{
	json_t *root = json_pack("{s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:b, s:b, s:o, s:o}", "id", f->identity, "rule",
	    report_json_text(f->rule), "severity", standard_severity_name(f->severity), "state", sca_finding_state_name(f->state), "path",
	    report_json_text(f->path), "line", number(f->line), "column", number(f->column), "symbol", report_json_text(f->symbol), "message",
	    report_json_text(f->message), "excerpt", report_json_text(f->excerpt), "engines", (int)f->engines, "reports", reports_json(f),
	    "registered", f->registered, "reopened", f->reopened, "because", report_json_text(f->why), "doubt",
	    f->state == SCA_NOT_OBSERVED ? json_string(sca_doubt_name(f->doubt)) : json_null());
	json_t *person = json_pack("{s:o, s:o, s:o, s:o, s:o}", "problem", report_json_text(f->problem), "reach", report_json_text(f->reach),
	    "safety-effect", report_json_text(f->safety), "exploitability", report_json_text(f->exploitability), "first-seen",
	    report_json_text(f->first_seen));
	if (root != NULL && person != NULL && json_object_update_missing_new(root, person) == 0)
		return root;
	json_decref(root);
	return NULL;
}

enum assay_status
report_findings_json(const struct report_findings *r, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:o, s:i, s:o}", "schema", "assay-findings/1", "subject",
	    report_json_text(r->subject), "total", (int)r->all->count, "findings", list(r, own));
	return report_json_write(root, out, err);
}

/* ---- SARIF ---- */

static json_t *
location(const struct sca_finding *f)
{
	CLEANUP(buf_done) struct buf uri = BUF_INIT(URI_MAX);
	report_path_uri(&uri, f->path);
	json_t *physical = json_pack("{s:{s:s%, s:s}}", "artifactLocation", "uri", buf_str(&uri), uri.len, "uriBaseId", "%SRCROOT%");
	if (physical != NULL && f->line > 0) {
		json_t *region = json_pack("{s:i}", "startLine", (int)f->line);
		if (region != NULL && f->column > 0)
			(void)json_object_set_new(region, "startColumn", json_integer(f->column));
		if (json_object_set_new(physical, "region", region) != 0) {
			json_decref(physical);
			return NULL;
		}
	}
	json_t *whole = json_pack("{s:o}", "physicalLocation", physical);
	if (whole == NULL || f->symbol[0] == '\0')
		return whole;
	if (json_object_set_new(whole, "logicalLocations", json_pack("[{s:o}]", "fullyQualifiedName", report_json_shown(f->symbol))) == 0)
		return whole;
	json_decref(whole);
	return NULL;
}

/* A person decided: SARIF calls that a suppression, and asks why. */
static json_t *
suppressions(const struct sca_finding *f)
{
	if (f->state != SCA_DEVIATED && f->state != SCA_FALSE_POSITIVE)
		return json_array();
	return json_pack("[{s:s, s:s, s:o}]", "kind", "external", "status", "accepted", "justification",
	    report_json_shown(f->why == NULL ? "" : f->why));
}

static json_t *
result(const struct sca_finding *f)
{
	static const char *const levels[] = { [SEVERITY_NOT_GIVEN] = "warning", [SEVERITY_LOW] = "note", [SEVERITY_MEDIUM] = "warning",
		[SEVERITY_HIGH] = "error" };
	static const char *const baseline[SCA_FINDING_STATES] = { [SCA_NEW] = "new", [SCA_OPEN] = "unchanged", [SCA_DEVIATED] = "unchanged",
		[SCA_FALSE_POSITIVE] = "unchanged", [SCA_FIXED] = "absent", [SCA_NOT_OBSERVED] = "absent" };
	return json_pack("{s:o, s:s, s:{s:o}, s:[o], s:{s:s}, s:s, s:o, s:{s:s, s:i, s:b, s:o}}", "ruleId", report_json_text(f->rule), "level",
	    levels[f->severity], "message", "text", report_json_shown(f->message), "locations", location(f), "partialFingerprints",
	    SCA_FINGERPRINT, f->identity, "baselineState", baseline[f->state], "suppressions", suppressions(f), "properties", "state",
	    sca_finding_state_name(f->state), "engines", (int)f->engines, "reopened", f->reopened, "problem", report_json_text(f->problem));
}

/* Each rule once, in the order of the findings. */
static json_t *
rules(const struct report_findings *r)
{
	json_t *known = json_object(), *items = json_array();
	for (size_t i = 0; known != NULL && items != NULL && i < r->all->count; i++) {
		const struct sca_finding *f = &r->all->items[i];
		if (!report_filter_takes(&r->filter, f) || json_object_get(known, f->rule) != NULL)
			continue;
		if (json_object_set_new(known, f->rule, json_true()) != 0
		    || json_array_append_new(items, json_pack("{s:o}", "id", report_json_text(f->rule))) != 0) {
			json_decref(items);
			items = NULL;
		}
	}
	json_decref(known);
	return items;
}

json_t *
report_json_sarif_run(const struct report_findings *r)
{
	return json_pack("{s:{s:{s:s, s:s, s:o}}, s:{s:s}, s:s, s:o}", "tool", "driver", "name", "assay", "version", ASSAY_VERSION, "rules",
	    rules(r), "automationDetails", "id", "assay/code/", "columnKind", "unicodeCodePoints", "results", list(r, result));
}

enum assay_status
report_findings_sarif(const struct report_findings *r, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:s, s:[o]}", "$schema", SARIF_SCHEMA, "version", "2.1.0", "runs",
	    report_json_sarif_run(r));
	return report_json_write(root, out, err);
}

/* ---- Code Climate ---- */

static json_t *
issue(const struct sca_finding *f)
{
	static const char *const severities[] = { [SEVERITY_NOT_GIVEN] = "major", [SEVERITY_LOW] = "minor", [SEVERITY_MEDIUM] = "major",
		[SEVERITY_HIGH] = "critical" };
	return json_pack("{s:s, s:o, s:o, s:[s], s:s, s:s, s:{s:o, s:{s:i}}}", "type", "issue", "check_name", report_json_text(f->rule),
	    "description", report_json_shown(f->message), "categories", "Security", "severity", severities[f->severity], "fingerprint",
	    f->identity, "location", "path", report_json_text(f->path), "lines", "begin", f->line > 0 ? (int)f->line : 1);
}

enum assay_status
report_findings_codeclimate(const struct report_findings *r, struct buf *out, struct assay_error *err)
{
	struct report_findings open = *r;
	const unsigned states = (1u << SCA_NEW) | (1u << SCA_OPEN);
	open.filter.states = r->filter.states == 0 ? states : r->filter.states & states;
	/* None of those that were asked for is open: a filter that takes nothing. */
	const struct sca_findings none = { NULL, 0 };
	if (open.filter.states == 0)
		open.all = &none;
	CLEANUP(canon_unref) json_t *root = list(&open, issue);
	return report_json_write(root, out, err);
}
