/* SPDX-License-Identifier: Apache-2.0 */
/*
 * repo.signed: every commit and annotated tag in scope carries a signature by a person of the roster.
 */
#include "exceptions.h"
#include "merges.h"
#include "rows.h"
#include "scope.h"
#include "standing.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <inttypes.h>
#include <judge/outcome.h>

/* A commit or a tag, as far as its signature goes. */
struct signed_object {
	const char *what; /* "commit", "tag" */
	const struct oid *id;
	const struct history_signature *signature;
	const struct outcome_owner *owner; /* of its key; NULL where it names none */
	const struct policy *policy;       /* by whose rules it is judged */
	int64_t time;
	bool has_time;
	uint32_t commit; /* HISTORY_NONE: a tag */
	const char *malformed; /* why, or NULL */
};

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct history *h;
	const struct scope *scope;
	struct signers signers;
	struct merges *merges; /* where the policy asks for them */
	struct assay_error *err;
	uint64_t outcomes[OUTCOME_COUNT];
	uint64_t witnessed, touched, untouched;
	uint64_t historic; /* signed by people before any rules were in force, by keys that were granted later */
};

static struct signed_object
commit_object(const struct state *s, uint32_t i)
{
	const struct history_commit *c = &s->h->commits[i];
	return (struct signed_object){ "commit", &c->id, &c->signature, signers_of_commit(&s->signers, i),
		signers_policy(&s->signers, i), c->time, true, i,
		c->malformed ? c->why : NULL };
}

static struct signed_object
tag_object(const struct state *s, uint32_t i)
{
	const struct history_tag *t = &s->h->tags[i];
	return (struct signed_object){ "tag", &t->id, &t->signature, signers_of_tag(&s->signers, i),
		s->c->input->policy, t->time, t->has_tagger, HISTORY_NONE,
		t->malformed ? t->why : NULL };
}

static void
outcome_for(const struct signed_object *o, struct outcome_detail *ret)
{
	outcome_at(o->signature, o->owner, o->time, NULL, ret);
	/* Without a date there is nothing to hold against a window. */
	bool good = ret->outcome == OUTCOME_PERSON || ret->outcome == OUTCOME_PLATFORM;
	if (CATCH(tag_undated, good && !o->has_time)) {
		ret->outcome = OUTCOME_OUTSIDE_WINDOW;
		ret->code = "no-date";
	}
}

/* ---- what is a gap ---- */

static bool
platform_refused(const struct state *s, const struct signed_object *o)
{
	enum platform_rule rule = o->policy->platform;
	const bool merges = rule == PLATFORM_MERGES && o->commit != HISTORY_NONE;
	return rule != PLATFORM_ACCEPT && !(merges && merges_joins(s->merges, o->commit));
}

static bool
is_gap(const struct state *s, const struct signed_object *o, enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_PERSON:
		return false;
	case OUTCOME_PLATFORM:
		return CATCH(platform_signature, platform_refused(s, o));
	case OUTCOME_UNKNOWN_KEY:
		return CATCH(unknown_key, s->c->input->roster->present);
	case OUTCOME_OUTSIDE_WINDOW:
		return true;
	case OUTCOME_UNSIGNED:
		return CATCH(unsigned_object, true);
	case OUTCOME_UNVERIFIED:
		return false;
	case OUTCOME_BAD:
		break;
	}
	return CATCH(bad_signature, true);
}

static bool
is_open(const struct state *s, enum outcome outcome)
{
	if (outcome == OUTCOME_UNVERIFIED)
		return CATCH(unverified_kind, true);
	return outcome == OUTCOME_UNKNOWN_KEY && CATCH(no_roster, !s->c->input->roster->present);
}

/* ---- in words ---- */

struct words {
	char hex[2 * OID_MAX + 1];
	char when[WHEN_TEXT_SIZE];
	const char *key;
	const char *who;
};

static void
words_for(const struct state *s, const struct signed_object *o, const struct outcome_detail *d,
    struct words *ret)
{
	uint32_t key = o->signature->key;
	oid_hex(o->id, s->h->algo, ret->hex);
	if (o->has_time)
		when_format(o->time, ret->when);
	else
		(void)snprintf(ret->when, sizeof ret->when, "no date");
	ret->key = key == HISTORY_NONE ? "unreadable" : s->h->keys[key].fingerprint;
	ret->who = d->who != NULL ? d->who->id : "nobody";
}

static const char *
unsigned_id(const struct signed_object *o)
{
	return o->what[0] == 't' ? "unsigned-tag" : "unsigned-commit";
}

