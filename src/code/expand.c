/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the tokens as they are written to those that the compiler would see: dead branches left out, the file's own macros expanded.
 * Where a macro has several definitions under conditions, the one with most in it is taken: what a shorter one hides is still shown.
 */
#include "parse_inside.h"

#include <string.h>

#define HIDDEN_MAX 64    /* macros in one another */
#define CONDITIONS_MAX 256
#define ARGUMENT_TOKENS_MAX 65536
#define PASTED_MAX 256

struct item {
	struct code_token token;
	uint32_t name, origin;
};

struct list {
	struct item *items;
	uint32_t count, room;
};

/* Macros that are being expanded: they stay as they are inside themselves. */
struct hidden {
	const struct hidden *next;
	uint32_t name;
	unsigned depth;
};

struct condition {
	bool dead, outer_dead;
	bool taken; /* a branch that is always taken was seen: all later ones are dead */
};

struct expander {
	struct parser *p;
	uint32_t *active; /* per name: macro + 1, or 0 */
	uint32_t names;   /* how many active has room for */
	uint32_t spent;   /* items made */
	uint32_t budget;
	uint32_t directive; /* next one to look at */
	struct condition conditions[CONDITIONS_MAX];
	uint32_t depth;   /* of conditions; may exceed what is kept */
};

struct range {
	uint32_t first, count;
};

struct arguments {
	struct range of[CODE_PARAMS_MAX];
	uint32_t count;
	uint32_t behind; /* the token behind the closing bracket */
};

static void
put(struct expander *x, struct list *l, struct item item)
{
	if (l->items == NULL || l->count == l->room) {
		const uint32_t room = l->room == 0 ? 16 : l->room * 2;
		struct item *bigger = arena_array(x->p->arena, room, sizeof bigger[0]);
		if (bigger == NULL) {
			x->p->full = true;
			return;
		}
		if (l->count > 0)
			memcpy(bigger, l->items, l->count * sizeof bigger[0]);
		l->items = bigger;
		l->room = room;
	}
	l->items[l->count++] = item;
	x->spent++;
}

static bool
is_hidden(const struct hidden *h, uint32_t name)
{
	for (; h != NULL; h = h->next) {
		if (h->name == name)
			return true;
	}
	return false;
}

static const struct code_macro *
macro_of(const struct expander *x, uint32_t name, const struct hidden *hidden)
{
	if (name == 0 || name >= x->names || x->active[name] == 0 || is_hidden(hidden, name))
		return NULL;
	return &x->p->u.macros[x->active[name] - 1];
}

/* The arguments of a use, whose opening bracket is item open. False when they don't end, or are too many. */
static bool
find_arguments(const struct item *in, uint32_t open, uint32_t count, struct arguments *a)
{
	uint32_t depth = 0;
	*a = (struct arguments){ .count = 1, .of = { { open + 1, 0 } } };
	for (uint32_t i = open; i < count && i - open < ARGUMENT_TOKENS_MAX; i++) {
		const struct code_token *t = &in[i].token;
		const bool is_comma = depth == 1 && code_punct(t, ',');
		if (code_punct(t, '('))
			depth++;
		else if (code_punct(t, ')') && --depth == 0) {
			a->of[a->count - 1].count = i - a->of[a->count - 1].first;
			a->behind = i + 1;
			return true;
		}
		if (!is_comma)
			continue;
		if (a->count == CODE_PARAMS_MAX)
			return false;
		a->of[a->count - 1].count = i - a->of[a->count - 1].first;
		a->of[a->count++] = (struct range){ i + 1, 0 };
	}
	return false;
}

static uint32_t
parameter_of(const struct code_macro *m, uint32_t name)
{
	for (uint32_t i = 0; i < m->param_count && name != 0; i++) {
		if (m->params[i] == name)
			return i;
	}
	return CODE_NONE;
}

