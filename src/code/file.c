/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands outside functions: their heads, declarations, namespaces and classes, and the macros that look like none of these.
 */
#include "parse_inside.h"

#include <string.h>

/* Tokens of the declarations between an old-style head and its body. */
#define OLD_STYLE_MAX 600

/* NAME(...) that may be the head of a function. */
struct head {
	uint32_t name, open, close;
};

static void read_level(struct parser *p, uint32_t i, uint32_t limit);

/* ---- scopes ---- */

static const char *
scope_with(struct parser *p, uint32_t name)
{
	const struct assay_span s = p->u.names[name];
	const char *scope = s.len == 0 ? p->scope : arena_printf(p->arena, "%s%.*s::", p->scope, (int)(s.len < 200 ? s.len : 200), (const char *)s.data);
	p->full |= scope == NULL;
	return scope == NULL ? "" : scope;
}

static void
read_scope(struct parser *p, uint32_t open, uint32_t close, uint32_t name)
{
	const char *outer = p->scope;
	if (++p->depth > CODE_DEPTH_MAX || strlen(outer) > 1000) {
		p->u.unread++;
	} else {
		p->scope = scope_with(p, name);
		read_level(p, open + 1, close);
		p->scope = outer;
	}
	p->depth--;
}

static bool
begins_class(const struct code_unit *u, uint32_t i)
{
	static const uint8_t begins[] = { CODE_KW_CLASS, CODE_KW_STRUCT, CODE_KW_UNION };
	const struct code_token *t = &u->tokens[i];
	return u->raw->language == CODE_CXX && t->kind == CODE_IDENTIFIER && memchr(begins, t->what, sizeof begins) != NULL;
}

static uint32_t
find_brace(const struct code_unit *u, uint32_t i, uint32_t limit, bool is_class, uint32_t *ret_name)
{
	bool based = false;
	for (uint32_t k = i; k < limit && k - i < 200; k++) {
		const struct code_token *t = &u->tokens[k];
		if (code_punct(t, '{'))
			return u->match[k] == CODE_NONE || u->match[k] > limit ? CODE_NONE : k;
		if (parse_one_of(t, is_class ? ";=(" : ";="))
			return CODE_NONE;
		based |= code_punct(t, ':');
		if (parse_plain(t) && !based && !code_is(u->raw, t, "final"))
			*ret_name = u->name[k];
	}
	return CODE_NONE;
}

/* Where the body of a namespace, extern "C" or class opens that begins at i, or CODE_NONE; its name, if any. */
static uint32_t
find_scope(const struct code_unit *u, uint32_t i, uint32_t limit, uint32_t *ret_name)
{
	*ret_name = 0;
	if (code_keyword(&u->tokens[i], CODE_KW_INLINE) || code_keyword(&u->tokens[i], CODE_KW_EXPORT))
		i++;
	const bool is_class = begins_class(u, i);
	const bool is_extern = code_keyword(&u->tokens[i], CODE_KW_EXTERN) && u->tokens[i + 1].kind == CODE_STRING;
	if (!is_extern && !is_class && !code_keyword(&u->tokens[i], CODE_KW_NAMESPACE))
		return CODE_NONE;
	return find_brace(u, i + 1, limit, is_class, ret_name);
}

/* ---- functions ---- */

/* Whether a head that is followed by declarations is one of the old style: f(a, b) int a; char *b; {. Says its brace. */
static bool
is_old_style(const struct code_unit *u, const struct head *h, uint32_t limit, uint32_t *ret_body)
{
	for (uint32_t i = h->open + 1; i < h->close; i++) {
		if (!parse_plain(&u->tokens[i]) && !code_punct(&u->tokens[i], ','))
			return false;
	}
	if (h->close == h->open + 1)
		return false;
	for (uint32_t i = h->close + 1; i < limit && i - h->close < OLD_STYLE_MAX; i++) {
		const struct code_token *t = &u->tokens[i];
		if (code_punct(t, '{')) {
			if (i == h->close + 1)
				return false;
			*ret_body = i;
			return code_punct(&u->tokens[i - 1], ';') && u->match[i] != CODE_NONE;
		}
		if (t->kind != CODE_IDENTIFIER && t->kind != CODE_NUMBER && (t->kind != CODE_PUNCT || strchr("*,;[]()", t->what) == NULL))
			return false;
	}
	return false;
}

