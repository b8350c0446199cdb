/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include <base/text.h>
#include <probe/source.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)4 << 30)
#define PROGRESS_EVERY 512

struct source_entry {
	const char *path;
	uint32_t mode;
	struct oid id;
	unsigned char sha256[ASSAY_SHA256_SIZE];
};

struct folder {
	const char *path; /* "" or with its '/' */
	struct oid id;
};

struct source {
	const struct repository *r;
	struct object_reader *reader;
	struct arena *arena;
	struct oid at;           /* the commit, or the tag before it */
	enum git_type type;      /* of what was read last */
	struct oid next;         /* where that leads */
	struct folder *now, *below;
	size_t now_count, below_count, below_room, folders;
	struct source_entry *files;
	size_t count, room;
	size_t *wanted;          /* files by id, each id once */
	size_t wanted_count;
	void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total);
	void *progress_ctx;
};

static void
source_done(struct source *s)
{
	object_reader_free(&s->reader);
	arena_free(&s->arena);
	free(s->now);
	free(s->below);
	free(s->files);
	free(s->wanted);
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for the tree of a commit");
}

/* ---- objects, each hashed again ---- */

static enum assay_status
check_object(const struct source *s, const struct oid *id, const struct object_read *got, const char *what, struct assay_error *err)
{
	char hex[2 * OID_MAX + 1];
	struct oid own;
	oid_hex(id, s->r->algo, hex);
	if (!got->present) {
		(void)assay_fail(err, ASSAY_E_NOT_FOUND, "%s %s isn't in the repository", what, hex);
		return assay_error_todo(err, ASSAY_E_NOT_FOUND, "get it: git fetch --unshallow, or git fetch --refetch in a partial clone");
	}
	if (got->over_cap)
		return assay_fail(err, ASSAY_E_LIMIT, "%s %s has %llu bytes, more than is read", what, hex, (unsigned long long)got->size);
	if (git_hash(s->r->algo, got->type, got->bytes, &own, err) != ASSAY_OK || oid_compare(&own, id) != 0)
		return assay_fail(err, ASSAY_E_VERIFY, "%s %s isn't what its id says: the repository has been altered", what, hex);
	return ASSAY_OK;
}

static void
add_id(const struct source *s, const struct oid *id, struct buf *out)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(id, s->r->algo, hex);
	buf_add_str(out, hex);
}

static void
name_commit(void *ctx, size_t i, struct buf *out)
{
	const struct source *s = ctx;
	(void)i;
	add_id(s, &s->at, out);
}

static enum assay_status
got_commit(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct source *s = ctx;
	struct git_commit commit;
	struct git_tag tag;
	(void)i;
	TRY(check_object(s, &s->at, got, "the commit", err));
	s->type = got->type;
	if (got->type == GIT_COMMIT) {
		TRY(git_commit_parse(got->bytes, s->r->algo, &commit, err));
		s->next = commit.tree;
		return ASSAY_OK;
	}
	if (got->type != GIT_TAG)
		return assay_fail(err, ASSAY_E_USAGE, "what is named is a %s, and no commit", git_type_name(got->type));
	TRY(git_tag_parse(got->bytes, s->r->algo, &tag, err));
	s->next = tag.target;
	return ASSAY_OK;
}

/* ---- folders ---- */

