/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 65536u
#define PATH_ROOM 4096
#define MAGIC "pump 1\n"

/* ---- files ---- */

int
device_open(int folder, const char *name)
{
	return openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

enum assay_status
device_read(int fd, unsigned char *out, size_t size, size_t *ret_len, struct assay_error *err)
{
	size_t len = 0;
	while (len < size) {
		const ssize_t got = read(fd, out + len, size - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "a file can't be read: %s", strerrordesc_np(errno));
		if (got == 0)
			break;
		len += (size_t)got;
	}
	*ret_len = len;
	return ASSAY_OK;
}

static enum assay_status
write_all(int fd, const unsigned char *bytes, size_t len, struct assay_error *err)
{
	while (len > 0) {
		const ssize_t put = write(fd, bytes, len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "a file can't be written: %s", strerrordesc_np(errno));
		bytes += put;
		len -= (size_t)put;
	}
	return ASSAY_OK;
}

static enum assay_status
copy_blocks(int from, int to, uint64_t size, struct assay_hasher *whole, struct assay_fsverity *verity, uint64_t *ret_size,
    struct assay_error *err)
{
	static unsigned char block[BLOCK];
	uint64_t at = 0;
	size_t len = BLOCK;
	while (len > 0 && at <= size) {
		const uint64_t left = size - at;
		enum assay_status status = device_read(from, block, left < BLOCK ? (size_t)left + 1 : BLOCK, &len, err);
		const struct assay_span bytes = { block, len };
		at += len;
		if (status == ASSAY_OK)
			status = assay_hasher_update(whole, bytes);
		if (status == ASSAY_OK && len > 0)
			status = assay_fsverity_update(verity, bytes);
		if (status == ASSAY_OK && to != -1 && at <= size)
			status = write_all(to, block, len, err);
		if (status != ASSAY_OK)
			return status;
	}
	*ret_size = at;
	return ASSAY_OK;
}

enum assay_status
device_copy(int from, int to, uint64_t size, struct digests *ret, struct assay_error *err)
{
	struct assay_hasher whole = { 0 };
	struct assay_fsverity verity = { 0 };
	enum assay_status status = assay_hasher_init(&whole, ASSAY_SHA256);
	if (status == ASSAY_OK)
		status = assay_fsverity_init(&verity);
	if (status == ASSAY_OK)
		status = copy_blocks(from, to, size, &whole, &verity, &ret->size, err);
	if (status == ASSAY_OK)
		status = assay_hasher_final(&whole, ret->sha256);
	if (status == ASSAY_OK)
		status = assay_fsverity_final(&verity, ret->verity);
	assay_hasher_done(&whole);
	assay_fsverity_done(&verity);
	return status;
}

/* False when not all of it could be seen. */
static bool
count(FTS *walk, const struct stat *apart, uint64_t *ret_count)
{
	errno = 0;
	for (FTSENT *e = fts_read(walk); e != NULL; e = fts_read(walk)) {
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS || e->fts_info == FTS_DC)
			return false;
		const bool folder = e->fts_info == FTS_D && e->fts_level == 1;
		if (folder && e->fts_dev == apart->st_dev && e->fts_ino == apart->st_ino) {
			if (fts_set(walk, e, FTS_SKIP) != 0)
				return false;
		} else if (e->fts_info != FTS_DP && e->fts_level > FTS_ROOTLEVEL) {
			++*ret_count;
		}
		errno = 0;
	}
	return errno == 0;
}

enum assay_status
device_count(const char *folder, int without, uint64_t *ret_count, struct assay_error *err)
{
	char path[PATH_ROOM], *paths[] = { path, NULL };
	struct stat apart = { 0 };
	uint64_t counted = 0;
	const int len = snprintf(path, sizeof path, "%s", folder);
	if (len < 0 || (size_t)len >= sizeof path || (without != -1 && fstat(without, &apart) != 0))
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be looked through", folder);
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const bool seen = walk != NULL && count(walk, &apart, &counted);
	if (walk == NULL || fts_close(walk) != 0 || !seen)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be looked through", folder);
	*ret_count = counted;
	return ASSAY_OK;
}

/* ---- memory and slots ---- */

static bool
is_sound(const struct memory *m)
{
	return memcmp(m->magic, MAGIC, sizeof m->magic) == 0 && m->slot <= 1 && m->used_count <= DEVICE_USED_MAX &&
	    m->root_len <= sizeof m->root && m->floor.product[ASSAY_RELEASE_WORD_MAX] == '\0';
}

enum assay_status
device_remember(int state, struct memory *ret_memory, struct assay_error *err)
{
	size_t len = 0;
	memset(ret_memory, 0, sizeof *ret_memory);
	const int fd = device_open(state, "memory");
	if (fd < 0 && errno == ENOENT)
		return ASSAY_OK;
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "the device's memory can't be opened: %s", strerrordesc_np(errno));
	enum assay_status status = device_read(fd, (unsigned char *)ret_memory, sizeof *ret_memory, &len, err);
	(void)close(fd);
	/* None at all would let every old release in. */
	if (status == ASSAY_OK && (len != sizeof *ret_memory || !is_sound(ret_memory)))
		status = assay_fail(err, ASSAY_E_SYSTEM, "the device's memory is damaged");
	return status;
}

enum assay_status
device_commit(int state, struct memory *memory, struct assay_error *err)
{
	memcpy(memory->magic, MAGIC, sizeof memory->magic);
	const int fd = syncfs(state) == 0 ? openat(state, "memory.new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "the device's memory can't be written: %s", strerrordesc_np(errno));
	const enum assay_status status = write_all(fd, (const unsigned char *)memory, sizeof *memory, err);
	int bad = fsync(fd);
	bad |= close(fd);
	if (status == ASSAY_OK && (bad != 0 || renameat(state, "memory.new", state, "memory") != 0 || fsync(state) != 0))
		return assay_fail(err, ASSAY_E_SYSTEM, "the device's memory can't be written: %s", strerrordesc_np(errno));
	return status;
}

/* Removes a folder and what it holds, from below; true also when there was none. */
static bool
discard(char *folder)
{
	char *paths[] = { folder, NULL };
	bool good = true;
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	for (FTSENT *e = walk == NULL ? NULL : fts_read(walk); e != NULL; e = fts_read(walk))
		if (e->fts_info != FTS_D && remove(e->fts_accpath) != 0 && errno != ENOENT)
			good = false;
	return walk != NULL && fts_close(walk) == 0 && good;
}

enum assay_status
device_clear(const char *folder, uint32_t slot, int *ret_slot, struct assay_error *err)
{
	char path[PATH_ROOM];
	const int len = snprintf(path, sizeof path, "%s/slot-%s", folder, slot == 0 ? "a" : "b");
	if (len < 0 || (size_t)len >= sizeof path)
		return assay_fail(err, ASSAY_E_SYSTEM, "the name of the state folder is too long");
	if (!discard(path))
		return assay_fail(err, ASSAY_E_SYSTEM, "the slot can't be emptied: %s", strerrordesc_np(errno));
	const int fd = mkdir(path, 0755) == 0 ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "there is no slot: %s", strerrordesc_np(errno));
	*ret_slot = fd;
	return ASSAY_OK;
}
