/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a resolved file to jobs: the pipeline of a tree and the child pipelines that it starts.
 */
#include "command.h"
#include "gitlab.h"
#include "gitlab_reader.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define FILE_NAME ".gitlab-ci.yml"
#define BRANCHES (GL_BIT(GL_BRANCH) | GL_BIT(GL_DEFAULT) | GL_BIT(GL_MERGE_REQUEST))
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

bool
ci_gitlab_wants(const char *path)
{
	return strcmp(path, FILE_NAME) == 0;
}

static enum assay_status read_pipeline(struct gl *g);

/* ---- keywords ---- */

static const char *const keywords[] = { "after_script", "allow_failure", "artifacts", "before_script", "cache", "coverage",
	"dast_configuration", "dependencies", "description", "environment", "except", "extends", "hooks", "id_tokens",
	"identity", "image", "inherit", "inputs", "interruptible", "manual_confirmation", "needs", "only", "pages", "parallel",
	"publish", "release", "resource_group", "retry", "rules", "script", "secrets", "services", "stage", "start_in", "tags",
	"timeout", "trigger", "variables", "when" };

static enum assay_status
check_keywords(struct gl *g, const struct gl_node *job)
{
	for (size_t i = 0; i < job->count; i++) {
		const struct gl_pair *p = &job->pairs[i];
		bool known = false;
		for (size_t k = 0; !known && k < COUNT(keywords); k++)
			known = strcmp(keywords[k], p->key) == 0;
		if (CATCH(gl_unknown_keyword, !known))
			TRY(ci_ask(g->w, CI_ALL, "unknown-keyword", p->key_place, "the keyword '%s' isn't known here", p->key));
	}
	return ASSAY_OK;
}

/* ---- ci.least-privilege: what a pipeline shows of its secrets ---- */

/* As the runner reads a truth value. */
static bool
switched_on(const struct gl_node *n)
{
	static const char *const words[] = { "1", "t", "T", "TRUE", "true", "True" };
	if (n != NULL && n->kind == YAML_MAPPING)
		n = gl_get(n, "value");
	for (size_t i = 0; n != NULL && n->kind == YAML_SCALAR && i < COUNT(words); i++) {
		if (strcmp(n->text, words[i]) == 0)
			return true;
	}
	return false;
}

static bool
remarked(const struct gl *g, enum ci_remark_kind kind, struct ci_place at)
{
	for (const struct ci_remark *r = g->w->model->remarks; r != NULL; r = r->next) {
		if (r->kind == kind && r->place.file == at.file && r->place.line == at.line)
			return true;
	}
	return false;
}

static enum assay_status
check_debug(struct gl *g, const struct gl_node *variables)
{
	static const char *const names[] = { "CI_DEBUG_TRACE", "CI_DEBUG_SERVICES" };
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct gl_node *n = gl_get(variables, names[i]);
		if (CATCH(gl_debug, switched_on(n)) && !remarked(g, CI_REMARK_DEBUG, n->place))
			TRY(ci_remark(g->w, CI_REMARK_DEBUG, n->place, names[i]));
	}
	return ASSAY_OK;
}

static enum assay_status
check_rules_debug(struct gl *g, const struct gl_node *rules)
{
	for (size_t i = 0; i < gl_count(rules); i++)
		TRY(check_debug(g, gl_get(gl_item(rules, i), "variables")));
	return ASSAY_OK;
}

/* ---- secrets ---- */

/* Whether a script of the job names the variable. */
static bool
names_variable(const struct ci_job *j, const char *name)
{
	for (const struct ci_step *s = j->steps; s != NULL; s = s->next) {
		if (s->command != NULL && strstr(s->command, name) != NULL)
			return true;
	}
	return false;
}

static enum assay_status
add_secrets(struct gl *g, const struct gl_node *plain, const struct gl_node *job, const char *key, struct ci_job *j)
{
	const struct gl_node *list = gl_get(job, key);
	for (size_t i = 0; list != NULL && list->kind == YAML_MAPPING && i < list->count; i++) {
		struct ci_secret *s = NULL;
		TRY(ci_alloc(g->w, sizeof *s, &s));
		TRY(ci_keep(g->w, list->pairs[i].key, &s->name));
		s->variable = s->name;
		/* What a job asks for itself, its program may read; what every job is given has to be named to count as used. */
		s->everywhere = gl_get(plain, key) != NULL || names_variable(j, s->name);
		s->at = CATCH(gl_secret_by_default, !s->everywhere) ? CI_SECRET_DEFAULT : CI_SECRET_JOB_ENV;
		s->place = list->pairs[i].key_place;
		s->next = j->secrets;
		j->secrets = s;
	}
	return ASSAY_OK;
}

