/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a review says of the history, held against it: commit, tree, and what each file was and is. Who signed that they saw other bytes
 * than they name has seen nothing.
 */
#include "reviews.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <string.h>

/* Commits looked at for whether a base is its head's ancestor, over all reviews. */
#define STEPS_MAX ((uint64_t)2 << 30)

struct binding {
	struct reviews *s;
	struct review_seen *seen;
	unsigned char *flags; /* one a commit */
	uint64_t steps;
	bool unseen;          /* was said of this record */
};

static enum assay_status
fault(struct binding *b, bool gap, const char *code, const char *about, unsigned line, const char *words)
{
	const struct review_fault f = { REVIEW_PART_BOUND, gap, code, about, line, words };
	return reviews_fault(b->s, b->seen, &f);
}

/* ---- commits ---- */

static enum assay_status
bind_head(struct binding *b)
{
	struct arena *arena = b->s->c->arena;
	const struct review *r = &b->seen->r;
	const struct history *h = b->s->h;
	b->seen->head = history_find_commit(h, &r->head);
	if (CATCH(review_head_unseen, b->seen->head == HISTORY_NONE))
		return fault(b, false, "review-head-unseen", NULL, r->range_line,
		    arena_printf(arena, "it is of commit %s, which isn't in the history", reviews_hex(b->s, &r->head)));
	if (b->seen->head == HISTORY_NONE)
		return ASSAY_OK;
	if (CATCH(review_other_tree, oid_compare(&h->commits[b->seen->head].tree, &r->tree) != 0))
		return fault(b, true, "review-of-another-tree", NULL, r->tree_line,
		    arena_printf(arena, "it names tree %s, which isn't that of commit %s", reviews_hex(b->s, &r->tree),
			reviews_hex(b->s, &r->head)));
	return ASSAY_OK;
}

/* Marks what from leads to, until it meets until. */
static bool
leads_to(struct binding *b, uint32_t from, uint32_t until)
{
	const struct scope *scope = b->s->scope;
	memset(b->flags, 0, b->s->h->commit_count);
	b->steps += scope_mark(scope, b->flags, 1, from);
	return b->flags[until] != 0;
}

static enum assay_status
bind_base(struct binding *b)
{
	struct arena *arena = b->s->c->arena;
	const struct review *r = &b->seen->r;
	if (CATCH(review_of_nothing, r->file_count == 0 || (r->has_base && oid_compare(&r->base, &r->head) == 0)))
		return fault(b, true, "review-of-nothing", NULL, r->range_line, arena_str(arena, "it is of no change and of no file"));
	if (!r->has_base)
		return ASSAY_OK;
	b->seen->base = history_find_commit(b->s->h, &r->base);
	if (CATCH(review_base_unseen, b->seen->base == HISTORY_NONE || b->steps > STEPS_MAX))
		return fault(b, false, "review-head-unseen", "base", r->range_line,
		    arena_printf(arena, "it begins at commit %s, which isn't in the history", reviews_hex(b->s, &r->base)));
	if (b->seen->base == HISTORY_NONE || b->seen->head == HISTORY_NONE)
		return ASSAY_OK;
	const bool leads = leads_to(b, b->seen->head, b->seen->base);
	if (CATCH(review_no_range, !leads))
		return fault(b, true, "review-of-no-range", NULL, r->range_line,
		    arena_printf(arena, "commit %s isn't an ancestor of %s", reviews_hex(b->s, &r->base), reviews_hex(b->s, &r->head)));
	return ASSAY_OK;
}

/* ---- files ---- */

static enum assay_status
unseen(struct binding *b)
{
	if (b->unseen)
		return ASSAY_OK;
	b->unseen = true;
	if (CATCH(reviewed_tree_unseen, true))
		return fault(b, false, "reviewed-tree-unseen", NULL, b->seen->r.tree_line,
		    arena_str(b->s->c->arena, "what lay where in the tree that it names can't be told"));
	return ASSAY_OK;
}

