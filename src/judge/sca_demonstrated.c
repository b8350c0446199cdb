/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sca.demonstrated: each rule that the plan calls enforced was seen to be, by the engines and options in use.
 */
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <judge/code.h>
#include <string.h>

static const struct judge_advice advice[] = {
	{ "no-plan", "run 'assay init' for a plan to begin with, and commit assay/standard.yaml" },
	{ "bad-not-caught", "name a check that catches it, or make the rule an item of review" },
	{ "good-flagged", "take out the check that flags it: people stop reading an analyser that is wrong" },
	{ "check-unknown", "write the check's name as the engine has it" },
	{ "check-idle", "take the check out of the rule's row: it catches none of the rule's bad snippets" },
	{ "no-snippets", "make the rule an item of review, or bring bad and good examples of it" },
	{ "not-shown", "see to the engine that is missing or fails, and check again" },
	{ "import-missing", "plant beside this commit with 'assay canary plant', have the analyser run, and give 'assay check' what 'assay import' wrote: --import" },
	{ "import-not-counted", "plant anew beside this commit, have the analyser run over both, and import its report as it is" },
	{ "plant-missed", "switch on what finds it, or make the rule an item of review" },
	{ "twin-flagged", "take out the check that flags it: people stop reading an analyser that is wrong" },
	{ "no-plants-of-rule", "make the rule an item of review: nothing that is planted could show it" },
	{ "other-snippets", "check again with this version of assay" },
	{ NULL, "see to what is named, and check again" },
};

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct code_base *b;
	uint64_t rules, shown, bad, good, reviewed;
	struct assay_error *err;
};

static enum assay_status
say(const struct state *s, bool gap, const char *id, const struct plan_row *row, const char *detail, const char *words)
{
	const struct judge_place place = { row->rule, PLAN_PATH, row->line, row->column, detail };
	return judge_find_at(s->c, s->v, gap, id, &place, s->err, "%s: %s%s%s", row->rule, words, detail != NULL ? " " : "",
	    detail != NULL ? detail : "");
}

/* Snippets as they were when the analysis ran are those that this program knows. */
static bool
is_known(const struct analysis *run, const struct sca_snippet *s)
{
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ s->sha256, ASSAY_SHA256_SIZE }, hex);
	for (size_t i = 0; i < run->snippet_count; i++)
		if (strcmp(run->snippets[i].name, s->name) == 0)
			return strcmp(run->snippets[i].sha256, hex) == 0;
	return false;
}

static enum assay_status
judge_shown(struct state *s, const struct sca_demo *d)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct sca_shown *one = &d->shown[i];
		const bool bad = one->snippet->bad;
		if (CATCH(snippet_of_another_version, !is_known(s->b->run, one->snippet)))
			TRY(say(s, false, "other-snippets", d->row, one->snippet->name, "the analysis was shown another version of"));
		else if (one->state == SCA_SHOWN_NOT_RUN)
			TRY(say(s, false, "not-shown", d->row, one->snippet->name, "an engine of the rule didn't look at"));
		else if (bad && one->state != SCA_SHOWN_REPORTED && d->row->review != NULL && d->caught > 0)
			s->reviewed++;
		else if (CATCH(bad_not_caught, bad && one->state != SCA_SHOWN_REPORTED))
			TRY(say(s, true, "bad-not-caught", d->row, one->snippet->name, "no check of the rule reports the fault in"));
		else if (CATCH(good_flagged, !bad && one->state == SCA_SHOWN_REPORTED))
			TRY(say(s, true, "good-flagged", d->row, one->snippet->name,
			    arena_printf(s->c->arena, "%s reports a fault in sound code:", one->check)));
	}
	return ASSAY_OK;
}

static bool
is_unknown(const struct state *s, const struct plan_check *check)
{
	const struct analysis_engine *e = analysis_engine_find(s->b->run, check->engine);
	for (size_t i = 0; e != NULL && i < e->unknown_count; i++)
		if (strcmp(e->unknown[i], check->name) == 0)
			return true;
	return false;
}

static bool
is_here(const struct state *s, const char *engine)
{
	for (size_t i = 0; i < s->b->engine_count; i++)
		if (strcmp(s->b->engines[i].name, engine) == 0)
			return s->b->engines[i].inside || (s->b->engines[i].ran != NULL && s->b->engines[i].ran->found);
	return false;
}

static enum assay_status
judge_checks(const struct state *s, const struct sca_demo *d)
{
	for (size_t i = 0; i < d->row->check_count; i++) {
		const struct plan_check *check = &d->row->checks[i];
		if (CATCH(check_not_there, is_unknown(s, check)))
			TRY(say(s, true, "check-unknown", d->row, check->text, "the engine has no check"));
		else if (CATCH(check_idle, d->idle[i] && d->not_run == 0 && d->count > 0 && is_here(s, check->engine)))
			TRY(say(s, true, "check-idle", d->row, check->text, "none of the rule's bad snippets is reported by"));
	}
	return ASSAY_OK;
}