/* ---- steps ---- */

/* What a script that can't be read does isn't known: it is asked where the words of outsiders are followed. */
static enum assay_status
add_duties(struct gl *g, struct ci_step *s, bool after, struct ci_job *j)
{
	struct assay_error err = { 0 };
	struct ci_command look = { .read = false };
	if (ci_command_look(s->command, &g->shell, g->arena, &look, &err) == ASSAY_E_MEMORY)
		return arena_full(g->w->err);
	if (!look.read)
		return ASSAY_OK;
	/* The failure of an after_script is none of the job. */
	const bool late = CATCH(gl_gate_after, after);
	s->duties = late ? 0 : look.duties;
	s->soft_duties = look.soft | (late ? look.duties : 0);
	j->duties |= s->duties;
	j->soft_duties |= s->soft_duties;
	return ASSAY_OK;
}

static enum assay_status
add_command(struct gl *g, const struct gl_node *n, bool after, struct ci_job *j)
{
	struct ci_step *s = NULL;
	TRY(ci_step_new(g->w, j, n->place, &s));
	s->kind = CI_STEP_COMMAND;
	s->command_block = n->block;
	s->command_place = n->place;
	TRY(ci_keep(g->w, n->text, &s->command));
	g->w->model->command_count++;
	return add_duties(g, s, after, j);
}

/* A script: text, a list, or lists in lists. */
static enum assay_status
add_script(struct gl *g, const struct gl_node *n, bool after, unsigned depth, struct ci_job *j)
{
	if (gl_is_null(n) || !gl_work(g, 1))
		return ASSAY_OK;
	if (n->kind == YAML_SCALAR)
		return add_command(g, n, after, j);
	if (n->kind == YAML_MAPPING || depth > GITLAB_LISTS_MAX)
		return ci_ask(g->w, CI_ALL, "script-unread", n->place, "a script that isn't text or a list of texts");
	for (size_t i = 0; i < n->count; i++)
		TRY(add_script(g, n->pairs[i].value, after, depth + 1, j));
	return ASSAY_OK;
}

/* ---- runners, caches, artifacts ---- */

static enum assay_status
add_runners(struct gl *g, const struct gl_node *job, struct ci_job *j)
{
	static const char hosted[] = "saas-";
	const struct gl_node *tags = gl_get(job, "tags");
	for (size_t i = 0; i < gl_count(tags); i++) {
		const struct gl_node *n = gl_item(tags, i);
		struct ci_runner *r = NULL;
		if (gl_text(n) == NULL)
			continue;
		TRY(ci_alloc(g->w, sizeof *r, &r));
		TRY(ci_keep(g->w, n->text, &r->label));
		r->kind = strncmp(n->text, hosted, sizeof hosted - 1) == 0 ? CI_RUNNER_HOSTED
			: strchr(n->text, '$') != NULL			   ? CI_RUNNER_UNSEEN
									   : CI_RUNNER_OWN;
		r->place = n->place;
		r->next = j->runners;
		j->runners = r;
	}
	return ASSAY_OK;
}

/* Other caches that are taken where the own one isn't there. */
static enum assay_status
add_fallbacks(struct gl *g, const struct gl_node *keys, const struct ci_cache *like, struct ci_job *j)
{
	for (size_t i = 0; (like->use & CI_CACHE_RESTORE) != 0 && i < gl_count(keys); i++) {
		const char *key = gl_text(gl_item(keys, i));
		struct ci_cache *c = NULL;
		if (!CATCH(gl_cache_fallback, key != NULL))
			continue;
		TRY(ci_alloc(g->w, sizeof *c, &c));
		*c = *like;
		TRY(ci_keep(g->w, key, &c->key));
		c->use = CI_CACHE_RESTORE;
		c->place = gl_item(keys, i)->place;
		c->next = j->caches;
		j->caches = c;
	}
	return ASSAY_OK;
}

