/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the paths of a report lead into the repository. Its plants tell: it is known where they were planted, and the report says where it
 * saw them. Plants that don't agree tell nothing.
 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <sca/import.h>
#include <string.h>

/* As the report has it, with '/' alone and nothing at its front that means nothing; NULL for what is no file. */
static enum assay_status
told_path(const struct sarif_run *run, const char *uri, const char *base, struct arena *arena, const char **ret_path,
    struct assay_error *err)
{
	const char *told = uri[0] == '\0' ? NULL : sarif_path(run, uri, base, arena);
	*ret_path = NULL;
	if (told == NULL)
		return ASSAY_OK;
	char *path = arena_str(arena, told);
	if (path == NULL)
		return arena_full(err);
	for (char *p = path; *p != '\0'; p++)
		if (*p == '\\')
			*p = '/';
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	*ret_path = path;
	return ASSAY_OK;
}

/* Whether text ends in a whole path: "a/b" in "b", and not in "ab". */
static bool
ends_in(const char *text, size_t len, const char *path, size_t path_len)
{
	return len >= path_len && memcmp(text + len - path_len, path, path_len) == 0 && (len == path_len || text[len - path_len - 1] == '/');
}

/* From where one plant stands in the report. False: it was planted somewhere else. */
static bool
lead(const struct import *x, const char *path, struct arena *arena, const char **ret_strip, const char **ret_add)
{
	const char *slash = strrchr(path, '/'), *folder = x->canaries.folder;
	const size_t len = slash == NULL ? 0 : (size_t)(slash - path), folder_len = strlen(folder);
	*ret_strip = *ret_add = "";
	if (ends_in(path, len, folder, folder_len))
		*ret_strip = arena_printf(arena, "%.*s", (int)(len - folder_len), path);
	else if (slash == NULL)
		*ret_add = arena_printf(arena, "%s/", folder);
	else if (path[0] != '/' && ends_in(folder, folder_len, path, len))
		*ret_add = arena_printf(arena, "%.*s", (int)(folder_len - len), folder);
	else
		return false;
	return true;
}

static enum assay_status
learn(struct import *x, const struct sarif_run *run, const char *uri, const char *base, struct arena *arena, struct assay_error *err)
{
	const char *path = NULL, *strip = "", *add = "";
	if (canary_find(&x->canaries, uri) == NULL)
		return ASSAY_OK;
	TRY(told_path(run, uri, base, arena, &path, err));
	const bool leads = path != NULL && lead(x, path, arena, &strip, &add);
	if (CATCH(import_plants_elsewhere, !leads)) {
		x->placed = false;
		return ASSAY_OK;
	}
	if (strip == NULL || add == NULL)
		return arena_full(err);
	if (x->strip == NULL) {
		x->strip = strip;
		x->add = add;
	} else if (CATCH(import_plants_apart, strcmp(x->strip, strip) != 0 || strcmp(x->add, add) != 0)) {
		x->placed = false;
	}
	return ASSAY_OK;
}

enum assay_status
import_place(struct import *x, struct arena *arena, struct assay_error *err)
{
	x->placed = x->canaries.folder[0] != '\0';
	for (size_t i = 0; x->placed && i < x->log.run_count; i++) {
		const struct sarif_run *run = &x->log.runs[i];
		for (size_t k = 0; k < run->result_count; k++) {
			if (run->results[k].place_count > 0)
				TRY(learn(x, run, run->results[k].places[0].uri, run->results[k].places[0].base, arena, err));
		}
		for (size_t k = 0; k < run->artifact_count; k++)
			TRY(learn(x, run, run->artifacts[k].uri, run->artifacts[k].base, arena, err));
	}
	x->placed &= x->strip != NULL;
	return ASSAY_OK;
}

enum assay_status
import_path(const struct import *x, const struct sarif_run *run, const char *uri, const char *base, struct arena *arena,
    const char **ret_path, struct assay_error *err)
{
	const char *path = NULL;
	*ret_path = NULL;
	if (!x->placed)
		return ASSAY_OK;
	TRY(told_path(run, uri, base, arena, &path, err));
	const size_t len = strlen(x->strip);
	if (path == NULL || strncmp(path, x->strip, len) != 0 || path[len] == '/')
		return ASSAY_OK;
	*ret_path = x->add[0] == '\0' ? path + len : arena_printf(arena, "%s%s", x->add, path + len);
	return *ret_path == NULL ? arena_full(err) : ASSAY_OK;
}