/* Whether what stands between the parameters and the brace may stand there. */
static bool
is_trailer(const struct code_unit *u, uint32_t i, uint32_t brace)
{
	const bool cxx = u->raw->language == CODE_CXX;
	while (i < brace) {
		const struct code_token *t = &u->tokens[i];
		if (cxx && (code_punct(t, ':') || code_punct(t, CODE_P_ARROW) || code_keyword(t, CODE_KW_REQUIRES)))
			return true;
		if (t->kind != CODE_IDENTIFIER && !(cxx && (code_punct(t, '&') || code_punct(t, CODE_P_AND))) && !code_punct(t, '['))
			return false;
		i = code_punct(t, '[') ? parse_behind(u, i) : i + 1;
		if (i < brace && code_punct(&u->tokens[i], '('))
			i = parse_behind(u, i);
	}
	return true;
}

/* The function's name with what qualifies it, and its first token. */
static const char *
symbol_of(struct parser *p, uint32_t name, uint32_t first)
{
	const struct code_unit *u = &p->u;
	char text[512];
	size_t len = 0;
	uint32_t from = name;
	while (from > first && (code_punct(&u->tokens[from - 1], '~')
	    || (code_punct(&u->tokens[from - 1], CODE_P_SCOPE) && from - 1 > first && parse_plain(&u->tokens[from - 2]))))
		from -= code_punct(&u->tokens[from - 1], '~') ? 1 : 2;
	for (uint32_t i = from; i <= name && len < sizeof text; i++)
		len += code_spelling(u->raw, &u->tokens[i], text + len, sizeof text - len);
	if (len >= sizeof text)
		len = sizeof text - 1;
	const uint32_t number = u->name[name];
	const char *symbol = number != 0 && from == name
	    ? arena_printf(p->arena, "%s%.*s", p->scope, (int)(u->names[number].len < 500 ? u->names[number].len : 500), (const char *)u->names[number].data)
	    : arena_printf(p->arena, "%s%.*s", p->scope, (int)len, text);
	p->full |= symbol == NULL;
	return symbol;
}

static void
read_head(struct code_function *f, const struct code_unit *u)
{
	for (uint32_t i = f->first; i < f->name; i++)
		f->is_static |= code_keyword(&u->tokens[i], CODE_KW_STATIC);
	const uint32_t before = f->name > f->first ? f->name - 1 : f->first;
	f->returns_nothing = f->name > f->first && code_keyword(&u->tokens[before], CODE_KW_VOID);
}

static void
add_function(struct parser *p, uint32_t first, const struct head *h, uint32_t body, bool old_style)
{
	struct code_unit *u = &p->u;
	struct code_function f = { .name = h->name, .first = first, .params = h->open, .params_close = h->close, .body = body,
		.body_close = u->match[body], .old_style = old_style, .symbol_first = u->symbol_count };
	const uint32_t number = u->function_count;
	f.symbol = symbol_of(p, h->name, first);
	read_head(&f, u);
	PARSE_ADD(p, PARSE_FUNCTIONS, u->functions, u->function_count, f);
	if (p->full)
		return;
	p->function = number;
	if (old_style) {
		for (uint32_t i = h->close + 1; i < body && !p->full;)
			i = parse_declaration(p, i, body, CODE_Y_PARAMETER);
	} else {
		parse_parameters(p, h->open, h->close);
	}
	f.param_count = u->symbol_count - f.symbol_first;
	parse_body(p, &f);
	f.symbol_count = u->symbol_count - f.symbol_first;
	p->function = CODE_NONE;
	u->functions[number] = f;
	/* So that the function is known by name in the file. */
	const uint32_t name = u->name[h->name];
	if (name == 0 || p->full)
		return;
	const struct code_symbol s = { .name = name, .token = h->name, .first = h->name, .last = h->close, .specifiers = first,
		.function = CODE_NONE, .next_same = u->symbol_of[name], .next_global = u->global_of[name],
		.flags = (uint16_t)(CODE_Y_FUNCTION | (f.is_static ? CODE_Y_STATIC : 0)) };
	const uint32_t symbol = u->symbol_count;
	PARSE_ADD(p, PARSE_SYMBOLS, u->symbols, u->symbol_count, s);
	if (!p->full)
		u->symbol_of[name] = u->global_of[name] = symbol;
}

