/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who signed. A threshold asks for so many people: two keys of one person count once, however often either is listed,
 * and keys that name nobody are one person's together.
 */
#include <string.h>

#include "tuf_inside.h"

bool
assay_tuf_next_key(const struct assay_tuf_role *role, size_t *cursor,
    struct assay_tuf_key *ret_key)
{
	struct assay_span item, keyid, object;

	while (cj_next_item(role->keyids, cursor, &item)) {
		if (cj_text(item, &keyid) && cj_member(role->keys, keyid, &object) &&
		    tuf_key_read(object, ret_key, NULL) == ASSAY_OK)
			return true;
	}
	return false;
}

/* The signature in the name of this key; false when there is none, or only a place for it. */
static bool
signature_by(const struct assay_tuf_meta *meta, const struct assay_tuf_key *key,
    struct assay_span *ret_hex)
{
	struct assay_span item, value, keyid;
	size_t cursor = 0;

	while (cj_next_item(meta->signatures, &cursor, &item)) {
		if (cj_named(item, "keyid", &value) && cj_text(value, &keyid) &&
		    assay_span_equal(keyid, assay_span_str(key->keyid)))
			return cj_named(item, "sig", &value) && cj_text(value, ret_hex) && ret_hex->len > 0;
	}
	return false;
}

enum assay_status
assay_tuf_signed_by(const struct assay_tuf_meta *meta, const struct assay_tuf_key *key)
{
	unsigned char bytes[ASSAY_TUF_SIGNATURE_SIZE / 2];
	struct assay_span hex;

	if (!signature_by(meta, key, &hex))
		return ASSAY_E_NOT_FOUND;
	size_t len = hex.len / 2;
	if (len > sizeof bytes || !tuf_unhex(hex, bytes, len))
		return ASSAY_E_VERIFY;
	return assay_tuf_key_verify(key, (struct assay_span) { bytes, len }, meta->payload);
}

/* "Anna" and "anna" are more likely one person with two keys than two people. */
static bool
same_person(struct assay_span a, struct assay_span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		unsigned char x = a.data[i], y = b.data[i];
		x = x >= 'A' && x <= 'Z' ? x | 0x20 : x;
		y = y >= 'A' && y <= 'Z' ? y | 0x20 : y;
		if (x != y)
			return false;
	}
	return true;
}

/* Counts a key whose signature is good. */
static void
count(struct tuf_owners *signers, const struct assay_tuf_key *key, struct assay_tuf_tally *tally)
{
	bool new_person = true;

	for (size_t i = 0; i < signers->count; i++) {
		if (memcmp(signers->rows[i].spki_sha256, key->spki_sha256, ASSAY_SHA256_SIZE) == 0)
			return;
		if (same_person(signers->rows[i].person, key->person))
			new_person = false;
	}
	memcpy(signers->rows[signers->count].spki_sha256, key->spki_sha256, ASSAY_SHA256_SIZE);
	signers->rows[signers->count++].person = key->person;
	tally->keys++;
	tally->people += new_person;
}

enum assay_status
assay_tuf_tally(const struct assay_tuf_meta *meta, const struct assay_tuf_role *role,
    struct assay_tuf_tally *ret_tally, struct assay_error *err)
{
	struct assay_tuf_tally tally = { .threshold = role->threshold };
	struct tuf_owners signers = { .count = 0 };
	struct assay_tuf_key key;
	size_t cursor = 0, seen = 0;
	enum assay_status result = ASSAY_E_VERIFY;

	while (seen++ < ASSAY_TUF_KEYS_MAX && assay_tuf_next_key(role, &cursor, &key)) {
		enum assay_status status = assay_tuf_signed_by(meta, &key);
		if (status == ASSAY_OK)
			count(&signers, &key, &tally);
		else if (status == ASSAY_E_VERIFY)
			tally.bad++;
		else if (status != ASSAY_E_NOT_FOUND)
			return assay_fail(err, status, "the crypto library failed");
	}
	if (ret_tally != NULL)
		*ret_tally = tally;
	if (tally.threshold > 0 && tally.people >= tally.threshold)
		result = ASSAY_OK;
	if (result != ASSAY_OK)
		assay_fail(err, result,
		    "metadata is not signed as role '%.*s' asks: by %u of %u people, with %u keys; %u signatures do not hold",
		    (int)role->name.len, (const char *)role->name.data, tally.people, tally.threshold, tally.keys, tally.bad);
	return result;
}
