/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where following ends: an outsider's text that reaches a command of which it isn't known that it takes it as text alone, and code
 * or files that a script brings in. Each is a question, so that what wasn't followed is no pass.
 */
#include "github_flow.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool
among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (names[i][0] == name[0] && strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static void
ask(struct scope *s, const char *code, struct ci_place at, const char *what, const char *subject)
{
	if (s->flow->report && s->flow->status == ASSAY_OK)
		s->flow->status = ci_ask(s->flow->w, CI_UNTRUSTED, code, at,
		    "'%s': '%.100s' %s, in a job that outsiders set off with the project's rights", s->job->pipeline->file, subject, what);
}

/* ---- what a command is ---- */

static const char *
argument(const struct shell_command *c, unsigned n)
{
	const struct shell_word *w = shell_program(c);
	for (; w != NULL && n > 0; n--)
		w = w->next;
	return w != NULL && w->text != NULL ? w->text : "";
}

static bool
is_program(const struct shell_command *c, const char *name)
{
	return strcmp(shell_name(shell_program(c)), name) == 0;
}

bool
script_fetches(const struct shell_command *c)
{
	static const char *const verbs[] = { "view", "list", "diff", "status", "checks" };
	return is_program(c, "gh")
	    && (strcmp(argument(c, 1), "api") == 0 || strcmp(argument(c, 1), "search") == 0 || among(argument(c, 2), verbs, COUNT(verbs)));
}

static bool
has_word(const struct shell_command *c, const char *const *parts, size_t count)
{
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		for (size_t i = 0; i < count; i++) {
			if (strstr(w->raw, parts[i]) != NULL)
				return true;
		}
	}
	return false;
}

/* Whether the command does nothing with its arguments and its input but print, compare or send them. */
static bool
takes_text(const struct shell_command *c)
{
	static const char *const loose[] = { "echo", "printf", "test", "[", "[[", "true", "false", ":" };
	static const char *const strict[] = { "grep", "cat", "tr", "cut", "head", "tail", "wc", "sort", "uniq", "jq" };
	static const char *const topics[] = { "issue", "pr", "api", "label", "search" };
	static const char *const counting[] = { "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v" };
	const char *name = shell_name(shell_program(c));
	if (among(name, loose, COUNT(loose))) {
		bool counts = strcmp(name, "[[") == 0 || strcmp(name, "printf") == 0;
		return !counts || !has_word(c, counting, COUNT(counting));
	}
	if (strcmp(name, "gh") == 0 ? !among(argument(c, 1), topics, COUNT(topics)) : !among(name, strict, COUNT(strict)))
		return false;
	/* Without quotes a text may be an option. */
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		if (w->first != NULL && w->first->kind != SHELL_LITERAL && w->first->quote == SHELL_BARE)
			return false;
	}
	return true;
}

/* The variable that is all of a word, or "". */
static const char *
sole_variable(const struct shell_word *w)
{
	const char *name = "";
	for (const struct shell_part *p = w != NULL ? w->first : NULL; p != NULL; p = p->next) {
		if (p->kind == SHELL_LITERAL && p->text[0] == '\0')
			continue;
		if (p->kind != SHELL_VARIABLE || name[0] != '\0')
			return "";
		name = p->text;
	}
	return name;
}

/* Where a text may be written without being run or read as settings; $GITHUB_OUTPUT and $GITHUB_ENV are followed elsewhere. */
static bool
writes_harmlessly(const struct shell_command *c, bool exact)
{
	static const char *const files[] = { "/dev/null", "/dev/stderr", "/dev/stdout", "1", "2", "-" };
	static const char *const followed[] = { "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH" };
	for (const struct shell_redirect *r = c->redirects; r != NULL; r = r->next) {
		const char *variable = sole_variable(r->target);
		if (strchr(r->op, '>') == NULL || (r->target != NULL && r->target->text != NULL && among(r->target->text, files, COUNT(files))))
			continue;
		if (strcmp(variable, "GITHUB_STEP_SUMMARY") != 0 && !(exact && among(variable, followed, COUNT(followed))))
			return false;
	}
	return true;
}

