/* SPDX-License-Identifier: Apache-2.0 */
/*
 * std.declared: the rows of the plan. A rule is enforced by checks that something can run, by a question that a person answers, or it
 * is not applicable, which two people have signed.
 */
#include "own_rules.h"
#include "std.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <sca/own.h>
#include <string.h>

#define REVIEW_WORDS_MIN 4
#define REASON_WORDS_MIN 2

static enum assay_status
row_gap(const struct std_state *s, const struct plan_row *row, const char *id, const char *words)
{
	return std_gap(s, id, row->rule, NULL, row->line, row->column, words);
}

static enum assay_status
check_gap(const struct std_state *s, const struct plan_row *row, const struct plan_check *check, const char *id, const char *words)
{
	return std_gap(s, id, check->text, row->rule, check->line, check->column, words);
}

/* ---- checks ---- */

static enum assay_status
note_unread(void *ctx, const struct source_file *file, const struct assay_error *why)
{
	struct std_state *s = ctx;
	(void)file;
	(void)why;
	s->own_unread = true;
	return ASSAY_OK;
}

enum assay_status
std_read_own(struct std_state *s)
{
	code_rules_init(&s->own, s->c->arena);
	TRY(code_rules_add_shipped(&s->own, s->err));
	return own_rules_read(s->c, note_unread, s, &s->own, s->err);
}

/* What a file holds that can't be read, rule.custom asks about; here it only can't be told. */
static enum assay_status
judge_own_check(const struct std_state *s, const struct plan_row *row, const struct plan_check *check)
{
	if (code_rule_find(&s->own, check->name) != NULL)
		return ASSAY_OK;
	struct judge_place place = { check->text, PLAN_PATH, check->line, check->column, row->rule };
	if (s->own_unread)
		return judge_find_at(s->c, s->v, false, "check-unread", &place, s->err,
		    "whether the own engine has the check '%s' can't be told: not all files in 'assay/rules/' can be read", check->text);
	return check_gap(s, row, check, "check-unknown", "the own engine has no check");
}

static enum assay_status
judge_checks(const struct std_state *s, const struct plan_row *row)
{
	for (size_t i = 0; i < row->check_count; i++) {
		const struct plan_check *check = &row->checks[i];
		const bool imported = plan_engine_imported(check->engine), known = imported || plan_engine_known(check->engine);
		if (CATCH(std_engine_of_nobody, !known))
			TRY(check_gap(s, row, check, "engine-unknown", "there is no engine that runs the check"));
		else if (CATCH(std_engine_left_out, known && !imported && !plan_lets_run(&s->p.analysis, check->engine)))
			TRY(check_gap(s, row, check, "engine-not-run", "'analysis: engines' leaves out who runs the check"));
		if (CATCH(std_own_check_absent, strcmp(check->engine, SCA_OWN) == 0))
			TRY(judge_own_check(s, row, check));
	}
	return ASSAY_OK;
}

/* ---- one row ---- */

static enum assay_status
judge_not_applicable(struct std_state *s, const struct plan_row *row, const struct standard_rule *rule)
{
	s->not_applicable++;
	if (CATCH(std_hollow_reason, std_hollow(row->not_applicable, REASON_WORDS_MIN)))
		TRY(row_gap(s, row, "reason-hollow", "no reason is given why it should not apply: the rule"));
	if (CATCH(std_mandatory_out, rule != NULL && !standard_may_deviate(rule)))
		return row_gap(s, row, "mandatory-not-applicable", "mandatory by its standard, and called not applicable: the rule");
	if (CATCH(std_not_applicable_unsigned, s->unsigned_why != NULL))
		return std_gap(s, "not-applicable-unsigned", row->rule, NULL, row->line, row->column,
		    arena_printf(s->c->arena, "called not applicable, and nobody has approved that (%s): the rule", s->unsigned_why));
	return ASSAY_OK;
}

static enum assay_status
judge_row(struct std_state *s, const struct plan_row *row, const struct standard_rule *rule)
{
	s->rules++;
	if (CATCH(std_category_lowered, rule != NULL && row->category != CATEGORY_NOT_GIVEN
	    && !standard_may_recategorise(rule, row->category)))
		TRY(row_gap(s, row, "category-lowered", "less binding than its standard has it: the rule"));
	if (row->not_applicable != NULL)
		return judge_not_applicable(s, row, rule);
	if (CATCH(std_blank_row, row->check_count == 0 && row->review == NULL))
		return row_gap(s, row, "rule-blank", "neither a check nor a question enforces the rule");
	s->with_checks += row->check_count > 0;
	s->with_review += row->review != NULL;
	if (CATCH(std_hollow_question, row->review != NULL && std_hollow(row->review, REVIEW_WORDS_MIN)))
		TRY(row_gap(s, row, "review-hollow", "what is to be asked at review can't be told from the row of the rule"));
	return judge_checks(s, row);
}

/* ---- all rows ---- */

static enum assay_status
unknown_rule(const struct std_state *s, const struct plan_row *row, const struct standard *catalogue)
{
	const char *ids[STANDARD_RULES_MAX];
	for (size_t i = 0; i < catalogue->count; i++)
		ids[i] = catalogue->rules[i].id;
	const char *near = text_nearest(row->rule, ids, catalogue->count);
	return row_gap(s, row, "rule-unknown", near == NULL ? "its standard has no rule"
		: arena_printf(s->c->arena, "its standard has no such rule, but '%s':", near));
}

static enum assay_status
judge_catalogued(struct std_state *s, const struct plan_standard *ps, const struct standard *catalogue)
{
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct plan_row *row = plan_row(ps, catalogue->rules[i].id);
		if (row != NULL)
			TRY(judge_row(s, row, &catalogue->rules[i]));
		else if (CATCH(std_rule_left_out, row == NULL))
			TRY(std_gap(s, "rule-missing", catalogue->rules[i].id, ps->id, ps->line, ps->column,
			    "the plan has no row for the rule"));
	}
	for (size_t i = 0; i < ps->count; i++) {
		if (CATCH(std_rule_of_nobody, standard_rule(catalogue, ps->rows[i].rule) == NULL))
			TRY(unknown_rule(s, &ps->rows[i], catalogue));
	}
	return ASSAY_OK;
}

enum assay_status
std_judge_rows(struct std_state *s, const struct plan_standard *ps, const struct standard *catalogue)
{
	if (catalogue != NULL)
		return judge_catalogued(s, ps, catalogue);
	for (size_t i = 0; i < ps->count; i++) {
		const struct plan_row *row = &ps->rows[i];
		TRY(judge_row(s, row, NULL));
		if (CATCH(std_own_untitled, row->title == NULL || std_hollow(row->title, REASON_WORDS_MIN)))
			TRY(row_gap(s, row, "own-rule-untitled", "what it demands isn't said: the maker's own rule"));
	}
	if (CATCH(std_own_empty, ps->count == 0))
		return std_gap(s, "own-standard-empty", ps->id, NULL, ps->line, ps->column, "without a single rule: the standard");
	return ASSAY_OK;
}
