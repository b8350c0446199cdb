/* SPDX-License-Identifier: Apache-2.0 */
#include "tree_walk.h"

#include "internal.h"

#include <base/catch.h>

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory to walk the trees");
}

void
tree_walk_done(struct tree_walk *w)
{
	free(w->seen);
	free(w->now);
	free(w->next);
	arena_free(&w->paths);
}

static enum assay_status
prepare(struct tree_walk *w, struct assay_error *err)
{
	if (w->seen != NULL)
		return ASSAY_OK;
	if (w->with_paths)
		TRY(arena_new(TREE_PATHS_MAX, &w->paths));
	w->seen = calloc((size_t)w->s->count + 1, 1);
	return w->seen == NULL ? no_memory(err) : ASSAY_OK;
}

enum assay_status
tree_walk_add(struct tree_walk *w, uint32_t object, const char *folder, struct assay_span name,
    struct assay_error *err)
{
	TRY(prepare(w, err));
	if (w->seen[object] != 0)
		return ASSAY_OK;
	w->seen[object] = 1;
	if (w->next_count == w->next_room) {
		size_t room = w->next_room == 0 ? 64 : w->next_room * 2;
		struct tree_visit *more = reallocarray(w->next, room, sizeof(*more));
		if (more == NULL)
			return no_memory(err);
		w->next = more;
		w->next_room = room;
	}
	struct tree_visit visit = { .object = object };
	if (w->with_paths) {
		visit.path = name.len == 0 ? ""
		                           : arena_printf(w->paths, "%s%.*s/", folder, (int)name.len,
		                                 (const char *)name.data);
		if (visit.path == NULL)
			return arena_full(err);
	}
	w->next[w->next_count++] = visit;
	return ASSAY_OK;
}

static void
name_tree(void *ctx, size_t i, struct buf *out)
{
	const struct tree_walk *w = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&w->s->objects[w->now[i].object].id, w->s->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
visit_entry(struct tree_walk *w, const struct tree_visit *folder, const struct link *link,
    struct assay_error *err)
{
	const uint32_t object = store_find(w->s, &link->id);
	if (w->entry != NULL)
		TRY(w->entry(w->ctx, folder, link, object, err));
	if (link->type != GIT_TREE || object == STORE_NONE)
		return ASSAY_OK;
	return tree_walk_add(w, object, folder->path, link->name, err);
}

static enum assay_status
got_tree(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct tree_walk *w = ctx;
	const struct store_object *o = &w->s->objects[w->now[i].object];
	const enum oid_algo algo = w->s->c->repository->algo;
	struct oid id;
	if (!got->present || got->over_cap || got->type != GIT_TREE
	    || git_hash(algo, GIT_TREE, got->bytes, &id, NULL) != ASSAY_OK
	    || CATCH(tree_altered, oid_compare(&id, &o->id) != 0)) {
		w->unread++;
		return ASSAY_OK;
	}
	if (w->tree != NULL)
		TRY(w->tree(w->ctx, w->now[i].object, got->bytes, err));
	struct assay_error why = { 0 };
	struct link link;
	size_t cursor = 0;
	enum assay_status status;
	while ((status = links_next(GIT_TREE, got->bytes, algo, &cursor, &link, &why)) == ASSAY_OK)
		TRY(visit_entry(w, &w->now[i], &link, err));
	if (status != ASSAY_E_NOT_FOUND)
		w->unread++;
	return ASSAY_OK;
}

enum assay_status
tree_walk_run(struct tree_walk *w, struct assay_error *err)
{
	for (unsigned depth = 0; w->next_count > 0; depth++) {
		if (depth >= TREE_DEPTH_MAX) {
			if (CATCH(tree_too_deep, w->next_count > 0))
				w->unread += w->next_count;
			return ASSAY_OK;
		}
		free(w->now);
		w->now = steal(&w->next);
		w->now_count = w->next_count;
		w->next_count = w->next_room = 0;
		const struct object_wanted wanted = { .count = w->now_count, .cap = GIT_TREE_SIZE_MAX,
			.name = name_tree, .got = got_tree, .ctx = w };
		TRY(object_reader_each(w->s->reader, &wanted, err));
	}
	return ASSAY_OK;
}
