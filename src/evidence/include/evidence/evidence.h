/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence: raw members as they go into a pack, and the facts that a pure function reads out of them.
 */
#pragma once

#include <assay/hash.h>
#include <base/arena.h>
#include <base/buf.h>
#include <base/pool.h>
#include <policy/catalog.h>
#include <stdbool.h>

enum completeness { EVIDENCE_COMPLETE, EVIDENCE_PARTIAL, EVIDENCE_UNREADABLE };

/* One member of the pack: "git/objects", bytes as fetched. */
struct evidence_member {
	const char *name;
	struct assay_span bytes;
	unsigned char sha256[ASSAY_SHA256_SIZE];
};

struct evidence {
	const char *kind;    /* row of the table of kinds */
	const char *subject; /* what was looked at, in words that mean something elsewhere: ref and commit id */
	struct grade grade;
	enum completeness completeness;
	const char *why;     /* when not complete */
	bool fleeting;       /* rests on what may change without the repository: for this run alone; told to nobody */
	struct evidence_member *members;
	size_t member_count;
	const void *facts;   /* of the kind's own type; NULL when unreadable */
	unsigned char digest[ASSAY_SHA256_SIZE]; /* of evidence_describe()'s canonical JSON */
};

struct evidence_set {
	struct evidence *items;
	size_t count;
};

/* What parse may use: memory, threads and an optional memo. Nothing of it changes the facts. */
struct parse_context {
	struct arena *arena;
	struct pool *pool; /* NULL: on this thread */
	struct memo *memo; /* NULL: none; see evidence/memo.h */
};

/*
 * One row a kind: raw members → facts; pure. A kind has one grade: evidence that says otherwise of itself is refused,
 * so that no pack lifts the maker's word to more than that.
 */
struct evidence_kind {
	const char *name;
	struct grade grade;
	enum assay_status (*parse)(const struct evidence *raw, const struct parse_context *c,
	    const void **ret_facts, struct assay_error *err);
	const char *absent, *bring; /* in words: that there is none, and what brings it; NULL: looking at the repository does */
};

extern const struct evidence_kind evidence_kinds[];
extern const size_t evidence_kind_count;
/* Most items of a set, and most members of an item. */
#define EVIDENCE_ITEMS_MAX 256
#define EVIDENCE_MEMBERS_MAX 4096

/* The kind's row, or NULL. */
const struct evidence_kind *evidence_kind_find(const char *name);
/*
 * Fills facts of every item from its members; unreadable ones keep NULL. A kind that this version doesn't know is
 * ASSAY_E_VERSION, a kind that stands twice ASSAY_E_FORMAT, a grade that isn't the kind's ASSAY_E_VERIFY.
 */
ASSAY_MUST_USE enum assay_status evidence_parse_all(struct evidence_set *set,
    const struct parse_context *c, struct assay_error *err);
/* The facts of the item of this kind, or NULL. */
const void *evidence_facts(const struct evidence_set *set, const char *kind);
const struct evidence *evidence_find(const struct evidence_set *set, const char *kind);
/* The member's bytes; data NULL when there is none. */
struct assay_span evidence_member(const struct evidence *e, const char *name);
/* Sets members' digests and the item's (over its canonical JSON, without the digest); call once members are final. */
ASSAY_MUST_USE enum assay_status evidence_seal(struct evidence *e, struct assay_error *err);
/*
 * Canonical JSON of all items but their bytes, as it goes into the pack ("evidence.json"), and back.
 */
ASSAY_MUST_USE enum assay_status evidence_describe(const struct evidence_set *set, struct buf *out,
    struct assay_error *err);
/* Members of the result have names and digests, no bytes: the pack's reader joins them. Newer formats are ASSAY_E_VERSION. */
ASSAY_MUST_USE enum assay_status evidence_read(struct assay_span json, struct arena *arena,
    struct evidence_set *ret_set, struct assay_error *err);
const char *completeness_name(enum completeness c);
