/* SPDX-License-Identifier: Apache-2.0 */
/* Running. Compiling is in ere_compile.c. */
#include "ere.h"

#include <string.h>

struct run {
	struct ere *e;
	struct assay_span text;
	uint64_t steps;
	bool found;
	size_t from, end;
};

/* A state and all that is reached from it without a byte. Of two ways to a state the one that began first wins. */
static void
enter(struct run *r, struct ere_states *set, uint16_t state, size_t began, size_t at)
{
	uint16_t *stack = r->e->stack;
	size_t depth = 0;
	stack[depth++] = state;
	while (depth > 0) {
		const uint16_t s = stack[--depth];
		const struct ere_step *step = &r->e->steps[s];
		r->steps++;
		if (set->has[s] && set->began[s] <= began)
			continue;
		if (!set->has[s])
			set->list[set->count++] = s;
		set->has[s] = true;
		set->began[s] = began;
		if (step->op == ERE_SPLIT) {
			stack[depth++] = step->other;
			stack[depth++] = step->next;
		} else if ((step->op == ERE_BEGIN && at == 0) || (step->op == ERE_END && at == r->text.len)) {
			stack[depth++] = step->next;
		}
	}
}

static void
empty(struct ere_states *set)
{
	for (size_t i = 0; i < set->count; i++)
		set->has[set->list[i]] = false;
	set->count = 0;
}

/* Notes a match that began earlier, or as early and is longer. */
static void
note(struct run *r, const struct ere_states *set, size_t at)
{
	for (size_t i = 0; i < set->count; i++) {
		const uint16_t s = set->list[i];
		if (r->e->steps[s].op != ERE_MATCH || (r->found && set->began[s] > r->from))
			continue;
		r->found = true;
		r->from = set->began[s];
		r->end = at;
	}
}

static void
advance(struct run *r, const struct ere_states *now, struct ere_states *then, size_t at)
{
	const unsigned char byte = r->text.data[at];
	empty(then);
	for (size_t i = 0; i < now->count; i++) {
		const uint16_t s = now->list[i];
		const struct ere_step *step = &r->e->steps[s];
		r->steps++;
		if (step->op != ERE_SET || (step->set[byte >> 3] >> (byte & 7) & 1) == 0)
			continue;
		if (!r->found || now->began[s] <= r->from)
			enter(r, then, step->next, now->began[s], at + 1);
	}
}

bool
ere_find(struct ere *e, struct assay_span text, size_t *ret_from, size_t *ret_len, uint64_t *steps)
{
	struct run r = { .e = e, .text = text };
	struct ere_states *now = &e->now, *then = &e->then;
	empty(now);
	empty(then);
	for (size_t at = 0; at <= text.len; at++) {
		if (!r.found)
			enter(&r, now, e->first, at, at);
		note(&r, now, at);
		if (at == text.len || (r.found && now->count == 0))
			break;
		advance(&r, now, then, at);
		struct ere_states *swap = now;
		now = then;
		then = swap;
	}
	*steps += r.steps;
	*ret_from = r.from;
	*ret_len = r.end - r.from;
	return r.found;
}
