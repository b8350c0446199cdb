/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay seal --add-signature: nobody signs what another has sealed without having the tree, seeing that it is the one, and reading what it
 * is called.
 */
#include "seal.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX ((size_t)1 << 20)
#define ANSWER_MAX 16

/* ---- the tree against the manifest ---- */

struct compare {
	FILE *manifest;
	struct buf *made; /* the same as it was made here */
	const char *tree;
	char line[ASSAY_MANIFEST_LINE_MAX + 1];
};

static void
close_file(FILE **f)
{
	if (*f != NULL)
		(void)fclose(*f);
}

static enum assay_status
is_another(const char *path, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_VERIFY, "the tree isn't the one that was sealed, from here on");
	(void)assay_error_at(err, ASSAY_E_VERIFY, path, 0, 0);
	return assay_error_todo(err, ASSAY_E_VERIFY, "sign nothing; get the tree that was sealed, or have this one sealed anew");
}

/* A manifest has one spelling: the same bytes, or another tree. */
static enum assay_status
same_line(void *ctx, struct assay_span line, struct assay_span path, struct assay_error *err)
{
	struct compare *c = ctx;
	char name[ASSAY_MANIFEST_PATH_MAX + 1];
	buf_add_span(c->made, line);
	TRY(buf_status(c->made, "the manifest", err));
	if (line.len <= sizeof c->line && fread(c->line, 1, line.len, c->manifest) == line.len && memcmp(c->line, line.data, line.len) == 0)
		return ASSAY_OK;
	if (ferror(c->manifest))
		return assay_fail(err, ASSAY_E_SYSTEM, "can't read the manifest: %s", text_errno(errno));
	text_put(name, sizeof name, "%.*s", (int)path.len, path.len == 0 ? "" : (const char *)path.data);
	return is_another(name[0] == '\0' ? c->tree : name, err);
}

static enum assay_status
compare_tree(struct seal_job *job, struct assay_error *err)
{
	struct compare *c = arena_alloc(job->arena, sizeof *c);
	const char *path = arena_printf(job->arena, "%s/" SEAL_MANIFEST, job->path);
	if (c == NULL || path == NULL)
		return arena_full(err);
	CLEANUP(close_file) FILE *manifest = fopen(path, "re");
	c->manifest = manifest;
	c->tree = job->tree;
	c->made = &job->manifest;
	if (manifest == NULL)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't read the manifest: %s", text_errno(errno));
	const struct seal_tree tree = { .path = job->tree, .leave_out = job->leave_out, .threads = (unsigned)job->cli->threads, .line = same_line,
		.ctx = c, .progress = cli_progress, .progress_ctx = job->cli, .arena = job->arena };
	TRY(seal_manifest(&tree, &job->counts, err));
	cli_progress_end(job->cli);
	/* What is signed names the digest: the file beside it was only there to say where the difference is. */
	if (!job->state.has_manifest || job->counts.length != job->state.manifest.length
	    || memcmp(job->counts.sha256, job->state.manifest.sha256, sizeof job->counts.sha256) != 0)
		return is_another(job->tree, err);
	return ASSAY_OK;
}

/* ---- consent ---- */

enum assay_status
seal_check_repeated(const struct seal_job *job, struct assay_error *err)
{
	const struct cli *cli = job->cli;
	if (cli->release == NULL || cli->commit == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'--yes' wants --version and --commit repeated");
		return assay_error_todo(err, ASSAY_E_USAGE, "say which release you mean to sign: that is what it is compared with");
	}
	if (strcmp(cli->release, job->state.version) != 0)
		return assay_fail(err, ASSAY_E_VERIFY, "this is version '%s', and not '%s'; nothing was signed", job->state.version, cli->release);
	if (strcmp(cli->commit, job->state.commit) != 0)
		return assay_fail(err, ASSAY_E_VERIFY, "this was built from commit %s, and not from '%s'; nothing was signed", job->state.commit, cli->commit);
	return ASSAY_OK;
}

