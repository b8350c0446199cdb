/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "git-authority": what the policy folder was at each commit, with what authorised it there. Members:
 *
 *   authority/format   as git/format
 *   authority/roots    commits' root trees, each by what differs from the one before: "ID FRONT BACK SIZE LF", SIZE bytes, LF. The tree
 *                      is FRONT bytes of the beginning of the one before (of nothing, for the first), these, and BACK of its end
 *   authority/objects  the stream of cat-file, sorted by id: their folder assay/, and its files
 *   authority/absent   ids that were asked for and not to be had, LF each, sorted
 *
 * The root trees are those of HEAD and of every branch; and of all commits, once one of these holds assay/trust/. Records that stand
 * by their own signatures, and drafts, are left out. Which commit has which root tree is git-history's to say. Everything is
 * hashed again by whoever parses it.
 */
#pragma once

#include <codec/sources.h>
#include <evidence/evidence.h>
#include <evidence/tree.h>

#define STATES_KIND "git-authority"
#define STATES_FILE_MAX (4u << 20)
#define STATES_STREAM_MAX ((size_t)1 << 30)
/* Bytes of all root trees together, as rebuilt. */
#define STATES_ROOTS_MAX ((uint64_t)4 << 30)
#define STATES_FILES_MAX 4096u
#define STATES_DEPTH_MAX 8u

/* A commit's root tree. */
struct states_root {
	struct oid id;
	bool whole;        /* it could be read to its end */
	bool has_folder;
	struct oid folder; /* assay/ in it */
};

struct states {
	struct states_root *roots; /* sorted by id */
	size_t root_count;
	struct tree_objects objects;
	struct oid *absent; /* sorted */
	size_t absent_count;
};

ASSAY_MUST_USE enum assay_status states_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);

enum states_found {
	STATES_FOLDER, /* the tree has a folder assay/ */
	STATES_NONE,   /* it has none */
	STATES_CUT,    /* the tree can't be read to its end: it says nothing */
	STATES_GONE,   /* it isn't among the root trees */
};
/* The folder assay/ of a root tree. */
enum states_found states_folder(const struct states *s, const struct oid *root, struct oid *ret_folder);
/*
 * The files of a folder assay/, paths from the repository's root; *ret_gone: a folder or file of it isn't among the objects, which
 * a file without bytes and its why then says too. ASSAY_E_FORMAT for a malformed tree, ASSAY_E_LIMIT over a cap.
 */
ASSAY_MUST_USE enum assay_status states_files(const struct states *s, const struct oid *folder,
    struct arena *arena, struct sources *ret_files, bool *ret_gone, struct assay_error *err);

/* states_roots.c: of states_parse(). */
ASSAY_MUST_USE enum assay_status states_roots_read(const struct evidence *raw, struct arena *arena,
    struct states *s, struct assay_error *err);

/* ---- for probe and parser alike ---- */

/* Appends a root tree to authority/roots. before: the one appended last, empty for the first. */
void states_root_write(enum oid_algo algo, const struct oid *id, struct assay_span before,
    struct assay_span tree, struct buf *out);

/* Where an entry stands, which says what of it is wanted. */
enum states_place { STATES_AT_ROOT, STATES_AT_ASSAY, STATES_AT_TRUST, STATES_BELOW, STATES_FILE, STATES_UNWANTED };
/* The place of an entry of a folder that stands at parent. */
enum states_place states_place_of(enum states_place parent, const struct git_tree_entry *entry);
