/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs of GitHub's workflows. */
#include "github_work.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

/* Of one workflow, for following which needs which. */
#define JOBS_MAX 1000
#define STEPS_LOOKED_AT 16
/* Values of a matrix; GitHub runs 256 jobs of one at most. */
#define MATRIX_MAX 1000
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* ---- parts of others ---- */

static enum assay_status
add_image(struct gh *g, const char *text, struct ci_place at, bool unseen, void *into)
{
	struct ci_job *j = into;
	struct ci_ref *r = NULL;
	if (text[0] == '\0')
		return ASSAY_OK;
	TRY(ci_image(g->w, strncmp(text, "docker://", 9) == 0 ? text + 9 : text, at, &r));
	if (unseen && r->pin != CI_PIN_DIGEST) {
		r->pin = CI_PIN_UNSEEN;
		r->why = "its name is computed when the pipeline runs";
	}
	r->next = j->images;
	j->images = r;
	return ASSAY_OK;
}

enum assay_status
gh_image(struct gh *g, const struct yaml_node *n, struct ci_job *j)
{
	return gh_expand(g, n, add_image, j);
}

/* "owner/repo/path@ref", "./path", "docker://image". */
enum assay_status
gh_uses(struct gh *g, const struct yaml_node *n, enum ci_ref_kind kind, struct ci_ref **ret_ref)
{
	struct ci_place at = gh_place(g, n, 0);
	struct ci_ref *r = NULL;
	if (strncmp(n->text, "docker://", 9) == 0)
		return ci_image(g->w, n->text + 9, at, ret_ref);
	TRY(ci_ref_new(g->w, kind, n->text, at, &r));
	*ret_ref = r;
	const char *version = strrchr(r->text, '@');
	if (strncmp(r->text, "./", 2) == 0) {
		r->pin = CI_PIN_OWN;
		return ASSAY_OK;
	}
	if (strstr(r->text, "${{") != NULL) {
		r->pin = CI_PIN_UNSEEN;
		r->why = "its name is computed, which GitHub doesn't know";
		return ASSAY_OK;
	}
	if (version == NULL || version[1] == '\0')
		return ASSAY_OK;
	TRY(ci_printf(g->w, &r->name, "%.*s", (int)(version - r->text), r->text));
	r->version = version + 1;
	r->pin = ci_is_commit(r->version) ? CI_PIN_DIGEST : CI_PIN_NAME;
	size_t len = strlen(r->version);
	if (r->pin == CI_PIN_NAME && len >= 7 && len < 40 && strspn(r->version, "0123456789abcdef") == len)
		r->pin = CI_PIN_COMMIT_SHORT;
	return gh_comment(g, n, &r->comment);
}

static enum assay_status
read_container(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	const struct yaml_node *image = n->kind == YAML_MAPPING ? yaml_get(n, "image") : n;
	TRY(gh_scan(g, n, CI_SECRET_INPUT, NULL));
	if (image == NULL || image->kind != YAML_SCALAR)
		return gh_wrong(g, n, "a container without an image");
	return gh_image(g, image, j);
}

static enum assay_status
read_services(struct gh *g, const struct yaml_node *n, void *into)
{
	if (n->kind != YAML_MAPPING)
		return gh_wrong(g, n, "services aren't a mapping");
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next)
		TRY(read_container(g, c, into));
	return ASSAY_OK;
}

/* ---- runners ---- */

static enum ci_runner_kind
kind_of_label(const char *label)
{
	static const char *const hosted[] = { "ubuntu-latest", "ubuntu-slim", "ubuntu-2?.04", "ubuntu-1?.04",
		"ubuntu-2?.04-arm", "windows-latest", "windows-20??", "windows-11-arm", "macos-latest", "macos-latest-*",
		"macos-1?", "macos-2?", "macos-1?-*", "macos-2?-*" };
	/* What the runner program calls itself when nobody says otherwise. */
	static const char *const own[] = { "self-hosted", "linux", "Linux", "windows", "Windows", "macos", "macOS", "x64",
		"X64", "arm", "ARM", "arm64", "ARM64" };
	for (size_t i = 0; i < COUNT(hosted); i++) {
		if (text_match(assay_span_str(hosted[i]), assay_span_str(label)))
			return CI_RUNNER_HOSTED;
	}
	for (size_t i = 0; i < COUNT(own); i++) {
		if (strcmp(own[i], label) == 0)
			return CI_RUNNER_OWN;
	}
	return CI_RUNNER_GROUP;
}

