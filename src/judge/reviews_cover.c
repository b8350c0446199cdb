/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of HEAD the reviews cover. A state of a file is covered when a review that counts looked at all of it, or at what changed since a
 * state that is covered or exempt. By content: a later change is another state, and covered by nothing.
 */
#include "reviews.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <code/lex.h>
#include <sca/language.h>
#include <stdlib.h>
#include <string.h>

/* A file of a review. */
struct entry {
	const struct review_file *file;
	const struct review_seen *by;
	const char *was_path;
	bool covered;
};

struct covering {
	struct reviews *s;
	struct entry *entries;
	struct entry **by_now, **by_was; /* those that count, sorted by path and blob, now or before */
	size_t count, before_count;
	struct oid *cut_overs;           /* root trees */
	size_t cut_over_count;
};

bool
reviews_is_source(const char *path)
{
	enum code_language language;
	return sca_language_of(path) != NULL || code_language_of(path, &language);
}

bool
reviews_wants(const struct reviews *s, const char *path)
{
	for (size_t i = 0; i < s->relevant->count; i++) {
		if (plan_path_under(s->relevant->items[i], path))
			return true;
	}
	/* No list: all source. What analysis leaves out is no less in need of a review. */
	return s->relevant->count == 0 && reviews_is_source(path);
}

/* ---- what was when the policy cut over ---- */

static enum assay_status
find_cut_overs(struct covering *x)
{
	const struct reviews *s = x->s;
	const struct yaml_strings *ids = &s->c->input->policy->cut_over;
	x->cut_overs = arena_array(s->c->arena, ids->count + 1, sizeof x->cut_overs[0]);
	if (x->cut_overs == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < ids->count; i++) {
		struct oid id;
		if (oid_parse(assay_span_str(ids->items[i]), s->h->algo, &id) != ASSAY_OK)
			continue;
		const uint32_t commit = history_find_commit(s->h, &id);
		if (commit != HISTORY_NONE)
			x->cut_overs[x->cut_over_count++] = s->h->commits[commit].tree;
	}
	return ASSAY_OK;
}

/* *unseen is set where a tree that would tell is missing. */
static bool
is_exempt(const struct covering *x, const char *path, const struct oid *blob, bool *unseen)
{
	for (size_t i = 0; i < x->cut_over_count; i++) {
		struct git_tree_entry e;
		const enum reviewed_found found = reviewed_find(x->s->trees, &x->cut_overs[i], path, &e);
		*unseen |= found == REVIEWED_UNSEEN;
		if (found == REVIEWED_THERE && oid_compare(&e.id, blob) == 0)
			return true;
	}
	return false;
}

/* ---- chains ---- */

static int
compare(const char *path, const struct oid *blob, const char *other_path, const struct oid *other)
{
	const int order = strcmp(path, other_path);
	return order != 0 ? order : oid_compare(blob, other);
}

static int
compare_now(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
	return compare(x->file->path, &x->file->blob, y->file->path, &y->file->blob);
}

static int
compare_was(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
	return compare(x->was_path, &x->file->was, y->was_path, &y->file->was);
}

static void
add_entry(struct covering *x, struct review_seen *seen, const struct review_file *f, struct entry *e)
{
	*e = (struct entry){ .file = f, .by = seen, .was_path = f->moved_from != NULL ? f->moved_from : f->path };
	if (!f->has_blob || CATCH(review_does_not_count, !seen->counts))
		return;
	x->by_now[x->count++] = e;
	if (f->has_was)
		x->by_was[x->before_count++] = e;
}

static enum assay_status
list_entries(struct covering *x)
{
	const struct reviews *s = x->s;
	size_t most = 1, used = 0;
	for (size_t i = 0; i < s->count; i++)
		most += s->items[i].r.file_count;
	x->entries = arena_array(s->c->arena, most, sizeof x->entries[0]);
	x->by_now = arena_array(s->c->arena, most, sizeof(struct entry *));
	x->by_was = arena_array(s->c->arena, most, sizeof(struct entry *));
	if (x->entries == NULL || x->by_now == NULL || x->by_was == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < s->count; i++) {
		for (size_t k = 0; k < s->items[i].r.file_count; k++)
			add_entry(x, &s->items[i], &s->items[i].r.files[k], &x->entries[used++]);
	}
	qsort(x->by_now, x->count, sizeof x->by_now[0], compare_now);
	qsort(x->by_was, x->before_count, sizeof x->by_was[0], compare_was);
	return ASSAY_OK;
}

