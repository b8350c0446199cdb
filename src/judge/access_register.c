/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access.register: who may do what is written down, complete, and was looked at by somebody else in time.
 */
#include "access.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <string.h>

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct sources *sources;
	struct access_list a;
	struct record_signed signatures;
	const struct access_review *seen; /* the review that was asked about last */
	uint64_t held, ended;
	struct assay_error *err;
};

static enum assay_status
gap(const struct state *s, const char *id, const char *object, unsigned line, const char *words,
    const char *about)
{
	struct judge_place place = { object, ACCESS_PATH, line, 1, about };
	return judge_find_at(s->c, s->v, true, id, &place, s->err, "%s '%s'%s%s%s", words, object,
	    about != NULL ? " on '" : "", about != NULL ? about : "", about != NULL ? "'" : "");
}

/* ---- systems ---- */

static bool
has_kind(const struct access_list *a, enum access_kind kind)
{
	for (size_t i = 0; i < a->system_count; i++) {
		if (a->systems[i].kind == kind)
			return true;
	}
	for (size_t i = 0; i < a->absence_count; i++) {
		if (a->absences[i].kind == kind)
			return true;
	}
	return false;
}

/* What there is of a kind of system that is said to be absent; NULL: nothing that is seen. */
static const char *
seen_of(const struct state *s, enum access_kind kind)
{
	if (kind == ACCESS_REPOSITORY)
		return "the repository that is looked at";
	return kind == ACCESS_PIPELINE ? record_pipeline(s->sources) : NULL;
}

static enum assay_status
judge_kinds(const struct state *s)
{
	for (unsigned kind = 0; kind < ACCESS_KINDS_DEMANDED; kind++) {
		if (CATCH(access_kind_missing, !has_kind(&s->a, (enum access_kind)kind)))
			TRY(gap(s, "kind-missing", access_kind_name((enum access_kind)kind), 0,
			    "no system is listed, and none is said to be absent, of the kind", NULL));
	}
	for (size_t i = 0; i < s->a.absence_count; i++) {
		const struct access_absence *n = &s->a.absences[i];
		const char *seen = seen_of(s, n->kind);
		if (CATCH(access_absent_but_seen, seen != NULL))
			TRY(gap(s, "absent-but-seen", access_kind_name(n->kind), n->line,
			    "said to be absent, and there is one: the kind", NULL));
	}
	return ASSAY_OK;
}

static bool
is_used(const struct state *s, const struct access_system *sys)
{
	for (size_t i = 0; i < s->a.grant_count; i++) {
		const struct access_grant *g = &s->a.grants[i];
		for (size_t k = 0; k < g->system_count && access_holds(g, s->c->input->date); k++) {
			if (g->systems[k] == sys)
				return true;
		}
	}
	return false;
}

static enum assay_status
judge_owners(const struct state *s)
{
	for (size_t i = 0; i < s->a.system_count; i++) {
		const struct access_system *sys = &s->a.systems[i];
		if (CATCH(access_owner_unknown, record_person(s->c, sys->owner) == NULL))
			TRY(gap(s, "owner-unknown", sys->owner, sys->line,
			    "an owner who is nobody of the roster:", sys->id));
		if (CATCH(access_system_unused, !is_used(s, sys)))
			TRY(gap(s, "system-without-rights", sys->id, sys->line,
			    "nobody is listed with a right on", NULL));
	}
	for (size_t i = 0; i < s->a.service_count; i++) {
		const struct access_service *service = &s->a.services[i];
		if (CATCH(access_service_orphan, record_person(s->c, service->owner) == NULL))
			TRY(gap(s, "service-without-owner", service->id, service->line,
			    "nobody of the roster answers for the service", NULL));
	}
	return ASSAY_OK;
}

/* ---- grants ---- */

static enum assay_status
judge_holder(const struct state *s, const struct access_grant *g)
{
	const bool person = record_person(s->c, g->who) != NULL;
	const struct access_service *service = access_service_by_id(&s->a, g->who);
	if (CATCH(access_holder_unknown, !person && service == NULL))
		TRY(gap(s, "holder-unknown", g->who, g->line, "a right of somebody who is neither on the roster nor a service:",
		    g->systems[0]->id));
	/* A name that is both a person's and a service's would be judged as whichever suits. */
	if (CATCH(access_holder_both, person && service != NULL))
		TRY(gap(s, "holder-ambiguous", g->who, g->line, "a person and a service share the name", NULL));
	if (CATCH(access_service_approves, !person && service != NULL && (g->rights & RIGHT_APPROVE) != 0))
		TRY(gap(s, "service-approves", g->who, g->line, "a service may approve, which takes a person:",
		    g->systems[0]->id));
	return ASSAY_OK;
}

/* Whether somebody other than the holder, or than who answers for the service, was among those who reviewed. */
static bool
another_looked(const struct state *s, const struct access_grant *g, const struct access_review *r)
{
	const struct access_service *service = access_service_by_id(&s->a, g->who);
	const char *holder = service != NULL ? service->owner : g->who;
	for (size_t i = 0; i < r->by.count; i++) {
		if (strcmp(r->by.items[i], holder) != 0)
			return true;
	}
	return false;
}

/* Nor is a colleague's name beside the holder's a second look. */
static bool
another_signed(const struct state *s, const struct access_grant *g, const struct access_review *r)
{
	const struct access_service *service = access_service_by_id(&s->a, g->who);
	const char *holder = service != NULL ? service->owner : g->who;
	for (size_t i = 0; i < r->by.count; i++) {
		if (strcmp(r->by.items[i], holder) != 0 && record_signed_by(&s->signatures, SIGNOFF_REVIEW, &r->by.items[i], 1))
			return true;
	}
	return false;
}

