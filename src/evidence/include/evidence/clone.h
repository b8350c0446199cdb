/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kind "git-clone": what in a clone could colour what is read from it. One member, git/clone.json, canonical JSON (schema
 * schemas/clone.json): {"assay-clone": 1, "algo", "bare", "objects": {"commit", "tree", "blob", "tag"} counts hashed again,
 * "altered": [{"id", "type", "found"}], "collisions": [ids], "missing": [{"id", "needed-by": id, ref or "HEAD"}], "over-cap": [ids],
 * "replace": [{"ref", "id"}], "grafts": [lines], "shallow": [ids], "alternates": [paths], "partial": bool, "promisors": [names],
 * "config": [{"file", "line", "key", "note"}], "copies" (packs that aren't what their index says) and "indexes" (that
 * contradict the objects): [{"file", "note"}], "hooks": [names], "worktrees": n, "leftovers": n (missing, but no ref leads
 * there), "state-tracked": [paths], "commit-graph": bool,
 * "unread": [{"what", "why"}], "more": {list: n}}. Lists hold CLONE_LIST_MAX entries at most; "more" says how many beyond
 * those were seen, by the list's name, and is left out when none were. No values of configuration are stored: they may hold credentials.
 */
#pragma once

#include <evidence/evidence.h>

#define CLONE_KIND "git-clone"
#define CLONE_LIST_MAX 1000 /* entries kept of each list; the count goes on */

/* One thing that was found: words that are filled depend on the list it stands in. */
struct clone_item {
	const char *subject; /* id, ref, path, key */
	const char *detail;  /* found id, needing id, note, why; may be NULL */
	const char *file;    /* configuration file, may be NULL */
	unsigned line;
};

struct clone_list {
	const struct clone_item *items;
	size_t count; /* listed */
	size_t total; /* seen */
};

struct clone_facts {
	bool bare;
	bool partial;
	bool has_commit_graph;
	uint64_t commits, trees, blobs, tags; /* hashed again */
	uint64_t worktrees;                   /* linked ones */
	uint64_t leftovers;                   /* missing, but no ref leads there */
	struct clone_list altered, collisions, missing, over_cap, replace, grafts, shallow, alternates,
	    promisors, config, copies, indexes, hooks, state_tracked, unread;
};

ASSAY_MUST_USE enum assay_status clone_parse(const struct evidence *raw,
    const struct parse_context *c, const void **ret_facts, struct assay_error *err);
