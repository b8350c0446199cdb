/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declarations: what a name is, as far as the words before and around it say so.
 */
#include "parse_inside.h"

/* What a keyword says in a declaration. */
struct word {
	uint8_t keyword;
	uint8_t type; /* CODE_T_OTHER: none of its own */
	uint16_t flags;
	bool brackets; /* takes (...) */
	bool types;    /* is a type, or a part of one */
};

static const struct word words[] = {
	{ CODE_KW_ALIGNAS, 0, 0, true, false }, { CODE_KW_ATOMIC, 0, CODE_Y_ATOMIC, true, false },
	{ CODE_KW_ATTRIBUTE, 0, 0, true, false }, { CODE_KW_AUTO, 0, 0, false, true }, { CODE_KW_BOOL, CODE_T_BOOL, 0, false, true },
	{ CODE_KW_CHAR, CODE_T_CHAR, 0, false, true }, { CODE_KW_CHAR8, CODE_T_CHAR, CODE_Y_UNSIGNED, false, true },
	{ CODE_KW_CHAR16, CODE_T_WCHAR, 0, false, true }, { CODE_KW_CHAR32, CODE_T_WCHAR, 0, false, true },
	{ CODE_KW_COMPLEX, 0, 0, false, false }, { CODE_KW_CONST, 0, CODE_Y_CONST, false, false },
	{ CODE_KW_CONSTEVAL, 0, CODE_Y_CONST, false, false }, { CODE_KW_CONSTEXPR, 0, CODE_Y_CONST, false, false },
	{ CODE_KW_CONSTINIT, 0, 0, false, false }, { CODE_KW_DECLSPEC, 0, 0, true, false }, { CODE_KW_DECLTYPE, 0, 0, true, true },
	{ CODE_KW_DOUBLE, CODE_T_DOUBLE, 0, false, true }, { CODE_KW_EXPLICIT, 0, 0, true, false },
	{ CODE_KW_EXTENSION, 0, 0, false, false }, { CODE_KW_EXTERN, 0, CODE_Y_EXTERN, false, false },
	{ CODE_KW_FLOAT, CODE_T_FLOAT, 0, false, true }, { CODE_KW_FRIEND, 0, 0, false, false }, { CODE_KW_INLINE, 0, 0, false, false },
	{ CODE_KW_INT, CODE_T_INT, 0, false, true }, { CODE_KW_LONG, CODE_T_INT, 0, false, true }, { CODE_KW_MUTABLE, 0, 0, false, false },
	{ CODE_KW_NORETURN, 0, 0, false, false }, { CODE_KW_REGISTER, 0, CODE_Y_REGISTER, false, false },
	{ CODE_KW_RESTRICT, 0, 0, false, false }, { CODE_KW_SHORT, CODE_T_INT, 0, false, true },
	{ CODE_KW_SIGNED, CODE_T_INT, 0, false, true }, { CODE_KW_STATIC, 0, CODE_Y_STATIC, false, false },
	{ CODE_KW_THREAD_LOCAL, 0, CODE_Y_THREAD, false, false }, { CODE_KW_TYPEDEF, 0, CODE_Y_TYPEDEF, false, false },
	{ CODE_KW_TYPENAME, 0, 0, false, false }, { CODE_KW_TYPEOF, 0, 0, true, true },
	{ CODE_KW_UNSIGNED, CODE_T_INT, CODE_Y_UNSIGNED, false, true }, { CODE_KW_VIRTUAL, 0, 0, false, false },
	{ CODE_KW_VOID, CODE_T_VOID, 0, false, true }, { CODE_KW_VOLATILE, 0, CODE_Y_VOLATILE, false, false },
	{ CODE_KW_WCHAR, CODE_T_WCHAR, 0, false, true },
	{ CODE_KW_STRUCT, CODE_T_STRUCT, 0, false, true }, { CODE_KW_UNION, CODE_T_STRUCT, 0, false, true },
	{ CODE_KW_CLASS, CODE_T_STRUCT, 0, false, true }, { CODE_KW_ENUM, CODE_T_ENUM, 0, false, true },
};

