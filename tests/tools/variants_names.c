/* SPDX-License-Identifier: Apache-2.0 */
/* What a function declares: by the look of its tokens, which is enough for snippets, since every variant is compiled. */
#include "variants.h"

#include <string.h>

static bool
is_qualifier(const struct code_token *token)
{
	static const uint8_t words[] = { CODE_KW_CONST, CODE_KW_VOLATILE, CODE_KW_RESTRICT, CODE_KW_STATIC, CODE_KW_REGISTER,
		CODE_KW_ATOMIC };
	return token->kind == CODE_IDENTIFIER && token->what != CODE_KW_NONE
	    && memchr(words, token->what, sizeof words) != NULL;
}

static bool
is_type_word(const struct code_token *token)
{
	static const uint8_t words[] = { CODE_KW_INT, CODE_KW_CHAR, CODE_KW_SHORT, CODE_KW_LONG, CODE_KW_FLOAT, CODE_KW_DOUBLE,
		CODE_KW_VOID, CODE_KW_UNSIGNED, CODE_KW_SIGNED, CODE_KW_BOOL };
	return token->kind == CODE_IDENTIFIER && token->what != CODE_KW_NONE
	    && memchr(words, token->what, sizeof words) != NULL;
}

static bool
is_tag_word(const struct code_token *token)
{
	return code_keyword(token, CODE_KW_STRUCT) || code_keyword(token, CODE_KW_UNION) || code_keyword(token, CODE_KW_ENUM);
}

static uint32_t
skip_stars(const struct code_tokens *t, uint32_t i)
{
	while (code_punct(&t->tokens[i], '*') || is_qualifier(&t->tokens[i]))
		i++;
	return i;
}

/* Behind the type that begins at i; i itself when none does. */
static uint32_t
skip_type(const struct code_tokens *t, uint32_t i)
{
	bool type = false;
	const uint32_t from = i;
	for (;; i++) {
		const struct code_token *token = &t->tokens[i];
		if (is_qualifier(token))
			continue;
		if (is_type_word(token)) {
			type = true;
		} else if (!type && is_tag_word(token) && is_name(token + 1)) {
			type = true;
			i++;
		} else if (!type && is_name(token) && is_name(&t->tokens[skip_stars(t, i + 1)])) {
			type = true;
		} else {
			return type ? i : from;
		}
	}
}

static bool
ends_declarator(const struct code_token *token)
{
	static const char ends[] = ";=,[)";
	return token->kind == CODE_PUNCT && token->what < 128 && strchr(ends, token->what) != NULL;
}

/* To the ',' or ';' that ends the declarator, over what stands in brackets. */
static uint32_t
skip_declarator(const struct code_tokens *t, uint32_t i, uint32_t end)
{
	for (; i < end; i++) {
		const struct code_token *token = &t->tokens[i];
		if (code_punct(token, ',') || code_punct(token, ';'))
			return i;
		if (code_punct(token, '(') || code_punct(token, '[') || code_punct(token, '{'))
			i = closing(t, i);
	}
	return end;
}

static void
add_name(uint32_t *names, uint32_t *count, uint32_t name)
{
	if (*count < NAMES_MAX)
		names[(*count)++] = name;
}

static void
declare(const struct code_tokens *t, uint32_t i, uint32_t end, uint32_t *names, uint32_t *count)
{
	uint32_t at = skip_type(t, i);
	if (at == i)
		return;
	for (;;) {
		at = skip_stars(t, at);
		if (is_name(&t->tokens[at]) && ends_declarator(&t->tokens[at + 1]))
			add_name(names, count, at);
		at = skip_declarator(t, at, end);
		if (at >= end || !code_punct(&t->tokens[at], ','))
			return;
		at++;
	}
}

void
locals_of(const struct work *w, const struct function *f, uint32_t *names, uint32_t *count)
{
	const struct code_tokens *t = w->t;
	for (uint32_t i = f->body + 1; i < f->end; i++) {
		const struct code_token *before = &t->tokens[i - 1];
		bool loop = code_punct(before, '(') && code_keyword(before - 1, CODE_KW_FOR);
		if (loop || code_punct(before, '{') || code_punct(before, '}') || code_punct(before, ';'))
			declare(t, i, f->end, names, count);
	}
}

/* The name in the tokens of one parameter; 0: it has none. */
static uint32_t
name_of_parameter(const struct code_tokens *t, uint32_t from, uint32_t to)
{
	uint32_t name = 0, words = 0;
	for (uint32_t i = from; i < to; i++) {
		if (code_punct(&t->tokens[i], '(') && code_punct(&t->tokens[i + 1], '*'))
			return is_name(&t->tokens[i + 2]) ? i + 2 : 0;
		if (code_punct(&t->tokens[i], '['))
			break;
		if (t->tokens[i].kind == CODE_IDENTIFIER && !is_qualifier(&t->tokens[i])) {
			words++;
			name = is_name(&t->tokens[i]) ? i : 0;
		}
	}
	return words >= 2 && !(words == 2 && is_tag_word(&t->tokens[name - 1])) ? name : 0;
}

bool
parameters_of(const struct work *w, const struct function *f, uint32_t *names, uint32_t *ret_count)
{
	const struct code_tokens *t = w->t;
	uint32_t count = 0;
	if (f->close == f->open + 2 && code_keyword(&t->tokens[f->open + 1], CODE_KW_VOID)) {
		*ret_count = 0;
		return true;
	}
	for (uint32_t from = f->open + 1; from < f->close;) {
		uint32_t to = skip_declarator(t, from, f->close);
		uint32_t name = name_of_parameter(t, from, to);
		if (name == 0 || count == PARAMETERS_MAX)
			return false;
		names[count++] = name;
		from = to + 1;
	}
	*ret_count = count;
	return true;
}
