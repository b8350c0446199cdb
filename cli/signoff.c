/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay signoff: a person signs a record. What is signed is shown first; the two files are written whole or not at all.
 */
#include "workspace.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <errno.h>
#include <fcntl.h>
#include <policy/signoff.h>
#include <string.h>
#include <sys/stat.h>
#include <trust/folder.h>
#include <trust/sshsig.h>

#define RECORD_MAX ((size_t)64 << 20)

struct signing {
	struct cli *cli;
	struct workspace w;
	struct sshsig_signer *signer;
	struct buf record, statement, signature;
	const char *record_path;      /* in the repository */
	const struct roster_key *key; /* the signer's */
	struct signoff s;
	const char *path;             /* of the statement, in the repository */
	int tree;
};

static void
signing_done(struct signing *x)
{
	sshsig_free(&x->signer);
	buf_done(&x->record);
	buf_done(&x->statement);
	buf_done(&x->signature);
	if (x->tree >= 0)
		(void)close(x->tree);
	workspace_done(&x->w);
}

/* ---- the record ---- */

static void
free_path(char **path)
{
	free(*path);
}

/* The file's path in the repository: it must lie there, or nobody could find what was signed. */
static enum assay_status
find_record(struct signing *x, const char *file, struct assay_error *err)
{
	const char *tree = x->w.repository->work_tree;
	CLEANUP(free_path) char *real = realpath(file, NULL);
	if (tree == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "a bare repository has no work tree with records to sign");
	if (real == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "can't read '%s': %s", file, text_errno(errno));
	const size_t len = strlen(tree);
	if (strncmp(real, tree, len) != 0 || real[len] != '/') {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' doesn't lie in the repository at '%s'", file, tree);
		return assay_error_todo(err, ASSAY_E_USAGE, "name another repository with --path");
	}
	x->record_path = arena_str(x->w.arena, real + len + 1);
	if (x->record_path == NULL)
		return arena_full(err);
	x->tree = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->tree < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", tree, text_errno(errno));
	return file_read_beneath(x->tree, x->record_path, &x->record, err);
}

/* ---- the signer ---- */

static bool
on_roster(void *ctx, struct assay_span blob)
{
	const struct signing *x = ctx;
	return roster_find(&x->w.roster, ROSTER_PERSON, blob) != NULL;
}

static enum assay_status
find_signer(struct signing *x, struct assay_error *err)
{
	struct signer_request request;
	TRY(workspace_request(x->cli, SIGNER_METADATA, x->cli->sign == NULL ? "agent" : x->cli->sign, &request, err));
	enum assay_status status = sshsig_open(&request, on_roster, x, &x->signer, err);
	if (status != ASSAY_OK)
		return status;
	x->key = roster_find(&x->w.roster, ROSTER_PERSON, sshsig_blob(x->signer));
	if (x->key != NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "the signing key is nobody's in " ROSTER_PATH);
	return assay_error_todo(err, ASSAY_E_USAGE, "enter it there first, or sign with another one");
}

/* The only role of the signer, when none is named. */
static enum assay_status
find_role(struct signing *x, struct assay_error *err)
{
	const struct yaml_strings *roles = &x->key->owner->roles;
	const char *wanted = x->cli->role;
	x->s.role = wanted == NULL && roles->count == 1 ? roles->items[0] : wanted;
	for (size_t i = 0; wanted != NULL && i < roles->count; i++) {
		if (strcmp(roles->items[i], wanted) == 0)
			return ASSAY_OK;
	}
	if (wanted == NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "%s doesn't hold the role '%s'", x->key->owner->name, wanted);
	return assay_error_todo(err, ASSAY_E_USAGE, "roles stand in " ROSTER_PATH);
}

/* A sign-off that would not hold is not made. */
static enum assay_status
check_key(const struct signing *x, struct assay_error *err)
{
	const struct roster_key *k = x->key;
	const char *why = NULL;
	if (k->pending)
		why = "is pending: somebody else must confirm whose it is";
	else if (k->compromised_since != WHEN_MAX)
		why = "is compromised";
	else if (x->s.date < k->from)
		why = "isn't valid yet";
	else if ((k->until != WHEN_MAX && x->s.date >= k->until) || (k->retired != WHEN_MAX && x->s.date >= k->retired))
		why = "isn't valid any more";
	if (why == NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "the key of %s %s", k->owner->name, why);
	return assay_error_at(err, ASSAY_E_USAGE, ROSTER_PATH, k->line, 1);
}

/* ---- the statement ---- */

/* The policy state in force here, when there is one: what was agreed when this was signed. */
static enum assay_status
find_state(struct signing *x, struct assay_error *err)
{
	CLEANUP(trust_folder_done) struct trust_folder folder = { .tree = -1 };
	TRY(trust_folder_open(x->w.repository->work_tree, NULL, x->w.arena, &folder, err));
	x->s.has_state = folder.authority.fault == AUTHORITY_HOLDS;
	if (x->s.has_state)
		memcpy(x->s.state, folder.authority.state, ASSAY_SHA256_SIZE);
	return ASSAY_OK;
}

