/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of one tree, as rooms that read pipelines, dependencies and documents are given them.
 */
#pragma once

#include <assay/status.h>
#include <codec/gitobj.h>
#include <stdbool.h>

/* What git's mode says that it is, in these bits; a submodule has no others. */
#define SOURCE_FORMAT 0170000u
#define SOURCE_FILE 0100000u
#define SOURCE_LINK 0120000u
#define SOURCE_SUBMODULE 0160000u

/* One entry that isn't a folder. Of a link the bytes are where it leads, of a submodule the id is its commit. */
struct source_file {
	const char *path;        /* as in the tree, without a NUL; any other byte may stand in it, so escape it for people */
	uint32_t mode;
	struct oid id;
	bool has_bytes;          /* read, and hashed to id */
	struct assay_span bytes; /* when has_bytes */
	const char *why;         /* when its bytes were wanted and aren't here: "larger than 4194304 bytes"; else NULL */
};

struct sources {
	enum oid_algo algo;
	const struct source_file *files; /* sorted by path as bytes */
	size_t count;
};

/* The file of this path, or NULL. */
const struct source_file *sources_find(const struct sources *s, const char *path);
/* Whether it is a plain file, and no link or submodule; NULL is none. */
bool sources_is_file(const struct source_file *f);
/* The first file whose path begins with prefix ("assay/trust/"), or NULL; those that follow it in files may too. */
const struct source_file *sources_under(const struct sources *s, const char *prefix);
