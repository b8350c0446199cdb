/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Releases that the caller names: their seals, and the trees that they are of.
 */
#pragma once

#include <evidence/release.h>

struct release_given {
	const char *seal; /* folder */
	const char *tree; /* folder or file; NULL: not given */
};

/*
 * Fills what "release-seal" says of them; members live in arena. ASSAY_E_USAGE for a seal that can't be opened as a folder: which one to
 * name is the caller's choice. What is wrong inside is for whoever parses.
 */
ASSAY_MUST_USE enum assay_status release_seal_fetch(const struct release_given *given, size_t count, struct arena *arena,
    struct evidence *ret_evidence, struct assay_error *err);

struct repository;

struct release_look_context {
	const struct repository *repository;
	struct arena *arena;
	void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total); /* may be NULL */
	void *progress_ctx;
};

/* The same for "release-tree": looks at the trees, and at the commits that the seals name. */
ASSAY_MUST_USE enum assay_status release_tree_fetch(const struct release_look_context *c, const struct release_given *given, size_t count,
    struct evidence *ret_evidence, struct assay_error *err);
/* The same for "release-records": the files of a folder. ASSAY_E_USAGE when it can't be opened. */
ASSAY_MUST_USE enum assay_status release_records_fetch(const char *folder, struct arena *arena, struct evidence *ret_evidence,
    struct assay_error *err);
