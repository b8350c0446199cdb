/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF 2.1.0 (OASIS): rules are controls, results are findings; a control without findings gives one result of its own,
 * so that nothing that was asked is missing from the file. Findings in code are a run of their own, by the rules that they break. No time
 * of day stands in it.
 */
#include "common.h"
#include "json.h"

#include <assay/hash.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <report/report.h>

#define TEXT_MAX (256u << 10)
#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static json_t *
message(const char *text)
{
	return json_pack("{s:o}", "text", report_json_shown(text));
}

static const char *
level_of(enum weight w)
{
	static const char *const levels[] = {
		[WEIGHT_MINOR] = "note",
		[WEIGHT_MODERATE] = "warning",
		[WEIGHT_MAJOR] = "error",
	};
	return levels[w];
}

static const char *
kind_of(const struct control_verdict *c)
{
	static const char *const kinds[VERDICT_COUNT] = {
		[VERDICT_NOT_APPLICABLE] = "notApplicable",
		[VERDICT_PASS] = "pass",
		[VERDICT_DEVIATED] = "review",
		[VERDICT_STALE] = "open",
		[VERDICT_UNKNOWN] = "open",
		[VERDICT_FAIL] = "fail",
	};
	return kinds[c->verdict];
}

static bool
append_tags(json_t *tags, const char *prefix, const struct yaml_strings *s)
{
	for (size_t i = 0; i < s->count; i++) {
		json_t *tag = json_sprintf("%s/%s", prefix, s->items[i]);
		if (json_array_append_new(tags, tag) != 0)
			return false;
	}
	return true;
}

static json_t *
tags_of(const struct control *c)
{
	json_t *tags = json_pack("[o]", json_sprintf("clause/%s", c->clause->id));
	if (tags != NULL && append_tags(tags, "asset", &c->assets) &&
	    append_tags(tags, "threat", &c->threats) && append_tags(tags, "stage", &c->stages))
		return tags;
	json_decref(tags);
	return NULL;
}

static json_t *
rule_json(const struct control *c)
{
	json_t *least = report_json_grade(c->least);
	return json_pack("{s:o, s:o, s:o, s:o, s:{s:s}, s:{s:o, s:o, s:s, s:o}}", "id",
	    report_json_text(c->id), "shortDescription", message(c->title), "fullDescription",
	    message(c->asks), "help", message(c->mend), "defaultConfiguration", "level",
	    level_of(c->weight), "properties", "clause", report_json_text(c->clause->id), "tags",
	    tags_of(c), "weight", weight_name(c->weight), "leastGrade", least);
}

static json_t *
region_json(const struct finding *f)
{
	if (f->column > 0)
		return json_pack("{s:i, s:i}", "startLine", (int)f->line, "startColumn",
		    (int)f->column);
	return json_pack("{s:i}", "startLine", (int)f->line);
}

static json_t *
physical_json(const struct finding *f)
{
	CLEANUP(buf_done) struct buf uri = BUF_INIT(TEXT_MAX);
	report_path_uri(&uri, f->file);
	json_t *physical = json_pack("{s:{s:s%, s:s}}", "artifactLocation", "uri", buf_str(&uri),
	    uri.len, "uriBaseId", "%SRCROOT%");
	if (f->line > 0 && physical != NULL &&
	    json_object_set_new(physical, "region", region_json(f)) != 0) {
		json_decref(physical);
		return NULL;
	}
	return physical;
}

static json_t *
locations_json(const struct finding *f)
{
	json_t *location = json_object();
	bool ok = location != NULL;
	if (ok && f->file != NULL)
		ok = json_object_set_new(location, "physicalLocation", physical_json(f)) == 0;
	if (ok && f->object != NULL) {
		json_t *logical = json_pack("[{s:o, s:s}]", "fullyQualifiedName",
		    report_json_shown(f->object), "kind", "resource");
		ok = json_object_set_new(location, "logicalLocations", logical) == 0;
	}
	if (ok)
		return json_pack("[o]", location);
	json_decref(location);
	return NULL;
}

static json_t *
properties_json(const struct control_verdict *c, const char *code)
{
	return json_pack("{s:s, s:b, s:o, s:o}", "verdict", verdict_name(c->verdict), "judged",
	    c->judged, "grade", report_json_grade(c->grade), "code", report_json_text(code));
}

