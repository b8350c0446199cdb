/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings, characters and comments: what may span lines, and may stay open.
 */
#include "lex_inside.h"

#include <string.h>

/* Longest delimiter of a raw string, by the standard. */
#define DELIMITER_MAX 16

/* The character behind the one at p, joined lines left out. */
static const unsigned char *
after(const unsigned char *p, const unsigned char *end)
{
	return lex_join(p + 1, end);
}

void
lex_quoted(struct lexer *l, const unsigned char *at, unsigned flags)
{
	const unsigned char quote = *l->p;
	const unsigned char *p = l->p + 1, *end = l->end;
	const uint32_t line = l->out.line_count;
	bool open = true;
	while (open && p < end && *p != '\n' && *p != '\r') {
		if (*p == quote) {
			open = false;
			p++;
		} else if (*p == '\\') {
			const size_t splice = lex_splice(p, end);
			if (splice > 0) {
				flags |= CODE_SPLICED;
				p += splice;
				continue;
			}
			/* What a backslash takes away is the next character that the compiler sees. */
			const unsigned char *next = after(p, end);
			flags |= next != p + 1 ? CODE_SPLICED : 0;
			p = next < end && *next != '\n' && *next != '\r' ? next + 1 : next;
		} else {
			p++;
		}
	}
	l->p = p;
	if (open) {
		flags |= CODE_UNTERMINATED;
		l->out.unterminated += !l->in_directive;
	}
	if ((flags & CODE_SPLICED) != 0)
		lex_lines(l, at, p);
	lex_push(l, at, line, quote == '"' ? CODE_STRING : CODE_CHAR, 0, flags);
}

/* The end of a raw string whose delimiter has len bytes, or NULL. */
static const unsigned char *
raw_end(const unsigned char *p, const unsigned char *end, const unsigned char *delimiter, size_t len)
{
	while (p < end) {
		const unsigned char *close = memchr(p, ')', (size_t)(end - p));
		if (close == NULL || (size_t)(end - close) < len + 2)
			return NULL;
		if (memcmp(close + 1, delimiter, len) == 0 && close[1 + len] == '"')
			return close + len + 2;
		p = close + 1;
	}
	return NULL;
}

void
lex_raw(struct lexer *l, const unsigned char *at, unsigned flags)
{
	const unsigned char *delimiter = l->p + 1, *p = delimiter;
	const uint32_t line = l->out.line_count;
	while (p < l->end && p - delimiter <= DELIMITER_MAX && *p > ' ' && strchr("()\\\"", *p) == NULL)
		p++;
	if (p >= l->end || *p != '(' || p - delimiter > DELIMITER_MAX) {
		lex_quoted(l, at, flags);
		return;
	}
	const unsigned char *close = raw_end(p + 1, l->end, delimiter, (size_t)(p - delimiter));
	if (close == NULL) {
		flags |= CODE_UNTERMINATED;
		l->out.unterminated++;
	}
	l->p = close == NULL ? l->end : close;
	lex_lines(l, at, l->p);
	lex_push(l, at, line, CODE_STRING, 0, flags | CODE_RAW);
}

/* The end of the line that p stands in: its line feed or return, or the end of all. */
static const unsigned char *
line_end(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *lf = memchr(p, '\n', (size_t)(end - p));
	if (lf == NULL)
		lf = end;
	const unsigned char *cr = memchr(p, '\r', (size_t)(lf - p));
	return cr == NULL ? lf : cr;
}

/* Whether the line that ends at p is joined to the next: its last character but blanks is a backslash. */
static bool
joined(const unsigned char *from, const unsigned char *p)
{
	while (p > from && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\v' || p[-1] == '\f'))
		p--;
	return p > from && p[-1] == '\\';
}

void
lex_line_comment(struct lexer *l, const unsigned char *at)
{
	const uint32_t line = l->out.line_count;
	const unsigned char *from = l->p, *p = line_end(from, l->end);
	unsigned flags = 0;
	/* Only what stands on a line can join it to the next one. */
	while (p < l->end && joined(from, p)) {
		flags = CODE_SPLICED;
		from = p + (*p == '\r' && p + 1 < l->end && p[1] == '\n' ? 2 : 1);
		p = line_end(from, l->end);
	}
	l->p = p;
	if (flags != 0)
		lex_lines(l, at, p);
	lex_push(l, at, line, CODE_COMMENT, '/', flags);
}

void
lex_block_comment(struct lexer *l, const unsigned char *at)
{
	const uint32_t line = l->out.line_count;
	const unsigned char *p = l->p;
	unsigned flags = CODE_UNTERMINATED;
	while (flags == CODE_UNTERMINATED && p < l->end) {
		const unsigned char *star = memchr(p, '*', (size_t)(l->end - p));
		if (star == NULL)
			break;
		const unsigned char *next = after(star, l->end);
		if (next < l->end && *next == '/') {
			flags = next == star + 1 ? 0 : CODE_SPLICED;
			p = next + 1;
		} else {
			p = star + 1;
		}
	}
	if ((flags & CODE_UNTERMINATED) != 0) {
		p = l->end;
		l->out.unterminated++;
	}
	l->p = p;
	lex_lines(l, at, p);
	lex_push(l, at, line, CODE_COMMENT, '*', flags);
}
