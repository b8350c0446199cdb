/* SPDX-License-Identifier: Apache-2.0 */
#include "sshmake.h"

#include <assay/base64.h>
#include <assay/hash.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "sshmake: %s failed\n", what);
	exit(3);
}

struct assay_span
blob_span(const struct blob *b)
{
	return (struct assay_span) { b->data, b->len };
}

void
blob_put(struct blob *b, const void *data, size_t len)
{
	must(len <= BLOB_ROOM - b->len, "growing a blob");
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
}

void
blob_put_u8(struct blob *b, uint8_t v)
{
	blob_put(b, &v, 1);
}

void
blob_put_u32(struct blob *b, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		blob_put_u8(b, (uint8_t)(v >> shift & 0xffU));
}

void
blob_put_u64(struct blob *b, uint64_t v)
{
	blob_put_u32(b, (uint32_t)(v >> 32));
	blob_put_u32(b, (uint32_t)(v & 0xffffffffU));
}

void
blob_put_string(struct blob *b, const void *data, size_t len)
{
	blob_put_u32(b, (uint32_t)len);
	blob_put(b, data, len);
}

void
blob_put_text(struct blob *b, const char *text)
{
	blob_put_string(b, text, strlen(text));
}

void
blob_put_mpint(struct blob *b, const unsigned char *magnitude, size_t len, size_t zeros)
{
	while (len > 0 && magnitude[0] == 0) {
		magnitude++;
		len--;
	}
	if (len > 0 && (magnitude[0] & 0x80U) != 0)
		zeros++;
	blob_put_u32(b, (uint32_t)(len + zeros));
	for (size_t i = 0; i < zeros; i++)
		blob_put_u8(b, 0);
	blob_put(b, magnitude, len);
}

static void
put_bn(struct blob *b, const BIGNUM *n, size_t zeros)
{
	unsigned char bytes[2048];
	int len = BN_num_bytes(n);

	must(len <= (int)sizeof bytes && BN_bn2bin(n, bytes) == len, "writing a number");
	blob_put_mpint(b, bytes, (size_t)len, zeros);
}

static const struct {
	enum assay_key_type type;
	const char *cert_name, *group, *curve, *md;
} traits[] = {
	{ ASSAY_KEY_ED25519, "ssh-ed25519-cert-v01@openssh.com", NULL, NULL, NULL },
	{ ASSAY_KEY_ECDSA_P256, "ecdsa-sha2-nistp256-cert-v01@openssh.com", "P-256", "nistp256", "SHA256" },
	{ ASSAY_KEY_ECDSA_P384, "ecdsa-sha2-nistp384-cert-v01@openssh.com", "P-384", "nistp384", "SHA384" },
	{ ASSAY_KEY_ECDSA_P521, "ecdsa-sha2-nistp521-cert-v01@openssh.com", "P-521", "nistp521", "SHA512" },
	{ ASSAY_KEY_RSA, "ssh-rsa-cert-v01@openssh.com", NULL, NULL, NULL },
	{ ASSAY_KEY_SK_ED25519, "sk-ssh-ed25519-cert-v01@openssh.com", NULL, NULL, NULL },
	{ ASSAY_KEY_SK_ECDSA_P256, "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", "P-256", "nistp256",
	    "SHA256" },
};

static bool
is_sk(enum assay_key_type type)
{
	return type == ASSAY_KEY_SK_ED25519 || type == ASSAY_KEY_SK_ECDSA_P256;
}

struct test_key
test_key_make(enum assay_key_type type, unsigned bits)
{
	struct test_key key = { .type = type, .application = is_sk(type) ? "ssh:" : NULL };

	if (type == ASSAY_KEY_RSA)
		key.pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
	else if (traits[type].group != NULL)
		key.pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", traits[type].group);
	else
		key.pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	must(key.pkey != NULL, "making a key");
	return key;
}

void
test_key_done(struct test_key *key)
{
	EVP_PKEY_free(key->pkey);
	key->pkey = NULL;
}

static void
put_rsa(const struct test_key *key, size_t zeros, struct blob *out)
{
	BIGNUM *e = NULL, *n = NULL;

	must(EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
	        EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_RSA_N, &n) == 1,
	    "reading an RSA key");
	put_bn(out, e, zeros);
	put_bn(out, n, zeros);
	BN_free(e);
	BN_free(n);
}

