/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan of coding standards that 'assay init' proposes where it finds C or C++: the one that is shipped, with the checks of engines
 * that are installed here. A rule whose engines are all missing becomes a question, with a comment that says who would answer it.
 */
#include "survey.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <engine/engine.h>
#include <sca/plan.h>
#include <string.h>

#define ENGINES_MAX 16
#define COLUMNS 118u

struct proposal {
	const struct survey *s;
	const struct standard *facts;
	struct plan plan;
	bool installed[ENGINES_MAX]; /* in the order of plan_engines */
	struct buf *out;
};

static bool
has_engine(const struct proposal *p, const char *engine)
{
	for (size_t i = 0; i < ENGINES_MAX && plan_engines[i] != NULL; i++) {
		if (strcmp(plan_engines[i], engine) == 0)
			return p->installed[i];
	}
	return false;
}

/* ---- a row ---- */

static size_t
count_checks(const struct proposal *p, const struct plan_row *row, bool installed)
{
	size_t count = 0;
	for (size_t i = 0; i < row->check_count; i++)
		count += has_engine(p, row->checks[i].engine) == installed;
	return count;
}

/* Checks of engines that are, or aren't, installed, broken into lines that begin with lead. */
static void
add_checks(const struct proposal *p, const struct plan_row *row, bool installed, const char *lead)
{
	size_t column = COLUMNS, done = 0;
	for (size_t i = 0; i < row->check_count; i++) {
		const char *text = row->checks[i].text;
		if (has_engine(p, row->checks[i].engine) != installed)
			continue;
		if (done++ > 0)
			buf_add_str(p->out, ",");
		if (done > 1 && column + strlen(text) + 3 > COLUMNS) {
			buf_addf(p->out, "\n%s", lead);
			column = strlen(lead);
		} else if (done > 1) {
			buf_add_str(p->out, " ");
		} else {
			column = strlen(lead);
		}
		buf_add_str(p->out, text);
		column += strlen(text) + 2;
	}
}

static void
add_quoted(struct buf *out, const char *text)
{
	buf_add_byte(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, (unsigned char)(*p == '\n' ? ' ' : *p));
	}
	buf_add_byte(out, '"');
}

static void
add_row(const struct proposal *p, const struct plan_row *row)
{
	const struct standard_rule *rule = standard_rule(p->facts, row->rule);
	const size_t here = count_checks(p, row, true), missing = count_checks(p, row, false);
	buf_addf(p->out, "      %s:\n", row->rule);
	if (missing > 0) {
		buf_add_str(p->out, here > 0 ? "        # not installed here, and would add:\n        #   "
			: "        # not installed here, and would enforce it:\n        #   ");
		add_checks(p, row, false, "        #   ");
		buf_add_str(p->out, "\n");
	}
	if (here > 0) {
		buf_add_str(p->out, "        checks: [");
		add_checks(p, row, true, "          ");
		buf_add_str(p->out, "]\n");
	}
	if (row->review != NULL) {
		buf_add_str(p->out, "        review: ");
		add_quoted(p->out, row->review);
		buf_add_str(p->out, "\n");
	} else if (here == 0) {
		buf_addf(p->out, "        review: \"Is it so in what the change touches: %s?\"\n",
		    rule != NULL && rule->title != NULL ? rule->title : "the rule is kept");
	}
}

/* ---- the file ---- */

static bool
found_language(const struct survey *s, const char *name)
{
	for (size_t i = 0; i < s->language_count; i++) {
		if (strcmp(s->languages[i].what, name) == 0)
			return true;
	}
	return false;
}

static void
add_others(const struct proposal *p)
{
	bool first = true;
	for (size_t i = 0; i < p->s->language_count; i++) {
		const struct survey_found *l = &p->s->languages[i];
		if (strcmp(l->what, "c") == 0 || strcmp(l->what, "c++") == 0)
			continue;
		buf_addf(p->out, "%s  #   %s: ", first ? "\n  # Written in other languages too, which need a standard, or a place under 'exclude':\n" : "",
		    l->what);
		text_escape(p->out, assay_span_str(l->path), false);
		buf_add_str(p->out, "\n");
		first = false;
	}
	buf_addf(p->out, "%s  # Rules of your own, for these or for all:\n"
			 "  # - id: own\n"
			 "  #   languages: [%s]\n"
			 "  #   version: \"1\"\n"
			 "  #   rules:\n"
			 "  #     no-eval:\n"
			 "  #       title: nothing that came from outside is run as code\n"
			 "  #       severity: high\n"
			 "  #       review: \"Does the change hand text to eval, exec or a shell?\"\n", first ? "\n" : "", first ? "c" : "python");
}

