/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HEAD's tree: all its folders, then the files whose paths say that a judge may want them.
 */
#include "head_tree.h"
#include "internal.h"
#include "rows.h"

#include <base/catch.h>
#include <evidence/tree.h>

#define REASONS_MAX 16384
#define HEAD_TEXT_MAX 16384
#define ABSENT_TEXT_MAX ((size_t)256 << 20)

struct left {
	struct oid id;
	bool large;
};

/* A file that is to be read. */
struct wanted {
	struct oid id;
	bool code; /* as code alone */
};

struct fetch {
	const struct probe_context *c;
	struct store *s;
	struct tree tree;
	struct object_set objects;
	struct wanted *wanted;       /* own memory: files, each id once, sorted */
	size_t wanted_count;
	size_t code_bytes;           /* that were read as code alone */
	struct left *left;           /* own memory, grows */
	size_t left_count, left_room;
	size_t gone;                 /* of them, those that aren't merely large */
	bool failed;                 /* no memory, where nothing could be returned */
};

static void
fetch_done(struct fetch *f)
{
	object_set_done(&f->objects);
	free(f->wanted);
	free(f->left);
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory to read HEAD's tree");
}

/* ---- what was read ---- */

static void
add_left(struct fetch *f, const struct oid *id, bool large)
{
	if (f->left_count == f->left_room) {
		const size_t room = f->left_room == 0 ? 16 : 2 * f->left_room;
		struct left *more = reallocarray(f->left, room, sizeof(*more));
		if (more == NULL) {
			f->failed = true;
			return;
		}
		f->left = more;
		f->left_room = room;
	}
	f->left[f->left_count++] = (struct left) { *id, large };
	f->gone += !large;
}

static int
compare_left(const void *a, const void *b)
{
	return oid_compare(&((const struct left *)a)->id, &((const struct left *)b)->id);
}

/* By id; of one that is wanted for two reasons, the better one first. */
static int
compare_wanted(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;
	const int order = oid_compare(&x->id, &y->id);
	return order != 0 ? order : (int)x->code - (int)y->code;
}

/* ---- folders ---- */

static void
folder_gone(void *ctx, const struct oid *id)
{
	add_left(ctx, id, false);
}

/* ---- files ---- */

static enum assay_status
choose_files(struct fetch *f, struct assay_error *err)
{
	const struct sources *s = &f->tree.sources;
	size_t count = 0;
	f->wanted = calloc(s->count + 1, sizeof(f->wanted[0]));
	if (f->wanted == NULL)
		return no_memory(err);
	for (size_t i = 0; i < s->count; i++) {
		const enum tree_want want = s->files[i].mode == 0160000 ? TREE_UNWANTED : tree_wants(s, s->files[i].path);
		if (want != TREE_UNWANTED)
			f->wanted[count++] = (struct wanted) { s->files[i].id, want == TREE_WANTED_CODE };
	}
	if (count > 0)
		qsort(f->wanted, count, sizeof(f->wanted[0]), compare_wanted);
	for (size_t i = 0; i < count; i++)
		if (f->wanted_count == 0 || oid_compare(&f->wanted[f->wanted_count - 1].id, &f->wanted[i].id) != 0)
			f->wanted[f->wanted_count++] = f->wanted[i];
	return ASSAY_OK;
}

