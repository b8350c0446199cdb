/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Image files as BuildKit reads them: directives, continued lines, comments between them, here-documents.
 */
#include "image.h"

#include <base/text.h>

#define LINE_LEN_MAX (1u << 20)
#define DIRECTIVES_MAX 64

struct lines {
	const char *at;
	unsigned number; /* of the line at at */
	char escape;
	struct buf flat, raw, body;
};

static void
lines_done(struct lines *l)
{
	buf_done(&l->flat);
	buf_done(&l->raw);
	buf_done(&l->body);
}

static size_t
line_len(const char *at)
{
	size_t n = strcspn(at, "\n");
	return n > 0 && at[n - 1] == '\r' ? n - 1 : n;
}

static void
next_line(struct lines *l)
{
	size_t n = strcspn(l->at, "\n");
	l->at += n + (l->at[n] == '\n');
	l->number++;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* ---- directives ---- */

/* "# name = value"; false when the line is none of those that are known. */
static bool
read_directive(struct arena *arena, const char *line, size_t len, const char **ret_name, const char **ret_value)
{
	static const char *const known[] = { "syntax", "escape", "check" };
	char *text = arena_copy(arena, (struct assay_span){ (const unsigned char *)line, len });
	if (text == NULL || text[0] != '#')
		return false;
	text += 1 + strspn(text + 1, " \t");
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	char *value = text + n + strspn(text + n, " \t");
	if (n == 0 || *value != '=')
		return false;
	value += 1 + strspn(value + 1, " \t");
	for (size_t i = strlen(value); i > 0 && is_blank(value[i - 1]); i--)
		value[i - 1] = '\0';
	text[n] = '\0';
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strcasecmp(known[i], text) != 0)
			continue;
		*ret_name = known[i];
		*ret_value = value;
		return *value != '\0';
	}
	return false;
}

static enum assay_status
read_directives(struct docker *d, struct lines *l,
    enum assay_status (*syntax)(struct docker *d, const char *image, unsigned line))
{
	if (dep_starts(l->at, "#!"))
		next_line(l);
	/* Frontends may be named in ways of other languages, too. */
	if (CATCH(docker_other_syntax, dep_starts(l->at, "//") || l->at[0] == '{'))
		return assay_fail(d->w->err, ASSAY_E_FORMAT, "it begins as no Dockerfile does, and may name a frontend so");
	for (int i = 0; i < DIRECTIVES_MAX && *l->at != '\0'; i++) {
		const char *name = NULL, *value = NULL;
		const char *line = l->at + strspn(l->at, " \t");
		if (!read_directive(d->w->arena, line, line_len(line), &name, &value))
			return ASSAY_OK;
		if (strcmp(name, "syntax") == 0)
			TRY(syntax(d, value, l->number));
		if (strcmp(name, "escape") == 0)
			l->escape = value[0];
		next_line(l);
	}
	return ASSAY_OK;
}

/* ---- instructions ---- */

/* Takes the escape off the end of a line of len bytes, with the blanks behind it; false when there is none. */
static bool
is_continued(const struct lines *l, size_t *len)
{
	size_t n = *len;
	while (n > 0 && is_blank(l->at[n - 1]))
		n--;
	if (n == 0 || l->at[n - 1] != l->escape || (n > 1 && l->at[n - 2] == l->escape))
		return false;
	*len = n - 1;
	return true;
}

/* A line of blanks or a comment in the middle of an instruction isn't there. */
static bool
is_passed_over(const struct lines *l, size_t len)
{
	size_t i = 0;
	while (i < len && is_blank(l->at[i]))
		i++;
	return i == len || l->at[i] == '#';
}

static void
join(struct lines *l)
{
	bool first = true, more = true;
	while (more && *l->at != '\0') {
		size_t len = line_len(l->at);
		bool skip = !first && is_passed_over(l, len);
		more = skip || is_continued(l, &len);
		if (!skip) {
			buf_add(&l->flat, l->at, len);
			buf_add(&l->raw, l->at, len);
		}
		if (more)
			buf_add_str(&l->raw, "\\\n");
		first = false;
		next_line(l);
	}
}

/* The name behind "<<" of a word, without its quotes; NULL when the word begins no here-document. */
static char *
heredoc_name(struct arena *arena, const char *word, bool *ret_tabs)
{
	word += strspn(word, "0123456789");
	if (!dep_starts(word, "<<"))
		return NULL;
	word += 2;
	*ret_tabs = *word == '-';
	word += *ret_tabs;
	char *name = arena_str(arena, word), *to = name;
	if (name == NULL || *word == '\0' || strchr(word, '<') != NULL)
		return NULL;
	for (const char *p = name; *p != '\0'; p++) {
		if (*p != '"' && *p != '\'')
			*to++ = *p;
	}
	*to = '\0';
	return *name != '\0' ? name : NULL;
}