static enum assay_status
add_gap(struct state *s, const struct signed_object *o, const struct outcome_detail *d)
{
	struct words w;
	words_for(s, o, d, &w);
	switch (d->outcome) {
	case OUTCOME_UNSIGNED:
		return judge_find(s->c, s->v, true, unsigned_id(o), w.hex, NULL, s->err,
		    "%s %s (%s) is not signed", o->what, w.hex, w.when);
	case OUTCOME_PLATFORM:
		return judge_find(s->c, s->v, true, "platform-signature", w.hex, NULL, s->err,
		    "%s %s (%s) is signed by the platform '%s', not by a person", o->what, w.hex,
		    w.when, w.who);
	case OUTCOME_UNKNOWN_KEY:
		return judge_find(s->c, s->v, true, d->code, w.hex, NULL, s->err,
		    "%s %s (%s) is signed with key %s, which the roster gives to nobody (%s)",
		    o->what, w.hex, w.when, w.key, d->code);
	case OUTCOME_OUTSIDE_WINDOW:
		return judge_find(s->c, s->v, true, d->code, w.hex, NULL, s->err,
		    "%s %s claims %s, outside the window of key %s of '%s' (%s)", o->what, w.hex,
		    w.when, w.key, w.who, d->code);
	default:
		break;
	}
	if (o->malformed != NULL)
		return judge_find(s->c, s->v, true, "malformed-object", w.hex, NULL, s->err,
		    "%s %s is malformed and so signed by nobody: %s", o->what, w.hex, o->malformed);
	return judge_find(s->c, s->v, true, d->code, w.hex, NULL, s->err,
	    "%s %s (%s) carries a bad signature (%s)", o->what, w.hex, w.when, d->code);
}

static enum assay_status
add_open(struct state *s, const struct signed_object *o, const struct outcome_detail *d)
{
	struct words w;
	words_for(s, o, d, &w);
	if (d->outcome == OUTCOME_UNKNOWN_KEY)
		return judge_find(s->c, s->v, false, "no-roster", w.hex, NULL, s->err,
		    "%s %s is signed with key %s, and there is no roster that could name its owner",
		    o->what, w.hex, w.key);
	if (o->signature->code == SIG_CODE_KEY_TYPE)
		return judge_find(s->c, s->v, false, "key-type-not-verified", w.hex, NULL, s->err,
		    "%s %s is signed with a kind of SSH key or hash that this version doesn't verify",
		    o->what, w.hex);
	return judge_find(s->c, s->v, false,
	    o->signature->format == SIG_OPENPGP ? "openpgp-not-verified" : "x509-not-verified", w.hex,
	    NULL, s->err, "%s %s carries an %s signature, which this version doesn't verify", o->what,
	    w.hex, sig_format_name(o->signature->format));
}

static void
count_object(struct state *s, const struct signed_object *o, const struct outcome_detail *d)
{
	s->outcomes[d->outcome]++;
	s->witnessed += d->witnessed;
	if (!o->signature->sk.present)
		return;
	s->touched += o->signature->sk.user_presence;
	s->untouched += !o->signature->sk.user_presence;
}

/* Before the first rules came into force with a commit, nobody had granted a key; that commit itself shows which it grants. */
static bool
is_historic(const struct state *s, uint32_t commit)
{
	const struct standing *st = s->c->standing;
	return judge_authorised(s->c) && st != NULL && st->judged_by != NULL && st->judged_by[commit] == STANDING_NONE
	    && st->after[commit] == STANDING_NONE;
}

static enum assay_status
judge_object(struct state *s, const struct signed_object *o)
{
	struct outcome_detail d;
	outcome_for(o, &d);
	count_object(s, o, &d);
	s->historic += d.outcome == OUTCOME_PERSON && o->commit != HISTORY_NONE && is_historic(s, o->commit);
	if (is_gap(s, o, d.outcome))
		return add_gap(s, o, &d);
	return is_open(s, d.outcome) ? add_open(s, o, &d) : ASSAY_OK;
}

/* Keys count for the time before they were granted when people say so, in a record that they sign. */
static enum assay_status
judge_historic(const struct state *s)
{
	const char *why = s->historic > 0 ? exceptions_no_import(s->c) : NULL;
	if (CATCH(signed_historic, why != NULL))
		return judge_find(s->c, s->v, false, "historic-import-missing", NULL, NULL, s->err,
		    "%" PRIu64 " %s older than any authority, signed by keys that were granted later: %s", s->historic,
		    s->historic == 1 ? "commit is" : "commits are", why);
	return ASSAY_OK;
}

/* A signature covers the tag's own name, not the ref's: a ref could show an old signed tag under a new name. */
static enum assay_status
judge_tag_names(struct state *s)
{
	static const char below[] = "refs/tags/";
	for (uint32_t i = 0; i < s->h->ref_count; i++) {
		const struct history_ref *ref = &s->h->refs[i];
		if (ref->tag == HISTORY_NONE || !scope_has_tag(s->scope, ref->tag) ||
		    strncmp(ref->name, below, sizeof below - 1) != 0)
			continue;
		const struct history_tag *t = &s->h->tags[ref->tag];
		bool other = !t->malformed &&
		    !assay_span_equal(t->name, assay_span_str(ref->name + sizeof below - 1));
		if (CATCH(tag_renamed, other))
			TRY(judge_find(s->c, s->v, true, "tag-renamed", ref->name, NULL, s->err,
			    "'%s' shows a tag object that was signed as '%.*s'", ref->name,
			    (int)(t->name.len < 200 ? t->name.len : 200), (const char *)t->name.data));
	}
	return ASSAY_OK;
}

