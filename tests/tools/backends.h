/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libassay twice in one program, over each of its backends, for tests that hold them against each other. Each copy is the
 * archive that programs are linked with and a table of what to call in it (backend_calls.c), as one object whose only global symbol is
 * that table (backend-object.sh). A program that is shipped has one backend.
 */
#pragma once

#include <assay/fsverity.h>
#include <assay/sshkey.h>
#include <assay/tuf.h>

#include "crypto.h"

struct backend {
	enum assay_status (*sha256)(struct assay_span, unsigned char *);
	enum assay_status (*sha384)(struct assay_span, unsigned char *);
	enum assay_status (*sha512)(struct assay_span, unsigned char *);
	enum assay_status (*hasher_init)(struct assay_hasher *, enum assay_hash);
	enum assay_status (*hasher_update)(struct assay_hasher *, struct assay_span);
	enum assay_status (*hasher_final)(struct assay_hasher *, unsigned char *);
	void (*hasher_done)(struct assay_hasher *);
	enum assay_status (*fsverity_init)(struct assay_fsverity *);
	enum assay_status (*fsverity_update)(struct assay_fsverity *, struct assay_span);
	enum assay_status (*fsverity_update_blocks)(struct assay_fsverity *, struct assay_span, uint64_t);
	enum assay_status (*fsverity_final)(struct assay_fsverity *, unsigned char *);
	void (*fsverity_done)(struct assay_fsverity *);
	enum assay_status (*fsverity_digest)(struct assay_span, unsigned char *);
	enum assay_status (*fsverity_level)(const unsigned char *, size_t, unsigned char *);
	enum assay_status (*fsverity_file_digest)(const unsigned char *, uint64_t, unsigned char *);
	enum assay_status (*pubkey_parse)(struct assay_span, struct assay_pubkey *, struct assay_error *);
	const char *(*pubkey_weakness)(const struct assay_pubkey *);
	enum assay_status (*pubkey_verify)(const struct assay_pubkey *, struct assay_span, struct assay_span,
	    struct assay_sk_info *, struct assay_error *);
	enum assay_status (*tuf_key_parse)(struct assay_span, struct assay_tuf_room *, struct assay_tuf_key *,
	    struct assay_error *);
	enum assay_status (*tuf_key_verify)(const struct assay_tuf_key *, struct assay_span, struct assay_span);
	/* What is inside. */
	enum assay_status (*ed25519_verify)(const unsigned char *, const unsigned char *, struct assay_span);
	enum assay_status (*ec_point_check)(enum crypto_curve, struct assay_span);
	enum assay_status (*ecdsa_verify)(enum crypto_curve, struct assay_span, struct assay_span, struct assay_span,
	    struct assay_span);
	enum assay_status (*rsa_verify)(enum crypto_padding, enum assay_hash, struct assay_span, struct assay_span,
	    struct assay_span, struct assay_span);
	/* The library alone, without the rules in front of it. */
	enum assay_status (*bare_hash_init)(enum assay_hash, void *);
	enum assay_status (*bare_hash_update)(enum assay_hash, void *, struct assay_span);
	enum assay_status (*bare_hash_final)(enum assay_hash, void *, unsigned char *);
	void (*bare_hash_done)(enum assay_hash, void *);
	enum assay_status (*bare_ed25519)(const unsigned char *, const unsigned char *, struct assay_span);
	enum assay_status (*bare_point)(enum crypto_curve, struct assay_span);
	enum assay_status (*bare_ecdsa)(enum crypto_curve, struct assay_span, struct assay_span, struct assay_span,
	    struct assay_span);
	enum assay_status (*bare_rsa)(enum crypto_padding, enum assay_hash, struct assay_span, struct assay_span,
	    struct assay_span, struct assay_span);
};

extern const struct backend backend_libcrypto, backend_small;
