/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay key: the keys in tokens, as the tokens tell them, and as a vendor attests them.
 */
#include "key.h"
#include "pin.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <fcntl.h>
#include <string.h>
#include <trust/token_list.h>

#define OUT_MAX ((size_t)16 << 20)
#define WORD "on the token's word"

static void
job_done(struct key_job *job)
{
	buf_done(&job->bytes);
	buf_done(&job->out);
	workspace_done(&job->w);
}

/* ---- looking ---- */

static enum assay_status
look_now(struct key_job *job, struct assay_error *err)
{
	struct cli *cli = job->cli;
	char day[WHEN_TEXT_SIZE];
	TRY(pin_configure(cli, err));
	when_format_date((int64_t)time(NULL), day);
	const bool given = cli->pin_file != NULL || cli->pin_program != NULL;
	/* A login at no particular token would try one PIN at whichever is there. */
	const struct token_list_request request = { .module = cli->module, .uri = cli->arg_count > 1 ? cli->args[1] : NULL, .day = day,
		.login = cli->login || (given && cli->arg_count > 1), .last_try = cli->last_try, .ask_pin = pin_ask, .ask_ctx = cli };
	return token_list(&request, &job->bytes, err);
}

enum assay_status
key_look(struct key_job *job, struct assay_error *err)
{
	const char *path = job->cli->capture;
	if (path != NULL)
		TRY(file_read(AT_FDCWD, path, &job->bytes, err));
	else
		TRY(look_now(job, err));
	return capture_parse(buf_span(&job->bytes), path != NULL ? path : "what the module says", job->arena, &job->capture, err);
}

/* ---- attestation ---- */

enum assay_status
key_attested(struct key_job *job, struct assay_span chain, const char *spki_sha256, struct attestation *ret_attestation,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf roots = BUF_INIT(ATTESTATION_MAX);
	unsigned char digest[ASSAY_SHA256_SIZE];
	if (job->cli->attestation_root != NULL)
		TRY(file_read(AT_FDCWD, job->cli->attestation_root, &roots, err));
	if (text_unhex(assay_span_str(spki_sha256), digest, sizeof digest) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "a key's digest isn't one");
	const struct attestation_question q = { chain, digest, buf_span(&roots), (int64_t)time(NULL) };
	/* What became of it stands in its code. */
	const enum assay_status status = attestation_verify(&q, ret_attestation, err);
	return status == ASSAY_E_VERIFY ? ASSAY_OK : status;
}

json_t *
key_attestation_json(const struct attestation *a)
{
	const bool holds = a->code == ATTESTATION_HOLDS;
	json_t *row = json_pack("{s:b, s:s, s:s}", "attested", holds, "code", attestation_code_name(a->code), "words", attestation_words(a->code));
	if (row == NULL || a->code < ATTESTATION_IMPORTED)
		return row;
	if (json_object_set_new(row, "vendor", json_string(attestation_vendor_name(a->vendor))) != 0
	    || json_object_set_new(row, "serial", json_integer((json_int_t)a->serial)) != 0
	    || json_object_set_new(row, "firmware", json_sprintf("%u.%u.%u", a->firmware[0], a->firmware[1], a->firmware[2])) != 0
	    || json_object_set_new(row, "root", canon_sha256(a->root_sha256)) != 0) {
		json_decref(row);
		return NULL;
	}
	return row;
}

void
key_attestation_text(const struct attestation *a, struct buf *out)
{
	static const char *const pin[] = { "by default", "never", "once", "always" };
	buf_addf(out, "  attestation  %s: %s\n", attestation_code_name(a->code), attestation_words(a->code));
	if (a->code < ATTESTATION_IMPORTED)
		return;
	buf_addf(out, "               %s %llu, firmware %u.%u.%u", attestation_vendor_name(a->vendor), (unsigned long long)a->serial,
	    a->firmware[0], a->firmware[1], a->firmware[2]);
	if (a->vendor == ATTESTATION_YUBIKEY_PIV)
		buf_addf(out, ", PIN asked for: %s", a->pin_policy < 4 ? pin[a->pin_policy] : "in another way");
	buf_add_str(out, "\n");
}

static enum assay_status
attestation_from_file(struct key_job *job, const char *spki_sha256, struct attestation *a, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf chain = BUF_INIT(ATTESTATION_MAX);
	if (spki_sha256 == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "the token gives no public half of the key to hold an attestation against");
	TRY(file_read(AT_FDCWD, job->cli->attestation, &chain, err));
	return key_attested(job, buf_span(&chain), spki_sha256, a, err);
}

/* ---- text ---- */

static void
add(struct buf *out, const char *before, const char *text, const char *after)
{
	buf_add_str(out, before);
	text_escape(out, assay_span_str(text), false);
	buf_add_str(out, after);
}

static void
add_token(const struct capture_token *t, struct buf *out)
{
	add(out, "token '", t->label, "' (");
	add(out, "", t->manufacturer, ", ");
	add(out, "", t->model, ", serial ");
	add(out, "", t->serial, ", firmware ");
	add(out, "", t->firmware, "), " WORD ":\n");
	buf_add_str(out, "  flags       ");
	for (size_t i = 0; i < t->flag_count; i++)
		add(out, " ", t->flags[i], "");
	buf_add_str(out, "\n");
	if (!t->login)
		buf_add_str(out, "  without a login: as a rule, private keys don't show\n");
}

