/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <codec/batch.h>
#include <evidence/reviewed.h>
#include <string.h>

#define MODE_FOLDER 0040000u
/* Folders in one another that are looked through for a record. */
#define SEARCH_DEPTH_MAX 8u

static enum assay_status
count_objects(struct assay_span stream, enum oid_algo algo, size_t *ret_count, struct assay_error *err)
{
	struct batch_object o;
	size_t cursor = 0;
	enum assay_status status;
	if (stream.len > REVIEWED_STREAM_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "reviewed/trees has more than %zu bytes", REVIEWED_STREAM_MAX);
	*ret_count = 0;
	while ((status = batch_next(stream, algo, &cursor, &o, err)) == ASSAY_OK)
		++*ret_count;
	return status == ASSAY_E_NOT_FOUND ? ASSAY_OK : status;
}

static enum assay_status
check_tree(const struct batch_object *o, const struct tree_object *before, enum oid_algo algo, struct assay_error *err)
{
	char hex[2 * OID_MAX + 1];
	struct oid id;
	if (o->type != GIT_TREE || (before != NULL && oid_compare(&before->id, &o->id) >= 0))
		return assay_fail(err, ASSAY_E_FORMAT, "reviewed/trees isn't trees, each once, sorted by id");
	TRY(git_hash(algo, GIT_TREE, o->bytes, &id, err));
	if (CATCH(reviewed_tree_altered, oid_compare(&id, &o->id) != 0)) {
		oid_hex(&o->id, algo, hex);
		return assay_fail(err, ASSAY_E_VERIFY, "tree %s in reviewed/trees has other bytes than its id says", hex);
	}
	return ASSAY_OK;
}

enum assay_status
reviewed_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts,
    struct assay_error *err)
{
	struct assay_span format, stream;
	size_t cursor = 0, count = 0;
	struct reviewed *r = arena_alloc(c->arena, sizeof *r);
	if (r == NULL)
		return arena_full(err);
	TRY(member_text(raw, "reviewed/format", &format, err));
	TRY(member_text(raw, "reviewed/trees", &stream, err));
	const bool sha256 = assay_span_equal(format, assay_span_str("sha256\n"));
	if (!sha256 && !assay_span_equal(format, assay_span_str("sha1\n")))
		return assay_fail(err, ASSAY_E_FORMAT, "reviewed/format is neither sha1 nor sha256");
	r->trees.algo = sha256 ? OID_SHA256 : OID_SHA1;
	TRY(count_objects(stream, r->trees.algo, &count, err));
	r->trees.items = arena_array(c->arena, count + 1, sizeof r->trees.items[0]);
	if (r->trees.items == NULL)
		return arena_full(err);
	for (; r->trees.count < count; r->trees.count++) {
		struct batch_object o;
		struct tree_object *at = &r->trees.items[r->trees.count];
		TRY(batch_next(stream, r->trees.algo, &cursor, &o, err));
		TRY(check_tree(&o, r->trees.count > 0 ? at - 1 : NULL, r->trees.algo, err));
		*at = (struct tree_object){ o.id, o.type, o.bytes };
	}
	if (err != NULL)
		assay_error_clear(err);
	*ret_facts = r;
	return ASSAY_OK;
}

/* ---- looking ---- */

static enum reviewed_found
find_entry(const struct reviewed *r, const struct oid *tree, struct assay_span name, struct git_tree_entry *ret_entry)
{
	const struct tree_object *o = tree_object_find(&r->trees, tree);
	struct git_tree_entry e;
	size_t cursor = 0;
	enum assay_status status;
	if (o == NULL)
		return REVIEWED_UNSEEN;
	while ((status = git_tree_next(o->bytes, r->trees.algo, &cursor, &e, NULL)) == ASSAY_OK) {
		if (!assay_span_equal(e.name, name))
			continue;
		*ret_entry = e;
		return REVIEWED_THERE;
	}
	return status == ASSAY_E_NOT_FOUND ? REVIEWED_ABSENT : REVIEWED_UNSEEN;
}

