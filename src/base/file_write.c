/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/random.h>
#include <sys/stat.h>

#define SHOWN_MAX 512
#define NAME_TRIES 16
/* Most bytes a write(2) takes. */
#define WRITE_MAX 0x7ffff000u

/* A file on its way to its name. */
struct file_draft {
	char *path;           /* as the caller named it, for messages and for name */
	int dir;              /* folder it is in, or -1 */
	int fd;               /* -1 before it is made */
	bool named;           /* temporary names an entry of dir that is to go away on failure */
	char temporary[32];
	const char *name;     /* last component of the path */
};

void
file_draft_free(struct file_draft **draft)
{
	struct file_draft *d = *draft;
	if (d == NULL)
		return;
	if (d->named)
		unlinkat(d->dir, d->temporary, 0);
	if (d->fd >= 0)
		close(d->fd);
	if (d->dir >= 0)
		close(d->dir);
	free(d->path);
	free(d);
	*draft = NULL;
}

static enum assay_status
fail_write(struct assay_error *err, const char *path, int error)
{
	CLEANUP(buf_done) struct buf room = BUF_INIT((size_t)8 * SHOWN_MAX);
	struct assay_span s = { (const unsigned char *)path, strnlen(path, SHOWN_MAX) };
	text_escape(&room, s, false);
	assay_fail(err, ASSAY_E_SYSTEM, "can't write '%s': %s", buf_str(&room), text_errno(error));
	if (err != NULL && (error == ENOSPC || error == EDQUOT || error == EFBIG))
		assay_error_todo(err, ASSAY_E_SYSTEM,
		    "make room there, or name another folder; nothing was changed");
	else if (err != NULL && error == ENODEV)
		assay_error_todo(err, ASSAY_E_SYSTEM, "name a file: a device or a pipe isn't replaced by one");
	else if (err != NULL)
		assay_error_todo(err, ASSAY_E_SYSTEM,
		    "check the folder's permissions; nothing was changed");
	return ASSAY_E_SYSTEM;
}

enum assay_status
file_write_all(int fd, struct assay_span bytes, struct assay_error *err)
{
	size_t at = 0;
	while (at < bytes.len) {
		size_t left = bytes.len - at;
		ssize_t n = write(fd, bytes.data + at, left < WRITE_MAX ? left : WRITE_MAX);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't write: %s",
			    text_errno(n < 0 ? errno : EIO));
		at += (size_t)n;
	}
	return ASSAY_OK;
}

/* Opens the folder that path's last component is in, and finds that component. */
static enum assay_status
open_folder(int dirfd, const char *path, struct file_draft *d, struct assay_error *err)
{
	char folder[PATH_MAX];
	size_t len = strnlen(path, sizeof(folder));
	if (len == sizeof(folder))
		return fail_write(err, path, ENAMETOOLONG);
	const char *slash = strrchr(path, '/');
	d->name = slash == NULL ? path : slash + 1;
	if (d->name[0] == '\0' || strcmp(d->name, ".") == 0 || strcmp(d->name, "..") == 0)
		return fail_write(err, path, EISDIR);
	if (slash == NULL) {
		memcpy(folder, ".", 2);
	} else {
		/* The slash itself stays, so that "/name" is in "/". */
		size_t folder_len = (size_t)(slash - path) + 1;
		memcpy(folder, path, folder_len);
		folder[folder_len] = '\0';
	}
	d->dir = openat(dirfd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->dir < 0)
		return fail_write(err, path, errno);
	return ASSAY_OK;
}

static bool
make_temporary_name(struct file_draft *d)
{
	unsigned char random[8];
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return false;
	char hex[2 * sizeof(random) + 1];
	text_hex((struct assay_span) { random, sizeof(random) }, hex);
	text_put(d->temporary, sizeof(d->temporary), ".assay-%s", hex);
	return true;
}

/*
 * An open file without a name where the file system has that (killed half-way, it is simply gone), else under a
 * temporary name. Returns 0 or an errno.
 */
static int
open_draft(struct file_draft *d, unsigned mode)
{
	d->fd = openat(d->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, (mode_t)mode);
	if (d->fd >= 0)
		return 0;
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT && errno != EINVAL)
		return errno;
	for (int i = 0; i < NAME_TRIES; i++) {
		if (!make_temporary_name(d))
			return EIO;
		d->fd = openat(d->dir, d->temporary,
		    O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
		if (d->fd >= 0) {
			d->named = true;
			return 0;
		}
		if (errno != EEXIST)
			return errno;
	}
	return EEXIST;
}

