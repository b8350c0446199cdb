/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include "common.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <report/report.h>

#define TEXT_MAX (1u << 20)

json_t *
report_json_text(const char *text)
{
	if (text == NULL)
		return json_null();
	struct assay_span s = assay_span_str(text);
	if (text_is_utf8(s))
		return json_stringn((const char *)s.data, s.len);
	CLEANUP(buf_done) struct buf escaped = BUF_INIT(TEXT_MAX);
	text_escape(&escaped, s, true);
	return json_stringn(buf_str(&escaped), escaped.len);
}

json_t *
report_json_shown(const char *text)
{
	CLEANUP(buf_done) struct buf escaped = BUF_INIT(TEXT_MAX);
	text_escape(&escaped, assay_span_str(text == NULL ? "" : text), true);
	return json_stringn(buf_str(&escaped), escaped.len);
}

void
report_path_uri(struct buf *out, const char *path)
{
	/* One that began with a slash would be another kind of reference. */
	if (*path == '/')
		text_percent(out, assay_span_str("/"), "");
	text_percent(out, assay_span_str(*path == '/' ? path + 1 : path), "-._~/");
}

static json_t *
number_or_null(unsigned n)
{
	return n == 0 ? json_null() : json_integer(n);
}

static json_t *
size_json(size_t n)
{
	return json_integer((json_int_t)n);
}

json_t *
report_json_grade(struct grade g)
{
	return json_pack("{s:s, s:s}", "source", grade_source_name(g.source), "depth",
	    grade_depth_name(g.depth));
}

json_t *
report_json_strings(const struct yaml_strings *s)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < s->count; i++) {
		if (json_array_append_new(list, report_json_text(s->items[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
finding_json(const struct finding *f)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b}", "id", report_json_text(f->id),
	    "message", report_json_text(f->message), "object", report_json_text(f->object), "file",
	    report_json_text(f->file), "line", number_or_null(f->line), "column",
	    number_or_null(f->column), "fingerprint", f->fingerprint, "gap", f->gap);
}

static json_t *
evidence_json(const struct evidence *e)
{
	char digest[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ e->digest, sizeof(e->digest) }, digest);
	return json_pack("{s:o, s:o, s:s, s:s, s:o, s:o}", "kind", report_json_text(e->kind),
	    "subject", report_json_text(e->subject), "digest", digest, "completeness",
	    completeness_name(e->completeness), "why", report_json_text(e->why), "grade",
	    report_json_grade(e->grade));
}

static json_t *
counts_json(const struct control_verdict *c)
{
	json_t *counts = json_object();
	for (size_t i = 0; counts != NULL && i < c->count_count; i++) {
		json_int_t value = (json_int_t)c->counts[i].value;
		if (json_object_set_new(counts, c->counts[i].name, json_integer(value)) != 0) {
			json_decref(counts);
			return NULL;
		}
	}
	return counts;
}

static json_t *
findings_json(const struct control_verdict *c)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < c->finding_count; i++) {
		if (json_array_append_new(list, finding_json(&c->findings[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
evidence_list_json(const struct control_verdict *c)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < c->evidence_count; i++) {
		if (json_array_append_new(list, evidence_json(c->evidence[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
digest_json(const struct control_verdict *c)
{
	char hex[2 * FINDINGS_DIGEST + 1];
	text_hex((struct assay_span){ c->findings_digest, FINDINGS_DIGEST }, hex);
	return json_string(hex);
}

json_t *
report_json_control(const struct control_verdict *c)
{
	return json_pack("{s:o, s:o, s:s, s:s, s:o, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
	    report_json_text(c->control->id), "clause", report_json_text(c->control->clause->id),
	    "verdict", verdict_name(c->verdict), "weight", weight_name(c->control->weight), "grade",
	    report_json_grade(c->grade), "judged", c->judged, "unauthorised", c->unauthorised,
	    "reason", report_json_text(c->reason), "next", report_json_text(c->next), "counts",
	    counts_json(c), "findings", findings_json(c), "finding_total",
	    size_json(c->finding_total), "gap_total", size_json(c->gap_total), "findings_digest",
	    digest_json(c), "evidence", evidence_list_json(c));
}

static json_t *
control_ids(const struct verdicts *v, const struct clause *clause)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < v->control_count; i++) {
		const struct control *c = v->controls[i].control;
		if (c->clause != clause)
			continue;
		if (json_array_append_new(list, report_json_text(c->id)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
by_verdict_json(const struct clause_verdict *c)
{
	json_t *counts = json_object();
	for (int i = 0; counts != NULL && i < VERDICT_COUNT; i++) {
		if (json_object_set_new(counts, verdict_name((enum verdict)i),
			size_json(c->by_verdict[i])) != 0) {
			json_decref(counts);
			return NULL;
		}
	}
	return counts;
}

json_t *
report_json_clause(const struct verdicts *v, const struct clause_verdict *c)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
	    report_json_text(c->clause->id), "verdict", verdict_name(c->verdict), "headline",
	    report_json_text(c->headline), "controls", control_ids(v, c->clause), "by_verdict",
	    by_verdict_json(c), "recomputed", size_json(c->recomputed), "attested",
	    size_json(c->attested), "asserted", size_json(c->asserted), "not_judged",
	    size_json(c->not_judged), "not_asked", size_json(c->not_asked));
}

static json_t *
clauses_json(const struct verdicts *v)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < v->clause_count; i++) {
		if (json_array_append_new(list, report_json_clause(v, &v->clauses[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
controls_json(const struct verdicts *v)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < v->control_count; i++) {
		if (json_array_append_new(list, report_json_control(&v->controls[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
required_json(const struct verdicts *v)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < v->required_count; i++) {
		if (json_array_append_new(list, report_json_text(v->required[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

enum assay_status
report_json_write(const json_t *value, struct buf *out, struct assay_error *err)
{
	if (value == NULL)
		return arena_full(err);
	TRY(canon_write(value, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the report", err);
}

enum assay_status
report_json(const struct verdicts *v, struct buf *out, struct assay_error *err)
{
	char date[WHEN_TEXT_SIZE];
	when_format_date(v->date, date);
	CLEANUP(canon_unref) json_t *report = json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "schema",
	    REPORT_SCHEMA, "subject", report_json_text(v->subject), "date", date, "clauses",
	    clauses_json(v), "controls", controls_json(v), "required", required_json(v), "not_asked",
	    size_json(v->not_asked));
	return report_json_write(report, out, err);
}
