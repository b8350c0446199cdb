/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A repository on disk, found and described without running git in it and without believing its configuration.
 */
#pragma once

#include <base/arena.h>
#include <base/buf.h>
#include <codec/gitconfig.h>
#include <codec/gitobj.h>
#include <stdbool.h>

struct repository_ref {
	const char *name;
	struct oid id;
};

struct repository {
	const char *root;       /* what the user named, resolved */
	const char *work_tree;  /* NULL when bare */
	const char *git_dir;    /* of this worktree or submodule */
	const char *common_dir; /* shared part: objects, refs, config */
	enum oid_algo algo;
	bool bare;
	const char *head_ref;   /* NULL when detached */
	struct oid head;        /* valid when has_head */
	bool has_head;          /* false in an empty repository */
	struct repository_ref *refs; /* all of refs/, sorted by name, symbolic ones resolved */
	size_t ref_count;
	struct gitconfig config;     /* local configuration, read as data */
	struct gitconfig worktree_config; /* config.worktree, when there is one */
};

/*
 * Opens path or the repository above it. Errors: ASSAY_E_NOT_FOUND (no repository), ASSAY_E_UNSUPPORTED (a format or ref
 * storage that this version doesn't read), ASSAY_E_LIMIT, ASSAY_E_FORMAT.
 */
ASSAY_MUST_USE enum assay_status repository_open(const char *path, struct arena *arena,
    struct repository **ret_repository, struct assay_error *err);
/*
 * A stamp over names, sizes, inodes and change times of all that the probes read: the same stamp means that nothing
 * changed, racy times apart (*ret_settled false: too young to tell).
 */
ASSAY_MUST_USE enum assay_status repository_stamp(const struct repository *r, struct buf *out,
    bool *ret_settled, struct assay_error *err);
/*
 * Reads a file of the policy folder: from the work tree when there is one, else from HEAD's tree, never through links.
 * ASSAY_E_NOT_FOUND when absent. *ret_differs: the work tree's bytes are not those of HEAD.
 */
ASSAY_MUST_USE enum assay_status repository_policy_file(const struct repository *r, const char *path,
    struct buf *out, bool *ret_differs, struct assay_error *err);

/* An own, empty GIT_DIR with the repository's objects as alternate, in a temporary folder. */
struct object_reader;
ASSAY_MUST_USE enum assay_status object_reader_new(const struct repository *r,
    struct object_reader **ret_reader, struct assay_error *err);
void object_reader_free(struct object_reader **reader);
/* What the listing of all objects says: id and type, each once, sorted by id. */
struct object_entry {
	struct oid id;
	enum git_type type;
	uint64_t size;
};
ASSAY_MUST_USE enum assay_status object_reader_list(struct object_reader *reader, struct arena *arena,
    struct object_entry **ret_entries, size_t *ret_count, struct assay_error *err);
/*
 * Reads the named objects in order; each is handed to fn, hashed by nobody yet. An object git can't give comes with
 * present false. Larger than cap: its bytes are skipped and over_cap is true.
 */
struct object_read {
	struct oid id;
	bool present;
	bool over_cap;
	enum git_type type;
	struct assay_span bytes; /* valid during the call alone */
};
ASSAY_MUST_USE enum assay_status object_reader_each(struct object_reader *reader,
    const struct oid *ids, size_t count, size_t cap,
    enum assay_status (*fn)(void *ctx, const struct object_read *object, struct assay_error *err),
    void *ctx, struct assay_error *err);
