/* SPDX-License-Identifier: Apache-2.0 */
#include "begin.h"
#include "deviations.h"
#include "exceptions.h"
#include "standing.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <judge/code_deviations.h>
#include <judge/judge.h>

/* ---- what is required ---- */

/* "repo.signed", "5.1.2", "repo." or "repo.*". */
static bool
names(const char *required, const struct control *control)
{
	size_t len = strlen(required);
	if (strcmp(required, control->id) == 0 || strcmp(required, control->clause->id) == 0)
		return true;
	if (len > 1 && required[len - 1] == '*')
		len--;
	return len > 1 && required[len - 1] == '.' && strncmp(required, control->id, len) == 0;
}

static bool
is_required(const struct judge_input *input, const struct control *control)
{
	if (input->require == NULL)
		return true;
	for (size_t i = 0; i < input->require_count; i++) {
		if (names(input->require[i], control))
			return true;
	}
	return false;
}

static enum assay_status
refuse_requirement(const struct judge_input *input, const char *required, struct arena *arena,
    struct assay_error *err)
{
	size_t count = input->catalog->control_count;
	const char **ids = arena_array(arena, count + 1, sizeof(const char *));
	if (ids == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++)
		ids[i] = input->catalog->controls[i].id;
	const char *nearest = text_nearest(required, ids, count);
	(void)assay_fail(err, ASSAY_E_USAGE, "there is no control, clause or family '%s'", required);
	if (nearest != NULL)
		return assay_error_todo(err, ASSAY_E_USAGE, "did you mean '%s'?", nearest);
	return assay_error_todo(err, ASSAY_E_USAGE,
	    "name a control (repo.signed), a clause (5.1.2) or a family (repo.*)");
}

enum assay_status
judge_requirements(const struct judge_input *input, struct arena *arena, struct assay_error *err)
{
	if (input->require == NULL)
		return ASSAY_OK;
	for (size_t i = 0; i < input->require_count; i++) {
		bool known = false;
		for (size_t k = 0; k < input->catalog->control_count && !known; k++)
			known = names(input->require[i], &input->catalog->controls[k]);
		if (!known)
			return refuse_requirement(input, input->require[i], arena, err);
	}
	return ASSAY_OK;
}

static const struct judge_row *
row_of(const struct control *control)
{
	for (size_t i = 0; i < judge_row_count; i++) {
		if (strcmp(judge_rows[i].id, control->id) == 0)
			return &judge_rows[i];
	}
	return NULL;
}

/* What tells which rules stood where. */
static const char *const authority_kinds[] = { HISTORY_KIND, STATES_KIND };

static size_t
add_needed(const char *kind, const char **kinds, size_t count, size_t room)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(kinds[i], kind) == 0)
			return count;
	}
	if (count < room)
		kinds[count++] = kind;
	return count;
}

size_t
judge_needs(const struct judge_input *input, const char **ret_kinds, size_t room)
{
	size_t count = add_needed(TREE_KIND, ret_kinds, 0, room); /* exceptions lie there */
	for (size_t i = 0; i < input->catalog->control_count; i++) {
		const struct control *control = &input->catalog->controls[i];
		const struct judge_row *row = row_of(control);
		if (row == NULL || !is_required(input, control))
			continue;
		for (size_t k = 0; k < JUDGE_ROW_KINDS && row->kinds[k] != NULL; k++)
			count = add_needed(row->kinds[k], ret_kinds, count, room);
		for (size_t k = 0; k < 2 && row->needs_authority; k++)
			count = add_needed(authority_kinds[k], ret_kinds, count, room);
	}
	return count;
}

/* ---- one control ---- */

static enum assay_status
unknown(struct control_verdict *v, const char *reason, const char *next, struct assay_error *err)
{
	v->verdict = VERDICT_UNKNOWN;
	v->reason = reason;
	v->next = next;
	return reason != NULL ? ASSAY_OK : arena_full(err);
}

static struct grade
least_of(struct grade a, struct grade b)
{
	return (struct grade){ a.source < b.source ? a.source : b.source,
		a.depth < b.depth ? a.depth : b.depth };
}

static enum assay_status
say_absent(const struct judge_context *c, const char *kind, struct control_verdict *v, struct assay_error *err)
{
	const struct evidence_kind *k = evidence_kind_find(kind);
	if (k != NULL && k->absent != NULL)
		return unknown(v, k->absent, k->bring, err);
	return unknown(v, arena_printf(c->arena, "there is no evidence of kind '%s'", kind),
	    "gather it: run 'assay check' on the repository itself", err);
}

