/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who can have a job run: by the triggers of its pipeline, by those of the pipelines that call it, and by what conditions say. A
 * condition counts only as far as it can be decided beforehand; what can't be decided lets the job run.
 */
#include "github_reach.h"

#include <base/cleanup.h>
#include <base/unconst.h>
#include <string.h>

#define TRIGGERS_MAX 32u
#define PASSES_MAX 32u
/* Names of pipelines that are compared. */
#define AFTER_MAX 20000000u

enum assay_status
gh_condition_expr(const char *text, struct arena *arena, struct expr **ret_expr)
{
	size_t cursor = 0;
	struct expr_piece piece = { 0 };
	bool closed = false;
	struct assay_span inner = text != NULL ? assay_span_str(text) : (struct assay_span){ 0 };
	*ret_expr = NULL;
	if (inner.len == 0)
		return ASSAY_OK;
	if (expr_next(text, &cursor, &piece, &closed)) {
		if (!closed || piece.begin > 0 || text[piece.end] != '\0')
			return ASSAY_OK;
		inner = piece.inner;
	}
	enum assay_status status = expr_parse(inner, arena, ret_expr, NULL);
	if (status != ASSAY_OK)
		*ret_expr = NULL;
	return status == ASSAY_E_MEMORY ? status : ASSAY_OK;
}

/* ---- what is known when an outsider sets it off ---- */

static const struct {
	const char *path;
	const char *value;
} strangers[] = {
	{ "github.repository", "\001repository" },
	{ "github.event.repository.full_name", "\001repository" },
	{ "github.event.pull_request.base.repo.full_name", "\001repository" },
	{ "github.repository_owner", "\001owner" },
	{ "github.event.repository.owner.login", "\001owner" },
	{ "github.event.pull_request.head.repo.full_name", "\002repository" },
	{ "github.event.pull_request.head.repo.owner.login", "\002owner" },
	{ "github.event.pull_request.head.user.login", "\002owner" },
	{ "github.event.workflow_run.head_repository.full_name", "\002repository" },
	{ "github.event.workflow_run.head_repository.owner.login", "\002owner" },
	{ "github.event.pull_request.head.repo.fork", "true" },
	{ "github.event.workflow_run.head_repository.fork", "true" },
	{ "github.actor", "\002user" },
	{ "github.triggering_actor", "\002user" },
	{ "github.event.sender.login", "\002user" },
	{ "github.event.*.user.login", "\002user" },
	{ "github.event.workflow_run.actor.login", "\002user" },
	{ "github.event.*.author_association", "\003\"NONE\",\"CONTRIBUTOR\",\"FIRST_TIMER\",\"FIRST_TIME_CONTRIBUTOR\",\"MANNEQUIN\"" },
	{ "github.event.workflow_run.event", "\003\"pull_request\",\"pull_request_target\",\"pull_request_review\",\"issue_comment\",\"issues\","
					     "\"pull_request_review_comment\",\"discussion\",\"discussion_comment\",\"workflow_run\",\"fork\",\"watch\"" },
};

static void
look_up(const char *path, struct expr_value *ret_value, void *context)
{
	const struct ci_trigger *t = context;
	ret_value->string = true;
	if (strcmp(path, "github.event_name") == 0) {
		ret_value->known = true;
		ret_value->text = t->name;
		return;
	}
	for (size_t i = 0; t->who == CI_OUTSIDER && i < sizeof strangers / sizeof strangers[0]; i++) {
		if (!expr_path_match(strangers[i].path, path))
			continue;
		ret_value->known = true;
		ret_value->text = strangers[i].value;
		ret_value->string = strcmp(ret_value->text, "true") != 0;
		return;
	}
	if (t->who == CI_OUTSIDER && !t->privileged && strcmp(path, "github.ref") == 0) {
		ret_value->known = true;
		ret_value->text = "refs/pull/0/merge";
	}
}

enum assay_status
gh_never(const char *condition, const struct ci_trigger *t, struct arena *arena, bool *ret_never)
{
	struct expr *e = NULL;
	TRY(gh_condition_expr(condition, arena, &e));
	*ret_never = e != NULL && expr_truth(e, look_up, unconst(t)) == EXPR_FALSE;
	return ASSAY_OK;
}

/* ---- triggers and conditions ---- */

static void
note_status_call(const struct expr *e, void *context)
{
	bool *found = context;
	*found |= expr_is_call(e, "always") || expr_is_call(e, "failure") || expr_is_call(e, "cancelled");
}

