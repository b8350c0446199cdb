/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay log: the ledger of a repository. Subcommands in a table.
 */
#include "anchors.h"
#include "notes.h"
#include "workspace.h"

#include <assay/base64.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <codec/canon.h>
#include <fcntl.h>
#include <ledger/log.h>
#include <string.h>

#define ENTRIES_MAX 1000
#define ORIGIN_MAX 256

struct log {
	struct cli *cli;
	struct workspace w;
	struct ledger *ledger;
	struct signer *signer;
	struct buf out;
	char origin[ORIGIN_MAX];
	int exit;                /* when all went well */
};

static void
log_done(struct log *l)
{
	ledger_close(&l->ledger);
	signer_free(&l->signer);
	buf_done(&l->out);
	workspace_done(&l->w);
}

/* An origin is a line of its own, and a key's name in the signature's: c2sp.org/signed-note. */
static enum assay_status
check_origin(const char *origin, struct assay_error *err)
{
	struct assay_span s = assay_span_str(origin == NULL ? "assay" : origin);
	bool good = s.len > 0 && s.len < ORIGIN_MAX && text_is_utf8(s);
	for (size_t i = 0; i < s.len; i++)
		good = good && s.data[i] > ' ' && s.data[i] != '+' && s.data[i] != 0x7f;
	if (good)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "'--origin' wants a name without blanks and '+', of less than %d bytes", ORIGIN_MAX);
	return assay_error_todo(err, ASSAY_E_USAGE, "such as 'example.org/ledger'");
}

static enum assay_status
log_open(struct log *l, bool create, struct assay_error *err)
{
	struct cli *cli = l->cli;
	TRY(workspace_open(cli, cli->path == NULL ? "." : cli->path, &l->w, err));
	TRY(workspace_signer(cli, SIGNER_NOTE, &l->signer, err));
	enum assay_status status = workspace_state(cli, &l->w, err);
	if (status != ASSAY_OK)
		return status;
	if (l->w.state == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is no state folder that could hold a ledger");
		return assay_error_todo(err, ASSAY_E_USAGE, "name a folder with --state");
	}
	status = ledger_open(l->w.state, create, &l->ledger, err);
	if (status == ASSAY_E_NOT_FOUND)
		return assay_error_todo(err, status, "'assay check' makes the first entry");
	/* Two clones keep two ledgers: the folder's name, and so the origin, tells them apart. */
	(void)snprintf(l->origin, sizeof l->origin, "%s%s", cli->origin == NULL ? "assay/" : "",
	    cli->origin != NULL ? cli->origin : strrchr(l->w.state, '/') + 1);
	return status;
}

/* ---------------------------------------------------------------- append */

static enum assay_status
read_entries(const struct cli *cli, struct buf *files, struct assay_span *spans,
    struct assay_error *err)
{
	for (size_t i = 1; i < cli->arg_count; i++) {
		TRY(file_read(AT_FDCWD, cli->args[i], &files[i], err));
		spans[i - 1] = buf_span(&files[i]);
	}
	return ASSAY_OK;
}

static enum assay_status
log_append(struct log *l, struct assay_error *err)
{
	const struct cli *cli = l->cli;
	uint64_t first = 0;
	if (cli->arg_count < 2)
		return assay_fail(err, ASSAY_E_USAGE, "'assay log append' wants the files to append");
	struct buf *files = arena_array(l->w.arena, cli->arg_count, sizeof *files);
	struct assay_span *spans = arena_array(l->w.arena, cli->arg_count, sizeof *spans);
	if (files == NULL || spans == NULL)
		return arena_full(err);
	for (size_t i = 0; i < cli->arg_count; i++)
		files[i] = (struct buf)BUF_INIT(LEDGER_ENTRY_MAX);
	enum assay_status status = read_entries(cli, files, spans, err);
	if (status == ASSAY_OK)
		status = ledger_append(l->ledger, spans, cli->arg_count - 1, &first, err);
	for (size_t i = 0; i < cli->arg_count; i++)
		buf_done(&files[i]);
	TRY(status);
	if (cli->json)
		buf_addf(&l->out, "{\"count\":%zu,\"first\":%" PRIu64 ",\"schema\":\"assay-log-append/1\"}\n",
		    cli->arg_count - 1, first);
	else
		buf_addf(&l->out, "%zu entries appended from number %" PRIu64 " on\n",
		    cli->arg_count - 1, first);
	return ASSAY_OK;
}

