/* SPDX-License-Identifier: Apache-2.0 */
#include <code/parse.h>

#include <base/cleanup.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_brackets(const struct code_unit *u)
{
	for (uint32_t i = 0; i < u->count; i++) {
		if (u->origin[i] >= u->raw->count || u->name[i] >= u->name_count)
			__builtin_trap();
		if (u->match[i] != CODE_NONE && u->match[i] >= u->count)
			__builtin_trap();
		if (code_line(u, i) == 0 || code_column_of(u, i) == 0)
			__builtin_trap();
	}
	if (u->tokens[u->count].kind != CODE_END)
		__builtin_trap();
}

static void
check_statements(const struct code_unit *u)
{
	for (uint32_t i = 0; i < u->statement_count; i++) {
		const struct code_statement *s = &u->statements[i];
		if (s->first > s->last || s->last >= u->count || s->end <= i || s->end > u->statement_count || s->function >= u->function_count)
			__builtin_trap();
		if (s->parent != CODE_NONE && (s->parent >= i || u->statements[s->parent].end < s->end))
			__builtin_trap();
		if (s->open != CODE_NONE && u->match[s->open] != s->close)
			__builtin_trap();
	}
}

static void
check_calls(const struct code_unit *u)
{
	for (uint32_t i = 0; i < u->call_count; i++) {
		const struct code_call *c = &u->calls[i];
		uint32_t first, last, n = 0;
		if (u->match[c->open] != c->close || c->statement >= u->statement_count || c->function >= u->function_count)
			__builtin_trap();
		while (n < 8 && code_argument(u, c->open, n, &first, &last)) {
			if (first > last || last >= c->close || first <= c->open)
				__builtin_trap();
			n++;
		}
		if (n > code_argument_count(u, c->open) || (c->next_same != CODE_NONE && c->next_same <= i))
			__builtin_trap();
	}
}

static void
check_symbols(const struct code_unit *u)
{
	for (uint32_t i = 0; i < u->function_count; i++) {
		const struct code_function *f = &u->functions[i];
		if (f->symbol == NULL || u->match[f->body] != f->body_close || f->call + f->call_count > u->call_count)
			__builtin_trap();
		if (f->symbol_first + f->symbol_count > u->symbol_count || f->param_count > f->symbol_count)
			__builtin_trap();
	}
	for (uint32_t i = 0; i < u->symbol_count; i++) {
		const struct code_symbol *s = &u->symbols[i];
		if (code_symbol_of(u, s->function, s->name) == NULL || s->first > s->last + 1 || s->last >= u->count)
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const items[] = { "system", "free" };
	const struct code_words words = { items, 2 };
	for (int language = CODE_C; language <= CODE_CXX; language++) {
		struct assay_error err = { 0 };
		struct code_tokens t;
		struct code_unit u;
		CLEANUP(arena_free) struct arena *arena = NULL;
		if (arena_new(512u << 20, &arena) != ASSAY_OK
		    || code_lex((struct assay_span){ data, size }, (enum code_language)language, arena, &t, &err) != ASSAY_OK
		    || code_parse(&t, &words, arena, &u, &err) != ASSAY_OK)
			return 0;
		check_brackets(&u);
		check_statements(&u);
		check_calls(&u);
		check_symbols(&u);
		for (uint32_t line = 1; line < 8; line++)
			(void)code_symbol_at(&u, line, arena);
	}
	return 0;
}
