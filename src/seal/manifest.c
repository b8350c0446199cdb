/* SPDX-License-Identifier: Apache-2.0 */
#include "clash.h"

#include <assay/hash.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <files/hash.h>
#include <seal/manifest.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRESS_EVERY 1024

/* What goes with a job and comes back with its result: what was seen before, and the path behind it. */
struct note {
	struct walk_facts facts;
};

struct run {
	const struct seal_tree *tree;
	struct hasher *hasher;
	struct assay_hasher digest;        /* of the lines */
	struct assay_hasher seen, again;   /* of what was found: before all was read, and after */
	struct clash_finder *clashes;
	struct seal_counts counts;
	unsigned char note[sizeof(struct note) + WALK_PATH_MAX];
	char line[ASSAY_MANIFEST_LINE_MAX + 1];
};

static void
run_done(struct run **run)
{
	if (*run == NULL)
		return;
	hasher_free(&(*run)->hasher);
	assay_hasher_done(&(*run)->digest);
	assay_hasher_done(&(*run)->seen);
	assay_hasher_done(&(*run)->again);
	clash_free(&(*run)->clashes);
	free(*run);
}

/* ---- errors and warnings ---- */

/* The words are in err; path and what to do go with them. */
static enum assay_status
at_path(enum assay_status status, struct assay_span path, const char *todo, struct assay_error *err)
{
	char name[ASSAY_MANIFEST_PATH_MAX + 1];
	text_put(name, sizeof name, "%.*s", (int)path.len, (const char *)path.data);
	(void)assay_error_at(err, status, name, 0, 0);
	return assay_error_todo(err, status, "%s", todo);
}

static enum assay_status
not_read(struct assay_span path, int error, struct assay_error *err)
{
	if (error == ENAMETOOLONG) {
		(void)assay_fail(err, ASSAY_E_LIMIT, "a manifest has no room for such a path: at most %d folders deep, %d bytes a name, %d in all",
		    WALK_DEPTH_MAX, WALK_NAME_MAX, WALK_PATH_MAX);
		return at_path(ASSAY_E_LIMIT, path, "shorten it, or take it out of the release", err);
	}
	(void)assay_fail(err, ASSAY_E_SYSTEM, "it can't be read: %s", text_errno(error));
	return at_path(ASSAY_E_SYSTEM, path, "seal as a user who may read the whole tree, or take it out of the release", err);
}

static enum assay_status
changed(struct assay_span path, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_VERIFY, "it changed while the tree was being sealed");
	return at_path(ASSAY_E_VERIFY, path, "wait until nothing writes there, and seal again", err);
}

static enum assay_status ASSAY_PRINTF(3, 4)
warn(struct run *run, struct assay_error *err, const char *fmt, ...)
{
	char text[2 * ASSAY_MANIFEST_PATH_MAX];
	va_list ap;
	run->counts.warning_total++;
	if (run->counts.warning_count == SEAL_WARNINGS_MAX)
		return ASSAY_OK;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	const char *kept = arena_str(run->tree->arena, text);
	if (kept == NULL)
		return arena_full(err);
	run->counts.warnings[run->counts.warning_count++] = kept;
	return ASSAY_OK;
}

static enum assay_status
hash_failed(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
}

/* ---- results: lines ---- */

/* Whether a link at path leads out of the tree, by its words alone: what lies there may be another thing tomorrow. */
static bool
leads_out(struct assay_span path, struct assay_span target)
{
	size_t depth = 0;
	for (size_t i = 0; i < path.len; i++)
		depth += path.data[i] == '/';
	for (size_t at = 0; at < target.len;) {
		size_t end = at;
		while (end < target.len && target.data[end] != '/')
			end++;
		const size_t len = end - at;
		if (len == 2 && memcmp(target.data + at, "..", 2) == 0) {
			if (depth == 0)
				return true;
			depth--;
		} else if (len > 0 && !(len == 1 && target.data[at] == '.')) {
			depth++;
		}
		at = end + 1;
	}
	return false;
}

static enum assay_status
look_at_link(struct run *run, struct assay_span path, struct assay_span target, struct assay_error *err)
{
	const bool absolute = target.len > 0 && target.data[0] == '/';
	run->counts.links++;
	if (!absolute && !leads_out(path, target))
		return ASSAY_OK;
	return warn(run, err, "'%.*s' is a link to '%.*s', %s: what it leads to isn't sealed", (int)path.len, (const char *)path.data,
	    (int)target.len, (const char *)target.data, absolute ? "an absolute path" : "which lies outside of the tree");
}

