/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: what silences an analyser belongs to a deviation that holds, still silences something, and is no wider than needed.
 */
#include "deviations.h"
#include "record.h"
#include "rows.h"

#include <base/buf.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <code/suppress.h>
#include <evidence/analysis.h>
#include <sca/plan.h>
#include <string.h>

#define CHECKS_TEXT_MAX 8192

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	struct plan plan;
	struct deviations deviations;
	struct silence *silences; /* one a suppression */
	bool told; /* one of them tells something */
	uint64_t left_out;
	uint64_t by_form[SUPPRESS_OPTION + 1];
	struct assay_error *err;
};

/* One suppression, as it is told of. */
struct told {
	const struct suppression *s;
	const char *words; /* "'cppcheck-suppress' (a, b) of cppcheck in 'f'" */
	struct judge_place place;
};

static enum assay_status
tell(const struct state *x, const struct suppression *s, struct told *t)
{
	CLEANUP(buf_done) struct buf checks = BUF_INIT(CHECKS_TEXT_MAX);
	for (size_t i = 0; i < s->check_count; i++)
		buf_addf(&checks, "%s%s", i > 0 ? ", " : "", s->checks[i]);
	TRY(buf_status(&checks, "the checks of a suppression", x->err));
	const bool named = s->check_count > 0 && s->form != SUPPRESS_DETECTS;
	t->s = s;
	t->words = arena_printf(x->c->arena, "'%s'%s%s%s of %s%s%s%s", s->mark, named ? " (" : "", named ? buf_str(&checks) : "",
	    named ? ")" : "", s->engine, s->symbol != NULL ? " in '" : "", s->symbol != NULL ? s->symbol : "", s->symbol != NULL ? "'" : "");
	const char *about = arena_printf(x->c->arena, "%s|%s", s->symbol == NULL ? "" : s->symbol, buf_str(&checks));
	if (t->words == NULL || about == NULL)
		return arena_full(x->err);
	t->place = (struct judge_place){ s->mark, s->path, s->line, s->column, about };
	return ASSAY_OK;
}

static enum assay_status
find(const struct state *x, const struct told *t, bool gap, const char *code, const char *what)
{
	return judge_find_at(x->c, x->v, gap, code, &t->place, x->err, "%s %s", t->words, what);
}

/* ---- whether a deviation lets it stand ---- */

static enum assay_status
judge_deviation(const struct state *x, const struct told *t)
{
	static const char *const codes[] = { [SUPPRESS_DETECTS] = "analyser-detected", [SUPPRESS_OPTION] = "suppression-in-configuration" };
	const struct suppression *s = t->s;
	const char *code = s->form < SUPPRESS_DETECTS ? "suppression-without-deviation" : codes[s->form];
	struct deviations_for d;
	TRY(deviations_for(x->c, &x->deviations, &x->plan, s, &d, x->err));
	if (CATCH(suppression_alone, d.missing))
		return find(x, t, true, code, s->form == SUPPRESS_DETECTS ? "makes the code another one for an analyser, and belongs to no deviation"
									  : "belongs to no deviation");
	if (!CATCH(suppression_fallen, d.fallen != NULL))
		return ASSAY_OK;
	const char *what = arena_printf(x->c->arena, "belongs to '%s', which doesn't hold: %s", d.fallen->file->path, d.fallen->faults->why);
	return what == NULL ? arena_full(x->err) : find(x, t, true, "suppression-deviation-void", what);
}

/* ---- whether it is as narrow as it can be ---- */

static bool
has_pattern(const struct suppression *s)
{
	for (size_t i = 0; i < s->check_count; i++) {
		if (strchr(s->checks[i], '*') != NULL)
			return true;
	}
	return false;
}

static enum assay_status
judge_width(const struct state *x, const struct told *t)
{
	const struct suppression *s = t->s;
	/* Forms that can't name a check are judged by their lines alone. */
	const bool nameless = strcmp(s->engine, "flawfinder") == 0 || strcmp(s->engine, "splint") == 0 || strcmp(s->engine, "sanitizers") == 0
	    || strcmp(s->engine, "sonarqube") == 0;
	if (CATCH(suppression_every_check, s->check_count == 0 && !nameless))
		return find(x, t, true, "suppression-too-wide", "silences every check: name those that are meant");
	if (CATCH(suppression_pattern, has_pattern(s)))
		return find(x, t, true, "suppression-too-wide", "silences checks by a pattern: name those that are meant");
	if (CATCH(suppression_in_macro, s->in_macro && (s->open || s->reach == SUPPRESS_FUNCTION)))
		return find(x, t, true, "suppression-too-wide", "stands in a macro and silences wherever that is used");
	if (CATCH(suppression_whole_file, s->reach == SUPPRESS_FILE))
		return find(x, t, true, "suppression-too-wide", s->open ? "begins what nothing ends, so that it reaches to the end of the file"
									: "silences the whole file: mark the lines that are meant");
	if (CATCH(suppression_several, s->reach == SUPPRESS_REGION && s->several))
		return find(x, t, true, "suppression-too-wide", "covers more than one function, or what lies between them");
	return ASSAY_OK;
}

/* ---- whether it is needed ---- */

static enum assay_status
judge_need(struct state *x, const struct told *t, const struct silence *silence)
{
	const enum silence_need need = silence->need;
	x->told |= need != SILENCE_NEED_UNKNOWN || silence->wide != NULL;
	if (silence->wide != NULL)
		TRY(find(x, t, true, "suppression-too-wide", silence->wide));
	if (CATCH(suppression_idle, need == SILENCE_NOT_NEEDED))
		return find(x, t, true, "suppression-not-needed", "silences nothing: without it the engine reports none of its checks there");
	if (!CATCH(suppression_untried, need == SILENCE_NEED_UNKNOWN))
		return ASSAY_OK;
	const char *what = silence->why == NULL ? "may silence nothing: nobody has analysed the code without it"
	    : arena_printf(x->c->arena, "may silence less than it says, or nothing: %s", silence->why);
	return what == NULL ? arena_full(x->err) : find(x, t, false, "suppression-need-unknown", what);
}

