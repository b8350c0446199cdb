/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What checks ask of a unit, over its tokens: how names are used, what is installed where.
 */
#include "check_inside.h"

const struct code_call *
ask_call(unit *u, uint32_t index)
{
	return index < u->call_count ? &u->calls[index] : NULL;
}

bool
ask_named(const struct code_rule *r, uint32_t name)
{
	for (size_t i = 0; i < r->names.count; i++) {
		if (r->name_ids[i] == name)
			return true;
	}
	return false;
}

/* Behind (casts) in front of an expression. */
static uint32_t
past_casts(unit *u, uint32_t i, uint32_t last)
{
	while (i < last && code_punct(&u->tokens[i], '(') && u->match[i] != CODE_NONE && u->match[i] < last)
		i = u->match[i] + 1;
	return i;
}

uint32_t
ask_argument_name(unit *u, const struct code_call *c, uint32_t n, bool *ret_address)
{
	uint32_t first, last;
	*ret_address = false;
	if (!code_argument(u, c->open, n, &first, &last))
		return 0;
	first = past_casts(u, first, last);
	if (first < last && code_punct(&u->tokens[first], '&')) {
		*ret_address = true;
		first++;
	}
	return first == last ? u->name[first] : 0;
}

bool
ask_argument_is(unit *u, const struct code_call *c, uint32_t n, uint32_t word)
{
	bool address;
	return ask_argument_name(u, c, n, &address) == word && !address;
}

uint32_t
ask_assigned(unit *u, const struct code_call *c)
{
	uint32_t i = c->name;
	/* x = (T *)f() */
	while (i > 2 && code_punct(&u->tokens[i - 1], ')') && u->match[i - 1] != CODE_NONE)
		i = u->match[i - 1];
	if (i < 2 || !code_punct(&u->tokens[i - 1], '='))
		return 0;
	const bool member = i > 2 && (code_punct(&u->tokens[i - 3], '.') || code_punct(&u->tokens[i - 3], CODE_P_ARROW));
	return member ? 0 : u->name[i - 2];
}

bool
ask_ignored(unit *u, const struct code_call *c)
{
	if (!code_punct(&u->tokens[c->close + 1], ';') && !code_punct(&u->tokens[c->close + 1], ','))
		return false;
	const uint32_t s = ask_statement(u, c->function, c->name);
	return s != CODE_NONE && u->statements[s].first == c->name
	    && (u->statements[s].kind == CODE_S_EXPRESSION || u->statements[s].kind == CODE_S_UNREAD);
}

uint32_t
ask_statement(unit *u, uint32_t function, uint32_t token)
{
	if (function >= u->function_count)
		return CODE_NONE;
	uint32_t found = u->functions[function].statement, i = found;
	if (found == CODE_NONE || found >= u->statement_count)
		return CODE_NONE;
	const uint32_t end = u->statements[found].end;
	while (i < end) {
		const struct code_statement *s = &u->statements[i];
		if (s->first <= token && token <= s->last) {
			found = i;
			i++;
		} else if (s->first > token) {
			break;
		} else {
			i = s->end;
		}
	}
	return found;
}

uint32_t
ask_loop(unit *u, uint32_t s, uint32_t token)
{
	for (; s != CODE_NONE; s = u->statements[s].parent) {
		const struct code_statement *x = &u->statements[s];
		if (x->kind == CODE_S_WHILE || x->kind == CODE_S_FOR || x->kind == CODE_S_DO
		    || (x->kind == CODE_S_MACRO && x->close != CODE_NONE && token > x->close && code_punct(&u->tokens[x->close + 1], '{')))
			return s;
	}
	return CODE_NONE;
}

bool
ask_in_condition(unit *u, uint32_t s, uint32_t token)
{
	for (; s != CODE_NONE; s = u->statements[s].parent) {
		const struct code_statement *x = &u->statements[s];
		if (x->open != CODE_NONE && x->kind != CODE_S_MACRO && x->open < token && token < x->close)
			return true;
	}
	return false;
}

