/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements and calls of one function.
 */
#include "parse_inside.h"

struct reader {
	struct parser *p;
	uint32_t function;
	uint32_t parent;
	uint32_t limit; /* the brace that closes the function */
};

static uint32_t read_statement(struct reader *r, uint32_t i);

static uint32_t
begin_statement(struct reader *r, unsigned kind, uint32_t i)
{
	struct code_unit *u = &r->p->u;
	const struct code_statement s = { (uint8_t)kind, i, i, CODE_NONE, CODE_NONE, r->parent, 0, r->function };
	const uint32_t number = u->statement_count;
	PARSE_ADD(r->p, PARSE_STATEMENTS, u->statements, u->statement_count, s);
	return r->p->full ? CODE_NONE : number;
}

/* Says the token behind it, which it has reached. */
static uint32_t
end_statement(struct reader *r, uint32_t number, uint32_t i)
{
	if (number != CODE_NONE) {
		struct code_statement *s = &r->p->u.statements[number];
		s->last = i > s->first ? i - 1 : i;
		s->end = r->p->u.statement_count;
		r->parent = s->parent;
	}
	return i;
}

/* A block within an expression: ({ ... }) of GNU, the body of a C++ lambda. */
static bool
begins_block(const struct code_unit *u, uint32_t i)
{
	if (!code_punct(&u->tokens[i], '{') || u->match[i] == CODE_NONE || i < 2)
		return false;
	if (code_punct(&u->tokens[i - 1], '('))
		return true;
	const uint32_t head = code_punct(&u->tokens[i - 1], ')') ? u->match[i - 1] : CODE_NONE;
	return u->raw->language == CODE_CXX && head != CODE_NONE && head > 0 && code_punct(&u->tokens[head - 1], ']');
}

/* Calls among the tokens from i to before end, and the blocks among them. */
static void
add_calls(struct reader *r, uint32_t i, uint32_t end, uint32_t statement)
{
	struct code_unit *u = &r->p->u;
	for (; i < end && !r->p->full; i++) {
		if (begins_block(u, i) && u->match[i] < end) {
			const uint32_t parent = r->parent;
			r->parent = statement;
			i = read_statement(r, i) - 1;
			r->parent = parent;
			continue;
		}
		if (u->name[i] == 0 || u->tokens[i].what != CODE_KW_NONE || !code_punct(&u->tokens[i + 1], '(')
		    || u->match[i + 1] == CODE_NONE)
			continue;
		const struct code_call c = { i, i + 1, u->match[i + 1], r->function, statement, CODE_NONE };
		PARSE_ADD(r->p, PARSE_CALLS, u->calls, u->call_count, c);
	}
}

/* The token behind the next one of a kind at this depth of brackets, before the limit. */
static uint32_t
find_end(const struct reader *r, uint32_t i, unsigned what)
{
	const struct code_unit *u = &r->p->u;
	uint32_t asked = 0; /* "a ? b : c" in a case label */
	while (i < r->limit) {
		const struct code_token *t = &u->tokens[i];
		if (code_punct(t, what) && asked == 0)
			return i + 1;
		if (code_punct(t, '}') || (what == ':' && code_punct(t, ';')))
			return i;
		if (what == ':' && code_punct(t, '?'))
			asked++;
		else if (what == ':' && code_punct(t, ':'))
			asked--;
		i = parse_opens(t) ? parse_behind(u, i) : i + 1;
	}
	return r->limit;
}

static uint32_t
read_block(struct reader *r, uint32_t i)
{
	const struct code_unit *u = &r->p->u;
	const uint32_t number = begin_statement(r, CODE_S_BLOCK, i), close = u->match[i];
	r->parent = number;
	for (i++; i < close && i < r->limit && !r->p->full;)
		i = read_statement(r, i);
	return end_statement(r, number, close >= r->limit ? r->limit : close + 1);
}

