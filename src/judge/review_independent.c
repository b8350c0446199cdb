/* SPDX-License-Identifier: Apache-2.0 */
/*
 * review.independent: for each commit that a review is of, somebody signed it who had no part in that commit, holds the role, and whose
 * competence for it was shown. Two reviewers may look at each other's work; nobody's own work is looked at by themselves alone.
 */
#include "record.h"
#include "reviews.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <policy/competence.h>
#include <string.h>

/* Commits of all reviews together. */
#define STEPS_MAX ((uint64_t)1 << 30)
#define BEFORE 1u
#define INSIDE 2u

struct state {
	struct reviews s;
	struct competence competence;
	bool has_competence;
	unsigned char *flags;
	uint64_t steps, commits, looked_at;
};

static enum assay_status
find(const struct state *x, const struct review_seen *seen, bool gap, const char *code, const char *about, const char *words)
{
	struct judge_place place = { seen->file->path, seen->file->path, 1, 1, about };
	if (words == NULL)
		return arena_full(x->s.err);
	return judge_find_at(x->s.c, x->s.v, gap, code, &place, x->s.err, "review '%s': %s", seen->file->path, words);
}

/* ---- what a commit touched ---- */

/* What it holds there is none of its parents'. Where a tree wasn't seen, it is taken to be its own. */
static bool
is_its_own(const struct state *x, uint32_t commit, const char *path)
{
	const struct history *h = x->s.h;
	const struct history_commit *c = &h->commits[commit];
	struct git_tree_entry now, then;
	const enum reviewed_found here = reviewed_find(x->s.trees, &c->tree, path, &now);
	if (here == REVIEWED_UNSEEN)
		return true;
	for (uint32_t i = 0; i < c->parent_count; i++) {
		if (c->parents[i] == HISTORY_NONE)
			return true;
		const enum reviewed_found before = reviewed_find(x->s.trees, &h->commits[c->parents[i]].tree, path, &then);
		if (before == REVIEWED_UNSEEN)
			return true;
		if (before == here && (here == REVIEWED_ABSENT || (oid_compare(&now.id, &then.id) == 0 && now.mode == then.mode)))
			return false;
	}
	return here == REVIEWED_THERE || c->parent_count > 0;
}

/* Who only brought along what others wrote, or the record of an earlier review, is no author of it. */
static bool
touches(struct state *x, const struct review_seen *seen, uint32_t commit)
{
	for (size_t i = 0; i < seen->r.file_count; i++) {
		const struct review_file *f = &seen->r.files[i];
		x->steps++;
		if (is_its_own(x, commit, f->path) || (f->moved_from != NULL && is_its_own(x, commit, f->moved_from)))
			return true;
	}
	return false;
}

/* ---- authors ---- */

static bool
had_a_part(const struct review_people *p, const struct roster_entry *who)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->who[i]->id, who->id) == 0)
			return true;
	}
	return false;
}

static bool
has_another(const struct review_seen *seen, const struct review_people *p)
{
	for (size_t i = 0; i < seen->signer_count; i++) {
		const bool part = had_a_part(p, seen->signers[i].who);
		if (!CATCH(reviewer_is_author, part))
			return true;
	}
	return false;
}

static enum assay_status
judge_commit(struct state *x, const struct review_seen *seen, uint32_t commit)
{
	struct arena *arena = x->s.c->arena;
	const struct history_commit *c = &x->s.h->commits[commit];
	struct review_people people;
	const bool part = touches(x, seen, commit);
	if (!part)
		return ASSAY_OK;
	x->commits++;
	const char *hex = reviews_hex(&x->s, &c->id);
	if (hex == NULL)
		return arena_full(x->s.err);
	reviews_people(&x->s, commit, &people);
	if (CATCH(review_author_malformed, c->malformed || people.more))
		return find(x, seen, false, "author-unread", hex, arena_printf(arena, "who made commit %s can't be told", hex));
	if (!has_another(seen, &people))
		TRY(find(x, seen, true, "reviewer-is-author", hex,
		    arena_printf(arena, "everybody who signed it had a part in commit %s", hex)));
	for (size_t i = 0; i < people.stranger_count; i++) {
		const char *who = arena_copy(arena, people.strangers[i]);
		if (who == NULL)
			return arena_full(x->s.err);
		if (CATCH(review_author_stranger, true))
			TRY(find(x, seen, false, "author-not-on-roster", who,
			    arena_printf(arena, "whether '%s', who had a part in commit %s, is a reviewer can't be told", who, hex)));
	}
	return ASSAY_OK;
}

