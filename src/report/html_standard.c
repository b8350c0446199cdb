/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The coding standards as assay/standard.yaml in HEAD's tree has them: each rule, and how it is enforced.
 */
#include "html_page.h"
#include "shown.h"

#include <base/cleanup.h>
#include <base/when.h>
#include <judge/code.h>
#include <sca/account.h>

#define LISTED_MAX 5000
#define ROWS_ID "standard-rules"

static const char *const how_words[ACCOUNT_HOWS] = { [ACCOUNT_MISSING] = "no row in the plan", [ACCOUNT_BLANK] = "blank",
	[ACCOUNT_CHECKS] = "checks", [ACCOUNT_CHECKS_REVIEW] = "checks and review", [ACCOUNT_REVIEW] = "review",
	[ACCOUNT_NOT_APPLICABLE] = "not applicable", [ACCOUNT_NO_RULE] = "no such rule" };
/* What is a gap looks like one; whether it is, is the judge's to say. */
static const char *const how_looks[ACCOUNT_HOWS] = { [ACCOUNT_MISSING] = "v-fail", [ACCOUNT_BLANK] = "v-fail", [ACCOUNT_CHECKS] = NULL,
	[ACCOUNT_CHECKS_REVIEW] = NULL, [ACCOUNT_REVIEW] = NULL, [ACCOUNT_NOT_APPLICABLE] = "v-deviated", [ACCOUNT_NO_RULE] = "v-fail" };

struct rules {
	struct page *p;
	const struct account *a;
	struct report_shown shown;
};

/* ---- standards ---- */

static void
day_cell(struct html *h, int64_t when)
{
	char day[WHEN_TEXT_SIZE] = "";
	if (when != WHEN_MIN)
		when_format_date(when, day);
	html_leaf(h, "td", "day", day);
}

static void
standard_row(struct html *h, const struct account *a, const struct plan_standard *ps, const struct standards *catalogue)
{
	const struct standard *s = standards_find(catalogue, ps->id);
	size_t by_how[ACCOUNT_HOWS] = { 0 };
	for (size_t i = 0; i < a->count; i++)
		by_how[a->entries[i].how] += a->entries[i].standard == ps;
	html_begin(h, "tr", NULL);
	html_begin(h, "th", NULL);
	html_attr(h, "scope", "row");
	html_leaf(h, "bdi", NULL, s != NULL ? s->title : ps->id);
	html_end(h);
	html_leaf(h, "td", NULL, ps->version != NULL ? ps->version : "");
	html_begin(h, "td", NULL);
	for (size_t i = 0; i < ps->languages.count; i++)
		html_textf(h, "%s%s", i == 0 ? "" : ", ", ps->languages.items[i]);
	html_end(h);
	day_cell(h, ps->approved);
	day_cell(h, ps->review_by);
	html_begin(h, "td", NULL);
	for (size_t i = 0, n = 0; i < ACCOUNT_HOWS; i++) {
		if (by_how[i] > 0)
			html_textf(h, "%s%zu %s", n++ == 0 ? "" : ", ", by_how[i], how_words[i]);
	}
	html_end(h);
	html_end(h);
}

static void
standards_table(struct html *h, const struct plan *plan, const struct account *a, const struct standards *catalogue)
{
	static const char *const names[] = { "Standard", "Edition", "For", "Approved", "Review by", "Rules" };
	page_table(h, "Coding standards", names, sizeof names / sizeof names[0]);
	for (size_t i = 0; i < plan->count; i++)
		standard_row(h, a, &plan->standards[i], catalogue);
	html_end(h);
	html_end(h);
	html_end(h);
}

/* ---- rules ---- */

static void
means_cell(struct html *h, const struct account_entry *e)
{
	const struct plan_row *row = e->row;
	html_begin(h, "td", NULL);
	if (e->title != NULL)
		html_leaf(h, "bdi", NULL, e->title);
	if (row != NULL && row->check_count > 0) {
		html_begin(h, "span", "by");
		for (size_t i = 0; i < row->check_count; i++) {
			html_text(h, i == 0 ? "" : ", ");
			html_leaf(h, "code", NULL, row->checks[i].text);
		}
		html_end(h);
	}
	if (row != NULL && (row->review != NULL || row->not_applicable != NULL)) {
		html_begin(h, "span", "by");
		html_leaf(h, "bdi", NULL, row->review != NULL ? row->review : row->not_applicable);
		html_end(h);
	}
	html_end(h);
}

static void
shown_cell(struct html *h, const struct sca_demo *d)
{
	const struct report_demo_state *state = d == NULL ? NULL : report_demo_state(d);
	html_begin(h, "td", state == NULL ? NULL : state->look);
	if (state != NULL)
		html_leaf(h, "span", "word", state->words);
	html_end(h);
}

static void
number_cell(struct html *h, size_t n, bool asked)
{
	html_begin(h, "td", n > 0 && asked ? "count v-fail" : "count");
	if (n > 0) {
		html_begin(h, "span", asked ? "word" : NULL);
		html_textf(h, "%zu", n);
		html_end(h);
	}
	html_end(h);
}

static void
findings_cells(struct html *h, const struct rules *r, const struct account_entry *e)
{
	const struct report_tally t = report_shown_tally(&r->shown, e);
	number_cell(h, t.open, true);
	number_cell(h, t.deviated, false);
	number_cell(h, t.all, false);
}

