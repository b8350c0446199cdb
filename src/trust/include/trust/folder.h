/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/trust/ in a work tree: what is in force, and the drafts that wait for signatures. A draft lies in assay/trust/draft/ and
 * counts for nothing; the signature that completes it moves it to its place. Each file is whole or not there.
 */
#pragma once

#include <policy/authority.h>
#include <trust/metadata.h>

/* Most files below assay/, most bytes of one and of all, and how deep they lie. */
#define TRUST_TREE_FILES_MAX 4096
#define TRUST_TREE_FILE_MAX (4u << 20)
#define TRUST_TREE_BYTES_MAX (64u << 20)
#define TRUST_TREE_DEPTH_MAX 8

struct trust_folder {
	struct arena *arena;
	int tree;                      /* the work tree */
	const char *fingerprint;       /* pinned, or NULL */
	struct sources files;          /* all below assay/, as it lies there */
	struct authority authority;    /* what that comes to */
	json_t *now[TRUST_PARTS];      /* as it lies there, whether it verifies or not; the newest root. NULL: none */
	json_t *draft[TRUST_PARTS];    /* NULL: none */
};

/* fingerprint: hex of the pinned first root, or NULL. A file that isn't what its name says is ASSAY_E_FORMAT. */
ASSAY_MUST_USE enum assay_status trust_folder_open(const char *work_tree, const char *fingerprint,
    struct arena *arena, struct trust_folder *ret_folder, struct assay_error *err);
void trust_folder_done(struct trust_folder *f);
/*
 * The draft of part, to be changed: the one that is there, or a new one: the next version of what is in force, or
 * version 1. expires is a new draft's.
 */
ASSAY_MUST_USE enum assay_status trust_folder_edit(struct trust_folder *f, enum trust_part part,
    const char *repository, int64_t expires, struct assay_error *err);
/* Writes the draft of part. */
ASSAY_MUST_USE enum assay_status trust_folder_keep(struct trust_folder *f, enum trust_part part,
    struct assay_error *err);
/*
 * Moves every draft that is complete to its place, in order; *ret_moved: a bit for each part. What was moved is what verifies,
 * as whoever judges will verify it.
 */
ASSAY_MUST_USE enum assay_status trust_folder_settle(struct trust_folder *f, unsigned *ret_moved,
    struct assay_error *err);
/* Takes the draft away. */
ASSAY_MUST_USE enum assay_status trust_folder_drop(struct trust_folder *f, enum trust_part part,
    struct assay_error *err);

/* How far the signatures of a draft have come for one role, and who could still give one. */
#define TRUST_WAITING_MAX 32
struct trust_wait {
	const char *role;        /* "root", "root before": the present one, whose holders must agree too */
	uint32_t people, threshold;
	const char *waiting[TRUST_WAITING_MAX]; /* persons who haven't signed */
	size_t waiting_count;
};
#define TRUST_WAITS_MAX 2
/* *ret_count: 2 for a root that follows another, else 1; 0 when too few are enrolled for any signature to count. */
ASSAY_MUST_USE enum assay_status trust_folder_waits(const struct trust_folder *f, enum trust_part part,
    struct trust_wait ret_waits[TRUST_WAITS_MAX], size_t *ret_count, struct assay_error *err);
/* The document that says who may sign part: a draft before what is in force. Borrowed, or NULL. */
const json_t *trust_folder_home(const struct trust_folder *f, enum trust_part part);
