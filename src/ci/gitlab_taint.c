/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an outsider writes, and which variables hold it.
 */
#include "gitlab_taint.h"

#include <base/buf.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define NAME_MAX 128
#define MEND_MAX 4096
/* Variables that hold variables. */
#define EXPAND_MAX 8

#define ALWAYS (~0u)
#define REQUESTS (GL_BIT(GL_MERGE_REQUEST) | GL_BIT(GL_CHILD))

/*
 * A commit keeps its author's words when it is merged, so they come to every pipeline; names and titles of a merge request come
 * to its own. Branch names of pushes, and of pull requests elsewhere that GitLab mirrors, are given by members. What GitLab cleans ("..._SLUG") isn't here.
 */
static const struct {
	const char *name, *what;
	unsigned events;
	bool lines;
} sources[] = {
	{ "CI_COMMIT_MESSAGE", "the message of a commit, written by its author", ALWAYS, true },
	{ "CI_COMMIT_TITLE", "the title of a commit, written by its author", ALWAYS, false },
	{ "CI_COMMIT_DESCRIPTION", "the text of a commit, written by its author", ALWAYS, true },
	{ "CI_COMMIT_AUTHOR", "the name that a commit's author chose", ALWAYS, false },
	{ "CI_COMMIT_TAG_MESSAGE", "the message of a tag, written by whoever tags", ALWAYS, true },
	{ "CI_MERGE_REQUEST_TITLE", "the title of a merge request, written by whoever opens it", REQUESTS, false },
	{ "CI_MERGE_REQUEST_DESCRIPTION", "the text of a merge request, written by whoever opens it", REQUESTS, true },
	{ "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "the name of a branch, chosen by whoever opens a merge request", REQUESTS, false },
	{ "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "the name of a fork, chosen by whoever opens a merge request", REQUESTS, false },
	{ "CI_MERGE_REQUEST_SOURCE_PROJECT_URL", "the address of a fork, chosen by whoever opens a merge request", REQUESTS, false },
	{ "CI_COMMIT_REF_NAME", "the name of a branch, chosen by whoever opens a merge request", REQUESTS, false },
	{ "TRIGGER_PAYLOAD", "what came with a trigger, such as the texts of an issue by a webhook", GL_BIT(GL_TRIGGER), true },
	{ "CI_BUILD_REF_NAME", "the name of a branch, chosen by whoever opens a merge request", REQUESTS, false },
};

static const struct gl_taint git_log = { .name = "git log", .what = "the words of commits, written by their authors", .lines = true };

const char *
gl_outsiders(const char *variable)
{
	for (size_t i = 0; i < COUNT(sources); i++) {
		if (strcmp(sources[i].name, variable) == 0)
			return sources[i].what;
	}
	return NULL;
}

static const struct gl_taint *
new_taint(struct gl_flow *f, struct gl_taint like)
{
	if (f->taint_count >= GL_TAINTS_MAX)
		return NULL;
	struct gl_taint *t = arena_alloc(f->g->arena, sizeof *t);
	const char *name = arena_str(f->g->arena, like.name);
	if (t == NULL || name == NULL)
		return NULL;
	f->taint_count++;
	*t = like;
	t->name = name;
	t->next = f->taints;
	f->taints = t;
	return t;
}

const struct gl_taint *
gl_taint_of(struct gl_flow *f, const char *name, struct ci_place at)
{
	for (const struct gl_taint *t = f->taints; t != NULL; t = t->next) {
		if (strcmp(t->name, name) == 0)
			return t;
	}
	for (size_t i = 0; i < COUNT(sources); i++) {
		if (strcmp(sources[i].name, name) == 0 && (sources[i].events & f->job->when.may) != 0)
			return new_taint(f, (struct gl_taint){ .name = name, .what = sources[i].what, .lines = sources[i].lines, .at = at });
	}
	return NULL;
}

enum assay_status
gl_taint_add(struct gl_flow *f, const char *name, const struct gl_taint *from, struct ci_place at, const char *how)
{
	for (const struct gl_taint *t = f->taints; t != NULL; t = t->next) {
		if (strcmp(t->name, name) == 0)
			return ASSAY_OK;
	}
	if (f->taint_count >= GL_TAINTS_MAX)
		return ci_ask(f->g->w, CI_UNTRUSTED, "too-large", at, "more than %u variables hold an outsider's text", GL_TAINTS_MAX);
	const struct gl_taint *t = new_taint(f,
	    (struct gl_taint){ .name = name, .how = how, .lines = from->lines, .at = at, .from = from });
	return t == NULL ? arena_full(f->g->w->err) : ASSAY_OK;
}

/* ---- text of the configuration ---- */

/* The next "$NAME" or "${NAME}" of the text; NULL at its end. */
static const char *
next_variable(const char *text, char *ret_name)
{
	for (; *text != '\0'; text++) {
		const char *p = text + 1 + (text[1] == '{');
		size_t n = *text != '$' ? 0 : strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
		if (n == 0 || n >= NAME_MAX)
			continue;
		memcpy(ret_name, p, n);
		ret_name[n] = '\0';
		return p + n;
	}
	return NULL;
}

const struct gl_taint *
gl_taint_text(struct gl_flow *f, const char *text, struct ci_place at)
{
	char name[NAME_MAX];
	while ((text = next_variable(text, name)) != NULL) {
		const struct gl_taint *t = gl_taint_of(f, name, at);
		if (t != NULL)
			return t;
	}
	return NULL;
}

static const char *
find_outsiders(const char *text, const struct gl_node *variables, unsigned depth)
{
	char name[NAME_MAX];
	while ((text = next_variable(text, name)) != NULL) {
		const struct gl_node *n = gl_get(variables, name);
		if (n != NULL && n->kind == YAML_MAPPING)
			n = gl_get(n, "value");
		for (size_t i = 0; i < COUNT(sources); i++) {
			if (strcmp(sources[i].name, name) == 0)
				return sources[i].name;
		}
		const char *inner = gl_text(n) != NULL && depth < EXPAND_MAX ? find_outsiders(n->text, variables, depth + 1) : NULL;
		if (inner != NULL)
			return inner;
	}
	return NULL;
}

const char *
gl_find_outsiders(struct gl *g, const char *text, const struct gl_node *job)
{
	return find_outsiders(text, job != NULL ? gl_get(job, "variables") : gl_get(g->root, "variables"), 0);
}

/* ---- text of scripts ---- */

struct ci_place
gl_flow_at(const struct gl_flow *f, unsigned line)
{
	struct ci_place at = f->step->command_place;
	if (f->step->command_block) {
		at.line += line - 1;
		at.column = 0;
	}
	return at;
}

const struct gl_taint *
gl_taint_parts(struct gl_flow *f, const struct shell_part *p)
{
	for (; p != NULL; p = p->next) {
		const struct gl_taint *t = NULL;
		if (p->kind == SHELL_VARIABLE && strcmp(p->op, "#") != 0)
			t = gl_taint_of(f, p->text, gl_flow_at(f, p->line));
		if (t == NULL && p->inner != NULL)
			t = gl_taint_parts(f, p->inner);
		if (t == NULL && p->script != NULL && (p->kind == SHELL_COMMAND || p->text[0] == '<'))
			t = gl_taint_script(f, p->script);
		if (t != NULL)
			return t;
	}
	return NULL;
}

static bool
is_one_of(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, list[i]) == 0)
			return true;
	}
	return false;
}

