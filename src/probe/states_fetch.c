/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git-authority: the policy folder of every commit. Trees and files are read level by level, each once, and hashed again.
 */
#include "internal.h"
#include "links.h"
#include "rows.h"
#include "store.h"

#include <base/catch.h>
#include <evidence/states.h>

#define REASONS_MAX 16384
#define ABSENT_TEXT_MAX ((size_t)256 << 20)

/* Something to read, and where it stands. */
struct item {
	struct oid id;
	enum states_place place;
};

struct items {
	struct item *list; /* own memory, grows */
	size_t count, room;
};

struct fetch {
	const struct probe_context *c;
	struct store *s;
	struct items now, next;
	struct tree_object *objects; /* own memory, grows */
	size_t count, room;
	uint64_t bytes;
	struct id_list absent;
	bool has_trust;              /* some tree that was read holds assay/trust/ */
};

static void
fetch_done(struct fetch *f)
{
	free(f->now.list);
	free(f->next.list);
	free(f->objects);
	id_list_done(&f->absent);
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory to read the policy folder's history");
}

static enum assay_status
add_item(struct items *items, const struct oid *id, enum states_place place, struct assay_error *err)
{
	if (items->count == items->room) {
		const size_t room = items->room == 0 ? 256 : 2 * items->room;
		struct item *more = reallocarray(items->list, room, sizeof(*more));
		if (more == NULL)
			return no_memory(err);
		items->list = more;
		items->room = room;
	}
	items->list[items->count++] = (struct item){ *id, place };
	return ASSAY_OK;
}

static int
compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	const int order = oid_compare(&x->id, &y->id);
	return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

static void
sort_items(struct items *items)
{
	size_t kept = 0;
	if (items->count > 0)
		qsort(items->list, items->count, sizeof(items->list[0]), compare_items);
	for (size_t i = 0; i < items->count; i++)
		if (i == 0 || compare_items(&items->list[i - 1], &items->list[i]) != 0)
			items->list[kept++] = items->list[i];
	items->count = kept;
}

/* ---- reading ---- */

static enum assay_status
keep_object(struct fetch *f, const struct oid *id, enum git_type type, struct assay_span bytes,
    struct assay_error *err)
{
	if (f->count == f->room) {
		const size_t room = f->room == 0 ? 256 : 2 * f->room;
		struct tree_object *more = reallocarray(f->objects, room, sizeof(*more));
		if (more == NULL)
			return no_memory(err);
		f->objects = more;
		f->room = room;
	}
	f->bytes += bytes.len;
	if (f->bytes > STATES_STREAM_MAX / 2)
		return assay_fail(err, ASSAY_E_LIMIT, "the policy folder's history has more than %zu bytes",
		    STATES_STREAM_MAX / 2);
	const char *copy = arena_copy(f->c->arena, bytes);
	if (copy == NULL)
		return arena_full(err);
	f->objects[f->count++]
	    = (struct tree_object){ *id, type, { (const unsigned char *)copy, bytes.len } };
	return ASSAY_OK;
}

static enum assay_status
follow_tree(struct fetch *f, enum states_place place, struct assay_span bytes, struct assay_error *err)
{
	struct git_tree_entry e;
	size_t cursor = 0;
	/* A malformed tree is what it is: whoever parses it says so. */
	while (git_tree_next(bytes, f->c->repository->algo, &cursor, &e, NULL) == ASSAY_OK) {
		const enum states_place at = states_place_of(place, &e);
		f->has_trust |= at == STATES_AT_TRUST;
		if (at != STATES_UNWANTED)
			TRY(add_item(&f->next, &e.id, at, err));
	}
	return ASSAY_OK;
}

