/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.untrusted-code and ci.runner beyond scripts: what an outsider's text decides about a job, what a fork's code finds where it
 * runs, and what merge requests share with releases.
 */
#include "gitlab_taint.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define UNPROTECTED (GL_BIT(GL_MERGE_REQUEST) | GL_BIT(GL_BRANCH) | GL_BIT(GL_EXTERNAL))

/* ---- an outsider's text in the configuration ---- */

static enum assay_status
sink(struct gl_flow *f, const struct gl_node *n, const char *what, const char *mend)
{
	if (n != NULL && n->kind == YAML_MAPPING)
		n = gl_get(n, "name");
	const char *text = gl_text(n);
	const struct gl_taint *t = n == NULL || text == NULL ? NULL : gl_taint_text(f, text, n->place);
	return t == NULL ? ASSAY_OK : gl_flow_way(f, CI_WAY_TEXT, t, n->place, what, mend);
}

/* "review/$NAME" is one of many; "$NAME" may be the name of any environment, and get what is kept for it. */
static enum assay_status
look_at_environment(struct gl_flow *f)
{
	const struct gl_node *n = gl_get(f->job->node, "environment");
	if (n != NULL && n->kind == YAML_MAPPING)
		n = gl_get(n, "name");
	const char *text = gl_text(n);
	if (!CATCH(gl_environment_chosen, text != NULL && text[0] == '$'))
		return ASSAY_OK;
	return sink(f, n, "it chooses the environment, and with it the secrets that are kept for that", "environment:\n  name: review/$CI_COMMIT_REF_SLUG");
}

enum assay_status
gl_sinks(struct gl_flow *f)
{
	static const char image[] = "it chooses the image that the job runs in";
	const struct gl_node *job = f->job->node, *services = gl_get(job, "services"), *tags = gl_get(job, "tags");
	if (CATCH(gl_image_chosen, gl_get(job, "image") != NULL))
		TRY(sink(f, gl_get(job, "image"), image, "image: registry.example.com/name@sha256:DIGEST"));
	for (size_t i = 0; CATCH(gl_service_chosen, i < gl_count(services)); i++)
		TRY(sink(f, gl_item(services, i), "it chooses the image of a service", "services:\n  - registry.example.com/name@sha256:DIGEST"));
	for (size_t i = 0; CATCH(gl_runner_chosen, i < gl_count(tags)); i++)
		TRY(sink(f, gl_item(tags, i), "it chooses the runner that runs the job", "tags: [docker]"));
	return look_at_environment(f);
}

/* ---- a fork's code beside secrets ---- */

