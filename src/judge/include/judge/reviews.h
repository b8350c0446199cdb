/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How HEAD's code and its reviews stand, for those who start a review, ask what is left, or draw a page. The verdicts are the judges'.
 */
#pragma once

#include <judge/judge.h>
#include <policy/review.h>

#define JUDGE_REVIEW_KINDS 3
extern const char *const judge_review_kinds[JUDGE_REVIEW_KINDS]; /* evidence that it takes */

/* A file of HEAD that needs a review, or one that was reviewed and is gone. */
struct judge_review_path {
	const char *path;
	const char *state; /* "reviewed", "exempt", "begins-unreviewed", "changed", "unreviewed", "link", "submodule", "unseen",
	                      "gone" */
	bool open;         /* it needs a review still */
	const char *by;    /* path of the review that covers it, or of another state of it; NULL */
};

struct judge_review_record {
	const char *path;
	const struct review *review; /* NULL: it can't be read */
	const struct review_gaps *gaps; /* with review */
	bool counts;
	const char *const *signers;  /* ids of the roster: in the role, with a signature that holds */
	size_t signer_count;
	const char *const *lacks;    /* what keeps it from counting, in words */
	size_t lack_count;
};

struct judge_reviews {
	struct judge_review_path *paths;
	size_t path_count;
	struct judge_review_record *records; /* by path */
	size_t record_count;
	const struct yaml_strings *relevant; /* patterns of what needs a review; count 0: all source */
	const char *role;                    /* of reviewers; NULL: the policy names none */
	const struct plan *plan;             /* NULL: none that can be read */
	const struct policy *policy;         /* in force */
};

/* The input's evidence has the kinds above, each readable, else ASSAY_E_UNSUPPORTED. */
ASSAY_MUST_USE enum assay_status judge_reviews_of(const struct judge_input *input, struct arena *arena,
    struct judge_reviews *ret_reviews, struct assay_error *err);
/* Whether a file of this path needs a review when it changes. */
bool judge_reviews_wants(const struct judge_reviews *r, const char *path);
