/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: the words of Meson's files.
 */
#include "meson.h"

struct lexer {
	struct dep_work *w;
	const char *at, *end, *line_start;
	unsigned line, nest;
	struct meson_token *tokens;
	size_t count;
};

static enum assay_status
add(struct lexer *l, enum meson_token_kind kind, const char *from, size_t len, const char *start)
{
	char *text = arena_copy(l->w->arena, (struct assay_span){ (const unsigned char *)from, len });
	if (text == NULL)
		return arena_full(l->w->err);
	if (l->count + 1 >= MESON_TOKENS_MAX)
		return assay_fail(l->w->err, ASSAY_E_LIMIT, "more words than are read");
	l->tokens[l->count++] = (struct meson_token){ kind, text, l->line, (unsigned)(start - l->line_start) + 1 };
	return ASSAY_OK;
}

static void
next_line(struct lexer *l)
{
	l->line++;
	l->line_start = l->at + 1;
}

/* '...' with escapes, '''...''' without. A text with escapes is as written: no name of a program has any. */
static enum assay_status
read_string(struct lexer *l)
{
	bool raw = l->end - l->at >= 3 && memcmp(l->at, "'''", 3) == 0;
	const char *from = l->at + (raw ? 3 : 1), *start = l->at;
	unsigned line = l->line;
	for (l->at = from; l->at < l->end; l->at++) {
		if (raw ? l->end - l->at >= 3 && memcmp(l->at, "'''", 3) == 0 : *l->at == '\'') {
			size_t len = (size_t)(l->at - from);
			l->at += raw ? 3 : 1;
			return add(l, MESON_T_STRING, from, len, start);
		}
		if (!raw && *l->at == '\\' && l->at + 1 < l->end)
			l->at++;
		if (*l->at == '\n')
			next_line(l);
	}
	assay_fail(l->w->err, ASSAY_E_FORMAT, "a string has no end");
	return assay_error_at(l->w->err, ASSAY_E_FORMAT, NULL, line, 1);
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static enum assay_status
read_other(struct lexer *l)
{
	const char *start = l->at;
	char c = *l->at;
	if (is_name_byte(c)) {
		while (l->at < l->end && is_name_byte(*l->at))
			l->at++;
		return add(l, MESON_T_NAME, start, (size_t)(l->at - start), start);
	}
	l->nest += strchr("([{", c) != NULL;
	l->nest -= strchr(")]}", c) != NULL && l->nest > 0;
	size_t n = l->end - l->at >= 2 && l->at[1] == '=' && strchr("+=!<>", c) != NULL ? 2 : 1;
	l->at += n;
	return add(l, MESON_T_OTHER, start, n, start);
}

/* Lines end statements, but in parentheses and behind a backslash. */
static enum assay_status
end_line(struct lexer *l)
{
	bool joined = l->at > l->line_start && l->at[-1] == '\\';
	if (l->nest == 0 && !joined)
		TRY(add(l, MESON_T_LINE, "", 0, l->at));
	next_line(l);
	l->at++;
	return ASSAY_OK;
}

static enum assay_status
read_token(struct lexer *l)
{
	switch (*l->at) {
	case '#':
		while (l->at < l->end && *l->at != '\n')
			l->at++;
		return ASSAY_OK;
	case '\'':
		return read_string(l);
	case '\n':
		return end_line(l);
	case ' ':
	case '\t':
	case '\r':
	case '\\':
		l->at++;
		return ASSAY_OK;
	default:
		return read_other(l);
	}
}

enum assay_status
meson_words(struct dep_work *w, const struct source_file *f, struct meson_token **ret_tokens, size_t *ret_count)
{
	const char *text = (const char *)f->bytes.data;
	struct lexer l = { .w = w, .at = text, .end = text + f->bytes.len, .line_start = text, .line = 1 };
	if (!text_is_utf8(f->bytes))
		return assay_fail(w->err, ASSAY_E_FORMAT, "not UTF-8, or a NUL in it");
	/* Each byte is a word at most. */
	size_t room = f->bytes.len + 1 < MESON_TOKENS_MAX ? f->bytes.len + 1 : MESON_TOKENS_MAX;
	l.tokens = arena_array(w->arena, room + 1, sizeof *l.tokens);
	if (l.tokens == NULL)
		return arena_full(w->err);
	while (l.at < l.end)
		TRY(read_token(&l));
	l.tokens[l.count] = (struct meson_token){ MESON_T_END, "", l.line, 1 };
	*ret_tokens = l.tokens;
	*ret_count = l.count;
	return ASSAY_OK;
}
