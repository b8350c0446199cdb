/* SPDX-License-Identifier: Apache-2.0 */
#include "common.h"
#include "lines.h"

#include <base/cleanup.h>
#include <base/when.h>
#include <report/report.h>

/* Columns before a finding's text. */
#define BODY_INDENT 4
/* Ids longer than this don't push the others aside. */
#define ID_COLUMNS_MAX 24

struct terminal {
	struct lines lines;
	const struct verdicts *v;
	const struct control_verdict **rows;
	struct arena *arena;
	size_t verdict_columns;
	size_t id_columns;
	bool verbose;
};

static void
close_terminal(struct terminal *t)
{
	lines_done(&t->lines);
	arena_free(&t->arena);
}

static void
blank(struct terminal *t)
{
	buf_add_byte(t->lines.out, '\n');
}

static void
title(struct terminal *t)
{
	char date[WHEN_TEXT_SIZE];
	when_format_date(t->v->date, date);
	lines_bold(&t->lines, "assay " ASSAY_VERSION);
	buf_add_str(t->lines.out, "  ");
	lines_add(&t->lines, t->v->subject);
	lines_addf(&t->lines, ", judged for %s", date);
	size_t at = lines_columns("assay " ASSAY_VERSION) + 2;
	lines_wrap(&t->lines, at, at);
	blank(t);
}

static void
clauses(struct terminal *t)
{
	size_t wide = 0;
	for (size_t i = 0; i < t->v->clause_count; i++) {
		size_t n = lines_columns(t->v->clauses[i].clause->id);
		wide = n > wide ? n : wide;
	}
	for (size_t i = 0; i < t->v->clause_count; i++) {
		const struct clause_verdict *c = &t->v->clauses[i];
		lines_verdict(&t->lines, c->verdict, true, t->verdict_columns);
		lines_bold(&t->lines, c->clause->id);
		lines_spaces(&t->lines, wide - lines_columns(c->clause->id) + 2);
		size_t at = t->verdict_columns + wide + 2;
		lines_add(&t->lines, c->clause->title);
		lines_wrap(&t->lines, at, at);
		lines_spaces(&t->lines, at);
		lines_add(&t->lines, c->headline);
		lines_wrap(&t->lines, at, at);
	}
}

static void
place(struct terminal *t, const struct finding *f)
{
	if (f->file == NULL)
		return;
	lines_add(&t->lines, " (");
	lines_add(&t->lines, f->file);
	if (f->line > 0)
		lines_addf(&t->lines, ":%u", f->line);
	if (f->line > 0 && f->column > 0)
		lines_addf(&t->lines, ":%u", f->column);
	lines_add(&t->lines, ")");
}

static void
finding_text(struct terminal *t, const struct finding *f)
{
	/* Most sentences name their object themselves. */
	if (f->object != NULL && strstr(f->message, f->object) == NULL) {
		lines_add_n(&t->lines, f->object, report_short_len(f->object));
		lines_add(&t->lines, ": ");
	}
	lines_add(&t->lines, f->message);
	place(t, f);
}

static void
not_kept(struct terminal *t, const struct report_group *g)
{
	if (g->total == g->count)
		return;
	lines_spaces(&t->lines, BODY_INDENT + 2);
	lines_addf(&t->lines, "and %zu more, counted but not kept", g->total - g->count);
	lines_wrap(&t->lines, BODY_INDENT + 2, BODY_INDENT + 4);
}

static void
group_line(struct terminal *t, const struct report_group *g)
{
	CLEANUP(buf_done) struct buf words = BUF_INIT(1024);
	report_kind_words(&words, g->id);
	lines_spaces(&t->lines, BODY_INDENT);
	lines_addf(&t->lines, "%zu x ", g->total);
	lines_add(&t->lines, buf_str(&words));
	if (t->verbose) {
		lines_add(&t->lines, ":");
		lines_wrap(&t->lines, BODY_INDENT, BODY_INDENT + 2);
		for (size_t i = 0; i < g->count; i++) {
			lines_spaces(&t->lines, BODY_INDENT + 2);
			finding_text(t, g->findings[i]);
			lines_wrap(&t->lines, BODY_INDENT + 2, BODY_INDENT + 4);
		}
		not_kept(t, g);
		return;
	}
	lines_add(&t->lines, g->total == 1 ? ": " : ", first: ");
	finding_text(t, g->findings[0]);
	lines_wrap(&t->lines, BODY_INDENT, BODY_INDENT + 2);
}

static bool
is_the_reason(const struct report_group *g, const struct control_verdict *c)
{
	return g->total == 1 && c->reason != NULL && strcmp(g->findings[0]->message, c->reason) == 0;
}

static void
head(struct terminal *t, const struct control_verdict *c, bool with_weight)
{
	size_t id_wide = lines_columns(c->control->id);
	size_t word = lines_columns(verdict_name(c->verdict)) + 2;
	size_t verdict_wide = word > t->verdict_columns ? word : t->verdict_columns;
	lines_verdict(&t->lines, c->verdict, c->judged, verdict_wide);
	lines_bold(&t->lines, c->control->id);
	size_t pad = id_wide < t->id_columns ? t->id_columns - id_wide : 0;
	lines_spaces(&t->lines, pad + 2);
	size_t at = verdict_wide + id_wide + pad + 2;
	lines_add(&t->lines, c->control->title);
	if (with_weight)
		lines_addf(&t->lines, " (%s)", weight_name(c->control->weight));
	lines_wrap(&t->lines, at, t->verdict_columns + t->id_columns + 2);
}

