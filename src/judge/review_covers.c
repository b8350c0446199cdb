/* SPDX-License-Identifier: Apache-2.0 */
/*
 * review.covers: each state of security-relevant code was looked at, at all five points.
 */
#include "reviews.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <sca/ask.h>
#include <string.h>

static enum assay_status
judge_path(const struct reviews *s, const struct review_path *p)
{
	const char *path = p->file->path;
	struct judge_place place = { path, path, 0, 0, NULL };
	const char *by = p->by != NULL ? p->by->file->path : "";
	if (CATCH(change_unreviewed, p->cover == COVER_NEVER))
		return judge_find_at(s->c, s->v, true, "change-unreviewed", &place, s->err, "no review that counts is of '%s'", path);
	if (CATCH(change_since_review, p->cover == COVER_CHANGED))
		return judge_find_at(s->c, s->v, true, "change-unreviewed", &place, s->err,
		    "no review that counts is of '%s' as it is: '%s' is of another state of it", path, by);
	if (CATCH(change_begins_unreviewed, p->cover == COVER_BEGINS))
		return judge_find_at(s->c, s->v, true, "review-begins-unreviewed", &place, s->err,
		    "'%s' is of what changed in '%s' since a state that nobody reviewed", by, path);
	if (CATCH(relevant_link, p->cover == COVER_LINK))
		return judge_find_at(s->c, s->v, false, "relevant-link", &place, s->err,
		    "'%s' is a link: what it leads to was reviewed under no such name", path);
	if (CATCH(relevant_submodule, p->cover == COVER_SUBMODULE))
		return judge_find_at(s->c, s->v, false, "relevant-submodule", &place, s->err,
		    "'%s' is a submodule: its code isn't in this history", path);
	if (p->cover == COVER_UNSEEN)
		return judge_find_at(s->c, s->v, false, "cut-over-unseen", &place, s->err,
		    "no review that counts is of '%s', and whether it was the same when the policy cut over can't be told", path);
	return ASSAY_OK;
}

/* A pattern that matches nothing asks for no review. */
static enum assay_status
judge_patterns(const struct reviews *s)
{
	for (size_t i = 0; i < s->relevant->count; i++) {
		const char *pattern = s->relevant->items[i];
		bool found = false;
		for (size_t k = 0; k < s->path_count && !found; k++)
			found = plan_path_under(pattern, s->paths[k].file->path);
		if (CATCH(relevant_path_empty, !found))
			TRY(judge_find(s->c, s->v, false, "relevant-path-not-there", pattern, NULL, s->err,
			    "'%s' is security-relevant by " PLAN_PATH ", and no file is there", pattern));
	}
	return ASSAY_OK;
}

/* Whether a review that counts asks about the rule at point (b). */
static bool
is_asked(const struct reviews *s, const char *rule)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct review_seen *seen = &s->items[i];
		for (size_t k = 0; seen->counts && k < seen->r.question_count; k++) {
			const struct review_question *q = &seen->r.questions[k];
			if (q->point == REVIEW_STANDARD && ask_names(q->ask, rule))
				return true;
		}
	}
	return false;
}

/* Whether some file that needs a review is in a language of the standard. */
static bool
is_concerned(const struct reviews *s, const struct plan_standard *standard)
{
	for (size_t i = 0; i < s->path_count; i++) {
		if (ask_concerns(standard, s->paths[i].file->path))
			return true;
	}
	return false;
}

/* Rules that the plan leaves to reviewers are enforced by nobody unless a reviewer is asked. */
static enum assay_status
judge_rules(const struct reviews *s)
{
	for (size_t i = 0; s->has_plan && i < s->plan.count; i++) {
		const struct plan_standard *standard = &s->plan.standards[i];
		for (size_t k = 0; is_concerned(s, standard) && k < standard->count; k++) {
			const struct plan_row *row = &standard->rows[k];
			struct judge_place place = { row->rule, PLAN_PATH, row->line, row->column, NULL };
			if (row->review != NULL && CATCH(review_rule_unasked, !is_asked(s, row->rule)))
				TRY(judge_find_at(s->c, s->v, true, "rule-not-asked", &place, s->err,
				    "the plan leaves %s to reviews, and no review that counts asks about it", row->rule));
		}
	}
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "change-unreviewed", "'assay review status' lists what is left; 'assay review start' writes the questions" },
	{ "review-begins-unreviewed", "review the whole file once: 'assay review start --whole'" },
	{ "review-unanswered", "answer it in the record: none with a reason, found with ids, or text; then sign again" },
	{ "answer-says-nothing", "say what was looked at and why nothing was found" },
	{ "answer-without-reason", "give the reason in a sentence" },
	{ "answer-copied", "say what you saw, and not what was asked" },
	{ "answers-all-alike", "answer each question by itself" },
	{ "review-without-point", "have 'assay review start' write the questions, and leave none out" },
	{ "review-passes-over-file", "have 'assay review start' write the questions, and leave none out" },
	{ "review-passes-over-interface", "have 'assay review start' write the questions, and leave none out" },
	{ "review-unread", "'assay review check FILE' says what is wrong with it" },
	{ "relevant-link", "review what it leads to under its own name, and replace the link" },
	{ "relevant-submodule", "check the submodule's repository by itself" },
	{ "relevant-path-not-there", "correct analysis: security-relevant: in " PLAN_PATH },
	{ "cut-over-unseen", "see repo.trusted-clone: trees are missing" },
	{ "rule-not-asked", "start the next review after the rule came into the plan: it is asked then" },
	{ NULL, "see assay-review(5)" },
};

enum assay_status
judge_review_covers(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct reviews s;
	uint64_t covers[COVERS] = { 0 }, none = 0, answered = 0, bulk = 0, counting = 0;
	TRY(reviews_read(c, v, REVIEW_PART_COVERS, &s, err));
	TRY(judge_patterns(&s));
	TRY(judge_rules(&s));
	for (size_t i = 0; i < s.path_count; i++) {
		covers[s.paths[i].cover]++;
		TRY(judge_path(&s, &s.paths[i]));
	}
	for (size_t i = 0; i < s.count; i++) {
		none += s.items[i].gaps.none;
		answered += s.items[i].gaps.answered;
		bulk += s.items[i].gaps.alike > 1 ? s.items[i].gaps.alike : 0;
		counting += s.items[i].counts;
	}
	judge_count(v, "security-relevant files", s.path_count);
	judge_count(v, "files as they were reviewed", covers[COVER_REVIEWED]);
	judge_count(v, "files as at the cut-over", covers[COVER_EXEMPT]);
	judge_count(v, "reviews", s.count);
	judge_count(v, "reviews that count", counting);
	judge_count(v, "answers", answered);
	judge_count(v, "answers of none", none);
	judge_count(v, "answers in words that stand more than once", bulk);
	return judge_conclude(c, v, s.path_count, "all security-relevant code was reviewed as it is, at all five points", advice, err);
}
