/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Aliases and merge keys. What is copied counts like what is written, so that a few lines can't grow into billions of nodes.
 */
#include "yaml_read.h"

#include <base/cleanup.h>

#define MERGE_KEY "<<"

enum assay_status
yaml_loose_anchor(const struct yaml_reader *r, struct assay_span name, const struct yaml_node *node)
{
	struct yaml_loose *l = r->loose;
	if (l->count == YAML_ANCHORS_MAX) {
		assay_fail(r->err, ASSAY_E_LIMIT, "more than %d anchors", YAML_ANCHORS_MAX);
		return assay_error_at(r->err, ASSAY_E_LIMIT, r->name, node->line, node->column);
	}
	const char *copy = arena_copy(r->arena, name);
	if (copy == NULL)
		return arena_full(r->err);
	l->anchors[l->count++] = (struct yaml_anchor){ { (const unsigned char *)copy, name.len }, node };
	return ASSAY_OK;
}

static enum assay_status
copy_node(struct yaml_reader *r, const struct yaml_node *from, size_t depth, struct yaml_node **ret_node)
{
	TRY(yaml_count_node(r));
	if (depth > YAML_DEPTH_MAX) {
		assay_fail(r->err, ASSAY_E_LIMIT, "nested deeper than %d levels by aliases", YAML_DEPTH_MAX);
		return assay_error_at(r->err, ASSAY_E_LIMIT, r->name, from->line, from->column);
	}
	struct yaml_node *n = arena_alloc(r->arena, sizeof *n);
	if (n == NULL)
		return arena_full(r->err);
	*n = *from;
	n->next = n->first = NULL;
	struct yaml_node **link = &n->first;
	for (const struct yaml_node *c = from->first; c != NULL; c = c->next) {
		struct yaml_node *copy = NULL;
		TRY(copy_node(r, c, depth + 1, &copy));
		*link = copy;
		link = &copy->next;
	}
	*ret_node = n;
	return ASSAY_OK;
}

enum assay_status
yaml_loose_alias(struct yaml_reader *r, struct assay_span name, unsigned line, unsigned column, size_t depth,
    struct yaml_node **ret_node)
{
	const struct yaml_loose *l = r->loose;
	for (size_t i = l->count; i > 0; i--) {
		if (!assay_span_equal(l->anchors[i - 1].name, name))
			continue;
		TRY(copy_node(r, l->anchors[i - 1].node, depth, ret_node));
		(*ret_node)->key = NULL;
		return ASSAY_OK;
	}
	return yaml_fail_at(r, line, column, "an alias for which there is no anchor before it");
}

/* ---- merge keys ---- */

struct candidate {
	struct yaml_node *node;
	size_t order; /* who comes first wins */
	bool dropped;
};

struct candidates {
	struct candidate *items;
	size_t count;
};

static int
by_key(const void *left, const void *right)
{
	const struct candidate *const *a = left;
	const struct candidate *const *b = right;
	int cmp = strcmp((*a)->node->key, (*b)->node->key);
	if (cmp != 0)
		return cmp;
	return (*a)->order < (*b)->order ? -1 : (*a)->order > (*b)->order;
}

static bool
is_merge(const struct yaml_node *n)
{
	return strcmp(n->key, MERGE_KEY) == 0;
}

static void
add_children(struct candidates *c, const struct yaml_node *mapping, bool merged)
{
	for (struct yaml_node *n = mapping->first; n != NULL; n = n->next) {
		if (!merged && is_merge(n))
			continue;
		n->merged |= merged;
		c->items[c->count] = (struct candidate){ .node = n, .order = c->count };
		c->count++;
	}
}

/* How many keys the value of a merge key brings; an error when it is neither a mapping nor a list of mappings. */
static enum assay_status
count_merged(const struct yaml_reader *r, const struct yaml_node *value, size_t *count)
{
	if (value->kind == YAML_MAPPING) {
		*count += value->count;
		return ASSAY_OK;
	}
	for (const struct yaml_node *n = value->first; value->kind == YAML_SEQUENCE && n != NULL; n = n->next) {
		if (n->kind != YAML_MAPPING)
			return yaml_fail_at(r, n->line, n->column, "a merge key ('<<') takes mappings");
		*count += n->count;
	}
	if (value->kind == YAML_SCALAR)
		return yaml_fail_at(r, value->line, value->column, "a merge key ('<<') takes mappings");
	return ASSAY_OK;
}

static enum assay_status
drop_later(const struct yaml_reader *r, const struct candidates *c)
{
	struct candidate **sorted = arena_array(r->arena, c->count + 1, sizeof *sorted);
	if (sorted == NULL)
		return arena_full(r->err);
	for (size_t i = 0; i < c->count; i++)
		sorted[i] = &c->items[i];
	qsort(sorted, c->count, sizeof *sorted, by_key);
	for (size_t i = 1; i < c->count; i++)
		sorted[i]->dropped = strcmp(sorted[i]->node->key, sorted[i - 1]->node->key) == 0;
	return ASSAY_OK;
}

enum assay_status
yaml_loose_merge(const struct yaml_reader *r, struct yaml_node *mapping)
{
	size_t most = mapping->count, merges = 0;
	for (const struct yaml_node *n = mapping->first; n != NULL; n = n->next) {
		if (!is_merge(n))
			continue;
		merges++;
		TRY(count_merged(r, n, &most));
	}
	if (merges == 0)
		return ASSAY_OK;
	struct candidates c = { arena_array(r->arena, most + 1, sizeof *c.items), 0 };
	if (c.items == NULL)
		return arena_full(r->err);
	add_children(&c, mapping, false);
	for (const struct yaml_node *n = mapping->first; n != NULL; n = n->next) {
		if (!is_merge(n))
			continue;
		if (n->kind == YAML_MAPPING)
			add_children(&c, n, true);
		for (const struct yaml_node *m = n->first; n->kind == YAML_SEQUENCE && m != NULL; m = m->next)
			add_children(&c, m, true);
	}
	TRY(drop_later(r, &c));
	struct yaml_node **link = &mapping->first;
	mapping->count = 0;
	for (size_t i = 0; i < c.count; i++) {
		if (c.items[i].dropped)
			continue;
		*link = c.items[i].node;
		link = &c.items[i].node->next;
		mapping->count++;
	}
	*link = NULL;
	return ASSAY_OK;
}
