/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of claims that a mark in a document can make, one row a kind, and whether such a claim holds. assay-claims(7) lists them.
 */
#pragma once

#include <docs/sentences.h>
#include <judge/judge.h>

enum claim_parameter {
	CLAIM_NOTHING,
	CLAIM_NUMBER, /* "2", at least */
	CLAIM_SECONDS, /* "300", at most */
	CLAIM_PERIOD, /* "12 months" */
	CLAIM_WORD,   /* a role, or one of the words that the check knows */
};

enum claim_state { CLAIM_TRUE, CLAIM_CONTRADICTED, CLAIM_UNENFORCED };

/* A claim, and what came of it. */
struct claim {
	const struct claim_kind *kind;
	struct docs_number number;         /* CLAIM_NUMBER, CLAIM_PERIOD */
	const char *word;                  /* CLAIM_WORD */
	const struct policy_document *document;
	enum claim_state state;
	const char *fact;                  /* one sentence that says why, unless true */
	struct grade grade;                /* of what it rests on */
};

struct claim_kind {
	const char *name;
	enum claim_parameter parameter;
	const char *control; /* whose verdict decides; NULL: check alone does */
	/* What else must hold; NULL: nothing. Leaves a state that is worse as it is. */
	enum assay_status (*check)(const struct judge_context *c, struct claim *claim, struct assay_error *err);
	/* Patterns as docs_says() has them: the sentence says one of 'says' without denying it, or denies one of 'denies'. */
	const char *says;
	const char *denies;
	/* What "assay docs new" writes, English and German; "%s" is the parameter as people write it. */
	const char *english, *german;
};

extern const struct claim_kind claim_kinds[];
extern const size_t claim_kind_count;

/* The kind of this name, or that of a control's id; NULL when there is none. */
const struct claim_kind *claim_kind_find(const char *name);
/* Reads the mark's parameters; false when they aren't what the kind takes. */
bool claim_read(const struct docs_mark *m, const struct claim_kind *kind, struct claim *ret_claim);
/* Whether the sentence says, as far as words can tell, what its mark says; else *ret_why. */
bool claim_fits(const struct claim *claim, const char *sentence, const char **ret_why);
/* Whether the number of a CLAIM_NUMBER stands before what that kind counts. */
bool claim_counts(const struct claim *claim, const char *sentence);
/* Whether it holds only sometimes, for some, under a condition, or for no more or less than the claim's number. */
bool claim_limited(const struct claim *claim, const char *sentence);
/* What the sentence says that none of its claims is about, such as another number, in *ret_what; NULL: nothing. */
ASSAY_MUST_USE enum assay_status claim_says_more(const struct claim *claims, size_t count, const char *sentence,
    struct arena *arena, const char **ret_what, struct assay_error *err);
/* Whether a sentence without a mark takes something out of what others say. */
bool claim_takes_out(const char *sentence);
/* Fills state, fact and grade. */
ASSAY_MUST_USE enum assay_status claim_judge(const struct judge_context *c, struct claim *claim, struct assay_error *err);

/* Checks of the table. */
enum assay_status claim_check_reviewers(const struct judge_context *c, struct claim *claim, struct assay_error *err);
enum assay_status claim_check_people(const struct judge_context *c, struct claim *claim, struct assay_error *err);
enum assay_status claim_check_access_review(const struct judge_context *c, struct claim *claim, struct assay_error *err);
enum assay_status claim_check_policy_review(const struct judge_context *c, struct claim *claim, struct assay_error *err);
enum assay_status claim_check_approved_by(const struct judge_context *c, struct claim *claim, struct assay_error *err);
enum assay_status claim_check_rotation(const struct judge_context *c, struct claim *claim, struct assay_error *err);
enum assay_status claim_check_skew(const struct judge_context *c, struct claim *claim, struct assay_error *err);
enum assay_status claim_check_platform(const struct judge_context *c, struct claim *claim, struct assay_error *err);
enum assay_status claim_check_nothing(const struct judge_context *c, struct claim *claim, struct assay_error *err);
enum assay_status claim_check_person(const struct judge_context *c, struct claim *claim, struct assay_error *err);
