/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11.h"

#include <base/cleanup.h>
#include <base/text.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define SHOWN_MAX ((size_t)4096)
#define LABEL_MAX 256

/* ---- curves ---- */

/* CKA_EC_PARAMS is an OBJECT IDENTIFIER, or a PrintableString with a name (PKCS #11 3.0, section 6.3.3). */
static const struct curve {
	const char *bytes;
	size_t len;
	enum p11_key_kind kind;
} curves[] = {
	{ "\x06\x03\x2b\x65\x70", 5, P11_ED25519 },
	{ "\x13\x0c" "edwards25519", 14, P11_ED25519 },
	{ "\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01", 11, P11_ED25519 }, /* before RFC 8410 */
	{ "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 10, P11_P256 },
	{ "\x13\x09" "secp256r1", 11, P11_P256 },
	{ "\x13\x0a" "prime256v1", 12, P11_P256 },
	{ "\x06\x05\x2b\x81\x04\x00\x22", 7, P11_P384 },
	{ "\x13\x09" "secp384r1", 11, P11_P384 },
};

static const struct shape {
	size_t len;
	bool uncompressed; /* begins with 4 */
} shapes[] = {
	[P11_ED25519] = { 32, false },
	[P11_P256] = { 65, true },
	[P11_P384] = { 97, true },
};

enum p11_key_kind
p11_curve(struct assay_span params)
{
	for (size_t i = 0; i < COUNT(curves); i++) {
		if (params.len == curves[i].len && memcmp(params.data, curves[i].bytes, curves[i].len) == 0)
			return curves[i].kind;
	}
	return P11_OTHER;
}

/* The two forms never have the same length. */
bool
p11_point(enum p11_key_kind kind, struct assay_span value, unsigned char ret_point[97], size_t *ret_len)
{
	if ((size_t)kind >= COUNT(shapes))
		return false;
	const size_t len = shapes[kind].len;
	if (value.len == len + 2 && value.data[0] == 4 && value.data[1] == len)
		value = (struct assay_span){ value.data + 2, len };
	if (value.len != len || (shapes[kind].uncompressed && value.data[0] != 4))
		return false;
	memcpy(ret_point, value.data, len);
	*ret_len = len;
	return true;
}

/* ---- which ---- */

enum assay_status
p11_key_objects(struct p11 *p, const struct pkcs11_uri *uri, CK_OBJECT_CLASS class, CK_OBJECT_HANDLE ret_objects[P11_KEYS_MAX],
    size_t *ret_count, struct assay_error *err)
{
	const struct assay_span l = pkcs11_uri_get(uri, PKCS11_URI_OBJECT), i = pkcs11_uri_get(uri, PKCS11_URI_ID);
	unsigned char label[PKCS11_URI_MAX], id[PKCS11_URI_MAX];
	CK_ATTRIBUTE match[3] = { { CKA_CLASS, &class, sizeof class } };
	size_t n = 1;
	memcpy(label, l.data, l.len);
	memcpy(id, i.data, i.len);
	if (uri->values[PKCS11_URI_OBJECT].given)
		match[n++] = (CK_ATTRIBUTE){ CKA_LABEL, label, l.len };
	if (uri->values[PKCS11_URI_ID].given)
		match[n++] = (CK_ATTRIBUTE){ CKA_ID, id, i.len };
	return p11_objects(p, match, n, ret_objects, ret_count, err);
}

/* "object=release;id=%01", for each of them. */
static void
describe(struct p11 *p, const CK_OBJECT_HANDLE *objects, size_t count, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		unsigned char label[LABEL_MAX], id[LABEL_MAX];
		size_t label_len = 0, id_len = 0;
		if (p11_attribute(p, objects[i], CKA_LABEL, label, sizeof label, &label_len, NULL) != ASSAY_OK
		    || p11_attribute(p, objects[i], CKA_ID, id, sizeof id, &id_len, NULL) != ASSAY_OK)
			continue;
		buf_addf(out, "%sobject=", out->len > 0 ? ", " : "");
		text_escape(out, (struct assay_span){ label, label_len }, false);
		buf_add_str(out, ";id=");
		for (size_t k = 0; k < id_len; k++)
			buf_addf(out, "%%%02X", id[k]);
	}
}

static enum assay_status
no_key(struct p11 *p, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf there = BUF_INIT(SHOWN_MAX);
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE match = { CKA_CLASS, &class, sizeof class };
	CK_OBJECT_HANDLE objects[P11_KEYS_MAX];
	size_t count = 0;
	TRY(p11_objects(p, &match, 1, objects, &count, err));
	describe(p, objects, count, &there);
	(void)assay_fail(err, ASSAY_E_NOT_FOUND, "no private key on the token fits the URI; it shows %s",
	    there.len > 0 ? buf_str(&there) : "none at all");
	return assay_error_todo(err, ASSAY_E_NOT_FOUND, "correct object= or id=; 'assay key list' prints each key's URI");
}