static enum assay_status
add_caches(struct gl *g, const struct gl_node *job, struct ci_job *j)
{
	const struct gl_node *list = gl_get(job, "cache");
	for (size_t i = 0; i < gl_count(list); i++) {
		const struct gl_node *n = gl_item(list, i), *key = gl_get(n, "key");
		const char *policy = gl_text(gl_get(n, "policy"));
		struct ci_cache *c = NULL;
		if (n->kind != YAML_MAPPING || n->count == 0)
			continue;
		TRY(ci_alloc(g->w, sizeof *c, &c));
		TRY(ci_keep(g->w, gl_text(key) != NULL ? key->text : key != NULL ? "files" : "default", &c->key));
		c->use = policy == NULL || policy[0] == '$' || strcmp(policy, "pull-push") == 0 ? CI_CACHE_RESTORE | CI_CACHE_SAVE
			: strcmp(policy, "push") == 0						? CI_CACHE_SAVE
												: CI_CACHE_RESTORE;
		c->by = gl_is_true(gl_get(n, "unprotect")) ? "unprotect" : "cache";
		c->place = n->place;
		c->next = j->caches;
		j->caches = c;
		TRY(add_fallbacks(g, gl_get(n, "fallback_keys"), c, j));
		TRY(add_fallbacks(g, gl_get(gl_get(job, "variables"), "CACHE_FALLBACK_KEY"), c, j));
	}
	return ASSAY_OK;
}

/* ---- needs ---- */

static unsigned
stage_of(struct gl *g, const char *name)
{
	static const char *const usual[] = { "build", "test", "deploy" };
	const struct gl_node *stages = gl_get(g->root, "stages");
	if (name == NULL)
		name = "test";
	if (strcmp(name, ".pre") == 0)
		return 0;
	for (size_t i = 0; i < (stages == NULL ? COUNT(usual) : gl_count(stages)); i++) {
		const char *stage = stages == NULL ? usual[i] : gl_text(gl_item(stages, i));
		if (stage != NULL && strcmp(stage, name) == 0)
			return (unsigned)i + 1;
	}
	return GITLAB_KEYS_MAX + 1;
}

static struct gl_job *
find_job(struct gl_job *jobs, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(jobs[i].name, name) == 0)
			return &jobs[i];
	}
	return NULL;
}

/* Whether the other is there whenever the job runs: what a rule may leave out holds nothing back. */
static bool
comes_along(const struct gl_job *job, const struct gl_job *other)
{
	unsigned release = job->when.may & GL_BIT(GL_TAG), asked = release != 0 ? release : job->when.may;
	if ((asked & ~other->when.sure) == 0)
		return true;
	return release != 0 && (other->when.may & release) != 0 && job->when.maybe != NULL && other->when.maybe != NULL
	    && strcmp(job->when.maybe, other->when.maybe) == 0;
}

static enum assay_status
add_need(struct gl *g, struct gl_job *job, const char *name, const struct gl_job *other, struct ci_place at)
{
	struct ci_need *n = NULL;
	TRY(ci_alloc(g->w, sizeof *n, &n));
	if (other != NULL)
		n->name = other->model->name;
	else
		TRY(ci_keep(g->w, name, &n->name));
	n->place = at;
	n->job = other == NULL ? NULL : other->model;
	n->next = job->model->needs;
	job->model->needs = n;
	return ASSAY_OK;
}

/* Files of another project, or of a pipeline that isn't the one which started this one. */
static enum assay_status
ask_elsewhere(struct gl *g, const struct gl_node *n, const struct gl_job *job)
{
	const char *project = gl_text(gl_get(n, "project")), *pipeline = gl_text(gl_get(n, "pipeline"));
	const char *artifacts = gl_text(gl_get(n, "artifacts"));
	/* Of another pipeline of the project "pipeline" alone takes no files, but its state. */
	bool files = project != NULL || gl_get(n, "job") != NULL;
	bool parent = project == NULL && pipeline != NULL && strcmp(pipeline, "$PARENT_PIPELINE_ID") == 0;
	if (!CATCH(gl_needs_elsewhere, files && !parent) || (artifacts != NULL && strcmp(artifacts, "false") == 0))
		return ASSAY_OK;
	return ci_ask(g->w, CI_PINNED | CI_UNTRUSTED, "files-unseen", n->place,
	    "job '%s' takes the files of a job of '%s': what made them isn't in this tree, and no digest names them", job->name,
	    project != NULL ? project : pipeline);
}

