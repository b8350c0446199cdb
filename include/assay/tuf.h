/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Metadata of The Update Framework, specification 1.0.34, and its client workflow (section 5) over bytes that the
 * caller fetched. Nothing is allocated: what is kept lies in the caller's room. assay-trust(5) says what assay asks
 * beyond the specification:
 *
 * A key is its SubjectPublicKeyInfo. Its keyid must be the SHA-256 of its canonical JSON, and decides nothing else.
 * The algorithm is the key's. The member "x-assay-person" says whose the key is and "x-assay-role" what they are; a
 * threshold counts distinct keys of distinct people, and all keys that name nobody are one person's. One key under
 * two people is an error, and so is a weak key. A key of a kind that isn't known here never counts.
 */
#pragma once

#include <assay/hash.h>
#include <assay/json.h>
#include <assay/sshkey.h>
#include <stdbool.h>
#include <stdint.h>

/* Largest files that are read, in bytes (5.3.3 W, 5.4.1 X, 5.5.1 Y, 5.6.1 Z). */
#define ASSAY_TUF_ROOT_MAX (256u << 10)
#define ASSAY_TUF_TIMESTAMP_MAX (16u << 10)
#define ASSAY_TUF_SNAPSHOT_MAX (1u << 20)
#define ASSAY_TUF_TARGETS_MAX (4u << 20)
/* Most new roots in one update (5.3.3 Y); most roles that a search looks at (5.6.7.1), and how deep it goes. */
#define ASSAY_TUF_ROOTS_MAX 1024
#define ASSAY_TUF_ROLES_MAX 32
#define ASSAY_TUF_CHAIN_MAX 8
/* Most keys, signatures and delegations in one file; most patterns of one delegation. */
#define ASSAY_TUF_KEYS_MAX 128
#define ASSAY_TUF_SIGNATURES_MAX 128
#define ASSAY_TUF_DELEGATIONS_MAX 256
#define ASSAY_TUF_PATTERNS_MAX 1024
/* Longest name of a role; of a person or of what they are; of a target's path, in bytes. */
#define ASSAY_TUF_NAME_MAX 64
#define ASSAY_TUF_PERSON_MAX 128
#define ASSAY_TUF_PATH_MAX 1024
/* A keyid or a fingerprint: hex of SHA-256, with its NUL. */
#define ASSAY_TUF_HEX_SIZE 65
/* "NUMBER.NAME.json" with its NUL. */
#define ASSAY_TUF_FILE_NAME_SIZE (ASSAY_TUF_NAME_MAX + 32)
/* Largest SubjectPublicKeyInfo: RSA of 16384 bits. */
#define ASSAY_TUF_SPKI_MAX 2176
/* Room for a signature in hex, with its NUL: RSA of 16384 bits. */
#define ASSAY_TUF_SIGNATURE_SIZE 4097
/* Room for a key as JSON, with its NUL, names included. */
#define ASSAY_TUF_KEY_JSON_SIZE (4096 + 2 * ASSAY_TUF_PERSON_MAX)

/*
 * Storage of the caller's, filled from its start. What is parsed keeps its canonical form there (never more than the
 * file's length); reading needs ASSAY_JSON_ROOM of the file's length for a moment. Putting used back to an earlier
 * value drops what was parsed since. ASSAY_TUF_ROOM is enough for a state and the search through ASSAY_TUF_ROLES_MAX
 * roles of ordinary size; too small a room is ASSAY_E_LIMIT.
 */
#define ASSAY_TUF_ROOM (64u << 20)
struct assay_tuf_room {
	unsigned char *data;
	size_t size;
	size_t used;
};

enum assay_tuf_type {
	ASSAY_TUF_ROOT,
	ASSAY_TUF_TIMESTAMP,
	ASSAY_TUF_SNAPSHOT,
	ASSAY_TUF_TARGETS,
};

/* One file of metadata, its form checked, its signatures not. */
struct assay_tuf_meta {
	enum assay_tuf_type type;
	uint64_t version;             /* 1 or above */
	int64_t expires;              /* seconds since the epoch, UTC */
	struct assay_span payload;    /* the signed part in canonical form: the very bytes that signatures are over */
	struct assay_span signatures; /* canonical JSON */
};

enum assay_tuf_scheme {
	ASSAY_TUF_ED25519,
	ASSAY_TUF_ECDSA_P256,     /* SHA-256, signatures in DER */
	ASSAY_TUF_ECDSA_P384,     /* SHA-384, signatures in DER */
	ASSAY_TUF_RSA_PSS_SHA256, /* MGF1 with the same hash, salt as long as the digest */
	ASSAY_TUF_RSA_PSS_SHA384,
};