static const struct word *
word_of(const struct code_token *t)
{
	if (t->kind != CODE_IDENTIFIER || t->what == CODE_KW_NONE)
		return NULL;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (words[i].keyword == t->what)
			return &words[i];
	}
	return NULL;
}

static uint32_t
skip_brackets(const struct code_unit *u, uint32_t i)
{
	return code_punct(&u->tokens[i], '(') ? parse_behind(u, i) : i;
}

/* Behind <...> of C++, or i when it isn't one. */
static uint32_t
skip_angles(const struct code_unit *u, uint32_t i, uint32_t limit)
{
	uint32_t depth = 0;
	if (u->raw->language != CODE_CXX || !code_punct(&u->tokens[i], '<'))
		return i;
	for (uint32_t k = i; k < limit && k - i < 4096; k++) {
		const struct code_token *t = &u->tokens[k];
		if (code_punct(t, '<')) {
			depth++;
		} else if (code_punct(t, '>') || code_punct(t, CODE_P_RIGHT)) {
			const uint32_t closes = t->what == '>' ? 1 : 2;
			if (depth <= closes)
				return k + 1;
			depth -= closes;
		} else if (code_punct(t, '(')) {
			k = parse_behind(u, k) - 1;
		} else if (code_punct(t, ';') || code_punct(t, '{') || code_punct(t, '}')) {
			return i;
		}
	}
	return i;
}

/* Behind a::b<c>::d; i stands at an identifier or "::". */
static uint32_t
skip_qualified(const struct code_unit *u, uint32_t i, uint32_t limit)
{
	if (code_punct(&u->tokens[i], CODE_P_SCOPE))
		i++;
	while (i < limit && parse_plain(&u->tokens[i])) {
		i = skip_angles(u, i + 1, limit);
		if (i >= limit || !code_punct(&u->tokens[i], CODE_P_SCOPE))
			return i;
		i++;
	}
	return i;
}

static uint32_t
skip_stars(const struct code_unit *u, uint32_t i, uint32_t limit, uint32_t *stars)
{
	for (; i < limit; i++) {
		const struct code_token *t = &u->tokens[i];
		const bool reference = u->raw->language == CODE_CXX && (code_punct(t, '&') || code_punct(t, CODE_P_AND));
		if (code_punct(t, '*') || reference)
			++*stars;
		else if (!code_keyword(t, CODE_KW_CONST) && !code_keyword(t, CODE_KW_VOLATILE) && !code_keyword(t, CODE_KW_RESTRICT))
			break;
	}
	return i;
}

bool
parse_declares(const struct parser *p, uint32_t i, uint32_t limit)
{
	const struct code_unit *u = &p->u;
	const struct code_token *t = &u->tokens[i];
	static const uint8_t also[] = { CODE_KW_STATIC_ASSERT, CODE_KW_USING, CODE_KW_TEMPLATE };
	if (word_of(t) != NULL || (t->kind == CODE_IDENTIFIER && memchr(also, t->what, sizeof also) != NULL))
		return true;
	uint32_t stars = 0;
	const uint32_t type = skip_qualified(u, i, limit);
	const uint32_t k = skip_stars(u, type, limit, &stars);
	if (k >= limit || type == i || !parse_plain(&u->tokens[k]))
		return false;
	const struct code_token *next = &u->tokens[k + 1];
	/* "a * b(c)" is a product; "thing b(c)" declares. */
	return parse_one_of(next, ";=,[") || (stars == 0 && (parse_one_of(next, "({:") || parse_plain(next)));
}

/* ---- one declaration ---- */

struct declaration {
	struct parser *p;
	uint32_t limit;
	struct code_symbol base;
	bool typed; /* its type was named */
};

static void
add_symbol(const struct declaration *d, struct code_symbol s)
{
	struct parser *p = d->p;
	struct code_unit *u = &p->u;
	if (s.name == 0 || s.name >= u->name_count)
		return;
	const uint32_t number = u->symbol_count;
	s.next_same = u->symbol_of[s.name];
	s.next_global = u->global_of[s.name];
	PARSE_ADD(p, PARSE_SYMBOLS, u->symbols, u->symbol_count, s);
	if (p->full)
		return;
	u->symbol_of[s.name] = number;
	if (s.function == CODE_NONE)
		u->global_of[s.name] = number;
}