static enum assay_status
add_stated_needs(struct gl *g, struct gl_job *jobs, size_t count, struct gl_job *job)
{
	const struct gl_node *needs = gl_get(job->node, "needs");
	for (size_t i = 0; i < gl_count(needs) && gl_work(g, count); i++) {
		const struct gl_node *n = gl_item(needs, i);
		bool elsewhere = gl_get(n, "project") != NULL || gl_get(n, "pipeline") != NULL;
		const char *name = n->kind == YAML_MAPPING ? gl_text(gl_get(n, "job")) : gl_text(n);
		struct gl_job *other = name == NULL || elsewhere ? NULL : find_job(jobs, count, name);
		if (elsewhere)
			TRY(ask_elsewhere(g, n, job));
		if (name == NULL || elsewhere)
			continue;
		if (other != NULL && gl_is_true(gl_get(n, "optional")) && !comes_along(job, other))
			continue;
		TRY(add_need(g, job, name, other, n->place));
	}
	return ASSAY_OK;
}

static enum assay_status
add_needs(struct gl *g, struct gl_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct gl_job *job = &jobs[i];
		if (gl_get(job->node, "needs") != NULL) {
			TRY(add_stated_needs(g, jobs, count, job));
			continue;
		}
		for (size_t k = 0; k < count && gl_work(g, 1); k++) {
			if (jobs[k].stage < job->stage && !CATCH(gl_gate_left_out, !comes_along(job, &jobs[k])))
				TRY(add_need(g, job, NULL, &jobs[k], jobs[k].model->place));
		}
	}
	return ASSAY_OK;
}

/* ---- triggers of jobs ---- */

/* Variables of the job, with what an outsider writes in them, are variables of the pipeline that it starts. */
static enum assay_status
pass(struct gl *g, const struct gl_node *variables, const struct gl_node *job, const struct gl_passed **passed)
{
	for (size_t i = 0; variables != NULL && variables->kind == YAML_MAPPING && i < variables->count; i++) {
		const struct gl_node *n = variables->pairs[i].value;
		if (n->kind == YAML_MAPPING)
			n = gl_get(n, "value");
		const char *source = gl_text(n) != NULL ? gl_find_outsiders(g, n->text, job) : NULL;
		struct gl_passed *p = source != NULL ? arena_alloc(g->arena, sizeof *p) : NULL;
		if (source == NULL)
			continue;
		if (p == NULL)
			return arena_full(g->w->err);
		*p = (struct gl_passed){ variables->pairs[i].key, source, n->place, *passed };
		*passed = p;
	}
	return ASSAY_OK;
}

static enum assay_status
pass_all(struct gl *g, const struct gl_node *job, const struct gl_passed **ret_passed)
{
	const struct gl_node *rules[] = { gl_get(job, "rules"), gl_get(gl_get(g->root, "workflow"), "rules") };
	*ret_passed = g->passed;
	TRY(pass(g, gl_get(job, "variables"), job, ret_passed));
	for (size_t r = 0; r < COUNT(rules); r++) {
		for (size_t i = 0; i < gl_count(rules[r]); i++)
			TRY(pass(g, gl_get(gl_item(rules[r], i), "variables"), job, ret_passed));
	}
	return ASSAY_OK;
}

static enum assay_status
call_child(struct gl *g, const struct gl_node *includes, const struct gl_node *job, struct ci_job *j)
{
	struct gl child = { .w = g->w, .file = g->file, .arena = g->arena, .children = g->children + 1, .work = g->work,
		.includes = g->includes };
	TRY(pass_all(g, job, &child.passed));
	const struct gl_node *all = NULL, *one;
	if (child.children > GITLAB_CHILDREN_MAX)
		return ci_ask(g->w, CI_ALL, "child-limit", includes->place, "child pipelines inside each other over %u deep",
		    GITLAB_CHILDREN_MAX);
	for (size_t i = 0; i < gl_count(includes); i++) {
		TRY(gl_include_one(&child, gl_item(includes, i), &one));
		if (one != NULL && all != NULL)
			TRY(gl_merge(&child, all, one, &all));
		else if (one != NULL)
			all = one;
	}
	if (all != NULL) {
		child.root = all;
		TRY(ci_pipeline_new(g->file, CI_GITLAB, &child.pipeline));
		child.pipeline->callable = true;
		child.pipeline->file = all->place.file;
		TRY(ci_printf(g->w, &child.pipeline->name, "%s: %s", FILE_NAME, j->name));
		j->calls = child.pipeline;
		TRY(read_pipeline(&child));
	}
	g->work = child.work;
	g->includes = child.includes;
	g->stopped |= child.stopped;
	return ASSAY_OK;
}

