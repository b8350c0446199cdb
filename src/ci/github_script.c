/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following outsiders' texts through a shell script: into files that set variables and outputs of later steps, and into commands
 * that evaluate what they are given.
 */
#include "github_flow.h"

#include <base/cleanup.h>
#include <string.h>

#define NAME_LEN 200

static const struct trace *word_taint(struct script *x, const struct shell_word *w);
static const struct trace *pipeline_taint(struct script *x, const struct shell_pipeline *p, const struct shell_command *last);

static struct ci_place
place_of(const struct script *x, unsigned line, unsigned column)
{
	struct ci_place at = x->step->command_place;
	if (x->step->command_block && line > 0)
		at.line += line - 1;
	/* Lines of a block are indented alike; a folded text has no lines to count. */
	if ((x->step->command_block || line <= 1) && column > 0)
		at.column += column - 1;
	return at;
}

static const struct trace *
variable_taint(struct script *x, const char *name)
{
	for (const struct mark *m = x->local; m != NULL; m = m->next) {
		if (strcmp(m->name, name) == 0)
			return m->trace;
	}
	if (x->coarse && strcmp(name, "GITHUB_EVENT_PATH") == 0)
		return trace_new(x->s->flow, NULL, x->step->command_place, "the payload of the event, with all that an outsider wrote");
	return taint_variable(x->s, name, 1);
}

static const struct trace *
script_taint(struct script *x, const struct shell_script *script)
{
	const struct trace *t = NULL;
	for (const struct shell_pipeline *p = script != NULL ? script->first : NULL; p != NULL && t == NULL; p = p->next)
		t = pipeline_taint(x, p, NULL);
	return t;
}

static const struct trace *
part_taint(struct script *x, const struct shell_part *part)
{
	char text[1200];
	const struct trace *t = NULL;
	for (; part != NULL && t == NULL; part = part->next) {
		if (part->kind == SHELL_VARIABLE)
			t = variable_taint(x, part->text);
		else if (part->kind == SHELL_TEMPLATE && strlen(part->text) < 1100) {
			(void)snprintf(text, sizeof text, "${{ %s }}", part->text);
			t = taint_text(x->s, text, place_of(x, part->line, part->column), TAINT_TEXT, 1);
		} else if (part->kind == SHELL_COMMAND)
			t = script_taint(x, part->script);
		if (t == NULL && part->inner != NULL)
			t = part_taint(x, part->inner);
	}
	return t;
}

static const struct trace *
word_taint(struct script *x, const struct shell_word *w)
{
	return w != NULL ? part_taint(x, w->first) : NULL;
}

/* What prints a file of another run prints an outsider's text. */
static bool
prints_files(const char *name)
{
	static const char *const readers[] = { "cat", "head", "tail", "jq", "grep", "sed", "awk", "cut", "tr", "read", "unzip", "xargs",
		"sort", "yq" };
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		if (strcmp(readers[i], name) == 0)
			return true;
	}
	return false;
}

static const struct trace *
redirect_taint(struct script *x, const struct shell_command *c)
{
	const struct trace *t = NULL;
	for (const struct shell_redirect *r = c->redirects; r != NULL && t == NULL; r = r->next) {
		if (r->op[0] == '<')
			t = word_taint(x, r->target);
		/* "$(< file)" */
		if (t == NULL && strcmp(r->op, "<") == 0 && x->s->artifact != NULL)
			t = x->s->artifact;
	}
	return t;
}

static const struct trace *
command_taint(struct script *x, const struct shell_command *c)
{
	const struct trace *t = NULL;
	const struct shell_word *program = shell_program(c);
	if (x->coarse && script_fetches(c))
		return trace_new(x->s->flow, NULL, place_of(x, c->line, c->column), "what '%s' fetches", shell_name(program));
	if (x->s->artifact != NULL && program != NULL && prints_files(shell_name(program)))
		return trace_new(x->s->flow, x->s->artifact, place_of(x, c->line, c->column), "read by '%s'", shell_name(program));
	for (const struct shell_word *w = c->words; w != NULL && t == NULL; w = w->next)
		t = word_taint(x, w);
	t = t != NULL ? t : redirect_taint(x, c);
	return t != NULL || c->body == NULL ? t : script_taint(x, c->body);
}

/* Of all commands of a pipeline up to last. */
static const struct trace *
pipeline_taint(struct script *x, const struct shell_pipeline *p, const struct shell_command *last)
{
	const struct trace *t = NULL;
	for (const struct shell_command *c = p->first; c != NULL && t == NULL; c = c == last ? NULL : c->next)
		t = command_taint(x, c);
	return t;
}

const struct trace *
script_word(struct script *x, const struct shell_word *w)
{
	return word_taint(x, w);
}

const struct trace *
script_command(struct script *x, const struct shell_command *c)
{
	return command_taint(x, c);
}

