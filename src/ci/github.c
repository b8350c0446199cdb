/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of GitHub: workflows and actions from the top, triggers, permissions.
 */
#include "github_work.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define WORKFLOWS ".github/workflows/"

/* ---- which files ---- */

static bool
matches(const char *path, const char *const *patterns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text_match(assay_span_str(patterns[i]), assay_span_str(path)))
			return true;
	}
	return false;
}

static bool
is_workflow(const char *path)
{
	static const char *const patterns[] = { WORKFLOWS "*.yml", WORKFLOWS "*.yaml" };
	return matches(path, patterns, COUNT(patterns));
}

bool
ci_github_wants(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	return is_workflow(path) || strcmp(name, "action.yml") == 0 || strcmp(name, "action.yaml") == 0;
}

static bool
holds(struct assay_span bytes, const char *word)
{
	size_t n = strlen(word);
	return bytes.len >= n && memmem(bytes.data, bytes.len, word, n) != NULL;
}

/* Whether some workflow of the tree names the folder of this action. */
static bool
is_used(const struct ci_work *w, const char *path)
{
	char folder[1024] = ".";
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL ? (size_t)(slash - path) : 0;
	if (len + 3 > sizeof folder)
		return true;
	(void)snprintf(folder, sizeof folder, "./%.*s", (int)len, path);
	const struct source_file *f = sources_under(w->sources, WORKFLOWS), *end = w->sources->files + w->sources->count;
	for (; f != NULL && f < end && strncmp(f->path, WORKFLOWS, strlen(WORKFLOWS)) == 0; f++) {
		if (is_workflow(f->path) && (!f->has_bytes || holds(f->bytes, folder)))
			return true;
	}
	return false;
}

/* An action among test data that no workflow uses is data: nobody's pipeline runs it. */
static bool
is_data(const struct ci_work *w, const char *path)
{
	static const char *const patterns[] = { "test/**", "tests/**", "**/test/**", "**/tests/**", "**/testdata/**",
		"**/fixtures/**", "testdata/**", "fixtures/**" };
	return matches(path, patterns, COUNT(patterns)) && !is_used(w, path);
}

/* ---- triggers ---- */

/* By the documentation of the events: who can set one off, and whether such a run has the project's own rights. */
static const struct {
	const char *name;
	enum ci_who who;
	bool privileged, release;
} events[] = {
	{ "pull_request", CI_OUTSIDER, false, false },
	{ "pull_request_review", CI_OUTSIDER, false, false },
	{ "pull_request_review_comment", CI_OUTSIDER, false, false },
	{ "pull_request_target", CI_OUTSIDER, true, false },
	{ "pull_request_comment", CI_OUTSIDER, true, false },
	{ "issue_comment", CI_OUTSIDER, true, false },
	{ "issues", CI_OUTSIDER, true, false },
	{ "discussion", CI_OUTSIDER, true, false },
	{ "discussion_comment", CI_OUTSIDER, true, false },
	{ "fork", CI_OUTSIDER, true, false },
	{ "watch", CI_OUTSIDER, true, false },
	{ "gollum", CI_OUTSIDER, true, false },
	{ "workflow_run", CI_OUTSIDER, true, false },
	{ "push", CI_MEMBER, true, false },
	{ "release", CI_MEMBER, true, true },
	{ "schedule", CI_MEMBER, true, false },
	{ "workflow_dispatch", CI_MEMBER, true, false },
	{ "repository_dispatch", CI_MEMBER, true, false },
	{ "merge_group", CI_MEMBER, true, false },
	{ "create", CI_MEMBER, true, false },
	{ "delete", CI_MEMBER, true, false },
	{ "deployment", CI_MEMBER, true, false },
	{ "deployment_status", CI_MEMBER, true, false },
	{ "branch_protection_rule", CI_MEMBER, true, false },
	{ "check_run", CI_MEMBER, true, false },
	{ "check_suite", CI_MEMBER, true, false },
	{ "label", CI_MEMBER, true, false },
	{ "milestone", CI_MEMBER, true, false },
	{ "page_build", CI_MEMBER, true, false },
	{ "project", CI_MEMBER, true, false },
	{ "project_card", CI_MEMBER, true, false },
	{ "project_column", CI_MEMBER, true, false },
	{ "public", CI_MEMBER, true, false },
	{ "registry_package", CI_MEMBER, true, false },
	{ "status", CI_MEMBER, true, false },
	{ "image_version", CI_MEMBER, true, false },
};

static enum assay_status
read_inputs(struct gh *g, const struct yaml_node *n, struct ci_variable **ret_first)
{
	for (const struct yaml_node *c = n->kind == YAML_MAPPING ? n->first : NULL; c != NULL; c = c->next) {
		const struct yaml_node *value = c->kind == YAML_MAPPING ? yaml_get(c, "default") : NULL;
		TRY(gh_variable(g, ret_first, c->key, value != NULL ? value : c));
	}
	return ASSAY_OK;
}

