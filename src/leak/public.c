/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public parts: computed from the private ones wherever that can be, since what stands beside a key may be anything; and written as one
 * SubjectPublicKeyInfo (RFC 5280, RFC 3279, RFC 5480, RFC 8410), whatever form they came in.
 */
#include "inside.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#define NUMBER_MAX 2049
#define SPKI_MAX 16384
#define POINT_MAX 256
#define SCALAR_MAX 80

static void
bn_done(BIGNUM **n)
{
	BN_clear_free(*n);
}

static void
bn_ctx_done(BN_CTX **c)
{
	BN_CTX_free(*c);
}

static void
group_done(EC_GROUP **g)
{
	EC_GROUP_free(*g);
}

static void
point_done(EC_POINT **p)
{
	EC_POINT_free(*p);
}

static void
pkey_done(EVP_PKEY **p)
{
	EVP_PKEY_free(*p);
}

static struct assay_span
strip(struct assay_span n)
{
	while (n.len > 0 && n.data[0] == 0) {
		n.data++;
		n.len--;
	}
	return n;
}

static BIGNUM *
number(struct assay_span n)
{
	n = strip(n);
	return n.len == 0 || n.len > NUMBER_MAX ? NULL : BN_bin2bn(n.data, (int)n.len, NULL);
}

/* ---- writing DER ---- */

static void
put_head(struct buf *out, unsigned char tag, size_t len)
{
	buf_add_byte(out, tag);
	if (len >= 0x100) {
		buf_add_byte(out, 0x82);
		buf_add_byte(out, (unsigned char)(len >> 8 & 0xff));
	} else if (len >= 0x80)
		buf_add_byte(out, 0x81);
	buf_add_byte(out, (unsigned char)(len & 0xff));
}

static void
put(struct buf *out, unsigned char tag, struct assay_span value)
{
	put_head(out, tag, value.len);
	buf_add_span(out, value);
}

static void
put_number(struct buf *out, struct assay_span n)
{
	n = strip(n);
	const bool high = n.len == 0 || (n.data[0] & 0x80) != 0;
	put_head(out, DER_INTEGER, n.len + high);
	if (high)
		buf_add_byte(out, 0);
	buf_add_span(out, n);
}

static bool
put_digest(const struct buf *spki, struct key *key)
{
	if (spki->status != ASSAY_OK || key->public_count >= LEAK_PUBLICS_MAX)
		return false;
	if (assay_sha256(buf_span(spki), key->publics[key->public_count]) != ASSAY_OK)
		return false;
	key->public_count++;
	return true;
}

/* SEQUENCE { algorithm, BIT STRING of bits }; algorithm is whole. */
static bool
spki(struct assay_span algorithm, struct assay_span bits, struct key *key)
{
	CLEANUP(buf_done) struct buf string = BUF_INIT(SPKI_MAX), out = BUF_INIT(SPKI_MAX);
	put_head(&string, 0x03, bits.len + 1);
	buf_add_byte(&string, 0);
	buf_add_span(&string, bits);
	put_head(&out, DER_SEQUENCE, algorithm.len + string.len);
	buf_add_span(&out, algorithm);
	buf_add_span(&out, buf_span(&string));
	return string.status == ASSAY_OK && put_digest(&out, key);
}

static struct assay_span
oid_span(const char *bytes, size_t len)
{
	return (struct assay_span){ (const unsigned char *)bytes, len };
}
#define OID(bytes) oid_span((bytes), sizeof(bytes) - 1)

/* ---- RSA, DSA ---- */

bool
public_rsa(struct assay_span n, struct assay_span e, struct key *key)
{
	static const char algorithm[] = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
	CLEANUP(buf_done) struct buf numbers = BUF_INIT(SPKI_MAX), sequence = BUF_INIT(SPKI_MAX);
	n = strip(n);
	e = strip(e);
	if (n.len < 32 || n.len > NUMBER_MAX || e.len == 0 || e.len > n.len)
		return false;
	put_number(&numbers, n);
	put_number(&numbers, e);
	put(&sequence, DER_SEQUENCE, buf_span(&numbers));
	return sequence.status == ASSAY_OK && spki(OID(algorithm), buf_span(&sequence), key);
}

