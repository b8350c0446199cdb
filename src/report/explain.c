/* SPDX-License-Identifier: Apache-2.0 */
#include "common.h"
#include "json.h"
#include "lines.h"
#include "rules.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <report/report.h>

#define INDENT 4

static enum assay_status
not_found(const struct catalog *catalog, const char *id, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	size_t n = catalog->clause_count + catalog->control_count;
	if (arena_new(REPORT_ARENA_MAX, &arena) != ASSAY_OK)
		return arena_full(err);
	const char **ids = arena_array(arena, n + 1, sizeof(char *));
	if (ids == NULL)
		return arena_full(err);
	for (size_t i = 0; i < catalog->clause_count; i++)
		ids[i] = catalog->clauses[i].id;
	for (size_t i = 0; i < catalog->control_count; i++)
		ids[catalog->clause_count + i] = catalog->controls[i].id;
	assay_fail(err, ASSAY_E_NOT_FOUND, "no clause, control or rule is called '%s'", id);
	const char *near = text_nearest(id, ids, n);
	if (near != NULL)
		assay_error_todo(err, ASSAY_E_NOT_FOUND, "did you mean '%s'?", near);
	else
		assay_error_todo(err, ASSAY_E_NOT_FOUND,
		    "name a clause (such as '%s') or a control (such as '%s')",
		    catalog->clause_count > 0 ? ids[0] : "5.1.2",
		    catalog->control_count > 0 ? ids[n - 1] : "repo.signed");
	return ASSAY_E_NOT_FOUND;
}

static const struct control_verdict *
control_verdict_of(const struct verdicts *v, const struct control *c)
{
	for (size_t i = 0; v != NULL && i < v->control_count; i++) {
		if (strcmp(v->controls[i].control->id, c->id) == 0)
			return &v->controls[i];
	}
	return NULL;
}

static const struct clause_verdict *
clause_verdict_of(const struct verdicts *v, const struct clause *c)
{
	for (size_t i = 0; v != NULL && i < v->clause_count; i++) {
		if (strcmp(v->clauses[i].clause->id, c->id) == 0)
			return &v->clauses[i];
	}
	return NULL;
}

/* A heading and its text below; nothing when there is no text. */
static void
section(struct lines *l, const char *heading, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	lines_bold(l, heading);
	buf_add_byte(l->out, '\n');
	lines_spaces(l, INDENT);
	lines_add(l, text);
	lines_wrap(l, INDENT, INDENT);
	buf_add_byte(l->out, '\n');
}

static void
bullets(struct lines *l, const char *heading, const struct yaml_strings *s)
{
	if (s->count == 0)
		return;
	lines_bold(l, heading);
	buf_add_byte(l->out, '\n');
	for (size_t i = 0; i < s->count; i++)
		lines_labelled(l, INDENT, "-", s->items[i]);
	buf_add_byte(l->out, '\n');
}

static void
joined(struct lines *l, size_t indent, const char *label, size_t label_columns,
    const struct yaml_strings *s)
{
	if (s->count == 0)
		return;
	lines_spaces(l, indent);
	buf_add_str(l->out, label);
	lines_spaces(l, label_columns - strlen(label));
	for (size_t i = 0; i < s->count; i++) {
		lines_add(l, i == 0 ? "" : ", ");
		lines_add(l, s->items[i]);
	}
	lines_wrap(l, indent + label_columns, indent + label_columns);
}

static void
crosswalk(struct lines *l, const struct crosswalk *c)
{
	size_t named = 0;
	for (size_t i = 0; i < REPORT_CROSSWALK_ROWS; i++)
		named += report_crosswalk(c, i)->count;
	if (named == 0)
		return;
	lines_bold(l, "Elsewhere");
	buf_add_byte(l->out, '\n');
	for (size_t i = 0; i < REPORT_CROSSWALK_ROWS; i++)
		joined(l, INDENT, report_crosswalk_rows[i].label, 16, report_crosswalk(c, i));
	buf_add_byte(l->out, '\n');
}

static void
head(struct lines *l, const char *id, const char *title)
{
	lines_bold(l, id);
	buf_add_str(l->out, "  ");
	lines_add(l, title);
	size_t at = lines_columns(id) + 2;
	lines_wrap(l, at, at);
	buf_add_byte(l->out, '\n');
}

static void
demands(struct lines *l, const struct control *c)
{
	lines_bold(l, "Counts as");
	buf_add_byte(l->out, '\n');
	lines_spaces(l, INDENT);
	lines_addf(l, "a %s gap when it fails; passes on evidence that is at least %s and %s; %s",
	    weight_name(c->weight), report_source_words(c->least.source),
	    grade_depth_name(c->least.depth),
	    c->may_be_not_applicable ? "may be declared not applicable, signed and with an expiry" :
				       "can't be declared not applicable");
	lines_wrap(l, INDENT, INDENT);
	joined(l, INDENT, "Assets", 16, &c->assets);
	joined(l, INDENT, "Threats", 16, &c->threats);
	joined(l, INDENT, "Stages", 16, &c->stages);
	buf_add_byte(l->out, '\n');
}

