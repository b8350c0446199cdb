/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_libcrypto.h"

#include <openssl/evp.h>

enum assay_status
backend_ed25519(const unsigned char key[32], const unsigned char signature[64],
    struct assay_span message)
{
	static const unsigned char none[1] = { 0 };
	enum assay_status status = ASSAY_E_VERIFY;
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	/* A NULL message would ask for a length instead. */
	if (pkey != NULL && ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	    EVP_DigestVerify(ctx, signature, 64, message.len == 0 ? none : message.data,
	        message.len) == 1)
		status = ASSAY_OK;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return status == ASSAY_OK ? status : libcrypto_failure();
}
