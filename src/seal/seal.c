/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seals that are there: what lies in one, and how it stands by the rules of whoever receives it.
 */
#include <base/cleanup.h>
#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <seal/release.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME_SIZE 64
#define PIECE_SIZE 65536

/* ---- reading ---- */

static enum assay_status
take_file(struct seal *s, int dir, const char *name, size_t cap, struct assay_span *ret, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(cap);
	enum assay_status status = file_read(dir, name, &bytes, err);
	if (status == ASSAY_E_NOT_FOUND)
		return ASSAY_OK;
	if (status != ASSAY_OK)
		return assay_error_at(err, status, name, 0, 0);
	const char *copy = arena_copy(s->arena, buf_span(&bytes));
	if (copy == NULL)
		return arena_full(err);
	*ret = (struct assay_span){ (const unsigned char *)copy, bytes.len };
	return ASSAY_OK;
}

static void
root_name(size_t version, char name[FILE_NAME_SIZE])
{
	text_put(name, FILE_NAME_SIZE, "%zu.root.json", version);
}

static bool
belongs(const struct seal *s, const char *name)
{
	static const char *const others[] = { SEAL_TARGETS, SEAL_RELEASE, SEAL_ROLLBACK };
	char root[FILE_NAME_SIZE];
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		if (strcmp(name, others[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < seal_part_count; i++) {
		if (strcmp(name, seal_parts[i].name) == 0)
			return true;
	}
	for (size_t i = 1; i <= s->root_count; i++) {
		root_name(i, root);
		if (strcmp(name, root) == 0)
			return true;
	}
	return false;
}

static enum assay_status
find_extra(struct seal *s, struct assay_error *err)
{
	CLEANUP(close_folder) DIR *d = folder_open(AT_FDCWD, s->path, 0);
	for (const struct dirent *e; d != NULL && (e = folder_next(d)) != NULL;) {
		if (s->extra != NULL || belongs(s, e->d_name))
			continue;
		s->extra = arena_str(s->arena, e->d_name);
		if (s->extra == NULL)
			return arena_full(err);
	}
	return errno == 0 ? ASSAY_OK : assay_fail(err, ASSAY_E_SYSTEM, "can't list '%s': %s", s->path, text_errno(errno));
}

enum assay_status
seal_read(const char *path, struct arena *arena, struct seal *ret_seal, struct assay_error *err)
{
	CLEANUP(close_fd) int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct seal s = { .path = path, .arena = arena };
	char name[FILE_NAME_SIZE];
	if (dir < 0) {
		const enum assay_status status = errno == ENOENT ? ASSAY_E_NOT_FOUND : ASSAY_E_SYSTEM;
		(void)assay_fail(err, status, "can't open the seal: %s", text_errno(errno));
		return assay_error_at(err, status, path, 0, 0);
	}
	for (; s.root_count < TRUST_VERSION_MAX; s.root_count++) {
		root_name(s.root_count + 1, name);
		TRY(take_file(&s, dir, name, ASSAY_RELEASE_ROOT_MAX, &s.roots[s.root_count], err));
		if (s.roots[s.root_count].data == NULL)
			break;
	}
	TRY(take_file(&s, dir, SEAL_TARGETS, ASSAY_RELEASE_TARGETS_MAX, &s.targets, err));
	TRY(take_file(&s, dir, SEAL_RELEASE, ASSAY_RELEASE_FILE_MAX, &s.release, err));
	TRY(take_file(&s, dir, SEAL_ROLLBACK, ASSAY_RELEASE_FILE_MAX, &s.rollback, err));
	TRY(find_extra(&s, err));
	*ret_seal = s;
	return ASSAY_OK;
}

static enum assay_status
hash_all(int fd, const char *name, struct assay_hasher *h, uint64_t *ret_length, struct assay_error *err)
{
	unsigned char bytes[PIECE_SIZE];
	uint64_t length = 0;
	for (;;) {
		const ssize_t n = read(fd, bytes, sizeof bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't read '%s': %s", name, text_errno(errno));
		if (n == 0)
			break;
		length += (uint64_t)n;
		if (assay_hasher_update(h, (struct assay_span){ bytes, (size_t)n }) != ASSAY_OK)
			return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	}
	*ret_length = length;
	return ASSAY_OK;
}

enum assay_status
seal_measure(const char *folder, const char *name, uint64_t *ret_length, unsigned char ret_sha256[ASSAY_SHA256_SIZE],
    struct assay_error *err)
{
	CLEANUP(assay_hasher_done) struct assay_hasher h = { .phase = 0 };
	CLEANUP(close_fd) int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(close_fd) int fd = dir < 0 ? -1 : openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	uint64_t length = 0;
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		const enum assay_status status = fd < 0 && errno == ENOENT ? ASSAY_E_NOT_FOUND : ASSAY_E_SYSTEM;
		(void)assay_fail(err, status, "can't read it: %s", fd >= 0 ? "it is no regular file" : text_errno(errno));
		return assay_error_at(err, status, name, 0, 0);
	}
	if (assay_hasher_init(&h, ASSAY_SHA256) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	TRY(hash_all(fd, name, &h, &length, err));
	if (assay_hasher_final(&h, ret_sha256) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	*ret_length = length;
	return ASSAY_OK;
}
