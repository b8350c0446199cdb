/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay close: writes the record that closes a finding, as fixed or as none. The judge of find.closed is asked first, as if those had
 * signed who have to; what it would not take isn't written. Signing is 'assay signoff's.
 */
#include "close.h"
#include "confine.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/unconst.h>
#include <codec/canon.h>
#include <errno.h>
#include <evidence/tree.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define SCHEMA "assay-closure-written/1"
#define OUT_MAX ((size_t)1 << 20)
#define NAME_DIGITS 12

static void
job_done(struct close_job *x)
{
	buf_done(&x->before);
	buf_done(&x->after);
	buf_done(&x->record);
	buf_done(&x->out);
	if (x->tree >= 0)
		(void)close(x->tree);
	rejudge_done(&x->pack);
	workspace_done(&x->w);
}

static enum assay_status
refuse(struct assay_error *err, const char *todo)
{
	return assay_error_todo(err, ASSAY_E_USAGE, "%s", todo);
}

/* ---- what is asked for ---- */

static enum assay_status
check_options(const struct cli *cli, struct assay_error *err)
{
	const struct {
		const char *option, *value;
	} proofs[] = { { "fix", cli->fix }, { "verifier", cli->verifier }, { "test", cli->test } };
	for (size_t i = 0; cli->false_positive && i < sizeof proofs / sizeof proofs[0]; i++) {
		if (proofs[i].value != NULL)
			return assay_fail(err, ASSAY_E_USAGE, "'--%s' is of what was fixed; a false positive has its reason", proofs[i].option);
	}
	if (cli->reason != NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "a closure needs '--reason'");
	return refuse(err, cli->false_positive ? "say why the fault can't happen" : "say what was done, and why that mends it");
}

static enum assay_status
open_all(struct close_job *x, struct assay_error *err)
{
	struct cli *cli = x->cli;
	bool confined = false;
	TRY(workspace_open(cli, cli->path == NULL ? "." : cli->path, &x->w, err));
	const char *tree = x->w.repository->work_tree;
	if (tree == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "a bare repository has no work tree to write into");
	x->tree = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->tree < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", tree, text_errno(errno));
	const enum assay_status status = rejudge_open(cli, cli->arg_count > 1 ? cli->args[1] : REJUDGE_PACK, &x->pack, err);
	if (status == ASSAY_E_NOT_FOUND)
		return assay_error_todo(err, status, "run 'assay check' first, or name its pack behind the finding");
	TRY(status);
	TRY(confine_to_reading(cli, &x->w, tree, false, &confined, err));
	return rejudge_read(&x->pack, err);
}

/* What the check saw is what is there now. */
static enum assay_status
check_commit(const struct close_job *x, struct assay_error *err)
{
	const struct tree *t = evidence_facts(x->pack.input.evidence, TREE_KIND);
	char hex[2 * OID_MAX + 1];
	if (t == NULL || !t->has_head) {
		(void)assay_fail(err, ASSAY_E_USAGE, "the pack is of no commit");
		return refuse(err, "commit, and run 'assay check'");
	}
	if (x->w.repository->has_head && oid_compare(&t->commit, &x->w.repository->head) == 0)
		return ASSAY_OK;
	oid_hex(&t->commit, t->sources.algo, hex);
	(void)assay_fail(err, ASSAY_E_USAGE, "the last check was of commit %.12s, and HEAD is another one", hex);
	return refuse(err, "run 'assay check' again: what is closed is what HEAD no longer has");
}

/* ---- the finding ---- */

static enum assay_status
find_finding(struct close_job *x, struct assay_error *err)
{
	const struct sca_findings *all = judge_closing_findings(x->state);
	const char *digits = x->cli->args[0], *first = NULL;
	const size_t len = strlen(digits);
	size_t count = 0;
	if (len == 0 || len >= SCA_IDENTITY_SIZE || digits[strspn(digits, "0123456789abcdef")] != '\0') {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is no finding's identity", digits);
		return refuse(err, "give its first hex digits, as 'assay findings' lists them");
	}
	for (size_t i = 0; i < all->count; i++) {
		if (strncmp(all->items[i].identity, digits, len) != 0)
			continue;
		first = count == 0 ? all->items[i].identity : first;
		count++;
		x->finding = &all->items[i];
	}
	if (count == 0) {
		(void)assay_fail(err, ASSAY_E_NOT_FOUND, "there is no finding '%s'", digits);
		return assay_error_todo(err, ASSAY_E_NOT_FOUND, "'assay findings' lists those of the last check");
	}
	memcpy(x->k.finding, x->finding->identity, SCA_IDENTITY_SIZE);
	if (count == 1)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "%zu findings begin with '%s'", count, digits);
	return assay_error_todo(err, ASSAY_E_USAGE, "give more digits: %.20s or %.20s", first, x->finding->identity);
}

