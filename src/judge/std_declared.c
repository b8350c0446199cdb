/* SPDX-License-Identifier: Apache-2.0 */
/*
 * std.declared: a dated secure coding standard for each language in use, and a plan that says for every rule how it is enforced.
 * Whether a check catches what it is named for is sca.demonstrated's to show.
 */
#include "rows.h"
#include "std.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <string.h>

/* A standard that is to be looked at again in more than three years won't be. */
#define REVIEW_DAYS_MAX 1096

enum assay_status
std_gap(const struct std_state *s, const char *id, const char *object, const char *about, unsigned line, unsigned column,
    const char *words)
{
	struct judge_place place = { object, PLAN_PATH, line, column, about };
	if (words == NULL)
		return arena_full(s->err);
	return judge_find_at(s->c, s->v, true, id, &place, s->err, "%s '%s'", words, object);
}

bool
std_hollow(const char *text, size_t least_words)
{
	size_t words = 0;
	for (const char *p = text; *p != '\0';) {
		const size_t len = strcspn(p, " \t\n");
		const size_t before = strcspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
		words += len > 0 && (before < len || (unsigned char)*p >= 0x80);
		p += len + strspn(p + len, " \t\n");
	}
	return words < least_words;
}

/* ---- one standard ---- */

static enum assay_status
gap(const struct std_state *s, const struct plan_standard *ps, const char *id, const char *words)
{
	return std_gap(s, id, ps->id, NULL, ps->line, ps->column, words);
}

static enum assay_status
judge_dates(const struct std_state *s, const struct plan_standard *ps)
{
	const int64_t by = ps->review_by, on = ps->approved;
	if (CATCH(std_without_edition, ps->version == NULL))
		TRY(gap(s, ps, "no-version", "which edition is followed isn't said of the standard"));
	if (CATCH(std_undated, on == WHEN_MIN))
		TRY(gap(s, ps, "not-dated", "no day of approval is given for the standard"));
	if (CATCH(std_approved_ahead, on > s->c->input->date + WHEN_DAY - 1))
		TRY(gap(s, ps, "approved-in-future", "approved on a day that is yet to come: the standard"));
	if (CATCH(std_never_reviewed, by == WHEN_MIN))
		return gap(s, ps, "no-review-date", "no day of review is given for the standard");
	if (CATCH(std_review_overdue, when_day(by) < s->c->input->date))
		return gap(s, ps, "review-overdue", "past the day by which it was to be reviewed: the standard");
	if (CATCH(std_review_far, on != WHEN_MIN && (by < on || by - on > (int64_t)REVIEW_DAYS_MAX * WHEN_DAY)))
		return gap(s, ps, "review-too-far", "to be reviewed before its approval, or more than three years after: the standard");
	return ASSAY_OK;
}

static bool
is_for(const struct standard *catalogue, const char *language)
{
	for (size_t i = 0; i < catalogue->languages.count; i++) {
		if (strcmp(catalogue->languages.items[i], language) == 0)
			return true;
	}
	return false;
}

static enum assay_status
judge_standard(struct std_state *s, const struct plan_standard *ps)
{
	const bool own = strcmp(ps->id, PLAN_OWN) == 0;
	const struct standard *catalogue = own ? NULL : standards_find(s->catalogue, ps->id);
	TRY(judge_dates(s, ps));
	if (CATCH(std_of_nobody, catalogue == NULL && !own))
		return gap(s, ps, "standard-unknown", "the catalogue has no standard");
	for (size_t i = 0; catalogue != NULL && i < ps->languages.count; i++) {
		if (CATCH(std_of_another_language, !is_for(catalogue, ps->languages.items[i])))
			TRY(std_gap(s, "standard-wrong-language", ps->languages.items[i], ps->id, ps->line, ps->column,
			    arena_printf(s->c->arena, "'%s' is no standard for", ps->id)));
	}
	return std_judge_rows(s, ps, catalogue);
}

/* ---- all of it ---- */

/* What two people have to sign is the record: whoever changes a reason needs their signatures anew. */
static enum assay_status
read_signatures(struct std_state *s)
{
	const char *role = s->c->input->policy->exception_role;
	const struct source_file *file = record_file(s->c, PLAN_PATH);
	const struct signoff_seen *approval = NULL;
	struct signoffs signoffs;
	s->unsigned_why = "policy.yaml names no role that approves exceptions";
	if (role == NULL || file == NULL)
		return ASSAY_OK;
	TRY(signoffs_read(s->c, s->sources, &signoffs, s->err));
	if (signoffs_approved(&signoffs, file, role, &approval, &s->unsigned_why)) {
		s->unsigned_why = NULL;
		return ASSAY_OK;
	}
	return s->unsigned_why != NULL ? ASSAY_OK : arena_full(s->err);
}