struct ci_place
script_place(const struct script *x, const struct shell_command *c)
{
	return place_of(x, c->line, c->column);
}

/* ---- sinks ---- */

static const char *
file_variable(const struct shell_word *w)
{
	static const char *const names[] = { "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT" };
	for (const struct shell_part *p = w->first; p != NULL; p = p->next) {
		for (size_t i = 0; p->kind == SHELL_VARIABLE && i < sizeof names / sizeof names[0]; i++) {
			if (strcmp(p->text, names[i]) == 0)
				return names[i];
		}
	}
	return NULL;
}

/* The environment file that a command writes, or NULL. */
static const char *
written_file(const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	for (const struct shell_redirect *r = c->redirects; r != NULL; r = r->next) {
		const char *name = r->op[0] == '>' || r->op[0] == '&' ? file_variable(r->target) : NULL;
		if (name != NULL)
			return name;
	}
	for (const struct shell_word *w = program != NULL && strcmp(shell_name(program), "tee") == 0 ? program->next : NULL; w != NULL;
	     w = w->next) {
		if (file_variable(w) != NULL)
			return file_variable(w);
	}
	return NULL;
}

/* "name=" at the beginning of a word, or "" when it isn't to be seen. */
static void
output_name(const struct shell_command *c, char *name)
{
	const struct shell_word *w = c->words != NULL ? c->words->next : NULL;
	name[0] = '\0';
	for (; w != NULL; w = w->next) {
		const struct shell_part *p = w->first;
		size_t n = p != NULL && p->kind == SHELL_LITERAL ? strcspn(p->text, "=") : 0;
		if (n > 0 && n < NAME_LEN && p->text[n] == '=' && p->text[0] != '-') {
			memcpy(name, p->text, n);
			name[n] = '\0';
			return;
		}
	}
}

static void
keep_output(struct script *x, const char *output, const struct trace *t)
{
	char name[2 * NAME_LEN + 2];
	if (x->step->name == NULL)
		return;
	(void)snprintf(name, sizeof name, "%.200s.%.200s", x->step->name, output);
	mark_add(x->s->flow, &x->s->outputs, name, t);
}

static void
follow_file(struct script *x, const struct shell_command *c, const struct shell_pipeline *in)
{
	char name[NAME_LEN + 1];
	const char *file = written_file(c);
	const struct trace *t = file != NULL ? pipeline_taint(x, in, c) : NULL;
	if (t == NULL)
		return;
	struct ci_place at = place_of(x, c->line, c->column);
	output_name(c, name);
	const struct trace *here = trace_new(x->s->flow, t, at, "written to $%s", file);
	if (strcmp(file, "GITHUB_OUTPUT") == 0) {
		keep_output(x, name, here);
		return;
	}
	mark_add(x->s->flow, &x->s->env, name, here);
	flow_way(x->s, t->kind == CI_WAY_ARTIFACT ? CI_WAY_ARTIFACT : CI_WAY_ENVIRONMENT, t, at, file,
	    strcmp(file, "GITHUB_PATH") == 0 ? "written to $GITHUB_PATH, where the programs of later steps are looked for"
					     : "written to $GITHUB_ENV, where a line of it sets any variable of later steps");
}

/* echo "::set-output name=x::..." */
static void
follow_old_output(struct script *x, const struct shell_command *c)
{
	const struct shell_word *w = c->words != NULL ? c->words->next : NULL;
	if (w == NULL || strstr(w->raw, "::set-output") == NULL)
		return;
	const struct trace *t = command_taint(x, c);
	if (t != NULL)
		keep_output(x, "", trace_new(x->s->flow, t, place_of(x, c->line, c->column), "printed as an output of the step"));
}

static void
follow_code(struct script *x, const struct shell_command *c)
{
	const struct shell_word *code = shell_code(c);
	const struct trace *t = NULL;
	for (; code != NULL && t == NULL; code = code->next)
		t = word_taint(x, code);
	if (t != NULL)
		flow_way(x->s, t->kind, t, place_of(x, c->line, c->column), shell_name(shell_program(c)), "run as a script by the shell");
}

static bool
visit(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct script *x = context;
	for (const struct shell_assign *a = c->assigns; a != NULL; a = a->next) {
		const struct trace *t = word_taint(x, a->value);
		if (t != NULL)
			mark_add(x->s->flow, &x->local, a->name,
			    trace_new(x->s->flow, t, place_of(x, a->line, a->column), "kept in the shell's variable '%.200s'", a->name));
	}
	follow_file(x, c, in);
	follow_old_output(x, c);
	follow_code(x, c);
	return x->s->flow->status == ASSAY_OK;
}

void
flow_script(struct scope *s, const struct ci_step *step)
{
	struct script x = { s, step, NULL, false };
	const struct shell_script *script = NULL;
	if (shell_parse(assay_span_str(step->command), s->flow->scratch, &script, NULL) == ASSAY_OK)
		(void)shell_walk(script, visit, &x);
}