static enum assay_status
add_folder(struct source *s, const char *path, const struct oid *id, struct assay_error *err)
{
	if (s->folders++ >= SOURCE_ENTRIES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the tree of the commit has more than %d folders", SOURCE_ENTRIES_MAX);
	if (s->below_count == s->below_room) {
		const size_t room = s->below_room == 0 ? 64 : 2 * s->below_room;
		struct folder *more = reallocarray(s->below, room, sizeof(*more));
		if (more == NULL)
			return no_memory(err);
		s->below = more;
		s->below_room = room;
	}
	s->below[s->below_count++] = (struct folder){ path, *id };
	return ASSAY_OK;
}

static enum assay_status
add_file(struct source *s, const char *path, const struct git_tree_entry *e, struct assay_error *err)
{
	if (s->count >= SOURCE_ENTRIES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the tree of the commit has more than %d files", SOURCE_ENTRIES_MAX);
	if (s->count == s->room) {
		const size_t room = s->room == 0 ? 256 : 2 * s->room;
		struct source_entry *more = reallocarray(s->files, room, sizeof(*more));
		if (more == NULL)
			return no_memory(err);
		s->files = more;
		s->room = room;
	}
	s->files[s->count++] = (struct source_entry){ .path = path, .mode = e->mode, .id = e->id };
	return ASSAY_OK;
}

static void
name_folder(void *ctx, size_t i, struct buf *out)
{
	const struct source *s = ctx;
	add_id(s, &s->now[i].id, out);
}

static enum assay_status
got_folder(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct source *s = ctx;
	struct git_tree_entry e;
	enum assay_status status;
	size_t cursor = 0;
	TRY(check_object(s, &s->now[i].id, got, "the folder", err));
	if (got->type != GIT_TREE)
		return assay_fail(err, ASSAY_E_FORMAT, "a folder of the commit is a %s", git_type_name(got->type));
	while ((status = git_tree_next(got->bytes, s->r->algo, &cursor, &e, err)) == ASSAY_OK) {
		const bool is_folder = (e.mode & 0170000) == 0040000;
		const char *path = arena_printf(s->arena, "%s%.*s%s", s->now[i].path, (int)e.name.len, (const char *)e.name.data,
		    is_folder ? "/" : "");
		if (path == NULL)
			return arena_full(err);
		TRY(is_folder ? add_folder(s, path, &e.id, err) : add_file(s, path, &e, err));
	}
	return status == ASSAY_E_NOT_FOUND ? ASSAY_OK : status;
}

static enum assay_status
read_folders(struct source *s, struct assay_error *err)
{
	TRY(add_folder(s, "", &s->next, err));
	for (unsigned depth = 0; s->below_count > 0; depth++) {
		if (depth >= SOURCE_FOLDERS_DEEP)
			return assay_fail(err, ASSAY_E_LIMIT, "the tree of the commit is deeper than %d folders", SOURCE_FOLDERS_DEEP);
		free(s->now);
		s->now = steal(&s->below);
		s->now_count = s->below_count;
		s->below_count = s->below_room = 0;
		const struct object_wanted wanted = { s->now_count, GIT_TREE_SIZE_MAX, name_folder, got_folder, s };
		TRY(object_reader_each(s->reader, &wanted, err));
	}
	return ASSAY_OK;
}

/* ---- files ---- */

static int
by_id(const void *a, const void *b, void *ctx)
{
	const struct source_entry *files = ctx;
	return oid_compare(&files[*(const size_t *)a].id, &files[*(const size_t *)b].id);
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct source_entry *)a)->path, ((const struct source_entry *)b)->path);
}

static bool
is_submodule(const struct source_entry *e)
{
	return (e->mode & 0170000) == 0160000;
}

static void
name_file(void *ctx, size_t i, struct buf *out)
{
	const struct source *s = ctx;
	add_id(s, &s->files[s->wanted[i]].id, out);
}

