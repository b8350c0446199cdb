/* SPDX-License-Identifier: Apache-2.0 */
#include "folder_read.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

struct reading {
	int tree;
	struct arena *arena;
	struct source_file *files;
	size_t count, bytes;
	struct assay_error *err;
};

static void
dir_done(DIR **d)
{
	if (*d != NULL)
		(void)closedir(*d);
	*d = NULL;
}

static enum assay_status
take_bytes(struct reading *r, struct source_file *f)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_TREE_FILE_MAX);
	struct assay_error why = { 0 };
	enum assay_status status = file_read_beneath(r->tree, f->path, &bytes, &why);
	if (status == ASSAY_E_MEMORY)
		return arena_full(r->err);
	if (status != ASSAY_OK) {
		f->why = arena_str(r->arena, why.what);
		return f->why == NULL ? arena_full(r->err) : ASSAY_OK;
	}
	r->bytes += bytes.len;
	if (r->bytes > TRUST_TREE_BYTES_MAX)
		return assay_fail(r->err, ASSAY_E_LIMIT, "the files of 'assay/' have more than %u bytes together",
		    TRUST_TREE_BYTES_MAX);
	const char *copy = arena_copy(r->arena, buf_span(&bytes));
	if (copy == NULL)
		return arena_full(r->err);
	f->bytes = (struct assay_span){ (const unsigned char *)copy, bytes.len };
	f->has_bytes = true;
	return ASSAY_OK;
}

static enum assay_status
take_file(struct reading *r, const char *path, const struct stat *st)
{
	if (r->count == TRUST_TREE_FILES_MAX)
		return assay_fail(r->err, ASSAY_E_LIMIT, "'assay/' holds more than %d files", TRUST_TREE_FILES_MAX);
	struct source_file *f = &r->files[r->count++];
	*f = (struct source_file){ .path = path, .mode = S_ISLNK(st->st_mode) ? 0120000 : 0100644 };
	if (S_ISREG(st->st_mode))
		return take_bytes(r, f);
	f->why = "it is no regular file";
	return ASSAY_OK;
}

static enum assay_status read_folder(struct reading *r, const char *path, unsigned depth);

static enum assay_status
read_entry(struct reading *r, const char *folder, const char *name, unsigned depth)
{
	struct stat st;
	const char *path = arena_printf(r->arena, "%s/%s", folder, name);
	if (path == NULL)
		return arena_full(r->err);
	if (fstatat(r->tree, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? ASSAY_OK
				       : assay_fail(r->err, ASSAY_E_SYSTEM, "can't look at '%s': %s", path, text_errno(errno));
	return S_ISDIR(st.st_mode) ? read_folder(r, path, depth + 1) : take_file(r, path, &st);
}

static enum assay_status
read_folder(struct reading *r, const char *path, unsigned depth)
{
	if (depth > TRUST_TREE_DEPTH_MAX)
		return assay_fail(r->err, ASSAY_E_LIMIT, "'assay/' is deeper than %d folders", TRUST_TREE_DEPTH_MAX);
	int fd = openat(r->tree, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return ASSAY_OK;
	CLEANUP(dir_done) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (dir == NULL) {
		(void)assay_fail(r->err, ASSAY_E_SYSTEM, "can't open '%s': %s", path, text_errno(errno));
		if (fd >= 0)
			(void)close(fd);
		return ASSAY_E_SYSTEM;
	}
	for (const struct dirent *e; (e = folder_next(dir)) != NULL;)
		TRY(read_entry(r, path, e->d_name, depth));
	return errno == 0 ? ASSAY_OK : assay_fail(r->err, ASSAY_E_SYSTEM, "can't list '%s': %s", path, text_errno(errno));
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

enum assay_status
folder_read(int tree, struct arena *arena, struct sources *ret_files, struct assay_error *err)
{
	struct reading r = { .tree = tree, .arena = arena, .err = err };
	r.files = arena_array(arena, TRUST_TREE_FILES_MAX, sizeof *r.files);
	if (r.files == NULL)
		return arena_full(err);
	TRY(read_folder(&r, "assay", 0));
	qsort(r.files, r.count, sizeof *r.files, by_path);
	*ret_files = (struct sources){ .algo = OID_SHA1, .files = r.files, .count = r.count };
	return ASSAY_OK;
}