/* A record of HEAD that is still in the work tree is corrected, and not joined by another one. */
static enum assay_status
refuse_record(const struct close_job *x, struct assay_error *err)
{
	const struct sca_closed *k = judge_closing_record(x->state, x->finding->identity);
	struct stat there;
	if (k == NULL)
		return ASSAY_OK;
	if (x->finding->state == SCA_FIXED || x->finding->state == SCA_FALSE_POSITIVE)
		return assay_fail(err, ASSAY_E_USAGE, "it is closed already, by '%s'", k->path);
	if (fstatat(x->tree, k->path, &there, AT_SYMLINK_NOFOLLOW) != 0)
		return ASSAY_OK;
	if (k->why == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' closes it as fixed, and it is reported again", k->path);
		return refuse(err, "mend it again; or take that record out, and then argue with --false-positive why it is none");
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is there for it already, and doesn't hold: %s", k->path, k->why);
	return refuse(err, "correct that one and have it signed, or take it out and close anew");
}

static enum assay_status
refuse_state(const struct close_job *x, struct assay_error *err)
{
	const struct sca_finding *f = x->finding;
	struct judge_closing_answer answer;
	TRY(refuse_record(x, err));
	if (x->cli->false_positive)
		return ASSAY_OK;
	TRY(judge_closing_absence(x->state, f, &answer, err));
	if (answer.why != NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "it is not reported any more, which proves nothing: %s", answer.why);
		return refuse(err, answer.next);
	}
	if (f->state == SCA_NOT_OBSERVED)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "it is still reported: %s: %s", f->rule, f->message);
	(void)assay_error_at(err, ASSAY_E_USAGE, f->path, f->line, f->column);
	return refuse(err, "mend it, commit, and run 'assay check'; or argue with --false-positive why it is none");
}

/* ---- the register ---- */

static enum assay_status
fill(const char **field, const char *option, const char *key, const char *value, struct assay_error *err)
{
	if (value == NULL)
		return ASSAY_OK;
	if (value[strspn(value, " \t\n")] == '\0')
		return assay_fail(err, ASSAY_E_USAGE, "'--%s' says nothing", option);
	if (*field == NULL || strcmp(*field, value) == 0) {
		*field = value;
		return ASSAY_OK;
	}
	(void)assay_fail(err, ASSAY_E_USAGE, REGISTER_PATH " says something else of its %s", key);
	return refuse(err, "change it there, or leave the option out");
}

/* The register of the work tree, which says of the finding what it will say when this is signed. */
static enum assay_status
read_register(struct close_job *x, struct assay_error *err)
{
	const enum assay_status status = file_read_beneath(x->tree, REGISTER_PATH, &x->before, err);
	x->entry = judge_closing_entry(x->state, x->finding->identity);
	if (status == ASSAY_E_NOT_FOUND) {
		assay_error_clear(err);
		return ASSAY_OK;
	}
	TRY(status);
	TRY(sca_register_parse(buf_span(&x->before), REGISTER_PATH, x->w.arena, &x->known, err));
	const struct sca_entry *e = sca_register_find(&x->known, x->finding->identity);
	x->entry = e != NULL ? e : x->entry;
	x->has_register = true;
	return ASSAY_OK;
}

/* What is said here of the finding comes into it. */
static enum assay_status
extend_register(struct close_job *x, struct assay_error *err)
{
	const struct cli *cli = x->cli;
	const bool said = cli->reach != NULL || cli->safety != NULL || cli->exploitability != NULL;
	struct sca_entry *e = unconst(sca_register_find(&x->known, x->finding->identity));
	if (e == NULL && (said || cli->false_positive)) {
		(void)assay_fail(err, ASSAY_E_USAGE, REGISTER_PATH " has no entry of it");
		return refuse(err, "enter it with 'assay findings --record', or put back what was taken out");
	}
	if (!said)
		return ASSAY_OK;
	TRY(fill(&e->reach, "reach", "reach", cli->reach, err));
	TRY(fill(&e->safety, "safety-effect", "safety effect", cli->safety, err));
	TRY(fill(&e->exploitability, "exploitability", "exploitability", cli->exploitability, err));
	enum assay_status status = sca_register_extend(buf_span(&x->before), &x->known, x->w.arena, &x->after, err);
	if (status == ASSAY_E_UNSUPPORTED)
		status = err->status = ASSAY_E_USAGE;
	TRY(status);
	if (x->after.len == x->before.len)
		buf_reset(&x->after);
	return ASSAY_OK;
}

