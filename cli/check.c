/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay check: probe, judge, record, report.
 */
#include "baseline.h"
#include "confine.h"
#include "imports.h"
#include "output.h"
#include "record.h"
#include "releases.h"
#include "roots.h"
#include "scans.h"
#include "workspace.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/analysis.h>
#include <report/pack.h>
#include <report/report.h>
#include <string.h>

struct check {
	struct cli *cli;
	struct workspace w;
	struct signer *signer;
	struct buf baseline;
	struct given_imports imports;
	struct given_releases releases;
	struct judge_input input;
	const struct verdicts *verdicts;
	struct output output;
	bool confined;
	char no_state[800];    /* why nothing is remembered; "" when all is */
};

static void
check_done(struct check *c)
{
	buf_done(&c->baseline);
	signer_free(&c->signer);
	given_imports_done(&c->imports);
	output_done(&c->output);
	workspace_done(&c->w);
}

static enum assay_status
open_all(struct check *c, struct assay_error *err)
{
	struct assay_error no_state = { 0 };
	struct cli *cli = c->cli;
	TRY(workspace_open(cli, cli->arg_count > 0 ? cli->args[0] : ".", &c->w, err));
	TRY(workspace_date(cli, &c->input.date, &c->input.date_given, err));
	c->input.catalog = c->w.catalog;
	c->input.policy = &c->w.policy;
	c->input.roster = &c->w.roster;
	c->input.require = cli->require.count == 0 ? NULL : cli->require.items;
	c->input.require_count = cli->require.count;
	TRY(roots_pinned(cli->root, c->w.policy.repository_id, c->w.arena, &c->input.root, err));
	TRY(judge_requirements(&c->input, c->w.arena, err));
	TRY(baseline_read(cli->baseline, &c->baseline, err));
	TRY(given_imports_read(cli, c->w.arena, &c->imports, err));
	TRY(given_releases_read(cli, &c->w, &c->releases, err));
	TRY(given_scans_read(cli, &c->w, err));
	TRY(workspace_signer(cli, SIGNER_NOTE, &c->signer, err));
	enum assay_status status = workspace_state(cli, &c->w, &no_state);
	if (status != ASSAY_OK) {
		*err = no_state;
		return status;
	}
	if (c->w.state == NULL || c->w.cache == NULL)
		(void)snprintf(c->no_state, sizeof c->no_state, "%s: %s", c->w.state == NULL
			? "nothing is remembered and no ledger is kept" : "nothing is remembered", no_state.what);
	if (cli->no_output)
		return ASSAY_OK;
	return output_open(cli->out == NULL ? "assay-report" : cli->out, cli->out != NULL, &c->output, err);
}

static bool
asks_for_analysis(const char *const *kinds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(kinds[i], ANALYSIS_KIND) == 0)
			return true;
	return false;
}

static enum assay_status
look_and_judge(struct check *c, struct assay_error *err)
{
	const char *kinds[WORKSPACE_KINDS_MAX];
	size_t kind_count = judge_needs(&c->input, kinds, WORKSPACE_KINDS_MAX);
	TRY(confine_to_reading(c->cli, &c->w, c->output.path, asks_for_analysis(kinds, kind_count), &c->confined, err));
	TRY(workspace_look(c->cli, &c->w, kinds, kind_count, err));
	TRY(given_imports_add(&c->imports, &c->w, err));
	TRY(given_releases_add(c->cli, &c->releases, &c->w, err));
	TRY(given_scans_add(c->cli, &c->w, err));
	/* From here on nothing needs another program: what parses hostile bytes can't start one. */
	confine_fully();
	TRY(workspace_subject(&c->w, &c->input.subject, err));
	TRY(workspace_parse(&c->w, err));
	c->input.evidence = &c->w.evidence;
	return judge_all(&c->input, c->w.arena, &c->verdicts, err);
}

