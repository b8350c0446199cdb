/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find.problem: each finding from the threshold on has its entry in the problem resolution process, and the entry knows of it.
 */
#include "findings.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <sca/problems.h>
#include <string.h>

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct findings_base *b;
	struct sca_problems problems;
	uint64_t linked, matter;
	struct assay_error *err;
};

static enum assay_status
judge_one(struct state *s, const struct sca_finding *f)
{
	const char *title = findings_title(s->c, f);
	const struct judge_place place = { f->identity, f->path, f->line, f->column, f->rule };
	if (title == NULL)
		return arena_full(s->err);
	if (f->state == SCA_FALSE_POSITIVE || !findings_matters(s->b, f))
		return ASSAY_OK;
	s->matter++;
	if (CATCH(finding_without_problem, f->problem == NULL))
		return judge_find_at(s->c, s->v, true, "finding-without-problem", &place, s->err,
		    "%s names no entry of the problem resolution process", title);
	const struct sca_problem *one = f->problem == NULL ? NULL : sca_problems_find(&s->problems, f->problem);
	if (CATCH(problem_not_there, one == NULL))
		return judge_find_at(s->c, s->v, true, "problem-not-there", &place, s->err, "%s names '%s', which '" PROBLEMS_PATH "' doesn't have",
		    title, f->problem);
	if (CATCH(problem_knows_nothing, one != NULL && !sca_problem_names(&s->problems, one, f->identity, f->path)))
		return judge_find_at(s->c, s->v, true, "problem-knows-nothing", &place, s->err,
		    "%s names '%s', which names neither the finding nor its file", title, f->problem);
	s->linked++;
	return ASSAY_OK;
}

static enum assay_status
parse(struct assay_span csv, const char *name, struct arena *arena, void *ret_record, struct assay_error *err)
{
	return sca_problems_parse(csv, name, arena, ret_record, err);
}

static const struct judge_advice advice[] = {
	{ "no-plan", "run 'assay init' for a plan to begin with, and commit assay/standard.yaml" },
	{ "no-problems", "export the problem list as CSV to assay/problems.csv, with a column 'id'" },
	{ "finding-without-problem", "open an entry, and write its id into assay/findings.yaml: 'problem: ...'" },
	{ "problem-not-there", "export the list anew, or correct the id in assay/findings.yaml" },
	{ "problem-knows-nothing", "write the finding's id or its file into the entry, and export the list anew" },
	{ NULL, "see to what is named, and check again" },
};

/* Without a finding from the threshold on there is nothing to link, and no list is asked for. */
static bool
any_matters(const struct findings_base *b)
{
	for (size_t i = 0; i < b->found.count; i++) {
		if (b->found.items[i].state != SCA_FALSE_POSITIVE && findings_matters(b, &b->found.items[i]))
			return true;
	}
	return false;
}

enum assay_status
judge_find_problem(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	static const struct record_kind kind = { PROBLEMS_PATH, "no-problems",
		"there is no export of the problem resolution process, and findings that belong there", parse };
	struct state s = { .c = c, .v = v, .err = err };
	bool read = false;
	TRY(findings_read(c, v, &s.b, err));
	if (s.b == NULL)
		return judge_conclude(c, v, 0, "", advice, err);
	if (any_matters(s.b))
		TRY(record_read(c, v, &kind, &s.problems, &read, err));
	for (size_t i = 0; read && i < s.b->found.count; i++)
		TRY(judge_one(&s, &s.b->found.items[i]));
	TRY(findings_tell_unread(c, v, s.b, err));
	if (CATCH(problems_of_part, !s.b->complete))
		TRY(judge_find(c, v, false, "analysis-incomplete", NULL, NULL, err,
		    "not every file was looked at by every engine of the plan: there may be findings that nobody has seen"));
	judge_count(v, "findings from the threshold on", s.matter);
	judge_count(v, "linked both ways", s.linked);
	judge_count(v, "entries of the problem list", s.problems.count);
	return judge_conclude(c, v, 1, "each finding from the threshold on leads to an entry that knows of it", advice, err);
}
