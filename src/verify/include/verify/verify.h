/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A release held against its seal: who vouches for it, whether it may be used here, and whether the tree is the one that was sealed.
 * For 'assay verify' and assay-verify alike; the caller brings clock and words.
 */
#pragma once

#include <verify/result.h>

struct verify_request {
	const char *tree;
	const char *seal;     /* NULL: TREE/assay-seal, or else TREE.seal */
	const char *state;    /* folder, or NULL */
	const char *root;     /* fingerprint of the maker's first root, or NULL: as the state has it */
	const char *rollback; /* file, or NULL: the seal's */
	const char *product;  /* or NULL */
	bool install;
	int64_t now;
	unsigned threads;     /* 0: one a core */
	/* Called now and then; may be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *progress_ctx;
	/* Called once when all that is needed was opened and before any of it is read; may be NULL. */
	void (*confine)(void *ctx, const struct verify_request *request, const struct verify_result *result);
	void *confine_ctx;
};

/* Where the tree's seal lies inside of it. */
#define VERIFY_SEAL_INSIDE "assay-seal"

/*
 * ASSAY_OK when it came to an outcome, whichever. ASSAY_E_USAGE for a request that makes no sense; what the state folder gives by
 * verify_state_open(); ASSAY_E_SYSTEM when it could be verified and not be remembered.
 */
ASSAY_MUST_USE enum assay_status verify_run(const struct verify_request *request, struct verify_result *result,
    struct assay_error *err);
