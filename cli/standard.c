/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay standard: each rule of the coding standards that are followed, and how it is enforced. Without a plan of one's own it is the
 * one that is shipped.
 */
#include "workspace.h"

#include <base/cleanup.h>
#include <report/standard.h>

#define OUT_MAX ((size_t)64 << 20)

struct standard_run {
	struct cli *cli;
	struct workspace w;
	struct buf yaml, out;
	const struct standards *catalogue;
	struct plan plan;
	struct account account;
	bool uncommitted, shipped;
};

static void
run_done(struct standard_run *x)
{
	buf_done(&x->yaml);
	buf_done(&x->out);
	workspace_done(&x->w);
}

static enum assay_status
read_plan(struct standard_run *x, struct assay_error *err)
{
	const enum assay_status status = repository_policy_file(x->w.repository, PLAN_PATH, &x->yaml, &x->uncommitted, err);
	x->shipped = status == ASSAY_E_NOT_FOUND;
	if (status != ASSAY_OK && !x->shipped)
		return status;
	if (err != NULL)
		assay_error_clear(err);
	TRY(standards_load(x->w.arena, &x->catalogue, err));
	TRY(plan_parse(x->shipped ? plan_shipped() : buf_span(&x->yaml), x->shipped ? "the shipped plan" : PLAN_PATH, x->w.arena,
	    &x->plan, err));
	return account_make(&x->plan, x->catalogue, x->w.arena, &x->account, err);
}

static enum assay_status
run(struct standard_run *x, struct assay_error *err)
{
	TRY(workspace_open(x->cli, x->cli->arg_count > 0 ? x->cli->args[0] : ".", &x->w, err));
	TRY(read_plan(x, err));
	const struct report_standard r = { &x->account, x->catalogue, x->shipped ? REPORT_SHIPPED : PLAN_PATH };
	TRY(x->cli->json ? report_standard_json(&r, &x->out, err) : report_standard_text(&r, &x->out, err));
	if (x->shipped && !x->cli->json && !x->cli->quiet)
		(void)fputs("note: there is no " PLAN_PATH ": this is the plan that is shipped; 'assay init' writes it\n", stderr);
	if (x->uncommitted && !x->cli->json && !x->cli->quiet)
		(void)fputs("note: this plan is not the committed one\n", stderr);
	return cli_print(&x->out, err);
}

int
verb_standard(struct cli *cli, struct assay_error *err)
{
	CLEANUP(run_done) struct standard_run x = { .cli = cli, .yaml = BUF_INIT(YAML_SIZE_MAX), .out = BUF_INIT(OUT_MAX) };
	return run(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
