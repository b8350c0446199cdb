/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Manifests of releases, assay-manifest(5): one line a file, folder or link, sorted by path component by component. Read
 * as they come, in pieces of any size; every byte of a manifest is determined by what it says, so one spelling alone is
 * taken. Nothing is allocated. That a manifest is the one that was signed is for assay/release.h and its digest.
 */
#pragma once

#include <assay/hash.h>
#include <stdbool.h>
#include <stdint.h>

/* Longest path, component and target of a link, in bytes; deepest path; longest line with its end. */
#define ASSAY_MANIFEST_PATH_MAX 4096
#define ASSAY_MANIFEST_NAME_MAX 255
#define ASSAY_MANIFEST_TARGET_MAX 4095
#define ASSAY_MANIFEST_DEPTH_MAX 256
#define ASSAY_MANIFEST_LINE_MAX 32768
/* Most entries. */
#define ASSAY_MANIFEST_ENTRIES_MAX 4294967296
/* Longest value of the extended attribute security.capability (vfs_ns_cap_data of linux/capability.h). */
#define ASSAY_MANIFEST_CAPS_MAX 24

enum assay_entry_type {
	ASSAY_ENTRY_FOLDER,
	ASSAY_ENTRY_FILE,
	ASSAY_ENTRY_LINK,
};

/* One line. The spans point into the reader and stand until it is used again. */
struct assay_manifest_entry {
	enum assay_entry_type type;
	unsigned mode;          /* permission bits, 07777 at most; 0 of a link */
	uint64_t size;          /* of a file */
	unsigned char sha256[ASSAY_SHA256_SIZE]; /* of a file */
	unsigned char verity[ASSAY_SHA256_SIZE]; /* of a file: its fs-verity digest (SHA-256, 4096-byte blocks, no salt) */
	unsigned char caps[ASSAY_MANIFEST_CAPS_MAX]; /* of a file: security.capability */
	size_t caps_len;        /* 0: it has none */
	struct assay_span path; /* as in the file system, no escapes; relative, '/' between components */
	struct assay_span target; /* of a link */
};

/* The state of one reading, in the caller's storage. Some 36 KiB. */
struct assay_manifest {
	unsigned char line[ASSAY_MANIFEST_LINE_MAX]; /* what came of the line at hand, without its end; escapes undone in place */
	size_t line_len;
	bool line_whole;        /* it was handed out */
	unsigned char last[ASSAY_MANIFEST_PATH_MAX]; /* the path before */
	size_t last_len;
	enum assay_entry_type last_type;
	uint64_t lines;         /* whole ones, the first included */
	uint64_t files, folders, links;
	enum assay_status failed; /* ASSAY_OK as long as nothing did */
};

ASSAY_API void assay_manifest_begin(struct assay_manifest *m);

/*
 * Takes bytes off the front of *in until a line is whole: *ret_is then tells whether it is an entry, false when *in is used
 * up first. ASSAY_E_FORMAT with the line for what assay-manifest(5) doesn't allow: another spelling, an entry that is out
 * of order or stands twice, or whose folder wasn't listed; ASSAY_E_VERSION for a later format; ASSAY_E_LIMIT above a cap.
 * Once it fails it stays failed.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_manifest_next(struct assay_manifest *m,
    struct assay_span *in, bool *ret_is, struct assay_manifest_entry *ret_entry, struct assay_error *err);

/* No more bytes: ASSAY_E_FORMAT when the last line has no end, or there was none at all. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_manifest_end(struct assay_manifest *m, struct assay_error *err);

/*
 * Writes an entry's line with its end and a NUL behind; *ret_len is its length without the NUL. ASSAY_E_USAGE for what can't
 * stand in a manifest. ASSAY_MANIFEST_LINE_MAX + 1 is always enough room, less is ASSAY_E_LIMIT when it is too small.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_manifest_line(const struct assay_manifest_entry *entry,
    char *out, size_t room, size_t *ret_len, struct assay_error *err);
/* The line before the first entry, its end included. */
#define ASSAY_MANIFEST_FIRST_LINE "assay-manifest 1\n"

/* The order of paths: by bytes, but '/' before every other byte. Below 0, 0, above 0. */
ASSAY_API int assay_manifest_order(struct assay_span a, struct assay_span b);
/* NULL for a path that can stand in a manifest, else what is wrong with it. */
ASSAY_API const char *assay_manifest_path_fault(struct assay_span path);
