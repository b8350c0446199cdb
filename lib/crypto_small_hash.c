/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 and SHA-512 by libsodium; it has no SHA-384, which is mbedTLS's.
 */
#include "crypto.h"

#include <mbedtls/platform_util.h>
#include <mbedtls/sha512.h>
#include <sodium.h>

_Static_assert(sizeof(crypto_hash_sha256_state) <= ASSAY_HASHER_ROOM &&
        sizeof(crypto_hash_sha512_state) <= ASSAY_HASHER_ROOM && sizeof(mbedtls_sha512_context) <= ASSAY_HASHER_ROOM,
    "contexts outgrew the caller's storage");
_Static_assert(_Alignof(crypto_hash_sha256_state) <= _Alignof(uint64_t) &&
        _Alignof(crypto_hash_sha512_state) <= _Alignof(uint64_t) && _Alignof(mbedtls_sha512_context) <= _Alignof(uint64_t),
    "contexts ask for more alignment than the caller's storage has");

/* Both libraries return 0 for good. */
static enum assay_status
status_of(int failure)
{
	return failure == 0 ? ASSAY_OK : ASSAY_E_INTERNAL;
}

enum assay_status
backend_hash_init(enum assay_hash hash, void *room)
{
	switch (hash) {
	case ASSAY_SHA256:
		return status_of(crypto_hash_sha256_init(room));
	case ASSAY_SHA384:
		mbedtls_sha512_init(room);
		return status_of(mbedtls_sha512_starts_ret(room, 1));
	case ASSAY_SHA512:
		return status_of(crypto_hash_sha512_init(room));
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
		return status_of(crypto_hash_sha256_update(room, bytes.data, bytes.len));
	case ASSAY_SHA384:
		return status_of(mbedtls_sha512_update_ret(room, bytes.data, bytes.len));
	case ASSAY_SHA512:
		return status_of(crypto_hash_sha512_update(room, bytes.data, bytes.len));
	}
	return ASSAY_E_INTERNAL;
}

/* mbedTLS writes 64 bytes for SHA-384, too: what a caller has room for is the digest alone. */
static enum assay_status
final_sha384(void *room, unsigned char *ret_digest)
{
	unsigned char digest[ASSAY_SHA512_SIZE];
	enum assay_status status = status_of(mbedtls_sha512_finish_ret(room, digest));

	for (size_t i = 0; status == ASSAY_OK && i < ASSAY_SHA384_SIZE; i++)
		ret_digest[i] = digest[i];
	return status;
}

enum assay_status
backend_hash_final(enum assay_hash hash, void *room, unsigned char *ret_digest)
{
	switch (hash) {
	case ASSAY_SHA256:
		return status_of(crypto_hash_sha256_final(room, ret_digest));
	case ASSAY_SHA384:
		return final_sha384(room, ret_digest);
	case ASSAY_SHA512:
		return status_of(crypto_hash_sha512_final(room, ret_digest));
	}
	return ASSAY_E_INTERNAL;
}

void
backend_hash_done(enum assay_hash hash, void *room)
{
	(void)hash;
	sodium_memzero(room, ASSAY_HASHER_ROOM);
}

/*
 * mbedTLS lets its wiping be replaced. Its own stands in one object with a reader of calendars, which would bring the C library's time zones
 * and its reading of numbers into a static program.
 */
void
mbedtls_platform_zeroize(void *bytes, size_t len)
{
	sodium_memzero(bytes, len);
}
