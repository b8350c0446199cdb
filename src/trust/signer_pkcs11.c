/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key in a PKCS #11 token. Module, PIN and session live in a helper process; here is only what it answers.
 */
#include "helper.h"
#include "pkcs11.h"
#include "signer_kind.h"

#include <assay/sshkey.h>
#include <base/cleanup.h>
#include <openssl/evp.h>

/* The longest signature of the kinds that sign here: ECDSA on P-384. */
#define RAW_MAX 96

static const struct key_row {
	enum assay_key_type type;
	const char *curve; /* as SSH names it (RFC 5656); NULL: Ed25519 */
	CK_MECHANISM_TYPE mechanism;
	const char *digest; /* what the token signs; NULL: the message itself */
	size_t signature;
} key_rows[] = {
	[P11_ED25519] = { ASSAY_KEY_ED25519, NULL, CKM_EDDSA, NULL, 64 },
	[P11_P256] = { ASSAY_KEY_ECDSA_P256, "nistp256", CKM_ECDSA, "SHA256", 64 },
	[P11_P384] = { ASSAY_KEY_ECDSA_P384, "nistp384", CKM_ECDSA, "SHA384", 96 },
};
#define KEY_ROWS (sizeof key_rows / sizeof key_rows[0])

/* Of the helper process. */
struct work {
	const struct signer_request *request;
	struct pkcs11_uri uri;
	struct p11 p;
	struct p11_key key;
};

static enum assay_status
begin(void *ctx, struct buf *ret_blob, struct assay_error *err)
{
	struct work *w = ctx;
	const struct p11_pin_source source = { w->request->ask_pin, w->request->ask_ctx, w->request->last_try };
	TRY(p11_load(w->request->module, &w->p, err));
	TRY(p11_token(&w->p, &w->uri, err));
	TRY(p11_login(&w->p, &source, false, err));
	TRY(p11_find_key(&w->p, &w->uri, &w->key, err));
	if ((size_t)w->key.kind >= KEY_ROWS || !signer_use_takes(w->request->use, key_rows[w->key.kind].type)) {
		(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "the key on the token can't sign this, which takes %s",
		    signer_use_keys(w->request->use));
		return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "make a key of that type on the token, with its vendor's tool");
	}
	const struct key_row *row = &key_rows[w->key.kind];
	buf_add_ssh_string(ret_blob, assay_span_str(assay_key_type_name(row->type)));
	if (row->curve != NULL)
		buf_add_ssh_string(ret_blob, assay_span_str(row->curve));
	buf_add_ssh_string(ret_blob, (struct assay_span){ w->key.point, w->key.point_len });
	return buf_status(ret_blob, "public key", err);
}

static enum assay_status
digest_of(const struct key_row *row, struct assay_span message, unsigned char digest[EVP_MAX_MD_SIZE], struct assay_span *ret_data,
    struct assay_error *err)
{
	size_t len = 0;
	*ret_data = message;
	if (row->digest == NULL)
		return ASSAY_OK;
	if (EVP_Q_digest(NULL, row->digest, NULL, message.data, message.len, digest, &len) != 1)
		return assay_fail(err, ASSAY_E_INTERNAL, "what is to be signed can't be hashed");
	*ret_data = (struct assay_span){ digest, len };
	return ASSAY_OK;
}

/* One part: tokens don't sign Ed25519 in several. */
static enum assay_status
sign_once(struct work *w, const struct key_row *row, struct assay_span data, unsigned char raw[RAW_MAX], struct assay_error *err)
{
	const struct p11_pin_source source = { w->request->ask_pin, w->request->ask_ctx, w->request->last_try };
	CLEANUP(buf_done) struct buf own = BUF_INIT(HELPER_MESSAGE_MAX);
	CK_MECHANISM mechanism = { row->mechanism, NULL, 0 };
	CK_ULONG len = RAW_MAX;
	CK_RV result = w->p.f->C_SignInit(w->p.session, &mechanism, w->key.object);
	if (result != CKR_OK)
		return p11_fail(result, err, "signing with the token");
	if (w->key.always_authenticate)
		TRY(p11_login(&w->p, &source, true, err));
	/* The module takes bytes that it might change. */
	buf_add_span(&own, data);
	buf_add_byte(&own, 0);
	TRY(buf_status(&own, "what is to be signed", err));
	result = w->p.f->C_Sign(w->p.session, own.data, data.len, raw, &len);
	if (result != CKR_OK)
		return p11_fail(result, err, "signing with the token");
	if (len != row->signature)
		return assay_fail(err, ASSAY_E_SYSTEM, "the token gives a signature of %lu bytes where %zu belong", len, row->signature);
	return ASSAY_OK;
}

static enum assay_status
answer(void *ctx, struct assay_span message, struct buf *ret_blob, struct assay_error *err)
{
	struct work *w = ctx;
	const struct key_row *row = &key_rows[w->key.kind];
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned char raw[RAW_MAX];
	struct assay_span data;
	TRY(digest_of(row, message, digest, &data, err));
	TRY(sign_once(w, row, data, raw, err));
	buf_add_ssh_string(ret_blob, assay_span_str(assay_key_type_name(row->type)));
	const size_t half = row->signature / 2;
	if (row->curve != NULL)
		signer_add_pair(ret_blob, (struct assay_span){ raw, half }, (struct assay_span){ raw + half, half });
	else
		buf_add_ssh_string(ret_blob, (struct assay_span){ raw, row->signature });
	return buf_status(ret_blob, "a signature", err);
}

static void
end(void *ctx)
{
	struct work *w = ctx;
	p11_done(&w->p);
}

static const struct helper_work token_work = { begin, answer, end };

/* ---- here ---- */

static enum assay_status
token_open(const struct signer_request *request, void **ret_state, struct buf *ret_blob, struct assay_error *err)
{
	struct work w = { .request = request };
	CLEANUP(helper_free) struct helper *h = NULL;
	TRY(pkcs11_uri_parse(request->name, PKCS11_URI_TYPED, &w.uri, err));
	TRY(p11_module_named(request->module, err));
	TRY(helper_start(&token_work, &w, &h, ret_blob, err));
	*ret_state = steal(&h);
	return ASSAY_OK;
}

static enum assay_status
token_sign(void *state, struct assay_span message, struct buf *ret_blob, struct assay_error *err)
{
	return helper_ask(state, message, ret_blob, err);
}

static void
token_close(void **state)
{
	struct helper *h = *state;
	helper_free(&h);
	*state = NULL;
}

const struct signer_kind signer_pkcs11 = { "pkcs11", "token", token_open, token_sign, token_close };