static enum assay_status
new_runner(struct gh *g, struct ci_job *j, enum ci_runner_kind kind, const char *label, struct ci_place at)
{
	struct ci_runner *r = NULL;
	TRY(ci_alloc(g->w, sizeof *r, &r));
	TRY(ci_keep(g->w, label, &r->label));
	r->kind = kind;
	r->place = at;
	r->next = j->runners;
	j->runners = r;
	return ASSAY_OK;
}

static enum assay_status
add_label(struct gh *g, const char *text, struct ci_place at, bool unseen, void *into)
{
	return new_runner(g, into, unseen ? CI_RUNNER_UNSEEN : kind_of_label(text), text, at);
}

/* Labels of a list must all be the runner's: one of an own runner makes it an own one. */
static enum assay_status
add_labels(struct gh *g, const struct yaml_node *list, struct ci_job *j)
{
	struct ci_runner *before = j->runners, *own = NULL, *other = NULL;
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		if (n->kind != YAML_SCALAR)
			return gh_wrong(g, n, "a label isn't a text");
		TRY(gh_expand(g, n, add_label, j));
	}
	for (struct ci_runner *r = j->runners; r != before; r = r->next) {
		if (r->kind == CI_RUNNER_OWN)
			own = r;
		else if (r->kind != CI_RUNNER_HOSTED)
			other = r;
	}
	struct ci_runner *one = own != NULL ? own : other;
	if (one == NULL)
		return ASSAY_OK;
	one->next = before;
	j->runners = one;
	return ASSAY_OK;
}

static enum assay_status
read_runner(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	if (n->kind == YAML_SCALAR)
		return gh_expand(g, n, add_label, j);
	if (n->kind == YAML_SEQUENCE)
		return add_labels(g, n, j);
	const struct yaml_node *group = yaml_get(n, "group"), *labels = yaml_get(n, "labels");
	if (group != NULL && group->kind == YAML_SCALAR)
		return new_runner(g, j, CI_RUNNER_GROUP, group->text, ci_at_key(g->f, group));
	if (labels == NULL || labels->kind == YAML_MAPPING)
		return gh_wrong(g, n, "a runner without group and labels");
	return read_runner(g, labels, j);
}

/* ---- matrix ---- */

static enum assay_status
add_value(struct gh *g, struct ci_job *j, const char *key, const struct yaml_node *n)
{
	char name[256];
	if (++j->matrix_count > MATRIX_MAX) {
		j->matrix_computed = true;
		return j->matrix_count == MATRIX_MAX + 1 ? gh_wrong(g, n, "a matrix of more than %d values", MATRIX_MAX) : ASSAY_OK;
	}
	if (n->kind == YAML_SCALAR)
		return gh_variable(g, &j->matrix, key, n);
	for (const struct yaml_node *c = n->first; n->kind == YAML_MAPPING && c != NULL; c = c->next) {
		(void)snprintf(name, sizeof name, "%.100s.%.100s", key, c->key);
		if (c->kind == YAML_SCALAR)
			TRY(gh_variable(g, &j->matrix, name, c));
	}
	return ASSAY_OK;
}

static enum assay_status
read_dimension(struct gh *g, struct ci_job *j, const struct yaml_node *n)
{
	bool include = strcmp(n->key, "include") == 0;
	if (strcmp(n->key, "exclude") == 0)
		return ASSAY_OK;
	if (n->kind == YAML_SCALAR) {
		j->matrix_computed = true;
		return gh_variable(g, &j->matrix, n->key, n);
	}
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next) {
		if (!include)
			TRY(add_value(g, j, n->key, c));
		for (const struct yaml_node *k = c->first; include && c->kind == YAML_MAPPING && k != NULL; k = k->next)
			TRY(add_value(g, j, k->key, k));
	}
	return ASSAY_OK;
}

