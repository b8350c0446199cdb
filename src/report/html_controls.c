/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The controls: per clause, gaps first; each opens to its reason, findings, evidence and explanation. Those that this version can't
 * judge stand together at the end of their clause.
 */
#include "html_page.h"

#include <base/cleanup.h>
#include <base/text.h>

/* An attribute that filters match words in: values joined by '|'. */
static void
attr_list(struct html *h, const char *name, const struct yaml_strings *s)
{
	CLEANUP(buf_done) struct buf joined = BUF_INIT(4096);
	buf_add_byte(&joined, '|');
	for (size_t i = 0; i < s->count; i++) {
		buf_add_str(&joined, s->items[i]);
		buf_add_byte(&joined, '|');
	}
	html_attr(h, name, buf_str(&joined));
}

/* The distinct values of a list of tags, in order of first use. */
static void
select_tags(struct page *p, const char *id, const char *label, size_t offset)
{
	const char *seen[64];
	size_t count = 0;
	page_select_open(&p->h, id, label);
	for (size_t i = 0; i < p->v->control_count; i++) {
		const struct yaml_strings *s = (const struct yaml_strings *)(const void *)(
		    (const char *)p->v->controls[i].control + offset);
		for (size_t k = 0; k < s->count && count < sizeof(seen) / sizeof(seen[0]); k++) {
			size_t at = 0;
			while (at < count && strcmp(seen[at], s->items[k]) != 0)
				at++;
			if (at < count)
				continue;
			seen[count++] = s->items[k];
			page_option(&p->h, s->items[k], s->items[k]);
		}
	}
	page_select_close(&p->h);
}

static void
select_verdicts(struct page *p)
{
	page_select_open(&p->h, "verdict", "Verdict");
	for (int i = VERDICT_COUNT - 1; i >= 0; i--) {
		const char *name = verdict_name((enum verdict)i);
		if (report_tally(p->v, NULL, (enum verdict)i) > 0)
			page_option(&p->h, name, name);
	}
	if (report_not_judged(p->v, NULL) > 0)
		page_option(&p->h, "not-judged", "not judged");
	page_select_close(&p->h);
}

static void
select_clauses(struct page *p)
{
	page_select_open(&p->h, "clause", "Clause");
	for (size_t i = 0; i < p->v->clause_count; i++)
		page_option(&p->h, p->v->clauses[i].clause->id, p->v->clauses[i].clause->id);
	page_select_close(&p->h);
}

static void
select_grades(struct page *p)
{
	page_select_open(&p->h, "grade", "Grade");
	for (int s = GRADE_RECOMPUTED; s >= GRADE_ASSERTED; s--)
		page_option(&p->h, grade_source_name((enum grade_source)s),
		    report_source_words((enum grade_source)s));
	for (int d = GRADE_DEMONSTRATED; d >= GRADE_CONFIGURED; d--)
		page_option(&p->h, grade_depth_name((enum grade_depth)d),
		    grade_depth_name((enum grade_depth)d));
	page_select_close(&p->h);
}

static void
button(struct html *h, const char *id, const char *text)
{
	html_begin(h, "button", NULL);
	html_attr(h, "type", "button");
	html_attr(h, "id", id);
	html_text(h, text);
	html_end(h);
}

/* Hidden until the script is there to serve it. */
static void
filter_bar(struct page *p)
{
	struct html *h = &p->h;
	html_begin(h, "form", "filters");
	html_attr(h, "id", "filters");
	html_attr(h, "role", "search");
	html_attr(h, "aria-label", "Filter the controls");
	html_flag(h, "hidden");
	page_find_field(h, "find", "words, ids, commits");
	select_verdicts(p);
	select_clauses(p);
	select_tags(p, "asset", "Asset", offsetof(struct control, assets));
	select_tags(p, "threat", "Threat", offsetof(struct control, threats));
	select_tags(p, "stage", "Stage", offsetof(struct control, stages));
	select_grades(p);
	html_begin(h, "div", "actions");
	button(h, "clear", "Clear");
	button(h, "open-all", "Open all");
	button(h, "close-all", "Close all");
	html_begin(h, "output", NULL);
	html_attr(h, "id", "shown");
	html_attr(h, "aria-live", "polite");
	html_end(h);
	html_end(h);
	html_end(h);
}

static void
finding_row(struct page *p, const struct finding *f)
{
	struct html *h = &p->h;
	const bool in_code = f->object != NULL && page_is_code_finding(p, f->object);
	html_begin(h, "tr", NULL);
	html_begin(h, "td", "object");
	if (in_code) {
		html_begin(h, "a", NULL);
		html_attrf(h, "href", "#finding-%s", f->object);
	}
	if (f->object != NULL)
		page_object(h, f->object);
	if (in_code)
		html_end(h);
	html_end(h);
	html_begin(h, "td", NULL);
	html_leaf(h, "bdi", NULL, f->message);
	if (f->file != NULL) {
		html_begin(h, "code", "place");
		html_text(h, f->file);
		if (f->line > 0)
			html_textf(h, ":%u", f->line);
		if (f->line > 0 && f->column > 0)
			html_textf(h, ":%u", f->column);
		html_end(h);
	}
	html_end(h);
	html_end(h);
}

