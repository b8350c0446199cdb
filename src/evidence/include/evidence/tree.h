/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "git-tree": HEAD's commit, all its trees, and the bytes of those files that judges may want to read. Everything is hashed
 * again by whoever parses it, from the commit's id down to each file.
 */
#pragma once

#include <codec/sources.h>
#include <evidence/evidence.h>

#define TREE_KIND "git-tree"
/* A larger file that is wanted is listed without its bytes, with a why. */
#define TREE_FILE_MAX (4u << 20)
/* Most bytes of wanted files together. */
#define TREE_FILES_MAX (256u << 20)
#define TREE_ENTRIES_MAX 2000000u

struct tree {
	struct oid commit;
	const char *ref;  /* "refs/heads/main", or NULL when detached */
	struct sources sources;
};

/* Whether the bytes of a file of this path are wanted: by its place or its name alone, so that the parser can tell what is missing. */
bool tree_wants(const char *path, uint32_t mode);

enum assay_status tree_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);
