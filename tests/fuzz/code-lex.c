/* SPDX-License-Identifier: Apache-2.0 */
#include <code/branches.h>

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

static bool
is_short(const void *context, const char *macro)
{
	(void)context;
	return strlen(macro) < 3;
}

/* Branches stand in order, each behind the one before it in its chain. */
static void
check_branches(const struct code_tokens *t, struct arena *arena)
{
	struct code_branch *list;
	uint32_t count;
	if (code_branches(t, arena, &list, &count, NULL) != ASSAY_OK)
		return;
	for (uint32_t i = 0; i < count; i++) {
		const struct code_branch *b = &list[i];
		if (b->before > i || b->directive >= t->directive_count || b->end > t->bytes.len || b->line != t->directives[b->directive].line
		    || (i > 0 && list[i - 1].directive >= b->directive) || (b->closed && t->bytes.data[b->end - 1] != '\n'))
			__builtin_trap();
		/* What is known of a branch is known of the one before it in its chain. */
		if (t->directives[b->directive].kind == CODE_D_ELSE
		    && code_branch_known(t, list, i, is_short, NULL) && !code_branch_known(t, list, b->before, is_short, NULL))
			__builtin_trap();
	}
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
		check_branches(&t, arena);
		if (code_token_from(&t, (uint32_t)size) != t.count)
			__builtin_trap();
	}
	return 0;
}
