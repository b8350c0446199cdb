/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private keys in DER: read by ourselves, because what is read is anybody's, and because what they are compared by must not depend on how
 * they were written.
 */
#include "inside.h"

#include <base/catch.h>

/* A length of more than so many bytes is none. */
#define LENGTH_BYTES_MAX 4
/* An integer of more than 16384 bits is no key's. */
#define INTEGER_MAX 2049
#define INTEGERS_MAX 10

bool
der_next(struct assay_span *in, struct der *ret)
{
	if (in->len < 2 || (in->data[0] & 0x1f) == 0x1f)
		return false;
	size_t length = in->data[1], head = 2;
	if (length >= 0x80) {
		const size_t bytes = length & 0x7f;
		if (bytes == 0 || bytes > LENGTH_BYTES_MAX || in->len < 2 + bytes)
			return false;
		length = 0;
		for (size_t i = 0; i < bytes; i++)
			length = length << 8 | in->data[2 + i];
		head = 2 + bytes;
	}
	if (length > in->len - head)
		return false;
	*ret = (struct der){ in->data[0], { in->data + head, length }, { in->data, head + length } };
	in->data += head + length;
	in->len -= head + length;
	return true;
}

bool
der_take(struct assay_span *in, unsigned char tag, struct assay_span *ret_value)
{
	struct assay_span rest = *in;
	struct der d;
	if (!der_next(&rest, &d) || d.tag != tag)
		return false;
	*in = rest;
	*ret_value = d.value;
	return true;
}

static bool
is_oid(struct assay_span oid, const char *bytes, size_t len)
{
	return assay_span_equal(oid, (struct assay_span){ (const unsigned char *)bytes, len });
}
#define IS_OID(oid, bytes) is_oid((oid), (bytes), sizeof(bytes) - 1)
#define BEGINS_OID(oid, bytes) ((oid).len >= sizeof(bytes) - 1 && memcmp((oid).data, (bytes), sizeof(bytes) - 1) == 0)

/* ---- RSA and DSA ---- */

static size_t
integers(struct assay_span in, struct assay_span ret[INTEGERS_MAX])
{
	size_t count = 0;
	while (count < INTEGERS_MAX && der_take(&in, DER_INTEGER, &ret[count])) {
		if (ret[count].len == 0 || ret[count].len > INTEGER_MAX)
			return 0;
		count++;
	}
	return count;
}

/* version, n, e, d, p, q, ... */
static enum verdict
rsa_key(const struct assay_span *i, size_t count, struct key *ret)
{
	ret->form = "pkcs1";
	/* One whose numbers don't fit together is told by its public part all the same: whose it is stays worth knowing. */
	if (!public_rsa(i[1], i[2], ret))
		return IS_BROKEN;
	return count >= 6 && product_is(i[4], i[5], i[1]) ? IS_KEY : IS_BROKEN;
}

/* version, p, q, g, y, x */
static enum verdict
dsa_key(const struct assay_span *i, struct key *ret)
{
	ret->form = "dsa";
	return public_dsa_of(&i[1], i[5], ret) ? IS_KEY : IS_BROKEN;
}

static enum verdict
integers_key(struct assay_span in, struct key *ret)
{
	struct assay_span i[INTEGERS_MAX];
	const size_t count = integers(in, i);
	if (count == 6)
		return dsa_key(i, ret);
	/* A row of two or three numbers is anything. */
	return count >= 8 ? rsa_key(i, count, ret) : IS_NOTHING;
}

/* ---- elliptic curves ---- */

static enum verdict
ec_key(struct assay_span in, unsigned curve, struct key *ret)
{
	struct assay_span version, scalar, tagged, oid;
	ret->form = "sec1";
	if (!der_take(&in, DER_INTEGER, &version) || !der_take(&in, DER_OCTETS, &scalar) || scalar.len < 16 || scalar.len > 72)
		return IS_NOTHING;
	const bool own = der_take(&in, 0xa0, &tagged);
	if (own && der_take(&tagged, DER_OID, &oid))
		curve = curve_of_oid(oid);
	/* Parameters written out, or a curve that isn't known: a key all the same, of which no digest can be told. */
	if (own && curve == CURVE_NONE)
		return IS_KEY;
	if (curve == CURVE_NONE && scalar.len == 32)
		curve = curve_of_name(assay_span_str("P-256"));
	if (curve == CURVE_NONE)
		return IS_BROKEN;
	return public_ec_of(curve, scalar, ret) ? IS_KEY : IS_BROKEN;
}

