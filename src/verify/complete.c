/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seal folder: every target that the release names has its digest, and nothing else lies there. What nobody signed could be read by
 * somebody who takes it for signed.
 */
#include "work.h"

#include <base/catch.h>
#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define PREFIX "release/"
#define MANIFEST "manifest"

#define ROLLBACK "rollback.json"

/* The last one only when it is signed for this release: check_rollback(). */
static const char *const metadata[] = { "targets.json", "release.json", ROLLBACK };

/* The file in the seal folder that a target is: "release/manifest" is "manifest". NULL for a name that can't be. */
static const char *
file_of(const struct assay_tuf_target *target, char *room, size_t size)
{
	const size_t skip = sizeof PREFIX - 1;
	if (target->path.len <= skip || memcmp(target->path.data, PREFIX, skip) != 0)
		return NULL;
	text_put(room, size, "%.*s", (int)(target->path.len - skip), (const char *)target->path.data + skip);
	return room[0] == '\0' || room[0] == '.' || strchr(room, '/') != NULL ? NULL : room;
}

/* ---- what is signed ---- */

/* At most length + 1 bytes are read: what is longer is another file. *ret_error: 0 or an errno. */
static enum assay_status
hash_open(struct hash_stream *h, int fd, uint64_t length, unsigned char ret_digest[ASSAY_SHA256_SIZE], uint64_t *ret_size,
    int *ret_error, struct assay_error *err)
{
	unsigned char step[16384];
	uint64_t size = 0;
	ssize_t n = 1;
	*ret_error = 0;
	TRY(hash_stream_begin(h, err));
	while (size <= length && n != 0) {
		n = read(fd, step, sizeof step);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			*ret_error = errno;
			return ASSAY_OK;
		}
		TRY(hash_stream_add(h, (struct assay_span){ step, (size_t)n }, err));
		size += (uint64_t)n;
	}
	*ret_size = size;
	return hash_stream_end(h, ret_digest, err);
}

static enum assay_status
check_target(struct work *w, const struct assay_tuf_target *target, const char *name, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	struct stat st;
	uint64_t size = 0;
	int error = 0;
	CLEANUP(close_fd) int fd = seal_open(w, name);
	if (CATCH(verify_target_gone, fd < 0 && errno == ENOENT)) {
		verify_find(w->r, ASSAY_RELEASE_NO_SEAL, name, "the release has this file, and it isn't there");
		return ASSAY_OK;
	}
	if (fd < 0 && errno != ELOOP && errno != ENXIO) {
		verify_find(w->r, ASSAY_RELEASE_UNREADABLE, name, "it can't be opened: %s", text_errno(errno));
		return ASSAY_OK;
	}
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		verify_find(w->r, ASSAY_RELEASE_TARGET_CHANGED, name, "it is no regular file");
		return ASSAY_OK;
	}
	TRY(hash_open(w->stream, fd, target->length, digest, &size, &error, err));
	if (error != 0)
		verify_find(w->r, ASSAY_RELEASE_UNREADABLE, name, "it can't be read: %s", text_errno(error));
	else if (CATCH(verify_target,
		     size != target->length || !target->has_sha256 || memcmp(digest, target->sha256, sizeof digest) != 0))
		verify_find(w->r, ASSAY_RELEASE_TARGET_CHANGED, name, "it isn't the file that was signed");
	return ASSAY_OK;
}

/* ---- what else lies there ---- */

/* No target of the release, for it is made later: it has to be signed itself, as an authorisation to go back to this very release. */
static enum assay_status
check_rollback(struct work *w, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf file = BUF_INIT(ASSAY_RELEASE_FILE_MAX);
	struct assay_error why = { 0 };
	enum assay_status status = file_read(w->seal, ROLLBACK, &file, &why);
	if (status == ASSAY_E_NOT_FOUND)
		return ASSAY_OK;
	if (status == ASSAY_OK)
		status = assay_release_rollback_of(&w->check, buf_span(&file), &w->release, &why);
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL || status == ASSAY_E_USAGE)
		return assay_fail(err, status, "%s", why.what);
	if (CATCH(verify_rollback_stray, status != ASSAY_OK))
		verify_find(w->r, ASSAY_RELEASE_SEAL_EXTRA, ROLLBACK, "nobody signed this to go back to this release: %s", why.what);
	return ASSAY_OK;
}

/* "3.root.json" of as many as were read. */
static bool
is_root(const struct work *w, const char *name)
{
	const size_t digits = strspn(name, "0123456789");
	uint64_t version = 0;
	return digits > 0 && name[0] != '0' && strcmp(name + digits, ".root.json") == 0
	    && text_to_u64((struct assay_span){ (const unsigned char *)name, digits }, &version) == ASSAY_OK && version <= w->roots;
}

static bool
is_known(const struct work *w, const char *name)
{
	struct assay_tuf_target target;
	char room[WALK_NAME_MAX + 1];
	size_t cursor = 0;
	for (size_t i = 0; i < sizeof metadata / sizeof metadata[0]; i++) {
		if (strcmp(metadata[i], name) == 0)
			return true;
	}
	while (assay_release_next_target(&w->check, &cursor, &target)) {
		const char *file = file_of(&target, room, sizeof room);
		if (file != NULL && strcmp(file, name) == 0)
			return true;
	}
	return is_root(w, name);
}

static void
list_extras(struct work *w)
{
	CLEANUP(close_folder) DIR *d = folder_open(w->seal, ".", O_NOFOLLOW);
	const struct dirent *entry;
	size_t count = 0;
	if (d == NULL) {
		verify_find(w->r, ASSAY_RELEASE_UNREADABLE, NULL, "the seal folder can't be listed: %s", text_errno(errno));
		return;
	}
	while (count++ < SEAL_ENTRIES_MAX && (entry = folder_next(d)) != NULL) {
		if (CATCH(verify_seal_extra, !is_known(w, entry->d_name)))
			verify_find(w->r, ASSAY_RELEASE_SEAL_EXTRA, entry->d_name, "nobody signed this");
	}
	if (count > SEAL_ENTRIES_MAX)
		verify_find(w->r, ASSAY_RELEASE_SEAL_EXTRA, NULL, "the seal folder has more than %d entries", SEAL_ENTRIES_MAX);
	else if (errno != 0)
		verify_find(w->r, ASSAY_RELEASE_UNREADABLE, NULL, "the seal folder can't be listed: %s", text_errno(errno));
}

enum assay_status
seal_complete(struct work *w, struct assay_error *err)
{
	struct assay_tuf_target target;
	size_t cursor = 0;
	while (assay_release_next_target(&w->check, &cursor, &target)) {
		char room[WALK_NAME_MAX + 1];
		const char *name = file_of(&target, room, sizeof room);
		if (name == NULL)
			verify_find(w->r, ASSAY_RELEASE_BAD_METADATA, "release.json", "it names a target that can't be a file of a seal");
		else if (strcmp(name, MANIFEST) != 0)
			TRY(check_target(w, &target, name, err));
	}
	list_extras(w);
	return check_rollback(w, err);
}
