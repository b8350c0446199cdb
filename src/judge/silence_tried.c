/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: whether a suppression silences anything, as far as what engines wrote tells. cppcheck and flawfinder are run so that
 * they obey no mark in the code: what they report in its lines is what it would silence. Of those that obey theirs it is told by a run
 * over the file without it: silence_trial.c.
 */
#include "record.h"
#include "silence.h"

#include <base/cleanup.h>
#include <judge/code.h>
#include <string.h>

static const char *const disobedient[] = { "cppcheck", "flawfinder" };

/* Of the very files that are judged, and by the very plan. */
static const struct analysis *
analysis_of(const struct judge_context *c)
{
	const struct tree *t = evidence_facts(c->input->evidence, TREE_KIND);
	const struct analysis *a = evidence_facts(c->input->evidence, ANALYSIS_KIND);
	const struct source_file *plan = record_file(c, PLAN_PATH);
	if (t == NULL || a == NULL || plan == NULL || !plan->has_bytes || !code_run_is_of(a, t) || !code_run_is_by(a, plan->bytes))
		return NULL;
	return a;
}

/* It was given the file, and ended well each time. */
static bool
looked_at(const struct analysis_engine *e, const char *path)
{
	bool looked = false;
	for (size_t i = 0; i < e->runs.count; i++) {
		const struct sca_ran *r = &e->runs.items[i];
		for (size_t k = 0; k < r->run->unit_count; k++) {
			if (strcmp(r->run->units[k], path) != 0)
				continue;
			if (r->state != SCA_RAN)
				return false;
			looked = true;
		}
	}
	return looked;
}

/* check: NULL for any. */
static bool
reports(const struct analysis_engine *e, const struct suppression *s, const char *check)
{
	for (size_t i = 0; i < e->runs.count; i++) {
		const struct sca_reading *read = &e->runs.items[i].reading;
		for (size_t k = 0; k < read->count; k++) {
			const struct sca_report *r = &read->reports[k];
			if (!r->outside && r->line >= s->first && r->line <= s->last && strcmp(r->path, s->path) == 0
			    && (check == NULL || strcmp(r->check, check) == 0))
				return true;
		}
	}
	return false;
}

bool
silence_is_asked(const struct plan *plan, const char *engine, const char *check)
{
	const struct plan_standard *standard;
	size_t cursor = 0;
	return plan_next_row(plan, engine, check, &cursor, &standard) != NULL;
}

static enum silence_need
need_of(const struct analysis_engine *e, const struct plan *plan, const struct suppression *s)
{
	bool asked = s->check_count > 0 || strcmp(s->engine, "flawfinder") == 0;
	if (s->check_count == 0 && reports(e, s, NULL))
		return SILENCE_NEEDED;
	for (size_t i = 0; i < s->check_count; i++) {
		if (reports(e, s, s->checks[i]))
			return SILENCE_NEEDED;
		/* What the plan doesn't ask for may be left out of a run. */
		asked = asked && silence_is_asked(plan, s->engine, s->checks[i]);
	}
	return asked && looked_at(e, s->path) ? SILENCE_NOT_NEEDED : SILENCE_NEED_UNKNOWN;
}

enum assay_status
silence_tried(const struct judge_context *c, const struct plan *plan, const struct suppressions *found, struct silence **ret_silences,
    struct assay_error *err)
{
	const struct analysis *a = analysis_of(c);
	struct silence_work w = { .c = c, .plan = plan, .found = found, .a = a, .err = err };
	struct silence *all = arena_array(c->arena, found->count + 1, sizeof *all);
	w.texts = arena_array(c->arena, (a == NULL ? 0 : a->trial_count) + 1, 1);
	if (all == NULL || w.texts == NULL)
		return arena_full(err);
	memset(w.texts, 0, (a == NULL ? 0 : a->trial_count) + 1);
	memset(all, 0, (found->count + 1) * sizeof *all);
	for (size_t i = 0; i < found->count && a != NULL; i++) {
		const struct suppression *s = &found->items[i];
		const struct analysis_engine *e = analysis_engine_find(a, s->engine);
		bool obeys = true;
		for (size_t k = 0; k < sizeof disobedient / sizeof disobedient[0]; k++)
			obeys &= strcmp(s->engine, disobedient[k]) != 0;
		if (e == NULL || !e->found)
			continue;
		if (obeys)
			TRY(silence_by_trial(&w, e, s, &all[i]));
		else if (s->form == SUPPRESS_COMMENT)
			all[i].need = need_of(e, plan, s);
	}
	*ret_silences = all;
	return ASSAY_OK;
}
