/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader, words and here-documents.
 */
#include "shell_words.h"

#include <base/cleanup.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct shell_document {
	const char *delimiter;
	bool quoted, strip_tabs;
	struct shell_redirect *into;
	struct shell_document *next;
};

/* ---- the reader ---- */

enum assay_status
shell_take(const struct shell_reader *r, size_t size, void *where)
{
	if (*r->budget == 0)
		return assay_fail(r->err, ASSAY_E_LIMIT, "a script of more than %d parts",
		    SHELL_PARTS_MAX);
	(*r->budget)--;
	void *memory = arena_alloc(r->arena, size);
	if (memory == NULL)
		return arena_full(r->err);
	memcpy(where, &memory, sizeof memory);
	return ASSAY_OK;
}

enum assay_status
shell_deeper(struct shell_reader *r)
{
	if (++r->depth > SHELL_DEPTH_MAX)
		return assay_fail(r->err, ASSAY_E_LIMIT, "a script nested over %d deep", SHELL_DEPTH_MAX);
	return ASSAY_OK;
}

char
shell_peek(const struct shell_reader *r, size_t ahead)
{
	return (char)(ahead < r->len - r->pos ? r->s[r->pos + ahead] : '\0');
}

void
shell_step(struct shell_reader *r, size_t bytes)
{
	for (; bytes > 0 && r->pos < r->len; bytes--) {
		if (r->s[r->pos++] == '\n') {
			r->line++;
			r->line_start = r->pos;
		}
	}
}

bool
shell_starts(const struct shell_reader *r, const char *text)
{
	size_t len = strlen(text);
	return len <= r->len - r->pos && memcmp(r->s + r->pos, text, len) == 0;
}

unsigned
shell_column(const struct shell_reader *r)
{
	return (unsigned)(r->pos - r->line_start) + 1;
}

enum assay_status
shell_copy(const struct shell_reader *r, size_t from, size_t to, const char **where)
{
	*where = arena_copy(r->arena,
	    (struct assay_span){ (const unsigned char *)r->s + from, to - from });
	return *where == NULL ? arena_full(r->err) : ASSAY_OK;
}

bool
shell_ends_word(char c)
{
	return c == '\0' || strchr(" \t\r\n;&|<>()", c) != NULL;
}

void
shell_skip_blanks(struct shell_reader *r)
{
	for (;;) {
		char c = shell_peek(r, 0);
		if (c == ' ' || c == '\t' || c == '\r')
			shell_step(r, 1);
		else if (c == '\\' && shell_peek(r, 1) == '\n')
			shell_step(r, 2);
		else if (c == '#')
			while (r->pos < r->len && shell_peek(r, 0) != '\n')
				shell_step(r, 1);
		else
			return;
	}
}

/* ---- words ---- */

/* "@(a|b)": a pattern's own parentheses, in full. */
static enum assay_status
read_pattern_group(struct shell_reader *r, struct shell_growing *g)
{
	unsigned open = 0;
	do {
		char c = shell_peek(r, 0);
		if (r->pos == r->len)
			return shell_fail(r, "a '(' that isn't closed");
		open += c == '(';
		open -= c == ')';
		TRY(shell_add_bytes(r, g, SHELL_BARE, 1));
	} while (open > 0);
	return ASSAY_OK;
}

static bool
starts_process(const struct shell_reader *r)
{
	return shell_starts(r, "<(") || shell_starts(r, ">(");
}

static enum assay_status
read_part(struct shell_reader *r, struct shell_growing *g)
{
	switch (shell_peek(r, 0)) {
	case '\'':
		return shell_read_single(r, g);
	case '"':
		return shell_read_double(r, g);
	case '$':
		return shell_read_dollar(r, g, SHELL_BARE);
	case '`':
		return shell_read_backquoted(r, g, SHELL_BARE);
	case '<':
	case '>':
		return shell_read_substitution(r, g, SHELL_BARE);
	case '\\':
		if (shell_peek(r, 1) == '\n') {
			shell_step(r, 2);
			return ASSAY_OK;
		}
		if (r->pos + 1 < r->len)
			shell_step(r, 1);
		return shell_add_bytes(r, g, SHELL_SINGLE, 1);
	default:
		return shell_add_bytes(r, g, SHELL_BARE, 1);
	}
}

static enum assay_status
read_parts(struct shell_reader *r, struct shell_growing *g)
{
	while (r->pos < r->len) {
		char c = shell_peek(r, 0);
		if (c == '(' && r->pos > 0 && g->open && strchr("?*+@!", r->s[r->pos - 1]) != NULL) {
			TRY(read_pattern_group(r, g));
			continue;
		}
		if (shell_ends_word(c) && !starts_process(r))
			break;
		TRY(read_part(r, g));
	}
	return shell_close_literal(r, g);
}