static enum assay_status
add_trigger(struct gl *g, const struct gl_node *job, struct ci_job *j)
{
	const struct gl_node *trigger = gl_get(job, "trigger"), *includes = gl_get(trigger, "include");
	const struct gl_node *project = trigger != NULL && trigger->kind == YAML_MAPPING ? gl_get(trigger, "project") : trigger;
	if (trigger == NULL)
		return ASSAY_OK;
	if (includes != NULL)
		return call_child(g, includes, job, j);
	const struct gl_passed *passed = NULL;
	TRY(pass_all(g, job, &passed));
	if (CATCH(gl_text_to_others, passed != NULL))
		TRY(ci_ask(g->w, CI_UNTRUSTED, "text-unfollowed", passed->place,
		    "job '%s' hands an outsider's text to a pipeline that isn't in this tree, in '%s'", j->name, passed->name));
	return ci_ask(g->w, CI_GATES, "other-project", trigger->place, "job '%s' starts a pipeline of '%s', which isn't in this tree",
	    j->name, gl_text(project) != NULL ? project->text : "another project");
}

/* ---- jobs ---- */

static void
fill_duties(struct gl_job *job)
{
	struct ci_job *j = job->model;
	unsigned may = job->when.may, tag = GL_BIT(GL_TAG), asked = (may & tag) != 0 ? tag : ~0u;
	if (gl_get(job->node, "release") != NULL)
		j->duties |= CI_DUTY_PUBLISH;
	j->release = ((j->duties | j->soft_duties) & CI_DUTY_PUBLISH) != 0 || ((may & tag) != 0 && (may & BRANCHES) == 0);
	j->may_fail = (job->when.may_fail & asked) != 0;
	j->may_fail_place = job->when.may_fail_place;
	j->manual = (job->when.manual & asked) != 0 && j->may_fail;
	j->always = CATCH(gl_gate_always, (job->when.always & asked) != 0);
	j->who = CI_MEMBER;
	j->permissions.stated = true;
}

static enum assay_status
fill_job(struct gl *g, struct gl_job *job, const struct gl_node *plain)
{
	static const char *const scripts[] = { "before_script", "script", "after_script" };
	const struct gl_node *environment = gl_get(job->node, "environment");
	struct ci_job *j = job->model;
	/* The runner sets pipefail where the shell has it. */
	static const struct ci_shell fresh = { .pipefail = true, .errexit = true, .goes_on = true };
	g->shell = fresh;
	TRY(add_script(g, gl_get(gl_get(job->node, "hooks"), "pre_get_sources_script"), false, 0, j));
	for (size_t i = 0; i < COUNT(scripts); i++) {
		/* One shell runs the first two. */
		g->shell = i == 1 ? g->shell : fresh;
		TRY(add_script(g, gl_get(job->node, scripts[i]), i + 1 == COUNT(scripts), 0, j));
	}
	if (environment != NULL && environment->kind == YAML_MAPPING)
		environment = gl_get(environment, "name");
	const char *name = gl_text(environment);
	if (name != NULL)
		TRY(ci_keep(g->w, name, &j->environment));
	TRY(add_secrets(g, plain, job->node, "secrets", j));
	TRY(add_secrets(g, plain, job->node, "id_tokens", j));
	TRY(add_runners(g, job->node, j));
	TRY(add_caches(g, job->node, j));
	TRY(gl_images(g, job->node, j));
	TRY(check_debug(g, gl_get(job->node, "variables")));
	TRY(check_rules_debug(g, gl_get(job->node, "rules")));
	fill_duties(job);
	return ASSAY_OK;
}

