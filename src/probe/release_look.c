/* SPDX-License-Identifier: Apache-2.0 */
/*
 * release-tree: the manifest that a release would have now, what in it matters to security, and the source that its seal names.
 */
#include "internal.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <codec/canon.h>
#include <evidence/reltree.h>
#include <fcntl.h>
#include <files/walk.h>
#include <probe/release.h>
#include <probe/source.h>
#include <seal/coverage.h>
#include <seal/manifest.h>
#include <seal/release.h>
#include <seal/sbom.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a larger file the beginning is looked at. */
#define LOOK_FILE_MAX ((size_t)64 << 20)
#define LOOK_ENTRIES_MAX 1000000u
#define MEMBERS_OF_ONE 6
#define DATABASES_MAX 64
#define READ_STEP ((size_t)1 << 20)

struct look {
	const struct release_look_context *c;
	struct evidence *e;
	struct assay_error *err;
	size_t number;
	struct buf listing, relevant, matters, packages, why;
	struct seal_file databases[DATABASES_MAX]; /* of packages */
	size_t database_count;
	struct seal_entry *entries; /* own memory */
	size_t count, room;
	bool seal_inside;
};

static void
look_done(struct look *l)
{
	buf_done(&l->listing);
	buf_done(&l->relevant);
	buf_done(&l->matters);
	buf_done(&l->packages);
	buf_done(&l->why);
	free(l->entries);
}

static enum assay_status
add_member(struct look *l, const char *name, struct assay_span bytes)
{
	struct evidence_member *m = &l->e->members[l->e->member_count++];
	unsigned char *own = arena_alloc(l->c->arena, bytes.len + 1);
	m->name = arena_printf(l->c->arena, "release/%zu/%s", l->number, name);
	if (own == NULL || m->name == NULL)
		return arena_full(l->err);
	if (bytes.len > 0)
		memcpy(own, bytes.data, bytes.len);
	own[bytes.len] = '\0';
	m->bytes = (struct assay_span){ own, bytes.len };
	return ASSAY_OK;
}

/* As manifests spell it. */
static void
spell(struct buf *out, const char *text)
{
	text_percent(out, assay_span_str(text), NULL);
}

/* ---- what lies there ---- */

static enum assay_status
add_line(void *ctx, struct assay_span line, struct assay_span path, struct assay_error *err)
{
	struct look *l = ctx;
	(void)path;
	buf_add(&l->listing, line.data, line.len);
	return buf_status(&l->listing, "a listing of the release", err);
}