static enum assay_status
got_file(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct source *s = ctx;
	struct source_entry *e = &s->files[s->wanted[i]];
	enum assay_status status = check_object(s, &e->id, got, "the file", err);
	if (status == ASSAY_OK && got->type != GIT_BLOB)
		status = assay_fail(err, ASSAY_E_FORMAT, "it is a %s, and no file", git_type_name(got->type));
	if (status != ASSAY_OK)
		return assay_error_at(err, status, e->path, 0, 0);
	if (s->progress != NULL && i % PROGRESS_EVERY == 0)
		s->progress(s->progress_ctx, "source files", i, s->wanted_count);
	if (assay_sha256(got->bytes, e->sha256) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	return ASSAY_OK;
}

/* The same file in two places is read once; wanted holds the first of each, and in all the others' order. */
static enum assay_status
read_files(struct source *s, struct assay_error *err)
{
	size_t *order = calloc(s->count + 1, sizeof(*order)), count = 0;
	s->wanted = calloc(s->count + 1, sizeof(s->wanted[0]));
	if (order == NULL || s->wanted == NULL) {
		free(order);
		return no_memory(err);
	}
	for (size_t i = 0; i < s->count; i++)
		if (!is_submodule(&s->files[i]))
			order[count++] = i;
	qsort_r(order, count, sizeof(*order), by_id, s->files);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || oid_compare(&s->files[order[i - 1]].id, &s->files[order[i]].id) != 0)
			s->wanted[s->wanted_count++] = order[i];
	const struct object_wanted wanted = { s->wanted_count, SOURCE_FILE_MAX, name_file, got_file, s };
	const enum assay_status status = object_reader_each(s->reader, &wanted, err);
	for (size_t i = 1; i < count && status == ASSAY_OK; i++) {
		const struct source_entry *before = &s->files[order[i - 1]];
		struct source_entry *e = &s->files[order[i]];
		if (oid_compare(&before->id, &e->id) == 0)
			memcpy(e->sha256, before->sha256, sizeof(e->sha256));
	}
	free(order);
	return status;
}

/* ---- the listing ---- */

static enum assay_status
hash_listing(struct source *s, unsigned char ret_sha256[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(SOURCE_LISTING_MAX);
	if (s->count > 0)
		qsort(s->files, s->count, sizeof(s->files[0]), by_path);
	buf_add_str(&out, SOURCE_FIRST_LINE);
	for (size_t i = 0; i < s->count; i++) {
		const struct source_entry *e = &s->files[i];
		buf_addf(&out, "%06o ", e->mode);
		if (is_submodule(e))
			add_id(s, &e->id, &out);
		else
			buf_add_hex(&out, (struct assay_span){ e->sha256, sizeof(e->sha256) });
		buf_add_byte(&out, ' ');
		text_percent(&out, assay_span_str(e->path), NULL);
		buf_add_byte(&out, '\n');
	}
	TRY(buf_status(&out, "the listing of the commit's tree", err));
	if (assay_sha256(buf_span(&out), ret_sha256) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	return ASSAY_OK;
}

/* To the commit, through tags, and all of its folders. */
static enum assay_status
source_open(struct source *s, const struct oid *id, struct assay_error *err)
{
	if (arena_new(ARENA_MAX, &s->arena) != ASSAY_OK)
		return arena_full(err);
	TRY(object_reader_new(s->r, &s->reader, err));
	s->next = *id;
	for (unsigned deep = 0; s->type == GIT_TAG; deep++) {
		const struct object_wanted wanted = { 1, GIT_COMMIT_MAX, name_commit, got_commit, s };
		if (deep > SOURCE_TAGS_DEEP)
			return assay_fail(err, ASSAY_E_LIMIT, "a tag of a tag, more than %d times", SOURCE_TAGS_DEEP);
		s->at = s->next;
		TRY(object_reader_each(s->reader, &wanted, err));
	}
	return read_folders(s, err);
}

enum assay_status
source_digest(const struct repository *r, const struct oid *id,
    void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total), void *progress_ctx,
    struct source_digest *ret_digest, struct assay_error *err)
{
	CLEANUP(source_done) struct source s = { .r = r, .at = *id, .type = GIT_TAG, .progress = progress, .progress_ctx = progress_ctx };
	struct source_digest d = { .files = 0 };
	TRY(source_open(&s, id, err));
	TRY(read_files(&s, err));
	TRY(hash_listing(&s, d.sha256, err));
	d.commit = s.at;
	d.files = s.count;
	*ret_digest = d;
	return ASSAY_OK;
}

enum assay_status
source_find(const struct repository *r, const char *name, struct oid *ret_id, struct assay_error *err)
{
	static const char *const folders[] = { "", "refs/heads/", "refs/tags/", "refs/remotes/" };
	char full[PATH_TEXT_MAX];
	if (strcmp(name, "HEAD") == 0 && r->has_head) {
		*ret_id = r->head;
		return ASSAY_OK;
	}
	if (strcmp(name, "HEAD") == 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "the repository has no commit yet");
		return assay_error_todo(err, ASSAY_E_USAGE, "commit what the release is built from, or name a commit with --commit");
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		text_put(full, sizeof(full), "%s%s", folders[i], name);
		const struct repository_ref *ref = repository_find_ref(r, full);
		if (ref == NULL)
			continue;
		*ret_id = ref->id;
		return ASSAY_OK;
	}
	if (oid_parse(assay_span_str(name), r->algo, ret_id) == ASSAY_OK)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is no commit of the repository", name);
	return assay_error_todo(err, ASSAY_E_USAGE, "write HEAD, a branch, a tag or a commit's full id");
}