struct assay_tuf_key {
	enum assay_tuf_scheme scheme;
	unsigned char spki[ASSAY_TUF_SPKI_MAX]; /* DER: what the key is */
	size_t spki_len;
	unsigned char spki_sha256[ASSAY_SHA256_SIZE];
	char keyid[ASSAY_TUF_HEX_SIZE];
	struct assay_span person; /* empty when it names nobody */
	struct assay_span role;   /* what they are, for people to read; may be empty */
};

/* Who may sign for a role, and for which paths. The spans are canonical JSON, for the functions below. */
struct assay_tuf_role {
	struct assay_span name;
	uint32_t threshold;
	bool terminating; /* of a delegation */
	struct assay_span keyids;
	struct assay_span keys;
	struct assay_span paths;    /* of a delegation; empty when it goes by prefixes */
	struct assay_span prefixes; /* of a delegation: path_hash_prefixes */
};

/* What signatures for a role came to. */
struct assay_tuf_tally {
	uint32_t threshold; /* people asked for */
	uint32_t people;    /* distinct people among the keys that signed */
	uint32_t keys;      /* distinct keys with a good signature */
	uint32_t bad;       /* signatures in the name of the role's keys that do not hold */
};

struct assay_tuf_target {
	struct assay_span path;
	uint64_t length;
	bool has_sha256, has_sha512; /* at least one; all that are there must match */
	unsigned char sha256[ASSAY_SHA256_SIZE];
	unsigned char sha512[ASSAY_SHA512_SIZE];
	struct assay_span custom; /* canonical JSON, or empty */
	struct assay_span role;   /* who says so: set by assay_tuf_find() */
};

/* What timestamp or snapshot say of another file of metadata. */
struct assay_tuf_file {
	struct assay_span name; /* "policy.json" */
	uint64_t version;
	bool has_length, has_sha256, has_sha512;
	uint64_t length;
	unsigned char sha256[ASSAY_SHA256_SIZE];
	unsigned char sha512[ASSAY_SHA512_SIZE];
};

/* ---- Files by themselves --------------------------------------------------------------------------------------- */

/*
 * Reads a file of metadata into room and checks its whole form: members, keys, roles, paths. Says nothing about who
 * signed it. Errors: ASSAY_E_FORMAT; ASSAY_E_VERSION for a specification that is not 1.x; ASSAY_E_LIMIT;
 * ASSAY_E_VERIFY for a keyid that is not its key's, a weak key, one key under two people.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_parse(struct assay_span file,
    struct assay_tuf_room *room, struct assay_tuf_meta *ret_meta, struct assay_error *err);

/* FINGERPRINT: hex of the SHA-256 of the payload. For the first root, it is what auditors are given out of band. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_fingerprint(const struct assay_tuf_meta *meta,
    char ret_hex[ASSAY_TUF_HEX_SIZE]);

/*
 * ASSAY_E_VERIFY when a key of one file stands under another person in the other. The workflow asks it of a root and the
 * next, and of what delegates and what is delegated; who reads files by themselves has to ask.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_same_people(const struct assay_tuf_meta *a,
    const struct assay_tuf_meta *b, struct assay_error *err);

/* A role of a root: "root", "timestamp", "snapshot" or "targets". ASSAY_E_NOT_FOUND for others. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_role(const struct assay_tuf_meta *root,
    const char *name, struct assay_tuf_role *ret_role);

/* Steps through the delegations of targets metadata in their order: *cursor starts at 0; false at the end. */
ASSAY_API bool assay_tuf_next_delegation(const struct assay_tuf_meta *targets, size_t *cursor,
    struct assay_tuf_role *ret_role);

/* Steps through the keys that a role names, those of unknown kind left out: *cursor starts at 0; false at the end. */
ASSAY_API bool assay_tuf_next_key(const struct assay_tuf_role *role, size_t *cursor,
    struct assay_tuf_key *ret_key);

/* True when a delegation is trusted for a path, by pattern ('*' and '?', neither of which is '/') or by hash prefix. */
ASSAY_API bool assay_tuf_covers(const struct assay_tuf_role *role, struct assay_span path);

/*
 * Counts the signatures of meta by the keys of role. ASSAY_OK when the threshold is met, else ASSAY_E_VERIFY; ret_tally
 * (may be NULL) is set in both cases.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_tally(const struct assay_tuf_meta *meta,
    const struct assay_tuf_role *role, struct assay_tuf_tally *ret_tally, struct assay_error *err);

/* ASSAY_OK when meta carries a good signature by key; ASSAY_E_NOT_FOUND when none by it; ASSAY_E_VERIFY when a bad one. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_signed_by(const struct assay_tuf_meta *meta,
    const struct assay_tuf_key *key);

/* Steps through the targets, sorted by path: *cursor starts at 0; false at the end. */
ASSAY_API bool assay_tuf_next_target(const struct assay_tuf_meta *targets, size_t *cursor,
    struct assay_tuf_target *ret_target);

