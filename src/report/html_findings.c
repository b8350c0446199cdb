/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings in the code: how many there are of which state, and each with its excerpt, with what asks for most at the top. The first
 * are listed as they are; all are in the page's data, of which the script makes the same rows, as many as are looked at.
 */
#include "html_findings.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <code/identity.h>

#define RANKS_SETTLED 4
/* Each byte may become an escape of a few. */
#define EXCERPT_MAX ((size_t)8 * (2 * CODE_EXCERPT_LINES + 1) * (CODE_EXCERPT_WIDTH + 2))

struct findings {
	struct page *p;
	const struct sca_finding **rows; /* in the page's order */
	size_t count;
};

static const char *const state_words[SCA_FINDING_STATES] = { [SCA_NEW] = "new", [SCA_OPEN] = "open", [SCA_DEVIATED] = "deviated",
	[SCA_FALSE_POSITIVE] = "false positive", [SCA_FIXED] = "fixed", [SCA_NOT_OBSERVED] = "not observed" };

/* ---- order ---- */

static bool
is_open(const struct sca_finding *f)
{
	return f->state == SCA_NEW || f->state == SCA_OPEN;
}

/* Whether the plan asks to have it settled. */
static bool
is_asked(const struct page *p, const struct sca_finding *f)
{
	return f->severity == SEVERITY_NOT_GIVEN || f->severity >= p->threshold;
}

static int
rank(const struct page *p, const struct sca_finding *f)
{
	static const int by_state[SCA_FINDING_STATES] = { [SCA_NEW] = 1, [SCA_OPEN] = 2, [SCA_NOT_OBSERVED] = 3,
		[SCA_DEVIATED] = RANKS_SETTLED + 1, [SCA_FALSE_POSITIVE] = RANKS_SETTLED + 2, [SCA_FIXED] = RANKS_SETTLED + 3 };
	if (is_open(f) && !is_asked(p, f))
		return RANKS_SETTLED;
	return f->reopened && is_open(f) ? 0 : by_state[f->state];
}

struct ranked {
	const struct sca_finding *f;
	int rank;
};

static int
compare(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	if (a->rank != b->rank)
		return a->rank - b->rank;
	if (a->f->severity != b->f->severity)
		return (int)b->f->severity - (int)a->f->severity;
	/* All stand in one array, by place. */
	return (a->f > b->f) - (a->f < b->f);
}

static enum assay_status
order(struct findings *s, const struct sca_findings *all, struct assay_error *err)
{
	struct ranked *ranked = arena_array(s->p->arena, all->count + 1, sizeof *ranked);
	s->rows = arena_array(s->p->arena, all->count + 1, sizeof *s->rows);
	if (ranked == NULL || s->rows == NULL)
		return arena_full(err);
	for (size_t i = 0; i < all->count; i++)
		ranked[i] = (struct ranked){ &all->items[i], rank(s->p, &all->items[i]) };
	qsort(ranked, all->count, sizeof *ranked, compare);
	for (size_t i = 0; i < all->count; i++)
		s->rows[i] = ranked[i].f;
	s->count = all->count;
	return ASSAY_OK;
}

/* ---- a row's words ---- */

static const char *
look_of(const struct sca_finding *f, bool asked)
{
	static const char *const looks[SCA_FINDING_STATES] = { [SCA_NEW] = "v-fail", [SCA_OPEN] = "v-fail", [SCA_DEVIATED] = "v-deviated",
		[SCA_FALSE_POSITIVE] = "v-not-applicable", [SCA_FIXED] = "v-pass", [SCA_NOT_OBSERVED] = "v-unknown" };
	return is_open(f) && !asked ? "v-not-judged" : looks[f->state];
}

static const char *
meaning(const struct sca_finding *f)
{
	static const char *const words[SCA_FINDING_STATES] = { [SCA_NEW] = "reported, and in no register",
		[SCA_OPEN] = "reported, and registered", [SCA_DEVIATED] = "reported, under a deviation that holds",
		[SCA_FALSE_POSITIVE] = "argued to be none, and approved", [SCA_FIXED] = "closed, and proven",
		[SCA_NOT_OBSERVED] = "registered and not reported, which doesn't prove that it is gone" };
	return f->state == SCA_OPEN && f->reopened ? "closed as fixed before, and reported again" : words[f->state];
}

static void
add_fact(struct code_row *row, const char *term, const char *text)
{
	if (text != NULL && text[0] != '\0' && row->fact_count < PAGE_CODE_FACTS_MAX)
		row->facts[row->fact_count++] = (struct code_fact){ term, text };
}