static enum assay_status
state(struct signing *x, struct assay_error *err)
{
	if (x->cli->act == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "what is signed needs an act");
		return assay_error_todo(err, ASSAY_E_USAGE, "add --act request, approve, review or witness");
	}
	TRY(signoff_act_parse(x->cli->act, &x->s.act, err));
	if (x->w.policy.repository_id == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, POLICY_PATH " has no repository-id");
		return assay_error_todo(err, ASSAY_E_USAGE, "'assay init' writes one; a sign-off counts in one repository alone");
	}
	x->s.repository = x->w.policy.repository_id;
	x->s.kind = signoff_kind(x->record_path);
	x->s.by = x->key->owner->id;
	x->s.date = when_day((int64_t)time(NULL));
	TRY(assay_sha256(buf_span(&x->record), x->s.record));
	TRY(find_role(x, err));
	TRY(check_key(x, err));
	TRY(find_state(x, err));
	return signoff_write(&x->s, &x->statement, err);
}

/* ---- writing ---- */

static enum assay_status
write_both(struct signing *x, struct assay_error *err)
{
	x->path = signoff_path(&x->s, x->record_path, x->w.arena);
	const char *sig = x->path == NULL ? NULL : arena_printf(x->w.arena, "%s" SIGNOFF_SIGNATURE_SUFFIX, x->path);
	if (sig == NULL)
		return arena_full(err);
	if ((mkdirat(x->tree, "assay", 0777) != 0 && errno != EEXIST)
	    || (mkdirat(x->tree, "assay/reviews", 0777) != 0 && errno != EEXIST))
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make '" SIGNOFF_FOLDER "': %s", text_errno(errno));
	/* A statement without its signature says nothing; a signature without its statement is litter. */
	TRY(file_write_atomic(x->tree, x->path, buf_span(&x->statement), 0666, err));
	const enum assay_status status = file_write_atomic(x->tree, sig, buf_span(&x->signature), 0666, err);
	if (status != ASSAY_OK)
		(void)unlinkat(x->tree, x->path, 0);
	return status;
}

static enum assay_status
show(const struct signing *x, struct buf *out, struct assay_error *err)
{
	char hex[2 * ASSAY_SHA256_SIZE + 1], day[WHEN_TEXT_SIZE];
	text_hex((struct assay_span){ x->s.record, ASSAY_SHA256_SIZE }, hex);
	when_format_date(x->s.date, day);
	buf_addf(out, "record      ");
	text_escape(out, assay_span_str(x->record_path), false);
	buf_addf(out, " (%s)\nsha256      %s\nact         %s\nsigned by   ", x->s.kind, hex, signoff_act_name(x->s.act));
	text_escape(out, assay_span_str(x->key->owner->name), false);
	buf_addf(out, " (%s)%s%s\ndate        %s\nrepository  %s\n", x->s.by, x->s.role != NULL ? ", as " : "",
	    x->s.role != NULL ? x->s.role : "", day, x->s.repository);
	return buf_status(out, "what is signed", err);
}

static enum assay_status
answer(const struct signing *x, struct buf *out, struct assay_error *err)
{
	if (!x->cli->json) {
		buf_add_str(out, "written     ");
		text_escape(out, assay_span_str(x->path), false);
		buf_add_str(out, " and its .sig\n\nnext: commit both; whoever checks finds them by the record's digest\n");
		return buf_status(out, "the answer", err);
	}
	CLEANUP(canon_unref) json_t *statement = NULL;
	TRY(canon_read(buf_span(&x->statement), "statement", &statement, err));
	CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:o, s:s, s:O}", "schema", "assay-signoff-result/1",
	    "record", canon_text(assay_span_str(x->record_path)), "statement-path", x->path, "statement", statement);
	TRY(root == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer") : canon_write(root, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the answer", err);
}

static enum assay_status
sign(struct signing *x, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	TRY(workspace_open(x->cli, x->cli->path == NULL ? "." : x->cli->path, &x->w, err));
	TRY(find_record(x, x->cli->args[0], err));
	TRY(find_signer(x, err));
	TRY(state(x, err));
	TRY(show(x, &out, err));
	if (!x->cli->quiet)
		(void)fputs(buf_str(&out), stderr);
	TRY(sshsig_make(x->signer, signoff_namespace(x->s.act), buf_span(&x->statement), &x->signature, err));
	TRY(write_both(x, err));
	buf_reset(&out);
	TRY(answer(x, &out, err));
	return cli_print(&out, err);
}

int
verb_signoff(struct cli *cli, struct assay_error *err)
{
	CLEANUP(signing_done) struct signing x = { .cli = cli, .tree = -1, .record = BUF_INIT(RECORD_MAX),
		.statement = BUF_INIT(SIGNOFF_SIZE_MAX), .signature = BUF_INIT(ASSAY_SSHSIG_MAX) };
	return sign(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