bool
product_is(struct assay_span p, struct assay_span q, struct assay_span n)
{
	CLEANUP(bn_done) BIGNUM *a = number(p);
	CLEANUP(bn_done) BIGNUM *b = number(q);
	CLEANUP(bn_done) BIGNUM *c = number(n);
	CLEANUP(bn_done) BIGNUM *product = BN_new();
	CLEANUP(bn_ctx_done) BN_CTX *ctx = BN_CTX_new();
	if (a == NULL || b == NULL || c == NULL || product == NULL || ctx == NULL || BN_is_one(a) || BN_is_one(b))
		return false;
	return BN_mul(product, a, b, ctx) == 1 && BN_cmp(product, c) == 0;
}

bool
public_dsa(const struct assay_span pqg[3], struct assay_span y, struct key *key)
{
	CLEANUP(buf_done) struct buf numbers = BUF_INIT(SPKI_MAX), inner = BUF_INIT(SPKI_MAX), algorithm = BUF_INIT(SPKI_MAX),
				     bits = BUF_INIT(SPKI_MAX);
	for (size_t i = 0; i < 3; i++) {
		if (pqg[i].len > NUMBER_MAX)
			return false;
		put_number(&numbers, pqg[i]);
	}
	put(&inner, DER_OID, OID("\x2a\x86\x48\xce\x38\x04\x01"));
	put(&inner, DER_SEQUENCE, buf_span(&numbers));
	put(&algorithm, DER_SEQUENCE, buf_span(&inner));
	put_number(&bits, y);
	if (numbers.status != ASSAY_OK || inner.status != ASSAY_OK || algorithm.status != ASSAY_OK || bits.status != ASSAY_OK)
		return false;
	return spki(buf_span(&algorithm), buf_span(&bits), key);
}

/* The numbers are anybody's: what would take long is refused by size. */
#define DSA_MAX 513

bool
public_dsa_of(const struct assay_span pqg[3], struct assay_span x, struct key *key)
{
	unsigned char bytes[DSA_MAX];
	const struct assay_span m = strip(pqg[0]), e = strip(x);
	if (m.len < 64 || m.len >= DSA_MAX || e.len < 16 || e.len > 64 || strip(pqg[2]).len > m.len || (m.data[m.len - 1] & 1) == 0)
		return false;
	CLEANUP(bn_done) BIGNUM *p = number(pqg[0]);
	CLEANUP(bn_done) BIGNUM *g = number(pqg[2]);
	CLEANUP(bn_done) BIGNUM *power = number(x);
	CLEANUP(bn_done) BIGNUM *y = BN_new();
	CLEANUP(bn_ctx_done) BN_CTX *ctx = BN_CTX_new();
	if (p == NULL || g == NULL || power == NULL || y == NULL || ctx == NULL || BN_mod_exp(y, g, power, p, ctx) != 1)
		return false;
	const int len = BN_bn2bin(y, bytes);
	return len > 0 && public_dsa(pqg, (struct assay_span){ bytes, (size_t)len }, key);
}

/* ---- elliptic curves ---- */

static const struct curve {
	int nid;
	size_t size; /* of a scalar */
	size_t field;
	const char *oid;
	size_t oid_len;
	const char *const names[4];
} curves[] = {
#define CURVE(nid, size, field, oid, ...) { nid, size, field, oid, sizeof(oid) - 1, { __VA_ARGS__ } }
	CURVE(NID_X9_62_prime256v1, 32, 32, "\x2a\x86\x48\xce\x3d\x03\x01\x07", "P-256", "nistp256"),
	CURVE(NID_secp384r1, 48, 48, "\x2b\x81\x04\x00\x22", "P-384", "nistp384"),
	CURVE(NID_secp521r1, 66, 66, "\x2b\x81\x04\x00\x23", "P-521", "nistp521"),
	CURVE(NID_secp256k1, 32, 32, "\x2b\x81\x04\x00\x0a", "secp256k1"),
	CURVE(NID_secp224r1, 28, 28, "\x2b\x81\x04\x00\x21", "P-224"),
	CURVE(NID_brainpoolP256r1, 32, 32, "\x2b\x24\x03\x03\x02\x08\x01\x01\x07", "brainpoolP256r1"),
	CURVE(NID_brainpoolP384r1, 48, 48, "\x2b\x24\x03\x03\x02\x08\x01\x01\x0b", "brainpoolP384r1"),
	CURVE(NID_brainpoolP512r1, 64, 64, "\x2b\x24\x03\x03\x02\x08\x01\x01\x0d", "brainpoolP512r1"),
#undef CURVE
};
#define CURVES (sizeof curves / sizeof curves[0])

