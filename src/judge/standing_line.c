/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mainlines: what each commit is judged by.
 */
#include "standing.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>

#define TAGS_DEEP_MAX 64

struct lines {
	struct standing *s;
	unsigned char *given;  /* commits whose judge is settled */
	uint32_t *chain, *stack;
	size_t change_room;
	struct arena *arena;
	struct assay_error *err;
};

static uint32_t
first_parent(const struct history *h, uint32_t commit)
{
	const struct history_commit *c = &h->commits[commit];
	return c->parent_count == 0 ? HISTORY_NONE : c->parents[0];
}

/* All that a commit brings and nothing settled before has: judged as it was merged. */
static void
give_brought(struct lines *l, uint32_t merge, uint32_t state)
{
	const struct history *h = l->s->h;
	uint32_t depth = 0;
	l->stack[depth++] = merge;
	while (depth > 0) {
		const struct history_commit *c = &h->commits[l->stack[--depth]];
		for (uint32_t i = 0; i < c->parent_count; i++) {
			uint32_t p = c->parents[i];
			if (p == HISTORY_NONE || l->given[p] != 0)
				continue;
			l->given[p] = 1;
			l->s->judged_by[p] = state;
			l->stack[depth++] = p;
		}
	}
}

static enum assay_status
add_change(struct lines *l, uint32_t commit)
{
	struct standing *s = l->s;
	if (s->change_count == l->change_room) {
		size_t room = l->change_room == 0 ? 16 : 2 * l->change_room;
		struct standing_change *more = arena_array(l->arena, room, sizeof *more);
		if (more == NULL)
			return arena_full(l->err);
		if (s->change_count > 0)
			memcpy(more, s->changes, s->change_count * sizeof *more);
		s->changes = more;
		l->change_room = room;
	}
	uint32_t folder = s->folder[commit];
	s->changes[s->change_count++] = (struct standing_change){ commit, folder,
		folder != STANDING_NONE && s->folders[folder].authorised };
	return ASSAY_OK;
}

/* On a mainline: a state is in force and it isn't the one that lies there, as it was before. */
static bool
changes_unauthorised(const struct standing *s, uint32_t commit)
{
	uint32_t p = first_parent(s->h, commit);
	if (p == HISTORY_NONE || s->after[commit] == STANDING_NONE || s->after[commit] == s->folder[commit])
		return false;
	/* A merge may also keep what is old where a further parent has something newer. */
	return s->folder[commit] != s->folder[p] || s->after[commit] != s->after[p];
}

/*
 * A merge is made by somebody who could see all its parents' rules, and which parent it names first is its author's choice: what
 * judges it is the newest of them. What it brings is judged by the first one's.
 */
uint32_t
standing_rules_for(const struct standing *s, uint32_t commit)
{
	const struct history_commit *c = &s->h->commits[commit];
	uint32_t rules = STANDING_NONE;
	for (uint32_t i = 0; i < c->parent_count; i++) {
		uint32_t state = c->parents[i] == HISTORY_NONE ? STANDING_NONE : s->after[c->parents[i]];
		if (state == STANDING_NONE)
			continue;
		if (rules == STANDING_NONE ||
		    CATCH(standing_merge_rules, standing_newer(s, state, rules)))
			rules = state;
	}
	return rules;
}

/* From a head down its first parents to what is settled, then up again. */
static enum assay_status
walk_line(struct lines *l, uint32_t head)
{
	struct standing *s = l->s;
	uint32_t count = 0;
	for (uint32_t at = head; at != HISTORY_NONE && l->given[at] == 0; at = first_parent(s->h, at)) {
		l->given[at] = 1;
		l->chain[count++] = at;
	}
	while (count > 0) {
		uint32_t commit = l->chain[--count], p = first_parent(s->h, commit);
		s->judged_by[commit] = standing_rules_for(s, commit);
		give_brought(l, commit, p == HISTORY_NONE ? STANDING_NONE : s->after[p]);
		if (changes_unauthorised(s, commit))
			TRY(add_change(l, commit));
	}
	return ASSAY_OK;
}

static bool
is_release(const struct judge_input *input, const struct standing *s, const char *name)
{
	const struct standing_folder *now = standing_now(s);
	const struct yaml_strings *names = now != NULL ? &now->policy.release_branches : &input->policy->release_branches;
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], name) == 0)
			return true;
	}
	return false;
}

static enum assay_status
walk_releases(struct lines *l, const struct judge_input *input)
{
	const struct history *h = l->s->h;
	for (uint32_t i = 0; i < h->ref_count; i++) {
		const struct history_ref *ref = &h->refs[i];
		if (ref->commit != HISTORY_NONE && is_release(input, l->s, ref->name))
			TRY(walk_line(l, ref->commit));
	}
	return ASSAY_OK;
}

