/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A retired key still signs whatever its holder likes, dated inside its window. What it signed stands when it entered a
 * release branch by a commit dated before the retirement: an entry is the first commit of the branch's
 * first-parent chain that leads to it. All else is an open question until somebody else's witness answers it. A tag has no
 * entry: nothing is built on it, so nothing shows when it came.
 */
#include "honest.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>

/* More release branches than anybody supports; each costs a walk. */
#define RELEASE_BRANCHES_MAX 64

struct entries {
	struct honest *s;
	uint32_t *by;         /* of each commit: the earliest-dated entry on any release branch */
	uint32_t *chain;      /* of one branch, newest first */
	unsigned char *seen;
	uint32_t branches;
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
honest_leans_on_retired(const struct honest *s, const struct history_signature *sig, int64_t claimed,
    struct outcome_detail *ret_detail)
{
	if (sig->result != SIG_VALID)
		return false;
	honest_outcome(s, sig, claimed, ret_detail);
	return (ret_detail->outcome == OUTCOME_PERSON || ret_detail->outcome == OUTCOME_PLATFORM) &&
	    ret_detail->key != NULL && ret_detail->key->retired != WHEN_MAX && !ret_detail->witnessed;
}

static bool
leans_on_retired(const struct honest *s, uint32_t commit, struct outcome_detail *ret)
{
	const struct history_commit *c = &s->h->commits[commit];
	return scope_has_commit(s->scope, commit) &&
	    honest_leans_on_retired(s, &c->signature, c->time, ret);
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

/* Oldest first, each commit of the chain claims what no older one led to. */
static void
enter_branch(struct entries *e, uint32_t tip)
{
	const struct history *h = e->s->h;
	const struct scope *scope = e->s->scope;
	uint32_t length = 0;
	memset(e->seen, 0, h->commit_count);
	for (uint32_t at = tip; at != HISTORY_NONE && length < h->commit_count;) {
		e->chain[length++] = at;
		at = scope->first[at] < scope->first[at + 1] ? scope->parents[scope->first[at]]
							     : HISTORY_NONE;
	}
	while (length > 0) {
		uint32_t entry = e->chain[--length];
		uint32_t count = scope_mark(scope, e->seen, 1, entry);
		for (uint32_t i = 0; i < count; i++) {
			uint32_t *by = &e->by[scope->stack[i]];
			if (*by == HISTORY_NONE || h->commits[entry].time < h->commits[*by].time)
				*by = entry;
		}
	}
}

static enum assay_status
enter_ref(struct entries *e, const char *name)
{
	const struct honest *s = e->s;
	const struct history_ref *ref = find_ref(s->h, name);
	if (ref != NULL && ref->commit != HISTORY_NONE) {
		e->branches++;
		enter_branch(e, ref->commit);
		return ASSAY_OK;
	}
	return judge_find(s->c, s->v, false, "release-branch-absent", name, NULL, s->err,
	    "the release branch '%s' is not there: what entered it, and when, can't be said", name);
}

static enum assay_status
enter_branches(struct entries *e)
{
	const struct honest *s = e->s;
	const struct yaml_strings *names = &s->c->input->policy->release_branches;
	if (names->count > RELEASE_BRANCHES_MAX)
		return judge_find(s->c, s->v, false, "release-branches", NULL, NULL, s->err,
		    "the policy names more than %d release branches: none was followed",
		    RELEASE_BRANCHES_MAX);
	for (size_t i = 0; i < names->count; i++)
		TRY(enter_ref(e, names->items[i]));
	if (names->count == 0 && s->h->head != NULL)
		TRY(enter_ref(e, s->h->head));
	return ASSAY_OK;
}

static enum assay_status
find_entry(const struct honest *s, uint32_t commit, uint32_t entry, const struct outcome_detail *d)
{
	char hex[2 * OID_MAX + 1], by[2 * OID_MAX + 1];
	char retired[WHEN_TEXT_SIZE], entered[WHEN_TEXT_SIZE];
	oid_hex(&s->h->commits[commit].id, s->h->algo, hex);
	when_format(d->key->retired, retired);
	if (entry == HISTORY_NONE)
		return judge_find(s->c, s->v, false, "retired-not-released", hex, NULL, s->err,
		    "commit %s is signed with key %s, retired on %s, and lies on no release branch: nobody "
		    "has seen when it was made",
		    hex, d->key->fingerprint, retired);
	oid_hex(&s->h->commits[entry].id, s->h->algo, by);
	when_format(s->h->commits[entry].time, entered);
	return judge_find(s->c, s->v, false, "retired-entered-late", hex, by, s->err,
	    "commit %s is signed with key %s, retired on %s, and entered by %s %s dated %s, after that: "
	    "it stands only when somebody else saw it before",
	    hex, d->key->fingerprint, retired,
	    s->h->commits[entry].parent_count > 1 ? "merge" : "commit", by, entered);
}

static enum assay_status
judge_entries(struct entries *e)
{
	struct honest *s = e->s;
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		struct outcome_detail d;
		if (!leans_on_retired(s, i, &d))
			continue;
		uint32_t entry = e->by[i];
		bool late = entry == HISTORY_NONE || s->h->commits[entry].time >= d.key->retired;
		if (CATCH(retired_entry, late))
			TRY(find_entry(s, i, entry, &d));
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
		bool leans = t->has_tagger && scope_has_tag(s->scope, i) &&
		    honest_leans_on_retired(s, &t->signature, t->time, &d);
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
	size_t room = s->h->commit_count + (size_t)1;
	TRY(judge_tags(s));
	if (!any_leans(s))
		return ASSAY_OK;
	e.by = arena_array(s->c->arena, room, sizeof *e.by);
	e.chain = arena_array(s->c->arena, room, sizeof *e.chain);
	e.seen = arena_array(s->c->arena, room, 1);
	if (e.by == NULL || e.chain == NULL || e.seen == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < room; i++)
		e.by[i] = HISTORY_NONE;
	TRY(enter_branches(&e));
	return judge_entries(&e);
}
