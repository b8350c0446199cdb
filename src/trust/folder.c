/* SPDX-License-Identifier: Apache-2.0 */
#include "folder_read.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <trust/folder.h>

#define NAME_MAX_LEN 64

void
trust_folder_done(struct trust_folder *f)
{
	for (size_t i = 0; i < TRUST_PARTS; i++) {
		json_decref(f->now[i]);
		json_decref(f->draft[i]);
		f->now[i] = f->draft[i] = NULL;
	}
	if (f->tree >= 0)
		(void)close(f->tree);
	f->tree = -1;
}

static void
draft_path(enum trust_part part, char path[NAME_MAX_LEN])
{
	(void)snprintf(path, NAME_MAX_LEN, TRUST_FOLDER "/draft/%s.json", trust_part_name(part));
}

static void
final_path(enum trust_part part, int64_t version, char path[NAME_MAX_LEN])
{
	if (part == TRUST_ROOT)
		(void)snprintf(path, NAME_MAX_LEN, TRUST_FOLDER "/%lld.root.json", (long long)version);
	else
		(void)snprintf(path, NAME_MAX_LEN, TRUST_FOLDER "/%s.json", trust_part_name(part));
}

/* ---- opening ---- */

static enum assay_status
read_document(const struct trust_folder *f, const char *path, enum trust_part part, json_t **ret,
    struct assay_error *err)
{
	const struct source_file *file = sources_find(&f->files, path);
	if (file == NULL)
		return ASSAY_OK;
	if (!file->has_bytes) {
		(void)assay_fail(err, ASSAY_E_FORMAT, "it can't be read: %s", file->why);
		return assay_error_at(err, ASSAY_E_FORMAT, path, 0, 0);
	}
	return trust_read(file->bytes, path, part, ret, err);
}

static enum assay_status
read_documents(struct trust_folder *f, struct assay_error *err)
{
	char path[NAME_MAX_LEN];
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		draft_path(part, path);
		TRY(read_document(f, path, part, &f->draft[part], err));
		if (part == TRUST_ROOT)
			continue;
		final_path(part, 0, path);
		TRY(read_document(f, path, part, &f->now[part], err));
	}
	for (int64_t version = TRUST_VERSION_MAX; version > 0 && f->now[TRUST_ROOT] == NULL; version--) {
		final_path(TRUST_ROOT, version, path);
		TRY(read_document(f, path, TRUST_ROOT, &f->now[TRUST_ROOT], err));
	}
	return ASSAY_OK;
}

/* A draft whose version is in force already was moved by a run that was killed before it took the draft away. */
static void
forget_moved(struct trust_folder *f)
{
	for (size_t i = 0; i < TRUST_PARTS; i++) {
		if (f->draft[i] == NULL || f->now[i] == NULL ||
		    json_equal(f->draft[i], f->now[i]) == 0)
			continue;
		json_decref(f->draft[i]);
		f->draft[i] = NULL;
	}
}

static enum assay_status
look(struct trust_folder *f, struct assay_error *err)
{
	TRY(folder_read(f->tree, f->arena, &f->files, err));
	return authority_read(&f->files, f->fingerprint, f->arena, &f->authority, err);
}

enum assay_status
trust_folder_open(const char *work_tree, const char *fingerprint, struct arena *arena,
    struct trust_folder *ret_folder, struct assay_error *err)
{
	CLEANUP(trust_folder_done) struct trust_folder f = { .arena = arena, .tree = -1,
		.fingerprint = fingerprint };
	f.tree = open(work_tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f.tree < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", work_tree, text_errno(errno));
	TRY(look(&f, err));
	TRY(read_documents(&f, err));
	forget_moved(&f);
	*ret_folder = f;
	f = (struct trust_folder){ .tree = -1 };
	return ASSAY_OK;
}

/* ---- drafts ---- */

enum assay_status
trust_folder_edit(struct trust_folder *f, enum trust_part part, const char *repository, int64_t expires,
    struct assay_error *err)
{
	if (f->draft[part] != NULL)
		return ASSAY_OK;
	if (f->now[part] != NULL && trust_version(f->now[part]) >= TRUST_VERSION_MAX && part == TRUST_ROOT)
		return assay_fail(err, ASSAY_E_LIMIT, "there are %d roots already", TRUST_VERSION_MAX);
	if (f->now[part] != NULL)
		TRY(trust_next(f->now[part], &f->draft[part], err));
	else
		TRY(trust_new(part, repository, &f->draft[part], err));
	return trust_set_expires(f->draft[part], expires, err);
}

static enum assay_status
make_folders(const struct trust_folder *f, struct assay_error *err)
{
	static const char *const folders[] = { "assay", TRUST_FOLDER, TRUST_FOLDER "/draft" };
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		struct stat st;
		if (mkdirat(f->tree, folders[i], 0777) != 0 && errno != EEXIST)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't make '%s': %s", folders[i], text_errno(errno));
		if (fstatat(f->tree, folders[i], &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode))
			return assay_fail(err, ASSAY_E_UNSUPPORTED, "'%s' is no folder", folders[i]);
	}
	return ASSAY_OK;
}