/* Tabs are blanks, the end of a line of other systems is none of it, and all else is escaped as text is. */
static void
add_line(struct buf *out, const char *line, size_t len)
{
	len -= len > 0 && line[len - 1] == '\r';
	for (size_t i = 0, run; i < len; i += run) {
		const char *tab = memchr(line + i, '\t', len - i);
		run = tab == NULL ? len - i : (size_t)(tab - line) - i;
		text_escape(out, (struct assay_span){ (const unsigned char *)line + i, run }, false);
		if (tab != NULL) {
			buf_add_str(out, "    ");
			run++;
		}
	}
}

static const char *
excerpt_of(const struct sca_finding *f, struct arena *arena)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(EXCERPT_MAX);
	const char *line = f->excerpt != NULL && f->line > 0 ? f->excerpt : "";
	while (*line != '\0') {
		const size_t len = strcspn(line, "\n");
		if (line != f->excerpt)
			buf_add_byte(&out, '\n');
		add_line(&out, line, len);
		line += len + (line[len] == '\n');
	}
	return out.status != ASSAY_OK ? NULL : arena_str(arena, buf_str(&out));
}

static const char *
place_of(const struct sca_finding *f, struct arena *arena)
{
	if (f->line == 0)
		return f->path;
	return f->column == 0 ? arena_printf(arena, "%s:%u", f->path, f->line)
			      : arena_printf(arena, "%s:%u:%u", f->path, f->line, f->column);
}

enum assay_status
code_row_of(const struct sca_finding *f, bool asked, struct arena *arena, struct code_row *ret_row, struct assay_error *err)
{
	struct code_row row = { .f = f, .look = look_of(f, asked), .state = state_words[f->state], .agree = "",
		.first_line = f->line > CODE_EXCERPT_LINES ? f->line - CODE_EXCERPT_LINES : 1,
		.report_count = f->report_count < PAGE_CODE_REPORTS_MAX ? f->report_count : PAGE_CODE_REPORTS_MAX };
	const char *why = f->why == NULL || f->why[0] == '\0' ? meaning(f) : arena_printf(arena, "%s: %s", meaning(f), f->why);
	row.place = place_of(f, arena);
	row.excerpt = excerpt_of(f, arena);
	if (f->engines > 0)
		row.agree = arena_printf(arena, "%u engine%s", f->engines, f->engines == 1 ? "" : "s");
	if (why == NULL || row.place == NULL || row.excerpt == NULL || row.agree == NULL)
		return arena_full(err);
	add_fact(&row, "State", why);
	if (is_open(f) && !asked)
		add_fact(&row, "Threshold", "below what the plan asks to have settled");
	add_fact(&row, "Symbol", f->symbol);
	add_fact(&row, "Problem", f->problem);
	add_fact(&row, "Reach", f->reach);
	add_fact(&row, "Safety effect", f->safety);
	add_fact(&row, "Exploitability", f->exploitability);
	add_fact(&row, "First seen", f->first_seen);
	add_fact(&row, "Identity", f->identity);
	*ret_row = row;
	return ASSAY_OK;
}

/* ---- a row ---- */

static void
summary(struct html *h, const struct code_row *row)
{
	html_begin(h, "summary", NULL);
	html_begin(h, "span", "verdict");
	page_mark(h, row->look + strlen("v-"));
	html_text(h, row->state);
	html_end(h);
	html_leaf(h, "span", "severity", standard_severity_name(row->f->severity));
	html_begin(h, "span", "said");
	html_leaf(h, "bdi", NULL, row->f->message);
	html_leaf(h, "code", "place", row->place);
	html_end(h);
	html_begin(h, "span", "tags");
	html_leaf(h, "code", NULL, row->f->rule);
	html_leaf(h, "span", "agree", row->agree);
	html_end(h);
	html_end(h);
}

/* Numbers of lines are those of the list: they are read, copied and printed as what they are. */
static void
excerpt(struct html *h, const struct code_row *row)
{
	const char *line = row->excerpt;
	if (line[0] == '\0')
		return;
	html_begin(h, "ol", "excerpt");
	html_attrf(h, "start", "%u", row->first_line);
	for (unsigned n = row->first_line;; n++) {
		const size_t len = strcspn(line, "\n");
		html_begin(h, "li", n == row->f->line ? "here" : NULL);
		if (n == row->f->line)
			html_attr(h, "aria-current", "true");
		html_begin(h, "code", NULL);
		html_span(h, (struct assay_span){ (const unsigned char *)line, len });
		html_end(h);
		html_end(h);
		if (line[len] == '\0')
			break;
		line += len + 1;
	}
	html_end(h);
}