/* One name out of two tokens' text: what ## makes of them. */
static void
paste(struct expander *x, struct list *l, const struct item *right)
{
	struct parser *p = x->p;
	struct item *left = &l->items[l->count - 1];
	const struct assay_span a = left->name != 0 ? p->u.names[left->name] : code_raw(p->u.raw, &left->token);
	const struct assay_span b = right->name != 0 ? p->u.names[right->name] : code_raw(p->u.raw, &right->token);
	if (left->token.kind != CODE_IDENTIFIER || a.len + b.len > PASTED_MAX) {
		put(x, l, *right);
		return;
	}
	unsigned char *text = arena_alloc(p->arena, a.len + b.len + 1);
	if (text == NULL) {
		p->full = true;
		return;
	}
	memcpy(text, a.data, a.len);
	memcpy(text + a.len, b.data, b.len);
	left->name = parse_name(p, (struct assay_span){ text, a.len + b.len });
	left->token.what = CODE_KW_NONE;
}

struct use {
	const struct code_macro *m;
	const struct item *in;
	struct arguments a;
	uint32_t origin;
	struct list *expanded; /* per argument, as it came out; made when first wanted */
	const struct hidden *hidden;
};

static void expand_items(struct expander *x, const struct item *in, uint32_t count, const struct hidden *hidden, struct list *out);

/* The range of tokens that a parameter stands for: of the last one of a variadic macro, all that is left. */
static struct range
argument_of(const struct use *use, uint32_t parameter)
{
	if (parameter >= use->a.count)
		return (struct range){ 0, 0 };
	if (!use->m->variadic || parameter + 1 < use->m->param_count)
		return use->a.of[parameter];
	const struct range *last = &use->a.of[use->a.count - 1];
	return (struct range){ use->a.of[parameter].first, last->first + last->count - use->a.of[parameter].first };
}

static void
put_argument(struct expander *x, struct use *use, uint32_t parameter, bool as_written, bool pasted, struct list *out)
{
	const struct range r = argument_of(use, parameter);
	if (as_written) {
		for (uint32_t i = 0; i < r.count && !x->p->full; i++) {
			if (i == 0 && pasted && out->count > 0)
				paste(x, out, &use->in[r.first]);
			else
				put(x, out, use->in[r.first + i]);
		}
		return;
	}
	struct list *e = &use->expanded[parameter];
	if (e->items == NULL && r.count > 0)
		expand_items(x, use->in + r.first, r.count, use->hidden, e);
	for (uint32_t i = 0; e->items != NULL && i < e->count && !x->p->full && x->spent < x->budget; i++)
		put(x, out, e->items[i]);
}

/* The body of a macro with its arguments in place. */
static void
substitute(struct expander *x, struct use *use, struct list *out)
{
	const struct code_unit *u = &x->p->u;
	const struct code_token *body = u->raw->words + use->m->body;
	bool pasted = false;
	for (uint32_t i = 0; i < use->m->body_count && !x->p->full && x->spent < x->budget; i++) {
		if (code_punct(&body[i], CODE_P_PASTE)) {
			pasted = out->count > 0;
			continue;
		}
		const bool before_paste = i + 1 < use->m->body_count && code_punct(&body[i + 1], CODE_P_PASTE);
		struct item item = { body[i], u->word_name[use->m->body + i], use->origin };
		const bool quoted = use->m->function && code_punct(&body[i], '#') && i + 1 < use->m->body_count;
		const uint32_t parameter = parameter_of(use->m, quoted ? u->word_name[use->m->body + i + 1] : item.name);
		if (quoted && parameter != CODE_NONE) {
			item.token.kind = CODE_STRING;
			put(x, out, item);
			i++;
		} else if (parameter != CODE_NONE) {
			put_argument(x, use, parameter, pasted || before_paste, pasted, out);
		} else if (pasted) {
			paste(x, out, &item);
		} else {
			put(x, out, item);
		}
		pasted = false;
	}
	x->p->u.unexpanded += x->spent >= x->budget;
}

