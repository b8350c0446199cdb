/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ledger and cache belong outside of the checked tree: whoever can commit could rewrite them there.
 */
#include "clone.h"
#include "tree_walk.h"

#include <base/catch.h>

#define STATE_FOLDER ".assay"
#define LEDGER_NAME "ledger.db"
#define LEDGER_READ_MAX ((size_t)64 << 20)
#define CANDIDATES_MAX 1000

struct candidate {
	const char *path;
	struct oid id;
};

struct search {
	struct clone_record *rec;
	struct candidate *candidates; /* files that are named as a ledger is */
	size_t count;
};

static bool
is_named(const struct link *link, const char *name)
{
	return assay_span_equal(link->name, assay_span_str(name));
}

static enum assay_status
entry(void *ctx, const struct tree_visit *folder, const struct link *link, uint32_t object,
    struct assay_error *err)
{
	struct search *x = ctx;
	(void)object;
	const bool state = is_named(link, STATE_FOLDER);
	const bool ledger = link->type == GIT_BLOB && is_named(link, LEDGER_NAME);
	if (!state && !ledger)
		return ASSAY_OK;
	const char *path = arena_printf(x->rec->c->arena, "%s%.*s", folder->path, (int)link->name.len,
	    (const char *)link->name.data);
	if (path == NULL)
		return arena_full(err);
	if (CATCH(state_tracked, state))
		clone_add(x->rec, "state-tracked", clone_text(path));
	else if (ledger && x->count < CANDIDATES_MAX)
		x->candidates[x->count++] = (struct candidate) { path, link->id };
	else if (ledger)
		clone_unread(x->rec, "files named " LEDGER_NAME, "there are more of them than are looked into");
	return ASSAY_OK;
}

static void
name_candidate(void *ctx, size_t i, struct buf *out)
{
	const struct search *x = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&x->candidates[i].id, x->rec->c->repository->algo, hex);
	buf_add_str(out, hex);
}

/* A SQLite database whose application id, at offset 68 of its header, is the ledger's. */
static bool
is_ledger(struct assay_span bytes)
{
	static const char magic[16] = "SQLite format 3";
	static const unsigned char application[4] = { 'A', 'S', 'L', 'G' };
	return bytes.len >= 100 && memcmp(bytes.data, magic, sizeof(magic)) == 0
	    && memcmp(bytes.data + 68, application, sizeof(application)) == 0;
}

static enum assay_status
got_candidate(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct search *x = ctx;
	(void)err;
	if (CATCH(ledger_tracked, got->over_cap || (got->present && is_ledger(got->bytes))))
		clone_add(x->rec, "state-tracked", clone_text(x->candidates[i].path));
	return ASSAY_OK;
}

enum assay_status
clone_state(struct clone_record *rec, struct assay_error *err)
{
	const struct repository *r = rec->c->repository;
	const uint32_t tree = store_head_tree(rec->s);
	if (tree == STORE_NONE) {
		if (CATCH(head_tree_absent, r->has_head))
			clone_unread(rec, "HEAD's tree", "it is absent or altered");
		return ASSAY_OK;
	}
	struct search x = { .rec = rec };
	x.candidates = arena_array(rec->c->arena, CANDIDATES_MAX, sizeof(x.candidates[0]));
	if (x.candidates == NULL)
		return arena_full(err);
	CLEANUP(tree_walk_done) struct tree_walk w
	    = { .s = rec->s, .with_paths = true, .entry = entry, .ctx = &x };
	TRY(tree_walk_add(&w, tree, "", (struct assay_span) { 0 }, err));
	TRY(tree_walk_run(&w, err));
	if (CATCH(head_tree_unread, w.unread > 0))
		clone_unread(rec, "HEAD's tree", "parts of it are absent, altered, malformed or too deep");
	const struct object_wanted wanted = { .count = x.count, .cap = LEDGER_READ_MAX,
		.name = name_candidate, .got = got_candidate, .ctx = &x };
	return object_reader_each(rec->s->reader, &wanted, err);
}
