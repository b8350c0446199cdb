/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sca.tuned: engines were given what follows from the standard's plan, and nothing else.
 */
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <judge/code.h>
#include <string.h>

static const struct judge_advice advice[] = {
	{ "no-plan", "run 'assay init' for a plan to begin with, and commit assay/standard.yaml" },
	{ "no-checks", "name the checks that enforce the standard's rules: 'assay init' proposes some" },
	{ "silenced", "take the option out of the compile command: engines were run without it" },
	{ "engine-not-run", "see sca.complete, which says why it wasn't" },
	{ "engine-left-out", "add the engine to engines: in assay/standard.yaml, or take its checks out of the rules" },
	{ "set-up-elsewhere", "have its checks shown by plants, and let a review of its set-up stand for the rest: except sca.tuned with two people's signatures" },
	{ "options-differ", "check again with this version of assay" },
	{ NULL, "see to what is named, and check again" },
};

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct code_base *b;
	uint64_t checks, engines;
	struct assay_error *err;
};

static enum assay_status
judge_engine(struct state *s, const struct code_engine *e)
{
	s->engines++;
	s->checks += e->options.check_count;
	if (CATCH(engine_set_elsewhere, e->imported))
		return judge_find(s->c, s->v, false, "set-up-elsewhere", e->name, NULL, s->err,
		    "%s is run elsewhere: how it was set there, its report doesn't prove", e->name);
	if (CATCH(engine_left_out, !plan_lets_run(&s->b->plan.analysis, e->name)))
		return judge_find(s->c, s->v, true, "engine-left-out", e->name, NULL, s->err,
		    "rules of the plan name checks of %s, and its list of engines leaves it out", e->name);
	if (e->refused != NULL)
		return judge_find(s->c, s->v, true, "no-options", e->name, NULL, s->err, "no arguments can be made for %s: %s", e->name,
		    e->refused);
	if (e->inside)
		return ASSAY_OK;
	/* What it was given shows in runs alone. */
	if (CATCH(engine_given_nothing, e->ran == NULL || !e->ran->found || e->ran->runs.count == 0))
		return judge_find(s->c, s->v, false, "engine-not-run", e->name, NULL, s->err,
		    "%s was given no file of HEAD, and so none of its checks", e->name);
	if (e->ran == NULL)
		return ASSAY_OK;
	if (CATCH(options_differ, strcmp(e->ran->options, e->options.digest) != 0))
		return judge_find(s->c, s->v, false, "options-differ", e->name, NULL, s->err,
		    "%s was given other arguments than follow from the plan", e->name);
	return ASSAY_OK;
}

/* What a compile command says to keep compilers quiet would have kept engines quiet, too. */
static enum assay_status
judge_silencers(const struct state *s)
{
	for (size_t i = 0; i < s->b->run->unit_count; i++) {
		const struct analysis_unit *u = &s->b->run->units[i];
		for (size_t k = 0; k < u->silencer_count; k++) {
			const struct judge_place place = { u->file, u->file, 0, 0, u->silencers[k] };
			if (CATCH(unit_silenced, true))
				TRY(judge_find_at(s->c, s->v, true, "silenced", &place, s->err, "the compile command of '%s' says %s",
				    u->file, u->silencers[k]));
		}
	}
	return ASSAY_OK;
}

enum assay_status
judge_sca_tuned(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .err = err };
	TRY(code_base_read(c, v, &s.b, err));
	if (s.b == NULL)
		return judge_conclude(c, v, 0, "", advice, err);
	for (size_t i = 0; i < s.b->engine_count; i++)
		TRY(judge_engine(&s, &s.b->engines[i]));
	TRY(judge_silencers(&s));
	if (CATCH(no_checks, s.engines == 0))
		TRY(judge_find(c, v, true, "no-checks", PLAN_PATH, NULL, err, "no rule of the plan names a check of any engine"));
	judge_count(v, "engines", s.engines);
	judge_count(v, "checks switched on", s.checks);
	const char *reason = s.b->plan.analysis.effort == SCA_EFFORT_FULL
	    ? "every engine was given the checks that the standard's plan names"
	    : "every engine was given the checks that the standard's plan names, and walks fewer paths than it could, as the plan asks";
	return judge_conclude(c, v, s.engines, reason, advice, err);
}
