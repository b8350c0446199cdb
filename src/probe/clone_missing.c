/* SPDX-License-Identifier: Apache-2.0 */
#include "clone.h"
#include "tree_walk.h"
#include "links.h"

#include <base/catch.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>

/* Which missing objects a ref leads to. Others were left over by git's own tidying and colour nothing. */
struct search {
	struct store *s;
	unsigned char *needed;  /* one a missing object */
	unsigned char *reached; /* one a commit */
	uint32_t *stack;
	uint32_t depth;
	struct tree_walk trees;
};

static void
search_done(struct search *x)
{
	free(x->needed);
	free(x->reached);
	free(x->stack);
	tree_walk_done(&x->trees);
}

static void
mark_missing(struct search *x, const struct oid *id)
{
	const struct id_list *missing = &x->s->missing;
	const struct id_pair *item = id_search(id, missing->items, missing->count, sizeof(*item));
	if (item != NULL)
		x->needed[item - missing->items] = 1;
}

static enum assay_status
reach(struct search *x, const struct oid *id, struct assay_error *err)
{
	const uint32_t object = store_find(x->s, id);
	if (object == STORE_NONE) {
		mark_missing(x, id);
		return ASSAY_OK;
	}
	const struct store_object *o = &x->s->objects[object];
	if (o->state != OBJECT_OK)
		return ASSAY_OK;
	if (o->type == GIT_TREE)
		return tree_walk_add(&x->trees, object, NULL, (struct assay_span) { 0 }, err);
	if (o->commit != STORE_NONE && x->reached[o->commit] == 0) {
		x->reached[o->commit] = 1;
		x->stack[x->depth++] = o->commit;
	}
	return ASSAY_OK;
}

static enum assay_status
reach_from_commits(struct search *x, struct assay_error *err)
{
	const struct store *s = x->s;
	const struct repository *r = s->c->repository;
	if (r->has_head)
		TRY(reach(x, &r->head, err));
	for (size_t i = 0; i < r->ref_count; i++)
		TRY(reach(x, &r->refs[i].id, err));
	while (x->depth > 0) {
		const struct store_commit *c = &s->commits[x->stack[--x->depth]];
		const struct store_object *o = &s->objects[c->object];
		const bool boundary = store_is_shallow(s, &o->id);
		struct link link;
		size_t cursor = 0;
		while (links_next(o->type, store_commit_bytes(s, c), r->algo, &cursor, &link, NULL) == ASSAY_OK)
			if (!link.parent || !boundary)
				TRY(reach(x, &link.id, err));
	}
	return ASSAY_OK;
}

static enum assay_status
tree_entry(void *ctx, const struct tree_visit *folder, const struct link *link, uint32_t object,
    struct assay_error *err)
{
	struct search *x = ctx;
	(void)folder;
	(void)err;
	if (object == STORE_NONE)
		mark_missing(x, &link->id);
	return ASSAY_OK;
}