static void
evidence_here(struct lines *l, const struct control_verdict *c)
{
	for (size_t i = 0; i < c->evidence_count; i++) {
		char digest[2 * ASSAY_SHA256_SIZE + 1];
		const struct evidence *e = c->evidence[i];
		text_hex((struct assay_span){ e->digest, sizeof(e->digest) }, digest);
		lines_spaces(l, INDENT);
		lines_addf(l, "evidence: ");
		lines_add(l, e->kind);
		lines_add(l, ", ");
		lines_add(l, e->subject);
		lines_addf(l, ", %s, sha256 %s", completeness_name(e->completeness), digest);
		if (e->why != NULL) {
			lines_add(l, ", ");
			lines_add(l, e->why);
		}
		lines_wrap(l, INDENT, INDENT + 10);
	}
}

static void
stands(struct lines *l, const struct control_verdict *c)
{
	if (c == NULL)
		return;
	lines_bold(l, "Here");
	buf_add_byte(l->out, '\n');
	lines_spaces(l, INDENT);
	lines_verdict(l, c->verdict, c->judged, 0);
	buf_add_str(l->out, ": ");
	lines_add(l, c->reason == NULL ? "" : c->reason);
	lines_wrap(l, INDENT + lines_columns(verdict_name(c->verdict)) + 2, INDENT);
	if (c->finding_total > 0) {
		lines_spaces(l, INDENT);
		lines_addf(l, "%zu finding%s", c->finding_total, c->finding_total == 1 ? "" : "s");
		lines_wrap(l, INDENT, INDENT);
	}
	evidence_here(l, c);
	if (c->next != NULL)
		lines_labelled(l, INDENT, "next:", c->next);
	buf_add_byte(l->out, '\n');
}

/* The control's row of the threat model. */
static void
who_is_stopped(struct lines *l, const struct control *c)
{
	if (c->defence_count == 0)
		return;
	lines_bold(l, "Who could deceive it");
	buf_add_byte(l->out, '\n');
	for (size_t i = 0; i < c->defence_count; i++) {
		lines_spaces(l, INDENT);
		lines_addf(l, "%s: %s: ", c->defences[i].who, c->defences[i].how_far);
		lines_add(l, c->defences[i].how);
		lines_wrap(l, INDENT, INDENT + 2);
	}
	buf_add_byte(l->out, '\n');
}

static void
explain_control(struct lines *l, const struct control *c, const struct verdicts *v)
{
	head(l, c->id, c->title);
	stands(l, control_verdict_of(v, c));
	section(l, "Asks", c->asks);
	section(l, "Why", c->why);
	section(l, "What audits find", c->audit_gap);
	section(l, "Evidence", c->evidence);
	section(l, "How it is judged", c->judged);
	section(l, "How to mend it", c->mend);
	who_is_stopped(l, c);
	demands(l, c);
	crosswalk(l, &c->crosswalk);
	lines_add(l, "clause ");
	lines_add(l, c->clause->id);
	lines_add(l, ": ");
	lines_add(l, c->clause->title);
	lines_wrap(l, 0, 0);
}

static void
clause_controls(struct lines *l, const struct catalog *catalog, const struct clause *clause,
    const struct verdicts *v)
{
	size_t wide = 0;
	for (size_t i = 0; i < catalog->control_count; i++) {
		if (catalog->controls[i].clause != clause)
			continue;
		size_t n = lines_columns(catalog->controls[i].id);
		wide = n > wide ? n : wide;
	}
	lines_bold(l, "Controls");
	buf_add_byte(l->out, '\n');
	for (size_t i = 0; i < catalog->control_count; i++) {
		const struct control *c = &catalog->controls[i];
		if (c->clause != clause)
			continue;
		const struct control_verdict *here = control_verdict_of(v, c);
		size_t at = INDENT + wide + 2;
		lines_spaces(l, INDENT);
		buf_add_str(l->out, c->id);
		lines_spaces(l, wide - lines_columns(c->id) + 2);
		if (here != NULL) {
			lines_verdict(l, here->verdict, here->judged, 16);
			at += 16;
		}
		lines_add(l, c->title);
		lines_wrap(l, at, at);
	}
}

