/* SPDX-License-Identifier: Apache-2.0 */
#include "head_tree.h"

#include "internal.h"
#include "tree_walk.h"

struct walk {
	struct store *s;
	struct object_set *objects;
};

static enum assay_status
got_tree(void *ctx, uint32_t object, struct assay_span bytes, struct assay_error *err)
{
	const struct walk *w = ctx;
	return object_set_add(w->objects, &w->s->objects[object].id, GIT_TREE, bytes, err);
}

enum assay_status
head_tree_read(struct store *s, struct object_set *objects, struct tree *t,
    void (*gone)(void *ctx, const struct oid *id), void *ctx, struct assay_error *err)
{
	struct walk walk = { .s = s, .objects = objects };
	CLEANUP(tree_walk_done) struct tree_walk w = { .s = s, .tree = got_tree, .ctx = &walk };
	const uint32_t root = store_head_tree(s);
	if (root == STORE_NONE)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "HEAD's commit or its tree is absent or altered");
	TRY(tree_walk_add(&w, root, NULL, (struct assay_span) { 0 }, err));
	TRY(tree_walk_run(&w, err));
	object_set_settle(objects);
	const struct tree_objects o
	    = { .algo = s->c->repository->algo, .items = objects->items, .count = objects->count };
	return tree_expand(&o, &s->objects[root].id, s->c->arena, t, gone, ctx, err);
}