unsigned
curve_of_oid(struct assay_span oid)
{
	for (unsigned i = 0; i < CURVES; i++)
		if (assay_span_equal(oid, oid_span(curves[i].oid, curves[i].oid_len)))
			return i;
	return CURVE_NONE;
}

unsigned
curve_of_name(struct assay_span name)
{
	for (unsigned i = 0; i < CURVES; i++)
		for (size_t k = 0; k < 4 && curves[i].names[k] != NULL; k++)
			if (assay_span_equal(name, assay_span_str(curves[i].names[k])))
				return i;
	return CURVE_NONE;
}

size_t
curve_size(unsigned curve)
{
	return curve < CURVES ? curves[curve].size : 0;
}

bool
public_ec(unsigned curve, struct assay_span point, struct key *key)
{
	CLEANUP(buf_done) struct buf inner = BUF_INIT(SPKI_MAX), algorithm = BUF_INIT(SPKI_MAX);
	if (curve >= CURVES || point.len != 2 * curves[curve].field + 1 || point.data[0] != 4)
		return false;
	put(&inner, DER_OID, OID("\x2a\x86\x48\xce\x3d\x02\x01"));
	put(&inner, DER_OID, oid_span(curves[curve].oid, curves[curve].oid_len));
	put(&algorithm, DER_SEQUENCE, buf_span(&inner));
	return inner.status == ASSAY_OK && algorithm.status == ASSAY_OK && spki(buf_span(&algorithm), point, key);
}

bool
public_ec_of(unsigned curve, struct assay_span scalar, struct key *key)
{
	unsigned char bytes[POINT_MAX];
	scalar = strip(scalar);
	if (curve >= CURVES || scalar.len == 0 || scalar.len > curves[curve].size)
		return false;
	CLEANUP(group_done) EC_GROUP *group = EC_GROUP_new_by_curve_name(curves[curve].nid);
	CLEANUP(bn_ctx_done) BN_CTX *ctx = BN_CTX_new();
	CLEANUP(bn_done) BIGNUM *n = number(scalar);
	if (group == NULL || ctx == NULL || n == NULL || BN_cmp(n, EC_GROUP_get0_order(group)) >= 0)
		return false;
	CLEANUP(point_done) EC_POINT *point = EC_POINT_new(group);
	if (point == NULL || EC_POINT_mul(group, point, n, NULL, NULL, ctx) != 1)
		return false;
	const size_t len = EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, bytes, sizeof bytes, ctx);
	return len > 0 && public_ec(curve, (struct assay_span){ bytes, len }, key);
}

/* ---- Edwards and Montgomery curves ---- */

static const struct {
	int nid;
	size_t size;
} raws[RAW_KINDS] = {
	[RAW_X25519] = { EVP_PKEY_X25519, 32 },
	[RAW_X448] = { EVP_PKEY_X448, 56 },
	[RAW_ED25519] = { EVP_PKEY_ED25519, 32 },
	[RAW_ED448] = { EVP_PKEY_ED448, 57 },
};

size_t
raw_size(enum raw_kind kind)
{
	return raws[kind].size;
}

