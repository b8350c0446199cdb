/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that sign for assay: Ed25519 in an ssh-agent, or in an encrypted PKCS #8 file.
 */
#pragma once

#include <assay/tuf.h>
#include <base/buf.h>

struct signer;

/* Asks the user for the passphrase of file; the caller's to show and to read. */
typedef enum assay_status (*signer_ask)(void *ctx, const char *file, struct buf *ret_passphrase,
    struct assay_error *err);

/* Which key to sign with, and how to get at it. */
struct signer_request {
	const char *name;         /* as the user wrote it, the kind's prefix included */
	const char *agent_socket; /* the path in SSH_AUTH_SOCK; may be NULL */
	signer_ask ask;           /* may be NULL: nobody to ask */
	void *ask_ctx;
};

/*
 * "agent" (the only Ed25519 key there), "agent:SHA256:..." or the path of a PEM file. An unencrypted file is
 * refused. agent_socket: the path in SSH_AUTH_SOCK, or NULL.
 */
ASSAY_MUST_USE enum assay_status signer_open(const char *name, const char *agent_socket,
    signer_ask ask, void *ask_ctx, struct signer **ret_signer, struct assay_error *err);
void signer_free(struct signer **s);
/* The raw 32-byte public key. */
void signer_public(const struct signer *s, unsigned char ret_key[32]);
/* "SHA256:..." as ssh-keygen prints it. */
const char *signer_fingerprint(const struct signer *s);
/* The key in SSH wire form; valid as long as s. */
struct assay_span signer_blob(const struct signer *s);
/* A signature over message as TUF metadata has it: hex, with a NUL. */
ASSAY_MUST_USE enum assay_status signer_sign_metadata(struct signer *s, struct assay_span message,
    char ret_hex[ASSAY_TUF_SIGNATURE_SIZE], struct assay_error *err);
/* Raw Ed25519 over message, verified before it is handed out. */
ASSAY_MUST_USE enum assay_status signer_sign(struct signer *s, struct assay_span message,
    unsigned char ret_signature[64], struct assay_error *err);
