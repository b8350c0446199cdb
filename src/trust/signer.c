/* SPDX-License-Identifier: Apache-2.0 */
#include "signer_kind.h"
#include <assay/sshkey.h>
#include <base/cleanup.h>
#include <base/text.h>

/* The wire form of an Ed25519 key: two SSH strings of 11 and 32 bytes. */
#define BLOB_SIZE 51

struct signer {
	const struct signer_kind *kind;
	void *state;
	unsigned char public_key[32];
	unsigned char blob[BLOB_SIZE];
	char fingerprint[ASSAY_FINGERPRINT_SIZE];
};

static const struct signer_kind *const kinds[] = {&signer_agent, &signer_file};

static const struct signer_kind *
find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t n = strlen(kinds[i]->prefix);
		if (n == 0)
			return kinds[i];
		if (strncmp(name, kinds[i]->prefix, n) == 0 && (name[n] == '\0' || name[n] == ':'))
			return kinds[i];
	}
	return NULL;
}

/* An SSH string "ssh-ed25519" and one with the given bytes. */
static enum assay_status
ed25519_wire(struct buf *out, const unsigned char *bytes, size_t len, struct assay_error *err)
{
	buf_add_ssh_string(out, assay_span_str("ssh-ed25519"));
	buf_add_ssh_string(out, (struct assay_span){bytes, len});
	return buf_status(out, "Ed25519 key", err);
}

/* Blob and fingerprint; a key that no verifier would take is refused before it signs anything. */
static enum assay_status
describe(struct signer *s, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf blob = BUF_INIT(BLOB_SIZE);
	struct assay_pubkey key;

	TRY(ed25519_wire(&blob, s->public_key, sizeof s->public_key, err));
	if (blob.len != BLOB_SIZE)
		return assay_fail(err, ASSAY_E_INTERNAL, "an Ed25519 key has another length");
	memcpy(s->blob, blob.data, BLOB_SIZE);
	TRY(assay_pubkey_parse((struct assay_span){s->blob, BLOB_SIZE}, &key, err));
	const char *weak = assay_pubkey_weakness(&key);
	if (weak != NULL)
		return assay_fail(
		    err, ASSAY_E_VERIFY, "the signing key can't be trusted: %s", weak);
	if (assay_fingerprint(key.blob, s->fingerprint) != ASSAY_OK)
		return assay_fail(
		    err, ASSAY_E_INTERNAL, "the signing key's fingerprint can't be computed");
	return ASSAY_OK;
}

enum assay_status
signer_open(const char *name, const char *agent_socket, signer_ask ask, void *ask_ctx,
    struct signer **ret_signer, struct assay_error *err)
{
	const struct signer_request request = {name, agent_socket, ask, ask_ctx};
	CLEANUP(signer_free) struct signer *s = calloc(1, sizeof *s);

	if (s == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the signing key");
	if (*name == '\0')
		return assay_fail(err, ASSAY_E_USAGE, "the name of the signing key is empty");
	s->kind = find_kind(name);
	if (s->kind == NULL)
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "'%s' is no kind of signing key", name);
	TRY(s->kind->open(&request, &s->state, s->public_key, err));
	TRY(describe(s, err));
	*ret_signer = steal(&s);
	return ASSAY_OK;
}

void
signer_free(struct signer **s)
{
	if (*s == NULL)
		return;
	if ((*s)->state != NULL)
		(*s)->kind->close(&(*s)->state);
	free(*s);
	*s = NULL;
}

void
signer_public(const struct signer *s, unsigned char ret_key[32])
{
	memcpy(ret_key, s->public_key, sizeof s->public_key);
}

const char *
signer_fingerprint(const struct signer *s)
{
	return s->fingerprint;
}

enum assay_status
signer_sign(struct signer *s, struct assay_span message, unsigned char ret_signature[64],
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf wire = BUF_INIT(128);
	unsigned char signature[64];
	struct assay_pubkey key;

	TRY(s->kind->sign(s->state, message, signature, err));
	TRY(ed25519_wire(&wire, signature, sizeof signature, err));
	TRY(assay_pubkey_parse((struct assay_span){s->blob, BLOB_SIZE}, &key, err));
	if (assay_pubkey_verify(&key, buf_span(&wire), message, NULL, NULL) != ASSAY_OK) {
		(void)assay_fail(err, ASSAY_E_VERIFY,
		    "what came back for the key %s is no signature of it", s->fingerprint);
		return assay_error_todo(err, ASSAY_E_VERIFY,
		    "don't use this key's agent or file before you know why");
	}
	memcpy(ret_signature, signature, sizeof signature);
	return ASSAY_OK;
}

struct assay_span
signer_blob(const struct signer *s)
{
	return (struct assay_span){ s->blob, BLOB_SIZE };
}

enum assay_status
signer_sign_metadata(struct signer *s, struct assay_span message,
    char ret_hex[ASSAY_TUF_SIGNATURE_SIZE], struct assay_error *err)
{
	unsigned char signature[64];

	TRY(signer_sign(s, message, signature, err));
	text_hex((struct assay_span){ signature, sizeof signature }, ret_hex);
	return ASSAY_OK;
}