/* The first of sorted that isn't before this state. */
static size_t
first_of(struct entry *const *sorted, size_t count, bool now, const char *path, const struct oid *blob)
{
	size_t low = 0, high = count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct entry *e = sorted[middle];
		const int order = compare(now ? e->file->path : e->was_path, now ? &e->file->blob : &e->file->was, path, blob);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* From what was looked at whole, or began at what is exempt, along what changed since. */
static enum assay_status
follow_chains(struct covering *x)
{
	struct entry **work = arena_array(x->s->c->arena, x->count + 1, sizeof *work);
	size_t depth = 0;
	if (work == NULL)
		return arena_full(x->s->err);
	for (size_t i = 0; i < x->count; i++) {
		struct entry *e = x->by_now[i];
		bool unseen = false;
		e->covered = !e->file->has_was || is_exempt(x, e->was_path, &e->file->was, &unseen);
		if (e->covered)
			work[depth++] = e;
	}
	while (depth > 0) {
		const struct entry *e = work[--depth];
		for (size_t i = first_of(x->by_was, x->before_count, false, e->file->path, &e->file->blob); i < x->before_count; i++) {
			struct entry *next = x->by_was[i];
			if (compare(next->was_path, &next->file->was, e->file->path, &e->file->blob) != 0)
				break;
			if (next->covered)
				continue;
			next->covered = true;
			work[depth++] = next;
		}
	}
	return ASSAY_OK;
}

/* ---- HEAD ---- */

static enum review_cover
cover_of(const struct covering *x, const struct source_file *f, const struct review_seen **ret_by)
{
	enum review_cover cover = COVER_NEVER;
	for (size_t i = first_of(x->by_now, x->count, true, f->path, &f->id); i < x->count; i++) {
		const struct entry *e = x->by_now[i];
		if (compare(e->file->path, &e->file->blob, f->path, &f->id) != 0)
			break;
		*ret_by = e->by;
		cover = COVER_BEGINS;
		if (!CATCH(review_begins_unreviewed, !e->covered))
			return COVER_REVIEWED;
	}
	if (cover != COVER_NEVER)
		return cover;
	static const struct oid least;
	const size_t i = first_of(x->by_now, x->count, true, f->path, &least);
	if (i >= x->count || strcmp(x->by_now[i]->file->path, f->path) != 0)
		return COVER_NEVER;
	*ret_by = x->by_now[i]->by;
	return COVER_CHANGED;
}

static void
look_at(struct covering *x, const struct source_file *f, struct review_path *ret)
{
	bool unseen = false;
	*ret = (struct review_path){ .file = f };
	const uint32_t kind = f->mode & SOURCE_FORMAT;
	if (CATCH(reviewed_link, kind == SOURCE_LINK))
		ret->cover = COVER_LINK;
	else if (CATCH(reviewed_submodule, kind != SOURCE_FILE && kind != SOURCE_LINK))
		ret->cover = COVER_SUBMODULE;
	else if (is_exempt(x, f->path, &f->id, &unseen))
		ret->cover = COVER_EXEMPT;
	else
		ret->cover = cover_of(x, f, &ret->by);
	if (CATCH(reviews_cut_over_unseen, unseen && ret->cover != COVER_REVIEWED))
		ret->cover = COVER_UNSEEN;
}

static enum assay_status
look_at_head(struct covering *x)
{
	struct reviews *s = x->s;
	const struct sources *sources = &s->tree->sources;
	size_t wanted = 0;
	for (size_t i = 0; i < sources->count; i++)
		wanted += reviews_wants(s, sources->files[i].path);
	s->paths = arena_array(s->c->arena, wanted + 1, sizeof s->paths[0]);
	if (s->paths == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < sources->count && s->path_count < wanted; i++) {
		if (reviews_wants(s, sources->files[i].path))
			look_at(x, &sources->files[i], &s->paths[s->path_count++]);
	}
	return ASSAY_OK;
}

/* ---- what is gone ---- */

/* Whether a review saw that it went away. */
static bool
was_seen_to_go(const struct covering *x, const char *path)
{
	for (size_t i = 0; i < x->s->count; i++) {
		const struct review_seen *seen = &x->s->items[i];
		for (size_t k = 0; seen->counts && k < seen->r.file_count; k++) {
			const struct review_file *f = &seen->r.files[k];
			if ((!f->has_blob && strcmp(f->path, path) == 0) || (f->moved_from != NULL && strcmp(f->moved_from, path) == 0))
				return true;
		}
	}
	return false;
}

static enum assay_status
look_for_gone(struct covering *x)
{
	struct reviews *s = x->s;
	const char *last = "";
	s->gone = arena_array(s->c->arena, x->count + 1, sizeof s->gone[0]);
	if (s->gone == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < x->count; i++) {
		const struct entry *e = x->by_now[i];
		const bool again = strcmp(last, e->file->path) == 0;
		last = e->file->path;
		if (again || !reviews_wants(s, last) || sources_find(&s->tree->sources, last) != NULL)
			continue;
		if (CATCH(reviewed_file_gone, !was_seen_to_go(x, last)))
			s->gone[s->gone_count++] = (struct review_gone){ last, e->by };
	}
	return ASSAY_OK;
}

enum assay_status
reviews_cover(struct reviews *s)
{
	struct covering x = { .s = s };
	TRY(find_cut_overs(&x));
	TRY(list_entries(&x));
	TRY(follow_chains(&x));
	TRY(look_at_head(&x));
	return look_for_gone(&x);
}