/* ---- the record ---- */

/* "mem30-c-take-956653377c38" of rule, symbol and identity; NULL: no memory. */
static const char *
make_name(const struct close_job *x)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	const struct sca_finding *f = x->finding;
	const char *slash = strrchr(f->rule, '/'), *base = strrchr(f->path, '/');
	const char *about = f->symbol[0] != '\0' ? f->symbol : base == NULL ? f->path : base + 1;
	char *name = arena_printf(x->w.arena, "%.40s-%.60s-%.*s", slash == NULL ? f->rule : slash + 1, about, NAME_DIGITS, f->identity);
	for (char *p = name; p != NULL && *p != '\0'; p++) {
		const char c = text_lower(*p);
		*p = (char)(strchr(letters, c) != NULL ? c : '-');
	}
	return name;
}

static enum assay_status
choose_path(struct close_job *x, struct assay_error *err)
{
	struct stat there;
	const char *name = make_name(x);
	x->path = x->cli->out != NULL || name == NULL ? x->cli->out : arena_printf(x->w.arena, CLOSURE_FOLDER "%s.yaml", name);
	if (x->path == NULL)
		return arena_full(err);
	if (!sca_closure_is_record(x->path) || strchr(x->path + strlen(CLOSURE_FOLDER), '/') != NULL)
		return assay_fail(err, ASSAY_E_USAGE, "a closure's record lies in '" CLOSURE_FOLDER "NAME.yaml', not in '%s'", x->path);
	if (fstatat(x->tree, x->path, &there, AT_SYMLINK_NOFOLLOW) != 0)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "there is a '%s' already", x->path);
	return refuse(err, "read it, and have it signed or take it out; another name goes with --out");
}

/* Written as it will be read: what the format refuses is refused here. */
static enum assay_status
compose(struct close_job *x, struct assay_error *err)
{
	struct sca_closure again;
	x->k.state = x->cli->false_positive ? SCA_CLOSE_FALSE_POSITIVE : SCA_CLOSE_FIXED;
	x->k.reason = x->cli->reason;
	TRY(sca_closure_write(&x->k, &x->record, err));
	return sca_closure_parse(buf_span(&x->record), "the closure", x->w.arena, &again, err);
}

/* Asks the judge. */
static enum assay_status
refuse_doubts(const struct close_job *x, struct assay_error *err)
{
	static const char *const todo[] = {
		[CLOSING_ROLE] = "name one in assay/policy.yaml: 'exceptions: {role: quality}'",
		[CLOSING_VERIFIER] = "name with --verifier somebody of assay/roster.yaml who didn't write that commit",
		[CLOSING_FIX] = ("name with --fix a commit of HEAD's history that changes the finding's file; if that was renamed, correct its path in " REGISTER_PATH),
		[CLOSING_TEST] = "name with --test a file that HEAD has and that fails when the fault comes back; commit it first",
		[CLOSING_REASON] = "say with --reason what was done, or why the fault can't happen",
	};
	struct judge_closing_answer answer;
	TRY(judge_closing_try(x->state, &x->k, x->has_register ? &x->known : NULL, &answer, err));
	if (answer.why == NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "this closure would not hold: %s", answer.why);
	return refuse(err, answer.part == CLOSING_ELSE ? answer.next : todo[answer.part]);
}

static enum assay_status
write_files(const struct close_job *x, struct assay_error *err)
{
	enum assay_status status = ASSAY_OK;
	if (mkdirat(x->tree, "assay/closures", 0777) != 0 && errno != EEXIST)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make '" CLOSURE_FOLDER "': %s", text_errno(errno));
	const int folder = openat(x->tree, "assay/closures", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '" CLOSURE_FOLDER "': %s", text_errno(errno));
	if (x->after.len > 0)
		status = file_write_atomic(x->tree, REGISTER_PATH, buf_span(&x->after), 0666, err);
	if (status == ASSAY_OK)
		status = file_write_atomic(folder, x->path + strlen(CLOSURE_FOLDER), buf_span(&x->record), 0666, err);
	(void)close(folder);
	return status;
}

/* ---- the answer ---- */

static enum assay_status
answer_json(struct close_job *x, const char *hex, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *proposed = json_array();
	const struct {
		const char *key, *found;
	} all[] = { { "fix-commit", x->fix_found }, { "verifier", x->verifier_found }, { "test", x->test_found } };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (all[i].found != NULL)
			(void)json_array_append_new(proposed, json_string(all[i].key));
	}
	CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:o, s:s, s:s, s:s, s:s?, s:s?, s:o?, s:O, s:b}", "schema", SCHEMA, "path",
	    canon_text(assay_span_str(x->path)), "record-sha256", hex, "finding", x->k.finding, "state",
	    x->cli->false_positive ? "false-positive" : "fixed", "fix-commit", x->k.fix_commit, "verifier", x->k.verifier, "test",
	    x->k.test == NULL ? NULL : canon_text(assay_span_str(x->k.test)), "proposed", proposed, "register-extended", x->after.len > 0);
	TRY(root == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer") : canon_write(root, &x->out, err));
	buf_add_byte(&x->out, '\n');
	return ASSAY_OK;
}