static const char *
units_of(const struct survey *s)
{
	for (size_t i = 0; i < s->found_count; i++) {
		if (strcmp(s->found[i].path, "CMakeLists.txt") == 0)
			return "cmake";
		if (strcmp(s->found[i].path, "meson.build") == 0)
			return "meson";
	}
	return "files";
}

static void
add_analysis(const struct proposal *p)
{
	const char *comma = "";
	buf_addf(p->out, "\n# How the code is analysed.\n"
			 "analysis:\n"
			 "  # Where compile commands come from: files (each alone), database, cmake, meson or bear.\n"
			 "  units: %s\n"
			 "  engines: [", units_of(p->s));
	for (size_t i = 0; i < ENGINES_MAX && plan_engines[i] != NULL; i++) {
		if (!p->installed[i])
			continue;
		buf_addf(p->out, "%s%s", comma, plan_engines[i]);
		comma = ", ";
	}
	buf_add_str(p->out, "]\n"
			    "  # What others wrote and maintain, each with its reason:\n"
			    "  #   - {path: third_party/, reason: the supplier analyses it}\n"
			    "  exclude: []\n"
			    "  # Open findings of this severity and above are gaps.\n"
			    "  threshold: medium\n"
			    "  # Paths whose changes need a security review.\n"
			    "  # security-relevant: [src/net/, src/update/]\n");
}

static void
add_plan(const struct proposal *p, const struct plan_standard *ps)
{
	const bool c = found_language(p->s, "c"), cxx = found_language(p->s, "c++");
	const char *group = "";
	buf_addf(p->out, "# Which coding standards are followed, and how each rule is enforced. See assay-standard(5).\n"
			 "#\n"
			 "# Proposed for the engines that are installed here: a rule that they catch has its checks, all others a question\n"
			 "# that somebody answers at review. 'assay standard' prints the account of it.\n"
			 "assay-standard: 1\n"
			 "standards:\n"
			 "  - id: %s\n"
			 "    languages: [%s]\n", ps->id, c && cxx ? "c, c++" : cxx ? "c++" : "c");
	buf_add_str(p->out, "    version: ");
	add_quoted(p->out, ps->version != NULL ? ps->version : "1");
	buf_add_str(p->out, "\n    # The day on which it was approved, and the day by which it is looked at again:\n"
			    "    # approved: 2026-01-31\n"
			    "    # review-by: 2027-01-31\n"
			    "    rules:\n");
	for (size_t i = 0; i < ps->count; i++) {
		const struct standard_rule *rule = standard_rule(p->facts, ps->rows[i].rule);
		if (rule != NULL && rule->group != NULL && strcmp(group, rule->group) != 0)
			buf_addf(p->out, "\n      # %s\n", rule->group);
		group = rule != NULL && rule->group != NULL ? rule->group : group;
		add_row(p, &ps->rows[i]);
	}
	add_others(p);
	add_analysis(p);
}

enum assay_status
survey_standard(const struct survey *s, struct arena *arena, struct buf *out, struct assay_error *err)
{
	const struct standards *all;
	struct proposal p = { .s = s, .out = out };
	if (!found_language(s, "c") && !found_language(s, "c++"))
		return ASSAY_OK;
	TRY(standards_load(arena, &all, err));
	TRY(plan_parse(plan_shipped(), "the shipped plan", arena, &p.plan, err));
	p.facts = standards_find(all, p.plan.standards[0].id);
	if (p.facts == NULL)
		return assay_fail(err, ASSAY_E_INTERNAL, "the shipped plan follows no standard of the catalogue");
	for (size_t i = 0; i < ENGINES_MAX && plan_engines[i] != NULL; i++)
		p.installed[i] = engine_is_installed(plan_engines[i]);
	add_plan(&p, &p.plan.standards[0]);
	return buf_status(out, "standard.yaml", err);
}