static bool
is_production(const struct gl_node *environment)
{
	static const char *const words[] = { "prod", "live", "staging" };
	const char *tier = gl_text(gl_get(environment, "deployment_tier")), *action = gl_text(gl_get(environment, "action"));
	const char *name = environment->kind == YAML_MAPPING ? gl_text(gl_get(environment, "name")) : gl_text(environment);
	if (action != NULL && strcmp(action, "start") != 0)
		return false;
	if (tier != NULL)
		return strcmp(tier, "production") == 0 || strcmp(tier, "staging") == 0;
	for (size_t i = 0; name != NULL && i < COUNT(words); i++) {
		if (strncmp(name, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

static enum assay_status
tell_fork(struct gl *g, const struct gl_job *job, const char *subject, struct ci_place at, const char *what)
{
	static const char mend[] = "rules:\n"
				   "  - if: $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID";
	struct ci_way *way = NULL;
	TRY(ci_way_new(g->w, CI_WAY_CODE, job->model, subject, &way));
	way->by = job->model->by;
	TRY(ci_way_hop(g->w, way, job->model->place, "'%s' runs for merge requests, those of forks too when a member starts it",
	    job->name));
	if (job->model->steps != NULL)
		TRY(ci_way_hop(g->w, way, job->model->steps->command_place, "the fork's commit lies in the work folder and its scripts run"));
	TRY(ci_way_hop(g->w, way, at, "%s", what));
	return ci_keep(g->w, mend, &way->mend);
}

static enum assay_status
look_at_fork(struct gl *g, const struct gl_job *job)
{
	const struct gl_node *environment = gl_get(job->node, "environment");
	if ((job->when.may & GL_BIT(GL_MERGE_REQUEST)) == 0)
		return ASSAY_OK;
	for (const struct ci_secret *s = job->model->secrets; CATCH(gl_fork_secret, s != NULL); s = s->next)
		TRY(tell_fork(g, job, s->name, s->place, "this secret is in the environment of what runs"));
	if (CATCH(gl_fork_environment, !gl_is_null(environment) && is_production(environment)))
		TRY(tell_fork(g, job, "environment", environment->place, "the secrets of this environment are in that of what runs"));
	return ASSAY_OK;
}

/* ---- runners ---- */

static const struct ci_runner *
own_runner(const struct ci_job *j)
{
	for (const struct ci_runner *r = j->runners; r != NULL; r = r->next) {
		if (r->kind == CI_RUNNER_OWN)
			return r;
	}
	return NULL;
}

/* Whether every tag of a is one of b: a runner that takes b takes a too. */
static bool
within(const struct ci_job *a, const struct ci_job *b)
{
	for (const struct ci_runner *r = a->runners; r != NULL; r = r->next) {
		bool found = false;
		for (const struct ci_runner *o = b->runners; o != NULL; o = o->next)
			found |= strcmp(o->label, r->label) == 0;
		if (!found)
			return false;
	}
	return true;
}

static enum assay_status
look_at_runner(struct gl *g, const struct gl_job *release, const struct gl_job *jobs, size_t count)
{
	const struct ci_runner *own = own_runner(release->model);
	for (size_t i = 0; own != NULL && i < count && gl_work(g, 1); i++) {
		const struct ci_job *j = jobs[i].model;
		if ((jobs[i].when.may & GL_BIT(GL_MERGE_REQUEST)) == 0 || own_runner(j) == NULL)
			continue;
		if (CATCH(gl_shared_runner, within(j, release->model) || within(release->model, j)))
			return ci_remark(g->w, CI_REMARK_SHARED_RUNNER, own->place, j->name);
	}
	return ASSAY_OK;
}

static enum assay_status
ask_of_runners(struct gl *g, const struct gl_job *jobs, size_t count)
{
	const struct gl_job *open = NULL, *untagged = NULL;
	const struct ci_runner *runner = NULL;
	for (size_t i = 0; i < count; i++) {
		bool runs = jobs[i].model->steps != NULL;
		bool requests = (jobs[i].when.may & GL_BIT(GL_MERGE_REQUEST)) != 0;
		if (open == NULL && runs && requests && (runner = own_runner(jobs[i].model)) != NULL)
			open = &jobs[i];
		if (untagged == NULL && runs && jobs[i].model->runners == NULL)
			untagged = &jobs[i];
	}
	if (CATCH(gl_runner_open, open != NULL && runner != NULL))
		TRY(ci_ask(g->w, CI_RUNNER, "runner-merge-requests", runner->place,
		    "runners of '%s' run the merge requests of forks when a member starts them: who may, is a setting of the project",
		    open->name));
	if (CATCH(gl_runner_untagged, untagged != NULL))
		TRY(ci_ask(g->w, CI_RUNNER, "runner-unseen", untagged->model->place,
		    "'%s' names no runner by tags: which ones take it is a setting of the project", untagged->name));
	return ASSAY_OK;
}

/* ---- caches ---- */

/* A cache that is called as a branch is may be that of any branch. */
static bool
is_branch(const char *key)
{
	static const char *const names[] = { "$CI_COMMIT_REF_SLUG", "${CI_COMMIT_REF_SLUG}", "$CI_COMMIT_REF_NAME", "${CI_COMMIT_REF_NAME}",
		"$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "${CI_MERGE_REQUEST_SOURCE_BRANCH_NAME}", "$CI_COMMIT_BRANCH", "${CI_COMMIT_BRANCH}" };
	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(names[i], key) == 0)
			return true;
	}
	return false;
}

static const struct ci_cache *
saves(const struct gl_job *job, const char *key)
{
	for (const struct ci_cache *c = job->model->caches; c != NULL; c = c->next) {
		bool same = strcmp(c->key, key) == 0 || CATCH(gl_cache_of_a_branch, is_branch(c->key) && strchr(key, '$') == NULL);
		if ((c->use & CI_CACHE_SAVE) != 0 && same)
			return c;
	}
	return NULL;
}

static enum assay_status
tell_cache(struct gl *g, const struct gl_job *release, const struct ci_cache *c, const struct gl_job *writer,
    const struct ci_cache *from)
{
	struct ci_way *way = NULL;
	if (strcmp(c->by, "unprotect") != 0)
		return ci_ask(g->w, CI_RUNNER, "cache-separation", c->place,
		    "'%s' takes a cache that '%s' also writes for unprotected branches: that GitLab keeps them apart is a setting "
		    "of the project, and so is which branches and tags are protected",
		    release->name, writer->name);
	TRY(ci_way_new(g->w, CI_WAY_CACHE, release->model, c->key, &way));
	way->by = release->model->by;
	TRY(ci_way_hop(g->w, way, from->place, "'%s' writes this cache for branches and merge requests that nobody has reviewed", writer->name));
	TRY(ci_way_hop(g->w, way, c->place, "'%s', which makes a release, takes it: 'unprotect' puts the two into one", release->name));
	return ci_keep(g->w, "cache:\n  key: release\n  unprotect: false", &way->mend);
}

static enum assay_status
look_at_caches(struct gl *g, const struct gl_job *release, const struct gl_job *jobs, size_t count)
{
	for (const struct ci_cache *c = release->model->caches; c != NULL; c = c->next) {
		for (size_t i = 0; (c->use & CI_CACHE_RESTORE) != 0 && i < count && gl_work(g, 1); i++) {
			const struct ci_cache *from = saves(&jobs[i], c->key);
			if (!CATCH(gl_shared_cache, from != NULL && (jobs[i].when.may & UNPROTECTED) != 0))
				continue;
			TRY(tell_cache(g, release, c, &jobs[i], from));
			break;
		}
	}
	return ASSAY_OK;
}

enum assay_status
gl_shared(struct gl *g, struct gl_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		TRY(look_at_fork(g, &jobs[i]));
		if (!jobs[i].model->release)
			continue;
		TRY(look_at_runner(g, &jobs[i], jobs, count));
		TRY(look_at_caches(g, &jobs[i], jobs, count));
	}
	return ask_of_runners(g, jobs, count);
}
