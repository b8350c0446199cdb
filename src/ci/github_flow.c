/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways on which an outsider's text or code comes to be run with the project's own rights. Jobs that only members set off, or
 * that run without these rights, have none.
 */
#include "github_flow.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>
#include <strings.h>

#define JOBS_BUDGET 200000u
#define PIECES_BUDGET 2000000u
#define WAYS_MAX 2000u
#define ROUNDS 3u
#define MEND_NAME 64

/* Actions whose outputs are what outsiders write: names of branches and of changed files. */
static const char *const speaking[] = { "tj-actions/changed-files", "tj-actions/branch-names", "dorny/paths-filter",
	"trilom/file-changes-action", "jitterbit/get-changed-files", "xt0rted/pull-request-comment-branch", "khan/pull-request-comment-trigger" };

/* ---- ways ---- */

static bool
same_place(struct ci_place a, struct ci_place b)
{
	return a.line == b.line && a.column == b.column && strcmp(a.file, b.file) == 0;
}

/* The same source, in the same job, to the same place, by another round or another way round. */
static bool
is_known(const struct ci_model *m, const struct scope *s, enum ci_way_kind kind, struct ci_place sink)
{
	for (const struct ci_way *way = m->ways; way != NULL; way = way->next) {
		if (way->kind == kind && way->job->pipeline == s->job->pipeline && same_place(way->last->place, sink))
			return true;
	}
	return false;
}

static enum assay_status
add_hops(struct flow *f, struct ci_way *way, const struct trace *t, unsigned depth)
{
	if (t == NULL || depth > 4 * CI_HOPS_MAX)
		return ASSAY_OK;
	TRY(add_hops(f, way, t->from, depth + 1));
	return ci_way_hop(f->w, way, t->place, "%s", t->what);
}

/* "github.event.pull_request.title" → "PULL_REQUEST_TITLE". */
static void
variable_name(const char *path, char *name)
{
	const char *from = strncmp(path, "github.event.", 13) == 0 ? path + 13 : strncmp(path, "github.", 7) == 0 ? path + 7 : path;
	size_t n = 0;
	for (; *from != '\0' && n < MEND_NAME - 1; from++) {
		bool letter = (*from >= 'a' && *from <= 'z') || (*from >= '0' && *from <= '9');
		name[n++] = (char)(!letter ? '_' : *from >= 'a' ? *from - 'a' + 'A' : *from);
	}
	name[n] = '\0';
}

static enum assay_status
add_mend(struct flow *f, struct ci_way *way, const struct trace *t)
{
	char name[MEND_NAME];
	if (way->kind != CI_WAY_TEXT || t->subject == NULL)
		return ASSAY_OK;
	variable_name(t->subject, name);
	return ci_printf(f->w, &way->mend, "env: { %s: \"${{ %s }}\" }, and \"$%s\" in the command", name, t->subject, name);
}

static enum assay_status
try_way(struct scope *s, enum ci_way_kind kind, const struct trace *t, struct ci_place sink, const char *subject,
    const char *what)
{
	struct ci_way *way = NULL;
	const struct trace *first = t;
	while (first->from != NULL)
		first = first->from;
	TRY(ci_way_new(s->flow->w, kind, s->job, subject, &way));
	TRY(add_hops(s->flow, way, t, 0));
	TRY(ci_way_hop(s->flow->w, way, sink, "%s", what));
	way->by = s->by;
	return add_mend(s->flow, way, first);
}

void
flow_way(struct scope *s, enum ci_way_kind kind, const struct trace *t, struct ci_place sink, const char *subject,
    const char *what)
{
	struct flow *f = s->flow;
	if (!f->report || f->status != ASSAY_OK || is_known(f->w->model, s, kind, sink))
		return;
	/* Each is held against each, and nobody mends so many one by one. */
	if (f->ways++ >= WAYS_MAX) {
		f->cut = true;
		return;
	}
	f->status = try_way(s, kind, t, sink, subject, what);
}

/* ---- steps ---- */

static void follow_job(struct scope *s);

static struct ci_place
line_of(const struct ci_step *step, unsigned line)
{
	struct ci_place at = step->command_place;
	if (step->command_block && line > 1)
		at.line += line - 1;
	return at;
}

static const struct ci_variable *
input_of(const struct ci_step *step, const char *name)
{
	for (const struct ci_variable *v = step->with; v != NULL; v = v->next) {
		if (strcasecmp(v->name, name) == 0)
			return v;
	}
	return NULL;
}

static bool
is_run(const struct ci_step *step, const struct ci_variable *piece)
{
	return step->uses != NULL ? gh_is_code_input(step->uses->name, piece->name) : strcmp(piece->name, "run") == 0;
}