/* ------------------------------------------------------------ checkpoint */

static enum assay_status
log_checkpoint(struct log *l, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf note = BUF_INIT(ASSAY_NOTE_MAX);
	CLEANUP(buf_done) struct buf key = BUF_INIT(ASSAY_VKEY_SIZE);
	struct anchors anchors = { 0 };
	/* What is signed is what the entries give, and contradicts no earlier anchor. */
	if (l->signer != NULL) {
		TRY(ledger_verify(l->ledger, err));
		TRY(anchors_check(l->cli, &l->w, l->ledger, l->origin, &anchors, err));
	}
	TRY(note_checkpoint(l->ledger, l->origin, l->signer, &note, err));
	if (l->signer != NULL)
		TRY(note_verifier_key(l->signer, l->origin, &key, err));
	if (!l->cli->json) {
		buf_add_span(&l->out, buf_span(&note));
		if (l->signer == NULL && !l->cli->quiet)
			(void)fputs("note: nobody signed this checkpoint; sign it with --sign\n", stderr);
		return ASSAY_OK;
	}
	CLEANUP(canon_unref) json_t *object = json_pack("{s:s, s:s, s:s?}", "schema",
	    "assay-checkpoint/1", "note", buf_str(&note), "key",
	    l->signer == NULL ? NULL : buf_str(&key));
	if (object == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the checkpoint");
	TRY(canon_write(object, &l->out, err));
	buf_add_byte(&l->out, '\n');
	return ASSAY_OK;
}

/* ----------------------------------------------------------------- prove */

struct proof {
	struct assay_node nodes[ASSAY_MERKLE_PROOF_MAX];
	size_t len;
	uint64_t first; /* index, or the smaller size */
	uint64_t size;
	bool inclusion;
};

static enum assay_status
make_proof(struct log *l, struct proof *p, struct assay_error *err)
{
	const struct cli *cli = l->cli;
	struct assay_node root;
	TRY(ledger_head(l->ledger, &p->size, &root, err));
	if (cli->has_size && cli->size > p->size)
		return assay_fail(err, ASSAY_E_USAGE, "the ledger has %" PRIu64 " entries, not %" PRIu64,
		    p->size, cli->size);
	if (cli->has_size)
		p->size = cli->size;
	if (cli->has_from == (cli->arg_count > 1))
		return assay_fail(err, ASSAY_E_USAGE, "'assay log prove' wants an entry's number, or --from");
	p->inclusion = !cli->has_from;
	p->first = cli->from;
	if (p->inclusion && text_to_u64(assay_span_str(cli->args[1]), &p->first) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_USAGE, "'%s' is no entry's number", cli->args[1]);
	if (p->inclusion ? p->first >= p->size : p->first > p->size)
		return assay_fail(err, ASSAY_E_USAGE, "%" PRIu64 " lies beyond %" PRIu64 " entries",
		    p->first, p->size);
	return p->inclusion
	    ? ledger_inclusion(l->ledger, p->first, p->size, p->nodes, &p->len, err)
	    : ledger_consistency(l->ledger, p->first, p->size, p->nodes, &p->len, err);
}

static enum assay_status
proof_json(struct log *l, const struct proof *p, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *object = json_pack("{s:s, s:s, s:I, s:I, s:[]}", "schema",
	    "assay-proof/1", "kind", p->inclusion ? "inclusion" : "consistency",
	    p->inclusion ? "index" : "from", (json_int_t)p->first, "size", (json_int_t)p->size, "proof");
	json_t *nodes = json_object_get(object, "proof");
	for (size_t i = 0; i < p->len && nodes != NULL; i++) {
		char text[ASSAY_BASE64_ENCODED_SIZE(ASSAY_SHA256_SIZE)];
		struct assay_span node = { p->nodes[i].b, ASSAY_SHA256_SIZE };
		TRY(assay_base64_encode(node, text, sizeof text));
		if (json_array_append_new(nodes, json_string(text)) != 0)
			nodes = NULL;
	}
	if (nodes == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the proof");
	TRY(canon_write(object, &l->out, err));
	buf_add_byte(&l->out, '\n');
	return ASSAY_OK;
}

static enum assay_status
log_prove(struct log *l, struct assay_error *err)
{
	struct proof p = { .len = 0 };
	TRY(make_proof(l, &p, err));
	if (l->cli->json)
		return proof_json(l, &p, err);
	if (!p.inclusion) {
		buf_addf(&l->out, "consistency %" PRIu64 " %" PRIu64 "\n", p.first, p.size);
		note_nodes(p.nodes, p.len, &l->out);
		return ASSAY_OK;
	}
	return note_proof(l->ledger, l->origin, l->signer, p.first, p.size, p.nodes, p.len, &l->out, err);
}

/* ---------------------------------------------------------------- verify */

static enum assay_status
verify_kept(struct log *l, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf kept = BUF_INIT(ASSAY_NOTE_MAX);
	if (l->cli->key != NULL && l->cli->checkpoint == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "'--key' goes with --checkpoint");
	if (l->cli->checkpoint == NULL)
		return ASSAY_OK;
	TRY(file_read(AT_FDCWD, l->cli->checkpoint, &kept, err));
	TRY(note_hold_against(l->ledger, l->origin, buf_span(&kept), l->cli->key, err));
	if (!l->cli->json)
		buf_addf(&l->out, "the checkpoint %s holds%s\n", l->cli->checkpoint,
		    l->cli->key == NULL ? "; who signed it was not checked: give --key" : ", signed by the key given");
	return ASSAY_OK;
}

static enum assay_status
log_verify(struct log *l, struct assay_error *err)
{
	uint64_t size = 0;
	struct assay_node root;
	struct anchors anchors = { 0 };
	TRY(ledger_verify(l->ledger, err));
	TRY(ledger_head(l->ledger, &size, &root, err));
	TRY(verify_kept(l, err));
	TRY(anchors_check(l->cli, &l->w, l->ledger, l->origin, &anchors, err));
	/* Somebody anchored a log, and this isn't it: under another name a rewritten one would look like that. */
	if (anchors.found == 0 && anchors.foreign > 0)
		l->exit = EXIT_NOT_EVALUATED;
	if (l->cli->json) {
		buf_addf(&l->out,
		    "{\"anchors\":%zu,\"foreign_anchors\":%zu,\"schema\":\"assay-log-verify/1\",\"signed_anchors\":%zu,\"size\":%" PRIu64 "}\n",
		    anchors.found, anchors.foreign, anchors.with_signature, size);
		return ASSAY_OK;
	}
	buf_addf(&l->out, "%" PRIu64 " entries, every hash recomputed\n", size);
	if (anchors.foreign > 0)
		buf_addf(&l->out, "%zu anchors in tags are of other logs and were not compared, of '%s' for one\n",
		    anchors.foreign, anchors.foreign_origin);
	if (anchors.found == 0)
		buf_add_str(&l->out, "no anchor of this log in any tag: nobody but this machine holds the ledger's head\n");
	else
		buf_addf(&l->out, "%zu anchors in tags agree, %zu of them in tags that carry a valid signature\n",
		    anchors.found, anchors.with_signature);
	return ASSAY_OK;
}

static const struct {
	const char *name;
	bool create;
	size_t most; /* of arguments, the action's own name included */
	enum assay_status (*run)(struct log *l, struct assay_error *err);
} actions[] = {
	{ "append", true, ENTRIES_MAX, log_append },
	{ "checkpoint", false, 1, log_checkpoint },
	{ "prove", false, 2, log_prove },
	{ "verify", false, 1, log_verify },
};

static enum assay_status
run_action(struct log *l, struct assay_error *err)
{
	const char *names[sizeof actions / sizeof actions[0]];
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		names[i] = actions[i].name;
		if (strcmp(actions[i].name, l->cli->args[0]) != 0)
			continue;
		if (l->cli->arg_count > actions[i].most)
			return assay_fail(err, ASSAY_E_USAGE, "'assay log %s' does not know what to do with '%s'",
			    actions[i].name, l->cli->args[actions[i].most]);
		TRY(check_origin(l->cli->origin, err));
		TRY(log_open(l, actions[i].create, err));
		TRY(actions[i].run(l, err));
		return cli_print(&l->out, err);
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "'assay log' can't '%s'", l->cli->args[0]);
	const char *near = text_nearest(l->cli->args[0], names, sizeof names / sizeof names[0]);
	return assay_error_todo(err, ASSAY_E_USAGE,
	    near == NULL ? "take append, checkpoint, prove or verify" : "did you mean '%s'?",
	    near);
}

int
verb_log(struct cli *cli, struct assay_error *err)
{
	CLEANUP(log_done) struct log l = { .cli = cli, .out = BUF_INIT(16u << 20) };
	return run_action(&l, err) == ASSAY_OK ? l.exit : cli_error(cli, err);
}
