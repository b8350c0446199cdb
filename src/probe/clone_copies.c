/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What git may read in place of what was hashed. Of an object that lies there more than once, one copy was hashed, and git's
 * users may get another: the copies are counted, and when there are more than objects, every pack is verified.
 * Commit-graphs and multi-pack-indexes are believed by git in place of the objects, so they are held against these.
 */
#include "clone.h"
#include "object_dir.h"
#include "object_files.h"

#include <base/catch.h>
#include <base/folder.h>
#include <base/text.h>
#include <fcntl.h>
#include <sys/stat.h>

struct copies {
	struct clone_record *rec;
	struct object_dir dir;
	size_t folder;    /* of those in dir.alternates */
	uint64_t count;
};

static void
copies_done(struct copies *x)
{
	object_dir_done(&x->dir);
}

static const char *
folder_of(const struct copies *x)
{
	return x->dir.alternates.folders[x->folder];
}

/* Notes file, below a folder of objects, in list when git complains of it. */
static enum assay_status
verify(const struct copies *x, const char *list, const char *file, const char *const *argv, bool alone,
    struct assay_error *err)
{
	struct clone_record *rec = x->rec;
	const struct git_run run = { .dir = &x->dir, .r = rec->c->repository, .argv = argv, .alone = alone };
	const char *shown
	    = arena_printf(rec->c->arena, "%s/%s", x->folder == 0 ? "objects" : "alternate", file);
	if (shown == NULL)
		return arena_full(err);
	const char *words = NULL;
	bool sound = false;
	struct assay_error why = { 0 };
	const enum assay_status status = object_dir_run(&run, rec->c->arena, &words, &sound, &why);
	if (CATCH(store_unverified, status != ASSAY_OK))
		clone_unread(rec, shown, "git didn't come to the end of verifying it");
	else if (CATCH(store_forged, !sound))
		clone_add(rec, list, json_pack("{s:o, s:o}", "file", clone_text(shown), "note", clone_text(words)));
	return ASSAY_OK;
}

static enum assay_status
verify_pack(const struct copies *x, const char *index, struct assay_error *err)
{
	const char *algo = x->rec->c->repository->algo == OID_SHA256 ? "--object-format=sha256"
	                                                             : "--object-format=sha1";
	const char *file = arena_printf(x->rec->c->arena, "pack/%.*s.pack", (int)strlen(index) - 4, index);
	const char *path = file == NULL ? NULL : arena_printf(x->rec->c->arena, "%s/%s", folder_of(x), file);
	if (path == NULL)
		return arena_full(err);
	const char *const argv[] = { "git", "index-pack", "--verify", algo, path, NULL };
	/* What can't be opened is told elsewhere, and is nothing that was altered. */
	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
		return ASSAY_OK;
	/* Alone, lest git holds each object against the very copies that are in question. */
	return verify(x, "copies", file, argv, true, err);
}

/* Counts the objects of a folder's packs, or verifies them. */
static enum assay_status
go_through_packs(struct copies *x, bool count, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = open(folder_of(x), O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(close_folder) DIR *d = folder_open(fd, "pack", 0);
	const struct dirent *e;
	while (d != NULL && (e = folder_next(d)) != NULL) {
		if (!object_files_is_pack(dirfd(d), e->d_name))
			continue;
		if (count)
			x->count += object_files_pack_count(dirfd(d), e->d_name);
		else
			TRY(verify_pack(x, e->d_name, err));
	}
	return ASSAY_OK;
}

static void
count_loose(struct copies *x)
{
	CLEANUP(close_fd) int fd = open(folder_of(x), O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (unsigned n = 0; n < 256; n++) {
		char name[8];
		text_put(name, sizeof(name), "%02x", n);
		CLEANUP(close_folder) DIR *d = folder_open(fd, name, 0);
		const struct dirent *e;
		while (d != NULL && (e = folder_next(d)) != NULL)
			x->count += object_files_is_loose(e->d_name, x->rec->c->repository->algo);
	}
}

static enum assay_status
verify_indexes(const struct copies *x, struct assay_error *err)
{
	const char *objects = folder_of(x);
	const char *const graph[] = { "git", "commit-graph", "verify", "--object-dir", objects, NULL };
	const char *const packs[] = { "git", "multi-pack-index", "--object-dir", objects, "verify", NULL };
	const struct {
		const char *file;
		const char *const *argv;
	} rows[] = { { "info/commit-graph", graph }, { "info/commit-graphs/commit-graph-chain", graph },
		{ "pack/multi-pack-index", packs } };
	CLEANUP(close_fd) int fd = open(objects, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (fstatat(fd, rows[i].file, &st, AT_SYMLINK_NOFOLLOW) == 0)
			TRY(verify(x, "indexes", rows[i].file, rows[i].argv, false, err));
	return ASSAY_OK;
}

enum assay_status
clone_copies(struct clone_record *rec, struct assay_error *err)
{
	CLEANUP(copies_done) struct copies x = { .rec = rec };
	TRY(object_dir_make(rec->c->repository, OBJECT_DIR_ALL, &x.dir, err));
	for (x.folder = 0; x.folder < x.dir.alternates.count; x.folder++) {
		TRY(go_through_packs(&x, true, err));
		count_loose(&x);
		TRY(verify_indexes(&x, err));
	}
	if (!CATCH(copies_of_objects, x.count != rec->s->count))
		return ASSAY_OK;
	for (x.folder = 0; x.folder < x.dir.alternates.count; x.folder++)
		TRY(go_through_packs(&x, false, err));
	return ASSAY_OK;
}