/* ---- PKCS#8 ---- */

static enum verdict
pkcs8_dsa(struct assay_span parameters, struct assay_span inner, struct key *ret)
{
	struct assay_span pqg[INTEGERS_MAX], in, x;
	if (der_take(&parameters, DER_SEQUENCE, &in) && integers(in, pqg) == 3 && der_take(&inner, DER_INTEGER, &x)
	    && public_dsa_of(pqg, x, ret))
		return IS_KEY;
	return IS_BROKEN;
}

static enum verdict
pkcs8_named(struct assay_span oid, struct assay_span parameters, struct assay_span inner, struct key *ret)
{
	struct assay_span in, name;
	const enum raw_kind raw = raw_of_oid(oid);
	if (BEGINS_OID(oid, "\x2a\x86\x48\x86\xf7\x0d\x01\x01"))
		return der_take(&inner, DER_SEQUENCE, &in) ? integers_key(in, ret) : IS_BROKEN;
	if (IS_OID(oid, "\x2a\x86\x48\xce\x3d\x02\x01")) {
		const unsigned curve = der_take(&parameters, DER_OID, &name) ? curve_of_oid(name) : CURVE_NONE;
		const enum verdict v = der_take(&inner, DER_SEQUENCE, &in) ? ec_key(in, curve, ret) : IS_BROKEN;
		return v == IS_NOTHING ? IS_BROKEN : v;
	}
	if (raw != RAW_KINDS)
		return der_take(&inner, DER_OCTETS, &in) && public_raw_of(raw, in, ret) ? IS_KEY : IS_BROKEN;
	if (IS_OID(oid, "\x2a\x86\x48\xce\x38\x04\x01"))
		return pkcs8_dsa(parameters, inner, ret);
	/* Of another algorithm: PKCS#8 says that it is a private key. */
	return inner.len >= 16 ? IS_KEY : IS_NOTHING;
}

static enum verdict
pkcs8_key(struct assay_span in, struct key *ret)
{
	struct assay_span version, algorithm, oid, inner;
	if (!der_take(&in, DER_INTEGER, &version) || !der_take(&in, DER_SEQUENCE, &algorithm) || !der_take(&algorithm, DER_OID, &oid)
	    || !der_take(&in, DER_OCTETS, &inner))
		return IS_NOTHING;
	const enum verdict v = pkcs8_named(oid, algorithm, inner, ret);
	ret->form = "pkcs8";
	return v == IS_NOTHING ? IS_BROKEN : v;
}

/* ---- behind a passphrase ---- */

static bool
holds(struct assay_span in, const char *bytes, size_t len)
{
	return memmem(in.data, in.len, bytes, len) != NULL;
}

#define PKCS12_BAG "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01"
#define PKCS7_ENCRYPTED "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06"

/* Bags of keys show; where all is encrypted, there may be certificates alone. */
static enum verdict
pkcs12(struct assay_span in, struct key *ret)
{
	struct assay_span content, oid;
	ret->form = "pkcs12";
	if (!der_take(&in, DER_SEQUENCE, &content) || !der_take(&content, DER_OID, &oid) || !BEGINS_OID(oid, "\x2a\x86\x48\x86\xf7\x0d\x01\x07"))
		return IS_NOTHING;
	/* What lies in it in the clear is found by itself. */
	if (holds(content, PKCS12_BAG "\x01", sizeof PKCS12_BAG))
		return IS_NOTHING;
	if (holds(content, PKCS12_BAG "\x02", sizeof PKCS12_BAG))
		return IS_ENCRYPTED;
	return holds(content, PKCS7_ENCRYPTED, sizeof PKCS7_ENCRYPTED - 1) || content.len > 64 ? IS_UNSEEN : IS_NOTHING;
}

