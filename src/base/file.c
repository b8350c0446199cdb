/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
#define READ_STEP (1u << 16)
#define SHOWN_MAX 512

void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* path with its control characters escaped, in the caller's room. */
static const char *
shown(const char *path, struct buf *room)
{
	struct assay_span s = { (const unsigned char *)path, strnlen(path, SHOWN_MAX) };
	buf_reset(room);
	text_escape(room, s, false);
	return buf_str(room);
}

static enum assay_status
fail_path(struct assay_error *err, enum assay_status status, const char *path, const char *why)
{
	CLEANUP(buf_done) struct buf room = BUF_INIT((size_t)8 * SHOWN_MAX);
	return assay_fail(err, status, "can't read '%s': %s", shown(path, &room), why);
}

static enum assay_status
fail_open(struct assay_error *err, const char *path, int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return fail_path(err, ASSAY_E_NOT_FOUND, path, "there is no such file");
	case ELOOP:
		return fail_path(err, ASSAY_E_UNSUPPORTED, path, "it is a link, and none is followed");
	case EXDEV:
		return fail_path(err, ASSAY_E_UNSUPPORTED, path, "it leads out of its folder");
	case ENXIO:
		return fail_path(err, ASSAY_E_UNSUPPORTED, path, "it is not a regular file");
	default:
		return fail_path(err, ASSAY_E_SYSTEM, path, text_errno(error));
	}
}

/* Size of the regular file behind fd; anything else is refused. */
static enum assay_status
regular_size(int fd, const char *path, size_t *ret_size, struct assay_error *err)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return fail_path(err, ASSAY_E_SYSTEM, path, text_errno(errno));
	if (!S_ISREG(st.st_mode))
		return fail_path(err, ASSAY_E_UNSUPPORTED, path, "it is not a regular file");
	if (st.st_size < 0)
		return fail_path(err, ASSAY_E_SYSTEM, path, "its size makes no sense");
	*ret_size = (size_t)st.st_size;
	return ASSAY_OK;
}

/* Reads until the end, whatever fstat said: the file may grow or shrink meanwhile. */
static enum assay_status
read_open(int fd, const char *path, struct buf *out, struct assay_error *err)
{
	size_t size = 0;
	TRY(regular_size(fd, path, &size, err));
	if (size > out->cap)
		return fail_path(err, ASSAY_E_LIMIT, path, "it is larger than is allowed");
	buf_reset(out);
	unsigned char *step = malloc(READ_STEP);
	if (step == NULL)
		return fail_path(err, ASSAY_E_MEMORY, path, "no memory");
	ssize_t n;
	do {
		n = read(fd, step, READ_STEP);
		if (n > 0)
			buf_add(out, step, (size_t)n);
	} while ((n > 0 && out->status == ASSAY_OK) || (n < 0 && errno == EINTR));
	int error = errno;
	free(step);
	enum assay_status s = ASSAY_OK;
	if (n < 0)
		s = fail_path(err, ASSAY_E_SYSTEM, path, text_errno(error));
	else if (out->status != ASSAY_OK)
		s = fail_path(err, out->status, path, "it is larger than is allowed");
	if (s != ASSAY_OK)
		buf_reset(out);
	return s;
}

enum assay_status
file_read(int dirfd, const char *path, struct buf *out, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = openat(dirfd, path, OPEN_FLAGS);
	if (fd < 0)
		return fail_open(err, path, errno);
	return read_open(fd, path, out, err);
}

/* For kernels and containers without openat2: one component after the other. Returns -1 with errno set. */
static int
open_stepwise(int dirfd, const char *path)
{
	char copy[PATH_MAX];
	size_t len = strnlen(path, sizeof(copy));
	if (len == sizeof(copy)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(copy, path, len + 1);
	if (path[0] == '/') {
		errno = EXDEV;
		return -1;
	}
	CLEANUP(close_fd) int at = openat(dirfd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char *name = copy;
	while (at >= 0) {
		char *slash = strchr(name, '/');
		if (slash != NULL)
			*slash = '\0';
		if (strcmp(name, "..") == 0) {
			errno = EXDEV;
			return -1;
		}
		if (slash == NULL)
			return openat(at, name, OPEN_FLAGS);
		int next = openat(at, name[0] == '\0' ? "." : name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		struct stat st;
		if (next >= 0 && (fstat(next, &st) != 0 || S_ISLNK(st.st_mode))) {
			close(next);
			errno = ELOOP;
			return -1;
		}
		close(at);
		at = next;
		name = slash + 1;
	}
	return -1;
}

enum assay_status
file_read_beneath(int dirfd, const char *path, struct buf *out, struct assay_error *err)
{
	struct open_how how = {
		.flags = OPEN_FLAGS,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	CLEANUP(close_fd) int fd = (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
	/* EPERM is what a container's system call filter says. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = open_stepwise(dirfd, path);
	if (fd < 0)
		return fail_open(err, path, errno);
	return read_open(fd, path, out, err);
}

enum assay_status
file_view(const char *path, size_t cap, struct file_view *ret_view, struct assay_error *err)
{
	struct buf bytes = BUF_INIT(cap);
	enum assay_status s = file_read(AT_FDCWD, path, &bytes, err);
	if (s != ASSAY_OK) {
		buf_done(&bytes);
		return s;
	}
	ret_view->bytes = buf_span(&bytes);
	ret_view->own = bytes.data;
	return ASSAY_OK;
}

void
file_view_done(struct file_view *view)
{
	free(view->own);
	*view = (struct file_view) { { NULL, 0 }, NULL };
}
