/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a brace opens, told by the tokens before it.
 */
#include "statements.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <string.h>

static bool
among(const struct code_identity_token *t, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (token_is(t, *words))
			return true;
	}
	return false;
}

/* Behind the bracket that fits the one at i. */
static size_t
skip_brackets(const struct splitter *s, size_t i, size_t end)
{
	unsigned depth = 0;
	for (; i < end; i++) {
		if (token_is(&s->tokens[i], "("))
			depth++;
		else if (token_is(&s->tokens[i], ")") && --depth == 0)
			return i + 1;
	}
	return end;
}

/* Words with brackets that are no function's. */
static const char *const decorations[] = { "__attribute__", "__attribute", "__declspec", "alignas", "_Alignas", "__pragma", "_Pragma",
	"decltype", "noexcept", "throw", "requires", "__asm__", "asm", NULL };

static bool
is_lone_colon(const struct splitter *s, size_t first, size_t i, size_t end)
{
	const struct code_identity_token *t = s->tokens;
	return token_is(&t[i], ":") && !(i > first && token_is(&t[i - 1], ":")) && !(i + 1 < end && token_is(&t[i + 1], ":"));
}

/*
 * The bracket that opens a function's parameters: the last one outside of others, but for decorations and what a constructor
 * begins with. end when there is none.
 */
static size_t
find_parameters(const struct splitter *s, size_t first, size_t end)
{
	size_t found = end;
	for (size_t i = first; i < end; i++) {
		const struct code_identity_token *t = &s->tokens[i];
		if (token_is(t, "=") && !(i > first && token_is(&s->tokens[i - 1], "operator")))
			return end;
		if (found < end && is_lone_colon(s, first, i, end))
			return found;
		if (!token_is(t, "("))
			continue;
		if (i > first && !among(&s->tokens[i - 1], decorations))
			found = i;
		i = skip_brackets(s, i, end) - 1;
	}
	return found;
}

static bool
has_word(const struct splitter *s, size_t first, size_t end, const char *const *words)
{
	for (size_t i = first; i < end; i++) {
		if (among(&s->tokens[i], words))
			return true;
	}
	return false;
}

/* "a::b", "~a", "operator+=": back from the bracket to where the name begins. */
static size_t
name_begins(const struct splitter *s, size_t first, size_t paren)
{
	size_t i = paren;
	while (i > first && !token_is_word(&s->tokens[i - 1]) && i + 3 > paren)
		i--;
	i -= i > first;
	while (i > first) {
		const struct code_identity_token *before = &s->tokens[i - 1];
		const bool joins = token_is(before, "::") || token_is(before, ":") || token_is(before, "~");
		const bool joined = token_is(&s->tokens[i], "::") || token_is(&s->tokens[i], ":");
		if (!joins && !(joined && token_is_word(before)))
			break;
		i--;
	}
	return i;
}

static const char *
join_name(const struct splitter *s, const char *outer, size_t first, size_t end)
{
	CLEANUP(buf_done) struct buf name = BUF_INIT(CODE_SYMBOL_MAX);
	buf_add_str(&name, outer);
	if (outer[0] != '\0')
		buf_add_str(&name, "::");
	for (size_t i = first; i < end; i++)
		buf_add_span(&name, s->tokens[i].text);
	/* Too long a name is cut: what is in it keeps one symbol, whatever that is called. */
	return arena_copy(s->arena, buf_span(&name));
}

static const char *
outer_symbol(const struct splitter *s)
{
	return s->depth == 0 ? "" : s->scopes[s->depth - 1].symbol;
}

/* "int f(a) int a; {": the head ended at a semicolon, as far back as parameters are declared. */
static size_t
old_style_head(const struct splitter *s, size_t first)
{
	enum { STATEMENTS_MOST = 20 };
	for (size_t n = 0, i = s->found_count; n < STATEMENTS_MOST && i > 0; n++, i--) {
		const struct statement *st = &s->found[i - 1];
		if (st->head_end > 0 || s->tokens[st->first].directive || st->symbol[0] != '\0')
			return first;
		const size_t paren = find_parameters(s, st->first, st->end);
		const size_t behind = paren < st->end ? skip_brackets(s, paren, st->end) : st->end;
		if (paren < st->end && behind < st->end && token_is_word(&s->tokens[behind]))
			return st->first;
	}
	return first;
}

static bool
in_code(const struct splitter *s)
{
	return s->depth > 0 && (s->scopes[s->depth - 1].kind == SCOPE_FUNCTION || s->scopes[s->depth - 1].kind == SCOPE_BLOCK);
}

/* A brace behind one of these begins a list of values. */
static bool
begins_list(const struct splitter *s, size_t first, size_t end)
{
	static const char *const before[] = { "=", ",", "(", "[", "]", "return", "{", "?", ":", NULL };
	static const char *const lists[] = { "enum", NULL };
	if (s->depth > 0 && s->scopes[s->depth - 1].kind == SCOPE_LIST)
		return true;
	if (first < end && find_parameters(s, first, end) == end && has_word(s, first, end, lists))
		return true;
	/* Within brackets: a compound literal. */
	return s->parens > 0 || (first < end && among(&s->tokens[end - 1], before));
}

void
statement_opens(const struct splitter *s, size_t first, size_t end, struct scope *ret_scope)
{
	static const char *const named[] = { "class", "struct", "union", "namespace", "interface", "extern", NULL };
	const char *outer = outer_symbol(s);
	ret_scope->symbol = outer;
	ret_scope->kind = SCOPE_BLOCK;
	if (begins_list(s, first, end)) {
		ret_scope->kind = SCOPE_LIST;
		return;
	}
	if (in_code(s) && !has_word(s, first, end, named))
		return;
	if (first == end && !in_code(s)) {
		first = old_style_head(s, first);
		end = first == end ? end : skip_brackets(s, find_parameters(s, first, end), end);
	}
	const size_t paren = find_parameters(s, first, end);
	if (paren < end && !in_code(s)) {
		const size_t name = name_begins(s, first, paren);
		ret_scope->kind = SCOPE_FUNCTION;
		/* A macro that makes functions ("TEST(a, b)") is no name without what it is given. */
		ret_scope->symbol = join_name(s, outer, name, name == first ? skip_brackets(s, paren, end) : paren);
		return;
	}
	if (!has_word(s, first, end, named))
		return;
	/* The word behind "struct"; 'extern "C"' has none. */
	ret_scope->kind = SCOPE_NAMED;
	for (size_t i = first; i + 1 < end; i++) {
		const bool is = among(&s->tokens[i], named) && token_is_word(&s->tokens[i + 1]);
		if (is && !token_is(&s->tokens[i], "extern")) {
			ret_scope->symbol = join_name(s, outer, i + 1, i + 2);
			return;
		}
	}
}
