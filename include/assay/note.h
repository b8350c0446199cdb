/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C2SP signed notes (c2sp.org/signed-note) and log checkpoints (c2sp.org/tlog-checkpoint).
 */
#pragma once

#include <assay/merkle.h>
#include <stdbool.h>

/* Largest note that is read, in bytes, and most signatures on one. */
#define ASSAY_NOTE_MAX 65536
#define ASSAY_NOTE_SIGNATURES_MAX 64
/* Room for a verifier key "NAME+HASH+BASE64" with its NUL. */
#define ASSAY_VKEY_SIZE 512

struct assay_note {
	struct assay_span text;       /* what is signed, its last newline included */
	struct assay_span signatures; /* the signature lines */
};

struct assay_note_signature {
	struct assay_span name;
	unsigned char key_hash[4];
	unsigned char signature[64]; /* Ed25519, when ed25519 */
	bool ed25519;                /* false: another kind, kept by name only */
};

/* A verifier key: name, and an Ed25519 key (signature type 0x01). */
struct assay_note_key {
	struct assay_span name;
	unsigned char key_hash[4];
	unsigned char ed25519[32];
};

struct assay_checkpoint {
	struct assay_span origin;
	uint64_t size;
	struct assay_node root;
	struct assay_span extension; /* further lines, may be empty */
};

ASSAY_API ASSAY_MUST_USE enum assay_status assay_note_parse(struct assay_span bytes,
    struct assay_note *ret_note, struct assay_error *err);
/* Steps through the signatures: *cursor starts at 0; false at the end. */
ASSAY_API bool assay_note_next_signature(const struct assay_note *note, size_t *cursor,
    struct assay_note_signature *ret_signature);
/* The key hash of (name, Ed25519 key): first four bytes of SHA-256(name LF 0x01 key). */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_note_key_hash(struct assay_span name,
    const unsigned char ed25519[32], unsigned char ret_hash[4]);
/* Reads "NAME+HASH+BASE64". */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_note_key_parse(struct assay_span vkey,
    struct assay_note_key *ret_key, struct assay_error *err);
/* ASSAY_OK when the note carries a valid signature by key; ASSAY_E_NOT_FOUND when none by it. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_note_verify(const struct assay_note *note,
    const struct assay_note_key *key, struct assay_error *err);
ASSAY_API ASSAY_MUST_USE enum assay_status assay_checkpoint_parse(struct assay_span text,
    struct assay_checkpoint *ret_checkpoint, struct assay_error *err);