/* "git log", "git show": unless a format asks for ids and dates alone. */
static bool
prints_commits(const struct shell_command *c)
{
	static const char *const verbs[] = { "log", "show", "shortlog", "whatchanged" };
	const struct shell_word *program = shell_program(c);
	bool verb = false, format = false, words = false;
	if (strcmp(shell_name(program), "git") != 0)
		return false;
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		const char *raw = w->raw;
		verb |= w->text != NULL && is_one_of(w->text, verbs, COUNT(verbs));
		format |= strchr(raw, '%') != NULL;
		for (const char *p = raw; (p = strchr(p, '%')) != NULL && p[1] != '\0'; p += 2)
			words |= strchr("sbBNDd", p[1]) != NULL || ((p[1] == 'a' || p[1] == 'c') && p[2] != '\0' && strchr("nNeElL", p[2]) != NULL);
	}
	return verb && (!format || words);
}

/* "tr -cd SET" leaves what is in the set. */
static bool
cleans(const struct shell_word *program)
{
	const char *option = program->next == NULL ? NULL : program->next->text;
	return strcmp(shell_name(program), "tr") == 0 && option != NULL
	    && (strcmp(option, "-cd") == 0 || strcmp(option, "-dc") == 0);
}

const struct gl_taint *
gl_taint_redirected(struct gl_flow *f, const struct shell_command *c)
{
	const struct gl_taint *t = NULL;
	for (const struct shell_redirect *d = c->redirects; t == NULL && d != NULL; d = d->next) {
		if (d->op[0] == '<')
			t = gl_taint_file(f, d->target) != NULL ? gl_taint_file(f, d->target) : gl_taint_parts(f, d->target->first);
	}
	return t;
}