/* Expands the use that begins with in[at]; says the item behind it, or at when it is no use. */
static uint32_t
expand_use(struct expander *x, const struct item *in, uint32_t at, uint32_t count, const struct code_macro *m,
    const struct hidden *hidden, struct list *out)
{
	struct use use = { .m = m, .in = in, .origin = in[at].origin, .hidden = hidden, .a = { .behind = at + 1 } };
	if (m->function) {
		if (at + 1 >= count || !code_punct(&in[at + 1].token, '('))
			return at;
		if (!find_arguments(in, at + 1, count, &use.a)) {
			x->p->u.unexpanded++;
			return at;
		}
	}
	if (m->unexpanded || x->spent >= x->budget || (hidden != NULL && hidden->depth >= HIDDEN_MAX)) {
		x->p->u.unexpanded++;
		return at;
	}
	use.expanded = arena_array(x->p->arena, m->param_count + 1, sizeof use.expanded[0]);
	if (use.expanded == NULL) {
		x->p->full = true;
		return at;
	}
	struct list made = { 0 };
	const struct hidden own = { hidden, m->name, hidden == NULL ? 1 : hidden->depth + 1 };
	substitute(x, &use, &made);
	expand_items(x, made.items, made.count, &own, out);
	return use.a.behind;
}

static void
expand_items(struct expander *x, const struct item *in, uint32_t count, const struct hidden *hidden, struct list *out)
{
	for (uint32_t i = 0; i < count && !x->p->full;) {
		const struct code_macro *m = macro_of(x, in[i].name, hidden);
		const uint32_t behind = m == NULL ? i : expand_use(x, in, i, count, m, hidden, out);
		if (behind == i)
			put(x, out, in[i++]);
		else
			i = behind;
	}
}

/* ---- directives ---- */

static bool
word_is(const struct code_unit *u, const struct code_directive *d, uint32_t n, const char *text)
{
	return n < d->count && code_is(u->raw, &u->raw->words[d->first + n], text);
}

/* 0 and 1 for what is decided here, -1 for what isn't. */
static int
decided(const struct code_unit *u, const struct code_directive *d)
{
	const bool bracket = word_is(u, d, 1, "(");
	const bool asks = (d->kind == CODE_D_IF || d->kind == CODE_D_ELIF) && d->count == (bracket ? 4u : 2u) && word_is(u, d, 0, "defined");
	if ((d->kind == CODE_D_IFDEF && word_is(u, d, 0, "__cplusplus")) || (asks && word_is(u, d, bracket ? 2 : 1, "__cplusplus")))
		return u->raw->language == CODE_CXX;
	if ((d->kind == CODE_D_IF || d->kind == CODE_D_ELIF) && d->count == 1) {
		if (word_is(u, d, 0, "0"))
			return 0;
		if (word_is(u, d, 0, "1"))
			return 1;
	}
	return -1;
}

static struct condition *
top(struct expander *x)
{
	return x->depth == 0 || x->depth > CONDITIONS_MAX ? NULL : &x->conditions[x->depth - 1];
}

static bool
is_dead(struct expander *x)
{
	const uint32_t kept = x->depth > CONDITIONS_MAX ? CONDITIONS_MAX : x->depth;
	return kept > 0 && x->conditions[kept - 1].dead;
}

static void
begin_condition(struct expander *x, const struct code_directive *d)
{
	const bool outer = is_dead(x);
	const int answer = decided(&x->p->u, d);
	x->depth++;
	struct condition *c = top(x);
	if (c == NULL)
		return;
	*c = (struct condition){ .dead = outer || answer == 0, .outer_dead = outer, .taken = answer == 1 };
	x->p->u.branches += !outer && answer == 0;
}

static void
next_branch(struct expander *x, const struct code_directive *d)
{
	struct condition *c = top(x);
	if (c == NULL)
		return;
	const int answer = d->kind == CODE_D_ELSE ? -1 : decided(&x->p->u, d);
	c->dead = c->outer_dead || c->taken || answer == 0;
	x->p->u.branches += !c->outer_dead && (c->taken || answer == 0);
	c->taken |= answer == 1;
}

