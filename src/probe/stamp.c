/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include <assay/hash.h>
#include <base/catch.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* Younger than this, a file may change again without its times changing. */
#define RACY_NANOSECONDS ((int64_t)2 * 1000000000)
#define MATERIAL_MAX ((size_t)1 << 30)
#define NAME_FOLDER_MAX 64
#define STAMP_VERSION "assay-stamp-1"

struct stamp {
	struct buf material;
	int64_t youngest; /* nanoseconds since the epoch */
	bool unsure;      /* something could not be looked at, and may change unseen */
	struct assay_error *err;
};

static void
stamp_done(struct stamp *s)
{
	buf_done(&s->material);
}

static int64_t
nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

/* What of a file changes when it does. */
struct record {
	uint64_t device, inode, size, mode;
	int64_t changed, modified;
};

static void
add_stat(struct stamp *s, const char *name, const struct stat *st)
{
	struct record r;
	memset(&r, 0, sizeof(r));
	r.device = st->st_dev;
	r.inode = st->st_ino;
	r.size = (uint64_t)st->st_size;
	r.mode = st->st_mode;
	r.changed = nanoseconds(&st->st_ctim);
	r.modified = nanoseconds(&st->st_mtim);
	buf_add(&s->material, name, strlen(name) + 1);
	buf_add(&s->material, &r, sizeof(r));
	if (r.changed > s->youngest)
		s->youngest = r.changed;
	if (r.modified > s->youngest)
		s->youngest = r.modified;
}

/* That something is absent counts as well. */
static void
add_failure(struct stamp *s, const char *name, int why)
{
	buf_addf(&s->material, "%s: %d", name, why);
	if (why != ENOENT && why != ENOTDIR)
		s->unsure = true;
}

/* A file's own stamp, and that of what it leads to when it is a link. */
static void
add_file(struct stamp *s, int folder, const char *name, struct stat *st)
{
	if (fstatat(folder, name, st, AT_SYMLINK_NOFOLLOW) != 0) {
		add_failure(s, name, errno);
		return;
	}
	add_stat(s, name, st);
	struct stat end;
	if (!CATCH(stamp_link, S_ISLNK(st->st_mode)))
		return;
	if (fstatat(folder, name, &end, 0) == 0)
		add_stat(s, "->", &end);
	else
		add_failure(s, "->", errno);
}

struct names {
	char **items;
	size_t count, room;
};

static void
names_done(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->items[i]);
	free(n->items);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
add_name(struct names *n, const char *name)
{
	if (n->count == n->room) {
		size_t room = n->room == 0 ? 64 : n->room * 2;
		char **more = reallocarray(n->items, room, sizeof(*more));
		if (more == NULL)
			return false;
		n->items = more;
		n->room = room;
	}
	n->items[n->count] = strdup(name);
	return n->items[n->count++] != NULL;
}

/* Sorted, since a folder's order is nobody's promise. */
static enum assay_status
read_names(struct stamp *s, DIR *d, struct names *n)
{
	const struct dirent *e;
	while ((e = folder_next(d)) != NULL)
		if (!add_name(n, e->d_name))
			return assay_fail(s->err, ASSAY_E_MEMORY, "no memory for the repository's stamp");
	if (errno != 0)
		add_failure(s, "...", errno);
	if (n->count > 0)
		qsort(n->items, n->count, sizeof(n->items[0]), compare_names);
	return ASSAY_OK;
}

/* A folder, all in it, and below it when deep. */
static enum assay_status
add_folder(struct stamp *s, int folder, const char *name, unsigned deep)
{
	CLEANUP(names_done) struct names names = { 0 };
	struct stat st;
	add_file(s, folder, name, &st);
	CLEANUP(close_folder) DIR *d = folder_open(folder, name, 0);
	if (d == NULL) {
		add_failure(s, name, errno);
		return ASSAY_OK;
	}
	TRY(read_names(s, d, &names));
	buf_add_str(&s->material, "{");
	for (size_t i = 0; i < names.count; i++) {
		st.st_mode = 0;
		add_file(s, dirfd(d), names.items[i], &st);
		if (deep > 0 && S_ISDIR(st.st_mode))
			TRY(add_folder(s, dirfd(d), names.items[i], deep - 1));
	}
	buf_add_str(&s->material, "}");
	return buf_status(&s->material, "the repository's stamp", s->err);
}

static enum assay_status
add_objects(struct stamp *s, const char *objects)
{
	char name[8];
	CLEANUP(close_fd) int fd = open(objects, O_PATH | O_DIRECTORY | O_CLOEXEC);
	buf_add(&s->material, objects, strlen(objects) + 1);
	TRY(add_folder(s, fd, "pack", 0));
	TRY(add_folder(s, fd, "info", 1));
	for (unsigned i = 0; i < 256; i++) {
		text_put(name, sizeof(name), "%02x", i);
		TRY(add_folder(s, fd, name, 0));
	}
	return ASSAY_OK;
}

static enum assay_status
add_git_dir(struct stamp *s, const char *dir)
{
	static const char *const files[] = { "HEAD", "commondir", "config", "config.worktree",
		"packed-refs", "shallow", "objects" };
	static const struct {
		const char *name;
		unsigned deep;
	} folders[] = { { "refs", NAME_FOLDER_MAX }, { "info", 0 }, { "hooks", 0 }, { "worktrees", 0 } };
	CLEANUP(close_fd) int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	buf_add(&s->material, dir, strlen(dir) + 1);
	struct stat st;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		add_file(s, fd, files[i], &st);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		TRY(add_folder(s, fd, folders[i].name, folders[i].deep));
	return ASSAY_OK;
}

enum assay_status
repository_stamp(const struct repository *r, struct buf *out, bool *ret_settled,
    struct assay_error *err)
{
	CLEANUP(alternates_done) struct alternates a = { 0 };
	CLEANUP(stamp_done) struct stamp s = { .material = BUF_INIT(MATERIAL_MAX), .err = err };
	struct timespec now;
	unsigned char digest[ASSAY_SHA256_SIZE];
	TRY(alternates_read(r, &a, err));
	buf_add(&s.material, STAMP_VERSION, sizeof(STAMP_VERSION));
	TRY(add_git_dir(&s, r->git_dir));
	if (strcmp(r->git_dir, r->common_dir) != 0)
		TRY(add_git_dir(&s, r->common_dir));
	for (size_t i = 0; i < a.count; i++)
		TRY(add_objects(&s, a.folders[i]));
	TRY(buf_status(&s.material, "the repository's stamp", err));
	TRY(assay_sha256(buf_span(&s.material), digest));
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't read the clock: %s", text_errno(errno));
	buf_add(out, digest, sizeof(digest));
	TRY(buf_status(out, "the repository's stamp", err));
	*ret_settled = !CATCH(stamp_young, nanoseconds(&now) - s.youngest < RACY_NANOSECONDS)
	    && !CATCH(stamp_unsure, s.unsure);
	return ASSAY_OK;
}