/* x and y by themselves: the encoded point that libcrypto gives may be a compressed one. */
static void
put_point(const struct test_key *key, struct blob *out)
{
	BIGNUM *x = NULL, *y = NULL;
	unsigned char point[133] = { 4 };
	int size = (EVP_PKEY_get_bits(key->pkey) + 7) / 8;

	must(EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
	        EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1 &&
	        BN_bn2binpad(x, point + 1, size) == size && BN_bn2binpad(y, point + 1 + size, size) == size,
	    "reading a point");
	blob_put_text(out, traits[key->type].curve);
	blob_put_string(out, point, 1 + 2 * (size_t)size);
	BN_free(x);
	BN_free(y);
}

static void
put_fields(const struct test_key *key, const struct test_style *style, struct blob *out)
{
	if (key->type == ASSAY_KEY_RSA) {
		put_rsa(key, style == NULL ? 0 : style->zeros, out);
	} else if (traits[key->type].group != NULL) {
		put_point(key, out);
	} else {
		unsigned char raw[32];
		size_t len = sizeof raw;
		must(EVP_PKEY_get_raw_public_key(key->pkey, raw, &len) == 1 && len == 32, "reading a key");
		blob_put_string(out, raw, len);
	}
	if (is_sk(key->type))
		blob_put_text(out, key->application);
}

void
test_key_blob(const struct test_key *key, const struct test_style *style, struct blob *ret_blob)
{
	ret_blob->len = 0;
	blob_put_text(ret_blob, assay_key_type_name(key->type));
	put_fields(key, style, ret_blob);
}

static size_t
sign_with(const struct test_key *key, const char *md, struct assay_span message,
    unsigned char out[2048])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = 2048;

	must(ctx != NULL && EVP_DigestSignInit_ex(ctx, NULL, md, NULL, NULL, key->pkey, NULL) == 1 &&
	        EVP_DigestSign(ctx, out, &len, message.data, message.len) == 1,
	    "signing");
	EVP_MD_CTX_free(ctx);
	return len;
}

/* Adds the group's order to S, which a verifier that reduces S does not see. */
static void
add_order(unsigned char s[32])
{
	static const unsigned char order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
		0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10 };
	unsigned carry = 0;

	for (size_t i = 0; i < 32; i++) {
		carry += s[i] + (unsigned)order[i];
		s[i] = (unsigned char)carry;
		carry >>= 8;
	}
}

static void
put_signature(const struct test_key *key, const struct test_style *style, const char *md,
    struct assay_span message, struct blob *out)
{
	unsigned char raw[2048];
	size_t len = sign_with(key, md, message, raw), from = 0;

	if (traits[key->type].group != NULL) {
		const unsigned char *at = raw;
		ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)len);
		struct blob *two = calloc(1, sizeof *two);
		must(sig != NULL && two != NULL, "reading an ECDSA signature");
		put_bn(two, ECDSA_SIG_get0_r(sig), style->zeros);
		put_bn(two, ECDSA_SIG_get0_s(sig), style->zeros);
		blob_put_string(out, two->data, two->len);
		ECDSA_SIG_free(sig);
		free(two);
		return;
	}
	if (style->plus_order)
		add_order(raw + 32);
	while (style->strip_zeros && from < len && raw[from] == 0)
		from++;
	blob_put_string(out, raw + from, len - from);
}

/* PROTOCOL.u2f: what the token signs in place of the message. */
static void
sk_message(const struct test_key *key, const struct test_style *style, struct assay_span message,
    struct blob *out)
{
	unsigned char digest[ASSAY_SHA256_SIZE];

	must(assay_sha256(assay_span_str(key->application), digest) == ASSAY_OK, "hashing");
	blob_put(out, digest, sizeof digest);
	blob_put_u8(out, style->flags);
	blob_put_u32(out, style->counter);
	must(assay_sha256(message, digest) == ASSAY_OK, "hashing");
	blob_put(out, digest, sizeof digest);
}

static const char *
digest_for(const struct test_key *key, const char *algorithm)
{
	if (key->type != ASSAY_KEY_RSA)
		return traits[key->type].md;
	if (strcmp(algorithm, "rsa-sha2-256") == 0)
		return "SHA256";
	return strcmp(algorithm, "ssh-rsa") == 0 ? "SHA1" : "SHA512";
}

void
test_signature(const struct test_key *key, const struct test_style *style,
    struct assay_span message, struct blob *ret_blob)
{
	const char *own = key->type == ASSAY_KEY_RSA ? "rsa-sha2-512" : assay_key_type_name(key->type);
	const char *algorithm = style->algorithm != NULL ? style->algorithm : own;
	const char *md = digest_for(key, algorithm);

