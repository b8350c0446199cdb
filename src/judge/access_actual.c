/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access.actual, as far as a clone shows it: who acts without being listed, who is listed and has left.
 */
#include "access.h"
#include "merges.h"
#include "owners.h"
#include "rows.h"
#include "scope.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <judge/outcome.h>
#include <string.h>

/* One thing that somebody did, under a name: an address, or a key's fingerprint. */
struct act {
	struct assay_span name;
	const struct roster_entry *who; /* of a key; NULL: to be found by the name */
	bool by_key;
	unsigned takes;  /* bits of rights, one of which it takes */
	int64_t time;
	uint32_t object; /* commit, or commits and then tags */
};

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct history *h;
	const struct scope *scope;
	struct merges merges;
	const struct outcome_owner *owners;
	struct access_list a;
	struct act *acts;
	size_t act_count;
	int64_t *last;         /* of each entry of the roster: when it acted last, WHEN_MIN when never */
	uint64_t actors, listed, malformed;
	struct assay_error *err;
};

/* ---- what was done ---- */

static void
act(struct state *s, struct assay_span name, const struct history_signature *sig, unsigned takes,
    int64_t time, uint32_t object)
{
	s->acts[s->act_count++] = (struct act){ .name = name, .takes = takes, .time = time, .object = object };
	if (sig->result != SIG_VALID || sig->key == HISTORY_NONE)
		return;
	const struct roster_entry *who = s->owners[sig->key].who;
	s->acts[s->act_count++] = (struct act){ .name = assay_span_str(s->h->keys[sig->key].fingerprint),
		.who = who, .by_key = true, .takes = takes, .time = time, .object = object };
}

static bool
is_platform(const struct state *s, struct assay_span email)
{
	const struct roster *r = s->c->input->roster;
	for (size_t i = 0; i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		for (size_t k = 0; e->kind == ROSTER_PLATFORM && k < e->emails.count; k++) {
			if (assay_span_equal(assay_span_str(e->emails.items[k]), email))
				return true;
		}
	}
	return false;
}

static void
gather_commits(struct state *s)
{
	const unsigned commit_takes = RIGHT_WRITE | RIGHT_ADMINISTER;
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		const struct history_commit *c = &s->h->commits[i];
		if (!scope_has_commit(s->scope, i))
			continue;
		if (c->malformed) {
			s->malformed++;
			continue;
		}
		/* What merges nothing is content, which takes the right to write. */
		const bool merge = merges_joins(&s->merges, i);
		act(s, c->email, &c->signature, commit_takes | (merge ? RIGHT_APPROVE : 0), c->time, i);
		/* A forge that merges does so on the word of whoever it names as author. */
		if (merge && !assay_span_equal(c->email, c->author_email))
			s->acts[s->act_count++] = (struct act){ .name = c->author_email,
				.takes = commit_takes | RIGHT_APPROVE, .time = c->time, .object = i };
	}
	for (uint32_t i = 0; i < s->h->tag_count; i++) {
		const struct history_tag *t = &s->h->tags[i];
		if (scope_has_tag(s->scope, i) && !t->malformed && t->has_tagger)
			act(s, t->email, &t->signature, commit_takes | RIGHT_SIGN, t->time, s->h->commit_count + i);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct act *x = a, *y = b;
	const size_t len = x->name.len < y->name.len ? x->name.len : y->name.len;
	int r = len > 0 ? memcmp(x->name.data, y->name.data, len) : 0;
	if (r == 0)
		r = (x->name.len > y->name.len) - (x->name.len < y->name.len);
	if (r == 0)
		r = (x->time > y->time) - (x->time < y->time);
	return r != 0 ? r : (x->object > y->object) - (x->object < y->object);
}

/* ---- held against the register ---- */

/* How far the grants of one holder reach on a repository. */
enum reach { REACH_NONE, REACH_ANOTHER_TIME, REACH_TOO_LITTLE, REACH_ENOUGH };

