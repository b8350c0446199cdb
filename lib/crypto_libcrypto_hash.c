/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcrypto's one-context functions, not EVP: EVP allocates a context and takes a lock for each
 * message, which costs more than hashing the few hundred bytes that most messages have.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= ASSAY_HASHER_ROOM && sizeof(SHA512_CTX) <= ASSAY_HASHER_ROOM,
    "libcrypto's contexts outgrew the caller's storage");
_Static_assert(_Alignof(SHA256_CTX) <= _Alignof(uint64_t) && _Alignof(SHA512_CTX) <= _Alignof(uint64_t),
    "libcrypto's contexts ask for more alignment than the caller's storage has");

static enum assay_status
status_of(int good)
{
	return good == 1 ? ASSAY_OK : ASSAY_E_INTERNAL;
}

enum assay_status
backend_hash_init(enum assay_hash hash, void *room)
{
	switch (hash) {
	case ASSAY_SHA256:
		return status_of(SHA256_Init(room));
	case ASSAY_SHA384:
		return status_of(SHA384_Init(room));
	case ASSAY_SHA512:
		return status_of(SHA512_Init(room));
	}
	return ASSAY_E_INTERNAL;
}

enum assay_status
backend_hash_update(enum assay_hash hash, void *room, struct assay_span bytes)
{
	if (bytes.len == 0)
		return ASSAY_OK;
	switch (hash) {
	case ASSAY_SHA256:
		return status_of(SHA256_Update(room, bytes.data, bytes.len));
	case ASSAY_SHA384:
		return status_of(SHA384_Update(room, bytes.data, bytes.len));
	case ASSAY_SHA512:
		return status_of(SHA512_Update(room, bytes.data, bytes.len));
	}
	return ASSAY_E_INTERNAL;
}

enum assay_status
backend_hash_final(enum assay_hash hash, void *room, unsigned char *ret_digest)
{
	switch (hash) {
	case ASSAY_SHA256:
		return status_of(SHA256_Final(ret_digest, room));
	case ASSAY_SHA384:
		return status_of(SHA384_Final(ret_digest, room));
	case ASSAY_SHA512:
		return status_of(SHA512_Final(ret_digest, room));
	}
	return ASSAY_E_INTERNAL;
}

void
backend_hash_done(enum assay_hash hash, void *room)
{
	(void)hash;
	OPENSSL_cleanse(room, ASSAY_HASHER_ROOM);
}
