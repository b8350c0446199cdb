/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading manifests. What is read has one spelling alone, so that two people who see the same files sign the same bytes, and so
 * that what one program takes for an entry no other takes for something else.
 */
#include <assay/manifest.h>

#include <string.h>

#include "catch.h"
#include "manifest_text.h"

#define FIRST "assay-manifest "
#define FIRST_LEN (sizeof FIRST - 1)

/* The fields of the line at hand that weren't read yet. */
struct fields {
	unsigned char *data;
	size_t len;
	size_t at;
};

void
assay_manifest_begin(struct assay_manifest *m)
{
	m->line_len = 0;
	m->line_whole = false;
	m->last_len = 0;
	m->last_type = ASSAY_ENTRY_FOLDER;
	m->lines = m->files = m->folders = m->links = 0;
	m->failed = ASSAY_OK;
}

/* Remembers that it failed, and says in which line. */
static enum assay_status
fail_at(struct assay_manifest *m, enum assay_status status, size_t column, const char *what, struct assay_error *err)
{
	const uint64_t line = m->lines + 1;
	m->failed = status;
	(void)assay_fail(err, status, "manifest: %s", what);
	return assay_error_at(err, status, NULL, line > UINT32_MAX ? 0 : (unsigned)line, (unsigned)column);
}

/* ---- fields ---- */

/* What goes up to the next space; false when the line is used up. Its last field ends with it. */
static bool
next_field(struct fields *f, bool is_last, struct assay_span *ret_field)
{
	if (f->at >= f->len)
		return false;
	const unsigned char *start = f->data + f->at;
	const unsigned char *space = memchr(start, ' ', f->len - f->at);
	if (is_last != (space == NULL))
		return false;
	const size_t len = space == NULL ? f->len - f->at : (size_t)(space - start);
	*ret_field = (struct assay_span) { start, len };
	f->at += len + (space != NULL);
	return len > 0;
}

/* A SHA-256, and the space behind it. */
static bool
read_digest(struct fields *f, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	const size_t len = (size_t)2 * ASSAY_SHA256_SIZE;
	if (f->len - f->at <= len || f->data[f->at + len] != ' ')
		return false;
	const struct assay_span digits = { f->data + f->at, len };
	f->at += len + 1;
	return manifest_unhex(digits, ret_digest);
}

static bool
read_mode(struct assay_span s, unsigned *ret_mode)
{
	unsigned mode = 0;
	if (s.len != 4)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '7')
			return false;
		mode = mode * 8 + (unsigned)(s.data[i] - '0');
	}
	*ret_mode = mode;
	return true;
}

static bool
read_size(struct assay_span s, uint64_t *ret_size)
{
	uint64_t size = 0;
	if (s.len == 0 || s.len > 19 || (s.len > 1 && s.data[0] == '0'))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
		size = size * 10 + (uint64_t)(s.data[i] - '0');
	}
	*ret_size = size;
	return size <= INT64_MAX;
}

static bool
read_caps(struct assay_span s, struct assay_manifest_entry *e)
{
	e->caps_len = 0;
	if (s.len == 1 && s.data[0] == '-')
		return true;
	if (s.len % 2 != 0 || !manifest_caps_ok(s.len / 2) || !manifest_unhex(s, e->caps))
		return false;
	e->caps_len = s.len / 2;
	return true;
}

/* Undoes the escapes in place: what comes out is never longer. */
static bool
read_name(struct fields *f, bool is_last, struct assay_span *ret_name)
{
	struct assay_span raw;
	if (!next_field(f, is_last, &raw))
		return false;
	unsigned char *out = f->data + (raw.data - f->data);
	size_t len = 0;
	for (size_t i = 0; i < raw.len; i++) {
		unsigned char c = raw.data[i];
		if (c == '%') {
			if (raw.len - i < 3 || !manifest_escape_value(raw.data + i + 1, &c))
				return false;
			if (CATCH(manifest_spelling, c == '\0' || !manifest_is_escaped(c)))
				return false;
			i += 2;
		} else if (manifest_is_escaped(c)) {
			return false;
		}
		out[len++] = c;
	}
	*ret_name = (struct assay_span) { out, len };
	return true;
}