/* Expressions in what is run: a shell's text, or an action's input that is code. */
static void
follow_pieces(struct scope *s, const struct ci_step *step)
{
	for (const struct ci_variable *v = step->pieces; v != NULL; v = v->next) {
		if (!is_run(step, v))
			continue;
		const struct trace *t = taint_text(s, v->value, v->place, TAINT_TEXT, 0);
		if (t != NULL)
			flow_way(s, t->kind, t, v->place, t->subject != NULL ? t->subject : v->value, "pasted into what is run");
	}
}

static void
follow_tree(struct scope *s, const struct ci_step *step, const char *what, struct ci_place at)
{
	char text[300];
	(void)snprintf(text, sizeof text, "'%.200s' runs what lies there", what);
	if (s->tree != NULL)
		flow_way(s, CI_WAY_CODE, s->tree, at, what, text);
	if (s->artifact != NULL && step->uses == NULL)
		flow_way(s, CI_WAY_ARTIFACT, s->artifact, at, what, text);
}

static void
follow_command(struct scope *s, const struct ci_step *step)
{
	follow_pieces(s, step);
	const struct trace *shell = step->shell != NULL ? taint_text(s, step->shell, step->place, TAINT_TEXT, 0) : NULL;
	if (CATCH(gh_shell_chosen, shell != NULL))
		flow_way(s, CI_WAY_TEXT, shell, step->place, step->shell, "it chooses the program that runs the script");
	if (!step->unread)
		flow_script(s, step);
	flow_doubt(s, step);
	if (step->fetches != NULL) {
		struct ci_place at = line_of(step, step->fetches_line);
		const struct trace *t = trace_new(s->flow, NULL, at, "'%.200s' takes a pull request's code", step->fetches);
		s->tree = s->tree != NULL ? s->tree : t;
	}
	for (const struct ci_variable *v = step->pieces; v != NULL && s->tree == NULL; v = v->next) {
		/* git checkout, git fetch ... of what an outsider names */
		const struct trace *t = strstr(step->command, "git ") != NULL ? taint_text(s, v->value, v->place, TAINT_CODE, 0) : NULL;
		if (t != NULL)
			s->tree = trace_new(s->flow, t, v->place, "taken by git into the work folder");
	}
	if (step->unread || step->runs != NULL)
		follow_tree(s, step, step->runs != NULL ? step->runs : "a script", line_of(step, step->runs_line));
}

static void
follow_checkout(struct scope *s, const struct ci_step *step)
{
	const char *const names[] = { "ref", "repository" };
	for (size_t i = 0; i < 2; i++) {
		const struct ci_variable *v = input_of(step, names[i]);
		const struct trace *t = v != NULL ? taint_text(s, v->value, v->place, TAINT_CODE, 0) : NULL;
		if (t != NULL) {
			s->tree = trace_new(s->flow, t, v->place, "checked out into the work folder");
			return;
		}
		/* A commit that a step has looked up, of which it can't be told whose it is. */
		if (v != NULL && s->flow->report && strstr(v->value, "steps.") != NULL && s->flow->status == ASSAY_OK)
			s->flow->status = ci_ask(s->flow->w, CI_UNTRUSTED, "checkout-unseen", v->place,
			    "'%s': '%.200s' is checked out in a job that outsiders set off with the project's rights, and whose commit that is can't be told from the tree", s->job->pipeline->file, v->value);
	}
}

static void
follow_download(struct scope *s, const struct ci_step *step, unsigned traits)
{
	bool other = (traits & GH_DOWNLOAD_OTHER) != 0 || ((traits & GH_DOWNLOAD) != 0 && input_of(step, "run-id") != NULL);
	if (!other || strcmp(s->by->name, "workflow_run") != 0)
		return;
	struct trace *t = trace_new(s->flow, NULL, step->place, "an artifact of a run that whoever opens a pull request can set off");
	t->kind = CI_WAY_ARTIFACT;
	t->subject = "artifact";
	s->artifact = t;
}