/* Gathers the evidence of the row; *ret_missing says that the verdict is unknown already. */
static enum assay_status
gather(const struct judge_context *c, const struct judge_row *row, struct control_verdict *v,
    bool *ret_missing, struct assay_error *err)
{
	v->grade = (struct grade){ GRADE_RECOMPUTED, GRADE_DEMONSTRATED };
	*ret_missing = true;
	for (size_t i = 0; i < JUDGE_ROW_KINDS && row->kinds[i] != NULL; i++) {
		const struct evidence *e = evidence_find(c->input->evidence, row->kinds[i]);
		if (e == NULL)
			return say_absent(c, row->kinds[i], v, err);
		v->evidence[v->evidence_count++] = e;
		v->grade = least_of(v->grade, e->grade);
		if (e->facts == NULL)
			return unknown(v, arena_printf(c->arena, "the evidence could not be read: %s",
				e->why != NULL ? e->why : "no reason given"),
			    "see to what kept it from being read, and check again", err);
	}
	*ret_missing = false;
	return ASSAY_OK;
}

static const struct evidence *
first_partial(const struct control_verdict *v)
{
	for (size_t i = 0; i < v->evidence_count; i++) {
		if (v->evidence[i]->completeness != EVIDENCE_COMPLETE)
			return v->evidence[i];
	}
	return NULL;
}

/* ---- authority ---- */

/* The rules in force lead to the pinned root, today, and which those are was seen whole. */
static bool
authority_holds(const struct judge_context *c)
{
	const struct standing *s = c->standing;
	const struct standing_folder *now = standing_now(s);
	const struct evidence *e = evidence_find(c->input->evidence, STATES_KIND);
	if (CATCH(trust_not_pinned, c->input->root == NULL))
		return false;
	if (s == NULL || e == NULL || now == NULL)
		return false;
	if (CATCH(trust_expired, now->authority.expires <= c->input->date))
		return false;
	if (CATCH(trust_unseen, s->unseen != NULL))
		return false;
	return !CATCH(trust_partial, e->completeness != EVIDENCE_COMPLETE);
}

bool
judge_authorised(const struct judge_context *c)
{
	return c->input->authorised || authority_holds(c);
}

static enum assay_status
say_unauthorised(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	const struct standing *s = c->standing;
	const struct standing_folder *now = standing_now(s);
	const struct evidence *e = evidence_find(c->input->evidence, STATES_KIND);
	char when[WHEN_TEXT_SIZE];
	v->unauthorised = s == NULL || !s->has_trust || c->input->root == NULL;
	if (s == NULL || !s->has_trust)
		return unknown(v, "no trust root yet: nobody has authorised the roster and policy that this was judged by",
		    "make one with 'assay trust init' and 'assay trust sign', and hand on its fingerprint", err);
	if (c->input->root == NULL)
		return unknown(v, "no trust root is pinned: whoever wrote the one here could have written any other",
		    "give the fingerprint that you were handed out of band with --root", err);
	if (now == NULL)
		return unknown(v, arena_printf(c->arena, "no authorised policy state: %s",
			s->here != NULL && s->here->why != NULL ? s->here->why : "none leads to the pinned root"),
		    "see 'assay trust verify', and have the people it names sign", err);
	when_format_date(now->authority.expires, when);
	if (now->authority.expires <= c->input->date)
		return unknown(v, arena_printf(c->arena, "the authority of these rules expired on %s ('%s')", when,
			now->authority.expires_file), "sign it anew: 'assay trust rotate', then 'assay trust sign'", err);
	return unknown(v, arena_printf(c->arena, "which rules stood when was not seen whole: %s",
		e != NULL && e->why != NULL ? e->why : s->unseen != NULL ? s->unseen : "no reason given"),
	    "see to what kept it from being read whole, and check again", err);
}

/* Whatever the control found in order: what still keeps it from a pass. */
static enum assay_status
hold_back(const struct judge_context *c, const struct judge_row *row, struct control_verdict *v,
    struct assay_error *err)
{
	const struct evidence *partial = first_partial(v);
	struct grade least = v->control->least;
	bool low = v->grade.source < least.source || v->grade.depth < least.depth;
	if (CATCH(evidence_partial, partial != NULL))
		return unknown(v, arena_printf(c->arena, "the evidence is partial: %s",
			partial->why != NULL ? partial->why : "no reason given"),
		    "see to what kept it from being read whole, and check again", err);
	/* Kinds and catalogue are both built in, so nothing that is read leads here: it guards those who add a row. */
	if (low)
		return unknown(v, arena_printf(c->arena,
			"the evidence is %s and %s; a pass takes at least %s and %s",
			grade_source_name(v->grade.source), grade_depth_name(v->grade.depth),
			grade_source_name(least.source), grade_depth_name(least.depth)),
		    "bring evidence of the grade that 'assay explain' names for this control", err);
	if (CATCH(date_in_past, c->input->date_given))
		return unknown(v, "judged for a day in the past, which only shows what would have been",
		    "check again without --date", err);
	return row->needs_authority && !judge_authorised(c) ? say_unauthorised(c, v, err) : ASSAY_OK;
}

