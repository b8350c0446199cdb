/* SPDX-License-Identifier: Apache-2.0 */
#include "work.h"

#include <base/text.h>
#include <stdarg.h>

#include "cmake.h"
#include "fetch.h"
#include "install.h"
#include "meson.h"
#include "npm.h"

#include <stddef.h>

#define MESSAGE_MAX 1024
/* No file system takes a longer name. */
#define NAME_LEN_MAX 512
/* Memory for one file. */
#define SCRATCH_MAX (256u << 20)

#define DEP_MATTER_ROW(name, area, gap, code, next) [DEP_##name] = { DEP_##area, gap, code, next },
const struct dep_matter_row dep_matters[DEP_MATTER_COUNT] = { DEP_MATTERS(DEP_MATTER_ROW) };

enum assay_status
dep_find(struct dep_work *w, enum dep_matter matter, struct dep_place place, const char *object,
    const char *fmt, ...)
{
	char message[MESSAGE_MAX];
	va_list args;
	if (w->model->finding_count == DEP_FINDINGS_MAX) {
		w->model->more[matter]++;
		return ASSAY_OK;
	}
	va_start(args, fmt);
	(void)vsnprintf(message, sizeof message, fmt, args);
	va_end(args);
	struct dep_finding *f = arena_alloc(w->keep, sizeof *f);
	if (f == NULL)
		return arena_full(w->err);
	*f = (struct dep_finding){ .matter = matter, .file = place.file, .line = place.line, .column = place.column };
	f->message = arena_str(w->keep, message);
	f->object = object != NULL ? arena_str(w->keep, object) : NULL;
	if (f->message == NULL || (object != NULL && f->object == NULL))
		return arena_full(w->err);
	*w->last_finding = f;
	w->last_finding = &f->next;
	w->model->finding_count++;
	return ASSAY_OK;
}

void
dep_judged(struct dep_work *w, enum dep_area area, const char *count)
{
	struct dep_model *m = w->model;
	m->judged[area]++;
	for (size_t i = 0; i < m->count_counts[area]; i++) {
		if (strcmp(m->counts[area][i].name, count) == 0) {
			m->counts[area][i].value++;
			return;
		}
	}
	if (m->count_counts[area] < DEP_COUNTS_MAX)
		m->counts[area][m->count_counts[area]++] = (struct dep_count){ count, 1 };
}

enum assay_status
dep_unread(struct dep_work *w, enum dep_matter unread, const char *file, enum assay_status status)
{
	if (status == ASSAY_OK || status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL)
		return status;
	struct assay_error was = *w->err;
	const char *where = was.file[0] != '\0' ? arena_str(w->keep, was.file) : file;
	struct dep_place place = { where != NULL ? where : file, was.line, was.column };
	assay_error_clear(w->err);
	return dep_find(w, unread, place, NULL, "could not be read: %s", was.what);
}

/* ---- the tree ---- */

static const enum dep_matter unread_of[DEP_AREAS] = { DEP_LOCK_UNREAD, DEP_SOURCE_UNREAD,
	DEP_IMAGE_UNREAD, DEP_INSTALL_UNREAD };
static const enum dep_matter kind_of[DEP_AREAS] = { DEP_LOCK_KIND, DEP_SOURCE_KIND, DEP_IMAGE_KIND,
	DEP_INSTALL_KIND };

/* What npm installed belongs to dep.vendored, its manifests ask nobody for anything. */
static bool
is_installed(const char *path)
{
	return dep_starts(path, "node_modules/") || strstr(path, "/node_modules/") != NULL;
}

bool
dep_fits(const char *pattern, const char *path)
{
	const char *slash = strchr(pattern, '/');
	const char *name = dep_base(path);
	if (slash != NULL) {
		size_t folder = (size_t)(slash - pattern) + 1;
		size_t before = (size_t)(name - path);
		if (before < folder || strncmp(name - folder, pattern, folder) != 0
		    || (before > folder && name[-(ptrdiff_t)folder - 1] != '/'))
			return false;
		pattern = slash + 1;
	}
	/* "folder/<star>" is for names without a '.'. */
	if (slash != NULL && strcmp(pattern, "*") == 0)
		return strchr(name, '.') == NULL;
	const char *star = strchr(pattern, '*');
	if (star == NULL)
		return strcmp(pattern, name) == 0;
	size_t head = (size_t)(star - pattern);
	return strlen(name) >= strlen(pattern) - 1 && strncmp(pattern, name, head) == 0 && dep_ends(name, star + 1);
}

bool
dep_fits_kind(const struct dep_kind *k, const char *path)
{
	char name[NAME_LEN_MAX];
	const char *base = dep_base(path);
	size_t n = strlen(base);
	if (!k->any_case || n >= sizeof name)
		return dep_fits(k->pattern, path);
	for (size_t i = 0; i <= n; i++)
		name[i] = text_lower(base[i]);
	return dep_fits(k->pattern, name);
}

/* "../.." and then names: no link on the way can lead elsewhere than the words do. */
static bool
leads_plainly(const char *target)
{
	while (dep_starts(target, "../"))
		target += 3;
	for (const char *at = target; *at != '\0'; at += *at == '/') {
		size_t n = strcspn(at, "/");
		if (n == 0 || (at[0] == '.' && (n == 1 || (n == 2 && at[1] == '.'))))
			return false;
		at += n;
	}
	return *target != '\0';
}

