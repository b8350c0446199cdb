/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "include": what of it lies in the tree is read, all else is a part of somebody else's and a question.
 */
#include "gitlab.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define MODE_LINK 0120000
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* What stands for this project and this commit: such an include is of the tree. */
static bool
is_own(const char *text, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(text, names[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_own_project(const char *text)
{
	static const char *const names[] = { "$CI_PROJECT_PATH", "${CI_PROJECT_PATH}", "$CI_SERVER_FQDN/$CI_PROJECT_PATH",
		"${CI_SERVER_FQDN}/${CI_PROJECT_PATH}", "$CI_SERVER_HOST/$CI_PROJECT_PATH" };
	return is_own(text, names, COUNT(names));
}

static bool
is_own_commit(const char *text)
{
	static const char *const names[] = { "$CI_COMMIT_SHA", "${CI_COMMIT_SHA}" };
	return text != NULL && is_own(text, names, COUNT(names));
}

/* ---- what isn't in the tree ---- */

static enum assay_status
unseen(struct gl *g, struct ci_place at, const char *what, const char *text)
{
	return ci_ask(g->w, CI_ALL & ~(unsigned)CI_PINNED, "include-unseen", at,
	    "%s '%s' isn't in this tree: what its jobs do was not looked at", what, text);
}

/* ci.untrusted-code: an outsider who writes a part of an include's name chooses what the pipeline is. */
static enum assay_status
check_name(struct gl *g, const char *text, struct ci_place at)
{
	const char *variable = gl_find_outsiders(g, text, NULL);
	struct ci_way *way = NULL;
	struct ci_job *all = NULL;
	if (!CATCH(gl_include_chosen, variable != NULL))
		return ASSAY_OK;
	TRY(ci_alloc(g->w, sizeof *all, &all));
	*all = (struct ci_job){ .name = "include", .place = at, .pipeline = g->pipeline };
	TRY(ci_way_new(g->w, CI_WAY_CODE, all, variable, &way));
	TRY(ci_way_hop(g->w, way, at, "%s is %s", variable, gl_outsiders(variable)));
	TRY(ci_way_hop(g->w, way, at, "it chooses which file '%s' is the pipeline", text));
	return ci_keep(g->w, "include:\n  - local: /ci/build.yml", &way->mend);
}

/* ---- files of the tree ---- */

static enum assay_status
read_one(struct gl *g, const struct source_file *source, struct ci_place at, const struct gl_node *given,
    const struct gl_node **ret_node)
{
	const struct gl_node *n;
	*ret_node = NULL;
	if (CATCH(gl_include_link, source->mode == MODE_LINK) || !source->has_bytes)
		return ci_ask(g->w, CI_ALL, "include-unread", at, "'%s' wasn't read: %s", source->path,
		    source->mode == MODE_LINK ? "it is a link" : source->why != NULL ? source->why : "it isn't a file of YAML");
	for (size_t i = 0; i < g->chain_len; i++) {
		if (CATCH(gl_include_cycle, strcmp(g->chain[i], source->path) == 0))
			return ci_ask(g->w, CI_ALL, "include-cycle", at, "'%s' includes itself", source->path);
	}
	if (g->chain_len == GITLAB_INCLUDES_DEEP_MAX || ++g->includes > GITLAB_INCLUDES_MAX)
		return ci_ask(g->w, CI_ALL, "include-limit", at, "more files included than GitLab allows");
	TRY(gl_load(g, source, given, false, &n));
	if (n == NULL)
		return ASSAY_OK;
	g->chain[g->chain_len++] = source->path;
	enum assay_status status = gl_include(g, n, ret_node);
	g->chain_len--;
	return status;
}

static bool
ends_as_yaml(const char *path)
{
	size_t len = strlen(path);
	return (len > 4 && strcmp(path + len - 4, ".yml") == 0) || (len > 5 && strcmp(path + len - 5, ".yaml") == 0);
}

static enum assay_status
read_matching(struct gl *g, const char *pattern, struct ci_place at, const struct gl_node *given,
    const struct gl_node **ret_node)
{
	bool any = false;
	for (size_t i = 0; i < g->w->sources->count; i++) {
		const struct source_file *source = &g->w->sources->files[i];
		const struct gl_node *n;
		if (!gl_work(g, 1) || !ends_as_yaml(source->path)
		    || !text_match(assay_span_str(pattern), assay_span_str(source->path)))
			continue;
		any = true;
		TRY(read_one(g, source, at, given, &n));
		if (n != NULL && *ret_node != NULL)
			TRY(gl_merge(g, *ret_node, n, ret_node));
		else if (n != NULL)
			*ret_node = n;
	}
	return any ? ASSAY_OK : ci_ask(g->w, CI_ALL, "include-missing", at, "no file of this tree matches '%s'", pattern);
}

static enum assay_status
include_local(struct gl *g, const char *path, struct ci_place at, const struct gl_node *given,
    const struct gl_node **ret_node)
{
	TRY(check_name(g, path, at));
	path += path[0] == '/';
	if (CATCH(gl_include_computed, strchr(path, '$') != NULL))
		return ci_ask(g->w, CI_ALL, "include-computed", at, "which file '%s' is, is known when it runs", path);
	if (strchr(path, '*') != NULL)
		return read_matching(g, path, at, given, ret_node);
	const struct source_file *source = sources_find(g->w->sources, path);
	if (CATCH(gl_include_missing, source == NULL))
		return ci_ask(g->w, CI_ALL, "include-missing", at, "there is no file '%s' in this tree", path);
	return read_one(g, source, at, given, ret_node);
}

/* ---- what others hold ---- */

static enum assay_status
include_project(struct gl *g, const struct gl_node *item, const struct gl_node **ret_node)
{
	const char *project = gl_text(gl_get(item, "project")), *ref = gl_text(gl_get(item, "ref"));
	const struct gl_node *files = gl_get(item, "file"), *given = gl_get(item, "inputs");
	const struct gl_node *at = ref != NULL ? gl_get(item, "ref") : gl_get(item, "project");
	if (project == NULL)
		return ci_ask(g->w, CI_ALL, "include-unread", item->place, "an include of a project without its name");
	TRY(check_name(g, project, at->place));
	if (ref != NULL)
		TRY(check_name(g, ref, at->place));
	bool own = is_own_project(project) && is_own_commit(ref);
	if (CATCH(gl_include_elsewhere, !own)) {
		TRY(gl_ref_include(g, CI_REF_INCLUDE, project, ref, at->place));
		return unseen(g, item->place, "a file of the project", project);
	}
	for (size_t i = 0; i < gl_count(files); i++) {
		const char *path = gl_text(gl_item(files, i));
		const struct gl_node *n = NULL;
		if (path != NULL)
			TRY(include_local(g, path, gl_item(files, i)->place, given, &n));
		if (n != NULL && *ret_node != NULL)
			TRY(gl_merge(g, *ret_node, n, ret_node));
		else if (n != NULL)
			*ret_node = n;
	}
	return ASSAY_OK;
}

static enum assay_status
include_remote(struct gl *g, const char *url, const struct gl_node *integrity, struct ci_place at)
{
	TRY(check_name(g, url, at));
	TRY(gl_ref_include(g, CI_REF_INCLUDE, url, gl_text(integrity), at));
	return unseen(g, at, "the remote file", url);
}

static enum assay_status
include_component(struct gl *g, const struct gl_node *item, const struct gl_node **ret_node)
{
	const struct gl_node *n = gl_get(item, "component");
	const char *text = gl_text(n), *at = text == NULL ? NULL : strrchr(text, '@');
	const char *slash = at == NULL ? NULL : memrchr(text, '/', (size_t)(at - text));
	if (slash == NULL)
		return ci_ask(g->w, CI_ALL, "include-unread", item->place, "a component whose name can't be read");
	TRY(check_name(g, text, n->place));
	const char *project = gl_print(g, "%.*s", (int)(slash - text), text);
	if (!is_own_project(project) || !is_own_commit(at + 1)) {
		TRY(gl_ref_include(g, CI_REF_COMPONENT, gl_print(g, "%.*s", (int)(at - text), text), at + 1, n->place));
		return unseen(g, n->place, "the component", text);
	}
	const char *name = gl_print(g, "%.*s", (int)(at - slash - 1), slash + 1);
	const char *path = gl_print(g, "templates/%s.yml", name);
	if (sources_find(g->w->sources, path) == NULL)
		path = gl_print(g, "templates/%s/template.yml", name);
	return include_local(g, path, n->place, gl_get(item, "inputs"), ret_node);
}

/* ---- one include ---- */

static const char *const kinds[] = { "local", "project", "remote", "template", "component", "artifact" };

static enum assay_status
check_keys(struct gl *g, const struct gl_node *item)
{
	static const char *const others[] = { "file", "ref", "inputs", "rules", "integrity", "job", "cache" };
	for (size_t i = 0; i < item->count; i++) {
		const struct gl_pair *p = &item->pairs[i];
		if (!is_own(p->key, kinds, COUNT(kinds)) && !is_own(p->key, others, COUNT(others)))
			TRY(ci_ask(g->w, CI_ALL, "unknown-keyword", p->key_place, "the keyword 'include:%s' isn't known here", p->key));
	}
	return ASSAY_OK;
}

/* Whether the rules of an include keep it out of every pipeline. */
static bool
never_included(const struct gl_node *item)
{
	const struct gl_node *rules = gl_get(item, "rules");
	bool read;
	for (size_t i = 0; i < gl_count(rules); i++) {
		const struct gl_node *rule = gl_item(rules, i);
		const char *condition = gl_text(gl_get(rule, "if")), *when = gl_text(gl_get(rule, "when"));
		if (when != NULL && strcmp(when, "never") == 0 && rule->count == 1)
			return true;
		for (unsigned e = 0; e < GL_EVENTS; e++) {
			if ((when == NULL || strcmp(when, "never") != 0)
			    && (condition == NULL || gl_expression(condition, e, NULL, NULL, &read) != GL_FALSE))
				return false;
		}
	}
	return gl_count(rules) > 0;
}

static enum assay_status
include_mapping(struct gl *g, const struct gl_node *item, const struct gl_node **ret_node)
{
	const struct gl_node *n = gl_get(item, "local");
	if (gl_text(n) != NULL)
		return include_local(g, n->text, n->place, gl_get(item, "inputs"), ret_node);
	if (gl_get(item, "project") != NULL)
		return include_project(g, item, ret_node);
	if (gl_get(item, "component") != NULL)
		return include_component(g, item, ret_node);
	if ((n = gl_get(item, "remote")) != NULL && gl_text(n) != NULL)
		return include_remote(g, n->text, gl_get(item, "integrity"), n->place);
	if ((n = gl_get(item, "template")) != NULL && gl_text(n) != NULL) {
		TRY(gl_ref_include(g, CI_REF_TEMPLATE, n->text, NULL, n->place));
		return unseen(g, n->place, "GitLab's template", n->text);
	}
	if ((n = gl_get(item, "artifact")) != NULL && gl_text(n) != NULL)
		return ci_ask(g->w, CI_ALL, "include-made", n->place,
		    "a pipeline that a job writes while it runs ('%s') can't be read here", n->text);
	return ci_ask(g->w, CI_ALL, "include-unread", item->place, "an include of a kind that isn't known here");
}

enum assay_status
gl_include_one(struct gl *g, const struct gl_node *item, const struct gl_node **ret_node)
{
	const char *text = gl_text(item);
	*ret_node = NULL;
	if (text != NULL && (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0))
		return include_remote(g, text, NULL, item->place);
	if (text != NULL)
		return include_local(g, text, item->place, NULL, ret_node);
	if (item->kind != YAML_MAPPING)
		return ci_ask(g->w, CI_ALL, "include-unread", item->place, "an include that is neither a name nor a mapping");
	TRY(check_keys(g, item));
	return never_included(item) ? ASSAY_OK : include_mapping(g, item, ret_node);
}

enum assay_status
gl_include(struct gl *g, const struct gl_node *n, const struct gl_node **ret_node)
{
	const struct gl_node *list = gl_get(n, "include"), *own, *brought = NULL;
	TRY(gl_without(g, n, "include", &own));
	for (size_t i = 0; i < gl_count(list); i++) {
		const struct gl_node *one;
		TRY(gl_include_one(g, gl_item(list, i), &one));
		if (one != NULL && brought != NULL)
			TRY(gl_merge(g, brought, one, &brought));
		else if (one != NULL)
			brought = one;
	}
	if (brought == NULL) {
		*ret_node = own;
		return ASSAY_OK;
	}
	return gl_merge(g, brought, own, ret_node);
}
