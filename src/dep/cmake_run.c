/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following CMake's commands: each branch of an if, loops twice over, functions with what they are called with. What is set where it
 * may not be reached, or by what isn't followed, is unknown from then on.
 */
#include "cmake_run.h"
#include <base/text.h>
#include <base/unconst.h>

struct call {
	struct cmake_run *r;
	struct cmake_frame *f;
	const struct cmake_command *c;
	const struct cmake_values *v;
};

static const char *
value_at(const struct call *x, size_t i)
{
	return i < x->v->count ? x->v->items[i].text : NULL;
}

static bool
is_word(const struct call *x, size_t i, const char *word)
{
	const char *text = value_at(x, i);
	return text != NULL && strcmp(text, word) == 0;
}

/* ---- variables ---- */

/* Whatever a command writes, it writes to variables that it names. */
static enum assay_status
forget_named(const struct call *x)
{
	for (size_t i = 0; i < x->v->count; i++) {
		const char *name = value_at(x, i);
		if (name != NULL && *name != '\0' && strlen(name) < 256 && cmake_symbol(x->r, name) != NULL
		    && cmake_symbol(x->r, name)->state == CMAKE_KNOWN)
			TRY(cmake_set(x->r, name, NULL, CMAKE_UNKNOWN));
	}
	return ASSAY_OK;
}

static enum assay_status
forget_all(struct cmake_run *r)
{
	for (size_t i = 0; i < CMAKE_SYMBOLS && r->known_count > 0; i++) {
		if (r->symbols[i].name != NULL && r->symbols[i].state == CMAKE_KNOWN)
			TRY(cmake_set(r, r->symbols[i].name, NULL, CMAKE_UNKNOWN));
	}
	return ASSAY_OK;
}

/* Arguments from "from" up to "to", as a list; NULL when one can't be told. */
static char *
join(const struct call *x, size_t from, size_t to)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(CMAKE_TEXT_MAX);
	for (size_t i = from; i < to; i++) {
		if (value_at(x, i) == NULL)
			return NULL;
		if (i > from)
			buf_add_byte(&out, ';');
		buf_add_str(&out, value_at(x, i));
	}
	return out.status == ASSAY_OK ? arena_copy(x->r->arena, buf_span(&out)) : NULL;
}

static enum assay_status
export_up(const struct call *x, const char *name, const char *value, enum cmake_state state)
{
	struct cmake_export *e = arena_alloc(x->r->arena, sizeof *e);
	if (e == NULL)
		return arena_full(x->r->w->err);
	*e = (struct cmake_export){ cmake_symbol(x->r, name), value, state, x->f->exports };
	x->f->exports = e;
	return ASSAY_OK;
}

static enum assay_status
note_override(const struct call *x, const char *name)
{
	struct dep_place place = { x->f->file->path, x->c->line, x->c->column };
	bool overrides = dep_starts(name, "FETCHCONTENT_SOURCE_DIR_") || (dep_starts(name, "CPM_") && dep_ends(name, "_SOURCE"));
	if (CATCH(cmake_override, overrides && !x->r->quiet))
		return dep_find(x->r->w, DEP_FETCH_OVERRIDDEN, place, name,
		    "'%.100s' has something else built than what is pinned", name);
	return ASSAY_OK;
}

/* How many arguments stand behind the value: CACHE TYPE text [FORCE], or PARENT_SCOPE. */
static size_t
count_behind(const struct call *x, bool *ret_cached, bool *ret_up)
{
	size_t n = x->v->count;
	*ret_up = n > 1 && is_word(x, n - 1, "PARENT_SCOPE");
	*ret_cached = n >= 4 && (is_word(x, n - 3, "CACHE") || is_word(x, n - 4, "CACHE"));
	return *ret_up ? 1 : !*ret_cached ? 0 : is_word(x, n - 3, "CACHE") ? 3 : 4;
}

/* What is in the cache stays. */
static bool
is_in_cache(const struct cmake_symbol *s, const char *value)
{
	return s != NULL && (s->state == CMAKE_UNKNOWN
	    || (s->state == CMAKE_KNOWN && (value == NULL || strcmp(s->value, value) != 0)));
}

/* set(NAME value... [PARENT_SCOPE]) and set(NAME value CACHE TYPE text [FORCE]) */
static enum assay_status
do_set(const struct call *x)
{
	const char *name = value_at(x, 0);
	bool cached, up;
	if (name == NULL)
		return forget_all(x->r);
	TRY(note_override(x, name));
	if (dep_starts(name, "ENV{"))
		return ASSAY_OK;
	size_t end = x->v->count - count_behind(x, &cached, &up);
	const char *value = join(x, 1, end);
	enum cmake_state state = end <= 1 ? CMAKE_UNSET : value != NULL ? CMAKE_KNOWN : CMAKE_UNKNOWN;
	/* What may have been skipped may not be set. */
	if (x->f->returned || (cached && is_in_cache(cmake_symbol(x->r, name), value))) {
		value = NULL;
		state = CMAKE_UNKNOWN;
	}
	return up ? export_up(x, name, value, state) : cmake_set(x->r, name, value, state);
}