static void
add_row(struct buf *out, const char *what, const char *value, const char *found)
{
	if (value == NULL)
		return;
	buf_addf(out, "%-12s", what);
	text_escape(out, assay_span_str(value), false);
	if (found != NULL) {
		buf_add_str(out, "\n              ");
		text_escape(out, assay_span_str(found), false);
	}
	buf_add_byte(out, '\n');
}

static void
add_signing(struct close_job *x, const char *act, const char *role, const char *who)
{
	buf_add_str(&x->out, "  assay signoff ");
	text_escape(&x->out, assay_span_str(x->path), false);
	buf_addf(&x->out, " --act %s%s%s", act, role == NULL ? "" : " --role ", role == NULL ? "" : role);
	buf_addf(&x->out, "   # %s\n", who);
}

/* Who approves in the role has verified it as well; anybody else signs a review. */
static void
add_next(struct close_job *x)
{
	const char *role = judge_closing_policy(x->state)->exception_role;
	const struct roster *r = judge_closing_roster(x->state);
	bool in_role = false;
	for (size_t i = 0; x->k.verifier != NULL && i < r->count; i++)
		in_role |= strcmp(r->entries[i].id, x->k.verifier) == 0 && roster_has_role(&r->entries[i], role);
	buf_add_str(&x->out, "\nnext: read it, then have it signed:\n");
	add_signing(x, "request", NULL, "whoever asks for it");
	if (x->k.verifier != NULL && !in_role)
		add_signing(x, "review", NULL, x->k.verifier);
	add_signing(x, "approve", role, in_role ? x->k.verifier : "somebody else");
	buf_add_str(&x->out, "then commit it with its sign-offs, and run 'assay check'\n");
	if (x->after.len > 0)
		buf_add_str(&x->out, "the register is a record of the policy: have its new state signed, see 'assay trust sign'\n");
}

static enum assay_status
answer(struct close_job *x, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	TRY(assay_sha256(buf_span(&x->record), digest));
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	if (x->cli->json) {
		TRY(answer_json(x, hex, err));
		return cli_print(&x->out, err);
	}
	add_row(&x->out, "written", x->path, NULL);
	add_row(&x->out, "sha256", hex, NULL);
	add_row(&x->out, "fix", x->k.fix_commit == NULL ? NULL : close_commit_name(x, x->fix), x->fix_found);
	add_row(&x->out, "verifier", x->k.verifier, x->verifier_found);
	add_row(&x->out, "test", x->k.test, x->test_found);
	if (x->after.len > 0)
		add_row(&x->out, "extended", REGISTER_PATH, NULL);
	if (!x->cli->quiet)
		add_next(x);
	return cli_print(&x->out, err);
}

static enum assay_status
close_finding(struct close_job *x, struct assay_error *err)
{
	TRY(check_options(x->cli, err));
	TRY(open_all(x, err));
	TRY(check_commit(x, err));
	TRY(judge_closing_open(&x->pack.input, x->w.arena, &x->state, err));
	x->h = judge_closing_history(x->state);
	TRY(find_finding(x, err));
	TRY(refuse_state(x, err));
	TRY(read_register(x, err));
	if (!x->cli->false_positive)
		TRY(close_propose(x, err));
	TRY(extend_register(x, err));
	TRY(compose(x, err));
	TRY(refuse_doubts(x, err));
	TRY(choose_path(x, err));
	TRY(write_files(x, err));
	return answer(x, err);
}

int
verb_close(struct cli *cli, struct assay_error *err)
{
	CLEANUP(job_done) struct close_job x = { .cli = cli, .fix = HISTORY_NONE, .before = BUF_INIT(YAML_SIZE_MAX),
		.after = BUF_INIT(YAML_SIZE_MAX), .record = BUF_INIT(YAML_SIZE_MAX), .out = BUF_INIT(OUT_MAX), .tree = -1 };
	return close_finding(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
