/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SSH public keys and certificates (RFC 4253 section 6.6, RFC 5656, RFC 8709,
 * OpenSSH PROTOCOL.u2f and PROTOCOL.certkeys), and signatures made with them.
 * Everything points into the caller's bytes; nothing is allocated.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <stdint.h>

enum assay_key_type {
	ASSAY_KEY_ED25519,
	ASSAY_KEY_ECDSA_P256,
	ASSAY_KEY_ECDSA_P384,
	ASSAY_KEY_ECDSA_P521,
	ASSAY_KEY_RSA,
	ASSAY_KEY_SK_ED25519,
	ASSAY_KEY_SK_ECDSA_P256,
};

/* Largest key or certificate blob that is read, in bytes. */
#define ASSAY_SSH_BLOB_MAX 65536
/* "SHA256:" + 43 characters + NUL. */
#define ASSAY_FINGERPRINT_SIZE 51

struct assay_pubkey {
	enum assay_key_type type;
	struct assay_span blob;        /* the whole plain key in SSH wire form */
	struct assay_span ed25519;     /* 32 bytes; Ed25519 and sk-ed25519 */
	struct assay_span point;       /* uncompressed point, 0x04 first; ECDSA and sk-ecdsa */
	struct assay_span rsa_e;       /* big-endian, no leading zero; RSA */
	struct assay_span rsa_n;       /* big-endian, no leading zero; RSA */
	struct assay_span application; /* security keys only */
};

struct assay_sshcert {
	struct assay_pubkey key; /* the certified key; .blob is empty: see assay_sshcert_plain_blob */
	uint64_t serial;
	uint32_t type; /* 1 user, 2 host */
	struct assay_span key_id;
	struct assay_span principals; /* packed SSH strings: assay_sshcert_next_principal */
	uint64_t valid_after;         /* seconds since the epoch, inclusive */
	uint64_t valid_before;        /* exclusive; UINT64_MAX is "forever" */
	struct assay_span critical_options;
	struct assay_span extensions;
	struct assay_pubkey ca;
	struct assay_span signed_part;
	struct assay_span signature; /* SSH signature blob by ca over signed_part */
};

/* What a security key said when it signed. All false and 0 for other keys. */
struct assay_sk_info {
	bool present;       /* the signature is by a security key */
	bool user_presence; /* touched */
	bool user_verified; /* PIN or fingerprint */
	uint32_t counter;
};

/* The SSH name of a key type ("ssh-ed25519"), never NULL. */
ASSAY_API const char *assay_key_type_name(enum assay_key_type type);

/*
 * Reads a plain key from SSH wire form. Errors: ASSAY_E_FORMAT for anything malformed or
 * trailing, ASSAY_E_UNSUPPORTED for another type (DSA, X.509, a certificate).
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_pubkey_parse(struct assay_span blob,
    struct assay_pubkey *ret_key, struct assay_error *err);

/*
 * Reads "TYPE BASE64 [COMMENT]", one line of a .pub file. The decoded blob goes to room
 * (at least ASSAY_BASE64_DECODED_MAX of the text). TYPE must be the blob's own.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_pubkey_from_text(struct assay_span line,
    unsigned char *room, size_t room_size, struct assay_pubkey *ret_key, struct assay_error *err);

/*
 * NULL when the key may be trusted; else why not, for people: Ed25519 of small order or not
 * canonical, EC point not on its curve, RSA below 2048 or above 8192 bits or with an even or
 * small exponent. Enrolment refuses such keys; verification fails with them too.
 */
ASSAY_API const char *assay_pubkey_weakness(const struct assay_pubkey *key);

/* "SHA256:..." of a blob as ssh-keygen -l prints it. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_fingerprint(struct assay_span blob,
    char ret_text[ASSAY_FINGERPRINT_SIZE]);

/*
 * Verifies an SSH signature blob (RFC 4253 section 6.6) over message. The algorithm is the key's:
 * a blob naming another one is ASSAY_E_VERIFY; ssh-rsa (SHA-1) is refused. Ed25519: S < L,
 * canonical A and R, neither of small order, cofactorless equation. sk may be NULL.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_pubkey_verify(const struct assay_pubkey *key,
    struct assay_span signature_blob, struct assay_span message, struct assay_sk_info *sk,
    struct assay_error *err);

/* Reads a certificate (*-cert-v01@openssh.com). Errors as assay_pubkey_parse. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_sshcert_parse(struct assay_span blob,
    struct assay_sshcert *ret_cert, struct assay_error *err);

/* Verifies the signature by cert->ca over the certificate. Says nothing about who that is. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_sshcert_verify(const struct assay_sshcert *cert,
    struct assay_error *err);

/* Steps through the principals: *cursor starts at 0; false at the end. */
ASSAY_API bool assay_sshcert_next_principal(const struct assay_sshcert *cert, size_t *cursor,
    struct assay_span *ret_name);

/* Writes the certified key as a plain blob, to compare or to fingerprint. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_sshcert_plain_blob(const struct assay_sshcert *cert,
    unsigned char *room, size_t room_size, size_t *ret_len);
