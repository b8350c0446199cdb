/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of CMake's commands, and the order in which files are followed.
 */
#include "cmake.h"
#include "cmake_run.h"
#include "fetch.h"
#include <base/unconst.h>

/* Symbols that a block wrote to. */
struct touched {
	const char **names;
	size_t count;
};

static const struct {
	const char *begin, *end;
} blocks[] = {
	{ "if", "endif" },
	{ "foreach", "endforeach" },
	{ "while", "endwhile" },
	{ "function", "endfunction" },
	{ "macro", "endmacro" },
	{ "block", "endblock" },
};

static const char *
end_of_block(const char *name)
{
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		if (strcmp(blocks[i].begin, name) == 0)
			return blocks[i].end;
	}
	return NULL;
}

/* Where the block that begins at "from" ends; blocks of its own kind may lie inside. */
static size_t
find_end(const struct cmake_file *file, size_t from, size_t to)
{
	const char *begin = file->commands[from].name, *end = end_of_block(begin);
	size_t open = 1;
	for (size_t i = from + 1; i < to; i++) {
		if (strcmp(file->commands[i].name, begin) == 0)
			open++;
		else if (strcmp(file->commands[i].name, end) == 0 && --open == 0)
			return i;
	}
	return to;
}

static enum assay_status
gather(struct cmake_run *r, size_t mark, struct touched *t)
{
	size_t more = r->undo_count - mark;
	const char **names = arena_array(r->arena, t->count + more + 1, sizeof(const char *));
	if (names == NULL)
		return arena_full(r->w->err);
	if (t->count > 0)
		memcpy(names, t->names, t->count * sizeof(const char *));
	for (size_t i = 0; i < more; i++)
		names[t->count + i] = r->undo[mark + i].symbol->name;
	t->names = names;
	t->count += more;
	return ASSAY_OK;
}

static enum assay_status
forget(struct cmake_run *r, const struct touched *t)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct cmake_symbol *s = cmake_symbol(r, t->names[i]);
		if (s != NULL && s->state != CMAKE_UNKNOWN)
			TRY(cmake_set(r, t->names[i], NULL, CMAKE_UNKNOWN));
	}
	return ASSAY_OK;
}

/* Each branch begins with what was known before; what any of them wrote is unknown after. */
static enum assay_status
run_if(struct cmake_run *r, struct cmake_frame *f, size_t from, size_t end)
{
	struct touched t = { 0 };
	size_t begin = from + 1, open = 0;
	for (size_t i = from + 1; i <= end; i++) {
		const char *name = i < end ? f->file->commands[i].name : "else";
		if (strcmp(name, "if") == 0)
			open++;
		else if (strcmp(name, "endif") == 0)
			open -= open > 0;
		if (open > 0 || (strcmp(name, "else") != 0 && strcmp(name, "elseif") != 0))
			continue;
		size_t mark = cmake_mark(r);
		struct cmake_export *exports = f->exports;
		TRY(cmake_run_range(r, f, begin, i));
		for (struct cmake_export *e = f->exports; e != exports; e = e->next)
			e->state = CMAKE_UNKNOWN;
		TRY(gather(r, mark, &t));
		cmake_undo_to(r, mark);
		begin = i + 1;
	}
	return forget(r, &t);
}

/* Twice: what the first turn wrote is unknown to the second. */
static enum assay_status
run_loop(struct cmake_run *r, struct cmake_frame *f, size_t from, size_t end)
{
	struct touched t = { 0 };
	bool quiet = r->quiet;
	const struct cmake_command *c = &f->file->commands[from];
	size_t mark = cmake_mark(r);
	if (strcmp(c->name, "foreach") == 0 && c->args != NULL)
		TRY(cmake_set(r, c->args->text, NULL, CMAKE_UNKNOWN));
	r->quiet = true;
	TRY(cmake_run_range(r, f, from + 1, end));
	r->quiet = quiet;
	TRY(gather(r, mark, &t));
	TRY(forget(r, &t));
	TRY(cmake_run_range(r, f, from + 1, end));
	t = (struct touched){ 0 };
	TRY(gather(r, mark, &t));
	return forget(r, &t);
}

static enum assay_status
run_block(struct cmake_run *r, struct cmake_frame *f, size_t from, size_t end)
{
	const char *name = f->file->commands[from].name;
	bool macro = strcmp(name, "macro") == 0;
	if (macro || strcmp(name, "function") == 0)
		return cmake_define(r, f, &f->file->commands[from], from + 1, end, macro);
	if (strcmp(name, "if") == 0)
		return run_if(r, f, from, end);
	if (strcmp(name, "block") != 0)
		return run_loop(r, f, from, end);
	struct touched t = { 0 };
	size_t mark = cmake_mark(r);
	TRY(cmake_run_range(r, f, from + 1, end));
	TRY(gather(r, mark, &t));
	return forget(r, &t);
}

