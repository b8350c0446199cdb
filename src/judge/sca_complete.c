/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sca.complete: every file of code was looked at by every engine that the plan leans on, and none of them stopped half-way.
 */
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <inttypes.h>
#include <judge/code.h>
#include <sca/snippets.h>
#include <string.h>

static const struct judge_advice advice[] = {
	{ "no-plan", "run 'assay init' for a plan to begin with, and commit assay/standard.yaml" },
	{ "unit-not-compiled", "mend what the compiler lacks: name include folders, or take compile commands of the real build (units: in assay/standard.yaml)" },
	{ "unit-refused", "take the option out of the compile command, or name it in a bug report when it is harmless" },
	{ "not-analysed", "have a unit compile it, or take compile commands of the real build" },
	{ "header-not-read", "include it from a unit that is compiled, or take it out of the tree" },
	{ "code-in-disguise", "give it a name that says what it is: .h, .inc or .inl" },
	{ "engine-failed", "run the engine on that file by hand, and see what it stumbles over" },
	{ "check-blind", "see rule.custom and std.declared: mend the rule, or correct its name in the plan" },
	{ "branch-not-compiled", "add a unit that compiles it, take compile commands of the real build, or name its macro under analysis.not-built in assay/standard.yaml, with the reason" },
	{ "engine-missing", "install the engine where the check runs" },
	{ "no-checks", "name the checks that enforce the standard's rules: 'assay init' proposes some" },
	{ "snippet-in-product", "move the code out of assay/snippets/" },
	{ "code-unread", "look at these places by hand, or write them so that they can be read" },
	{ "foreign-include", "give the file an ending of C or C++, so that it is looked at" },
	{ "import-missing", "plant beside this commit with 'assay canary plant', have the analyser run, and give 'assay check' what 'assay import' wrote: --import" },
	{ "import-not-counted", "plant anew beside this commit, have the analyser run over both, and import its report as it is" },
	{ "import-not-seen", "have the analyser list all files that it looks at (artifacts of SARIF), and look at this one" },
	{ "no-engine", "name checks of an analyser that reads it, or have it out of the tree" },
	{ "import-stumbled", "see what kept the analyser from getting through, and run it again" },
	{ "excluded", "have it analysed, or except sca.complete with two people's signatures" },
	{ NULL, "see to the files named, and check again" },
};

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct code_base *b;
	bool here; /* some engine of the plan runs here */
	uint64_t files, headers, excluded, imported, branches, not_built;
	struct assay_error *err;
};

static enum assay_status
say(const struct state *s, bool gap, const char *id, const char *path, const char *detail, const char *words, const char *why)
{
	const struct judge_place place = { path, path, 0, 0, detail };
	return judge_find_at(s->c, s->v, gap, id, &place, s->err, "'%s' %s%s%s", path, words, why[0] != '\0' ? ": " : "", why);
}

/* Why the runs over a file didn't end well: of the first that says so. */
static const char *
why_not_looked(const struct code_engine *e, const char *path)
{
	for (size_t i = 0; i < e->ran->runs.count; i++) {
		const struct sca_ran *r = &e->ran->runs.items[i];
		for (size_t k = 0; r->state != SCA_RAN && k < r->run->unit_count; k++)
			if (strcmp(r->run->units[k], path) == 0)
				return r->why;
	}
	return "there is no sign that it looked";
}

/* Reports from elsewhere of which none counts are one question, and not one a file. */
static enum assay_status
judge_import_look(const struct state *s, const struct code_engine *e, const struct code_file *f)
{
	const char *path = f->file->path;
	bool counts = false;
	for (size_t i = 0; i < e->import_count; i++)
		counts |= code_import_counts(&e->imports[i]);
	if (!counts)
		return ASSAY_OK;
	const enum code_look look = code_import_look(s->b, e, f);
	if (CATCH(import_failed_on_file, look == CODE_LOOK_FAILED))
		return say(s, true, "engine-failed", path, e->name, "is a file that the analyser stumbled over, by its own report", e->name);
	if (CATCH(import_not_seen, look == CODE_NOT_LOOKED))
		return say(s, false, "import-not-seen", path, e->name, "is named by no imported report in its language", e->name);
	return ASSAY_OK;
}

/* Engines that the plan leans on and that are here: those that aren't are one question, and not one a file. */
static enum assay_status
judge_looks(const struct state *s, const struct code_file *f)
{
	const char *path = f->file->path;
	for (size_t i = 0; i < s->b->engine_count; i++) {
		const struct code_engine *e = &s->b->engines[i];
		if (e->imported)
			continue;
		if (e->inside || e->refused != NULL || e->ran == NULL || !e->ran->found)
			continue;
		if (CATCH(unit_not_looked_at, !sca_looked_at(&e->looked, &e->options, path)))
			TRY(say(s, true, "engine-failed", path, e->name,
			    arena_printf(s->c->arena, "was not looked at to its end by %s", e->name), why_not_looked(e, path)));
	}
	return ASSAY_OK;
}

