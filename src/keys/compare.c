/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <keys/inventory.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
/* Most findings of one key on a token, which is at most one entry's, and most of an entry besides. */
#define KEY_FINDINGS_MAX 5
#define ENTRY_FINDINGS_MAX 2

static const struct {
	const char *name, *words, *next;
	bool gap;
} differences[INVENTORY_DIFFERENCES] = {
	[INVENTORY_UNLISTED] = { "unlisted", "is on a token and in no entry", "list it, or delete it from the token", true },
	[INVENTORY_NO_PUBLIC] = { "no-public", "has no public half on its token, so that it can't be looked up",
	    "write the public key to the token, with the same id", false },
	[INVENTORY_ABSENT] = { "absent", "isn't on the token that the entry names", "correct the entry, or say what became of the key", true },
	[INVENTORY_NOT_SEEN] = { "not-seen", "is on a token that wasn't looked at after a login", "look at that token, with its PIN", false },
	[INVENTORY_ELSEWHERE] = { "elsewhere", "is on another token than the entry says", "correct the entry, or ask how the key came there", true },
	[INVENTORY_OTHER_TYPE] = { "other-type", "is of another algorithm or size than the entry says", "correct the entry", true },
	[INVENTORY_NOT_IN_TOKEN] = { "not-in-token", "is on a token, where the entry says software or a key service",
	    "a key that exists twice can be copied: make a new one in the token", true },
	[INVENTORY_EXTRACTABLE] = { "extractable", "can leave its token, by the token's own word", "make a new one that can't", true },
	[INVENTORY_REVOKED] = { "revoked", "is revoked and still on a token", "delete it there", true },
	[INVENTORY_EXPIRED] = { "expired", "has expired", "rotate it", true },
};

const char *
inventory_difference_name(enum inventory_difference what)
{
	return (size_t)what < COUNT(differences) ? differences[what].name : "unknown";
}

const char *
inventory_difference_words(enum inventory_difference what)
{
	return (size_t)what < COUNT(differences) ? differences[what].words : "differs";
}

const char *
inventory_difference_next(enum inventory_difference what)
{
	return (size_t)what < COUNT(differences) ? differences[what].next : "";
}

struct comparing {
	const struct inventory *inventory;
	const struct capture *capture;
	int64_t today;
	struct inventory_finding *found;
	size_t count;
};

static void
add(struct comparing *x, enum inventory_difference what, const struct inventory_key *key, const struct capture_token *token,
    const struct capture_key *seen)
{
	x->found[x->count++] = (struct inventory_finding){ what, differences[what].gap, key, token, seen };
}

static bool
is_token_of(const struct inventory_key *k, const struct capture_token *t)
{
	return k->place == INVENTORY_TOKEN && strcmp(k->serial, t->serial) == 0 && strcmp(k->manufacturer, t->manufacturer) == 0;
}

/* The entry's key on one token. */
static void
compare_seen(struct comparing *x, const struct inventory_key *k, const struct capture_token *t, const struct capture_key *seen)
{
	if (strcmp(k->algorithm, seen->type) != 0 || k->bits != seen->bits)
		add(x, INVENTORY_OTHER_TYPE, k, t, seen);
	if (!seen->has_private)
		return;
	if (k->place != INVENTORY_TOKEN)
		add(x, INVENTORY_NOT_IN_TOKEN, k, t, seen);
	else if (!is_token_of(k, t))
		add(x, INVENTORY_ELSEWHERE, k, t, seen);
	if (seen->attributes[CAPTURE_EXTRACTABLE] == CAPTURE_TRUE || seen->attributes[CAPTURE_SENSITIVE] == CAPTURE_FALSE)
		add(x, INVENTORY_EXTRACTABLE, k, t, seen);
	if (k->revoked <= x->today)
		add(x, INVENTORY_REVOKED, k, t, seen);
}

/* A token that was looked at without a login may hide its private keys: that one isn't there is known after a login alone. */
static void
compare_entry(struct comparing *x, const struct inventory_key *k)
{
	bool looked = false, has = false;
	for (size_t i = 0; i < x->capture->token_count; i++) {
		const struct capture_token *t = &x->capture->tokens[i];
		looked = looked || (is_token_of(k, t) && t->login);
		for (size_t j = 0; j < t->key_count; j++) {
			const struct capture_key *seen = &t->keys[j];
			if (seen->spki_sha256 == NULL || strcmp(seen->spki_sha256, k->spki_sha256) != 0)
				continue;
			has = has || (seen->has_private && is_token_of(k, t));
			compare_seen(x, k, t, seen);
		}
	}
	if (k->expires <= x->today && k->revoked > x->today)
		add(x, INVENTORY_EXPIRED, k, NULL, NULL);
	if (k->place == INVENTORY_TOKEN && !has && k->revoked > x->today)
		add(x, looked ? INVENTORY_ABSENT : INVENTORY_NOT_SEEN, k, NULL, NULL);
}

enum assay_status
inventory_compare(const struct inventory *inventory, const struct capture *capture, int64_t today, struct arena *arena,
    struct inventory_finding **ret_findings, size_t *ret_count, struct assay_error *err)
{
	struct comparing x = { inventory, capture, today, NULL, 0 };
	size_t keys = 0;
	for (size_t i = 0; i < capture->token_count; i++)
		keys += capture->tokens[i].key_count;
	x.found = arena_array(arena, keys * KEY_FINDINGS_MAX + inventory->count * ENTRY_FINDINGS_MAX + 1, sizeof *x.found);
	if (x.found == NULL)
		return arena_full(err);
	for (size_t i = 0; i < inventory->count; i++)
		compare_entry(&x, &inventory->keys[i]);
	for (size_t i = 0; i < capture->token_count; i++) {
		const struct capture_token *t = &capture->tokens[i];
		for (size_t j = 0; j < t->key_count; j++) {
			const struct capture_key *seen = &t->keys[j];
			if (seen->has_private && seen->spki_sha256 == NULL)
				add(&x, INVENTORY_NO_PUBLIC, NULL, t, seen);
			else if (seen->has_private && inventory_find(inventory, seen->spki_sha256) == NULL)
				add(&x, INVENTORY_UNLISTED, NULL, t, seen);
		}
	}
	*ret_findings = x.found;
	*ret_count = x.count;
	return ASSAY_OK;
}