static void
group_table(struct page *p, const struct report_group *g, size_t room)
{
	CLEANUP(buf_done) struct buf words = BUF_INIT(1024);
	struct html *h = &p->h;
	size_t listed = g->count < room ? g->count : room;
	report_kind_words(&words, g->id);
	html_begin(h, "table", "findings");
	html_begin(h, "caption", NULL);
	html_textf(h, "%zu ", g->total);
	html_begin(h, "span", NULL);
	html_text(h, "× ");
	html_text(h, buf_str(&words));
	html_end(h);
	html_end(h);
	html_begin(h, "thead", NULL);
	html_begin(h, "tr", NULL);
	html_leaf(h, "th", "object", "Object");
	html_leaf(h, "th", NULL, "Finding");
	html_end(h);
	html_end(h);
	html_begin(h, "tbody", NULL);
	for (size_t i = 0; i < listed; i++)
		finding_row(p, g->findings[i]);
	html_end(h);
	html_end(h);
}

static enum assay_status
findings(struct page *p, const struct control_verdict *c, struct assay_error *err)
{
	struct report_groups groups;
	struct html *h = &p->h;
	if (c->finding_count == 0)
		return ASSAY_OK;
	TRY(report_group(c, p->arena, &groups, err));
	html_leaf(h, "h4", NULL, c->verdict == VERDICT_FAIL ? "Findings" : "What stands in the way");
	size_t room = p->share;
	for (size_t i = 0; i < groups.count; i++) {
		/* Every kind shows at least its first, whatever came before. */
		size_t mine = room == 0 ? 1 : room;
		group_table(p, &groups.items[i], mine);
		room -= groups.items[i].count < room ? groups.items[i].count : room;
	}
	if (room == 0 || c->finding_total > c->finding_count) {
		html_begin(h, "p", "note");
		html_textf(h, "%zu in all; report.json lists %zu of them.", c->finding_total,
		    c->finding_count);
		html_end(h);
	}
	return ASSAY_OK;
}

static void
counts(struct html *h, const struct control_verdict *c)
{
	if (c->count_count == 0)
		return;
	html_leaf(h, "h4", NULL, "Counted");
	html_begin(h, "dl", "counts");
	for (size_t i = 0; i < c->count_count; i++) {
		html_begin(h, "div", NULL);
		html_leaf(h, "dt", NULL, c->counts[i].name);
		html_begin(h, "dd", NULL);
		html_textf(h, "%" PRIu64, c->counts[i].value);
		html_end(h);
		html_end(h);
	}
	html_end(h);
}

static void
evidence_item(struct html *h, const struct evidence *e)
{
	char digest[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ e->digest, sizeof(e->digest) }, digest);
	html_begin(h, "li", NULL);
	html_begin(h, "p", "what");
	html_leaf(h, "strong", NULL, e->kind);
	html_text(h, " ");
	html_leaf(h, "bdi", NULL, e->subject);
	html_end(h);
	html_begin(h, "p", "how");
	html_textf(h, "%s, %s, ", report_source_words(e->grade.source), grade_depth_name(e->grade.depth));
	html_begin(h, "span", e->completeness == EVIDENCE_COMPLETE ? NULL : "warn");
	html_text(h, completeness_name(e->completeness));
	if (e->why != NULL) {
		html_text(h, ": ");
		html_text(h, e->why);
	}
	html_end(h);
	html_end(h);
	html_begin(h, "p", "digest");
	html_text(h, "sha256 ");
	html_leaf(h, "code", NULL, digest);
	html_end(h);
	html_end(h);
}

static void
evidence(struct html *h, const struct control_verdict *c)
{
	html_leaf(h, "h4", NULL, "Evidence");
	if (c->evidence_count == 0) {
		html_leaf(h, "p", "note", "None was looked at: nothing looked at is never a pass.");
		return;
	}
	html_begin(h, "ul", "evidence");
	for (size_t i = 0; i < c->evidence_count; i++)
		evidence_item(h, c->evidence[i]);
	html_end(h);
}

static void
explained(struct html *h, const char *heading, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	page_term(h, heading, text);
}

static void
crosswalk(struct html *h, const struct crosswalk *c)
{
	for (size_t i = 0; i < REPORT_CROSSWALK_ROWS; i++) {
		const struct yaml_strings *s = report_crosswalk(c, i);
		if (s->count == 0)
			continue;
		html_begin(h, "div", NULL);
		html_leaf(h, "dt", NULL, report_crosswalk_rows[i].label);
		html_begin(h, "dd", NULL);
		for (size_t k = 0; k < s->count; k++) {
			html_text(h, k == 0 ? "" : ", ");
			html_text(h, s->items[k]);
		}
		html_end(h);
		html_end(h);
	}
}

