/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key.inventory: every key that something here relies on has its entry in assay/keys.yaml, and each entry is true as far as the key
 * itself tells, strong enough, in people's hands who are there, and neither expired nor overdue.
 */
#include "key_base.h"
#include "record.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <string.h>

static const struct judge_advice advice[] = {
	{ "too-many-keys", "take keys out of roles that need none of them: assay trust rotate --remove" },
	{ "no-inventory", "begin assay/keys.yaml, one entry each key, as assay-keys(5) shows it" },
	{ "key-unlisted", "add an entry to assay/keys.yaml: '- {id: NAME, spki-sha256: DIGEST, purposes: [release], algorithm: ed25519, bits: 256, where: "
			  "{kind: token, manufacturer: M, serial: S}, custodians: [ID], created: DAY, expires: DAY}', the digest as the finding has it" },
	{ "algorithm-differs", "write what the key is, and find out where the entry came from: another key may have been meant" },
	{ "size-differs", "write what the key is, and find out where the entry came from: another key may have been meant" },
	{ "purpose-differs", "write each purpose that the key has, or take it out of the role: assay trust rotate --remove" },
	{ "holder-not-custodian", "name whoever it is enrolled for among its custodians, or enrol the key for who has it" },
	{ "revoked-in-use", "take it out of its roles today: assay trust rotate --remove" },
	{ "compromised-in-use", "take it out of its roles today (assay trust rotate --remove), and note the day as 'revoked' in its entry" },
	{ "weak-key", "make a new key (Ed25519, ECDSA on P-256 or P-384, or RSA of 3072 bits), enrol it and retire this one" },
	{ "algorithm-not-judged", "say what it is by a name of assay-keys(5), or have somebody look at it and note what they found" },
	{ "custodian-unknown", "name people of assay/roster.yaml, by their ids" },
	{ "custodian-left", "have it handed over to somebody who is there, change its PIN, and write down who has it now" },
	{ "created-in-future", "write the day on which it was made" },
	{ "key-expired", "make a new one, enrol it and take this one out (assay trust rotate); one that is out of use already gets 'revoked: DAY'" },
	{ "rotation-overdue", "make a new one, enrol it and take this one out (assay trust rotate), or lay down another period: ages: key-rotation:" },
	{ "key-not-comparable", "give the platform an SSH key, or take what signs nothing of yours off the roster" },
	{ NULL, "mend assay/keys.yaml, and check again" },
};

/* What is relied on, smallest and largest. */
static const struct strength {
	const char *algorithm;
	uint32_t least, most;
} strengths[] = { { "ed25519", 256, 256 }, { "ecdsa-p256", 256, 256 }, { "ecdsa-p384", 384, 384 }, { "rsa", 3072, 16384 } };

static const struct strength *
strength_of(const char *algorithm)
{
	for (size_t i = 0; i < sizeof strengths / sizeof strengths[0]; i++)
		if (strcmp(strengths[i].algorithm, algorithm) == 0)
			return &strengths[i];
	return NULL;
}

/* ---- keys that are relied on ---- */

/* A key of several roles is missing from the list once. */
static bool
is_first(const struct key_base *b, size_t use)
{
	for (size_t i = 0; i < use; i++)
		if (strcmp(b->uses[i].spki, b->uses[use].spki) == 0)
			return false;
	return true;
}

static enum assay_status
judge_unlisted(const struct key_base *b, const struct key_use *u)
{
	const struct judge_place place = { u->spki, u->file, 0, 0, u->role };
	return judge_find_at(b->c, b->v, true, "key-unlisted", &place, b->err, "the key %s (%s, role '%s'%s%s) isn't in the inventory", u->spki,
	    u->algorithm, u->role, u->person[0] != '\0' ? ", of " : "", u->person);
}

static enum assay_status
judge_use(const struct key_base *b, size_t index)
{
	const struct key_use *u = &b->uses[index];
	const struct inventory_key *k = u->listed;
	const struct judge_place place = { u->spki, u->file, 0, 0, u->role };
	if (CATCH(inventory_compromised, u->compromised))
		TRY(judge_find_at(b->c, b->v, true, "compromised-in-use", &place, b->err,
		    "the key %s is compromised, by the roster, and has the role '%s'", key_words(b, u), u->role));
	/* Without a list, that there is none is the question to ask. */
	if (CATCH(inventory_unlisted, b->has_inventory && k == NULL))
		return is_first(b, index) ? judge_unlisted(b, u) : ASSAY_OK;
	if (k == NULL)
		return ASSAY_OK;
	if (CATCH(inventory_algorithm, strcmp(k->algorithm, u->algorithm) != 0))
		TRY(key_find(b, true, "algorithm-differs", k, u->algorithm, "is of another algorithm than its entry says:"));
	if (CATCH(inventory_size, k->bits != u->bits))
		TRY(key_find(b, true, "size-differs", k, NULL, "has another size than its entry says"));
	if (CATCH(inventory_purpose, u->purpose != NULL && !key_has(&k->purposes, u->purpose)))
		TRY(key_find(b, true, "purpose-differs", k, u->role, "has a role that its entry's purposes don't tell of:"));
	if (CATCH(inventory_holder, u->person[0] != '\0' && !key_has(&k->custodians, u->person)))
		TRY(key_find(b, true, "holder-not-custodian", k, u->person, "is enrolled for somebody who isn't among its custodians:"));
	if (CATCH(inventory_revoked, k->revoked < b->c->input->date + WHEN_DAY))
		TRY(key_find(b, true, "revoked-in-use", k, u->role, "is revoked, and still has the role"));
	return ASSAY_OK;
}