static enum assay_status
read_strategy(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	const struct yaml_node *matrix = n->kind == YAML_MAPPING ? yaml_get(n, "matrix") : NULL;
	TRY(gh_scan(g, n, CI_SECRET_ELSEWHERE, NULL));
	if (matrix == NULL)
		return ASSAY_OK;
	if (matrix->kind != YAML_MAPPING) {
		j->matrix_computed = true;
		return matrix->kind == YAML_SCALAR ? gh_variable(g, &j->matrix, "*", matrix) : ASSAY_OK;
	}
	for (const struct yaml_node *c = matrix->first; c != NULL; c = c->next)
		TRY(read_dimension(g, j, c));
	return ASSAY_OK;
}

/* ---- the other keys ---- */

static enum assay_status
add_need(struct gh *g, const struct yaml_node *n, struct ci_job *j)
{
	struct ci_need *need = NULL;
	if (n->kind != YAML_SCALAR)
		return gh_wrong(g, n, "a need isn't a job's name");
	TRY(ci_alloc(g->w, sizeof *need, &need));
	TRY(ci_keep(g->w, n->text, &need->name));
	need->place = ci_at(g->f, n);
	need->next = j->needs;
	j->needs = need;
	return ASSAY_OK;
}

static enum assay_status
read_needs(struct gh *g, const struct yaml_node *n, void *into)
{
	if (n->kind == YAML_SCALAR)
		return add_need(g, n, into);
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next)
		TRY(add_need(g, c, into));
	return ASSAY_OK;
}

static enum assay_status
read_condition(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	return gh_condition(g, n, &j->condition, &j->condition_place);
}

static enum assay_status
read_job_permissions(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	j->permissions = (struct ci_permissions){ 0 };
	return gh_permissions(g, n, &j->permissions);
}

static enum assay_status
read_env(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	return gh_variables(g, n, CI_SECRET_JOB_ENV, &j->env);
}

static enum assay_status
read_environment(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	const struct yaml_node *name = n->kind == YAML_MAPPING ? yaml_get(n, "name") : n;
	TRY(gh_scan(g, n, CI_SECRET_ELSEWHERE, NULL));
	return name != NULL && name->kind == YAML_SCALAR ? ci_keep(g->w, name->text, &j->environment) : ASSAY_OK;
}

static enum assay_status
read_may_fail(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	j->may_fail = n->kind != YAML_SCALAR || strcmp(n->text, "false") != 0;
	j->may_fail_place = ci_at_key(g->f, n);
	return gh_scan(g, n, CI_SECRET_ELSEWHERE, NULL);
}

static enum assay_status
read_outputs(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	return gh_variables(g, n, CI_SECRET_ELSEWHERE, &j->outputs);
}

static enum assay_status
read_call(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	if (n->kind != YAML_SCALAR)
		return gh_wrong(g, n, "'uses' isn't a text");
	TRY(gh_uses(g, n, CI_REF_PIPELINE, &j->calls_ref));
	return ASSAY_OK;
}

static enum assay_status
read_with(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	return gh_variables(g, n, CI_SECRET_INPUT, &j->with);
}

static enum assay_status
read_secrets(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_job *j = into;
	if (n->kind == YAML_MAPPING)
		return gh_scan(g, n, CI_SECRET_INPUT, NULL);
	if (n->kind != YAML_SCALAR || strcmp(n->text, "inherit") != 0)
		return gh_wrong(g, n, "secrets are a mapping or 'inherit'");
	struct ci_secret *all = NULL;
	TRY(ci_alloc(g->w, sizeof *all, &all));
	*all = (struct ci_secret){ .name = "secrets", .all = true, .at = CI_SECRET_CALL, .place = ci_at_key(g->f, n), .next = j->secrets };
	j->secrets = all;
	return ASSAY_OK;
}

static enum assay_status
read_steps(struct gh *g, const struct yaml_node *n, void *into)
{
	return gh_steps(g, n, into);
}

