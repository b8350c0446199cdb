/* SPDX-License-Identifier: Apache-2.0 */
/*
 * std.declared: the languages that the tree is written in, told by the names of its files. What is excluded from analysis for a reason
 * needs no standard of the maker's.
 */
#include "std.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <sca/language.h>
#include <string.h>

#define LANGUAGES_MAX 64
#define REASON_WORDS_MIN 2
/* Steps in which patterns of what is left out are held against paths: seconds. */
#define MATCH_STEPS_MAX 4000000000u

struct found {
	const struct sca_language *language;
	const char *first; /* path of the first file */
	uint64_t files;
};

struct survey {
	struct found items[LANGUAGES_MAX]; /* in the order of sca_languages */
	uint64_t files, excluded;
	uint64_t steps, step; /* taken so far, and for each byte of a path */
	bool cut;             /* MATCH_STEPS_MAX were not enough */
};

static void
count_file(const struct std_state *s, const struct source_file *f, struct survey *survey)
{
	const struct sca_language *l = sources_is_file(f) ? sca_language_of(f->path) : NULL;
	if (l == NULL || l - sca_languages >= LANGUAGES_MAX)
		return;
	survey->files++;
	survey->steps += survey->step * (strlen(f->path) + 1);
	survey->cut |= survey->steps > MATCH_STEPS_MAX;
	if (survey->cut)
		return;
	if (plan_excludes(&s->p.analysis, f->path) != NULL) {
		survey->excluded++;
		return;
	}
	struct found *found = &survey->items[l - sca_languages];
	if (found->files++ == 0)
		found->first = f->path;
	found->language = l;
}

static struct found *
found_of(struct survey *survey, const char *name)
{
	const struct sca_language *l = name != NULL ? sca_language_find(name) : NULL;
	struct found *found = l != NULL && l - sca_languages < LANGUAGES_MAX ? &survey->items[l - sca_languages] : NULL;
	return found != NULL && found->files > 0 ? found : NULL;
}

/* Headers have a row of their own. They are of C where there is C, else of C++ where there is that. */
static void
fold_headers(struct survey *survey)
{
	for (size_t i = 0; i < LANGUAGES_MAX; i++) {
		struct found *header = &survey->items[i];
		if (header->files == 0 || sca_language_find(header->language->name) == header->language)
			continue;
		struct found *to = found_of(survey, header->language->name);
		if (to == NULL)
			to = found_of(survey, header->language->also);
		if (to == NULL)
			continue;
		to->files += header->files;
		header->files = 0;
	}
}

static bool
has_language(const struct plan_standard *ps, const char *name)
{
	for (size_t i = 0; i < ps->languages.count; i++) {
		if (strcmp(ps->languages.items[i], name) == 0)
			return true;
	}
	return false;
}

static bool
is_covered(const struct std_state *s, const struct sca_language *l)
{
	for (size_t i = 0; i < s->p.count; i++) {
		if (has_language(&s->p.standards[i], l->name) || (l->also != NULL && has_language(&s->p.standards[i], l->also)))
			return true;
	}
	return false;
}

static enum assay_status
judge_found(const struct std_state *s, const struct found *found)
{
	struct judge_place place = { found->language->name, PLAN_PATH, 0, 0, NULL };
	if (CATCH(std_language_bare, !is_covered(s, found->language)))
		return judge_find_at(s->c, s->v, true, "language-without-standard", &place, s->err,
		    "no standard is declared for %s, in which %llu file%s written, '%s' among them", found->language->name,
		    (unsigned long long)found->files, found->files == 1 ? " is" : "s are", found->first);
	return ASSAY_OK;
}

static enum assay_status
judge_excludes(const struct std_state *s, const struct survey *survey)
{
	const struct plan_analysis *a = &s->p.analysis;
	for (size_t i = 0; i < a->exclude_count + a->not_built_count; i++) {
		const struct plan_exclude *e = i < a->exclude_count ? &a->excludes[i] : &a->not_built[i - a->exclude_count];
		if (CATCH(std_exclude_hollow, std_hollow(e->reason, REASON_WORDS_MIN)))
			TRY(std_gap(s, "exclude-hollow", e->what, NULL, e->line, e->column, "no reason is given for leaving out"));
	}
	if (CATCH(std_all_excluded, survey->files > 0 && survey->excluded == survey->files))
		return std_gap(s, "everything-excluded", "exclude", NULL, a->line, a->column,
		    "all source files of the tree are left out by");
	return ASSAY_OK;
}

enum assay_status
std_judge_languages(struct std_state *s)
{
	struct survey *survey = arena_alloc(s->c->arena, sizeof *survey);
	uint64_t languages = 0;
	if (survey == NULL)
		return arena_full(s->err);
	survey->step = plan_excludes_cost(&s->p.analysis);
	for (size_t i = 0; i < s->sources->count && !survey->cut; i++)
		count_file(s, &s->sources->files[i], survey);
	if (survey->cut)
		TRY(judge_find(s->c, s->v, false, "too-much-to-match", NULL, NULL, s->err,
		    "what is left out is written in so many patterns that the files of this tree can't be held against them all"));
	fold_headers(survey);
	for (size_t i = 0; i < LANGUAGES_MAX; i++) {
		if (survey->items[i].files == 0)
			continue;
		languages++;
		TRY(judge_found(s, &survey->items[i]));
	}
	TRY(judge_excludes(s, survey));
	if (CATCH(std_no_source, survey->files == 0))
		TRY(judge_find(s->c, s->v, false, "no-source", NULL, NULL, s->err,
		    "no file of the tree is of a language that is known here: which standard it needs can't be told"));
	judge_count(s->v, "source files", survey->files);
	judge_count(s->v, "source files left out", survey->excluded);
	judge_count(s->v, "languages", languages);
	return ASSAY_OK;
}
