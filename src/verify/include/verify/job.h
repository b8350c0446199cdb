/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of 'assay verify' or assay-verify, but for options and clock: verified in a sandbox, a receipt written, the answer put together.
 */
#pragma once

#include <verify/receipt.h>
#include <verify/verify.h>

/* Signs a receipt: an armored signature in VERIFY_RECEIPT_NAMESPACE. */
typedef enum assay_status verify_sign(void *ctx, struct assay_span receipt, struct buf *out, struct assay_error *err);

struct verify_job {
	struct verify_request request;
	const char *receipt;   /* file, or NULL; its signature goes beside it, with '.sig' behind */
	const char *site;      /* or NULL */
	bool json;
	verify_sign *sign;     /* or NULL */
	void *sign_ctx;
};

/* Exit status of both programs. */
enum verify_exit { VERIFY_EXIT_INTACT = 0, VERIFY_EXIT_NOT_INTACT = 1, VERIFY_EXIT_NOT_EVALUATED = 3 };

/*
 * *ret_exit says what came of it, and out has the words for standard output. What was found is told even when the receipt could then not be
 * written, which is ASSAY_E_SYSTEM; *ret_told says whether there is anything to tell.
 */
ASSAY_MUST_USE enum assay_status verify_job_run(const struct verify_job *job, struct buf *out, bool *ret_told, int *ret_exit,
    struct assay_error *err);