static void
explanation(struct html *h, const struct control *c)
{
	html_leaf(h, "h4", NULL, "About this control");
	html_begin(h, "dl", "about");
	explained(h, "It asks", c->asks);
	explained(h, "Why", c->why);
	explained(h, "What audits find", c->audit_gap);
	explained(h, "How it is judged", c->judged);
	explained(h, "How to mend it", c->mend);
	html_begin(h, "div", NULL);
	html_leaf(h, "dt", NULL, "Least evidence");
	html_begin(h, "dd", NULL);
	html_textf(h, "%s, %s; %s", report_source_words(c->least.source),
	    grade_depth_name(c->least.depth),
	    c->may_be_not_applicable ? "may be declared not applicable, signed and expiring" :
				       "can't be declared not applicable");
	html_end(h);
	html_end(h);
	crosswalk(h, &c->crosswalk);
	html_end(h);
}

static void
summary_line(struct html *h, const struct control_verdict *c)
{
	html_begin(h, "summary", NULL);
	page_verdict(h, c);
	html_leaf(h, "span", "id", c->control->id);
	html_leaf(h, "span", "title", c->control->title);
	html_begin(h, "span", "tags");
	html_leaf(h, "span", "weight", weight_name(c->control->weight));
	if (c->judged) {
		html_begin(h, "span", "grade");
		html_textf(h, "%s, %s", report_source_words(c->grade.source),
		    grade_depth_name(c->grade.depth));
		html_end(h);
	}
	html_end(h);
	html_end(h);
}

static enum assay_status
control(struct page *p, const struct control_verdict *c, struct assay_error *err)
{
	struct html *h = &p->h;
	html_begin(h, "details", NULL);
	html_attrf(h, "class", "control v-%s", report_state(c));
	html_attr(h, "data-verdict", report_state(c));
	html_attr(h, "data-clause", c->control->clause->id);
	attr_list(h, "data-asset", &c->control->assets);
	attr_list(h, "data-threat", &c->control->threats);
	attr_list(h, "data-stage", &c->control->stages);
	html_attrf(h, "data-grade", "|%s|%s|", c->judged ? grade_source_name(c->grade.source) : "",
	    c->judged ? grade_depth_name(c->grade.depth) : "");
	summary_line(h, c);
	/* The id is inside: a link to it opens the control by the browser's own rules. */
	html_begin(h, "div", "body");
	html_attrf(h, "id", "control-%s", c->control->id);
	html_begin(h, "p", "reason");
	html_prose(h, c->reason);
	html_end(h);
	if (c->next != NULL && c->judged) {
		html_begin(h, "p", "next");
		html_leaf(h, "strong", NULL, "Next");
		html_text(h, " ");
		html_prose(h, c->next);
		html_end(h);
	}
	if (c->judged) {
		TRY(findings(p, c, err));
		evidence(h, c);
		counts(h, c);
	}
	explanation(h, c->control);
	html_end(h);
	html_end(h);
	return ASSAY_OK;
}

static enum assay_status
silent(struct page *p, const struct clause *clause, struct assay_error *err)
{
	struct html *h = &p->h;
	size_t n = report_not_judged(p->v, clause);
	if (n == 0)
		return ASSAY_OK;
	html_begin(h, "details", "silent v-not-judged");
	html_begin(h, "summary", NULL);
	page_mark(h, "not-judged");
	html_textf(h, "%zu control%s " REPORT_NOT_JUDGED ": unknown", n, n == 1 ? "" : "s");
	html_end(h);
	for (size_t i = 0; i < p->v->control_count; i++) {
		if (!p->rows[i]->judged && p->rows[i]->control->clause == clause)
			TRY(control(p, p->rows[i], err));
	}
	html_end(h);
	return ASSAY_OK;
}

static enum assay_status
clause_section(struct page *p, const struct clause_verdict *c, struct assay_error *err)
{
	struct html *h = &p->h;
	html_begin(h, "section", "clause");
	html_attrf(h, "aria-labelledby", "clause-%s", c->clause->id);
	html_begin(h, "h3", NULL);
	html_attrf(h, "id", "clause-%s", c->clause->id);
	html_leaf(h, "span", "number", c->clause->id);
	html_text(h, " ");
	html_text(h, c->clause->title);
	html_end(h);
	html_leaf(h, "p", "headline", c->headline);
	for (size_t i = 0; i < p->v->control_count && p->rows[i]->judged; i++) {
		if (p->rows[i]->control->clause == c->clause)
			TRY(control(p, p->rows[i], err));
	}
	TRY(silent(p, c->clause, err));
	html_end(h);
	return ASSAY_OK;
}

enum assay_status
page_controls(struct page *p, struct assay_error *err)
{
	struct html *h = &p->h;
	html_begin(h, "section", "controls");
	html_attr(h, "aria-labelledby", "controls");
	html_begin(h, "h2", NULL);
	html_attr(h, "id", "controls");
	html_text(h, "Controls");
	html_end(h);
	filter_bar(p);
	for (size_t i = 0; i < p->v->clause_count; i++)
		TRY(clause_section(p, &p->v->clauses[i], err));
	html_begin(h, "p", "note");
	html_attr(h, "id", "none");
	html_flag(h, "hidden");
	html_text(h, "No control fits these filters.");
	html_end(h);
	html_end(h);
	return ASSAY_OK;
}