/* ---- some of its files ---- */

struct picked {
	struct source *s;
	const struct source_wish *wish;
	struct arena *arena;
	struct source_file *files;
	size_t count;
};

static void
name_picked(void *ctx, size_t i, struct buf *out)
{
	const struct picked *p = ctx;
	add_id(p->s, &p->files[i].id, out);
}

static enum assay_status
got_picked(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct picked *p = ctx;
	struct source_file *f = &p->files[i];
	if (got->present && got->over_cap) {
		f->why = arena_printf(p->arena, "larger than %zu bytes", p->wish->most);
		return f->why == NULL ? arena_full(err) : ASSAY_OK;
	}
	enum assay_status status = check_object(p->s, &f->id, got, "the file", err);
	if (status == ASSAY_OK && got->type != GIT_BLOB)
		status = assay_fail(err, ASSAY_E_FORMAT, "it is a %s, and no file", git_type_name(got->type));
	if (status != ASSAY_OK)
		return assay_error_at(err, status, f->path, 0, 0);
	f->bytes = (struct assay_span){ (const unsigned char *)arena_copy(p->arena, got->bytes), got->bytes.len };
	f->has_bytes = f->bytes.data != NULL;
	return f->has_bytes ? ASSAY_OK : arena_full(err);
}

static enum assay_status
pick(struct picked *p, struct assay_error *err)
{
	const struct source *s = p->s;
	size_t count = 0;
	for (size_t i = 0; i < s->count; i++)
		count += !is_submodule(&s->files[i]) && p->wish->wanted(s->files[i].path);
	if (count > p->wish->most_files)
		return assay_fail(err, ASSAY_E_LIMIT, "the commit has %zu files of a kind of which at most %zu are read", count, p->wish->most_files);
	p->files = arena_array(p->arena, count + 1, sizeof *p->files);
	if (p->files == NULL)
		return arena_full(err);
	for (size_t i = 0; i < s->count; i++) {
		const struct source_entry *e = &s->files[i];
		if (is_submodule(e) || !p->wish->wanted(e->path))
			continue;
		struct source_file *f = &p->files[p->count++];
		*f = (struct source_file){ .path = arena_str(p->arena, e->path), .mode = e->mode, .id = e->id };
		if (f->path == NULL)
			return arena_full(err);
	}
	return ASSAY_OK;
}

enum assay_status
source_files(const struct repository *r, const struct oid *id, const struct source_wish *wish, struct arena *arena,
    struct sources *ret_sources, struct assay_error *err)
{
	CLEANUP(source_done) struct source s = { .r = r, .at = *id, .type = GIT_TAG };
	struct picked p = { .s = &s, .wish = wish, .arena = arena };
	TRY(source_open(&s, id, err));
	if (s.count > 0)
		qsort(s.files, s.count, sizeof(s.files[0]), by_path);
	TRY(pick(&p, err));
	const struct object_wanted wanted = { p.count, wish->most, name_picked, got_picked, &p };
	if (p.count > 0)
		TRY(object_reader_each(s.reader, &wanted, err));
	*ret_sources = (struct sources){ .algo = r->algo, .files = p.files, .count = p.count };
	return ASSAY_OK;
}
