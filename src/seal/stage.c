/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <seal/stage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_SIZE 64
#define COPY_SIZE 65536

struct seal_stage {
	int to;               /* the folder that is to hold it, or -1 */
	char name[NAME_MAX + 1]; /* in there */
	int at;               /* the folder in which it is made, or -1 */
	char temporary[NAME_SIZE]; /* "" until it is made */
	int fd;               /* of it, or -1 */
	char path[PATH_MAX];  /* of it */
};

static enum assay_status
fail(const char *what, const char *path, int error, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_SYSTEM, "%s: %s", what, text_errno(error));
	(void)assay_error_at(err, ASSAY_E_SYSTEM, path, 0, 0);
	if (error == ENOSPC || error == EDQUOT || error == EFBIG)
		return assay_error_todo(err, ASSAY_E_SYSTEM, "make room there, or name another folder; nothing was changed");
	return assay_error_todo(err, ASSAY_E_SYSTEM, "check the folder's permissions, or name another with --seal; nothing was changed");
}

static bool
random_name(char name[NAME_SIZE])
{
	unsigned char random[8];
	char hex[2 * sizeof random + 1];
	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		return false;
	text_hex((struct assay_span){ random, sizeof random }, hex);
	text_put(name, NAME_SIZE, SEAL_STAGE_NAME "%s", hex);
	return true;
}

/* Cuts path into the folder that is to hold it and its name there. 0 or an errno. */
static int
cut_path(const char *path, char folder[PATH_MAX], char name[NAME_MAX + 1])
{
	size_t len = strnlen(path, PATH_MAX);
	while (len > 1 && len < PATH_MAX && path[len - 1] == '/')
		len--;
	if (len == 0 || len >= PATH_MAX)
		return len == 0 ? ENOENT : ENAMETOOLONG;
	size_t from = len;
	while (from > 0 && path[from - 1] != '/')
		from--;
	if (len - from > NAME_MAX)
		return ENAMETOOLONG;
	text_put(name, NAME_MAX + 1, "%.*s", (int)(len - from), path + from);
	text_put(folder, PATH_MAX, "%.*s", from == 0 ? 1 : (int)from, from == 0 ? "." : path);
	return name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ? EISDIR : 0;
}

static enum assay_status
open_parent(const char *path, char folder[PATH_MAX], int *ret_fd, char name[NAME_MAX + 1], struct assay_error *err)
{
	const int error = cut_path(path, folder, name);
	if (error != 0)
		return fail("there can be no seal", path, error, err);
	*ret_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? fail("can't open the folder that is to hold the seal", folder, errno, err) : ASSAY_OK;
}

/* Flat: a folder within is left, and with it this one. */
static void
remove_folder(int at, const char *name)
{
	CLEANUP(close_folder) DIR *d = folder_open(at, name, O_NOFOLLOW);
	for (const struct dirent *e; d != NULL && (e = folder_next(d)) != NULL;)
		(void)unlinkat(dirfd(d), e->d_name, 0);
	(void)unlinkat(at, name, AT_REMOVEDIR);
}

void
seal_stage_free(struct seal_stage **stage)
{
	struct seal_stage *s = *stage;
	if (s == NULL)
		return;
	close_fd(&s->fd);
	if (s->temporary[0] != '\0')
		remove_folder(s->at, s->temporary);
	close_fd(&s->at);
	close_fd(&s->to);
	free(s);
	*stage = NULL;
}

