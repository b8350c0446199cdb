/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What check, init and log share: the repository, its policy folder, the state folder, and evidence, fresh or remembered.
 */
#pragma once

#include "cli.h"

#include <engine/engine.h>
#include <evidence/memo.h>
#include <judge/judge.h>
#include <ledger/cache.h>
#include <probe/probe.h>
#include <trust/signer.h>

#define WORKSPACE_KINDS_MAX 16
#define WORKSPACE_MEMBERS_MAX 64
#define WORKSPACE_ALSO_MAX 32

struct workspace {
	struct arena *arena;
	struct pool *pool;
	struct repository *repository;
	const struct catalog *catalog;
	struct policy policy;
	struct roster roster;
	struct buf policy_yaml, roster_yaml;
	bool uncommitted;          /* policy files differ from HEAD's */
	bool unbelievable;         /* HEAD holds policy files whose objects are gone or altered */
	char *state_base;          /* NULL: no state folder to be had */
	char *state;               /* this repository's own */
	struct cache *cache;       /* NULL: none */
	unsigned char program[ASSAY_SHA256_SIZE]; /* digest of this program's own file: part of every cache key */
	struct memo *memo;
	struct evidence_set evidence;
	struct file_view views[WORKSPACE_MEMBERS_MAX]; /* of remembered members */
	size_t view_count;
	struct buf memo_bytes;
	const char *also[WORKSPACE_ALSO_MAX]; /* files and folders that are read beside the repository */
	size_t also_count;
	struct engine_server *engines; /* NULL: no engine is run */
	struct cache *engine_cache;    /* what they have done before; NULL: none */
};

void workspace_done(struct workspace *w);
/* Repository, catalogue, policy, roster. The policy folder may be absent. */
ASSAY_MUST_USE enum assay_status workspace_open(const struct cli *cli, const char *path,
    struct workspace *w, struct assay_error *err);
/*
 * The state folder and cache. Where none can be had, w->state stays NULL and err says why in words for a hint,
 * unless --state asked for it: then it is an error. A state folder inside the checked tree is always one.
 */
ASSAY_MUST_USE enum assay_status workspace_state(const struct cli *cli, struct workspace *w,
    struct assay_error *err);
/* Runs the probes for kinds, or takes what an earlier run read when nothing changed since. */
ASSAY_MUST_USE enum assay_status workspace_look(struct cli *cli, struct workspace *w,
    const char *const *kinds, size_t kind_count, struct assay_error *err);
/* Facts from the evidence, and the memo kept for the next run. */
ASSAY_MUST_USE enum assay_status workspace_parse(struct workspace *w, struct assay_error *err);
/* "repository ID, refs/heads/main at OID": no path, so that it reads the same everywhere. */
ASSAY_MUST_USE enum assay_status workspace_subject(struct workspace *w, const char **ret_subject,
    struct assay_error *err);

/* A signer_ask: the passphrase of a key file, from --passphrase-file or the terminal. ctx is the struct cli. */
enum assay_status workspace_ask(void *ctx, const char *file, struct buf *out, struct assay_error *err);
/* All that is needed to get at the key of this name; the user's configuration is read for one in a token. */
ASSAY_MUST_USE enum assay_status workspace_request(struct cli *cli, enum signer_use use, const char *name,
    struct signer_request *ret_request, struct assay_error *err);
/* The signer that --sign names; *ret_signer NULL without it. */
ASSAY_MUST_USE enum assay_status workspace_signer(struct cli *cli, enum signer_use use,
    struct signer **ret_signer, struct assay_error *err);
/* Midnight of today, or of --date; *ret_given says which. ASSAY_E_USAGE for a bad or future date. */
ASSAY_MUST_USE enum assay_status workspace_date(const struct cli *cli, int64_t *ret_date,
    bool *ret_given, struct assay_error *err);
/* Reads these blobs, hashed again; ret_bytes[i].data NULL: it is gone, altered or larger than is read. */
ASSAY_MUST_USE enum assay_status workspace_blobs(const struct workspace *w, const struct oid *ids, size_t count,
    struct assay_span *ret_bytes, struct assay_error *err);
