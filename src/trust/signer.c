/* SPDX-License-Identifier: Apache-2.0 */
#include "signer_kind.h"
#include <assay/sshkey.h>
#include <base/cleanup.h>
#include <base/text.h>

struct signer {
	const struct signer_kind *kind;
	void *state;
	struct buf blob;
	struct assay_pubkey key; /* points into blob */
	char fingerprint[ASSAY_FINGERPRINT_SIZE];
};

static const struct signer_kind *const kinds[] = {&signer_agent, &signer_pkcs11, &signer_file};

static const struct use_row {
	const char *keys;
	bool ecdsa;
} uses[] = {
    [SIGNER_NOTE] = {"Ed25519 alone", false},
    [SIGNER_METADATA] = {"Ed25519, or ECDSA on P-256 or P-384", true},
};

const char *
signer_use_keys(enum signer_use use)
{
	return uses[use].keys;
}

bool
signer_use_takes(enum signer_use use, enum assay_key_type type)
{
	return type == ASSAY_KEY_ED25519 ||
	       (uses[use].ecdsa && (type == ASSAY_KEY_ECDSA_P256 || type == ASSAY_KEY_ECDSA_P384));
}

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

/* Key and fingerprint; a key that no verifier would take is refused before it signs anything. */
static enum assay_status
describe(struct signer *s, enum signer_use use, struct assay_error *err)
{
	TRY(buf_status(&s->blob, "public key", err));
	TRY(assay_pubkey_parse(buf_span(&s->blob), &s->key, err));
	if (!signer_use_takes(use, s->key.type))
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "the signing key is %s; this is signed with %s",
		    assay_key_type_name(s->key.type), signer_use_keys(use));
	const char *weak = assay_pubkey_weakness(&s->key);
	if (weak != NULL)
		return assay_fail(
		    err, ASSAY_E_VERIFY, "the signing key can't be trusted: %s", weak);
	if (assay_fingerprint(s->key.blob, s->fingerprint) != ASSAY_OK)
		return assay_fail(
		    err, ASSAY_E_INTERNAL, "the signing key's fingerprint can't be computed");
	return ASSAY_OK;
}

enum assay_status
signer_open(const struct signer_request *request, struct signer **ret_signer, struct assay_error *err)
{
	CLEANUP(signer_free) struct signer *s = calloc(1, sizeof *s);

	if (s == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the signing key");
	s->blob = (struct buf)BUF_INIT(SIGNER_BLOB_MAX);
	if (*request->name == '\0')
		return assay_fail(err, ASSAY_E_USAGE, "the name of the signing key is empty");
	s->kind = find_kind(request->name);
	if (s->kind == NULL)
		return assay_fail(
		    err, ASSAY_E_UNSUPPORTED, "'%s' is no kind of signing key", request->name);
	TRY(s->kind->open(request, &s->state, &s->blob, err));
	TRY(describe(s, request->use, err));
	*ret_signer = steal(&s);
	return ASSAY_OK;
}

void
signer_free(struct signer **s)
{
	if (*s == NULL)
		return;
	if ((*s)->state != NULL && (*s)->kind != NULL)
		(*s)->kind->close(&(*s)->state);
	buf_done(&(*s)->blob);
	free(*s);
	*s = NULL;
}

static enum assay_status
want_ed25519(const struct signer *s, struct assay_error *err)
{
	if (s->key.type == ASSAY_KEY_ED25519)
		return ASSAY_OK;
	return assay_fail(err, ASSAY_E_UNSUPPORTED, "the key %s is %s; this is signed with %s",
	    s->fingerprint, assay_key_type_name(s->key.type), signer_use_keys(SIGNER_NOTE));
}

enum assay_status
signer_public(const struct signer *s, unsigned char ret_key[32], struct assay_error *err)
{
	TRY(want_ed25519(s, err));
	memcpy(ret_key, s->key.ed25519.data, 32);
	return ASSAY_OK;
}

const char *
signer_place(const struct signer *s)
{
	return s->kind->place;
}

const char *
signer_fingerprint(const struct signer *s)
{
	return s->fingerprint;
}

struct assay_span
signer_blob(const struct signer *s)
{
	return s->key.blob;
}

static void
add_mpint(struct buf *out, struct assay_span n)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(SIGNER_BLOB_MAX);

	while (n.len > 0 && n.data[0] == 0)
		n = (struct assay_span){n.data + 1, n.len - 1};
	if (n.len > 0 && (n.data[0] & 0x80) != 0)
		buf_add_byte(&bytes, 0);
	buf_add_span(&bytes, n);
	buf_add_ssh_string(out, buf_span(&bytes));
}

void
signer_add_pair(struct buf *out, struct assay_span r, struct assay_span s)
{
	CLEANUP(buf_done) struct buf pair = BUF_INIT(SIGNER_BLOB_MAX);

	add_mpint(&pair, r);
	add_mpint(&pair, s);
	buf_add_ssh_string(out, buf_span(&pair));
}

/* An agent and a module are a stranger's program, and a file may hold two halves that don't belong together. */
enum assay_status
signer_sign_blob(struct signer *s, struct assay_span message, struct buf *ret_blob,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf blob = BUF_INIT(SIGNER_BLOB_MAX);

	TRY(s->kind->sign(s->state, message, &blob, err));
	if (buf_status(&blob, "a signature", NULL) != ASSAY_OK ||
	    assay_pubkey_verify(&s->key, buf_span(&blob), message, NULL, NULL) != ASSAY_OK) {
		(void)assay_fail(err, ASSAY_E_VERIFY,
		    "what came back for the key %s is no signature of it", s->fingerprint);
		return assay_error_todo(err, ASSAY_E_VERIFY,
		    "don't use this key's token, agent or file before you know why");
	}
	buf_add_span(ret_blob, buf_span(&blob));
	return buf_status(ret_blob, "a signature", err);
}

enum assay_status
signer_sign(struct signer *s, struct assay_span message, unsigned char ret_signature[64],
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf blob = BUF_INIT(SIGNER_BLOB_MAX);

	TRY(want_ed25519(s, err));
	TRY(signer_sign_blob(s, message, &blob, err));
	/* It verified, and so it ends with the 64 bytes. */
	memcpy(ret_signature, blob.data + blob.len - 64, 64);
	return ASSAY_OK;
}

/* Verified again in the form that is written: only then does what others will read hold. */
enum assay_status
signer_sign_metadata(struct signer *s, struct assay_span message,
    char ret_hex[ASSAY_TUF_SIGNATURE_SIZE], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf blob = BUF_INIT(SIGNER_BLOB_MAX);
	unsigned char raw[ASSAY_TUF_SIGNATURE_SIZE / 2];
	char hex[ASSAY_TUF_SIGNATURE_SIZE];
	struct assay_tuf_key key;

	/* Whose it is doesn't matter here, and a key must name somebody. */
	TRY(assay_tuf_key_from_ssh(&s->key, assay_span_str("nobody"), assay_span_str(""), &key, err));
	TRY(signer_sign_blob(s, message, &blob, err));
	TRY(assay_tuf_signature_from_ssh(&key, buf_span(&blob), hex, err));
	const size_t len = strlen(hex) / 2;
	TRY(text_unhex(assay_span_str(hex), raw, len));
	if (assay_tuf_key_verify(&key, (struct assay_span){raw, len}, message) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_VERIFY,
		    "the signature of the key %s doesn't hold as metadata has it", s->fingerprint);
	memcpy(ret_hex, hex, strlen(hex) + 1);
	return ASSAY_OK;
}