enum assay_status
cmake_run_range(struct cmake_run *r, struct cmake_frame *f, size_t from, size_t to)
{
	if (++r->nest > CMAKE_NEST_MAX)
		return assay_fail(r->w->err, ASSAY_E_LIMIT, "blocks lie in each other deeper than is followed");
	for (size_t i = from; i < to; i++) {
		const struct cmake_command *c = &f->file->commands[i];
		if (end_of_block(c->name) == NULL) {
			TRY(cmake_run_command(r, f, c));
			continue;
		}
		size_t end = find_end(f->file, i, to);
		if (end == to) {
			assay_fail(r->w->err, ASSAY_E_FORMAT, "a block of '%.200s' has no end", f->file->path);
			return assay_error_at(r->w->err, ASSAY_E_FORMAT, f->file->path, c->line, c->column);
		}
		TRY(run_block(r, f, i, end));
		i = end;
	}
	r->nest--;
	return ASSAY_OK;
}

/* ---- all files ---- */

static size_t
depth_of(const char *path)
{
	size_t n = 0;
	for (; *path != '\0'; path++)
		n += *path == '/';
	return n;
}

static enum assay_status
start(struct cmake_run *r, struct cmake_file *file)
{
	struct cmake_frame f = { .file = file, .folder = dep_folder(r->arena, file->path) };
	if (f.folder == NULL)
		return arena_full(r->w->err);
	r->root = f.folder;
	r->depth = r->nest = 0;
	file->visited = true;
	size_t mark = cmake_mark(r);
	/* Empty but for what the command line gives. */
	TRY(cmake_set(r, "CMAKE_MODULE_PATH", "", CMAKE_KNOWN));
	TRY(cmake_run_range(r, &f, 0, file->count));
	cmake_undo_to(r, mark);
	return ASSAY_OK;
}

/* From the top down; what nobody takes in is followed by itself, and so is the body of a function that nobody calls. */
static enum assay_status
start_lists(struct cmake_run *r)
{
	for (size_t depth = 0; depth < CMAKE_NEST_MAX; depth++) {
		for (struct cmake_file *f = r->files; f != NULL; f = f->next) {
			if (f->parsed && !f->visited && depth_of(f->path) == depth && strcmp(dep_base(f->path), "CMakeLists.txt") == 0)
				TRY(start(r, f));
		}
	}
	return ASSAY_OK;
}

static enum assay_status
run_uncalled(struct cmake_run *r)
{
	for (struct cmake_function *fn = r->functions; fn != NULL; fn = fn->next) {
		struct cmake_frame f = { .file = unconst(fn->file) };
		size_t mark = cmake_mark(r);
		if (fn->called)
			continue;
		fn->called = true;
		f.folder = dep_folder(r->arena, fn->file->path);
		if (f.folder == NULL)
			return arena_full(r->w->err);
		for (const struct cmake_arg *a = fn->begin->args; a != NULL; a = a->next)
			TRY(cmake_set(r, a->text, NULL, CMAKE_UNKNOWN));
		r->depth = r->nest = 0;
		TRY(cmake_run_range(r, &f, fn->from, fn->to));
		cmake_undo_to(r, mark);
	}
	return ASSAY_OK;
}

enum assay_status
cmake_follow_all(struct cmake_run *r)
{
	TRY(start_lists(r));
	for (struct cmake_file *f = r->files; f != NULL; f = f->next) {
		if (f->parsed && !f->visited)
			TRY(start(r, f));
	}
	return run_uncalled(r);
}

static bool
is_cmake(const char *path)
{
	static const char *const patterns[] = { "CMakeLists.txt", "*.cmake", "CMakeLists.txt.in", "*.cmake.in", "CMakeLists*.in" };
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		if (dep_fits(patterns[i], path))
			return true;
	}
	return false;
}

static enum assay_status
open_files(struct cmake_run *r)
{
	struct cmake_file **last = &r->files;
	size_t count = 0;
	for (size_t i = 0; i < r->w->sources->count; i++) {
		const struct source_file *s = &r->w->sources->files[i];
		if (!is_cmake(s->path) || s->mode == 0160000)
			continue;
		if (++count > CMAKE_FILES_MAX)
			return assay_fail(r->w->err, ASSAY_E_LIMIT, "more CMake files than are followed");
		struct cmake_file *f = arena_alloc(r->arena, sizeof *f);
		if (f == NULL)
			return arena_full(r->w->err);
		f->path = s->path;
		f->configured = dep_ends(s->path, ".in");
		if (s->has_bytes && s->mode != 0120000) {
			enum assay_status status = cmake_parse(s->bytes, s->path, r->arena, &f->commands, &f->count, r->w->err);
			/* Said when it was read by itself. */
			f->parsed = status == ASSAY_OK;
			if (status == ASSAY_E_MEMORY)
				return status;
			assay_error_clear(r->w->err);
		}
		*last = f;
		last = &f->next;
	}
	return ASSAY_OK;
}

enum assay_status
cmake_check(struct dep_work *w)
{
	struct cmake_run r = { .w = w, .arena = w->arena };
	r.symbols = arena_array(w->arena, CMAKE_SYMBOLS, sizeof *r.symbols);
	if (r.symbols == NULL)
		return arena_full(w->err);
	enum assay_status status = open_files(&r);
	if (r.files == NULL)
		return status;
	if (status == ASSAY_OK)
		status = cmake_follow_all(&r);
	return dep_unread(w, DEP_SOURCE_UNREAD, r.files->path, status);
}