/* ---- one level of the file ---- */

/* A new declaration begins here, whatever stands before on the line above: that was a macro's use. */
static bool
begins_anew(const struct code_unit *u, uint32_t i)
{
	static const uint8_t begins[] = { CODE_KW_STATIC, CODE_KW_EXTERN, CODE_KW_TYPEDEF, CODE_KW_STRUCT, CODE_KW_UNION, CODE_KW_ENUM,
		CODE_KW_VOID, CODE_KW_INT, CODE_KW_CHAR, CODE_KW_UNSIGNED, CODE_KW_LONG, CODE_KW_SHORT, CODE_KW_DOUBLE, CODE_KW_FLOAT,
		CODE_KW_BOOL, CODE_KW_INLINE, CODE_KW_TEMPLATE, CODE_KW_CLASS, CODE_KW_NAMESPACE };
	const struct code_token *t = &u->tokens[i];
	if ((t->flags & CODE_FIRST) == 0 || t->kind != CODE_IDENTIFIER)
		return false;
	return t->what != CODE_KW_NONE && memchr(begins, t->what, sizeof begins) != NULL;
}

static uint32_t
read_braces(struct parser *p, uint32_t first, uint32_t i, uint32_t limit, const struct head *h)
{
	struct code_unit *u = &p->u;
	if (u->match[i] == CODE_NONE || u->match[i] > limit) {
		u->unread++;
		return i + 1;
	}
	const bool named = h->name != CODE_NONE && (parse_plain(&u->tokens[h->name]) || code_keyword(&u->tokens[h->name], CODE_KW_OPERATOR));
	if (named && is_trailer(u, h->close + 1, i)) {
		add_function(p, first, h, i, false);
		return u->match[i] + 1;
	}
	if (h->name != CODE_NONE || !parse_declares(p, first, limit)) {
		u->unread++;
		return u->match[i] + 1;
	}
	/* struct s { ... } x; int a[] = { ... }; */
	return parse_declaration(p, first, limit, 0);
}

/* The brace of the body behind ": a(1), b{2}", i standing at the colon; i when there is none. */
static uint32_t
skip_initialisers(const struct code_unit *u, uint32_t i, uint32_t limit)
{
	for (uint32_t k = i + 1; k < limit;) {
		while (k < limit && !code_punct(&u->tokens[k], '(') && !code_punct(&u->tokens[k], '{') && !code_punct(&u->tokens[k], ';'))
			k++;
		if (k >= limit || code_punct(&u->tokens[k], ';'))
			return i;
		k = parse_behind(u, k);
		if (k < limit && code_punct(&u->tokens[k], '{'))
			return k;
		if (k >= limit || !code_punct(&u->tokens[k], ','))
			return i;
		k++;
	}
	return i;
}

/* The bracket of the parameters behind "operator", or i. */
static uint32_t
skip_operator(const struct code_unit *u, uint32_t i, uint32_t limit)
{
	uint32_t k = i + 1;
	if (k + 1 < limit && code_punct(&u->tokens[k], '(') && code_punct(&u->tokens[k + 1], ')'))
		k += 2;
	while (k < limit && !parse_one_of(&u->tokens[k], "(;{}"))
		k++;
	return k < limit && code_punct(&u->tokens[k], '(') && u->match[k] != CODE_NONE ? k : i;
}

