/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that sign for assay: Ed25519 and ECDSA in a PKCS #11 token, in an ssh-agent, or in an encrypted PKCS #8 file.
 */
#pragma once

#include <assay/sshkey.h>
#include <assay/tuf.h>
#include <base/buf.h>
#include <stdbool.h>

struct signer;

/* What is to be signed; it decides which keys can. */
enum signer_use {
	SIGNER_NOTE,     /* notes, and the indexes of packs: Ed25519 */
	SIGNER_METADATA, /* trust metadata, and SSH signatures by a key file: Ed25519, ECDSA on P-256 or P-384 */
};

/* For people: "Ed25519 alone". */
const char *signer_use_keys(enum signer_use use);
bool signer_use_takes(enum signer_use use, enum assay_key_type type);

/* Asks the user for the passphrase of file; the caller's to show and to read. */
typedef enum assay_status (*signer_ask)(void *ctx, const char *file, struct buf *ret_passphrase,
    struct assay_error *err);

/* The longest PIN, in bytes. */
#define SIGNER_PIN_MAX 255

/* What a token says of itself, for who is asked for its PIN. Texts are UTF-8 as a rule, and a stranger's: escape them. */
struct signer_token {
	const char *label, *manufacturer, *model, *serial;
	bool each_time;  /* for this one signature: the key asks for it each time */
	bool low, last;  /* a wrong PIN was given since the last right one; one try is left */
};

/*
 * Gets the PIN into pin, which has room bytes, without leaving it elsewhere. Called in a process of its own; a PIN is asked for when
 * the token was found and has a try left, and what comes is tried once. pin NULL: the token asks at a pad of its own; only say so.
 */
typedef enum assay_status (*signer_ask_pin)(void *ctx, const struct signer_token *token, unsigned char *pin,
    size_t room, size_t *ret_len, struct assay_error *err);

/* Which key to sign with, and how to get at it. */
struct signer_request {
	enum signer_use use;
	const char *name;         /* as the user wrote it, the kind's prefix included */
	const char *agent_socket; /* the path in SSH_AUTH_SOCK; may be NULL */
	signer_ask ask;           /* may be NULL: nobody to ask */
	void *ask_ctx;
	/* For a token: */
	const char *module;       /* path of the PKCS #11 module, which the user named; may be NULL */
	signer_ask_pin ask_pin;   /* with ask_ctx; may be NULL: nobody to ask */
	bool last_try;            /* log in also when one try is left */
};

/*
 * "agent" (the only key there that fits the use), "agent:SHA256:...", "pkcs11:..." (RFC 7512) or the path of a PEM file. An
 * unencrypted file is refused. ASSAY_E_UNSUPPORTED for a key that can't sign for this use.
 *
 * A module runs in a process of its own, which lives until signer_free(): it is forked before this process gives up files and
 * sockets, and the PIN is in that one alone.
 */
ASSAY_MUST_USE enum assay_status signer_open(const struct signer_request *request,
    struct signer **ret_signer, struct assay_error *err);
void signer_free(struct signer **s);
/* The raw 32-byte public key; ASSAY_E_UNSUPPORTED for one that isn't Ed25519. */
ASSAY_MUST_USE enum assay_status signer_public(const struct signer *s, unsigned char ret_key[32],
    struct assay_error *err);
/* Where the private part is, as far as is known here: "token", "agent" or "software" (a file). */
const char *signer_place(const struct signer *s);
/* "SHA256:..." as ssh-keygen prints it. */
const char *signer_fingerprint(const struct signer *s);
/* The key in SSH wire form; valid as long as s. */
struct assay_span signer_blob(const struct signer *s);
/* A signature over message as TUF metadata has it: hex, with a NUL. */
ASSAY_MUST_USE enum assay_status signer_sign_metadata(struct signer *s, struct assay_span message,
    char ret_hex[ASSAY_TUF_SIGNATURE_SIZE], struct assay_error *err);
/* An SSH signature blob (RFC 4253 section 6.6) over message, verified before it is handed out. */
ASSAY_MUST_USE enum assay_status signer_sign_blob(struct signer *s, struct assay_span message,
    struct buf *ret_blob, struct assay_error *err);
/* Raw Ed25519 over message; ASSAY_E_UNSUPPORTED as signer_public(). */
ASSAY_MUST_USE enum assay_status signer_sign(struct signer *s, struct assay_span message,
    unsigned char ret_signature[64], struct assay_error *err);
