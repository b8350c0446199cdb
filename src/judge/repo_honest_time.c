/* SPDX-License-Identifier: Apache-2.0 */
/*
 * repo.honest-time: what commits and tags claim about time and about who made them agrees with itself. Times are seconds in
 * UTC; the zone that stands beside them is never used.
 */
#include "honest.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>

void
honest_commit_outcome(const struct honest *s, uint32_t commit, struct outcome_detail *ret_detail)
{
	const struct history_commit *c = &s->h->commits[commit];
	outcome_at(&c->signature, signers_of_commit(&s->signers, commit), c->time, NULL, ret_detail);
}

void
honest_tag_outcome(const struct honest *s, uint32_t tag, struct outcome_detail *ret_detail)
{
	const struct history_tag *t = &s->h->tags[tag];
	outcome_at(&t->signature, signers_of_tag(&s->signers, tag), t->time, NULL, ret_detail);
}

/* ---- who ---- */

/* ASCII case folded, as mail addresses are compared in the roster. */
static bool
same_email(const char *known, struct assay_span email)
{
	return strlen(known) == email.len &&
	    strncasecmp(known, (const char *)email.data, email.len) == 0;
}

static bool
is_theirs(const struct roster_entry *who, struct assay_span email)
{
	for (size_t i = 0; i < who->emails.count; i++) {
		if (email.data != NULL && same_email(who->emails.items[i], email))
			return true;
	}
	return false;
}

/* The person who signed, or NULL when that isn't known or was a platform. */
static const struct roster_entry *
signer(const struct outcome_detail *d)
{
	bool person = d->who != NULL && d->who->kind == ROSTER_PERSON &&
	    (d->outcome == OUTCOME_PERSON || d->outcome == OUTCOME_OUTSIDE_WINDOW);
	return person ? d->who : NULL;
}

/* What kind of object, who signed it, and whom it names. */
static enum assay_status
find_mismatch(const struct honest *s, const char *kind, const char *what, const struct oid *id,
    const struct roster_entry *who, struct assay_span email)
{
	char hex[2 * OID_MAX + 1];
	const struct roster_entry *named = roster_by_email(s->c->input->roster, email);
	oid_hex(id, s->h->algo, hex);
	return judge_find(s->c, s->v, true, kind, hex, NULL, s->err,
	    "%s %s is signed by '%s' and names '%.*s', who is %s%s%s", what, hex, who->id,
	    (int)(email.len < 200 ? email.len : 200),
	    email.data != NULL ? (const char *)email.data : "", named != NULL ? "'" : "",
	    named != NULL ? named->id : "nobody of the roster", named != NULL ? "'" : "");
}

static enum assay_status
judge_committers(const struct honest *s)
{
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		const struct history_commit *c = &s->h->commits[i];
		if (!scope_has_commit(s->scope, i) || c->malformed)
			continue;
		struct outcome_detail d;
		honest_commit_outcome(s, i, &d);
		const struct roster_entry *who = signer(&d);
		bool other = who != NULL && !is_theirs(who, c->email);
		if (CATCH(committer_mismatch, other))
			TRY(find_mismatch(s, "committer-mismatch", "commit", &c->id, who, c->email));
	}
	return ASSAY_OK;
}

/* ---- tags ---- */

/* The time of what a tag names, as far as it has one that counts. */
static bool
target_time(const struct honest *s, const struct history_tag *t, int64_t *ret_time)
{
	if (t->target_index == HISTORY_NONE)
		return false;
	if (t->target_type == GIT_COMMIT) {
		*ret_time = s->times[t->target_index];
		return *ret_time != WHEN_MIN;
	}
	const struct history_tag *inner = &s->h->tags[t->target_index];
	*ret_time = inner->time;
	return t->target_type == GIT_TAG && inner->has_tagger;
}

static enum assay_status
judge_tag_date(const struct honest *s, const struct history_tag *t)
{
	char hex[2 * OID_MAX + 1], when[WHEN_TEXT_SIZE], named[WHEN_TEXT_SIZE];
	int64_t target = 0;
	bool older = target_time(s, t, &target) && honest_later(target, t->time, s->skew);
	oid_hex(&t->id, s->h->algo, hex);
	when_format(t->time, when);
	when_format(target, named);
	if (CATCH(tag_in_future, honest_later(t->time, s->day_end, s->skew)))
		return judge_find(s->c, s->v, true, "tag-in-future", hex, NULL, s->err,
		    "tag %s claims %s, after the day it is judged on", hex, when);
	if (CATCH(tag_backdated, older))
		return judge_find(s->c, s->v, true, "tag-backdated", hex, NULL, s->err,
		    "tag %s claims %s, but what it names is of %s", hex, when, named);
	return ASSAY_OK;
}

enum assay_status
honest_tags(struct honest *s)
{
	for (uint32_t i = 0; i < s->h->tag_count; i++) {
		const struct history_tag *t = &s->h->tags[i];
		if (!scope_has_tag(s->scope, i) || t->malformed || !t->has_tagger)
			continue;
		struct outcome_detail d;
		honest_tag_outcome(s, i, &d);
		const struct roster_entry *who = signer(&d);
		bool other = who != NULL && !is_theirs(who, t->email);
		if (CATCH(tagger_mismatch, other))
			TRY(find_mismatch(s, "tagger-mismatch", "tag", &t->id, who, t->email));
		TRY(judge_tag_date(s, t));
	}
	return ASSAY_OK;
}