static enum assay_status
judge_row_of(const struct judge_context *c, const struct control *control,
    struct control_verdict *v, struct assay_error *err)
{
	const struct judge_row *row = row_of(control);
	bool missing = false;
	*v = (struct control_verdict){ .control = control, .verdict = VERDICT_FAIL };
	if (row == NULL)
		return unknown(v, "not judged by this version",
		    "nothing to do here: this version of assay has no judge for it", err);
	v->judged = true;
	TRY(gather(c, row, v, &missing, err));
	if (missing)
		return ASSAY_OK;
	TRY(row->judge(c, v, err));
	return v->verdict == VERDICT_PASS ? hold_back(c, row, v, err) : ASSAY_OK;
}

/* ---- all ---- */

/* A control that isn't judged yet has no reason. */
const struct control_verdict *
judge_verdict_of(const struct judge_context *c, const char *id)
{
	for (size_t i = 0; c->so_far != NULL && i < c->so_far->control_count; i++) {
		const struct control_verdict *v = &c->so_far->controls[i];
		if (strcmp(v->control->id, id) == 0)
			return v->reason != NULL ? v : NULL;
	}
	return NULL;
}

static enum assay_status
judge_one(const struct judge_context *c, const struct exceptions *exceptions, struct control_verdict *v, struct assay_error *err)
{
	TRY(judge_row_of(c, v->control, v, err));
	return exceptions_apply(c, exceptions, v, err);
}

/* Those that stand alone. */
static enum assay_status
judge_first(const struct judge_context *c, const struct exceptions *exceptions, struct verdicts *all, struct assay_error *err)
{
	for (size_t i = 0; i < all->control_count; i++) {
		const struct judge_row *row = row_of(all->controls[i].control);
		if (row == NULL || !row->after)
			TRY(judge_one(c, exceptions, &all->controls[i], err));
	}
	return ASSAY_OK;
}

/* Those that come after, in the order of their table. */
static enum assay_status
judge_after(const struct judge_context *c, const struct exceptions *exceptions, struct verdicts *all, struct assay_error *err)
{
	for (size_t r = 0; r < judge_row_count; r++) {
		for (size_t i = 0; i < all->control_count && judge_rows[r].after; i++) {
			if (strcmp(all->controls[i].control->id, judge_rows[r].id) == 0)
				TRY(judge_one(c, exceptions, &all->controls[i], err));
		}
	}
	return ASSAY_OK;
}

static enum assay_status
judge_controls(struct judge_context *c, struct verdicts *all, struct assay_error *err)
{
	const struct catalog *catalog = c->input->catalog;
	struct exceptions *exceptions = arena_alloc(c->arena, sizeof *exceptions);
	if (exceptions == NULL)
		return arena_full(err);
	TRY(exceptions_read(c, exceptions, err));
	c->exceptions = exceptions;
	all->controls = arena_array(c->arena, catalog->control_count + 1, sizeof *all->controls);
	if (all->controls == NULL)
		return arena_full(err);
	for (size_t i = 0; i < catalog->control_count; i++) {
		if (is_required(c->input, &catalog->controls[i]))
			all->controls[all->control_count++].control = &catalog->controls[i];
	}
	c->so_far = all;
	c->code = &all->code;
	c->found = &all->found;
	c->findings = &all->findings;
	TRY(judge_first(c, exceptions, all, err));
	return judge_after(c, exceptions, all, err);
}

/* The verdicts outlive the caller's lists. */
static enum assay_status
keep_required(const struct judge_context *c, struct verdicts *all, struct assay_error *err)
{
	const struct judge_input *input = c->input;
	if (input->require == NULL)
		return ASSAY_OK;
	const char **names = arena_array(c->arena, input->require_count + 1, sizeof(const char *));
	if (names == NULL)
		return arena_full(err);
	for (size_t i = 0; i < input->require_count; i++) {
		names[i] = arena_str(c->arena, input->require[i]);
		if (names[i] == NULL)
			return arena_full(err);
	}
	all->required = names;
	all->required_count = input->require_count;
	return ASSAY_OK;
}

static enum assay_status
keep_authority(const struct judge_context *c, struct verdicts *all, struct assay_error *err)
{
	const struct standing_folder *now = standing_now(c->standing);
	all->authority = now == NULL ? NULL : &now->authority;
	if (c->input->root == NULL)
		return ASSAY_OK;
	all->root = arena_str(c->arena, c->input->root);
	return all->root == NULL ? arena_full(err) : ASSAY_OK;
}