/* NAME (condition) statement */
static uint32_t
read_conditional(struct reader *r, uint32_t i, unsigned kind)
{
	struct code_unit *u = &r->p->u;
	const uint32_t number = begin_statement(r, kind, i);
	if (number == CODE_NONE)
		return r->limit;
	i++;
	if (code_keyword(&u->tokens[i], CODE_KW_CONSTEXPR))
		i++;
	if (!code_punct(&u->tokens[i], '(') || u->match[i] == CODE_NONE || u->match[i] >= r->limit) {
		u->statements[number].kind = CODE_S_UNREAD;
		return end_statement(r, number, find_end(r, i, ';'));
	}
	const uint32_t open = i, close = u->match[i];
	u->statements[number].open = open;
	u->statements[number].close = close;
	if (kind == CODE_S_FOR && parse_declares(r->p, open + 1, close))
		(void)parse_declaration(r->p, open + 1, close, 0);
	add_calls(r, open + 1, close, number);
	r->parent = number;
	i = read_statement(r, close + 1);
	r->parent = number;
	if (kind == CODE_S_IF && i < r->limit && code_keyword(&u->tokens[i], CODE_KW_ELSE)) {
		const uint32_t otherwise = begin_statement(r, CODE_S_ELSE, i);
		r->parent = otherwise;
		i = end_statement(r, otherwise, read_statement(r, i + 1));
	}
	return end_statement(r, number, i);
}

static uint32_t
read_do(struct reader *r, uint32_t i)
{
	struct code_unit *u = &r->p->u;
	const uint32_t number = begin_statement(r, CODE_S_DO, i);
	r->parent = number;
	i = read_statement(r, i + 1);
	if (number == CODE_NONE || r->p->full)
		return r->limit;
	if (i + 1 < r->limit && code_keyword(&u->tokens[i], CODE_KW_WHILE) && code_punct(&u->tokens[i + 1], '(')
	    && u->match[i + 1] != CODE_NONE && u->match[i + 1] < r->limit) {
		u->statements[number].open = i + 1;
		u->statements[number].close = u->match[i + 1];
		add_calls(r, i + 2, u->match[i + 1], number);
		i = u->match[i + 1] + 1;
		i += i < r->limit && code_punct(&u->tokens[i], ';');
	} else {
		u->statements[number].kind = CODE_S_UNREAD;
	}
	return end_statement(r, number, i);
}

/* "NAME(...)" of a macro that isn't here, with a statement behind it: "for_each(a, b) {". */
static bool
is_macro_head(const struct reader *r, uint32_t i)
{
	const struct code_unit *u = &r->p->u;
	if (u->name[i] == 0 || u->tokens[i].what != CODE_KW_NONE || !code_punct(&u->tokens[i + 1], '(')
	    || u->match[i + 1] == CODE_NONE || u->match[i + 1] + 1 >= r->limit)
		return false;
	const struct code_token *next = &u->tokens[u->match[i + 1] + 1];
	return code_punct(next, '{') || (next->kind == CODE_IDENTIFIER && (next->flags & CODE_FIRST) != 0);
}

static uint32_t
read_macro(struct reader *r, uint32_t i)
{
	struct code_unit *u = &r->p->u;
	const uint32_t number = begin_statement(r, CODE_S_MACRO, i), close = u->match[i + 1];
	if (number == CODE_NONE)
		return r->limit;
	u->statements[number].open = i + 1;
	u->statements[number].close = close;
	add_calls(r, i, close, number);
	r->parent = number;
	i = close + 1;
	if (code_punct(&u->tokens[i], '{'))
		i = read_statement(r, i);
	return end_statement(r, number, i);
}

static uint32_t
read_simple(struct reader *r, uint32_t i)
{
	struct code_unit *u = &r->p->u;
	const bool declares = parse_declares(r->p, i, r->limit);
	const uint32_t number = begin_statement(r, declares ? CODE_S_DECLARATION : CODE_S_EXPRESSION, i);
	uint32_t end = find_end(r, i, ';');
	if (number == CODE_NONE)
		return r->limit;
	if (end == i)
		end = i + 1;
	if (u->tokens[end - 1].kind != CODE_PUNCT || u->tokens[end - 1].what != ';')
		u->statements[number].kind = CODE_S_UNREAD;
	if (declares)
		(void)parse_declaration(r->p, i, end, 0);
	add_calls(r, i, end, number);
	return end_statement(r, number, end);
}

