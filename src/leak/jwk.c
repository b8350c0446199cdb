/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Web Keys (RFC 7517, RFC 7518, RFC 8037): the object around "kty", also as text within a string, and of JavaScript.
 */
#include "inside.h"

#include <base/catch.h>
#include <jansson.h>

#define OBJECT_MAX 16384u
#define NUMBER_MAX 2048u

static void
value_done(json_t **v)
{
	json_decref(*v);
}

/* The object that holds at: from the last brace before it that isn't closed again. */
static bool
find_object(struct assay_span b, size_t at, struct assay_span *ret)
{
	size_t begin = at, end = at;
	int depth = 0;
	while (begin > 0 && at - begin < OBJECT_MAX) {
		begin--;
		depth += b.data[begin] == '}' ? 1 : b.data[begin] == '{' ? -1 : 0;
		if (depth < 0)
			break;
	}
	if (depth >= 0)
		return false;
	for (depth = 1; end < b.len && end - at < OBJECT_MAX && depth > 0; end++)
		depth += b.data[end] == '{' ? 1 : b.data[end] == '}' ? -1 : 0;
	*ret = (struct assay_span){ b.data + begin, end - begin };
	return depth == 0;
}

/* Without the backslashes that a string around it has, and with the quotes of JSON. */
static void
plain(struct assay_span object, struct buf *out)
{
	for (size_t i = 0; i < object.len; i++) {
		unsigned char c = object.data[i];
		if (c == '\\') {
			/* A line's end within the string around it. */
			if (i + 1 < object.len && is_one_of(object.data[i + 1], "nrt"))
				i++;
			continue;
		}
		buf_add_byte(out, c == '\'' ? '"' : c);
	}
}

static bool
member(const json_t *object, const char *name, struct buf *out)
{
	const char *text = json_string_value(json_object_get(object, name));
	if (text == NULL)
		return false;
	base64_loose(assay_span_str(text), out);
	return out->status == ASSAY_OK && out->len > 0;
}

static enum verdict
okp(const char *crv, struct assay_span d, struct key *key)
{
	static const char *const names[RAW_KINDS] = { [RAW_X25519] = "X25519", [RAW_X448] = "X448", [RAW_ED25519] = "Ed25519", [RAW_ED448] = "Ed448" };
	for (unsigned i = 0; crv != NULL && i < RAW_KINDS; i++)
		if (strcmp(crv, names[i]) == 0)
			return public_raw_of((enum raw_kind)i, d, key) ? IS_KEY : IS_BROKEN;
	return IS_BROKEN;
}

static enum verdict
rsa(const json_t *object, struct key *key)
{
	CLEANUP(buf_done) struct buf n = BUF_INIT(NUMBER_MAX), e = BUF_INIT(NUMBER_MAX), p = BUF_INIT(NUMBER_MAX), q = BUF_INIT(NUMBER_MAX);
	if (!member(object, "n", &n) || !member(object, "e", &e) || !public_rsa(buf_span(&n), buf_span(&e), key))
		return IS_BROKEN;
	/* The factors are optional. */
	if (!member(object, "p", &p) || !member(object, "q", &q))
		return IS_KEY;
	return product_is(buf_span(&p), buf_span(&q), buf_span(&n)) ? IS_KEY : IS_BROKEN;
}

static enum verdict
read_jwk(const json_t *object, struct key *key)
{
	CLEANUP(buf_done) struct buf d = BUF_INIT(NUMBER_MAX);
	const char *kty = json_string_value(json_object_get(object, "kty")), *crv = json_string_value(json_object_get(object, "crv"));
	/* Without it, it is a public key or a secret shared by two. */
	if (kty == NULL || !member(object, "d", &d) || d.len < 16)
		return IS_NOTHING;
	if (strcmp(kty, "EC") == 0)
		return crv != NULL && public_ec_of(curve_of_name(assay_span_str(crv)), buf_span(&d), key) ? IS_KEY : IS_BROKEN;
	if (strcmp(kty, "OKP") == 0)
		return okp(crv, buf_span(&d), key);
	return strcmp(kty, "RSA") == 0 ? rsa(object, key) : IS_NOTHING;
}

void
act_jwk(struct view *v, size_t at)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT((size_t)4 * OBJECT_MAX);
	struct assay_span object;
	struct key key = { .form = "jwk" };
	json_error_t why;
	if (!scan_afford(v, OBJECT_MAX / 8) || !find_object(v->bytes, at, &object) || !scan_afford(v, object.len))
		return;
	plain(object, &text);
	CLEANUP(value_done) json_t *value = text.status == ASSAY_OK ? json_loadb((const char *)text.data, text.len, 0, &why) : NULL;
	if (value == NULL)
		return;
	const enum verdict verdict = read_jwk(value, &key);
	if (CATCH(leak_jwk, verdict != IS_NOTHING))
		scan_note(v, at, verdict, &key, object);
}