static bool
is_on_repository(const struct access_grant *g)
{
	for (size_t i = 0; i < g->system_count; i++) {
		if (g->systems[i]->kind == ACCESS_REPOSITORY)
			return true;
	}
	return false;
}

static enum reach
reach_of(const struct state *s, const char *id, const struct act *a)
{
	enum reach best = REACH_NONE;
	for (size_t i = 0; i < s->a.grant_count && best != REACH_ENOUGH; i++) {
		const struct access_grant *g = &s->a.grants[i];
		enum reach now = REACH_ANOTHER_TIME;
		if (strcmp(g->who, id) != 0 || !is_on_repository(g))
			continue;
		if (access_holds(g, a->time))
			now = (g->rights & a->takes) != 0 ? REACH_ENOUGH : REACH_TOO_LITTLE;
		if (now > best)
			best = now;
	}
	return best;
}

static void
object_hex(const struct state *s, uint32_t object, char *out)
{
	const bool commit = object < s->h->commit_count;
	oid_hex(commit ? &s->h->commits[object].id : &s->h->tags[object - s->h->commit_count].id, s->h->algo, out);
}

static enum assay_status
gap(const struct state *s, const char *id, const struct act *a, const char *words, size_t times)
{
	char hex[2 * OID_MAX + 1];
	const char *name = arena_copy(s->c->arena, a->name);
	if (name == NULL)
		return arena_full(s->err);
	object_hex(s, a->object, hex);
	return judge_find(s->c, s->v, true, id, name, NULL, s->err, "'%s' %s: %zu times, first in %s", name, words,
	    times, hex);
}

/* The acts of one name that its rights don't reach, by how far they do. */
struct excess {
	const struct act *first[REACH_ENOUGH];
	size_t times[REACH_ENOUGH];
};

static enum assay_status
find_excess(const struct state *s, const struct excess *e)
{
	if (CATCH(actual_unlisted, e->first[REACH_NONE] != NULL))
		TRY(gap(s, "acts-unlisted", e->first[REACH_NONE], "acts and holds no right on a repository",
		    e->times[REACH_NONE]));
	if (CATCH(actual_another_time, e->first[REACH_ANOTHER_TIME] != NULL))
		TRY(gap(s, "acted-outside-grant", e->first[REACH_ANOTHER_TIME], "acted when the right didn't hold",
		    e->times[REACH_ANOTHER_TIME]));
	if (CATCH(actual_too_little, e->first[REACH_TOO_LITTLE] != NULL))
		TRY(gap(s, "acted-beyond-right", e->first[REACH_TOO_LITTLE], "did what its rights don't hold",
		    e->times[REACH_TOO_LITTLE]));
	return ASSAY_OK;
}

/* The id under which the register would list who acted; NULL: nobody that is known. */
static const char *
listed_as(const struct state *s, const struct act *a, const struct roster_entry *who)
{
	if (who != NULL)
		return who->id;
	const struct access_service *service = a->by_key ? NULL : access_service_by_email(&s->a, a->name);
	return service != NULL ? service->id : NULL;
}

static enum assay_status
judge_actor(struct state *s, const struct act *acts, size_t count)
{
	struct excess e = { .times = { 0 } };
	const struct roster *roster = s->c->input->roster;
	const struct roster_entry *who = acts->by_key ? acts->who : roster_by_email(roster, acts->name);
	const char *id = listed_as(s, acts, who);
	/* What a forge does stands in the roster, and repo.signed says what its signature is worth. */
	if (acts->by_key ? who != NULL && who->kind == ROSTER_PLATFORM : is_platform(s, acts->name))
		return ASSAY_OK;
	s->actors++;
	if (who != NULL && acts[count - 1].time > s->last[who - roster->entries])
		s->last[who - roster->entries] = acts[count - 1].time;
	for (size_t i = 0; i < count; i++) {
		const enum reach reach = id != NULL ? reach_of(s, id, &acts[i]) : REACH_NONE;
		if (reach == REACH_ENOUGH)
			continue;
		if (e.first[reach] == NULL)
			e.first[reach] = &acts[i];
		e.times[reach]++;
	}
	return find_excess(s, &e);
}