static enum assay_status
find_needed(struct search *x, struct assay_error *err)
{
	const struct store *s = x->s;
	x->needed = calloc(s->missing.count + 1, 1);
	x->reached = calloc((size_t)s->commit_count + 1, 1);
	x->stack = calloc((size_t)s->commit_count + 1, sizeof(x->stack[0]));
	if (x->needed == NULL || x->reached == NULL || x->stack == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to look for missing objects");
	x->trees = (struct tree_walk) { .s = x->s, .entry = tree_entry, .ctx = x };
	TRY(reach_from_commits(x, err));
	TRY(tree_walk_run(&x->trees, err));
	/* What lies behind an object that isn't to be had can't be told: then all that is missing counts. */
	const bool blind = s->altered.count + s->collisions.count + s->over_cap.count
	        + s->malformed.count + x->trees.unread
	    > 0;
	if (CATCH(missing_behind_altered, blind))
		memset(x->needed, 1, s->missing.count);
	return ASSAY_OK;
}

/* A branch, a tag, any ref or a detached HEAD whose object is not there: nothing else need lead to it. */
static void
add_missing_target(struct clone_record *rec, const char *ref, const struct oid *id)
{
	const bool absent = store_find(rec->s, id) == STORE_NONE
	    && !is_empty_tree(id, rec->c->repository->algo);
	if (CATCH(ref_target_missing, absent))
		clone_add(rec, "missing",
		    json_pack("{s:o, s:o}", "id", clone_id(rec, id), "needed-by", clone_text(ref)));
}

static void
add_missing_targets(struct clone_record *rec)
{
	const struct repository *r = rec->c->repository;
	if (r->has_head && r->head_ref == NULL)
		add_missing_target(rec, "HEAD", &r->head);
	for (size_t i = 0; i < r->ref_count; i++)
		add_missing_target(rec, r->refs[i].name, &r->refs[i].id);
}

static enum assay_status
add_missing(struct clone_record *rec, struct assay_error *err)
{
	const struct id_list *missing = &rec->s->missing;
	CLEANUP(search_done) struct search x = { .s = rec->s };
	uint64_t leftovers = 0;
	if (missing->count > 0)
		TRY(find_needed(&x, err));
	for (size_t i = 0; i < missing->count; i++) {
		if (x.needed[i] == 0) {
			leftovers++;
			continue;
		}
		clone_add(rec, "missing", json_pack("{s:o, s:o}", "id", clone_id(rec, &missing->items[i].id),
		    "needed-by", clone_id(rec, &missing->items[i].other)));
	}
	if (missing->overflow)
		clone_unread(rec, "missing objects", "there are more of them than are counted");
	if (json_object_set_new(rec->root, "leftovers", json_integer((json_int_t)leftovers)) != 0)
		rec->failed = true;
	return ASSAY_OK;
}

/* True when the object lies loose in a file that we may not read: then nothing is said against it. */
static bool
is_forbidden(const struct clone_record *rec, const struct oid *id)
{
	const struct repository *r = rec->c->repository;
	char hex[2 * OID_MAX + 1];
	char path[2 * OID_MAX + 16];
	oid_hex(id, r->algo, hex);
	text_put(path, sizeof(path), "objects/%.2s/%s", hex, hex + 2);
	CLEANUP(close_fd) int fd = open(r->common_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && faccessat(fd, path, R_OK, AT_EACCESS) != 0 && errno == EACCES;
}

static void
add_unreadable(struct clone_record *rec, const struct id_pair *item)
{
	char hex[2 * OID_MAX + 1];
	char what[2 * OID_MAX + 16];
	if (is_forbidden(rec, &item->id)) {
		oid_hex(&item->id, rec->c->repository->algo, hex);
		text_put(what, sizeof(what), "object %s", hex);
		clone_unread(rec, what, "there is no permission to read its file");
		return;
	}
	const uint32_t object = store_find(rec->s, &item->id);
	const bool known = object != STORE_NONE && rec->s->objects[object].known;
	clone_add(rec, "altered", json_pack("{s:o, s:s, s:s}", "id", clone_id(rec, &item->id), "type",
	    known ? git_type_name(item->type) : "unknown", "found", "unreadable"));
}

static void
add_altered(struct clone_record *rec)
{
	static const struct oid none;
	const struct id_list *l = &rec->s->altered;
	for (size_t i = 0; i < l->count; i++) {
		const struct id_pair *item = &l->items[i];
		if (oid_compare(&item->other, &none) == 0)
			add_unreadable(rec, item);
		else
			clone_add(rec, "altered", json_pack("{s:o, s:s, s:o}", "id", clone_id(rec, &item->id),
			    "type", git_type_name(item->type), "found", clone_id(rec, &item->other)));
	}
	if (l->overflow)
		clone_unread(rec, "altered objects", "there are more of them than are counted");
}

static void
add_malformed(struct clone_record *rec)
{
	const struct id_list *l = &rec->s->malformed;
	for (size_t i = 0; i < l->count; i++) {
		char hex[2 * OID_MAX + 1];
		char what[2 * OID_MAX + 16];
		oid_hex(&l->items[i].id, rec->c->repository->algo, hex);
		text_put(what, sizeof(what), "%s %s", git_type_name(l->items[i].type), hex);
		clone_unread(rec, what, "it is malformed: what it leads to can't be told");
	}
}

static enum assay_status
add_counts(struct clone_record *rec, struct assay_error *err)
{
	static const enum git_type types[] = { GIT_COMMIT, GIT_TREE, GIT_BLOB, GIT_TAG };
	json_t *objects = json_object();
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (json_object_set_new(objects, git_type_name(types[i]),
		        json_integer((json_int_t)rec->s->hashed[types[i]]))
		    != 0)
			rec->failed = true;
	if (json_object_set_new(rec->root, "objects", objects) != 0)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the record of the clone");
	return ASSAY_OK;
}

enum assay_status
clone_objects(struct clone_record *rec, struct assay_error *err)
{
	TRY(store_read_commits(rec->s, err));
	TRY(store_read_rest(rec->s, err));
	TRY(store_read_loose(rec->s, err));
	TRY(add_counts(rec, err));
	add_altered(rec);
	add_malformed(rec);
	for (size_t i = 0; i < rec->s->collisions.count; i++)
		clone_add(rec, "collisions", clone_id(rec, &rec->s->collisions.items[i].id));
	for (size_t i = 0; i < rec->s->over_cap.count; i++)
		clone_add(rec, "over-cap", clone_id(rec, &rec->s->over_cap.items[i].id));
	add_missing_targets(rec);
	return add_missing(rec, err);
}
