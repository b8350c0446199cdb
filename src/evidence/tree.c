/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HEAD's tree, read out of its members. What is missing there must be named as missing, and evidence that lacks a folder can't say
 * that it is whole.
 */
#include "head.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/unconst.h>
#include <codec/batch.h>
#include <evidence/tree.h>

struct left {
	struct oid id;
	enum tree_left why;
};

struct reading {
	const struct evidence *raw;
	struct arena *arena;
	struct tree *t;
	struct tree_objects objects;
	struct left *left;  /* sorted by id */
	size_t left_count;
	bool unnamed;       /* a folder is gone and tree/absent doesn't say so */
};

static const char *const left_words[] = { [TREE_LEFT_GONE] = "gone", [TREE_LEFT_LARGE] = "large" };
static const char *const left_reasons[] = { [TREE_LEFT_GONE] = "its object is absent or altered",
	[TREE_LEFT_LARGE] = "it is larger than the files that are read, or all code is" };

static size_t
count_lines(struct assay_span text)
{
	size_t lines = 0;
	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	return lines;
}

static bool
read_left(struct assay_span line, enum oid_algo algo, struct left *ret_left)
{
	const size_t digits = 2 * oid_size(algo);
	if (line.len < digits + 1 || line.data[digits] != ' '
	    || oid_parse((struct assay_span){ line.data, digits }, algo, &ret_left->id) != ASSAY_OK)
		return false;
	const struct assay_span word = { line.data + digits + 1, line.len - digits - 1 };
	for (size_t i = 0; i < sizeof left_words / sizeof left_words[0]; i++) {
		if (!assay_span_equal(word, assay_span_str(left_words[i])))
			continue;
		ret_left->why = (enum tree_left)i;
		return true;
	}
	return false;
}

static enum assay_status
read_absent(struct reading *r, struct assay_error *err)
{
	struct assay_span text;
	TRY(member_text(r->raw, "tree/absent", &text, err));
	r->left = arena_array(r->arena, count_lines(text) + 1, sizeof r->left[0]);
	if (r->left == NULL)
		return arena_full(err);
	while (text.len > 0) {
		const unsigned char *lf = memchr(text.data, '\n', text.len);
		struct assay_span line = { text.data, lf == NULL ? text.len : (size_t)(lf - text.data) };
		struct left *left = &r->left[r->left_count];
		if (lf == NULL || !read_left(line, r->objects.algo, left)
		    || (r->left_count > 0 && oid_compare(&left[-1].id, &left->id) >= 0))
			return assay_fail(err, ASSAY_E_FORMAT,
			    "tree/absent isn't lines of an id and 'gone' or 'large', sorted by id");
		r->left_count++;
		text.data += line.len + 1;
		text.len -= line.len + 1;
	}
	return ASSAY_OK;
}

