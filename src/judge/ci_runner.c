/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.runner: own runners don't take outsiders' jobs, and no cache that outsiders' jobs write is read by a release.
 */
#include "ci.h"
#include "rows.h"

static enum assay_status
judge_runner(const struct ci_state *s, const struct ci_job *j, const struct ci_runner *r)
{
	if (CATCH(ci_runner_open, r->kind == CI_RUNNER_OWN && j->who == CI_OUTSIDER))
		return ci_gap(s, "own-runner-open", r->place, r->label,
		    "job '%.64s' runs on an own runner ('%.64s'), and outsiders set it off by '%.32s' (%.100s:%u); mend: runs-on: ubuntu-24.04",
		    j->name, r->label, j->by->name, j->by->place.file, j->by->place.line);
	if (CATCH(ci_runner_unseen, r->kind >= CI_RUNNER_GROUP && j->who == CI_OUTSIDER))
		return ci_open(s, "runner-unseen", r->place, r->label,
		    "job '%.64s', which outsiders set off, runs on '%.64s': whether that is an own runner can't be told from the tree", j->name,
		    r->label);
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "own-runner-open", "run what outsiders set off on the forge's runners, and keep own ones for protected branches" },
	{ "cache-poisoned", "use no cache in the job that builds a release, or give it a key that only protected branches write" },
	{ "runner-shared", "give releases runners of their own, protected, with a tag that no other job has" },
	{ NULL, "name the runner by a label of the forge, so that it can be told" },
};

enum assay_status
judge_ci_runner(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct ci_state s = ci_begin(c, v, err);
	size_t runners = 0;
	for (const struct ci_job *j = ci_next_job(s.m, NULL); j != NULL; j = ci_next_job(s.m, j)) {
		for (const struct ci_runner *r = j->runners; r != NULL; r = r->next, runners++)
			TRY(judge_runner(&s, j, r));
	}
	for (const struct ci_remark *r = s.m->remarks; r != NULL; r = r->next) {
		if (CATCH(ci_runner_shared, r->kind == CI_REMARK_SHARED_RUNNER))
			TRY(ci_gap(&s, "runner-shared", r->place, r->subject,
			    "releases are made on runners that also take '%.64s' of merge requests, whose code can stay behind; mend: tags: [release], on runners of its own",
			    r->subject));
	}
	for (const struct ci_way *way = s.m->ways; way != NULL; way = way->next) {
		if (CATCH(ci_way_cache, way->kind == CI_WAY_CACHE))
			TRY(ci_gap_way(&s, "cache-poisoned", way));
	}
	judge_count(v, "runners", runners);
	return ci_end(&s, CI_RUNNER, "no job that outsiders set off runs on an own runner or writes a cache that a release reads", advice);
}
