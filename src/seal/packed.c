/* SPDX-License-Identifier: Apache-2.0 */
/* gzip (RFC 1952), ar, and cpio's "newc" form, in which the kernel takes its first files. */
#include "inside.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>

#define AR_HEADER 60u
#define CPIO_HEADER 110u

/* gunzip's name for it: without the ending, or of a .tgz the tar. */
static const char *
unpacked_name(struct inside *w, const char *path)
{
	const char *slash = strrchr(path, '/'), *bang = strrchr(path, '!');
	const char *name = slash == NULL || (bang != NULL && bang > slash) ? bang : slash;
	name = name == NULL ? path : name + 1;
	const size_t len = strlen(name);
	if (len > 3 && strcasecmp(name + len - 3, ".gz") == 0)
		return arena_copy(w->arena, (struct assay_span){ (const unsigned char *)name, len - 3 });
	if (len > 4 && strcasecmp(name + len - 4, ".tgz") == 0)
		return arena_printf(w->arena, "%.*s.tar", (int)(len < SEAL_INSIDE_NAME_MAX ? len - 4 : 1), name);
	return arena_str(w->arena, name);
}

enum assay_status
inside_gzip(struct inside *w, const struct within *a, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(SEAL_INSIDE_BYTES_MAX);
	size_t used = 0;
	bool more = false;
	const enum assay_status status = inside_inflate(w, a->bytes, false, &out, &used);
	if (status == ASSAY_E_MEMORY)
		return arena_full(err);
	if (status == ASSAY_E_LIMIT && !w->told_large) {
		w->told_large = true;
		TRY(inside_problem(w, SEAL_INSIDE_TOO_LARGE, a->path, err));
	}
	if (status == ASSAY_E_FORMAT)
		TRY(inside_problem(w, SEAL_INSIDE_MALFORMED, a->path, err));
	/* A second member of gzip follows, which most programs unpack along, or bytes that all pass over. */
	if (status == ASSAY_OK && used < a->bytes.len)
		TRY(inside_problem(w, SEAL_INSIDE_INCONSISTENT, a->path, err));
	struct seal_file f = { .path = unpacked_name(w, a->path), .type = SEAL_TYPE_FILE, .bytes = buf_span(&out) };
	f.size = f.bytes.len + (status == ASSAY_OK ? 0 : 1);
	return f.path == NULL ? arena_full(err) : inside_member(w, a, &f, &more, err);
}

static struct assay_span
trimmed(const unsigned char *p, size_t len)
{
	while (len > 0 && p[len - 1] == ' ')
		len--;
	return (struct assay_span){ p, len };
}

/* A member's name: short ones end in '/', GNU's long ones stand in a table, BSD's before the data. */
static const char *
ar_name(struct inside *w, struct assay_span name, struct assay_span table, struct assay_span *data)
{
	uint64_t n = 0;
	if (name.len > 3 && memcmp(name.data, "#1/", 3) == 0 && text_to_u64((struct assay_span){ name.data + 3, name.len - 3 }, &n) == ASSAY_OK
	    && n <= data->len) {
		const char *text = arena_copy(w->arena, (struct assay_span){ data->data, strnlen((const char *)data->data, (size_t)n) });
		*data = (struct assay_span){ data->data + n, data->len - (size_t)n };
		return text;
	}
	if (name.len > 1 && name.data[0] == '/' && text_to_u64((struct assay_span){ name.data + 1, name.len - 1 }, &n) == ASSAY_OK && n < table.len) {
		size_t len = 0;
		while (n + len < table.len && table.data[n + len] != '\n' && table.data[n + len] != '/')
			len++;
		return arena_copy(w->arena, (struct assay_span){ table.data + n, len });
	}
	if (name.len > 1 && name.data[name.len - 1] == '/')
		name.len--;
	return arena_copy(w->arena, name);
}

static bool
is_table(struct assay_span name)
{
	static const char *const tables[] = { "/", "/SYM64/", "__.SYMDEF", "__.SYMDEF SORTED" };
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		if (assay_span_equal(name, assay_span_str(tables[i])))
			return true;
	}
	return false;
}