static uint32_t
skip_attributes(const struct declaration *d, uint32_t i)
{
	const struct code_unit *u = &d->p->u;
	while (i < d->limit && word_of(&u->tokens[i]) != NULL && word_of(&u->tokens[i])->brackets)
		i = skip_brackets(u, i + 1);
	return i;
}

/* Behind what the body of a struct may be, i standing behind its keyword. */
static uint32_t
read_record(struct declaration *d, uint32_t i)
{
	struct code_unit *u = &d->p->u;
	struct code_record r = { 0, CODE_NONE, CODE_NONE };
	i = skip_attributes(d, i);
	if (i < d->limit && code_keyword(&u->tokens[i], CODE_KW_CLASS))
		i++;
	if (i < d->limit && parse_plain(&u->tokens[i])) {
		d->base.type_name = r.tag = u->name[i];
		i = skip_qualified(u, i, d->limit);
	}
	uint32_t k = i;
	/* Bases, or the type of an enumeration. */
	if (code_punct(&u->tokens[k], ':') || code_is(u->raw, &u->tokens[k], "final")) {
		while (k < d->limit && !parse_one_of(&u->tokens[k], "{;("))
			k++;
	}
	if (k >= d->limit || !code_punct(&u->tokens[k], '{'))
		return i;
	r.open = k;
	r.close = u->match[k];
	if (r.close != CODE_NONE && d->base.type == CODE_T_STRUCT)
		PARSE_ADD(d->p, PARSE_RECORDS, u->records, u->record_count, r);
	return parse_behind(u, k);
}

/* Whether an identifier in front of the declarator names the type, or something that is left to macros. */
static bool
names_type(const struct declaration *d, uint32_t i)
{
	const struct code_unit *u = &d->p->u;
	const struct code_token *next = &u->tokens[i + 1];
	if (parse_plain(next) || code_punct(next, CODE_P_SCOPE) || code_keyword(next, CODE_KW_OPERATOR))
		return true;
	if (d->typed)
		return code_punct(next, '*') || (word_of(next) != NULL && !code_keyword(next, CODE_KW_ATTRIBUTE));
	if (code_punct(next, '(') && (code_punct(&u->tokens[i + 2], '*') || code_punct(&u->tokens[i + 2], '^')))
		return true;
	return !parse_one_of(next, "=;,[(:");
}

static void
name_type(struct declaration *d, uint32_t i)
{
	const struct code_unit *u = &d->p->u;
	d->base.type_name = u->name[i];
	d->typed = true;
	/* What C has from its headers and C++ as keywords. */
	if (code_is(u->raw, &u->tokens[i], "wchar_t"))
		d->base.type = CODE_T_WCHAR;
	else if (code_is(u->raw, &u->tokens[i], "bool"))
		d->base.type = CODE_T_BOOL;
}

static uint32_t
read_word(struct declaration *d, uint32_t i, const struct word *w)
{
	d->base.flags = (uint16_t)(d->base.flags | w->flags);
	d->typed |= w->types;
	if (w->type != CODE_T_OTHER && (d->base.type == CODE_T_OTHER || w->type != CODE_T_INT))
		d->base.type = w->type;
	i++;
	if (w->brackets)
		i = skip_brackets(&d->p->u, i);
	return w->type == CODE_T_STRUCT || w->type == CODE_T_ENUM ? read_record(d, i) : i;
}

static uint32_t
read_specifiers(struct declaration *d, uint32_t i)
{
	struct code_unit *u = &d->p->u;
	while (i < d->limit) {
		const struct word *w = word_of(&u->tokens[i]);
		if (w != NULL) {
			i = read_word(d, i, w);
		} else if ((parse_plain(&u->tokens[i]) || code_punct(&u->tokens[i], CODE_P_SCOPE)) && names_type(d, i)) {
			const uint32_t k = skip_qualified(u, i, d->limit);
			if (!d->typed)
				name_type(d, i);
			i = k > i ? k : i + 1;
		} else if (code_punct(&u->tokens[i], '[') && code_punct(&u->tokens[i + 1], '[')) {
			i = parse_behind(u, i);
		} else {
			break;
		}
	}
	return i;
}

