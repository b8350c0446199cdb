/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Releases, assay-release(5): TUF targets metadata that the delegated role 'release' signed, which names a manifest by its
 * digest. The caller brings the bytes, the time, and what it was told of the maker's first root out of band; nothing is
 * allocated, everything read is kept in the caller's room. The steps go in the order in which they stand here. One that fails
 * says why by a code of its own, and what it would have given isn't there.
 */
#pragma once

#include <assay/manifest.h>
#include <assay/tuf.h>

/* Largest of the files of a seal that are read here, in bytes: a root, who holds the roles, the release. */
#define ASSAY_RELEASE_ROOT_MAX (64u << 10)
#define ASSAY_RELEASE_TARGETS_MAX (64u << 10)
#define ASSAY_RELEASE_FILE_MAX (64u << 10)
/* Largest signed part of a release, in canonical form: what a token can be given at once. */
#define ASSAY_RELEASE_SIGNED_MAX 1536
/* Room that is always enough. */
#define ASSAY_RELEASE_ROOM (2u << 20)
/* Longest product and version, in bytes; both are of letters, digits and '.', '_', '+', '~', '-' (versions also ':'). */
#define ASSAY_RELEASE_WORD_MAX 64
/* Most targets of a release. */
#define ASSAY_RELEASE_TARGETS_COUNT_MAX 8

/* What is wrong. The names are stable; assay_release_code_name() gives them. */
enum assay_release_code {
	ASSAY_RELEASE_OK,             /* "intact": nothing */
	/* of the seal */
	ASSAY_RELEASE_NO_SEAL,        /* "no-seal": there is none, or a file of it isn't there */
	ASSAY_RELEASE_BAD_METADATA,   /* "bad-metadata": not such a file */
	ASSAY_RELEASE_FOREIGN_ROOT,   /* "foreign-root": its first root isn't the one that the operator was told of */
	ASSAY_RELEASE_ROOT_CHAIN,     /* "root-chain": a root that those before it don't vouch for */
	ASSAY_RELEASE_NO_AUTHORITY,   /* "no-authority": who may release isn't settled by the root's role 'targets' */
	ASSAY_RELEASE_AUTHORITY_OLDER, /* "authority-older": an older version of who may release, or of the root, than is known */
	ASSAY_RELEASE_UNSIGNED,       /* "unsigned": no signature at all */
	ASSAY_RELEASE_BAD_SIGNATURE,  /* "bad-signature": too few, and one in the name of a key that didn't make it */
	ASSAY_RELEASE_UNKNOWN_KEY,    /* "unknown-key": too few, and one by a key that may not release */
	ASSAY_RELEASE_REVOKED_KEY,    /* "revoked-key": too few, and one by a key that may not release any more */
	ASSAY_RELEASE_SAME_PERSON,    /* "same-person": keys enough, of too few people */
	ASSAY_RELEASE_TOO_FEW_KEYS,   /* "too-few-keys": good as far as they go, and fewer than asked */
	ASSAY_RELEASE_EXPIRED,        /* "expired": too old to be installed */
	ASSAY_RELEASE_WRONG_PRODUCT,  /* "wrong-product" */
	ASSAY_RELEASE_LOWER_VERSION,  /* "lower-version": below the floor */
	ASSAY_RELEASE_LOWER_COUNTER,  /* "lower-counter": the security counter is below the floor's */
	ASSAY_RELEASE_SAME_NUMBER,    /* "same-number": another release under the number that is installed */
	ASSAY_RELEASE_ROLLBACK_OTHER, /* "rollback-other": authorised is a rollback, but not this one */
	ASSAY_RELEASE_ROLLBACK_EXPIRED, /* "rollback-expired" */
	ASSAY_RELEASE_ROLLBACK_USED,  /* "rollback-used": it was made use of before; the caller's to say */
	ASSAY_RELEASE_CLOCK_SET_BACK, /* "clock-set-back": earlier than the clock was seen before */
	ASSAY_RELEASE_MANIFEST_CHANGED, /* "manifest-changed": the manifest isn't the one that was signed */
	ASSAY_RELEASE_TARGET_CHANGED, /* "target-changed": another file of the seal isn't */
	ASSAY_RELEASE_BAD_MANIFEST,   /* "bad-manifest": signed, and not of the form */
	ASSAY_RELEASE_SEAL_EXTRA,     /* "seal-extra": a file in the seal that nobody signed */
	/* of the tree */
	ASSAY_RELEASE_MISSING,        /* "missing" */
	ASSAY_RELEASE_EXTRA,          /* "extra": not in the manifest */
	ASSAY_RELEASE_TYPE,           /* "type": a link for a file and the like */
	ASSAY_RELEASE_MODE,           /* "mode" */
	ASSAY_RELEASE_SIZE,           /* "size" */
	ASSAY_RELEASE_CHANGED,        /* "changed": both digests differ */
	ASSAY_RELEASE_DIGESTS,        /* "digests-disagree": one digest is right and the other isn't */
	ASSAY_RELEASE_LINK,           /* "link": leads elsewhere */
	ASSAY_RELEASE_CAPABILITIES,   /* "capabilities" */
	ASSAY_RELEASE_WHILE_READ,     /* "changed-while-read" */
	ASSAY_RELEASE_UNREADABLE,     /* "unreadable": can't be said */
	ASSAY_RELEASE_NOTHING,        /* "nothing-checked" */
};
#define ASSAY_RELEASE_CODES 38

