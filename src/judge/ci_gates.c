/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.gates: what builds a release waits for the analysis, the tests and this check, and can't go on without them.
 */
#include "ci.h"
#include "rows.h"

/* Jobs that are waited for, one after another; calls inside calls. */
#define CHAIN_MAX 64u

static const struct {
	enum ci_duty duty;
	const char *name, *mend;
} gates[] = {
	{ CI_DUTY_TEST, "the tests", "a job that runs them, in 'needs'" },
	{ CI_DUTY_ANALYSIS, "the static analysis", "a job that runs it, in 'needs'" },
	{ CI_DUTY_ASSAY, "this check", "a job with 'assay check', in 'needs'" },
};

struct chain {
	const struct ci_job *seen[CHAIN_MAX];
	size_t count;
	unsigned hard, soft; /* enum ci_duty: stops the release, or doesn't */
	bool cut;
};

static void add_job(struct chain *c, const struct ci_job *j, bool soft);

static void
add_called(struct chain *c, const struct ci_pipeline *p, bool soft)
{
	for (const struct ci_job *j = p->jobs; j != NULL; j = j->next)
		add_job(c, j, soft);
}

/* A job that may fail without consequence stops nothing, and neither does what it waits for. */
static void
add_job(struct chain *c, const struct ci_job *j, bool soft)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->seen[i] == j)
			return;
	}
	if (c->count == CHAIN_MAX) {
		c->cut = true;
		return;
	}
	c->seen[c->count++] = j;
	bool weak = soft || CATCH(ci_gate_may_fail, j->may_fail) || j->manual;
	c->soft |= j->soft_duties | (weak ? j->duties : 0);
	c->hard |= weak ? 0 : j->duties;
	for (const struct ci_step *s = j->steps; s != NULL; s = s->next) {
		if (s->action != NULL)
			add_called(c, s->action, weak || s->may_fail);
	}
	if (j->calls != NULL)
		add_called(c, j->calls, weak);
	bool waits_for_none = CATCH(ci_gate_always, j->always);
	for (const struct ci_need *n = j->needs; n != NULL; n = n->next) {
		if (n->job != NULL)
			add_job(c, n->job, weak || waits_for_none);
	}
}

static enum assay_status
judge_release(const struct ci_state *s, const struct ci_job *j)
{
	struct chain c = { .count = 0 };
	add_job(&c, j, false);
	for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++) {
		unsigned duty = gates[i].duty;
		if (CATCH(ci_gate_soft, (c.hard & duty) == 0 && (c.soft & duty) != 0))
			TRY(ci_gap(s, "gate-may-fail", j->place, gates[i].name,
			    "job '%.64s' builds a release, and goes on when %s fail; mend: no 'continue-on-error', '|| true', pipe without "
			    "pipefail or 'always()' on the way", j->name, gates[i].name));
		else if (CATCH(ci_gate_missing, (c.hard & duty) == 0))
			TRY(ci_gap(s, "gate-missing", j->place, gates[i].name, "job '%.64s' builds a release without waiting for %s; mend: %s",
			    j->name, gates[i].name, gates[i].mend));
	}
	if (c.cut)
		return ci_open(s, "too-many-needs", j->place, j->name, "job '%.64s' waits for more jobs than are followed", j->name);
	return ASSAY_OK;
}

/* What publishes; where nothing is seen to, each last job of a pipeline for releases. */
static bool
is_last(const struct ci_job *j)
{
	for (const struct ci_job *o = j->pipeline->jobs; o != NULL; o = o->next) {
		for (const struct ci_need *n = o->needs; n != NULL; n = n->next) {
			if (n->job == j)
				return false;
		}
	}
	return true;
}

static bool
publishes(const struct ci_job *j)
{
	return ((j->duties | j->soft_duties) & CI_DUTY_PUBLISH) != 0;
}

static bool
pipeline_publishes(const struct ci_pipeline *p)
{
	for (const struct ci_job *j = p->jobs; j != NULL; j = j->next) {
		if (publishes(j))
			return true;
	}
	return false;
}

/* A called pipeline is judged with its caller, which may wait for more. */
static bool
builds_release(const struct ci_job *j)
{
	const struct ci_pipeline *p = j->pipeline;
	if (p->action || (p->callable && p->triggers == NULL))
		return false;
	if (j->calls != NULL && pipeline_publishes(j->calls))
		return true;
	return publishes(j) || (j->release && !pipeline_publishes(p) && is_last(j));
}

static const struct judge_advice advice[] = {
	{ "gate-missing", "make the job that releases need the others: needs: [test, analysis, assay]" },
	{ "gate-may-fail", "let a failure end the script: no '|| true', no pipe without pipefail; and no "
	  "'continue-on-error' or 'always()' up to the release" },
	{ "condition-always-true", "write the condition without braces, or as one expression with nothing around it" },
	{ "no-release-pipeline", "build releases by a pipeline that a tag or a release sets off" },
	{ NULL, "write the pipeline so that what it waits for can be followed" },
};

enum assay_status
judge_ci_gates(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct ci_state s = ci_begin(c, v, err);
	size_t releases = 0;
	for (const struct ci_remark *r = s.m->remarks; r != NULL; r = r->next) {
		if (CATCH(ci_always_true, r->kind == CI_REMARK_ALWAYS_TRUE))
			TRY(ci_gap(&s, "condition-always-true", r->place, r->subject,
			    "text stands around the expression, so that the condition is always true and holds nothing back; mend: if: EXPRESSION, without braces"));
	}
	for (const struct ci_job *j = ci_next_job(s.m, NULL); j != NULL; j = ci_next_job(s.m, j)) {
		if (!builds_release(j))
			continue;
		releases++;
		TRY(judge_release(&s, j));
	}
	if (CATCH(ci_no_release, releases == 0 && s.m->files > 0))
		TRY(ci_open(&s, "no-release-pipeline", (struct ci_place){ 0 }, NULL, "no pipeline in the tree builds a release"));
	judge_count(v, "jobs that release", releases);
	return ci_end(&s, CI_GATES, "each job that releases waits for the analysis, the tests and this check, and stops when they fail", advice);
}