static enum assay_status
write_document(const struct trust_folder *f, const json_t *document, const char *path,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	TRY(trust_write(document, &bytes, err));
	TRY(make_folders(f, err));
	enum assay_status status = file_write_atomic(f->tree, path, buf_span(&bytes), 0666, err);
	return status == ASSAY_OK ? ASSAY_OK : assay_error_at(err, status, path, 0, 0);
}

enum assay_status
trust_folder_keep(struct trust_folder *f, enum trust_part part, struct assay_error *err)
{
	char path[NAME_MAX_LEN];
	draft_path(part, path);
	return write_document(f, f->draft[part], path, err);
}

enum assay_status
trust_folder_drop(struct trust_folder *f, enum trust_part part, struct assay_error *err)
{
	char path[NAME_MAX_LEN];
	draft_path(part, path);
	json_decref(f->draft[part]);
	f->draft[part] = NULL;
	if (unlinkat(f->tree, path, 0) != 0 && errno != ENOENT)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't remove '%s': %s", path, text_errno(errno));
	(void)unlinkat(f->tree, TRUST_FOLDER "/draft", AT_REMOVEDIR);
	return ASSAY_OK;
}

/* ---- completion ---- */

/* The files with the draft of part in its place. */
static enum assay_status
with_draft(const struct trust_folder *f, enum trust_part part, struct buf *bytes,
    struct sources *ret_files, struct assay_error *err)
{
	char path[NAME_MAX_LEN];
	struct sources s = { .algo = f->files.algo };
	struct source_file *files = arena_array(f->arena, f->files.count + 1, sizeof *files);
	final_path(part, trust_version(f->draft[part]), path);
	const char *name = arena_str(f->arena, path);
	if (files == NULL || name == NULL)
		return arena_full(err);
	TRY(trust_write(f->draft[part], bytes, err));
	const struct source_file own = { .path = name, .mode = 0100644, .has_bytes = true, .bytes = buf_span(bytes) };
	bool placed = false;
	for (size_t i = 0; i < f->files.count; i++) {
		int order = strcmp(f->files.files[i].path, name);
		if (order >= 0 && !placed)
			files[s.count++] = own;
		placed |= order >= 0;
		if (order != 0)
			files[s.count++] = f->files.files[i];
	}
	if (!placed)
		files[s.count++] = own;
	s.files = files;
	*ret_files = s;
	return ASSAY_OK;
}

/* Whether what the draft would leave behind is authorised as far as the draft reaches. */
static enum assay_status
is_complete(const struct trust_folder *f, enum trust_part part, bool *ret_complete, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	struct sources files;
	struct authority a;
	const uint64_t version = (uint64_t)trust_version(f->draft[part]);
	TRY(with_draft(f, part, &bytes, &files, err));
	TRY(authority_read(&files, f->fingerprint, f->arena, &a, err));
	const struct assay_tuf_meta *reached[TRUST_PARTS] = { &a.root, &a.targets, &a.policy };
	*ret_complete = reached[part]->version == version && (part != TRUST_POLICY || a.fault == AUTHORITY_HOLDS);
	return ASSAY_OK;
}

static enum assay_status
move_draft(struct trust_folder *f, enum trust_part part, struct assay_error *err)
{
	char path[NAME_MAX_LEN];
	final_path(part, trust_version(f->draft[part]), path);
	TRY(write_document(f, f->draft[part], path, err));
	json_decref(f->now[part]);
	f->now[part] = json_incref(f->draft[part]);
	TRY(trust_folder_drop(f, part, err));
	return look(f, err);
}

enum assay_status
trust_folder_settle(struct trust_folder *f, unsigned *ret_moved, struct assay_error *err)
{
	unsigned moved = 0;
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		bool complete = false;
		if (f->draft[part] == NULL)
			continue;
		TRY(is_complete(f, part, &complete, err));
		if (!complete)
			continue;
		TRY(move_draft(f, part, err));
		moved |= 1u << part;
	}
	*ret_moved = moved;
	return ASSAY_OK;
}

const json_t *
trust_folder_home(const struct trust_folder *f, enum trust_part part)
{
	const enum trust_part home = part == TRUST_POLICY ? TRUST_TARGETS : TRUST_ROOT;
	return f->draft[home] != NULL ? f->draft[home] : f->now[home];
}
