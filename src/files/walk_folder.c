/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <files/walk.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "walk_inside.h"

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
#define FILE_FLAGS (O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
/* Blocks of st_blocks, whatever the file system's own are. */
#define STAT_BLOCK 512u
#define ALL_OF_MODE 07777u

static const char *const type_names[] = {
    [WALK_UNKNOWN] = "unknown",
    [WALK_FILE] = "file",
    [WALK_FOLDER] = "folder",
    [WALK_LINK] = "link",
    [WALK_FIFO] = "FIFO",
    [WALK_SOCKET] = "socket",
    [WALK_CHARACTER_DEVICE] = "character device",
    [WALK_BLOCK_DEVICE] = "block device",
};

const char *
walk_type_name(enum walk_type type)
{
	const size_t i = (size_t)type;
	return i < sizeof(type_names) / sizeof(type_names[0]) ? type_names[i] : "unknown";
}

static enum walk_type
type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return WALK_FILE;
	case S_IFDIR:
		return WALK_FOLDER;
	case S_IFLNK:
		return WALK_LINK;
	case S_IFIFO:
		return WALK_FIFO;
	case S_IFSOCK:
		return WALK_SOCKET;
	case S_IFCHR:
		return WALK_CHARACTER_DEVICE;
	case S_IFBLK:
		return WALK_BLOCK_DEVICE;
	default:
		return WALK_UNKNOWN;
	}
}

static void
facts_from(const struct stat *st, struct walk_facts *f)
{
	memset(f, 0, sizeof(*f));
	f->type = type_of(st->st_mode);
	f->mode = (uint32_t)st->st_mode & ALL_OF_MODE;
	f->size = st->st_size < 0 ? 0 : (uint64_t)st->st_size;
	f->device = (uint64_t)st->st_dev;
	f->inode = (uint64_t)st->st_ino;
	f->links = (uint64_t)st->st_nlink;
	f->modified = st->st_mtim;
	f->changed = st->st_ctim;
	f->allocated = st->st_blocks < 0 ? 0 : (uint64_t)st->st_blocks * STAT_BLOCK;
}

static bool
same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool
walk_same(const struct walk_facts *a, const struct walk_facts *b)
{
	return a->device == b->device && a->inode == b->inode && a->type == b->type &&
	       a->mode == b->mode && a->size == b->size && same_time(&a->modified, &b->modified) &&
	       same_time(&a->changed, &b->changed);
}

bool
walk_one_component(const char *name)
{
	return name[0] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       strchr(name, '/') == NULL;
}

/* Takes fd. 0 or an errno. */
static int
folder_of(int fd, struct walk_folder **ret_folder)
{
	struct stat st;
	struct walk_folder *folder = NULL;
	int error = fstat(fd, &st) != 0 ? errno : 0;
	if (error == 0) {
		folder = calloc(1, sizeof(*folder));
		error = folder == NULL ? ENOMEM : 0;
	}
	if (folder == NULL) {
		(void)close(fd);
		return error;
	}
	folder->fd = fd;
	facts_from(&st, &folder->facts);
	atomic_init(&folder->keepers, 1);
	*ret_folder = folder;
	return 0;
}

enum assay_status
walk_root(int dirfd, const char *path, struct walk_folder **ret_root, struct assay_error *err)
{
	const int fd = openat(dirfd, path, FOLDER_FLAGS);
	const int error = fd < 0 ? errno : folder_of(fd, ret_root);
	if (error == ENOENT)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "there is no folder '%s'", path);
	if (error != 0)
		return assay_fail(
		    err, ASSAY_E_SYSTEM, "can't open the folder '%s': %s", path, text_errno(error));
	return ASSAY_OK;
}

struct walk_folder *
walk_keep(struct walk_folder *folder)
{
	atomic_fetch_add_explicit(&folder->keepers, 1, memory_order_relaxed);
	return folder;
}

void
walk_drop(struct walk_folder **where)
{
	struct walk_folder *folder = *where;
	*where = NULL;
	if (folder == NULL ||
	    atomic_fetch_sub_explicit(&folder->keepers, 1, memory_order_acq_rel) != 1)
		return;
	(void)close(folder->fd);
	free(folder);
}

int
walk_open_folder(
    struct walk_folder *folder, const char *name, bool one_device, struct walk_folder **ret_folder)
{
	if (!walk_one_component(name))
		return EINVAL;
	const int fd = openat(folder->fd, name, FOLDER_FLAGS | O_NOFOLLOW);
	if (fd < 0)
		return errno;
	CLEANUP(walk_drop) struct walk_folder *inner = NULL;
	const int error = folder_of(fd, &inner);
	if (error != 0)
		return error;
	if (one_device && inner->facts.device != folder->facts.device)
		return EXDEV;
	*ret_folder = steal(&inner);
	return 0;
}

int
walk_look(const struct walk_folder *folder, const char *name, struct walk_facts *ret_facts)
{
	struct stat st;
	if (!walk_one_component(name))
		return EINVAL;
	if (fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
		return errno;
	facts_from(&st, ret_facts);
	return 0;
}

int
walk_read_link(
    const struct walk_folder *folder, const char *name, char *ret_target, size_t *ret_len)
{
	if (!walk_one_component(name))
		return EINVAL;
	const ssize_t n = readlinkat(folder->fd, name, ret_target, WALK_TARGET_MAX + 1);
	if (n < 0)
		return errno;
	if (n > WALK_TARGET_MAX)
		return ENAMETOOLONG;
	ret_target[n] = '\0';
	*ret_len = (size_t)n;
	return 0;
}

int
walk_open_file(const struct walk_folder *folder, const char *name, int *ret_fd)
{
	if (!walk_one_component(name))
		return EINVAL;
	const int fd = openat(folder->fd, name, FILE_FLAGS);
	if (fd < 0)
		return errno;
	*ret_fd = fd;
	return 0;
}

int
walk_stat(int fd, struct walk_facts *ret_facts)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return errno;
	facts_from(&st, ret_facts);
	return 0;
}

/* A file system that has no such attributes has none of a file. */
static int
no_attribute(int error)
{
	return error == ENODATA || error == EOPNOTSUPP ? 0 : error;
}

int
walk_capabilities_of(int fd, struct walk_facts *facts)
{
	/* Most files have no attributes at all, and that is said sooner than that they don't have
	 * this one. */
	const ssize_t listed = flistxattr(fd, NULL, 0);
	if (listed < 0 && no_attribute(errno) != 0)
		return errno;
	ssize_t n = 0;
	if (listed > 0)
		n = fgetxattr(fd, "security.capability", facts->capabilities,
		    sizeof(facts->capabilities));
	if (n < 0 && no_attribute(errno) != 0)
		return errno;
	facts->capabilities_len = n < 0 ? 0 : (size_t)n;
	return 0;
}

int
walk_facts_of(int fd, struct walk_facts *ret_facts)
{
	struct walk_facts facts;
	int error = walk_stat(fd, &facts);
	if (error == 0 && facts.type == WALK_FILE)
		error = walk_capabilities_of(fd, &facts);
	if (error == 0)
		*ret_facts = facts;
	return error;
}