static enum assay_status
read_head(int fd, struct buf *out, struct assay_error *err)
{
	unsigned char *step = malloc(READ_STEP);
	ssize_t got = 1;
	if (step == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to look at a file");
	while (got > 0 && out->len < LOOK_FILE_MAX) {
		const size_t left = LOOK_FILE_MAX - out->len;
		got = read(fd, step, left < READ_STEP ? left : READ_STEP);
		if (got > 0)
			buf_add(out, step, (size_t)got);
	}
	free(step);
	if (got < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "it can't be read");
	return buf_status(out, "a file of the release", err);
}

static enum seal_type
type_of(enum walk_type type)
{
	static const enum seal_type types[] = { [WALK_UNKNOWN] = SEAL_TYPE_DEVICE, [WALK_FILE] = SEAL_TYPE_FILE, [WALK_FOLDER] = SEAL_TYPE_FOLDER,
		[WALK_LINK] = SEAL_TYPE_LINK, [WALK_FIFO] = SEAL_TYPE_FIFO, [WALK_SOCKET] = SEAL_TYPE_SOCKET,
		[WALK_CHARACTER_DEVICE] = SEAL_TYPE_DEVICE, [WALK_BLOCK_DEVICE] = SEAL_TYPE_DEVICE };
	return types[type];
}

static enum assay_status
classify(struct look *l, const struct seal_file *file)
{
	struct arena *arena = l->c->arena;
	struct seal_looked *looked = arena_alloc(arena, sizeof *looked);
	struct seal_inside *inside = arena_alloc(arena, sizeof *inside);
	if (looked == NULL || inside == NULL)
		return arena_full(l->err);
	if (l->count == LOOK_ENTRIES_MAX)
		return assay_fail(l->err, ASSAY_E_LIMIT, "the release has more than %u entries", LOOK_ENTRIES_MAX);
	if (l->count == l->room) {
		const size_t room = l->room == 0 ? 1024 : 2 * l->room;
		struct seal_entry *more = reallocarray(l->entries, room, sizeof *more);
		if (more == NULL)
			return assay_fail(l->err, ASSAY_E_MEMORY, "no memory to look at a release");
		l->entries = more;
		l->room = room;
	}
	TRY(seal_classify(file, arena, looked, l->err));
	TRY(seal_inside(file, looked, arena, inside, l->err));
	if (seal_relevant(looked)) {
		buf_addf(&l->relevant, "%s ", seal_kinds[seal_main_kind(looked)].name);
		spell(&l->relevant, file->path);
		buf_add_byte(&l->relevant, '\n');
	}
	l->entries[l->count++] = (struct seal_entry){ .path = file->path, .type = file->type, .mode = file->mode, .size = file->size,
		.target = file->target, .looked = looked, .inside = inside };
	return buf_status(&l->relevant, "what matters in a release", l->err);
}

static void
note(struct look *l, const char *path, const char *words)
{
	if (l->why.len > 0)
		buf_add_str(&l->why, "; ");
	text_escape(&l->why, assay_span_str(path), false);
	buf_addf(&l->why, ": %s", words);
}

/* A database of packages is read when all is there. */
static enum assay_status
keep_database(struct look *l, const struct seal_file *file)
{
	if (file->type != SEAL_TYPE_FILE || !seal_is_database(file->path))
		return ASSAY_OK;
	if (l->database_count == DATABASES_MAX) {
		note(l, file->path, "there are too many databases of packages");
		return ASSAY_OK;
	}
	char *own = arena_copy(l->c->arena, file->bytes);
	if (own == NULL)
		return arena_full(l->err);
	l->databases[l->database_count] = *file;
	l->databases[l->database_count++].bytes.data = (const unsigned char *)own;
	return ASSAY_OK;
}

static enum assay_status
list_packages(struct look *l)
{
	struct seal_packages found;
	TRY(seal_packages(l->databases, l->database_count, NULL, l->c->arena, &found, l->err));
	buf_addf(&l->packages, "%zu ", found.databases);
	spell(&l->packages, found.unread == NULL ? "" : found.unread);
	buf_add_byte(&l->packages, '\n');
	for (size_t i = 0; i < found.count; i++) {
		const char *const words[] = { found.list[i].type, found.list[i].name, found.list[i].version, found.list[i].file };
		for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
			spell(&l->packages, words[k] == NULL ? "" : words[k]);
			buf_add_byte(&l->packages, k + 1 < sizeof words / sizeof words[0] ? ' ' : '\n');
		}
	}
	return buf_status(&l->packages, "the packages of a release", l->err);
}

/* The folder at the top of the tree that is its seal: no other of that name is left out. */
static bool
is_of_seal(const struct look *l, const char *path)
{
	static const char name[] = SEAL_INSIDE;
	return l->seal_inside && strncmp(path, name, sizeof name - 1) == 0 && (path[sizeof name - 1] == '\0' || path[sizeof name - 1] == '/');
}

/* Whether TREE/assay-seal is the very folder that was given as the seal. */
static bool
lies_inside(const struct release_given *given, struct arena *arena)
{
	struct stat seal, inside;
	const char *path = arena_printf(arena, "%s/" SEAL_INSIDE, given->tree);
	return path != NULL && lstat(path, &inside) == 0 && S_ISDIR(inside.st_mode) && stat(given->seal, &seal) == 0
	    && seal.st_dev == inside.st_dev && seal.st_ino == inside.st_ino;
}

