/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the merged file means: first "!reference", then "extends", as GitLab does it; and what "default" adds to a job.
 */
#include "gitlab.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool
in_list(const char *key, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(key, list[i]) == 0)
			return true;
	}
	return false;
}

bool
gl_is_global(const char *key)
{
	static const char *const keys[] = { "default", "include", "stages", "types", "variables", "workflow", "spec", "image",
		"services", "cache", "before_script", "after_script" };
	return in_list(key, keys, COUNT(keys));
}

/* ---- references ---- */

static enum assay_status refer(struct gl *g, const struct gl_node *n, unsigned depth, const struct gl_node **ret_node);

static enum assay_status
follow(struct gl *g, const struct gl_node *n, unsigned depth, const struct gl_node **ret_node)
{
	const struct gl_node *at = g->root;
	*ret_node = NULL;
	if (depth >= GITLAB_REFERENCES_MAX)
		return ci_ask(g->w, CI_ALL, "reference-limit", n->place, "references that lead further than %u times",
		    GITLAB_REFERENCES_MAX);
	for (size_t i = 0; i < n->count && at != NULL; i++) {
		const char *key = gl_text(n->pairs[i].value);
		at = key == NULL ? NULL : gl_get(at, key);
	}
	if (at == NULL || n->count == 0)
		return ci_ask(g->w, CI_ALL, "reference-missing", n->place, "a reference to what isn't there");
	return refer(g, at, depth + 1, ret_node);
}

/* A copy in which references are replaced; the node itself when it holds none. */
static enum assay_status
refer(struct gl *g, const struct gl_node *n, unsigned depth, const struct gl_node **ret_node)
{
	*ret_node = n;
	if (!gl_work(g, 1) || n->kind == YAML_SCALAR)
		return ASSAY_OK;
	if (n->tag != NULL && strcmp(n->tag, "!reference") == 0) {
		if (n->kind == YAML_SEQUENCE)
			return follow(g, n, depth, ret_node);
		*ret_node = NULL;
		return ci_ask(g->w, CI_ALL, "reference-missing", n->place, "a reference that isn't a list of names");
	}
	struct gl_node *copy = NULL;
	struct gl_pair *pairs = NULL;
	size_t kept = 0;
	for (size_t i = 0; i < n->count; i++) {
		const struct gl_node *value;
		TRY(refer(g, n->pairs[i].value, depth, &value));
		if (copy == NULL && value == n->pairs[i].value)
			continue;
		if (copy == NULL) {
			TRY(gl_new(g, n, n->count, &copy, &pairs));
			memcpy(pairs, n->pairs, i * sizeof *pairs);
			kept = i;
		}
		if (value != NULL) {
			pairs[kept] = n->pairs[i];
			pairs[kept++].value = value;
		}
	}
	if (copy != NULL) {
		copy->count = kept;
		*ret_node = copy;
	}
	return ASSAY_OK;
}

/* ---- extensions ---- */

enum mark { NEW, OPEN, DONE };

struct extending {
	struct gl *g;
	struct gl_pair *pairs; /* the root's, replaced one by one */
	enum mark *marks;
};

static enum assay_status extend(struct extending *x, size_t index, unsigned depth);

static enum assay_status
extend_by(struct extending *x, const struct gl_node *name, unsigned depth, const struct gl_node **below)
{
	struct gl *g = x->g;
	const char *text = gl_text(name);
	const struct gl_pair *p = text == NULL || gl_is_global(text) ? NULL : gl_pair(g->root, text);
	if (p == NULL || p->value->kind != YAML_MAPPING)
		return ci_ask(g->w, CI_ALL, "extends-missing", name->place, "it extends '%s', which isn't there",
		    text == NULL ? "" : text);
	size_t index = (size_t)(p - g->root->pairs);
	if (CATCH(gl_extends_cycle, x->marks[index] == OPEN))
		return ci_ask(g->w, CI_ALL, "extends-cycle", name->place, "it extends '%s', which extends it", text);
	TRY(extend(x, index, depth + 1));
	const struct gl_node *from;
	TRY(gl_without(g, x->pairs[index].value, "extends", &from));
	if (*below == NULL) {
		*below = from;
		return ASSAY_OK;
	}
	return gl_merge(g, *below, from, below);
}

static enum assay_status
extend(struct extending *x, size_t index, unsigned depth)
{
	struct gl *g = x->g;
	const struct gl_node *job = x->pairs[index].value, *names = gl_get(job, "extends"), *below = NULL;
	if (x->marks[index] != NEW)
		return ASSAY_OK;
	x->marks[index] = OPEN;
	if (depth > GITLAB_EXTENDS_MAX)
		TRY(ci_ask(g->w, CI_ALL, "extends-limit", job->place, "extensions of more than %u levels", GITLAB_EXTENDS_MAX));
	for (size_t i = 0; depth <= GITLAB_EXTENDS_MAX && i < gl_count(names) && gl_work(g, 1); i++)
		TRY(extend_by(x, gl_item(names, i), depth, &below));
	if (below != NULL)
		TRY(gl_merge(g, below, job, &x->pairs[index].value));
	x->marks[index] = DONE;
	return ASSAY_OK;
}

