/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where lines with different rules meet. What was signed on the one that didn't know the newer rules may have been signed after them:
 * nothing but ancestry shows what came first. So who signed there must be known to the newer rules, too.
 */
#include "standing.h"

#include <base/catch.h>
#include <base/cleanup.h>

/* Most commits that are looked at for all meetings together. */
#define STEPS_MAX ((uint64_t)400000000)

enum { OLDER = 1, NEWER = 2 };

struct meeting {
	struct standing *s;
	uint32_t *place;      /* of a commit in s->order */
	unsigned char *flags; /* of the meeting at hand; all 0 between two */
	uint64_t steps;
};

static uint32_t
rules_after(const struct standing *s, uint32_t commit)
{
	return commit == HISTORY_NONE ? STANDING_NONE : s->after[commit];
}

static void
note(struct standing *s, uint32_t commit, uint32_t rules)
{
	if (rules == STANDING_NONE)
		return;
	if (s->also_by[commit] == STANDING_NONE || standing_newer(s, rules, s->also_by[commit]))
		s->also_by[commit] = rules;
}

/* Hands a commit's flags on to its parents; *open: how many are reached from the older line alone. */
static void
hand_on(struct meeting *m, uint32_t commit, uint32_t *open)
{
	const struct history_commit *c = &m->s->h->commits[commit];
	const unsigned char mine = m->flags[commit];
	for (uint32_t i = 0; i < c->parent_count; i++) {
		const uint32_t p = c->parents[i];
		if (p == HISTORY_NONE)
			continue;
		const unsigned char before = m->flags[p], now = before | mine;
		if (before != OLDER && now == OLDER)
			(*open)++;
		if (before == OLDER && now != OLDER)
			(*open)--;
		m->flags[p] = now;
	}
}

/*
 * All that older's line has and newer's hasn't. By places from the top: a commit's children, where they matter, were all handed on
 * before it is looked at.
 */
static void
meet(struct meeting *m, uint32_t older, uint32_t newer, uint32_t rules)
{
	struct standing *s = m->s;
	const uint32_t top = m->place[older] > m->place[newer] ? m->place[older] : m->place[newer];
	uint32_t open = older == newer ? 0 : 1, at = top;
	m->flags[older] |= OLDER;
	m->flags[newer] |= NEWER;
	for (;; at--) {
		const uint32_t commit = s->order[at];
		m->steps++;
		if (m->flags[commit] == OLDER) {
			note(s, commit, rules);
			open--;
		}
		if (m->flags[commit] != 0)
			hand_on(m, commit, &open);
		if (open == 0 || at == 0)
			break;
	}
	/* What was reached lies below the top, and some of it below where this ended. */
	for (uint32_t i = 0; i <= top; i++)
		m->flags[s->order[i]] = 0;
	m->steps += top;
}

static void
look_at_merge(struct meeting *m, uint32_t merge)
{
	const struct standing *s = m->s;
	const struct history_commit *c = &s->h->commits[merge];
	const uint32_t rules = standing_rules_for(s, merge);
	uint32_t newer = HISTORY_NONE;
	for (uint32_t i = 0; i < c->parent_count && newer == HISTORY_NONE; i++) {
		if (rules != STANDING_NONE && rules_after(s, c->parents[i]) == rules)
			newer = c->parents[i];
	}
	for (uint32_t i = 0; i < c->parent_count && newer != HISTORY_NONE; i++) {
		const uint32_t p = c->parents[i];
		if (p == HISTORY_NONE || rules_after(s, p) == rules)
			continue;
		if (m->steps > STEPS_MAX)
			m->s->unseen = "too many lines with different rules meet";
		else
			meet(m, p, newer, rules);
	}
}

enum assay_status
standing_meet(struct standing *s, struct arena *arena, struct assay_error *err)
{
	const size_t room = s->h->commit_count + (size_t)1;
	struct meeting m = { .s = s, .place = arena_array(arena, room, sizeof m.place[0]), .flags = arena_array(arena, room, 1) };
	s->also_by = arena_array(arena, room, sizeof s->also_by[0]);
	if (m.place == NULL || m.flags == NULL || s->also_by == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		m.place[s->order[i]] = i;
		s->also_by[i] = STANDING_NONE;
	}
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		/* Its own line may know more than where it was merged. */
		note(s, i, standing_rules_for(s, i));
		if (s->h->commits[i].parent_count > 1)
			look_at_merge(&m, i);
	}
	return ASSAY_OK;
}