static enum assay_status
judge_acts(struct state *s)
{
	qsort(s->acts, s->act_count, sizeof *s->acts, compare);
	for (size_t i = 0; i < s->act_count;) {
		size_t end = i + 1;
		while (end < s->act_count && assay_span_equal(s->acts[end].name, s->acts[i].name))
			end++;
		TRY(judge_actor(s, &s->acts[i], end - i));
		i = end;
	}
	return ASSAY_OK;
}

/* ---- who owns ---- */

static enum assay_status
judge_owner(const struct state *s, const struct owners_of_tree *file, const struct owners_rule *rule, const char *owner)
{
	const struct act review = { .takes = RIGHT_WRITE | RIGHT_APPROVE | RIGHT_ADMINISTER, .time = s->c->input->date };
	const struct roster_entry *who = owners_person(s->c, owner);
	struct judge_place place = { owner, file->path, rule->line, 1, NULL };
	if (CATCH(actual_owner_unlisted, who != NULL && reach_of(s, who->id, &review) != REACH_ENOUGH))
		return judge_find_at(s->c, s->v, true, "owner-unlisted", &place, s->err,
		    "'%s' owns paths, and holds no right to write or approve on a repository", owner);
	return ASSAY_OK;
}

/* Owners approve, which is an act. */
static enum assay_status
judge_owners(const struct state *s)
{
	struct owners_of_tree files[OWNERS_FILES];
	size_t count = 0;
	uint64_t left = OWNERS_RULES_MAX;
	TRY(owners_read(s->c, NULL, files, &count, s->err));
	for (size_t i = 0; i < count && i < OWNERS_FILES; i++) {
		const struct owners_file *f = &files[i].file;
		for (size_t k = 0; k < f->rule_count; k++) {
			for (size_t n = 0; n < f->rules[k]->owners.count && left > 0; n++, left--)
				TRY(judge_owner(s, &files[i], f->rules[k], f->rules[k]->owners.items[n]));
		}
	}
	return ASSAY_OK;
}

/* ---- who has left ---- */

static bool
keys_ended(const struct roster_entry *e, int64_t day)
{
	for (size_t i = 0; i < e->key_count; i++) {
		const struct roster_key *k = &e->keys[i];
		if (k->until > day && k->retired > day && k->compromised_since > day)
			return false;
	}
	return e->key_count > 0 && e->foreign_count == 0;
}

static enum assay_status
judge_leavers(struct state *s)
{
	const int64_t day = s->c->input->date;
	const int64_t begin = day - (int64_t)s->c->input->policy->access_review_days * WHEN_DAY;
	for (size_t i = 0; i < s->a.grant_count; i++) {
		const struct access_grant *g = &s->a.grants[i];
		const struct roster_entry *who = record_person(s->c, g->who);
		if (who == NULL || !access_holds(g, day))
			continue;
		s->listed++;
		const bool quiet = s->last[who - s->c->input->roster->entries] < begin;
		struct judge_place place = { g->who, ACCESS_PATH, g->line, 1, g->systems[0]->id };
		if (CATCH(actual_left, keys_ended(who, day) && quiet))
			TRY(judge_find_at(s->c, s->v, false, "listed-and-left", &place, s->err,
			    "'%s' still holds rights on '%s', has no key that is good any more, and did nothing since the "
			    "last review was due: has '%s' left?", g->who, g->systems[0]->id, g->who));
	}
	if (CATCH(actual_overdue, s->a.review.given && access_is_overdue(s->c, &s->a.review)))
		TRY(judge_find_at(s->c, s->v, true, "review-overdue",
		    &(struct judge_place){ ACCESS_PATH, ACCESS_PATH, s->a.review.line, 1, NULL }, s->err,
		    "the register was last reviewed longer ago than the policy lets it be"));
	return ASSAY_OK;
}