/* What stands behind the name: [..], (..), and the bracket that closes (*name). */
static uint32_t
read_suffixes(const struct declaration *d, uint32_t i, uint32_t inside, struct code_symbol *s)
{
	const struct code_unit *u = &d->p->u;
	const bool pointer = inside != CODE_NONE;
	for (; i < d->limit; i = parse_behind(u, i)) {
		const struct code_token *t = &u->tokens[i];
		if (code_punct(t, '['))
			s->arrays = (uint8_t)(s->arrays + (s->arrays < 255));
		else if (i == inside)
			continue;
		else if (!code_punct(t, '('))
			break;
		else if (!pointer && (s->flags & CODE_Y_PARAMETER) == 0)
			s->flags |= CODE_Y_FUNCTION;
	}
	return i;
}

/* Reads the pointers and the name of one declarator; says the token behind it. */
static uint32_t
read_declarator(struct declaration *d, uint32_t i, struct code_symbol *s)
{
	struct code_unit *u = &d->p->u;
	uint32_t stars = 0, inside = CODE_NONE;
	i = skip_stars(u, i, d->limit, &stars);
	s->pointers = (uint8_t)(stars > 255 ? 255 : stars);
	if (stars > 0 && code_punct(&u->tokens[i - 1], '&'))
		s->flags |= CODE_Y_REFERENCE;
	i = skip_attributes(d, i);
	if (i < d->limit && code_punct(&u->tokens[i], '(') && u->match[i] != CODE_NONE) {
		/* (*name)(...), (name)(...), (*name[3])(...) */
		inside = u->match[i];
		uint32_t more = 0;
		i = skip_stars(u, i + 1, inside, &more);
		s->pointers = (uint8_t)(s->pointers + (more > 0));
	}
	if (i >= d->limit || !parse_plain(&u->tokens[i]))
		return inside == CODE_NONE ? i : inside + 1;
	s->token = i;
	s->name = u->name[i];
	return read_suffixes(d, i + 1, inside, s);
}

/* Behind the initialiser, the width of a bit-field, attributes: up to ',' or ';' or the limit. */
static uint32_t
skip_rest(const struct code_unit *u, uint32_t i, uint32_t limit)
{
	while (i < limit && !code_punct(&u->tokens[i], ',') && !code_punct(&u->tokens[i], ';')) {
		const struct code_token *t = &u->tokens[i];
		i = parse_opens(t) ? parse_behind(u, i) : i + 1;
	}
	return i;
}

uint32_t
parse_declaration(struct parser *p, uint32_t i, uint32_t limit, unsigned flags)
{
	struct code_unit *u = &p->u;
	struct declaration d = { p, limit, { .flags = (uint16_t)flags, .specifiers = i, .function = p->function }, false };
	if (code_keyword(&u->tokens[i], CODE_KW_STATIC_ASSERT) || code_keyword(&u->tokens[i], CODE_KW_USING)) {
		while (i < limit && !code_punct(&u->tokens[i], ';'))
			i++;
		return i < limit ? i + 1 : i;
	}
	i = read_specifiers(&d, i);
	while (i < limit && !p->full) {
		struct code_symbol s = d.base;
		s.first = i;
		i = skip_rest(u, read_declarator(&d, i, &s), limit);
		s.last = i > s.first ? i - 1 : i;
		add_symbol(&d, s);
		if (i >= limit || code_punct(&u->tokens[i], ';'))
			return i < limit ? i + 1 : i;
		i++;
	}
	return i;
}

void
parse_parameters(struct parser *p, uint32_t open, uint32_t close)
{
	struct code_unit *u = &p->u;
	for (uint32_t i = open + 1; i < close && !p->full;) {
		uint32_t end = i;
		while (end < close && !code_punct(&u->tokens[end], ','))
			end = code_punct(&u->tokens[end], '(') || code_punct(&u->tokens[end], '[') ? parse_behind(u, end) : end + 1;
		if (end > close)
			end = close;
		(void)parse_declaration(p, i, end, CODE_Y_PARAMETER);
		i = end + 1;
	}
}
