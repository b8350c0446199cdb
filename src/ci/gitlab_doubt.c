/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where following ends: a command that is given an outsider's text, and of which it isn't known that it takes texts as data alone.
 */
#include "gitlab_taint.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool
among(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i], name) == 0)
			return true;
	}
	return false;
}

/* Those that print, compare, move, send or keep what they are given; and those that are looked at by themselves. */
static bool
takes_data(const char *name)
{
	static const char *const data[] = { "echo", "printf", "test", "[", "[[", "true", "false", ":", "exit", "return", "cd", "mkdir",
		"rmdir", "rm", "cp", "mv", "ln", "touch", "ls", "cat", "tee", "head", "tail", "cut", "tr", "sort", "uniq", "wc", "grep",
		"egrep", "fgrep", "rev", "fold", "tac", "nl", "base64", "sha256sum", "sha512sum", "md5sum", "basename", "dirname", "date",
		"sleep", "git", "glab", "gh", "release-cli", "curl", "wget", "docker", "podman", "buildah", "skopeo", "crane", "cosign",
		"twine", "tar", "zip", "gzip", "jq", "yq", "set", "shift", "read", "mapfile", "column", "iconv", "envsubst", "semver" };
	static const char *const looked[] = { "eval", "source", ".", "ssh", "sed", "gsed", "awk", "gawk", "mawk", "make", "export",
		"local", "readonly", "declare", "typeset", "let", "unset" };
	return among(name, data, COUNT(data)) || among(name, looked, COUNT(looked));
}

/* "sh -c 'printf \"$1\"' sh TEXT": of a script that is written down, and evaluates nothing, the text is an argument. */
static bool
is_argument(const struct shell_command *c)
{
	static const char *const further[] = { "eval", "exec", "system", "popen", "-c", "source", "`", "sh " };
	const struct shell_word *code = shell_code(c);
	bool plain = code != NULL && code->text != NULL;
	for (size_t i = 0; plain && i < COUNT(further); i++)
		plain = strstr(code->text, further[i]) == NULL;
	return plain;
}

static bool
is_told(const struct gl_flow *f, struct ci_place at)
{
	for (const struct ci_way *w = f->g->w->model->ways; w != NULL; w = w->next) {
		if (w->last->place.file == at.file && w->last->place.line == at.line)
			return true;
	}
	for (const struct ci_question *q = f->g->w->model->questions; q != NULL; q = q->next) {
		if (strcmp(q->code, "text-unfollowed") == 0 && q->place.file == at.file && q->place.line == at.line)
			return true;
	}
	return false;
}

enum assay_status
gl_doubt(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	const struct gl_taint *t = gl_taint_pipe(f, in->first, c);
	struct ci_place at = gl_flow_at(f, c->line);
	if (program == NULL || takes_data(shell_name(program)) || is_argument(c))
		return ASSAY_OK;
	for (const struct shell_word *w = program->next; t == NULL && w != NULL; w = w->next)
		t = gl_taint_parts(f, w->first);
	if (!CATCH(gl_text_unfollowed, t != NULL) || is_told(f, at))
		return ASSAY_OK;
	return ci_ask(f->g->w, CI_UNTRUSTED, "text-unfollowed", at,
	    "'%.100s' is given an outsider's text in '%.100s', and what it does with it can't be told", program->raw, t->name);
}

/* ---- assignments that are commands ---- */

/* "export NAME=text": the name; "" when a variable chooses it. */
static const char *
assigned(struct gl_flow *f, const struct shell_word *w)
{
	const struct shell_part *p = w->first;
	const char *equals = p != NULL && p->kind == SHELL_LITERAL ? strchr(p->text, '=') : NULL;
	return equals != NULL ? gl_print(f->g, "%.*s", (int)(equals - p->text), p->text) : "";
}

enum assay_status
gl_exported(struct gl_flow *f, const struct shell_command *c, const struct gl_taint **ret_named)
{
	static const char *const names[] = { "export", "local", "readonly", "declare", "typeset" };
	const struct shell_word *program = shell_program(c);
	*ret_named = NULL;
	if (!among(shell_name(program), names, COUNT(names)))
		return ASSAY_OK;
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		const struct gl_taint *t = gl_taint_parts(f, w->first);
		const char *name = t != NULL ? assigned(f, w) : "";
		if (name == NULL)
			return arena_full(f->g->w->err);
		if (t != NULL && name[0] == '\0')
			*ret_named = t;
		else if (CATCH(gl_text_exported, t != NULL))
			TRY(gl_taint_add(f, name, t, gl_flow_at(f, w->line), "kept in"));
	}
	return ASSAY_OK;
}

/* ---- words that the shell calculates with ---- */

const struct gl_taint *
gl_taint_counted(struct gl_flow *f, const struct shell_command *c)
{
	static const char *const counting[] = { "-eq", "-ne", "-lt", "-le", "-gt", "-ge" };
	static const char *const all[] = { "let", "unset", "read" };
	static const char *const naming[] = { "[[", "[", "test", "printf" };
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	bool every = among(name, all, COUNT(all)), compares = strcmp(name, "[[") == 0, names = among(name, naming, COUNT(naming));
	const char *before = "";
	for (const struct shell_word *w = program != NULL ? program->next : NULL; w != NULL; w = w->next) {
		const char *after = w->next != NULL && w->next->text != NULL ? w->next->text : "";
		bool compared = compares && (among(before, counting, COUNT(counting)) || among(after, counting, COUNT(counting)));
		const struct gl_taint *t = every || compared || (names && strcmp(before, "-v") == 0) ? gl_taint_parts(f, w->first) : NULL;
		if (t != NULL)
			return t;
		before = w->text != NULL ? w->text : "";
	}
	return NULL;
}

/* Behind "xargs -I{}" the input stands in the words of the command. */
const struct gl_taint *
gl_taint_replaced(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c)
{
	const struct shell_word *first = c->words, *code = shell_code(c);
	const char *replaced = NULL;
	if (first == NULL || strcmp(shell_name(first), "xargs") != 0 || code == NULL)
		return NULL;
	for (const struct shell_word *w = first->next; w != NULL && w != shell_program(c); w = w->next) {
		const char *text = w->text != NULL ? w->text : "";
		if (strcmp(text, "-I") == 0 && w->next != NULL)
			replaced = w->next->text;
		else if (strncmp(text, "-I", 2) == 0 || strncmp(text, "-i", 2) == 0)
			replaced = text[2] != '\0' ? text + 2 : "{}";
	}
	if (replaced == NULL || strstr(code->raw, replaced) == NULL)
		return NULL;
	const struct gl_taint *t = gl_taint_pipe(f, in->first, c);
	return t != NULL ? t : gl_taint_redirected(f, c);
}
