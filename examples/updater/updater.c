/* SPDX-License-Identifier: Apache-2.0 */
/*
 * updater SEAL TREE [ROOT STATE]: takes a release, or refuses it.
 * cc -D_GNU_SOURCE -o updater updater.c device.c $(pkg-config --cflags --libs assay)
 *
 * What a product's own updater does with libassay. The device has two slots. A release is copied into the one that isn't in use, and
 * judged on the way: what was judged are the bytes that were copied, so that nobody can exchange them in between. One write at the end
 * says at once which slot runs from now on, and below which release this device never goes again. Until then nothing was changed.
 *
 * ROOT is a file with the fingerprint of the maker's first root, installed with the updater and never taken from a delivery. "assay drill
 * --target" says in the environment for which root, state folder and time its attacks were made.
 *
 * Exit status: 0: taken; 1: refused, for the reason that it prints; 2: it couldn't be done.
 */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define PRODUCT "pump"
#define ROOT_FILE "/usr/share/pump/root"
#define STATE_FOLDER "/var/lib/pump"
#define PIECE 65536u
#define NAME_ROOM 64

static unsigned char room[ASSAY_RELEASE_ROOM], file[ASSAY_RELEASE_FILE_MAX + 1];
static struct memory memory;
static struct assay_release_check check;
static struct assay_release release;
static struct assay_manifest manifest;
static int seal = -1, tree = -1, state = -1, slot = -1;
static uint64_t roots;

static enum assay_status
refuse(enum assay_release_code code, const char *name, struct assay_error *err)
{
	check.code = code;
	return assay_fail(err, ASSAY_E_VERIFY, "'%s': %s", name, assay_release_code_text(code));
}

/* What isn't there, or is a link or a socket where a file should be, is the delivery's fault; all else is the machine's. */
static enum assay_status
unopened(int why, const char *name, struct assay_error *err)
{
	if (why == ENOENT || why == ENOTDIR)
		return refuse(ASSAY_RELEASE_MISSING, name, err);
	if (why == ELOOP || why == ENXIO)
		return refuse(ASSAY_RELEASE_TYPE, name, err);
	return assay_fail(err, ASSAY_E_SYSTEM, "'%s': %s", name, strerrordesc_np(why));
}

/* A file of the seal, whole, until the next one is read; one that is too large is refused by whoever parses it. */
static enum assay_status
read_small(const char *name, struct assay_span *ret_file, struct assay_error *err)
{
	size_t len = 0;
	const int fd = device_open(seal, name);
	if (fd < 0 && errno == ENOENT) {
		check.code = ASSAY_RELEASE_NO_SEAL;
		return assay_fail(err, ASSAY_E_NOT_FOUND, "'%s' isn't there", name);
	}
	if (fd < 0)
		return unopened(errno, name, err);
	const enum assay_status status = device_read(fd, file, sizeof file, &len, err);
	(void)close(fd);
	*ret_file = (struct assay_span) { file, len };
	return status;
}

/* ---- who vouches for the release ---- */

static void
keep_root(struct assay_span root)
{
	memory.root_len = root.len <= sizeof memory.root ? (uint32_t)root.len : 0;
	memcpy(memory.root, root.data, memory.root_len);
}

/* The roots from a version on, as far as there are any; the newest is remembered, if it comes to that. */
static enum assay_status
follow_roots(uint64_t version, struct assay_error *err)
{
	struct assay_span root;
	char name[NAME_ROOM];
	for (uint64_t v = version; v <= ASSAY_TUF_ROOTS_MAX; v++) {
		(void)snprintf(name, sizeof name, "%" PRIu64 ".root.json", v);
		enum assay_status status = read_small(name, &root, err);
		if (status == ASSAY_E_NOT_FOUND && v > version)
			return ASSAY_OK;
		if (status == ASSAY_E_NOT_FOUND)
			continue;
		if (status == ASSAY_OK)
			status = assay_release_root(&check, root, err);
		if (status == ASSAY_OK && check.state.root.version != v)
			status = assay_fail(err, ASSAY_E_VERIFY, "'%s' is of another version than its name says", name);
		if (status != ASSAY_OK)
			return status;
		roots = v > roots ? v : roots;
		keep_root(root);
	}
	return ASSAY_OK;
}

