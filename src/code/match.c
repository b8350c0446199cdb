/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bracket closes which. Alternatives of an #if each begin with the brackets that were open at it, and the first one decides
 * which are open behind it: so that a function whose head is written twice has one body.
 */
#include "parse_inside.h"

#include <string.h>

#define STACK_MAX 1024
#define NESTED_MAX 64

struct stack {
	uint32_t open[STACK_MAX];
	uint32_t count;
};

struct branch {
	struct stack at_if, after_first;
	uint32_t from;    /* token that the branch begins with */
	bool alternative; /* another one with code in it was read before */
};

struct matcher {
	struct parser *p;
	struct stack now;
	struct branch *branches[NESTED_MAX];
	uint32_t depth;
};

static uint8_t
opener_of(uint8_t closer)
{
	return closer == ')' ? '(' : closer == ']' ? '[' : '{';
}

static void
close_bracket(struct matcher *m, uint32_t at)
{
	struct code_unit *u = &m->p->u;
	const uint8_t opener = opener_of(u->tokens[at].what);
	uint32_t n = m->now.count;
	while (n > 0 && u->tokens[m->now.open[n - 1]].what != opener) {
		/* A brace is never closed by what stands inside it. */
		if (u->tokens[m->now.open[n - 1]].what == '{') {
			u->unmatched++;
			return;
		}
		n--;
	}
	if (n == 0) {
		u->unmatched++;
		return;
	}
	u->unmatched += m->now.count - n;
	m->now.count = n - 1;
	const uint32_t open = m->now.open[n - 1];
	/* In another alternative the same bracket may be closed again; the first one counts. */
	if (u->match[open] == CODE_NONE)
		u->match[open] = at;
	u->match[at] = open;
}

static void
copy(struct stack *to, const struct stack *from)
{
	memcpy(to->open, from->open, from->count * sizeof to->open[0]);
	to->count = from->count;
}

static void
begin_branches(struct matcher *m, uint32_t at)
{
	if (m->depth++ >= NESTED_MAX)
		return;
	struct branch **b = &m->branches[m->depth - 1];
	if (*b == NULL)
		*b = arena_alloc(m->p->arena, sizeof **b);
	if (*b == NULL) {
		m->p->full = true;
		return;
	}
	(*b)->alternative = false;
	(*b)->from = at;
	copy(&(*b)->at_if, &m->now);
}

static void
next_branch(struct matcher *m, struct branch *b, uint32_t at)
{
	/* A branch without code, or one that is left out, decides nothing. */
	if (b == NULL || b->from == at)
		return;
	if (!b->alternative)
		copy(&b->after_first, &m->now);
	b->alternative = true;
	b->from = at;
	copy(&m->now, &b->at_if);
}

static void
apply(struct matcher *m, const struct code_directive *d, uint32_t at)
{
	struct branch *b = m->depth == 0 || m->depth > NESTED_MAX ? NULL : m->branches[m->depth - 1];
	if (d->kind >= CODE_D_IF && d->kind <= CODE_D_IFNDEF) {
		begin_branches(m, at);
	} else if (d->kind >= CODE_D_ELIF && d->kind <= CODE_D_ELSE) {
		next_branch(m, b, at);
	} else if (d->kind == CODE_D_ENDIF) {
		if (b != NULL && b->alternative)
			copy(&m->now, &b->after_first);
		m->depth -= m->depth > 0;
	}
}

static void
look_at(struct matcher *m, uint32_t i)
{
	const struct code_token *t = &m->p->u.tokens[i];
	if (t->kind != CODE_PUNCT)
		return;
	if (t->what == '(' || t->what == '[' || t->what == '{') {
		if (m->now.count < STACK_MAX)
			m->now.open[m->now.count++] = i;
		else
			m->p->u.unmatched++;
	} else if (t->what == ')' || t->what == ']' || t->what == '}') {
		close_bracket(m, i);
	}
}

void
parse_match(struct parser *p)
{
	const struct code_tokens *raw = p->u.raw;
	struct matcher *m = arena_alloc(p->arena, sizeof *m);
	p->u.match = arena_array(p->arena, p->u.count + 1, sizeof p->u.match[0]);
	if (m == NULL || p->u.match == NULL) {
		p->full = true;
		return;
	}
	m->p = p;
	memset(p->u.match, 0xFF, (p->u.count + 1) * sizeof p->u.match[0]);
	uint32_t d = 0;
	for (uint32_t i = 0; i <= p->u.count && !p->full; i++) {
		for (; d < raw->directive_count && p->before[raw->directives[d].before] <= i; d++)
			apply(m, &raw->directives[d], i);
		if (i < p->u.count)
			look_at(m, i);
	}
	p->u.unmatched += m->now.count;
}