static void
add_key(const struct capture_key *k, struct buf *out)
{
	add(out, "key '", k->label, "'");
	buf_addf(out, " %s, %u bits%s\n", k->type, k->bits, k->has_private ? "" : ", the public part alone");
	buf_addf(out, "  SPKI SHA-256 %s\n", k->spki_sha256 == NULL ? "not to be had: the token gives no public half" : k->spki_sha256);
	add(out, "  URI          ", k->uri, "\n");
	buf_add_str(out, "  " WORD ":");
	for (int i = 0; i < CAPTURE_ATTRIBUTES; i++)
		if (k->attributes[i] != CAPTURE_NOT_SAID)
			buf_addf(out, " %s%s", k->attributes[i] == CAPTURE_TRUE ? "" : "not-", capture_attribute_name((enum capture_attribute)i));
	add(out, k->mechanism == NULL ? "" : " by ", k->mechanism == NULL ? "" : k->mechanism, "\n");
}

/* ---- actions ---- */

static enum assay_status
write_capture(struct key_job *job, struct assay_error *err)
{
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ job->capture.sha256, ASSAY_SHA256_SIZE }, hex);
	TRY(file_write_atomic(AT_FDCWD, job->cli->out, buf_span(&job->bytes), 0666, err));
	add(&job->out, "written: ", job->cli->out, "");
	buf_addf(&job->out, ", SHA-256 %s\n", hex);
	return ASSAY_OK;
}

static enum assay_status
action_list(struct key_job *job, struct assay_error *err)
{
	size_t keys = 0;
	TRY(key_look(job, err));
	for (size_t i = 0; i < job->capture.token_count; i++) {
		const struct capture_token *t = &job->capture.tokens[i];
		add_token(t, &job->out);
		for (size_t k = 0; k < t->key_count; k++)
			add_key(&t->keys[k], &job->out);
		keys += t->key_count;
	}
	if (keys == 0)
		buf_add_str(&job->out, "no key was seen\n");
	if (job->cli->json) {
		buf_reset(&job->out);
		buf_add_span(&job->out, buf_span(&job->bytes));
	}
	if (job->cli->out != NULL && job->cli->json)
		return file_write_atomic(AT_FDCWD, job->cli->out, buf_span(&job->bytes), 0666, err);
	return job->cli->out != NULL ? write_capture(job, err) : ASSAY_OK;
}

static enum assay_status
only_key(const struct key_job *job, const struct capture_token **ret_token, const struct capture_key **ret_key, struct assay_error *err)
{
	size_t found = 0;
	for (size_t i = 0; i < job->capture.token_count; i++) {
		const struct capture_token *t = &job->capture.tokens[i];
		for (size_t k = 0; k < t->key_count; k++, found++) {
			*ret_token = t;
			*ret_key = &t->keys[k];
		}
	}
	if (found == 1)
		return ASSAY_OK;
	(void)assay_fail(err, found == 0 ? ASSAY_E_NOT_FOUND : ASSAY_E_USAGE, found == 0 ? "no key fits the URI" : "%zu keys fit the URI", found);
	return assay_error_todo(err, found == 0 ? ASSAY_E_NOT_FOUND : ASSAY_E_USAGE, "see 'assay key list', with --login for private keys");
}

static enum assay_status
action_show(struct key_job *job, struct assay_error *err)
{
	const struct capture_token *t = NULL;
	const struct capture_key *k = NULL;
	struct attestation a = { .code = ATTESTATION_UNREADABLE };
	const bool asked = job->cli->attestation != NULL;
	if (job->cli->arg_count < 2)
		return assay_fail(err, ASSAY_E_USAGE, "'assay key show' wants a PKCS #11 URI");
	TRY(key_look(job, err));
	TRY(only_key(job, &t, &k, err));
	if (asked)
		TRY(attestation_from_file(job, k->spki_sha256, &a, err));
	job->exit = !asked ? EXIT_NOT_EVALUATED : a.code == ATTESTATION_HOLDS ? EXIT_NO_GAP : EXIT_GAP;
	if (job->cli->json) {
		CLEANUP(canon_unref) json_t *capture = NULL;
		TRY(canon_read(buf_span(&job->bytes), "what the module says", &capture, err));
		CLEANUP(canon_unref)
		json_t *root = json_pack("{s:s, s:O, s:o}", "schema", "assay-key/1", "capture", capture, "attestation",
		    asked ? key_attestation_json(&a) : json_null());
		TRY(canon_write(root, &job->out, err));
		buf_add_byte(&job->out, '\n');
		return ASSAY_OK;
	}
	add_token(t, &job->out);
	add_key(k, &job->out);
	if (asked)
		key_attestation_text(&a, &job->out);
	else
		buf_add_str(&job->out, "  attestation  none given: unknown, " WORD "\n");
	return ASSAY_OK;
}

static const struct {
	const char *name;
	enum assay_status (*run)(struct key_job *job, struct assay_error *err);
} actions[] = {
	{ "list", action_list },
	{ "show", action_show },
	{ "compare", key_compare },
};

static enum assay_status
run(struct key_job *job, struct assay_error *err)
{
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		if (strcmp(job->cli->args[0], actions[i].name) != 0)
			continue;
		TRY(actions[i].run(job, err));
		return cli_print(&job->out, err);
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "'assay key' can't '%s'", job->cli->args[0]);
	return assay_error_todo(err, ASSAY_E_USAGE, "take list, show or compare");
}

int
verb_key(struct cli *cli, struct assay_error *err)
{
	CLEANUP(job_done)
	struct key_job job = { .cli = cli, .arena = cli->arena, .bytes = BUF_INIT(CAPTURE_SIZE_MAX), .out = BUF_INIT(OUT_MAX) };
	return run(&job, err) == ASSAY_OK ? job.exit : cli_error(cli, err);
}