static enum assay_status
entry_of(const struct hash_result *result, struct assay_span path, struct assay_manifest_entry *ret, struct assay_error *err)
{
	struct assay_manifest_entry e = { .type = ASSAY_ENTRY_FOLDER, .mode = result->facts.mode, .path = path };
	if (result->facts.type == WALK_LINK) {
		e.type = ASSAY_ENTRY_LINK;
		e.mode = 0;
		e.target = result->target;
	}
	if (result->facts.type == WALK_FILE) {
		e.type = ASSAY_ENTRY_FILE;
		e.size = result->bytes;
		memcpy(e.sha256, result->sha256, sizeof e.sha256);
		memcpy(e.verity, result->verity, sizeof e.verity);
		e.caps_len = result->facts.capabilities_len;
		if (e.caps_len > sizeof e.caps) {
			(void)assay_fail(err, ASSAY_E_LIMIT, "its capabilities have %zu bytes, at most %zu are known", e.caps_len, sizeof e.caps);
			return at_path(ASSAY_E_LIMIT, path, "look at them with getcap -n, and set them anew", err);
		}
		memcpy(e.caps, result->facts.capabilities, e.caps_len);
	}
	*ret = e;
	return ASSAY_OK;
}

static enum assay_status
take_outcome(const struct hash_result *result, const struct note *note, struct assay_span path, struct assay_error *err)
{
	if (result->outcome == HASH_UNREADABLE)
		return not_read(path, result->error, err);
	if (result->outcome == HASH_FAILED)
		return assay_fail(err, ASSAY_E_INTERNAL, "a file was not looked at");
	if (result->outcome != HASH_DONE || !walk_same(&note->facts, &result->facts))
		return changed(path, err);
	return ASSAY_OK;
}

static enum assay_status
take_result(void *ctx, const struct hash_result *result, struct assay_error *err)
{
	struct run *run = ctx;
	struct note note;
	struct assay_manifest_entry e;
	size_t len = 0;
	if (result->note.len < sizeof note)
		return assay_fail(err, ASSAY_E_INTERNAL, "a file came back without its path");
	memcpy(&note, result->note.data, sizeof note);
	const struct assay_span path = { result->note.data + sizeof note, result->note.len - sizeof note };
	TRY(take_outcome(result, &note, path, err));
	TRY(entry_of(result, path, &e, err));
	run->counts.files += e.type == ASSAY_ENTRY_FILE;
	run->counts.folders += e.type == ASSAY_ENTRY_FOLDER;
	run->counts.bytes += e.size;
	if (e.type == ASSAY_ENTRY_LINK)
		TRY(look_at_link(run, path, e.target, err));
	const enum assay_status status = assay_manifest_line(&e, run->line, sizeof run->line, &len, err);
	if (status != ASSAY_OK)
		return at_path(status, path, "give it another name, or take it out of the release", err);
	const struct assay_span line = { (const unsigned char *)run->line, len };
	run->counts.length += len;
	if (assay_hasher_update(&run->digest, line) != ASSAY_OK)
		return hash_failed(err);
	const uint64_t done = run->counts.files + run->counts.folders + run->counts.links;
	if (run->tree->progress != NULL && done % PROGRESS_EVERY == 0)
		run->tree->progress(run->tree->progress_ctx, "files", done, 0);
	return run->tree->line(run->tree->ctx, line, path, err);
}

/* ---- the walk: jobs ---- */

static bool
is_left_out(const struct run *run, struct assay_span path)
{
	const size_t len = run->tree->leave_out == NULL ? 0 : strlen(run->tree->leave_out);
	return len > 0 && path.len >= len && memcmp(path.data, run->tree->leave_out, len) == 0 && (path.len == len || path.data[len] == '/');
}

/* What shows whether an entry is the same that it was, in the order of the walk. */
static enum assay_status
note_seen(struct assay_hasher *h, const struct walk_entry *entry, struct assay_error *err)
{
	const struct walk_facts *f = &entry->facts;
	const uint64_t words[] = { (uint64_t)f->type, f->mode, f->size, f->device, f->inode, (uint64_t)f->modified.tv_sec,
		(uint64_t)f->modified.tv_nsec, (uint64_t)f->changed.tv_sec, (uint64_t)f->changed.tv_nsec, entry->path.len };
	if (assay_hasher_update(h, (struct assay_span){ (const unsigned char *)words, sizeof words }) != ASSAY_OK
	    || assay_hasher_update(h, entry->path) != ASSAY_OK)
		return hash_failed(err);
	return ASSAY_OK;
}

static enum assay_status
refuse(const struct walk_entry *entry, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "a %s can't be sealed", walk_type_name(entry->facts.type));
	return at_path(ASSAY_E_UNSUPPORTED, entry->path, "take it out of the release, and have it made where it is installed", err);
}

static enum assay_status
submit(struct run *run, const struct walk_entry *entry, struct assay_error *err)
{
	const struct note note = { .facts = entry->facts };
	if (entry->path.len > WALK_PATH_MAX)
		return not_read(entry->path, ENAMETOOLONG, err);
	memcpy(run->note, &note, sizeof note);
	memcpy(run->note + sizeof note, entry->path.data, entry->path.len);
	const struct assay_span all = { run->note, sizeof note + entry->path.len };
	if (entry->facts.type == WALK_FILE)
		return hasher_file(run->hasher, entry->folder, entry->name, entry->facts.size, all, err);
	return hasher_look(run->hasher, entry->folder, entry->name, all, err);
}