static enum assay_status
do_unset(const struct call *x)
{
	const char *name = value_at(x, 0);
	if (name == NULL)
		return forget_all(x->r);
	return cmake_set(x->r, name, NULL, is_word(x, x->v->count - 1, "PARENT_SCOPE") ? CMAKE_UNKNOWN : CMAKE_UNSET);
}

/* list(APPEND NAME ...) is followed, all else of list() forgets. */
static enum assay_status
do_list(const struct call *x)
{
	const char *name = value_at(x, 1);
	const struct cmake_symbol *s = name != NULL ? cmake_symbol(x->r, name) : NULL;
	if (!is_word(x, 0, "APPEND") || s == NULL || s->state != CMAKE_KNOWN || x->f->returned)
		return forget_named(x);
	const char *more = join(x, 2, x->v->count);
	const char *value = more != NULL ? arena_printf(x->r->arena, "%s%s%s", s->value, *s->value != '\0' ? ";" : "", more) : NULL;
	return cmake_set(x->r, name, value, CMAKE_KNOWN);
}

/* ---- files ---- */

static struct cmake_file *
find_file(const struct cmake_run *r, const char *path)
{
	for (struct cmake_file *f = r->files; f != NULL; f = f->next) {
		if (strcmp(f->path, path) == 0)
			return f;
	}
	return NULL;
}

static enum assay_status
follow_file(struct cmake_run *r, struct cmake_file *file, struct cmake_frame *f)
{
	if (++r->depth > CMAKE_DEPTH_MAX)
		return assay_fail(r->w->err, ASSAY_E_LIMIT, "CMake files take in each other deeper than is followed");
	file->visited = true;
	f->file = file;
	TRY(cmake_run_range(r, f, 0, file->count));
	r->depth--;
	return ASSAY_OK;
}

/* The file that include(NAME) means: a path, or a module of the tree; *ret_foreign when it is neither nor one of CMake's own. */
static struct cmake_file *
find_included(const struct call *x, const char *name, bool *ret_foreign)
{
	const char *path = cmake_path(x->r, x->f, name);
	struct cmake_file *found = path != NULL ? find_file(x->r, path) : NULL;
	bool module = strchr(name, '/') == NULL && !dep_ends(name, ".cmake");
	size_t len = strlen(name);
	*ret_foreign = false;
	if (found != NULL)
		return found;
	for (struct cmake_file *f = x->r->files; f != NULL && module; f = f->next) {
		const char *base = dep_base(f->path);
		if (strncmp(base, name, len) != 0 || strcmp(base + len, ".cmake") != 0)
			continue;
		*ret_foreign = found != NULL;
		found = f;
	}
	*ret_foreign = *ret_foreign || (found == NULL && !module);
	return *ret_foreign ? NULL : found;
}

static bool
is_module_folder(const struct call *x, const char *file)
{
	const struct cmake_symbol *s = cmake_symbol(x->r, "CMAKE_MODULE_PATH");
	const char *folder = dep_folder(x->r->arena, file);
	const char *at = s != NULL && s->state == CMAKE_KNOWN ? s->value : "";
	while (*at != '\0' && folder != NULL) {
		size_t n = strcspn(at, ";");
		char *part = arena_copy(x->r->arena, (struct assay_span){ (const unsigned char *)at, n });
		char *path = part != NULL ? cmake_path(x->r, x->f, part) : NULL;
		if (path != NULL && strncmp(folder, path, strlen(path)) == 0 && strcmp(folder + strlen(path), "/") == 0)
			return true;
		at += n + (at[n] == ';');
	}
	return false;
}

static enum assay_status
do_include(const struct call *x)
{
	const char *name = value_at(x, 0);
	bool foreign = true;
	struct cmake_file *file = name != NULL ? find_included(x, name, &foreign) : NULL;
	/* A file that isn't seen may set anything. */
	if (foreign)
		return forget_all(x->r);
	if (file == NULL || !file->parsed)
		return file == NULL ? ASSAY_OK : forget_all(x->r);
	struct cmake_frame inner = { .folder = x->f->folder, .exports = x->f->exports, .returned = x->f->returned, .outer = x->f };
	TRY(follow_file(x->r, file, &inner));
	x->f->exports = inner.exports;
	/* A file by a module's name that isn't where modules are looked for may not be the one that CMake takes. */
	bool module = strchr(name, '/') == NULL && !dep_ends(name, ".cmake");
	return module && !is_module_folder(x, file->path) ? forget_all(x->r) : ASSAY_OK;
}

