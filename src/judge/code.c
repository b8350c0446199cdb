/* SPDX-License-Identifier: Apache-2.0 */
#include "code_build.h"
#include "record.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <judge/code.h>
#include <sca/own.h>
#include <string.h>

struct building {
	const struct judge_context *c;
	struct code_base *b;
	struct assay_error *err;
};

bool
code_is_c(const struct sca_language *l)
{
	return strcmp(l->name, "c") == 0 || strcmp(l->name, "c++") == 0;
}

/* ---- files ---- */

static void
mark_read(const struct sources *s, const char *path, bool *is_read)
{
	const struct source_file *file = sources_find(s, path);
	if (file != NULL)
		is_read[file - s->files] = true;
}

/* Which files the units read. */
static void
mark_units(const struct building *g, bool *is_read)
{
	const struct sources *s = &g->b->tree->sources;
	for (size_t i = 0; i < g->b->run->unit_count; i++) {
		const struct analysis_unit *u = &g->b->run->units[i];
		mark_read(s, u->file, is_read);
		for (size_t k = 0; k < u->header_count; k++)
			mark_read(s, u->headers[k], is_read);
	}
}

/* What compilers read as code is code, whatever it is called. */
static enum assay_status
list_files(const struct building *g)
{
	const struct sources *s = &g->b->tree->sources;
	bool *is_read = arena_array(g->c->arena, s->count + 1, sizeof *is_read);
	g->b->files = arena_array(g->c->arena, s->count + 1, sizeof g->b->files[0]);
	if (g->b->files == NULL || is_read == NULL)
		return arena_full(g->err);
	mark_units(g, is_read);
	for (size_t i = 0; i < s->count; i++) {
		const struct sca_language *l = sca_language_of(s->files[i].path);
		const bool disguised = CATCH(code_by_reading, is_read[i] && (l == NULL || !code_is_c(l)));
		g->b->submodules += s->files[i].mode == SOURCE_SUBMODULE;
		if (s->files[i].mode == SOURCE_SUBMODULE || (!disguised && (l == NULL || (sca_is_snippet(s->files[i].path) && !is_read[i]))))
			continue;
		g->b->files[g->b->file_count++] = (struct code_file){ .file = &s->files[i], .language = disguised ? sca_language_find("c") : l,
			.disguised = disguised, .exclude = plan_excludes(&g->b->plan.analysis, s->files[i].path) };
	}
	return ASSAY_OK;
}

static struct code_file *
find_file(const struct code_base *b, const char *path)
{
	size_t low = 0, high = b->file_count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order = strcmp(b->files[middle].file->path, path);
		if (order == 0)
			return &b->files[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct code_file *
code_file_find(const struct code_base *b, const char *path)
{
	return find_file(b, path);
}

static void
mark_files(const struct code_base *b)
{
	for (size_t i = 0; i < b->run->left_count; i++) {
		struct code_file *f = find_file(b, b->run->left[i].file);
		if (f != NULL)
			f->left = b->run->left[i].why;
	}
	for (size_t i = 0; i < b->run->unit_count; i++) {
		const struct analysis_unit *u = &b->run->units[i];
		struct code_file *f = find_file(b, u->file);
		const bool good = u->compiles && u->refused[0] == '\0';
		if (f != NULL) {
			f->units++;
			f->failed += !good;
		}
		for (size_t k = 0; good && k < u->header_count; k++)
			if ((f = find_file(b, u->headers[k])) != NULL)
				f->included = true;
	}
}

/* ---- engines ---- */

static bool
is_named(const struct plan *p, const char *engine)
{
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; k < p->standards[i].count; k++)
			if (plan_row_needs(&p->standards[i].rows[k], engine))
				return true;
	return false;
}

static enum assay_status
add_engine(const struct building *g, const char *name)
{
	struct code_base *b = g->b;
	struct code_engine *e = &b->engines[b->engine_count];
	struct assay_error why = { 0 };
	*e = (struct code_engine){ .name = name, .shown = { .engine = name }, .inside = strcmp(name, SCA_OWN) == 0,
		.ran = analysis_engine_find(b->run, name) };
	if (sca_options_derive(name, b->plan.analysis.effort, b->checks, b->check_count, g->c->arena, &e->options, &why) != ASSAY_OK) {
		if (why.status == ASSAY_E_MEMORY)
			return arena_full(g->err);
		e->refused = arena_str(g->c->arena, why.what);
		if (e->refused == NULL)
			return arena_full(g->err);
	}
	if (e->inside ? !is_named(&b->plan, name) : e->refused == NULL && e->options.check_count == 0)
		return ASSAY_OK;
	b->engine_count++;
	if (e->inside)
		return code_own_look(g->c, b, e, g->err);
	if (e->ran == NULL)
		return ASSAY_OK;
	TRY(sca_looked_of(&e->ran->runs, g->c->arena, &e->looked, g->err));
	return sca_shown_of(&e->ran->shown, &e->options, g->c->arena, &e->shown, g->err);
}

/* In the order in which the plan names them. */
static enum assay_status
list_imported(const struct building *g)
{
	const struct plan *p = &g->b->plan;
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; k < p->standards[i].count; k++)
			for (size_t n = 0; n < p->standards[i].rows[k].check_count; n++)
				if (plan_engine_imported(p->standards[i].rows[k].checks[n].engine))
					TRY(code_imports_add(g->c, g->b, p->standards[i].rows[k].checks[n].engine, g->err));
	return ASSAY_OK;
}

