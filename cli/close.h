/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of assay close.
 */
#pragma once

#include "rejudge.h"
#include "workspace.h"

#include <judge/closing.h>

struct close_job {
	struct cli *cli;
	struct workspace w;
	struct rejudge pack;               /* of the last check */
	struct evidence_set evidence;      /* the same, with what commits changed */
	struct judge_closing *state;
	const struct history *h;
	const struct sca_finding *finding;
	const struct sca_entry *entry;     /* the work tree's, or the one that is known; NULL: no register names it */
	struct sca_closure k;
	uint32_t fix;                      /* of what is fixed */
	/* How what nobody named was found; NULL: it was named. */
	const char *fix_found, *verifier_found, *test_found;
	struct buf before, after, record, out; /* the register as it is, and as it is to be; after empty: it stays */
	struct sca_register known;         /* of the work tree, as it is to be */
	bool has_register;
	const char *path;                  /* of the record */
	int tree;                          /* work tree; -1 */
};

/* Fills fix commit, verifier and test: as they were named, or what the repository tells when only one can be meant. */
ASSAY_MUST_USE enum assay_status close_propose(struct close_job *x, struct assay_error *err);
/* "8d1c0e5b2f7a (Hold the length against the buffer)", in the arena; NULL when that is full. */
const char *close_commit_name(const struct close_job *x, uint32_t commit);
