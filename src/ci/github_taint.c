/* SPDX-License-Identifier: Apache-2.0 */
/* Which texts are an outsider's: by the documentation of the events' payloads, and by what carries them on. */
#include "github_flow.h"

#include <base/cleanup.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX 24u
/* Expressions that are looked at for one answer. */
#define QUERY_MAX 2000u

static const struct {
	const char *path;
	unsigned classes;
	const char *whose;
} fields[] = {
	{ "github.head_ref", TAINT_TEXT | TAINT_CODE, "the branch name of whoever opens the pull request" },
	{ "github.event.pull_request.head.ref", TAINT_TEXT | TAINT_CODE, "the branch name of whoever opens the pull request" },
	{ "github.event.pull_request.head.label", TAINT_TEXT | TAINT_CODE, "the branch name of whoever opens the pull request" },
	{ "github.event.pull_request.head.sha", TAINT_CODE, "the commit of whoever opens the pull request" },
	{ "github.event.pull_request.merge_commit_sha", TAINT_CODE, "the commit of whoever opens the pull request" },
	{ "github.event.pull_request.head.repo.full_name", TAINT_CODE, "the repository of whoever opens the pull request" },
	{ "github.event.pull_request.head.repo.clone_url", TAINT_CODE, "the repository of whoever opens the pull request" },
	{ "github.event.pull_request.head.repo.default_branch", TAINT_TEXT | TAINT_CODE, "named by whoever opens the pull request" },
	{ "github.event.pull_request.head.repo.description", TAINT_TEXT, "written by whoever opens the pull request" },
	{ "github.event.pull_request.head.repo.homepage", TAINT_TEXT, "written by whoever opens the pull request" },
	{ "github.event.pull_request.title", TAINT_TEXT, "written by whoever opens the pull request" },
	{ "github.event.pull_request.body", TAINT_TEXT, "written by whoever opens the pull request" },
	{ "github.event.pull_request.number", TAINT_CODE, "the pull request of whoever opens it" },
	{ "github.event.number", TAINT_CODE, "the pull request of whoever opens it" },
	{ "github.event.issue.number", TAINT_CODE, "the pull request of whoever opens it" },
	{ "github.event.issue.title", TAINT_TEXT, "written by whoever opens the issue" },
	{ "github.event.issue.body", TAINT_TEXT, "written by whoever opens the issue" },
	{ "github.event.comment.body", TAINT_TEXT, "written by whoever comments" },
	{ "github.event.review.body", TAINT_TEXT, "written by whoever reviews" },
	{ "github.event.review_comment.body", TAINT_TEXT, "written by whoever reviews" },
	{ "github.event.discussion.title", TAINT_TEXT, "written by whoever opens the discussion" },
	{ "github.event.discussion.body", TAINT_TEXT, "written by whoever opens the discussion" },
	{ "github.event.changes.*.from", TAINT_TEXT, "written by whoever changes it" },
	{ "github.event.pages.*.page_name", TAINT_TEXT, "named by whoever edits the wiki" },
	{ "github.event.pages.*.title", TAINT_TEXT, "written by whoever edits the wiki" },
	{ "github.event.commits.*.message", TAINT_TEXT, "written by whoever commits" },
	{ "github.event.commits.*.author.*", TAINT_TEXT, "written by whoever commits" },
	{ "github.event.head_commit.message", TAINT_TEXT, "written by whoever commits" },
	{ "github.event.head_commit.author.*", TAINT_TEXT, "written by whoever commits" },
	{ "github.event.head_commit.committer.*", TAINT_TEXT, "written by whoever commits" },
	{ "github.event.workflow_run.head_branch", TAINT_TEXT | TAINT_CODE, "the branch name of whoever set off the run" },
	{ "github.event.workflow_run.head_sha", TAINT_CODE, "the commit of whoever set off the run" },
	{ "github.event.workflow_run.head_commit.id", TAINT_CODE, "the commit of whoever set off the run" },
	{ "github.event.workflow_run.head_commit.message", TAINT_TEXT, "written by whoever set off the run" },
	{ "github.event.workflow_run.head_commit.author.*", TAINT_TEXT, "written by whoever set off the run" },
	{ "github.event.workflow_run.display_title", TAINT_TEXT, "written by whoever set off the run" },
	{ "github.event.workflow_run.head_repository.full_name", TAINT_CODE, "the repository of whoever set off the run" },
	{ "github.event.workflow_run.head_repository.description", TAINT_TEXT, "written by whoever set off the run" },
	{ "github.event.workflow_run.pull_requests.*.head.ref", TAINT_TEXT | TAINT_CODE, "the branch name of whoever set off the run" },
	{ "github.event.workflow_run.pull_requests.*.head.sha", TAINT_CODE, "the commit of whoever set off the run" },
	{ "github.event.workflow_run.pull_requests.*.number", TAINT_CODE, "the pull request of whoever set off the run" },
};