static bool
has_control_of(const struct verdicts *all, const struct clause *clause)
{
	for (size_t i = 0; i < all->control_count; i++) {
		if (all->controls[i].control->clause == clause)
			return true;
	}
	return false;
}

static size_t
count_not_asked(const struct judge_input *input, const struct clause *clause)
{
	size_t count = 0;
	for (size_t i = 0; i < input->catalog->control_count; i++) {
		const struct control *control = &input->catalog->controls[i];
		count += control->clause == clause && !is_required(input, control);
	}
	return count;
}

static enum assay_status
judge_clauses(const struct judge_context *c, struct verdicts *all, struct assay_error *err)
{
	const struct catalog *catalog = c->input->catalog;
	all->clauses = arena_array(c->arena, catalog->clause_count + 1, sizeof *all->clauses);
	if (all->clauses == NULL)
		return arena_full(err);
	for (size_t i = 0; i < catalog->clause_count; i++) {
		struct clause_verdict *v = &all->clauses[all->clause_count];
		if (!has_control_of(all, &catalog->clauses[i]))
			continue;
		v->clause = &catalog->clauses[i];
		v->not_asked = count_not_asked(c->input, v->clause);
		TRY(verdict_headline(all, c->arena, v, err));
		all->clause_count++;
	}
	return ASSAY_OK;
}

enum assay_status
judge_begin(const struct judge_input *input, struct arena *arena, struct policy *defaults, struct judge_input *whole,
    struct judge_context *ret_context, struct assay_error *err)
{
	static const struct roster no_roster = { 0 };
	struct standing *standing = NULL;
	*whole = *input;
	policy_defaults(defaults);
	if (whole->policy == NULL)
		whole->policy = defaults;
	if (whole->roster == NULL)
		whole->roster = &no_roster;
	TRY(judge_requirements(whole, arena, err));
	TRY(standing_find(whole, arena, &standing, err));
	/* Whatever lies in the work tree or stands in HEAD: what counts is what was authorised last. */
	if (standing_now(standing) != NULL) {
		whole->policy = &standing_now(standing)->policy;
		whole->roster = &standing_now(standing)->roster;
	}
	if (whole->profile != NULL)
		whole->policy = whole->profile;
	*ret_context = (struct judge_context){ .input = whole, .arena = arena, .standing = standing };
	return ASSAY_OK;
}

enum assay_status
judge_signed(const struct judge_input *input, enum signoff_act act, struct arena *arena, struct judge_signature **ret_signatures,
    size_t *ret_count, struct assay_error *err)
{
	struct policy defaults;
	struct judge_input whole;
	struct judge_context c;
	struct signoffs all;
	*ret_count = 0;
	*ret_signatures = NULL;
	TRY(judge_begin(input, arena, &defaults, &whole, &c, err));
	const struct tree *tree = evidence_facts(whole.evidence, TREE_KIND);
	if (tree == NULL)
		return ASSAY_OK;
	TRY(signoffs_read(&c, &tree->sources, &all, err));
	struct judge_signature *items = arena_array(arena, all.count + 1, sizeof *items);
	if (items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < all.count; i++) {
		if (all.items[i].code != NULL || all.items[i].s.act != act)
			continue;
		items[*ret_count].by = all.items[i].who->id;
		memcpy(items[(*ret_count)++].record, all.items[i].s.record, ASSAY_SHA256_SIZE);
	}
	*ret_signatures = items;
	return ASSAY_OK;
}

enum assay_status
judge_code_deviations(const struct judge_input *input, struct arena *arena, struct judge_code_deviations *ret_seen,
    struct assay_error *err)
{
	struct policy defaults;
	struct judge_input whole;
	struct judge_context c;
	TRY(judge_begin(input, arena, &defaults, &whole, &c, err));
	return deviations_list(&c, ret_seen, err);
}

enum assay_status
judge_all(const struct judge_input *input, struct arena *arena, const struct verdicts **ret_verdicts,
    struct assay_error *err)
{
	struct policy defaults;
	struct judge_input whole;
	struct judge_context c;
	TRY(judge_begin(input, arena, &defaults, &whole, &c, err));
	struct verdicts *all = arena_alloc(arena, sizeof *all);
	if (all == NULL)
		return arena_full(err);
	all->subject = whole.subject;
	all->date = whole.date;
	TRY(keep_required(&c, all, err));
	TRY(keep_authority(&c, all, err));
	TRY(judge_controls(&c, all, err));
	all->not_asked = whole.catalog->control_count - all->control_count;
	TRY(judge_clauses(&c, all, err));
	*ret_verdicts = all;
	return ASSAY_OK;
}