/* A word of a line as it is written, quotes and all. */
static char *
raw_word(struct arena *arena, const char **at)
{
	*at += strspn(*at, " \t");
	const char *from = *at;
	char quote = '\0';
	for (; **at != '\0' && (quote != '\0' || !is_blank(**at)); (*at)++) {
		if (quote == '\0' && (**at == '"' || **at == '\''))
			quote = **at;
		else if (**at == quote)
			quote = '\0';
		else if (**at == '\\' && quote != '\'' && (*at)[1] != '\0')
			(*at)++;
	}
	return *at > from ? arena_copy(arena, (struct assay_span){ (const unsigned char *)from, (size_t)(*at - from) }) : NULL;
}

static void
read_body(struct lines *l, const char *name, bool tabs, bool keep)
{
	while (*l->at != '\0') {
		size_t len = line_len(l->at), skip = tabs ? strspn(l->at, "\t") : 0;
		bool end = len >= skip && len - skip == strlen(name) && strncmp(l->at + skip, name, len - skip) == 0;
		if (!end && keep) {
			buf_add(&l->body, l->at + skip, len - skip);
			buf_add_byte(&l->body, '\n');
		}
		next_line(l);
		if (end)
			return;
	}
}

static enum assay_status
read_heredocs(struct docker *d, struct lines *l, struct docker_line *line)
{
	const char *at = line->rest;
	char *word;
	bool tabs = false;
	if (strcmp(line->word, "RUN") != 0 && strcmp(line->word, "COPY") != 0 && strcmp(line->word, "ADD") != 0)
		return ASSAY_OK;
	while ((word = raw_word(d->w->arena, &at)) != NULL) {
		char *name = heredoc_name(d->w->arena, word, &tabs);
		if (name == NULL)
			continue;
		bool first = line->heredoc == NULL;
		if (first)
			line->heredoc_line = l->number;
		read_body(l, name, tabs, first);
		TRY(buf_status(&l->body, "a here-document", d->w->err));
		if (first && (line->heredoc = arena_copy(d->w->arena, buf_span(&l->body))) == NULL)
			return arena_full(d->w->err);
	}
	return ASSAY_OK;
}

static enum assay_status
read_instruction(struct docker *d, struct lines *l,
    enum assay_status (*each)(struct docker *d, const struct docker_line *l))
{
	struct docker_line line = { .line = l->number };
	buf_reset(&l->flat);
	buf_reset(&l->raw);
	buf_reset(&l->body);
	join(l);
	TRY(buf_status(&l->flat, "an instruction", d->w->err));
	TRY(buf_status(&l->raw, "an instruction", d->w->err));
	char *flat = arena_copy(d->w->arena, buf_span(&l->flat)), *raw = arena_copy(d->w->arena, buf_span(&l->raw));
	if (flat == NULL || raw == NULL)
		return arena_full(d->w->err);
	flat += strspn(flat, " \t");
	size_t n = strcspn(flat, " \t");
	char *word = arena_copy(d->w->arena, (struct assay_span){ (const unsigned char *)flat, n });
	if (word == NULL)
		return arena_full(d->w->err);
	for (size_t i = 0; i < n; i++)
		word[i] = text_upper(word[i]);
	line.word = word;
	line.rest = flat + n + strspn(flat + n, " \t");
	raw += strspn(raw, " \t");
	line.raw = strncmp(raw, flat, n) == 0 ? raw + n : line.rest;
	TRY(read_heredocs(d, l, &line));
	return each(d, &line);
}

enum assay_status
docker_lines(struct docker *d, struct assay_span bytes,
    enum assay_status (*each)(struct docker *d, const struct docker_line *l),
    enum assay_status (*syntax)(struct docker *d, const char *image, unsigned line))
{
	CLEANUP(lines_done) struct lines l = { .number = 1, .escape = '\\', .flat = BUF_INIT(LINE_LEN_MAX),
		.raw = BUF_INIT(LINE_LEN_MAX), .body = BUF_INIT(LINE_LEN_MAX) };
	if (bytes.len >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0) {
		bytes.data += 3;
		bytes.len -= 3;
	}
	if (!text_is_utf8(bytes))
		return assay_fail(d->w->err, ASSAY_E_FORMAT, "not UTF-8, or a NUL in it");
	l.at = arena_copy(d->w->arena, bytes);
	if (l.at == NULL)
		return arena_full(d->w->err);
	TRY(read_directives(d, &l, syntax));
	while (*l.at != '\0') {
		size_t len = line_len(l.at);
		if (is_passed_over(&l, len))
			next_line(&l);
		else
			TRY(read_instruction(d, &l, each));
	}
	return ASSAY_OK;
}