/* From the first root, by its fingerprint; then from the one that was trusted last, so that nobody leads back or aside. */
static enum assay_status
trust(const char *fingerprint, struct assay_error *err)
{
	static struct memory before;
	const struct assay_tuf_room whole = { room, sizeof room, 0 };
	struct assay_span first = { NULL, 0 };
	memcpy(&before, &memory, sizeof before);
	enum assay_status status = read_small("1.root.json", &first, err);
	if (status == ASSAY_OK)
		status = assay_release_begin(whole, first, fingerprint, &check, err);
	if (status != ASSAY_OK)
		return status;
	roots = 1;
	keep_root(first);
	status = follow_roots(2, err);
	if (status != ASSAY_OK || before.root_len == 0)
		return status;
	memcpy(&memory, &before, sizeof memory);
	status = assay_release_begin(whole, (struct assay_span) { before.root, before.root_len }, NULL, &check, err);
	return status == ASSAY_OK ? follow_roots(check.state.root.version, err) : status;
}

/* An older release, when enough people let it take the place of the newer one. */
static enum assay_status
go_back(int64_t now, struct assay_error *err)
{
	struct assay_span authorisation = { NULL, 0 };
	enum assay_status status = read_small("rollback.json", &authorisation, err);
	if (status == ASSAY_E_NOT_FOUND)
		return ASSAY_OK; /* then the floor refuses it */
	if (status == ASSAY_OK)
		status = assay_release_rollback(&check, authorisation, &release, now, &memory.floor, err);
	if (status != ASSAY_OK)
		return status;
	for (uint32_t i = 0; i < memory.used_count; i++)
		if (memcmp(memory.used[i], check.rollback, ASSAY_SHA256_SIZE) == 0)
			return refuse(ASSAY_RELEASE_ROLLBACK_USED, "rollback.json", err);
	if (memory.used_count == DEVICE_USED_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %d rollbacks", DEVICE_USED_MAX);
	memcpy(memory.used[memory.used_count++], check.rollback, ASSAY_SHA256_SIZE);
	return ASSAY_OK;
}

static enum assay_status
vouched(const char *fingerprint, int64_t now, struct assay_error *err)
{
	struct assay_span bytes;
	bool expired = false;
	enum assay_status status = trust(fingerprint, err);
	if (status == ASSAY_OK)
		status = read_small("targets.json", &bytes, err);
	if (status == ASSAY_OK)
		status = assay_release_authority(&check, bytes, err);
	if (status == ASSAY_OK)
		status = read_small("release.json", &bytes, err);
	if (status == ASSAY_OK)
		status = assay_release_read(&check, bytes, &release, err);
#ifdef UPDATER_FORGETS_THE_FLOOR /* for updater-careless: what a drill has to find is an updater that takes old releases */
	memset(&memory.floor, 0, sizeof memory.floor);
#endif
	if (status == ASSAY_OK && release.number < memory.floor.number)
		status = go_back(now, err);
	if (status == ASSAY_OK)
		status = assay_release_allows(&check, &release, ASSAY_RELEASE_INSTALL, PRODUCT, &memory.floor, now, &expired, err);
	return status;
}

/* ---- what was delivered ---- */

/* A file of the seal, as the release names it; copied unless to is -1. */
static enum assay_status
sealed_file(const char *name, const struct assay_tuf_target *target, int to, enum assay_release_code code, struct assay_error *err)
{
	struct digests is = { 0 };
	const int fd = device_open(seal, name);
	if (fd < 0)
		return unopened(errno, name, err);
	enum assay_status status = device_copy(fd, to, target->length, &is, err);
	(void)close(fd);
	if (status == ASSAY_OK && (is.size != target->length || memcmp(is.sha256, target->sha256, sizeof is.sha256) != 0))
		status = refuse(code, name, err);
	return status;
}

/* What a file is beside its bytes. */
static enum assay_status
is_like(const struct assay_manifest_entry *e, const char *path, int fd, struct stat *ret_stat, struct assay_error *err)
{
	unsigned char caps[ASSAY_MANIFEST_CAPS_MAX];
	if (fstat(fd, ret_stat) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s': %s", path, strerrordesc_np(errno));
	if (!S_ISREG(ret_stat->st_mode))
		return refuse(ASSAY_RELEASE_TYPE, path, err);
	if ((ret_stat->st_mode & 07777) != e->mode)
		return refuse(ASSAY_RELEASE_MODE, path, err);
	ssize_t len = fgetxattr(fd, "security.capability", caps, sizeof caps);
	if (len < 0 && (errno == ENODATA || errno == ENOTSUP))
		len = 0;
	if (len < 0 || (size_t)len != e->caps_len || memcmp(caps, e->caps, e->caps_len) != 0)
		return refuse(ASSAY_RELEASE_CAPABILITIES, path, err);
	return ASSAY_OK;
}

static enum assay_status
take_bytes(const struct assay_manifest_entry *e, const char *path, int from, int to, struct assay_error *err)
{
	struct digests is = { 0 };
	struct stat before, after;
	enum assay_status status = is_like(e, path, from, &before, err);
	if (status == ASSAY_OK)
		status = device_copy(from, to, e->size, &is, err);
	if (status != ASSAY_OK)
		return status;
	if (is.size != e->size)
		return refuse(ASSAY_RELEASE_SIZE, path, err);
	const bool first = memcmp(is.sha256, e->sha256, sizeof is.sha256) == 0, second = memcmp(is.verity, e->verity, sizeof is.verity) == 0;
	if (!first || !second)
		return refuse(first || second ? ASSAY_RELEASE_DIGESTS : ASSAY_RELEASE_CHANGED, path, err);
	if (fstat(from, &after) != 0 || after.st_size != before.st_size)
		return refuse(ASSAY_RELEASE_WHILE_READ, path, err);
	if (fchmod(to, e->mode) != 0 || (e->caps_len > 0 && fsetxattr(to, "security.capability", e->caps, e->caps_len, 0) != 0))
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be written: %s", path, strerrordesc_np(errno));
	return ASSAY_OK;
}

static enum assay_status
take_file(const struct assay_manifest_entry *e, const char *path, struct assay_error *err)
{
	const int from = device_open(tree, path);
	if (from < 0)
		return unopened(errno, path, err);
	const int to = openat(slot, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	enum assay_status status = to >= 0 ? take_bytes(e, path, from, to, err) : ASSAY_E_SYSTEM;
	const int bad = to >= 0 ? close(to) : -1;
	(void)close(from);
	if (to < 0 || (status == ASSAY_OK && bad != 0))
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be written: %s", path, strerrordesc_np(errno));
	return status;
}

static enum assay_status
take_link(const struct assay_manifest_entry *e, const char *path, struct assay_error *err)
{
	static char to[ASSAY_MANIFEST_TARGET_MAX + 2];
	const ssize_t len = readlinkat(tree, path, to, sizeof to - 1);
	if (len < 0)
		return errno == EINVAL ? refuse(ASSAY_RELEASE_TYPE, path, err) : unopened(errno, path, err);
	if ((size_t)len != e->target.len || memcmp(to, e->target.data, e->target.len) != 0)
		return refuse(ASSAY_RELEASE_LINK, path, err);
	to[len] = '\0';
	return symlinkat(to, slot, path) == 0 ? ASSAY_OK : assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be written: %s", path, strerrordesc_np(errno));
}

static enum assay_status
take_folder(const struct assay_manifest_entry *e, const char *path, struct assay_error *err)
{
	struct stat st;
	if (fstatat(tree, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return unopened(errno, path, err);
	if (!S_ISDIR(st.st_mode))
		return refuse(ASSAY_RELEASE_TYPE, path, err);
	if ((st.st_mode & 07777) != e->mode)
		return refuse(ASSAY_RELEASE_MODE, path, err);
	/* Its owner writes into it before all is there; a device whose root user updates it needs no more than the mode. */
	if (mkdirat(slot, path, 0700) != 0 || fchmodat(slot, path, e->mode, 0) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be written: %s", path, strerrordesc_np(errno));
	return ASSAY_OK;
}

static enum assay_status
take(const struct assay_manifest_entry *e, struct assay_error *err)
{
	static char path[ASSAY_MANIFEST_PATH_MAX + 1];
	memcpy(path, e->path.data, e->path.len);
	path[e->path.len] = '\0';
	return e->type == ASSAY_ENTRY_FOLDER ? take_folder(e, path, err) : e->type == ASSAY_ENTRY_LINK ? take_link(e, path, err) :
	    take_file(e, path, err);
}

/* All that the manifest names, into the slot. */
static enum assay_status
take_all(int listing, struct assay_error *err)
{
	static unsigned char piece[PIECE];
	struct assay_manifest_entry entry;
	size_t len = PIECE;
	assay_manifest_begin(&manifest);
	while (len > 0) {
		enum assay_status status = device_read(listing, piece, sizeof piece, &len, err);
		struct assay_span in = { piece, len };
		bool is = true;
		while (status == ASSAY_OK && is) {
			status = assay_manifest_next(&manifest, &in, &is, &entry, err);
			if (status != ASSAY_OK)
				check.code = ASSAY_RELEASE_BAD_MANIFEST;
			else if (is)
				status = take(&entry, err);
		}
		if (status != ASSAY_OK)
			return status;
	}
	const enum assay_status status = assay_manifest_end(&manifest, err);
	if (status != ASSAY_OK)
		check.code = ASSAY_RELEASE_BAD_MANIFEST;
	return status;
}

/* What should be there was seen already; whatever else there is shows in the count. */
static enum assay_status
nothing_else(const char *folder, int without, uint64_t should, enum assay_release_code code, struct assay_error *err)
{
	uint64_t is = 0;
	const enum assay_status status = device_count(folder, without, &is, err);
	if (status != ASSAY_OK || is == should)
		return status;
	return refuse(code, folder, err);
}

/* The other files that the release names; there may be no more than those and the ones that were read. */
static enum assay_status
seal_whole(const char *folder, struct assay_error *err)
{
	static const char prefix[] = "release/";
	struct assay_tuf_target target;
	size_t cursor = 0;
	struct stat st;
	uint64_t files = roots + 2 + (fstatat(seal, "rollback.json", &st, AT_SYMLINK_NOFOLLOW) == 0 ? 1 : 0);
	while (assay_release_next_target(&check, &cursor, &target)) {
		char name[NAME_ROOM];
		const size_t skip = sizeof prefix - 1;
		if (target.path.len <= skip || target.path.len - skip >= sizeof name || memcmp(target.path.data, prefix, skip) != 0)
			return refuse(ASSAY_RELEASE_BAD_METADATA, "release.json", err);
		memcpy(name, target.path.data + skip, target.path.len - skip);
		name[target.path.len - skip] = '\0';
		const enum assay_status status = sealed_file(name, &target, -1, ASSAY_RELEASE_TARGET_CHANGED, err);
		if (status != ASSAY_OK)
			return status;
		files++;
	}
	return nothing_else(folder, -1, files, ASSAY_RELEASE_SEAL_EXTRA, err);
}

static enum assay_status
delivered(const char *seal_folder, const char *tree_folder, struct assay_error *err)
{
	/* Our own copy of the manifest is what is read, once it was seen that it is the one that was signed. */
	const int listing = openat(state, "manifest", O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (listing < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "the manifest can't be written: %s", strerrordesc_np(errno));
	enum assay_status status = sealed_file("manifest", &release.manifest, listing, ASSAY_RELEASE_MANIFEST_CHANGED, err);
	if (status == ASSAY_OK)
		status = seal_whole(seal_folder, err);
	if (status == ASSAY_OK && lseek(listing, 0, SEEK_SET) != 0)
		status = assay_fail(err, ASSAY_E_SYSTEM, "the manifest can't be read: %s", strerrordesc_np(errno));
	if (status == ASSAY_OK)
		status = take_all(listing, err);
	(void)close(listing);
	if (status == ASSAY_OK && manifest.files == 0)
		return refuse(ASSAY_RELEASE_NOTHING, tree_folder, err);
	return status == ASSAY_OK ? nothing_else(tree_folder, seal, manifest.files + manifest.folders + manifest.links, ASSAY_RELEASE_EXTRA, err)
		: status;
}

/* ---- what it is told ---- */

static enum assay_status
fingerprint_of(const char *path, char ret_hex[ASSAY_TUF_HEX_SIZE], struct assay_error *err)
{
	const char *told = secure_getenv("ASSAY_DRILL_ROOT");
	size_t len = 0;
	if (told != NULL) {
		(void)snprintf(ret_hex, ASSAY_TUF_HEX_SIZE, "%s", told);
		return ASSAY_OK;
	}
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s', the fingerprint of the maker's root: %s", path, strerrordesc_np(errno));
	const enum assay_status status = device_read(fd, (unsigned char *)ret_hex, ASSAY_TUF_HEX_SIZE - 1, &len, err);
	(void)close(fd);
	ret_hex[len] = '\0';
	return status;
}

static enum assay_status
time_is(int64_t *ret_now, struct assay_error *err)
{
	const char *told = secure_getenv("ASSAY_DRILL_NOW");
	char *end = NULL;
	errno = 0;
	const long long now = told == NULL ? (long long)time(NULL) : strtoll(told, &end, 10);
	if (errno != 0 || now < 0 || (told != NULL && (end == told || *end != '\0')))
		return assay_fail(err, ASSAY_E_SYSTEM, "the time isn't known");
	*ret_now = now;
	return ASSAY_OK;
}

static enum assay_status
update(const char *seal_folder, const char *tree_folder, const char *root_file, const char *state_folder, struct assay_error *err)
{
	char fingerprint[ASSAY_TUF_HEX_SIZE];
	int64_t now = 0;
	enum assay_status status = fingerprint_of(root_file, fingerprint, err);
	if (status == ASSAY_OK)
		status = time_is(&now, err);
	if (status != ASSAY_OK)
		return status;
	state = open(state_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (state < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' is no folder that can be read", state_folder);
	tree = open(tree_folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (tree < 0)
		return errno == ENOTDIR ? refuse(ASSAY_RELEASE_TYPE, tree_folder, err) : unopened(errno, tree_folder, err);
	seal = open(seal_folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (seal < 0)
		return refuse(ASSAY_RELEASE_NO_SEAL, seal_folder, err);
	status = device_remember(state, &memory, err);
	if (status == ASSAY_OK)
		status = vouched(fingerprint, now, err);
	if (status == ASSAY_OK)
		status = device_clear(state_folder, 1 - memory.slot, &slot, err);
	if (status == ASSAY_OK)
		status = delivered(seal_folder, tree_folder, err);
	if (status != ASSAY_OK)
		return status;
	assay_release_raise(&release, now, &memory.floor);
	memory.slot = 1 - memory.slot;
	return device_commit(state, &memory, err);
}

int
main(int argc, char **argv)
{
	struct assay_error err = { 0 };
	const char *drilled = secure_getenv("ASSAY_DRILL_STATE");
	if (argc != 3 && argc != 5) {
		(void)fprintf(stderr, "usage: updater SEAL TREE [ROOT STATE]\n");
		return 2;
	}
	const char *root_file = argc == 5 ? argv[3] : ROOT_FILE;
	const char *state_folder = drilled != NULL ? drilled : argc == 5 ? argv[4] : STATE_FOLDER;
	const enum assay_status status = update(argv[1], argv[2], root_file, state_folder, &err);
	if (status == ASSAY_OK) {
		(void)printf("taken: %s %.*s, release %" PRIu64 ", into slot %s\n", PRODUCT, (int)release.version.len,
		    (const char *)release.version.data, release.number, memory.slot == 0 ? "a" : "b");
		return 0;
	}
	for (char *c = err.what; *c != '\0'; c++) /* names of what was delivered may have anything in them */
		if (*c < ' ' || *c > '~')
			*c = '?';
	if (status == ASSAY_E_SYSTEM || status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL) {
		(void)fprintf(stderr, "could not be done: %s\n", err.what);
		return 2;
	}
	(void)printf("refused: %s: %s\n", assay_release_code_name(check.code), err.what);
	return 1;
}
