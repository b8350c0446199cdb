/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of threads: what they share, lock, wait for and leave behind.
 */
#include "checks.h"

#define LOCKS_MAX 256 /* of one file; those beyond it are not compared, and none is invented */

/* CON30-C: what a thread keeps for itself is freed by nobody. */
void
check_thread_storage(struct judging *j)
{
	unit *u = j->u;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		FOR_CALLS(u, c, j->rule->name_ids[k]) {
			uint32_t first, last;
			const bool none = code_argument(u, c->open, 1, &first, &last)
			    && (u->name[last] == W_NULL || code_is(u->raw, &u->tokens[last], "0") || code_punct(&u->tokens[last], ')'));
			bool freed = false;
			FOR_CALLS(u, f, W_free) {
				for (uint32_t i = f->open; i < f->close; i++)
					freed |= u->name[i] == W_tss_get || u->name[i] == W_pthread_getspecific;
			}
			if (none && !freed)
				judging_report(j, c->name, u->name[c->name]);
		}
	}
}

/* CON34-C, POS50-C: a thread gets the address of a local variable, and the function doesn't wait for it. */
void
check_thread_gets_local(struct judging *j)
{
	unit *u = j->u;
	const bool posix = ask_named(j->rule, W_pthread_create);
	const uint32_t create = posix ? W_pthread_create : W_thrd_create, join = posix ? W_pthread_join : W_thrd_join;
	bool address;
	FOR_CALLS(u, c, create) {
		const uint32_t name = ask_argument_name(u, c, posix ? 3 : 2, &address);
		const struct code_symbol *s = name == 0 ? NULL : code_symbol_of(u, c->function, name);
		if (s == NULL || s->function == CODE_NONE || (s->flags & CODE_Y_STATIC) != 0 || (!address && s->arrays == 0)
		    || (!address && (s->flags & CODE_Y_PARAMETER) != 0))
			continue;
		if (ask_call_in(u, c->function, join, c->close) == NULL)
			judging_report(j, c->name, create);
	}
}

/* ---- the order of locks ---- */

struct lock {
	const struct code_call *outer, *inner;
};

static bool
is_lock(uint32_t name)
{
	return name == W_mtx_lock || name == W_pthread_mutex_lock;
}

static bool
is_unlock(uint32_t name)
{
	return name == W_mtx_unlock || name == W_pthread_mutex_unlock;
}

static bool
same_argument(unit *u, const struct code_call *a, const struct code_call *b)
{
	return ask_same(u, a->open + 1, a->close - 1, b->open + 1, b->close - 1);
}

/* Pairs of locks that are held together in a function. */
static size_t
find_pairs(unit *u, uint32_t function, struct lock *pairs, size_t count)
{
	const struct code_function *f = &u->functions[function];
	for (uint32_t a = f->call; a < f->call + f->call_count; a++) {
		if (!is_lock(u->name[u->calls[a].name]))
			continue;
		for (uint32_t b = a + 1; b < f->call + f->call_count && count < LOCKS_MAX; b++) {
			const uint32_t name = u->name[u->calls[b].name];
			if (is_unlock(name) && same_argument(u, &u->calls[a], &u->calls[b]))
				break;
			if (is_lock(name) && !same_argument(u, &u->calls[a], &u->calls[b]))
				pairs[count++] = (struct lock){ &u->calls[a], &u->calls[b] };
		}
	}
	return count;
}

/* &from->lock and &to->lock: who is outer is for the caller to say. */
static bool
are_twins(unit *u, const struct lock *l)
{
	const uint32_t a = l->outer->close - 1, b = l->inner->close - 1;
	if (u->name[a] == 0 || u->name[a] != u->name[b] || a < l->outer->open + 3 || b < l->inner->open + 3 || !code_punct(&u->tokens[a - 1], CODE_P_ARROW)
	    || !code_punct(&u->tokens[b - 1], CODE_P_ARROW))
		return false;
	const struct code_symbol *x = code_symbol_of(u, l->outer->function, u->name[a - 2]), *y = code_symbol_of(u, l->inner->function, u->name[b - 2]);
	return x != NULL && y != NULL && (x->flags & y->flags & CODE_Y_PARAMETER) != 0;
}

