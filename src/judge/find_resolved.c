/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find.resolved: at the revision judged no finding from the plan's threshold on is open.
 */
#include "findings.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct findings_base *b;
	uint64_t by_state[SCA_FINDING_STATES], below;
	struct assay_error *err;
};

static enum assay_status
judge_one(struct state *s, const struct sca_finding *f)
{
	const char *title = findings_title(s->c, f);
	const struct judge_place place = { f->identity, f->path, f->line, f->column, f->rule };
	if (title == NULL)
		return arena_full(s->err);
	s->by_state[f->state]++;
	if (f->state != SCA_NEW && f->state != SCA_OPEN)
		return ASSAY_OK;
	if (!findings_matters(s->b, f)) {
		s->below++;
		return ASSAY_OK;
	}
	if (CATCH(finding_reopened, f->reopened))
		return judge_find_at(s->c, s->v, true, "finding-reopened", &place, s->err, "%s was closed as fixed, and is reported again: %s",
		    title, f->message);
	if (CATCH(finding_open, true))
		return judge_find_at(s->c, s->v, true, "finding-open", &place, s->err, "%s: %s%s%s%s", title, f->message,
		    f->why != NULL ? " (" : "", f->why != NULL ? f->why : "", f->why != NULL ? ")" : "");
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "no-plan", "run 'assay init' for a plan to begin with, and commit assay/standard.yaml" },
	{ "finding-open", "mend it; or record why it is none (assay-close(1)), or why the code may stay for a time (assay-deviate(1))" },
	{ "finding-reopened", "mend it again, and see why the regression test didn't notice" },
	{ "analysis-incomplete", "bring 'sca.complete' to a pass first: what wasn't looked at holds findings that nobody knows of" },
	{ NULL, "see to what is named, and check again" },
};

enum assay_status
judge_find_resolved(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .err = err };
	TRY(findings_read(c, v, &s.b, err));
	if (s.b == NULL)
		return judge_conclude(c, v, 0, "", advice, err);
	for (size_t i = 0; i < s.b->found.count; i++)
		TRY(judge_one(&s, &s.b->found.items[i]));
	if (CATCH(findings_incomplete, !s.b->complete))
		TRY(judge_find(c, v, false, "analysis-incomplete", NULL, NULL, err,
		    "not every file was looked at by every engine of the plan: there may be findings that nobody has seen"));
	TRY(findings_tell_unread(c, v, s.b, err));
	static const char *const names[SCA_FINDING_STATES] = { [SCA_NEW] = "new findings", [SCA_OPEN] = "open findings",
		[SCA_DEVIATED] = "findings deviated from", [SCA_FALSE_POSITIVE] = "false positives, argued and approved",
		[SCA_FIXED] = "findings fixed, with proof", [SCA_NOT_OBSERVED] = "findings not observed" };
	for (size_t i = 0; i < SCA_FINDING_STATES; i++)
		judge_count(v, names[i], s.by_state[i]);
	judge_count(v, "open below the threshold", s.below);
	return judge_conclude(c, v, 1, "no finding from the plan's threshold on is open", advice, err);
}
