/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nodes of GitLab's files: looking into them and merging them.
 */
#include "gitlab.h"

#include <base/cleanup.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
gl_work(struct gl *g, size_t amount)
{
	if (amount <= GITLAB_WORK_MAX - g->work) {
		g->work += amount;
		return true;
	}
	g->work = GITLAB_WORK_MAX;
	g->stopped = true;
	return false;
}

const struct gl_pair *
gl_pair(const struct gl_node *mapping, const char *key)
{
	if (mapping == NULL || mapping->kind != YAML_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->count; i++) {
		if (strcmp(mapping->pairs[i].key, key) == 0)
			return &mapping->pairs[i];
	}
	return NULL;
}

const struct gl_node *
gl_get(const struct gl_node *mapping, const char *key)
{
	const struct gl_pair *p = gl_pair(mapping, key);
	return p == NULL ? NULL : p->value;
}

bool
gl_is_null(const struct gl_node *n)
{
	return n == NULL
	    || (n->kind == YAML_SCALAR && n->plain
		&& (n->text[0] == '\0' || strcmp(n->text, "~") == 0 || strcmp(n->text, "null") == 0));
}

const char *
gl_text(const struct gl_node *n)
{
	return n == NULL || n->kind != YAML_SCALAR || gl_is_null(n) ? NULL : n->text;
}

bool
gl_is_true(const struct gl_node *n)
{
	const char *text = gl_text(n);
	return text != NULL && n->plain && (strcmp(text, "true") == 0 || strcmp(text, "True") == 0 || strcmp(text, "TRUE") == 0
	    || strcmp(text, "yes") == 0 || strcmp(text, "on") == 0);
}

size_t
gl_count(const struct gl_node *n)
{
	if (gl_is_null(n))
		return 0;
	return n->kind == YAML_SEQUENCE ? n->count : 1;
}

const struct gl_node *
gl_item(const struct gl_node *n, size_t index)
{
	return n->kind == YAML_SEQUENCE ? n->pairs[index].value : n;
}

enum assay_status
gl_new(struct gl *g, const struct gl_node *like, size_t count, struct gl_node **ret_node, struct gl_pair **ret_pairs)
{
	struct gl_node *n = arena_alloc(g->arena, sizeof *n);
	struct gl_pair *pairs = arena_array(g->arena, count + 1, sizeof *pairs);
	if (n == NULL || pairs == NULL)
		return arena_full(g->w->err);
	*n = *like;
	n->tag = NULL;
	n->pairs = pairs;
	n->count = count;
	*ret_node = n;
	*ret_pairs = pairs;
	return ASSAY_OK;
}

enum assay_status
gl_merge(struct gl *g, const struct gl_node *below, const struct gl_node *over, const struct gl_node **ret_node)
{
	struct gl_node *n = NULL;
	struct gl_pair *pairs = NULL;
	*ret_node = over;
	if (below == NULL || below->kind != YAML_MAPPING || over->kind != YAML_MAPPING || below->tag != NULL || over->tag != NULL)
		return ASSAY_OK;
	if (!gl_work(g, 1 + below->count + over->count + below->count * over->count / 64))
		return ASSAY_OK;
	TRY(gl_new(g, over, below->count + over->count, &n, &pairs));
	n->count = below->count;
	memcpy(pairs, below->pairs, below->count * sizeof *pairs);
	for (size_t i = 0; i < over->count; i++) {
		const struct gl_pair *was = gl_pair(below, over->pairs[i].key);
		struct gl_pair *at = was == NULL ? &pairs[n->count++] : &pairs[was - below->pairs];
		*at = over->pairs[i];
		if (was != NULL)
			TRY(gl_merge(g, was->value, over->pairs[i].value, &at->value));
	}
	*ret_node = n;
	return ASSAY_OK;
}

enum assay_status
gl_without(struct gl *g, const struct gl_node *n, const char *key, const struct gl_node **ret_node)
{
	struct gl_node *copy = NULL;
	struct gl_pair *pairs = NULL;
	*ret_node = n;
	if (gl_pair(n, key) == NULL)
		return ASSAY_OK;
	TRY(gl_new(g, n, n->count, &copy, &pairs));
	copy->count = 0;
	for (size_t i = 0; i < n->count; i++) {
		if (strcmp(n->pairs[i].key, key) != 0)
			pairs[copy->count++] = n->pairs[i];
	}
	*ret_node = copy;
	return ASSAY_OK;
}

const char *
gl_print(struct gl *g, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	const char *copy = arena_str(g->arena, text);
	return copy == NULL ? "" : copy;
}
