/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The copy: every file, folder and link of the tree with its mode and capabilities, by reflinks where the file system has them. The original
 * is opened for reading alone. What to attack is picked on the way.
 */
#include "inside.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <files/walk.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#define PIECE 65536
#define LOOK_ROOM ((size_t)8 << 20)
/* Of the room that is free, this much stays free. */
#define SPARE ((uint64_t)16 << 20)
#define CAPABILITY "security.capability"

enum assay_status
drill_failed(const char *what, const char *path, struct assay_error *err)
{
	const int error = errno;
	(void)assay_fail(err, ASSAY_E_SYSTEM, "can't %s: %s", what, text_errno(error));
	return assay_error_at(err, ASSAY_E_SYSTEM, path, 0, 0);
}

char *
drill_path(struct drill_work *w, const char *folder, const char *name)
{
	return arena_printf(w->arena, "%s/%s", folder, name);
}

enum assay_status
drill_write(struct drill_work *w, const char *folder, const char *name, struct assay_span bytes, struct assay_error *err)
{
	const char *path = drill_path(w, folder, name);
	if (path == NULL)
		return arena_full(err);
	return file_write_atomic(AT_FDCWD, path, bytes, 0600, err);
}

/* ---- one file ---- */

static enum assay_status
pour(int from, int to, const char *path, struct assay_error *err)
{
	unsigned char piece[PIECE];
	for (;;) {
		const ssize_t n = read(from, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return drill_failed("read it", path, err);
		if (n == 0)
			return ASSAY_OK;
		TRY(file_write_all(to, (struct assay_span){ piece, (size_t)n }, err));
	}
}

static enum assay_status
copy_open(int from, const char *to, struct assay_error *err)
{
	unsigned char capability[WALK_CAPABILITIES_MAX];
	struct stat st;
	if (fstat(from, &st) != 0)
		return drill_failed("look at it", to, err);
	CLEANUP(close_fd) int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return drill_failed("make the copy", to, err);
	if (ioctl(fd, FICLONE, from) != 0)
		TRY(pour(from, fd, to, err));
	if (fchmod(fd, st.st_mode & 07777) != 0)
		return drill_failed("set the copy's mode", to, err);
	const ssize_t len = fgetxattr(from, CAPABILITY, capability, sizeof capability);
	if (len > 0 && fsetxattr(fd, CAPABILITY, capability, (size_t)len, 0) != 0)
		return drill_failed("give the copy the file's capabilities (root can)", to, err);
	return ASSAY_OK;
}

enum assay_status
drill_copy_file(const char *from, const char *to, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = open(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? drill_failed("read it", from, err) : copy_open(fd, to, err);
}

/* ---- what to attack ---- */

static enum assay_status
keep(struct drill_work *w, const char **where, const char *path, struct assay_error *err)
{
	if (*where != NULL)
		return ASSAY_OK;
	*where = arena_str(w->arena, path);
	return *where == NULL ? arena_full(err) : ASSAY_OK;
}

static enum assay_status
pick_file(struct drill_work *w, int fd, const char *path, const struct walk_facts *facts, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	unsigned char *bytes = NULL;
	struct seal_looked looked;
	if (facts->size == 0)
		return ASSAY_OK;
	if (arena_new(LOOK_ROOM, &arena) != ASSAY_OK || (bytes = arena_alloc(arena, PIECE)) == NULL)
		return arena_full(err);
	const ssize_t n = pread(fd, bytes, PIECE, 0);
	if (n < 0)
		return drill_failed("read it", path, err);
	const struct seal_file file = { .path = path, .type = SEAL_TYPE_FILE, .mode = facts->mode, .size = facts->size,
		.bytes = { bytes, (size_t)n } };
	TRY(seal_classify(&file, arena, &looked, err));
	TRY(keep(w, &w->kinds[seal_main_kind(&looked)], path, err));
	if ((facts->mode & 0111) != 0)
		TRY(keep(w, &w->program, path, err));
	const char *slash = strrchr(path, '/');
	if (slash != NULL && w->full_folder == NULL) {
		w->full_folder = arena_copy(w->arena, (struct assay_span){ (const unsigned char *)path, (size_t)(slash - path) });
		if (w->full_folder == NULL)
			return arena_full(err);
	}
	if (w->file != NULL)
		return keep(w, &w->other, path, err);
	return keep(w, &w->file, path, err);
}

static enum assay_status
copy_regular(struct drill_work *w, const struct walk_entry *e, const char *path, const char *to, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = -1;
	const int error = walk_open_file(e->folder, e->name, &fd);
	if (error != 0) {
		errno = error;
		return drill_failed("read it", path, err);
	}
	w->drill->copied += e->facts.size;
	TRY(pick_file(w, fd, path, &e->facts, err));
	return copy_open(fd, to, err);
}

/* ---- the tree ---- */

struct folder_mode {
	const char *path;
	unsigned mode;
	struct folder_mode *before;
};

struct visit {
	struct drill_work *w;
	bool measure;
	uint64_t bytes, entries;
	struct folder_mode *folders;
	const char *leave_out;
};

static enum assay_status
copy_folder(struct visit *v, const char *path, const char *to, unsigned mode, struct assay_error *err)
{
	struct folder_mode *f = arena_alloc(v->w->arena, sizeof *f);
	if (f == NULL)
		return arena_full(err);
	*f = (struct folder_mode){ to, mode, v->folders };
	v->folders = f;
	TRY(keep(v->w, &v->w->folder, path, err));
	return mkdir(to, 0700) == 0 ? ASSAY_OK : drill_failed("make the copy", to, err);
}

static bool
left_out(const struct visit *v, const char *path)
{
	const size_t len = v->leave_out == NULL ? 0 : strlen(v->leave_out);
	return len != 0 && strncmp(path, v->leave_out, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static enum assay_status
check_entry(const struct drill_work *w, const struct walk_entry *e, const char *path, struct assay_error *err)
{
	if (w->request->stop != NULL && w->request->stop(w->request->ctx))
		return assay_fail(err, ASSAY_E_SYSTEM, "stopped before the end");
	if (e->error != 0) {
		errno = e->error;
		return drill_failed("read it", path, err);
	}
	if (e->facts.type != WALK_FILE && e->facts.type != WALK_FOLDER && e->facts.type != WALK_LINK) {
		(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "a %s can't be in a release", walk_type_name(e->facts.type));
		return assay_error_at(err, ASSAY_E_UNSUPPORTED, path, 0, 0);
	}
	return ASSAY_OK;
}

static enum assay_status
visit(void *ctx, const struct walk_entry *e, struct assay_error *err)
{
	struct visit *v = ctx;
	struct drill_work *w = v->w;
	const char *path = (const char *)e->path.data;
	if (left_out(v, path))
		return ASSAY_OK;
	TRY(check_entry(w, e, path, err));
	if (v->measure) {
		v->bytes += e->facts.type == WALK_FILE ? e->facts.size : 0;
		v->entries++;
		return ASSAY_OK;
	}
	if (w->request->progress != NULL)
		w->request->progress(w->request->ctx, "copied", ++v->entries, 0);
	const char *to = drill_path(w, w->base, path);
	if (to == NULL)
		return arena_full(err);
	if (e->facts.type == WALK_FILE)
		return copy_regular(w, e, path, to, err);
	if (e->facts.type == WALK_FOLDER)
		return copy_folder(v, path, to, e->facts.mode, err);
	const char *target = arena_copy(w->arena, e->target);
	if (target == NULL)
		return arena_full(err);
	TRY(keep(w, &w->link, path, err));
	return symlink(target, to) == 0 ? ASSAY_OK : drill_failed("make the copy", to, err);
}

static enum assay_status
check_room(const struct drill_work *w, uint64_t bytes, uint64_t entries, struct assay_error *err)
{
	struct statvfs fs;
	if (statvfs(w->request->temporary, &fs) != 0)
		return drill_failed("look how much room there is", w->request->temporary, err);
	const uint64_t free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	const uint64_t wanted = bytes + entries * fs.f_frsize;
	if (free_bytes > SPARE && free_bytes - SPARE >= wanted)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_LIMIT, "the copy takes %llu MiB, and '%s' has %llu MiB", (unsigned long long)(wanted >> 20) + 1,
	    w->request->temporary, (unsigned long long)(free_bytes >> 20));
	return assay_error_todo(err, ASSAY_E_LIMIT, "name a folder with more room by TMPDIR");
}

static enum assay_status
find_empty(struct drill_work *w, const struct visit *v, struct assay_error *err)
{
	for (const struct folder_mode *f = v->folders; f != NULL; f = f->before) {
		CLEANUP(close_folder) DIR *d = folder_open(AT_FDCWD, f->path, O_NOFOLLOW);
		if (d == NULL)
			return drill_failed("list it", f->path, err);
		if (folder_next(d) == NULL && errno == 0)
			TRY(keep(w, &w->empty_folder, f->path + strlen(w->base) + 1, err));
	}
	for (const struct folder_mode *f = v->folders; f != NULL; f = f->before) {
		if (chmod(f->path, f->mode) != 0)
			return drill_failed("set the copy's mode", f->path, err);
	}
	return ASSAY_OK;
}

static enum assay_status
copy_lone(struct drill_work *w, const struct stat *st, struct assay_error *err)
{
	const char *name = strrchr(w->tree, '/') + 1;
	const struct walk_facts facts = { .type = WALK_FILE, .mode = st->st_mode & 07777, .size = (uint64_t)st->st_size };
	TRY(check_room(w, facts.size, 1, err));
	CLEANUP(close_fd) int fd = open(w->request->tree, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return drill_failed("read it", w->request->tree, err);
	w->drill->copied = facts.size;
	TRY(pick_file(w, fd, name, &facts, err));
	return copy_open(fd, w->tree, err);
}

enum assay_status
drill_copy(struct drill_work *w, struct assay_error *err)
{
	CLEANUP(walk_drop) struct walk_folder *root = NULL;
	const size_t len = strlen(w->request->tree);
	struct visit v = { .w = w, .measure = true };
	struct stat st;
	if (stat(w->request->tree, &st) != 0)
		return drill_failed("look at it", w->request->tree, err);
	w->lone = !S_ISDIR(st.st_mode);
	if (w->lone)
		w->base = drill_path(w, w->top, "copy");
	else
		w->base = w->tree;
	if (w->lone)
		return w->base == NULL ? arena_full(err) : copy_lone(w, &st, err);
	if (strncmp(w->request->seal, w->request->tree, len) == 0 && w->request->seal[len] == '/')
		v.leave_out = w->request->seal + len + 1;
	TRY(walk_root(AT_FDCWD, w->request->tree, &root, err));
	TRY(walk_tree(root, &(struct walk_options){ .one_device = false }, visit, &v, err));
	TRY(check_room(w, v.bytes, v.entries, err));
	v = (struct visit){ .w = w, .leave_out = v.leave_out };
	if (mkdir(w->base, 0700) != 0)
		return drill_failed("make the copy", w->base, err);
	TRY(walk_tree(root, &(struct walk_options){ .one_device = false }, visit, &v, err));
	return find_empty(w, &v, err);
}

/* ---- the seal ---- */

/* Anew for each attack: there are few files in it. An authorisation to go back stays out, which has nothing to do with what is tried. */
enum assay_status
drill_copy_seal(struct drill_work *w, struct assay_error *err)
{
	drill_remove(w->seal);
	if (mkdir(w->seal, 0700) != 0)
		return drill_failed("make the copy", w->seal, err);
	CLEANUP(close_folder) DIR *d = folder_open(AT_FDCWD, w->request->seal, 0);
	for (const struct dirent *e; d != NULL && (e = folder_next(d)) != NULL;) {
		char from[PATH_SIZE], to[PATH_SIZE];
		if (strcmp(e->d_name, "rollback.json") == 0)
			continue;
		text_put(from, sizeof from, "%s/%s", w->request->seal, e->d_name);
		text_put(to, sizeof to, "%s/%s", w->seal, e->d_name);
		TRY(drill_copy_file(from, to, err));
		errno = 0;
	}
	return errno == 0 ? ASSAY_OK : drill_failed("list it", w->request->seal, err);
}

/* ---- and away with it ---- */

static void
remove_at(int at, const char *name, unsigned depth)
{
	if (unlinkat(at, name, 0) == 0 || errno == ENOENT || depth == 0)
		return;
	/* A folder, and perhaps one in which even its owner may write nothing. What can't be opened can't be removed either. */
	const bool opened = fchmodat(at, name, 0700, AT_SYMLINK_NOFOLLOW) == 0;
	const int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	DIR *d = opened || fchmod(fd, 0700) == 0 ? fdopendir(fd) : NULL;
	if (d == NULL) {
		(void)close(fd);
		return;
	}
	for (const struct dirent *e; (e = folder_next(d)) != NULL;)
		remove_at(dirfd(d), e->d_name, depth - 1);
	close_folder(&d);
	(void)unlinkat(at, name, AT_REMOVEDIR);
}

void
drill_remove(const char *path)
{
	remove_at(AT_FDCWD, path, WALK_DEPTH_MAX + 4);
}
