/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The account of a plan of coding standards, as text and as JSON.
 */
#include "rules.h"
#include "shown.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <report/standard.h>
#include <string.h>

/* Columns of a rule's name. */
#define RULE_WIDTH_LEAST 8
#define RULE_WIDTH_MOST 28

/* ---- text ---- */

static void
add_escaped(struct buf *out, const char *text)
{
	text_escape(out, assay_span_str(text), false);
}

static void
add_day(struct buf *out, const char *label, int64_t when)
{
	char day[WHEN_TEXT_SIZE];
	if (when == WHEN_MIN)
		return;
	when_format_date(when, day);
	buf_addf(out, ", %s %s", label, day);
}

static void
add_header(const struct report_standard *r, const struct plan_standard *ps, struct buf *out)
{
	const struct standard *s = standards_find(r->catalogue, ps->id);
	buf_addf(out, "%s  %s", ps->id, s != NULL ? s->title : strcmp(ps->id, PLAN_OWN) == 0 ? "rules of one's own" : "not in the catalogue");
	buf_add_str(out, ", edition ");
	add_escaped(out, ps->version != NULL ? ps->version : "not given");
	add_day(out, "approved", ps->approved);
	add_day(out, "review by", ps->review_by);
	buf_add_str(out, ", for ");
	for (size_t i = 0; i < ps->languages.count; i++)
		buf_addf(out, "%s%s", i == 0 ? "" : ", ", ps->languages.items[i]);
	buf_add_str(out, "\n");
}

/* What the row says, on a line of its own. */
static void
add_means(const struct plan_row *row, struct buf *out)
{
	if (row == NULL)
		return;
	for (size_t i = 0; i < row->check_count; i++) {
		buf_add_str(out, i == 0 ? "      " : ", ");
		add_escaped(out, row->checks[i].text);
	}
	if (row->check_count > 0)
		buf_add_str(out, "\n");
	if (row->review == NULL && row->not_applicable == NULL)
		return;
	buf_add_str(out, "      ");
	add_escaped(out, row->review != NULL ? row->review : row->not_applicable);
	buf_add_str(out, "\n");
}

/* So that columns stand below one another within a standard, unless a name is very long. */
static int
rule_width(const struct account *a, const struct plan_standard *ps)
{
	size_t width = RULE_WIDTH_LEAST;
	for (size_t i = 0; i < a->count; i++) {
		const size_t len = strlen(a->entries[i].rule);
		if (a->entries[i].standard == ps && len > width && len <= RULE_WIDTH_MOST)
			width = len;
	}
	return (int)width;
}

/* What the analysis says of it, on a line of its own. */
static void
add_shown(const struct report_shown *s, const struct account_entry *e, struct buf *out)
{
	const struct sca_demo *d = report_shown_demo(s, e);
	const struct report_tally t = report_shown_tally(s, e);
	if (d == NULL && t.all == 0)
		return;
	buf_add_str(out, "      ");
	if (d != NULL)
		buf_addf(out, "%s: %zu of %zu faults caught, %zu of %zu sound flagged", report_demo_state(d)->words, d->caught, d->bad,
		    d->flagged, d->good);
	if (t.all > 0)
		buf_addf(out, "%s%zu open finding%s, %zu under a deviation", d != NULL ? "; " : "", t.open, t.open == 1 ? "" : "s", t.deviated);
	buf_add_str(out, "\n");
}

static void
add_entry(const struct report_shown *s, const struct account_entry *e, int width, struct buf *out)
{
	char level[16] = "";
	if (e->facts != NULL && e->facts->level > 0)
		(void)snprintf(level, sizeof level, "L%u", e->facts->level);
	buf_addf(out, "  %-*s %-2s %-6s %-9s %-17s ", width, e->rule, level,
	    e->severity != SEVERITY_NOT_GIVEN ? standard_severity_name(e->severity) : "-",
	    e->category != CATEGORY_NOT_GIVEN ? standard_category_name(e->category) : "-", account_how_name(e->how));
	add_escaped(out, e->title != NULL ? e->title : "");
	buf_add_str(out, "\n");
	add_means(e->row, out);
	add_shown(s, e, out);
}

static void
add_source(const struct report_standard *r, struct buf *out)
{
	char day[WHEN_TEXT_SIZE];
	if (r->judged == NULL)
		return;
	when_format_date(r->judged->date, day);
	buf_add_str(out, "demonstrated and found by the check of ");
	add_escaped(out, r->judged->subject);
	buf_addf(out, ", judged for %s\n", day);
}

static enum assay_status
take_shown(const struct report_standard *r, struct report_shown *ret_shown, struct assay_error *err)
{
	*ret_shown = (struct report_shown){ 0 };
	return r->judged == NULL ? ASSAY_OK : report_shown_make(r->judged, r->arena, ret_shown, err);
}