enum raw_kind
raw_of_oid(struct assay_span oid)
{
	if (oid.len != 3 || oid.data[0] != 0x2b || oid.data[1] != 0x65 || oid.data[2] < 0x6e || oid.data[2] > 0x71)
		return RAW_KINDS;
	return (enum raw_kind)(oid.data[2] - 0x6e);
}

bool
public_raw(enum raw_kind kind, struct assay_span bytes, struct key *key)
{
	const unsigned char algorithm[] = { 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, (unsigned char)(0x6e + kind) };
	if (bytes.len != raws[kind].size)
		return false;
	return spki((struct assay_span){ algorithm, sizeof algorithm }, bytes, key);
}

bool
raw_public_bytes(enum raw_kind kind, struct assay_span seed, unsigned char *ret_bytes)
{
	size_t len = raws[kind].size;
	if (seed.len != raws[kind].size)
		return false;
	CLEANUP(pkey_done) EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(raws[kind].nid, NULL, seed.data, seed.len);
	return pkey != NULL && EVP_PKEY_get_raw_public_key(pkey, ret_bytes, &len) == 1 && len == raws[kind].size;
}

bool
public_raw_of(enum raw_kind kind, struct assay_span seed, struct key *key)
{
	unsigned char bytes[64];
	return raw_public_bytes(kind, seed, bytes) && public_raw(kind, (struct assay_span){ bytes, raws[kind].size }, key);
}

/* ---- for those who compare ---- */

static bool
give(const struct key *key, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	if (key->public_count == 0)
		return false;
	memcpy(ret_digest, key->publics[0], ASSAY_SHA256_SIZE);
	return true;
}

bool
leak_public_of_ssh(const struct assay_pubkey *k, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	struct key key = { .form = "ssh" };
	static const char *const names[] = { [ASSAY_KEY_ECDSA_P256] = "P-256", [ASSAY_KEY_ECDSA_P384] = "P-384", [ASSAY_KEY_ECDSA_P521] = "P-521" };
	switch (k->type) {
	case ASSAY_KEY_ED25519:
		return public_raw(RAW_ED25519, k->ed25519, &key) && give(&key, ret_digest);
	case ASSAY_KEY_ECDSA_P256:
	case ASSAY_KEY_ECDSA_P384:
	case ASSAY_KEY_ECDSA_P521:
		return public_ec(curve_of_name(assay_span_str(names[k->type])), k->point, &key) && give(&key, ret_digest);
	case ASSAY_KEY_RSA:
		return public_rsa(k->rsa_n, k->rsa_e, &key) && give(&key, ret_digest);
	case ASSAY_KEY_SK_ED25519:
	case ASSAY_KEY_SK_ECDSA_P256:
		break; /* the private part is in the token alone */
	}
	return false;
}

static bool
spki_rsa(struct assay_span bits, struct key *key)
{
	struct assay_span in, n, e;
	return der_take(&bits, DER_SEQUENCE, &in) && der_take(&in, DER_INTEGER, &n) && der_take(&in, DER_INTEGER, &e) && public_rsa(n, e, key);
}

bool
leak_public_of_spki(struct assay_span bytes, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	struct key key = { .form = "spki" };
	struct assay_span in, algorithm, oid, bits;
	if (!der_take(&bytes, DER_SEQUENCE, &in) || !der_take(&in, DER_SEQUENCE, &algorithm) || !der_take(&algorithm, DER_OID, &oid)
	    || !der_take(&in, 0x03, &bits) || bits.len < 2 || bits.data[0] != 0)
		return false;
	bits.data++;
	bits.len--;
	if (raw_of_oid(oid) != RAW_KINDS)
		(void)public_raw(raw_of_oid(oid), bits, &key);
	else if (assay_span_equal(oid, OID("\x2a\x86\x48\xce\x3d\x02\x01")) && der_take(&algorithm, DER_OID, &oid))
		(void)public_ec(curve_of_oid(oid), bits, &key);
	else if (oid.len == 9 && memcmp(oid.data, "\x2a\x86\x48\x86\xf7\x0d\x01\x01", 8) == 0)
		(void)spki_rsa(bits, &key);
	return give(&key, ret_digest);
}