/* "too-few-keys"; never NULL. */
ASSAY_API const char *assay_release_code_name(enum assay_release_code code);
/* For who reads it on a ward: one clause in plain words; and what to do next. Never NULL. */
ASSAY_API const char *assay_release_code_text(enum assay_release_code code);
ASSAY_API const char *assay_release_code_todo(enum assay_release_code code);

/* What a release says of itself, signed. The spans point into the room. */
struct assay_release {
	struct assay_span product, version;
	uint64_t number;          /* rises with each release: the version of the metadata */
	uint64_t counter;         /* security counter */
	struct assay_span commit; /* hex of the commit that it was built from */
	struct assay_span tree;   /* hex of the SHA-256 of that commit's whole tree */
	int64_t expires;          /* the earliest of the root's, the roles' and its own, seconds since the epoch */
	const char *expires_file; /* whose that is: "release.json" */
	struct assay_tuf_target manifest; /* "release/manifest" */
	struct assay_tuf_tally tally;     /* of its signatures */
	unsigned char digest[ASSAY_SHA256_SIZE]; /* SHA-256 of the signed part: names the release */
	uint64_t root_version, targets_version;
	char fingerprint[ASSAY_TUF_HEX_SIZE];    /* of the first root; "" when the reading began at a later one that was trusted before */
};

/* One reading, in the caller's storage. */
struct assay_release_check {
	struct assay_tuf_state state;
	struct assay_tuf_meta targets, meta;
	struct assay_tuf_role role;        /* 'release' */
	struct assay_tuf_tally tally;      /* of the file at hand, whether enough or not */
	enum assay_release_code code;      /* why the last step failed */
	char fingerprint[ASSAY_TUF_HEX_SIZE];
	unsigned char rollback[ASSAY_SHA256_SIZE]; /* of the rollback authorisation that held: SHA-256 of its signed part */
	unsigned step;
};

/*
 * root: the first root, with fingerprint in hex as it was told out of band; or, with fingerprint NULL, the newest root that
 * this machine has trusted before. room->used is put to 0.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_release_begin(struct assay_tuf_room room, struct assay_span root,
    const char *fingerprint, struct assay_release_check *check, struct assay_error *err);
/* The next root, in order; one by the trusted root's own version must be that very file's signed part. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_release_root(struct assay_release_check *check,
    struct assay_span file, struct assay_error *err);
/* targets.json: who may release. No more roots after it. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_release_authority(struct assay_release_check *check,
    struct assay_span file, struct assay_error *err);
/*
 * release.json. That it has expired is no failure here: assay_release_allows() asks. A draft that too few have signed fails
 * with its code, and check->tally tells how far it came.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_release_read(struct assay_release_check *check,
    struct assay_span file, struct assay_release *ret_release, struct assay_error *err);
/* Steps through all targets of the release that was read: *cursor starts at 0; false at the end. */
ASSAY_API bool assay_release_next_target(const struct assay_release_check *check, size_t *cursor,
    struct assay_tuf_target *ret_target);

/* What a machine remembers of what was installed; all 0 where nothing was. */
struct assay_release_floor {
	uint64_t number, counter;     /* of the release that is installed; lowered by a rollback that was authorised */
	uint64_t root_version, targets_version; /* highest seen */
	int64_t seen;                 /* the latest time that the clock had */
	unsigned char digest[ASSAY_SHA256_SIZE]; /* of the release that is installed; all 0 where a machine can't remember it */
	char product[ASSAY_RELEASE_WORD_MAX + 1];
};

/* How far a clock may be set back before it is said, in seconds. */
#define ASSAY_RELEASE_CLOCK_SLACK 86400

enum assay_release_use {
	ASSAY_RELEASE_INSTALL,   /* about to be installed: expiry and floor refuse */
	ASSAY_RELEASE_INSTALLED, /* runs: not below the floor, not another of the floor's number; expiry is told and refuses nothing */
};

/*
 * Whether a release may be used so, by expiry, product and floor, at now (seconds since the epoch). product may be NULL: any, or the
 * floor's when it has one. ASSAY_E_VERIFY with check->code. *ret_expired tells of expiry in both uses.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_release_allows(struct assay_release_check *check,
    const struct assay_release *release, enum assay_release_use use, const char *product,
    const struct assay_release_floor *floor, int64_t now, bool *ret_expired, struct assay_error *err);

/*
 * A rollback authorisation, signed as a release is: ASSAY_OK when it lets this release take the place of the floor's, at now;
 * then *floor is lowered to just this release, and check->rollback names the authorisation. Call it after assay_release_read()
 * of the older release, before assay_release_allows(). That each is used once is the caller's to see to.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_release_rollback(struct assay_release_check *check,
    struct assay_span file, const struct assay_release *release, int64_t now, struct assay_release_floor *floor,
    struct assay_error *err);
/*
 * A file that calls itself an authorisation to go back to this release: ASSAY_OK when it was signed as a release is and is about this one,
 * whether or not it still holds and from whichever release. Call it after assay_release_read(). ASSAY_E_VERIFY with check->code.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_release_rollback_of(struct assay_release_check *check,
    struct assay_span file, const struct assay_release *release, struct assay_error *err);
/* What the floor becomes when this release has been installed at now. Never lower than it was but in the release's own numbers. */
ASSAY_API void assay_release_raise(const struct assay_release *release, int64_t now, struct assay_release_floor *floor);
