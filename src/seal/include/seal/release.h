/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Release metadata, assay-release(5): made, read back, and verified by assay/release.h as whoever receives it will.
 */
#pragma once

#include <assay/release.h>
#include <base/arena.h>
#include <trust/metadata.h>

/* The files of a seal. */
#define SEAL_RELEASE "release.json"
#define SEAL_TARGETS "targets.json"
#define SEAL_MANIFEST "manifest"
#define SEAL_ROLLBACK "rollback.json"
#define SEAL_INSIDE "assay-seal" /* a seal folder at the top of its own tree */
#define SEAL_SUFFIX ".seal"      /* one beside it */

/* A file of a seal that a release names as target "release/NAME". */
struct seal_part {
	const char *name;   /* in the seal */
	const char *target; /* "release/manifest" */
};
#define SEAL_PART_SBOM 1 /* where seal_parts has the bill of materials */
extern const struct seal_part seal_parts[];
extern const size_t seal_part_count;

/* What a release says. */
struct seal_terms {
	const char *repository; /* its id */
	const char *product, *version;
	uint64_t number, counter;
	const char *commit, *tree; /* hex */
	int64_t expires;
};

/* ASSAY_E_USAGE for what can't stand in a release; what names the option. */
ASSAY_MUST_USE enum assay_status seal_check_word(const char *what, const char *word, bool colon, struct assay_error *err);
/* A release with no targets and no signatures; ASSAY_E_USAGE for terms that can't be. */
ASSAY_MUST_USE enum assay_status seal_release_new(const struct seal_terms *terms, json_t **ret_document, struct assay_error *err);
/* Adds a target of this length and digest; that of the manifest says what the release is. */
ASSAY_MUST_USE enum assay_status seal_release_add(json_t *document, const char *target, uint64_t length,
    const unsigned char sha256[ASSAY_SHA256_SIZE], const struct seal_terms *terms, struct assay_error *err);
/* ASSAY_E_LIMIT when what is to be signed is larger than ASSAY_RELEASE_SIGNED_MAX. */
ASSAY_MUST_USE enum assay_status seal_release_fits(const json_t *document, struct assay_error *err);
/* A rollback authorisation: lets release number to, of this digest, take the place of release number from. */
struct seal_rollback {
	const char *repository, *product;
	uint64_t from, to;
	unsigned char to_release[ASSAY_SHA256_SIZE];
	const char *reason;
	int64_t expires;
};
#define SEAL_REASON_MAX 256
ASSAY_MUST_USE enum assay_status seal_rollback_new(const struct seal_rollback *rollback, json_t **ret_document,
    struct assay_error *err);

/* ---- seals that are there ---- */

/* What lies in a seal folder, in memory; the manifest alone is left where it is. */
struct seal {
	const char *path;
	struct arena *arena;
	struct assay_span roots[TRUST_VERSION_MAX]; /* 1.root.json first, up to the first that isn't there */
	size_t root_count;
	struct assay_span targets, release, rollback; /* data NULL: there is none */
	const char *extra;                            /* a file that has no business there, or NULL */
};

/* ASSAY_E_NOT_FOUND when there is no such folder. What it holds is believed by nobody yet. */
ASSAY_MUST_USE enum assay_status seal_read(const char *path, struct arena *arena, struct seal *ret_seal, struct assay_error *err);

/* How it stands with a seal. Whatever comes out, terms are what it says of itself, as far as it is readable. */
struct seal_state {
	struct assay_release_check check;
	struct assay_release release;   /* when complete */
	bool complete;                  /* signed by enough people, and every file of the seal is the one that was signed */
	bool draft;                     /* nothing is wrong but that people are still to sign */
	enum assay_release_code code;   /* why it isn't complete */
	const char *why;                /* in words */
	const char *product, *version, *commit, *tree, *repository; /* "" where it doesn't say */
	uint64_t number, counter;
	int64_t expires;                /* of release.json; 0 when unread */
	struct assay_tuf_target manifest; /* what the release says of it, when has_manifest */
	bool has_manifest;
	uint32_t people, threshold;
	const char *signed_by[TRUST_KEYS_MAX], *waiting[TRUST_KEYS_MAX]; /* persons */
	size_t signed_count, waiting_count;
	json_t *document, *authority; /* release.json, or rollback.json with seal_look_rollback(), and targets.json; NULL when unread */
	uint64_t from, to;              /* seal_look_rollback(): the releases' numbers */
	const char *reason;             /* and why */
};

/*
 * Verifies a seal against the fingerprint of a first root (never NULL). With members false its files are left for the caller to
 * verify. Errors are of memory and the system alone; what is wrong with the seal is in *ret_state.
 */
ASSAY_MUST_USE enum assay_status seal_look(const struct seal *seal, const char *fingerprint, bool members,
    struct seal_state *ret_state, struct assay_error *err);
/*
 * The same of its rollback authorisation, after seal_look() found the seal complete: whether it would let this release take the place of
 * the one that it names, at now. state keeps borrowing from of.
 */
ASSAY_MUST_USE enum assay_status seal_look_rollback(const struct seal *seal, const struct seal_state *of, int64_t now,
    struct seal_state *ret_state, struct assay_error *err);
void seal_state_done(struct seal_state *state);
/* Length and digest of a file of a seal. */
ASSAY_MUST_USE enum assay_status seal_measure(const char *folder, const char *name, uint64_t *ret_length,
    unsigned char ret_sha256[ASSAY_SHA256_SIZE], struct assay_error *err);
/*
 * The id of the signer's key when it may sign releases, and whose it is; borrowed from authority, targets.json. ASSAY_E_USAGE when it
 * isn't in the role, or its person has signed what state (may be NULL) is about.
 */
ASSAY_MUST_USE enum assay_status seal_own_key(const json_t *authority, const struct seal_state *state, const struct signer *signer,
    const char **ret_id, const char **ret_person, struct assay_error *err);
