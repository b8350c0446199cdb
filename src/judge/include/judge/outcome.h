/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose signature is it, and was the key theirs then: six outcomes, and the one that says "can't tell".
 */
#pragma once

#include <evidence/history.h>
#include <policy/roster.h>

enum outcome {
	OUTCOME_PERSON,
	OUTCOME_PLATFORM,
	OUTCOME_UNKNOWN_KEY,
	OUTCOME_OUTSIDE_WINDOW,
	OUTCOME_BAD,
	OUTCOME_UNSIGNED,
	OUTCOME_UNVERIFIED, /* a kind of signature that this version doesn't verify, by name */
};
#define OUTCOME_COUNT 7

struct outcome_detail {
	enum outcome outcome;
	bool witnessed;                  /* somebody else saw it at or before witness_time */
	const char *code;                /* "key-expired", "key-compromised", "certificate-expired", ... */
	const struct roster_entry *who;  /* person or platform, when known */
	const struct roster_key *key;    /* roster's key, or its CA's for a certificate */
};

/* A time at which somebody the signer doesn't control had seen the object; NULL where nobody did. */
struct witness {
	int64_t seen; /* at the latest */
};

/* What the roster says of a signing key before any time is known: looked up once a key. */
struct outcome_owner {
	enum outcome refusal;             /* OUTCOME_PERSON or _PLATFORM: nothing speaks against it yet */
	const char *code;
	const struct roster_entry *who;
	const struct roster_key *key;
	const struct assay_sshcert *cert; /* whose validity counts too; NULL for a key that is itself enrolled */
};

/*
 * A plain key is its person's or platform's. A certificate over a key that is itself enrolled changes nothing: the roster's own
 * entry decides, so that no authority gives a retired or compromised key a new life. Else the certificate's CA must be
 * an authority of the roster, and its principals one person.
 */
void outcome_owner_of(const struct history_key *key, const struct roster *roster,
    struct outcome_owner *ret_owner);
/* One owner for each of h's keys. */
ASSAY_MUST_USE enum assay_status outcome_owners(const struct history *h, const struct roster *roster,
    struct arena *arena, const struct outcome_owner **ret_owners, struct assay_error *err);
/* Pure: signature arithmetic × owner × claimed time × witness. owner may be NULL where the signature has no key. */
void outcome_at(const struct history_signature *s, const struct outcome_owner *owner,
    int64_t claimed, const struct witness *witness, struct outcome_detail *ret_detail);