static enum assay_status
start(const struct ci_pipeline *p, struct ci_job *j, struct arena *scratch)
{
	struct expr *e = NULL;
	uint32_t bit = 1;
	TRY(gh_condition_expr(j->condition, scratch, &e));
	expr_walk(e, note_status_call, &j->always);
	for (struct ci_trigger *t = p->triggers; t != NULL && bit != 0; t = t->next, bit <<= 1) {
		if (e == NULL || expr_truth(e, look_up, t) != EXPR_FALSE)
			j->reach |= bit;
	}
	return ASSAY_OK;
}

/* A job that waits for one that doesn't run doesn't run either. */
static bool
narrow(struct ci_job *j)
{
	uint32_t reach = j->reach;
	for (const struct ci_need *n = j->needs; n != NULL && !j->always; n = n->next) {
		if (n->job != NULL)
			reach &= n->job->reach;
	}
	bool changed = reach != j->reach;
	j->reach = reach;
	return changed;
}

static unsigned
rank(const struct ci_trigger *t)
{
	return t == NULL ? 0 : (unsigned)t->who * 2 + t->privileged;
}

static bool
raise(struct ci_job *j, const struct ci_trigger *t)
{
	if (rank(t) <= rank(j->by))
		return false;
	j->by = t;
	j->who = t->who;
	j->privileged = t->privileged;
	return true;
}

static enum assay_status
reach_pipeline(const struct ci_pipeline *p, struct arena *scratch)
{
	for (struct ci_job *j = p->jobs; j != NULL; j = j->next)
		TRY(start(p, j, scratch));
	bool changed = true;
	for (unsigned pass = 0; pass < PASSES_MAX && changed; pass++) {
		changed = false;
		for (struct ci_job *j = p->jobs; j != NULL; j = j->next)
			changed |= narrow(j);
	}
	for (struct ci_job *j = p->jobs; j != NULL; j = j->next) {
		uint32_t bit = 1;
		for (const struct ci_trigger *t = p->triggers; t != NULL && bit != 0; t = t->next, bit <<= 1) {
			if ((j->reach & bit) == 0)
				continue;
			(void)raise(j, t);
			j->release |= t->release;
		}
	}
	return ASSAY_OK;
}

/* ---- calls ---- */

static int
by_file(const void *left, const void *right)
{
	const struct ci_pipeline *const *a = left;
	const struct ci_pipeline *const *b = right;
	return strcmp((*a)->file, (*b)->file);
}

static enum assay_status
make_index(const struct ci_model *m, struct arena *scratch, struct gh_index *ret_index, struct assay_error *err)
{
	struct gh_index index = { arena_array(scratch, m->files + 1, sizeof *index.items), 0 };
	if (index.items == NULL)
		return arena_full(err);
	for (const struct ci_pipeline *p = m->pipelines; p != NULL && index.count < m->files; p = p->next) {
		if (p->forge == CI_GITHUB)
			index.items[index.count++] = p;
	}
	qsort(index.items, index.count, sizeof *index.items, by_file);
	*ret_index = index;
	return ASSAY_OK;
}

static const struct ci_pipeline *
find_file(const struct gh_index *index, const char *file)
{
	const struct ci_pipeline like = { .file = file }, *key = &like;
	const struct ci_pipeline **found = bsearch(&key, index->items, index->count, sizeof *index->items, by_file);
	return found != NULL ? *found : NULL;
}

static const struct ci_pipeline *
find(const struct gh_index *index, const char *path, bool action)
{
	char file[1200];
	static const char *const ends[] = { "", "/action.yml", "/action.yaml" };
	const char *from = strncmp(path, "./", 2) == 0 ? path + 2 : path;
	size_t len = strcspn(from, "@");
	while (len > 0 && from[len - 1] == '/')
		len--;
	if (len > 1000)
		return NULL;
	for (size_t i = action ? 1 : 0; i < (action ? 3 : 1); i++) {
		(void)snprintf(file, sizeof file, "%.*s%s", (int)len, from, ends[i]);
		const char *name = file[0] == '/' ? file + 1 : file;
		const struct ci_pipeline *p = find_file(index, name);
		if (p != NULL && p->action == action)
			return p;
	}
	return NULL;
}

const struct ci_pipeline *
gh_find_workflow(const struct gh_index *index, const char *path)
{
	return find(index, path, false);
}

const struct ci_pipeline *
gh_find_action(const struct gh_index *index, const char *path)
{
	return find(index, path, true);
}

static enum assay_status
join_call(struct ci_work *w, const struct gh_index *index, struct ci_job *j)
{
	j->calls = gh_find_workflow(index, j->calls_ref->text);
	if (j->calls != NULL && j->calls->callable)
		return ASSAY_OK;
	return ci_ask(w, CI_ALL, "called-unseen", j->calls_ref->place, "'%s' calls '%s', which isn't in this tree as a workflow that can be called",
	    j->pipeline->file, j->calls_ref->text);
}

