/* SPDX-License-Identifier: Apache-2.0 */
#include "begin.h"
#include "findings.h"

#include <base/cleanup.h>
#include <evidence/reviewed.h>
#include <evidence/states.h>
#include <judge/closing.h>
#include <string.h>

#define CONTROL "find.closed"

struct judge_closing {
	struct policy defaults;
	struct judge_input input;
	struct judge_context c;
	struct control_verdict v;
	const struct code_base *code;
	const struct findings_base *b;
	const struct sca_findings *findings;
};

static enum assay_status
check_evidence(const struct judge_input *input, struct assay_error *err)
{
	static const char *const kinds[] = { ANALYSIS_KIND, TREE_KIND, HISTORY_KIND, STATES_KIND, REVIEWED_KIND };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const struct evidence *e = evidence_find(input->evidence, kinds[i]);
		if (e != NULL && e->facts != NULL)
			continue;
		(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "find.closed can't be judged: of the evidence '%s' %s", kinds[i],
		    e == NULL ? "there is none" : e->why != NULL ? e->why : "nothing could be read");
		return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "run 'assay check' on the repository, for all controls or with --require find.");
	}
	return ASSAY_OK;
}

static enum assay_status
read_findings(struct judge_closing *x, struct assay_error *err)
{
	x->v = (struct control_verdict){ .control = catalog_control(x->input.catalog, CONTROL), .verdict = VERDICT_FAIL };
	if (x->v.control == NULL)
		return assay_fail(err, ASSAY_E_INTERNAL, "the catalogue has no " CONTROL);
	x->c.code = &x->code;
	x->c.found = &x->b;
	x->c.findings = &x->findings;
	TRY(findings_read(&x->c, &x->v, &x->b, err));
	if (x->b != NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "find.closed can't be judged: %s",
	    x->v.finding_count > 0 ? x->v.findings[0].message : "there is no analysis");
	return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "commit assay/standard.yaml, and run 'assay check'");
}

enum assay_status
judge_closing_open(const struct judge_input *input, struct arena *arena, struct judge_closing **ret_closing, struct assay_error *err)
{
	struct judge_closing *x = arena_alloc(arena, sizeof *x);
	if (x == NULL)
		return arena_full(err);
	TRY(check_evidence(input, err));
	TRY(judge_begin(input, arena, &x->defaults, &x->input, &x->c, err));
	TRY(read_findings(x, err));
	if (x->b->h == NULL)
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "find.closed can't be judged: there is no history");
	*ret_closing = x;
	return ASSAY_OK;
}

void
judge_closing_look(struct judge_closing *x, const struct evidence_set *evidence)
{
	x->input.evidence = evidence;
}

const struct sca_findings *
judge_closing_findings(const struct judge_closing *x)
{
	return &x->b->found;
}

const struct sca_entry *
judge_closing_entry(const struct judge_closing *x, const char *identity)
{
	return sca_register_find(&x->b->known, identity);
}

const struct sca_closed *
judge_closing_record(const struct judge_closing *x, const char *identity)
{
	for (size_t i = 0; i < x->b->closed_count; i++) {
		if (strcmp(x->b->closed[i].c.finding, identity) == 0)
			return &x->b->closed[i];
	}
	return NULL;
}

const struct policy *
judge_closing_policy(const struct judge_closing *x)
{
	return x->input.policy;
}

const struct roster *
judge_closing_roster(const struct judge_closing *x)
{
	return x->input.roster;
}

const struct history *
judge_closing_history(const struct judge_closing *x)
{
	return x->b->h;
}

bool
judge_closing_is_past(const struct judge_closing *x, uint32_t commit)
{
	return x->b->ancestors[commit];
}

bool
judge_closing_changes(const struct judge_closing *x, uint32_t commit, const char *path)
{
	return findings_doubt_change(&x->c, x->b, commit, path) == NULL;
}

bool
judge_closing_wrote(const struct judge_closing *x, const struct roster_entry *who, uint32_t commit)
{
	return findings_wrote(&x->c, who, &x->b->h->commits[commit]);
}

/* ---- trying one ---- */

static enum judge_closing_part
part_of(const struct findings_doubt *doubt)
{
	static const enum judge_closing_part parts[] = { [FINDINGS_ABOUT_ROLE] = CLOSING_ROLE, [FINDINGS_ABOUT_VERIFIER] = CLOSING_VERIFIER,
		[FINDINGS_ABOUT_FIX] = CLOSING_FIX, [FINDINGS_ABOUT_TEST] = CLOSING_TEST, [FINDINGS_ABOUT_REASON] = CLOSING_REASON };
	return parts[doubt->about];
}

/* What find.closed says of a finding, in base's state of things. */
static enum assay_status
ask(const struct judge_closing *x, const struct findings_base *b, const struct sca_finding *f, struct judge_closing_answer *answer,
    struct assay_error *err)
{
	struct control_verdict v = { .control = x->v.control, .verdict = VERDICT_FAIL };
	*answer = (struct judge_closing_answer){ .part = CLOSING_ELSE };
	TRY(findings_judge_closed(&x->c, &v, b, f, err));
	if (v.finding_count == 0)
		return ASSAY_OK;
	answer->why = f->state == SCA_NOT_OBSERVED ? f->why : v.findings[0].message;
	answer->next = findings_closed_next(v.findings[0].id);
	return ASSAY_OK;
}

enum assay_status
judge_closing_absence(const struct judge_closing *x, const struct sca_finding *f, struct judge_closing_answer *ret_answer,
    struct assay_error *err)
{
	const bool waits = f->doubt == SCA_DOUBT_NO_CLOSURE || f->doubt == SCA_DOUBT_CLOSURE;
	*ret_answer = (struct judge_closing_answer){ .part = CLOSING_ELSE };
	return f->state == SCA_NOT_OBSERVED && !waits ? ask(x, x->b, f, ret_answer, err) : ASSAY_OK;
}

enum assay_status
judge_closing_try(const struct judge_closing *x, const struct sca_closure *k, const struct sca_register *known,
    struct judge_closing_answer *ret_answer, struct assay_error *err)
{
	const enum sca_finding_state wanted = k->state == SCA_CLOSE_FIXED ? SCA_FIXED : SCA_FALSE_POSITIVE;
	const struct findings_proposal proposal = { k, known };
	const struct findings_base *b;
	struct findings_doubt doubt = { NULL, FINDINGS_ABOUT_ROLE };
	struct judge_closing_answer answer;
	TRY(findings_build(&x->c, x->code, &proposal, &doubt, &b, err));
	const struct sca_finding *f = findings_named(b, k->finding);
	if (f == NULL)
		return assay_fail(err, ASSAY_E_INTERNAL, "the finding '%.12s' went away while it was judged", k->finding);
	TRY(ask(x, b, f, &answer, err));
	if (doubt.why != NULL)
		answer = (struct judge_closing_answer){ .why = doubt.why, .part = part_of(&doubt) };
	else if (answer.why == NULL && f->state != wanted)
		answer = (struct judge_closing_answer){ f->why != NULL ? f->why : "the finding stays as it is", findings_closed_next(""), CLOSING_ELSE };
	*ret_answer = answer;
	return ASSAY_OK;
}