enum assay_status
standing_lines(struct standing *s, const struct judge_input *input, struct arena *arena,
    struct assay_error *err)
{
	const struct history *h = s->h;
	size_t room = h->commit_count + (size_t)1;
	struct lines l = { .s = s, .arena = arena, .err = err };
	l.given = arena_array(arena, room, 1);
	l.chain = arena_array(arena, room, sizeof l.chain[0]);
	l.stack = arena_array(arena, room, sizeof l.stack[0]);
	s->judged_by = arena_array(arena, room, sizeof s->judged_by[0]);
	if (l.given == NULL || l.chain == NULL || l.stack == NULL || s->judged_by == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < h->commit_count; i++)
		s->judged_by[i] = STANDING_NONE;
	/* Release branches first, then HEAD: which line a commit belongs to isn't for a topic branch to say. */
	TRY(walk_releases(&l, input));
	uint32_t head = h->has_head ? history_find_commit(h, &h->head_id) : HISTORY_NONE;
	if (head != HISTORY_NONE)
		TRY(walk_line(&l, head));
	/* All else isn't merged yet: it is judged as if it were now, so that an old place to begin at gives no old rules. */
	for (uint32_t i = 0; i < h->commit_count; i++) {
		s->before_all += l.given[i] != 0 && s->judged_by[i] == STANDING_NONE;
		if (l.given[i] == 0)
			s->judged_by[i] = s->head;
	}
	return standing_meet(s, arena, err);
}

/* ---- whose signature ---- */

enum assay_status
signers_init(const struct judge_context *c, const struct history *h, struct signers *ret_signers,
    struct assay_error *err)
{
	struct signers s = { .c = c, .h = h };
	TRY(outcome_owners(h, c->input->roster, c->arena, &s.fallback, err));
	*ret_signers = s;
	return ASSAY_OK;
}

static const struct standing_folder *
state_at(const struct signers *s, const uint32_t *states, uint32_t commit)
{
	const struct standing *standing = s->c->standing;
	if (standing == NULL || states == NULL || commit == HISTORY_NONE || states[commit] == STANDING_NONE)
		return standing_now(standing);
	return &standing->folders[states[commit]];
}

static const struct outcome_owner *
owner_in(const struct signers *s, const struct standing_folder *state, uint32_t key)
{
	if (key == HISTORY_NONE)
		return NULL;
	return state == NULL ? &s->fallback[key] : &state->owners[key];
}

/* Whose it is by rules, unless others have to know the key, too, and don't know it as theirs. */
static const struct outcome_owner *
owner_in_both(const struct signers *s, const struct standing_folder *rules, const struct standing_folder *others, uint32_t key)
{
	const struct outcome_owner *own = owner_in(s, rules, key);
	if (others == NULL || others == rules || own == NULL || own->key == NULL)
		return own;
	const struct outcome_owner *other = owner_in(s, others, key);
	return other->key != NULL && signers_same(other->key->owner, own->key->owner) ? own : other;
}

const struct outcome_owner *
signers_of_commit(const struct signers *s, uint32_t commit)
{
	const struct standing *standing = s->c->standing;
	const uint32_t key = s->h->commits[commit].signature.key;
	if (standing == NULL || standing->judged_by == NULL)
		return owner_in(s, state_at(s, NULL, commit), key);
	const uint32_t also = standing->also_by[commit];
	return owner_in_both(s, state_at(s, standing->judged_by, commit),
	    CATCH(standing_also_by, also != STANDING_NONE) ? &standing->folders[also] : NULL, key);
}

static uint32_t
tag_commit(const struct history *h, uint32_t tag)
{
	const struct history_tag *t = &h->tags[tag];
	uint32_t commit = HISTORY_NONE;
	for (unsigned deep = 0; deep < TAGS_DEEP_MAX && t != NULL && commit == HISTORY_NONE; deep++) {
		if (t->target_index == HISTORY_NONE)
			break;
		commit = t->target_type == GIT_COMMIT ? t->target_index : HISTORY_NONE;
		t = t->target_type == GIT_TAG ? &h->tags[t->target_index] : NULL;
	}
	return commit;
}

uint32_t
standing_ref_commit(const struct history *h, const struct history_ref *ref)
{
	return ref->commit != HISTORY_NONE || ref->tag == HISTORY_NONE ? ref->commit : tag_commit(h, ref->tag);
}

const struct outcome_owner *
signers_of_tag(const struct signers *s, uint32_t tag)
{
	const struct standing *standing = s->c->standing;
	uint32_t commit = tag_commit(s->h, tag);
	const struct standing_folder *rules = state_at(s, standing == NULL ? NULL : standing->after, commit);
	/* Nobody can build on a tag, and so nothing shows that it was made while those rules stood. */
	return owner_in_both(s, rules, CATCH(standing_tag_now, rules != standing_now(standing)) ? standing_now(standing) : rules,
	    s->h->tags[tag].signature.key);
}

const struct policy *
signers_policy(const struct signers *s, uint32_t commit)
{
	const struct standing *standing = s->c->standing;
	/* Whoever audits by a policy of their own judges everything by it. */
	if (s->c->input->profile != NULL)
		return s->c->input->profile;
	const struct standing_folder *state = state_at(s, standing == NULL ? NULL : standing->judged_by, commit);
	return state == NULL ? s->c->input->policy : &state->policy;
}

bool
signers_any_platform(const struct judge_context *c, enum platform_rule rule)
{
	bool any = c->input->policy->platform == rule;
	for (uint32_t i = 0; c->standing != NULL && c->input->profile == NULL && i < c->standing->folder_count; i++)
		any |= c->standing->folders[i].authorised && c->standing->folders[i].policy.platform == rule;
	return any;
}

bool
signers_same(const struct roster_entry *a, const struct roster_entry *b)
{
	return a == b || (a != NULL && b != NULL && a->kind == b->kind && strcmp(a->id, b->id) == 0);
}
