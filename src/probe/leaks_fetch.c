/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaked-keys: what the search found while all objects were read, and for each content with a finding one path and one commit that show
 * it. That is looked for only when something was found: each tree is read once more, from HEAD's on, then from those of all others.
 */
#include "leaks.h"
#include "links.h"
#include "rows.h"
#include "store.h"

#include <base/text.h>
#include <base/unconst.h>
#include <codec/sources.h>

#define PATH_ROOM ((size_t)1 << 16)
#define DEPTH_MAX 4096u
#define UNSEEN_LISTED 100u

struct locating {
	struct store *s;
	struct leaks *leaks;
	uint32_t *parent;  /* of a tree: the tree that it was reached from, or STORE_NONE */
	uint32_t *shown;   /* of a tree: the commit or tag whose tree it is, or STORE_NONE */
	bool *seen;        /* of a tree */
	uint32_t *level, *next; /* trees to be read now, and after them */
	size_t level_count, next_count;
	size_t left;       /* contents that are not located yet */
	bool in_head;
};

static void
locating_done(struct locating *w)
{
	free(w->parent);
	free(w->shown);
	free(w->seen);
	free(w->level);
	free(w->next);
}

static enum assay_status
begin(struct locating *w, struct assay_error *err)
{
	const size_t count = (size_t)w->s->count + 1;
	w->parent = calloc(count, sizeof w->parent[0]);
	w->shown = calloc(count, sizeof w->shown[0]);
	w->seen = calloc(count, sizeof w->seen[0]);
	w->level = calloc(count, sizeof w->level[0]);
	w->next = calloc(count, sizeof w->next[0]);
	if (w->parent == NULL || w->shown == NULL || w->seen == NULL || w->level == NULL || w->next == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to look where keys lie");
	return ASSAY_OK;
}

static struct leaked *
find_leaked(const struct leaks *l, const struct oid *id)
{
	return l->count == 0 ? NULL : (struct leaked *)unconst(id_search(id, l->items, l->count, sizeof l->items[0]));
}

static void
add_tree(struct locating *w, uint32_t tree, uint32_t parent, uint32_t shown)
{
	if (tree == STORE_NONE || w->seen[tree] || w->s->objects[tree].type != GIT_TREE || w->s->objects[tree].state != OBJECT_OK)
		return;
	w->seen[tree] = true;
	w->parent[tree] = parent;
	w->shown[tree] = shown;
	w->next[w->next_count++] = tree;
}

static void
locate(struct locating *w, struct leaked *l, uint32_t tree, uint32_t shown_by, struct assay_span name)
{
	if (l == NULL || l->is_located)
		return;
	l->is_located = true;
	l->head = w->in_head;
	l->tree = tree;
	l->shown_by = shown_by;
	l->name = strndup((const char *)name.data, name.len);
	if (l->name == NULL)
		w->leaks->status = ASSAY_E_MEMORY;
	w->left--;
}

/* ---- trees ---- */

static void
name_tree(void *ctx, size_t i, struct buf *out)
{
	const struct locating *w = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&w->s->objects[w->level[i]].id, w->s->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
got_tree(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct locating *w = ctx;
	const enum oid_algo algo = w->s->c->repository->algo;
	struct git_tree_entry entry;
	struct oid id;
	size_t cursor = 0;
	(void)err;
	/* It was hashed before; what is other now only loses a path. */
	if (!got->present || got->over_cap || git_hash(algo, GIT_TREE, got->bytes, &id, NULL) != ASSAY_OK
	    || oid_compare(&id, &w->s->objects[w->level[i]].id) != 0)
		return ASSAY_OK;
	while (git_tree_next(got->bytes, algo, &cursor, &entry, NULL) == ASSAY_OK) {
		if ((entry.mode & SOURCE_FORMAT) == 0040000u)
			add_tree(w, store_find(w->s, &entry.id), w->level[i], STORE_NONE);
		else
			locate(w, find_leaked(w->leaks, &entry.id), w->level[i], STORE_NONE, entry.name);
	}
	return ASSAY_OK;
}

static enum assay_status
walk(struct locating *w, struct assay_error *err)
{
	while (w->next_count > 0 && w->left > 0) {
		uint32_t *const level = w->level;
		w->level = w->next;
		w->level_count = w->next_count;
		w->next = level;
		w->next_count = 0;
		const struct object_wanted wanted = { .count = w->level_count, .cap = STORE_BLOB_MAX, .name = name_tree, .got = got_tree, .ctx = w };
		TRY(object_reader_each(w->s->reader, &wanted, err));
	}
	return ASSAY_OK;
}

/* ---- where it begins ---- */

/* What a commit or a tag leads to but its parents. */
static void
add_root(struct locating *w, const struct store_commit *c)
{
	const struct store_object *o = &w->s->objects[c->object];
	struct link link;
	size_t cursor = 0;
	if (o->state != OBJECT_OK)
		return;
	while (links_next((enum git_type)o->type, store_commit_bytes(w->s, c), w->s->c->repository->algo, &cursor, &link, NULL) == ASSAY_OK) {
		if (link.parent || link.type == GIT_COMMIT)
			continue;
		add_tree(w, store_find(w->s, &link.id), STORE_NONE, c->object);
		locate(w, find_leaked(w->leaks, &link.id), STORE_NONE, c->object, assay_span_str(""));
	}
}

static void
add_messages(struct locating *w)
{
	for (size_t i = 0; i < w->leaks->count; i++) {
		struct leaked *l = &w->leaks->items[i];
		if (l->type != GIT_BLOB)
			locate(w, l, STORE_NONE, store_find(w->s, &l->id), assay_span_str(""));
	}
}

static enum assay_status
locate_all(struct locating *w, struct assay_error *err)
{
	const struct repository *r = w->s->c->repository;
	w->left = w->leaks->count;
	TRY(begin(w, err));
	add_messages(w);
	const uint32_t head = r->has_head ? store_find(w->s, &r->head) : STORE_NONE;
	w->in_head = true;
	if (head != STORE_NONE && w->s->objects[head].commit != STORE_NONE)
		add_root(w, &w->s->commits[w->s->objects[head].commit]);
	TRY(walk(w, err));
	w->in_head = false;
	for (uint32_t i = 0; i < w->s->commit_count; i++)
		add_root(w, &w->s->commits[i]);
	for (size_t i = 0; i < r->ref_count; i++)
		add_tree(w, store_find(w->s, &r->refs[i].id), STORE_NONE, STORE_NONE);
	return walk(w, err);
}

/* ---- paths ---- */

struct climbing {
	const struct locating *w;
	uint32_t parent;  /* the tree that is read */
	struct oid child; /* whose name is wanted */
	struct buf *path; /* grows at its beginning */
};

static void
name_parent(void *ctx, size_t i, struct buf *out)
{
	const struct climbing *c = ctx;
	char hex[2 * OID_MAX + 1];
	(void)i;
	oid_hex(&c->w->s->objects[c->parent].id, c->w->s->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
got_parent(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	const struct climbing *c = ctx;
	struct git_tree_entry entry;
	size_t cursor = 0;
	(void)i;
	(void)err;
	while (got->present && git_tree_next(got->bytes, c->w->s->c->repository->algo, &cursor, &entry, NULL) == ASSAY_OK) {
		if (oid_compare(&entry.id, &c->child) != 0)
			continue;
		CLEANUP(buf_done) struct buf rest = BUF_INIT(PATH_ROOM);
		buf_add_span(&rest, buf_span(c->path));
		buf_reset(c->path);
		buf_add_span(c->path, entry.name);
		buf_add_byte(c->path, '/');
		buf_add_span(c->path, buf_span(&rest));
		break;
	}
	return ASSAY_OK;
}

/* Its folders' names, from below; and what shows the uppermost. */
static enum assay_status
climb(const struct locating *w, struct leaked *l, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT(PATH_ROOM);
	uint32_t tree = l->tree;
	if (tree == STORE_NONE)
		return ASSAY_OK;
	buf_add_str(&path, l->name);
	for (unsigned depth = 0; w->parent[tree] != STORE_NONE && depth < DEPTH_MAX; depth++) {
		struct climbing c = { w, w->parent[tree], w->s->objects[tree].id, &path };
		const struct object_wanted wanted = { .count = 1, .cap = STORE_BLOB_MAX, .name = name_parent, .got = got_parent, .ctx = &c };
		TRY(object_reader_each(w->s->reader, &wanted, err));
		tree = w->parent[tree];
	}
	l->shown_by = w->shown[tree];
	if (path.status != ASSAY_OK)
		return ASSAY_OK; /* longer than any that is told: the content's id stands there all the same */
	char *name = strndup(buf_str(&path), path.len);
	if (name == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a path");
	free(l->name);
	l->name = name;
	return ASSAY_OK;
}

static const char *
commit_of(void *ctx, const struct leaked *l, char *room)
{
	const struct store *s = ctx;
	if (l->shown_by == STORE_NONE)
		return "";
	oid_hex(&s->objects[l->shown_by].id, s->c->repository->algo, room);
	return room;
}

/* ---- what wasn't searched ---- */

static void
add_unseen(struct leaks_record *r, const struct store *s, const struct id_list *list, const char *why, struct buf *reasons)
{
	char hex[2 * OID_MAX + 1];
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].type == GIT_TREE)
			continue;
		if (i >= UNSEEN_LISTED) {
			r->more++;
			continue;
		}
		oid_hex(&list->items[i].id, s->c->repository->algo, hex);
		leaks_record_unseen(r, assay_span_str(hex), why);
	}
	if (list->count > 0)
		probe_reason(reasons, "%zu objects: %s", list->count, why);
}

static void
add_all_unseen(struct leaks_record *r, const struct store *s, struct buf *why)
{
	const struct repository *repo = s->c->repository;
	add_unseen(r, s, &s->altered, "its bytes are gone or altered", why);
	add_unseen(r, s, &s->collisions, "it was made for a collision", why);
	add_unseen(r, s, &s->over_cap, "it is larger than is read", why);
	add_unseen(r, s, &s->missing, "it is missing", why);
	if (repo->shallow_count > 0) {
		leaks_record_unseen(r, assay_span_str("older commits"), "the clone is shallow");
		probe_reason(why, "the clone is shallow");
	}
	if (probe_is_partial_clone(repo)) {
		leaks_record_unseen(r, assay_span_str("objects that a remote promised"), "the clone is partial");
		probe_reason(why, "the clone is partial");
	}
	const char *said = object_reader_complaints(s->reader);
	if (said[0] != '\0') {
		leaks_record_unseen(r, assay_span_str("the object store"), "git complained while it listed the objects");
		probe_reason(why, "git complained while it listed the objects");
	}
}

enum assay_status
leaks_fetch(const struct probe_context *c, struct evidence *ret_evidence, struct assay_error *err)
{
	CLEANUP(locating_done) struct locating w = { 0 };
	CLEANUP(leaks_record_done) struct leaks_record r = { 0 };
	CLEANUP(buf_done) struct buf why = BUF_INIT(16384);
	TRY(store_get(c, &w.s, err));
	TRY(store_read_commits(w.s, err));
	TRY(store_read_rest(w.s, err));
	w.leaks = w.s->leaks;
	if (w.leaks == NULL)
		return assay_fail(err, ASSAY_E_INTERNAL, "nobody searched for keys while objects were read");
	TRY(leaks_settle(w.leaks, err));
	if (w.leaks->count > 0)
		TRY(locate_all(&w, err));
	for (size_t i = 0; i < w.leaks->count; i++)
		TRY(climb(&w, &w.leaks->items[i], err));
	r = (struct leaks_record){ .leaks = w.leaks, .algo = c->repository->algo, .commit = commit_of, .ctx = w.s };
	TRY(leaks_record_begin(&r, err));
	add_all_unseen(&r, w.s, &why);
	TRY(leaks_record_end(&r, LEAKS_MEMBER, c->arena, ret_evidence, err));
	return probe_completeness(c, &why, ret_evidence, err);
}