static enum assay_status
join_steps(struct ci_work *w, const struct gh_index *index, struct ci_job *j)
{
	for (struct ci_step *s = j->steps; s != NULL; s = s->next) {
		if (s->uses == NULL || s->uses->pin != CI_PIN_OWN)
			continue;
		s->action = gh_find_action(index, s->uses->text);
		if (s->action != NULL)
			continue;
		TRY(ci_ask(w, CI_PINNED | CI_UNTRUSTED | CI_PRIVILEGE, "called-unseen", s->uses->place,
		    "'%s' uses '%s', and no action is there in this tree", j->pipeline->file, s->uses->text));
	}
	return ASSAY_OK;
}

static enum assay_status
join_needs(struct ci_work *w, const struct ci_job *j)
{
	for (const struct ci_need *n = j->needs; n != NULL; n = n->next) {
		if (n->job == NULL)
			TRY(ci_ask(w, CI_ALL, "unknown-syntax", n->place, "'%s': job '%s' needs '%s', which isn't there", j->pipeline->file,
			    j->name, n->name));
	}
	return ASSAY_OK;
}

/* What a caller's job is run by, its called jobs are, where their conditions let it; and they get no more rights than it has. */
static enum assay_status
pass_on(const struct ci_job *caller, const struct ci_pipeline *called, struct arena *scratch, bool *changed)
{
	for (struct ci_job *j = called->jobs; j != NULL; j = j->next) {
		bool never = true;
		if (caller->by != NULL)
			TRY(gh_never(j->condition, caller->by, scratch, &never));
		if (never)
			continue;
		*changed |= raise(j, caller->by);
		if (!j->permissions.stated && caller->permissions.stated) {
			j->permissions = caller->permissions;
			*changed = true;
		}
		*changed |= caller->release && !j->release;
		j->release |= caller->release;
	}
	return ASSAY_OK;
}

static enum assay_status
pass_on_all(const struct ci_model *m, struct arena *scratch, bool *changed)
{
	for (struct ci_pipeline *p = m->pipelines; p != NULL; p = p->next) {
		for (struct ci_job *j = p->forge == CI_GITHUB ? p->jobs : NULL; j != NULL; j = j->next) {
			if (j->calls != NULL)
				TRY(pass_on(j, j->calls, scratch, changed));
			for (const struct ci_step *s = j->steps; s != NULL; s = s->next) {
				if (s->action != NULL)
					TRY(pass_on(j, s->action, scratch, changed));
			}
		}
	}
	return ASSAY_OK;
}

/* A run set off by others' ends is an outsider's only when one of those can be. */
static void
settle_after(const struct ci_model *m, struct ci_trigger *t, size_t *budget)
{
	bool all = t->after != NULL;
	for (const struct ci_variable *v = t->after; v != NULL; v = v->next) {
		/* What can't be looked up in time may be an outsider's. */
		if (*budget < m->files)
			return;
		*budget -= m->files;
		const struct ci_pipeline *named = NULL;
		for (const struct ci_pipeline *p = m->pipelines; p != NULL; p = p->next) {
			if (p->forge == CI_GITHUB && !p->action && strcmp(p->name, v->value) == 0)
				named = p;
		}
		all &= named != NULL;
		for (const struct ci_trigger *o = named != NULL ? named->triggers : NULL; o != NULL; o = o->next)
			all &= o->who != CI_OUTSIDER;
	}
	if (all)
		t->who = CI_MEMBER;
}

enum assay_status
gh_reach(struct ci_work *w, struct arena *scratch)
{
	const struct ci_model *m = w->model;
	struct gh_index index;
	size_t budget = AFTER_MAX;
	TRY(make_index(m, scratch, &index, w->err));
	for (struct ci_pipeline *p = m->pipelines; p != NULL; p = p->next) {
		for (struct ci_trigger *t = p->triggers; t != NULL && p->forge == CI_GITHUB; t = t->next) {
			if (strcmp(t->name, "workflow_run") == 0)
				settle_after(m, t, &budget);
		}
	}
	for (struct ci_pipeline *p = m->pipelines; p != NULL; p = p->next) {
		if (p->forge != CI_GITHUB)
			continue;
		TRY(reach_pipeline(p, scratch));
		for (struct ci_job *j = p->jobs; j != NULL; j = j->next) {
			if (j->calls_ref != NULL && j->calls_ref->pin == CI_PIN_OWN)
				TRY(join_call(w, &index, j));
			TRY(join_steps(w, &index, j));
			TRY(join_needs(w, j));
		}
	}
	bool changed = true;
	for (unsigned pass = 0; pass < CI_CALLS_MAX && changed; pass++) {
		changed = false;
		TRY(pass_on_all(m, scratch, &changed));
	}
	return ASSAY_OK;
}