static void
explain_clause(struct lines *l, const struct catalog *catalog, const struct clause *clause,
    const struct verdicts *v)
{
	const struct clause_verdict *here = clause_verdict_of(v, clause);
	head(l, clause->id, clause->title);
	if (here != NULL)
		section(l, "Here", here->headline);
	section(l, "Asks", clause->asks);
	section(l, "Why", clause->why);
	section(l, "What audits find", clause->audit_gap);
	bullets(l, "What auditors ask to see", &clause->show_me);
	crosswalk(l, &clause->crosswalk);
	clause_controls(l, catalog, clause, v);
}

enum assay_status
report_explain(const struct catalog *catalog, const char *id, const struct verdicts *v,
    const struct report_style *style, struct buf *out, struct assay_error *err)
{
	const struct control *control = catalog_control(catalog, id);
	const struct clause *clause = catalog_clause(catalog, id);
	bool found = false;
	if (control == NULL && clause == NULL) {
		TRY(explain_rule(id, style, out, &found, err));
		return found ? ASSAY_OK : not_found(catalog, id, err);
	}
	CLEANUP(lines_done) struct lines l;
	lines_init(&l, style, out);
	if (control != NULL)
		explain_control(&l, control, v);
	else
		explain_clause(&l, catalog, clause, v);
	return buf_status(out, "the explanation", err);
}

static json_t *
crosswalk_json(const struct crosswalk *c)
{
	json_t *o = json_object();
	for (size_t i = 0; o != NULL && i < REPORT_CROSSWALK_ROWS; i++) {
		if (json_object_set_new(o, report_crosswalk_rows[i].key,
			report_json_strings(report_crosswalk(c, i))) != 0) {
			json_decref(o);
			return NULL;
		}
	}
	return o;
}

static json_t *
defences_json(const struct control *c)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < c->defence_count; i++) {
		const struct defence *d = &c->defences[i];
		if (json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "who",
			report_json_text(d->who), "how_far", report_json_text(d->how_far), "how",
			report_json_text(d->how))) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
control_explained(const struct control *c, const struct verdicts *v)
{
	const struct control_verdict *here = control_verdict_of(v, c);
	json_t *verdict = here == NULL ? json_null() : report_json_control(here);
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:b, "
			 "s:o, s:o, s:o, s:o, s:o, s:o}",
	    "schema", EXPLAIN_SCHEMA, "kind", "control", "id", report_json_text(c->id), "clause",
	    report_json_text(c->clause->id), "title", report_json_text(c->title), "asks",
	    report_json_text(c->asks), "why", report_json_text(c->why), "audit_gap",
	    report_json_text(c->audit_gap), "evidence", report_json_text(c->evidence), "judged",
	    report_json_text(c->judged), "mend", report_json_text(c->mend), "weight",
	    weight_name(c->weight), "least_grade", report_json_grade(c->least),
	    "may_be_not_applicable", c->may_be_not_applicable, "assets",
	    report_json_strings(&c->assets), "threats", report_json_strings(&c->threats), "stages",
	    report_json_strings(&c->stages), "crosswalk", crosswalk_json(&c->crosswalk), "stops",
	    defences_json(c), "verdict", verdict);
}

static json_t *
clause_explained(const struct catalog *catalog, const struct clause *c, const struct verdicts *v)
{
	const struct clause_verdict *here = clause_verdict_of(v, c);
	json_t *ids = json_array();
	for (size_t i = 0; ids != NULL && i < catalog->control_count; i++) {
		if (catalog->controls[i].clause != c)
			continue;
		if (json_array_append_new(ids, report_json_text(catalog->controls[i].id)) != 0) {
			json_decref(ids);
			return NULL;
		}
	}
	json_t *verdict = here == NULL ? json_null() : report_json_clause(v, here);
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema",
	    EXPLAIN_SCHEMA, "kind", "clause", "id", report_json_text(c->id), "title",
	    report_json_text(c->title), "asks", report_json_text(c->asks), "why",
	    report_json_text(c->why), "audit_gap", report_json_text(c->audit_gap), "show_me",
	    report_json_strings(&c->show_me), "controls", ids, "crosswalk",
	    crosswalk_json(&c->crosswalk), "verdict", verdict);
}

enum assay_status
report_explain_json(const struct catalog *catalog, const char *id, const struct verdicts *v,
    struct buf *out, struct assay_error *err)
{
	const struct control *control = catalog_control(catalog, id);
	const struct clause *clause = catalog_clause(catalog, id);
	bool found = false;
	if (control == NULL && clause == NULL) {
		TRY(explain_rule_json(id, out, &found, err));
		return found ? ASSAY_OK : not_found(catalog, id, err);
	}
	CLEANUP(canon_unref) json_t *value = control != NULL ?
	    control_explained(control, v) :
	    clause_explained(catalog, clause, v);
	return report_json_write(value, out, err);
}
