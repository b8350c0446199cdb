/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/manifest.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <base/pool.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <files/walk.h>
#include <seal/inspect.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Entries that one thread takes at a time: they lie near each other, and their paths are gone to in order. */
#define CHUNK ((size_t)512)
#define ARENA_MAX ((size_t)8 << 30)
/* Looks that say the same are kept once: most files of a tree are of a few kinds. */
#define ALIKE_MAX 32
#define READ_ROOM ((size_t)1 << 16)

struct chunk {
	enum assay_status status;
	struct assay_error err;
	struct arena *arena;
};

struct inspect {
	const struct seal_inspect *what;
	struct seal_inspection *out;
	struct walk_folder *root;
	struct chunk *chunks;
	size_t chunk_count, room;
	struct pool *pool;
	struct arena *arena; /* of the whole: the caller's thread alone */
};

/* One thread at one chunk. */
struct worker {
	struct inspect *in;
	struct walk_path *at;
	struct arena *arena;
	struct buf bytes;
	const struct seal_looked *alike[ALIKE_MAX];
	size_t alike_count;
};

static void
inspect_done(struct inspect *in)
{
	walk_drop(&in->root);
	pool_free(&in->pool);
	free(in->chunks);
}

static void
worker_done(struct worker *w)
{
	walk_path_free(&w->at);
	buf_done(&w->bytes);
}

void
seal_inspection_done(struct seal_inspection *inspection)
{
	for (size_t i = 0; i < inspection->arena_count; i++)
		arena_free(&inspection->arenas[i]);
	free(inspection->arenas);
	free(inspection->entries);
	*inspection = (struct seal_inspection){ .count = 0 };
}

/* ---- the manifest's entries ---- */

static enum assay_status
take_entry(struct inspect *in, const struct assay_manifest_entry *e, struct assay_error *err)
{
	static const enum seal_type types[] = { [ASSAY_ENTRY_FOLDER] = SEAL_TYPE_FOLDER, [ASSAY_ENTRY_FILE] = SEAL_TYPE_FILE,
		[ASSAY_ENTRY_LINK] = SEAL_TYPE_LINK };
	struct seal_inspection *out = in->out;
	if (out->count == SEAL_INSPECT_ENTRIES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "a tree of more than %u entries isn't looked into", SEAL_INSPECT_ENTRIES_MAX);
	if (out->count == in->room) {
		const size_t room = in->room == 0 ? 1024 : 2 * in->room;
		struct seal_entry *more = reallocarray(out->entries, room, sizeof *more);
		if (more == NULL)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory to look into a tree");
		out->entries = more;
		in->room = room;
	}
	struct seal_entry entry = { .path = arena_copy(in->arena, e->path), .type = types[e->type], .mode = e->mode, .size = e->size };
	if (entry.path == NULL)
		return arena_full(err);
	if (e->type == ASSAY_ENTRY_LINK && (entry.target = arena_copy(in->arena, e->target)) == NULL)
		return arena_full(err);
	memcpy(entry.sha256, e->sha256, sizeof entry.sha256);
	out->entries[out->count++] = entry;
	return ASSAY_OK;
}

static enum assay_status
take_manifest(struct inspect *in, struct assay_error *err)
{
	struct assay_manifest *reader = arena_alloc(in->arena, sizeof *reader);
	struct assay_manifest_entry e;
	struct assay_span left = in->what->manifest;
	bool is = true;
	if (reader == NULL)
		return arena_full(err);
	assay_manifest_begin(reader);
	while (is) {
		TRY(assay_manifest_next(reader, &left, &is, &e, err));
		if (is)
			TRY(take_entry(in, &e, err));
	}
	return assay_manifest_end(reader, err);
}

/* ---- bytes ---- */

static enum assay_status
not_read(const struct seal_entry *e, int error, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_SYSTEM, "it can't be read: %s", text_errno(error));
	return assay_error_at(err, ASSAY_E_SYSTEM, e->path, 0, 0);
}

static enum assay_status
changed(const struct seal_entry *e, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_VERIFY, "it changed while the tree was being sealed");
	(void)assay_error_at(err, ASSAY_E_VERIFY, e->path, 0, 0);
	return assay_error_todo(err, ASSAY_E_VERIFY, "wait until nothing writes there, and seal again");
}

static enum assay_status
left_folder(void *ctx, struct walk_folder *folder, const char *path, struct assay_error *err)
{
	(void)ctx, (void)folder, (void)path, (void)err;
	return ASSAY_OK;
}

static enum assay_status
read_bytes(int fd, const struct seal_entry *e, struct buf *out, struct assay_error *err)
{
	unsigned char step[READ_ROOM];
	ssize_t got = 1;
	while (got > 0 && out->len < SEAL_INSPECT_FILE_MAX) {
		const size_t left = SEAL_INSPECT_FILE_MAX - out->len;
		got = read(fd, step, left < sizeof step ? left : sizeof step);
		if (got < 0)
			return not_read(e, errno, err);
		buf_add(out, step, (size_t)got);
	}
	return buf_status(out, "a file of the tree", err);
}

