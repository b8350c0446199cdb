/* SPDX-License-Identifier: Apache-2.0 */
#include "variants.h"

#include <string.h>

#define SPLIT_EACH 3

static const char *
text_between(const struct work *w, uint32_t from, uint32_t to)
{
	return arena_printf(w->arena, "%.*s", (int)(to - from), (const char *)w->t->bytes.data + from);
}

static const char *
text_of(const struct work *w, uint32_t token)
{
	const struct code_token *k = &w->t->tokens[token];
	return text_between(w, k->at, k->at + k->len);
}

static uint32_t
line_start(const struct work *w, uint32_t line)
{
	return line > w->t->line_count ? (uint32_t)w->t->bytes.len : w->t->lines[line - 1];
}

/* ---- renamed ---- */

static bool
is_member(const struct code_tokens *t, uint32_t i)
{
	const struct code_token *before = &t->tokens[i - 1];
	return code_punct(before, '.') || code_punct(before, CODE_P_ARROW) || code_keyword(before, CODE_KW_STRUCT)
	    || code_keyword(before, CODE_KW_UNION) || code_keyword(before, CODE_KW_ENUM) || code_keyword(before, CODE_KW_GOTO);
}

static bool
rename_in(struct work *w, const struct function *f, uint32_t number)
{
	const struct code_tokens *t = w->t;
	uint32_t names[NAMES_MAX], count = 0, changed = 0;
	if (!parameters_of(w, f, names, &count))
		count = 0;
	locals_of(w, f, names, &count);
	for (uint32_t i = f->open; i < f->end; i++) {
		for (uint32_t n = 0; is_name(&t->tokens[i]) && !is_member(t, i) && n < count; n++) {
			if (!code_same(t, &t->tokens[i], &t->tokens[names[n]]))
				continue;
			edit_add(w, t->tokens[i].at, t->tokens[i].len, arena_printf(w->arena, "v%u_%u", number, n));
			changed++;
			break;
		}
	}
	return changed > 0;
}

bool
rename_locals(struct work *w)
{
	bool changed = false;
	for (uint32_t i = 0; i < w->function_count; i++)
		changed = rename_in(w, &w->functions[i], i) || changed;
	return changed;
}

/* ---- hoisted ---- */

struct hoist {
	bool is_void, is_inline;
	const char *type; /* without what it is stored as */
};

/* The result's type; inline functions are left, for their body is their point. */
static struct hoist
result_of(const struct work *w, const struct function *f)
{
	struct hoist h = { .is_void = false, .type = "" };
	bool star = false;
	for (uint32_t i = f->start; i < f->name; i++) {
		const struct code_token *k = &w->t->tokens[i];
		h.is_inline = h.is_inline || code_keyword(k, CODE_KW_INLINE);
		h.is_void = h.is_void || code_keyword(k, CODE_KW_VOID);
		star = star || code_punct(k, '*');
		if (!code_keyword(k, CODE_KW_STATIC) && !code_keyword(k, CODE_KW_EXTERN))
			h.type = arena_printf(w->arena, "%s%s ", h.type, text_of(w, i));
	}
	h.is_void = h.is_void && !star;
	return h;
}

static bool
hoist_body(struct work *w, const struct function *f)
{
	const struct code_tokens *t = w->t;
	const struct hoist h = result_of(w, f);
	uint32_t names[PARAMETERS_MAX], count = 0;
	const char *arguments = "";
	if (h.is_inline || !parameters_of(w, f, names, &count))
		return false;
	for (uint32_t i = 0; i < count; i++)
		arguments = arena_printf(w->arena, "%s%s%s", arguments, i == 0 ? "" : ", ", text_of(w, names[i]));
	const char *inner = arena_printf(w->arena, "%s_inner", text_of(w, f->name));
	const uint32_t close = t->tokens[f->close].at + 1;
	const char *parameters = text_between(w, t->tokens[f->open].at, close);
	edit_add(w, line_start(w, t->tokens[f->start].line), 0,
	    arena_printf(w->arena, "static %s%s%s;\n\n", h.type, inner, parameters));
	edit_add(w, t->tokens[f->name].at, t->tokens[f->name].len, inner);
	edit_add(w, line_start(w, t->tokens[f->end].line + 1), 0,
	    arena_printf(w->arena, "\n%s\n{\n\t%s%s(%s);\n}\n", text_between(w, t->tokens[f->start].at, close),
	        h.is_void ? "" : "return ", inner, arguments));
	return true;
}

static bool
holds_fault(const struct work *w, const struct function *f)
{
	for (uint32_t line = w->t->tokens[f->start].line; line <= w->t->tokens[f->end].line; line++) {
		if (is_fault(w, line))
			return true;
	}
	return false;
}

