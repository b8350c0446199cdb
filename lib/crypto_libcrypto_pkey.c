/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECDSA and RSA by libcrypto's providers. The keys are built from their numbers alone: no parameter
 * of what was signed reaches the library.
 */
#include "crypto_libcrypto.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

/* Body of an INTEGER of P-521: a sign byte at most before the number. */
#define DER_SIGNATURE_MAX (2 * (CRYPTO_SCALAR_MAX + 3) + 3)

static const char *const groups[] = {
	[CRYPTO_P256] = "P-256",
	[CRYPTO_P384] = "P-384",
	[CRYPTO_P521] = "P-521",
};

enum assay_status
libcrypto_failure(void)
{
	enum assay_status status = ASSAY_E_VERIFY;

	for (unsigned long e = ERR_get_error(); e != 0; e = ERR_get_error()) {
		if (ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE)
			status = ASSAY_E_MEMORY;
	}
	return status;
}

static EVP_PKEY *
pkey_from(const char *kind, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *pkey = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* libcrypto takes writable pointers: it gets copies. */
static EVP_PKEY *
ec_key(enum crypto_curve curve, struct assay_span point)
{
	unsigned char copy[CRYPTO_POINT_MAX];
	char group[8];

	if (point.len > sizeof copy)
		return NULL;
	memcpy(copy, point.data, point.len);
	memcpy(group, groups[curve], strlen(groups[curve]) + 1);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
		    copy, point.len),
		OSSL_PARAM_construct_end(),
	};
	return pkey_from("EC", params);
}

enum assay_status
backend_point(enum crypto_curve curve, struct assay_span point)
{
	EVP_PKEY *pkey = ec_key(curve, point);
	enum assay_status failure = libcrypto_failure();

	EVP_PKEY_free(pkey);
	return pkey != NULL ? ASSAY_OK : failure;
}

/* Appends a DER INTEGER of at most CRYPTO_SCALAR_MAX bytes. */
static size_t
der_integer(unsigned char *out, struct assay_span magnitude)
{
	size_t sign = (magnitude.data[0] & 0x80U) != 0 ? 1 : 0;

	out[0] = 0x02;
	out[1] = (unsigned char)(magnitude.len + sign);
	out[2] = 0;
	memcpy(out + 2 + sign, magnitude.data, magnitude.len);
	return 2 + sign + magnitude.len;
}

/* SEQUENCE of r and s. */
static size_t
der_signature(unsigned char out[DER_SIGNATURE_MAX], struct assay_span r, struct assay_span s)
{
	unsigned char body[DER_SIGNATURE_MAX];
	size_t len = der_integer(body, r);
	size_t at = 0;

	len += der_integer(body + len, s);
	out[at++] = 0x30;
	if (len > 127)
		out[at++] = 0x81;
	out[at++] = (unsigned char)len;
	memcpy(out + at, body, len);
	return at + len;
}

enum assay_status
backend_ecdsa(enum crypto_curve curve, struct assay_span point, struct assay_span r,
    struct assay_span s, struct assay_span digest)
{
	enum assay_status status = ASSAY_E_VERIFY;
	unsigned char der[DER_SIGNATURE_MAX];

	if (r.len == 0 || r.len > CRYPTO_SCALAR_MAX || s.len == 0 || s.len > CRYPTO_SCALAR_MAX)
		return status;
	size_t len = der_signature(der, r, s);
	EVP_PKEY *pkey = ec_key(curve, point);
	EVP_PKEY_CTX *ctx = pkey == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_PKEY_verify(ctx, der, len, digest.data, digest.len) == 1)
		status = ASSAY_OK;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return status == ASSAY_OK ? status : libcrypto_failure();
}

/* Turns big-endian bytes into what OSSL_PARAM calls an unsigned integer: the machine's own order. */
static void
native_order(unsigned char *out, struct assay_span big_endian)
{
	const union {
		uint16_t number;
		unsigned char first;
	} probe = { 1 };

	for (size_t i = 0; i < big_endian.len; i++)
		out[probe.first == 1 ? big_endian.len - 1 - i : i] = big_endian.data[i];
}

static EVP_PKEY *
rsa_key(struct assay_span n, struct assay_span e)
{
	unsigned char modulus[CRYPTO_RSA_BYTES_MAX], exponent[CRYPTO_RSA_EXPONENT_MAX];

	if (n.len == 0 || n.len > sizeof modulus || e.len == 0 || e.len > sizeof exponent)
		return NULL;
	native_order(modulus, n);
	native_order(exponent, e);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, modulus, n.len),
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, exponent, e.len),
		OSSL_PARAM_construct_end(),
	};
	return pkey_from("RSA", params);
}

static bool
pad(EVP_PKEY_CTX *ctx, enum crypto_padding padding, const EVP_MD *md)
{
	if (padding == CRYPTO_PKCS1)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_signature_md(ctx, md) == 1;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, md) == 1 && EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

enum assay_status
backend_rsa(enum crypto_padding padding, enum assay_hash hash, struct assay_span n,
    struct assay_span e, struct assay_span signature, struct assay_span digest)
{
	enum assay_status status = ASSAY_E_VERIFY;
	const EVP_MD *md = hash == ASSAY_SHA256 ? EVP_sha256() :
	    hash == ASSAY_SHA384                ? EVP_sha384() :
	                                          EVP_sha512();

	EVP_PKEY *pkey = rsa_key(n, e);
	EVP_PKEY_CTX *ctx = pkey == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 && pad(ctx, padding, md) &&
	    EVP_PKEY_verify(ctx, signature.data, signature.len, digest.data, digest.len) == 1)
		status = ASSAY_OK;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return status == ASSAY_OK ? status : libcrypto_failure();
}
