/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that somebody relies on, by the digests of their public parts: of the inventory, of the trust metadata of today and
 * before, of releases that were given, of the roster.
 */
#pragma once

#include <assay/hash.h>
#include <evidence/leaks.h>
#include <judge/judge.h>

struct key_owner {
	char digest[2 * ASSAY_SHA256_SIZE + 1]; /* hex; "" of an OpenPGP key */
	const char *fingerprint;                /* of an OpenPGP key, as it is written; else NULL */
	const char *whose;                      /* for people */
};

struct key_owners {
	struct key_owner *items;
	size_t count;
	bool unread; /* an inventory or trust metadata that can't be read: whose a key is can't be told by it */
};

ASSAY_MUST_USE enum assay_status key_owners_read(const struct judge_context *c, struct key_owners *ret_owners, struct assay_error *err);
/* Whose the key of this finding is, or NULL. */
const char *key_whose(const struct key_owners *o, const struct leaks_hit *hit);
