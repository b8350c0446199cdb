/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a token says of itself.
 */
#include "lex_inside.h"

#include <string.h>

struct assay_span
code_raw(const struct code_tokens *t, const struct code_token *token)
{
	return (struct assay_span){ t->bytes.data + token->at, token->len };
}

size_t
code_spelling(const struct code_tokens *t, const struct code_token *token, char *out, size_t size)
{
	/* While a file is being read its bytes are known already, so that this serves the lexer as well. */
	const unsigned char *p = t->bytes.data + token->at, *end = p + token->len;
	size_t len = 0;
	while (p < end) {
		const size_t splice = (token->flags & (CODE_SPLICED | CODE_RAW)) == CODE_SPLICED ? lex_splice(p, end) : 0;
		if (splice > 0) {
			p += splice;
			continue;
		}
		if (len + 1 < size)
			out[len] = (char)*p;
		len++;
		p++;
	}
	if (size > 0)
		out[len < size ? len : size - 1] = '\0';
	return len;
}

bool
code_is(const struct code_tokens *t, const struct code_token *token, const char *text)
{
	const size_t len = strlen(text);
	if ((token->flags & CODE_SPLICED) == 0)
		return token->len == len && memcmp(t->bytes.data + token->at, text, len) == 0;
	const unsigned char *p = t->bytes.data + token->at, *end = p + token->len;
	for (p = lex_join(p, end); p < end && *text != '\0'; p = lex_join(p + 1, end), text++) {
		if (*p != (unsigned char)*text)
			return false;
	}
	return p >= end && *text == '\0';
}

bool
code_same(const struct code_tokens *t, const struct code_token *a, const struct code_token *b)
{
	if (((a->flags | b->flags) & CODE_SPLICED) == 0)
		return a->len == b->len && memcmp(t->bytes.data + a->at, t->bytes.data + b->at, a->len) == 0;
	const unsigned char *p = t->bytes.data + a->at, *p_end = p + a->len;
	const unsigned char *q = t->bytes.data + b->at, *q_end = q + b->len;
	p = lex_join(p, p_end);
	q = lex_join(q, q_end);
	while (p < p_end && q < q_end) {
		if (*p != *q)
			return false;
		p = lex_join(p + 1, p_end);
		q = lex_join(q + 1, q_end);
	}
	return p >= p_end && q >= q_end;
}

uint32_t
code_column(const struct code_tokens *t, const struct code_token *token)
{
	return token->line == 0 || token->line > t->line_count ? 1 : token->at - t->lines[token->line - 1] + 1;
}

uint32_t
code_line_of(const struct code_tokens *t, uint32_t at)
{
	uint32_t low = 0, high = t->line_count;
	while (high - low > 1) {
		const uint32_t middle = low + (high - low) / 2;
		if (t->lines[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low + 1;
}

uint32_t
code_token_from(const struct code_tokens *t, uint32_t at)
{
	uint32_t low = 0, high = t->count;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		if (t->tokens[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
code_assigns(const struct code_token *token)
{
	return token->kind == CODE_PUNCT
	    && (token->what == '=' || (token->what >= CODE_P_SET_MULTIPLY && token->what <= CODE_P_SET_OR));
}
