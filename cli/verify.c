/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay verify: a release against its seal, as assay-verify does it, with the fastest engine of this machine and with somebody who
 * signs the receipt.
 */
#include "cli.h"
#include "workspace.h"

#include <base/cleanup.h>
#include <trust/sshsig.h>
#include <verify/job.h>

#define OUT_MAX (16u << 20)
#define THREADS_MAX 1024

static enum assay_status
sign(void *ctx, struct assay_span receipt, struct buf *out, struct assay_error *err)
{
	return sshsig_make(ctx, VERIFY_RECEIPT_NAMESPACE, receipt, out, err);
}

static void
progress(void *ctx, uint64_t done, uint64_t total)
{
	cli_progress(ctx, "held against the seal", done, total);
}

/* The agent is asked before sockets are given up, and a passphrase before anything is read. */
static enum assay_status
open_signer(struct cli *cli, struct sshsig_signer **ret_signer, struct assay_error *err)
{
	struct signer_request request;
	if (cli->sign == NULL)
		return ASSAY_OK;
	TRY(workspace_request(cli, SIGNER_METADATA, cli->sign, &request, err));
	return sshsig_open(&request, NULL, NULL, ret_signer, err);
}

static enum assay_status
make_job(struct cli *cli, struct sshsig_signer *signer, struct verify_job *job, struct assay_error *err)
{
	if (cli->threads > THREADS_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "more than %d threads are of no use", THREADS_MAX);
	*job = (struct verify_job){ .receipt = cli->receipt, .site = cli->site, .json = cli->json,
		.sign = signer == NULL ? NULL : sign, .sign_ctx = signer };
	job->request = (struct verify_request){ .tree = cli->args[0], .seal = cli->seal, .state = cli->state, .root = cli->root,
		.rollback = cli->rollback, .product = cli->product, .install = cli->install, .now = (int64_t)time(NULL),
		.threads = (unsigned)cli->threads, .progress = progress, .progress_ctx = cli };
	return ASSAY_OK;
}

static enum assay_status
verify(struct cli *cli, struct buf *out, bool *ret_told, int *ret_exit, struct assay_error *err)
{
	CLEANUP(sshsig_free) struct sshsig_signer *signer = NULL;
	struct verify_job job;
	TRY(open_signer(cli, &signer, err));
	TRY(make_job(cli, signer, &job, err));
	const enum assay_status status = verify_job_run(&job, out, ret_told, ret_exit, err);
	cli_progress_end(cli);
	return status;
}

int
verb_verify(struct cli *cli, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	struct assay_error unsaid = { 0 };
	bool told = false;
	int result = EXIT_INTERNAL;
	const enum assay_status status = verify(cli, &out, &told, &result, err);
	if (!told)
		return cli_error(cli, err);
	const bool said = cli_print(&out, &unsaid) == ASSAY_OK;
	if (said && status == ASSAY_OK)
		return result;
	/* One JSON value has been printed already; that it isn't intact matters more than that it could not be said or put on record. */
	cli->json = false;
	const int failed = cli_error(cli, said ? err : &unsaid);
	return result == VERIFY_EXIT_NOT_INTACT ? result : failed;
}
