/* SPDX-License-Identifier: Apache-2.0 */
/* The table of one copy of libassay: the build renames it by the copy's backend. */
#include "backends.h"

extern const struct backend backend_calls;

const struct backend backend_calls = {
	.sha256 = assay_sha256,
	.sha384 = assay_sha384,
	.sha512 = assay_sha512,
	.hasher_init = assay_hasher_init,
	.hasher_update = assay_hasher_update,
	.hasher_final = assay_hasher_final,
	.hasher_done = assay_hasher_done,
	.fsverity_init = assay_fsverity_init,
	.fsverity_update = assay_fsverity_update,
	.fsverity_update_blocks = assay_fsverity_update_blocks,
	.fsverity_final = assay_fsverity_final,
	.fsverity_done = assay_fsverity_done,
	.fsverity_digest = assay_fsverity_digest,
	.fsverity_level = assay_fsverity_level,
	.fsverity_file_digest = assay_fsverity_file_digest,
	.pubkey_parse = assay_pubkey_parse,
	.pubkey_weakness = assay_pubkey_weakness,
	.pubkey_verify = assay_pubkey_verify,
	.tuf_key_parse = assay_tuf_key_parse,
	.tuf_key_verify = assay_tuf_key_verify,
	.ed25519_verify = crypto_ed25519_verify,
	.ec_point_check = crypto_ec_point_check,
	.ecdsa_verify = crypto_ecdsa_verify,
	.rsa_verify = crypto_rsa_verify,
	.bare_hash_init = backend_hash_init,
	.bare_hash_update = backend_hash_update,
	.bare_hash_final = backend_hash_final,
	.bare_hash_done = backend_hash_done,
	.bare_ed25519 = backend_ed25519,
	.bare_point = backend_point,
	.bare_ecdsa = backend_ecdsa,
	.bare_rsa = backend_rsa,
};