/* Parameters and body of a #define; the directive's words are there. */
static void
read_macro(struct expander *x, const struct code_directive *d, struct code_macro *m)
{
	const struct code_unit *u = &x->p->u;
	const struct code_token *w = u->raw->words + d->first;
	uint32_t i = 1;
	m->name = u->word_name[d->first];
	if (d->count > 1 && code_punct(&w[1], '(') && w[1].at == w[0].at + w[0].len) {
		m->function = true;
		for (i = 2; i < d->count && !code_punct(&w[i], ')'); i++) {
			if (code_punct(&w[i], ','))
				continue;
			m->variadic |= code_punct(&w[i], CODE_P_ELLIPSIS);
			const bool named = code_punct(&w[i], CODE_P_ELLIPSIS) && m->param_count > 0 && !code_punct(&w[i - 1], ',');
			if (named)
				continue;
			if (m->param_count == CODE_PARAMS_MAX) {
				m->unexpanded = true;
				continue;
			}
			static const char rest[] = "__VA_ARGS__";
			m->params[m->param_count++] = code_punct(&w[i], CODE_P_ELLIPSIS)
			    ? parse_name(x->p, (struct assay_span){ (const unsigned char *)rest, sizeof rest - 1 })
			    : u->word_name[d->first + i];
		}
		m->unexpanded |= i >= d->count;
		i++;
	}
	m->body = d->first + (i < d->count ? i : d->count);
	m->body_count = i < d->count ? d->count - i : 0;
}

static void
define(struct expander *x, uint32_t directive)
{
	struct parser *p = x->p;
	const struct code_directive *d = &p->u.raw->directives[directive];
	struct code_macro m = { .directive = directive };
	if (d->count == 0 || p->u.word_name[d->first] == 0) {
		p->u.unread++;
		return;
	}
	read_macro(x, d, &m);
	const uint32_t number = p->u.macro_count;
	PARSE_ADD(p, PARSE_MACROS, p->u.macros, p->u.macro_count, m);
	if (p->full || m.name >= x->names)
		return;
	uint32_t *active = &x->active[m.name];
	if (*active == 0 || x->depth == 0 || p->u.macros[*active - 1].body_count <= m.body_count)
		*active = number + 1;
}

static void
undefine(struct expander *x, const struct code_directive *d)
{
	const uint32_t name = d->count > 0 ? x->p->u.word_name[d->first] : 0;
	/* Under a condition it may as well stay. */
	if (name != 0 && name < x->names && x->depth == 0)
		x->active[name] = 0;
}

static void
apply(struct expander *x, uint32_t directive)
{
	const struct code_directive *d = &x->p->u.raw->directives[directive];
	switch (d->kind) {
	case CODE_D_IF:
	case CODE_D_IFDEF:
	case CODE_D_IFNDEF:
		begin_condition(x, d);
		break;
	case CODE_D_ELIF:
	case CODE_D_ELIFDEF:
	case CODE_D_ELIFNDEF:
	case CODE_D_ELSE:
		next_branch(x, d);
		break;
	case CODE_D_ENDIF:
		x->depth -= x->depth > 0;
		break;
	case CODE_D_DEFINE:
		if (!is_dead(x))
			define(x, directive);
		break;
	case CODE_D_UNDEF:
		if (!is_dead(x))
			undefine(x, d);
		break;
	default:
		break;
	}
}

/* ---- the file ---- */