static void
reports(struct html *h, const struct code_row *row)
{
	if (row->report_count == 0)
		return;
	html_begin(h, "ul", "reports");
	for (size_t i = 0; i < row->report_count; i++) {
		const struct sca_seen *s = row->f->reports[i];
		html_begin(h, "li", NULL);
		html_leaf(h, "code", NULL, s->check);
		html_leaf(h, "bdi", NULL, s->message);
		html_begin(h, "span", "at");
		if (s->line > 0)
			html_textf(h, "line %u", s->line);
		html_end(h);
		html_end(h);
	}
	html_end(h);
	if (row->report_count < row->f->report_count) {
		html_begin(h, "p", "note");
		html_textf(h, "%zu more reports in findings.json", row->f->report_count - row->report_count);
		html_end(h);
	}
}

static enum assay_status
list_row(struct findings *s, const struct sca_finding *f, struct assay_error *err)
{
	struct code_row row;
	struct html *h = &s->p->h;
	TRY(code_row_of(f, is_asked(s->p, f), s->p->arena, &row, err));
	html_begin(h, "details", NULL);
	html_attrf(h, "class", "fault %s", row.look);
	html_attrf(h, "id", "finding-%s", f->identity);
	summary(h, &row);
	html_begin(h, "div", "body");
	excerpt(h, &row);
	reports(h, &row);
	html_begin(h, "dl", "about");
	for (size_t i = 0; i < row.fact_count; i++) {
		html_begin(h, "div", NULL);
		html_leaf(h, "dt", NULL, row.facts[i].term);
		html_leaf(h, "dd", NULL, row.facts[i].text);
		html_end(h);
	}
	html_end(h);
	html_end(h);
	html_end(h);
	return ASSAY_OK;
}

/* ---- how many ---- */

static void
numbers(struct findings *s)
{
	static const char *const names[] = { "High", "Medium", "Low", "Not given", "All" };
	static const enum sca_finding_state states[SCA_FINDING_STATES] = { SCA_NEW, SCA_OPEN, SCA_NOT_OBSERVED, SCA_DEVIATED,
		SCA_FALSE_POSITIVE, SCA_FIXED };
	size_t count[SCA_FINDING_STATES][SEVERITY_HIGH + 2] = { 0 };
	struct html *h = &s->p->h;
	for (size_t i = 0; i < s->count; i++) {
		count[s->rows[i]->state][s->rows[i]->severity]++;
		count[s->rows[i]->state][SEVERITY_HIGH + 1]++;
	}
	page_scroll(h, "Findings by state and severity");
	html_begin(h, "thead", NULL);
	html_begin(h, "tr", NULL);
	page_column(h, "State");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		html_begin(h, "th", "count");
		html_attr(h, "scope", "col");
		html_text(h, names[i]);
		html_end(h);
	}
	html_end(h);
	html_end(h);
	html_begin(h, "tbody", NULL);
	for (size_t i = 0; i < SCA_FINDING_STATES; i++) {
		static const int columns[] = { SEVERITY_HIGH, SEVERITY_MEDIUM, SEVERITY_LOW, SEVERITY_NOT_GIVEN, SEVERITY_HIGH + 1 };
		html_begin(h, "tr", NULL);
		html_begin(h, "th", NULL);
		html_attr(h, "scope", "row");
		html_text(h, state_words[states[i]]);
		html_end(h);
		for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++) {
			html_begin(h, "td", "count");
			html_textf(h, "%zu", count[states[i]][columns[k]]);
			html_end(h);
		}
		html_end(h);
	}
	html_end(h);
	html_end(h);
	html_end(h);
}

/* ---- filter ---- */

struct names {
	const char **items;
	size_t count;
};

static int
compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void
select_names(struct html *h, const char *name, const char *label, struct names *names)
{
	qsort(names->items, names->count, sizeof names->items[0], compare_names);
	page_select_open(h, name, label);
	for (size_t i = 0; i < names->count; i++) {
		if (i == 0 || strcmp(names->items[i - 1], names->items[i]) != 0)
			page_option(h, names->items[i], names->items[i]);
	}
	page_select_close(h);
}

/* Rules and engines of what is in the data. */
static enum assay_status
select_rules_and_engines(struct findings *s, struct assay_error *err)
{
	struct html *h = &s->p->h;
	const size_t count = s->count < PAGE_CODE_DATA_MAX ? s->count : PAGE_CODE_DATA_MAX;
	struct names names = { arena_array(s->p->arena, count * PAGE_CODE_REPORTS_MAX + 1, sizeof(char *)), 0 };
	if (names.items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++)
		names.items[names.count++] = s->rows[i]->rule;
	select_names(h, "rule", "Rule", &names);
	names.count = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < s->rows[i]->report_count && k < PAGE_CODE_REPORTS_MAX; k++)
			names.items[names.count++] = s->rows[i]->reports[k]->engine;
	}
	select_names(h, "engine", "Engine", &names);
	return ASSAY_OK;
}