/* ---- one command ---- */

static const struct trace *
environment(struct scope *s)
{
	const struct trace *t = NULL;
	const struct ci_variable *lists[] = { s->step->env, s->job->env, s->job->pipeline->env };
	for (size_t i = 0; i < COUNT(lists); i++) {
		for (const struct ci_variable *v = lists[i]; v != NULL && t == NULL; v = v->next)
			t = taint_variable(s, v->name, 1);
	}
	return t;
}

/* Arithmetic runs commands that stand in the values of its variables. */
static bool
counts_with(struct script *x, const struct shell_part *part)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	for (; part != NULL; part = part->next) {
		bool names = part->kind == SHELL_ARITHMETIC && part->text != NULL && strpbrk(part->text, letters) != NULL;
		if (names && (x->local != NULL || environment(x->s) != NULL))
			return true;
	}
	return false;
}

/* An outsider's text from which a command takes a place or a commit: also such as no shell could be hurt by. */
static bool
names_place(struct script *x, const struct shell_word *w)
{
	for (const struct shell_part *p = w->first; p != NULL; p = p->next) {
		if (p->kind == SHELL_TEMPLATE && (strncmp(p->text, "github.event.", 13) == 0 || strcmp(p->text, "github.head_ref") == 0))
			return true;
		const struct ci_variable *lists[] = { x->step->env, x->s->job->env, x->s->job->pipeline->env };
		for (size_t i = 0; p->kind == SHELL_VARIABLE && i < COUNT(lists); i++) {
			for (const struct ci_variable *v = lists[i]; v != NULL; v = v->next) {
				if (strcmp(v->name, p->text) == 0
				    && (strstr(v->value, "github.event.") != NULL || strstr(v->value, "github.head_ref") != NULL))
					return true;
			}
		}
	}
	return script_word(x, w) != NULL;
}

/* "docker build https://...#refs/pull/$N", "pip install git+https://...@$SHA" */
static bool
names_address(struct script *x, const struct shell_command *c)
{
	for (const struct shell_word *w = takes_text(c) ? NULL : c->words; w != NULL; w = w->next) {
		if (strstr(w->raw, "://") != NULL && names_place(x, w))
			return true;
	}
	return false;
}

static bool
brings_code(struct script *x, const struct shell_command *c)
{
	static const char *const archives[] = { "tarball", "zipball", "artifacts", "archive" };
	static const char *const fetching[] = { "pull", "fetch", "clone", "remote", "merge", "submodule" };
	const char *name = shell_name(shell_program(c));
	if (strcmp(name, "gh") == 0)
		return strcmp(argument(c, 2), "download") == 0 || strcmp(argument(c, 2), "clone") == 0
		    || (strcmp(argument(c, 1), "api") == 0 && has_word(c, archives, COUNT(archives)));
	bool git = strcmp(name, "git") == 0 && has_word(c, fetching, COUNT(fetching));
	if (!git && strcmp(name, "curl") != 0 && strcmp(name, "wget") != 0)
		return names_address(x, c);
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		if (names_place(x, w))
			return true;
	}
	return false;
}

/* "sh" and "bash -e" read their script from the input. */
static bool
reads_script(const struct shell_command *c)
{
	const struct shell_word *w = shell_program(c);
	if (!shell_is_interpreter(shell_name(w)))
		return false;
	for (w = w->next; w != NULL; w = w->next) {
		if (w->text == NULL || w->text[0] != '-' || strcmp(w->text, "-c") == 0)
			return false;
	}
	return true;
}

static const struct trace *
fed(struct script *x, const struct shell_command *c, const struct shell_pipeline *in)
{
	const struct trace *t = NULL;
	for (const struct shell_command *b = in->first; b != NULL && b != c && t == NULL; b = b->next)
		t = script_command(x, b);
	return t;
}

/* The text itself is the command, or the script that a shell reads. */
static const struct trace *
runs_text(struct script *x, const struct shell_command *c, const struct shell_pipeline *in)
{
	const struct shell_word *w = shell_program(c);
	if (w != NULL && w->text == NULL && w->first != NULL && w->first->kind == SHELL_VARIABLE)
		return script_word(x, w);
	return reads_script(c) ? fed(x, c, in) : NULL;
}

