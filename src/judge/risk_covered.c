/* SPDX-License-Identifier: Apache-2.0 */
/*
 * risk.covered: each asset, threat and stage has an assessed risk, the controls chosen against it hold, and who may accept what
 * remains did so. The demand follows from the risk: a risk whose control fails is open.
 */
#include "record.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <dep/dep.h>
#include <policy/risks.h>
#include <string.h>

#define SELF "risk.covered"

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct sources *sources;
	struct risks r;
	struct record_signed signatures;
	uint64_t squares, left_out, above;
	struct assay_error *err;
};

static enum assay_status
gap(const struct state *s, const char *id, const char *object, unsigned line, const char *about, const char *words)
{
	struct judge_place place = { object, RISKS_PATH, line, line > 0, about };
	return judge_find_at(s->c, s->v, true, id, &place, s->err, "%s '%s'%s%s%s", words, object,
	    about != NULL ? ": '" : "", about != NULL ? about : "", about != NULL ? "'" : "");
}

/* ---- criteria ---- */

static enum assay_status
judge_criteria(const struct state *s)
{
	const struct risk_criteria *k = &s->r.criteria;
	size_t highest = 0;
	bool falls = false;
	for (size_t i = 0; i < k->severities.count; i++) {
		for (size_t j = 0; j < k->likelihoods.count; j++) {
			falls |= i > 0 && k->matrix[i][j] < k->matrix[i - 1][j];
			falls |= j > 0 && k->matrix[i][j] < k->matrix[i][j - 1];
			highest = k->matrix[i][j] > highest ? k->matrix[i][j] : highest;
		}
	}
	if (CATCH(risk_matrix_falls, falls))
		TRY(gap(s, "matrix-falls", "criteria", k->line, NULL, "something worse or likelier is called a lower risk by the"));
	if (CATCH(risk_all_acceptable, highest <= k->acceptable))
		TRY(gap(s, "everything-acceptable", "criteria", k->line, NULL, "no risk would need acceptance by the"));
	return ASSAY_OK;
}

/* ---- squares ---- */

static bool
is_out(const struct risks *r, size_t square)
{
	for (size_t i = 0; i < r->out_count; i++) {
		if (risks_has(&r->out[i].where, square))
			return true;
	}
	return false;
}

static bool
is_assessed(const struct risks *r, size_t square)
{
	for (size_t i = 0; i < r->count; i++) {
		if (risks_has(&r->risks[i].where, square))
			return true;
	}
	return false;
}

static enum assay_status
judge_squares(struct state *s)
{
	for (size_t i = 0; i < risks_square_count(); i++) {
		const char *asset, *threat, *stage;
		if (is_assessed(&s->r, i)) {
			s->squares++;
			continue;
		}
		if (is_out(&s->r, i)) {
			s->left_out++;
			continue;
		}
		risks_square_names(i, &asset, &threat, &stage);
		struct judge_place place = { asset, RISKS_PATH, 0, 0, arena_printf(s->c->arena, "%s %s", threat, stage) };
		if (CATCH(risk_hole, true))
			TRY(judge_find_at(s->c, s->v, true, "square-uncovered", &place, s->err,
			    "no risk is assessed of %s of the %s at the stage %s", threat, asset, stage));
	}
	return ASSAY_OK;
}

static bool
any_dependency(const struct judge_context *c)
{
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	return tree->deps != NULL && tree->deps->refs != NULL;
}

/* What is looked at, or lies in the tree itself, can't be out of scope. */
static enum assay_status
judge_left_out(const struct state *s)
{
	/* By the order of the catalogue's words. */
	const struct {
		unsigned asset;
		const char *name, *words;
		bool seen;
	} rows[] = {
		{ 1u << 0, "repository", "left out of scope, and looked at here: the", CATCH(risk_repository_out, true) },
		{ 1u << 1, "pipeline", "left out of scope, and there is one in the tree: a",
		    CATCH(risk_pipeline_out, record_pipeline(s->sources) != NULL) },
		{ 1u << 2, "dependency", "left out of scope, and the tree names one: a", CATCH(risk_dependency_out, any_dependency(s->c)) },
		{ 1u << 7, "document", "left out of scope, and the policy names one: a",
		    CATCH(risk_document_out, s->c->input->policy->document_count > 0) },
	};
	for (size_t i = 0; i < s->r.out_count; i++) {
		const struct risk_out *out = &s->r.out[i];
		for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
			if (rows[k].seen && (out->where.assets & rows[k].asset) != 0)
				TRY(gap(s, "out-of-scope-but-seen", rows[k].name, out->line, NULL, rows[k].words));
		}
	}
	return ASSAY_OK;
}

/* ---- controls ---- */

