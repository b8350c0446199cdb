/* SPDX-License-Identifier: Apache-2.0 */
#include "helper.h"
#include "pkcs11.h"

#include <assay/hash.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <trust/token_list.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define LABEL_MAX 256
#define MODULUS_MAX 2048
#define SPKI_MAX 4096
#define SHOWN_MAX ((size_t)4096)

/* Of the helper process. */
struct listing {
	const struct token_list_request *request;
	struct pkcs11_uri uri;
	struct p11 p;
};

/* ---- values ---- */

static json_t *
text_of(struct assay_span s)
{
	CLEANUP(buf_done) struct buf shown = BUF_INIT(SHOWN_MAX);
	text_escape(&shown, s, false);
	return json_stringn(buf_str(&shown), shown.len);
}

static json_t *
version_of(CK_VERSION v)
{
	char text[16];
	text_put(text, sizeof text, "%u.%u", (unsigned)v.major, (unsigned)v.minor);
	return json_string(text);
}

static json_t *
hex_of(struct assay_span s)
{
	CLEANUP(buf_done) struct buf hex = BUF_INIT(SHOWN_MAX);
	buf_add_hex(&hex, s);
	return json_stringn(buf_str(&hex), hex.len);
}

/* Bytes that a URI may hold as they are; all others as %XX. */
static void
add_escaped(struct buf *out, const char *name, struct assay_span s)
{
	buf_addf(out, "%s%s=", out->len > 7 ? ";" : "", name);
	text_percent(out, s, "-_.");
}

/* ---- the public key ---- */

static void
key_done(EVP_PKEY **k)
{
	EVP_PKEY_free(*k);
}

static void
context_done(EVP_PKEY_CTX **c)
{
	EVP_PKEY_CTX_free(*c);
}

static EVP_PKEY *
from_params(const char *type, OSSL_PARAM *params)
{
	CLEANUP(context_done) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		return NULL;
	return key;
}

static EVP_PKEY *
curve_key(const struct p11_key *k)
{
	unsigned char point[97];
	char group[16];
	if (k->kind == P11_ED25519)
		return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, k->point, k->point_len);
	memcpy(point, k->point, sizeof point);
	text_put(group, sizeof group, "%s", k->kind == P11_P256 ? "prime256v1" : "secp384r1");
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, k->point_len), OSSL_PARAM_construct_end() };
	return from_params("EC", params);
}

static void
turn(unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len / 2; i++) {
		const unsigned char kept = bytes[i];
		bytes[i] = bytes[len - 1 - i];
		bytes[len - 1 - i] = kept;
	}
}

/* PKCS #11 has the numbers big-endian, libcrypto takes them in the host's order: little-endian where this runs, else as they are. */
static EVP_PKEY *
rsa_key(struct p11 *p, CK_OBJECT_HANDLE object)
{
	unsigned char n[MODULUS_MAX], e[16];
	size_t n_len = 0, e_len = 0;
	if (p11_attribute(p, object, CKA_MODULUS, n, sizeof n, &n_len, NULL) != ASSAY_OK
	    || p11_attribute(p, object, CKA_PUBLIC_EXPONENT, e, sizeof e, &e_len, NULL) != ASSAY_OK || n_len == 0 || e_len == 0)
		return NULL;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	turn(n, n_len);
	turn(e, e_len);
#endif
	OSSL_PARAM params[] = { OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n, n_len),
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, e, e_len), OSSL_PARAM_construct_end() };
	return from_params("RSA", params);
}

static enum assay_status
add_public(struct p11 *p, const struct p11_key *k, json_t *row, struct assay_error *err)
{
	static const char *const types[] = { "ed25519", "ecdsa-p256", "ecdsa-p384", "rsa", "other" };
	unsigned char spki[SPKI_MAX], digest[ASSAY_SHA256_SIZE], *at = spki;
	CLEANUP(key_done) EVP_PKEY *key = k->kind == P11_RSA ? rsa_key(p, k->public_object != CK_INVALID_HANDLE ? k->public_object : k->object)
	    : k->point_len > 0				     ? curve_key(k)
							     : NULL;
	const int len = key == NULL ? 0 : i2d_PUBKEY(key, NULL);
	json_t *shown = json_null();
	if (len > 0 && (size_t)len <= sizeof spki && i2d_PUBKEY(key, &at) == len
	    && assay_sha256((struct assay_span){ spki, (size_t)len }, digest) == ASSAY_OK)
		shown = canon_sha256(digest);
	if (json_object_set_new(row, "type", json_string(types[k->kind])) != 0 || json_object_set_new(row, "spki-sha256", shown) != 0
	    || json_object_set_new(row, "bits", json_integer(key == NULL ? 0 : EVP_PKEY_get_bits(key))) != 0)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a key's description");
	return ASSAY_OK;
}

/* ---- attributes ---- */