/* What head leads to and base doesn't; without a base, all of it. The past before a cut-over is nobody's to account for. */
static enum assay_status
judge_range(struct state *x, const struct review_seen *seen)
{
	const struct scope *scope = x->s.scope;
	if (seen->signer_count == 0)
		return ASSAY_OK;
	if (CATCH(review_authors_unseen, seen->head == HISTORY_NONE))
		return find(x, seen, false, "review-head-unseen", NULL, "who wrote what it is of can't be told: its commit isn't in the history");
	if (seen->head == HISTORY_NONE)
		return ASSAY_OK;
	memset(x->flags, 0, x->s.h->commit_count);
	if (seen->base != HISTORY_NONE)
		x->steps += scope_mark(scope, x->flags, BEFORE, seen->base);
	for (uint32_t i = 0; i < x->s.h->commit_count; i++)
		x->flags[i] |= (unsigned char)((x->flags[i] & BEFORE) != 0 ? INSIDE : 0);
	const uint32_t count = scope_mark(scope, x->flags, INSIDE, seen->head);
	uint32_t *range = arena_array(x->s.c->arena, (size_t)count + 1, sizeof *range);
	if (range == NULL)
		return arena_full(x->s.err);
	memcpy(range, scope->stack, count * sizeof *range);
	x->steps += count;
	for (uint32_t i = 0; i < count && x->steps <= STEPS_MAX; i++) {
		if ((scope->commits[range[i]] & SCOPE_EXEMPT) == 0)
			TRY(judge_commit(x, seen, range[i]));
	}
	if (x->steps > STEPS_MAX)
		return judge_find(x->s.c, x->s.v, false, "reviews-too-many", NULL, NULL, x->s.err, "more commits were reviewed than are looked at");
	return ASSAY_OK;
}

/* ---- competence ---- */

static enum assay_status
judge_signer(struct state *x, const struct review_seen *seen, const struct review_signer *signer)
{
	const char *role = x->s.c->input->policy->review_role, *id = signer->who->id;
	struct arena *arena = x->s.c->arena;
	const struct competence_entry *other = NULL;
	if (role == NULL || !x->has_competence)
		return ASSAY_OK;
	const struct competence_entry *now = competence_at(&x->competence, id, role, signer->signoff->s.date, &other);
	if (CATCH(reviewer_incompetent, now == NULL && other == NULL))
		return find(x, seen, true, "reviewer-without-competence", id,
		    arena_printf(arena, "no record of " COMPETENCE_PATH " shows the competence of %s as %s", id, role));
	if (CATCH(reviewer_competence_ended, now == NULL && other != NULL))
		return find(x, seen, true, "reviewer-competence-ended", id,
		    arena_printf(arena, "the competence of %s as %s wasn't shown for the day that it was signed", id, role));
	return ASSAY_OK;
}

static enum assay_status
parse_competence(struct assay_span yaml, const char *name, struct arena *arena, void *ret_record, struct assay_error *err)
{
	return competence_parse(yaml, name, arena, ret_record, err);
}

static enum assay_status
read_competence(struct state *x)
{
	static const struct record_kind kind = { COMPETENCE_PATH, "no-competence-record",
		"no " COMPETENCE_PATH " shows that reviewers can do it", parse_competence };
	return record_read(x->s.c, x->s.v, &kind, &x->competence, &x->has_competence, x->s.err);
}

static const struct judge_advice advice[] = {
	{ "review-unsigned", "'assay signoff FILE --act review --role ROLE' by a reviewer" },
	{ "reviewer-is-author", "have somebody sign who had no part in that commit; two reviewers may sign the same record" },
	{ "author-not-on-roster", "enter the address in assay/roster.yaml, under the person or platform whose it is" },
	{ "author-unread", "see repo.signed" },
	{ "review-head-unseen", "keep the commits that were reviewed: merge them instead of squashing" },
	{ "no-review-role", "name it in assay/policy.yaml: reviews: {role: security-reviewer}" },
	{ "no-competence-record", "write assay/competence.yaml: who may review, by what it was shown, until when" },
	{ "reviewer-without-competence", "enter where the record of training or experience lies in assay/competence.yaml" },
	{ "reviewer-competence-ended", "have somebody review it whose competence is current" },
	{ NULL, "see assay-review(5) and assay-competence(5)" },
};

enum assay_status
judge_review_independent(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state x = { .steps = 0 };
	TRY(reviews_read(c, v, REVIEW_PART_INDEPENDENT, &x.s, err));
	x.flags = arena_array(c->arena, (size_t)x.s.h->commit_count + 1, 1);
	if (x.flags == NULL)
		return arena_full(err);
	if (CATCH(no_review_role, x.s.count > 0 && c->input->policy->review_role == NULL))
		TRY(judge_find(c, v, false, "no-review-role", NULL, NULL, err, "the policy doesn't say in which role people review for security"));
	if (x.s.count > 0)
		TRY(read_competence(&x));
	for (size_t i = 0; i < x.s.count; i++) {
		const struct review_seen *seen = &x.s.items[i];
		TRY(judge_range(&x, seen));
		for (size_t k = 0; k < seen->signer_count; k++)
			TRY(judge_signer(&x, seen, &seen->signers[k]));
		x.looked_at += seen->signer_count > 0;
	}
	judge_count(v, "reviews", x.s.count);
	judge_count(v, "reviews that are signed", x.looked_at);
	judge_count(v, "commits that they are of", x.commits);
	return judge_conclude(c, v, x.s.count, "each commit was reviewed by somebody who had no part in it, in the role and competent", advice,
	    err);
}
