/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/roster.yaml: people, platforms and certificate authorities, and when each key was theirs.
 */
#pragma once

#include <assay/sshkey.h>
#include <base/arena.h>
#include <codec/yaml.h>
#include <stdbool.h>
#include <stdint.h>

#define ROSTER_VERSION 1
#define ROSTER_PATH "assay/roster.yaml"

enum roster_owner { ROSTER_PERSON, ROSTER_PLATFORM, ROSTER_AUTHORITY };

struct roster_key {
	const struct roster_entry *owner;
	struct assay_pubkey key;      /* kind ssh */
	char fingerprint[ASSAY_FINGERPRINT_SIZE];
	int64_t from;                 /* inclusive; WHEN_MIN when not given */
	int64_t until;                /* exclusive; WHEN_MAX when not given */
	int64_t retired;              /* WHEN_MAX when not */
	int64_t compromised_since;    /* WHEN_MAX when not; nothing claimed then or before stands without a witness */
	bool pending;                 /* "status: pending" */
	unsigned line;                /* in roster.yaml */
};

/* A key of a kind that this version names but does not verify. */
struct roster_foreign_key {
	const char *kind; /* "openpgp" or "x509" */
	const char *id;   /* fingerprint as written */
	unsigned line;
};

struct roster_entry {
	enum roster_owner kind;
	const char *id;
	const char *name;
	struct yaml_strings emails;     /* people: who commits under this name; platforms: likewise */
	struct yaml_strings principals; /* people: names a certificate may carry, beside the emails */
	struct yaml_strings roles;
	struct roster_key *keys;
	size_t key_count;
	struct roster_foreign_key *foreign;
	size_t foreign_count;
	unsigned line;
};

struct roster {
	struct roster_entry *entries; /* people, then platforms, then authorities */
	size_t count;
	bool present;
};

/*
 * Errors beyond the format's: one key or fingerprint twice, wherever; two entries of one id; one name (id, email or principal, ASCII case
 * folded) of two people, or one email of a person and a platform; until not after from; a weak key.
 */
ASSAY_MUST_USE enum assay_status roster_parse(struct assay_span yaml, const char *name,
    struct arena *arena, struct roster *ret_roster, struct assay_error *err);
/* The key with this plain SSH blob among owners of kind, or NULL. */
const struct roster_key *roster_find(const struct roster *r, enum roster_owner kind,
    struct assay_span blob);
/* The person who commits as email (ASCII case folded), or NULL. */
const struct roster_entry *roster_by_email(const struct roster *r, struct assay_span email);
/* The person with this id, email or principal, or NULL: for certificates. */
const struct roster_entry *roster_by_principal(const struct roster *r, struct assay_span name);
/* NULL has none. */
bool roster_has_role(const struct roster_entry *e, const char *role);