static bool
compares_order(unit *u, uint32_t function)
{
	const struct code_function *f = &u->functions[function];
	for (uint32_t i = f->body; i < f->body_close; i++) {
		const bool less = code_punct(&u->tokens[i], '<') || code_punct(&u->tokens[i], '>');
		if (less && ask_in_condition(u, ask_statement(u, function, i), i))
			return true;
	}
	return false;
}

/* CON35-C, POS51-C: two locks are taken in one order here and in the other there. */
void
check_lock_order(struct judging *j)
{
	unit *u = j->u;
	const uint32_t lock = ask_named(j->rule, W_pthread_mutex_lock) ? W_pthread_mutex_lock : W_mtx_lock;
	if (u->call_of[lock] == CODE_NONE)
		return;
	struct lock *pairs = arena_array(j->arena, LOCKS_MAX, sizeof pairs[0]);
	size_t count = 0;
	if (pairs == NULL) {
		j->full = true;
		return;
	}
	for (uint32_t f = 0; f < u->function_count; f++)
		count = find_pairs(u, f, pairs, count);
	for (size_t i = 0; i < count; i++) {
		bool bad = are_twins(u, &pairs[i]) && !compares_order(u, pairs[i].outer->function);
		for (size_t k = 0; k < count && !bad; k++)
			bad = same_argument(u, pairs[i].outer, pairs[k].inner) && same_argument(u, pairs[i].inner, pairs[k].outer);
		if (bad && u->name[pairs[i].inner->name] == lock)
			judging_report(j, pairs[i].inner->name, lock);
	}
}

/* ---- conditions ---- */

/* What a local variable is called says nothing: its type does, in two functions. */
static uint32_t
pointed_type(unit *u, const struct code_call *c, uint32_t token)
{
	const struct code_symbol *s = u->name[token] == 0 ? NULL : code_symbol_of(u, c->function, u->name[token]);
	return s != NULL && s->function != CODE_NONE && s->pointers == 1 ? s->type_name : 0;
}

/* Spelled alike, or the same member of what two variables of one type point to. */
static bool
same_of_its_kind(unit *u, const struct code_call *a, uint32_t first, uint32_t last, const struct code_call *b, uint32_t other,
    uint32_t other_last)
{
	if (ask_same(u, first, last, other, other_last))
		return true;
	for (uint32_t k = 1; first + k < last && other + k < other_last; k++) {
		if (!code_punct(&u->tokens[first + k], CODE_P_ARROW) || !code_punct(&u->tokens[other + k], CODE_P_ARROW))
			continue;
		const uint32_t type = pointed_type(u, a, first + k - 1);
		return type != 0 && type == pointed_type(u, b, other + k - 1) && ask_same(u, first + k, last, other + k, other_last);
	}
	return false;
}

/* POS53-C: one condition is waited for under different mutexes. */
void
check_condition_mutexes(struct judging *j)
{
	unit *u = j->u;
	for (size_t n = 0; n < j->rule->names.count; n++) {
		FOR_CALLS(u, a, j->rule->name_ids[n]) {
			FOR_CALLS(u, b, j->rule->name_ids[n]) {
				uint32_t c1, c1_last, c2, c2_last, m1, m1_last, m2, m2_last;
				if (b <= a || !code_argument(u, a->open, 0, &c1, &c1_last) || !code_argument(u, b->open, 0, &c2, &c2_last)
				    || !code_argument(u, a->open, 1, &m1, &m1_last) || !code_argument(u, b->open, 1, &m2, &m2_last))
					continue;
				if (same_of_its_kind(u, a, c1, c1_last, b, c2, c2_last) && !same_of_its_kind(u, a, m1, m1_last, b, m2, m2_last))
					judging_report(j, b->name, u->name[b->name]);
			}
		}
	}
}

/* Whether a condition compares what is the thread's own with what is shared. */
static bool
waits_for_its_own(unit *u, const struct code_call *c)
{
	const uint32_t loop = ask_loop(u, ask_statement(u, c->function, c->name), c->name);
	if (loop == CODE_NONE || u->statements[loop].open == CODE_NONE)
		return false;
	bool own = false, shared = false, compares = false;
	for (uint32_t i = u->statements[loop].open; i < u->statements[loop].close; i++) {
		const struct code_symbol *s = u->name[i] == 0 ? NULL : code_symbol_of(u, c->function, u->name[i]);
		own |= s != NULL && s->function != CODE_NONE;
		shared |= s != NULL && s->function == CODE_NONE;
		compares |= code_punct(&u->tokens[i], CODE_P_UNEQUAL) || code_punct(&u->tokens[i], CODE_P_EQUAL) || code_punct(&u->tokens[i], '<')
		    || code_punct(&u->tokens[i], '>');
	}
	return own && shared && compares;
}

