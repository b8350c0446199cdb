/* SPDX-License-Identifier: Apache-2.0 */
/* tar as others write it: v7, ustar, pax (POSIX.1-2001), GNU's long names and base-256 numbers. */
#include "inside.h"

#include <base/cleanup.h>
#include <base/text.h>

#define BLOCK 512u
#define PAX_MAX (1u << 20)

struct tar_work {
	struct inside *w;
	const struct within *a;
	uint64_t at;
	char *name, *link;       /* what the next header is called, by a header before it; or NULL */
	uint64_t size;
	bool has_size;
	bool sparse;
};

/* Octal digits, or with the first bit set a number of bytes. */
static bool
number(const unsigned char *p, size_t len, uint64_t *ret_value)
{
	uint64_t v = 0;
	size_t i = 0;
	if ((p[0] & 0x80) != 0) {
		for (v = p[0] & 0x7f, i = 1; i < len; i++) {
			if (v >> 55 != 0)
				return false;
			v = v << 8 | p[i];
		}
		*ret_value = v;
		return true;
	}
	while (i < len && p[i] == ' ')
		i++;
	for (; i < len && p[i] >= '0' && p[i] <= '7'; i++) {
		if (v >> 60 != 0)
			return false;
		v = v << 3 | (p[i] - (unsigned)'0');
	}
	*ret_value = v;
	return i == len || p[i] == 0 || p[i] == ' ';
}

static bool
sum_holds(const unsigned char *h)
{
	uint64_t said = 0;
	unsigned plain = 0;
	int with_sign = 0;
	for (size_t i = 0; i < BLOCK; i++) {
		const unsigned char c = i >= 148 && i < 156 ? ' ' : h[i];
		plain += c;
		with_sign += c < 128 ? c : (int)c - 256;
	}
	return number(h + 148, 8, &said) && (said == plain || (with_sign >= 0 && said == (unsigned)with_sign));
}

enum seal_known
look_tar(struct look *l)
{
	static const unsigned char nothing[8];
	const bool said = look_is(l, 257, "ustar", 5);
	if (!look_has(l, 0, BLOCK))
		return said ? look_short(l) : SEAL_NOT;
	/* Without the word, a sum that holds over a name and a mode. */
	const bool holds = sum_holds(l->bytes.data) && memcmp(l->bytes.data + 148, nothing, 8) != 0 && l->bytes.data[0] != 0;
	return said && !holds ? SEAL_LYING : holds ? SEAL_BY_BYTES : SEAL_NOT;
}

static char *
field(struct tar_work *t, const unsigned char *p, size_t len)
{
	return arena_copy(t->w->arena, (struct assay_span){ p, strnlen((const char *)p, len) });
}

static bool
is_key(struct assay_span s, const char *key)
{
	return assay_span_equal(s, assay_span_str(key));
}

static bool
take_pax(struct tar_work *t, struct assay_span key, struct assay_span value)
{
	const bool path = is_key(key, "path"), link = is_key(key, "linkpath");
	if ((path || link) && memchr(value.data, 0, value.len) != NULL)
		return false;
	if (path)
		t->name = arena_copy(t->w->arena, value);
	if (link)
		t->link = arena_copy(t->w->arena, value);
	if (is_key(key, "size"))
		t->has_size = text_to_u64(value, &t->size) == ASSAY_OK;
	t->sparse = t->sparse || (key.len > 11 && memcmp(key.data, "GNU.sparse.", 11) == 0);
	return true;
}

/* "LENGTH KEY=VALUE\n" again and again. False when it isn't that. */
static bool
read_pax(struct tar_work *t, struct assay_span s)
{
	while (s.len > 0 && s.data[0] != 0) {
		const unsigned char *blank = memchr(s.data, ' ', s.len);
		uint64_t len = 0;
		if (blank == NULL || text_to_u64((struct assay_span){ s.data, (size_t)(blank - s.data) }, &len) != ASSAY_OK)
			return false;
		const size_t head = (size_t)(blank - s.data) + 1;
		if (len > s.len || len < head + 2 || s.data[len - 1] != '\n')
			return false;
		const unsigned char *sign = memchr(s.data + head, '=', (size_t)len - head);
		if (sign == NULL)
			return false;
		const struct assay_span key = { s.data + head, (size_t)(sign - s.data) - head };
		const struct assay_span value = { sign + 1, (size_t)len - (size_t)(sign - s.data) - 2 };
		if (!take_pax(t, key, value))
			return false;
		s = (struct assay_span){ s.data + len, s.len - (size_t)len };
	}
	return true;
}

static enum seal_type
type_of(unsigned char flag, const char *name)
{
	const size_t len = strlen(name);
	switch (flag) {
	case '1':
	case '2':
		return SEAL_TYPE_LINK;
	case '3':
	case '4':
		return SEAL_TYPE_DEVICE;
	case '5':
		return SEAL_TYPE_FOLDER;
	case '6':
		return SEAL_TYPE_FIFO;
	default:
		return flag == 0 && len > 0 && name[len - 1] == '/' ? SEAL_TYPE_FOLDER : SEAL_TYPE_FILE;
	}
}