/* EncryptedPrivateKeyInfo: an algorithm by passphrase, then octets, then nothing. */
static enum verdict
sealed_pkcs8(struct assay_span in, struct key *ret)
{
	struct assay_span algorithm, oid, octets;
	ret->form = "pkcs8";
	if (!der_take(&in, DER_SEQUENCE, &algorithm) || !der_take(&algorithm, DER_OID, &oid) || !der_take(&in, DER_OCTETS, &octets)
	    || in.len != 0 || octets.len < 16)
		return IS_NOTHING;
	if (BEGINS_OID(oid, "\x2a\x86\x48\x86\xf7\x0d\x01\x05") || BEGINS_OID(oid, "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01"))
		return IS_ENCRYPTED;
	return IS_NOTHING;
}

enum verdict
leak_der(struct assay_span der, struct key *ret)
{
	struct assay_span in, version, rest;
	*ret = (struct key){ .form = "der" };
	if (!der_take(&der, DER_SEQUENCE, &in))
		return IS_NOTHING;
	rest = in;
	if (!der_take(&rest, DER_INTEGER, &version))
		return sealed_pkcs8(in, ret);
	if (version.len != 1 || version.data[0] > 3 || rest.len == 0)
		return IS_NOTHING;
	if (version.data[0] == 3)
		return pkcs12(rest, ret);
	if (rest.data[0] == DER_SEQUENCE)
		return pkcs8_key(in, ret);
	if (rest.data[0] == DER_OCTETS)
		return version.data[0] == 1 ? ec_key(in, CURVE_NONE, ret) : IS_NOTHING;
	return rest.data[0] == DER_INTEGER ? integers_key(in, ret) : IS_NOTHING;
}

/* ---- where it begins ---- */

#define CUT_OFF_MIN 32

/* What is cut off has less than its length says. Numbers that begin so by chance are not followed by as much as a key's. */
static void
cut_off(struct view *v, size_t begin, size_t at)
{
	static const struct key key = { .form = "der" };
	const struct assay_span rest = { v->bytes.data + begin, v->bytes.len - begin };
	const size_t claimed = rest.data[1] == 0x82 ? (size_t)rest.data[2] << 8 | rest.data[3] : rest.data[1] == 0x81 ? rest.data[2] : rest.data[1];
	if (rest.len - (at - begin) >= CUT_OFF_MIN && claimed < 16384 && v->bytes.data[at + 2] < 2)
		scan_note(v, begin, IS_BROKEN, &key, rest);
}

/* The SEQUENCE whose first element stands at at: its head has two to five bytes. */
static bool
begins(struct view *v, size_t at, size_t *ret_begin, struct assay_span *ret_whole)
{
	for (size_t head = 2; head <= 5 && head <= at; head++) {
		const unsigned char *p = v->bytes.data + at - head;
		if (p[0] != DER_SEQUENCE || (head == 2 ? p[1] >= 0x80 : p[1] != 0x80 + head - 2))
			continue;
		struct assay_span in = { p, v->bytes.len - (at - head) };
		struct der d;
		*ret_begin = at - head;
		*ret_whole = der_next(&in, &d) ? d.whole : (struct assay_span){ NULL, 0 };
		return true;
	}
	return false;
}

static void
try_at(struct view *v, size_t at, bool plain)
{
	struct assay_span whole;
	struct key key;
	size_t begin;
	if (at < v->der_until || !begins(v, at, &begin, &whole))
		return;
	if (whole.data == NULL) {
		if (plain)
			cut_off(v, begin, at);
		return;
	}
	if (!scan_afford(v, whole.len))
		return;
	const enum verdict verdict = leak_der(whole, &key);
	if (!CATCH(leak_der, verdict != IS_NOTHING))
		return;
	scan_note(v, begin, verdict, &key, whole);
	v->der_until = begin + whole.len;
}

void
act_der(struct view *v, size_t at)
{
	try_at(v, at, true);
}

/* The identifier stands in a SEQUENCE, and that is the first element of another. */
void
act_der_sealed(struct view *v, size_t at)
{
	struct assay_span whole;
	size_t begin;
	if (begins(v, at, &begin, &whole) && whole.data != NULL)
		try_at(v, begin, false);
}
