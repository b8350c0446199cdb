/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay seal: what its actions share.
 */
#pragma once

#include "workspace.h"

#include <seal/inspect.h>
#include <seal/manifest.h>
#include <seal/release.h>
#include <seal/stage.h>
#include <trust/folder.h>

#define SEAL_PATH_SIZE 4096
/* Largest file that goes along with a release. */
#define SEAL_FILE_MAX ((size_t)256 << 20)

struct seal_job {
	struct cli *cli;
	const char *action;     /* "seal", "add-signature" */
	const char *tree, *path; /* what is sealed, and its seal */
	const char *beside;     /* where files are made before they go into the seal; NULL: beside it */
	const char *leave_out;  /* of the tree: its seal; or NULL */
	const char *root;       /* fingerprint */
	int64_t now;
	struct workspace w;
	bool has_workspace;
	struct arena *arena;    /* the workspace's, or the command line's */
	struct trust_folder folder;
	struct signer *signer;  /* NULL without --sign */
	struct seal_terms terms;
	struct seal_counts counts;
	struct buf manifest;     /* as it was made here */
	struct seal_inspection inspection;
	const char *bill;        /* of materials: "tree", "file", "none"; NULL: this is about none */
	struct seal_sbom_outcome bill_outcome;
	struct seal_state state; /* how the seal stands at the end */
	struct seal_state back;  /* and its rollback authorisation, when that is what this is about */
	bool is_rollback;
	const char *signer_is;  /* whose key signed; NULL: nobody's */
	struct cli_list said;   /* sentences for people; raw text */
};

ASSAY_MUST_USE enum assay_status seal_say(struct seal_job *job, struct assay_error *err, const char *fmt, ...) ASSAY_PRINTF(3, 4);
/* Where the seal lies to its tree: sets beside and leave_out. ASSAY_E_USAGE when it is deep inside. */
ASSAY_MUST_USE enum assay_status seal_place(struct seal_job *job, struct assay_error *err);
/* The pinned root of a repository; ASSAY_E_USAGE when there is none. */
ASSAY_MUST_USE enum assay_status seal_root(struct seal_job *job, const char *repository, struct assay_error *err);
/* A seal that stands as it should, complete or, with draft, not yet; else ASSAY_E_VERIFY with its code. */
ASSAY_MUST_USE enum assay_status seal_expect(const struct seal_state *state, const char *path, bool draft, struct assay_error *err);
/* Options, the repository and its authority: arena, terms.repository, root, folder. */
ASSAY_MUST_USE enum assay_status seal_open_authority(struct seal_job *job, struct assay_error *err);
ASSAY_MUST_USE enum assay_status seal_read_expiry(const struct cli *cli, int64_t now, int64_t *ret, struct assay_error *err);
/* Copies roots and targets.json of the repository. */
ASSAY_MUST_USE enum assay_status seal_copy_authority(const struct seal_job *job, const struct seal_stage *stage, struct assay_error *err);
/* seal_rollback.c */
ASSAY_MUST_USE enum assay_status seal_authorise(struct seal_job *job, struct assay_error *err);
ASSAY_MUST_USE enum assay_status seal_add_to_rollback(struct seal_job *job, struct assay_error *err);
/* seal_add.c: reads and verifies job->path into job->state; who consents to what text says. */
ASSAY_MUST_USE enum assay_status seal_look_at(struct seal_job *job, const struct seal **ret_seal, struct assay_error *err);
ASSAY_MUST_USE enum assay_status seal_check_repeated(const struct seal_job *job, struct assay_error *err);
ASSAY_MUST_USE enum assay_status seal_ask(const struct seal_job *job, const struct buf *text, const char *question, struct assay_error *err);
/* seal_add.c */
ASSAY_MUST_USE enum assay_status seal_add_signature(struct seal_job *job, struct assay_error *err);
/* seal_look.c: looks into the tree; refuses keys and layouts that don't hold. commit: of whose lockfiles packages are taken. */
ASSAY_MUST_USE enum assay_status seal_look_into(struct seal_job *job, const char *commit, struct assay_error *err);
ASSAY_MUST_USE enum assay_status seal_write_bill(struct seal_job *job, const char *name, const char *version, struct buf *out,
    struct assay_error *err);
/* ASSAY_E_VERIFY when the bill at path contradicts the tree, unless that was asked for. */
ASSAY_MUST_USE enum assay_status seal_compare_bill(struct seal_job *job, struct assay_span bytes, const char *path, const char *name,
    const char *version, struct assay_error *err);
/* The bill of the seal that job->state is of: the one that is written from the tree here, or one that doesn't contradict it. */
ASSAY_MUST_USE enum assay_status seal_check_bill(struct seal_job *job, struct assay_error *err);
/* seal_found.c */
void seal_found_text(const struct seal_job *job, struct buf *out);
void seal_bill_text(const struct seal_job *job, struct buf *out);
json_t *seal_found_json(const struct seal_job *job, uint64_t *ret_total);
json_t *seal_bill_json(const struct seal_job *job);
/* seal_report.c: for people or as JSON. */
ASSAY_MUST_USE enum assay_status seal_report(struct seal_job *job, struct buf *out, struct assay_error *err);
/* What a release says and what was counted, for whoever is to sign it. */
void seal_describe(const struct seal_state *state, const struct seal_counts *counts, struct buf *out);
/* What a rollback authorisation lets happen; release: that of the seal that it lies in. */
void seal_describe_rollback(const struct seal_state *release, const struct seal_state *back, struct buf *out);