/* Steps through what timestamp or snapshot metadata lists, sorted by name: *cursor starts at 0; false at the end. */
ASSAY_API bool assay_tuf_next_file(const struct assay_tuf_meta *meta, size_t *cursor,
    struct assay_tuf_file *ret_file);

/* ---- The client workflow, section 5 ---------------------------------------------------------------------------- */

enum assay_tuf_phase {
	ASSAY_TUF_AT_ROOT,      /* new roots may come (5.3) */
	ASSAY_TUF_AT_TIMESTAMP, /* roots are done (5.4) */
	ASSAY_TUF_AT_SNAPSHOT,  /* timestamp is trusted (5.5) */
	ASSAY_TUF_AT_TARGETS,   /* snapshot is trusted (5.6) */
	ASSAY_TUF_AT_SEARCH,    /* targets are trusted (5.6.7) */
};

/*
 * One update. The functions are called in the order in which they stand here; another order is ASSAY_E_USAGE. One that
 * fails changes nothing, so the caller may give up or go on with what is trusted. Between updates the caller keeps the
 * files that were accepted: root, timestamp, snapshot.
 */
struct assay_tuf_state {
	struct assay_tuf_room room;
	int64_t now; /* the fixed start time (5.1) */
	enum assay_tuf_phase phase;
	struct assay_tuf_meta root, timestamp, snapshot, targets;
	bool has_timestamp, has_snapshot; /* trusted, from before or new */
	bool consistent;                  /* consistent snapshots (5.3.12) */
	/*
	 * 5.3.11: keys of timestamp or snapshot were rotated. The caller deletes its two files, before it keeps the new
	 * root.
	 */
	bool forget;
	uint32_t roots;    /* new ones accepted */
	size_t base, mark; /* where root, and the file that the next one replaces, begin in the room */
};

/*
 * 5.1 and 5.2: fixes the time and takes the trusted root, which must be signed by its own threshold; that it has expired
 * does not matter. fingerprint: hex, as handed over out of band, and then root is the first root; or NULL when the
 * caller has trusted this very file before. room->used may be above 0: what lies below stays.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_begin(struct assay_tuf_room room, int64_t now,
    struct assay_span root, const char *fingerprint, struct assay_tuf_state *ret_state,
    struct assay_error *err);

/*
 * 5.3.3 to 5.3.9: the next root. *ret_new is false when it has the trusted one's version and was set aside. Above
 * ASSAY_TUF_ROOTS_MAX: ASSAY_E_LIMIT, and the caller goes on with assay_tuf_roots_done().
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_update_root(struct assay_tuf_state *state,
    struct assay_span file, bool *ret_new, struct assay_error *err);

/* 5.3.10 to 5.3.12: no more roots. ASSAY_E_VERIFY when the trusted root has expired. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_roots_done(struct assay_tuf_state *state,
    struct assay_error *err);

/*
 * The timestamp that was accepted in an earlier update, expired or not: what a new one is held against.
 * ASSAY_E_NOT_FOUND when it is to be forgotten (state->forget); ASSAY_E_VERIFY when it isn't signed by the
 * trusted root's keys. In both cases it counts as deleted, and the caller goes on.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_load_timestamp(struct assay_tuf_state *state,
    struct assay_span file, struct assay_error *err);

/* 5.4: a new timestamp. *ret_new is false when it has the trusted one's version and was set aside. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_update_timestamp(struct assay_tuf_state *state,
    struct assay_span file, bool *ret_new, struct assay_error *err);

/* The snapshot that was accepted in an earlier update; as assay_tuf_load_timestamp(). */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_load_snapshot(struct assay_tuf_state *state,
    struct assay_span file, struct assay_error *err);

/* 5.5: the snapshot that the timestamp names. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_update_snapshot(struct assay_tuf_state *state,
    struct assay_span file, struct assay_error *err);

/* 5.6.1 to 5.6.6: the top-level targets metadata that the snapshot names. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_update_targets(struct assay_tuf_state *state,
    struct assay_span file, struct assay_error *err);

/*
 * The same checks for the metadata of a role to which targets metadata delegates: state->targets, or what this function
 * returned before. ret_meta lies in the state's room. ASSAY_E_NOT_FOUND when from has no such delegation or the
 * snapshot doesn't list it.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_update_delegated(struct assay_tuf_state *state,
    const struct assay_tuf_meta *from, const char *role, struct assay_span file,
    struct assay_tuf_meta *ret_meta, struct assay_error *err);

/*
 * Gets the file of a role's metadata for a search, of at most limit bytes; name is what assay_tuf_file_name() gives.
 * The bytes stay until the next call.
 */
