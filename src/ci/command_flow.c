/* SPDX-License-Identifier: Apache-2.0 */
#include "command_flow.h"

#include <base/catch.h>
#include <base/text.h>
#include <string.h>

#define WORDS_MAX 512
#define COUNT(table) (sizeof(table) / sizeof(table)[0])
/* Functions that call functions, and commands behind commands, are followed so far. */
#define CALLS_MAX 8

/* ---- options ---- */

/* One word of "set -euo pipefail" or "bash -eo pipefail"; *named: the sign of an option whose name comes next. False at the last. */
static bool
take_option(struct ci_shell *s, char *named, const char *word)
{
	const bool on = (*named != '\0' ? *named : word[0]) == '-';
	if (*named != '\0') {
		s->pipefail = strcmp(word, "pipefail") == 0 ? on : s->pipefail;
		s->errexit = strcmp(word, "errexit") == 0 ? on : s->errexit;
		*named = '\0';
		return true;
	}
	if ((word[0] != '-' && word[0] != '+') || strcmp(word, "--") == 0)
		return false;
	if (word[1] == '-')
		return true;
	s->errexit = strchr(word, 'e') != NULL ? on : s->errexit;
	*named = (char)(strchr(word, 'o') != NULL ? word[0] : '\0');
	return true;
}

void
ci_shell_told(const char *template, struct ci_shell *ret_shell)
{
	char word[64], named = '\0';
	const char *at = template + strcspn(template, " ");
	for (bool more = true; more && *at != '\0'; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		(void)snprintf(word, sizeof word, "%.*s", (int)strcspn(at, " "), at);
		more = take_option(ret_shell, &named, word);
	}
}

void
flow_options(struct flow *f, const struct shell_command *c, bool surely)
{
	const struct shell_word *program = shell_program(c);
	struct ci_shell told = f->shell;
	char named = '\0';
	if (strcmp(shell_name(program), "set") != 0)
		return;
	for (const struct shell_word *w = program->next; w != NULL && w->text != NULL; w = w->next) {
		if (!take_option(&told, &named, w->text))
			break;
	}
	/* What may not be run sets nothing, and may take away. */
	const bool holds = !CATCH(ci_option_unsure, !surely);
	f->shell.pipefail = told.pipefail && (holds || f->shell.pipefail);
	f->shell.errexit = told.errexit && (holds || f->shell.errexit);
}

/* ---- what asks for a status ---- */

/* Nobody's script is so long that this ends; without an answer a gate doesn't count. */
static bool
spend(const struct flow *f)
{
	*f->budget -= *f->budget > 0;
	return *f->budget > 0;
}

/* A pipeline without those behind it. */
static void
walk_one(const struct shell_pipeline *p, shell_visitor *visit, void *context)
{
	struct shell_pipeline alone = *p;
	alone.next = NULL;
	(void)shell_walk(&(struct shell_script){ &alone, &alone }, visit, context);
}

static bool
has_variable(const struct shell_part *p, const char *name, unsigned position)
{
	char index[16];
	(void)snprintf(index, sizeof index, "%u]", position);
	for (; p != NULL; p = p->next) {
		if (p->inner != NULL && has_variable(p->inner, name, position))
			return true;
		if (p->kind != SHELL_VARIABLE || strcmp(p->text, name) != 0)
			continue;
		/* "${PIPESTATUS[0]}" is the first one's alone, "$PIPESTATUS" too. */
		const char *at = p->op[0] == '[' && p->op[1] == '\0' && p->inner != NULL && p->inner->text != NULL ? p->inner->text : "";
		if (p->op[0] == '[' ? p->op[1] == '@' || *at == '*' || strcmp(at, index) == 0 : position == 0)
			return true;
	}
	return false;
}