static void
report_counts(const struct state *s)
{
	uint64_t in_window = s->outcomes[OUTCOME_PERSON] + s->outcomes[OUTCOME_PLATFORM];
	judge_count(s->v, "commits in scope", s->scope->commits_judged);
	judge_count(s->v, "commits exempt by cut-over", s->scope->commits_exempt);
	judge_count(s->v, "tags in scope", s->scope->tags_judged);
	judge_count(s->v, "tags exempt by cut-over", s->scope->tags_exempt);
	judge_count(s->v, "commits older than any authority", s->historic);
	judge_count(s->v, "signed by a person", s->outcomes[OUTCOME_PERSON]);
	judge_count(s->v, "signed by a platform", s->outcomes[OUTCOME_PLATFORM]);
	judge_count(s->v, "signed with an unknown key", s->outcomes[OUTCOME_UNKNOWN_KEY]);
	judge_count(s->v, "outside the key's window", s->outcomes[OUTCOME_OUTSIDE_WINDOW]);
	judge_count(s->v, "bad signatures", s->outcomes[OUTCOME_BAD]);
	judge_count(s->v, "unsigned", s->outcomes[OUTCOME_UNSIGNED]);
	judge_count(s->v, "not verified by this version", s->outcomes[OUTCOME_UNVERIFIED]);
	judge_count(s->v, "in window (claimed)", in_window - s->witnessed);
	judge_count(s->v, "in window (witnessed)", s->witnessed);
	judge_count(s->v, "security key, touched", s->touched);
	judge_count(s->v, "security key, not touched", s->untouched);
}

static const struct judge_advice advice[] = {
	{ "unsigned-commit", "sign from now on (git config commit.gpgsign true), and name the last "
			     "unsigned commit as cut-over in assay/policy.yaml" },
	{ "unsigned-tag", "sign tags (git config tag.gpgsign true), and name old unsigned tag objects as "
			  "cut-over in assay/policy.yaml" },
	{ "unknown-key", "find out whose key it is; when it is one of yours, enter it in assay/roster.yaml "
			 "with the time from which it counts" },
	{ "unknown-authority", "enter the certificate authority in assay/roster.yaml, or sign with an enrolled "
			       "key" },
	{ "unknown-principal", "enter the certificate's principal with its person in assay/roster.yaml" },
	{ "platform-signature", "let people sign their own commits, or say in assay/policy.yaml what a "
				"platform's signature is worth" },
	{ "historic-import-missing", "have it requested and approved, as 'verdict: historic-import' of assay-exception(5), or name the last "
				     "such commit as cut-over in assay/policy.yaml" },
	{ "no-roster", "run 'assay init' to write a starting assay/roster.yaml" },
	{ "openpgp-not-verified", "nothing to do: a later version verifies OpenPGP; SSH signatures are "
				  "verified today" },
	{ "x509-not-verified", "nothing to do: a later version verifies X.509; SSH signatures are verified "
			       "today" },
	{ "parent-beyond-shallow", "fetch the whole history: git fetch --unshallow" },
	{ "parent-absent", "fetch the missing objects, then run git fsck" },
	{ "head-not-in-scope", "check out a branch that is in scope, or add HEAD's to branches in "
			       "assay/policy.yaml" },
	{ "cut-over-absent", "correct the id in assay/policy.yaml, or fetch the branch that holds it" },
	{ "tag-renamed", "find out who pointed the ref there, and point it at the tag object of its name" },
	{ NULL, "look at the object with 'git log' or 'git cat-file -p', find out who made it, and have it "
		"made again under the right key" },
};

enum assay_status
judge_repo_signed(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct scope *scope = NULL;
	struct merges merges = { 0 };
	struct state s = { .c = c, .v = v, .merges = &merges, .err = err };
	s.h = evidence_facts(c->input->evidence, HISTORY_KIND);
	TRY(scope_new(c, v, s.h, &scope, err));
	s.scope = scope;
	if (signers_any_platform(c, PLATFORM_MERGES))
		TRY(merges_new(c, s.h, scope, &merges, err));
	TRY(signers_init(c, s.h, &s.signers, err));
	for (uint32_t i = 0; i < s.h->commit_count; i++) {
		if (!scope_has_commit(scope, i))
			continue;
		struct signed_object o = commit_object(&s, i);
		TRY(judge_object(&s, &o));
	}
	for (uint32_t i = 0; i < s.h->tag_count; i++) {
		struct signed_object o = tag_object(&s, i);
		if (scope_has_tag(scope, i))
			TRY(judge_object(&s, &o));
	}
	TRY(judge_tag_names(&s));
	TRY(judge_historic(&s));
	report_counts(&s);
	uint64_t judged = (uint64_t)scope->commits_judged + scope->tags_judged;
	return judge_conclude(c, v, judged,
	    "every commit and tag in scope is signed by a person of the roster, inside the key's window",
	    advice, err);
}
