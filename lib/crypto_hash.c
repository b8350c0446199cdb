/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcrypto's one-context functions, not EVP: EVP allocates a context and takes a lock for each
 * message, which costs more than hashing the few hundred bytes that most messages have.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto.h"

#include <openssl/sha.h>

static bool
hash_sha256(const struct assay_span *parts, size_t count, unsigned char *out)
{
	SHA256_CTX ctx;
	bool good = SHA256_Init(&ctx) == 1;

	for (size_t i = 0; good && i < count; i++)
		good = SHA256_Update(&ctx, parts[i].data, parts[i].len) == 1;
	return good && SHA256_Final(out, &ctx) == 1;
}

static bool
hash_sha384(const struct assay_span *parts, size_t count, unsigned char *out)
{
	SHA512_CTX ctx;
	bool good = SHA384_Init(&ctx) == 1;

	for (size_t i = 0; good && i < count; i++)
		good = SHA384_Update(&ctx, parts[i].data, parts[i].len) == 1;
	return good && SHA384_Final(out, &ctx) == 1;
}

static bool
hash_sha512(const struct assay_span *parts, size_t count, unsigned char *out)
{
	SHA512_CTX ctx;
	bool good = SHA512_Init(&ctx) == 1;

	for (size_t i = 0; good && i < count; i++)
		good = SHA512_Update(&ctx, parts[i].data, parts[i].len) == 1;
	return good && SHA512_Final(out, &ctx) == 1;
}

enum assay_status
crypto_hash_parts(enum crypto_hash hash, const struct assay_span *parts, size_t count,
    unsigned char *ret_digest)
{
	bool good = false;

	switch (hash) {
	case CRYPTO_SHA256:
		good = hash_sha256(parts, count, ret_digest);
		break;
	case CRYPTO_SHA384:
		good = hash_sha384(parts, count, ret_digest);
		break;
	case CRYPTO_SHA512:
		good = hash_sha512(parts, count, ret_digest);
		break;
	}
	return good ? ASSAY_OK : ASSAY_E_INTERNAL;
}