/* Name and target by the header, unless headers before it said them. */
static enum assay_status
names(struct tar_work *t, const unsigned char *h, struct assay_error *err)
{
	const bool posix = memcmp(h + 257, "ustar\0", 6) == 0;
	if (t->name == NULL)
		t->name = posix && h[345] != 0 ? arena_printf(t->w->arena, "%.155s/%.100s", (const char *)h + 345, (const char *)h)
		                               : field(t, h, 100);
	if (t->link == NULL)
		t->link = field(t, h + 157, 100);
	return t->name == NULL || t->link == NULL ? arena_full(err) : ASSAY_OK;
}

static enum assay_status
member(struct tar_work *t, const unsigned char *h, uint64_t size, bool *ret_more, struct assay_error *err)
{
	uint64_t mode = 0;
	TRY(names(t, h, err));
	struct seal_file f = { .path = t->name, .type = type_of(h[156], t->name), .size = size };
	if (!number(h + 100, 8, &mode))
		TRY(inside_problem(t->w, SEAL_INSIDE_MALFORMED, t->a->path, err));
	f.mode = (uint32_t)(mode & 07777);
	if (f.type == SEAL_TYPE_LINK)
		f.target = t->link;
	/* A hard link's target is a name of the archive, from its root. */
	if (h[156] == '1' && seal_leads_out("", t->link) && !seal_leads_out(t->name, t->link))
		TRY(inside_problem(t->w, SEAL_INSIDE_LINK_OUT, t->a->path, err));
	if (f.type == SEAL_TYPE_FILE) {
		const uint64_t given = t->a->bytes.len - t->at;
		f.bytes = (struct assay_span){ t->a->bytes.data + t->at, (size_t)(size < given ? size : given) };
		if (t->sparse)
			TRY(inside_problem(t->w, SEAL_INSIDE_NOT_OPENED, t->a->path, err));
	} else {
		f.size = 0;
	}
	TRY(inside_member(t->w, t->a, &f, ret_more, err));
	t->name = t->link = NULL;
	t->has_size = t->sparse = false;
	return ASSAY_OK;
}

/* A header that says something of the next one: true when it was one. */
static bool
extended(struct tar_work *t, const unsigned char *h, uint64_t size, bool *ret_sound)
{
	const uint64_t given = t->a->bytes.len - t->at;
	const struct assay_span s = { t->a->bytes.data + t->at, (size_t)(size < given ? size : given) };
	if (strchr("xXgLKSVMN", h[156]) == NULL || h[156] == 0)
		return false;
	*ret_sound = size <= PAX_MAX && size <= given;
	if (!*ret_sound)
		return true;
	switch (h[156]) {
	case 'x':
	case 'X':
	case 'g':
		*ret_sound = read_pax(t, s);
		return true;
	case 'L':
		t->name = field(t, s.data, s.len);
		*ret_sound = t->name != NULL;
		return true;
	case 'K':
		t->link = field(t, s.data, s.len);
		*ret_sound = t->link != NULL;
		return true;
	case 'S':
		t->sparse = true;
		return false;
	default:
		return true;
	}
}

static bool
all_zero(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] != 0)
			return false;
	}
	return true;
}

/* Behind the end there is nothing but padding: programs that are asked to read on would find more. */
static enum assay_status
at_end(struct tar_work *t, struct assay_error *err)
{
	const struct assay_span b = t->a->bytes;
	const bool clean = all_zero(b.data + t->at, (size_t)(b.len - t->at));
	return clean ? ASSAY_OK : inside_problem(t->w, SEAL_INSIDE_INCONSISTENT, t->a->path, err);
}

enum assay_status
inside_tar(struct inside *w, const struct within *a, struct assay_error *err)
{
	struct tar_work t = { .w = w, .a = a };
	bool more = true;
	while (more && a->bytes.len - t.at >= BLOCK) {
		const unsigned char *h = a->bytes.data + t.at;
		uint64_t size = 0;
		bool sound = true;
		if (all_zero(h, BLOCK))
			return at_end(&t, err);
		t.at += BLOCK;
		if (!sum_holds(h) || !number(h + 124, 12, &size))
			return inside_problem(w, SEAL_INSIDE_MALFORMED, a->path, err);
		if (!extended(&t, h, size, &sound)) {
			size = t.has_size ? t.size : size;
			if (type_of(h[156], "") != SEAL_TYPE_FILE)
				size = 0;
			TRY(member(&t, h, size, &more, err));
		}
		const uint64_t left = a->bytes.len - t.at;
		if (!sound || size > left || (size + BLOCK - 1) / BLOCK * BLOCK > left)
			return inside_problem(w, SEAL_INSIDE_MALFORMED, a->path, err);
		t.at += (size + BLOCK - 1) / BLOCK * BLOCK;
	}
	/* It ends without its end: cut, or written by somebody who leaves that out. */
	return more ? inside_problem(w, SEAL_INSIDE_MALFORMED, a->path, err) : ASSAY_OK;
}
