/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "git-authority": what the policy folder was at each commit, with what authorised it there. Members:
 *
 *   authority/format   as git/format
 *   authority/objects  the stream of cat-file, sorted by id: commits' root trees, their folder assay/, and its files
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
#define STATES_FILES_MAX 4096u
#define STATES_DEPTH_MAX 8u

struct states {
	struct tree_objects objects;
	struct oid *absent; /* sorted */
	size_t absent_count;
};

ASSAY_MUST_USE enum assay_status states_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);

enum states_found {
	STATES_FOLDER, /* the tree has a folder assay/ */
	STATES_NONE,   /* it has none */
	STATES_GONE,   /* the tree isn't among the objects */
};
/* The folder assay/ of a root tree. */
enum states_found states_folder(const struct states *s, const struct oid *root, struct oid *ret_folder);
/*
 * The files of a folder assay/, paths from the repository's root; *ret_gone: a folder or file of it isn't among the objects, which
 * a file without bytes and its why then says too. ASSAY_E_FORMAT for a malformed tree, ASSAY_E_LIMIT over a cap.
 */
ASSAY_MUST_USE enum assay_status states_files(const struct states *s, const struct oid *folder,
    struct arena *arena, struct sources *ret_files, bool *ret_gone, struct assay_error *err);

/* ---- for probe and parser alike ---- */

/* Where an entry stands, which says what of it is wanted. */
enum states_place { STATES_AT_ROOT, STATES_AT_ASSAY, STATES_AT_TRUST, STATES_BELOW, STATES_FILE, STATES_UNWANTED };
/* The place of an entry of a folder that stands at parent. */
enum states_place states_place_of(enum states_place parent, const struct git_tree_entry *entry);
