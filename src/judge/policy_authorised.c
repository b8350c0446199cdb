/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.authorised: the rules that judge are those that the people with the policy role signed, at HEAD and at every commit
 * of a mainline, no clone in which newer ones lie elsewhere passes, and nobody can change alone who signs them.
 */
#include "rows.h"
#include "scope.h"
#include "standing.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <policy/enrolment.h>

#define PATHS_NAMED 3

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct standing *s;
	const struct scope *scope;
	struct assay_error *err;
	uint64_t states; /* different ones that were in force */
};

/* "assay/roster.yaml (changed), assay/access.yaml (added)" */
static const char *
differences(const struct state *st, const struct authority *a)
{
	static const char *const words[] = { "changed", "added", "missing", "outside" };
	const char *text = "";
	for (size_t i = 0; i < a->difference_count && i < PATHS_NAMED && text != NULL; i++)
		text = arena_printf(st->c->arena, "%s%s'%s' (%s)", text, i == 0 ? "" : ", ", a->differences[i].path,
		    words[a->differences[i].what]);
	if (text != NULL && a->difference_total > PATHS_NAMED)
		text = arena_printf(st->c->arena, "%s and %zu more", text, a->difference_total - PATHS_NAMED);
	return text == NULL ? "" : text;
}

static enum assay_status
find_change(const struct state *st, const struct standing_change *change)
{
	char hex[2 * OID_MAX + 1];
	const struct standing_folder *f = change->folder == STANDING_NONE ? NULL : &st->s->folders[change->folder];
	oid_hex(&st->s->h->commits[change->commit].id, st->s->h->algo, hex);
	if (f == NULL)
		return judge_find(st->c, st->v, true, "unauthorised-change", hex, NULL, st->err,
		    "commit %s takes 'assay/' away, which the policy role hasn't signed: what stood before stays in force", hex);
	if (change->rolled_back)
		return judge_find(st->c, st->v, true, "policy-rolled-back", hex, NULL, st->err,
		    "commit %s brings version %" PRIu64 " of the policy state, signed but older than what was in force, or another of "
		    "the same version: what stood before stays in force", hex, f->authority.policy.version);
	struct judge_place place = { hex, f->authority.file, 0, 0, NULL };
	if (f->authority.fault == AUTHORITY_CHANGED)
		return judge_find_at(st->c, st->v, true, "unauthorised-change", &place, st->err,
		    "commit %s changes what nobody with the policy role has signed: %s; what stood before stays in force", hex,
		    differences(st, &f->authority));
	return judge_find_at(st->c, st->v, true, authority_fault_name(f->authority.fault), &place, st->err,
	    "commit %s brings rules that nobody may have authorised: %s; what stood before stays in force", hex,
	    f->authority.why);
}

static enum assay_status
judge_changes(const struct state *st)
{
	for (uint32_t i = 0; i < st->s->change_count; i++) {
		if (scope_has_commit(st->scope, st->s->changes[i].commit))
			TRY(find_change(st, &st->s->changes[i]));
	}
	return ASSAY_OK;
}

/* HEAD's own tree, where nothing is in force that could stay. */
static enum assay_status
judge_head(const struct state *st)
{
	const struct authority *a = st->s->here;
	if (CATCH(policy_head_unread, st->s->unread))
		return judge_find(st->c, st->v, false, "trust-unread", NULL, NULL, st->err,
		    "HEAD's tree could not be read: who authorised its rules can't be said");
	if (standing_now(st->s) != NULL || a == NULL || a->fault == AUTHORITY_NO_ROOT || a->fault == AUTHORITY_HOLDS)
		return ASSAY_OK;
	/* Signatures that are still missing are a question; whatever contradicts what is signed is a gap. */
	bool open = a->fault == AUTHORITY_NO_POLICY || a->fault == AUTHORITY_UNREAD;
	struct judge_place place = { NULL, a->file, 0, 0, NULL };
	return judge_find_at(st->c, st->v, CATCH(policy_head_fault, !open), authority_fault_name(a->fault), &place, st->err,
	    "the rules in HEAD aren't authorised: %s", a->why);
}

/* Who holds the policy role, and how many of them decide, is what the targets role says: it is worth no more than that one. */
static enum assay_status
judge_targets(const struct state *st)
{
	const struct standing_folder *now = standing_now(st->s);
	struct assay_tuf_role root, targets, policy;
	if (now == NULL || !authority_role(&now->authority, "policy", &policy))
		return ASSAY_OK;
	TRY(assay_tuf_role(&now->authority.root, "root", &root));
	TRY(assay_tuf_role(&now->authority.root, "targets", &targets));
	const uint32_t n = targets.threshold;
	if (!CATCH(policy_targets_weaker, n < root.threshold || n < policy.threshold))
		return ASSAY_OK;
	struct judge_place place = { NULL, AUTHORITY_FOLDER "targets.json", 0, 0, NULL };
	return judge_find_at(st->c, st->v, false, "targets-weaker", &place, st->err,
	    "%" PRIu32 " %s alone can change who decides: role 'targets' takes %" PRIu32 ", 'root' %" PRIu32 " and 'policy' %" PRIu32,
	    n, n == 1 ? "person" : "people", n, root.threshold, policy.threshold);
}