/* ---- what plants show ---- */

/* Reports that count for nothing are told once, and not for each rule. */
static enum assay_status
judge_imports(const struct state *s)
{
	bool told;
	for (size_t i = 0; i < s->b->engine_count; i++) {
		const struct code_engine *e = &s->b->engines[i];
		if (CATCH(import_shows_nothing, e->imported && e->import_count == 0))
			TRY(judge_find(s->c, s->v, false, "import-missing", e->name, NULL, s->err,
			    "%s is named by the plan, and no report of it was given", e->name));
		for (size_t k = 0; k < e->import_count; k++)
			TRY(code_import_doubts(s->c, s->v, e, &e->imports[k], true, &told, s->err));
	}
	return ASSAY_OK;
}

/* One report, for a rule that its checks are to enforce. */
static enum assay_status
judge_plants(const struct state *s, const struct sca_demo *d, const struct code_engine *e, const struct code_import *m)
{
	const enum code_planted shown = code_import_shows(s->b, m, d->standard, d->row);
	if (CATCH(rule_without_plants, shown == CODE_NO_PLANTS))
		return say(s, false, "no-plants-of-rule", d->row, e->name, "nothing that is planted is of its weaknesses, for");
	if (CATCH(plant_missed, shown == CODE_PLANT_MISSED))
		return say(s, true, "plant-missed", d->row, e->name, "the faulty programs that were planted are not all reported by its checks of");
	if (CATCH(twin_flagged, shown == CODE_TWIN_FLAGGED))
		return say(s, true, "twin-flagged", d->row, e->name, "sound programs that were planted are reported by its checks of");
	for (size_t i = 0; i < d->row->check_count; i++) {
		const struct plan_check *check = &d->row->checks[i];
		if (CATCH(import_check_idle, strcmp(check->engine, e->name) == 0 && !import_fires(m->x, check->name)))
			TRY(say(s, true, "check-idle", d->row, check->text, "nothing that was planted is reported by"));
	}
	return ASSAY_OK;
}

static bool
is_of_rule(const struct sca_demo *d, const struct code_engine *e)
{
	for (size_t i = 0; i < d->row->check_count; i++)
		if (e->imported && strcmp(d->row->checks[i].engine, e->name) == 0)
			return true;
	return false;
}

static enum assay_status
judge_planted(const struct state *s, const struct sca_demo *d)
{
	for (size_t i = 0; i < s->b->engine_count; i++) {
		const struct code_engine *e = &s->b->engines[i];
		size_t fitting = 0;
		if (!is_of_rule(d, e))
			continue;
		for (size_t k = 0; k < e->import_count; k++) {
			if (!code_standard_has(d->standard, e->imports[k].language))
				continue;
			fitting++;
			if (code_import_counts(&e->imports[k]))
				TRY(judge_plants(s, d, e, &e->imports[k]));
		}
		if (CATCH(import_of_another_language, fitting == 0 && e->import_count > 0))
			TRY(say(s, false, "import-missing", d->row, e->name, "in the languages of its standard there is no report of"));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_rule(struct state *s, const struct sca_demo *d)
{
	s->rules++;
	s->shown += sca_demo_shown(d);
	TRY(judge_planted(s, d));
	if (d->local == 0)
		return ASSAY_OK;
	s->bad += d->caught;
	s->good += d->good - d->flagged;
	if (CATCH(rule_without_snippets, d->bad == 0 || d->good == 0))
		return say(s, false, "no-snippets", d->row, NULL, "there are no snippets that could show it");
	TRY(judge_checks(s, d));
	return judge_shown(s, d);
}

enum assay_status
judge_sca_demonstrated(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .err = err };
	TRY(code_base_read(c, v, &s.b, err));
	if (s.b != NULL)
		TRY(judge_imports(&s));
	for (size_t i = 0; s.b != NULL && i < s.b->demo_count; i++)
		TRY(judge_rule(&s, &s.b->demos[i]));
	judge_count(v, "rules enforced by checks", s.rules);
	judge_count(v, "shown to be", s.shown);
	judge_count(v, "bad snippets caught", s.bad);
	judge_count(v, "good snippets let through", s.good);
	judge_count(v, "bad snippets left to reviews", s.reviewed);
	return judge_conclude(c, v, s.rules, s.b != NULL && s.b->imported
	    ? "each rule that a check enforces was shown to be; elsewhere, by what was planted, on the word of whoever ran it there"
	    : "each rule that a check enforces was shown to be", advice, err);
}
