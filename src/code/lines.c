/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements by lines, for languages that end them with their line: Python, Ruby, shell and what isn't known.
 */
#include "statements.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <string.h>

#define SCOPES_MAX 64
#define LINE_MAX_BYTES (1u << 16)

struct line_scope {
	size_t indent;
	const char *symbol;
};

struct lines {
	struct arena *arena;
	struct line_scope scopes[SCOPES_MAX];
	size_t depth;
};

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* The line's words with one blank between them; blanks in a string count as little, which both sides of a comparison share. */
static enum assay_status
squeeze(struct assay_span line, struct buf *out, struct assay_error *err)
{
	bool gap = false;
	for (size_t i = 0; i < line.len && i < LINE_MAX_BYTES; i++) {
		if (line.data[i] == '#' && (i == 0 || is_blank(line.data[i - 1])))
			break;
		if (is_blank(line.data[i])) {
			gap = out->len > 0;
			continue;
		}
		if (gap)
			buf_add_byte(out, ' ');
		gap = false;
		buf_add_byte(out, line.data[i]);
	}
	return buf_status(out, "a line", err);
}

/* The name behind "def", "class", "function", or NULL. */
static const char *
names(const char *text, size_t *ret_len)
{
	static const char *const words[] = { "async def ", "def ", "class ", "function ", "module ", "sub ", "func " };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const size_t len = strlen(words[i]);
		if (strncmp(text, words[i], len) != 0)
			continue;
		*ret_len = strcspn(text + len, " (:{;<");
		return *ret_len > 0 && *ret_len < CODE_SYMBOL_MAX ? text + len : NULL;
	}
	return NULL;
}

static enum assay_status
enter(struct lines *l, size_t indent, const char *text, const char **ret_symbol, struct assay_error *err)
{
	size_t len;
	while (l->depth > 0 && l->scopes[l->depth - 1].indent >= indent)
		l->depth--;
	*ret_symbol = l->depth == 0 ? "" : l->scopes[l->depth - 1].symbol;
	const char *name = names(text, &len);
	if (name == NULL || l->depth == SCOPES_MAX)
		return ASSAY_OK;
	*ret_symbol = (*ret_symbol)[0] == '\0' ? arena_printf(l->arena, "%.*s", (int)len, name)
					       : arena_printf(l->arena, "%s::%.*s", *ret_symbol, (int)len, name);
	if (*ret_symbol == NULL)
		return arena_full(err);
	l->scopes[l->depth++] = (struct line_scope){ indent, *ret_symbol };
	return ASSAY_OK;
}

static enum assay_status
take_line(struct lines *l, struct assay_span line, unsigned number, struct code_statements *s, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT((size_t)2 * LINE_MAX_BYTES);
	size_t indent = 0;
	while (indent < line.len && is_blank(line.data[indent]))
		indent++;
	TRY(squeeze(line, &text, err));
	if (text.len == 0)
		return ASSAY_OK;
	struct code_place *p = &s->items[s->count++];
	*p = (struct code_place){ .line = number, .last_line = number, .column = (unsigned)indent + 1 };
	TRY(enter(l, indent, buf_str(&text), &p->symbol, err));
	return assay_sha256(buf_span(&text), p->window);
}

enum assay_status
code_lines_split(struct assay_span text, struct arena *arena, struct code_statements *ret_statements, struct assay_error *err)
{
	size_t lines = 1;
	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	struct lines l = { .arena = arena };
	struct code_statements found = { arena_array(arena, lines, sizeof *found.items), 0 };
	if (found.items == NULL)
		return arena_full(err);
	unsigned number = 1;
	for (size_t i = 0; i < text.len; number++) {
		const unsigned char *end = memchr(text.data + i, '\n', text.len - i);
		const size_t len = (end == NULL ? text.len : (size_t)(end - text.data)) - i;
		TRY(take_line(&l, (struct assay_span){ text.data + i, len }, number, &found, err));
		i += len + 1;
	}
	TRY(code_statements_number(&found, err));
	*ret_statements = found;
	return ASSAY_OK;
}