static enum assay_status
visit(void *ctx, const struct walk_entry *entry, struct assay_error *err)
{
	struct run *run = ctx;
	bool clashes = false;
	if (is_left_out(run, entry->path))
		return ASSAY_OK;
	if (entry->error != 0)
		return not_read(entry->path, entry->error, err);
	if (entry->facts.type != WALK_FILE && entry->facts.type != WALK_FOLDER && entry->facts.type != WALK_LINK)
		return refuse(entry, err);
	TRY(note_seen(&run->seen, entry, err));
	TRY(clash_add(run->clashes, entry->depth, entry->name, &clashes, err));
	if (clashes)
		TRY(warn(run, err, "'%.*s' differs from another name there by upper and lower case alone: some systems take them for one",
		    (int)entry->path.len, (const char *)entry->path.data));
	return submit(run, entry, err);
}

static enum assay_status
visit_again(void *ctx, const struct walk_entry *entry, struct assay_error *err)
{
	struct run *run = ctx;
	return is_left_out(run, entry->path) ? ASSAY_OK : note_seen(&run->again, entry, err);
}

/* What was read first may have changed while the rest was: all is looked at once more, without reading it. */
static enum assay_status
look_again(struct run *run, struct walk_folder *root, struct assay_error *err)
{
	const struct walk_options options = { .one_device = false };
	unsigned char seen[ASSAY_SHA256_SIZE], again[ASSAY_SHA256_SIZE];
	TRY(walk_tree(root, &options, visit_again, run, err));
	if (assay_hasher_final(&run->seen, seen) != ASSAY_OK || assay_hasher_final(&run->again, again) != ASSAY_OK)
		return hash_failed(err);
	if (memcmp(seen, again, sizeof seen) == 0)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_VERIFY, "the tree changed while it was being sealed");
	return at_path(ASSAY_E_VERIFY, assay_span_str(run->tree->path), "wait until nothing writes there, and seal again", err);
}

static enum assay_status
read_folder(struct run *run, struct assay_error *err)
{
	const struct walk_options options = { .one_device = false };
	CLEANUP(walk_drop) struct walk_folder *root = NULL;
	TRY(walk_root(AT_FDCWD, run->tree->path, &root, err));
	TRY(walk_tree(root, &options, visit, run, err));
	TRY(hasher_finish(run->hasher, err));
	return look_again(run, root, err);
}

/* ---- one file ---- */

static enum assay_status
read_file(struct run *run, struct assay_error *err)
{
	CLEANUP(walk_drop) struct walk_folder *root = NULL;
	const char *path = run->tree->path, *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
	const char *folder = slash == NULL ? "." : arena_printf(run->tree->arena, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	struct walk_entry entry = { .path = assay_span_str(name), .name = name, .depth = 1 };
	if (folder == NULL)
		return arena_full(err);
	TRY(walk_root(AT_FDCWD, folder, &root, err));
	entry.folder = root;
	entry.error = walk_look(root, name, &entry.facts);
	if (entry.error != 0)
		return not_read(entry.path, entry.error, err);
	if (entry.facts.type != WALK_FILE)
		return refuse(&entry, err);
	TRY(submit(run, &entry, err));
	return hasher_finish(run->hasher, err);
}

static enum assay_status
begin(struct run *run, struct assay_error *err)
{
	const struct hash_options options = { .want = HASH_SHA256 | HASH_VERITY, .threads = run->tree->threads };
	const struct assay_span first = assay_span_str(ASSAY_MANIFEST_FIRST_LINE);
	TRY(clash_new(&run->clashes, err));
	TRY(hasher_new(&options, take_result, run, &run->hasher, err));
	if (assay_hasher_init(&run->digest, ASSAY_SHA256) != ASSAY_OK || assay_hasher_init(&run->seen, ASSAY_SHA256) != ASSAY_OK
	    || assay_hasher_init(&run->again, ASSAY_SHA256) != ASSAY_OK || assay_hasher_update(&run->digest, first) != ASSAY_OK)
		return hash_failed(err);
	run->counts.length = first.len;
	return run->tree->line(run->tree->ctx, first, (struct assay_span){ NULL, 0 }, err);
}

enum assay_status
seal_manifest(const struct seal_tree *tree, struct seal_counts *ret_counts, struct assay_error *err)
{
	CLEANUP(run_done) struct run *run = calloc(1, sizeof *run);
	struct stat st;
	if (run == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a manifest");
	run->tree = tree;
	if (lstat(tree->path, &st) != 0 || (S_ISLNK(st.st_mode) && stat(tree->path, &st) != 0)) {
		const int error = errno;
		(void)assay_fail(err, error == ENOENT ? ASSAY_E_NOT_FOUND : ASSAY_E_SYSTEM, "what is to be sealed can't be looked at: %s", text_errno(error));
		return assay_error_at(err, error == ENOENT ? ASSAY_E_NOT_FOUND : ASSAY_E_SYSTEM, tree->path, 0, 0);
	}
	TRY(begin(run, err));
	TRY(S_ISDIR(st.st_mode) ? read_folder(run, err) : read_file(run, err));
	if (assay_hasher_final(&run->digest, run->counts.sha256) != ASSAY_OK)
		return hash_failed(err);
	*ret_counts = run->counts;
	return ASSAY_OK;
}
