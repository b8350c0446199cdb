/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TUF 1.0.34 metadata, the writing side: who may decide what, as it lies in assay/trust/ (assay-trust(5)).
 *
 * A document is {"signatures": [...], "signed": {...}} in memory; what is signed is the canonical form of "signed". assay/tuf.h
 * reads and verifies such files; nothing here decides whether one is believed.
 */
#pragma once

#include <assay/hash.h>
#include <assay/tuf.h>
#include <base/buf.h>
#include <codec/canon.h>
#include <stdbool.h>
#include <stdint.h>
#include <trust/signer.h>

#define TRUST_SPEC "1.0.34"
#define TRUST_FOLDER "assay/trust"
#define TRUST_FILE_MAX (1u << 20)   /* bytes of one document */
#define TRUST_KEYS_MAX 64           /* keys of one document */
#define TRUST_VERSION_MAX 1024      /* of roots: the chain is walked from the first */
#define TRUST_THRESHOLD_MAX 64
#define TRUST_ID_MAX 64             /* bytes of a person's id */
#define TRUST_NAME_MAX 128
/* In delegations: keys that lost a role, {id: "YYYY-MM-DD"}, and most of them. */
#define TRUST_REVOKED "x-assay-revoked"
#define TRUST_REVOKED_MAX 256

/* The documents, in the order in which one has to stand before the next can. */
enum trust_part { TRUST_ROOT, TRUST_TARGETS, TRUST_POLICY };
#define TRUST_PARTS 3

/* A role, and the document that says who holds it. */
struct trust_role {
	const char *name;
	enum trust_part home;
	const char *decides;        /* for people: "who holds which role" */
	const char *const *paths;   /* delegated roles: what they may speak of; NULL for the root's own */
	enum signer_use use;        /* what its holders sign, and so which keys can hold it */
};
extern const struct trust_role trust_roles[];
extern const size_t trust_role_count;
const struct trust_role *trust_role_find(const char *name);
/* "root", "targets", "policy": also the role that signs the document. */
const char *trust_part_name(enum trust_part part);

/* ---- keys ---- */

/* A person's key as an enrolment has it. */
struct trust_person {
	const char *id;         /* as in the roster */
	const char *name;
	const char *title;      /* what they are there: "quality lead"; "" for nothing */
	const char *repository; /* the repository's id: an enrolment counts nowhere else */
};
/*
 * signer's key as metadata has it, and the key's own signature over the enrolment: proof that whoever enrols it holds it.
 * ASSAY_E_USAGE for a person's id, name or title that can't stand there.
 */
struct trust_enrolment {
	char id[ASSAY_TUF_HEX_SIZE];
	json_t *key;    /* {"keytype", "scheme", "keyval", "x-assay-person", "x-assay-role"} */
	json_t *record; /* {"name", "proof": hex} */
};
ASSAY_MUST_USE enum assay_status trust_enrol(struct signer *signer, const struct trust_person *person,
    struct trust_enrolment *ret_enrolment, struct assay_error *err);
void trust_enrolment_done(struct trust_enrolment *e);
/* ASSAY_E_VERIFY when a key of document has no proof of its own for this repository, naming it. */
ASSAY_MUST_USE enum assay_status trust_check_proofs(const json_t *document, const char *repository,
    struct assay_error *err);
/* The key of document that signer holds: its id; ASSAY_E_NOT_FOUND when there is none. Borrowed. */
ASSAY_MUST_USE enum assay_status trust_own_key(const json_t *document, const struct signer *signer,
    const char **ret_id, struct assay_error *err);

/* ---- documents ---- */

/* An empty document of this kind, version 1: no keys, thresholds of 1. */
ASSAY_MUST_USE enum assay_status trust_new(enum trust_part part, const char *repository,
    json_t **ret_document, struct assay_error *err);
/* The next version of document, without signatures. */
ASSAY_MUST_USE enum assay_status trust_next(const json_t *document, json_t **ret_document,
    struct assay_error *err);
/* Reads one; what isn't such a document is ASSAY_E_FORMAT, before anything in it is used. name stands in errors. */
ASSAY_MUST_USE enum assay_status trust_read(struct assay_span bytes, const char *name,
    enum trust_part part, json_t **ret_document, struct assay_error *err);
/* As it is stored: keys sorted, one value a line, so that people can review a change. */
ASSAY_MUST_USE enum assay_status trust_write(const json_t *document, struct buf *out,
    struct assay_error *err);
/* The canonical form that signatures and digests of metadata are over: assay/json.h's, where a line end in a string stands as it is. */
ASSAY_MUST_USE enum assay_status trust_canonical(const json_t *value, struct buf *out,
    struct assay_error *err);
/* Canonical form of "signed". */
ASSAY_MUST_USE enum assay_status trust_signed(const json_t *document, struct buf *out,
    struct assay_error *err);
/* SHA-256 of it: of the first root, its fingerprint; of a policy document, the policy state's digest. */
ASSAY_MUST_USE enum assay_status trust_digest(const json_t *document,
    unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err);
int64_t trust_version(const json_t *document);
const char *trust_expires(const json_t *document);
ASSAY_MUST_USE enum assay_status trust_set_expires(json_t *document, int64_t when,
    struct assay_error *err);
/* Adds a signature under this id, or puts it in the place of an earlier one. */
ASSAY_MUST_USE enum assay_status trust_sign(json_t *document, struct signer *signer, const char *id,
    struct assay_error *err);
void trust_drop_signatures(json_t *document);

/* ---- roles ---- */

/* The role's {"keyids", "threshold"} in the document of its home; NULL when it isn't there. Borrowed. */
json_t *trust_role_of(const json_t *home, const struct trust_role *role);
/* The document's {keyid: key}; borrowed. */
json_t *trust_keys(const json_t *document);
/* Whose the key of this id is; "" when it isn't there or names nobody. */
const char *trust_key_person(const json_t *document, const char *id);
/* The name that the person enrolled under, else their id. */
const char *trust_key_name(const json_t *document, const char *id);
/*
 * Gives an enrolled key the role; the role comes to be when it isn't there. ASSAY_E_USAGE when the key stands under another person
 * in home or beside (another document, may be NULL), or holds the role already.
 */
ASSAY_MUST_USE enum assay_status trust_grant(json_t *home, const json_t *beside,
    const struct trust_role *role, const struct trust_enrolment *e, struct assay_error *err);
/*
 * Takes every key of this id or person from the role (NULL: from all roles); *ret_taken: how many. Keys without a role go; those that
 * lost a delegated one are on record with the day ("YYYY-MM-DD").
 */
ASSAY_MUST_USE enum assay_status trust_revoke(json_t *home, const struct trust_role *role,
    const char *who, const char *day, size_t *ret_taken, struct assay_error *err);
ASSAY_MUST_USE enum assay_status trust_set_threshold(json_t *home, const struct trust_role *role,
    int64_t threshold, struct assay_error *err);
/* Distinct persons who hold the role; NULL holds nobody. */
size_t trust_holders(const json_t *home, const json_t *role);
/* ASSAY_E_USAGE when a role's threshold is more than the persons who hold it, naming it. */
ASSAY_MUST_USE enum assay_status trust_check_thresholds(const json_t *document,
    struct assay_error *err);

/* ---- a policy state ---- */

/* Adds a file ("assay/policy.yaml") to a policy document. */
ASSAY_MUST_USE enum assay_status trust_add_file(json_t *policy, const char *path,
    struct assay_span bytes, struct assay_error *err);
