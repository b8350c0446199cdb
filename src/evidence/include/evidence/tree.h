/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "git-tree": HEAD's commit, all its trees, and the bytes of those files that judges may want to read. Members:
 *
 *   tree/format   as git/format
 *   tree/head     as git/head
 *   tree/objects  the stream of cat-file, sorted by id: the commit, each tree below it, each wanted file
 *   tree/absent   "ID WHY" lines, sorted by id: trees and wanted files that are not in the stream; WHY is a word of tree_left
 *
 * Everything is hashed again by whoever parses it, from the commit's id down to each file.
 */
#pragma once

#include <ci/model.h>
#include <codec/sources.h>
#include <dep/dep.h>
#include <evidence/evidence.h>

#define TREE_KIND "git-tree"
/* A larger file that is wanted is listed without its bytes. */
#define TREE_FILE_MAX (4u << 20)
/* Most bytes of files that are wanted as code alone; those beyond are listed without. */
#define TREE_CODE_MAX ((size_t)256 << 20)
/* Most bytes of the stream, most entries of the tree, most folders in one another, longest path. */
#define TREE_STREAM_MAX ((size_t)1 << 30)
#define TREE_ENTRIES_MAX 2000000u
#define TREE_FOLDERS_MAX 256u
#define TREE_PATH_MAX 4096u

enum tree_left { TREE_LEFT_GONE, TREE_LEFT_LARGE };

struct tree {
	bool has_head;       /* false: no commit yet, so no file either */
	struct oid commit;
	const char *ref;     /* "refs/heads/main", or NULL when detached */
	size_t folders_gone; /* trees that are absent or altered: what lies below isn't in sources */
	struct sources sources;
	const struct ci_model *ci; /* its pipelines; NULL without a head */
	const struct dep_model *deps; /* what the files depend on */
};

enum tree_want {
	TREE_UNWANTED,
	TREE_WANTED,
	TREE_WANTED_CODE, /* as long as all code together has no more than TREE_CODE_MAX bytes */
};
/*
 * Whether the bytes of a file of this path are wanted: by the paths of the tree alone, so that the parser can tell what is missing.
 * Code is, in a tree with a plan for its rules.
 */
enum tree_want tree_wants(const struct sources *s, const char *path);

enum assay_status tree_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);

/* ---- for probe and parser alike ---- */

struct tree_object {
	struct oid id;
	enum git_type type;
	struct assay_span bytes;
};
/* Objects by id; those of an id that isn't there are gone. */
struct tree_objects {
	enum oid_algo algo;
	struct tree_object *items; /* sorted by id */
	size_t count;
};
const struct tree_object *tree_object_find(const struct tree_objects *o, const struct oid *id);
/* The tree of a commit. */
ASSAY_MUST_USE enum assay_status tree_of_commit(struct assay_span commit, enum oid_algo algo,
    struct oid *ret_tree, struct assay_error *err);
/*
 * Walks from a tree down: its entries but the folders, sorted by path, into t->sources; gone(ctx, id) is called for each folder
 * whose tree isn't among the objects. ASSAY_E_FORMAT for a malformed tree, ASSAY_E_LIMIT over a cap.
 */
ASSAY_MUST_USE enum assay_status tree_expand(const struct tree_objects *o, const struct oid *root,
    struct arena *arena, struct tree *t, void (*gone)(void *ctx, const struct oid *id), void *ctx,
    struct assay_error *err);
