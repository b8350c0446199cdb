/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_talk.h"

#include <assay/base64.h>
#include <assay/hash.h>
#include <base/cleanup.h>
#include <trust/agent_wire.h>
#include <trust/sshsig.h>

#define BLOB_MAX 16384
#define ARMOR_WIDTH 70
#define HASH "sha512"

struct sshsig_signer {
	struct signer *file; /* an encrypted file; NULL: an agent */
	int fd;              /* of the agent, -1 without one */
	unsigned char blob[BLOB_MAX];
	size_t blob_len;
};

void
sshsig_free(struct sshsig_signer **s)
{
	if (*s == NULL)
		return;
	signer_free(&(*s)->file);
	if ((*s)->fd >= 0)
		(void)close((*s)->fd);
	free(*s);
	*s = NULL;
}

struct assay_span
sshsig_blob(const struct sshsig_signer *s)
{
	return (struct assay_span){ s->blob, s->blob_len };
}

/* ---- which key ---- */

struct choice {
	const char *wanted; /* "SHA256:..." or NULL */
	sshsig_fits fits;
	void *fits_ctx;
	struct assay_span blob;
	size_t found, seen;
};

static void
consider(struct choice *c, struct assay_span blob)
{
	char fingerprint[ASSAY_FINGERPRINT_SIZE];
	struct assay_pubkey key;
	c->seen++;
	if (assay_fingerprint(blob, fingerprint) != ASSAY_OK || assay_pubkey_parse(blob, &key, NULL) != ASSAY_OK)
		return;
	if (c->wanted != NULL && strcmp(c->wanted, fingerprint) != 0)
		return;
	if (c->wanted == NULL && c->fits != NULL && !c->fits(c->fits_ctx, blob))
		return;
	if (c->found > 0 && assay_span_equal(c->blob, blob))
		return;
	c->blob = blob;
	c->found++;
}

static enum assay_status
choose(struct choice *c, struct assay_span answer, struct assay_error *err)
{
	struct agent_keys keys;
	struct agent_key key;
	TRY(agent_read_keys(answer, &keys, err));
	while (agent_next_key(&keys, &key))
		consider(c, key.blob);
	if (c->found == 1)
		return ASSAY_OK;
	if (c->found > 1) {
		(void)assay_fail(err, ASSAY_E_USAGE, "%zu keys of the ssh-agent could be meant", c->found);
		return assay_error_todo(err, ASSAY_E_USAGE, "name one of them: 'agent:SHA256:...', as ssh-add -l prints it");
	}
	if (c->wanted != NULL)
		(void)assay_fail(err, ASSAY_E_NOT_FOUND, "the ssh-agent has no key %s that can sign this", c->wanted);
	else
		(void)assay_fail(err, ASSAY_E_NOT_FOUND, "of the ssh-agent's %zu keys none is on the roster", c->seen);
	return assay_error_todo(err, ASSAY_E_NOT_FOUND, "see ssh-add -l, and add the key with ssh-add");
}

