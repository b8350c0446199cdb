/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The syntax of git-config(1), "Configuration file: syntax", character by character.
 */
#include <codec/gitconfig.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <stdbool.h>

#define SIZE_MAX_READ (1u << 20)
#define ENTRIES_MAX 20000
#define KEY_MAX 4096

/* The end of the file reads as a line end, once. */
#define END (-1)

struct scanner {
	struct assay_span bytes;
	size_t at;
	unsigned line;
	const char *name;
	struct arena *arena;
	struct assay_error *err;
	struct buf section; /* "section.subsection." */
	struct buf text;
	struct gitconfig_entry *entries;
	size_t count;
};

static void
scanner_done(struct scanner *s)
{
	buf_done(&s->section);
	buf_done(&s->text);
}

static enum assay_status
bad(const struct scanner *s, unsigned line, const char *what)
{
	assay_fail(s->err, ASSAY_E_FORMAT, "bad config line %u: %s", line, what);
	return assay_error_at(s->err, ASSAY_E_FORMAT, s->name, line, 0);
}

static int
peek(const struct scanner *s)
{
	if (s->at >= s->bytes.len)
		return END;
	unsigned char c = s->bytes.data[s->at];
	bool crlf = c == '\r' && s->at + 1 < s->bytes.len && s->bytes.data[s->at + 1] == '\n';
	return crlf ? '\n' : c;
}

static int
next(struct scanner *s)
{
	int c = peek(s);
	if (c == END)
		return END;
	if (c == '\n') {
		s->line++;
		s->at += s->bytes.data[s->at] == '\r';
	}
	s->at++;
	return c;
}

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_key_char(int c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
}

