/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "git-reviewed": what lay where when it was reviewed, when it was merged, and when the policy cut over. Members:
 *
 *   reviewed/format  as git/format
 *   reviewed/trees   the stream of cat-file, sorted by id: all trees of these commits, each once
 *
 * The commits are those that the reviews of HEAD's tree name, those of their ranges as far as these are short, the mainline's commits
 * that brought them, those that closures of findings name, the parents of all these, and the cut-over commits of HEAD's policy. Which commit has which root tree is git-history's to say. No file's bytes are here.
 */
#pragma once

#include <evidence/evidence.h>
#include <evidence/tree.h>

#define REVIEWED_KIND "git-reviewed"
#define REVIEWED_STREAM_MAX ((size_t)512 << 20)
#define REVIEWED_NONE UINT32_MAX

struct reviewed {
	struct tree_objects trees;
};

ASSAY_MUST_USE enum assay_status reviewed_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);

enum reviewed_found {
	REVIEWED_THERE,  /* a file, a link or a submodule of this path */
	REVIEWED_ABSENT, /* none */
	REVIEWED_UNSEEN, /* a tree on the way isn't among those that were read, or can't be */
};
enum reviewed_found reviewed_find(const struct reviewed *r, const struct oid *root, const char *path,
    struct git_tree_entry *ret_entry);
/* Whether a file or link of this id lies anywhere below the folder ("assay/reviews/"). */
enum reviewed_found reviewed_holds(const struct reviewed *r, const struct oid *root, const char *folder, const struct oid *id);

/* ---- for probe and judge alike ---- */

/* Commits by number; the parents of i are parents[first[i]] up to parents[first[i + 1]], REVIEWED_NONE where absent. */
struct reviewed_graph {
	uint32_t count;
	const uint32_t *first, *parents;
};
/*
 * For each commit the one of tip's first parents that brought it in, for those themselves; REVIEWED_NONE where tip doesn't lead.
 * room: for two numbers a commit.
 */
void reviewed_brought(const struct reviewed_graph *g, uint32_t tip, uint32_t *room, uint32_t *ret_by);