enum assay_status
seal_ask(const struct seal_job *job, const struct buf *text, const char *question, struct assay_error *err)
{
	char answer[ANSWER_MAX] = "";
	TRY(buf_status(text, "what is to be signed", err));
	FILE *tty = fopen("/dev/tty", "r+e");
	if (tty == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "no terminal to show what is to be signed, and to ask");
		return assay_error_todo(err, ASSAY_E_USAGE, "in scripts: --yes with --version and --commit");
	}
	(void)fprintf(tty, "%s%s Sign it as %s? [yes/no] ", buf_str(text), question, job->signer_is);
	(void)fflush(tty);
	const bool yes = fgets(answer, sizeof answer, tty) != NULL && strcmp(answer, "yes\n") == 0;
	(void)fclose(tty);
	return yes ? ASSAY_OK : assay_fail(err, ASSAY_E_USAGE, "nothing was signed");
}

/* ---- signing ---- */

static enum assay_status
check_dates(const struct seal_job *job, struct assay_error *err)
{
	const struct assay_release_check *check = &job->state.check;
	const struct {
		int64_t expires;
		const char *name;
	} dates[] = { { check->state.root.expires, "the root" }, { check->targets.expires, SEAL_TARGETS }, { job->state.expires, SEAL_RELEASE } };
	for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
		if (dates[i].expires > job->now)
			continue;
		(void)assay_fail(err, ASSAY_E_VERIFY, "%s of this seal has expired: nobody could install it", dates[i].name);
		return assay_error_todo(err, ASSAY_E_VERIFY, "have the release sealed anew");
	}
	return ASSAY_OK;
}

enum assay_status
seal_look_at(struct seal_job *job, const struct seal **ret_seal, struct assay_error *err)
{
	struct seal *seal = arena_alloc(job->arena, sizeof *seal);
	if (seal == NULL)
		return arena_full(err);
	TRY(seal_read(job->path, job->arena, seal, err));
	if (job->cli->root != NULL) {
		TRY(seal_root(job, NULL, err));
	} else if (job->root == NULL) {
		CLEANUP(canon_unref) json_t *document = NULL;
		if (seal->release.data == NULL)
			return assay_fail(err, ASSAY_E_NOT_FOUND, "'%s' is no seal: it has no " SEAL_RELEASE, job->path);
		TRY(trust_read(seal->release, SEAL_RELEASE, TRUST_POLICY, &document, err));
		/* Whose it says to be is asked of the user's own list: a root that isn't pinned for it there helps nobody. */
		TRY(seal_root(job, json_string_value(json_object_get(json_object_get(document, "signed"), "x-assay-repository")), err));
	}
	seal_state_done(&job->state);
	TRY(seal_look(seal, job->root, true, &job->state, err));
	*ret_seal = seal;
	return seal_expect(&job->state, job->path, true, err);
}

enum assay_status
seal_add_signature(struct seal_job *job, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ASSAY_RELEASE_FILE_MAX);
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_MAX);
	const struct seal *seal;
	const char *id = NULL;
	job->path = job->cli->add_signature;
	if (job->cli->sign == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "'--add-signature' wants --sign");
	job->tree = job->cli->args[0];
	if (job->has_workspace)
		TRY(workspace_open(job->cli, job->cli->repo, &job->w, err));
	TRY(seal_place(job, err));
	TRY(seal_look_at(job, &seal, err));
	TRY(check_dates(job, err));
	if (job->cli->yes)
		TRY(seal_check_repeated(job, err));
	TRY(workspace_signer(job->cli, SIGNER_METADATA, &job->signer, err));
	TRY(seal_own_key(job->state.authority, &job->state, job->signer, &id, &job->signer_is, err));
	TRY(compare_tree(job, err));
	TRY(seal_look_into(job, job->state.commit, err));
	TRY(seal_check_bill(job, err));
	seal_describe(&job->state, &job->counts, &text);
	seal_bill_text(job, &text);
	seal_found_text(job, &text);
	if (!job->cli->yes)
		TRY(seal_ask(job, &text, "the tree is the one that was sealed.", err));
	TRY(trust_sign(job->state.document, job->signer, id, err));
	TRY(trust_write(job->state.document, &bytes, err));
	const char *signer_is = arena_str(job->arena, job->signer_is);
	if (signer_is == NULL)
		return arena_full(err);
	job->signer_is = signer_is;
	TRY(buf_status(&bytes, SEAL_RELEASE, err));
	TRY(seal_put(job->path, job->beside, SEAL_RELEASE, buf_span(&bytes), err));
	return seal_look_at(job, &seal, err);
}
