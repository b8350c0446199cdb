/* SPDX-License-Identifier: Apache-2.0 */
#include "cache_key.h"
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>

static void
fd_done(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static enum assay_status
refused(const char *path, const char *why, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_VERIFY, "the cache's key '%s' %s", path, why);
	return assay_error_todo(err, ASSAY_E_VERIFY,
	    "find out who changed it, then remove it: a new one is made "
				     "and the cache starts afresh");
}

/* The key's folder, resolved, and the key's own name in it. */
struct place {
	char folder[PATH_MAX];
	const char *name;
};

static enum assay_status
locate(const char *folder, const char *key_file, struct place *ret_place, struct assay_error *err)
{
	char above[PATH_MAX];
	char state[PATH_MAX];
	const char *slash = strrchr(key_file, '/');

	if (slash == NULL || slash[1] == '\0' || (size_t)(slash - key_file) >= sizeof above)
		return assay_fail(
		    err, ASSAY_E_USAGE, "'%s' can't be the path of the cache's key", key_file);
	memcpy(above, key_file, (size_t)(slash - key_file));
	above[slash - key_file] = '\0';
	if (above[0] != '\0')
		TRY(file_make_dirs(above, true, err));
	if (realpath(above[0] != '\0' ? above : "/", ret_place->folder) == NULL)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s': %s", above, text_errno(errno));
	if (realpath(folder, state) == NULL)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s': %s", folder, text_errno(errno));
	ret_place->name = slash + 1;
	size_t n = strlen(state);
	if (strncmp(ret_place->folder, state, n) == 0 &&
	    (ret_place->folder[n] == '/' || ret_place->folder[n] == '\0'))
		return assay_fail(err, ASSAY_E_VERIFY,
		    "the cache's key '%s' lies inside the folder that it is to protect", key_file);
	return ASSAY_OK;
}

/* Makes the key under a temporary name and links it, so that of two runs at once both use the first
 * one's. */
static enum assay_status
make_key(int dir, const char *name, struct assay_error *err)
{
	CLEANUP(fd_done) int fd = -1;
	unsigned char random[8 + CACHE_MAC_KEY_SIZE];
	char hex[17];
	char temporary[64];

	if (RAND_bytes(random, 8) != 1 || RAND_priv_bytes(random + 8, CACHE_MAC_KEY_SIZE) != 1)
		return assay_fail(err, ASSAY_E_SYSTEM, "libcrypto has no random numbers");
	text_hex((struct assay_span){random, 8}, hex);
	(void)snprintf(temporary, sizeof temporary, ".cache-key-%s", hex);
	fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return assay_fail(
		    err, ASSAY_E_SYSTEM, "the cache's key can't be made: %s", text_errno(errno));
	enum assay_status status =
	    file_write_all(fd, (struct assay_span){random + 8, CACHE_MAC_KEY_SIZE}, err);
	OPENSSL_cleanse(random, sizeof random);
	if (status == ASSAY_OK && (fchmod(fd, 0600) != 0 || fsync(fd) != 0))
		status = assay_fail(err, ASSAY_E_SYSTEM, "the cache's key: %s", text_errno(errno));
	if (status == ASSAY_OK && linkat(dir, temporary, dir, name, 0) != 0 && errno != EEXIST)
		status = assay_fail(err, ASSAY_E_SYSTEM, "the cache's key: %s", text_errno(errno));
	(void)unlinkat(dir, temporary, 0);
	return status;
}

static enum assay_status
read_key(
    int fd, const char *path, unsigned char ret_key[CACHE_MAC_KEY_SIZE], struct assay_error *err)
{
	unsigned char key[CACHE_MAC_KEY_SIZE + 1];
	struct stat st;

	if (fstat(fd, &st) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s': %s", path, text_errno(errno));
	if (!S_ISREG(st.st_mode))
		return refused(path, "is not a regular file", err);
	if (st.st_uid != geteuid())
		return refused(path, "belongs to somebody else", err);
	if ((st.st_mode & 077) != 0)
		return refused(path, "may be read or written by others", err);
	ssize_t n = read(fd, key, sizeof key);
	if (n < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s': %s", path, text_errno(errno));
	if (n != CACHE_MAC_KEY_SIZE)
		return refused(path, "is not 32 bytes long", err);
	memcpy(ret_key, key, CACHE_MAC_KEY_SIZE);
	OPENSSL_cleanse(key, sizeof key);
	return ASSAY_OK;
}

enum assay_status
cache_key_load(const char *folder, const char *key_file, unsigned char ret_key[CACHE_MAC_KEY_SIZE],
    struct assay_error *err)
{
	CLEANUP(fd_done) int dir = -1;
	CLEANUP(fd_done) int fd = -1;
	struct place place;
	struct stat st;
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

	TRY(locate(folder, key_file, &place, err));
	dir = open(place.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || fstat(dir, &st) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s': %s", place.folder, text_errno(errno));
	if ((st.st_mode & 022) != 0 && (st.st_mode & S_ISVTX) == 0)
		return refused(key_file, "lies in a folder that others may write to", err);
	fd = openat(dir, place.name, flags);
	if (fd < 0 && errno == ENOENT) {
		TRY(make_key(dir, place.name, err));
		fd = openat(dir, place.name, flags);
	}
	if (fd < 0 && errno == ELOOP)
		return refused(key_file, "is a link", err);
	if (fd < 0)
		return assay_fail(
		    err, ASSAY_E_SYSTEM, "the cache's key '%s': %s", key_file, text_errno(errno));
	return read_key(fd, key_file, ret_key, err);
}