static enum assay_status
visit(void *ctx, const struct walk_entry *entry, struct assay_error *err)
{
	struct look *l = ctx;
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(LOOK_FILE_MAX + READ_STEP);
	CLEANUP(close_fd) int fd = -1;
	struct assay_error why = { 0 };
	struct seal_file file = { .path = arena_copy(l->c->arena, entry->path), .type = type_of(entry->facts.type), .mode = entry->facts.mode,
		.size = entry->facts.size };
	if (file.path == NULL)
		return arena_full(err);
	if (is_of_seal(l, file.path))
		return ASSAY_OK;
	if (entry->error != 0)
		note(l, file.path, text_errno(entry->error));
	if (entry->facts.type == WALK_UNKNOWN)
		return ASSAY_OK;
	if (entry->facts.type == WALK_LINK && (file.target = arena_copy(l->c->arena, entry->target)) == NULL)
		return arena_full(err);
	if (entry->facts.type == WALK_FILE) {
		const int error = walk_open_file(entry->folder, entry->name, &fd);
		if (error != 0)
			note(l, file.path, text_errno(error));
		else if (read_head(fd, &bytes, &why) != ASSAY_OK)
			note(l, file.path, why.what);
		file.bytes = buf_span(&bytes);
	}
	TRY(keep_database(l, &file));
	return classify(l, &file);
}

/* A lone file has no folder that leads to it. */
static enum assay_status
look_at_file(struct look *l, const char *path)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(LOOK_FILE_MAX);
	const char *slash = strrchr(path, '/');
	struct seal_file file = { .path = slash == NULL ? path : slash + 1, .type = SEAL_TYPE_FILE };
	const enum assay_status status = file_read(AT_FDCWD, path, &bytes, l->err);
	if (status != ASSAY_OK) {
		note(l, file.path, "it can't be read, or is too large to look into");
		return status == ASSAY_E_MEMORY ? status : ASSAY_OK;
	}
	file.bytes = buf_span(&bytes);
	file.size = bytes.len;
	return classify(l, &file);
}

static enum assay_status
cover(struct look *l)
{
	static const enum seal_matter manifest_matters[] = { SEAL_MATTER_NOT_IN_MANIFEST, SEAL_MATTER_DIGEST_DIFFERS,
		SEAL_MATTER_LISTED_OTHERWISE, SEAL_MATTER_NOT_IN_TREE };
	struct seal_scene scene = { .entries = l->entries, .count = l->count, .manifest = buf_span(&l->listing) };
	struct seal_coverage coverage;
	struct assay_error why = { 0 };
	/* What isn't of the order changed between two looks. */
	if (seal_coverage(&scene, l->c->arena, &coverage, &why) != ASSAY_OK) {
		note(l, "the release", why.what);
		return ASSAY_OK;
	}
	for (const struct seal_fact *f = coverage.facts; f != NULL; f = f->next) {
		bool is = false;
		for (size_t i = 0; i < sizeof manifest_matters / sizeof manifest_matters[0]; i++)
			is = is || f->matter == manifest_matters[i];
		if (is)
			continue;
		buf_addf(&l->matters, "%s %llu ", seal_matters[f->matter].code, (unsigned long long)f->count);
		spell(&l->matters, f->path);
		buf_add_byte(&l->matters, ' ');
		spell(&l->matters, f->object == NULL ? "" : f->object);
		buf_add_byte(&l->matters, '\n');
	}
	return buf_status(&l->matters, "what is remarkable in a release", l->err);
}

static enum assay_status
look_at_tree(struct look *l, const char *path)
{
	CLEANUP(walk_drop) struct walk_folder *root = NULL;
	struct seal_counts counts;
	struct assay_error why = { 0 };
	const struct seal_tree tree = { .path = path, .leave_out = l->seal_inside ? SEAL_INSIDE : NULL, .line = add_line, .ctx = l, .progress = l->c->progress,
		.progress_ctx = l->c->progress_ctx, .arena = l->c->arena };
	const enum assay_status status = seal_manifest(&tree, &counts, &why);
	if (status == ASSAY_E_MEMORY)
		return assay_fail(l->err, status, "%s", why.what);
	if (status != ASSAY_OK)
		note(l, why.file[0] != '\0' ? why.file : "the release", why.what);
	if (walk_root(AT_FDCWD, path, &root, NULL) == ASSAY_OK)
		TRY(walk_tree(root, &(struct walk_options){ 0 }, visit, l, l->err));
	else
		TRY(look_at_file(l, path));
	TRY(cover(l));
	TRY(list_packages(l));
	TRY(buf_status(&l->why, "why not all was looked at", l->err));
	TRY(add_member(l, "listing", buf_span(&l->listing)));
	TRY(add_member(l, "relevant", buf_span(&l->relevant)));
	TRY(add_member(l, "matters", buf_span(&l->matters)));
	TRY(add_member(l, "packages", buf_span(&l->packages)));
	return add_member(l, "why", buf_span(&l->why));
}

