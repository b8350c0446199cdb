/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay standard: each rule of the coding standards that are followed, how it is enforced, and what the last check showed of it and
 * found by it. Without a plan of one's own it is the one that is shipped.
 */
#include "confine.h"
#include "rejudge.h"

#include <base/cleanup.h>
#include <evidence/tree.h>
#include <judge/code.h>
#include <report/standard.h>
#include <sys/stat.h>

#define OUT_MAX ((size_t)64 << 20)

struct standard_run {
	struct cli *cli;
	struct workspace w;
	struct buf yaml, out;
	const struct standards *catalogue;
	struct plan plan;
	struct account account;
	struct rejudge pack;            /* of the last check */
	const struct verdicts *judged;  /* NULL: nothing is known */
	const char *unjudged;           /* why not, worth a note; NULL */
	bool uncommitted, shipped;
};

static void
run_done(struct standard_run *x)
{
	buf_done(&x->yaml);
	buf_done(&x->out);
	rejudge_done(&x->pack);
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

/* A pack has its own plan: the one that was judged. */
static enum assay_status
use_judged(struct standard_run *x, struct arena *arena, struct assay_error *err)
{
	TRY(standards_load(arena, &x->catalogue, err));
	return account_make(&x->judged->code->plan, x->catalogue, arena, &x->account, err);
}

static enum assay_status
judge(struct standard_run *x, struct assay_error *err)
{
	confine_to_pack(NULL);
	return rejudge_code(&x->pack, false, &x->judged, err);
}

static bool
same_plan(const struct standard_run *x)
{
	const struct tree *tree = evidence_facts(&x->pack.pack.evidence, TREE_KIND);
	const struct source_file *plan = tree == NULL ? NULL : sources_find(&tree->sources, PLAN_PATH);
	const struct assay_span here = buf_span(&x->yaml);
	return plan != NULL && plan->has_bytes && plan->bytes.len == here.len && memcmp(plan->bytes.data, here.data, here.len) == 0;
}

/* What the last check left beside the repository is taken along when it is of this plan, and is no reason to fail when it is not. */
static enum assay_status
judge_last(struct standard_run *x, const char *folder, struct assay_error *err)
{
	struct assay_error why = { 0 };
	const char *path = arena_printf(x->w.arena, "%s/" REJUDGE_PACK, folder);
	if (path == NULL)
		return arena_full(err);
	if (x->shipped || rejudge_open(x->cli, path, &x->pack, &why) != ASSAY_OK)
		return ASSAY_OK;
	if (judge(x, &why) != ASSAY_OK) {
		x->unjudged = arena_str(x->w.arena, why.what);
		return x->unjudged == NULL ? arena_full(err) : ASSAY_OK;
	}
	if (same_plan(x))
		return use_judged(x, x->w.arena, err);
	x->judged = NULL;
	x->unjudged = "it was made by another plan";
	return ASSAY_OK;
}

static enum assay_status
read_all(struct standard_run *x, const char *path, struct assay_error *err)
{
	struct stat st;
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		TRY(rejudge_open(x->cli, path, &x->pack, err));
		TRY(judge(x, err));
		return use_judged(x, x->pack.arena, err);
	}
	TRY(workspace_open(x->cli, path, &x->w, err));
	TRY(read_plan(x, err));
	return judge_last(x, path, err);
}

static void
hint(const struct standard_run *x)
{
	if (x->cli->json || x->cli->quiet)
		return;
	if (x->shipped)
		(void)fputs("note: there is no " PLAN_PATH ": this is the plan that is shipped; 'assay init' writes it\n", stderr);
	if (x->uncommitted)
		(void)fputs("note: this plan is not the committed one\n", stderr);
	if (x->unjudged != NULL)
		(void)fprintf(stderr, "note: nothing is shown of " REJUDGE_PACK ": %s; 'assay check' makes a new one\n", x->unjudged);
}

static enum assay_status
run(struct standard_run *x, struct assay_error *err)
{
	TRY(read_all(x, x->cli->arg_count > 0 ? x->cli->args[0] : ".", err));
	const struct report_standard r = { &x->account, x->catalogue, x->shipped ? REPORT_SHIPPED : PLAN_PATH, x->judged,
		x->pack.arena };
	TRY(x->cli->json ? report_standard_json(&r, &x->out, err) : report_standard_text(&r, &x->out, err));
	hint(x);
	return cli_print(&x->out, err);
}

int
verb_standard(struct cli *cli, struct assay_error *err)
{
	CLEANUP(run_done) struct standard_run x = { .cli = cli, .yaml = BUF_INIT(YAML_SIZE_MAX), .out = BUF_INIT(OUT_MAX) };
	return run(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
