/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tokens said of their keys when somebody looked (assay-token-capture/1). All of it is on the token's word.
 */
#pragma once

#include <assay/hash.h>
#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>
#include <stdint.h>

#define CAPTURE_SCHEMA "assay-token-capture/1"
#define CAPTURE_SIZE_MAX (4u << 20)

enum capture_said { CAPTURE_NOT_SAID = 0, CAPTURE_FALSE, CAPTURE_TRUE };

/* In the order of their names. */
enum capture_attribute {
	CAPTURE_SENSITIVE,
	CAPTURE_ALWAYS_SENSITIVE,
	CAPTURE_EXTRACTABLE,
	CAPTURE_NEVER_EXTRACTABLE,
	CAPTURE_LOCAL,
	CAPTURE_PRIVATE,
	CAPTURE_SIGN,
	CAPTURE_DECRYPT,
	CAPTURE_WRAP,
	CAPTURE_UNWRAP,
	CAPTURE_DERIVE,
	CAPTURE_ALWAYS_AUTHENTICATE,
	CAPTURE_MODIFIABLE,
	CAPTURE_WRAP_WITH_TRUSTED,
	CAPTURE_ATTRIBUTES,
};

/* "always-sensitive"; never NULL. */
const char *capture_attribute_name(enum capture_attribute attribute);

struct capture_key {
	const char *label, *id, *uri; /* id in hex */
	const char *type;             /* "ed25519", "ecdsa-p256", "ecdsa-p384", "rsa", "other" */
	const char *spki_sha256;      /* hex: what the key is; NULL when the token gives no public half */
	const char *mechanism;        /* by which it was made; NULL: not said */
	uint32_t bits;
	bool has_private;             /* the private part was seen, not the public one alone */
	enum capture_said attributes[CAPTURE_ATTRIBUTES];
};

struct capture_token {
	const char *label, *manufacturer, *model, *serial, *hardware, *firmware;
	const char **flags;
	size_t flag_count;
	bool login; /* private keys were looked for as who has the PIN */
	struct capture_key *keys;
	size_t key_count;
};

struct capture {
	int64_t taken; /* midnight of the day, by the clock of who took it */
	const char *description, *manufacturer, *version, *cryptoki; /* of the module */
	struct capture_token *tokens;
	size_t token_count;
	unsigned char sha256[ASSAY_SHA256_SIZE]; /* of all bytes */
};

/* Canonical JSON and a line end, every member known and none missing: two captures of one meaning are the same bytes. */
ASSAY_MUST_USE enum assay_status capture_parse(struct assay_span bytes, const char *name, struct arena *arena,
    struct capture *ret_capture, struct assay_error *err);
