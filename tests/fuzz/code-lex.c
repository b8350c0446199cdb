/* SPDX-License-Identifier: Apache-2.0 */
#include <code/lex.h>

#include <base/cleanup.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Tokens lie in order within the bytes and each begins on the line that it says. */
static void
check(const struct code_tokens *t, const struct code_token *tokens, uint32_t count)
{
	uint32_t behind = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct code_token *k = &tokens[i];
		char word[16];
		if (k->kind == CODE_END || k->len == 0 || k->at < behind || k->len > t->bytes.len - k->at)
			__builtin_trap();
		behind = k->at + k->len;
		if (k->line == 0 || k->line > t->line_count || code_line_of(t, k->at) != k->line || code_column(t, k) == 0)
			__builtin_trap();
		if (code_spelling(t, k, word, sizeof word) < sizeof word && k->kind == CODE_IDENTIFIER && !code_is(t, k, word))
			__builtin_trap();
		if (!code_same(t, k, k))
			__builtin_trap();
	}
	if (tokens[count].kind != CODE_END)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int language = CODE_C; language <= CODE_CXX; language++) {
		struct assay_error err = { 0 };
		struct code_tokens t;
		CLEANUP(arena_free) struct arena *arena = NULL;
		if (arena_new(256u << 20, &arena) != ASSAY_OK
		    || code_lex((struct assay_span){ data, size }, (enum code_language)language, arena, &t, &err) != ASSAY_OK)
			return 0;
		check(&t, t.tokens, t.count);
		check(&t, t.comments, t.comment_count);
		check(&t, t.words, t.word_count);
		for (uint32_t i = 0; i < t.directive_count; i++) {
			const struct code_directive *d = &t.directives[i];
			if (d->first > t.word_count || d->count > t.word_count - d->first || d->before > t.count || d->len > size - d->at)
				__builtin_trap();
		}
		if (code_token_from(&t, (uint32_t)size) != t.count)
			__builtin_trap();
	}
	return 0;
}
