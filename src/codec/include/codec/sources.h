/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of one tree, as rooms that read pipelines, dependencies and documents are given them.
 */
#pragma once

#include <assay/status.h>
#include <codec/gitobj.h>
#include <stdbool.h>

/*
 * One entry that isn't a folder. mode is git's: 0100644 and 0100755 files, 0120000 a link (bytes: where it leads),
 * 0160000 a submodule (id: its commit).
 */
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
/* The first file whose path begins with prefix ("assay/trust/"), or NULL; those that follow it in files may too. */
const struct source_file *sources_under(const struct sources *s, const char *prefix);