static enum assay_status
write_all(struct check *c, struct assay_error *err)
{
	struct pack_content content = { .input = &c->input, .verdicts = c->verdicts };
	if (c->w.policy.present)
		content.policy_yaml = buf_span(&c->w.policy_yaml);
	if (c->w.roster.present)
		content.roster_yaml = buf_span(&c->w.roster_yaml);
	unsigned char pack_digest[ASSAY_SHA256_SIZE];
	/* The position of an earlier pack must not stand beside this one. */
	(void)unlinkat(c->output.fd, "ledger.json", 0);
	TRY(output_pack(&c->output, &content, c->signer, pack_digest, err));
	TRY(output_reports(&c->output, &c->input, c->verdicts,
	    c->signer == NULL ? NULL : signer_fingerprint(c->signer), err));
	return record_check(&c->w, &c->input, c->verdicts, pack_digest, &c->output, err);
}

/* What a person should know beside the verdicts: after the text, and on standard error beside JSON. */
static void
notes(const struct check *c, struct buf *out)
{
	if (c->w.uncommitted)
		buf_add_str(out, "note: the policy folder judged by is not the committed one\n");
	if (c->w.unbelievable)
		buf_add_str(out, "note: the policy folder in HEAD was left aside: its objects are gone or altered\n");
	else if (!c->w.policy.present && !c->w.roster.present && !c->w.uncommitted)
		buf_add_str(out, "note: there is no policy folder here; 'assay init' writes one\n");
	if (c->no_state[0] != '\0')
		buf_addf(out, "note: %s\n", c->no_state);
	if (!c->confined)
		buf_add_str(out, "note: this kernel offers no sandbox; what parses the repository was not confined\n");
}

static enum assay_status
print_text(const struct check *c, struct buf *out, struct assay_error *err)
{
	const struct cli *cli = c->cli;
	CLEANUP(buf_done) struct buf said = BUF_INIT(1u << 16);
	struct report_style style = { .colour = !cli->no_colour, .width = cli->width,
		.verbose = cli->verbose };
	TRY(report_terminal(c->verdicts, &style, out, err));
	if (cli->quiet)
		return ASSAY_OK;
	notes(c, &said);
	if (said.len > 0)
		buf_addf(out, "\n%s", buf_str(&said));
	if (cli->no_output)
		return ASSAY_OK;
	buf_add_str(out, "\npage   ");
	text_escape(out, assay_span_str(c->output.path), false);
	buf_add_str(out, "/report.html\npack   ");
	text_escape(out, assay_span_str(c->output.path), false);
	buf_addf(out, "/pack.assay%s\n", c->signer == NULL ? " (unsigned: sign it with --sign)" : "");
	return ASSAY_OK;
}

static enum assay_status
print_json(const struct check *c, struct buf *out, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf said = BUF_INIT(1u << 16);
	notes(c, &said);
	if (!c->cli->quiet)
		(void)fputs(buf_str(&said), stderr);
	return report_json(c->verdicts, out, err);
}

static enum assay_status
check(struct check *c, int *ret_exit, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT((size_t)1 << 30);
	TRY(open_all(c, err));
	TRY(look_and_judge(c, err));
	if (!c->cli->no_output)
		TRY(write_all(c, err));
	*ret_exit = verdicts_exit(c->verdicts);
	TRY(c->cli->json ? print_json(c, &out, err) : print_text(c, &out, err));
	if (c->cli->baseline != NULL)
		TRY(baseline_compare(buf_span(&c->baseline), c->cli->baseline, c->verdicts,
		    c->cli->json ? NULL : &out, ret_exit, err));
	return cli_print(&out, err);
}

int
verb_check(struct cli *cli, struct assay_error *err)
{
	CLEANUP(check_done) struct check c = { .cli = cli };
	int exit_status = EXIT_INTERNAL;
	if (check(&c, &exit_status, err) != ASSAY_OK)
		return cli_error(cli, err);
	return exit_status;
}