/* What is in the manifest is looked at, or nothing: a whole file has its digest there, of a larger one the size is compared. */
static enum assay_status
read_entry(struct walk_path *at, const struct seal_entry *e, struct buf *out, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = -1;
	struct walk_folder *folder = NULL;
	struct walk_facts facts;
	unsigned char digest[ASSAY_SHA256_SIZE];
	const char *name = NULL;
	int error = 0;
	buf_reset(out);
	TRY(walk_path_to(at, assay_span_str(e->path), &folder, &name, &error, err));
	if (error == 0)
		error = walk_open_file(folder, name, &fd);
	if (error == 0)
		error = walk_facts_of(fd, &facts);
	if (error != 0)
		return not_read(e, error, err);
	if (facts.size != e->size)
		return changed(e, err);
	TRY(read_bytes(fd, e, out, err));
	if (e->size > SEAL_INSPECT_FILE_MAX)
		return out->len == SEAL_INSPECT_FILE_MAX ? ASSAY_OK : changed(e, err);
	if (assay_sha256(buf_span(out), digest) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	return memcmp(digest, e->sha256, sizeof digest) == 0 ? ASSAY_OK : changed(e, err);
}

/* ---- looks ---- */

static enum assay_status
keep_look(struct worker *w, const struct seal_looked *looked, const struct seal_looked **ret_kept, struct assay_error *err)
{
	const bool plain = looked->elf == NULL && looked->script == NULL;
	for (size_t i = 0; plain && i < w->alike_count; i++) {
		const struct seal_looked *a = w->alike[i];
		if (memcmp(a->kinds, looked->kinds, sizeof a->kinds) == 0 && memcmp(a->marks, looked->marks, sizeof a->marks) == 0) {
			*ret_kept = a;
			return ASSAY_OK;
		}
	}
	struct seal_looked *own = arena_alloc(w->arena, sizeof *own);
	if (own == NULL)
		return arena_full(err);
	*own = *looked;
	if (plain && w->alike_count < ALIKE_MAX)
		w->alike[w->alike_count++] = own;
	*ret_kept = own;
	return ASSAY_OK;
}

static enum assay_status
look_at(struct worker *w, struct seal_entry *e, struct assay_error *err)
{
	struct seal_file file = { .path = e->path, .type = e->type, .mode = e->mode, .size = e->size, .target = e->target };
	struct seal_looked looked;
	struct seal_inside inside = { .count = 0 };
	if (e->type == SEAL_TYPE_FILE) {
		TRY(read_entry(w->at, e, &w->bytes, err));
		file.bytes = buf_span(&w->bytes);
	}
	TRY(seal_classify(&file, w->arena, &looked, err));
	TRY(keep_look(w, &looked, &e->looked, err));
	if (!seal_is_archive(&looked))
		return ASSAY_OK;
	TRY(seal_inside(&file, &looked, w->arena, &inside, err));
	struct seal_inside *own = arena_alloc(w->arena, sizeof *own);
	if (own == NULL)
		return arena_full(err);
	*own = inside;
	e->inside = own;
	return ASSAY_OK;
}

static enum assay_status
look_at_chunk(struct worker *w, size_t from, size_t to, struct assay_error *err)
{
	const struct walk_options options = { .one_device = false };
	struct seal_entry *entries = w->in->out->entries;
	TRY(walk_path_new(w->in->root, &options, left_folder, NULL, &w->at, err));
	for (size_t i = from; i < to; i++)
		TRY(look_at(w, &entries[i], err));
	return ASSAY_OK;
}

static void
do_chunk(void *ctx, size_t i)
{
	struct inspect *in = ctx;
	struct chunk *c = &in->chunks[i];
	const size_t from = i * CHUNK, left = in->out->count - from;
	CLEANUP(worker_done) struct worker w = { .in = in, .arena = c->arena, .bytes = BUF_INIT(SEAL_INSPECT_FILE_MAX + 1) };
	c->status = look_at_chunk(&w, from, from + (left < CHUNK ? left : CHUNK), &c->err);
}

/* Of several that failed it is the first in the tree that is told: the same on every run. */
static enum assay_status
look_at_all(struct inspect *in, struct assay_error *err)
{
	struct seal_inspection *out = in->out;
	in->chunk_count = (out->count + CHUNK - 1) / CHUNK;
	in->chunks = calloc(in->chunk_count + 1, sizeof in->chunks[0]);
	struct arena **more = reallocarray(out->arenas, out->arena_count + in->chunk_count + 1, sizeof *more);
	if (more != NULL)
		out->arenas = more;
	if (more == NULL || in->chunks == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to look into a tree");
	for (size_t i = 0; i < in->chunk_count; i++) {
		TRY(arena_new(ARENA_MAX, &in->chunks[i].arena));
		out->arenas[out->arena_count++] = in->chunks[i].arena;
	}
	if (in->what->progress != NULL)
		in->what->progress(in->what->progress_ctx, "files looked into", 0, out->count);
	pool_each(in->pool, in->chunk_count, do_chunk, in);
	for (size_t i = 0; i < in->chunk_count; i++) {
		if (in->chunks[i].status == ASSAY_OK)
			continue;
		if (err != NULL)
			*err = in->chunks[i].err;
		return in->chunks[i].status;
	}
	return ASSAY_OK;
}

/* ---- the whole ---- */

/* An entry's bytes, wherever it lies in the order; they stand as long as the inspection. */
static enum assay_status
fetch(void *ctx, const struct seal_entry *e, struct assay_span *ret_bytes, struct assay_error *err)
{
	struct inspect *in = ctx;
	CLEANUP(worker_done) struct worker w = { .in = in, .bytes = BUF_INIT(SEAL_INSPECT_FILE_MAX + 1) };
	const struct walk_options options = { .one_device = false };
	TRY(walk_path_new(in->root, &options, left_folder, NULL, &w.at, err));
	TRY(read_entry(w.at, e, &w.bytes, err));
	unsigned char *own = arena_alloc(in->arena, w.bytes.len + 1);
	if (own == NULL)
		return arena_full(err);
	if (w.bytes.len > 0)
		memcpy(own, w.bytes.data, w.bytes.len);
	*ret_bytes = (struct assay_span){ own, w.bytes.len };
	return ASSAY_OK;
}

static enum assay_status
find_packages(struct inspect *in, struct assay_error *err)
{
	const struct seal_inspection *out = in->out;
	size_t count = 0;
	for (size_t i = 0; i < out->count; i++)
		count += seal_is_database(out->entries[i].path);
	struct seal_file *files = arena_array(in->arena, count + 1, sizeof *files);
	if (files == NULL)
		return arena_full(err);
	count = 0;
	for (size_t i = 0; i < out->count; i++) {
		const struct seal_entry *e = &out->entries[i];
		if (!seal_is_database(e->path))
			continue;
		files[count] = (struct seal_file){ .path = e->path, .type = e->type, .mode = e->mode, .size = e->size };
		if (e->type == SEAL_TYPE_FILE)
			TRY(fetch(in, e, &files[count].bytes, err));
		count++;
	}
	return seal_packages(files, count, in->what->source, in->arena, &in->out->packages, err);
}

/* One file lies in a folder of which nothing else is looked at. */
static enum assay_status
open_root(struct inspect *in, struct assay_error *err)
{
	const char *path = in->what->path, *slash = strrchr(path, '/');
	struct stat st;
	if (stat(path, &st) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be looked at: %s", path, text_errno(errno));
	if (!S_ISDIR(st.st_mode))
		path = slash == NULL ? "." : arena_printf(in->arena, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	return path == NULL ? arena_full(err) : walk_root(AT_FDCWD, path, &in->root, err);
}

static enum assay_status
run(struct inspect *in, struct assay_error *err)
{
	struct seal_inspection *out = in->out;
	out->arenas = calloc(1, sizeof out->arenas[0]);
	if (out->arenas == NULL || arena_new(ARENA_MAX, &in->arena) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to look into a tree");
	out->arenas[out->arena_count++] = in->arena;
	TRY(open_root(in, err));
	TRY(take_manifest(in, err));
	TRY(look_at_all(in, err));
	const struct seal_scene scene = { .entries = out->entries, .count = out->count, .manifest = in->what->manifest };
	TRY(seal_coverage(&scene, in->arena, &out->coverage, err));
	TRY(find_packages(in, err));
	out->is_layout = seal_is_layout(out->entries, out->count);
	const struct seal_layout layout = { .entries = out->entries, .count = out->count, .fetch = fetch, .context = in };
	return out->is_layout ? seal_oci_check(&layout, in->arena, &out->oci, err) : ASSAY_OK;
}

enum assay_status
seal_inspect(const struct seal_inspect *what, struct seal_inspection *ret_inspection, struct assay_error *err)
{
	CLEANUP(seal_inspection_done) struct seal_inspection out = { .count = 0 };
	CLEANUP(inspect_done) struct inspect in = { .what = what, .out = &out };
	const unsigned threads = what->threads == 0 || what->threads > SEAL_INSPECT_THREADS_MAX ? SEAL_INSPECT_THREADS_MAX : what->threads;
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);
	TRY(pool_new(cores > 0 && (unsigned long)cores < threads ? (unsigned)cores : threads, &in.pool, err));
	TRY(run(&in, err));
	*ret_inspection = out;
	out = (struct seal_inspection){ .count = 0 };
	return ASSAY_OK;
}

const char *
seal_inspection_key(const struct seal_inspection *inspection, const char *after)
{
	bool is_next = after == NULL;
	for (size_t i = 0; i < inspection->count; i++) {
		const struct seal_entry *e = &inspection->entries[i];
		if (e->looked->kinds[SEAL_PRIVATE_KEY] >= SEAL_BY_BYTES) {
			if (is_next)
				return e->path;
			is_next = e->path == after;
		}
		for (const struct seal_member *m = e->inside == NULL ? NULL : e->inside->members; m != NULL; m = m->next) {
			if (m->looked.kinds[SEAL_PRIVATE_KEY] < SEAL_BY_BYTES)
				continue;
			if (is_next)
				return m->path;
			is_next = m->path == after;
		}
	}
	return NULL;
}
