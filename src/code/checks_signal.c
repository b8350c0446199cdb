/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of signal handlers, and of what runs when a program ends.
 */
#include "checks.h"

#define CALLS_DEEP 4 /* calls that are followed from a function to those of the file */

static bool
is_shared_well(unit *u, const struct code_symbol *s)
{
	const bool atomic = (s->flags & CODE_Y_ATOMIC) != 0;
	const struct assay_span type = code_name(u, s->type_name);
	const bool named_atomic = type.len > 7 && memcmp(type.data, "atomic_", 7) == 0;
	return atomic || named_atomic || ((s->flags & CODE_Y_VOLATILE) != 0 && s->type_name == W_sig_atomic_t && s->pointers == 0);
}

/* SIG31-C: a handler that touches a variable of the file which isn't volatile sig_atomic_t or atomic. */
void
check_handler_shares(struct judging *j)
{
	unit *u = j->u;
	for (uint32_t f = 0; f < u->function_count; f++) {
		if (!j->handler[f])
			continue;
		for (uint32_t i = u->functions[f].body; i < u->functions[f].body_close; i++) {
			const struct code_symbol *s = u->name[i] == 0 ? NULL : code_symbol_of(u, f, u->name[i]);
			const bool member = code_punct(&u->tokens[i - 1], '.') || code_punct(&u->tokens[i - 1], CODE_P_ARROW);
			if (s == NULL || member || s->token == i || (s->flags & (CODE_Y_FUNCTION | CODE_Y_TYPEDEF)) != 0)
				continue;
			const bool shared = s->function == CODE_NONE || (s->flags & CODE_Y_STATIC) != 0;
			const bool constant = (s->flags & CODE_Y_CONST) != 0 && s->pointers == 0;
			if (shared && !constant && !is_shared_well(u, s))
				judging_report(j, i, u->name[i]);
		}
	}
}

/* SIG34-C: signal() within a handler. */
void
check_signal_in_handler(struct judging *j)
{
	unit *u = j->u;
	FOR_CALLS(u, c, W_signal) {
		if (j->handler[c->function])
			judging_report(j, c->name, W_signal);
	}
}

static bool
never_returns(unit *u, uint32_t statement, uint32_t function, const struct code_rule *rule)
{
	const struct code_statement *s = &u->statements[statement];
	if (s->kind == CODE_S_FOR && s->close == s->open + 3)
		return true;
	if (s->kind != CODE_S_EXPRESSION)
		return false;
	for (uint32_t i = s->first; i <= s->last; i++) {
		if (u->name[i] != 0 && ask_named(rule, u->name[i]) && code_punct(&u->tokens[i + 1], '('))
			return true;
	}
	(void)function;
	return false;
}

/* The last statement of a function's block, CODE_NONE for an empty one. */
static uint32_t
last_statement(unit *u, uint32_t function)
{
	const uint32_t block = u->functions[function].statement;
	uint32_t last = CODE_NONE;
	for (uint32_t i = block + 1; i < u->statements[block].end; i = u->statements[i].end)
		last = i;
	return last;
}

static bool
may_return(unit *u, uint32_t function, const struct code_rule *rule)
{
	const uint32_t block = u->functions[function].statement;
	for (uint32_t i = block + 1; i < u->statements[block].end; i++) {
		if (u->statements[i].kind == CODE_S_RETURN)
			return true;
	}
	const uint32_t last = last_statement(u, function);
	return last == CODE_NONE || !never_returns(u, last, function, rule);
}

/* Where a function hands on all that it has to do, that one; CODE_NONE when it does anything else. */
static uint32_t
handed_to(unit *u, uint32_t function)
{
	const uint32_t last = last_statement(u, function), block = u->functions[function].statement;
	const struct code_function *f = &u->functions[function];
	if (last == CODE_NONE || last != block + 1 || u->statements[last].kind != CODE_S_EXPRESSION || f->call_count != 1
	    || u->calls[f->call].name != u->statements[last].first)
		return CODE_NONE;
	return ask_function(u, u->name[u->calls[f->call].name]);
}

