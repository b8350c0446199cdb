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

/* Pure: signature arithmetic × roster × claimed time × witness. */
void outcome_of(const struct history *h, const struct history_signature *s, int64_t claimed,
    const struct witness *witness, const struct roster *roster, struct outcome_detail *ret_detail);
const char *outcome_name(enum outcome o); /* "outside the key's window" */
