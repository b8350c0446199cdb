/* SPDX-License-Identifier: Apache-2.0 */
#include <engine/engine.h>

#include <base/cleanup.h>
#include <stdlib.h>
#include <string.h>

#define FOLDERS_MAX 1000

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "-I/src/lib", and the folder above it, for inclusions as "lib/x.h". */
static enum assay_status
add_folders(const char *path, const char **options, size_t *count, struct arena *arena, struct assay_error *err)
{
	char *folder = arena_printf(arena, "-I/src/%s", path);
	if (folder == NULL)
		return arena_full(err);
	for (int level = 0; level < 2; level++) {
		char *slash = strrchr(folder, '/');
		if (slash < folder + sizeof "-I/src" - 1)
			break;
		*slash = '\0';
		const char *copy = arena_str(arena, folder);
		if (copy == NULL)
			return arena_full(err);
		options[(*count)++] = copy;
	}
	return ASSAY_OK;
}

enum assay_status
engine_files_units(const char *const *paths, size_t count, const char *const *headers, size_t header_count, struct arena *arena,
    struct sca_unit **ret_units, struct assay_error *err)
{
	const char **options = arena_array(arena, 2 * header_count + 2, sizeof *options);
	struct sca_unit *units = arena_array(arena, count + 1, sizeof *units);
	size_t n = 0, kept = 0;
	if (options == NULL || units == NULL)
		return arena_full(err);
	for (size_t i = 0; i < header_count; i++)
		TRY(add_folders(headers[i], options, &n, arena, err));
	qsort(options, n, sizeof *options, by_text);
	for (size_t i = 0; i < n && kept < FOLDERS_MAX; i++) {
		if (kept == 0 || strcmp(options[kept - 1], options[i]) != 0)
			options[kept++] = options[i];
	}
	options[kept] = NULL;
	for (size_t i = 0; i < count; i++)
		units[i] = (struct sca_unit) { .path = paths[i], .args = options, .arg_count = kept, .refused_word = "" };
	*ret_units = units;
	return ASSAY_OK;
}
