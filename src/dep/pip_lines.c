/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of a requirements file, joined and cut as pip does it.
 */
#include "pip.h"

#define LINE_LEN_MAX 65536

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Where a comment begins: '#' at the beginning or behind a blank. */
static size_t
comment_at(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '#' && (i == 0 || is_blank(text[i - 1])))
			return i;
	}
	return len;
}

/* A comment takes the whole line, so that no backslash in it continues anything. */
static bool
is_comment(const char *text, size_t len)
{
	size_t i = 0;
	while (i < len && is_blank(text[i]))
		i++;
	return i < len && text[i] == '#';
}

/* Where Python ends a line and no editor does. */
static bool
is_odd_line_end(const unsigned char *p, size_t left)
{
	static const char *const ends[] = { "\x0B", "\x0C", "\x1C", "\x1D", "\x1E", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9" };
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t n = strlen(ends[i]);
		if (left >= n && memcmp(p, ends[i], n) == 0)
			return true;
	}
	return *p == '\r' && (left < 2 || p[1] != '\n');
}

static bool
has_odd_line_end(struct assay_span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (is_odd_line_end(s.data + i, s.len - i))
			return true;
	}
	return false;
}

/* "# coding: utf-7" in the first two lines has pip read something else than stands there. */
static bool
names_other_coding(const char *text)
{
	for (int i = 0; i < 2; i++) {
		size_t n = strcspn(text, "\n");
		const char *coding = text[0] == '#' ? strstr(text, "coding") : NULL;
		if (coding != NULL && coding < text + n && (coding[6] == ':' || coding[6] == '=')) {
			const char *name = coding + 7 + strspn(coding + 7, " \t");
			return strncasecmp(name, "utf-8", 5) != 0 && strncasecmp(name, "utf8", 4) != 0
			    && strncasecmp(name, "ascii", 5) != 0;
		}
		text += n + (text[n] == '\n');
	}
	return false;
}

/* Parts a joined line at the first word that begins with '-', and hands it on. */
static enum assay_status
hand_on(struct pip_reader *r, char *text, unsigned line,
    enum assay_status (*each)(struct pip_reader *r, const struct pip_line *l))
{
	size_t len = comment_at(text, strlen(text));
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	text[len] = '\0';
	text += strspn(text, " \t\r");
	if (*text == '\0')
		return ASSAY_OK;
	char *options = text;
	while (*options != '\0' && !(*options == '-' && (options == text || is_blank(options[-1]))))
		options++;
	struct pip_line l = { .file = r->file->path, .line = line, .text = text };
	l.options = arena_str(r->w->arena, options);
	if (l.options == NULL)
		return arena_full(r->w->err);
	*options = '\0';
	for (size_t i = strlen(text); i > 0 && is_blank(text[i - 1]); i--)
		text[i - 1] = '\0';
	return each(r, &l);
}

static enum assay_status
join_lines(struct pip_reader *r, const char *text,
    enum assay_status (*each)(struct pip_reader *r, const struct pip_line *l))
{
	CLEANUP(buf_done) struct buf joined = BUF_INIT(LINE_LEN_MAX);
	unsigned number = 0, first = 0;
	while (*text != '\0' || first != 0) {
		size_t n = strcspn(text, "\n");
		size_t len = n > 0 && text[n - 1] == '\r' ? n - 1 : n;
		bool last = text[n] == '\0';
		bool comment = is_comment(text, len);
		bool more = len > 0 && text[len - 1] == '\\' && !comment;
		number++;
		if (first == 0)
			first = number;
		if (comment)
			buf_add_byte(&joined, ' ');
		buf_add(&joined, text, more ? len - 1 : len);
		TRY(buf_status(&joined, "a line", r->w->err));
		text += n + !last;
		if (more && !last)
			continue;
		char *line = arena_copy(r->w->arena, buf_span(&joined));
		if (line == NULL)
			return arena_full(r->w->err);
		TRY(hand_on(r, line, first, each));
		buf_reset(&joined);
		first = 0;
	}
	return ASSAY_OK;
}

enum assay_status
pip_lines(struct pip_reader *r, enum assay_status (*each)(struct pip_reader *r, const struct pip_line *l))
{
	struct assay_span bytes = r->file->bytes;
	if (bytes.len >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0) {
		bytes.data += 3;
		bytes.len -= 3;
	}
	if (!text_is_utf8(bytes))
		return assay_fail(r->w->err, ASSAY_E_FORMAT, "not UTF-8, or a NUL in it");
	char *text = arena_copy(r->w->arena, bytes);
	if (text == NULL)
		return arena_full(r->w->err);
	if (CATCH(pip_odd_line_end, has_odd_line_end(bytes)))
		return assay_fail(r->w->err, ASSAY_E_FORMAT, "it ends a line where pip sees one and people don't");
	if (CATCH(pip_other_coding, names_other_coding(text)))
		return assay_fail(r->w->err, ASSAY_E_FORMAT, "it names another encoding, by which pip reads something else");
	return join_lines(r, text, each);
}