/* Makes room for count more tokens, and their marks, behind those that are there. */
static bool
make_room(struct parser *p, uint32_t count)
{
	struct code_unit *u = &p->u;
	if (u->count + count < p->room[PARSE_TOKENS])
		return true;
	const uint32_t room = (u->count + count) + (u->count + count) / 4 + 64;
	struct code_token *tokens = arena_array(p->arena, room, sizeof tokens[0]);
	uint32_t *name = arena_array(p->arena, room, sizeof name[0]);
	uint32_t *origin = arena_array(p->arena, room, sizeof origin[0]);
	if (tokens == NULL || name == NULL || origin == NULL) {
		p->full = true;
		return false;
	}
	if (u->count > 0) {
		memcpy(tokens, u->tokens, u->count * sizeof tokens[0]);
		memcpy(name, u->name, u->count * sizeof name[0]);
		memcpy(origin, u->origin, u->count * sizeof origin[0]);
	}
	u->tokens = tokens;
	u->name = name;
	u->origin = origin;
	p->room[PARSE_TOKENS] = room;
	return true;
}

static void
append(struct parser *p, const struct item *items, uint32_t count)
{
	if (!make_room(p, count))
		return;
	for (uint32_t i = 0; i < count; i++) {
		p->u.tokens[p->u.count] = items[i].token;
		p->u.name[p->u.count] = items[i].name;
		p->u.origin[p->u.count++] = items[i].origin;
	}
}

/* The use of a macro at token i of the file, or the token alone; says the one behind. */
static uint32_t
read_use(struct expander *x, uint32_t i, const struct code_macro *m)
{
	const struct code_tokens *raw = x->p->u.raw;
	struct list in = { 0 }, out = { 0 };
	uint32_t depth = 0, to = i + 1;
	if (m->function && to < raw->count && code_punct(&raw->tokens[to], '(')) {
		do {
			depth += code_punct(&raw->tokens[to], '(');
			depth -= code_punct(&raw->tokens[to], ')');
			to++;
		} while (to < raw->count && depth > 0 && to - i < ARGUMENT_TOKENS_MAX);
	}
	for (uint32_t k = i; k < to && !x->p->full; k++)
		put(x, &in, (struct item){ raw->tokens[k], x->p->u.raw_name[k], k });
	if (x->p->full)
		return to;
	const uint32_t behind = expand_use(x, in.items, 0, in.count, m, NULL, &out);
	if (behind == 0) {
		append(x->p, in.items, 1);
		return i + 1;
	}
	append(x->p, out.items, out.count);
	return i + behind;
}

static void
read_tokens(struct expander *x)
{
	struct parser *p = x->p;
	const struct code_tokens *raw = p->u.raw;
	uint32_t seen = 0; /* how far before[] is filled */
	for (uint32_t i = 0; i <= raw->count && !p->full;) {
		for (; seen <= i; seen++)
			p->before[seen] = p->u.count;
		for (; x->directive < raw->directive_count && raw->directives[x->directive].before <= i; x->directive++)
			apply(x, x->directive);
		if (i == raw->count)
			break;
		const struct code_macro *m = is_dead(x) ? NULL : macro_of(x, p->u.raw_name[i], NULL);
		if (m != NULL) {
			i = read_use(x, i, m);
			continue;
		}
		if (!is_dead(x))
			append(p, &(struct item){ raw->tokens[i], p->u.raw_name[i], i }, 1);
		i++;
	}
}

void
parse_expand(struct parser *p)
{
	const uint32_t count = p->u.raw->count;
	struct expander *x = arena_alloc(p->arena, sizeof *x);
	p->before = arena_array(p->arena, count + 1, sizeof p->before[0]);
	if (x == NULL || p->before == NULL || !make_room(p, count)) {
		p->full = true;
		return;
	}
	x->p = p;
	x->budget = CODE_EXPANDED_MAX;
	/* Names that pasting makes come later, and are no macros: none was asked for by that name. */
	x->names = p->u.name_count + 1;
	x->active = arena_array(p->arena, x->names, sizeof x->active[0]);
	if (x->active == NULL) {
		p->full = true;
		return;
	}
	read_tokens(x);
	if (p->full)
		return;
	p->u.tokens[p->u.count] = p->u.raw->tokens[count];
	p->u.name[p->u.count] = 0;
	p->u.origin[p->u.count] = count;
}