static void
follow_own_action(struct scope *s, const struct ci_step *step)
{
	if (s->tree != NULL)
		follow_tree(s, step, step->uses->text, step->place);
	if (step->action == NULL || s->depth >= CI_CALLS_MAX || step->action->jobs == NULL)
		return;
	struct scope inner = { .flow = s->flow, .job = step->action->jobs, .by = s->by, .caller = s, .with = step->with,
		.depth = s->depth + 1, .tree = s->tree, .artifact = s->artifact };
	follow_job(&inner);
	for (const struct ci_variable *v = step->action->outputs; v != NULL && step->name != NULL; v = v->next) {
		char name[420];
		const struct trace *t = taint_text(&inner, v->value, v->place, TAINT_TEXT | TAINT_CODE, 0);
		(void)snprintf(name, sizeof name, "%.200s.%.200s", step->name, v->name);
		if (t != NULL)
			mark_add(s->flow, &s->outputs, name, trace_new(s->flow, t, v->place, "handed back as output '%.200s'", v->name));
	}
	s->tree = inner.tree;
	s->artifact = inner.artifact;
	for (const struct mark *m = inner.env; m != NULL; m = m->next)
		mark_add(s->flow, &s->env, m->name, m->trace);
}

/* A stranger's action beside a stranger's code: whether it runs that can't be told from here. */
static void
ask_beside(struct scope *s, const struct ci_step *step)
{
	if (s->flow->report && s->flow->status == ASSAY_OK)
		s->flow->status = ci_ask(s->flow->w, CI_UNTRUSTED, "action-beside-code", step->place,
		    "'%s': '%s' runs beside an outsider's code that was checked out, and whether it runs that can't be told from the tree",
		    s->job->pipeline->file, step->uses->text);
}

static void
follow_action(struct scope *s, const struct ci_step *step)
{
	unsigned traits = gh_traits(step->uses->name);
	follow_pieces(s, step);
	if (step->uses->pin == CI_PIN_OWN) {
		follow_own_action(s, step);
		return;
	}
	if ((traits & GH_CHECKOUT) != 0)
		follow_checkout(s, step);
	follow_download(s, step, traits);
	flow_doubt(s, step);
	if ((traits & GH_BUILDS) != 0)
		follow_tree(s, step, step->uses->name, step->place);
	else if ((traits & GH_TAME) == 0 && s->tree != NULL && step->uses->kind == CI_REF_ACTION)
		ask_beside(s, step);
	for (size_t i = 0; i < sizeof speaking / sizeof speaking[0] && step->name != NULL; i++) {
		char name[300];
		if (strcasecmp(speaking[i], step->uses->name) != 0)
			continue;
		struct trace *t = trace_new(s->flow, NULL, step->place, "names that an outsider chooses, read by '%s'", step->uses->name);
		t->subject = arena_str(s->flow->scratch, step->uses->name);
		(void)snprintf(name, sizeof name, "%.200s.", step->name);
		mark_add(s->flow, &s->outputs, name, t);
	}
}

/* ---- jobs ---- */

static void
keep_job_outputs(struct scope *s)
{
	struct flow *f = s->flow;
	for (const struct ci_variable *v = s->job->outputs; v != NULL && !f->report; v = v->next) {
		const struct trace *t = taint_text(s, v->value, v->place, TAINT_TEXT | TAINT_CODE, 0);
		struct job_outputs *o = t != NULL ? arena_alloc(f->scratch, sizeof *o) : NULL;
		if (o == NULL)
			continue;
		*o = (struct job_outputs){ s->job, v->name, trace_new(f, t, v->place, "handed on as the job's output '%.200s'", v->name), f->outputs };
		f->outputs = o;
	}
}

/* An image that an outsider names is a program that the outsider wrote. */
static void
follow_images(struct scope *s)
{
	for (const struct ci_ref *r = s->job->images; r != NULL; r = r->next) {
		const struct trace *t = strstr(r->text, "${{") != NULL ? taint_text(s, r->text, r->place, TAINT_TEXT, 0) : NULL;
		if (CATCH(gh_image_chosen, t != NULL))
			flow_way(s, CI_WAY_TEXT, t, r->place, r->text, "it chooses the image that the job runs in");
	}
}

static void
follow_job(struct scope *s)
{
	if (s->flow->budget == 0 || s->flow->status != ASSAY_OK)
		return;
	s->flow->budget--;
	follow_images(s);
	for (const struct ci_step *step = s->job->steps; step != NULL && s->flow->status == ASSAY_OK; step = step->next) {
		bool never = false;
		s->step = step;
		if (step->condition != NULL)
			s->flow->status = gh_never(step->condition, s->by, s->flow->scratch, &never);
		if (never)
			continue;
		if (step->uses != NULL)
			follow_action(s, step);
		else if (step->command != NULL)
			follow_command(s, step);
	}
	s->step = NULL;
	keep_job_outputs(s);
}

