/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a machine remembers of what was installed on it, assay-verify(1): the newest root that it trusted, and the floor below
 * which no release may go. Both are in one file, so that there is never one without the other: state/floor.json, replaced by
 * rename. It stops no administrator of the machine, who may write there.
 */
#pragma once

#include <assay/release.h>
#include <base/buf.h>

#define VERIFY_STATE_FILE "floor.json"
#define VERIFY_ROLLBACKS "rollbacks"
#define VERIFY_STATE_VERSION 2
/* Which has no word of digests. Still read. */
#define VERIFY_STATE_VERSION_BEFORE 1
/* Most rollbacks that are remembered. */
#define VERIFY_ROLLBACKS_MAX 256
/* The root in base64, the rollbacks, and the rest. */
#define VERIFY_STATE_MAX (2 * ASSAY_RELEASE_ROOT_MAX + VERIFY_ROLLBACKS_MAX * 72 + 4096)

struct verify_state {
	int dir;              /* the folder, locked; -1 when there is none */
	bool pinned;          /* it remembers something */
	bool read_only;       /* nothing can be written there */
	struct assay_release_floor floor;
	char first_root[ASSAY_TUF_HEX_SIZE]; /* fingerprint */
	struct buf root;      /* the newest root, as it came */
	unsigned char used[VERIFY_ROLLBACKS_MAX][ASSAY_SHA256_SIZE]; /* rollback authorisations, by their signed part */
	size_t used_count;
	/* The SHA-256 of the manifest of which both digests of every file were compared here: from then on one of them says it all. */
	bool has_agreed;
	unsigned char agreed[ASSAY_SHA256_SIZE];
};

#define VERIFY_STATE_INIT { .dir = -1, .root = BUF_INIT(ASSAY_RELEASE_ROOT_MAX) }

/*
 * Opens the folder and takes it for itself, until verify_state_done(). will_write: ASSAY_E_SYSTEM when that isn't possible; else such a
 * folder is read_only. What isn't of the form is ASSAY_E_FORMAT, and never taken for nothing; a file or folder that others may write is
 * ASSAY_E_VERIFY; somebody else at it, ASSAY_E_SYSTEM.
 */
ASSAY_MUST_USE enum assay_status verify_state_open(const char *path, bool will_write,
    struct verify_state *state, struct assay_error *err);
void verify_state_done(struct verify_state *state);
/* Old or new, whatever happens meanwhile. */
ASSAY_MUST_USE enum assay_status verify_state_keep(struct verify_state *state, struct assay_error *err);
bool verify_state_used(const struct verify_state *state, const unsigned char rollback[ASSAY_SHA256_SIZE]);
/* Notes a rollback authorisation as used, and keeps it as it came for people to read: rollbacks/HEX.json. verify_state_keep() makes it count. */
ASSAY_MUST_USE enum assay_status verify_state_use(struct verify_state *state, const unsigned char rollback[ASSAY_SHA256_SIZE],
    struct assay_span authorisation, struct assay_error *err);

/* The file's bytes to what they say, and back; pure. */
ASSAY_MUST_USE enum assay_status verify_state_read(struct assay_span file, struct verify_state *state,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status verify_state_write(const struct verify_state *state, struct buf *out,
    struct assay_error *err);