enum assay_status
gl_resolve(struct gl *g)
{
	struct gl_node *copy = NULL;
	struct extending x = { .g = g };
	if (g->root->count > GITLAB_KEYS_MAX) {
		TRY(ci_ask(g->w, CI_ALL, "too-large", g->root->place, "more than %u jobs in one pipeline", GITLAB_KEYS_MAX));
		TRY(gl_new(g, g->root, 0, &copy, &x.pairs));
		g->root = copy;
		return ASSAY_OK;
	}
	TRY(refer(g, g->root, 0, &g->root));
	if (g->root == NULL)
		return ci_ask(g->w, CI_ALL, "reference-missing", (struct ci_place){ g->file->path, 1, 1 }, "the file is a reference");
	TRY(gl_new(g, g->root, g->root->count, &copy, &x.pairs));
	memcpy(x.pairs, g->root->pairs, g->root->count * sizeof *x.pairs);
	x.marks = arena_array(g->arena, g->root->count + 1, sizeof *x.marks);
	if (x.marks == NULL)
		return arena_full(g->w->err);
	for (size_t i = 0; i < g->root->count; i++) {
		if (!gl_is_global(x.pairs[i].key) && x.pairs[i].value->kind == YAML_MAPPING)
			TRY(extend(&x, i, 0));
	}
	g->root = copy;
	return ASSAY_OK;
}

/* ---- defaults ---- */

/* Whether "inherit" lets this key of default (or this variable) through. */
static bool
inherits(const struct gl_node *inherit, const char *what, const char *key)
{
	const struct gl_node *list = gl_get(inherit, what);
	const char *text = gl_text(list);
	if (list == NULL || (text != NULL && strcmp(text, "true") == 0))
		return true;
	for (size_t i = 0; list->kind == YAML_SEQUENCE && i < list->count; i++) {
		const char *name = gl_text(list->pairs[i].value);
		if (name != NULL && strcmp(name, key) == 0)
			return true;
	}
	return false;
}

static enum assay_status
inherit_variables(struct gl *g, const struct gl_node *inherit, const struct gl_node *all, const struct gl_node **ret_node)
{
	struct gl_node *n = NULL;
	struct gl_pair *pairs = NULL;
	TRY(gl_new(g, all, all->count, &n, &pairs));
	n->count = 0;
	for (size_t i = 0; i < all->count; i++) {
		if (inherits(inherit, "variables", all->pairs[i].key))
			pairs[n->count++] = all->pairs[i];
	}
	*ret_node = n;
	return ASSAY_OK;
}

static const char *const inherited[] = { "image", "services", "cache", "before_script", "after_script", "artifacts", "hooks",
	"id_tokens", "identity", "interruptible", "retry", "tags", "timeout" };

enum assay_status
gl_check_default(struct gl *g)
{
	const struct gl_node *common = gl_get(g->root, "default");
	for (size_t i = 0; common != NULL && common->kind == YAML_MAPPING && i < common->count; i++) {
		const struct gl_pair *p = &common->pairs[i];
		if (CATCH(gl_unknown_default, !in_list(p->key, inherited, COUNT(inherited))))
			TRY(ci_ask(g->w, CI_ALL, "unknown-keyword", p->key_place, "the keyword 'default:%s' isn't known here", p->key));
	}
	return ASSAY_OK;
}

enum assay_status
gl_default(struct gl *g, const struct gl_node *job, const struct gl_node **ret_job)
{
	static const size_t old = 5; /* the first of them may also stand outside of default */
	const struct gl_node *common = gl_get(g->root, "default"), *inherit = gl_get(job, "inherit");
	const struct gl_node *all = gl_get(g->root, "variables"), *variables = gl_get(job, "variables");
	struct gl_node *n = NULL;
	struct gl_pair *pairs = NULL;
	TRY(gl_new(g, job, job->count + COUNT(inherited) + 1, &n, &pairs));
	memcpy(pairs, job->pairs, job->count * sizeof *pairs);
	n->count = job->count;
	for (size_t i = 0; i < COUNT(inherited); i++) {
		const struct gl_pair *p = gl_pair(common, inherited[i]);
		if (p == NULL && i < old)
			p = gl_pair(g->root, inherited[i]);
		if (p != NULL && gl_pair(job, inherited[i]) == NULL && inherits(inherit, "default", inherited[i]))
			pairs[n->count++] = *p;
	}
	*ret_job = n;
	if (all == NULL || all->kind != YAML_MAPPING)
		return ASSAY_OK;
	TRY(inherit_variables(g, inherit, all, &all));
	const struct gl_pair *own = gl_pair(job, "variables");
	if (own == NULL || variables->kind != YAML_MAPPING) {
		pairs[n->count++] = (struct gl_pair){ "variables", all->place, all };
		return ASSAY_OK;
	}
	return gl_merge(g, all, variables, &pairs[own - job->pairs].value);
}