/* Whatever lies there, folders included. */
static enum reviewed_found
follow(const struct reviewed *r, const struct oid *root, const char *path, struct git_tree_entry *ret_entry)
{
	struct git_tree_entry e = { .mode = MODE_FOLDER, .id = *root };
	for (const char *p = path; *p != '\0';) {
		const size_t len = strcspn(p, "/");
		if (e.mode != MODE_FOLDER)
			return REVIEWED_ABSENT;
		const struct oid folder = e.id;
		const enum reviewed_found found = find_entry(r, &folder, (struct assay_span){ (const unsigned char *)p, len }, &e);
		if (found != REVIEWED_THERE)
			return found;
		p += len + (p[len] == '/');
	}
	*ret_entry = e;
	return REVIEWED_THERE;
}

enum reviewed_found
reviewed_find(const struct reviewed *r, const struct oid *root, const char *path, struct git_tree_entry *ret_entry)
{
	struct git_tree_entry e;
	const enum reviewed_found found = follow(r, root, path, &e);
	if (found != REVIEWED_THERE)
		return found;
	if (e.mode == MODE_FOLDER)
		return REVIEWED_ABSENT;
	*ret_entry = e;
	return REVIEWED_THERE;
}

static enum reviewed_found
search(const struct reviewed *r, const struct oid *folder, const struct oid *id, unsigned depth)
{
	const struct tree_object *o = tree_object_find(&r->trees, folder);
	enum reviewed_found found = REVIEWED_ABSENT;
	struct git_tree_entry e;
	size_t cursor = 0;
	enum assay_status status;
	if (o == NULL || depth == SEARCH_DEPTH_MAX)
		return REVIEWED_UNSEEN;
	while ((status = git_tree_next(o->bytes, r->trees.algo, &cursor, &e, NULL)) == ASSAY_OK) {
		const enum reviewed_found here = e.mode == MODE_FOLDER ? search(r, &e.id, id, depth + 1)
		    : oid_compare(&e.id, id) == 0 ? REVIEWED_THERE : REVIEWED_ABSENT;
		if (here == REVIEWED_THERE)
			return here;
		found = here == REVIEWED_UNSEEN ? here : found;
	}
	return status == ASSAY_E_NOT_FOUND ? found : REVIEWED_UNSEEN;
}

enum reviewed_found
reviewed_holds(const struct reviewed *r, const struct oid *root, const char *folder, const struct oid *id)
{
	struct git_tree_entry e;
	const enum reviewed_found found = follow(r, root, folder, &e);
	if (found != REVIEWED_THERE || e.mode != MODE_FOLDER)
		return found == REVIEWED_UNSEEN ? found : REVIEWED_ABSENT;
	return search(r, &e.id, id, 0);
}

/* ---- what a mainline brought ---- */

static void
bring(const struct reviewed_graph *g, uint32_t by, uint32_t *stack, uint32_t *ret_by)
{
	uint32_t depth = 0;
	stack[depth++] = by;
	while (depth > 0) {
		const uint32_t at = stack[--depth];
		ret_by[at] = by;
		for (uint32_t k = g->first[at]; k < g->first[at + 1]; k++) {
			const uint32_t parent = g->parents[k];
			if (parent == REVIEWED_NONE || ret_by[parent] != REVIEWED_NONE)
				continue;
			/* Marked when it is laid down, so that the stack holds each once. */
			ret_by[parent] = by;
			stack[depth++] = parent;
		}
	}
}

void
reviewed_brought(const struct reviewed_graph *g, uint32_t tip, uint32_t *room, uint32_t *ret_by)
{
	uint32_t count = 0, *mainline = room, *stack = room + g->count;
	for (uint32_t i = 0; i < g->count; i++)
		ret_by[i] = REVIEWED_NONE;
	/* A graph by digests has no circle; the count is for one that isn't. */
	for (uint32_t at = tip; at != REVIEWED_NONE && count < g->count; count++) {
		mainline[count] = at;
		at = g->first[at] < g->first[at + 1] ? g->parents[g->first[at]] : REVIEWED_NONE;
	}
	while (count > 0)
		bring(g, mainline[--count], stack, ret_by);
}
