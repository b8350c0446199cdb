/* SPDX-License-Identifier: Apache-2.0 */
#include <code/identity.h>

#include <base/cleanup.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Statements lie in the order of the file, each is found where it begins, and no two are one. */
static void
check(const struct code_statements *s)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct code_place *p = &s->items[i];
		if (p->symbol == NULL || p->line == 0 || p->last_line < p->line)
			__builtin_trap();
		if (i > 0 && (p[-1].line > p->line || (p[-1].line == p->line && p[-1].column >= p->column)))
			__builtin_trap();
		if (code_place_at(s, p->line, p->column) != p || code_place_at(s, p->line, 0) == NULL)
			__builtin_trap();
		if (i > 0 && strcmp(p[-1].symbol, p->symbol) == 0 && memcmp(p[-1].window, p->window, sizeof p->window) == 0
		    && p[-1].occurrence + 1 != p->occurrence)
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct assay_span bytes = { data, size };
	for (int language = CODE_C; language <= CODE_CXX; language++) {
		struct assay_error err = { 0 };
		struct code_tokens t;
		struct code_statements s, lines;
		CLEANUP(arena_free) struct arena *arena = NULL;
		if (arena_new(256u << 20, &arena) != ASSAY_OK || code_lex(bytes, (enum code_language)language, arena, &t, &err) != ASSAY_OK)
			return 0;
		if (code_statements_of(&t, arena, &s, &err) != ASSAY_OK || code_lines_split(bytes, arena, &lines, &err) != ASSAY_OK)
			return 0;
		check(&s);
		check(&lines);
		(void)code_excerpt(bytes, (unsigned)(size % 7), arena);
	}
	return 0;
}