static const struct {
	uint8_t keyword, kind, until;
} simple[] = {
	{ CODE_KW_RETURN, CODE_S_RETURN, ';' }, { CODE_KW_BREAK, CODE_S_BREAK, ';' }, { CODE_KW_CONTINUE, CODE_S_CONTINUE, ';' },
	{ CODE_KW_GOTO, CODE_S_GOTO, ';' }, { CODE_KW_ASM, CODE_S_ASM, ';' }, { CODE_KW_CASE, CODE_S_CASE, ':' },
	{ CODE_KW_DEFAULT, CODE_S_CASE, ':' }, { CODE_KW_CO_RETURN, CODE_S_RETURN, ';' }, { CODE_KW_THROW, CODE_S_RETURN, ';' },
};

static const struct {
	uint8_t keyword, kind;
} conditional[] = { { CODE_KW_IF, CODE_S_IF }, { CODE_KW_WHILE, CODE_S_WHILE }, { CODE_KW_FOR, CODE_S_FOR },
	{ CODE_KW_SWITCH, CODE_S_SWITCH }, { CODE_KW_CATCH, CODE_S_IF } };

static uint32_t
read_keyword(struct reader *r, uint32_t i)
{
	const struct code_unit *u = &r->p->u;
	const unsigned what = u->tokens[i].what;
	for (size_t k = 0; k < sizeof conditional / sizeof conditional[0]; k++) {
		if (conditional[k].keyword == what)
			return read_conditional(r, i, conditional[k].kind);
	}
	for (size_t k = 0; k < sizeof simple / sizeof simple[0]; k++) {
		if (simple[k].keyword != what)
			continue;
		const uint32_t number = begin_statement(r, simple[k].kind, i), end = find_end(r, i, simple[k].until);
		add_calls(r, i, end, number);
		return end_statement(r, number, end);
	}
	if (what == CODE_KW_DO)
		return read_do(r, i);
	if (what == CODE_KW_TRY && code_punct(&u->tokens[i + 1], '{'))
		return read_statement(r, i + 1);
	if (what != CODE_KW_ELSE)
		return read_simple(r, i);
	/* An else without its if: the if stands in another alternative of an #if. */
	const uint32_t number = begin_statement(r, CODE_S_ELSE, i);
	r->parent = number;
	return end_statement(r, number, read_statement(r, i + 1));
}

/* Too deep: skipped as a whole. */
static uint32_t
leave_unread(struct reader *r, uint32_t i)
{
	const uint32_t number = begin_statement(r, CODE_S_UNREAD, i);
	const struct code_unit *u = &r->p->u;
	const uint32_t end = code_punct(&u->tokens[i], '{') ? parse_behind(u, i) : find_end(r, i, ';');
	return end_statement(r, number, end > i ? end : i + 1);
}

static uint32_t
dispatch(struct reader *r, uint32_t i)
{
	const struct code_unit *u = &r->p->u;
	const struct code_token *t = &u->tokens[i];
	if (code_punct(t, '{') && u->match[i] != CODE_NONE)
		return read_block(r, i);
	if (t->kind == CODE_IDENTIFIER && t->what != CODE_KW_NONE)
		return read_keyword(r, i);
	if (t->kind == CODE_IDENTIFIER && code_punct(&u->tokens[i + 1], ':'))
		return end_statement(r, begin_statement(r, CODE_S_LABEL, i), i + 2);
	if (is_macro_head(r, i))
		return read_macro(r, i);
	return read_simple(r, i);
}

static uint32_t
read_statement(struct reader *r, uint32_t i)
{
	const uint32_t parent = r->parent;
	if (i >= r->limit || r->p->full)
		return r->limit;
	r->p->depth++;
	const uint32_t behind_it = r->p->depth > CODE_DEPTH_MAX ? leave_unread(r, i) : dispatch(r, i);
	r->p->depth--;
	r->parent = parent;
	/* Whatever stands there, the next one stands behind it. */
	return behind_it > i ? behind_it : i + 1;
}

void
parse_body(struct parser *p, struct code_function *f)
{
	struct code_unit *u = &p->u;
	struct reader r = { p, p->function, CODE_NONE, f->body_close };
	f->call = u->call_count;
	f->statement = u->statement_count;
	(void)read_statement(&r, f->body);
	f->call_count = u->call_count - f->call;
	for (uint32_t i = f->statement; i < u->statement_count; i++)
		f->unread += u->statements[i].kind == CODE_S_UNREAD;
	u->unread += f->unread;
}