static enum assay_status
open_agent(const struct signer_request *request, struct choice *c, struct sshsig_signer *s,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf question = BUF_INIT(16);
	CLEANUP(buf_done) struct buf answer = BUF_INIT(AGENT_MESSAGE_MAX);
	const char *colon = strchr(request->name, ':');
	c->wanted = colon == NULL ? NULL : colon + 1;
	if (c->wanted != NULL && strncmp(c->wanted, "SHA256:", 7) != 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' names no key of an ssh-agent", request->name);
		return assay_error_todo(err, ASSAY_E_USAGE, "write 'agent' or 'agent:SHA256:...', as ssh-add -l prints it");
	}
	agent_ask_keys(&question);
	TRY(agent_connect(request->agent_socket, &s->fd, err));
	TRY(agent_converse(s->fd, buf_span(&question), AGENT_LIST_SECONDS, &answer, err));
	TRY(choose(c, buf_span(&answer), err));
	if (c->blob.len > BLOB_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the key has %zu bytes, %d are read at most", c->blob.len, BLOB_MAX);
	memcpy(s->blob, c->blob.data, c->blob.len);
	s->blob_len = c->blob.len;
	return ASSAY_OK;
}

static enum assay_status
open_file(const struct signer_request *request, struct sshsig_signer *s, struct assay_error *err)
{
	TRY(signer_open(request, &s->file, err));
	const struct assay_span blob = signer_blob(s->file);
	if (blob.len > BLOB_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the key has %zu bytes, %d are read at most", blob.len, BLOB_MAX);
	memcpy(s->blob, blob.data, blob.len);
	s->blob_len = blob.len;
	return ASSAY_OK;
}

enum assay_status
sshsig_open(const struct signer_request *request, sshsig_fits fits, void *fits_ctx,
    struct sshsig_signer **ret_signer, struct assay_error *err)
{
	struct choice c = { .fits = fits, .fits_ctx = fits_ctx };
	CLEANUP(sshsig_free) struct sshsig_signer *s = calloc(1, sizeof *s);
	if (s == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the signing key");
	s->fd = -1;
	const bool agent = strcmp(request->name, "agent") == 0 || strncmp(request->name, "agent:", 6) == 0;
	TRY(agent ? open_agent(request, &c, s, err) : open_file(request, s, err));
	*ret_signer = steal(&s);
	return ASSAY_OK;
}

/* ---- signing ---- */

/* PROTOCOL.sshsig section 4: what the key signs in place of the message. */
static enum assay_status
to_be_signed(const char *name_space, struct assay_span message, struct buf *out, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA512_SIZE];
	TRY(assay_sha512(message, digest));
	buf_add_str(out, "SSHSIG");
	buf_add_ssh_string(out, assay_span_str(name_space));
	buf_add_ssh_string(out, assay_span_str(""));
	buf_add_ssh_string(out, assay_span_str(HASH));
	buf_add_ssh_string(out, (struct assay_span){ digest, sizeof digest });
	return buf_status(out, "what is signed", err);
}

/* The signature blob of the key's own type. */
static enum assay_status
sign_raw(struct sshsig_signer *s, struct assay_span bytes, struct buf *out, struct assay_error *err)
{
	if (s->file != NULL)
		return signer_sign_blob(s->file, bytes, out, err);
	CLEANUP(buf_done) struct buf question = BUF_INIT(AGENT_MESSAGE_MAX);
	CLEANUP(buf_done) struct buf answer = BUF_INIT(AGENT_MESSAGE_MAX);
	struct assay_span blob;
	agent_ask_signature(&question, sshsig_blob(s), bytes);
	TRY(buf_status(&question, "question to the ssh-agent", err));
	TRY(agent_converse(s->fd, buf_span(&question), AGENT_SIGN_SECONDS, &answer, err));
	TRY(agent_read_signature(buf_span(&answer), &blob, err));
	buf_add_span(out, blob);
	return buf_status(out, "a signature", err);
}

static void
armor(struct assay_span binary, struct buf *text, struct buf *out)
{
	buf_add_base64(text, binary);
	buf_add_str(out, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t at = 0; at < text->len; at += ARMOR_WIDTH) {
		const size_t left = text->len - at;
		buf_add(out, text->data + at, left < ARMOR_WIDTH ? left : ARMOR_WIDTH);
		buf_add_byte(out, '\n');
	}
	buf_add_str(out, "-----END SSH SIGNATURE-----\n");
}

enum assay_status
sshsig_make(struct sshsig_signer *s, const char *name_space, struct assay_span message, struct buf *out,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf inner = BUF_INIT(4096);
	CLEANUP(buf_done) struct buf raw = BUF_INIT(AGENT_MESSAGE_MAX);
	CLEANUP(buf_done) struct buf binary = BUF_INIT(ASSAY_SSHSIG_MAX);
	CLEANUP(buf_done) struct buf text = BUF_INIT((size_t)2 * ASSAY_SSHSIG_MAX);
	struct assay_sshsig sig;
	TRY(to_be_signed(name_space, message, &inner, err));
	TRY(sign_raw(s, buf_span(&inner), &raw, err));
	buf_add_str(&binary, "SSHSIG");
	buf_add_u32be(&binary, 1);
	buf_add_ssh_string(&binary, sshsig_blob(s));
	buf_add_ssh_string(&binary, assay_span_str(name_space));
	buf_add_ssh_string(&binary, assay_span_str(""));
	buf_add_ssh_string(&binary, assay_span_str(HASH));
	buf_add_ssh_string(&binary, buf_span(&raw));
	TRY(buf_status(&binary, "a signature", err));
	if (assay_sshsig_parse(buf_span(&binary), &sig, NULL) != ASSAY_OK
	    || assay_sshsig_verify(&sig, message, name_space, NULL, NULL) != ASSAY_OK) {
		(void)assay_fail(err, ASSAY_E_VERIFY, "what came back for the signing key is no signature of it");
		return assay_error_todo(err, ASSAY_E_VERIFY, "don't use this key's agent or file before you know why");
	}
	armor(buf_span(&binary), &text, out);
	TRY(buf_status(&text, "a signature", err));
	return buf_status(out, "a signature", err);
}