enum assay_status
report_standard_text(const struct report_standard *r, struct buf *out, struct assay_error *err)
{
	/* From the best to the worst reads better than the order of the enum. */
	static const enum account_how order[ACCOUNT_HOWS] = { ACCOUNT_CHECKS, ACCOUNT_CHECKS_REVIEW, ACCOUNT_REVIEW,
		ACCOUNT_NOT_APPLICABLE, ACCOUNT_BLANK, ACCOUNT_MISSING, ACCOUNT_NO_RULE };
	const struct account *a = r->account;
	struct report_shown shown;
	int width = 0;
	TRY(take_shown(r, &shown, err));
	for (size_t i = 0; i < a->count; i++) {
		if (i == 0 || a->entries[i].standard != a->entries[i - 1].standard) {
			buf_add_str(out, i == 0 ? "" : "\n");
			add_header(r, a->entries[i].standard, out);
			width = rule_width(a, a->entries[i].standard);
		}
		add_entry(&shown, &a->entries[i], width, out);
	}
	buf_addf(out, "%s%zu rule%s", a->count > 0 ? "\n" : "", a->count, a->count == 1 ? "" : "s");
	for (size_t i = 0; i < ACCOUNT_HOWS; i++) {
		if (a->by_how[order[i]] > 0)
			buf_addf(out, ", %zu %s", a->by_how[order[i]], account_how_name(order[i]));
	}
	buf_add_str(out, "\n");
	add_source(r, out);
	return buf_status(out, "the account", err);
}

/* ---- JSON ---- */

static json_t *
cwes_of(const struct standard_rule *rule)
{
	json_t *list = json_array();
	for (size_t i = 0; rule != NULL && i < rule->cwe_count; i++)
		(void)json_array_append_new(list, json_integer(rule->cwes[i]));
	return list;
}

json_t *
report_json_checks(const struct plan_row *row)
{
	json_t *list = json_array();
	for (size_t i = 0; row != NULL && i < row->check_count; i++)
		(void)json_array_append_new(list, json_pack("{s:s, s:s}", "check", row->checks[i].name, "engine", row->checks[i].engine));
	return list;
}

static json_t *
number_or_null(unsigned n)
{
	return n > 0 ? json_integer(n) : json_null();
}

/* A word of a scale, or null for what isn't given: enums begin with that. */
static json_t *
word_or_null(int given, const char *word)
{
	return given != 0 ? json_string(word) : json_null();
}

json_t *
report_json_rule(const struct standard_rule *rule)
{
	static const struct standard_rule none;
	static const struct yaml_strings nothing;
	const struct standard_rule *f = rule != NULL ? rule : &none;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s?, s:o}", "cwe", cwes_of(rule), "decidability",
	    word_or_null((int)f->decidability, standard_decidability_name(f->decidability)), "detectable",
	    word_or_null((int)f->detectable, standard_answer_name(f->detectable)), "level", number_or_null(f->level), "likelihood",
	    word_or_null((int)f->likelihood, standard_likelihood_name(f->likelihood)), "priority", number_or_null(f->priority),
	    "remediation_cost", word_or_null((int)f->remediation, standard_remediation_name(f->remediation)), "repairable",
	    word_or_null((int)f->repairable, standard_answer_name(f->repairable)), "group", f->group, "unconfirmed",
	    report_json_strings(rule != NULL ? &f->unconfirmed : &nothing));
}

/* null: the rule has no checks, or nothing was demonstrated. */
static json_t *
demonstrated_of(const struct report_standard *r, const struct sca_demo *d)
{
	char day[WHEN_TEXT_SIZE];
	if (d == NULL)
		return json_null();
	when_format_date(r->judged->date, day);
	return json_pack("{s:I, s:I, s:s, s:I, s:I, s:I, s:s, s:s}", "bad", (json_int_t)d->bad, "caught", (json_int_t)d->caught, "day", day,
	    "flagged", (json_int_t)d->flagged, "good", (json_int_t)d->good, "not-run", (json_int_t)d->not_run, "state",
	    report_demo_state(d)->code, "subject", r->judged->subject);
}

static json_t *
count_or_null(bool known, size_t n)
{
	return known ? json_integer((json_int_t)n) : json_null();
}

static json_t *
entry_of(const struct report_standard *r, const struct report_shown *shown, const struct account_entry *e)
{
	const struct plan_row *row = e->row;
	json_t *object = report_json_rule(e->facts);
	const struct report_tally t = report_shown_tally(shown, e);
	const bool known = shown->tallies != NULL;
	CLEANUP(canon_unref) json_t *more = json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:s?, s:s, s:s?, s:s, s:o, s:s, s:s?, s:s?}",
	    "category", word_or_null((int)e->category, standard_category_name(e->category)), "checks", report_json_checks(row), "demonstrated",
	    demonstrated_of(r, report_shown_demo(shown, e)), "deviations", count_or_null(known, t.deviated), "enforced",
	    account_how_name(e->how), "findings", count_or_null(known, t.open), "languages", report_json_strings(&e->standard->languages), "line",
	    number_or_null(row != NULL ? row->line : 0), "not_applicable", row != NULL ? row->not_applicable : NULL, "plan",
	    r->plan, "review", row != NULL ? row->review : NULL, "rule", e->rule, "severity",
	    word_or_null((int)e->severity, standard_severity_name(e->severity)), "standard", e->standard->id, "title", e->title, "version",
	    e->standard->version);
	if (object == NULL || more == NULL || json_object_update(object, more) != 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

enum assay_status
report_standard_json(const struct report_standard *r, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *list = json_array();
	struct report_shown shown;
	TRY(take_shown(r, &shown, err));
	for (size_t i = 0; i < r->account->count; i++) {
		json_t *entry = entry_of(r, &shown, &r->account->entries[i]);
		if (entry == NULL || json_array_append_new(list, entry) != 0)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer");
	}
	return report_json_write(list, out, err);
}