/* ---- lines ---- */

static const char *
read_folder(struct fields *f, struct assay_manifest_entry *e)
{
	struct assay_span mode;
	if (!next_field(f, false, &mode) || !read_mode(mode, &e->mode))
		return "the mode of a folder is not four octal digits";
	return read_name(f, true, &e->path) ? NULL : "the path is not written as it has to be";
}

static const char *
read_file(struct fields *f, struct assay_manifest_entry *e)
{
	struct assay_span mode, size, caps;
	if (!next_field(f, false, &mode) || !read_mode(mode, &e->mode))
		return "the mode of a file is not four octal digits";
	if (!next_field(f, false, &size) || !read_size(size, &e->size))
		return "the size of a file is not a decimal number";
	if (!read_digest(f, e->sha256) || !read_digest(f, e->verity))
		return "a digest is not 64 hexadecimal digits in lower case";
	if (!next_field(f, false, &caps) || !read_caps(caps, e))
		return "the capabilities of a file are neither '-' nor the attribute in hexadecimal";
	return read_name(f, true, &e->path) ? NULL : "the path is not written as it has to be";
}

static const char *
read_link(struct fields *f, struct assay_manifest_entry *e)
{
	if (!read_name(f, false, &e->path))
		return "the path is not written as it has to be";
	if (!read_name(f, true, &e->target) || e->target.len > ASSAY_MANIFEST_TARGET_MAX)
		return "where the link leads is not written as it has to be";
	return NULL;
}

static const struct {
	char letter;
	enum assay_entry_type type;
	const char *(*read)(struct fields *f, struct assay_manifest_entry *e);
} kinds[] = {
	{ 'd', ASSAY_ENTRY_FOLDER, read_folder },
	{ 'f', ASSAY_ENTRY_FILE, read_file },
	{ 'l', ASSAY_ENTRY_LINK, read_link },
};

static const char *
read_entry(struct fields *f, struct assay_manifest_entry *e)
{
	struct assay_span letter;
	if (next_field(f, false, &letter) && letter.len == 1) {
		for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
			if (letter.data[0] != (unsigned char)kinds[i].letter)
				continue;
			e->type = kinds[i].type;
			return kinds[i].read(f, e);
		}
	}
	return "the line does not begin with 'd ', 'f ' or 'l '";
}

/*
 * Sorted so, all that is in a folder comes right behind it. So the folder of a path has been listed just when it is the path
 * before, or one that leads to that.
 */
static bool
folder_is_listed(const struct assay_manifest *m, struct assay_span path)
{
	size_t len = path.len;
	while (len > 0 && path.data[len - 1] != '/')
		len--;
	if (len == 0)
		return true;
	len--;
	if (m->last_len < len || memcmp(m->last, path.data, len) != 0)
		return false;
	return m->last_len == len ? m->last_type == ASSAY_ENTRY_FOLDER : m->last[len] == '/';
}

static const char *
check_place(const struct assay_manifest *m, struct assay_span path)
{
	const struct assay_span last = { m->last, m->last_len };
	const char *fault = assay_manifest_path_fault(path);
	if (CATCH(manifest_path, fault != NULL))
		return fault;
	const int order = m->last_len == 0 ? -1 : assay_manifest_order(last, path);
	if (CATCH(manifest_twice, order == 0))
		return "an entry stands twice";
	if (CATCH(manifest_order, order > 0))
		return "an entry is out of order";
	if (CATCH(manifest_folder, !folder_is_listed(m, path)))
		return "the folder of an entry is not listed before it";
	return NULL;
}

static void
count(struct assay_manifest *m, const struct assay_manifest_entry *e)
{
	memcpy(m->last, e->path.data, e->path.len);
	m->last_len = e->path.len;
	m->last_type = e->type;
	m->files += e->type == ASSAY_ENTRY_FILE;
	m->folders += e->type == ASSAY_ENTRY_FOLDER;
	m->links += e->type == ASSAY_ENTRY_LINK;
}

