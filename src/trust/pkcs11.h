/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One module, one token, one session. A module is other people's code with all rights of the process that loads it: it is
 * loaded in a process of its own (helper.h), after all that needs no module was done.
 */
#pragma once

#include <base/buf.h>
#include <codec/pkcs11uri.h>
#include <p11-kit/pkcs11.h>
#include <stdbool.h>
#include <trust/signer.h>

#define P11_SLOTS_MAX 64
#define P11_KEYS_MAX 256
#define P11_ATTRIBUTE_MAX 4096

/* ---- words ---- */

/* "CKR_PIN_INCORRECT", or a number for what isn't known. */
void p11_result_name(CK_RV result, struct buf *out);
/* The names of the token flags that are set, among those of mask. */
void p11_flag_names(CK_FLAGS flags, CK_FLAGS mask, struct buf *out);
/* The table of token flags by position; NULL at its end. */
const char *p11_flag_name(size_t i, CK_FLAGS *ret_flag);
/* ASSAY_E_SYSTEM: doing, what the result means, and what to do. */
enum assay_status p11_fail(CK_RV result, struct assay_error *err, const char *doing);
#define p11_fail(result, err, doing)                                                               \
	__extension__({                                                                            \
		(void)p11_fail((result), (err), (doing));                                          \
		(enum assay_status)ASSAY_E_SYSTEM;                                                 \
	})

/* ---- module, token, session ---- */

struct p11 {
	void *library;
	CK_FUNCTION_LIST *f;
	CK_INFO info;
	bool started; /* C_Initialize went well */
	CK_SLOT_ID slot;
	CK_SLOT_INFO slot_info;
	CK_TOKEN_INFO token;
	CK_SESSION_HANDLE session;
	bool open;
};

/* A field of a token, which is filled with blanks. */
struct assay_span p11_text(const unsigned char *field, size_t size);
#define P11_TEXT(field) p11_text((field), sizeof(field))

/* Refuses a module that others may change, before it is loaded. */
ASSAY_MUST_USE enum assay_status p11_load(const char *path, struct p11 *ret_p, struct assay_error *err);
void p11_done(struct p11 *p);
/* The slots in which a token is that fits uri; at most P11_SLOTS_MAX. */
ASSAY_MUST_USE enum assay_status p11_slots(struct p11 *p, const struct pkcs11_uri *uri,
    CK_SLOT_ID ret_slots[P11_SLOTS_MAX], size_t *ret_count, struct assay_error *err);
/* The one token that fits: its slot and what it says of itself. */
ASSAY_MUST_USE enum assay_status p11_token(struct p11 *p, const struct pkcs11_uri *uri, struct assay_error *err);
/* A read-only session with the token in slot. */
ASSAY_MUST_USE enum assay_status p11_session(struct p11 *p, CK_SLOT_ID slot, struct assay_error *err);
/* Into room of size; ret_len 0 when the object doesn't have it. */
ASSAY_MUST_USE enum assay_status p11_attribute(struct p11 *p, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
    unsigned char *room, size_t size, size_t *ret_len, struct assay_error *err);
/* Objects that match the template; at most P11_KEYS_MAX. */
ASSAY_MUST_USE enum assay_status p11_objects(struct p11 *p, CK_ATTRIBUTE *match, size_t match_count,
    CK_OBJECT_HANDLE ret_objects[P11_KEYS_MAX], size_t *ret_count, struct assay_error *err);

/* Logs out and closes; another session may follow. */
void p11_close(struct p11 *p);
/* ASSAY_E_USAGE, with what to do, when nobody named a module. */
ASSAY_MUST_USE enum assay_status p11_module_named(const char *module, struct assay_error *err);

/* ---- login ---- */

/* Where a PIN comes from: what signer_request says. */
struct p11_pin_source {
	signer_ask_pin ask;
	void *ctx;
	bool last_try;
};

/*
 * One C_Login, whatever comes of it: as user, or (context) before one use of a key that asks for it. Nothing is asked and nothing
 * tried of a token whose PIN is locked, or has one try left and last_try isn't set.
 */
ASSAY_MUST_USE enum assay_status p11_login(struct p11 *p, const struct p11_pin_source *source, bool context,
    struct assay_error *err);

/* ---- keys ---- */

enum p11_key_kind { P11_ED25519, P11_P256, P11_P384, P11_RSA, P11_OTHER };

struct p11_key {
	CK_OBJECT_HANDLE object; /* the private key */
	enum p11_key_kind kind;
	bool always_authenticate;
	unsigned char id[256];
	size_t id_len;
	unsigned char point[97]; /* raw: 32 bytes of Ed25519, or an uncompressed point */
	size_t point_len;
	CK_OBJECT_HANDLE public_object; /* CK_INVALID_HANDLE: the token has none */
};

/* What CKA_EC_PARAMS says, in either of its forms. */
enum p11_key_kind p11_curve(struct assay_span params);
/* CKA_EC_POINT of a curve, with or without its OCTET STRING; false for what isn't one. */
bool p11_point(enum p11_key_kind kind, struct assay_span value, unsigned char ret_point[97], size_t *ret_len);
/* The objects of a class that fit. */
ASSAY_MUST_USE enum assay_status p11_key_objects(struct p11 *p, const struct pkcs11_uri *uri, CK_OBJECT_CLASS class,
    CK_OBJECT_HANDLE ret_objects[P11_KEYS_MAX], size_t *ret_count, struct assay_error *err);
/* A key, private or public, whatever of it can be read: without a public half, point_len is 0. */
ASSAY_MUST_USE enum assay_status p11_describe_key(struct p11 *p, CK_OBJECT_HANDLE object, struct p11_key *ret_key,
    struct assay_error *err);
/* The one private key that fits, and its public key. */
ASSAY_MUST_USE enum assay_status p11_find_key(struct p11 *p, const struct pkcs11_uri *uri, struct p11_key *ret_key,
    struct assay_error *err);
