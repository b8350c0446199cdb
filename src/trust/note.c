/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/note.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <trust/note.h>

/* Signature type of Ed25519 in verifier keys. */
#define TYPE_ED25519 0x01

static enum assay_status
check_name(const char *name, struct assay_error *err)
{
	if (*name != '\0' && strpbrk(name, " \t\r\n+") == NULL &&
	    text_is_utf8(assay_span_str(name)))
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "'%s' can't be the name of a note's key", name);
	return assay_error_todo(err, ASSAY_E_USAGE,
	    "name it like 'example.org/product', without spaces or '+'");
}

static enum assay_status
key_hash(const struct signer *signer, const char *name, unsigned char ret_key[32],
    unsigned char ret_hash[4], struct assay_error *err)
{
	TRY(signer_public(signer, ret_key, err));
	if (assay_note_key_hash(assay_span_str(name), ret_key, ret_hash) != ASSAY_OK)
		return assay_fail(
		    err, ASSAY_E_INTERNAL, "the hash of a note's key can't be computed");
	return ASSAY_OK;
}

enum assay_status
note_sign(struct signer *signer, const char *name, struct assay_span text, struct buf *out,
    struct assay_error *err)
{
	unsigned char key[32];
	unsigned char signature[4 + 64];
	struct assay_note note;
	size_t from = out->len;

	TRY(check_name(name, err));
	TRY(key_hash(signer, name, key, signature, err));
	TRY(signer_sign(signer, text, signature + 4, err));
	buf_add_span(out, text);
	buf_addf(out, "\n\xe2\x80\x94 %s ", name);
	buf_add_base64(out, (struct assay_span){signature, sizeof signature});
	buf_add_str(out, "\n");
	TRY(buf_status(out, "signed note", err));
	/* What can't be read back as this text was no text for a note. */
	struct assay_span whole = {out->data + from, out->len - from};
	TRY(assay_note_parse(whole, &note, err));
	if (!assay_span_equal(note.text, text))
		return assay_fail(err, ASSAY_E_USAGE, "this text can't be signed as a note");
	return ASSAY_OK;
}

enum assay_status
note_verifier_key(
    const struct signer *signer, const char *name, struct buf *out, struct assay_error *err)
{
	unsigned char typed[1 + 32] = {TYPE_ED25519};
	unsigned char hash[4];

	TRY(check_name(name, err));
	TRY(key_hash(signer, name, typed + 1, hash, err));
	buf_addf(out, "%s+", name);
	buf_add_hex(out, (struct assay_span){hash, sizeof hash});
	buf_add_str(out, "+");
	buf_add_base64(out, (struct assay_span){typed, sizeof typed});
	return buf_status(out, "verifier key", err);
}
