/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SSHSIG, OpenSSH's format for signatures over files (PROTOCOL.sshsig).
 */
#pragma once

#include <assay/sshkey.h>

/* Largest armored signature that is read, in bytes. */
#define ASSAY_SSHSIG_MAX 131072
/* Longest namespace that is verified, in bytes. */
#define ASSAY_SSHSIG_NAMESPACE_MAX 256

struct assay_sshsig {
	bool by_certificate;
	struct assay_pubkey key;   /* plain key; for a certificate the certified key */
	struct assay_sshcert cert; /* set when by_certificate */
	struct assay_span key_field; /* key or certificate as it stands in the signature */
	struct assay_span name_space;
	struct assay_span hash_algorithm;  /* "sha256" or "sha512" */
	struct assay_span signature_blob;
};

/*
 * Strips the armor into room. Exactly one BEGIN and END line, lines of base64 between, at most
 * one line end after. Errors: ASSAY_E_FORMAT, ASSAY_E_LIMIT.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_sshsig_dearmor(struct assay_span text,
    unsigned char *room, size_t room_size, size_t *ret_len, struct assay_error *err);

/*
 * Reads the binary form. Errors: ASSAY_E_FORMAT (malformed, trailing bytes, non-empty reserved
 * field), ASSAY_E_VERSION, ASSAY_E_UNSUPPORTED (key type or hash).
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_sshsig_parse(struct assay_span binary,
    struct assay_sshsig *ret_sig, struct assay_error *err);

/*
 * Verifies the signature over message in name_space with the key it carries; for a certificate the
 * CA's signature too. Whether that key or CA is anybody's, and validity in time, is the caller's to decide.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_sshsig_verify(const struct assay_sshsig *sig,
    struct assay_span message, const char *name_space, struct assay_sk_info *sk,
    struct assay_error *err);