/* Outputs of what is called: "value" of each. */
static enum assay_status
read_outputs(struct gh *g, const struct yaml_node *n, struct ci_variable **ret_first)
{
	for (const struct yaml_node *c = n->kind == YAML_MAPPING ? n->first : NULL; c != NULL; c = c->next) {
		const struct yaml_node *value = c->kind == YAML_MAPPING ? yaml_get(c, "value") : c;
		if (value == NULL)
			continue;
		TRY(gh_variable(g, ret_first, c->key, value));
		TRY(gh_scan(g, value, CI_SECRET_ELSEWHERE, NULL));
	}
	return ASSAY_OK;
}

static enum assay_status
read_call(struct gh *g, const struct yaml_node *n)
{
	g->pipeline->callable = true;
	if (n->kind != YAML_MAPPING)
		return ASSAY_OK;
	const struct yaml_node *inputs = yaml_get(n, "inputs"), *outputs = yaml_get(n, "outputs");
	if (inputs != NULL)
		TRY(read_inputs(g, inputs, &g->pipeline->inputs));
	return outputs != NULL ? read_outputs(g, outputs, &g->pipeline->outputs) : ASSAY_OK;
}

static enum assay_status
read_after(struct gh *g, const struct yaml_node *n, struct ci_trigger *t)
{
	const struct yaml_node *list = n->kind == YAML_MAPPING ? yaml_get(n, "workflows") : NULL;
	if (list == NULL)
		return ASSAY_OK;
	if (list->kind == YAML_SCALAR)
		return gh_variable(g, &t->after, "", list);
	for (const struct yaml_node *c = list->first; c != NULL; c = c->next)
		TRY(gh_variable(g, &t->after, "", c));
	return ASSAY_OK;
}

static enum assay_status
read_event(struct gh *g, const char *name, const struct yaml_node *n, struct ci_place at)
{
	size_t i = 0;
	struct ci_trigger *t = NULL;
	if (strcmp(name, "workflow_call") == 0)
		return read_call(g, n);
	while (i < COUNT(events) && strcmp(events[i].name, name) != 0)
		i++;
	if (i == COUNT(events))
		return ci_ask(g->w, CI_ALL, "unknown-syntax", at, "'%s': the unknown trigger '%.64s'", g->f->path, name);
	TRY(ci_alloc(g->w, sizeof *t, &t));
	*t = (struct ci_trigger){ .name = events[i].name, .place = at, .who = events[i].who,
		.privileged = events[i].privileged, .release = events[i].release };
	TRY(read_after(g, n, t));
	if (strcmp(name, "push") == 0 && n->kind == YAML_MAPPING)
		t->release = yaml_get(n, "tags") != NULL;
	struct ci_trigger **link = &g->pipeline->triggers;
	while (*link != NULL)
		link = &(*link)->next;
	*link = t;
	return ASSAY_OK;
}

enum assay_status
gh_triggers(struct gh *g, const struct yaml_node *n, void *into)
{
	(void)into;
	if (n->kind == YAML_SCALAR)
		return read_event(g, n->text, n, ci_at(g->f, n));
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next) {
		if (n->kind == YAML_MAPPING)
			TRY(read_event(g, c->key, c, ci_at_key(g->f, c)));
		else if (c->kind == YAML_SCALAR)
			TRY(read_event(g, c->text, c, ci_at(g->f, c)));
		else
			TRY(gh_wrong(g, c, "a trigger isn't a name"));
	}
	return ASSAY_OK;
}

/* ---- permissions ---- */

static const char *const access_words[] = { [CI_ACCESS_NONE] = "none", [CI_ACCESS_READ] = "read", [CI_ACCESS_WRITE] = "write" };

static enum assay_status
read_scope(struct gh *g, const struct yaml_node *n, struct ci_permissions *p)
{
	struct ci_permission *scope = NULL;
	size_t i = 0;
	while (n->kind == YAML_SCALAR && i < COUNT(access_words) && strcmp(access_words[i], n->text) != 0)
		i++;
	if (n->kind != YAML_SCALAR || i == COUNT(access_words))
		return gh_wrong(g, n, "permissions take 'read', 'write' or 'none'");
	TRY(ci_alloc(g->w, sizeof *scope, &scope));
	TRY(ci_keep(g->w, n->key, &scope->scope));
	scope->right = (enum ci_access)i;
	scope->place = ci_at_key(g->f, n);
	scope->next = p->first;
	p->first = scope;
	return ASSAY_OK;
}