/* CON38-C: one waiter is woken where each waits for something else. */
void
check_signal_one(struct judging *j)
{
	unit *u = j->u;
	static const uint32_t waits[] = { W_cnd_wait, W_cnd_timedwait, W_pthread_cond_wait, W_pthread_cond_timedwait };
	for (size_t n = 0; n < j->rule->names.count; n++) {
		FOR_CALLS(u, c, j->rule->name_ids[n]) {
			bool bad = false;
			for (size_t k = 0; k < sizeof waits / sizeof waits[0]; k++) {
				FOR_CALLS(u, w, waits[k]) {
					uint32_t a, a_last, b, b_last;
					bad |= code_argument(u, c->open, 0, &a, &a_last) && code_argument(u, w->open, 0, &b, &b_last)
					    && ask_same(u, a, a_last, b, b_last) && waits_for_its_own(u, w);
				}
			}
			if (bad)
				judging_report(j, c->name, u->name[c->name]);
		}
	}
}

/* ---- joining ---- */

static bool
detaches_itself(unit *u, uint32_t function)
{
	for (int k = 0; k < 2 && function != CODE_NONE; k++) {
		for (const struct code_call *c = ask_call_in(u, function, k == 0 ? W_thrd_detach : W_pthread_detach, 0); c != NULL; c = NULL) {
			if (u->name[c->open + 1] == W_thrd_current || u->name[c->open + 1] == W_pthread_self)
				return true;
		}
	}
	return false;
}

/* The function that a thread variable was started with, in a function. */
static uint32_t
started_with(unit *u, uint32_t function, uint32_t variable)
{
	bool address;
	for (int k = 0; k < 2; k++) {
		const uint32_t create = k == 0 ? W_thrd_create : W_pthread_create;
		for (const struct code_call *c = ask_call_in(u, function, create, 0); c != NULL; c = ask_call_in(u, function, create, c->close)) {
			if (ask_argument_name(u, c, 0, &address) == variable)
				return ask_function(u, ask_argument_name(u, c, k == 0 ? 1 : 2, &address));
		}
	}
	return CODE_NONE;
}

/* An earlier call in straight line with the same thread. */
static bool
was_ended(unit *u, const struct code_call *c, uint32_t variable, const struct code_rule *rule)
{
	bool address;
	const struct code_function *f = &u->functions[c->function];
	for (uint32_t i = f->call; i < f->call + f->call_count && u->calls[i].name < c->name; i++) {
		const struct code_call *e = &u->calls[i];
		if (!ask_named(rule, u->name[e->name]) || ask_argument_name(u, e, 0, &address) != variable)
			continue;
		/* What stands in a branch that is left need not have been on this way. */
		const uint32_t block = u->statements[e->statement].parent;
		if (block != CODE_NONE && u->statements[block].last >= c->name && started_with(u, c->function, variable) != CODE_NONE - 1)
			return true;
	}
	return false;
}

/* CON39-C: a thread is joined or detached a second time. */
void
check_joined_twice(struct judging *j)
{
	unit *u = j->u;
	bool address;
	for (size_t n = 0; n < j->rule->names.count; n++) {
		FOR_CALLS(u, c, j->rule->name_ids[n]) {
			const uint32_t variable = ask_argument_name(u, c, 0, &address);
			if (variable == 0)
				continue;
			if (detaches_itself(u, started_with(u, c->function, variable)) || was_ended(u, c, variable, j->rule))
				judging_report(j, c->name, u->name[c->name]);
		}
	}
}

/* ---- what threads share ---- */

static bool
is_atomic(unit *u, const struct code_symbol *s)
{
	const struct assay_span type = code_name(u, s->type_name);
	return (s->flags & CODE_Y_ATOMIC) != 0 || (type.len > 7 && memcmp(type.data, "atomic_", 7) == 0);
}