static void
out_of_memory(struct flow *f)
{
	f->status = arena_full(f->w->err);
}

struct trace *
trace_new(struct flow *f, const struct trace *from, struct ci_place at, const char *fmt, ...)
{
	static struct trace none;
	char text[512];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	struct trace *t = arena_alloc(f->scratch, sizeof *t);
	const char *what = arena_str(f->scratch, text);
	if (t == NULL || what == NULL) {
		out_of_memory(f);
		return &none;
	}
	*t = (struct trace){ .from = from, .what = what, .place = at, .kind = from != NULL ? from->kind : CI_WAY_TEXT,
		.subject = from != NULL ? from->subject : NULL };
	return t;
}

void
mark_add(struct flow *f, struct mark **list, const char *name, const struct trace *t)
{
	struct mark *m = arena_alloc(f->scratch, sizeof *m);
	const char *own = arena_str(f->scratch, name);
	if (m == NULL || own == NULL) {
		out_of_memory(f);
		return;
	}
	*m = (struct mark){ own, t, *list };
	*list = m;
}

/* ---- paths ---- */

struct looking {
	struct scope *s;
	struct ci_place at;
	unsigned classes, depth;
	bool whole; /* the value is spilled with all that is in it */
};

static const struct trace *
source(const struct looking *l, const char *path)
{
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		bool hit = expr_path_match(fields[i].path, path) || (l->whole && expr_path_above(path, fields[i].path));
		if (!hit || (fields[i].classes & l->classes) == 0)
			continue;
		struct trace *t = trace_new(l->s->flow, NULL, l->at, "'%s', %s", path, fields[i].whose);
		t->subject = arena_str(l->s->flow->scratch, path);
		if (t->subject == NULL)
			out_of_memory(l->s->flow);
		return t;
	}
	return NULL;
}

static const struct trace *
carried(const struct looking *l, const struct trace *t, const char *how, const char *name)
{
	return t != NULL ? trace_new(l->s->flow, t, l->at, "%s '%.200s'", how, name) : NULL;
}

static const struct trace *
from_variables(const struct looking *l, struct scope *s, const struct ci_variable *list, const char *name)
{
	for (const struct ci_variable *v = list; v != NULL; v = v->next) {
		const struct trace *t = strcasecmp(v->name, name) == 0 || name[0] == '?' || name[0] == '*'
		    ? taint_text(s, v->value, v->place, l->classes, l->depth + 1) : NULL;
		if (t != NULL)
			return t;
	}
	return NULL;
}

/* Ours, as the callers see it: what they give is computed in their own scope. */
static const struct trace *
from_inputs(const struct looking *l, const char *name)
{
	struct scope *s = l->s;
	if (s->caller == NULL)
		return NULL;
	struct scope caller = *s->caller;
	return carried(l, from_variables(l, &caller, s->with, name), "handed on as input", name);
}

static const struct trace *
from_outputs(const struct looking *l, const char *path)
{
	char name[300];
	const char *dot = strstr(path, ".outputs.");
	if (dot == NULL)
		return NULL;
	size_t id = (size_t)(dot - path);
	for (const struct mark *m = l->s->outputs; m != NULL; m = m->next) {
		size_t n = strcspn(m->name, ".");
		const char *output = m->name + n + (m->name[n] == '.');
		bool same = n == id && strncasecmp(m->name, path, n) == 0;
		(void)snprintf(name, sizeof name, "%.200s", dot + 9);
		if (same && (output[0] == '\0' || strcasecmp(output, name) == 0 || name[0] == '?' || name[0] == '*'))
			return carried(l, m->trace, "kept in the step's output", name);
	}
	return NULL;
}

static const struct trace *
from_needs(const struct looking *l, const char *path)
{
	const char *dot = strstr(path, ".outputs.");
	size_t id = dot != NULL ? (size_t)(dot - path) : 0;
	for (const struct job_outputs *o = dot != NULL ? l->s->flow->outputs : NULL; o != NULL; o = o->next) {
		if (o->job->pipeline == l->s->job->pipeline && strlen(o->job->name) == id
		    && strncasecmp(o->job->name, path, id) == 0 && strcasecmp(o->name, dot + 9) == 0)
			return carried(l, o->trace, "kept in the job's output", o->name);
	}
	return NULL;
}