static enum assay_status
bind_now(struct binding *b, const struct review_file *f)
{
	struct arena *arena = b->s->c->arena;
	struct git_tree_entry e = { .mode = 0 };
	const enum reviewed_found found
	    = reviewed_find(b->s->trees, &b->s->h->commits[b->seen->head].tree, f->path, &e);
	if (found == REVIEWED_UNSEEN)
		return unseen(b);
	const bool same = f->has_blob ? found == REVIEWED_THERE && oid_compare(&e.id, &f->blob) == 0 : found == REVIEWED_ABSENT;
	if (CATCH(review_other_blob, !same))
		return fault(b, true, "review-of-another-blob", f->path, f->line,
		    arena_printf(arena, "'%s' isn't in that tree what the review says", f->path));
	if (CATCH(review_of_no_file, same && f->has_blob && (e.mode & SOURCE_FORMAT) != SOURCE_FILE))
		return fault(b, true, "review-of-no-file", f->path, f->line,
		    arena_printf(arena, "'%s' is a link or a submodule there, and no file", f->path));
	return ASSAY_OK;
}

static enum assay_status
bind_before(struct binding *b, const struct review_file *f)
{
	struct git_tree_entry e = { .mode = 0 };
	if (!f->has_was || b->seen->base == HISTORY_NONE)
		return ASSAY_OK;
	const char *path = f->moved_from != NULL ? f->moved_from : f->path;
	const enum reviewed_found found
	    = reviewed_find(b->s->trees, &b->s->h->commits[b->seen->base].tree, path, &e);
	if (found == REVIEWED_UNSEEN)
		return unseen(b);
	if (CATCH(review_other_base, found != REVIEWED_THERE || oid_compare(&e.id, &f->was) != 0))
		return fault(b, true, "review-of-another-blob", path, f->line,
		    arena_printf(b->s->c->arena, "'%s' wasn't at its base what the review says", path));
	return ASSAY_OK;
}

/* By the days that both claim. */
static enum assay_status
bind_dates(struct binding *b)
{
	const struct review_seen *seen = b->seen;
	const int64_t made = b->s->h->commits[seen->head].time, skew = b->s->c->input->policy->skew_seconds;
	for (size_t i = 0; i < seen->signer_count; i++) {
		char day[WHEN_TEXT_SIZE];
		const bool early = seen->signers[i].signoff->s.date < when_day(made - skew);
		when_format_date(seen->signers[i].signoff->s.date, day);
		if (CATCH(review_before_code, early))
			TRY(fault(b, true, "review-before-code", seen->signers[i].who->id, b->seen->r.range_line,
			    arena_printf(b->s->c->arena, "%s signed it on %s, before the code was committed", seen->signers[i].who->id, day)));
	}
	return ASSAY_OK;
}

static enum assay_status
bind_record(struct binding *b)
{
	b->unseen = false;
	TRY(bind_head(b));
	TRY(bind_base(b));
	if (b->seen->head == HISTORY_NONE)
		return ASSAY_OK;
	for (size_t i = 0; i < b->seen->r.file_count; i++) {
		TRY(bind_now(b, &b->seen->r.files[i]));
		TRY(bind_before(b, &b->seen->r.files[i]));
	}
	return bind_dates(b);
}

/* ---- into the mainline ---- */

static enum assay_status
find_mergers(struct reviews *s)
{
	const struct history *h = s->h;
	const size_t room = (size_t)h->commit_count + 1;
	const struct reviewed_graph graph = { h->commit_count, s->scope->first, s->scope->parents };
	uint32_t *work = arena_array(s->c->arena, 2 * room, sizeof *work), *by = arena_array(s->c->arena, room, sizeof *by);
	const uint32_t tip = h->has_head ? history_find_commit(h, &h->head_id) : HISTORY_NONE;
	if (work == NULL || by == NULL)
		return arena_full(s->err);
	reviewed_brought(&graph, tip, work, by);
	for (size_t i = 0; i < s->count; i++) {
		struct review_seen *seen = &s->items[i];
		if (seen->head == HISTORY_NONE)
			continue;
		seen->merger = by[seen->head];
		struct review_fault elsewhere = { REVIEW_PART_BOUND, false, "review-head-elsewhere", NULL, seen->r.range_line,
			arena_printf(s->c->arena, "HEAD doesn't descend from commit %s", reviews_hex(s, &seen->r.head)) };
		if (CATCH(review_head_elsewhere, seen->merger == HISTORY_NONE))
			TRY(reviews_fault(s, seen, &elsewhere));
	}
	return ASSAY_OK;
}

enum assay_status
reviews_bind(struct reviews *s)
{
	struct binding b = { .s = s };
	if (s->count == 0)
		return ASSAY_OK;
	b.flags = arena_array(s->c->arena, (size_t)s->h->commit_count + 1, 1);
	if (b.flags == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < s->count; i++) {
		b.seen = &s->items[i];
		if (b.seen->read)
			TRY(bind_record(&b));
	}
	return find_mergers(s);
}
