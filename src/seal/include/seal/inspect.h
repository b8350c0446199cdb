/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree that was just listed, looked into: what each entry is by its bytes, what of the whole a person has to know, which packages it
 * has, and whether a layout of images holds what it names. On all cores; what was looked at is held to the manifest's digest.
 */
#pragma once

#include <base/buf.h>
#include <seal/coverage.h>
#include <seal/oci.h>
#include <seal/sbom.h>

/* Of a larger file the beginning is looked at, and its fact is SEAL_MATTER_PARTLY_SEEN. */
#define SEAL_INSPECT_FILE_MAX ((size_t)64 << 20)
/* Most entries of a tree that is looked into, and bytes of its manifest. */
#define SEAL_INSPECT_ENTRIES_MAX 4000000u
#define SEAL_INSPECT_MANIFEST_MAX ((size_t)1 << 30)
/* Each may hold a file of that size, and what it unpacks to. */
#define SEAL_INSPECT_THREADS_MAX 4u

struct seal_inspect {
	const char *path;             /* of the tree, or of one file */
	struct assay_span manifest;   /* as it was just made: paths of it are read */
	const struct sources *source; /* lockfiles of the commit, or NULL */
	unsigned threads;             /* 0: one a core */
	void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total); /* may be NULL */
	void *progress_ctx;
};

struct seal_inspection {
	struct seal_entry *entries; /* in the manifest's order */
	size_t count;
	struct seal_coverage coverage;
	struct seal_packages packages;
	bool is_layout;
	struct seal_oci oci;        /* when it is one */
	struct arena **arenas;      /* in which all that lies */
	size_t arena_count;
};

/*
 * ASSAY_E_VERIFY for a file that isn't what the manifest says any more, ASSAY_E_SYSTEM for one that can't be read, ASSAY_E_LIMIT over the
 * caps. What is remarkable is no error.
 */
ASSAY_MUST_USE enum assay_status seal_inspect(const struct seal_inspect *what, struct seal_inspection *ret_inspection,
    struct assay_error *err);
void seal_inspection_done(struct seal_inspection *inspection);
/*
 * A private key of the tree after the one given (NULL: the first), by its path; in an archive, by the archive's path, '!' and its name
 * there. NULL when there is none.
 */
const char *seal_inspection_key(const struct seal_inspection *inspection, const char *after);
