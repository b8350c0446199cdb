/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths in manifests: which there can be, in which order, and how they are written.
 */
#include <string.h>

#include "manifest_text.h"

static const char upper[] = "0123456789ABCDEF";
static const char lower[] = "0123456789abcdef";
/* What a digit stands for, and one more. */
static const unsigned char upper_values[256] = { ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7,
	['7'] = 8, ['8'] = 9, ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16 };

bool
manifest_is_escaped(unsigned char c)
{
	return c <= 0x20 || c >= 0x7f || c == '%';
}

bool
manifest_escape_value(const unsigned char digits[2], unsigned char *ret_byte)
{
	const unsigned high = upper_values[digits[0]], low = upper_values[digits[1]];
	if (high == 0 || low == 0)
		return false;
	*ret_byte = (unsigned char)((high - 1) << 4 | (low - 1));
	return true;
}

/* 1 for what is no digit. */
static unsigned char
is_no_digit(unsigned char c)
{
	return (unsigned char)((unsigned char)(c - '0') > 9) & (unsigned char)((unsigned char)(c - 'a') > 5);
}

/* Most of a manifest is digits: all of them are looked at whatever they are, without a branch, for compilers to take many at once. */
bool
manifest_unhex(struct assay_span hex, unsigned char *out)
{
	unsigned char bad = 0;
	for (size_t i = 0; i < hex.len / 2; i++) {
		const unsigned char high = hex.data[2 * i], low = hex.data[2 * i + 1];
		bad |= is_no_digit(high) | is_no_digit(low);
		/* The letters begin behind 64, and at 1. */
		out[i] = (unsigned char)((high + 9 * (high >> 6)) << 4 | ((low + 9 * (low >> 6)) & 15));
	}
	return bad == 0 && hex.len % 2 == 0;
}

bool
manifest_caps_ok(size_t len)
{
	return len == 12 || len == 20 || len == 24;
}

/* '/' comes before every other byte: so a folder's entries stand right behind it. */
static int
rank(unsigned char c)
{
	return c == '/' ? -1 : (int)c;
}

int
assay_manifest_order(struct assay_span a, struct assay_span b)
{
	const size_t shorter = a.len < b.len ? a.len : b.len;
	size_t i = 0;
	while (i < shorter && a.data[i] == b.data[i])
		i++;
	if (i < shorter)
		return rank(a.data[i]) - rank(b.data[i]);
	return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static const char *
component_fault(const unsigned char *name, size_t len)
{
	if (len == 0)
		return "a path has an empty component";
	if (len > ASSAY_MANIFEST_NAME_MAX)
		return "a name is longer than 255 bytes";
	if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')))
		return "a path has '.' or '..' as a component";
	return memchr(name, '\0', len) == NULL ? NULL : "a path holds a NUL";
}

const char *
assay_manifest_path_fault(struct assay_span path)
{
	size_t start = 0, depth = 0;
	if (path.len == 0 || path.len > ASSAY_MANIFEST_PATH_MAX)
		return path.len == 0 ? "a path is empty" : "a path is longer than 4096 bytes";
	while (start <= path.len) {
		const unsigned char *slash = start == path.len ? NULL : memchr(path.data + start, '/', path.len - start);
		const size_t len = slash == NULL ? path.len - start : (size_t)(slash - path.data) - start;
		const char *fault = component_fault(path.data + start, len);
		if (fault != NULL)
			return fault;
		if (++depth > ASSAY_MANIFEST_DEPTH_MAX)
			return "a path is more than 256 components deep";
		start += len + 1;
	}
	return NULL;
}

/* ---- writing ---- */

struct line {
	char *out;
	size_t room, len;
};

/* One byte short of the room is kept for the NUL. */
static void
put(struct line *l, char c)
{
	if (l->len + 1 < l->room)
		l->out[l->len] = c;
	l->len++;
}

static void
put_text(struct line *l, const char *text)
{
	for (; *text != '\0'; text++)
		put(l, *text);
}

static void
put_hex(struct line *l, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		put(l, lower[bytes[i] >> 4]);
		put(l, lower[bytes[i] & 15]);
	}
}

static void
put_name(struct line *l, struct assay_span name)
{
	put(l, ' ');
	for (size_t i = 0; i < name.len; i++) {
		const unsigned char c = name.data[i];
		if (manifest_is_escaped(c)) {
			put(l, '%');
			put(l, upper[c >> 4]);
			put(l, upper[c & 15]);
		} else {
			put(l, (char)c);
		}
	}
}

static void
put_mode(struct line *l, unsigned mode)
{
	put(l, ' ');
	for (unsigned shift = 12; shift > 0; shift -= 3)
		put(l, (char)('0' + (mode >> (shift - 3) & 7)));
}

static void
put_number(struct line *l, uint64_t number)
{
	char digits[20];
	size_t count = 0;
	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put(l, ' ');
	while (count > 0)
		put(l, digits[--count]);
}

static void
put_file(struct line *l, const struct assay_manifest_entry *e)
{
	put_mode(l, e->mode);
	put_number(l, e->size);
	put(l, ' ');
	put_hex(l, e->sha256, sizeof e->sha256);
	put(l, ' ');
	put_hex(l, e->verity, sizeof e->verity);
	put(l, ' ');
	if (e->caps_len == 0)
		put(l, '-');
	put_hex(l, e->caps, e->caps_len);
}

static const char *
entry_fault(const struct assay_manifest_entry *e)
{
	const char *fault = assay_manifest_path_fault(e->path);
	if (fault != NULL)
		return fault;
	if (e->type != ASSAY_ENTRY_LINK && e->mode > 07777)
		return "a mode has more than the permission bits";
	if (e->type == ASSAY_ENTRY_FILE && (e->size > INT64_MAX || (e->caps_len > 0 && !manifest_caps_ok(e->caps_len))))
		return "a size or an attribute is none that a file has";
	if (e->type == ASSAY_ENTRY_LINK && (e->target.len == 0 || e->target.len > ASSAY_MANIFEST_TARGET_MAX ||
	    memchr(e->target.data, '\0', e->target.len) != NULL))
		return "a link leads to no path";
	return NULL;
}

enum assay_status
assay_manifest_line(const struct assay_manifest_entry *entry, char *out, size_t room, size_t *ret_len,
    struct assay_error *err)
{
	struct line l = { out, room, 0 };
	const char *fault = entry_fault(entry);
	if (fault != NULL)
		return assay_fail(err, ASSAY_E_USAGE, "manifest: %s", fault);
	put_text(&l, entry->type == ASSAY_ENTRY_FILE ? "f" : entry->type == ASSAY_ENTRY_LINK ? "l" : "d");
	if (entry->type == ASSAY_ENTRY_FILE)
		put_file(&l, entry);
	else if (entry->type == ASSAY_ENTRY_FOLDER)
		put_mode(&l, entry->mode);
	put_name(&l, entry->path);
	if (entry->type == ASSAY_ENTRY_LINK)
		put_name(&l, entry->target);
	put(&l, '\n');
	if (l.len + 1 > room)
		return assay_fail(err, ASSAY_E_LIMIT, "manifest: no room for a line of %zu bytes", l.len);
	out[l.len] = '\0';
	*ret_len = l.len;
	return ASSAY_OK;
}