	ret_blob->len = 0;
	blob_put_text(ret_blob, algorithm);
	if (!is_sk(key->type)) {
		put_signature(key, style, md, message, ret_blob);
		return;
	}
	struct blob *token = calloc(1, sizeof *token);
	must(token != NULL, "memory");
	sk_message(key, style, message, token);
	put_signature(key, style, md, blob_span(token), ret_blob);
	blob_put_u8(ret_blob, style->flags);
	blob_put_u32(ret_blob, style->counter);
	free(token);
}

const struct test_cert test_cert_sound = {
	.serial = 7,
	.type = 1,
	.key_id = "somebody",
	.principals = { "alice@example.org", "bob@example.org" },
	.valid_after = 0,
	.valid_before = UINT64_MAX,
	.extensions = { "permit-agent-forwarding", "permit-pty" },
	.reserved = "",
};

static void
put_list(struct blob *out, const char *const items[4], bool with_data)
{
	struct blob *packed = calloc(1, sizeof *packed);

	must(packed != NULL, "memory");
	for (size_t i = 0; i < 4 && items[i] != NULL; i++) {
		blob_put_text(packed, items[i]);
		if (with_data)
			blob_put_text(packed, "");
	}
	blob_put_string(out, packed->data, packed->len);
	free(packed);
}

void
test_cert_blob(const struct test_key *key, const struct test_key *ca, const struct test_cert *cert,
    struct blob *ret_blob)
{
	struct blob *part = calloc(1, sizeof *part);

	must(part != NULL, "memory");
	ret_blob->len = 0;
	blob_put_text(ret_blob, traits[key->type].cert_name);
	blob_put_text(ret_blob, "0123456789abcdef0123456789abcdef");
	put_fields(key, NULL, ret_blob);
	blob_put_u64(ret_blob, cert->serial);
	blob_put_u32(ret_blob, cert->type);
	blob_put_text(ret_blob, cert->key_id);
	put_list(ret_blob, cert->principals, false);
	blob_put_u64(ret_blob, cert->valid_after);
	blob_put_u64(ret_blob, cert->valid_before);
	put_list(ret_blob, cert->options, true);
	put_list(ret_blob, cert->extensions, true);
	blob_put_text(ret_blob, cert->reserved);
	test_key_blob(ca, NULL, part);
	blob_put_string(ret_blob, part->data, part->len);
	test_signature(ca, &cert->ca_style, blob_span(ret_blob), part);
	blob_put_string(ret_blob, part->data, part->len);
	free(part);
}

void
test_sshsig(const struct test_sig *sig, struct blob *ret_blob)
{
	bool sha256 = strcmp(sig->hash, "sha256") == 0;
	unsigned char digest[ASSAY_SHA512_SIZE];
	struct blob *part = calloc(1, sizeof *part), *inner = calloc(1, sizeof *inner);

	must(part != NULL && inner != NULL, "memory");
	must((sha256 ? assay_sha256 : assay_sha512)(sig->message, digest) == ASSAY_OK, "hashing");
	blob_put(inner, "SSHSIG", 6);
	blob_put_text(inner, sig->name_space);
	/* OpenSSH hashes an empty reserved field, whatever stands in the signature. */
	blob_put_text(inner, "");
	blob_put_text(inner, sig->hash);
	blob_put_string(inner, digest, sha256 ? ASSAY_SHA256_SIZE : ASSAY_SHA512_SIZE);

	ret_blob->len = 0;
	blob_put(ret_blob, "SSHSIG", 6);
	blob_put_u32(ret_blob, sig->version);
	if (sig->key_field != NULL) {
		blob_put_string(ret_blob, sig->key_field->data, sig->key_field->len);
	} else {
		test_key_blob(sig->key, &sig->style, part);
		blob_put_string(ret_blob, part->data, part->len);
	}
	blob_put_text(ret_blob, sig->name_space);
	blob_put_text(ret_blob, sig->reserved);
	blob_put_text(ret_blob, sig->hash);
	test_signature(sig->key, &sig->style, blob_span(inner), part);
	blob_put_string(ret_blob, part->data, part->len);
	free(part);
	free(inner);
}

size_t
test_armor(struct assay_span binary, size_t width, char *out, size_t room)
{
	size_t size = ASSAY_BASE64_ENCODED_SIZE(binary.len), at = 0;
	char *text = malloc(size);

	must(text != NULL && assay_base64_encode(binary, text, size) == ASSAY_OK, "encoding");
	size_t len = strlen(text);
	must(room > len + len / width + 128, "room for armor");
	at += (size_t)snprintf(out, room, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t i = 0; i < len; i += width)
		at += (size_t)snprintf(out + at, room - at, "%.*s\n", (int)width, text + i);
	at += (size_t)snprintf(out + at, room - at, "-----END SSH SIGNATURE-----\n");
	free(text);
	return at;
}