static const struct left *
find_left(const struct reading *r, const struct oid *id)
{
	size_t low = 0, high = r->left_count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order = oid_compare(&r->left[middle].id, id);
		if (order == 0)
			return &r->left[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ---- the stream ---- */

static enum assay_status
count_objects(const struct reading *r, struct assay_span stream, size_t *ret_count, struct assay_error *err)
{
	struct batch_object o;
	size_t cursor = 0;
	enum assay_status status;
	if (stream.len > TREE_STREAM_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "tree/objects has more than %zu bytes", TREE_STREAM_MAX);
	*ret_count = 0;
	while ((status = batch_next(stream, r->objects.algo, &cursor, &o, err)) == ASSAY_OK)
		++*ret_count;
	return status == ASSAY_E_NOT_FOUND ? ASSAY_OK : status;
}

static enum assay_status
check_object(const struct reading *r, const struct batch_object *o, struct assay_error *err)
{
	char hex[2 * OID_MAX + 1];
	struct oid id;
	TRY(git_hash(r->objects.algo, o->type, o->bytes, &id, err));
	if (CATCH(tree_object_altered, oid_compare(&id, &o->id) != 0)) {
		oid_hex(&o->id, r->objects.algo, hex);
		return assay_fail(err, ASSAY_E_VERIFY, "object %s in tree/objects has other bytes than its id says", hex);
	}
	return ASSAY_OK;
}

static enum assay_status
read_objects(struct reading *r, struct assay_error *err)
{
	struct assay_span stream;
	size_t cursor = 0, count = 0;
	TRY(member_text(r->raw, "tree/objects", &stream, err));
	TRY(count_objects(r, stream, &count, err));
	struct tree_object *items = arena_array(r->arena, count + 1, sizeof items[0]);
	if (items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++) {
		struct batch_object o;
		TRY(batch_next(stream, r->objects.algo, &cursor, &o, err));
		if (i > 0 && oid_compare(&items[i - 1].id, &o.id) >= 0)
			return assay_fail(err, ASSAY_E_FORMAT, "tree/objects isn't sorted by id, or an object stands twice");
		TRY(check_object(r, &o, err));
		items[i] = (struct tree_object){ o.id, o.type, o.bytes };
	}
	r->objects.items = items;
	r->objects.count = count;
	if (err != NULL)
		assay_error_clear(err);
	return ASSAY_OK;
}

/* ---- folders and files ---- */

static void
folder_gone(void *ctx, const struct oid *id)
{
	struct reading *r = ctx;
	const struct left *left = find_left(r, id);
	r->unnamed |= left == NULL || left->why != TREE_LEFT_GONE;
}

static enum assay_status
contradiction(struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_E_VERIFY, "evidence '" TREE_KIND "' contradicts itself: %s", what);
}

static enum assay_status
attach(const struct reading *r, struct source_file *file, bool *ret_gone, struct assay_error *err)
{
	if (file->mode == 0160000 || tree_wants(&r->t->sources, file->path) == TREE_UNWANTED)
		return ASSAY_OK;
	const struct tree_object *o = tree_object_find(&r->objects, &file->id);
	if (o != NULL && o->type == GIT_BLOB) {
		file->has_bytes = true;
		file->bytes = o->bytes;
		return ASSAY_OK;
	}
	const struct left *left = find_left(r, &file->id);
	if (CATCH(tree_file_left_out, left == NULL))
		return contradiction(err, "a file that is wanted is neither there nor named as absent");
	file->why = left_reasons[left == NULL ? TREE_LEFT_GONE : left->why];
	*ret_gone |= left != NULL && left->why == TREE_LEFT_GONE;
	return ASSAY_OK;
}

static enum assay_status
read_tree(struct reading *r, const struct oid *commit, struct assay_error *err)
{
	const struct tree_object *head = tree_object_find(&r->objects, commit);
	struct oid root;
	bool gone = false;
	if (head == NULL || head->type != GIT_COMMIT)
		return contradiction(err, "HEAD's commit isn't in it");
	TRY(tree_of_commit(head->bytes, r->objects.algo, &root, err));
	TRY(tree_expand(&r->objects, &root, r->arena, r->t, folder_gone, r, err));
	if (CATCH(tree_folder_left_out, r->unnamed))
		return contradiction(err, "a folder is neither there nor named as absent");
	struct source_file *files = unconst(r->t->sources.files);
	for (size_t i = 0; i < r->t->sources.count; i++)
		TRY(attach(r, &files[i], &gone, err));
	TRY(ci_parse(&r->t->sources, r->arena, &r->t->ci, err));
	if (CATCH(tree_said_whole, (gone || r->t->folders_gone > 0) && r->raw->completeness == EVIDENCE_COMPLETE))
		return contradiction(err, "parts of it are gone, and it says that it is whole");
	return ASSAY_OK;
}

enum assay_status
tree_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts,
    struct assay_error *err)
{
	static const struct source_file none; /* so that the end of an empty list is a place, too */
	struct head head;
	struct reading r = { .raw = raw, .arena = c->arena };
	TRY(head_read(raw, "tree/format", "tree/head", c->arena, &head, err));
	r.objects.algo = head.algo;
	r.t = arena_alloc(c->arena, sizeof *r.t);
	if (r.t == NULL)
		return arena_full(err);
	*r.t = (struct tree){ .has_head = head.has_id, .commit = head.id, .ref = head.ref,
		.sources = { .algo = head.algo, .files = &none } };
	TRY(read_absent(&r, err));
	TRY(read_objects(&r, err));
	if (head.has_id)
		TRY(read_tree(&r, &head.id, err));
	TRY(dep_read(&r.t->sources, r.t->ci, c->arena, &r.t->deps, err));
	*ret_facts = r.t;
	return ASSAY_OK;
}