static enum assay_status
list_engines(const struct building *g)
{
	struct code_base *b = g->b;
	TRY(plan_checks(&b->plan, g->c->arena, &b->checks, &b->check_count, g->err));
	b->engines = arena_array(g->c->arena, b->check_count + ANALYSIS_ENGINES_MAX, sizeof b->engines[0]);
	if (b->engines == NULL)
		return arena_full(g->err);
	for (size_t i = 0; plan_engines[i] != NULL && b->engine_count < ANALYSIS_ENGINES_MAX; i++)
		TRY(add_engine(g, plan_engines[i]));
	return list_imported(g);
}

/* ---- what was demonstrated ---- */

static enum assay_status
list_demos(const struct building *g)
{
	struct code_base *b = g->b;
	size_t rows = 0;
	struct sca_shown_by *by = arena_array(g->c->arena, b->engine_count + 1, sizeof *by);
	for (size_t i = 0; i < b->plan.count; i++)
		rows += b->plan.standards[i].count;
	b->demos = arena_array(g->c->arena, rows + 1, sizeof b->demos[0]);
	if (by == NULL || b->demos == NULL)
		return arena_full(g->err);
	for (size_t i = 0; i < b->engine_count; i++)
		by[i] = b->engines[i].shown;
	for (size_t i = 0; i < b->plan.count; i++)
		for (size_t k = 0; k < b->plan.standards[i].count; k++) {
			const struct plan_row *row = &b->plan.standards[i].rows[k];
			if (row->check_count == 0)
				continue;
			struct sca_demo *d = &b->demos[b->demo_count++];
			TRY(sca_demonstrate(&b->plan.standards[i], row, b->snippets, by, b->engine_count, g->c->arena, d, g->err));
			code_imports_show(b, d);
		}
	return ASSAY_OK;
}

/* ---- all ---- */

static enum assay_status
build(const struct judge_context *c, const struct tree *tree, const struct analysis *run, const struct plan *plan,
    const struct code_base **ret_base, struct assay_error *err)
{
	struct code_base *b = arena_alloc(c->arena, sizeof *b);
	if (b == NULL)
		return arena_full(err);
	*b = (struct code_base){ .tree = tree, .run = run, .plan = *plan };
	const struct building g = { c, b, err };
	TRY(standards_load(c->arena, &b->standards, err));
	/* Nobody is judged by snippets, or by rules, that nobody has authorised. */
	record_folder(c, &b->folder);
	TRY(sca_snippets_load(&b->folder, c->arena, &b->snippets, err));
	TRY(list_files(&g));
	mark_files(b);
	TRY(list_engines(&g));
	TRY(code_branches_look(b, err));
	TRY(list_demos(&g));
	*ret_base = b;
	return ASSAY_OK;
}

bool
code_run_is_of(const struct analysis *run, const struct tree *tree)
{
	return run->has_head == tree->has_head && oid_compare(&run->commit, &tree->commit) == 0;
}

bool
code_run_is_by(const struct analysis *run, struct assay_span plan)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	if (assay_sha256(plan, digest) != ASSAY_OK)
		return false;
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	return strcmp(hex, run->plan) == 0;
}

/* An analysis of another commit, or by another plan than the one in force, says nothing about this one. */
static enum assay_status
check_run(const struct judge_context *c, struct control_verdict *v, const struct tree *tree, const struct analysis *run,
    struct assay_span plan, bool *ret_good, struct assay_error *err)
{
	*ret_good = false;
	if (CATCH(analysis_of_another_commit, !code_run_is_of(run, tree)))
		return judge_find(c, v, false, "analysis-of-another-commit", NULL, NULL, err,
		    "the analysis was made of another commit than the one judged");
	if (CATCH(analysis_by_another_plan, !code_run_is_by(run, plan)))
		return judge_find(c, v, false, "analysis-by-another-plan", PLAN_PATH, NULL, err,
		    "the analysis was made by another plan than the one in force: '" PLAN_PATH "' at HEAD isn't authorised, or differs");
	*ret_good = true;
	return ASSAY_OK;
}

struct plan_record {
	struct plan plan;
	struct assay_span bytes;
};

static enum assay_status
parse_plan(struct assay_span yaml, const char *name, struct arena *arena, void *ret_record, struct assay_error *err)
{
	struct plan_record *r = ret_record;
	r->bytes = yaml;
	return plan_parse(yaml, name, arena, &r->plan, err);
}

enum assay_status
code_base_read(const struct judge_context *c, struct control_verdict *v, const struct code_base **ret_base,
    struct assay_error *err)
{
	static const struct record_kind kind = { PLAN_PATH, "no-plan",
		"there is no plan: nothing says which coding standard is followed and how", parse_plan };
	struct plan_record record = { 0 };
	bool good = false;
	*ret_base = NULL;
	TRY(record_read(c, v, &kind, &record, &good, err));
	if (!good)
		return ASSAY_OK;
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	const struct analysis *run = evidence_facts(c->input->evidence, ANALYSIS_KIND);
	if (tree == NULL || run == NULL)
		return judge_find(c, v, false, "no-analysis", NULL, NULL, err, "HEAD's files or the analysis could not be read");
	TRY(check_run(c, v, tree, run, record.bytes, &good, err));
	if (!good)
		return ASSAY_OK;
	if (*c->code == NULL)
		TRY(build(c, tree, run, &record.plan, c->code, err));
	code_imports_lean(c, *c->code, v);
	*ret_base = *c->code;
	return ASSAY_OK;
}