static bool
is_named(const struct shell_command *c, const char *const *names, size_t count)
{
	const char *name = shell_name(shell_program(c));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

struct asked {
	const struct flow *f;
	const char *name;
	unsigned position;
	bool acts;            /* a command whose outcome depends on it */
	const char *assigned; /* the variable that is given it, or NULL */
};

static bool
look_for_asker(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	static const char *const shows[] = { "echo", "printf", "true", ":", "cat", "logger", "tee", "set", "unset" };
	struct asked *a = context;
	(void)in;
	if (!spend(a->f))
		return false;
	for (const struct shell_assign *s = c->assigns; s != NULL; s = s->next) {
		if (has_variable(s->value->first, a->name, a->position))
			a->assigned = s->name;
	}
	const bool says = is_named(c, shows, COUNT(shows));
	for (const struct shell_word *w = c->words; w != NULL && !CATCH(ci_status_shown, says); w = w->next)
		a->acts |= has_variable(w->first, a->name, a->position);
	a->acts |= c->arithmetic != NULL && strstr(c->arithmetic, a->name) != NULL;
	return true;
}

/* Whether some command of the script acts by a variable. */
static bool
is_used(const struct flow *f, const char *variable)
{
	struct asked a = { .f = f, .name = variable };
	(void)shell_walk(f->script, look_for_asker, &a);
	return a.acts;
}

/* The next pipeline of the same list. */
static const struct shell_pipeline *
next_of(const struct shell_pipeline *p)
{
	return p->next != NULL && p->next->part == p->part && p->next->condition == p->condition ? p->next : NULL;
}

/* ---- what gives up ---- */

static const char *const leaves[] = { "exit", "return" };

struct giving_up {
	const struct flow *f;
	const char *function; /* whose body is looked for, or NULL */
	unsigned calls;
	bool found;
};

static bool look_for_end(const struct shell_command *c, const struct shell_pipeline *in, void *context);

static bool
look_for_function(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct giving_up *g = context;
	(void)in;
	if (!spend(g->f))
		return false;
	if (c->kind != SHELL_FUNCTION || strcmp(c->name, g->function) != 0)
		return true;
	struct giving_up inside = { .f = g->f, .calls = g->calls + 1 };
	if (g->calls < CALLS_MAX)
		(void)shell_walk(c->body, look_for_end, &inside);
	g->found |= inside.found;
	return !g->found;
}

/* "exit 1", "false", a variable that is asked for later, or a function that does so. */
static bool
look_for_end(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct giving_up *g = context;
	const struct shell_word *program = shell_program(c), *code = program != NULL ? program->next : NULL;
	const char *name = shell_name(program);
	(void)in;
	if (!spend(g->f))
		return false;
	if (is_named(c, leaves, COUNT(leaves)))
		g->found |= code == NULL || code->text == NULL || strcmp(code->text, "0") != 0;
	g->found |= strcmp(name, "false") == 0 || strcmp(name, "kill") == 0;
	for (const struct shell_assign *a = c->assigns; a != NULL && program == NULL && !g->found; a = a->next)
		g->found = is_used(g->f, a->name);
	if (!g->found && *name != '\0') {
		struct giving_up called = { .f = g->f, .function = name, .calls = g->calls };
		(void)shell_walk(g->f->script, look_for_function, &called);
		g->found = called.found;
	}
	return !g->found;
}

static bool
gives_up(const struct flow *f, const struct shell_pipeline *p)
{
	struct giving_up g = { .f = f };
	if (p != NULL)
		walk_one(p, look_for_end, &g);
	return g.found;
}

/* What stands behind "||" and always succeeds. */
static bool
succeeds(const struct flow *f, const struct shell_pipeline *p)
{
	static const char *const always[] = { "true", ":", "echo", "printf", "exit 0", "return 0", "continue", "break", "cat", "ls", "head",
		"tail", "tee", "touch", "mkdir", "rm", "cp", "mv", "sleep", "date" };
	const struct shell_command *c = p->first;
	char text[WORDS_MAX];
	if (c == NULL)
		return false;
	if (c->kind != SHELL_SIMPLE || c->words == NULL)
		return !gives_up(f, p);
	ci_command_text(c, text, sizeof text);
	for (size_t i = 0; i < COUNT(always); i++) {
		const size_t n = strlen(always[i]);
		if (strncmp(text, always[i], n) == 0 && (text[n] == '\0' || text[n] == ' '))
			return true;
	}
	return false;
}

/* ---- a failure's way ---- */

/* Of an "if": whether a branch that is taken when the condition fails gives up. */
static bool
branch_ends(const struct flow *f, const struct shell_command *c, const struct shell_pipeline *condition)
{
	for (const struct shell_pipeline *p = c->body->first; p != NULL; p = p->next) {
		const bool taken = condition->negated ? p->part == condition->part + 1 : p->part > condition->part + 1;
		if (taken && gives_up(f, p))
			return true;
	}
	return false;
}

/* The last of those that "&&" joins: if one fails, all up to here are passed over. */
static const struct shell_pipeline *
end_of_chain(const struct shell_pipeline *p)
{
	while (p->join == SHELL_AND && next_of(p) != NULL)
		p = next_of(p);
	return p;
}

/* Whether a failure of p ends the script by itself. */
static bool
chain_ends(const struct flow *f, const struct shell_pipeline *p)
{
	const struct shell_pipeline *last = end_of_chain(p);
	while (last->join == SHELL_OR && next_of(last) != NULL) {
		p = next_of(last);
		if (CATCH(ci_gate_swallowed, succeeds(f, p)))
			return false;
		/* "(exit 1) || true" */
		const bool caught = CATCH(ci_gate_caught_again, p->join == SHELL_OR && !is_named(p->first, leaves, COUNT(leaves)));
		if (!caught && gives_up(f, p))
			return true;
		last = end_of_chain(p);
	}
	if (CATCH(ci_gate_behind, last->join == SHELL_BACKGROUND))
		return false;
	if (f->shell.errexit && !f->ignored && last == p)
		return f->stops;
	const bool list = f->status && (!f->shell.goes_on || f->shell.errexit);
	return !CATCH(ci_gate_passed_over, next_of(last) != NULL || !list);
}

/* Whether the command behind the pipeline asks how this one of it ended, and gives up. */
static bool
asks_for(const struct flow *f, const struct shell_pipeline *p, const char *name, unsigned position)
{
	const struct shell_pipeline *next = next_of(p);
	struct asked a = { .f = f, .name = name, .position = position };
	if (next == NULL || p->join == SHELL_OR || p->join == SHELL_BACKGROUND)
		return false;
	walk_one(next, look_for_asker, &a);
	if (a.assigned != NULL && is_used(f, a.assigned))
		return true;
	const bool joined = (next->join == SHELL_AND || next->join == SHELL_OR) && next_of(next) != NULL;
	return a.acts && !CATCH(ci_status_asked_in_vain, !gives_up(f, next) && !(joined && gives_up(f, next_of(next))) && !chain_ends(f, next));
}

bool
flow_ends(const struct flow *f, const struct shell_command *c, const struct shell_pipeline *in)
{
	unsigned position = 0;
	for (const struct shell_command *before = in->first; before != c && before != NULL; before = before->next)
		position++;
	if (c->next != NULL && asks_for(f, in, "PIPESTATUS", position))
		return true;
	if (CATCH(ci_gate_piped, c->next != NULL && !f->shell.pipefail))
		return false;
	/* What a condition leads to is known by its branches. */
	if (in->negated && in->condition)
		return f->status;
	/* "! tests && exit 1" */
	if (CATCH(ci_gate_negated, in->negated))
		return in->join == SHELL_AND && next_of(in) != NULL && gives_up(f, next_of(in));
	return chain_ends(f, in) || asks_for(f, end_of_chain(in), "?", 0);
}

struct flow
flow_inside(const struct flow *f, const struct shell_command *c, const struct shell_pipeline *in)
{
	struct flow inner = *f;
	inner.shell.goes_on = false;
	if (c->kind == SHELL_FUNCTION) {
		/* Who calls it isn't known. */
		inner.ignored = false;
		inner.stops = inner.status = true;
		return inner;
	}
	inner.status = flow_ends(f, c, in);
	inner.ignored |= in->negated || in->condition || in->join == SHELL_AND || in->join == SHELL_OR;
	inner.stops = c->next != NULL || c->subshell ? inner.status : f->stops;
	return inner;
}

struct flow
flow_condition(const struct flow *inside, const struct shell_command *c, const struct shell_pipeline *condition)
{
	struct flow f = *inside;
	f.ignored = true;
	f.status = !CATCH(ci_gate_condition, c->kind == SHELL_IF && !branch_ends(inside, c, condition));
	return f;
}