static enum assay_status
judge_one(struct state *x, const struct suppression *s, const struct silence *silence)
{
	struct told t;
	x->by_form[s->form]++;
	TRY(tell(x, s, &t));
	TRY(judge_deviation(x, &t));
	if (CATCH(suppression_hidden, s->spliced))
		TRY(find(x, &t, true, "suppression-hidden", "is written over joined lines, where nobody who searches for it finds it"));
	/* What the code is for an analyser, and what stands beside it, no trial could take out. */
	if (s->form == SUPPRESS_DETECTS || s->form == SUPPRESS_OPTION)
		return ASSAY_OK;
	TRY(judge_width(x, &t));
	return judge_need(x, &t, silence);
}

/* ---- all ---- */

static bool
is_left_out(void *ctx, const char *path)
{
	struct state *x = ctx;
	const bool out = plan_excludes(&x->plan.analysis, path) != NULL;
	x->left_out += out;
	return out;
}

static enum assay_status
parse_plan(struct assay_span yaml, const char *name, struct arena *arena, void *ret_record, struct assay_error *err)
{
	return plan_parse(yaml, name, arena, ret_record, err);
}

static enum assay_status
judge_found(struct state *x, const struct suppressions *found)
{
	for (size_t i = 0; i < found->unread_count; i++) {
		const struct suppress_unread *u = &found->unread[i];
		const struct judge_place place = { .object = u->path, .file = u->path };
		if (CATCH(suppression_unread, found->unread_count > 0))
			TRY(judge_find_at(x->c, x->v, false, "suppression-unread", &place, x->err,
			    "'%s' could not be looked through for suppressions: %s", u->path, u->why));
	}
	if (found->overflow)
		TRY(judge_find(x->c, x->v, false, "too-many-suppressions", NULL, NULL, x->err,
		    "more than %u suppressions: the rest was not judged", SUPPRESS_MAX));
	for (size_t i = 0; i < found->count; i++)
		TRY(judge_one(x, &found->items[i], &x->silences[i]));
	return ASSAY_OK;
}

/* What engines wrote is the maker's word, and so is what is told by it. */
static void
rest_on_analysis(const struct state *x)
{
	const struct evidence *e = evidence_find(x->c->input->evidence, ANALYSIS_KIND);
	struct grade *g = &x->v->grade;
	if (e == NULL || x->v->evidence_count == sizeof x->v->evidence / sizeof x->v->evidence[0])
		return;
	x->v->evidence[x->v->evidence_count++] = e;
	g->source = e->grade.source < g->source ? e->grade.source : g->source;
	g->depth = e->grade.depth < g->depth ? e->grade.depth : g->depth;
}

static const struct judge_advice advice[] = {
	{ "no-plan", "declare one: assay init proposes it" },
	{ "suppression-without-deviation", "mend the code and delete it, or record why it stands: assay deviate" },
	{ "suppression-deviation-void", "see to the deviation first: dev.approved names what it lacks" },
	{ "suppression-in-configuration", "take it out of the file, or record why it stands: assay deviate" },
	{ "analyser-detected", "let analysers see the code that is compiled, or record why they don't: assay deviate" },
	{ "suppression-too-wide", "name the check and mark the line: // NO" "LINTNEXTLINE(check), // cppcheck-suppress check, or a pragma "
				  "between push and pop within one function" },
	{ "suppression-hidden", "write it in one piece" },
	{ "suppression-not-needed", "delete it" },
	{ "suppression-need-unknown", "analyse the code without it" },
	{ NULL, "see to what kept it from being read, and check again" },
};

enum assay_status
judge_dev_no_silent(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	static const struct record_kind kind = { PLAN_PATH, "no-plan",
		"there is no " PLAN_PATH ", and without a plan the code isn't looked at", parse_plan };
	static const char *const names[] = { [SUPPRESS_COMMENT] = "marks in comments", [SUPPRESS_STRING] = "marks in strings and names",
		[SUPPRESS_PRAGMA] = "pragmas", [SUPPRESS_ATTRIBUTE] = "attributes", [SUPPRESS_DETECTS] = "questions for analysers",
		[SUPPRESS_OPTION] = "options in files beside the code" };
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	struct state x = { .c = c, .v = v, .err = err };
	struct suppressions found = { 0 };
	bool read = false;
	TRY(record_read(c, v, &kind, &x.plan, &read, err));
	if (!read)
		return judge_conclude(c, v, 0, "", advice, err);
	TRY(deviations_read(c, &x.deviations, err));
	TRY(suppress_find(&tree->sources, is_left_out, &x, c->arena, &found, err));
	TRY(silence_tried(c, &x.plan, &found, &x.silences, err));
	TRY(judge_found(&x, &found));
	if (x.told)
		rest_on_analysis(&x);
	judge_count(v, "files looked through", found.files);
	judge_count(v, "files that the plan leaves out", x.left_out);
	judge_count(v, "suppressions", found.count);
	for (size_t i = 0; i <= SUPPRESS_OPTION; i++)
		judge_count(v, names[i], x.by_form[i]);
	return judge_conclude(c, v, found.files, found.count == 0 ? "nothing in the files of code, and beside them, silences an analyser"
	    : "each suppression belongs to a deviation that holds, is needed, and is no wider than needed", advice, err);
}
