/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reviews of HEAD's tree: what each says, who signed it, whether what it says of the history is so, and what of HEAD's code they
 * cover. The four judges of reviews share it.
 */
#pragma once

#include "scope.h"
#include "signoffs.h"

#include <evidence/reviewed.h>
#include <policy/review.h>
#include <sca/plan.h>

#define REVIEWS_MAX 5000u
#define REVIEW_SIGNERS_MAX 16
#define REVIEW_FAULTS_MAX 100
/* Files of all reviews together. */
#define REVIEW_ENTRIES_MAX 1000000u

/* Whose finding it is. */
enum review_part { REVIEW_PART_COVERS, REVIEW_PART_BOUND, REVIEW_PART_INDEPENDENT, REVIEW_PART_GATE };

struct review_fault {
	enum review_part part;
	bool gap;
	const char *code;
	const char *about; /* discriminator; NULL */
	unsigned line;     /* in the record */
	const char *words;
};

struct review_signer {
	const struct roster_entry *who;
	const struct signoff_seen *signoff;
};

struct review_seen {
	const struct source_file *file;
	struct review r; /* when read */
	bool read;
	struct review_gaps gaps;
	struct review_fault *faults;
	size_t fault_count, fault_total;
	struct review_signer signers[REVIEW_SIGNERS_MAX]; /* in the role that policy names, each person once */
	size_t signer_count;
	uint32_t head, base; /* commits; HISTORY_NONE: not in the history, or none */
	uint32_t merger;     /* the commit of HEAD's mainline that brought head; HISTORY_NONE: HEAD doesn't lead there */
	bool counts;         /* read, answered, true of the history, and signed */
};

/* How HEAD's file stands. */
enum review_cover {
	COVER_REVIEWED,
	COVER_EXEMPT,   /* as it was when the policy cut over */
	COVER_BEGINS,   /* what changed since another state was reviewed, and that one wasn't */
	COVER_CHANGED,  /* another state of it was reviewed */
	COVER_NEVER,
	COVER_LINK,     /* a link: what it leads to wasn't looked at under this name */
	COVER_SUBMODULE,
	COVER_UNSEEN,   /* no review covers it, and whether it is exempt can't be told */
};
#define COVERS 8

struct review_path {
	const struct source_file *file;
	enum review_cover cover;
	const struct review_seen *by; /* the review that covers it; else one that names this state or another of it; NULL */
};

/* Was reviewed, and isn't in HEAD. */
struct review_gone {
	const char *path;
	const struct review_seen *by;
};

struct reviews {
	const struct judge_context *c;
	struct control_verdict *v;
	struct assay_error *err;
	const struct history *h;
	const struct tree *tree;
	const struct reviewed *trees;
	struct scope *scope;
	struct signoffs signoffs;
	struct plan plan;
	bool has_plan;
	const struct yaml_strings *relevant; /* patterns; count 0: all source */
	struct review_seen *items;           /* by path */
	size_t count;
	struct review_path *paths;           /* of HEAD that need a review, by path */
	size_t path_count;
	struct review_gone *gone;
	size_t gone_count;
};

/*
 * Reads all of it; v gets what scope_new() says and, under part, what the records lack. ASSAY_E_LIMIT for more reviews or files
 * than are read.
 */
ASSAY_MUST_USE enum assay_status reviews_read(const struct judge_context *c, struct control_verdict *v, enum review_part part,
    struct reviews *ret_reviews, struct assay_error *err);
/* Notes what a record lacks. words: in the arena. */
ASSAY_MUST_USE enum assay_status reviews_fault(struct reviews *s, struct review_seen *seen, const struct review_fault *fault);
/* reviews_bound.c: whether what the record says of the history is so. */
ASSAY_MUST_USE enum assay_status reviews_bind(struct reviews *s);
/* reviews_cover.c: fills paths and gone, once it is known which records count. */
ASSAY_MUST_USE enum assay_status reviews_cover(struct reviews *s);
/* Whether a file is code by its name, or a part that code includes. */
bool reviews_is_source(const char *path);
/* Whether a path of HEAD needs a review. */
bool reviews_wants(const struct reviews *s, const char *path);
/* A commit's id in the arena; NULL when that is full. */
const char *reviews_hex(const struct reviews *s, const struct oid *id);

/* reviews_people.c: who had a part in a commit. */
#define REVIEW_PEOPLE_MAX 64
struct review_people {
	const struct roster_entry *who[REVIEW_PEOPLE_MAX];
	size_t count;
	struct assay_span strangers[REVIEW_PEOPLE_MAX]; /* addresses that are nobody's in the roster */
	size_t stranger_count;
	bool more; /* than there is room for */
};
/* Author, committer, who is named as co-author, and whose key signed it: the same person once. */
void reviews_people(const struct reviews *s, uint32_t commit, struct review_people *ret_people);