static enum assay_status
choose(struct p11 *p, const struct pkcs11_uri *uri, CK_OBJECT_HANDLE *ret_object, struct assay_error *err)
{
	CK_OBJECT_HANDLE objects[P11_KEYS_MAX];
	size_t count = 0;
	if (uri->type != PKCS11_URI_ANY && uri->type != PKCS11_URI_PRIVATE)
		return assay_fail(err, ASSAY_E_USAGE, "the PKCS #11 URI names another type than 'private': a private key signs");
	TRY(p11_key_objects(p, uri, CKO_PRIVATE_KEY, objects, &count, err));
	if (count == 0)
		return no_key(p, err);
	if (count > 1) {
		CLEANUP(buf_done) struct buf found = BUF_INIT(SHOWN_MAX);
		describe(p, objects, count, &found);
		(void)assay_fail(err, ASSAY_E_USAGE, "%zu private keys on the token fit the URI: %s", count, buf_str(&found));
		return assay_error_todo(err, ASSAY_E_USAGE, "name one of them by object= and id=");
	}
	*ret_object = objects[0];
	return ASSAY_OK;
}

/* ---- its public half ---- */

static enum assay_status
number(struct p11 *p, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, CK_ULONG *ret_value, struct assay_error *err)
{
	unsigned char room[sizeof *ret_value];
	size_t len = 0;
	TRY(p11_attribute(p, object, type, room, sizeof room, &len, err));
	if (len != sizeof room)
		return assay_fail(err, ASSAY_E_SYSTEM, "the token doesn't say of which type the key is");
	memcpy(ret_value, room, sizeof room);
	return ASSAY_OK;
}

static enum assay_status
kind_of(struct p11 *p, CK_OBJECT_HANDLE object, enum p11_key_kind *ret_kind, struct assay_error *err)
{
	unsigned char params[LABEL_MAX];
	CK_KEY_TYPE type = 0;
	size_t len = 0;
	TRY(number(p, object, CKA_KEY_TYPE, &type, err));
	*ret_kind = type == CKK_RSA ? P11_RSA : P11_OTHER;
	if (type != CKK_EC && type != CKK_EC_EDWARDS)
		return ASSAY_OK;
	TRY(p11_attribute(p, object, CKA_EC_PARAMS, params, sizeof params, &len, err));
	*ret_kind = p11_curve((struct assay_span){ params, len });
	return ASSAY_OK;
}

static bool
read_point(struct p11 *p, CK_OBJECT_HANDLE object, struct p11_key *key)
{
	unsigned char value[LABEL_MAX];
	size_t len = 0;
	return p11_attribute(p, object, CKA_EC_POINT, value, sizeof value, &len, NULL) == ASSAY_OK
	    && p11_point(key->kind, (struct assay_span){ value, len }, key->point, &key->point_len);
}

/* The public key of the same id; the private object itself where a token has it there. Which is right, the first signature shows. */
static enum assay_status
find_public(struct p11 *p, struct p11_key *key, struct assay_error *err)
{
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_ATTRIBUTE match[2] = { { CKA_CLASS, &class, sizeof class }, { CKA_ID, key->id, key->id_len } };
	CK_OBJECT_HANDLE objects[P11_KEYS_MAX];
	size_t count = 0;
	key->public_object = CK_INVALID_HANDLE;
	if (key->id_len > 0)
		TRY(p11_objects(p, match, 2, objects, &count, err));
	if (count > 1) {
		(void)assay_fail(err, ASSAY_E_USAGE, "%zu public keys on the token have the private key's id", count);
		return assay_error_todo(err, ASSAY_E_USAGE, "give each pair of keys an id of its own");
	}
	if (count == 1)
		key->public_object = objects[0];
	if (key->kind == P11_RSA || key->kind == P11_OTHER)
		return ASSAY_OK;
	if (count == 1 ? read_point(p, objects[0], key) : read_point(p, key->object, key))
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_NOT_FOUND, "the token doesn't give the public half of the key");
	return assay_error_todo(err, ASSAY_E_NOT_FOUND, "write the public key to the token, with the private key's id");
}

/* All but its public half. */
static enum assay_status
read_key(struct p11 *p, CK_OBJECT_HANDLE object, struct p11_key *ret_key, struct assay_error *err)
{
	struct p11_key key = { .object = object, .public_object = CK_INVALID_HANDLE };
	unsigned char always[sizeof(CK_BBOOL)] = { CK_FALSE };
	size_t len = 0;
	TRY(kind_of(p, key.object, &key.kind, err));
	TRY(p11_attribute(p, key.object, CKA_ID, key.id, sizeof key.id, &key.id_len, err));
	TRY(p11_attribute(p, key.object, CKA_ALWAYS_AUTHENTICATE, always, sizeof always, &len, err));
	key.always_authenticate = len == sizeof always && always[0] != CK_FALSE;
	*ret_key = key;
	return ASSAY_OK;
}

enum assay_status
p11_describe_key(struct p11 *p, CK_OBJECT_HANDLE object, struct p11_key *ret_key, struct assay_error *err)
{
	struct p11_key key;
	TRY(read_key(p, object, &key, err));
	/* Not every token gives the public half; that is told, and is no reason to tell nothing. */
	if (find_public(p, &key, NULL) != ASSAY_OK)
		key.point_len = 0;
	*ret_key = key;
	return ASSAY_OK;
}

enum assay_status
p11_find_key(struct p11 *p, const struct pkcs11_uri *uri, struct p11_key *ret_key, struct assay_error *err)
{
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
	struct p11_key key;
	TRY(choose(p, uri, &object, err));
	TRY(read_key(p, object, &key, err));
	TRY(find_public(p, &key, err));
	*ret_key = key;
	return ASSAY_OK;
}
