/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One verification on its way; what its steps share. A step that finds fault says so in the result and clears good; only what
 * keeps it from being looked at at all is an error.
 */
#pragma once

#include <assay/release.h>
#include <base/cleanup.h>
#include <files/hash.h>
#include <verify/state.h>
#include <verify/verify.h>

/* Most entries of a seal folder that are looked at: roots, and the rest. */
#define SEAL_ENTRIES_MAX 4096
#define MANIFEST_STEP (64u << 10)

struct work {
	const struct verify_request *q;
	struct verify_result *r;
	struct verify_state state;

	int seal;                  /* its folder, -1 */
	bool seal_inside;          /* as the tree's top folder VERIFY_SEAL_INSIDE */
	struct walk_folder *tree;  /* or the folder that the lone file is in */
	char lone[WALK_NAME_MAX + 1]; /* that file's name; "" for a tree */

	struct assay_release_check check;
	struct assay_release release;
	struct assay_tuf_room room;
	struct buf newest;         /* the newest root of the chain, as it came */
	uint64_t roots;            /* how many the seal has without a gap */
	struct buf rollback;       /* the authorisation that was applied */
	bool rolls_back;

	int manifest;              /* -1 */
	uint64_t manifest_size;
	unsigned char manifest_sha256[ASSAY_SHA256_SIZE];
	struct hash_stream *stream; /* for what is read of the seal */
	uint64_t entries;
	struct assay_manifest *reader; /* two of them: for the list, and for looking again */

	bool good;                 /* nothing stands in the way of the next step */
};

/* Says what is wrong with a file of the seal, out of what its reading came to; hands back what is nobody's fault but ours. */
ASSAY_MUST_USE enum assay_status work_fault(struct work *w, enum assay_release_code code, const char *file,
    enum assay_status status, const struct assay_error *why, struct assay_error *err);

/* Opens tree and seal folder; no link is followed but by the names that the user gave. */
ASSAY_MUST_USE enum assay_status place_open(struct work *w, struct assay_error *err);

/* Who vouches for the release: roots, roles, signatures. */
ASSAY_MUST_USE enum assay_status seal_vouched(struct work *w, struct assay_error *err);
/* Whether it may be used here: expiry, product, floor, authorised rollback. */
ASSAY_MUST_USE enum assay_status seal_allowed(struct work *w, struct assay_error *err);
/* All but the manifest: every target by its digest, and nothing else in the folder. */
ASSAY_MUST_USE enum assay_status seal_complete(struct work *w, struct assay_error *err);

/* The manifest: the very bytes that were signed, and each line of its form. */
ASSAY_MUST_USE enum assay_status list_check(struct work *w, struct assay_error *err);
/* The tree by it. */
ASSAY_MUST_USE enum assay_status tree_check(struct work *w, struct assay_error *err);

/* A regular file of the seal folder, never through a link; -1 with errno. */
int seal_open(const struct work *w, const char *name);
