/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Root trees of a whole history. What the folder assay/ was at a commit is proved by its root tree and nothing less, and a root tree
 * differs from the one before in a few bytes: so each is told by what differs, rebuilt and hashed.
 */
#include "head.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/states.h>

/* "ID FRONT BACK SIZE": 64 digits, three numbers of up to 10, spaces between. */
#define LINE_MAX 128

static size_t
shared_front(struct assay_span a, struct assay_span b)
{
	const size_t most = a.len < b.len ? a.len : b.len;
	size_t n = 0;
	while (n < most && a.data[n] == b.data[n])
		n++;
	return n;
}

static size_t
shared_back(struct assay_span a, struct assay_span b, size_t front)
{
	const size_t most = (a.len < b.len ? a.len : b.len) - front;
	size_t n = 0;
	while (n < most && a.data[a.len - 1 - n] == b.data[b.len - 1 - n])
		n++;
	return n;
}

void
states_root_write(enum oid_algo algo, const struct oid *id, struct assay_span before, struct assay_span tree,
    struct buf *out)
{
	char hex[2 * OID_MAX + 1];
	const size_t front = shared_front(before, tree), back = shared_back(before, tree, front);
	const size_t size = tree.len - front - back;
	oid_hex(id, algo, hex);
	buf_addf(out, "%s %zu %zu %zu\n", hex, front, back, size);
	if (size > 0)
		buf_add(out, tree.data + front, size);
	buf_add_byte(out, '\n');
}

/* ---- reading ---- */

struct root_line {
	struct oid id;
	uint64_t numbers[3]; /* front, back, size */
	struct assay_span middle;
};

static enum assay_status
malformed(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_FORMAT, "authority/roots isn't root trees, each by what differs from the one before");
}

/* " 12" off the front of s. */
static bool
take_number(struct assay_span *s, uint64_t *ret_number)
{
	size_t digits = 0;
	if (s->len == 0 || s->data[0] != ' ')
		return false;
	while (digits < s->len - 1 && s->data[1 + digits] != ' ')
		digits++;
	const struct assay_span text = { s->data + 1, digits };
	*s = (struct assay_span){ s->data + 1 + digits, s->len - 1 - digits };
	return text_to_u64(text, ret_number) == ASSAY_OK && *ret_number <= GIT_TREE_SIZE_MAX;
}

static enum assay_status
next_line(struct assay_span text, enum oid_algo algo, size_t *cursor, struct root_line *ret_line, struct assay_error *err)
{
	const size_t left = text.len - *cursor, hex = 2 * oid_size(algo);
	const unsigned char *at = text.data + *cursor;
	const unsigned char *end = memchr(at, '\n', left < LINE_MAX ? left : LINE_MAX);
	struct root_line l = { .numbers = { 0 } };
	if (end == NULL || (size_t)(end - at) < hex || oid_parse((struct assay_span){ at, hex }, algo, &l.id) != ASSAY_OK)
		return malformed(err);
	struct assay_span numbers = { at + hex, (size_t)(end - at) - hex };
	for (size_t i = 0; i < 3; i++) {
		if (!take_number(&numbers, &l.numbers[i]))
			return malformed(err);
	}
	const size_t size = (size_t)l.numbers[2], used = (size_t)(end - at) + 1;
	if (numbers.len > 0 || left - used < size + 1 || end[1 + size] != '\n')
		return malformed(err);
	l.middle = (struct assay_span){ end + 1, size };
	*cursor += used + size + 1;
	*ret_line = l;
	return ASSAY_OK;
}

static enum assay_status
rebuild(const struct root_line *l, const struct buf *before, struct buf *tree, struct assay_error *err)
{
	if (l->numbers[0] + l->numbers[1] > before->len)
		return malformed(err);
	buf_reset(tree);
	if (l->numbers[0] > 0)
		buf_add(tree, before->data, (size_t)l->numbers[0]);
	buf_add_span(tree, l->middle);
	if (l->numbers[1] > 0)
		buf_add(tree, before->data + before->len - (size_t)l->numbers[1], (size_t)l->numbers[1]);
	return buf_status(tree, "a root tree", err);
}

