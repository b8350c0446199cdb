/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot-slot FINGERPRINT COUNTER SLOT...: which of a device's slots may be started?
 * cc -o boot-slot boot-slot.c $(pkg-config --cflags --libs assay)
 *
 * What a boot loader does with libassay: two slots, each an image with its seal; the newest that verifies is started, none that is
 * older than what ran before, and the other one when the newest is broken. Everything above "the board" would run without an operating
 * system: static memory, blocks read from flash, a counter that only rises. Here, flash is folders and the counter is a file.
 *
 * A slot holds 1.root.json, 2.root.json, ..., targets.json, release.json, manifest and the image that the manifest names. The fingerprint
 * belongs into the boot loader's own, write-protected memory. Expiry isn't asked: a device that slept for years has to start.
 */
#include <assay/release.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 4096u
#define SLOTS_MAX 4
#define ROOTS_MAX 64

/* ---- the board ---- */

struct slot {
	const char *folder;
};

/* Reads at most size bytes of a file of the slot from an offset on; *ret_len below size is its end. */
static enum assay_status
flash_read(const struct slot *slot, const char *name, uint64_t at, unsigned char *room, size_t size, size_t *ret_len)
{
	char path[1024];
	int len = snprintf(path, sizeof path, "%s/%s", slot->folder, name);
	if (len < 0 || (size_t)len >= sizeof path || at > INT32_MAX)
		return ASSAY_E_LIMIT;
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return ASSAY_E_NOT_FOUND;
	size_t got = fseek(f, (long)at, SEEK_SET) == 0 ? fread(room, 1, size, f) : 0;
	int broken = ferror(f);
	if (fclose(f) != 0 || broken)
		return ASSAY_E_SYSTEM;
	*ret_len = got;
	return ASSAY_OK;
}

/* The counter of the security element: number and security counter of the newest release that ran. */
static enum assay_status
counter_read(const char *path, struct assay_release_floor *ret_floor)
{
	FILE *f = fopen(path, "r");
	uint64_t number = 0, counter = 0;
	if (f == NULL)
		return ASSAY_E_SYSTEM;
	int fields = fscanf(f, "%" SCNu64 " %" SCNu64, &number, &counter);
	if (fclose(f) != 0 || fields != 2)
		return ASSAY_E_FORMAT;
	*ret_floor = (struct assay_release_floor) { .number = number, .counter = counter };
	return ASSAY_OK;
}

/* ---- the boot loader ---- */

static unsigned char room_bytes[ASSAY_RELEASE_ROOM], file_bytes[ASSAY_RELEASE_FILE_MAX + 1], block[BLOCK];
static struct assay_release_check check;

static enum assay_status
read_small(const struct slot *slot, const char *name, struct assay_span *ret_file)
{
	size_t len = 0;
	enum assay_status status = flash_read(slot, name, 0, file_bytes, sizeof file_bytes, &len);
	*ret_file = (struct assay_span) { file_bytes, len };
	return status;
}

/* From the fingerprint to what the newest root of the slot says. */
static enum assay_status
follow_roots(const struct slot *slot, const char *fingerprint, struct assay_error *err)
{
	const struct assay_tuf_room room = { room_bytes, sizeof room_bytes, 0 };
	struct assay_span file;
	char name[32];
	for (unsigned version = 1; version <= ROOTS_MAX; version++) {
		(void)snprintf(name, sizeof name, "%u.root.json", version);
		enum assay_status status = read_small(slot, name, &file);
		if (status == ASSAY_E_NOT_FOUND && version > 1)
			return ASSAY_OK;
		if (status != ASSAY_OK)
			return assay_fail(err, status, "no '%s'", name);
		status = version == 1 ? assay_release_begin(room, file, fingerprint, &check, err) : assay_release_root(&check, file, err);
		if (status == ASSAY_OK && check.state.root.version != version)
			status = assay_fail(err, ASSAY_E_VERIFY, "'%s' is of another version than its name says", name);
		if (status != ASSAY_OK)
			return status;
	}
	return assay_fail(err, ASSAY_E_LIMIT, "more than %d roots", ROOTS_MAX);
}

static enum assay_status
read_release(const struct slot *slot, const char *fingerprint, struct assay_release *ret_release, struct assay_error *err)
{
	struct assay_span file;
	enum assay_status status = follow_roots(slot, fingerprint, err);
	if (status != ASSAY_OK)
		return status;
	if (read_small(slot, "targets.json", &file) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "no 'targets.json'");
	status = assay_release_authority(&check, file, err);
	if (status != ASSAY_OK)
		return status;
	if (read_small(slot, "release.json", &file) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "no 'release.json'");
	return assay_release_read(&check, file, ret_release, err);
}

/* What is done with each block of a file on the way; NULL for nothing. */
typedef enum assay_status (*on_block)(void *ctx, struct assay_span bytes, struct assay_error *err);