static void
name_file(void *ctx, size_t i, struct buf *out)
{
	const struct fetch *f = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&f->wanted[i].id, f->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
got_file(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct fetch *f = ctx;
	const struct wanted *w = &f->wanted[i];
	struct oid id;
	/* Which of the code is left out when there is too much goes by id, and so is the same on every run. */
	const bool too_much = w->code && got->present && got->bytes.len > TREE_CODE_MAX - f->code_bytes;
	if (got->over_cap || too_much) {
		add_left(f, &w->id, true);
		return ASSAY_OK;
	}
	if (!got->present || got->type != GIT_BLOB
	    || git_hash(f->c->repository->algo, GIT_BLOB, got->bytes, &id, NULL) != ASSAY_OK
	    || CATCH(tree_blob_altered, oid_compare(&id, &w->id) != 0)) {
		add_left(f, &w->id, false);
		return ASSAY_OK;
	}
	f->code_bytes += w->code ? got->bytes.len : 0;
	return object_set_add(&f->objects, &id, GIT_BLOB, got->bytes, err);
}

static enum assay_status
read_files(struct fetch *f, struct assay_error *err)
{
	TRY(choose_files(f, err));
	const struct object_wanted wanted = { .count = f->wanted_count, .cap = TREE_FILE_MAX,
		.name = name_file, .got = got_file, .ctx = f };
	TRY(object_reader_each(f->s->reader, &wanted, err));
	return f->failed ? no_memory(err) : ASSAY_OK;
}

/* ---- members ---- */

static enum assay_status
take_absent(struct fetch *f, struct assay_span *ret_bytes, struct assay_error *err)
{
	char hex[2 * OID_MAX + 1];
	CLEANUP(buf_done) struct buf out = BUF_INIT(ABSENT_TEXT_MAX);
	if (f->left_count > 0)
		qsort(f->left, f->left_count, sizeof(f->left[0]), compare_left);
	for (size_t i = 0; i < f->left_count; i++) {
		/* A folder that stands in two places is gone in both. */
		if (i > 0 && oid_compare(&f->left[i - 1].id, &f->left[i].id) == 0)
			continue;
		oid_hex(&f->left[i].id, f->c->repository->algo, hex);
		buf_addf(&out, "%s %s\n", hex, f->left[i].large ? "large" : "gone");
	}
	return object_set_keep(f->c->arena, &out, "HEAD's tree", ret_bytes, err);
}

static enum assay_status
take_members(struct fetch *f, struct evidence *e, struct assay_error *err)
{
	static const char *const names[] = { "tree/absent", "tree/format", "tree/head", "tree/objects" };
	const struct repository *r = f->c->repository;
	const size_t count = sizeof(names) / sizeof(names[0]);
	CLEANUP(buf_done) struct buf head = BUF_INIT(HEAD_TEXT_MAX);
	struct evidence_member *m = arena_array(f->c->arena, count, sizeof(m[0]));
	if (m == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++)
		m[i].name = names[i];
	TRY(take_absent(f, &m[0].bytes, err));
	m[1].bytes = assay_span_str(r->algo == OID_SHA1 ? "sha1\n" : "sha256\n");
	probe_head_text(r, &head);
	TRY(object_set_keep(f->c->arena, &head, "HEAD", &m[2].bytes, err));
	TRY(object_set_stream(&f->objects, r->algo, TREE_STREAM_MAX, &m[3].bytes, err));
	e->members = m;
	e->member_count = count;
	return ASSAY_OK;
}

static enum assay_status
read_head(struct fetch *f, struct assay_error *err)
{
	const struct repository *r = f->c->repository;
	const uint32_t head = store_find(f->s, &r->head);
	TRY(head_tree_read(f->s, &f->objects, &f->tree, folder_gone, f, err));
	if (head == STORE_NONE)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "HEAD's commit is absent");
	TRY(object_set_add(&f->objects, &r->head, GIT_COMMIT,
	    store_commit_bytes(f->s, &f->s->commits[f->s->objects[head].commit]), err));
	return read_files(f, err);
}

enum assay_status
tree_fetch(const struct probe_context *c, struct evidence *ret_evidence, struct assay_error *err)
{
	CLEANUP(fetch_done) struct fetch f = { .c = c, .objects = { .arena = c->arena,
		.what = "HEAD's folders, and its files that are read,", .most = TREE_STREAM_MAX / 2 } };
	CLEANUP(buf_done) struct buf why = BUF_INIT(REASONS_MAX);
	TRY(store_get(c, &f.s, err));
	TRY(store_read_commits(f.s, err));
	if (c->repository->has_head)
		TRY(read_head(&f, err));
	if (f.gone > 0)
		probe_reason(&why, "%zu folders or files of HEAD's tree are absent or altered", f.gone);
	TRY(take_members(&f, ret_evidence, err));
	return probe_completeness(c, &why, ret_evidence, err);
}