static enum assay_status
apply_exports(struct cmake_run *r, const struct cmake_export *e)
{
	/* The last one set stands first: it must be set last. */
	if (e == NULL)
		return ASSAY_OK;
	size_t count = 0;
	for (const struct cmake_export *p = e; p != NULL; p = p->next)
		count++;
	const struct cmake_export **all = arena_array(r->arena, count, sizeof(const struct cmake_export *));
	if (all == NULL)
		return arena_full(r->w->err);
	for (size_t i = count; e != NULL; e = e->next)
		all[--i] = e;
	for (size_t i = 0; i < count; i++) {
		if (all[i]->symbol != NULL)
			TRY(cmake_set(r, all[i]->symbol->name, all[i]->value, all[i]->state));
	}
	return ASSAY_OK;
}

static enum assay_status
do_add_subdirectory(const struct call *x)
{
	const char *name = value_at(x, 0);
	const char *path = name != NULL ? cmake_path(x->r, x->f, name) : NULL;
	const char *lists = path != NULL ? arena_printf(x->r->arena, "%s/CMakeLists.txt", path) : NULL;
	struct cmake_file *file = lists != NULL ? find_file(x->r, lists) : NULL;
	if (file == NULL || !file->parsed)
		return ASSAY_OK;
	struct cmake_frame inner = { .folder = arena_printf(x->r->arena, "%s/", path), .outer = x->f };
	size_t mark = cmake_mark(x->r);
	if (inner.folder == NULL)
		return arena_full(x->r->w->err);
	TRY(follow_file(x->r, file, &inner));
	cmake_undo_to(x->r, mark);
	return apply_exports(x->r, inner.exports);
}

/* ---- functions ---- */

static struct cmake_function *
find_function(const struct cmake_run *r, const char *name)
{
	for (struct cmake_function *f = r->functions; f != NULL; f = f->next) {
		if (strcmp(f->name, name) == 0)
			return f;
	}
	return NULL;
}

static enum assay_status
bind(struct cmake_run *r, const struct call *x, const struct cmake_values *params)
{
	struct call names = { r, x->f, x->c, params };
	char number[32];
	for (size_t i = 1; i < params->count; i++) {
		if (value_at(&names, i) != NULL)
			TRY(cmake_set(r, value_at(&names, i), value_at(x, i - 1),
			    i - 1 < x->v->count ? CMAKE_KNOWN : CMAKE_UNKNOWN));
	}
	size_t own = params->count > 0 ? params->count - 1 : 0;
	TRY(cmake_set(r, "ARGV", join(x, 0, x->v->count), CMAKE_KNOWN));
	TRY(cmake_set(r, "ARGN", own < x->v->count ? join(x, own, x->v->count) : "", CMAKE_KNOWN));
	for (size_t i = 0; i < 10; i++) {
		(void)snprintf(number, sizeof number, "ARGV%zu", i);
		TRY(cmake_set(r, number, value_at(x, i), i < x->v->count ? CMAKE_KNOWN : CMAKE_UNKNOWN));
	}
	return ASSAY_OK;
}

/* A macro's parameters are no variables: what the caller had by their names is as before, or unknown if the macro may have set it. */
static enum assay_status
unbind(struct cmake_run *r, size_t mark, size_t bound)
{
	for (size_t i = bound; i > mark; i--) {
		struct cmake_undo was = r->undo[i - 1];
		bool own = dep_starts(was.symbol->name, "ARGV") || strcmp(was.symbol->name, "ARGN") == 0;
		if (own || was.state != CMAKE_KNOWN)
			TRY(cmake_set(r, was.symbol->name, was.value, was.state));
		else
			TRY(cmake_set(r, was.symbol->name, NULL, CMAKE_UNKNOWN));
	}
	return ASSAY_OK;
}

static enum assay_status
call_function(const struct call *x, struct cmake_function *fn)
{
	struct cmake_run *r = x->r;
	struct cmake_values params;
	struct cmake_frame inner = { .file = unconst(fn->file), .folder = x->f->folder, .outer = x->f };
	size_t mark = cmake_mark(r);
	if (r->depth + 1 > CMAKE_DEPTH_MAX)
		return forget_all(r);
	r->depth++;
	fn->called = true;
	TRY(cmake_eval(r, x->f, fn->begin, &params));
	TRY(bind(r, x, &params));
	size_t bound = cmake_mark(r);
	inner.exports = fn->macro ? x->f->exports : NULL;
	inner.returned = fn->macro && x->f->returned;
	TRY(cmake_run_range(r, &inner, fn->from, fn->to));
	r->depth--;
	if (fn->macro) {
		/* A macro's sets and its return are the caller's. */
		x->f->exports = inner.exports;
		x->f->returned = x->f->returned || inner.returned;
		return unbind(r, mark, bound);
	}
	cmake_undo_to(r, mark);
	return apply_exports(r, inner.exports);
}