/* Reads a file once, block by block. What came of it counts only when ASSAY_OK comes back: then size and digest were right. */
static enum assay_status
read_hashed(const struct slot *slot, const char *name, uint64_t size, const unsigned char wanted[ASSAY_SHA256_SIZE], on_block each, void *ctx,
    struct assay_error *err)
{
	struct assay_hasher hasher;
	unsigned char digest[ASSAY_SHA256_SIZE];
	uint64_t at = 0;
	size_t len = BLOCK;
	enum assay_status status = assay_hasher_init(&hasher, ASSAY_SHA256);
	while (status == ASSAY_OK && len == BLOCK && at <= size) {
		status = flash_read(slot, name, at, block, BLOCK, &len);
		if (status == ASSAY_OK)
			status = assay_hasher_update(&hasher, (struct assay_span) { block, len });
		if (status == ASSAY_OK && each != NULL)
			status = each(ctx, (struct assay_span) { block, len }, err);
		at += len;
	}
	if (status == ASSAY_OK)
		status = assay_hasher_final(&hasher, digest);
	assay_hasher_done(&hasher);
	if (status != ASSAY_OK)
		return assay_fail(err, status, "'%s' can't be read, or isn't what it should be", name);
	if (at != size || memcmp(digest, wanted, sizeof digest) != 0)
		return assay_fail(err, ASSAY_E_VERIFY, "'%s' was altered", name);
	return ASSAY_OK;
}

/* The one file of a manifest. */
struct image {
	struct assay_manifest reader;
	char name[ASSAY_MANIFEST_NAME_MAX + 1];
	uint64_t size;
	unsigned char sha256[ASSAY_SHA256_SIZE];
};

static enum assay_status
find_image(void *ctx, struct assay_span bytes, struct assay_error *err)
{
	struct image *image = ctx;
	struct assay_manifest_entry entry;
	bool is = true;
	while (is) {
		enum assay_status status = assay_manifest_next(&image->reader, &bytes, &is, &entry, err);
		if (status != ASSAY_OK)
			return status;
		if (!is)
			break;
		if (image->name[0] != '\0' || entry.type != ASSAY_ENTRY_FILE || entry.path.len > ASSAY_MANIFEST_NAME_MAX)
			return assay_fail(err, ASSAY_E_UNSUPPORTED, "a slot is one image, no more");
		memcpy(image->name, entry.path.data, entry.path.len);
		image->name[entry.path.len] = '\0';
		image->size = entry.size;
		memcpy(image->sha256, entry.sha256, sizeof image->sha256);
	}
	return ASSAY_OK;
}

/* All of a slot; what is wrong with it is in err. */
static enum assay_status
check_slot(const struct slot *slot, const char *fingerprint, const struct assay_release_floor *floor, struct assay_release *ret_release,
    struct assay_error *err)
{
	static struct image image;
	bool expired = false;
	enum assay_status status = read_release(slot, fingerprint, ret_release, err);
	/* The time is none that a boot loader could know: 0, and expiry is told and refuses nothing. */
	if (status == ASSAY_OK)
		status = assay_release_allows(&check, ret_release, ASSAY_RELEASE_INSTALLED, NULL, floor, 0, &expired, err);
	if (status != ASSAY_OK)
		return status;
	image.name[0] = '\0';
	assay_manifest_begin(&image.reader);
	status = read_hashed(slot, "manifest", ret_release->manifest.length, ret_release->manifest.sha256, find_image, &image, err);
	if (status == ASSAY_OK)
		status = assay_manifest_end(&image.reader, err);
	if (status == ASSAY_OK && image.name[0] == '\0')
		status = assay_fail(err, ASSAY_E_NOT_FOUND, "the manifest names no image");
	return status == ASSAY_OK ? read_hashed(slot, image.name, image.size, image.sha256, NULL, NULL, err) : status;
}

int
main(int argc, char **argv)
{
	struct assay_release_floor floor;
	struct assay_release release;
	struct assay_error err;
	uint64_t best = 0;
	int start = 0;
	if (argc < 4 || argc > 3 + SLOTS_MAX) {
		(void)fprintf(stderr, "usage: boot-slot FINGERPRINT COUNTER SLOT...\n");
		return 2;
	}
	if (counter_read(argv[2], &floor) != ASSAY_OK) {
		(void)fprintf(stderr, "the counter can't be read: nothing is started\n");
		return 1;
	}
	for (int i = 3; i < argc; i++) {
		const struct slot slot = { argv[i] };
		if (check_slot(&slot, argv[1], &floor, &release, &err) != ASSAY_OK) {
			(void)printf("%s: %s\n", argv[i], err.what);
			continue;
		}
		(void)printf("%s: release %" PRIu64 ", good\n", argv[i], release.number);
		if (release.number > best) {
			best = release.number;
			start = i;
		}
	}
	if (start == 0) {
		(void)printf("no slot may be started\n");
		return 1;
	}
	(void)printf("start %s\n", argv[start]);
	return 0;
}