static enum assay_status
read_job(struct gl *g, const struct gl_pair *p, struct gl_job *jobs, size_t *count)
{
	struct gl_job *job = &jobs[*count];
	if (p->value->kind != YAML_MAPPING)
		return ci_ask(g->w, CI_ALL, "unknown-keyword", p->key_place, "'%s' is no keyword that is known here, and no job", p->key);
	TRY(check_keywords(g, p->value));
	*job = (struct gl_job){ .name = p->key };
	TRY(gl_default(g, p->value, &job->node));
	TRY(gl_when(g, job->node, &job->when));
	if (job->when.may == 0)
		return ASSAY_OK;
	job->stage = stage_of(g, gl_text(gl_get(job->node, "stage")));
	TRY(ci_job_new(g->w, g->pipeline, p->key, p->key_place, &job->model));
	TRY(fill_job(g, job, p->value));
	++*count;
	return ASSAY_OK;
}

/* The event at which the least trusted text or code is there. */
static void
set_off(struct gl_job *job, struct ci_trigger *const *triggers)
{
	static const enum gl_event order[] = { GL_MERGE_REQUEST, GL_CHILD, GL_BRANCH, GL_DEFAULT, GL_TAG, GL_EXTERNAL, GL_TRIGGER,
		GL_SCHEDULE, GL_WEB };
	for (size_t i = 0; i < COUNT(order) && job->model->by == NULL; i++) {
		if ((job->when.may & GL_BIT(order[i])) != 0)
			job->model->by = triggers[order[i]];
	}
}

static enum assay_status
add_triggers(struct gl *g, struct gl_job *jobs, size_t count)
{
	struct ci_trigger *triggers[GL_EVENTS] = { NULL };
	unsigned events = 0;
	for (size_t i = 0; i < count; i++)
		events |= jobs[i].when.may;
	for (unsigned e = 0; e < GL_EVENTS; e++) {
		struct ci_trigger *t = NULL;
		if ((events & GL_BIT(e)) == 0)
			continue;
		TRY(ci_alloc(g->w, sizeof *t, &t));
		/* An outsider's merge request runs in the outsider's fork; here it runs when a member says so. */
		*t = (struct ci_trigger){ .name = gl_event_names[e], .place = g->root->place, .who = CI_MEMBER,
			.release = e == GL_TAG, .next = g->pipeline->triggers };
		g->pipeline->triggers = triggers[e] = t;
	}
	for (size_t i = 0; i < count; i++)
		set_off(&jobs[i], triggers);
	return ASSAY_OK;
}

static enum assay_status
read_pipeline(struct gl *g)
{
	size_t count = 0;
	TRY(gl_resolve(g));
	struct gl_job *jobs = arena_array(g->arena, g->root->count + 1, sizeof *jobs);
	if (jobs == NULL)
		return arena_full(g->w->err);
	TRY(gl_check_default(g));
	TRY(check_debug(g, gl_get(g->root, "variables")));
	TRY(check_rules_debug(g, gl_get(gl_get(g->root, "workflow"), "rules")));
	for (size_t i = 0; i < g->root->count; i++) {
		const struct gl_pair *p = &g->root->pairs[i];
		if (!gl_is_global(p->key) && p->key[0] != '.')
			TRY(read_job(g, p, jobs, &count));
	}
	TRY(gl_default(g, g->root, &g->root));
	TRY(gl_images(g, g->root, NULL));
	TRY(add_triggers(g, jobs, count));
	TRY(add_needs(g, jobs, count));
	TRY(gl_flow(g, jobs, count));
	for (size_t i = 0; i < count; i++)
		TRY(add_trigger(g, jobs[i].node, jobs[i].model));
	return ASSAY_OK;
}

enum assay_status
ci_gitlab_read(struct ci_file *f)
{
	struct gl g = { .w = f->work, .file = f, .arena = f->arena };
	const struct gl_node *n;
	TRY(ci_pipeline_new(f, CI_GITLAB, &g.pipeline));
	g.chain[g.chain_len++] = f->path;
	TRY(gl_load(&g, f->source, NULL, true, &n));
	if (n == NULL)
		return ASSAY_OK;
	TRY(gl_include(&g, n, &g.root));
	TRY(read_pipeline(&g));
	if (CATCH(gl_settings, g.pipeline->job_count > 0))
		TRY(ci_ask(f->work, CI_PRIVILEGE, "settings-unseen", (struct ci_place){ f->path, 1, 1 },
		    "what the job token may reach, and which variables every job is given, are settings of the project"));
	if (g.stopped)
		return ci_ask(f->work, CI_ALL, "too-large", (struct ci_place){ f->path, 0, 0 },
		    "'%s' takes more to resolve than is allowed here", f->path);
	return ASSAY_OK;
}
