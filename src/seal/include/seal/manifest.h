/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest of a tree, assay-manifest(5), line by line as the tree is read: all of it, or an error that names the path. The same
 * lines serve who writes one and who holds a tree against one.
 */
#pragma once

#include <assay/manifest.h>
#include <base/arena.h>
#include <stdbool.h>

/* Warnings that are kept; the rest is counted. */
#define SEAL_WARNINGS_MAX 100

/* line: with its end. Anything but ASSAY_OK ends the walk. */
typedef enum assay_status seal_line(void *ctx, struct assay_span line, struct assay_span path, struct assay_error *err);

struct seal_tree {
	const char *path;      /* a folder, or one file */
	const char *leave_out; /* an entry at the top that is no part of the tree: where its seal lies; or NULL */
	unsigned threads;      /* 0: one a core */
	seal_line *line;
	void *ctx;
	void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total); /* may be NULL */
	void *progress_ctx;
	struct arena *arena;   /* for warnings */
};

struct seal_counts {
	uint64_t files, folders, links, bytes;
	uint64_t length;                         /* of the manifest */
	unsigned char sha256[ASSAY_SHA256_SIZE]; /* its digest */
	const char *warnings[SEAL_WARNINGS_MAX]; /* sentences, raw bytes in them: escape them */
	size_t warning_count;                    /* kept */
	uint64_t warning_total;
};

/*
 * ASSAY_E_UNSUPPORTED for a device, a FIFO, a socket; ASSAY_E_SYSTEM for what can't be read; ASSAY_E_LIMIT for a name, a path or a count
 * over the caps; ASSAY_E_VERIFY when something changed while it was looked at. The error's file is the path.
 */
ASSAY_MUST_USE enum assay_status seal_manifest(const struct seal_tree *tree, struct seal_counts *ret_counts,
    struct assay_error *err);