static unsigned char
lower(int c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static void
skip_blanks(struct scanner *s)
{
	while (is_blank(peek(s)))
		next(s);
}

/* From the opening quote to the closing bracket. */
static enum assay_status
read_subsection(struct scanner *s)
{
	unsigned line = s->line;
	skip_blanks(s);
	if (next(s) != '"')
		return bad(s, line, "a subsection without quotes");
	buf_add_byte(&s->section, '.');
	for (;;) {
		int c = next(s);
		if (c == '"')
			break;
		if (c == '\\')
			c = next(s);
		if (c == END || c == '\n')
			return bad(s, line, "a subsection that isn't closed");
		buf_add_byte(&s->section, (unsigned char)c);
	}
	if (next(s) != ']')
		return bad(s, line, "no ']' behind the subsection");
	return ASSAY_OK;
}

/* Behind '['. "[section.sub]" is git's old form: all of it in lower case. */
static enum assay_status
read_section(struct scanner *s)
{
	unsigned line = s->line;
	buf_reset(&s->section);
	for (;;) {
		int c = peek(s);
		if (is_blank(c)) {
			TRY(read_subsection(s));
			break;
		}
		if (c == ']') {
			next(s);
			break;
		}
		if (!is_key_char(c) && c != '.')
			return bad(s, line, "a section that isn't closed or has a foreign character");
		buf_add_byte(&s->section, lower(next(s)));
	}
	buf_add_byte(&s->section, '.');
	return buf_status(&s->section, "section name", s->err);
}

static enum assay_status
read_escape(struct scanner *s, unsigned line)
{
	switch (next(s)) {
	case '\n':
	case END:
		return ASSAY_OK;
	case 't':
		buf_add_byte(&s->text, '\t');
		return ASSAY_OK;
	case 'b':
		buf_add_byte(&s->text, '\b');
		return ASSAY_OK;
	case 'n':
		buf_add_byte(&s->text, '\n');
		return ASSAY_OK;
	case '\\':
		buf_add_byte(&s->text, '\\');
		return ASSAY_OK;
	case '"':
		buf_add_byte(&s->text, '"');
		return ASSAY_OK;
	default:
		return bad(s, line, "an escape that git doesn't know");
	}
}

static void
skip_comment(struct scanner *s)
{
	while (peek(s) != '\n' && peek(s) != END)
		next(s);
}

/* Blanks outside of quotes count only between other characters. */
struct value_state {
	bool quoted;
	size_t blanks_from, blanks_to;
};

static void
flush_blanks(struct scanner *s, struct value_state *v)
{
	if (s->text.len > 0)
		buf_add(&s->text, s->bytes.data + v->blanks_from, v->blanks_to - v->blanks_from);
	v->blanks_from = v->blanks_to = 0;
}

static enum assay_status
read_value_char(struct scanner *s, struct value_state *v, unsigned line)
{
	size_t at = s->at;
	int c = next(s);
	if (is_blank(c) && !v->quoted) {
		if (v->blanks_to != at)
			v->blanks_from = at;
		v->blanks_to = at + 1;
		return ASSAY_OK;
	}
	if (c == '"') {
		flush_blanks(s, v);
		v->quoted = !v->quoted;
		return ASSAY_OK;
	}
	flush_blanks(s, v);
	if (c == '\\')
		return read_escape(s, line);
	buf_add_byte(&s->text, (unsigned char)c);
	return ASSAY_OK;
}

/* Behind '=', to the end of the line and of those that continue it. */
static enum assay_status
read_value(struct scanner *s)
{
	struct value_state v = { 0 };
	unsigned line = s->line;
	buf_reset(&s->text);
	for (;;) {
		int c = peek(s);
		if (c == '\n' || c == END)
			break;
		if (!v.quoted && (c == '#' || c == ';')) {
			skip_comment(s);
			break;
		}
		TRY(read_value_char(s, &v, line));
	}
	if (v.quoted)
		return bad(s, line, "a quote that isn't closed");
	return buf_status(&s->text, "value", s->err);
}

static enum assay_status
keep(struct scanner *s, const struct gitconfig_entry *entry)
{
	if (s->count == ENTRIES_MAX) {
		assay_fail(s->err, ASSAY_E_LIMIT, "more than %d entries", ENTRIES_MAX);
		return assay_error_at(s->err, ASSAY_E_LIMIT, s->name, s->line, 0);
	}
	s->entries[s->count++] = *entry;
	return ASSAY_OK;
}

static enum assay_status
read_entry(struct scanner *s)
{
	struct gitconfig_entry e = { .value = "", .line = s->line };
	size_t base = s->section.len;
	while (is_key_char(peek(s)))
		buf_add_byte(&s->section, lower(next(s)));
	TRY(buf_status(&s->section, "key", s->err));
	e.key = arena_copy(s->arena, buf_span(&s->section));
	s->section.len = base;
	while (peek(s) == ' ' || peek(s) == '\t')
		next(s);
	int c = peek(s);
	e.bare = c == '\n' || c == END;
	if (!e.bare) {
		if (c != '=')
			return bad(s, e.line, "neither '=' nor the line's end behind a key");
		next(s);
		TRY(read_value(s));
		e.value = arena_copy(s->arena, buf_span(&s->text));
	}
	if (e.key == NULL || e.value == NULL)
		return arena_full(s->err);
	return keep(s, &e);
}

static enum assay_status
read_all(struct scanner *s)
{
	for (;;) {
		int c = peek(s);
		if (c == END)
			return ASSAY_OK;
		if (c == '\n' || is_blank(c)) {
			next(s);
		} else if (c == '#' || c == ';') {
			skip_comment(s);
		} else if (c == '[') {
			next(s);
			TRY(read_section(s));
		} else if (is_letter(c)) {
			TRY(read_entry(s));
		} else {
			return bad(s, s->line, "neither a section, a key nor a comment");
		}
	}
}

enum assay_status
gitconfig_parse(struct assay_span bytes, const char *name, struct arena *arena,
    struct gitconfig *ret_config, struct assay_error *err)
{
	CLEANUP(scanner_done) struct scanner s = {
		.bytes = bytes,
		.line = 1,
		.name = name,
		.arena = arena,
		.err = err,
		.section = BUF_INIT(KEY_MAX),
		.text = BUF_INIT(SIZE_MAX_READ),
	};
	if (bytes.len > SIZE_MAX_READ)
		return assay_fail(err, ASSAY_E_LIMIT, "'%s' has %zu bytes, at most %u are read", name,
		    bytes.len, SIZE_MAX_READ);
	if (bytes.len > 0 && memchr(bytes.data, '\0', bytes.len) != NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' holds a NUL byte", name);
	if (bytes.len >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0)
		s.at = 3;
	size_t room = 1;
	for (size_t i = 0; i < bytes.len && room < ENTRIES_MAX; i++)
		room += bytes.data[i] == '\n';
	s.entries = arena_array(arena, room, sizeof *s.entries);
	if (s.entries == NULL)
		return arena_full(err);
	TRY(read_all(&s));
	*ret_config = (struct gitconfig){ s.entries, s.count };
	return ASSAY_OK;
}
