/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kind "code-analysis": the plan's engines over HEAD's files, and over the snippets of the rules that they are to enforce.
 */
#include "analysis.h"

#include "internal.h"
#include "rows.h"

#include <base/catch.h>
#include <base/unconst.h>

#define OUTPUT_BYTES_MAX ((size_t)1 << 30)
#define REASONS_MAX 16384

static void
fetch_done(struct analysis_fetch *f)
{
	object_set_done(&f->objects);
	for (size_t i = 0; i < f->ran_count; i++) {
		buf_done(&f->ran[i].output);
		buf_done(&f->ran[i].shown);
		buf_done(&f->ran[i].tried);
	}
}

/* ---- the plan ---- */

static void
folder_gone(void *ctx, const struct oid *id)
{
	(void)ctx;
	(void)id;
}

static enum assay_status
read_plan(struct analysis_fetch *f, struct assay_error *err)
{
	struct assay_error why = { 0 };
	TRY(head_tree_read(f->s, &f->objects, &f->tree, folder_gone, NULL, err));
	TRY(analysis_read_file(f, PLAN_PATH, &f->plan_bytes, err));
	if (f->plan_bytes.data == NULL)
		return ASSAY_OK;
	/* A plan that can't be read is for std.declared to tell. */
	f->has_plan = plan_parse(f->plan_bytes, PLAN_PATH, f->arena, &f->plan, &why) == ASSAY_OK;
	return why.status == ASSAY_E_MEMORY ? arena_full(err) : ASSAY_OK;
}

/* ---- engines ---- */

/* An engine that the plan's rows name; the own one is no program, and looks when the facts are judged. */
static enum assay_status
add_engine(struct analysis_fetch *f, const char *name, struct assay_error *err)
{
	struct assay_error why = { 0 };
	struct analysis_ran *r = &f->ran[f->ran_count];
	*r = (struct analysis_ran){ .engine = engine_find(&f->engines, name), .name = name,
		.output = BUF_INIT(OUTPUT_BYTES_MAX), .shown = BUF_INIT(OUTPUT_BYTES_MAX),
		.tried = BUF_INIT(OUTPUT_BYTES_MAX) };
	if (r->engine != NULL && r->engine->in_process)
		return ASSAY_OK;
	const enum assay_status status
	    = sca_options_derive(name, f->plan.analysis.effort, f->checks, f->check_count, f->arena, &r->options, &why);
	r->has_options = status == ASSAY_OK;
	if (r->has_options && r->options.check_count == 0)
		return ASSAY_OK;
	f->ran_count++;
	if (!plan_lets_run(&f->plan.analysis, name))
		r->why = "the plan's list of engines leaves it out";
	else if (!r->has_options)
		r->why = arena_str(f->arena, why.what);
	else if (r->engine == NULL || !r->engine->found)
		r->why = "it isn't installed";
	else if (engine_server_cage(f->c->engines) == ENGINE_CAGE_NONE)
		r->why = "there is no sandbox to run it in";
	else
		r->why = r->engine->why;
	return !r->has_options && r->why == NULL ? arena_full(err) : ASSAY_OK;
}

static enum assay_status
choose_engines(struct analysis_fetch *f, struct assay_error *err)
{
	engine_server_keep(f->c->engines, f->c->engine_cache);
	TRY(engine_discover(f->c->engines, f->arena, &f->engines, err));
	for (size_t i = 0; plan_engines[i] != NULL && f->ran_count < ANALYSIS_ENGINES_MAX; i++)
		TRY(add_engine(f, plan_engines[i], err));
	return ASSAY_OK;
}

static enum assay_status
ask_for_checks(struct analysis_fetch *f, struct analysis_ran *r, struct assay_error *err)
{
	r->unknown = arena_array(f->arena, r->options.check_count + 1, sizeof *r->unknown);
	if (r->unknown == NULL)
		return arena_full(err);
	for (size_t i = 0; i < r->options.check_count; i++) {
		struct assay_error why = { 0 };
		const enum assay_status status
		    = engine_knows_check(f->c->engines, r->engine, r->options.checks[i], f->arena, &why);
		if (status == ASSAY_E_MEMORY)
			return arena_full(err);
		if (CATCH(check_unknown, status == ASSAY_E_NOT_FOUND))
			r->unknown[r->unknown_count++] = r->options.checks[i];
	}
	return ASSAY_OK;
}

/* Snippets of rules whose rows name this engine. */
static enum assay_status
show_engine(struct analysis_fetch *f, struct analysis_ran *r, struct assay_error *err)
{
	struct engine_tally tally = { 0 };
	struct sca_snippets chosen = { 0 };
	TRY(sca_snippets_for(f->snippets, &f->plan, r->name, f->arena, &chosen, err));
	sca_output_begin(&r->shown);
	return engine_demonstrate(f->c->engines, r->engine, &r->options, &chosen, f->c->engine_cache, f->arena, &r->shown, &tally,
	    err);
}