static void
evidence_lines(struct terminal *t, const struct control_verdict *c)
{
	for (size_t i = 0; i < c->evidence_count; i++) {
		const struct evidence *e = c->evidence[i];
		if (e->completeness == EVIDENCE_COMPLETE)
			continue;
		lines_spaces(&t->lines, BODY_INDENT);
		lines_addf(&t->lines, "%s evidence ", completeness_name(e->completeness));
		lines_add(&t->lines, e->kind);
		if (e->why != NULL) {
			lines_add(&t->lines, ": ");
			lines_add(&t->lines, e->why);
		}
		lines_wrap(&t->lines, BODY_INDENT, BODY_INDENT + 2);
	}
}

static enum assay_status
whole(struct terminal *t, const struct control_verdict *c, struct assay_error *err)
{
	struct report_groups groups;
	TRY(report_group(c, t->arena, &groups, err));
	head(t, c, c->verdict == VERDICT_FAIL);
	lines_spaces(&t->lines, BODY_INDENT);
	lines_add(&t->lines, c->reason == NULL ? "" : c->reason);
	lines_wrap(&t->lines, BODY_INDENT, BODY_INDENT);
	for (size_t i = 0; i < groups.count; i++) {
		if (!is_the_reason(&groups.items[i], c))
			group_line(t, &groups.items[i]);
	}
	evidence_lines(t, c);
	if (c->next != NULL)
		lines_labelled(&t->lines, BODY_INDENT, "next:", c->next);
	blank(t);
	return ASSAY_OK;
}

/* In a word or two: a pass needs no more than its reason. */
static void
brief(struct terminal *t, const struct control_verdict *c)
{
	head(t, c, false);
	if (c->reason == NULL)
		return;
	lines_spaces(&t->lines, BODY_INDENT);
	lines_add(&t->lines, c->reason);
	lines_addf(&t->lines, " (%s, %s)", report_source_words(c->grade.source),
	    grade_depth_name(c->grade.depth));
	lines_wrap(&t->lines, BODY_INDENT, BODY_INDENT);
}

static bool
is_brief(enum verdict v)
{
	return v == VERDICT_PASS || v == VERDICT_NOT_APPLICABLE;
}

static enum assay_status
judged_controls(struct terminal *t, struct assay_error *err)
{
	bool first_brief = true;
	blank(t);
	for (size_t i = 0; i < t->v->control_count && t->rows[i]->judged; i++) {
		const struct control_verdict *c = t->rows[i];
		if (!is_brief(c->verdict)) {
			TRY(whole(t, c, err));
			continue;
		}
		brief(t, c);
		first_brief = false;
	}
	if (!first_brief)
		blank(t);
	return ASSAY_OK;
}

static void
silent_controls(struct terminal *t)
{
	for (size_t i = 0; i < t->v->clause_count; i++) {
		const struct clause *clause = t->v->clauses[i].clause;
		size_t n = report_not_judged(t->v, clause);
		if (n == 0)
			continue;
		lines_verdict(&t->lines, VERDICT_UNKNOWN, false, t->verdict_columns);
		lines_add(&t->lines, clause->id);
		lines_addf(&t->lines, ": %zu control%s " REPORT_NOT_JUDGED, n, n == 1 ? "" : "s");
		lines_wrap(&t->lines, t->verdict_columns, t->verdict_columns);
		for (size_t k = 0; t->verbose && k < t->v->control_count; k++) {
			const struct control_verdict *c = &t->v->controls[k];
			if (c->judged || c->control->clause != clause)
				continue;
			lines_spaces(&t->lines, t->verdict_columns);
			lines_add(&t->lines, c->control->id);
			lines_add(&t->lines, ": ");
			lines_add(&t->lines, c->control->title);
			lines_wrap(&t->lines, t->verdict_columns, t->verdict_columns + 2);
		}
	}
}

static void
last_line(struct terminal *t)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(1024);
	report_summary(&text, t->v);
	if (report_not_judged(t->v, NULL) > 0)
		blank(t);
	lines_add(&t->lines, buf_str(&text));
	lines_wrap(&t->lines, 0, 0);
	buf_reset(&text);
	report_scope(&text, t->v);
	if (text.len > 0) {
		lines_add(&t->lines, buf_str(&text));
		lines_wrap(&t->lines, 0, 0);
	}
}

static void
measure(struct terminal *t)
{
	for (size_t i = 0; i < t->v->control_count; i++) {
		const struct control_verdict *c = &t->v->controls[i];
		/* The longest word is rare: it may push its own line aside, not all others. */
		if (c->verdict == VERDICT_NOT_APPLICABLE)
			continue;
		size_t word = lines_columns(verdict_name(c->verdict)) + 2;
		size_t id = lines_columns(c->control->id);
		t->verdict_columns = word > t->verdict_columns ? word : t->verdict_columns;
		if (c->judged && id <= ID_COLUMNS_MAX && id > t->id_columns)
			t->id_columns = id;
	}
}

enum assay_status
report_terminal(const struct verdicts *v, const struct report_style *style, struct buf *out,
    struct assay_error *err)
{
	CLEANUP(close_terminal) struct terminal t = { .v = v, .verbose = style->verbose };
	lines_init(&t.lines, style, out);
	enum assay_status status = arena_new(REPORT_ARENA_MAX, &t.arena);
	if (status != ASSAY_OK)
		return arena_full(err);
	TRY(report_order(v, t.arena, &t.rows, err));
	measure(&t);
	title(&t);
	clauses(&t);
	TRY(judged_controls(&t, err));
	silent_controls(&t);
	last_line(&t);
	return buf_status(out, "the report", err);
}
