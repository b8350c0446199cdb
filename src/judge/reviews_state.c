/* SPDX-License-Identifier: Apache-2.0 */
#include <judge/reviews.h>

#include "begin.h"
#include "reviews.h"

#include <base/cleanup.h>

const char *const judge_review_kinds[JUDGE_REVIEW_KINDS] = { HISTORY_KIND, TREE_KIND, REVIEWED_KIND };

static const char *const states[COVERS] = { [COVER_REVIEWED] = "reviewed", [COVER_EXEMPT] = "exempt",
	[COVER_BEGINS] = "begins-unreviewed", [COVER_CHANGED] = "changed", [COVER_NEVER] = "unreviewed", [COVER_LINK] = "link",
	[COVER_SUBMODULE] = "submodule", [COVER_UNSEEN] = "unseen" };

static enum assay_status
copy_paths(const struct reviews *s, struct judge_reviews *r)
{
	r->paths = arena_array(s->c->arena, s->path_count + s->gone_count + 1, sizeof r->paths[0]);
	if (r->paths == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < s->path_count; i++) {
		const struct review_path *p = &s->paths[i];
		r->paths[r->path_count++] = (struct judge_review_path){ p->file->path, states[p->cover],
			p->cover != COVER_REVIEWED && p->cover != COVER_EXEMPT, p->by != NULL ? p->by->file->path : NULL };
	}
	for (size_t i = 0; i < s->gone_count; i++)
		r->paths[r->path_count++] = (struct judge_review_path){ s->gone[i].path, "gone", true, s->gone[i].by->file->path };
	return ASSAY_OK;
}

static enum assay_status
copy_record(const struct reviews *s, const struct review_seen *seen, struct judge_review_record *r)
{
	const char **signers = arena_array(s->c->arena, seen->signer_count + 1, sizeof *signers);
	const char **lacks = arena_array(s->c->arena, seen->fault_count + 1, sizeof *lacks);
	if (signers == NULL || lacks == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < seen->signer_count; i++)
		signers[i] = seen->signers[i].who->id;
	for (size_t i = 0; i < seen->fault_count; i++)
		lacks[i] = seen->faults[i].words;
	*r = (struct judge_review_record){ seen->file->path, seen->read ? &seen->r : NULL, &seen->gaps, seen->counts, signers,
		seen->signer_count, lacks, seen->fault_count };
	return ASSAY_OK;
}

static enum assay_status
copy(const struct reviews *s, struct judge_reviews *r)
{
	TRY(copy_paths(s, r));
	r->records = arena_array(s->c->arena, s->count + 1, sizeof r->records[0]);
	if (r->records == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < s->count; i++)
		TRY(copy_record(s, &s->items[i], &r->records[r->record_count++]));
	r->relevant = s->relevant;
	r->role = s->c->input->policy->review_role;
	r->plan = s->has_plan ? &s->plan : NULL;
	r->policy = s->c->input->policy;
	return ASSAY_OK;
}

enum assay_status
judge_reviews_of(const struct judge_input *input, struct arena *arena, struct judge_reviews *ret_reviews,
    struct assay_error *err)
{
	/* All of it lives in the arena: what is handed out points there. */
	struct policy *defaults = arena_alloc(arena, sizeof *defaults);
	struct judge_input *whole = arena_alloc(arena, sizeof *whole);
	struct judge_context *c = arena_alloc(arena, sizeof *c);
	struct reviews *s = arena_alloc(arena, sizeof *s);
	struct control_verdict *v = arena_alloc(arena, sizeof *v);
	struct judge_reviews r = { .path_count = 0 };
	if (defaults == NULL || whole == NULL || c == NULL || s == NULL || v == NULL)
		return arena_full(err);
	for (size_t i = 0; i < JUDGE_REVIEW_KINDS; i++) {
		const struct evidence *e = evidence_find(input->evidence, judge_review_kinds[i]);
		if (e == NULL || e->facts == NULL)
			return assay_fail(err, ASSAY_E_UNSUPPORTED, "the repository can't be read: %s",
			    e != NULL && e->why != NULL ? e->why : "nothing was looked at");
	}
	TRY(judge_begin(input, arena, defaults, whole, c, err));
	v->control = catalog_control(whole->catalog, "review.covers");
	if (v->control == NULL)
		return assay_fail(err, ASSAY_E_INTERNAL, "the catalogue has no review.covers");
	TRY(reviews_read(c, v, REVIEW_PART_COVERS, s, err));
	TRY(copy(s, &r));
	*ret_reviews = r;
	return ASSAY_OK;
}

bool
judge_reviews_wants(const struct judge_reviews *r, const char *path)
{
	for (size_t i = 0; i < r->relevant->count; i++) {
		if (plan_path_under(r->relevant->items[i], path))
			return true;
	}
	return r->relevant->count == 0 && reviews_is_source(path);
}
