/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay docs new CLAUSE: writes a first document out of the policy folder and what holds. A proposal: people read it, correct it and
 * approve it.
 */
#include "confine.h"
#include "workspace.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <docs/sentences.h>
#include <errno.h>
#include <fcntl.h>
#include <judge/skeleton.h>
#include <string.h>
#include <sys/stat.h>

#define DOCUMENT_MAX DOCS_MARKDOWN_MAX

struct drafting {
	struct cli *cli;
	struct workspace w;
	struct judge_input input;
	struct skeleton made;
	struct buf text;
	const char *language;
	const char *path; /* in the repository */
	int tree;
};

/* One row a kind of document that can be drafted. */
static const struct {
	const char *clause;
	const char *language;
	const char *path;
} drafts[] = {
	{ "5.1.2", "en", "docs/development-environment.md" },
	{ "5.1.2", "de", "docs/entwicklungsumgebung.md" },
};

static void
drafting_done(struct drafting *x)
{
	buf_done(&x->text);
	if (x->tree >= 0)
		(void)close(x->tree);
	workspace_done(&x->w);
}

static enum assay_status
choose(struct drafting *x, struct assay_error *err)
{
	const struct cli *cli = x->cli;
	bool clause = false;
	if (strcmp(cli->args[0], "new") != 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'assay docs' doesn't know '%s'", cli->args[0]);
		return assay_error_todo(err, ASSAY_E_USAGE, "write 'assay docs new 5.1.2'");
	}
	x->language = cli->language != NULL ? cli->language : "en";
	for (size_t i = 0; i < sizeof drafts / sizeof drafts[0]; i++) {
		const bool same = strcmp(drafts[i].clause, cli->args[1]) == 0;
		clause = clause || same;
		if (same && strcmp(drafts[i].language, x->language) == 0)
			x->path = cli->out != NULL ? cli->out : drafts[i].path;
	}
	if (!clause)
		return assay_fail(err, ASSAY_E_USAGE, "there is no draft for '%s', only for 5.1.2", cli->args[1]);
	if (x->path == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "there is no draft in the language '%s': en and de are there", x->language);
	const size_t len = strlen(x->path);
	if (x->path[0] == '/' || strstr(x->path, "..") != NULL || len < 4 || strcmp(x->path + len - 3, ".md") != 0)
		return assay_fail(err, ASSAY_E_USAGE, "'%s' isn't the path of a Markdown file within the repository", x->path);
	return ASSAY_OK;
}

/* What is there is never overwritten. */
static enum assay_status
open_tree(struct drafting *x, struct assay_error *err)
{
	const char *tree = x->w.repository->work_tree;
	if (tree == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "a bare repository has no work tree to write to");
		return assay_error_todo(err, ASSAY_E_USAGE, "run 'assay docs' in a clone of it");
	}
	x->tree = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->tree < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", tree, text_errno(errno));
	if (faccessat(x->tree, x->path, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is there already", x->path);
		return assay_error_todo(err, ASSAY_E_USAGE, "name another file with --out, or move it away");
	}
	return ASSAY_OK;
}

static enum assay_status
look_and_write(struct drafting *x, struct assay_error *err)
{
	const char *kinds[WORKSPACE_KINDS_MAX];
	const struct verdicts *verdicts;
	bool confined = false;
	x->input.catalog = x->w.catalog;
	x->input.policy = &x->w.policy;
	x->input.roster = &x->w.roster;
	const size_t kind_count = judge_needs(&x->input, kinds, WORKSPACE_KINDS_MAX);
	TRY(confine_to_reading(x->cli, &x->w, x->w.repository->work_tree, true, &confined, err));
	TRY(workspace_look(x->cli, &x->w, kinds, kind_count, err));
	confine_fully();
	TRY(workspace_subject(&x->w, &x->input.subject, err));
	TRY(workspace_parse(&x->w, err));
	x->input.evidence = &x->w.evidence;
	TRY(judge_all(&x->input, x->w.arena, &verdicts, err));
	return skeleton_write(&x->input, verdicts, x->language, x->w.arena, &x->text, &x->made, err);
}

