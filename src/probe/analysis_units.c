/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is compiled, and how: by a database, by the project's own build in the sandbox, or each file alone.
 */
#include "analysis.h"

#include "internal.h"

#include <base/file.h>
#include <fcntl.h>
#include <sca/compile.h>
#include <sca/language.h>
#include <stdlib.h>

static enum assay_status
each_alone(struct analysis_fetch *f, struct assay_error *err)
{
	const struct sources *s = &f->tree.sources;
	const char **paths = arena_array(f->arena, s->count + 1, sizeof *paths);
	const char **headers = arena_array(f->arena, s->count + 1, sizeof *headers);
	size_t count = 0, header_count = 0;
	if (paths == NULL || headers == NULL)
		return arena_full(err);
	for (size_t i = 0; i < s->count; i++) {
		const char *path = s->files[i].path;
		if (f->left[i] != NULL || sca_is_snippet(path))
			continue;
		if (sca_is_header(path))
			headers[header_count++] = path;
		if (sca_is_unit(path) && plan_excludes(&f->plan.analysis, path) == NULL)
			paths[count++] = path;
	}
	TRY(engine_files_units(paths, count, headers, header_count, f->arena, &f->units, err));
	f->unit_count = count;
	return ASSAY_OK;
}

/* What may be read as a database: HEAD's file, else one that a build has left in the work tree. */
static enum assay_status
read_database(struct analysis_fetch *f, struct assay_span *ret_bytes, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(SCA_DATABASE_MAX);
	const struct repository *r = f->c->repository;
	TRY(analysis_read_file(f, f->plan.analysis.database, ret_bytes, err));
	/* One of HEAD that can't be read is not made up for. */
	f->untracked = sources_find(&f->tree.sources, f->plan.analysis.database) == NULL;
	if (!f->untracked || r->work_tree == NULL)
		return ASSAY_OK;
	CLEANUP(close_fd) int root = open(r->work_tree, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const enum assay_status status
	    = root < 0 ? ASSAY_E_NOT_FOUND : file_read_beneath(root, f->plan.analysis.database, &bytes, err);
	if (status == ASSAY_E_NOT_FOUND || status == ASSAY_E_UNSUPPORTED)
		return ASSAY_OK;
	TRY(status);
	return object_set_keep(f->arena, &bytes, "the compile database", ret_bytes, err);
}

static enum assay_status
take_database(struct analysis_fetch *f, struct assay_span json, const char *name, struct assay_error *err)
{
	const char *slash = strrchr(name, '/');
	const char *from = f->c->repository->work_tree;
	/* Builds in the cage speak of /src, and those that write into the tree of a copy of it. */
	const struct sca_root roots[] = { { from == NULL ? "/src" : from, "/src" }, { "/src", "/src" }, { "/build/tree", "/src" },
		{ "/build", "/build" } };
	const struct sca_compile compile = { .name = name, .roots = roots, .root_count = sizeof roots / sizeof roots[0],
		.folder = slash == NULL ? "" : arena_printf(f->arena, "%.*s", (int)(slash - name), name) };
	struct sca_database database = { 0 };
	struct assay_error why = { 0 };
	if (compile.folder == NULL)
		return arena_full(err);
	if (sca_compile_read(json, &compile, f->arena, &database, &why) != ASSAY_OK) {
		f->units_why = arena_str(f->arena, why.what);
		return f->units_why == NULL ? arena_full(err) : ASSAY_OK;
	}
	struct sca_unit *units = arena_array(f->arena, database.count + 1, sizeof *units);
	if (units == NULL)
		return arena_full(err);
	for (size_t i = 0; i < database.count; i++)
		if (plan_excludes(&f->plan.analysis, database.units[i].path) == NULL)
			units[f->unit_count++] = database.units[i];
	f->units = units;
	return ASSAY_OK;
}

static enum assay_status
by_database(struct analysis_fetch *f, struct assay_error *err)
{
	struct assay_span json = { 0 };
	TRY(read_database(f, &json, err));
	if (json.data == NULL) {
		f->units_why = arena_printf(f->arena, f->untracked ? "there is no '%s'" : "HEAD's '%s' can't be read", f->plan.analysis.database);
		return f->units_why == NULL ? arena_full(err) : ASSAY_OK;
	}
	return take_database(f, json, f->plan.analysis.database, err);
}

static enum assay_status
by_build(struct analysis_fetch *f, enum engine_build build, struct assay_error *err)
{
	struct assay_span json = { 0 };
	struct assay_error why = { 0 };
	if (engine_configure(f->c->engines, build, f->arena, &json, &why) == ASSAY_OK)
		return take_database(f, json, "compile_commands.json", err);
	f->units_why = arena_str(f->arena, why.what);
	return f->units_why == NULL ? arena_full(err) : ASSAY_OK;
}

/* The compiler that says what a unit reads: the first that is here. */
static enum assay_status
ask_compiler(struct analysis_fetch *f, struct assay_error *err)
{
	static const char *const compilers[] = { "gcc", "clang" };
	for (size_t i = 0; i < sizeof compilers / sizeof compilers[0]; i++) {
		const struct engine *e = engine_find(&f->engines, compilers[i]);
		if (e != NULL && e->found && e->why == NULL)
			return engine_unit_facts(f->c->engines, e, f->units, f->unit_count, f->c->engine_cache, f->arena,
			    &f->facts, err);
	}
	return ASSAY_OK;
}

enum assay_status
analysis_find_units(struct analysis_fetch *f, struct assay_error *err)
{
	static const enum engine_build builds[] = { [PLAN_UNITS_CMAKE] = ENGINE_BUILD_CMAKE,
		[PLAN_UNITS_MESON] = ENGINE_BUILD_MESON, [PLAN_UNITS_BEAR] = ENGINE_BUILD_BEAR };
	if (f->plan.analysis.units == PLAN_UNITS_FILES)
		TRY(each_alone(f, err));
	else if (f->plan.analysis.units == PLAN_UNITS_DATABASE)
		TRY(by_database(f, err));
	else
		TRY(by_build(f, builds[f->plan.analysis.units], err));
	return f->unit_count == 0 ? ASSAY_OK : ask_compiler(f, err);
}
