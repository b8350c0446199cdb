/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the probe git-clone, and the record that they fill.
 */
#pragma once

#include "internal.h"
#include "links.h"
#include "rows.h"
#include "store.h"

#include <codec/canon.h>

/* The record under way: git/clone.json. */
struct clone_record {
	const struct probe_context *c;
	struct store *s;
	json_t *root;
	json_t *more;
	bool failed; /* no memory */
};

/* New reference to text, escaped for people when it isn't UTF-8 or holds a NUL. */
json_t *clone_text(const char *text);
json_t *clone_id(const struct clone_record *rec, const struct oid *id);
/* Takes item; NULL marks the record as failed. Over CLONE_LIST_MAX it is only counted. */
void clone_add(struct clone_record *rec, const char *list, json_t *item);
/* Counts further ones that aren't listed. */
void clone_count_more(struct clone_record *rec, const char *list, uint64_t count);
void clone_unread(struct clone_record *rec, const char *what, const char *why);

/* clone_config.c: keys of local configuration that decide what git reads, says or runs. */
void clone_config(struct clone_record *rec);
/* clone_copies.c: what git may read in place of what was hashed: other copies, commit-graphs, multi-pack-indexes. */
enum assay_status clone_copies(struct clone_record *rec, struct assay_error *err);
/* clone_local.c: replace refs, grafts, alternates, hooks, worktrees, commit-graph, folders that can't be read. */
enum assay_status clone_local(struct clone_record *rec, struct assay_error *err);
/* clone_missing.c: what is altered, missing, too large. */
enum assay_status clone_objects(struct clone_record *rec, struct assay_error *err);
/* clone_state.c: assay's own state in HEAD's tree. */
enum assay_status clone_state(struct clone_record *rec, struct assay_error *err);