static void
rule_row(struct html *h, const struct rules *r, const struct account_entry *e)
{
	char level[16] = "";
	const struct sca_demo *d = report_shown_demo(&r->shown, e);
	if (e->facts != NULL && e->facts->level > 0)
		(void)snprintf(level, sizeof level, "L%u", e->facts->level);
	html_begin(h, "tr", how_looks[e->how]);
	html_attr(h, "data-enforced", account_how_name(e->how));
	html_attr(h, "data-severity", e->severity != SEVERITY_NOT_GIVEN ? standard_severity_name(e->severity) : "");
	if (d != NULL)
		html_attr(h, "data-shown", sca_demo_shown(d) ? "yes" : "no");
	html_begin(h, "th", NULL);
	html_attr(h, "scope", "row");
	html_leaf(h, "bdi", NULL, e->rule);
	html_end(h);
	html_leaf(h, "td", NULL, level);
	html_leaf(h, "td", NULL, e->severity != SEVERITY_NOT_GIVEN ? standard_severity_name(e->severity) : "");
	html_begin(h, "td", NULL);
	html_leaf(h, "span", how_looks[e->how] != NULL ? "word" : NULL, how_words[e->how]);
	html_end(h);
	if (r->shown.code != NULL)
		shown_cell(h, d);
	if (r->shown.tallies != NULL)
		findings_cells(h, r, e);
	means_cell(h, e);
	html_end(h);
}

static void
filter(struct html *h, const struct rules *r)
{
	const struct account *a = r->a;
	html_begin(h, "form", "filters rows-filter");
	html_attr(h, "data-rows", ROWS_ID);
	html_attr(h, "role", "search");
	html_attr(h, "aria-label", "Filter the rules");
	html_flag(h, "hidden");
	page_find_field(h, "words", "rules, checks, words");
	page_select_open(h, "enforced", "Enforced by");
	for (size_t i = 0; i < ACCOUNT_HOWS; i++) {
		if (a->by_how[i] > 0)
			page_option(h, account_how_name((enum account_how)i), how_words[i]);
	}
	page_select_close(h);
	page_select_open(h, "severity", "Severity");
	for (int s = SEVERITY_HIGH; s >= SEVERITY_LOW; s--)
		page_option(h, standard_severity_name((enum standard_severity)s), standard_severity_name((enum standard_severity)s));
	page_select_close(h);
	if (r->shown.code != NULL) {
		page_select_open(h, "shown", "Demonstrated");
		page_option(h, "yes", "shown");
		page_option(h, "no", "not shown");
		page_select_close(h);
	}
	html_begin(h, "div", "actions");
	html_begin(h, "output", NULL);
	html_attr(h, "aria-live", "polite");
	html_end(h);
	html_end(h);
	html_end(h);
}

static void
rule_columns(struct html *h, const struct rules *r)
{
	static const struct {
		const char *name;
		bool demonstrated, findings;
	} names[] = { { "Rule", false, false }, { "Level", false, false }, { "Severity", false, false }, { "Enforced by", false, false },
		{ "Demonstrated", true, false }, { "Open", false, true }, { "Deviated", false, true }, { "Findings", false, true },
		{ "What it demands, and how that is seen", false, false } };
	html_begin(h, "thead", NULL);
	html_begin(h, "tr", NULL);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if ((!names[i].demonstrated || r->shown.code != NULL) && (!names[i].findings || r->shown.tallies != NULL))
			page_column(h, names[i].name);
	}
	html_end(h);
	html_end(h);
}

static void
rules_table(struct html *h, const struct rules *r)
{
	const struct account *a = r->a;
	const size_t listed = a->count < LISTED_MAX ? a->count : LISTED_MAX;
	html_begin(h, "div", "rules");
	page_scroll(h, "Rules of the coding standards");
	rule_columns(h, r);
	html_begin(h, "tbody", NULL);
	html_attr(h, "id", ROWS_ID);
	for (size_t i = 0; i < listed; i++)
		rule_row(h, r, &a->entries[i]);
	html_end(h);
	html_end(h);
	html_end(h);
	html_end(h);
	if (listed < a->count) {
		html_begin(h, "p", NULL);
		html_textf(h, "%zu more aren't listed here; 'assay standard' prints all of them.", a->count - listed);
		html_end(h);
	}
}

bool
page_plan(const struct page *p, struct plan *ret_plan)
{
	struct assay_span bytes;
	if (p->v->code != NULL) {
		*ret_plan = p->v->code->plan;
		return true;
	}
	return page_record(p, PLAN_PATH, &bytes) && plan_parse(bytes, PLAN_PATH, p->arena, ret_plan, NULL) == ASSAY_OK;
}

enum assay_status
page_standard(struct page *p, struct assay_error *err)
{
	struct plan plan;
	struct account a;
	const struct standards *catalogue;
	struct html *h = &p->h;
	/* What can't be read is the judge's to say. */
	if (!page_plan(p, &plan) || standards_load(p->arena, &catalogue, NULL) != ASSAY_OK
	    || account_make(&plan, catalogue, p->arena, &a, NULL) != ASSAY_OK || a.count == 0)
		return ASSAY_OK;
	struct rules r = { .p = p, .a = &a };
	TRY(report_shown_make(p->v, p->arena, &r.shown, err));
	html_begin(h, "section", "papers");
	html_attr(h, "aria-labelledby", "standard");
	page_heading(h, "standard", "Coding standard: how each rule is enforced");
	html_leaf(h, "p", "lead", "The coding standards that " PLAN_PATH " follows, rule by rule: checks of engines, a question that "
	    "somebody answers at review, or a reason why the rule can't be broken here. Whether the plan is in order is judged under "
	    "std.declared.");
	standards_table(h, &plan, &a, catalogue);
	filter(h, &r);
	rules_table(h, &r);
	html_end(h);
	return ASSAY_OK;
}