static const struct {
	CK_ATTRIBUTE_TYPE type;
	const char *name;
} flags[] = {
	{ CKA_SENSITIVE, "sensitive" }, { CKA_ALWAYS_SENSITIVE, "always-sensitive" }, { CKA_EXTRACTABLE, "extractable" },
	{ CKA_NEVER_EXTRACTABLE, "never-extractable" }, { CKA_LOCAL, "local" }, { CKA_PRIVATE, "private" }, { CKA_SIGN, "sign" },
	{ CKA_DECRYPT, "decrypt" }, { CKA_WRAP, "wrap" }, { CKA_UNWRAP, "unwrap" }, { CKA_DERIVE, "derive" },
	{ CKA_ALWAYS_AUTHENTICATE, "always-authenticate" }, { CKA_MODIFIABLE, "modifiable" },
	{ CKA_WRAP_WITH_TRUSTED, "wrap-with-trusted" },
};

/* True, false, or null for what the token doesn't say. */
static json_t *
attributes_of(struct p11 *p, CK_OBJECT_HANDLE object)
{
	json_t *all = json_object();
	for (size_t i = 0; i < COUNT(flags) && all != NULL; i++) {
		unsigned char value[sizeof(CK_BBOOL)];
		size_t len = 0;
		const bool told = p11_attribute(p, object, flags[i].type, value, sizeof value, &len, NULL) == ASSAY_OK && len == sizeof value;
		if (json_object_set_new(all, flags[i].name, told ? json_boolean(value[0] != CK_FALSE) : json_null()) != 0) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}

static json_t *
mechanism_of(struct p11 *p, CK_OBJECT_HANDLE object)
{
	CK_MECHANISM_TYPE type = CK_UNAVAILABLE_INFORMATION;
	unsigned char room[sizeof type];
	size_t len = 0;
	char text[32];
	if (p11_attribute(p, object, CKA_KEY_GEN_MECHANISM, room, sizeof room, &len, NULL) == ASSAY_OK && len == sizeof room)
		memcpy(&type, room, sizeof room);
	if (type == CK_UNAVAILABLE_INFORMATION)
		return json_null();
	text_put(text, sizeof text, "0x%lx", type);
	return json_string(type == CKM_EC_KEY_PAIR_GEN		? "CKM_EC_KEY_PAIR_GEN"
		: type == CKM_EC_EDWARDS_KEY_PAIR_GEN	? "CKM_EC_EDWARDS_KEY_PAIR_GEN"
		: type == CKM_RSA_PKCS_KEY_PAIR_GEN		? "CKM_RSA_PKCS_KEY_PAIR_GEN"
								: text);
}

static json_t *
uri_of(const struct p11 *p, struct assay_span label, struct assay_span id)
{
	CLEANUP(buf_done) struct buf uri = BUF_INIT(SHOWN_MAX);
	buf_add_str(&uri, "pkcs11:");
	add_escaped(&uri, "token", P11_TEXT(p->token.label));
	add_escaped(&uri, "serial", P11_TEXT(p->token.serialNumber));
	if (label.len > 0)
		add_escaped(&uri, "object", label);
	if (id.len > 0)
		add_escaped(&uri, "id", id);
	return json_stringn(buf_str(&uri), uri.len);
}

/* ---- keys, tokens ---- */

static enum assay_status
add_key(struct p11 *p, const struct p11_key *k, bool has_private, json_t *keys, struct assay_error *err)
{
	unsigned char label[LABEL_MAX];
	size_t label_len = 0;
	CLEANUP(canon_unref) json_t *row = json_object();
	TRY(p11_attribute(p, k->object, CKA_LABEL, label, sizeof label, &label_len, err));
	const struct assay_span name = { label, label_len }, id = { k->id, k->id_len };
	if (row == NULL || json_object_set_new(row, "label", text_of(name)) != 0 || json_object_set_new(row, "id", hex_of(id)) != 0
	    || json_object_set_new(row, "uri", uri_of(p, name, id)) != 0 || json_object_set_new(row, "private", json_boolean(has_private)) != 0
	    || json_object_set_new(row, "attributes", attributes_of(p, k->object)) != 0
	    || json_object_set_new(row, "mechanism", mechanism_of(p, k->object)) != 0)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a key's description");
	TRY(add_public(p, k, row, err));
	return json_array_append(keys, row) == 0 ? ASSAY_OK : assay_fail(err, ASSAY_E_MEMORY, "no memory for a key's description");
}

/* A public key whose private one is listed says nothing new. */
static bool
is_listed(const json_t *keys, const struct p11_key *k)
{
	CLEANUP(canon_unref) json_t *id = hex_of((struct assay_span){ k->id, k->id_len });
	for (size_t i = 0; i < json_array_size(keys) && k->id_len > 0; i++) {
		const json_t *row = json_array_get(keys, i);
		if (json_equal(json_object_get(row, "id"), id) == 1 && json_is_true(json_object_get(row, "private")))
			return true;
	}
	return false;
}

static enum assay_status
add_keys(struct listing *l, CK_OBJECT_CLASS class, json_t *keys, struct assay_error *err)
{
	CK_OBJECT_HANDLE objects[P11_KEYS_MAX];
	size_t count = 0;
	TRY(p11_key_objects(&l->p, &l->uri, class, objects, &count, err));
	for (size_t i = 0; i < count; i++) {
		struct p11_key k;
		TRY(p11_describe_key(&l->p, objects[i], &k, err));
		if (class == CKO_PRIVATE_KEY || !is_listed(keys, &k))
			TRY(add_key(&l->p, &k, class == CKO_PRIVATE_KEY, keys, err));
	}
	return ASSAY_OK;
}

static json_t *
flags_of(CK_FLAGS set)
{
	json_t *names = json_array();
	CK_FLAGS flag = 0;
	const char *name = NULL;
	for (size_t i = 0; (name = p11_flag_name(i, &flag)) != NULL; i++) {
		if ((set & flag) != 0 && json_array_append_new(names, json_string(name)) != 0)
			return names;
	}
	return names;
}

static enum assay_status
add_token(struct listing *l, CK_SLOT_ID slot, bool login, json_t *tokens, struct assay_error *err)
{
	const struct p11_pin_source source = { l->request->ask_pin, l->request->ask_ctx, l->request->last_try };
	CLEANUP(canon_unref) json_t *keys = json_array();
	TRY(p11_session(&l->p, slot, err));
	if (login)
		TRY(p11_login(&l->p, &source, false, err));
	TRY(add_keys(l, CKO_PRIVATE_KEY, keys, err));
	TRY(add_keys(l, CKO_PUBLIC_KEY, keys, err));
	/* As it is after the login. */
	const CK_RV result = l->p.f->C_GetTokenInfo(slot, &l->p.token);
	if (result != CKR_OK)
		return p11_fail(result, err, "reading what the token is");
	const CK_TOKEN_INFO *t = &l->p.token;
	json_t *row = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:O}", "label", text_of(P11_TEXT(t->label)), "manufacturer",
	    text_of(P11_TEXT(t->manufacturerID)), "model", text_of(P11_TEXT(t->model)), "serial", text_of(P11_TEXT(t->serialNumber)),
	    "hardware", version_of(t->hardwareVersion), "firmware", version_of(t->firmwareVersion), "flags", flags_of(t->flags), "login", login,
	    "keys", keys);
	p11_close(&l->p);
	return row != NULL && json_array_append_new(tokens, row) == 0 ? ASSAY_OK
								     : assay_fail(err, ASSAY_E_MEMORY, "no memory for a token's description");
}