typedef enum assay_status (*assay_tuf_fetch)(void *ctx, const char *name, size_t limit,
    struct assay_span *ret_file, struct assay_error *err);

/*
 * 5.6.7 and 5.7.1, 5.7.2: who speaks for a path, top-level targets first, then delegations in preorder, and what they
 * say. ASSAY_E_NOT_FOUND when nobody does; any other error of a role on the way ends the search. ret_target points into
 * the state's room.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_find(struct assay_tuf_state *state,
    struct assay_span path, assay_tuf_fetch fetch, void *ctx, struct assay_tuf_target *ret_target,
    struct assay_error *err);

/* 5.7.3: ASSAY_OK when the file has the target's length and digests, else ASSAY_E_VERIFY. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_target_check(
    const struct assay_tuf_target *target, struct assay_span file, struct assay_error *err);

/* The name under which metadata is fetched: "timestamp.json", "7.policy.json" with consistent snapshots or for a root. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_file_name(const struct assay_tuf_state *state,
    const char *role, uint64_t version, char ret_name[ASSAY_TUF_FILE_NAME_SIZE]);

/*
 * The path under which a target is fetched, with a NUL: "dir/HASH.file" with consistent snapshots, else as it is.
 * ASSAY_E_LIMIT when out is too small.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_target_name(const struct assay_tuf_state *state,
    const struct assay_tuf_target *target, char *out, size_t room);

/* ---- Policy states --------------------------------------------------------------------------------------------- */

/* True for a path that a policy state covers: under "assay/", but not what there stands by its own signatures. */
ASSAY_API bool assay_tuf_in_policy(struct assay_span path);

/* Digest of a policy state: SHA-256 of the "targets" member in canonical form. Signing it again for longer keeps it. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_policy_digest(
    const struct assay_tuf_meta *policy, unsigned char ret_digest[ASSAY_SHA256_SIZE]);

struct assay_tuf_policy_file {
	struct assay_span path; /* as in the repository: "assay/roster.yaml" */
	uint64_t length;
	unsigned char sha256[ASSAY_SHA256_SIZE];
};

enum assay_tuf_difference {
	ASSAY_TUF_CHANGED,  /* its bytes are not those that were authorised */
	ASSAY_TUF_ADDED,    /* in the tree, authorised by nobody */
	ASSAY_TUF_MISSING,  /* authorised, and not in the tree */
	ASSAY_TUF_OUTSIDE, /* listed by the role, which isn't trusted for it or lists it without SHA-256 */
};

struct assay_tuf_policy_cursor {
	size_t target, file;
};

/*
 * Steps through the differences between a policy state and the files of a tree, sorted by path; those that no policy
 * state covers are passed over. role: the delegation to who signed policy. *cursor starts at { 0, 0 }; false when
 * there is no further difference.
 */
ASSAY_API bool assay_tuf_next_difference(const struct assay_tuf_meta *policy,
    const struct assay_tuf_role *role, const struct assay_tuf_policy_file *files, size_t count,
    struct assay_tuf_policy_cursor *cursor, enum assay_tuf_difference *ret_what,
    struct assay_span *ret_path);

/* ---- For who signs --------------------------------------------------------------------------------------------- */

/*
 * The key of an SSH public key: Ed25519, or ECDSA on P-256 or P-384; ASSAY_E_UNSUPPORTED for others, ASSAY_E_VERIFY for a
 * weak one. person and role: UTF-8 without control characters, '"' and '\'; role may be empty.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_key_from_ssh(const struct assay_pubkey *ssh,
    struct assay_span person, struct assay_span role, struct assay_tuf_key *ret_key,
    struct assay_error *err);

/* Reads a key as it stands in metadata, JSON in any spelling. The names point into room. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_key_parse(struct assay_span json,
    struct assay_tuf_room *room, struct assay_tuf_key *ret_key, struct assay_error *err);

/* Writes a key as JSON, with a NUL; a line end in PEM stands there as "\n". */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_key_json(const struct assay_tuf_key *key,
    char ret_json[ASSAY_TUF_KEY_JSON_SIZE]);

/* Verifies one signature, as bytes, over a payload. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_key_verify(const struct assay_tuf_key *key,
    struct assay_span signature, struct assay_span payload);

/* The hex for "sig" out of what an SSH agent answered (RFC 4253 section 6.6), whose algorithm must be the key's. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_tuf_signature_from_ssh(
    const struct assay_tuf_key *key, struct assay_span blob,
    char ret_hex[ASSAY_TUF_SIGNATURE_SIZE], struct assay_error *err);
