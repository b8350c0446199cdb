/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register of risks as it stands in HEAD's tree: what remains in each square of asset, threat and stage, and the list.
 */
#include "html_page.h"

#include <base/when.h>
#include <policy/risks.h>

/* Risks that a square names, and that the list holds. */
#define NAMED_MAX 6
#define LISTED_MAX 1000

static size_t
remaining(const struct risks *r, const struct risk *risk)
{
	return risks_level(r, risk->after.given ? &risk->after : &risk->before);
}

/* How a square looks: red where nothing was assessed, marked where somebody accepted more than is acceptable to everybody. */
static const char *
look(const struct risks *r, const struct risk *worst)
{
	if (remaining(r, worst) <= r->criteria.acceptable)
		return "v-pass";
	return worst->accepted.given ? "v-deviated" : "v-fail";
}

static bool
is_left_out(const struct risks *r, size_t square)
{
	for (size_t i = 0; i < r->out_count; i++) {
		if (risks_has(&r->out[i].where, square))
			return true;
	}
	return false;
}

static const struct risk *
worst_of(const struct risks *r, size_t square)
{
	const struct risk *worst = NULL;
	for (size_t i = 0; i < r->count; i++) {
		const struct risk *risk = &r->risks[i];
		if (risks_has(&risk->where, square) && (worst == NULL || remaining(r, risk) > remaining(r, worst)))
			worst = risk;
	}
	return worst;
}

static void
name_risks(struct html *h, const struct risks *r, size_t square)
{
	size_t named = 0;
	for (size_t i = 0; i < r->count; i++) {
		if (!risks_has(&r->risks[i].where, square))
			continue;
		if (++named > NAMED_MAX)
			continue;
		html_text(h, named == 1 ? ": " : ", ");
		html_leaf(h, "bdi", NULL, r->risks[i].id);
	}
	if (named > NAMED_MAX)
		html_textf(h, " and %zu more", named - NAMED_MAX);
}

static void
square_cell(struct html *h, const struct risks *r, size_t square)
{
	const struct risk *worst = worst_of(r, square);
	html_begin(h, "td", NULL);
	if (worst != NULL) {
		html_attr(h, "class", look(r, worst));
		html_leaf(h, "span", "word", r->criteria.levels.items[remaining(r, worst)]);
		name_risks(h, r, square);
	} else {
		const bool out = is_left_out(r, square);
		html_attr(h, "class", out ? "v-not-applicable" : "v-fail");
		html_leaf(h, "span", "word", out ? "out of scope" : "not assessed");
	}
	html_end(h);
}

/* A row an asset and threat; squares are counted stage by stage. */
static void
map_rows(struct html *h, const struct risks *r, size_t stages)
{
	for (size_t square = 0; square < risks_square_count(); square += stages) {
		const char *asset, *threat, *stage;
		risks_square_names(square, &asset, &threat, &stage);
		html_begin(h, "tr", NULL);
		html_begin(h, "th", NULL);
		html_attr(h, "scope", "row");
		html_text(h, asset);
		html_end(h);
		html_leaf(h, "td", NULL, threat);
		for (size_t s = 0; s < stages; s++)
			square_cell(h, r, square + s);
		html_end(h);
	}
}

static void
map_table(struct html *h, const struct risks *r)
{
	size_t stages = 0;
	page_scroll(h, "What remains in each square of asset, threat and stage");
	html_begin(h, "thead", NULL);
	html_begin(h, "tr", NULL);
	page_column(h, "Asset");
	page_column(h, "Threat");
	for (; catalog_stages[stages] != NULL; stages++)
		page_column(h, catalog_stages[stages]);
	html_end(h);
	html_end(h);
	html_begin(h, "tbody", NULL);
	map_rows(h, r, stages);
	html_end(h);
	html_end(h);
	html_end(h);
}

static void
rating_cell(struct html *h, const struct risks *r, const struct risk_rating *rating)
{
	const struct risk_criteria *k = &r->criteria;
	html_begin(h, "td", NULL);
	if (rating->given)
		html_textf(h, "%s (%s, %s)", k->levels.items[risks_level(r, rating)], k->severities.items[rating->severity],
		    k->likelihoods.items[rating->likelihood]);
	html_end(h);
}

/* A control that is judged leads to its verdict. */
static void
controls_cell(struct page *p, const struct risk *risk)
{
	struct html *h = &p->h;
	html_begin(h, "td", NULL);
	for (size_t i = 0; i < risk->controls.count; i++) {
		const char *id = risk->controls.items[i];
		const struct control_verdict *c = NULL;
		for (size_t k = 0; k < p->v->control_count && c == NULL; k++)
			c = strcmp(p->v->controls[k].control->id, id) == 0 ? &p->v->controls[k] : NULL;
		html_text(h, i == 0 ? "" : ", ");
		html_leaf(h, "bdi", NULL, id);
		if (c != NULL)
			html_textf(h, " (%s)", c->judged ? verdict_name(c->verdict) : "unknown");
	}
	html_end(h);
}

static void
act_cell(struct html *h, const struct risk_act *act)
{
	char day[WHEN_TEXT_SIZE];
	html_begin(h, "td", NULL);
	if (act->given) {
		when_format_date(act->on, day);
		html_leaf(h, "bdi", NULL, act->by);
		html_textf(h, ", %s", day);
	}
	html_end(h);
}

static void
list_table(struct page *p, const struct risks *r)
{
	static const char *const columns[] = { "Risk", "What", "Before", "Controls", "After", "Assessed", "Accepted" };
	struct html *h = &p->h;
	page_table(h, "Risks, one by one", columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < r->count && i < LISTED_MAX; i++) {
		const struct risk *risk = &r->risks[i];
		html_begin(h, "tr", NULL);
		html_leaf(h, "td", NULL, risk->id);
		html_leaf(h, "td", NULL, risk->title);
		rating_cell(h, r, &risk->before);
		controls_cell(p, risk);
		rating_cell(h, r, &risk->after);
		act_cell(h, &risk->assessed);
		act_cell(h, &risk->accepted);
		html_end(h);
	}
	html_end(h);
	html_end(h);
	html_end(h);
}

void
page_risks(struct page *p)
{
	struct assay_span bytes;
	struct risks r;
	struct html *h = &p->h;
	/* What can't be read is the judge's to say. */
	if (!page_record(p, RISKS_PATH, &bytes) || risks_parse(bytes, RISKS_PATH, p->arena, &r, NULL) != ASSAY_OK)
		return;
	html_begin(h, "section", "papers");
	html_attr(h, "aria-labelledby", "risks");
	page_heading(h, "risks", "What remains of the risks");
	html_leaf(h, "p", "lead", "The register of risks as it stands in " RISKS_PATH ": the highest level that its controls leave in each "
	    "square, and by which risks. Whether the controls hold is judged under risk.covered.");
	map_table(h, &r);
	list_table(p, &r);
	html_end(h);
}