/* A word's text when all of it is literal. */
static enum assay_status
join_literals(const struct shell_reader *r, struct shell_word *w)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(SHELL_SIZE_MAX);
	for (const struct shell_part *p = w->first; p != NULL; p = p->next) {
		if (p->kind != SHELL_LITERAL)
			return ASSAY_OK;
		buf_add_str(&text, p->text);
	}
	TRY(buf_status(&text, "word", r->err));
	w->text = arena_copy(r->arena, buf_span(&text));
	return w->text == NULL ? arena_full(r->err) : ASSAY_OK;
}

enum assay_status
shell_read_word(struct shell_reader *r, struct shell_word **ret_word)
{
	CLEANUP(shell_growing_done) struct shell_growing g = { .text = BUF_INIT(SHELL_SIZE_MAX) };
	struct shell_word *w = NULL;
	TRY(shell_take(r, sizeof *w, &w));
	w->line = r->line;
	w->column = shell_column(r);
	size_t from = r->pos;
	TRY(read_parts(r, &g));
	if (r->pos == from)
		return shell_fail(r, "a word is missing here");
	w->first = g.first;
	TRY(shell_copy(r, from, r->pos, &w->raw));
	TRY(join_literals(r, w));
	*ret_word = w;
	return ASSAY_OK;
}

/* ---- here-documents ---- */

enum assay_status
shell_expect_document(struct shell_reader *r, const struct shell_word *delimiter, bool strip_tabs,
    struct shell_redirect *into)
{
	struct shell_document *d = NULL, **end = &r->documents;
	if (delimiter->text == NULL)
		return shell_fail(r, "a here-document whose end is computed");
	TRY(shell_take(r, sizeof *d, &d));
	*d = (struct shell_document){ delimiter->text, strcmp(delimiter->raw, delimiter->text) != 0,
		strip_tabs, into, NULL };
	while (*end != NULL)
		end = &(*end)->next;
	*end = d;
	return ASSAY_OK;
}

/* The next line without its end; false at the end of the text. */
static bool
next_line(struct shell_reader *r, bool strip_tabs, struct assay_span *ret_line)
{
	if (r->pos == r->len)
		return false;
	while (strip_tabs && shell_peek(r, 0) == '\t')
		shell_step(r, 1);
	size_t from = r->pos;
	while (r->pos < r->len && r->s[r->pos] != '\n')
		r->pos++;
	size_t len = r->pos - from;
	shell_step(r, 1);
	if (len > 0 && r->s[from + len - 1] == '\r')
		len--;
	*ret_line = (struct assay_span){ (const unsigned char *)r->s + from, len };
	return true;
}

/* As bash has it, a document may also end with the text. */
static enum assay_status
read_document(struct shell_reader *r, const struct shell_document *d)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(SHELL_SIZE_MAX);
	CLEANUP(shell_growing_done) struct shell_growing g = { .text = BUF_INIT(SHELL_SIZE_MAX) };
	struct shell_reader inner = *r;
	struct shell_word *w = NULL;
	struct assay_span line;
	TRY(shell_deeper(r));
	TRY(shell_take(r, sizeof *w, &w));
	w->line = r->line;
	w->column = 1;
	while (next_line(r, d->strip_tabs, &line) && !assay_span_equal(line, assay_span_str(d->delimiter))) {
		buf_add_span(&text, line);
		buf_add_byte(&text, '\n');
	}
	TRY(buf_status(&text, "here-document", r->err));
	w->raw = inner.s = arena_copy(r->arena, buf_span(&text));
	if (inner.s == NULL)
		return arena_full(r->err);
	inner.depth = r->depth;
	inner.len = text.len;
	inner.pos = inner.line_start = 0;
	inner.documents = NULL;
	if (!d->quoted)
		TRY(shell_read_expanding(&inner, &g, true));
	while (inner.pos < inner.len) {
		const char *end = shell_template_end(&inner);
		if (end != NULL)
			TRY(shell_read_template(&inner, &g, SHELL_SINGLE, end));
		else
			TRY(shell_add_bytes(&inner, &g, SHELL_SINGLE, 1));
	}
	TRY(shell_close_literal(&inner, &g));
	w->first = g.first;
	TRY(join_literals(r, w));
	d->into->target = w;
	r->depth--;
	return ASSAY_OK;
}

enum assay_status
shell_skip_lines(struct shell_reader *r)
{
	for (;;) {
		shell_skip_blanks(r);
		if (shell_peek(r, 0) != '\n' || r->pos == r->len)
			return ASSAY_OK;
		shell_step(r, 1);
		while (r->documents != NULL) {
			const struct shell_document *d = r->documents;
			r->documents = d->next;
			TRY(read_document(r, d));
		}
	}
}

#undef shell_fail
enum assay_status
shell_fail(const struct shell_reader *r, const char *fmt, ...)
{
	char what[200];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	enum assay_status status = assay_fail(r->err, ASSAY_E_FORMAT, "%s", what);
	return assay_error_at(r->err, status, NULL, r->line, shell_column(r));
}