/* A called pipeline's jobs, as this caller has them run. */
static void
follow_call(const struct scope *caller, const struct ci_pipeline *called)
{
	for (const struct ci_job *j = called->jobs; j != NULL && caller->flow->budget > 0; j = j->next) {
		struct scope s = { .flow = caller->flow, .job = j, .by = caller->by, .caller = caller, .with = caller->job->with,
			.depth = caller->depth + 1 };
		follow_job(&s);
		if (j->calls != NULL && s.depth < CI_CALLS_MAX)
			follow_call(&s, j->calls);
	}
}

/* What a way begins with, a job's trigger decides: all that apply are alike here, so that the strongest stands for them. */
static void
follow_pipeline(struct flow *f, const struct ci_pipeline *p)
{
	for (const struct ci_job *j = p->jobs; j != NULL; j = j->next) {
		if (j->who != CI_OUTSIDER || !j->privileged || j->reach == 0)
			continue;
		struct scope s = { .flow = f, .job = j, .by = j->by };
		follow_job(&s);
		if (j->calls != NULL)
			follow_call(&s, j->calls);
	}
}

/* ---- what nobody in the tree calls ---- */

static void
note_inputs(const char *path, const struct expr *e, void *context)
{
	bool *found = context;
	(void)e;
	*found |= strncmp(path, "inputs.", 7) == 0;
}

static bool
takes_input(const struct ci_variable *piece, struct arena *scratch)
{
	size_t cursor = 0;
	struct expr_piece inner;
	bool closed = false, found = false;
	struct expr *e = NULL;
	if (expr_next(piece->value, &cursor, &inner, &closed) && closed && expr_parse(inner.inner, scratch, &e, NULL) == ASSAY_OK)
		expr_paths(e, note_inputs, &found);
	return found;
}

/* Inputs that become part of a command, of an action or workflow that others may call. */
static enum assay_status
ask_inputs(struct flow *f, const struct ci_pipeline *p)
{
	for (const struct ci_job *j = p->jobs; j != NULL; j = j->next) {
		if (j->by != NULL)
			continue;
		for (const struct ci_step *step = j->steps; step != NULL; step = step->next) {
			for (const struct ci_variable *v = step->pieces; v != NULL; v = v->next) {
				if (!is_run(step, v) || !takes_input(v, f->scratch))
					continue;
				TRY(ci_ask(f->w, CI_UNTRUSTED, "input-in-command", v->place,
				    "'%s': '%.200s' becomes part of a command, and who gives it can't be told from the tree", p->file, v->value));
			}
		}
	}
	return ASSAY_OK;
}

/* A guard by name of an account that anybody can come to stand behind. */
static enum assay_status
remark_guards(struct flow *f, const struct ci_job *j)
{
	if (j->who != CI_OUTSIDER || !j->privileged)
		return ASSAY_OK;
	if (j->condition != NULL && strstr(j->condition, "[bot]") != NULL && strstr(j->condition, "actor") != NULL)
		TRY(ci_remark(f->w, CI_REMARK_ACTOR_GUARD, j->condition_place, j->condition));
	for (const struct ci_step *s = j->steps; s != NULL; s = s->next) {
		if (s->condition != NULL && strstr(s->condition, "[bot]") != NULL && strstr(s->condition, "actor") != NULL)
			TRY(ci_remark(f->w, CI_REMARK_ACTOR_GUARD, s->condition_place, s->condition));
	}
	return ASSAY_OK;
}

enum assay_status
gh_flow(struct ci_work *w, struct arena *scratch)
{
	struct flow f = { .w = w, .scratch = scratch, .budget = JOBS_BUDGET, .pieces = PIECES_BUDGET };
	for (unsigned round = 0; round < ROUNDS; round++) {
		f.report = round + 1 == ROUNDS;
		for (const struct ci_pipeline *p = w->model->pipelines; p != NULL && f.status == ASSAY_OK; p = p->next) {
			if (p->forge == CI_GITHUB)
				follow_pipeline(&f, p);
		}
	}
	/* What was to be remembered didn't fit: a question, like everything that can't be followed to its end. */
	f.cut |= f.status == ASSAY_E_MEMORY;
	TRY(f.status == ASSAY_E_MEMORY ? ASSAY_OK : f.status);
	if (f.budget == 0 || f.cut)
		TRY(ci_ask(w, CI_UNTRUSTED, "too-many-ways", (struct ci_place){ 0 }, "there are too many ways through the workflows to follow them all"));
	for (const struct ci_pipeline *p = w->model->pipelines; p != NULL; p = p->next) {
		if (p->forge != CI_GITHUB)
			continue;
		TRY(ask_inputs(&f, p));
		for (const struct ci_job *j = p->jobs; j != NULL; j = j->next)
			TRY(remark_guards(&f, j));
	}
	return ASSAY_OK;
}