/* A program of the tree or another language, which reads its environment by itself, or one that hands it on to such. */
static bool
may_read_environment(const struct shell_command *c)
{
	static const char *const handing[] = { "make", "gmake", "ninja", "npm", "npx", "yarn", "pnpm", "bun", "deno", "docker", "podman", "nerdctl",
		"docker-compose", "mvn", "gradle", "ant", "rake", "tox", "nox", "pytest", "just", "task", "cargo", "go", "bazel", "envsubst", "xargs" };
	const struct shell_word *w = shell_program(c);
	return w != NULL && (among(shell_name(w), handing, COUNT(handing)) || shell_is_interpreter(shell_name(w)) || (w->text != NULL && strchr(w->text, '/') != NULL && w->text[0] != '/'));
}

static void
keep_assigned(struct script *x, const struct shell_command *c)
{
	for (const struct shell_assign *a = c->assigns; a != NULL; a = a->next) {
		const struct trace *t = script_word(x, a->value);
		if (t != NULL)
			mark_add(x->s->flow, &x->local, a->name, t);
	}
	for (const struct shell_word *w = c->kind == SHELL_LOOP && c->name != NULL ? c->words : NULL; w != NULL; w = w->next) {
		const struct trace *t = script_word(x, w);
		if (t != NULL)
			mark_add(x->s->flow, &x->local, c->name, t);
	}
}

/* What a command is given by its words, its redirections and the variables before it. */
static const struct trace *
given(struct script *x, const struct shell_command *c)
{
	const struct trace *t = NULL;
	for (const struct shell_word *w = c->words; w != NULL && t == NULL; w = w->next)
		t = script_word(x, w);
	for (const struct shell_redirect *r = c->redirects; r != NULL && t == NULL; r = r->next)
		t = script_word(x, r->target);
	for (const struct shell_assign *a = c->words != NULL ? c->assigns : NULL; a != NULL && t == NULL; a = a->next)
		t = script_word(x, a->value);
	return t;
}

static bool
is_unfollowed(struct script *x, const struct shell_command *c, const struct shell_pipeline *in)
{
	struct script exactly = *x;
	exactly.coarse = false;
	const struct trace *input = fed(x, c, in);
	bool text = input != NULL || given(x, c) != NULL;
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		if (counts_with(x, w->first))
			return true;
	}
	if (!text && !script_fetches(c))
		return may_read_environment(c) && environment(x->s) != NULL;
	if (c->kind == SHELL_LOOP)
		return input != NULL || c->redirects != NULL;
	if (c->kind == SHELL_CASE)
		return false;
	bool exact = script_command(&exactly, c) != NULL || fed(&exactly, c, in) != NULL;
	return (text && !takes_text(c)) || !writes_harmlessly(c, exact);
}

static bool
visit(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct script *x = context;
	const char *name = shell_program(c) != NULL ? shell_program(c)->raw : "a loop";
	struct ci_place at = script_place(x, c);
	keep_assigned(x, c);
	const struct trace *t = runs_text(x, c, in);
	if (CATCH(ci_text_is_script, t != NULL))
		flow_way(x->s, t->kind, t, at, name, "run as a script by the shell");
	else if (CATCH(ci_text_unfollowed, is_unfollowed(x, c, in)))
		ask(x->s, "text-unfollowed", at, "is given an outsider's text, and what it does with it can't be told", name);
	if (CATCH(ci_code_brought, brings_code(x, c)))
		ask(x->s, "code-brought-unseen", at, "brings in files that an outsider may have made", name);
	return x->s->flow->status == ASSAY_OK;
}

/* ---- steps ---- */

