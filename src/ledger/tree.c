/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"
#include <base/cleanup.h>

static enum assay_status
join(const struct assay_node *left, const struct assay_node *right, struct assay_node *ret_hash,
    struct assay_error *err)
{
	if (assay_merkle_inner(left, right, ret_hash) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "a node of the log can't be hashed");
	return ASSAY_OK;
}

enum assay_status
tree_range(struct store *s, uint64_t from, uint64_t to, struct assay_node *ret_hash,
    struct assay_error *err)
{
	struct assay_node pieces[64];
	size_t count = 0;

	/* The complete subtrees from left to right, the largest first: the set bits of the length.
	 */
	for (uint64_t rest = to - from; rest > 0; count++) {
		unsigned level = 63u - (unsigned)__builtin_clzll(rest);
		TRY(store_get_node(s, level, from >> level, &pieces[count], err));
		from += UINT64_C(1) << level;
		rest -= UINT64_C(1) << level;
	}
	if (count == 0)
		return assay_fail(err, ASSAY_E_INTERNAL, "the hash of no entries was asked for");
	struct assay_node hash = pieces[count - 1];
	for (size_t i = count - 1; i > 0; i--)
		TRY(join(&pieces[i - 1], &hash, &hash, err));
	*ret_hash = hash;
	return ASSAY_OK;
}

enum assay_status
frontier_load(
    struct store *s, uint64_t size, struct frontier *ret_frontier, struct assay_error *err)
{
	struct frontier f = {.size = size};

	for (unsigned level = 0; level < 64; level++) {
		/* The peak of a level is its last complete node: always an even one. */
		if ((size >> level & 1) != 0)
			TRY(store_get_node(s, level, (size >> level) - 1, &f.peak[level], err));
	}
	*ret_frontier = f;
	return ASSAY_OK;
}

enum assay_status
frontier_add(struct frontier *f, struct assay_span entry, frontier_node fn, void *ctx,
    struct assay_error *err)
{
	struct assay_node node;
	unsigned level = 0;

	if (assay_merkle_leaf(entry, &node) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "an entry of the log can't be hashed");
	TRY(fn(ctx, 0, f->size, &node, err));
	for (; (f->size >> level & 1) != 0; level++) {
		TRY(join(&f->peak[level], &node, &node, err));
		TRY(fn(ctx, level + 1, f->size >> (level + 1), &node, err));
	}
	f->peak[level] = node;
	f->size++;
	return ASSAY_OK;
}

enum assay_status
frontier_root(const struct frontier *f, struct assay_node *ret_root, struct assay_error *err)
{
	struct assay_node root;
	bool any = false;

	for (unsigned level = 0; level < 64; level++) {
		if ((f->size >> level & 1) == 0)
			continue;
		if (any)
			TRY(join(&f->peak[level], &root, &root, err));
		else
			root = f->peak[level];
		any = true;
	}
	if (!any && assay_merkle_empty(&root) != ASSAY_OK)
		return assay_fail(
		    err, ASSAY_E_INTERNAL, "the root of an empty log can't be computed");
	*ret_root = root;
	return ASSAY_OK;
}
