/* SPDX-License-Identifier: Apache-2.0 */
/*
 * review.gate, as far as a clone shows it: the merge that brought a change holds its signed review. That a merge would have been refused
 * without one, nothing in a clone shows.
 */
#include "merges.h"
#include "reviews.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

struct state {
	struct reviews s;
	struct merges merges;
	uint64_t before, exempt;
};

static enum assay_status
find(const struct state *x, const struct review_seen *seen, bool gap, const char *code, const char *about, const char *words)
{
	struct judge_place place = { about, seen->file->path, 1, 1, seen->file->path };
	if (words == NULL)
		return arena_full(x->s.err);
	return judge_find_at(x->s.c, x->s.v, gap, code, &place, x->s.err, "review '%s': %s", seen->file->path, words);
}

/* The file with these bytes, of whatever name, among the reviews of a commit. */
static enum reviewed_found
holds(const struct state *x, uint32_t commit, const struct source_file *f)
{
	return reviewed_holds(x->s.trees, &x->s.h->commits[commit].tree, REVIEW_FOLDER, &f->id);
}

/* Record, statement and signature: all three, of one signer at least. */
static enum reviewed_found
holds_signed(const struct state *x, uint32_t commit, const struct review_seen *seen)
{
	enum reviewed_found found = holds(x, commit, seen->file);
	if (found != REVIEWED_THERE)
		return found;
	found = REVIEWED_ABSENT;
	for (size_t i = 0; i < seen->signer_count && found != REVIEWED_THERE; i++) {
		const char *path = seen->signers[i].signoff->path;
		const char *sig = arena_printf(x->s.c->arena, "%s" SIGNOFF_SIGNATURE_SUFFIX, path);
		const struct source_file *statement = sources_find(&x->s.tree->sources, path);
		const struct source_file *signature = sig == NULL ? NULL : sources_find(&x->s.tree->sources, sig);
		if (statement == NULL || signature == NULL)
			continue;
		const enum reviewed_found one = holds(x, commit, statement), two = holds(x, commit, signature);
		found = one == REVIEWED_THERE ? two : one;
	}
	return found;
}

/* Whether a review that the merge held is of this state. */
static bool
was_reviewed(const struct state *x, uint32_t merger, const char *path, const struct oid *blob)
{
	for (size_t i = 0; i < x->s.count; i++) {
		const struct review_seen *seen = &x->s.items[i];
		for (size_t k = 0; seen->counts && k < seen->r.file_count; k++) {
			const struct review_file *f = &seen->r.files[k];
			if (f->has_blob && strcmp(f->path, path) == 0 && oid_compare(&f->blob, blob) == 0
			    && holds(x, merger, seen->file) == REVIEWED_THERE)
				return true;
		}
	}
	return false;
}

static enum assay_status
judge_merged(struct state *x, const struct review_seen *seen, const char *hex)
{
	for (size_t i = 0; i < seen->r.file_count; i++) {
		const struct review_file *f = &seen->r.files[i];
		struct git_tree_entry e;
		if (!f->has_blob || reviewed_find(x->s.trees, &x->s.h->commits[seen->merger].tree, f->path, &e) != REVIEWED_THERE)
			continue;
		const bool same = oid_compare(&e.id, &f->blob) == 0 || was_reviewed(x, seen->merger, f->path, &e.id);
		if (CATCH(merged_other_bytes, !same))
			TRY(find(x, seen, true, "merged-other-than-reviewed", f->path,
			    arena_printf(x->s.c->arena, "merge %s brought '%s' in another state", hex, f->path)));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_one(struct state *x, const struct review_seen *seen)
{
	struct arena *arena = x->s.c->arena;
	if (!seen->read || seen->merger == HISTORY_NONE || seen->signer_count == 0)
		return ASSAY_OK;
	if ((x->s.scope->commits[seen->merger] & SCOPE_EXEMPT) != 0) {
		x->exempt++;
		return ASSAY_OK;
	}
	const char *hex = reviews_hex(&x->s, &x->s.h->commits[seen->merger].id);
	const enum reviewed_found found = holds_signed(x, seen->merger, seen);
	if (hex == NULL)
		return arena_full(x->s.err);
	if (found == REVIEWED_UNSEEN)
		return find(x, seen, false, "reviewed-tree-unseen", hex, arena_printf(arena, "what merge %s held can't be told", hex));
	if (CATCH(review_order_unseen, found == REVIEWED_ABSENT && !merges_joins(&x->merges, seen->merger)))
		return find(x, seen, false, "review-order-unseen", hex,
		    arena_printf(arena, "commit %s came without a merge: whether the review was there first isn't seen", hex));
	if (CATCH(review_after_merge, found == REVIEWED_ABSENT))
		return find(x, seen, true, "review-after-merge", hex,
		    arena_printf(arena, "merge %s didn't hold it with its signature: it came later", hex));
	x->before += found == REVIEWED_THERE;
	return judge_merged(x, seen, hex);
}

static enum assay_status
judge_unreviewed(const struct state *x)
{
	for (size_t i = 0; i < x->s.path_count; i++) {
		const struct review_path *p = &x->s.paths[i];
		struct judge_place place = { p->file->path, p->file->path, 0, 0, NULL };
		const bool none = p->cover == COVER_NEVER || p->cover == COVER_CHANGED || p->cover == COVER_BEGINS;
		if (CATCH(merged_unreviewed, none))
			TRY(judge_find_at(x->s.c, x->s.v, true, "merged-unreviewed", &place, x->s.err,
			    "'%s' came in as it is without a review", p->file->path));
	}
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "review-after-merge", "have the review signed on the branch, before it is merged; a cut-over commit exempts the past" },
	{ "merged-other-than-reviewed", "review again what changed after the review, before it is merged" },
	{ "merged-unreviewed", "make a check that runs 'assay check --require review.covers' a required status, or the owners' review" },
	{ "review-order-unseen", "merge branches with a merge commit: what it holds was there before" },
	{ "gate-unseen", "capture the forge's rule, and keep the link to a change that it held up" },
	{ "reviewed-tree-unseen", "see repo.trusted-clone: trees are missing" },
	{ NULL, "see assay-review(5)" },
};

enum assay_status
judge_review_gate(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state x = { .before = 0 };
	TRY(reviews_read(c, v, REVIEW_PART_GATE, &x.s, err));
	TRY(merges_new(c, x.s.h, x.s.scope, &x.merges, err));
	for (size_t i = 0; i < x.s.count; i++)
		TRY(judge_one(&x, &x.s.items[i]));
	TRY(judge_unreviewed(&x));
	if (CATCH(review_gate_unseen, x.s.path_count > 0))
		TRY(judge_find(c, v, false, "gate-unseen", NULL, NULL, err,
		    "whether a merge without a review is refused is a setting and a trial, and a clone shows neither"));
	judge_count(v, "reviews that were there before the merge", x.before);
	judge_count(v, "reviews of what came before the cut-over", x.exempt);
	return judge_conclude(c, v, x.s.path_count, "no merge went before its review", advice, err);
}