static json_t *
finding_result(const struct control_verdict *c, int rule, const struct finding *f)
{
	bool gap = f->gap && c->verdict == VERDICT_FAIL;
	const char *kind = f->gap ? kind_of(c) : "open";
	json_t *result = json_pack("{s:o, s:i, s:s, s:s, s:o, s:{s:s}, s:o}", "ruleId",
	    report_json_text(c->control->id), "ruleIndex", rule, "kind", kind,
	    "level", gap ? level_of(c->control->weight) : "none", "message", message(f->message),
	    "partialFingerprints", "assay/v1", f->fingerprint, "properties",
	    properties_json(c, f->id));
	if (result == NULL || (f->file == NULL && f->object == NULL))
		return result;
	if (json_object_set_new(result, "locations", locations_json(f)) != 0) {
		json_decref(result);
		return NULL;
	}
	return result;
}

static json_t *
control_result(const struct control_verdict *c, int rule)
{
	CLEANUP(buf_done) struct buf identity = BUF_INIT(4096);
	unsigned char digest[ASSAY_SHA256_SIZE];
	char fingerprint[2 * ASSAY_SHA256_SIZE + 1];
	buf_addf(&identity, "assay control %s", c->control->id);
	if (assay_sha256(buf_span(&identity), digest) != ASSAY_OK)
		return NULL;
	text_hex((struct assay_span){ digest, sizeof(digest) }, fingerprint);
	bool gap = c->verdict == VERDICT_FAIL;
	const char *reason = c->reason == NULL ? verdict_name(c->verdict) : c->reason;
	return json_pack("{s:o, s:i, s:s, s:s, s:o, s:{s:s}, s:o}", "ruleId",
	    report_json_text(c->control->id), "ruleIndex", rule, "kind",
	    kind_of(c), "level", gap ? level_of(c->control->weight) : "none", "message",
	    message(reason), "partialFingerprints", "assay/v1", fingerprint, "properties",
	    properties_json(c, c->judged ? verdict_name(c->verdict) : "not-judged"));
}

static bool
append_results(json_t *results, const struct control_verdict *c, int rule)
{
	if (c->finding_count == 0)
		return json_array_append_new(results, control_result(c, rule)) == 0;
	for (size_t i = 0; i < c->finding_count; i++) {
		if (json_array_append_new(results, finding_result(c, rule, &c->findings[i])) != 0)
			return false;
	}
	return true;
}

static json_t *
results_json(const struct verdicts *v)
{
	json_t *results = json_array();
	for (size_t i = 0; results != NULL && i < v->control_count; i++) {
		if (!append_results(results, &v->controls[i], (int)i)) {
			json_decref(results);
			return NULL;
		}
	}
	return results;
}

static json_t *
rules_json(const struct verdicts *v)
{
	json_t *rules = json_array();
	for (size_t i = 0; rules != NULL && i < v->control_count; i++) {
		if (json_array_append_new(rules, rule_json(v->controls[i].control)) != 0) {
			json_decref(rules);
			return NULL;
		}
	}
	return rules;
}

enum assay_status
report_sarif(const struct verdicts *v, struct buf *out, struct assay_error *err)
{
	char date[WHEN_TEXT_SIZE];
	when_format_date(v->date, date);
	json_t *driver = json_pack("{s:s, s:s, s:o}", "name", "assay", "version", ASSAY_VERSION,
	    "rules", rules_json(v));
	json_t *run = json_pack("{s:{s:o}, s:{s:s}, s:o, s:{s:o, s:s}}", "tool", "driver", driver,
	    "automationDetails", "id", "assay/", "results", results_json(v), "properties",
	    "subject", report_json_shown(v->subject), "date", date);
	const struct report_findings in_code = { .all = v->findings, .subject = v->subject };
	CLEANUP(canon_unref) json_t *log = v->findings == NULL
	    ? json_pack("{s:s, s:s, s:[o]}", "$schema", SARIF_SCHEMA, "version", "2.1.0", "runs", run)
	    : json_pack("{s:s, s:s, s:[o, o]}", "$schema", SARIF_SCHEMA, "version", "2.1.0", "runs", run,
		  report_json_sarif_run(&in_code));
	return report_json_write(log, out, err);
}