/* The own engine reads headers for themselves, and what it didn't see of a file is an open question. */
static enum assay_status
judge_own_look(const struct state *s, const struct code_file *f)
{
	const char *path = f->file->path;
	const struct sca_own_look *own = &f->own;
	if (CATCH(file_unread_inside, !own->read && own->unseen == 0))
		return say(s, true, "engine-failed", path, SCA_OWN, "could not be read by the own engine", f->file->why != NULL ? f->file->why : "");
	if (CATCH(file_unseen_inside, own->unseen > 0))
		TRY(say(s, false, "code-unread", path, SCA_OWN, arena_printf(s->c->arena,
		    "has %" PRIu64 " pieces that the own engine can't read", own->unseen), ""));
	if (CATCH(file_foreign_inside, own->foreign != NULL)) {
		const struct judge_place at = { own->foreign, path, own->foreign_line, 0, SCA_OWN };
		TRY(judge_find_at(s->c, s->v, false, "foreign-include", &at, s->err,
		    "'%s' takes in '%s', which isn't code by its name: the own engine doesn't look at it", path, own->foreign));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_unit(const struct state *s, const struct analysis_unit *u)
{
	const char *header = NULL;
	for (size_t i = 0; i < u->header_count && header == NULL; i++)
		header = sca_is_snippet(u->headers[i]) ? u->headers[i] : NULL;
	if (CATCH(snippet_in_product, header != NULL || sca_is_snippet(u->file)))
		TRY(say(s, true, "snippet-in-product", header != NULL ? header : u->file, u->file,
		    "is a snippet, which nobody looks at as code, and is part of a unit", u->file));
	if (CATCH(unit_refused, u->refused[0] != '\0'))
		return say(s, true, "unit-refused", u->file, u->refused, "was given to no engine", u->refused);
	if (CATCH(unit_not_compiled, !u->compiles))
		return say(s, true, "unit-not-compiled", u->file, NULL, "doesn't compile, so that engines miss what is in it", u->why);
	return ASSAY_OK;
}

/* Analysers elsewhere that the plan has look at files like this one. */
static enum assay_status
judge_imported(struct state *s, const struct code_file *f, bool *ret_any)
{
	for (size_t i = 0; i < s->b->engine_count; i++) {
		const struct code_engine *e = &s->b->engines[i];
		if (!e->imported || !code_engine_reads(s->b, e, f->language))
			continue;
		*ret_any = true;
		s->imported += code_import_look(s->b, e, f) == CODE_LOOKED;
		TRY(judge_import_look(s, e, f));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_branches(struct state *s, const struct code_file *f)
{
	const struct code_branches_seen *b = &f->branches;
	const struct judge_place place = { f->file->path, f->file->path, b->first, b->first > 0, NULL };
	s->branches += b->all;
	s->not_built += b->not_built;
	if (CATCH(branches_unread, b->unread != NULL))
		return judge_find_at(s->c, s->v, false, "branches-unread", &place, s->err,
		    "which branches of '%s' no unit compiles can't be told: %s", f->file->path, b->unread);
	if (CATCH(branch_not_compiled, b->missed > 0))
		return judge_find_at(s->c, s->v, false, "branch-not-compiled", &place, s->err,
		    "'%s' has %u %s of #if that no unit compiles, the first at line %u", f->file->path, b->missed,
		    b->missed == 1 ? "branch" : "branches", b->first);
	return ASSAY_OK;
}

/* By engines that run here. */
static enum assay_status
judge_here(struct state *s, const struct code_file *f)
{
	const char *path = f->file->path;
	TRY(judge_branches(s, f));
	if (CATCH(file_left_out, f->left != NULL))
		return say(s, true, "not-analysed", path, NULL, "could not be given to any engine", f->left);
	/* Marks in it, and lines that name another place, were looked for by nobody. */
	if (CATCH(code_in_disguise, f->disguised && !f->file->has_bytes))
		return say(s, false, "code-in-disguise", path, NULL, "is read as code by a unit, and its name says nothing of that", "");
	for (size_t i = 0; i < s->b->engine_count; i++)
		if (s->b->engines[i].inside)
			TRY(judge_own_look(s, f));
	if (sca_is_header(path)) {
		s->headers++;
		return CATCH(header_not_read, !f->included && f->units == 0)
		    ? say(s, true, "header-not-read", path, NULL, "is read by no unit that compiles", "") : ASSAY_OK;
	}
	if (f->units == 0 && f->included)
		return ASSAY_OK;
	if (CATCH(file_in_no_unit, f->units == 0))
		return say(s, true, "not-analysed", path, NULL, "is compiled by no unit", s->b->run->units_why);
	return f->failed == f->units ? ASSAY_OK : judge_looks(s, f);
}

static enum assay_status
judge_file(struct state *s, const struct code_file *f)
{
	const char *path = f->file->path;
	bool elsewhere = false;
	s->files++;
	if (CATCH(file_excluded, f->exclude != NULL)) {
		s->excluded++;
		return say(s, true, "excluded", path, NULL, "is code that the plan leaves out", f->exclude->reason);
	}
	TRY(judge_imported(s, f, &elsewhere));
	if (s->here && code_is_c(f->language))
		return judge_here(s, f);
	if (CATCH(file_read_by_no_engine, !elsewhere && s->b->engine_count > 0))
		return say(s, false, "no-engine", path, NULL, "is of a language that no engine of the plan reads", f->language->name);
	return ASSAY_OK;
}

static enum assay_status
judge_import(const struct state *s, const struct code_engine *e, const struct code_import *m)
{
	bool told = false;
	TRY(code_import_doubts(s->c, s->v, e, m, false, &told, s->err));
	const char *what = arena_printf(s->c->arena, "%s (%s)", e->name, m->language);
	if (told || what == NULL)
		return told ? ASSAY_OK : arena_full(s->err);
	if (CATCH(import_runs_misplaced, !m->x->placed))
		return judge_find(s->c, s->v, false, "import-not-counted", what, "other-folder", s->err,
		    "the report of %s doesn't have its plants where they were planted, so that its paths can't be told", what);
	if (CATCH(import_not_through, m->stumbled != NULL))
		return judge_find(s->c, s->v, false, "import-stumbled", what, NULL, s->err, "%s tells of an error of its own: %s", what, m->stumbled);
	return ASSAY_OK;
}

static enum assay_status
judge_imports(const struct state *s, const struct code_engine *e)
{
	if (CATCH(import_not_given, e->import_count == 0))
		return judge_find(s->c, s->v, false, "import-missing", e->name, NULL, s->err, "%s is named by the plan, and no report of it was given",
		    e->name);
	for (size_t i = 0; i < e->import_count; i++)
		TRY(judge_import(s, e, &e->imports[i]));
	return ASSAY_OK;
}

static enum assay_status
judge_engines(const struct state *s)
{
	for (size_t i = 0; i < s->b->engine_count; i++) {
		const struct code_engine *e = &s->b->engines[i];
		if (e->imported) {
			TRY(judge_imports(s, e));
			continue;
		}
		const bool here = e->inside || (e->ran != NULL && e->ran->found);
		if (CATCH(engine_not_here, !here))
			TRY(judge_find(s->c, s->v, false, "engine-missing", e->name, NULL, s->err, "%s was not run: %s", e->name,
			    e->refused != NULL ? e->refused : e->ran == NULL ? "the record doesn't name it" : e->ran->why));
		if (CATCH(own_check_blind, e->blind != NULL))
			TRY(judge_find(s->c, s->v, true, "check-blind", e->blind, NULL, s->err,
			    "%s is no rule that tells bad code from good: it reports nothing, whatever it looks at", e->blind));
	}
	/* Where none is asked, each has looked at everything. */
	if (CATCH(no_engine_asked, s->b->engine_count == 0))
		return judge_find(s->c, s->v, false, "no-checks", PLAN_PATH, NULL, s->err,
		    "no rule of the plan names a check of any engine: nothing looks at the code");
	return ASSAY_OK;
}

/* Code that isn't in the tree can't be looked at: what a submodule holds. */
static enum assay_status
judge_submodules(struct state *s)
{
	const struct sources *all = &s->b->tree->sources;
	for (size_t i = 0; i < all->count; i++) {
		const char *path = all->files[i].path;
		if (all->files[i].mode != SOURCE_SUBMODULE)
			continue;
		const struct plan_exclude *out = plan_excludes(&s->b->plan.analysis, path);
		if (CATCH(submodule_excluded, out != NULL)) {
			s->excluded++;
			TRY(say(s, true, "excluded", path, NULL, "is another repository, which the plan leaves out", out->reason));
		} else {
			TRY(say(s, false, "submodule", path, NULL, "is another repository, and was not looked at", ""));
		}
	}
	return ASSAY_OK;
}

enum assay_status
judge_sca_complete(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .err = err };
	TRY(code_base_read(c, v, &s.b, err));
	if (s.b == NULL)
		return judge_conclude(c, v, 0, "", advice, err);
	for (size_t i = 0; i < s.b->engine_count; i++)
		s.here |= !s.b->engines[i].imported;
	TRY(judge_engines(&s));
	TRY(judge_submodules(&s));
	for (size_t i = 0; i < s.b->file_count; i++)
		TRY(judge_file(&s, &s.b->files[i]));
	for (size_t i = 0; s.here && i < s.b->run->unit_count; i++)
		TRY(judge_unit(&s, &s.b->run->units[i]));
	judge_count(v, "files of code", s.files);
	judge_count(v, "headers", s.headers);
	judge_count(v, "units", s.b->run->unit_count);
	judge_count(v, "left out by the plan", s.excluded);
	judge_count(v, "branches of #if", s.branches);
	judge_count(v, "branches not built, by the plan", s.not_built);
	if (s.b->imported)
		judge_count(v, "looked at elsewhere, by what is said", s.imported);
	return judge_conclude(c, v, s.files, s.b->imported
	    ? "every file of code was looked at by every engine that the plan leans on; elsewhere, on the word of whoever ran it there"
	    : "every file of code was looked at by every engine that the plan leans on", advice, err);
}
