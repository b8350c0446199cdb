/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git-reviewed: the trees of commits that reviews name, of those that merged them, of those that closures say mended a finding, and of the
 * policy's cut-over commits. A record that can't be read names none: whoever judges says so.
 */
#include "internal.h"
#include "links.h"
#include "object_set.h"
#include "rows.h"
#include "store.h"
#include "tree_walk.h"

#include <base/catch.h>
#include <evidence/reviewed.h>
#include <policy/policy.h>
#include <policy/review.h>
#include <sca/records.h>
#include <string.h>

#define REASONS_MAX 16384
#define RECORDS_MAX 25000u
/* Commits of all reviews together whose trees are read. */
#define RANGES_MAX 2000u
#define RECORD_SIZE_MAX YAML_SIZE_MAX
#define RECORDS_ROOM ((size_t)256 << 20)

/* A record of HEAD's tree, or its policy. */
struct record {
	struct oid id;
	const char *path;
};

/* The commits that a review is of. */
struct range {
	struct oid head, base;
	bool has_base;
};

struct fetch {
	const struct probe_context *c;
	struct store *s;
	struct record *records;   /* own memory */
	size_t record_count;
	bool more_records;
	struct oid *named;        /* own memory, grows: commits whose trees are wanted */
	size_t named_count, named_room;
	struct range *ranges;     /* own memory: of the reviews */
	size_t range_count;
	struct oid *fixes;        /* own memory: of the closures, and what the caller asks for */
	size_t fix_count;
	struct oid *cut_overs;    /* own memory */
	size_t cut_over_count;
	struct object_set objects;
	struct tree_walk trees;
};

static void
fetch_done(struct fetch *f)
{
	free(f->records);
	free(f->named);
	free(f->ranges);
	free(f->fixes);
	free(f->cut_overs);
	object_set_done(&f->objects);
	tree_walk_done(&f->trees);
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory to read what was reviewed");
}

static enum assay_status
name_commit(struct fetch *f, const struct oid *id, struct assay_error *err)
{
	if (f->named_count == f->named_room) {
		const size_t room = f->named_room == 0 ? 64 : 2 * f->named_room;
		struct oid *more = reallocarray(f->named, room, sizeof(*more));
		if (more == NULL)
			return no_memory(err);
		f->named = more;
		f->named_room = room;
	}
	f->named[f->named_count++] = *id;
	return ASSAY_OK;
}

/* ---- records of HEAD's tree ---- */

static enum assay_status
found_entry(void *ctx, const struct tree_visit *folder, const struct link *link, uint32_t object, struct assay_error *err)
{
	struct fetch *f = ctx;
	(void)object;
	if (link->type != GIT_BLOB)
		return ASSAY_OK;
	const char *path = arena_printf(f->c->arena, "%s%.*s", folder->path, (int)link->name.len, (const char *)link->name.data);
	if (path == NULL)
		return arena_full(err);
	if (!review_is_record(path) && !sca_closure_is_record(path) && strcmp(path, POLICY_PATH) != 0)
		return ASSAY_OK;
	f->more_records |= f->record_count == RECORDS_MAX;
	if (f->record_count < RECORDS_MAX)
		f->records[f->record_count++] = (struct record) { link->id, path };
	return ASSAY_OK;
}

static enum assay_status
list_records(struct fetch *f, struct assay_error *err)
{
	CLEANUP(tree_walk_done) struct tree_walk w = { .s = f->s, .with_paths = true, .entry = found_entry, .ctx = f };
	const uint32_t root = store_head_tree(f->s);
	f->records = calloc(RECORDS_MAX, sizeof(f->records[0]));
	if (f->records == NULL)
		return no_memory(err);
	if (root == STORE_NONE)
		return ASSAY_OK;
	TRY(tree_walk_add(&w, root, NULL, (struct assay_span) { 0 }, err));
	return tree_walk_run(&w, err);
}