static enum assay_status
take_entry(struct assay_manifest *m, struct assay_manifest_entry *ret_entry, struct assay_error *err)
{
	struct assay_manifest_entry e = { .type = ASSAY_ENTRY_FOLDER };
	struct fields f = { m->line, m->line_len, 0 };
	if (m->lines > ASSAY_MANIFEST_ENTRIES_MAX)
		return fail_at(m, ASSAY_E_LIMIT, 0, "more entries than are read", err);
	const char *fault = read_entry(&f, &e);
	if (fault != NULL)
		return fail_at(m, ASSAY_E_FORMAT, f.at + 1, fault, err);
	fault = check_place(m, e.path);
	if (fault != NULL)
		return fail_at(m, ASSAY_E_FORMAT, 0, fault, err);
	count(m, &e);
	*ret_entry = e;
	return ASSAY_OK;
}

static enum assay_status
take_first(struct assay_manifest *m, struct assay_error *err)
{
	const unsigned char *digits = m->line + FIRST_LEN;
	bool number = m->line_len > FIRST_LEN && memcmp(m->line, FIRST, FIRST_LEN) == 0 && digits[0] != '0';
	for (size_t i = FIRST_LEN; i < m->line_len && number; i++)
		number = m->line[i] >= '0' && m->line[i] <= '9';
	if (!number)
		return fail_at(m, ASSAY_E_FORMAT, 1, "the first line is not '" FIRST "1'", err);
	if (m->line_len == FIRST_LEN + 1 && digits[0] == '1')
		return ASSAY_OK;
	return fail_at(m, ASSAY_E_VERSION, FIRST_LEN + 1, "of a later format than this program knows", err);
}

/* Takes what belongs to the line at hand; *ret_whole when its end was there. */
static enum assay_status
gather(struct assay_manifest *m, struct assay_span *in, bool *ret_whole, struct assay_error *err)
{
	if (m->line_whole)
		m->line_len = 0;
	m->line_whole = false;
	const unsigned char *end = in->len == 0 ? NULL : memchr(in->data, '\n', in->len);
	const size_t len = end == NULL ? in->len : (size_t)(end - in->data);
	if (len >= ASSAY_MANIFEST_LINE_MAX - m->line_len)
		return fail_at(m, ASSAY_E_LIMIT, ASSAY_MANIFEST_LINE_MAX, "a line is longer than any may be", err);
	if (len > 0)
		memcpy(m->line + m->line_len, in->data, len);
	m->line_len += len;
	const size_t used = len + (end != NULL);
	in->data = used == 0 ? in->data : in->data + used;
	in->len -= used;
	m->line_whole = *ret_whole = end != NULL;
	return ASSAY_OK;
}

enum assay_status
assay_manifest_next(struct assay_manifest *m, struct assay_span *in, bool *ret_is,
    struct assay_manifest_entry *ret_entry, struct assay_error *err)
{
	bool is = false;
	if (m->failed != ASSAY_OK)
		return assay_fail(err, m->failed, "manifest: it has failed before");
	while (!is) {
		bool whole = false;
		enum assay_status status = gather(m, in, &whole, err);
		if (status == ASSAY_OK && whole)
			status = m->lines == 0 ? take_first(m, err) : take_entry(m, ret_entry, err);
		if (status != ASSAY_OK)
			return status;
		if (!whole)
			break;
		is = m->lines++ > 0;
	}
	*ret_is = is;
	return ASSAY_OK;
}

enum assay_status
assay_manifest_end(struct assay_manifest *m, struct assay_error *err)
{
	if (m->failed != ASSAY_OK)
		return assay_fail(err, m->failed, "manifest: it has failed before");
	if (m->lines == 0)
		return fail_at(m, ASSAY_E_FORMAT, 1, "it has no first line", err);
	if (CATCH(manifest_cut, !m->line_whole && m->line_len > 0))
		return fail_at(m, ASSAY_E_FORMAT, m->line_len, "the last line has no end: it was cut off", err);
	return ASSAY_OK;
}