/* CON40-C: an atomic variable twice in one expression: each access is atomic, both together aren't. */
void
check_atomic_twice(struct judging *j)
{
	unit *u = j->u;
	for (uint32_t k = 0; k < u->symbol_count; k++) {
		const struct code_symbol *s = &u->symbols[k];
		if (!is_atomic(u, s) || s->pointers > 0 || (s->flags & (CODE_Y_TYPEDEF | CODE_Y_FUNCTION)) != 0)
			continue;
		uint32_t before = CODE_NONE;
		for (uint32_t i = ask_use(u, 0, u->count, s->name); i != CODE_NONE; i = ask_use(u, i + 1, u->count, s->name)) {
			const uint32_t function = code_function_at(u, i);
			if (function == CODE_NONE || code_symbol_of(u, function, s->name) != s || i == s->token)
				continue;
			bool one = before != CODE_NONE;
			for (uint32_t t = before; one && t < i; t++)
				one = !code_punct(&u->tokens[t], ';') && !code_punct(&u->tokens[t], '{') && !code_punct(&u->tokens[t], '}');
			if (one && ask_statement(u, function, i) == ask_statement(u, function, before))
				judging_report(j, before, s->name);
			before = i;
		}
	}
}

static bool
is_shared(unit *u, const struct code_symbol *s)
{
	return s != NULL && s->function == CODE_NONE && (s->flags & (CODE_Y_FUNCTION | CODE_Y_TYPEDEF | CODE_Y_CONST | CODE_Y_THREAD)) == 0 && !is_atomic(u, s);
}

/* CON43-C: a thread changes a variable of the file without any lock, and it isn't atomic. */
void
check_unlocked_write(struct judging *j)
{
	unit *u = j->u;
	for (uint32_t f = 0; f < u->function_count; f++) {
		if (!j->thread[f] || ask_locks(u, f))
			continue;
		for (uint32_t i = u->functions[f].body; i < u->functions[f].body_close; i++) {
			if (u->name[i] == 0 || !is_shared(u, code_symbol_of(u, f, u->name[i])) || code_punct(&u->tokens[i - 1], '.')
			    || code_punct(&u->tokens[i - 1], CODE_P_ARROW))
				continue;
			if (ask_written(u, i) || ask_written_through(u, i))
				judging_report(j, i, u->name[i]);
		}
	}
}

/* A member with a width, in any record of the file. */
static bool
is_bit_field(unit *u, uint32_t member)
{
	for (uint32_t k = 0; k < u->record_count; k++) {
		const struct code_record *r = &u->records[k];
		for (uint32_t i = r->open; r->close != CODE_NONE && i < r->close; i++) {
			if (u->name[i] == member && code_punct(&u->tokens[i + 1], ':'))
				return true;
		}
	}
	return false;
}

/* CON32-C, POS49-C: threads write to bit-fields that share a place in memory, without a lock. */
void
check_bit_fields_shared(struct judging *j)
{
	unit *u = j->u;
	const bool posix = ask_named(j->rule, W_pthread_create);
	if (u->call_of[posix ? W_pthread_create : W_thrd_create] == CODE_NONE)
		return;
	for (uint32_t f = 0; f < u->function_count; f++) {
		if (!j->thread[f] || ask_locks(u, f))
			continue;
		for (uint32_t i = u->functions[f].body; i + 2 < u->functions[f].body_close; i++) {
			const bool member = code_punct(&u->tokens[i + 1], '.') || code_punct(&u->tokens[i + 1], CODE_P_ARROW);
			if (u->name[i] == 0 || !member || !is_shared(u, code_symbol_of(u, f, u->name[i])) || !is_bit_field(u, u->name[i + 2]))
				continue;
			if (ask_written(u, i + 2))
				judging_report(j, i, u->name[i + 2]);
		}
	}
}

/* POS48-C: a thread destroys a mutex that it doesn't own. */
void
check_destroyed_in_thread(struct judging *j)
{
	unit *u = j->u;
	bool address;
	for (size_t n = 0; n < j->rule->names.count; n++) {
		FOR_CALLS(u, c, j->rule->name_ids[n]) {
			const struct code_symbol *s = code_symbol_of(u, c->function, ask_argument_name(u, c, 0, &address));
			if (j->thread[c->function] && s != NULL && s->function == CODE_NONE)
				judging_report(j, c->name, u->name[c->name]);
		}
	}
}