enum assay_status
cmake_define(struct cmake_run *r, struct cmake_frame *f, const struct cmake_command *c, size_t from, size_t to, bool macro)
{
	struct dep_place place = { f->file->path, c->line, c->column };
	const char *raw = c->args != NULL ? c->args->text : "";
	char *name = arena_str(r->arena, raw);
	struct cmake_function *fn = arena_alloc(r->arena, sizeof *fn);
	if (name == NULL || fn == NULL)
		return arena_full(r->w->err);
	for (char *p = name; *p != '\0'; p++)
		*p = text_lower(*p);
	struct cmake_function *before = find_function(r, name);
	if (before != NULL && before->begin == c)
		return ASSAY_OK;
	bool ours = cmake_fetches(name) || strcmp(name, "set") == 0 || strcmp(name, "include") == 0;
	if (CATCH(cmake_redefined, ours && !r->quiet))
		TRY(dep_find(r->w, DEP_FETCH_REDEFINED, place, name, "'%.60s' is defined anew, so that what it fetches can't be told", name));
	*fn = (struct cmake_function){ name, f->file, c, from, to, macro, before != NULL && before->called, before != NULL, r->functions };
	r->functions = fn;
	return ASSAY_OK;
}

static enum assay_status
do_return(const struct call *x)
{
	x->f->returned = true;
	return ASSAY_OK;
}

/* project(NAME [VERSION v]) */
static enum assay_status
do_project(const struct call *x)
{
	struct cmake_run *r = x->r;
	const char *name = value_at(x, 0), *version = NULL;
	const char *folder = arena_printf(r->arena, "<tree>/%s", x->f->folder);
	if (folder == NULL)
		return arena_full(r->w->err);
	for (size_t i = 1; i + 1 < x->v->count; i++)
		version = is_word(x, i, "VERSION") ? value_at(x, i + 1) : version;
	TRY(cmake_set(r, "PROJECT_SOURCE_DIR", folder, CMAKE_KNOWN));
	TRY(cmake_set(r, "PROJECT_NAME", name, CMAKE_KNOWN));
	TRY(cmake_set(r, "PROJECT_VERSION", version, CMAKE_KNOWN));
	const char *own = name != NULL ? arena_printf(r->arena, "%s_SOURCE_DIR", name) : NULL;
	return own != NULL ? cmake_set(r, own, folder, CMAKE_KNOWN) : ASSAY_OK;
}

/* cmake_language(CALL name args...) is the command itself; EVAL runs text. */
static enum assay_status
do_language(const struct call *x)
{
	struct dep_place place = { x->f->file->path, x->c->line, x->c->column };
	if (CATCH(cmake_language, !x->r->quiet))
		TRY(dep_find(x->r->w, DEP_FETCH_UNCLEAR, place, "cmake_language", "cmake_language() runs what can't be told from the file"));
	return forget_all(x->r);
}

static const struct {
	const char *name;
	enum assay_status (*run)(const struct call *x);
} commands[] = {
	{ "set", do_set },
	{ "unset", do_unset },
	{ "list", do_list },
	{ "include", do_include },
	{ "add_subdirectory", do_add_subdirectory },
	{ "project", do_project },
	{ "return", do_return },
	{ "cmake_language", do_language },
};

enum assay_status
cmake_run_command(struct cmake_run *r, struct cmake_frame *f, const struct cmake_command *c)
{
	struct cmake_values v;
	struct call x = { r, f, c, &v };
	bool known = false;
	if (++r->steps > CMAKE_STEPS_MAX)
		return assay_fail(r->w->err, ASSAY_E_LIMIT, "more commands than are followed");
	TRY(cmake_eval(r, f, c, &v));
	struct cmake_function *fn = find_function(r, c->name);
	if (fn != NULL) {
		struct dep_place place = { f->file->path, c->line, c->column };
		if (CATCH(cmake_defined_twice, fn->twice && !r->quiet))
			TRY(dep_find(r->w, DEP_FETCH_REDEFINED, place, c->name, "'%.60s' is defined more than once", c->name));
		return call_function(&x, fn);
	}
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(commands[i].name, c->name) == 0)
			return commands[i].run(&x);
	}
	TRY(cmake_fetch(r, f, c, &v, &known));
	return known && strcmp(c->name, "file") != 0 && strcmp(c->name, "execute_process") != 0 ? ASSAY_OK : forget_named(&x);
}
