/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a commit's whole tree is, as one SHA-256 that owes nothing to the repository's own algorithm: the tree digest of
 * assay-release(5).
 */
#pragma once

#include <assay/hash.h>
#include <codec/sources.h>
#include <probe/repository.h>

/* Most files of a tree, and folders; most bytes of the listing that is hashed; largest file. */
#define SOURCE_ENTRIES_MAX 4000000
#define SOURCE_LISTING_MAX ((size_t)1 << 30)
#define SOURCE_FILE_MAX ((size_t)1 << 30)
#define SOURCE_FOLDERS_DEEP 512
#define SOURCE_TAGS_DEEP 16
#define SOURCE_FIRST_LINE "assay-tree 1\n"

struct source_digest {
	struct oid commit;
	uint64_t files; /* links and submodules among them */
	unsigned char sha256[ASSAY_SHA256_SIZE];
};

/*
 * The commit that a person names: "HEAD", a branch, a tag or a full id; what a tag leads to is left to source_digest().
 * ASSAY_E_USAGE when there is none.
 */
ASSAY_MUST_USE enum assay_status source_find(const struct repository *r, const char *name, struct oid *ret_id,
    struct assay_error *err);
/*
 * Reads commit id (or the one that a tag leads to), its folders and all of its files, and hashes each again. ASSAY_E_VERIFY for an
 * object that isn't what its id says, ASSAY_E_NOT_FOUND for one that isn't there, ASSAY_E_LIMIT over a cap. progress may be NULL.
 */
ASSAY_MUST_USE enum assay_status source_digest(const struct repository *r, const struct oid *id,
    void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total), void *progress_ctx,
    struct source_digest *ret_digest, struct assay_error *err);

/* Of which files of a commit source_files() gives the bytes. */
struct source_wish {
	bool (*wanted)(const char *path);
	size_t most;      /* bytes of one: a larger one is listed with a reason, and without bytes */
	size_t most_files;
};
/* Files of commit id (or of the one that a tag leads to) that are wanted, and no others, sorted; all lies in arena. Errors as above. */
ASSAY_MUST_USE enum assay_status source_files(const struct repository *r, const struct oid *id, const struct source_wish *wish,
    struct arena *arena, struct sources *ret_sources, struct assay_error *err);
