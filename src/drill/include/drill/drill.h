/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The drill: a release is attacked, in copy, in every way that a row of the table knows, and each attack has to be rejected for its own
 * reason. Nothing but copies is ever written to.
 */
#pragma once

#include <assay/release.h>
#include <base/arena.h>
#include <base/buf.h>
#include <stdbool.h>

/* Attacks that one drill tries at most: the rows of the table, one of which is tried on each kind of file. */
#define DRILL_TRIES_MAX 256
#define DRILL_WORDS_SIZE 256
#define DRILL_RECORD_MAX (1u << 20)
/* Largest manifest that is edited, in bytes. */
#define DRILL_MANIFEST_MAX (256u << 20)

/* Under which keys. */
enum drill_world {
	DRILL_REAL,      /* the maker's seal and root */
	DRILL_THROWAWAY, /* the same tree, sealed by keys that the drill made: for what the maker's own keys would be needed to try */
};

enum drill_outcome {
	DRILL_ACCEPTED,   /* by either verifier */
	DRILL_REJECTED,   /* by both, for its own reason */
	DRILL_OTHER_CODE, /* by both, for another reason or more of them */
	DRILL_NOT_TRIED,  /* why says what it lacks */
};

/* What the product's own updater or boot check did. */
enum drill_target {
	DRILL_TARGET_NONE,      /* there is none */
	DRILL_TARGET_NOT_TRIED, /* target_why says what it lacks */
	DRILL_TARGET_TOOK,
	DRILL_TARGET_REFUSED,
	DRILL_TARGET_FAILED,    /* neither: target_why says how it ended */
};

enum drill_kind {
	DRILL_ATTACK,  /* must be rejected, with codes of its own */
	DRILL_CONTROL, /* must be accepted */
	DRILL_REFUSED, /* the verifier must refuse to work at all */
};

/* One row, tried. */
struct drill_try {
	const char *id, *says;
	const char *name;        /* in assay-drill(5); NULL: the record doesn't have it */
	enum drill_world world;
	enum drill_kind kind;
	uint64_t must, may;      /* codes, a bit each: that have to be told, that may be told as well */
	uint64_t found, child;   /* codes by the verifier in this program, and by the static one */
	enum drill_outcome outcome;
	char why[DRILL_WORDS_SIZE];
	enum drill_target target;
	bool target_must;        /* do what the verifiers must: refuse an attack, take a control case */
	char target_why[DRILL_WORDS_SIZE]; /* or the last line of what it said */
};

struct drill_request {
	const char *tree, *seal; /* the originals; real paths */
	const char *root;        /* fingerprint */
	const char *verifier;    /* the static program; a real path. NULL: only the one in this program is asked */
	const char *target;      /* the product's own updater or boot check, a real path without '='; NULL: none */
	const char *target_name; /* in the record */
	unsigned target_seconds; /* that it may take for one delivery */
	const char *temporary;   /* where a private folder is made */
	int64_t now;
	unsigned threads;
	struct arena *arena;
	void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total); /* may be NULL */
	bool (*stop)(void *ctx); /* asked between steps: true ends the drill, and what it made is removed; may be NULL */
	void *ctx;
};

struct drill {
	struct drill_try tries[DRILL_TRIES_MAX];
	size_t count;
	bool sound;      /* every control case was accepted, in both worlds: the rest shows something */
	bool all;        /* sound, and every attack that could be tried was rejected for its own reason, by the target too where it must */
	size_t attacks, rejected, not_tried;
	/*
	 * With a target: it took the untouched copy; tries of attacks that it must refuse, by what it did; and the attacks of the table that it
	 * must refuse and that came to it in no way.
	 */
	bool target_sound, target_world; /* target_world: it takes what the drill's own maker sealed */
	size_t target_refused, target_took, target_failed, target_not_tried;
	uint64_t copied; /* bytes */
	char product[ASSAY_RELEASE_WORD_MAX + 1], version[ASSAY_RELEASE_WORD_MAX + 1];
	uint64_t number, counter;
	char release[ASSAY_TUF_HEX_SIZE], manifest[ASSAY_TUF_HEX_SIZE];
};

/*
 * ASSAY_OK when it came to an end, whatever it showed. ASSAY_E_LIMIT when there is too little room for the copy (it says how much is
 * wanted), ASSAY_E_VERIFY when the seal isn't a complete one of this root, ASSAY_E_UNSUPPORTED for what can't be copied, ASSAY_E_SYSTEM
 * for the rest, being stopped among it.
 */
ASSAY_MUST_USE enum assay_status drill_run(const struct drill_request *request, struct drill *ret_drill, struct assay_error *err);

const char *drill_world_name(enum drill_world world);
const char *drill_outcome_name(const struct drill_try *t);
const char *drill_target_name(enum drill_target target); /* "" for none */

/* What a record says beside the drill. */
struct drill_programs {
	char assay[ASSAY_TUF_HEX_SIZE], verifier[ASSAY_TUF_HEX_SIZE], target[ASSAY_TUF_HEX_SIZE]; /* SHA-256 */
};
/* All that was tried (schemas/drill-report.json): canonical JSON and a line end. */
ASSAY_MUST_USE enum assay_status drill_report(const struct drill *drill, const struct drill_request *request,
    const struct drill_programs *programs, struct buf *out, struct assay_error *err);
/* The record, assay-drill(5): the same of what has a name there. */
ASSAY_MUST_USE enum assay_status drill_record(const struct drill *drill, const struct drill_request *request,
    const struct drill_programs *programs, struct buf *out, struct assay_error *err);
