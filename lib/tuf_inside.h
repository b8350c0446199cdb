/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files about TUF share.
 */
#pragma once

#include <assay/tuf.h>

#include "canonical.h"
#include "crypto.h"

#define TRY(expression) \
	do { \
		enum assay_status try_status = (expression); \
		if (try_status != ASSAY_OK) \
			return try_status; \
	} while (0)

/* ---- tuf_spki.c ---- */

/* Reads PEM ("PUBLIC KEY") into DER. False when it isn't that, or too long. */
bool tuf_pem_read(struct assay_span pem, unsigned char ret_spki[ASSAY_TUF_SPKI_MAX],
    size_t *ret_len);
/* Writes it, NUL-terminated; every line ends with end. False when it doesn't fit. */
bool tuf_pem_write(struct assay_span spki, const char *end, char *out, size_t room);
/* Reads DER, in its one spelling: Ed25519, P-256, P-384, RSA. blob stays empty. */
bool tuf_spki_read(struct assay_span spki, struct assay_pubkey *ret_key);
/* Writes it; not RSA. Returns its length, 0 for a key of another kind. */
size_t tuf_spki_write(const struct assay_pubkey *key, unsigned char ret_spki[ASSAY_TUF_SPKI_MAX]);
/* Reads a signature in DER: two positive integers, in shortest form. */
bool tuf_der_signature(struct assay_span der, struct assay_span *ret_r, struct assay_span *ret_s);

/* ---- tuf_text.c ---- */

/* Lower-case hex. False when text isn't the hex of exactly len bytes. */
bool tuf_unhex(struct assay_span text, unsigned char *out, size_t len);
void tuf_hex(const unsigned char *bytes, size_t len, char *ret_text);
/* The name of a role, from which the name of a file is made. */
bool tuf_name_ok(struct assay_span name);
/* The path of a target, relative, without '.' and '..'. */
bool tuf_path_ok(struct assay_span path);
/* Whose key it is: an id of the roster. What they are: text for people. */
bool tuf_person_ok(struct assay_span person);
bool tuf_title_ok(struct assay_span title);
/* "2030-01-01T00:00:00Z". */
bool tuf_time(struct assay_span text, int64_t *ret_seconds);
/* Order by bytes. */
int tuf_compare(struct assay_span a, struct assay_span b);

/* ---- tuf_key.c ---- */

/* Reads one key of canonical JSON and computes its keyid. ASSAY_E_UNSUPPORTED for one of a kind that isn't known. */
ASSAY_MUST_USE enum assay_status tuf_key_read(struct assay_span object,
    struct assay_tuf_key *ret_key, struct assay_error *err);

/* Keys seen, and whose they are. */
struct tuf_owners {
	size_t count;
	struct {
		unsigned char spki_sha256[ASSAY_SHA256_SIZE];
		struct assay_span person;
	} rows[ASSAY_TUF_KEYS_MAX];
};

/* Checks the keys of one file: form, keyids, none twice. Fills ret_owners. */
ASSAY_MUST_USE enum assay_status tuf_owners_read(struct assay_span keys,
    struct tuf_owners *ret_owners, struct assay_error *err);
/* ---- tuf_parse.c ---- */

/* The keys of a root, or of the delegations of targets metadata; empty when there are none. */
struct assay_span tuf_keys_of(const struct assay_tuf_meta *meta);
/* Fills the fields that roles of a root and delegations share. */
ASSAY_MUST_USE enum assay_status tuf_role_read(struct assay_span name, struct assay_span object,
    struct assay_span keys, struct assay_tuf_role *ret_role, struct assay_error *err);

/* ---- tuf_list.c ---- */

ASSAY_MUST_USE enum assay_status tuf_target_read(struct assay_span path, struct assay_span object,
    struct assay_tuf_target *ret_target, struct assay_error *err);
ASSAY_MUST_USE enum assay_status tuf_file_read(struct assay_span name, struct assay_span object,
    struct assay_tuf_file *ret_file, struct assay_error *err);
/* ASSAY_OK when a file of metadata has the promised length and digests, as far as there are any. */
ASSAY_MUST_USE enum assay_status tuf_file_check(const struct assay_tuf_file *file,
    struct assay_span bytes, struct assay_error *err);
/* The target of this path; false when there is none. */
bool tuf_target_of(const struct assay_tuf_meta *targets, struct assay_span path,
    struct assay_tuf_target *ret_target);
/* What timestamp or snapshot says of "ROLE.json"; false when nothing. */
bool tuf_file_of(const struct assay_tuf_meta *meta, struct assay_span role,
    struct assay_tuf_file *ret_file);

/* ---- tuf_paths.c ---- */

/* NULL when a pattern is one that assay_tuf_covers() understands; else what is wrong. */
const char *tuf_pattern_fault(struct assay_span pattern);
bool tuf_prefix_ok(struct assay_span prefix);

/* ---- tuf_workflow.c ---- */

/* The file of one role's metadata, as promised by the snapshot and signed by role. */
ASSAY_MUST_USE enum assay_status tuf_take_targets(struct assay_tuf_state *state,
    const struct assay_tuf_role *role, struct assay_span file, struct assay_tuf_meta *ret_meta,
    struct assay_error *err);
