/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay init: looks at a repository and writes a starting policy folder. Every key it writes is 'pending': a proposal for people
 * to read, not a decision.
 */
#include "confine.h"
#include "survey.h"
#include "workspace.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <policy/access.h>
#include <policy/risks.h>
#include <sca/plan.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#define FILE_MAX YAML_SIZE_MAX

struct init {
	struct cli *cli;
	struct workspace w;
	struct survey survey;
	struct buf policy, roster, register_text, risks, standard;
	int tree;   /* the work tree, -1 when not open */
	int folder; /* assay/ in it, -1 when not open */
	bool made;  /* assay/ was made by this run */
	bool written;
	size_t files; /* written */
};

static void
init_done(struct init *x)
{
	buf_done(&x->policy);
	buf_done(&x->roster);
	buf_done(&x->register_text);
	buf_done(&x->risks);
	buf_done(&x->standard);
	if (x->folder >= 0)
		(void)close(x->folder);
	if (x->made && !x->written)
		(void)unlinkat(x->tree, "assay", AT_REMOVEDIR);
	if (x->tree >= 0)
		(void)close(x->tree);
	workspace_done(&x->w);
}

/* The policy folder is the user's: what is there is never overwritten. */
static enum assay_status
open_folder(struct init *x, struct assay_error *err)
{
	const char *tree = x->w.repository->work_tree;
	if (tree == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "a bare repository has no work tree for 'assay/'");
		return assay_error_todo(err, ASSAY_E_USAGE, "run 'assay init' in a clone of it");
	}
	x->tree = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->tree < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", tree, text_errno(errno));
	x->made = mkdirat(x->tree, "assay", 0777) == 0;
	int why = errno;
	x->folder = openat(x->tree, "assay", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (x->folder < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make 'assay/' in '%s': %s", tree,
		    text_errno(x->made || why == EEXIST ? errno : why));
	for (size_t i = 0; i < SURVEY_FILES; i++) {
		if (faccessat(x->folder, survey_files_written[i], F_OK, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		(void)assay_fail(err, ASSAY_E_USAGE, "'assay/%s' is there already", survey_files_written[i]);
		return assay_error_todo(err, ASSAY_E_USAGE,
		    "edit it, or move it away and run 'assay init' again");
	}
	return ASSAY_OK;
}

/* 128 random bits: binds sign-offs and ledgers to this repository, whatever it is called. */
static enum assay_status
new_repository_id(char ret_id[33], struct assay_error *err)
{
	unsigned char random[16];
	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		return assay_fail(err, ASSAY_E_SYSTEM, "no random bytes: %s", text_errno(errno));
	text_hex((struct assay_span){ random, sizeof random }, ret_id);
	return ASSAY_OK;
}

static enum assay_status
look(struct init *x, struct assay_error *err)
{
	static const char *const kinds[] = { HISTORY_KIND };
	bool confined = false;
	TRY(confine_to_reading(x->cli, &x->w, x->w.repository->work_tree, false, &confined, err));
	TRY(workspace_look(x->cli, &x->w, kinds, 1, err));
	confine_fully();
	return workspace_parse(&x->w, err);
}

/* What 'assay check' would refuse is not written. The register of access names whom the roster names. */
static enum assay_status
read_back(struct init *x, const struct history *h, struct assay_error *err)
{
	struct policy policy;
	struct roster roster = { 0 };
	struct access_list proposed;
	struct risks risks;
	struct plan plan;
	TRY(policy_parse(buf_span(&x->policy), "the proposed policy.yaml", x->w.arena, &policy, err));
	TRY(roster_parse(buf_span(&x->roster), "the proposed roster.yaml", x->w.arena, &roster, err));
	survey_access(&x->survey, h, &roster, &x->register_text);
	survey_risks(&x->risks);
	TRY(buf_status(&x->register_text, "access.yaml", err));
	TRY(buf_status(&x->risks, "risks.yaml", err));
	TRY(access_parse(buf_span(&x->register_text), "the proposed access.yaml", x->w.arena, &proposed, err));
	TRY(risks_parse(buf_span(&x->risks), "the proposed risks.yaml", x->w.arena, &risks, err));
	TRY(survey_standard(&x->survey, x->w.arena, &x->standard, err));
	if (x->standard.len == 0)
		return ASSAY_OK;
	return plan_parse(buf_span(&x->standard), "the proposed standard.yaml", x->w.arena, &plan, err);
}

/* Half a folder would stand in the way of the next try. */
static enum assay_status
write_files(struct init *x, struct assay_error *err)
{
	const struct buf *texts[SURVEY_FILES] = { &x->policy, &x->roster, &x->register_text, &x->risks, &x->standard };
	const size_t files = SURVEY_FILES - (x->standard.len == 0);
	enum assay_status status = ASSAY_OK;
	size_t written = 0;
	while (written < files && status == ASSAY_OK) {
		status = file_write_atomic(x->folder, survey_files_written[written], buf_span(texts[written]), 0666, err);
		written += status == ASSAY_OK;
	}
	while (status != ASSAY_OK && written > 0)
		(void)unlinkat(x->folder, survey_files_written[--written], 0);
	x->written = status == ASSAY_OK;
	x->files = written;
	return status;
}

static enum assay_status
write_folder(struct init *x, struct assay_error *err)
{
	char id[33];
	const struct history *h = evidence_facts(&x->w.evidence, HISTORY_KIND);
	if (h == NULL)
		return assay_fail(err, ASSAY_E_SYSTEM, "the history can't be read: %s",
		    x->w.evidence.count > 0 && x->w.evidence.items[0].why != NULL
			? x->w.evidence.items[0].why : "no evidence");
	const struct evidence *e = evidence_find(&x->w.evidence, HISTORY_KIND);
	if (e != NULL && e->completeness != EVIDENCE_COMPLETE)
		x->survey.unseen = e->why == NULL ? "no reason given" : e->why;
	TRY(survey_history(h, x->w.arena, &x->survey, err));
	TRY(survey_files(x->w.repository, x->w.arena, &x->survey, err));
	TRY(new_repository_id(id, err));
	survey_policy(&x->survey, h, id, &x->policy);
	survey_roster(&x->survey, h, &x->roster);
	TRY(buf_status(&x->policy, "policy.yaml", err));
	TRY(buf_status(&x->roster, "roster.yaml", err));
	TRY(read_back(x, h, err));
	return write_files(x, err);
}

static enum assay_status
init(struct init *x, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	TRY(workspace_open(x->cli, x->cli->arg_count > 0 ? x->cli->args[0] : ".", &x->w, err));
	TRY(open_folder(x, err));
	TRY(look(x, err));
	TRY(write_folder(x, err));
	if (x->cli->json)
		survey_json(&x->survey, x->files, &out);
	else
		survey_text(&x->survey, x->files, &out);
	return cli_print(&out, err);
}

int
verb_init(struct cli *cli, struct assay_error *err)
{
	CLEANUP(init_done) struct init x = { .cli = cli, .policy = BUF_INIT(FILE_MAX),
		.roster = BUF_INIT(FILE_MAX), .register_text = BUF_INIT(FILE_MAX), .risks = BUF_INIT(FILE_MAX),
		.standard = BUF_INIT(FILE_MAX), .tree = -1, .folder = -1 };
	return init(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