/* Takes NAME(...) at the bracket i as the head, if it can be one. */
static void
look_for_head(const struct code_unit *u, uint32_t first, uint32_t i, struct head *h)
{
	const bool calls = i > first && code_punct(&u->tokens[i], '(') && u->match[i] != CODE_NONE;
	if (calls && parse_plain(&u->tokens[i - 1]) && (h->name == CODE_NONE || u->raw->language == CODE_C))
		*h = (struct head){ i - 1, i, u->match[i] };
}

/* The token that is looked at next: what stands before a body that isn't its head is passed over. */
static uint32_t
pass_over(const struct code_unit *u, uint32_t i, uint32_t limit, struct head *h)
{
	const struct code_token *t = &u->tokens[i];
	if (u->raw->language != CODE_CXX)
		return i;
	if (code_punct(t, ':') && h->name != CODE_NONE)
		return skip_initialisers(u, i, limit);
	if (!code_keyword(t, CODE_KW_OPERATOR) || h->name != CODE_NONE)
		return i;
	const uint32_t open = skip_operator(u, i, limit);
	if (open == i)
		return i;
	*h = (struct head){ i, open, u->match[open] };
	return h->close;
}

/* The end of a declaration: behind its ';', or the body of a function. */
static uint32_t
read_one(struct parser *p, uint32_t first, uint32_t limit)
{
	struct code_unit *u = &p->u;
	struct head h = { CODE_NONE, CODE_NONE, CODE_NONE };
	for (uint32_t i = first; i < limit;) {
		uint32_t body;
		if (h.name != CODE_NONE && i == h.close + 1 && is_old_style(u, &h, limit, &body)) {
			add_function(p, first, &h, body, true);
			return u->match[body] + 1;
		}
		if (i > first && h.name != CODE_NONE && begins_anew(u, i))
			return i;
		i = pass_over(u, i, limit, &h);
		const struct code_token *t = &u->tokens[i];
		if (code_punct(t, '{'))
			return read_braces(p, first, i, limit, &h);
		if (parse_one_of(t, ";="))
			return parse_declares(p, first, limit) ? parse_declaration(p, first, limit, 0) : i + 1;
		if (code_punct(t, '}'))
			return i + 1;
		look_for_head(u, first, i, &h);
		i = parse_opens(t) ? parse_behind(u, i) : i + 1;
	}
	return limit;
}

static uint32_t
skip_template(const struct code_unit *u, uint32_t i, uint32_t limit)
{
	uint32_t depth = 0;
	for (i++; i < limit; i++) {
		const struct code_token *t = &u->tokens[i];
		depth += code_punct(t, '<');
		if (code_punct(t, '>') || code_punct(t, CODE_P_RIGHT)) {
			const uint32_t closes = t->what == '>' ? 1 : 2;
			if (depth <= closes)
				return i + 1;
			depth -= closes;
		}
		if (code_punct(t, ';') || code_punct(t, '{'))
			return i;
	}
	return i;
}

static bool
is_access(const struct code_unit *u, uint32_t i)
{
	const struct code_token *t = &u->tokens[i];
	return (code_keyword(t, CODE_KW_PUBLIC) || code_keyword(t, CODE_KW_PRIVATE) || code_keyword(t, CODE_KW_PROTECTED))
	    && code_punct(&u->tokens[i + 1], ':');
}

static void
read_level(struct parser *p, uint32_t i, uint32_t limit)
{
	struct code_unit *u = &p->u;
	while (i < limit && !p->full) {
		uint32_t name;
		const uint32_t open = find_scope(u, i, limit, &name);
		const uint32_t from = i;
		if (open != CODE_NONE) {
			read_scope(p, open, u->match[open], name);
			i = u->match[open] + 1;
			/* "} name;" behind a class is rare, and declares nothing that is asked for. */
			continue;
		}
		if (code_punct(&u->tokens[i], ';'))
			i++;
		else if (is_access(u, i))
			i += 2;
		else if (code_keyword(&u->tokens[i], CODE_KW_TEMPLATE))
			i = skip_template(u, i, limit);
		else
			i = read_one(p, i, limit);
		if (i <= from)
			i = from + 1;
	}
}

void
parse_file(struct parser *p)
{
	p->scope = "";
	p->function = CODE_NONE;
	read_level(p, 0, p->u.count);
}