uint32_t
ask_use(unit *u, uint32_t i, uint32_t last, uint32_t name)
{
	for (; i <= last && i < u->count; i++) {
		if (u->name[i] == name && (i == 0 || (!code_punct(&u->tokens[i - 1], '.') && !code_punct(&u->tokens[i - 1], CODE_P_ARROW))))
			return i;
	}
	return CODE_NONE;
}

bool
ask_declares(unit *u, uint32_t function, uint32_t i)
{
	for (uint32_t s = u->symbol_of[u->name[i]]; s != CODE_NONE; s = u->symbols[s].next_same) {
		if (u->symbols[s].token == i)
			return true;
		if (u->symbols[s].function < function)
			return false;
	}
	return false;
}

bool
ask_written(unit *u, uint32_t i)
{
	const struct code_token *next = &u->tokens[i + 1], *before = i > 0 ? &u->tokens[i - 1] : next;
	return code_assigns(next) || code_punct(next, CODE_P_INCREMENT) || code_punct(next, CODE_P_DECREMENT)
	    || code_punct(before, CODE_P_INCREMENT) || code_punct(before, CODE_P_DECREMENT);
}

bool
ask_written_through(unit *u, uint32_t i)
{
	uint32_t k = i + 1;
	bool through = i > 0 && code_punct(&u->tokens[i - 1], '*');
	if (through && (code_punct(&u->tokens[k], CODE_P_INCREMENT) || code_punct(&u->tokens[k], CODE_P_DECREMENT)))
		k++;
	/* (*p).x, p[i].x, p->x: whatever is reached from it. */
	for (;;) {
		if (code_punct(&u->tokens[k], '[') && u->match[k] != CODE_NONE)
			k = u->match[k] + 1;
		else if (code_punct(&u->tokens[k], '.') || code_punct(&u->tokens[k], CODE_P_ARROW))
			k += 2;
		else
			break;
		through = true;
		if (k >= u->count)
			return false;
	}
	return through && (code_assigns(&u->tokens[k]) || code_punct(&u->tokens[k], CODE_P_INCREMENT) || code_punct(&u->tokens[k], CODE_P_DECREMENT));
}

static bool
compares(const struct code_token *t)
{
	static const uint8_t marks[] = { CODE_P_EQUAL, CODE_P_UNEQUAL, CODE_P_LESS_EQUAL, CODE_P_GREATER_EQUAL, '<', '>', '!', '?',
		CODE_P_AND, CODE_P_OR };
	return t->kind == CODE_PUNCT && memchr(marks, t->what, sizeof marks) != NULL;
}

bool
ask_tested(unit *u, uint32_t function, uint32_t i)
{
	if (compares(&u->tokens[i + 1]) || (i > 0 && compares(&u->tokens[i - 1])) || (i > 0 && code_keyword(&u->tokens[i - 1], CODE_KW_RETURN)))
		return true;
	return ask_in_condition(u, ask_statement(u, function, i), i);
}

uint32_t
ask_function(unit *u, uint32_t name)
{
	if (name == 0)
		return CODE_NONE;
	/* The file's symbols of that name tell whether there is one at all. */
	for (uint32_t s = name < u->name_count ? u->global_of[name] : CODE_NONE; s != CODE_NONE; s = u->symbols[s].next_global) {
		if ((u->symbols[s].flags & CODE_Y_FUNCTION) == 0)
			continue;
		const uint32_t f = code_function_at(u, u->symbols[s].token);
		if (f != CODE_NONE && u->functions[f].name == u->symbols[s].token)
			return f;
	}
	return CODE_NONE;
}

const struct code_call *
ask_call_in(unit *u, uint32_t function, uint32_t name, uint32_t from)
{
	if (function >= u->function_count)
		return NULL;
	const struct code_function *f = &u->functions[function];
	for (uint32_t i = f->call; i < f->call + f->call_count; i++) {
		if (u->name[u->calls[i].name] == name && u->calls[i].name >= from)
			return &u->calls[i];
	}
	return NULL;
}