/* Strategy comes first: images and runners take values from it. */
static const struct gh_key first_keys[] = { { "strategy", read_strategy } };

static const struct gh_key job_keys[] = {
	{ "strategy", NULL },
	{ "name", NULL },
	{ "permissions", read_job_permissions },
	{ "needs", read_needs },
	{ "if", read_condition },
	{ "runs-on", read_runner },
	{ "environment", read_environment },
	{ "concurrency", NULL },
	{ "outputs", read_outputs },
	{ "env", read_env },
	{ "defaults", NULL },
	{ "steps", read_steps },
	{ "timeout-minutes", NULL },
	{ "continue-on-error", read_may_fail },
	{ "container", read_container },
	{ "services", read_services },
	{ "uses", read_call },
	{ "with", read_with },
	{ "secrets", read_secrets },
};

static enum assay_status
check_shape(struct gh *g, const struct yaml_node *n)
{
	bool calls = yaml_get(n, "uses") != NULL, runs = yaml_get(n, "runs-on") != NULL, steps = yaml_get(n, "steps") != NULL;
	if (calls && (runs || steps))
		return gh_wrong(g, n, "a job that calls a workflow has steps or a runner of its own");
	if (!calls && (!runs || !steps))
		return gh_wrong(g, n, "a job without %s", runs ? "steps" : "a runner");
	return ASSAY_OK;
}

static bool
names_in(const struct ci_variable *list, const char *name)
{
	for (const struct ci_variable *v = list; v != NULL; v = v->next) {
		if (strstr(v->value, name) != NULL)
			return true;
	}
	return false;
}

/* Whether each step names a variable, so that it is no wider than its use. */
static bool
is_used_everywhere(const struct ci_job *j, const char *name)
{
	for (const struct ci_step *s = j->steps; s != NULL; s = s->next) {
		bool named = (s->command != NULL && strstr(s->command, name) != NULL) || names_in(s->with, name) || names_in(s->env, name);
		if (!named)
			return false;
	}
	return j->steps != NULL;
}

static void
settle_secrets(struct ci_job *j)
{
	/* In a job of many steps one that doesn't need it will be there; each look costs a look at all of them. */
	for (struct ci_secret *s = j->step_count <= STEPS_LOOKED_AT ? j->secrets : NULL; s != NULL; s = s->next)
		s->everywhere = s->at == CI_SECRET_JOB_ENV && s->variable != NULL && is_used_everywhere(j, s->variable);
}

static enum assay_status
read_job(struct gh *g, const struct yaml_node *n, struct ci_pipeline *p)
{
	const struct yaml_node *strategy = n->kind == YAML_MAPPING ? yaml_get(n, "strategy") : NULL;
	if (n->kind != YAML_MAPPING)
		return gh_wrong(g, n, "a job isn't a mapping");
	TRY(ci_job_new(g->w, p, n->key, ci_at_key(g->f, n), &g->job));
	g->job->permissions = p->permissions;
	if (strategy != NULL)
		TRY(first_keys[0].read(g, strategy, g->job));
	TRY(check_shape(g, n));
	TRY(gh_mapping(g, n, "a job", job_keys, COUNT(job_keys), g->job));
	settle_secrets(g->job);
	g->job = NULL;
	return ASSAY_OK;
}

static void
join_needs(const struct ci_pipeline *p, struct ci_job *j)
{
	for (struct ci_need *need = j->needs; need != NULL; need = need->next) {
		for (const struct ci_job *other = p->jobs; other != NULL && need->job == NULL; other = other->next) {
			if (strcmp(other->name, need->name) == 0)
				need->job = other;
		}
	}
}

enum assay_status
gh_jobs(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_pipeline *p = into;
	if (n->kind != YAML_MAPPING)
		return gh_wrong(g, n, "'jobs' isn't a mapping");
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next)
		TRY(read_job(g, c, p));
	if (p->job_count > JOBS_MAX)
		return gh_wrong(g, n, "more than %d jobs: which needs which isn't followed", JOBS_MAX);
	for (struct ci_job *j = p->jobs; j != NULL; j = j->next)
		join_needs(p, j);
	return ASSAY_OK;
}