enum assay_status
inside_ar(struct inside *w, const struct within *a, struct assay_error *err)
{
	struct assay_span table = { NULL, 0 };
	size_t at = 8;
	bool more = true;
	if (a->bytes.len >= 3 && a->bytes.data[2] == 't')
		return inside_problem(w, SEAL_INSIDE_NOT_OPENED, a->path, err);
	while (more && at < a->bytes.len) {
		const unsigned char *h = a->bytes.data + at;
		uint64_t size = 0;
		if (a->bytes.len - at < AR_HEADER || h[58] != '`' || h[59] != '\n' || text_to_u64(trimmed(h + 48, 10), &size) != ASSAY_OK
		    || size > a->bytes.len - at - AR_HEADER)
			return inside_problem(w, SEAL_INSIDE_MALFORMED, a->path, err);
		const struct assay_span name = trimmed(h, 16);
		struct assay_span data = { h + AR_HEADER, (size_t)size };
		at += AR_HEADER + (size_t)size + (size & 1);
		if (assay_span_equal(name, assay_span_str("//"))) {
			table = data;
		} else if (!is_table(name)) {
			struct seal_file f = { .type = SEAL_TYPE_FILE, .path = ar_name(w, name, table, &data) };
			f.bytes = data;
			f.size = data.len;
			if (f.path == NULL)
				return arena_full(err);
			TRY(inside_member(w, a, &f, &more, err));
		}
	}
	return ASSAY_OK;
}

static bool
cpio_number(const unsigned char *p, uint64_t *ret_value)
{
	unsigned char b[4];
	if (text_unhex((struct assay_span){ p, 8 }, b, 4) != ASSAY_OK)
		return false;
	*ret_value = (uint64_t)b[0] << 24 | (uint64_t)b[1] << 16 | (uint64_t)b[2] << 8 | b[3];
	return true;
}

static enum seal_type
cpio_type(uint64_t mode)
{
	switch (mode & 0170000) {
	case 0040000:
		return SEAL_TYPE_FOLDER;
	case 0120000:
		return SEAL_TYPE_LINK;
	case 0020000:
	case 0060000:
		return SEAL_TYPE_DEVICE;
	case 0010000:
		return SEAL_TYPE_FIFO;
	case 0140000:
		return SEAL_TYPE_SOCKET;
	default:
		return SEAL_TYPE_FILE;
	}
}

/* After the last member comes padding, and maybe another archive, packed or not, that the kernel takes as well. */
static enum assay_status
cpio_end(struct inside *w, const struct within *a, uint64_t at, struct assay_error *err)
{
	for (; at < a->bytes.len; at++) {
		if (a->bytes.data[at] == 0)
			continue;
		struct seal_file f = { .type = SEAL_TYPE_FILE, .path = "(behind the end)", .size = a->bytes.len - at };
		f.bytes = (struct assay_span){ a->bytes.data + at, (size_t)f.size };
		bool more = false;
		return inside_member(w, a, &f, &more, err);
	}
	return ASSAY_OK;
}

struct cpio_entry {
	uint64_t mode, size, name_len, data;
};

static bool
cpio_entry(struct assay_span b, uint64_t at, struct cpio_entry *e)
{
	if (at > b.len || b.len - at < CPIO_HEADER)
		return false;
	const unsigned char *h = b.data + at;
	if (memcmp(h, "07070", 5) != 0 || !cpio_number(h + 14, &e->mode) || !cpio_number(h + 54, &e->size) || !cpio_number(h + 94, &e->name_len))
		return false;
	e->data = (at + CPIO_HEADER + e->name_len + 3) / 4 * 4;
	return e->name_len > 0 && e->name_len <= SEAL_INSIDE_NAME_MAX && e->data <= b.len && e->size <= b.len - e->data;
}

enum assay_status
inside_cpio(struct inside *w, const struct within *a, struct assay_error *err)
{
	uint64_t at = 0;
	bool more = true;
	if (a->bytes.len < 6 || memcmp(a->bytes.data, "07070", 5) != 0 || a->bytes.data[5] == '7')
		return inside_problem(w, SEAL_INSIDE_NOT_OPENED, a->path, err);
	while (more) {
		struct cpio_entry e = { 0 };
		if (!cpio_entry(a->bytes, at, &e))
			return inside_problem(w, SEAL_INSIDE_MALFORMED, a->path, err);
		const unsigned char *name = a->bytes.data + at + CPIO_HEADER;
		const struct assay_span bytes = { a->bytes.data + e.data, (size_t)e.size };
		struct seal_file f = { .type = cpio_type(e.mode), .mode = (uint32_t)(e.mode & 07777) };
		f.path = arena_copy(w->arena, (struct assay_span){ name, strnlen((const char *)name, (size_t)e.name_len) });
		f.target = f.type != SEAL_TYPE_LINK ? NULL : arena_copy(w->arena, bytes);
		if (f.path == NULL || (f.type == SEAL_TYPE_LINK && f.target == NULL))
			return arena_full(err);
		at = (e.data + e.size + 3) / 4 * 4;
		if (strcmp(f.path, "TRAILER!!!") == 0)
			return cpio_end(w, a, at, err);
		if (f.type == SEAL_TYPE_FILE) {
			f.size = e.size;
			f.bytes = bytes;
		}
		TRY(inside_member(w, a, &f, &more, err));
	}
	return ASSAY_OK;
}