/* What passes the words that it is given, or reads, on to its output. */
static const struct gl_taint *
command_taint(struct gl_flow *f, const struct shell_command *c, const struct gl_taint *input)
{
	static const char *const say[] = { "echo", "printf" };
	static const char *const pass[] = { "cat", "sed", "awk", "cut", "tr", "head", "tail", "grep", "jq", "tee", "xargs", "rev",
		"fold", "sort", "uniq", "envsubst", "tac", "nl" };
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	if (c->kind != SHELL_SIMPLE)
		return c->body == NULL || c->kind == SHELL_FUNCTION ? NULL : gl_taint_script(f, c->body);
	if (CATCH(gl_text_of_git_log, prints_commits(c)))
		return &git_log;
	bool passes = is_one_of(name, pass, COUNT(pass));
	if ((!passes && !is_one_of(name, say, COUNT(say))) || cleans(program))
		return NULL;
	const struct gl_taint *t = passes ? input : NULL;
	if (t == NULL && passes)
		t = gl_taint_redirected(f, c);
	for (const struct shell_word *w = program->next; t == NULL && w != NULL; w = w->next)
		t = passes && gl_taint_file(f, w) != NULL ? gl_taint_file(f, w) : gl_taint_parts(f, w->first);
	return t;
}

const struct gl_taint *
gl_taint_pipe(struct gl_flow *f, const struct shell_command *from, const struct shell_command *end)
{
	const struct gl_taint *t = NULL;
	for (const struct shell_command *c = from; c != NULL && c != end; c = c->next)
		t = command_taint(f, c, t);
	return t;
}

const struct gl_taint *
gl_taint_script(struct gl_flow *f, const struct shell_script *s)
{
	for (const struct shell_pipeline *p = s->first; p != NULL; p = p->next) {
		const struct gl_taint *t = gl_taint_pipe(f, p->first, NULL);
		if (t != NULL)
			return t;
	}
	return NULL;
}

/* ---- ways ---- */

static enum assay_status
tell(struct gl_flow *f, struct ci_way *way, const struct gl_taint *t, struct ci_place at)
{
	const struct gl_taint *chain[CI_HOPS_MAX];
	size_t n = 0;
	for (; t != NULL && n < CI_HOPS_MAX - 2; t = t->from)
		chain[n++] = t;
	while (n-- > 0) {
		const struct gl_taint *hop = chain[n];
		if (hop->from == NULL)
			TRY(ci_way_hop(f->g->w, way, hop->at.file != NULL ? hop->at : at, "'%s' is %s", hop->name, hop->what));
		else
			TRY(ci_way_hop(f->g->w, way, hop->at, "%s '%s'", hop->how, hop->name));
	}
	return ASSAY_OK;
}

/* "@" is the variable's name. */
static enum assay_status
keep_mend(struct gl_flow *f, const char *mend, const char *name, struct ci_way *way)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(MEND_MAX);
	for (; *mend != '\0'; mend++) {
		if (*mend == '@')
			buf_add_str(&text, name);
		else
			buf_add_byte(&text, (unsigned char)*mend);
	}
	TRY(buf_status(&text, "mend", f->g->w->err));
	return ci_keep(f->g->w, buf_str(&text), &way->mend);
}

enum assay_status
gl_flow_way(struct gl_flow *f, enum ci_way_kind kind, const struct gl_taint *t, struct ci_place at, const char *sink,
    const char *mend)
{
	const struct gl_taint *source = t;
	struct ci_way *way = NULL;
	for (const struct ci_way *w = f->g->w->model->ways; w != NULL; w = w->next) {
		if (w->last->place.file == at.file && w->last->place.line == at.line && strcmp(w->last->what, sink) == 0)
			return ASSAY_OK;
	}
	if (f->way_count++ >= GL_WAYS_MAX)
		return ASSAY_OK;
	while (source->from != NULL)
		source = source->from;
	TRY(ci_way_new(f->g->w, kind, f->job->model, source->name, &way));
	way->by = f->job->model->by;
	TRY(tell(f, way, t, at));
	TRY(ci_way_hop(f->g->w, way, at, "%s", sink));
	return mend == NULL ? ASSAY_OK : keep_mend(f, mend, t->name, way);
}
