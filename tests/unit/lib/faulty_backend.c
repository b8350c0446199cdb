/* SPDX-License-Identifier: Apache-2.0 */
/* A backend whose call number so-and-so fails; libcrypto answers the others. */
#include "faulty_backend.h"

long faulty_left = -1;
bool faulty_failed;

static bool
fails_now(void)
{
	if (faulty_left < 0 || faulty_left-- > 0)
		return false;
	faulty_failed = true;
	return true;
}

enum assay_status
backend_hash_init(enum assay_hash hash, void *room)
{
	return fails_now() ? ASSAY_E_INTERNAL : backend_libcrypto.bare_hash_init(hash, room);
}

enum assay_status
backend_hash_update(enum assay_hash hash, void *room, struct assay_span bytes)
{
	return fails_now() ? ASSAY_E_INTERNAL : backend_libcrypto.bare_hash_update(hash, room, bytes);
}

enum assay_status
backend_hash_final(enum assay_hash hash, void *room, unsigned char *ret_digest)
{
	return fails_now() ? ASSAY_E_INTERNAL : backend_libcrypto.bare_hash_final(hash, room, ret_digest);
}

void
backend_hash_done(enum assay_hash hash, void *room)
{
	backend_libcrypto.bare_hash_done(hash, room);
}

enum assay_status
backend_ed25519(const unsigned char key[32], const unsigned char signature[64], struct assay_span message)
{
	return fails_now() ? ASSAY_E_MEMORY : backend_libcrypto.bare_ed25519(key, signature, message);
}

enum assay_status
backend_point(enum crypto_curve curve, struct assay_span point)
{
	return fails_now() ? ASSAY_E_MEMORY : backend_libcrypto.bare_point(curve, point);
}

enum assay_status
backend_ecdsa(enum crypto_curve curve, struct assay_span point, struct assay_span r, struct assay_span s,
    struct assay_span digest)
{
	return fails_now() ? ASSAY_E_MEMORY : backend_libcrypto.bare_ecdsa(curve, point, r, s, digest);
}

enum assay_status
backend_rsa(enum crypto_padding padding, enum assay_hash hash, struct assay_span n, struct assay_span e,
    struct assay_span signature, struct assay_span digest)
{
	return fails_now() ? ASSAY_E_MEMORY : backend_libcrypto.bare_rsa(padding, hash, n, e, signature, digest);
}
