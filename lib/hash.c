/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/hash.h>

#include "crypto.h"

/* Not 1, so that storage which holds anything else is seldom taken for a hasher. */
#define PHASE_OPEN 0x68617368U

static const size_t sizes[] = {
	[ASSAY_SHA256] = ASSAY_SHA256_SIZE,
	[ASSAY_SHA384] = ASSAY_SHA384_SIZE,
	[ASSAY_SHA512] = ASSAY_SHA512_SIZE,
};

size_t
assay_hash_size(enum assay_hash hash)
{
	return (size_t)hash < sizeof sizes / sizeof sizes[0] ? sizes[hash] : 0;
}

enum assay_status
assay_hasher_init(struct assay_hasher *h, enum assay_hash hash)
{
	*h = (struct assay_hasher) { .hash = hash };
	if (assay_hash_size(hash) == 0)
		return ASSAY_E_USAGE;
	enum assay_status status = backend_hash_init(hash, h->inner.bytes);
	if (status == ASSAY_OK)
		h->phase = PHASE_OPEN;
	return status;
}

enum assay_status
assay_hasher_update(struct assay_hasher *h, struct assay_span bytes)
{
	if (h->phase != PHASE_OPEN)
		return ASSAY_E_USAGE;
	return backend_hash_update(h->hash, h->inner.bytes, bytes);
}

enum assay_status
assay_hasher_final(struct assay_hasher *h, unsigned char *ret_digest)
{
	if (h->phase != PHASE_OPEN)
		return ASSAY_E_USAGE;
	h->phase = 0;
	enum assay_status status = backend_hash_final(h->hash, h->inner.bytes, ret_digest);
	backend_hash_done(h->hash, h->inner.bytes);
	return status;
}

void
assay_hasher_done(struct assay_hasher *h)
{
	if (h->phase == PHASE_OPEN)
		backend_hash_done(h->hash, h->inner.bytes);
	h->phase = 0;
}

enum assay_status
crypto_hash_parts(enum assay_hash hash, const struct assay_span *parts, size_t count,
    unsigned char *ret_digest)
{
	struct assay_hasher h;
	enum assay_status status = assay_hasher_init(&h, hash);

	for (size_t i = 0; status == ASSAY_OK && i < count; i++)
		status = assay_hasher_update(&h, parts[i]);
	if (status == ASSAY_OK)
		status = assay_hasher_final(&h, ret_digest);
	assay_hasher_done(&h);
	return status;
}

enum assay_status
assay_sha256(struct assay_span bytes, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	return crypto_hash_parts(ASSAY_SHA256, &bytes, 1, ret_digest);
}

enum assay_status
assay_sha384(struct assay_span bytes, unsigned char ret_digest[ASSAY_SHA384_SIZE])
{
	return crypto_hash_parts(ASSAY_SHA384, &bytes, 1, ret_digest);
}

enum assay_status
assay_sha512(struct assay_span bytes, unsigned char ret_digest[ASSAY_SHA512_SIZE])
{
	return crypto_hash_parts(ASSAY_SHA512, &bytes, 1, ret_digest);
}