/* A key of a platform or an authority, of a kind that can't be held against the list. */
static enum assay_status
judge_machines(const struct key_base *b)
{
	const struct roster *r = b->c->input->roster;
	for (size_t i = 0; r != NULL && i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		const struct judge_place place = { e->id, ROSTER_PATH, e->line, 1, NULL };
		if (CATCH(inventory_foreign, e->kind != ROSTER_PERSON && e->foreign_count > 0))
			TRY(judge_find_at(b->c, b->v, false, "key-not-comparable", &place, b->err,
			    "'%s' has a key of a kind that isn't held against the inventory: %s", e->id, e->foreign[0].kind));
	}
	return ASSAY_OK;
}

/* ---- entries ---- */

static bool
is_in_use(const struct roster_key *k, int64_t day)
{
	return k->until > day && k->retired > day && k->compromised_since == WHEN_MAX && !CATCH(inventory_not_begun, k->pending || k->from > day);
}

/* On the roster with keys, and none of them is theirs any more, or yet. */
static bool
has_left(const struct roster_entry *e, int64_t day)
{
	bool any = false;
	for (size_t i = 0; i < e->key_count; i++)
		any = any || is_in_use(&e->keys[i], day);
	return e->key_count > 0 && e->foreign_count == 0 && !any;
}

static enum assay_status
judge_custodians(const struct key_base *b, const struct inventory_key *k)
{
	for (size_t i = 0; i < k->custodians.count; i++) {
		const struct roster_entry *e = b->c->input->roster == NULL ? NULL : record_person(b->c, k->custodians.items[i]);
		if (CATCH(inventory_custodian_unknown, e == NULL))
			TRY(key_find(b, true, "custodian-unknown", k, k->custodians.items[i], "has a custodian who is nobody of the roster:"));
		if (CATCH(inventory_custodian_left, e != NULL && has_left(e, b->c->input->date)))
			TRY(key_find(b, true, "custodian-left", k, k->custodians.items[i], "has a custodian of whose keys none is in use any more:"));
	}
	return ASSAY_OK;
}

/* Who made a copy of it has had it in hand. */
static enum assay_status
judge_backup(const struct key_base *b, const struct inventory_key *k)
{
	for (size_t i = 0; i < k->backup.by.count; i++) {
		const char *id = k->backup.by.items[i];
		if (CATCH(inventory_backup_unknown, b->c->input->roster == NULL || record_person(b->c, id) == NULL))
			TRY(key_find(b, true, "custodian-unknown", k, id, "has a backup by somebody who is nobody of the roster:"));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_dates(const struct key_base *b, const struct inventory_key *k)
{
	const int64_t day = b->c->input->date, since = k->rotated != WHEN_MIN ? k->rotated : k->created;
	const int64_t age = (int64_t)b->c->input->policy->key_rotation_days * WHEN_DAY;
	if (CATCH(inventory_ahead, since >= day + WHEN_DAY))
		return key_find(b, true, "created-in-future", k, NULL, "was made or rotated after the day judged for");
	if (CATCH(inventory_expired, k->expires <= day))
		TRY(key_find(b, true, "key-expired", k, NULL, "has expired"));
	if (CATCH(inventory_overdue, since < day - age))
		TRY(key_find(b, true, "rotation-overdue", k, NULL, "was rotated longer ago than the policy lets it be"));
	return ASSAY_OK;
}

static enum assay_status
judge_entry(const struct key_base *b, const struct inventory_key *k)
{
	const struct strength *s = strength_of(k->algorithm);
	/* What is out of use stays on the list as it was. */
	if (k->revoked < b->c->input->date + WHEN_DAY)
		return ASSAY_OK;
	if (CATCH(inventory_other, s == NULL))
		TRY(key_find(b, false, "algorithm-not-judged", k, NULL, "is of an algorithm whose strength isn't judged here"));
	if (CATCH(inventory_weak, s != NULL && (k->bits < s->least || k->bits > s->most)))
		TRY(key_find(b, true, "weak-key", k, k->algorithm, "has a size that isn't relied on for its algorithm:"));
	TRY(judge_custodians(b, k));
	TRY(judge_backup(b, k));
	return judge_dates(b, k);
}

/* Not a gap: boot loaders and package repositories rely on keys of which nothing here tells. */
static uint64_t
count_unused(const struct key_base *b)
{
	uint64_t unused = 0;
	for (size_t i = 0; i < b->inventory.count; i++) {
		bool used = false;
		for (size_t k = 0; k < b->use_count; k++)
			used = used || b->uses[k].listed == &b->inventory.keys[i];
		unused += !used;
	}
	return unused;
}

enum assay_status
judge_key_inventory(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct key_base b;
	uint64_t keys = 0;
	TRY(key_base_read(c, v, &b, err));
	for (size_t i = 0; i < b.use_count; i++) {
		keys += is_first(&b, i);
		TRY(judge_use(&b, i));
	}
	TRY(judge_machines(&b));
	for (size_t i = 0; i < b.inventory.count; i++)
		TRY(judge_entry(&b, &b.inventory.keys[i]));
	judge_count(v, "keys in use", keys);
	judge_count(v, "keys on the list", b.inventory.count);
	judge_count(v, "keys on the list that nothing here uses", count_unused(&b));
	return judge_conclude(c, v, keys, "every key in use is on the list, strong enough, in its period and in people's hands who are there",
	    advice, err);
}