/* To its end, though the folder may come first: a tree that can't be read whole is not one that says what is in it. */
static void
look_for_folder(struct assay_span tree, enum oid_algo algo, struct states_root *root)
{
	struct git_tree_entry e;
	size_t cursor = 0;
	enum assay_status status;
	while ((status = git_tree_next(tree, algo, &cursor, &e, NULL)) == ASSAY_OK) {
		if (states_place_of(STATES_AT_ROOT, &e) != STATES_AT_ASSAY)
			continue;
		root->has_folder = true;
		root->folder = e.id;
	}
	root->whole = status == ASSAY_E_NOT_FOUND;
}

static enum assay_status
check_root(const struct states *s, const struct oid *id, struct assay_span tree, struct assay_error *err)
{
	char hex[2 * OID_MAX + 1];
	struct oid own;
	TRY(git_hash(s->objects.algo, GIT_TREE, tree, &own, err));
	if (CATCH(states_root_altered, oid_compare(&own, id) != 0)) {
		oid_hex(id, s->objects.algo, hex);
		return assay_fail(err, ASSAY_E_VERIFY, "root tree %s in authority/roots has other bytes than its id says", hex);
	}
	return ASSAY_OK;
}

static int
compare_roots(const void *a, const void *b)
{
	return oid_compare(&((const struct states_root *)a)->id, &((const struct states_root *)b)->id);
}

static enum assay_status
settle_roots(struct states *s, struct assay_error *err)
{
	if (s->root_count > 0)
		qsort(s->roots, s->root_count, sizeof s->roots[0], compare_roots);
	for (size_t i = 1; i < s->root_count; i++) {
		if (compare_roots(&s->roots[i - 1], &s->roots[i]) == 0)
			return assay_fail(err, ASSAY_E_FORMAT, "a root tree stands twice in authority/roots");
	}
	return ASSAY_OK;
}

enum assay_status
states_roots_read(const struct evidence *raw, struct arena *arena, struct states *s, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf tree = BUF_INIT(GIT_TREE_SIZE_MAX);
	CLEANUP(buf_done) struct buf before = BUF_INIT(GIT_TREE_SIZE_MAX);
	struct assay_span text;
	uint64_t rebuilt = 0;
	struct root_line l;
	TRY(member_text(raw, "authority/roots", &text, err));
	/* The shortest line has an id, three numbers of a digit and two line ends. */
	s->roots = arena_array(arena, text.len / (2 * oid_size(s->objects.algo) + 8) + 1, sizeof s->roots[0]);
	if (s->roots == NULL)
		return arena_full(err);
	for (size_t at = 0; at < text.len;) {
		struct states_root *root = &s->roots[s->root_count++];
		TRY(next_line(text, s->objects.algo, &at, &l, err));
		TRY(rebuild(&l, &before, &tree, err));
		rebuilt += tree.len;
		if (rebuilt > STATES_ROOTS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "root trees of more than %llu bytes", (unsigned long long)STATES_ROOTS_MAX);
		TRY(check_root(s, &l.id, buf_span(&tree), err));
		root->id = l.id;
		look_for_folder(buf_span(&tree), s->objects.algo, root);
		const struct buf done = before;
		before = tree;
		tree = done;
	}
	return settle_roots(s, err);
}

enum states_found
states_folder(const struct states *s, const struct oid *root, struct oid *ret_folder)
{
	const struct states_root key = { .id = *root };
	const struct states_root *r = s->root_count == 0 ? NULL
		: bsearch(&key, s->roots, s->root_count, sizeof s->roots[0], compare_roots);
	if (r == NULL)
		return STATES_GONE;
	if (CATCH(states_root_cut, !r->whole))
		return STATES_CUT;
	if (!r->has_folder)
		return STATES_NONE;
	*ret_folder = r->folder;
	return STATES_FOLDER;
}