/* Accounts, collaborators, deploy keys and token roles are set up where a clone doesn't show them. */
static enum assay_status
say_unseen(const struct state *s)
{
	for (size_t i = 0; i < s->a.system_count; i++) {
		const struct access_system *sys = &s->a.systems[i];
		struct judge_place place = { sys->id, ACCESS_PATH, sys->line, 1, NULL };
		if (CATCH(actual_not_captured, true))
			TRY(judge_find_at(s->c, s->v, false, "not-captured", &place, s->err,
			    "who has access to '%s' (%s) was not looked at: a clone doesn't show accounts, keys and tokens",
			    sys->id, access_kind_name(sys->kind)));
	}
	if (CATCH(actual_malformed, s->malformed > 0))
		return judge_find(s->c, s->v, false, "malformed-object", NULL, NULL, s->err,
		    "%llu commits can't be read: who made them can't be told", (unsigned long long)s->malformed);
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "no-register", "let 'assay init' propose one, or write " ACCESS_PATH " by assay-access(5)" },
	{ "no-roster", "write assay/roster.yaml: 'assay init' proposes one" },
	{ "acts-unlisted", "take the access away, or enter the right in " ACCESS_PATH " with its reason and have it reviewed" },
	{ "acted-outside-grant", "find out how it was possible, and correct since and until in " ACCESS_PATH " or take the access away" },
	{ "acted-beyond-right", "find out how it was possible, and take the access away or enter the right" },
	{ "owner-unlisted", "take the owner out of CODEOWNERS, or enter the right in " ACCESS_PATH " and have it reviewed" },
	{ "deploys-unlisted", "list the account that the job uses under services: in " ACCESS_PATH ", and its right to deploy under grants:" },
	{ "review-overdue", "go through the list again, take away what nobody needs, and enter the day under reviewed:" },
	{ "listed-and-left", "end the right with until:, and take the account away; or enter the person's new key" },
	{ "not-captured", "lay the forge's, hosts' and tokens' own lists beside the register; a clone alone can't show them" },
	{ "malformed-object", "see repo.signed" },
	{ NULL, "see assay-access(5)" },
};

enum assay_status
judge_access_actual(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .h = evidence_facts(c->input->evidence, HISTORY_KIND), .err = err };
	struct scope *scope;
	bool read;
	TRY(access_read(c, v, &s.a, &read, err));
	if (!read)
		return judge_conclude(c, v, 0, "", advice, err);
	TRY(scope_new(c, v, s.h, &scope, err));
	TRY(outcome_owners(s.h, c->input->roster, c->arena, &s.owners, err));
	s.scope = scope;
	TRY(merges_new(c, s.h, scope, &s.merges, err));
	s.acts = arena_array(c->arena, 3 * (size_t)s.h->commit_count + 2 * (size_t)s.h->tag_count + 1, sizeof *s.acts);
	s.last = arena_array(c->arena, c->input->roster->count + 1, sizeof *s.last);
	if (s.acts == NULL || s.last == NULL)
		return arena_full(err);
	for (size_t i = 0; i < c->input->roster->count; i++)
		s.last[i] = WHEN_MIN;
	gather_commits(&s);
	TRY(judge_acts(&s));
	TRY(judge_owners(&s));
	TRY(access_deployments(c, v, &s.a, err));
	TRY(judge_leavers(&s));
	TRY(say_unseen(&s));
	judge_count(v, "commits and tags looked at", scope->commits_judged + (uint64_t)scope->tags_judged);
	judge_count(v, "addresses and keys that acted", s.actors);
	judge_count(v, "rights of people that hold", s.listed);
	return judge_conclude(c, v, s.act_count, "whoever acts in the history is listed, and nobody listed seems to have left",
	    advice, err);
}