static void
name_item(void *ctx, size_t i, struct buf *out)
{
	const struct fetch *f = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&f->now.list[i].id, f->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
got_item(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct fetch *f = ctx;
	const struct item *item = &f->now.list[i];
	const enum git_type type = item->place == STATES_FILE ? GIT_BLOB : GIT_TREE;
	struct oid id;
	if (!got->present || got->over_cap || got->type != type ||
	    git_hash(f->c->repository->algo, type, got->bytes, &id, NULL) != ASSAY_OK ||
	    CATCH(states_read_altered, oid_compare(&id, &item->id) != 0)) {
		const struct id_pair gone = { .id = item->id };
		id_list_add(&f->absent, &gone);
		return ASSAY_OK;
	}
	/* The same tree may stand at two places; it is kept once. */
	if (i == 0 || oid_compare(&f->now.list[i - 1].id, &item->id) != 0)
		TRY(keep_object(f, &id, type, got->bytes, err));
	return type == GIT_TREE ? follow_tree(f, item->place, got->bytes, err) : ASSAY_OK;
}

/* Level by level, as deep as the policy folder may be. */
static enum assay_status
read_levels(struct fetch *f, struct assay_error *err)
{
	for (unsigned depth = 0; f->next.count > 0 && depth <= STATES_DEPTH_MAX + 2; depth++) {
		const struct items done = f->now;
		f->now = f->next;
		f->next = done;
		f->next.count = 0;
		sort_items(&f->now);
		const struct object_wanted wanted = { .count = f->now.count, .cap = STATES_FILE_MAX,
			.name = name_item, .got = got_item, .ctx = f };
		TRY(object_reader_each(f->s->reader, &wanted, err));
	}
	f->next.count = 0;
	return ASSAY_OK;
}

/* ---- where to begin ---- */

static enum assay_status
begin_at(struct fetch *f, uint32_t commit, struct assay_error *err)
{
	const struct store_commit *c = &f->s->commits[commit];
	struct oid tree;
	if (f->s->objects[c->object].type != GIT_COMMIT ||
	    tree_of_commit(store_commit_bytes(f->s, c), f->c->repository->algo, &tree, NULL) != ASSAY_OK)
		return ASSAY_OK;
	return add_item(&f->next, &tree, STATES_AT_ROOT, err);
}

static enum assay_status
begin_at_id(struct fetch *f, const struct oid *id, struct assay_error *err)
{
	const uint32_t object = store_find(f->s, id);
	if (object == STORE_NONE || f->s->objects[object].commit == STORE_NONE ||
	    f->s->objects[object].state != OBJECT_OK)
		return ASSAY_OK;
	return begin_at(f, f->s->objects[object].commit, err);
}

static enum assay_status
read_heads(struct fetch *f, struct assay_error *err)
{
	const struct repository *r = f->c->repository;
	if (r->has_head)
		TRY(begin_at_id(f, &r->head, err));
	for (size_t i = 0; i < r->ref_count; i++)
		if (strncmp(r->refs[i].name, "refs/heads/", strlen("refs/heads/")) == 0)
			TRY(begin_at_id(f, &r->refs[i].id, err));
	return read_levels(f, err);
}

/* All commits, for nobody knows yet which of them a judge asks for; what was read before is read again, and kept once. */
static enum assay_status
read_all(struct fetch *f, struct assay_error *err)
{
	f->count = 0;
	f->bytes = 0;
	for (uint32_t i = 0; i < f->s->commit_count; i++)
		if (f->s->objects[f->s->commits[i].object].state == OBJECT_OK)
			TRY(begin_at(f, i, err));
	return read_levels(f, err);
}

/* ---- members ---- */

static int
compare_objects(const void *a, const void *b)
{
	return oid_compare(&((const struct tree_object *)a)->id, &((const struct tree_object *)b)->id);
}

static enum assay_status
keep_text(const struct fetch *f, const struct buf *text, struct assay_span *ret_bytes, struct assay_error *err)
{
	TRY(buf_status(text, "the policy folder's history", err));
	const char *copy = arena_copy(f->c->arena, buf_span(text));
	if (copy == NULL)
		return arena_full(err);
	*ret_bytes = (struct assay_span){ (const unsigned char *)copy, text->len };
	return ASSAY_OK;
}

static enum assay_status
take_stream(struct fetch *f, struct assay_span *ret_bytes, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(STATES_STREAM_MAX);
	char hex[2 * OID_MAX + 1];
	if (f->count > 0)
		qsort(f->objects, f->count, sizeof(f->objects[0]), compare_objects);
	for (size_t i = 0; i < f->count; i++) {
		const struct tree_object *o = &f->objects[i];
		if (i > 0 && oid_compare(&f->objects[i - 1].id, &o->id) == 0)
			continue;
		oid_hex(&o->id, f->c->repository->algo, hex);
		buf_addf(&out, "%s %s %zu\n", hex, git_type_name(o->type), o->bytes.len);
		buf_add_span(&out, o->bytes);
		buf_add_byte(&out, '\n');
	}
	return keep_text(f, &out, ret_bytes, err);
}

static enum assay_status
take_absent(struct fetch *f, struct assay_span *ret_bytes, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(ABSENT_TEXT_MAX);
	char hex[2 * OID_MAX + 1];
	if (f->absent.failed)
		return no_memory(err);
	id_list_settle(&f->absent);
	for (size_t i = 0; i < f->absent.count; i++) {
		if (i > 0 && oid_compare(&f->absent.items[i - 1].id, &f->absent.items[i].id) == 0)
			continue;
		oid_hex(&f->absent.items[i].id, f->c->repository->algo, hex);
		buf_addf(&out, "%s\n", hex);
	}
	return keep_text(f, &out, ret_bytes, err);
}

enum assay_status
states_fetch(const struct probe_context *c, struct evidence *ret_evidence, struct assay_error *err)
{
	static const char *const names[] = { "authority/absent", "authority/format", "authority/objects" };
	CLEANUP(fetch_done) struct fetch f = { .c = c };
	CLEANUP(buf_done) struct buf why = BUF_INIT(REASONS_MAX);
	struct evidence_member *m = arena_array(c->arena, 3, sizeof(m[0]));
	if (m == NULL)
		return arena_full(err);
	TRY(store_get(c, &f.s, err));
	TRY(store_read_commits(f.s, err));
	TRY(read_heads(&f, err));
	if (f.has_trust)
		TRY(read_all(&f, err));
	for (size_t i = 0; i < 3; i++)
		m[i].name = names[i];
	TRY(take_absent(&f, &m[0].bytes, err));
	m[1].bytes = assay_span_str(c->repository->algo == OID_SHA1 ? "sha1\n" : "sha256\n");
	TRY(take_stream(&f, &m[2].bytes, err));
	ret_evidence->members = m;
	ret_evidence->member_count = 3;
	if (CATCH(states_absent, f.absent.count > 0))
		probe_reason(&why, "%zu folders or files of the policy folder's history are absent, altered or too large",
		    f.absent.count);
	return probe_completeness(c, &why, ret_evidence, err);
}
