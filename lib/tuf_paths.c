/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For which paths a delegation is trusted: the specification's section 4.5.
 */
#include <string.h>

#include "tuf_inside.h"

/*
 * Brackets mean one thing to a shell and another to who reads '*' and '?' alone; "**" means folders of any depth to
 * some. What could be read in two ways decides nothing.
 */
const char *
tuf_pattern_fault(struct assay_span pattern)
{
	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.data[i] == '[' || pattern.data[i] == ']')
			return "brackets, which are not understood here";
		if (pattern.data[i] == '*' && i + 1 < pattern.len && pattern.data[i + 1] == '*')
			return "'**', which is not understood here: name each depth";
	}
	return NULL;
}

bool
tuf_prefix_ok(struct assay_span prefix)
{
	if (prefix.len == 0 || prefix.len > (size_t)2 * ASSAY_SHA256_SIZE)
		return false;
	for (size_t i = 0; i < prefix.len; i++) {
		unsigned char c = prefix.data[i];
		if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
			return false;
	}
	return true;
}

/* Cuts what stands before the next '/' off the front. */
static struct assay_span
next_part(struct assay_span *from)
{
	const unsigned char *slash = from->len == 0 ? NULL : memchr(from->data, '/', from->len);
	struct assay_span part = { from->data, slash == NULL ? from->len : (size_t)(slash - from->data) };
	size_t cut = part.len + (slash == NULL ? 0 : 1);

	from->data += cut;
	from->len -= cut;
	return part;
}

/* One part of a path against one part of a pattern. Only the last '*' seen needs to be tried longer. */
static bool
part_matches(struct assay_span pattern, struct assay_span text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.data[p] == '*') {
			star = p++;
			resume = t;
		} else if (p < pattern.len && (pattern.data[p] == '?' || pattern.data[p] == text.data[t])) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.data[p] == '*')
		p++;
	return p == pattern.len;
}

static bool
pattern_matches(struct assay_span pattern, struct assay_span path)
{
	while (pattern.len > 0 && path.len > 0) {
		struct assay_span p = next_part(&pattern), t = next_part(&path);
		if (!part_matches(p, t))
			return false;
	}
	return pattern.len == 0 && path.len == 0;
}

bool
assay_tuf_covers(const struct assay_tuf_role *role, struct assay_span path)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[ASSAY_TUF_HEX_SIZE];
	struct assay_span item, text;
	size_t cursor = 0;

	if (!tuf_path_ok(path))
		return false;
	while (cj_next_item(role->paths, &cursor, &item)) {
		if (cj_text(item, &text) && pattern_matches(text, path))
			return true;
	}
	if (role->prefixes.len == 0 || assay_sha256(path, digest) != ASSAY_OK)
		return false;
	tuf_hex(digest, sizeof digest, hex);
	cursor = 0;
	while (cj_next_item(role->prefixes, &cursor, &item)) {
		if (cj_text(item, &text) && tuf_prefix_ok(text) && memcmp(hex, text.data, text.len) == 0)
			return true;
	}
	return false;
}