static enum assay_status
run_engine(struct analysis_fetch *f, struct analysis_ran *r, struct assay_error *err)
{
	struct engine_tally tally = { 0 };
	const struct engine_job job = { .engine = r->engine, .options = &r->options, .units = f->units,
		.unit_count = f->unit_count, .cache = f->c->engine_cache };
	TRY(ask_for_checks(f, r, err));
	TRY(show_engine(f, r, err));
	sca_output_begin(&r->output);
	return engine_run(f->c->engines, &job, f->arena, &r->output, &tally, err);
}

/* The maker's own: few, and read one by one. */
static enum assay_status
read_snippets(struct analysis_fetch *f, struct assay_error *err)
{
	struct source_file *files = unconst(f->tree.sources.files);
	for (size_t i = 0; i < f->tree.sources.count; i++) {
		if (!sca_is_snippet(files[i].path))
			continue;
		TRY(analysis_read_file(f, files[i].path, &files[i].bytes, err));
		files[i].has_bytes = files[i].bytes.data != NULL;
	}
	return ASSAY_OK;
}

static enum assay_status
analyse(struct analysis_fetch *f, struct assay_error *err)
{
	TRY(plan_checks(&f->plan, f->arena, &f->checks, &f->check_count, err));
	TRY(read_snippets(f, err));
	TRY(sca_snippets_load(&f->tree.sources, f->arena, &f->snippets, err));
	TRY(analysis_give_sources(f, err));
	TRY(choose_engines(f, err));
	if (engine_server_cage(f->c->engines) != ENGINE_CAGE_NONE)
		TRY(analysis_find_units(f, err));
	else
		f->units_why = "there is no sandbox to run engines in";
	for (size_t i = 0; i < f->ran_count; i++) {
		if (f->c->progress != NULL)
			f->c->progress(f->c->progress_ctx, f->ran[i].name, i, f->ran_count);
		if (f->ran[i].why == NULL)
			TRY(run_engine(f, &f->ran[i], err));
	}
	return analysis_try_marks(f, err);
}

/* ---- members ---- */

static int
compare_members(const void *a, const void *b)
{
	const struct evidence_member *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static enum assay_status
add_member(struct evidence *e, struct arena *arena, const char *prefix, const char *engine, const struct buf *bytes,
    struct assay_error *err)
{
	struct evidence_member *m = &e->members[e->member_count];
	if (bytes->len == 0)
		return ASSAY_OK;
	m->name = arena_printf(arena, "%s%s", prefix, engine);
	if (m->name == NULL)
		return arena_full(err);
	TRY(object_set_keep(arena, bytes, "what an engine wrote", &m->bytes, err));
	e->member_count++;
	return ASSAY_OK;
}

static enum assay_status
take_members(struct analysis_fetch *f, struct evidence *e, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf head = BUF_INIT(REASONS_MAX);
	e->members = arena_array(f->arena, 3 + 3 * ANALYSIS_ENGINES_MAX, sizeof e->members[0]);
	if (e->members == NULL)
		return arena_full(err);
	probe_head_text(f->c->repository, &head);
	e->members[0] = (struct evidence_member){ .name = "code/format",
		.bytes = assay_span_str(f->c->repository->algo == OID_SHA1 ? "sha1\n" : "sha256\n") };
	e->members[1].name = "code/head";
	TRY(object_set_keep(f->arena, &head, "HEAD", &e->members[1].bytes, err));
	e->members[2].name = "code/run";
	TRY(analysis_write_record(f, &e->members[2].bytes, err));
	e->member_count = 3;
	for (size_t i = 0; i < f->ran_count; i++) {
		TRY(add_member(e, f->arena, "code/output/", f->ran[i].name, &f->ran[i].output, err));
		TRY(add_member(e, f->arena, "code/shown/", f->ran[i].name, &f->ran[i].shown, err));
		if (f->ran[i].tried_count > 0)
			TRY(add_member(e, f->arena, "code/tried/", f->ran[i].name, &f->ran[i].tried, err));
	}
	qsort(e->members, e->member_count, sizeof e->members[0], compare_members);
	return ASSAY_OK;
}

enum assay_status
analysis_fetch(const struct probe_context *c, struct evidence *ret_evidence, struct assay_error *err)
{
	CLEANUP(fetch_done) struct analysis_fetch f = { .c = c, .arena = c->arena,
		.objects = { .arena = c->arena, .what = "HEAD's folders", .most = TREE_STREAM_MAX / 2 } };
	TRY(store_get(c, &f.s, err));
	TRY(store_read_commits(f.s, err));
	if (c->repository->has_head)
		TRY(read_plan(&f, err));
	if (f.has_plan && c->engines == NULL)
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "this verb runs no engines");
	if (f.has_plan)
		TRY(analyse(&f, err));
	TRY(take_members(&f, ret_evidence, err));
	ret_evidence->completeness = EVIDENCE_COMPLETE;
	ret_evidence->fleeting = f.untracked || f.units_why != NULL;
	return ASSAY_OK;
}