/* The functions of the file that calls of a name are given as argument n. */
static void
mark_given(unit *u, uint32_t word, uint32_t n, bool *marks)
{
	bool address;
	FOR_CALLS(u, c, word) {
		const uint32_t f = ask_function(u, ask_argument_name(u, c, n, &address));
		if (f != CODE_NONE)
			marks[f] = true;
	}
}

/* sa.sa_handler = f, and { .sa_handler = f } */
static void
mark_members(struct judging *j, uint32_t word)
{
	unit *u = j->u;
	for (uint32_t i = j->first_use[word]; i != CODE_NONE; i = j->next_use[i]) {
		if (i + 3 >= u->count || !code_punct(&u->tokens[i + 1], '='))
			continue;
		const uint32_t f = ask_function(u, u->name[code_punct(&u->tokens[i + 2], '&') ? i + 3 : i + 2]);
		if (f != CODE_NONE)
			j->handler[f] = true;
	}
}

bool
ask_locks(unit *u, uint32_t function)
{
	const struct code_function *f = &u->functions[function];
	for (uint32_t i = f->call; i < f->call + f->call_count; i++) {
		const struct assay_span name = code_name(u, u->name[u->calls[i].name]);
		for (size_t k = 0; k + 4 <= name.len; k++) {
			if (memcmp(name.data + k, "lock", 4) == 0)
				return true;
		}
	}
	return false;
}

/*
 * What a function with this role calls has it too. Not what a thread calls that takes locks: which of them are held at the call isn't
 * followed. Each function is gone through once.
 */
static bool
spread(struct judging *j, bool *role, bool stops_at_locks)
{
	unit *u = j->u;
	uint32_t *queue = NULL, count = 0;
	for (uint32_t f = 0; f < u->function_count; f++) {
		if (!role[f])
			continue;
		if (queue == NULL && (queue = arena_array(j->arena, u->function_count + 1, sizeof *queue)) == NULL)
			return false;
		queue[count++] = f;
	}
	for (uint32_t at = 0; at < count; at++) {
		const struct code_function *f = &u->functions[queue[at]];
		if (stops_at_locks && ask_locks(u, queue[at]))
			continue;
		for (uint32_t i = f->call; i < f->call + f->call_count; i++) {
			const uint32_t called = ask_function(u, u->name[u->calls[i].name]);
			if (called == CODE_NONE || role[called])
				continue;
			role[called] = true;
			queue[count++] = called;
		}
	}
	return true;
}

bool
ask_roles(struct judging *j)
{
	unit *u = j->u;
	j->handler = arena_array(j->arena, u->function_count + 1, sizeof j->handler[0]);
	j->thread = arena_array(j->arena, u->function_count + 1, sizeof j->thread[0]);
	if (j->handler == NULL || j->thread == NULL)
		return false;
	mark_given(u, W_signal, 1, j->handler);
	mark_given(u, W_bsd_signal, 1, j->handler);
	mark_given(u, W_sigset, 1, j->handler);
	mark_members(j, W_sa_handler);
	mark_members(j, W_sa_sigaction);
	mark_given(u, W_thrd_create, 1, j->thread);
	mark_given(u, W_pthread_create, 2, j->thread);
	return spread(j, j->handler, false) && spread(j, j->thread, true);
}

bool
ask_threads(unit *u)
{
	return u->call_of[W_thrd_create] != CODE_NONE || u->call_of[W_pthread_create] != CODE_NONE;
}

bool
ask_same(unit *u, uint32_t a, uint32_t a_last, uint32_t b, uint32_t b_last)
{
	if (a_last - a != b_last - b)
		return false;
	for (uint32_t k = 0; k <= a_last - a; k++) {
		const struct code_token *x = &u->tokens[a + k], *y = &u->tokens[b + k];
		if (x->kind != y->kind || u->name[a + k] != u->name[b + k])
			return false;
		if (x->kind == CODE_PUNCT ? x->what != y->what : (u->name[a + k] == 0 && !code_same(u->raw, x, y)))
			return false;
	}
	return true;
}