static bool
is_computational(uint32_t name)
{
	return name == W_SIGFPE || name == W_SIGSEGV || name == W_SIGILL || name == W_SIGBUS;
}

/* The handler that a struct given to sigaction was filled with, in the same function. */
static uint32_t
handler_of_action(unit *u, const struct code_call *c)
{
	bool address;
	const uint32_t variable = ask_argument_name(u, c, 1, &address);
	for (uint32_t i = u->functions[c->function].body; i < c->name && variable != 0; i++) {
		const bool sets = u->name[i] == W_sa_handler || u->name[i] == W_sa_sigaction;
		if (sets && i > 1 && code_punct(&u->tokens[i + 1], '=') && (u->name[i - 2] == variable || code_punct(&u->tokens[i - 2], '{') || code_punct(&u->tokens[i - 2], ',')))
			return ask_function(u, u->name[code_punct(&u->tokens[i + 2], '&') ? i + 3 : i + 2]);
	}
	return CODE_NONE;
}

/* SIG35-C: a handler of a computational exception that returns. */
void
check_handler_returns(struct judging *j)
{
	unit *u = j->u;
	bool address;
	for (int which = 0; which < 2; which++) {
		FOR_CALLS(u, c, which == 0 ? W_signal : W_sigaction) {
			if (!is_computational(ask_argument_name(u, c, 0, &address)))
				continue;
			uint32_t f = which == 0 ? ask_function(u, ask_argument_name(u, c, 1, &address)) : handler_of_action(u, c);
			for (unsigned deep = 0; f != CODE_NONE && deep < CALLS_DEEP && handed_to(u, f) != CODE_NONE; deep++)
				f = handed_to(u, f);
			if (f != CODE_NONE && may_return(u, f, j->rule))
				judging_report(j, u->functions[f].name, u->name[u->functions[f].name]);
		}
	}
}

/* ERR32-C: errno, or what prints it, asked in a handler after signal() failed there. */
void
check_errno_after_signal(struct judging *j)
{
	unit *u = j->u;
	FOR_CALLS(u, c, W_signal) {
		if (!j->handler[c->function])
			continue;
		for (uint32_t i = c->close; i < u->functions[c->function].body_close; i++) {
			const bool asks = (u->name[i] == W_perror && code_punct(&u->tokens[i + 1], '(')) || u->name[i] == W_errno;
			if (asks && !code_punct(&u->tokens[i + 1], '=')) {
				judging_report(j, i, u->name[i]);
				break;
			}
		}
	}
}

/* The first call of one of the rule's names in a function, or in those of the file that it calls. */
static const struct code_call *
find_named(struct judging *j, uint32_t function, unsigned depth)
{
	unit *u = j->u;
	const struct code_function *f = &u->functions[function];
	for (uint32_t i = f->call; i < f->call + f->call_count; i++) {
		const uint32_t name = u->name[u->calls[i].name];
		if (ask_named(j->rule, name))
			return &u->calls[i];
		const uint32_t inner = depth < CALLS_DEEP ? ask_function(u, name) : CODE_NONE;
		const struct code_call *found = inner == CODE_NONE || inner == function ? NULL : find_named(j, inner, depth + 1);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* ENV32-C: a function for the end of the program that ends it, or jumps away. */
void
check_exit_handler(struct judging *j)
{
	unit *u = j->u;
	static const uint32_t registers[] = { W_atexit, W_at_quick_exit, W_on_exit };
	bool address;
	for (size_t k = 0; k < sizeof registers / sizeof registers[0]; k++) {
		FOR_CALLS(u, c, registers[k]) {
			const uint32_t f = ask_function(u, ask_argument_name(u, c, 0, &address));
			const struct code_call *found = f == CODE_NONE ? NULL : find_named(j, f, 0);
			if (found != NULL)
				judging_report(j, found->name, u->name[found->name]);
		}
	}
}