/* What 'assay check' would not find a mark on isn't written. */
static enum assay_status
read_back(struct drafting *x, struct assay_error *err)
{
	struct docs_document d;
	struct docs_sentences all;
	size_t bare = 0;
	TRY(docs_read(x->path, buf_span(&x->text), x->w.arena, &d, err));
	TRY(docs_sentences(&d, strcmp(x->language, "de") == 0, x->w.arena, &all, err));
	for (size_t i = 0; i < all.count; i++)
		bare += all.items[i].obliges && all.items[i].mark_count == 0;
	if (all.mark_count != x->made.claims || bare > 0)
		return assay_fail(err, ASSAY_E_INTERNAL, "the draft has %zu marks for %zu claims, and %zu obligations without one",
		    all.mark_count, x->made.claims, bare);
	return ASSAY_OK;
}

/* The one folder that may be missing is made. */
static enum assay_status
write_file(struct drafting *x, struct assay_error *err)
{
	char folder[4096];
	const char *slash = strrchr(x->path, '/');
	(void)snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - x->path) : 1, slash != NULL ? x->path : ".");
	if (slash != NULL && mkdirat(x->tree, folder, 0777) != 0 && errno != EEXIST)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make '%s': %s", folder, text_errno(errno));
	const int fd = openat(x->tree, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", folder, text_errno(errno));
	const enum assay_status status = file_write_atomic(fd, slash != NULL ? slash + 1 : x->path, buf_span(&x->text), 0666, err);
	(void)close(fd);
	return status;
}

static void
say_json(const struct drafting *x, struct buf *out)
{
	struct assay_error ignored = { 0 };
	CLEANUP(canon_unref) json_t *object = json_pack("{s:s, s:s, s:I, s:I}", "schema", "assay-docs/1", "written", x->path,
	    "claims", (json_int_t)x->made.claims, "open", (json_int_t)x->made.open);
	if (object == NULL || canon_write(object, out, &ignored) != ASSAY_OK)
		out->status = ASSAY_E_MEMORY;
	buf_add_byte(out, '\n');
}

static void
say(const struct drafting *x, struct buf *out)
{
	char day[WHEN_TEXT_SIZE], review[WHEN_TEXT_SIZE];
	when_format_date(x->input.date, day);
	when_format_date(x->input.date + (int64_t)365 * WHEN_DAY, review);
	buf_add_str(out, "wrote ");
	text_escape(out, assay_span_str(x->path), false);
	buf_addf(out, ": %zu claims that hold, each with its mark; %zu that nothing shows yet are listed at its end\n",
	    x->made.claims, x->made.open);
	buf_add_str(out, "\nRead it, correct it, commit it, and enter it in assay/policy.yaml when it is approved:\n\ndocuments:\n  - path: ");
	text_escape(out, assay_span_str(x->path), false);
	buf_addf(out, "\n    kind: development-environment\n    language: %s\n    version: \"0.1\"\n    approved: {by: [ID], date: %s}\n"
		      "    review-by: %s\n", x->language, day, review);
}

static enum assay_status
draft(struct drafting *x, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 16);
	TRY(choose(x, err));
	TRY(workspace_open(x->cli, x->cli->path != NULL ? x->cli->path : ".", &x->w, err));
	TRY(workspace_date(x->cli, &x->input.date, &x->input.date_given, err));
	TRY(open_tree(x, err));
	TRY(look_and_write(x, err));
	TRY(read_back(x, err));
	TRY(write_file(x, err));
	if (x->cli->json)
		say_json(x, &out);
	else
		say(x, &out);
	return cli_print(&out, err);
}

int
verb_docs(struct cli *cli, struct assay_error *err)
{
	CLEANUP(drafting_done) struct drafting x = { .cli = cli, .text = BUF_INIT(DOCUMENT_MAX), .tree = -1 };
	return draft(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
