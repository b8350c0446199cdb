/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git-authority: the policy folder of every commit. Root trees are read in the order of their commits, then folders and files level by
 * level, each once, and all are hashed again.
 */
#include "internal.h"
#include "links.h"
#include "object_set.h"
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

/* A root tree, and what its oldest commit says of the time: neighbours in it differ little. */
struct root {
	struct oid id;
	int64_t when;
};

struct fetch {
	const struct probe_context *c;
	struct store *s;
	struct root *roots;          /* own memory: room for one a commit */
	size_t root_count;
	struct buf root_text, before; /* authority/roots so far, and the tree that was added last */
	uint64_t root_bytes;
	struct items now, next;
	struct object_set objects;
	struct id_list absent;
	bool has_trust;              /* some tree that was read holds assay/trust/ */
};

static void
fetch_done(struct fetch *f)
{
	free(f->roots);
	buf_done(&f->root_text);
	buf_done(&f->before);
	free(f->now.list);
	free(f->next.list);
	object_set_done(&f->objects);
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

/* The object that was asked for, whole; else it is noted as absent. */
static bool
is_sound(struct fetch *f, const struct oid *wanted, enum git_type type, const struct object_read *got)
{
	struct oid id;
	if (got->present && !got->over_cap && got->type == type &&
	    git_hash(f->c->repository->algo, type, got->bytes, &id, NULL) == ASSAY_OK &&
	    !CATCH(states_read_altered, oid_compare(&id, wanted) != 0))
		return true;
	const struct id_pair gone = { .id = *wanted };
	id_list_add(&f->absent, &gone);
	return false;
}

static enum assay_status
got_item(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct fetch *f = ctx;
	const struct item *item = &f->now.list[i];
	const enum git_type type = item->place == STATES_FILE ? GIT_BLOB : GIT_TREE;
	if (!is_sound(f, &item->id, type, got))
		return ASSAY_OK;
	/* The same tree may stand at two places; it is kept once. */
	if (i == 0 || oid_compare(&f->now.list[i - 1].id, &item->id) != 0)
		TRY(object_set_add(&f->objects, &item->id, type, got->bytes, err));
	return type == GIT_TREE ? follow_tree(f, item->place, got->bytes, err) : ASSAY_OK;
}

static void
name_root(void *ctx, size_t i, struct buf *out)
{
	const struct fetch *f = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&f->roots[i].id, f->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
got_root(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct fetch *f = ctx;
	const struct oid *id = &f->roots[i].id;
	if (!is_sound(f, id, GIT_TREE, got))
		return ASSAY_OK;
	f->root_bytes += got->bytes.len;
	if (f->root_bytes > STATES_ROOTS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the root trees of all commits have more than %llu bytes",
		    (unsigned long long)STATES_ROOTS_MAX);
	states_root_write(f->c->repository->algo, id, buf_span(&f->before), got->bytes, &f->root_text);
	buf_reset(&f->before);
	buf_add_span(&f->before, got->bytes);
	TRY(buf_status(&f->before, "a root tree", err));
	return follow_tree(f, STATES_AT_ROOT, got->bytes, err);
}

static int
compare_root_ids(const void *a, const void *b)
{
	const struct root *x = a, *y = b;
	const int order = oid_compare(&x->id, &y->id);
	return order != 0 ? order : (x->when > y->when) - (x->when < y->when);
}

static int
compare_root_times(const void *a, const void *b)
{
	const struct root *x = a, *y = b;
	return x->when != y->when ? (x->when > y->when) - (x->when < y->when) : oid_compare(&x->id, &y->id);
}

static enum assay_status
read_roots(struct fetch *f, struct assay_error *err)
{
	size_t kept = 0;
	if (f->root_count == 0)
		return ASSAY_OK;
	qsort(f->roots, f->root_count, sizeof(f->roots[0]), compare_root_ids);
	for (size_t i = 0; i < f->root_count; i++)
		if (i == 0 || oid_compare(&f->roots[kept - 1].id, &f->roots[i].id) != 0)
			f->roots[kept++] = f->roots[i];
	qsort(f->roots, kept, sizeof(f->roots[0]), compare_root_times);
	const struct object_wanted wanted = { .count = kept, .cap = GIT_TREE_SIZE_MAX, .name = name_root, .got = got_root, .ctx = f };
	return object_reader_each(f->s->reader, &wanted, err);
}

/* Level by level, as deep as the policy folder may be. */
static enum assay_status
read_levels(struct fetch *f, struct assay_error *err)
{
	TRY(read_roots(f, err));
	for (unsigned depth = 0; f->next.count > 0 && depth <= STATES_DEPTH_MAX + 1; depth++) {
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

static void
begin_at(struct fetch *f, uint32_t commit)
{
	const struct store_commit *c = &f->s->commits[commit];
	const struct assay_span bytes = store_commit_bytes(f->s, c);
	struct git_commit parsed = { .parent_count = 0 };
	struct oid tree;
	if (f->s->objects[c->object].type != GIT_COMMIT ||
	    tree_of_commit(bytes, f->c->repository->algo, &tree, NULL) != ASSAY_OK)
		return;
	/* A malformed one has a tree all the same, and no time. */
	const bool sound = git_commit_parse(bytes, f->c->repository->algo, &parsed, NULL) == ASSAY_OK;
	f->roots[f->root_count++] = (struct root){ tree, sound ? parsed.committer.time : 0 };
}

static void
begin_at_id(struct fetch *f, const struct oid *id)
{
	const uint32_t object = store_find(f->s, id);
	if (object != STORE_NONE && f->s->objects[object].commit != STORE_NONE && f->s->objects[object].state == OBJECT_OK)
		begin_at(f, f->s->objects[object].commit);
}

static enum assay_status
begin(struct fetch *f, size_t most, struct assay_error *err)
{
	free(f->roots);
	f->root_count = 0;
	f->roots = calloc(most + 1, sizeof(f->roots[0]));
	return f->roots == NULL ? no_memory(err) : ASSAY_OK;
}

static enum assay_status
read_heads(struct fetch *f, struct assay_error *err)
{
	const struct repository *r = f->c->repository;
	TRY(begin(f, r->ref_count + 1, err));
	if (r->has_head)
		begin_at_id(f, &r->head);
	for (size_t i = 0; i < r->ref_count; i++)
		if (strncmp(r->refs[i].name, "refs/heads/", strlen("refs/heads/")) == 0)
			begin_at_id(f, &r->refs[i].id);
	return read_levels(f, err);
}

/* All commits, for nobody knows yet which of them a judge asks for; what was read before is read again. */
static enum assay_status
read_all(struct fetch *f, struct assay_error *err)
{
	TRY(begin(f, f->s->commit_count, err));
	f->objects.count = 0;
	f->objects.bytes = 0;
	f->root_bytes = 0;
	buf_reset(&f->root_text);
	buf_reset(&f->before);
	for (uint32_t i = 0; i < f->s->commit_count; i++)
		if (f->s->objects[f->s->commits[i].object].state == OBJECT_OK)
			begin_at(f, i);
	return read_levels(f, err);
}

/* ---- members ---- */

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
	return object_set_keep(f->c->arena, &out, "the policy folder's history", ret_bytes, err);
}

static enum assay_status
take_members(struct fetch *f, struct evidence *e, struct assay_error *err)
{
	static const char *const names[] = { "authority/absent", "authority/format", "authority/objects", "authority/roots" };
	const enum oid_algo algo = f->c->repository->algo;
	const size_t count = sizeof(names) / sizeof(names[0]);
	struct evidence_member *m = arena_array(f->c->arena, count, sizeof(m[0]));
	if (m == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++)
		m[i].name = names[i];
	TRY(take_absent(f, &m[0].bytes, err));
	m[1].bytes = assay_span_str(algo == OID_SHA1 ? "sha1\n" : "sha256\n");
	TRY(object_set_stream(&f->objects, algo, STATES_STREAM_MAX, &m[2].bytes, err));
	TRY(object_set_keep(f->c->arena, &f->root_text, "the root trees", &m[3].bytes, err));
	e->members = m;
	e->member_count = count;
	return ASSAY_OK;
}

enum assay_status
states_fetch(const struct probe_context *c, struct evidence *ret_evidence, struct assay_error *err)
{
	CLEANUP(fetch_done) struct fetch f = { .c = c, .root_text = BUF_INIT(STATES_STREAM_MAX), .before = BUF_INIT(GIT_TREE_SIZE_MAX),
		.objects = { .arena = c->arena, .what = "the folders and files of 'assay/' in all commits", .most = STATES_STREAM_MAX / 2 } };
	CLEANUP(buf_done) struct buf why = BUF_INIT(REASONS_MAX);
	TRY(store_get(c, &f.s, err));
	TRY(store_read_commits(f.s, err));
	TRY(read_heads(&f, err));
	if (f.has_trust)
		TRY(read_all(&f, err));
	TRY(take_members(&f, ret_evidence, err));
	if (CATCH(states_absent, f.absent.count > 0))
		probe_reason(&why, "%zu folders or files of the policy folder's history are absent, altered or too large",
		    f.absent.count);
	return probe_completeness(c, &why, ret_evidence, err);
}