/* Gives a nameless draft a temporary name. Returns 0 or an errno. */
static int
link_draft(struct file_draft *d)
{
	char self[64];
	text_put(self, sizeof(self), "/proc/self/fd/%d", d->fd);
	for (int i = 0; i < NAME_TRIES; i++) {
		if (!make_temporary_name(d))
			return EIO;
		int r = linkat(AT_FDCWD, self, d->dir, d->temporary, AT_SYMLINK_FOLLOW);
		/* Without /proc, kernels from 6.10 on take the file itself. */
		if (r != 0 && errno == ENOENT)
			r = linkat(d->fd, "", d->dir, d->temporary, AT_EMPTY_PATH);
		if (r == 0) {
			d->named = true;
			return 0;
		}
		if (errno != EEXIST)
			return errno;
	}
	return EEXIST;
}

/* A device or a pipe of that name isn't replaced by a file, were its folder ever so writable. Returns 0 or an errno. */
static int
check_place(const struct file_draft *d)
{
	struct stat st;
	if (fstatat(d->dir, d->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : errno;
	return S_ISREG(st.st_mode) || S_ISLNK(st.st_mode) ? 0 : S_ISDIR(st.st_mode) ? EISDIR : ENODEV;
}

enum assay_status
file_draft_new(int dirfd, const char *path, unsigned mode, struct file_draft **ret_draft,
    struct assay_error *err)
{
	CLEANUP(file_draft_free) struct file_draft *d = calloc(1, sizeof *d);
	if (d == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to write a file");
	d->dir = -1;
	d->fd = -1;
	d->path = strdup(path);
	if (d->path == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to write a file");
	TRY(open_folder(dirfd, d->path, d, err));
	int error = check_place(d);
	if (error == 0)
		error = open_draft(d, mode);
	if (error != 0)
		return fail_write(err, path, error);
	*ret_draft = steal(&d);
	return ASSAY_OK;
}

enum assay_status
file_draft_add(struct file_draft *draft, struct assay_span bytes, struct assay_error *err)
{
	errno = 0;
	if (file_write_all(draft->fd, bytes, NULL) != ASSAY_OK)
		return fail_write(err, draft->path, errno != 0 ? errno : EIO);
	return ASSAY_OK;
}

enum assay_status
file_draft_commit(struct file_draft *d, struct assay_error *err)
{
	if (fsync(d->fd) != 0)
		return fail_write(err, d->path, errno);
	int error = check_place(d);
	if (error == 0 && !d->named)
		error = link_draft(d);
	if (error != 0)
		return fail_write(err, d->path, error);
	if (renameat(d->dir, d->temporary, d->dir, d->name) != 0)
		return fail_write(err, d->path, errno);
	d->named = false;
	/* Some file systems can't sync a folder: the file is whole all the same. */
	if (fsync(d->dir) != 0 && errno != EINVAL && errno != EROFS)
		return assay_fail(err, ASSAY_E_SYSTEM,
		    "wrote a file whose name may not outlast a loss of power: %s", text_errno(errno));
	return ASSAY_OK;
}

enum assay_status
file_write_atomic(int dirfd, const char *path, struct assay_span bytes, unsigned mode,
    struct assay_error *err)
{
	CLEANUP(file_draft_free) struct file_draft *d = NULL;
	TRY(file_draft_new(dirfd, path, mode, &d, err));
	TRY(file_draft_add(d, bytes, err));
	return file_draft_commit(d, err);
}

static enum assay_status
make_one(const char *path, mode_t mode, struct assay_error *err)
{
	struct stat st;
	if (mkdir(path, mode) == 0)
		return ASSAY_OK;
	int error = errno;
	if (error == EEXIST || error == EACCES || error == EROFS) {
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			return ASSAY_OK;
		if (error == EEXIST)
			error = ENOTDIR;
	}
	return fail_write(err, path, error);
}

enum assay_status
file_make_dirs(const char *path, bool is_private, struct assay_error *err)
{
	char part[PATH_MAX];
	size_t len = strnlen(path, sizeof(part));
	mode_t mode = is_private ? 0700 : 0777;
	if (len == sizeof(part))
		return fail_write(err, path, ENAMETOOLONG);
	if (len == 0)
		return fail_write(err, path, ENOENT);
	memcpy(part, path, len + 1);
	for (size_t i = 1; i < len; i++) {
		if (part[i] != '/')
			continue;
		part[i] = '\0';
		TRY(make_one(part, mode, err));
		part[i] = '/';
	}
	return make_one(part, mode, err);
}