enum assay_status
gh_permissions(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_permissions *p = into;
	p->stated = true;
	p->place = ci_at_key(g->f, n);
	if (n->kind == YAML_MAPPING) {
		for (const struct yaml_node *c = n->first; c != NULL; c = c->next)
			TRY(read_scope(g, c, p));
		return ASSAY_OK;
	}
	p->for_all = true;
	if (n->kind == YAML_SCALAR && strcmp(n->text, "read-all") == 0)
		p->all = CI_ACCESS_READ;
	else if (n->kind == YAML_SCALAR && strcmp(n->text, "write-all") == 0)
		p->all = CI_ACCESS_WRITE;
	else
		return gh_wrong(g, n, "permissions are 'read-all', 'write-all' or a mapping");
	return ASSAY_OK;
}

/* ---- workflows ---- */

static enum assay_status
read_name(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_pipeline *p = into;
	return n->kind == YAML_SCALAR ? ci_keep(g->w, n->text, &p->name) : ASSAY_OK;
}

static enum assay_status
read_workflow_permissions(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_pipeline *p = into;
	return gh_permissions(g, n, &p->permissions);
}

static enum assay_status
read_env(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_pipeline *p = into;
	return gh_variables(g, n, CI_SECRET_PIPELINE_ENV, &p->env);
}

static enum assay_status
read_workflow(struct gh *g, const struct yaml_node *root)
{
	/* Permissions and environment come before the jobs that inherit them. */
	static const struct gh_key before[] = { { "name", read_name }, { "on", gh_triggers }, { "true", gh_triggers },
		{ "permissions", read_workflow_permissions }, { "env", read_env }, { "run-name", NULL }, { "defaults", NULL },
		{ "concurrency", NULL }, { "jobs", NULL } };
	if (root->kind != YAML_MAPPING || yaml_get(root, "jobs") == NULL || yaml_get(root, "on") == NULL)
		return gh_wrong(g, root, "a workflow has the keys 'on' and 'jobs'");
	TRY(gh_mapping(g, root, "a workflow", before, COUNT(before), g->pipeline));
	return gh_jobs(g, yaml_get(root, "jobs"), g->pipeline);
}

/* ---- actions ---- */

static enum assay_status
read_docker_action(struct gh *g, const struct yaml_node *runs)
{
	const struct yaml_node *image = yaml_get(runs, "image");
	if (image == NULL || image->kind != YAML_SCALAR)
		return gh_wrong(g, runs, "an action that runs in Docker names no image");
	/* A Dockerfile is of this tree. */
	if (strncmp(image->text, "docker://", 9) != 0)
		return ASSAY_OK;
	return gh_image(g, image, g->job);
}

static enum assay_status
read_runs(struct gh *g, const struct yaml_node *runs)
{
	const struct yaml_node *by = yaml_get(runs, "using"), *steps = yaml_get(runs, "steps");
	if (by == NULL || by->kind != YAML_SCALAR)
		return gh_wrong(g, runs, "an action doesn't say by what it runs ('using')");
	if (strcmp(by->text, "docker") == 0)
		return read_docker_action(g, runs);
	if (strncmp(by->text, "node", 4) == 0)
		return ASSAY_OK;
	if (strcmp(by->text, "composite") != 0)
		return gh_wrong(g, by, "an action runs by the unknown '%.64s'", by->text);
	if (steps == NULL)
		return gh_wrong(g, runs, "a composite action has no steps");
	return gh_steps(g, steps, g->job);
}

static enum assay_status
read_action(struct gh *g, const struct yaml_node *root)
{
	const struct yaml_node *runs = root->kind == YAML_MAPPING ? yaml_get(root, "runs") : NULL;
	if (runs == NULL || runs->kind != YAML_MAPPING)
		return gh_wrong(g, root, "an action has the key 'runs'");
	const struct yaml_node *inputs = yaml_get(root, "inputs"), *outputs = yaml_get(root, "outputs");
	g->pipeline->action = true;
	TRY(ci_job_new(g->w, g->pipeline, "runs", ci_at_key(g->f, runs), &g->job));
	if (inputs != NULL)
		TRY(read_inputs(g, inputs, &g->pipeline->inputs));
	if (outputs != NULL)
		TRY(read_outputs(g, outputs, &g->pipeline->outputs));
	return read_runs(g, runs);
}

enum assay_status
ci_github_read(struct ci_file *f)
{
	struct yaml_node *root = NULL;
	struct gh g;
	if (!is_workflow(f->path) && is_data(f->work, f->path))
		return ASSAY_OK;
	TRY(ci_yaml(f, &root));
	if (root == NULL)
		return ASSAY_OK;
	TRY(gh_open(f, &g));
	if (root->next != NULL)
		return gh_wrong(&g, root->next, "a second document");
	TRY(ci_pipeline_new(f, CI_GITHUB, &g.pipeline));
	return is_workflow(f->path) ? read_workflow(&g, root) : read_action(&g, root);
}
