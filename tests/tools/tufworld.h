/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small repository of TUF metadata with its people, for the tests of libassay. What is made is freed by world_done().
 *
 * Keys by letter: a Anna (Ed25519), A her second one (P-256), b Bea (P-256), c Carl (P-384), d Dora (RSA-PSS SHA-256),
 * f Frank (RSA-PSS SHA-384), e Eve (Ed25519, in no role), r and s two machines' keys (Ed25519) that name nobody.
 */
#pragma once

#include <assay/tuf.h>

#include "tufmake.h"

/* 2030-03-17T17:46:40Z */
#define WORLD_NOW 1900000000
#define WORLD_AT_NOW "2030-03-17T17:46:40Z"
#define WORLD_LATER "2031-01-01T00:00:00Z"
#define WORLD_BEFORE "2030-01-01T00:00:00Z"

int world_make(void **state);
int world_done(void **state);
struct tufmake_key *world_key(char letter);

/* Payloads, to be changed before they are signed. */
json_t *world_root(int version);
json_t *world_targets(int version);
/* Lists files: pairs of role and bytes end with NULL; each is given that version, with length and SHA-256. */
json_t *world_snapshot(int version, ...);
json_t *world_timestamp(int version, int snapshot_version, struct assay_span snapshot);
void world_set(json_t *payload, const char *path, json_t *value);
/* Gives a role of a root, or the delegations of targets, these keys. */
void world_role(json_t *root, const char *role, const char *letters, int threshold);
void world_delegate(json_t *targets, const char *role, const char *letters, int threshold, const char *pattern,
    bool terminating);
void world_target(json_t *targets, const char *path, const char *content);

/* Signs by the keys of these letters, and writes. Takes payload over. */
struct assay_span world_sign(json_t *payload, const char *letters);
/* Writes an envelope as it is, or any other JSON. Takes it over. */
struct assay_span world_write(json_t *value);
json_t *world_envelope(json_t *payload, const char *letters);

struct world_repo {
	struct assay_span root, timestamp, snapshot, targets, policy;
};
/* All is as it should be; the role "policy" (b and c, both) is trusted for the pattern "assay" of two depths. */
struct world_repo world_repo(void);

/* Runs an update as far as this phase, which must succeed. */
struct assay_tuf_state world_at(const struct world_repo *repo, enum assay_tuf_phase phase);
struct assay_tuf_room world_room(void);

#define ACCEPT(call) world_check(__FILE__, __LINE__, #call, (call), ASSAY_OK, "")
/* words: part of what the error says. */
#define REJECT(call, status, words) world_check(__FILE__, __LINE__, #call, (call), status, words)
extern struct assay_error world_error;
void world_check(const char *file, int line, const char *call, enum assay_status status, enum assay_status wanted,
    const char *words);