/* ---- the source that it was built from ---- */

/* "" when the seal names no commit. */
static enum assay_status
commit_of(const char *seal, struct arena *arena, const char **ret_commit)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ASSAY_RELEASE_FILE_MAX);
	CLEANUP(canon_unref) json_t *document = NULL;
	const char *path = arena_printf(arena, "%s/release.json", seal);
	*ret_commit = "";
	if (path == NULL || file_read(AT_FDCWD, path, &bytes, NULL) != ASSAY_OK || canon_read(buf_span(&bytes), path, &document, NULL) != ASSAY_OK)
		return ASSAY_OK;
	const json_t *targets = json_object_get(json_object_get(document, "signed"), "targets");
	const json_t *custom = json_object_get(json_object_get(targets, "release/manifest"), "custom");
	const char *commit = json_string_value(json_object_get(custom, "commit"));
	if (commit != NULL && commit[strspn(commit, "0123456789abcdef")] == '\0')
		*ret_commit = arena_str(arena, commit);
	return *ret_commit == NULL ? ASSAY_E_MEMORY : ASSAY_OK;
}

static enum assay_status
look_at_source(struct look *l, const char *seal)
{
	const struct repository *r = l->c->repository;
	CLEANUP(buf_done) struct buf line = BUF_INIT(4096);
	struct source_digest digest;
	struct assay_error why = { 0 };
	struct oid id;
	const char *commit = "";
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	if (commit_of(seal, l->c->arena, &commit) != ASSAY_OK)
		return arena_full(l->err);
	enum assay_status status = oid_parse(assay_span_str(commit), r->algo, &id);
	if (status == ASSAY_OK)
		status = source_digest(r, &id, l->c->progress, l->c->progress_ctx, &digest, &why);
	if (status == ASSAY_OK && oid_compare(&digest.commit, &id) == 0) {
		text_hex((struct assay_span){ digest.sha256, sizeof digest.sha256 }, hex);
		buf_addf(&line, "%s %s\n", commit, hex);
	} else if (commit[0] != '\0') {
		buf_addf(&line, "%s absent ", commit);
		text_escape(&line, assay_span_str(why.what[0] != '\0' ? why.what : "it is no commit of this repository"), false);
		buf_add_byte(&line, '\n');
	}
	TRY(buf_status(&line, "the source of a release", l->err));
	return add_member(l, "source", buf_span(&line));
}

static int
by_name(const void *a, const void *b)
{
	const struct evidence_member *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static enum assay_status
look_at_one(const struct release_look_context *c, const struct release_given *given, size_t number, struct evidence *e,
    struct assay_error *err)
{
	CLEANUP(look_done) struct look l = { .c = c, .e = e, .err = err, .number = number, .listing = BUF_INIT(RELEASE_LOOK_MAX),
		.relevant = BUF_INIT(RELEASE_LOOK_MAX), .matters = BUF_INIT(RELEASE_LOOK_MAX), .packages = BUF_INIT(RELEASE_LOOK_MAX),
		.why = BUF_INIT(RELEASE_LIST_MAX) };
	TRY(look_at_source(&l, given->seal));
	if (given->tree == NULL)
		return ASSAY_OK;
	l.seal_inside = lies_inside(given, c->arena);
	return look_at_tree(&l, given->tree);
}

enum assay_status
release_tree_fetch(const struct release_look_context *c, const struct release_given *given, size_t count, struct evidence *ret_evidence,
    struct assay_error *err)
{
	struct evidence e = { .kind = RELEASE_TREE_KIND, .subject = ret_evidence->subject, .grade = ret_evidence->grade,
		.completeness = EVIDENCE_COMPLETE, .members = arena_array(c->arena, (size_t)RELEASES_MAX * MEMBERS_OF_ONE, sizeof e.members[0]) };
	if (e.members == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++)
		TRY(look_at_one(c, &given[i], i, &e, err));
	qsort(e.members, e.member_count, sizeof e.members[0], by_name);
	assay_error_clear(err);
	*ret_evidence = e;
	return ASSAY_OK;
}