/* Of a bad snippet what is at fault; of a good one all. */
bool
hoist_bodies(struct work *w)
{
	bool changed = false;
	for (uint32_t i = 0; i < w->function_count; i++) {
		if (!w->bad || holds_fault(w, &w->functions[i]))
			changed = hoist_body(w, &w->functions[i]) || changed;
	}
	return changed;
}

/* ---- through a macro ---- */

static bool
has_directive(const struct work *w, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < w->t->directive_count; i++) {
		if (w->t->directives[i].before > from && w->t->directives[i].before <= to)
			return true;
	}
	return false;
}

static bool
wrap(struct work *w, uint32_t from, uint32_t to)
{
	if (from >= to || has_directive(w, from, to))
		return false;
	edit_add(w, w->t->tokens[from].at, 0, "AS_IS(");
	edit_add(w, w->t->tokens[to - 1].at + w->t->tokens[to - 1].len, 0, ")");
	return true;
}

static bool
is_control(const struct code_token *k)
{
	return code_keyword(k, CODE_KW_IF) || code_keyword(k, CODE_KW_WHILE) || code_keyword(k, CODE_KW_FOR)
	    || code_keyword(k, CODE_KW_SWITCH);
}

/* Whether a statement begins at i. */
static bool
begins(const struct code_tokens *t, uint32_t i)
{
	if (i == 0)
		return true;
	const struct code_token *k = &t->tokens[i - 1];
	if (code_punct(k, ';') || code_punct(k, '{') || code_punct(k, '}') || code_keyword(k, CODE_KW_ELSE)
	    || code_keyword(k, CODE_KW_DO))
		return true;
	uint32_t depth = 0;
	if (!code_punct(k, ')'))
		return false;
	for (uint32_t j = i - 1; j > 0; j--) {
		depth += code_punct(&t->tokens[j], ')');
		if (code_punct(&t->tokens[j], '(') && --depth == 0)
			return is_control(&t->tokens[j - 1]);
	}
	return false;
}

/* The ';' that ends the statement that begins at i; the count of tokens when a block comes first. */
static uint32_t
end_of_statement(const struct code_tokens *t, uint32_t i)
{
	for (; i < t->count; i++) {
		const struct code_token *k = &t->tokens[i];
		if (code_punct(k, ';'))
			return i;
		if (code_punct(k, '}') || (code_punct(k, '{') && !code_punct(k - 1, '=')))
			return t->count;
		if (code_punct(k, '(') || code_punct(k, '[') || code_punct(k, '{'))
			i = closing(t, i);
	}
	return t->count;
}

/* The statement, or the condition in parentheses, to which token i belongs. */
static bool
wrap_at(struct work *w, uint32_t i)
{
	const struct code_tokens *t = w->t;
	while (i > 0 && !begins(t, i))
		i--;
	while (code_keyword(&t->tokens[i], CODE_KW_ELSE) || code_keyword(&t->tokens[i], CODE_KW_DO) || code_punct(&t->tokens[i], '}'))
		i++;
	if (is_control(&t->tokens[i]))
		return wrap(w, i + 2, closing(t, i + 1));
	if (code_keyword(&t->tokens[i], CODE_KW_CASE) || code_keyword(&t->tokens[i], CODE_KW_DEFAULT))
		return false;
	uint32_t end = end_of_statement(t, i);
	return end < t->count && wrap(w, i, end);
}

/* What is wrapped around: lines at fault, or in a good snippet every line of a function's body. */
static bool
is_to_wrap(const struct work *w, uint32_t i)
{
	if (w->bad)
		return is_fault(w, w->t->tokens[i].line);
	for (uint32_t f = 0; f < w->function_count; f++) {
		if (i > w->functions[f].body && i < w->functions[f].end)
			return !code_punct(&w->t->tokens[i], '}');
	}
	return false;
}

bool
wrap_statements(struct work *w)
{
	const struct code_tokens *t = w->t;
	bool changed = false;
	uint32_t last = UINT32_MAX;
	edit_add(w, line_start(w, 2), 0, "#define AS_IS(...) __VA_ARGS__\n");
	for (uint32_t i = 0; i < t->count; i++) {
		if (t->tokens[i].line == last || !is_to_wrap(w, i) || (!w->bad && !begins(t, i)))
			continue;
		last = t->tokens[i].line;
		changed = wrap_at(w, i) || changed;
	}
	return changed;
}

/* ---- split over lines ---- */

bool
split_lines(struct work *w)
{
	bool changed = false;
	for (uint32_t i = 1; i < w->t->count; i++) {
		const struct code_token *k = &w->t->tokens[i];
		if (i % SPLIT_EACH != 0 || (k->flags & CODE_FIRST) != 0 || k->kind == CODE_INVALID)
			continue;
		edit_add(w, k->at, 0, is_fault(w, k->line) ? " " MARK "\n\t" : "\n\t");
		changed = true;
	}
	return changed;
}
