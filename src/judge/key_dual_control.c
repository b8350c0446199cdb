/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key.dual-control: no one alone can sign a release, nor change who may: by the thresholds of the metadata, and by who has the keys.
 */
#include "key_base.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <inttypes.h>
#include <string.h>

#define PEOPLE_LEAST 2u

static const struct judge_advice advice[] = {
	{ "too-many-keys", "take keys out of roles that need none of them: assay trust rotate --remove" },
	{ "no-inventory", "begin assay/keys.yaml: who has which key, as assay-keys(5) shows it" },
	{ "no-release-role", "say who signs releases: assay trust add-key --person ID --role release --threshold release=2" },
	{ "one-may-release", "raise it: assay trust rotate --threshold release=2, then have the targets role sign" },
	{ "one-may-appoint", "raise it: assay trust rotate --threshold root=2 --threshold targets=2, then have both roles sign" },
	{ "one-has-enough-keys", "hand one of the keys to somebody else, change its PIN, and write down who has it now" },
	{ "custody-unknown", "list the key and its custodians in assay/keys.yaml" },
	{ "ceremonies-not-judged", "keep a record of each signing all the same: who, when, which commit, which digests; have those present sign it" },
	{ NULL, "see to what kept it from being read, and check again" },
};

struct role {
	const char *name;
	const char *what; /* one who has enough keys of it can do */
	const char *id;   /* of the gap when one is enough */
};
static const struct role roles[] = {
	{ "release", "sign a release", "one-may-release" },
	{ "root", "change who may sign releases", "one-may-appoint" },
	{ "targets", "change who may sign releases", "one-may-appoint" },
};

struct state {
	struct key_base b;
	uint64_t keys, people; /* of the role 'release' */
};

/* ---- who could sign ---- */

static bool
can_use(const struct key_use *u, const char *person)
{
	return strcmp(u->person, person) == 0 || (u->listed != NULL && key_has(&u->listed->custodians, person));
}

/* As how many people somebody could sign for a role: by the keys that they have, each enrolled in somebody's name. */
static uint32_t
signs_as(const struct key_base *b, const char *role, const char *person)
{
	uint32_t count = 0;
	for (size_t i = 0; i < b->use_count; i++) {
		const struct key_use *u = &b->uses[i];
		bool known = strcmp(u->role, role) != 0 || !can_use(u, person);
		for (size_t k = 0; k < i && !known; k++)
			known = strcmp(b->uses[k].role, role) == 0 && can_use(&b->uses[k], person) && strcmp(b->uses[k].person, u->person) == 0;
		count += !known;
	}
	return count;
}

static bool
was_asked(const char *const *people, size_t count, const char *person)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(people[i], person) == 0)
			return true;
	return false;
}

struct asked {
	const char *people[INVENTORY_CUSTODIANS_MAX + 1];
	size_t count;
};

/* Already, as who has an earlier key of the role. */
static bool
was_judged(const struct key_base *b, const char *role, const char *person, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(b->uses[i].role, role) == 0 && can_use(&b->uses[i], person))
			return true;
	return false;
}

/* Whoever has this key: alone, with all the others that they have. */
static enum assay_status
judge_holders(struct state *s, const struct role *role, uint32_t threshold, size_t index)
{
	const struct key_use *u = &s->b.uses[index];
	struct asked *holders = arena_alloc(s->b.c->arena, sizeof *holders);
	if (holders == NULL)
		return arena_full(s->b.err);
	if (u->person[0] != '\0')
		holders->people[holders->count++] = u->person;
	for (size_t i = 0; u->listed != NULL && i < u->listed->custodians.count && i < INVENTORY_CUSTODIANS_MAX; i++)
		if (!was_asked(holders->people, holders->count, u->listed->custodians.items[i]))
			holders->people[holders->count++] = u->listed->custodians.items[i];
	for (size_t i = 0; i < holders->count; i++) {
		const char *person = holders->people[i];
		const struct judge_place place = { person, u->listed == NULL ? u->file : INVENTORY_PATH, u->listed == NULL ? 0 : u->listed->line, 0,
			role->name };
		if (was_judged(&s->b, role->name, person, index))
			continue;
		const uint32_t as = signs_as(&s->b, role->name, person);
		if (CATCH(dual_one_has_enough, threshold >= PEOPLE_LEAST && as >= threshold))
			TRY(judge_find_at(s->b.c, s->b.v, true, "one-has-enough-keys", &place, s->b.err,
			    "'%s' has keys of %" PRIu32 " people of the role '%s', and %" PRIu32 " are enough: alone, they can %s", person, as,
			    role->name, threshold, role->what));
	}
	return ASSAY_OK;
}

/* ---- a role ---- */

static bool
find_role(const struct key_base *b, const char *name, struct assay_tuf_role *ret_role)
{
	if (b->now == NULL || b->now->root.version == 0)
		return false;
	if (strcmp(name, "release") != 0)
		return assay_tuf_role(&b->now->root, name, ret_role) == ASSAY_OK;
	return authority_role(b->now, name, ret_role);
}

static enum assay_status
judge_keys(struct state *s, const struct role *role, uint32_t threshold)
{
	for (size_t i = 0; i < s->b.use_count; i++) {
		const struct key_use *u = &s->b.uses[i];
		const struct judge_place place = { u->spki, u->file, 0, 0, role->name };
		if (strcmp(u->role, role->name) != 0)
			continue;
		if (CATCH(dual_custody_unknown, s->b.has_inventory && u->listed == NULL))
			TRY(judge_find_at(s->b.c, s->b.v, false, "custody-unknown", &place, s->b.err,
			    "who has the key %s of the role '%s' is written nowhere", u->spki, role->name));
		TRY(judge_holders(s, role, threshold, i));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_role(struct state *s, const struct role *role)
{
	struct assay_tuf_role r;
	if (!find_role(&s->b, role->name, &r))
		return ASSAY_OK;
	if (CATCH(dual_one_is_enough, r.threshold < PEOPLE_LEAST))
		TRY(judge_find(s->b.c, s->b.v, true, role->id, role->name, NULL, s->b.err,
		    "one signature of the role '%s' is enough: one person alone can %s", role->name, role->what));
	return judge_keys(s, role, r.threshold);
}

enum assay_status
judge_key_dual_control(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct assay_tuf_role release;
	struct state s = { .keys = 0 };
	TRY(key_base_read(c, v, &s.b, err));
	const bool has_role = find_role(&s.b, "release", &release);
	if (CATCH(dual_no_role, !has_role))
		TRY(judge_find(c, v, false, "no-release-role", NULL, NULL, err, "nobody is named as who signs releases: there is no role 'release'"));
	for (size_t i = 0; has_role && i < sizeof roles / sizeof roles[0]; i++)
		TRY(judge_role(&s, &roles[i]));
	for (size_t i = 0; i < s.b.use_count; i++)
		s.keys += strcmp(s.b.uses[i].role, "release") == 0;
	if (CATCH(dual_ceremonies, true))
		TRY(judge_find(c, v, false, "ceremonies-not-judged", NULL, NULL, err,
		    "records of signing ceremonies aren't judged by this version, so who was there when a release was signed isn't known"));
	judge_count(v, "keys that may sign releases", s.keys);
	return judge_conclude(c, v, s.keys, "no one alone can sign a release, nor change who may", advice, err);
}
