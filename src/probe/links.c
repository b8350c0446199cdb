/* SPDX-License-Identifier: Apache-2.0 */
#include "links.h"

#include <base/cleanup.h>
#include <base/text.h>

#define MODE_GITLINK 0160000u
#define MODE_FOLDER 0040000u

enum assay_status
oid_parse_any(struct assay_span hex, enum oid_algo algo, struct oid *ret_id)
{
	struct oid id = { { 0 } };
	if (hex.len != oid_size(algo) * 2)
		return ASSAY_E_FORMAT;
	TRY(text_unhex(hex, id.b, oid_size(algo)));
	*ret_id = id;
	return ASSAY_OK;
}

/* Reads "WORD ID LF" at *cursor. */
static bool
read_line(struct assay_span bytes, const char *word, enum oid_algo algo, size_t *cursor,
    struct oid *ret_id)
{
	const size_t word_len = strlen(word);
	const size_t hex = oid_size(algo) * 2;
	const unsigned char *at = bytes.data + *cursor;
	if (bytes.len - *cursor < word_len + hex + 1 || memcmp(at, word, word_len) != 0
	    || at[word_len + hex] != '\n'
	    || oid_parse_any((struct assay_span) { at + word_len, hex }, algo, ret_id) != ASSAY_OK)
		return false;
	*cursor += word_len + hex + 1;
	return true;
}

static enum assay_status
next_of_commit(struct assay_span bytes, enum oid_algo algo, size_t *cursor, struct link *link,
    struct assay_error *err)
{
	if (*cursor == 0) {
		*link = (struct link) { .type = GIT_TREE };
		if (!read_line(bytes, "tree ", algo, cursor, &link->id))
			return assay_fail(err, ASSAY_E_FORMAT, "commit does not begin with its tree");
		return ASSAY_OK;
	}
	struct link parent = { .type = GIT_COMMIT, .parent = true };
	if (!read_line(bytes, "parent ", algo, cursor, &parent.id))
		return ASSAY_E_NOT_FOUND;
	*link = parent;
	return ASSAY_OK;
}

static enum assay_status
next_of_tag(struct assay_span bytes, enum oid_algo algo, size_t *cursor, struct link *link,
    struct assay_error *err)
{
	static const char type_word[] = "type ";
	if (*cursor != 0)
		return ASSAY_E_NOT_FOUND;
	struct link target = { .parent = false };
	if (!read_line(bytes, "object ", algo, cursor, &target.id))
		return assay_fail(err, ASSAY_E_FORMAT, "tag does not begin with its target");
	struct assay_span rest = { bytes.data + *cursor, bytes.len - *cursor };
	const unsigned char *end = rest.len == 0 ? NULL : memchr(rest.data, '\n', rest.len);
	const size_t word_len = sizeof(type_word) - 1;
	if (end == NULL || (size_t)(end - rest.data) <= word_len
	    || memcmp(rest.data, type_word, word_len) != 0)
		return assay_fail(err, ASSAY_E_FORMAT, "tag does not say what its target is");
	struct assay_span name = { rest.data + word_len, (size_t)(end - rest.data) - word_len };
	if (git_type_parse(name, &target.type) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_FORMAT, "tag of a target of unknown type");
	*link = target;
	return ASSAY_OK;
}

static enum assay_status
next_of_tree(struct assay_span bytes, enum oid_algo algo, size_t *cursor, struct link *link,
    struct assay_error *err)
{
	struct git_tree_entry e;
	do
		TRY(git_tree_next(bytes, algo, cursor, &e, err));
	while (e.mode == MODE_GITLINK); /* a commit of another repository */
	*link = (struct link) { .id = e.id, .name = e.name,
		.type = e.mode == MODE_FOLDER ? GIT_TREE : GIT_BLOB };
	return ASSAY_OK;
}

enum assay_status
links_next(enum git_type type, struct assay_span bytes, enum oid_algo algo, size_t *cursor,
    struct link *ret_link, struct assay_error *err)
{
	switch (type) {
	case GIT_COMMIT:
		return next_of_commit(bytes, algo, cursor, ret_link, err);
	case GIT_TAG:
		return next_of_tag(bytes, algo, cursor, ret_link, err);
	case GIT_TREE:
		return next_of_tree(bytes, algo, cursor, ret_link, err);
	case GIT_BLOB:
		break;
	}
	return ASSAY_E_NOT_FOUND;
}

bool
is_empty_tree(const struct oid *id, enum oid_algo algo)
{
	static const struct oid sha1 = { { 0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e, 0xb9, 0xa0, 0x60,
		0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88, 0xfb, 0xee, 0x49, 0x04 } };
	static const struct oid sha256 = { { 0x6e, 0xf1, 0x9b, 0x41, 0x22, 0x5c, 0x53, 0x69, 0xf1, 0xc1,
		0x04, 0xd4, 0x5d, 0x8d, 0x85, 0xef, 0xa9, 0xb0, 0x57, 0xb5, 0x3b, 0x14, 0xb4, 0xb9, 0xb9,
		0x39, 0xdd, 0x74, 0xde, 0xcc, 0x53, 0x21 } };
	return oid_compare(id, algo == OID_SHA1 ? &sha1 : &sha256) == 0;
}