static bool
is_own(const struct risks *r, const char *id)
{
	for (size_t i = 0; i < r->own_count; i++) {
		if (strcmp(r->own[i].id, id) == 0)
			return true;
	}
	return false;
}

static enum assay_status
question(const struct state *s, const char *id, const struct risk *risk, const char *control, const char *words)
{
	struct judge_place place = { risk->id, RISKS_PATH, risk->line, 1, control };
	return judge_find_at(s->c, s->v, false, id, &place, s->err, "the risk '%s' leans on '%s', %s", risk->id, control,
	    words);
}

static enum assay_status
judge_control(const struct state *s, const struct risk *risk, const char *id)
{
	const struct control_verdict *v = judge_verdict_of(s->c, id);
	const bool known = catalog_control(s->c->input->catalog, id) != NULL, own = is_own(&s->r, id);
	if (CATCH(risk_leans_on_itself, strcmp(id, SELF) == 0))
		return gap(s, "leans-on-itself", risk->id, risk->line, id, "a risk can't lean on this very control,");
	if (CATCH(risk_control_unknown, !known && !own))
		return gap(s, "control-not-there", risk->id, risk->line, id,
		    "what stands against it is no control of the catalogue, nor an own one: the risk");
	/* An own control under an id of the catalogue is the catalogue's: it is judged as that. */
	if (CATCH(risk_own_control, !known && own))
		return question(s, "own-control", risk, id, "a control of the maker's own that nobody judged here");
	if (CATCH(risk_control_unasked, known && v == NULL))
		return question(s, "control-not-asked", risk, id, "which was not asked for in this run");
	if (v == NULL || v->verdict == VERDICT_PASS || v->unauthorised)
		return ASSAY_OK;
	if (CATCH(risk_control_fails, v->verdict == VERDICT_FAIL))
		return gap(s, "control-fails", risk->id, risk->line, id, "a control has gaps that stands against the risk");
	/* No plain check says this of a control: it takes people's sign-offs. */
	if (v->verdict == VERDICT_NOT_APPLICABLE)
		return gap(s, "control-not-applicable", risk->id, risk->line, id, "a control that doesn't apply here stands against the risk");
	if (CATCH(risk_control_open, v->verdict != VERDICT_FAIL))
		return question(s, "control-open", risk, id, verdict_name(v->verdict));
	return ASSAY_OK;
}

/* ---- what remains ---- */

static enum assay_status
judge_acceptance(const struct state *s, const struct risk *risk)
{
	const struct risk_act *a = &risk->accepted;
	const struct roster_entry *who = record_person(s->c, a->by);
	if (CATCH(risk_accepted_by_nobody, who == NULL))
		return gap(s, "acceptor-unknown", a->by, risk->line, risk->id, "a risk was accepted by somebody who is not on the roster,");
	if (CATCH(risk_accepted_without_role, who != NULL && !roster_has_role(who, s->r.accepting_role)))
		TRY(gap(s, "accepted-without-role", a->by, risk->line, risk->id, "a risk was accepted by somebody without the accepting role,"));
	if (CATCH(risk_accepted_by_assessor, strcmp(a->by, risk->assessed.by) == 0))
		TRY(gap(s, "accepted-by-assessor", a->by, risk->line, risk->id, "a risk was accepted by who assessed it,"));
	struct judge_place place = { a->by, RISKS_PATH, risk->line, 1, NULL };
	if (CATCH(risk_accepted_unsigned, !record_signed_by(&s->signatures, SIGNOFF_APPROVE, &a->by, 1)))
		TRY(judge_find_at(s->c, s->v, false, "acceptance-unsigned", &place, s->err,
		    "'%s' is said to have accepted what remains of '%s', and hasn't signed the register as it stands", a->by,
		    risk->id));
	if (CATCH(risk_accepted_ahead, a->on >= s->c->input->date + WHEN_DAY))
		TRY(gap(s, "accepted-in-future", risk->id, risk->line, NULL, "accepted on a day after the day judged for: the risk"));
	if (CATCH(risk_accepted_before, a->on < risk->assessed.on))
		TRY(gap(s, "accepted-before-assessed", risk->id, risk->line, NULL, "accepted before it was assessed as it stands now: the risk"));
	return ASSAY_OK;
}

