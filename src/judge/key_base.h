/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys that something here relies on, each with its entry of the inventory: what the judges of key.* share.
 */
#pragma once

#include "standing.h"

#include <keys/inventory.h>

/* A key in a role; one of several roles stands there for each. */
struct key_use {
	char spki[2 * ASSAY_SHA256_SIZE + 1]; /* SHA-256 in hex */
	const char *algorithm; /* as the inventory names it */
	uint32_t bits;         /* 0: can't be told */
	const char *person;    /* as whose it is enrolled; "" where it names nobody */
	const char *role;      /* "root", "release", ...; "platform", "authority" of the roster */
	const char *purpose;   /* that its entry must name; NULL: any will do */
	const char *file;
	bool compromised;      /* by the roster, under whichever name it stands there */
	const struct inventory_key *listed; /* NULL: it isn't on the list */
};

struct key_base {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct authority *now; /* who may decide at HEAD; NULL: nobody said */
	struct inventory inventory;  /* empty where there is none or it can't be read */
	bool has_inventory;
	struct key_use *uses;
	size_t use_count;
	uint64_t more;               /* uses over the cap */
	struct assay_error *err;
};

/* v has an open question when there is no inventory, or it can't be read. */
ASSAY_MUST_USE enum assay_status key_base_read(const struct judge_context *c, struct control_verdict *v, struct key_base *ret_base,
    struct assay_error *err);
bool key_has(const struct yaml_strings *list, const char *text);
/* "'release-2026' (3f2a...)", or the digest alone of what isn't listed. */
const char *key_words(const struct key_base *b, const struct key_use *u);
/* A finding about an entry. */
ASSAY_MUST_USE enum assay_status key_find(const struct key_base *b, bool gap, const char *id, const struct inventory_key *k,
    const char *discriminator, const char *words);