static void
name_record(void *ctx, size_t i, struct buf *out)
{
	const struct fetch *f = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&f->records[i].id, f->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
read_policy(struct fetch *f, struct assay_span bytes, struct arena *scratch, struct assay_error *err)
{
	struct policy p;
	if (policy_parse(bytes, POLICY_PATH, scratch, &p, NULL) != ASSAY_OK)
		return ASSAY_OK;
	f->cut_overs = calloc(p.cut_over.count + 1, sizeof(f->cut_overs[0]));
	if (f->cut_overs == NULL)
		return no_memory(err);
	for (size_t i = 0; i < p.cut_over.count; i++) {
		struct oid id;
		if (oid_parse(assay_span_str(p.cut_over.items[i]), f->c->repository->algo, &id) != ASSAY_OK)
			continue;
		f->cut_overs[f->cut_over_count++] = id;
		TRY(name_commit(f, &id, err));
	}
	return ASSAY_OK;
}

/* A review's commits, or a closure's. */
static enum assay_status
read_record(struct fetch *f, struct assay_span bytes, const char *path, struct arena *scratch, struct assay_error *err)
{
	const enum oid_algo algo = f->c->repository->algo;
	struct sca_closure k = { .fix_commit = NULL };
	struct review r;
	if (sca_closure_is_record(path)) {
		if (sca_closure_parse(bytes, path, scratch, &k, NULL) == ASSAY_OK && k.fix_commit != NULL
		    && oid_parse(assay_span_str(k.fix_commit), algo, &f->fixes[f->fix_count]) == ASSAY_OK)
			f->fix_count++;
		return ASSAY_OK;
	}
	if (review_parse(bytes, path, algo, scratch, &r, NULL) != ASSAY_OK)
		return ASSAY_OK;
	f->ranges[f->range_count++] = (struct range) { r.head, r.base, r.has_base };
	TRY(name_commit(f, &r.head, err));
	return r.has_base ? name_commit(f, &r.base, err) : ASSAY_OK;
}

static enum assay_status
got_record(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct fetch *f = ctx;
	const enum oid_algo algo = f->c->repository->algo;
	CLEANUP(arena_free) struct arena *scratch = NULL;
	struct oid id;
	if (!got->present || got->over_cap || got->type != GIT_BLOB || git_hash(algo, GIT_BLOB, got->bytes, &id, NULL) != ASSAY_OK
	    || oid_compare(&id, &f->records[i].id) != 0)
		return ASSAY_OK;
	TRY(arena_new(RECORDS_ROOM, &scratch));
	if (strcmp(f->records[i].path, POLICY_PATH) == 0)
		return read_policy(f, got->bytes, scratch, err);
	return read_record(f, got->bytes, f->records[i].path, scratch, err);
}

static enum assay_status
read_records(struct fetch *f, struct assay_error *err)
{
	f->ranges = calloc(f->record_count + 1, sizeof(f->ranges[0]));
	f->fixes = calloc(f->record_count + f->c->change_count + 1, sizeof(f->fixes[0]));
	if (f->ranges == NULL || f->fixes == NULL)
		return no_memory(err);
	for (size_t i = 0; i < f->c->change_count; i++)
		f->fixes[f->fix_count++] = f->c->changes[i];
	const struct object_wanted wanted = { .count = f->record_count, .cap = RECORD_SIZE_MAX, .name = name_record, .got = got_record,
		.ctx = f };
	return object_reader_each(f->s->reader, &wanted, err);
}

/* ---- what brought them in ---- */

/* Own memory: commits by their number in the store. */
struct graph {
	uint32_t *first, *parents, *room, *by;
	unsigned char *flags; /* of one range */
	size_t in_ranges;     /* commits of ranges that were named so far */
};

static void
graph_done(struct graph *g)
{
	free(g->first);
	free(g->parents);
	free(g->room);
	free(g->by);
	free(g->flags);
}

static uint32_t
commit_of(const struct store *s, const struct oid *id)
{
	const uint32_t object = store_find(s, id);
	return object == STORE_NONE || s->objects[object].type != GIT_COMMIT || s->objects[object].state != OBJECT_OK
	    ? REVIEWED_NONE : s->objects[object].commit;
}

/* Counts the parents of all commits; with parents, keeps them. */
static size_t
walk_parents(const struct fetch *f, uint32_t *first, uint32_t *parents)
{
	const struct store *s = f->s;
	const enum oid_algo algo = f->c->repository->algo;
	size_t total = 0;
	for (uint32_t i = 0; i < s->commit_count; i++) {
		const struct store_commit *c = &s->commits[i];
		const struct store_object *o = &s->objects[c->object];
		struct git_commit links = { .parent_count = 0 };
		struct oid id;
		size_t cursor = 0;
		first[i] = (uint32_t)total;
		if (o->type != GIT_COMMIT || o->state != OBJECT_OK)
			continue;
		git_commit_links(store_commit_bytes(s, c), algo, &links);
		while (git_commit_next_parent(&links, algo, &cursor, &id)) {
			if (parents != NULL)
				parents[total] = commit_of(s, &id);
			total++;
		}
	}
	first[s->commit_count] = (uint32_t)total;
	return total;
}

static enum assay_status
make_graph(const struct fetch *f, struct graph *g, struct assay_error *err)
{
	const size_t count = f->s->commit_count;
	g->first = calloc(count + 1, sizeof(g->first[0]));
	if (g->first == NULL)
		return no_memory(err);
	const size_t total = walk_parents(f, g->first, NULL);
	if (total > UINT32_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more parents of commits than are followed");
	g->parents = calloc(total + 1, sizeof(g->parents[0]));
	g->room = calloc(2 * count + 1, sizeof(g->room[0]));
	g->by = calloc(count + 1, sizeof(g->by[0]));
	g->flags = calloc(count + 1, 1);
	if (g->parents == NULL || g->room == NULL || g->by == NULL || g->flags == NULL)
		return no_memory(err);
	(void)walk_parents(f, g->first, g->parents);
	return ASSAY_OK;
}

/* A commit and its parents: what it changed shows in both. */
static enum assay_status
name_change(struct fetch *f, const struct graph *g, uint32_t commit, struct assay_error *err)
{
	const struct store *s = f->s;
	TRY(name_commit(f, &s->objects[s->commits[commit].object].id, err));
	for (uint32_t k = g->first[commit]; k < g->first[commit + 1]; k++) {
		if (g->parents[k] != REVIEWED_NONE)
			TRY(name_commit(f, &s->objects[s->commits[g->parents[k]].object].id, err));
	}
	return ASSAY_OK;
}

/* Sets bit on what from leads to, up to what has it; the commits lie in room. */
static uint32_t
mark(const struct graph *g, uint32_t from, unsigned char bit)
{
	uint32_t count = 0;
	if (from == REVIEWED_NONE || (g->flags[from] & bit) != 0)
		return 0;
	g->flags[from] |= bit;
	g->room[count++] = from;
	for (uint32_t at = 0; at < count; at++) {
		for (uint32_t k = g->first[g->room[at]]; k < g->first[g->room[at] + 1]; k++) {
			const uint32_t parent = g->parents[k];
			if (parent == REVIEWED_NONE || (g->flags[parent] & bit) != 0)
				continue;
			g->flags[parent] |= bit;
			g->room[count++] = parent;
		}
	}
	return count;
}

/*
 * The commits of a review, so that it can be told which of them touched what it is of. Of those that are left out nobody can, and whoever
 * judges takes them to have touched it.
 */
static enum assay_status
name_range(struct fetch *f, struct graph *g, const struct range *r, struct assay_error *err)
{
	memset(g->flags, 0, f->s->commit_count);
	if (r->has_base)
		(void)mark(g, commit_of(f->s, &r->base), 1);
	for (size_t i = 0; i < f->cut_over_count; i++)
		(void)mark(g, commit_of(f->s, &f->cut_overs[i]), 1);
	const uint32_t count = mark(g, commit_of(f->s, &r->head), 1);
	for (uint32_t i = 0; i < count && g->in_ranges < RANGES_MAX; i++, g->in_ranges++)
		TRY(name_change(f, g, g->room[i], err));
	return ASSAY_OK;
}

static enum assay_status
name_changes(struct fetch *f, struct assay_error *err)
{
	CLEANUP(graph_done) struct graph g = { .parents = NULL };
	const uint32_t tip = f->c->repository->has_head ? commit_of(f->s, &f->c->repository->head) : REVIEWED_NONE;
	if (f->range_count + f->fix_count == 0 || tip == REVIEWED_NONE)
		return ASSAY_OK;
	TRY(make_graph(f, &g, err));
	const struct reviewed_graph graph = { f->s->commit_count, g.first, g.parents };
	reviewed_brought(&graph, tip, g.room, g.by);
	for (size_t i = 0; i < f->range_count; i++) {
		const uint32_t head = commit_of(f->s, &f->ranges[i].head);
		if (head != REVIEWED_NONE && g.by[head] != REVIEWED_NONE)
			TRY(name_change(f, &g, g.by[head], err));
	}
	for (size_t i = 0; i < f->range_count; i++)
		TRY(name_range(f, &g, &f->ranges[i], err));
	for (size_t i = 0; i < f->fix_count; i++) {
		const uint32_t fix = commit_of(f->s, &f->fixes[i]);
		if (fix != REVIEWED_NONE)
			TRY(name_change(f, &g, fix, err));
	}
	return ASSAY_OK;
}

/* ---- trees ---- */

static enum assay_status
got_tree(void *ctx, uint32_t object, struct assay_span bytes, struct assay_error *err)
{
	struct fetch *f = ctx;
	return object_set_add(&f->objects, &f->s->objects[object].id, GIT_TREE, bytes, err);
}

/* A commit that isn't there has no tree, and whoever judges says that it isn't there. */
static enum assay_status
read_trees(struct fetch *f, size_t *ret_gone, struct assay_error *err)
{
	f->trees = (struct tree_walk) { .s = f->s, .tree = got_tree, .ctx = f };
	*ret_gone = 0;
	for (size_t i = 0; i < f->named_count; i++) {
		const uint32_t commit = commit_of(f->s, &f->named[i]);
		struct oid root;
		if (commit == REVIEWED_NONE
		    || tree_of_commit(store_commit_bytes(f->s, &f->s->commits[commit]), f->c->repository->algo, &root, NULL) != ASSAY_OK)
			continue;
		const uint32_t object = store_find(f->s, &root);
		if (object == STORE_NONE)
			++*ret_gone;
		else
			TRY(tree_walk_add(&f->trees, object, NULL, (struct assay_span) { 0 }, err));
	}
	TRY(tree_walk_run(&f->trees, err));
	*ret_gone += f->trees.unread;
	return ASSAY_OK;
}

static enum assay_status
take_members(struct fetch *f, struct evidence *e, struct assay_error *err)
{
	const enum oid_algo algo = f->c->repository->algo;
	struct evidence_member *m = arena_array(f->c->arena, 2, sizeof(m[0]));
	if (m == NULL)
		return arena_full(err);
	m[0].name = "reviewed/format";
	m[0].bytes = assay_span_str(algo == OID_SHA1 ? "sha1\n" : "sha256\n");
	m[1].name = "reviewed/trees";
	TRY(object_set_stream(&f->objects, algo, REVIEWED_STREAM_MAX, &m[1].bytes, err));
	e->members = m;
	e->member_count = 2;
	return ASSAY_OK;
}

enum assay_status
reviewed_fetch(const struct probe_context *c, struct evidence *ret_evidence, struct assay_error *err)
{
	CLEANUP(fetch_done) struct fetch f = { .c = c, .objects = { .arena = c->arena,
		.what = "the trees that were reviewed", .most = REVIEWED_STREAM_MAX / 2 } };
	CLEANUP(buf_done) struct buf why = BUF_INIT(REASONS_MAX);
	size_t gone = 0;
	TRY(store_get(c, &f.s, err));
	TRY(store_read_commits(f.s, err));
	TRY(list_records(&f, err));
	TRY(read_records(&f, err));
	TRY(name_changes(&f, err));
	TRY(read_trees(&f, &gone, err));
	TRY(take_members(&f, ret_evidence, err));
	if (gone > 0)
		probe_reason(&why, "%zu trees of what was reviewed are absent or altered", gone);
	if (f.more_records)
		probe_reason(&why, "more than %u reviews and closures, the others were not read", RECORDS_MAX);
	return probe_completeness(c, &why, ret_evidence, err);
}