/* Variables that shells, loaders and languages run or load by themselves. */
static void
look_at_loading(struct scope *s, const struct ci_step *step)
{
	static const char *const loading[] = { "BASH_ENV", "ENV", "PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "NODE_OPTIONS", "PYTHONPATH",
		"PYTHONSTARTUP", "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "PROMPT_COMMAND", "MAKEFLAGS",
		"JAVA_TOOL_OPTIONS", "PIP_INDEX_URL", "npm_config_registry", "IFS", "EDITOR", "PAGER" };
	const struct ci_variable *lists[] = { step->env, s->job->env, s->job->pipeline->env };
	for (size_t i = 0; i < COUNT(lists); i++) {
		for (const struct ci_variable *v = lists[i]; v != NULL; v = v->next) {
			const struct trace *t = among(v->name, loading, COUNT(loading)) ? taint_text(s, v->value, v->place, TAINT_TEXT, 0) : NULL;
			if (CATCH(ci_text_loaded, t != NULL))
				flow_way(s, CI_WAY_ENVIRONMENT, t, v->place, v->name, "kept in a variable that programs run or load by themselves");
		}
	}
}

/* Whether the text of a program runs others, or texts. */
static bool
runs_others(const char *text)
{
	static const char *const names[] = { "eval", "exec", "execSync", "execFile", "execFileSync", "spawn", "spawnSync", "Function", "child_process",
		"getExecOutput", "vm" };
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$";
	while (*text != '\0') {
		size_t n = strspn(text, letters);
		for (size_t i = 0; n > 0 && i < COUNT(names); i++) {
			if (strlen(names[i]) == n && strncmp(names[i], text, n) == 0)
				return true;
		}
		text += n > 0 ? n : 1;
	}
	return false;
}

static void
look_at_action(struct scope *s, const struct ci_step *step)
{
	static const char *const places[] = { "ref", "repository", "branch", "git-ref", "context", "build-contexts", "source" };
	const unsigned traits = gh_traits(step->uses->name);
	for (const struct ci_variable *v = step->with; v != NULL; v = v->next) {
		bool place = (traits & GH_TAME) == 0 && among(v->name, places, COUNT(places)) && taint_text(s, v->value, v->place, TAINT_CODE, 0) != NULL;
		if (CATCH(ci_place_given, place))
			ask(s, "code-brought-unseen", v->place, "is told to take what an outsider may have made", step->uses->text);
		bool program = (traits & GH_SCRIPT) != 0 && gh_is_code_input(step->uses->name, v->name) && strcmp(v->name, "script") == 0;
		bool reads = strstr(v->value, "payload") != NULL || environment(s) != NULL;
		if (CATCH(ci_program_runs, program && reads && runs_others(v->value)))
			ask(s, "text-unfollowed", v->place, "runs others or texts in a program that reads what an outsider wrote", step->uses->text);
	}
	if (CATCH(ci_environment_given, traits == 0 && environment(s) != NULL))
		ask(s, "text-unfollowed", step->place, "has an outsider's text in its environment, and what it does with it can't be told", step->uses->text);
}

void
flow_doubt(struct scope *s, const struct ci_step *step)
{
	struct script x = { s, step, NULL, true };
	const struct shell_script *script = NULL;
	look_at_loading(s, step);
	if (step->uses != NULL)
		look_at_action(s, step);
	for (const struct ci_variable *v = step->uses != NULL ? step->with : NULL; v != NULL; v = v->next) {
		bool other = !gh_is_code_input(step->uses->name, v->name) && !gh_is_text_input(step->uses->name, v->name);
		if (other && CATCH(ci_text_given, taint_text(s, v->value, v->place, TAINT_TEXT, 0) != NULL))
			ask(s, "text-unfollowed", v->place, "is given an outsider's text, and what it does with it can't be told", step->uses->text);
	}
	if (step->command == NULL)
		return;
	if (!step->unread && shell_parse(assay_span_str(step->command), s->flow->scratch, &script, NULL) == ASSAY_OK)
		(void)shell_walk(script, visit, &x);
	else if (CATCH(ci_text_unread, environment(s) != NULL || strstr(step->command, "GITHUB_EVENT_PATH") != NULL))
		ask(s, "text-unfollowed", step->command_place, "can't be read, and has an outsider's text",
		    step->shell != NULL ? step->shell : "a script");
}