static enum assay_status
judge_plan(struct std_state *s)
{
	TRY(read_signatures(s));
	TRY(std_read_own(s));
	for (size_t i = 0; i < s->p.count; i++)
		TRY(judge_standard(s, &s->p.standards[i]));
	TRY(std_judge_languages(s));
	judge_count(s->v, "standards", s->p.count);
	judge_count(s->v, "rules", s->rules);
	judge_count(s->v, "rules with checks", s->with_checks);
	judge_count(s->v, "rules with a question for review", s->with_review);
	judge_count(s->v, "rules not applicable", s->not_applicable);
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "no-standard", "let 'assay init' propose one, or write " PLAN_PATH " by assay-standard(5)" },
	{ "record-malformed", "correct the place that is named; assay-standard(5) has the format" },
	{ "record-unread", "put a plain file of less than a mebibyte there" },
	{ "language-without-standard", "name a standard with this language, or 'own' with rules of yours; what isn't yours goes under "
				       "'analysis: exclude' with its reason" },
	{ "everything-excluded", "leave out only what others wrote and maintain" },
	{ "exclude-hollow", "say whose code it is and who analyses it" },
	{ "standard-unknown", "name one of the catalogue ('assay standard --json' lists them), or write your rules under 'own'" },
	{ "standard-wrong-language", "name a standard for that language, or write your rules under 'own'" },
	{ "rule-missing", "add a row for it: checks, review, or not-applicable with its reason" },
	{ "rule-blank", "write checks or a question for review into its row" },
	{ "rule-unknown", "correct the rule's name" },
	{ "review-hollow", "ask what the reviewer shall look for, in a whole sentence" },
	{ "reason-hollow", "say in a few words why the rule can't be broken here" },
	{ "engine-unknown", "name gcc, clang, clang-tidy, cppcheck, flawfinder, assay, or import:NAME for an analyser whose report you "
			    "import" },
	{ "check-unknown", "correct its name, or write the rule into a file in assay/rules/" },
	{ "check-unread", "correct the file: rule.custom names the place" },
	{ "engine-not-run", "add the engine to 'analysis: engines', or enforce the rule in another way" },
	{ "not-applicable-unsigned", "have it requested and approved by two people: assay signoff " PLAN_PATH " --act request, then --act "
				     "approve" },
	{ "mandatory-not-applicable", "enforce it: nothing excuses from a mandatory rule" },
	{ "category-lowered", "leave the category out, or raise it" },
	{ "no-version", "enter the edition that is followed under version" },
	{ "not-dated", "enter the day of approval under approved" },
	{ "approved-in-future", "enter the day on which it was approved" },
	{ "no-review-date", "enter review-by" },
	{ "review-overdue", "review it, approve it again, and enter the next review-by" },
	{ "review-too-far", "choose an earlier review-by" },
	{ "own-rule-untitled", "say under title what the rule demands" },
	{ "own-standard-empty", "list your rules, or name a standard of the catalogue" },
	{ "too-much-to-match", "name folders under 'analysis: exclude', without '*'" },
	{ "no-source", "name the languages by assay-standard(5), or check the repository that holds the code" },
	{ NULL, "see assay-standard(5)" },
};

static enum assay_status
parse(struct assay_span yaml, const char *name, struct arena *arena, void *ret_record, struct assay_error *err)
{
	return plan_parse(yaml, name, arena, ret_record, err);
}

enum assay_status
judge_std_declared(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	static const struct record_kind kind = { PLAN_PATH, "no-standard",
		"there is no '" PLAN_PATH "': which coding standard is followed is written nowhere that could be read", parse };
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	struct std_state s = { .c = c, .v = v, .sources = &tree->sources, .err = err };
	bool read = false;
	TRY(standards_load(c->arena, &s.catalogue, err));
	TRY(record_read(c, v, &kind, &s.p, &read, err));
	if (read)
		TRY(judge_plan(&s));
	return judge_conclude(c, v, s.rules,
	    "each language has a dated standard, and each of its rules a check, a question for review or a signed reason", advice, err);
}