static enum assay_status
judge_risk(struct state *s, const struct risk *risk)
{
	const size_t before = risks_level(&s->r, &risk->before), after = risks_level(&s->r, &risk->after);
	if (CATCH(risk_assessed_by_nobody, record_person(s->c, risk->assessed.by) == NULL))
		TRY(gap(s, "assessor-unknown", risk->assessed.by, risk->line, risk->id, "a risk was assessed by somebody who is not on the roster,"));
	if (CATCH(risk_assessed_ahead, risk->assessed.on >= s->c->input->date + WHEN_DAY))
		TRY(gap(s, "assessed-in-future", risk->id, risk->line, NULL, "assessed on a day after the day judged for: the risk"));
	if (CATCH(risk_lowered_by_nothing, after < before && risk->controls.count == 0))
		TRY(gap(s, "lowered-by-nothing", risk->id, risk->line, NULL, "lower afterwards, with no control against it: the risk"));
	for (size_t i = 0; i < risk->controls.count; i++)
		TRY(judge_control(s, risk, risk->controls.items[i]));
	if (risk->accepted.given)
		TRY(judge_acceptance(s, risk));
	if (after <= s->r.criteria.acceptable)
		return ASSAY_OK;
	s->above++;
	if (CATCH(risk_unaccepted, !risk->accepted.given))
		return gap(s, "residual-unaccepted", risk->id, risk->line, NULL, "above what is acceptable, and accepted by nobody: the risk");
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "no-risks", "let 'assay init' propose a register, or write " RISKS_PATH " by assay-risks(5)" },
	{ "no-roster", "write assay/roster.yaml: 'assay init' proposes one" },
	{ "record-malformed", "correct the place that is named; assay-risks(5) has the format" },
	{ "record-unread", "put a plain file of less than a mebibyte there" },
	{ "matrix-falls", "order severity and likelihood from the least on, and let no level fall along either" },
	{ "everything-acceptable", "lower acceptable, or say in the matrix which risks are higher" },
	{ "square-uncovered", "assess the worst that could happen there, or leave the square out of scope with its reason" },
	{ "out-of-scope-but-seen", "take it out of out-of-scope and assess it" },
	{ "leans-on-itself", "name the controls that act against the risk" },
	{ "control-not-there", "write a control of 'assay explain', or list yours under own-controls:" },
	{ "own-control", "show to a person that it acts; this version judges the catalogue's controls alone" },
	{ "control-not-asked", "check without --require, or ask for that control too" },
	{ "control-fails", "mend the control, or choose another and assess what remains anew" },
	{ "control-not-applicable", "choose a control that applies" },
	{ "control-open", "see to the control: it can't be relied on before it was judged" },
	{ "acceptor-unknown", "name a person of assay/roster.yaml" },
	{ "assessor-unknown", "name a person of assay/roster.yaml" },
	{ "accepted-without-role", "have a person with the accepting role accept it, or give the role in assay/roster.yaml" },
	{ "accepted-by-assessor", "have another person with the accepting role accept it" },
	{ "acceptance-unsigned", "have them sign it: assay signoff " RISKS_PATH " --act approve" },
	{ "accepted-in-future", "enter the day on which it was accepted" },
	{ "assessed-in-future", "enter the day on which it was assessed" },
	{ "accepted-before-assessed", "have it accepted as it is assessed now" },
	{ "lowered-by-nothing", "name the controls that lower it, or rate it as before" },
	{ "residual-unaccepted", "choose more controls, or have what remains accepted by the accepting role" },
	{ NULL, "see assay-risks(5)" },
};

static enum assay_status
parse(struct assay_span yaml, const char *name, struct arena *arena, void *ret_record,
    struct assay_error *err)
{
	return risks_parse(yaml, name, arena, ret_record, err);
}

static enum assay_status
judge_register(struct state *s)
{
	TRY(record_signoffs(s->c, RISKS_PATH, &s->signatures, s->err));
	TRY(judge_criteria(s));
	TRY(judge_squares(s));
	TRY(judge_left_out(s));
	for (size_t i = 0; i < s->r.count; i++)
		TRY(judge_risk(s, &s->r.risks[i]));
	judge_count(s->v, "risks", s->r.count);
	judge_count(s->v, "squares with a risk", s->squares);
	judge_count(s->v, "squares out of scope", s->left_out);
	judge_count(s->v, "risks above what is acceptable", s->above);
	return ASSAY_OK;
}

enum assay_status
judge_risk_covered(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	static const struct record_kind kind = { RISKS_PATH, "no-risks",
		"there is no '" RISKS_PATH "': which risks were assessed is written nowhere that could be read", parse };
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	struct state s = { .c = c, .v = v, .sources = &tree->sources, .err = err };
	bool read = false;
	TRY(record_read(c, v, &kind, &s.r, &read, err));
	if (CATCH(risk_no_roster, read && !c->input->roster->present)) {
		TRY(judge_find(c, v, false, "no-roster", NULL, NULL, err,
		    "there is no roster: who assessed and who accepted can't be told"));
		read = false;
	}
	if (read)
		TRY(judge_register(&s));
	return judge_conclude(c, v, s.r.count,
	    "every square of the map has a risk or a reason, every control chosen holds, and what remains is acceptable or accepted",
	    advice, err);
}