/* ---- what can't be read ---- */

static enum assay_status
find_malformed(const struct honest *s, const char *what, const struct oid *id, const char *why)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(id, s->h->algo, hex);
	return judge_find(s->c, s->v, false, "malformed-object", hex, NULL, s->err,
	    "%s %s is malformed, so that what it claims can't be judged: %s", what, hex, why);
}

static enum assay_status
judge_malformed(const struct honest *s)
{
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		const struct history_commit *c = &s->h->commits[i];
		if (CATCH(commit_without_time, scope_has_commit(s->scope, i) && c->malformed))
			TRY(find_malformed(s, "commit", &c->id, c->why));
	}
	for (uint32_t i = 0; i < s->h->tag_count; i++) {
		const struct history_tag *t = &s->h->tags[i];
		if (CATCH(tag_without_time, scope_has_tag(s->scope, i) && t->malformed))
			TRY(find_malformed(s, "tag", &t->id, t->why));
	}
	return ASSAY_OK;
}

/* ---- the control ---- */

/* Without a roster nobody can say who signed and whether their key was retired; dates can still be judged. */
static enum assay_status
judge_people(struct honest *s)
{
	if (CATCH(no_roster_for_time, !s->c->input->roster->present))
		return judge_find(s->c, s->v, false, "no-roster", NULL, NULL, s->err,
		    "there is no roster: who signed, and whose keys were retired when, can't be said");
	TRY(judge_committers(s));
	return honest_entries(s);
}

static const struct judge_advice advice[] = {
	{ "commit-backdated", "find out who made it and when; a clock that was wrong is mended there, an older "
			      "date on purpose is an attack" },
	{ "commit-ahead", "find out whose clock ran ahead; when it is in the past for good, name a later commit "
			  "as cut-over in assay/policy.yaml" },
	{ "commit-in-future", "find out whose clock runs ahead, and set it by NTP" },
	{ "committer-mismatch", "the one who signs is the one who commits: set user.email to the address in "
				"assay/roster.yaml, or enter the address there" },
	{ "tagger-mismatch", "the one who signs is the one who tags: set user.email to the address in "
			     "assay/roster.yaml, or enter the address there" },
	{ "tag-backdated", "find out who made the tag and when, and make it again" },
	{ "tag-in-future", "find out whose clock runs ahead, set it by NTP, and make the tag again" },
	{ "retired-entered-late", "find out how it came in; somebody who saw it before the key was retired can "
				  "witness it, else have it signed again under a key that is in use" },
	{ "retired-unseen", "have it signed again under a key that is in use, or delete the branch when nothing needs it; "
			    "before a key is retired, let somebody else commit on top of what it signed" },
	{ "retired-tag", "make the tag again under a key that is in use, or name the tag object as cut-over in "
			 "assay/policy.yaml" },
	{ "malformed-object", "look at the object with 'git cat-file -p', and have it made again by git itself" },
	{ "release-branch-absent", "correct release-branches in assay/policy.yaml, or fetch the branch" },
	{ "no-roster", "run 'assay init' to write a starting assay/roster.yaml" },
	{ "parent-beyond-shallow", "fetch the whole history: git fetch --unshallow" },
	{ "parent-absent", "fetch the missing objects, then run git fsck" },
	{ "head-not-in-scope", "check out a branch that is in scope, or add HEAD's to branches in "
			       "assay/policy.yaml" },
	{ "cut-over-absent", "correct the id in assay/policy.yaml, or fetch the branch that holds it" },
	{ NULL, "look at the object with 'git cat-file -p' and find out who made it" },
};

static void
report_counts(const struct honest *s)
{
	judge_count(s->v, "commits judged", s->scope->commits_judged);
	judge_count(s->v, "commits exempt by cut-over", s->scope->commits_exempt);
	judge_count(s->v, "tags judged", s->scope->tags_judged);
	judge_count(s->v, "tags exempt by cut-over", s->scope->tags_exempt);
	judge_count(s->v, "parents compared", s->edges);
	judge_count(s->v, "under a retired key, seen in time", s->entered);
}

enum assay_status
judge_repo_honest_time(const struct judge_context *c, struct control_verdict *v,
    struct assay_error *err)
{
	struct scope *scope = NULL;
	struct honest s = { .c = c, .v = v, .err = err, .skew = c->input->policy->skew_seconds };
	s.h = evidence_facts(c->input->evidence, HISTORY_KIND);
	s.day_end = c->input->date + WHEN_DAY;
	TRY(scope_new(c, v, s.h, &scope, err));
	s.scope = scope;
	TRY(signers_init(c, s.h, &s.signers, err));
	TRY(honest_dates(&s));
	TRY(honest_tags(&s));
	TRY(judge_malformed(&s));
	TRY(judge_people(&s));
	report_counts(&s);
	uint64_t judged = (uint64_t)scope->commits_judged + scope->tags_judged;
	return judge_conclude(c, v, judged,
	    "no commit or tag is older than what it is built on, signers are the committers, and retired keys "
	    "signed nothing that came late",
	    advice, err);
}
