/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/gitobj.h>

#include <base/cleanup.h>

#define MODE_TREE 040000u

/* git writes five of them; 100664 stands in trees of its first months, and 040000 in those of other programs. */
static const uint32_t modes[] = { MODE_TREE, 0100644, 0100755, 0100664, 0120000, 0160000 };

static bool
known_mode(uint32_t mode)
{
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		if (modes[i] == mode)
			return true;
	}
	return false;
}

static enum assay_status
parse_mode(const unsigned char *digits, size_t count, uint32_t *ret_mode, struct assay_error *err)
{
	uint32_t mode = 0;
	for (size_t i = 0; i < count; i++) {
		if (digits[i] < '0' || digits[i] > '7' || count > 6)
			return assay_fail(err, ASSAY_E_FORMAT, "tree entry with a bad mode");
		mode = mode * 8 + (uint32_t)(digits[i] - '0');
	}
	if (!known_mode(mode))
		return assay_fail(err, ASSAY_E_FORMAT, "tree entry of unknown mode %o", mode);
	*ret_mode = mode;
	return ASSAY_OK;
}

static bool
is_name(struct assay_span name, const char *text)
{
	return assay_span_equal(name, assay_span_str(text));
}

static enum assay_status
check_name(struct assay_span name, struct assay_error *err)
{
	if (name.len == 0)
		return assay_fail(err, ASSAY_E_FORMAT, "tree entry without a name");
	if (memchr(name.data, '/', name.len) != NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "tree entry with '/' in its name");
	if (is_name(name, ".") || is_name(name, "..") || is_name(name, ".git"))
		return assay_fail(err, ASSAY_E_FORMAT, "tree entry named '%.*s'", (int)name.len,
		    (const char *)name.data);
	return ASSAY_OK;
}

static enum assay_status
read_entry(struct assay_span raw, enum oid_algo algo, size_t *cursor,
    struct git_tree_entry *ret_entry, struct assay_error *err)
{
	const unsigned char *at = raw.data + *cursor;
	size_t left = raw.len - *cursor;
	struct git_tree_entry e = { 0 };
	const unsigned char *space = memchr(at, ' ', left);
	if (space == NULL || space == at)
		return assay_fail(err, ASSAY_E_FORMAT, "tree entry without a mode");
	TRY(parse_mode(at, (size_t)(space - at), &e.mode, err));
	const unsigned char *name = space + 1;
	left -= (size_t)(name - at);
	const unsigned char *nul = memchr(name, '\0', left);
	if (nul == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "tree is cut inside a name");
	e.name = (struct assay_span){ name, (size_t)(nul - name) };
	TRY(check_name(e.name, err));
	left -= e.name.len + 1;
	if (left < oid_size(algo))
		return assay_fail(err, ASSAY_E_FORMAT, "tree is cut inside an id");
	memcpy(e.id.b, nul + 1, oid_size(algo));
	*cursor = (size_t)(nul + 1 - raw.data) + oid_size(algo);
	*ret_entry = e;
	return ASSAY_OK;
}

/* The byte at i of the name as git sorts it: a folder's name ends with '/', any other's with NUL. */
static int
sort_byte(const struct git_tree_entry *e, size_t i)
{
	if (i < e->name.len)
		return e->name.data[i];
	return e->mode == MODE_TREE ? '/' : '\0';
}

static bool
in_order(const struct git_tree_entry *a, const struct git_tree_entry *b)
{
	size_t shared = a->name.len < b->name.len ? a->name.len : b->name.len;
	int cmp = memcmp(a->name.data, b->name.data, shared);
	if (cmp != 0)
		return cmp < 0;
	/* Of one name as file and as folder git allows neither order. */
	if (a->name.len == b->name.len)
		return false;
	return sort_byte(a, shared) < sort_byte(b, shared);
}

enum assay_status
git_tree_next(struct assay_span raw, enum oid_algo algo, size_t *cursor,
    struct git_tree_entry *ret_entry, struct assay_error *err)
{
	struct git_tree_entry entry, next;
	size_t at = *cursor;
	if (raw.len > GIT_TREE_SIZE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "tree of %zu bytes, at most %u are read",
		    raw.len, GIT_TREE_SIZE_MAX);
	if (at >= raw.len)
		return ASSAY_E_NOT_FOUND;
	TRY(read_entry(raw, algo, &at, &entry, err));
	if (at < raw.len) {
		size_t ahead = at;
		TRY(read_entry(raw, algo, &ahead, &next, err));
		if (!in_order(&entry, &next))
			return assay_fail(err, ASSAY_E_FORMAT,
			    "tree entries out of order or twice");
	}
	*cursor = at;
	*ret_entry = entry;
	return ASSAY_OK;
}
