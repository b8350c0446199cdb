/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/hash.h>

#include "crypto.h"

enum assay_status
assay_sha256(struct assay_span bytes, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	return crypto_hash_parts(CRYPTO_SHA256, &bytes, 1, ret_digest);
}

enum assay_status
assay_sha512(struct assay_span bytes, unsigned char ret_digest[ASSAY_SHA512_SIZE])
{
	return crypto_hash_parts(CRYPTO_SHA512, &bytes, 1, ret_digest);
}
