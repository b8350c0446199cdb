/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every tree below some, each once, in levels.
 */
#pragma once

#include "links.h"
#include "store.h"

struct tree_visit {
	uint32_t object;
	const char *path; /* with_paths: the folder's, "" at the top; else NULL */
};
struct tree_walk {
	struct store *s;
	bool with_paths;
	/* Either may be NULL: each entry, and each tree whose bytes are what its id says. */
	enum assay_status (*entry)(void *ctx, const struct tree_visit *folder, const struct link *link,
	    uint32_t object, struct assay_error *err);
	enum assay_status (*tree)(void *ctx, uint32_t object, struct assay_span bytes,
	    struct assay_error *err);
	void *ctx;
	unsigned char *seen;     /* one an object of the store */
	struct arena *paths;     /* of all folders of one walk, freed with it */
	struct tree_visit *now;
	size_t now_count;
	struct tree_visit *next;
	size_t next_count, next_room;
	size_t unread;           /* trees that couldn't be read or that aren't what their id says */
};
#define TREE_DEPTH_MAX 512
#define TREE_PATHS_MAX ((size_t)512 << 20)
/* Adds a tree to begin with. */
enum assay_status tree_walk_add(struct tree_walk *w, uint32_t object, const char *folder,
    struct assay_span name, struct assay_error *err);
enum assay_status tree_walk_run(struct tree_walk *w, struct assay_error *err);
void tree_walk_done(struct tree_walk *w);
