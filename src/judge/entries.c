/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A retired key still signs whatever its holder likes, dated inside its window. What it signed stands when somebody else
 * is seen to have built on it before the retirement: a commit that descends from it, dated before, that stands itself and
 * that another person signed. Which parent a merge names first, and which branch is checked out, plays no part: both are
 * its author's choice. All else is an open question until a witness answers it. A tag can't be seen so: nothing is built
 * on it.
 */
#include "honest.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>

/*
 * Of all that descends from a commit and stands, itself included: the earliest dated, and the earliest by somebody else than
 * that one's signer. So there is an earliest by somebody else for whomever one asks.
 */
struct seen {
	uint32_t first, other;
};

struct entries {
	struct honest *s;
	struct seen *seen;       /* of each commit */
	unsigned char *released; /* what the policy's release branches lead to; NULL where it names none: all in scope */
};

static const struct history_ref *
find_ref(const struct history *h, const char *name)
{
	uint32_t low = 0, high = h->ref_count;
	while (name != NULL && low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(h->refs[middle].name, name);
		if (order == 0)
			return &h->refs[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool
honest_leans_on_retired(const struct outcome_detail *d)
{
	return (d->outcome == OUTCOME_PERSON || d->outcome == OUTCOME_PLATFORM) && d->key != NULL &&
	    d->key->retired != WHEN_MAX && !d->witnessed;
}

static bool
leans_on_retired(const struct honest *s, uint32_t commit, struct outcome_detail *ret)
{
	if (!scope_has_commit(s->scope, commit))
		return false;
	honest_commit_outcome(s, commit, ret);
	return honest_leans_on_retired(ret);
}

static bool
any_leans(const struct honest *s)
{
	struct outcome_detail d;
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		if (leans_on_retired(s, i, &d))
			return true;
	}
	return false;
}

static enum assay_status
release(struct entries *e, const char *name)
{
	const struct honest *s = e->s;
	const struct history_ref *ref = find_ref(s->h, name);
	if (ref != NULL && ref->commit != HISTORY_NONE) {
		(void)scope_mark(s->scope, e->released, 1, ref->commit);
		return ASSAY_OK;
	}
	if (!CATCH(release_branch_absent, true))
		return ASSAY_OK;
	return judge_find(s->c, s->v, false, "release-branch-absent", name, NULL, s->err,
	    "the release branch '%s' is not there: what entered it, and when, can't be said", name);
}

static enum assay_status
release_branches(struct entries *e)
{
	const struct honest *s = e->s;
	const struct yaml_strings *names = &s->c->input->policy->release_branches;
	if (names->count == 0)
		return ASSAY_OK;
	e->released = arena_array(s->c->arena, s->h->commit_count + (size_t)1, 1);
	if (e->released == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < names->count; i++)
		TRY(release(e, names->items[i]));
	return ASSAY_OK;
}

/* ---- who has seen it ---- */

static const struct roster_entry *
signer_of(const struct honest *s, uint32_t commit)
{
	const struct outcome_owner *owner = signers_of_commit(&s->signers, commit);
	return owner == NULL ? NULL : owner->who;
}

static bool
earlier(const struct honest *s, uint32_t commit, uint32_t than)
{
	return than == HISTORY_NONE || s->h->commits[commit].time < s->h->commits[than].time;
}

static void
add_seen(const struct honest *s, struct seen *seen, uint32_t by)
{
	if (by == HISTORY_NONE)
		return;
	bool same = seen->first != HISTORY_NONE && signers_same(signer_of(s, by), signer_of(s, seen->first));
	if (earlier(s, by, seen->first)) {
		if (!same)
			seen->other = seen->first;
		seen->first = by;
	} else if (!same && earlier(s, by, seen->other)) {
		seen->other = by;
	}
}

/* The earliest that somebody else built on a commit, HISTORY_NONE for nothing. */
static uint32_t
built_on(const struct entries *e, uint32_t commit)
{
	struct seen seen = e->seen[commit];
	bool own = seen.first != HISTORY_NONE &&
	    signers_same(signer_of(e->s, seen.first), signer_of(e->s, commit));
	return CATCH(retired_own_word, own) ? seen.other : seen.first;
}

static bool
seen_in_time(const struct entries *e, uint32_t commit, int64_t retired)
{
	uint32_t by = built_on(e, commit);
	return by != HISTORY_NONE && e->s->h->commits[by].time < retired;
}

/* Whether a commit shows that what it is built on was there at its date. What a retired key signed does so once it stands. */
static bool
stands(const struct entries *e, uint32_t commit)
{
	const struct honest *s = e->s;
	const struct history_commit *c = &s->h->commits[commit];
	struct outcome_detail d;
	if (!scope_has_commit(s->scope, commit) || c->malformed || c->signature.result != SIG_VALID)
		return false;
	if (CATCH(retired_unreleased, e->released != NULL && e->released[commit] == 0))
		return false;
	honest_commit_outcome(s, commit, &d);
	if (CATCH(retired_seen_by, d.outcome != OUTCOME_PERSON || d.who == NULL))
		return false;
	bool retired = d.key != NULL && d.key->retired != WHEN_MAX;
	return !retired || seen_in_time(e, commit, d.key->retired);
}

/* Children first: what they show is settled, and is handed on to their parents. */
static void
hand_on(struct entries *e, const uint32_t *order, uint32_t count)
{
	const struct scope *scope = e->s->scope;
	for (uint32_t at = count; at > 0; at--) {
		uint32_t commit = order[at - 1];
		if (stands(e, commit))
			add_seen(e->s, &e->seen[commit], commit);
		for (uint32_t i = scope->first[commit]; i < scope->first[commit + 1]; i++) {
			uint32_t p = scope->parents[i];
			if (p == HISTORY_NONE)
				continue;
			add_seen(e->s, &e->seen[p], e->seen[commit].first);
			add_seen(e->s, &e->seen[p], e->seen[commit].other);
		}
	}
}

/* ---- what is open ---- */

static enum assay_status
find_entry(const struct honest *s, uint32_t commit, uint32_t by, const struct outcome_detail *d)
{
	char hex[2 * OID_MAX + 1], by_hex[2 * OID_MAX + 1];
	char retired[WHEN_TEXT_SIZE], built[WHEN_TEXT_SIZE];
	oid_hex(&s->h->commits[commit].id, s->h->algo, hex);
	when_format(d->key->retired, retired);
	if (by == HISTORY_NONE)
		return judge_find(s->c, s->v, false, "retired-unseen", hex, NULL, s->err,
		    "commit %s is signed with key %s, retired on %s, and nobody else has built on it%s: "
		    "nobody has seen when it was made",
		    hex, d->key->fingerprint, retired,
		    s->c->input->policy->release_branches.count > 0 ? " on a release branch" : "");
	oid_hex(&s->h->commits[by].id, s->h->algo, by_hex);
	when_format(s->h->commits[by].time, built);
	return judge_find(s->c, s->v, false, "retired-entered-late", hex, by_hex, s->err,
	    "commit %s is signed with key %s, retired on %s, and the first that somebody else built on it, %s %s, "
	    "is dated %s, not before that: it stands only when somebody saw it before",
	    hex, d->key->fingerprint, retired,
	    s->h->commits[by].parent_count > 1 ? "merge" : "commit", by_hex, built);
}

static enum assay_status
judge_entries(struct entries *e)
{
	struct honest *s = e->s;
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		struct outcome_detail d;
		if (!leans_on_retired(s, i, &d))
			continue;
		if (CATCH(retired_entry, !seen_in_time(e, i, d.key->retired)))
			TRY(find_entry(s, i, built_on(e, i), &d));
		else
			s->entered++;
	}
	return ASSAY_OK;
}

static enum assay_status
judge_tags(const struct honest *s)
{
	for (uint32_t i = 0; i < s->h->tag_count; i++) {
		const struct history_tag *t = &s->h->tags[i];
		struct outcome_detail d = { 0 };
		char hex[2 * OID_MAX + 1], retired[WHEN_TEXT_SIZE];
		if (!t->has_tagger || !scope_has_tag(s->scope, i))
			continue;
		honest_tag_outcome(s, i, &d);
		bool leans = honest_leans_on_retired(&d);
		if (!CATCH(retired_tag, leans))
			continue;
		oid_hex(&t->id, s->h->algo, hex);
		when_format(d.key->retired, retired);
		TRY(judge_find(s->c, s->v, false, "retired-tag", hex, NULL, s->err,
		    "tag %s is signed with key %s, retired on %s: nobody has seen when it was made", hex,
		    d.key->fingerprint, retired));
	}
	return ASSAY_OK;
}

enum assay_status
honest_entries(struct honest *s)
{
	struct entries e = { .s = s };
	const uint32_t *order = NULL;
	uint32_t count = 0;
	size_t room = s->h->commit_count + (size_t)1;
	TRY(judge_tags(s));
	if (!any_leans(s))
		return ASSAY_OK;
	e.seen = arena_array(s->c->arena, room, sizeof *e.seen);
	if (e.seen == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < room; i++)
		e.seen[i] = (struct seen){ HISTORY_NONE, HISTORY_NONE };
	TRY(release_branches(&e));
	TRY(scope_order(s->scope, s->c->arena, &order, &count, s->err));
	hand_on(&e, order, count);
	return judge_entries(&e);
}