static enum assay_status
begin(void *ctx, struct buf *ret_capture, struct assay_error *err)
{
	struct listing *l = ctx;
	CK_SLOT_ID slots[P11_SLOTS_MAX];
	size_t count = 0;
	TRY(p11_load(l->request->module, &l->p, err));
	TRY(p11_slots(&l->p, &l->uri, slots, &count, err));
	if (l->request->login && count > 1) {
		(void)assay_fail(err, ASSAY_E_USAGE, "%zu tokens fit, and a login is at one", count);
		return assay_error_todo(err, ASSAY_E_USAGE, "name one of them by token= and serial=");
	}
	CLEANUP(canon_unref) json_t *tokens = json_array();
	for (size_t i = 0; i < count; i++)
		TRY(add_token(l, slots[i], l->request->login, tokens, err));
	const CK_INFO *info = &l->p.info;
	CLEANUP(canon_unref)
	json_t *root = json_pack("{s:s, s:s, s:s, s:{s:o, s:o, s:o, s:o}, s:O}", "schema", "assay-token-capture/1", "taken", l->request->day,
	    "word", "token", "module", "description", text_of(P11_TEXT(info->libraryDescription)), "manufacturer",
	    text_of(P11_TEXT(info->manufacturerID)), "version", version_of(info->libraryVersion), "cryptoki", version_of(info->cryptokiVersion),
	    "tokens", tokens);
	if (root == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the list of tokens");
	TRY(canon_write(root, ret_capture, err));
	buf_add_byte(ret_capture, '\n');
	return buf_status(ret_capture, "list of tokens", err);
}

static void
end(void *ctx)
{
	struct listing *l = ctx;
	p11_done(&l->p);
}

enum assay_status
token_list(const struct token_list_request *request, struct buf *ret_capture, struct assay_error *err)
{
	static const struct helper_work work = { begin, NULL, end };
	CLEANUP(helper_free) struct helper *h = NULL;
	struct listing l = { .request = request };
	TRY(pkcs11_uri_parse(request->uri == NULL ? "pkcs11:" : request->uri, PKCS11_URI_TYPED, &l.uri, err));
	TRY(p11_module_named(request->module, err));
	return helper_start(&work, &l, &h, ret_capture, err);
}