enum assay_status
seal_stage_new(const char *path, const char *beside, struct seal_stage **ret_stage, struct assay_error *err)
{
	CLEANUP(seal_stage_free) struct seal_stage *s = calloc(1, sizeof *s);
	char name[NAME_SIZE], folder[PATH_MAX];
	if (s == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a seal");
	s->to = s->at = s->fd = -1;
	TRY(open_parent(path, folder, &s->to, s->name, err));
	s->at = beside == NULL ? fcntl(s->to, F_DUPFD_CLOEXEC, 0) : open(beside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->at < 0)
		return fail("can't open the folder in which the seal is made", beside == NULL ? path : beside, errno, err);
	if (!random_name(name))
		return assay_fail(err, ASSAY_E_SYSTEM, "no random bytes to be had");
	if (mkdirat(s->at, name, 0777) != 0)
		return fail("can't make a seal there", path, errno, err);
	memcpy(s->temporary, name, sizeof s->temporary);
	text_put(s->path, sizeof s->path, "%s/%s", beside == NULL ? folder : beside, name);
	s->fd = openat(s->at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (s->fd < 0)
		return fail("can't make a seal there", path, errno, err);
	*ret_stage = steal(&s);
	return ASSAY_OK;
}

int
seal_stage_fd(const struct seal_stage *stage)
{
	return stage->fd;
}

const char *
seal_stage_path(const struct seal_stage *stage)
{
	return stage->path;
}

/* ---- copying ---- */

static enum assay_status
copy_file(const struct seal_stage *stage, int from, const char *name, struct assay_error *err)
{
	CLEANUP(file_draft_free) struct file_draft *draft = NULL;
	CLEANUP(close_fd) int fd = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	unsigned char bytes[COPY_SIZE];
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0)
		return fail("can't read a file of the seal", name, errno, err);
	if (!S_ISREG(st.st_mode)) {
		(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "a seal holds files alone, and this is none");
		return assay_error_at(err, ASSAY_E_UNSUPPORTED, name, 0, 0);
	}
	TRY(file_draft_new(stage->fd, name, 0666, &draft, err));
	for (;;) {
		const ssize_t n = read(fd, bytes, sizeof bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail("can't read a file of the seal", name, errno, err);
		if (n == 0)
			return file_draft_commit(draft, err);
		TRY(file_draft_add(draft, (struct assay_span){ bytes, (size_t)n }, err));
	}
}

enum assay_status
seal_stage_copy(const struct seal_stage *stage, const char *path, const char *const *but, struct assay_error *err)
{
	CLEANUP(close_folder) DIR *d = folder_open(AT_FDCWD, path, 0);
	if (d == NULL)
		return fail("can't read the seal", path, errno, err);
	for (const struct dirent *e; (e = folder_next(d)) != NULL;) {
		bool skip = false;
		for (size_t i = 0; but != NULL && but[i] != NULL; i++)
			skip |= strcmp(but[i], e->d_name) == 0;
		if (!skip)
			TRY(copy_file(stage, dirfd(d), e->d_name, err));
	}
	return errno == 0 ? ASSAY_OK : fail("can't read the seal", path, errno, err);
}

/* ---- into its place ---- */

static enum assay_status
in_the_way(const struct seal_stage *s, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "there is something of that name already");
	(void)assay_error_at(err, ASSAY_E_USAGE, s->name, 0, 0);
	return assay_error_todo(err, ASSAY_E_USAGE, "name another folder with --seal");
}

/* 0 or an errno. */
static int
move_new(const struct seal_stage *s)
{
	struct stat st;
	if (renameat2(s->at, s->temporary, s->to, s->name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	/* File systems without it: a folder never takes the place of one that isn't empty, nor of a file. */
	if (fstatat(s->to, s->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return EEXIST;
	return renameat(s->at, s->temporary, s->to, s->name) == 0 ? 0 : errno;
}

enum assay_status
seal_stage_commit(struct seal_stage *s, bool replace, struct assay_error *err)
{
	int error = 0;
	if (fsync(s->fd) != 0 && errno != EINVAL && errno != EROFS)
		return fail("can't keep the seal", s->name, errno, err);
	if (replace)
		error = renameat2(s->at, s->temporary, s->to, s->name, RENAME_EXCHANGE) == 0 ? 0 : errno;
	else
		error = move_new(s);
	if (error == EEXIST || error == ENOTEMPTY)
		return in_the_way(s, err);
	if (error != 0)
		return fail(error == EXDEV ? "the seal lies on another file system than the folder beside the tree" : "can't put the seal in its place",
		    s->name, error, err);
	/* What lies there under the temporary name now is the old one, if anything: seal_stage_free() removes it. */
	if (!replace)
		s->temporary[0] = '\0';
	if (fsync(s->to) != 0 && errno != EINVAL && errno != EROFS)
		return assay_fail(err, ASSAY_E_SYSTEM, "made a seal whose name may not outlast a loss of power: %s", text_errno(errno));
	return ASSAY_OK;
}

enum assay_status
seal_put(const char *path, const char *beside, const char *name, struct assay_span bytes, struct assay_error *err)
{
	char own[NAME_MAX + 1], temporary[NAME_SIZE], folder[PATH_MAX];
	CLEANUP(close_fd) int parent = -1;
	CLEANUP(close_fd) int seal = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (seal < 0)
		return fail("can't open the seal", path, errno, err);
	TRY(open_parent(path, folder, &parent, own, err));
	if (beside != NULL) {
		close_fd(&parent);
		parent = open(beside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (parent < 0)
		return fail("can't open the folder beside the seal", path, errno, err);
	if (!random_name(temporary))
		return assay_fail(err, ASSAY_E_SYSTEM, "no random bytes to be had");
	TRY(file_write_atomic(parent, temporary, bytes, 0666, err));
	if (renameat(parent, temporary, seal, name) != 0) {
		const int error = errno;
		(void)unlinkat(parent, temporary, 0);
		return fail("can't change the seal", path, error, err);
	}
	if (fsync(seal) != 0 && errno != EINVAL && errno != EROFS)
		return assay_fail(err, ASSAY_E_SYSTEM, "wrote a file whose name may not outlast a loss of power: %s", text_errno(errno));
	return ASSAY_OK;
}