static enum assay_status
filter(struct findings *s, struct assay_error *err)
{
	struct html *h = &s->p->h;
	html_begin(h, "form", "filters code-filter");
	html_attr(h, "id", "code-filter");
	html_attr(h, "role", "search");
	html_attr(h, "aria-label", "Filter the findings in code");
	html_flag(h, "hidden");
	page_find_field(h, "words", "messages, code, symbols, identities");
	page_select_open(h, "state", "State");
	for (size_t i = 0; i < SCA_FINDING_STATES; i++)
		page_option(h, state_words[i], state_words[i]);
	page_select_close(h);
	page_select_open(h, "severity", "Severity");
	for (int i = SEVERITY_HIGH; i >= SEVERITY_NOT_GIVEN; i--)
		page_option(h, standard_severity_name((enum standard_severity)i), standard_severity_name((enum standard_severity)i));
	page_select_close(h);
	TRY(select_rules_and_engines(s, err));
	page_input(h, "file", "File", "a path or its part");
	html_begin(h, "div", "actions");
	html_begin(h, "button", NULL);
	html_attr(h, "type", "reset");
	html_text(h, "Clear");
	html_end(h);
	html_begin(h, "output", NULL);
	html_attr(h, "aria-live", "polite");
	html_end(h);
	html_end(h);
	html_end(h);
	return ASSAY_OK;
}

/* What isn't listed, and where it is; with the script the next ones follow here. */
static void
rest(struct findings *s, size_t listed)
{
	struct html *h = &s->p->h;
	html_begin(h, "p", "note");
	html_attr(h, "id", "code-rest");
	if (listed < s->count)
		html_textf(h, "The first %zu of %zu are listed, with what asks for most at the top; %zu more are in findings.json.", listed,
		    s->count, s->count - listed);
	html_end(h);
	html_begin(h, "button", "more");
	html_attr(h, "id", "code-more");
	html_attr(h, "type", "button");
	html_flag(h, "hidden");
	html_text(h, "Show more");
	html_end(h);
}

enum assay_status
page_findings_index(struct page *p, struct assay_error *err)
{
	const struct sca_findings *all = p->v->findings;
	if (all == NULL)
		return ASSAY_OK;
	p->code_ids = arena_array(p->arena, all->count + 1, sizeof *p->code_ids);
	if (p->code_ids == NULL)
		return arena_full(err);
	for (size_t i = 0; i < all->count; i++)
		p->code_ids[i] = all->items[i].identity;
	p->code_id_count = all->count;
	qsort(p->code_ids, p->code_id_count, sizeof *p->code_ids, compare_names);
	return ASSAY_OK;
}

bool
page_is_code_finding(const struct page *p, const char *object)
{
	return p->code_ids != NULL && bsearch(&object, p->code_ids, p->code_id_count, sizeof *p->code_ids, compare_names) != NULL;
}

enum assay_status
page_findings(struct page *p, struct assay_error *err)
{
	struct findings s = { .p = p };
	struct plan plan;
	struct html *h = &p->h;
	if (p->v->findings == NULL)
		return ASSAY_OK;
	p->threshold = page_plan(p, &plan) ? plan.analysis.threshold : SEVERITY_LOW;
	TRY(order(&s, p->v->findings, err));
	const size_t listed = s.count < PAGE_CODE_LISTED_MAX ? s.count : PAGE_CODE_LISTED_MAX;
	html_begin(h, "section", "faults");
	html_attr(h, "aria-labelledby", "code-findings");
	page_heading(h, "code-findings", "Findings in the code");
	html_leaf(h, "p", "lead", "What engines report by the checks of the plan, one row for each fault however many engines see it; and what "
	    "the register names and nobody reports any more. A finding that isn't reported counts as fixed only with proof.");
	numbers(&s);
	if (s.count > 0)
		TRY(filter(&s, err));
	html_begin(h, "div", NULL);
	html_attr(h, "id", "code-rows");
	for (size_t i = 0; i < listed; i++)
		TRY(list_row(&s, s.rows[i], err));
	html_end(h);
	if (s.count == 0)
		html_leaf(h, "p", "note", "None. Whether everything was looked at is judged under sca.complete.");
	else
		rest(&s, listed);
	if (s.count > 0)
		TRY(page_findings_data(p, s.rows, s.count < PAGE_CODE_DATA_MAX ? s.count : PAGE_CODE_DATA_MAX, is_asked, s.count, err));
	html_end(h);
	return ASSAY_OK;
}
