/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay review: what its actions share.
 */
#pragma once

#include "workspace.h"

#include <evidence/history.h>
#include <evidence/tree.h>
#include <judge/reviews.h>
#include <sca/ask.h>

struct review_job {
	struct cli *cli;
	struct workspace w;
	struct judge_input input;
	struct judge_reviews state;
	const struct history *h;
	const struct tree *now;   /* HEAD's */
	struct buf out;
	struct buf text;          /* the record */
	int tree;                 /* work tree; -1 */
};

/* Looks at HEAD, its history and its reviews. */
ASSAY_MUST_USE enum assay_status review_look(struct review_job *x, struct assay_error *err);
/* The files of a commit, as if it were HEAD. */
ASSAY_MUST_USE enum assay_status review_tree(struct review_job *x, const struct oid *commit, const struct tree **ret_tree,
    struct assay_error *err);

/* One file an action. They return an exit status. */
int review_start(struct review_job *x, struct assay_error *err);
int review_status(struct review_job *x, struct assay_error *err);
int review_check(struct review_job *x, struct assay_error *err);
