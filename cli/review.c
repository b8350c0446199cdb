/* SPDX-License-Identifier: Apache-2.0 */
#include "review.h"

#include "confine.h"

#include <base/cleanup.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define OUT_MAX ((size_t)64 << 20)

static void
job_done(struct review_job *x)
{
	buf_done(&x->out);
	buf_done(&x->text);
	if (x->tree >= 0)
		(void)close(x->tree);
	workspace_done(&x->w);
}

/* ---- HEAD ---- */

enum assay_status
review_look(struct review_job *x, struct assay_error *err)
{
	static const char *const require[] = { "review.covers" };
	const char *kinds[WORKSPACE_KINDS_MAX];
	bool confined = false, given = false;
	TRY(workspace_open(x->cli, x->cli->path == NULL ? "." : x->cli->path, &x->w, err));
	x->input = (struct judge_input){ .catalog = x->w.catalog, .policy = &x->w.policy, .roster = &x->w.roster, .require = require,
		.require_count = 1 };
	TRY(workspace_date(x->cli, &x->input.date, &given, err));
	if (!x->w.repository->has_head) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is no commit yet, and nothing to review");
		return assay_error_todo(err, ASSAY_E_USAGE, "commit first: a review is bound to what was committed");
	}
	const size_t kind_count = judge_needs(&x->input, kinds, WORKSPACE_KINDS_MAX);
	/* An editor that is asked for needs more than the rest of this does. */
	if (!x->cli->edit)
		TRY(confine_to_reading(x->cli, &x->w, x->w.repository->work_tree, false, &confined, err));
	TRY(workspace_look(x->cli, &x->w, kinds, kind_count, err));
	TRY(workspace_parse(&x->w, err));
	x->input.evidence = &x->w.evidence;
	x->h = evidence_facts(&x->w.evidence, HISTORY_KIND);
	x->now = evidence_facts(&x->w.evidence, TREE_KIND);
	return judge_reviews_of(&x->input, x->w.arena, &x->state, err);
}

/* ---- other commits ---- */

enum assay_status
review_tree(struct review_job *x, const struct oid *commit, const struct tree **ret_tree, struct assay_error *err)
{
	static const char *const kinds[] = { TREE_KIND };
	struct repository then = *x->w.repository;
	struct evidence_set set = { NULL, 0 };
	then.head = *commit;
	then.head_ref = NULL;
	then.has_head = true;
	const struct probe_context look = { .repository = &then, .arena = x->w.arena, .pool = x->w.pool };
	const struct parse_context parse = { .arena = x->w.arena, .pool = x->w.pool };
	TRY(probe_run(&look, kinds, 1, &set, err));
	TRY(evidence_parse_all(&set, &parse, err));
	*ret_tree = evidence_facts(&set, TREE_KIND);
	if (*ret_tree == NULL || set.items[0].completeness != EVIDENCE_COMPLETE) {
		char hex[2 * OID_MAX + 1];
		oid_hex(commit, then.algo, hex);
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "the files of commit %s can't be read: %s", hex,
		    set.count > 0 && set.items[0].why != NULL ? set.items[0].why : "its tree is malformed");
	}
	return ASSAY_OK;
}

/* ---- actions ---- */

static const struct {
	const char *name;
	size_t least, most; /* of arguments, the action included */
	int (*run)(struct review_job *x, struct assay_error *err);
} actions[] = {
	{ "start", 1, 2, review_start },
	{ "status", 1, 1, review_status },
	{ "check", 2, 2, review_check },
};

int
verb_review(struct cli *cli, struct assay_error *err)
{
	CLEANUP(job_done) struct review_job x = { .cli = cli, .out = BUF_INIT(OUT_MAX), .text = BUF_INIT(YAML_SIZE_MAX), .tree = -1 };
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		if (strcmp(actions[i].name, cli->args[0]) != 0)
			continue;
		if (cli->arg_count >= actions[i].least && cli->arg_count <= actions[i].most)
			return actions[i].run(&x, err);
		(void)assay_fail(err, ASSAY_E_USAGE, "'assay review %s' has %zu arguments", cli->args[0], cli->arg_count - 1);
		(void)assay_error_todo(err, ASSAY_E_USAGE, "see 'assay review --help'");
		return cli_error(cli, err);
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "'assay review' doesn't know '%s'", cli->args[0]);
	(void)assay_error_todo(err, ASSAY_E_USAGE, "one of: start, status, check");
	return cli_error(cli, err);
}