const struct trace *
taint_variable(struct scope *s, const char *name, unsigned depth)
{
	struct looking l = { s, { 0 }, TAINT_TEXT, depth, false };
	const struct ci_variable *lists[] = { s->step != NULL ? s->step->env : NULL, s->job->env, s->job->pipeline->env };
	if (depth > DEPTH_MAX)
		return NULL;
	if (depth <= 1)
		s->flow->query = QUERY_MAX;
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		for (const struct ci_variable *v = lists[i]; v != NULL; v = v->next) {
			if (strcmp(v->name, name) != 0)
				continue;
			const struct trace *t = taint_text(s, v->value, v->place, TAINT_TEXT, depth + 1);
			return t != NULL ? trace_new(s->flow, t, v->place, "kept in the variable '%.200s'", name) : NULL;
		}
	}
	for (const struct mark *m = s->env; m != NULL; m = m->next) {
		if (strcmp(m->name, name) == 0)
			return m->trace;
	}
	if (strcmp(name, "GITHUB_HEAD_REF") == 0) {
		l.at = s->step != NULL ? s->step->place : s->job->place;
		return source(&l, "github.head_ref");
	}
	return NULL;
}

static const struct trace *
taint_path(const struct looking *l, const char *path)
{
	struct scope *s = l->s;
	const struct trace *t = source(l, path);
	if (t != NULL || s->flow->status != ASSAY_OK)
		return t;
	if (strncmp(path, "env.", 4) == 0) {
		/* Names of variables keep their letters, but a path is lower case. */
		const struct ci_variable *lists[] = { s->step != NULL ? s->step->env : NULL, s->job->env, s->job->pipeline->env };
		for (size_t i = 0; i < 3 && t == NULL; i++)
			t = from_variables(l, s, lists[i], path + 4);
		for (const struct mark *m = s->env; m != NULL && t == NULL; m = m->next)
			t = strcasecmp(m->name, path + 4) == 0 ? m->trace : NULL;
		return carried(l, t, "kept in the variable", path + 4);
	}
	if (strncmp(path, "steps.", 6) == 0)
		return from_outputs(l, path + 6);
	if (strncmp(path, "needs.", 6) == 0)
		return from_needs(l, path + 6);
	if (strncmp(path, "inputs.", 7) == 0)
		return from_inputs(l, path + 7);
	if (strncmp(path, "matrix.", 7) == 0)
		return carried(l, from_variables(l, s, s->job->matrix, path + 7), "in the matrix as", path + 7);
	return NULL;
}

/* ---- expressions ---- */

static const struct trace *taint_expr(const struct looking *l, const struct expr *e);

/* What gives true or false, or a digest, carries no text on. */
static bool
is_harmless_call(const struct expr *e)
{
	static const char *const names[] = { "contains", "startsWith", "endsWith", "hashFiles", "success", "always", "failure",
		"cancelled" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (expr_is_call(e, names[i]))
			return true;
	}
	return false;
}

static const struct trace *
taint_call(const struct looking *l, const struct expr *e)
{
	struct looking inner = *l;
	inner.whole |= expr_is_call(e, "toJSON") || expr_is_call(e, "join");
	const struct trace *t = NULL;
	for (const struct expr *a = is_harmless_call(e) ? NULL : e->args; a != NULL && t == NULL; a = a->next)
		t = taint_expr(&inner, a);
	return t;
}

static const struct trace *
taint_expr(const struct looking *l, const struct expr *e)
{
	char path[EXPR_PATH_MAX];
	if (expr_path(e, path, sizeof path))
		return taint_path(l, path);
	if (e->kind == EXPR_CALL)
		return taint_call(l, e);
	if (e->kind == EXPR_MEMBER || e->kind == EXPR_INDEX || e->kind == EXPR_STAR)
		return taint_expr(l, e->left);
	if (e->kind != EXPR_BINARY || (strcmp(e->text, "&&") != 0 && strcmp(e->text, "||") != 0))
		return NULL;
	/* "a && b" is a only when a says no, and then it is empty, zero or false. */
	const struct trace *t = e->text[0] == '|' ? taint_expr(l, e->left) : NULL;
	return t != NULL ? t : taint_expr(l, e->right);
}

const struct trace *
taint_text(struct scope *s, const char *text, struct ci_place at, unsigned classes, unsigned depth)
{
	size_t cursor = 0;
	struct expr_piece piece;
	bool closed = false;
	const struct trace *t = NULL;
	struct looking l = { s, at, classes, depth, false };
	if (s->flow->status != ASSAY_OK)
		return NULL;
	if (depth > DEPTH_MAX) {
		s->flow->cut = true;
		return NULL;
	}
	/* One question after another: none may ask on without end. */
	if (depth <= 1)
		s->flow->query = QUERY_MAX;
	while (t == NULL && expr_next(text, &cursor, &piece, &closed) && closed) {
		struct expr *e = NULL;
		if (s->flow->pieces == 0 || s->flow->query == 0) {
			s->flow->cut = true;
			return NULL;
		}
		s->flow->pieces--;
		s->flow->query--;
		enum assay_status status = expr_parse(piece.inner, s->flow->scratch, &e, NULL);
		s->flow->cut |= status == ASSAY_E_MEMORY;
		if (status == ASSAY_OK)
			t = taint_expr(&l, e);
	}
	return t;
}
