/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A commit is never older than what it is built on, by more than the allowed skew. The skew is allowed once, not once a commit:
 * each is held against the latest claim among all its ancestors, so that no row of small steps leads back in time. A
 * commit that is found dated back starts anew, so that what follows it is not found once more.
 *
 * A clock that ran far ahead for one commit makes everything built on it look dated back. Such a commit is one finding, and what
 * follows is held against its parents instead. Far ahead is a commit
 *   - dated after the judge's day, or
 *   - later than all its children and all its grandchildren (there is one at least), while each of its children is
 *     in order with its parents: then taking away this one commit mends the order, and nothing else needs to be wrong.
 * In every other case the child is the finding. Dating back one commit, or a whole branch beyond the parents of where it
 * starts, is thus always found at the commit itself; two or more commits dated back to just between their
 * grandparent and parent can't be told from a parent that ran ahead, and are found as that.
 */
#include "honest.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>

/* What a commit claims, and its descendants one and two generations down. */
struct claim {
	int64_t time;
	int64_t oldest_child, newest_child, newest_grandchild;
	bool has_child, has_grandchild;
	bool malformed;
};

bool
honest_later(int64_t a, int64_t b, uint32_t skew)
{
	return a > b && (uint64_t)a - (uint64_t)b > skew;
}

static int64_t
later_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
earlier_of(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
note_claims(const struct honest *s, struct claim *claims)
{
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		claims[i].time = s->h->commits[i].time;
		claims[i].malformed = s->h->commits[i].malformed;
	}
}

static void
note_children(const struct honest *s, struct claim *claims)
{
	const struct scope *scope = s->scope;
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		int64_t time = claims[i].time;
		bool counts = (scope->commits[i] & SCOPE_IN) != 0 && !claims[i].malformed;
		for (uint32_t k = scope->first[i]; counts && k < scope->first[i + 1]; k++) {
			if (scope->parents[k] == HISTORY_NONE)
				continue;
			struct claim *p = &claims[scope->parents[k]];
			p->newest_child = p->has_child ? later_of(p->newest_child, time) : time;
			p->oldest_child = p->has_child ? earlier_of(p->oldest_child, time) : time;
			p->has_child = true;
		}
	}
}

static void
note_grandchildren(const struct honest *s, struct claim *claims)
{
	const struct scope *scope = s->scope;
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		int64_t time = claims[i].newest_child;
		for (uint32_t k = scope->first[i]; claims[i].has_child && k < scope->first[i + 1]; k++) {
			if (scope->parents[k] == HISTORY_NONE)
				continue;
			struct claim *p = &claims[scope->parents[k]];
			p->newest_grandchild = p->has_grandchild ? later_of(p->newest_grandchild, time)
								 : time;
			p->has_grandchild = true;
		}
	}
}

static bool
ran_ahead(const struct honest *s, const struct claim *c, int64_t floor)
{
	return c->has_grandchild && honest_later(c->time, c->newest_child, s->skew) &&
	    honest_later(c->time, c->newest_grandchild, s->skew) &&
	    !honest_later(floor, c->oldest_child, s->skew);
}

/* The latest parent as far as times go, HISTORY_NONE for none. */
static uint32_t
latest_parent(const struct scope *scope, uint32_t commit, const int64_t *times)
{
	uint32_t latest = HISTORY_NONE;
	for (uint32_t i = scope->first[commit]; i < scope->first[commit + 1]; i++) {
		uint32_t p = scope->parents[i];
		if (p != HISTORY_NONE && (latest == HISTORY_NONE || times[p] > times[latest]))
			latest = p;
	}
	return latest;
}

struct dated {
	char hex[2 * OID_MAX + 1];
	char when[WHEN_TEXT_SIZE];
};

static struct dated
say(const struct honest *s, uint32_t commit)
{
	struct dated d;
	oid_hex(&s->h->commits[commit].id, s->h->algo, d.hex);
	when_format(s->h->commits[commit].time, d.when);
	return d;
}

static enum assay_status
find_future(struct honest *s, uint32_t commit)
{
	struct dated d = say(s, commit);
	return judge_find(s->c, s->v, true, "commit-in-future", d.hex, NULL, s->err,
	    "commit %s claims %s, after the day it is judged on", d.hex, d.when);
}

static enum assay_status
find_ahead(struct honest *s, uint32_t commit)
{
	struct dated d = say(s, commit);
	return judge_find(s->c, s->v, true, "commit-ahead", d.hex, NULL, s->err,
	    "commit %s claims %s, later than all its children and grandchildren: its clock ran ahead, or "
	    "they are dated back",
	    d.hex, d.when);
}

static enum assay_status
find_backdated(struct honest *s, uint32_t commit, uint32_t parent)
{
	struct dated d = say(s, commit), p = say(s, parent);
	char floor[WHEN_TEXT_SIZE];
	when_format(s->times[parent], floor);
	if (s->latest[parent] != HISTORY_NONE)
		p = say(s, s->latest[parent]);
	return judge_find(s->c, s->v, true, "commit-backdated", d.hex, NULL, s->err,
	    "commit %s claims %s, but what it is built on (%s) is not older than %s", d.hex, d.when, p.hex,
	    floor);
}

/* Parents come first, so their times are settled. */
static enum assay_status
judge_commit(struct honest *s, uint32_t i, const struct claim *c, int64_t *times, uint32_t *latest)
{
	uint32_t parent = latest_parent(s->scope, i, times);
	int64_t floor = parent == HISTORY_NONE ? WHEN_MIN : times[parent];
	times[i] = floor;
	latest[i] = parent == HISTORY_NONE ? HISTORY_NONE : latest[parent];
	if (c->malformed)
		return ASSAY_OK;
	bool judged = scope_has_commit(s->scope, i);
	s->edges += judged ? s->scope->first[i + 1] - s->scope->first[i] : 0;
	if (honest_later(c->time, s->day_end, s->skew))
		return CATCH(commit_in_future, judged) ? find_future(s, i) : ASSAY_OK;
	if (ran_ahead(s, c, floor))
		return CATCH(commit_ahead, judged) ? find_ahead(s, i) : ASSAY_OK;
	bool back = honest_later(floor, c->time, s->skew);
	/* Small steps back leave the latest claim standing. */
	if (CATCH(small_steps, !back && floor > c->time))
		return ASSAY_OK;
	times[i] = c->time;
	latest[i] = i;
	return CATCH(commit_backdated, back && judged) ? find_backdated(s, i, parent) : ASSAY_OK;
}

enum assay_status
honest_dates(struct honest *s)
{
	const uint32_t *order = NULL;
	uint32_t count = 0;
	size_t room = s->h->commit_count + (size_t)1;
	struct claim *claims = arena_array(s->c->arena, room, sizeof *claims);
	int64_t *times = arena_array(s->c->arena, room, sizeof *times);
	uint32_t *latest = arena_array(s->c->arena, room, sizeof *latest);
	if (claims == NULL || times == NULL || latest == NULL)
		return arena_full(s->err);
	s->times = times;
	s->latest = latest;
	TRY(scope_order(s->scope, s->c->arena, &order, &count, s->err));
	note_claims(s, claims);
	note_children(s, claims);
	note_grandchildren(s, claims);
	for (uint32_t i = 0; i < count; i++)
		TRY(judge_commit(s, order[i], &claims[order[i]], times, latest));
	return ASSAY_OK;
}