/* A key that nobody proved to hold may be anybody's: of those that decide now. */
static enum assay_status
judge_proofs(const struct state *st)
{
	const struct standing_folder *now = standing_now(st->s);
	const char *root = now == NULL ? NULL
	    : arena_printf(st->c->arena, AUTHORITY_FOLDER "%" PRIu64 ".root.json", now->authority.root.version);
	const char *const paths[] = { root, AUTHORITY_FOLDER "targets.json" };
	const char *id = now == NULL || now->policy.repository_id == NULL ? "" : now->policy.repository_id;
	for (size_t i = 0; now != NULL && i < 2; i++) {
		const struct source_file *f = root == NULL ? NULL : sources_find(&now->files, paths[i]);
		const char *person = NULL;
		if (f == NULL)
			continue;
		const enum assay_status status = enrolment_unproved(f->bytes, paths[i], id, st->c->arena, &person, st->err);
		if (status == ASSAY_E_MEMORY)
			return status;
		/* Signed, and yet no JSON as it must be: then nothing in it is proved. */
		person = status == ASSAY_OK ? person : "whoever it names";
		struct judge_place place = { person, paths[i], 0, 0, NULL };
		if (CATCH(policy_unproved_key, person != NULL))
			TRY(judge_find_at(st->c, st->v, false, "enrolment-unproved", &place, st->err,
			    "nothing proves that '%s' holds the key that is enrolled in that name", person));
	}
	return ASSAY_OK;
}

static bool
is_newer(const struct authority *a, const struct authority *b)
{
	return a->root.version > b->root.version || a->targets.version > b->targets.version || a->policy.version > b->policy.version;
}

/* A clone that stands at an older place is judged by rules that may have been replaced since: those of its other refs tell. */
static enum assay_status
judge_elsewhere(const struct state *st)
{
	const struct standing *s = st->s;
	const struct standing_folder *now = standing_now(s);
	for (uint32_t i = 0; now != NULL && i < s->h->ref_count; i++) {
		const struct history_ref *ref = &s->h->refs[i];
		uint32_t commit = standing_ref_commit(s->h, ref);
		if (commit == HISTORY_NONE || (st->scope->commits[commit] & SCOPE_IN) == 0 || s->after[commit] == STANDING_NONE)
			continue;
		const struct authority *there = &s->folders[s->after[commit]].authority;
		if (CATCH(policy_newer_elsewhere, is_newer(there, &now->authority)))
			TRY(judge_find(st->c, st->v, false, "newer-rules-elsewhere", ref->name, NULL, st->err,
			    "'%s' has newer signed rules (policy version %" PRIu64 ") than HEAD (version %" PRIu64 ")", ref->name,
			    there->policy.version, now->authority.policy.version));
	}
	return ASSAY_OK;
}

static void
count_states(struct state *st)
{
	const struct standing *s = st->s;
	for (uint32_t i = 0; i < s->folder_count; i++)
		st->states += s->folders[i].authorised;
	judge_count(st->v, "contents of 'assay/' seen", s->folder_count);
	judge_count(st->v, "authorised policy states", st->states);
	judge_count(st->v, "changes that nobody authorised", s->change_count);
	judge_count(st->v, "commits from before any authority", s->before_all);
	if (standing_now(s) != NULL)
		judge_count(st->v, "version in force", standing_now(s)->authority.policy.version);
}

static const struct judge_advice advice[] = {
	{ "unauthorised-change", "have the people with the policy role sign it (assay trust sign), or take it back; an old one "
				 "that was settled since can be named in cut-over, which they sign too" },
	{ "policy-rolled-back", "bring back the newest state; to return to older rules, sign them as a new version" },
	{ "other-trust-root", "find out who replaced the root; compare the fingerprint with the one you were given" },
	{ "trust-unread", "see to what kept it from being read, and check again" },
	{ "no-policy-state", "have the people with the policy role sign: assay trust sign" },
	{ "targets-weaker", "have as many people decide about delegations as about the root and the policy: enrol them "
			    "(assay trust add-key --role targets), then assay trust rotate --threshold targets=N, and sign" },
	{ "enrolment-unproved", "have them enrol it themselves: assay trust add-key, on their own machine" },
	{ "newer-rules-elsewhere", "check at the newest rules: bring them to HEAD's branch, or check out the ref that has them" },
	{ NULL, "see what 'assay trust verify' says, and have the people it names sign" },
};

enum assay_status
judge_policy_authorised(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	static const struct standing nothing = { .head = STANDING_NONE };
	struct state st = { .c = c, .v = v, .s = c->standing == NULL ? &nothing : c->standing, .err = err };
	const struct history *h = evidence_facts(c->input->evidence, HISTORY_KIND);
	struct scope *scope = NULL;
	TRY(scope_new(c, v, h, &scope, err));
	st.scope = scope;
	TRY(judge_head(&st));
	TRY(judge_changes(&st));
	TRY(judge_targets(&st));
	TRY(judge_proofs(&st));
	TRY(judge_elsewhere(&st));
	count_states(&st);
	return judge_conclude(c, v, (uint64_t)h->commit_count,
	    "the rules in force at HEAD are those that the policy role signed, and on its mainline no others came into force before them", advice, err);
}