/* A review in somebody's name is theirs when they signed the register as it stands. */
static enum assay_status
judge_signature(struct state *s, const struct access_grant *g, const struct access_review *r)
{
	struct judge_place place = { ACCESS_PATH, ACCESS_PATH, r->line, 1, NULL };
	const bool any = record_signed_by(&s->signatures, SIGNOFF_REVIEW, r->by.items, r->by.count), known = r == s->seen;
	s->seen = r;
	if (CATCH(access_review_unsigned, !any))
		return known ? ASSAY_OK : judge_find_at(s->c, s->v, false, "review-unsigned", &place, s->err,
		    "none of those who are said to have reviewed the register has signed it as it stands");
	place.discriminator = g->who;
	if (CATCH(access_second_unsigned, !s->c->input->policy->own_review && another_looked(s, g, r) && !another_signed(s, g, r)))
		return judge_find_at(s->c, s->v, false, "review-unsigned", &place, s->err,
		    "of those who are said to have reviewed the rights of '%s', nobody but the holder has signed the register as it stands",
		    g->who);
	return ASSAY_OK;
}

static enum assay_status
judge_review(struct state *s, const struct access_grant *g)
{
	const struct access_review *r = access_last_review(&s->a, g);
	if (CATCH(access_never_reviewed, r == NULL))
		return gap(s, "never-reviewed", g->who, g->line, "nobody has reviewed the rights of", g->systems[0]->id);
	if (r == NULL)
		return ASSAY_OK;
	TRY(judge_signature(s, g, r));
	for (size_t i = 0; i < r->by.count; i++) {
		if (CATCH(access_reviewer_unknown, record_person(s->c, r->by.items[i]) == NULL))
			TRY(gap(s, "reviewer-unknown", r->by.items[i], r->line, "a reviewer who is nobody of the roster:", NULL));
	}
	if (CATCH(access_review_ahead, r->on >= s->c->input->date + WHEN_DAY))
		TRY(gap(s, "review-in-future", g->who, r->line, "the review is dated after the day judged for: rights of",
		    g->systems[0]->id));
	if (CATCH(access_review_overdue, access_is_overdue(s->c, r)))
		TRY(gap(s, "review-overdue", g->who, g->line, "the last review is older than the policy lets it be: rights of",
		    g->systems[0]->id));
	if (CATCH(access_own_review, !s->c->input->policy->own_review && !another_looked(s, g, r)))
		TRY(gap(s, "reviewed-by-holder", g->who, g->line, "nobody but the holder reviewed the rights of",
		    g->systems[0]->id));
	return ASSAY_OK;
}

static enum assay_status
judge_grants(struct state *s)
{
	const int64_t day_end = s->c->input->date + WHEN_DAY - 1;
	for (size_t i = 0; i < s->a.grant_count; i++) {
		const struct access_grant *g = &s->a.grants[i];
		TRY(judge_holder(s, g));
		if (!access_holds(g, day_end) && !access_holds(g, s->c->input->date)) {
			s->ended++;
			continue;
		}
		s->held++;
		TRY(judge_review(s, g));
	}
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "no-register", "let 'assay init' propose one, or write " ACCESS_PATH " by assay-access(5): systems, grants, a review" },
	{ "no-roster", "write assay/roster.yaml: 'assay init' proposes one" },
	{ "record-malformed", "correct the place that is named; assay-access(5) has the format" },
	{ "record-unread", "put a plain file of less than a mebibyte there" },
	{ "kind-missing", "list the system under systems:, or under absent: with the reason why there is none" },
	{ "absent-but-seen", "take it out of absent: and list it under systems:, with its owner" },
	{ "owner-unknown", "name a person of assay/roster.yaml who answers for the system" },
	{ "system-without-rights", "list who may do what there, or take the system out" },
	{ "service-without-owner", "name a person of assay/roster.yaml who answers for the service" },
	{ "holder-unknown", "enter the person in assay/roster.yaml, list the service under services:, or take the right away" },
	{ "holder-ambiguous", "give the service an id of its own" },
	{ "service-approves", "take approve away from the service, and have a person approve" },
	{ "review-unsigned", "have a reviewer sign it: assay signoff " ACCESS_PATH " --act review" },
	{ "never-reviewed", "have somebody else go through the list, and enter the day under reviewed:" },
	{ "review-overdue", "go through the list again, take away what nobody needs, and enter the day under reviewed:" },
	{ "review-in-future", "enter the day on which the review was done" },
	{ "reviewer-unknown", "name reviewers by their ids in assay/roster.yaml" },
	{ "reviewed-by-holder", "have another person review it too, and add them to reviewed: by" },
	{ NULL, "see assay-access(5)" },
};

enum assay_status
judge_access_register(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	struct state s = { .c = c, .v = v, .sources = &tree->sources, .err = err };
	bool read;
	TRY(access_read(c, v, &s.a, &read, err));
	if (read) {
		TRY(record_signoffs(c, ACCESS_PATH, &s.signatures, err));
		TRY(judge_kinds(&s));
		TRY(judge_owners(&s));
		TRY(judge_grants(&s));
		judge_count(v, "systems", s.a.system_count);
		judge_count(v, "services", s.a.service_count);
		judge_count(v, "rights that hold", s.held);
		judge_count(v, "rights that have ended or not begun", s.ended);
	}
	return judge_conclude(c, v, s.held,
	    "every kind of system is listed or said to be absent, every right has a known holder, and somebody else "
	    "reviewed it in time",
	    advice, err);
}