/* A link to a file of the tree that is read by the same rules, and whose place in the tree says nothing to its reader. */
static bool
is_read_elsewhere(const struct dep_work *w, const struct dep_kind *k, const struct source_file *link)
{
	if ((k->area != DEP_INSTALL && k->area != DEP_IMAGES) || !link->has_bytes)
		return false;
	char *folder = dep_folder(w->arena, link->path), *words = arena_copy(w->arena, link->bytes);
	if (folder == NULL || words == NULL || strlen(words) != link->bytes.len ||
	    CATCH(dep_link_around, !leads_plainly(words)))
		return false;
	const char *path = dep_join(w->arena, folder, words);
	const struct source_file *f = path == NULL ? NULL : sources_find(w->sources, path);
	return f != NULL && (f->mode == 0100644 || f->mode == 0100755) && dep_fits_kind(k, f->path);
}

static enum assay_status
read_as(struct dep_work *w, const struct dep_kind *k, const struct source_file *f)
{
	struct dep_place place = { f->path, 0, 0 };
	if (f->mode == 0120000 && is_read_elsewhere(w, k, f))
		return ASSAY_OK;
	if (CATCH(dep_link, f->mode == 0120000))
		return dep_find(w, unread_of[k->area], place, NULL, "%s is a link, and isn't followed", k->name);
	if (k->read == NULL) {
		if (!CATCH(dep_kind_unread, true))
			return ASSAY_OK;
		return dep_find(w, kind_of[k->area], place, NULL, "%s is not read by this version", k->name);
	}
	if (CATCH(dep_bytes_absent, !f->has_bytes))
		return dep_find(w, unread_of[k->area], place, NULL, "%s could not be read: %s", k->name,
		    f->why != NULL ? f->why : "its bytes aren't here");
	if (!f->has_bytes)
		return ASSAY_OK;
	enum assay_status status = k->read(w, f);
	if (!CATCH(dep_unparsed, status != ASSAY_OK) && status != ASSAY_E_MEMORY) {
		assay_error_clear(w->err);
		return ASSAY_OK;
	}
	return dep_unread(w, unread_of[k->area], f->path, status);
}

/* One file in memory of its own, so that many large ones never stand together. */
static enum assay_status
read_file(struct dep_work *w, const struct dep_kind *k, const struct source_file *f)
{
	CLEANUP(arena_free) struct arena *scratch = NULL;
	struct dep_place place = { f->path, 0, 0 };
	TRY(arena_new(SCRATCH_MAX, &scratch));
	w->arena = scratch;
	enum assay_status status = read_as(w, k, f);
	w->arena = NULL;
	if (status != ASSAY_E_MEMORY)
		return status;
	assay_error_clear(w->err);
	return dep_find(w, unread_of[k->area], place, NULL, "%s takes more memory to read than is given", k->name);
}

static enum assay_status
read_all(struct dep_work *w)
{
	for (size_t i = 0; i < w->sources->count; i++) {
		const struct source_file *f = &w->sources->files[i];
		if (f->mode == 0160000 || is_installed(f->path))
			continue;
		unsigned done = 0;
		for (size_t k = 0; k < dep_kind_count; k++) {
			unsigned area = 1u << dep_kinds[k].area;
			if ((done & area) != 0 || !dep_fits_kind(&dep_kinds[k], f->path))
				continue;
			TRY(read_file(w, &dep_kinds[k], f));
			done |= area;
		}
	}
	return ASSAY_OK;
}

/* What takes more than one file to see. */
static enum assay_status
read_together(struct dep_work *w, enum assay_status (*check)(struct dep_work *w), enum dep_matter unread, const char *what)
{
	CLEANUP(arena_free) struct arena *scratch = NULL;
	struct dep_place place = { what, 0, 0 };
	TRY(arena_new(SCRATCH_MAX, &scratch));
	w->arena = scratch;
	enum assay_status status = check(w);
	w->arena = NULL;
	if (status != ASSAY_E_MEMORY)
		return status;
	assay_error_clear(w->err);
	return dep_find(w, unread, place, NULL, "they take more memory to follow than is given");
}

static enum assay_status
check_pipelines(struct dep_work *w)
{
	TRY(install_pipeline_parts(w, w->ci));
	TRY(install_pipelines(w, w->ci));
	return images_check(w);
}

enum assay_status
dep_read(const struct sources *sources, const struct ci_model *ci, struct arena *arena, const struct dep_model **ret_model,
    struct assay_error *err)
{
	struct assay_error own = { 0 };
	struct dep_work w = { .sources = sources, .keep = arena, .ci = ci, .err = err != NULL ? err : &own };
	w.model = arena_alloc(arena, sizeof *w.model);
	if (w.model == NULL)
		return arena_full(err);
	w.last_finding = &w.model->findings;
	w.last_ref = &w.model->refs;
	enum assay_status status = read_all(&w);
	if (status == ASSAY_OK)
		status = read_together(&w, modules_check, DEP_SOURCE_UNREAD, ".gitmodules");
	if (status == ASSAY_OK)
		status = read_together(&w, cmake_check, DEP_SOURCE_UNREAD, "CMakeLists.txt");
	if (status == ASSAY_OK)
		status = read_together(&w, meson_check, DEP_SOURCE_UNREAD, "meson.build");
	if (status == ASSAY_OK)
		status = read_together(&w, check_pipelines, DEP_INSTALL_UNREAD, "pipelines");
	npm_forget(&w);
	if (status == ASSAY_OK)
		*ret_model = w.model;
	return status;
}

bool
dep_wants(const char *path)
{
	if (is_installed(path))
		return false;
	for (size_t k = 0; k < dep_kind_count; k++) {
		if (dep_kinds[k].read != NULL && dep_fits_kind(&dep_kinds[k], path))
			return true;
	}
	return false;
}
