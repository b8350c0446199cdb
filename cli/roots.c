/* SPDX-License-Identifier: Apache-2.0 */
#include "roots.h"
#include "state.h"

#include <assay/hash.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <fcntl.h>
#include <string.h>

#define ROOTS_MAX (1u << 20)
#define ROOTS_NAME "assay/roots"

enum assay_status
roots_check(const char *root, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	if (root == NULL || text_unhex(assay_span_str(root), digest, sizeof digest) == ASSAY_OK)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "'--root' wants 64 hex digits");
	return assay_error_todo(err, ASSAY_E_USAGE, "the fingerprint stands in the maker's instructions for use");
}

static enum assay_status
lower(const char *root, struct arena *arena, const char **ret_root, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	TRY(roots_check(root, err));
	TRY(text_unhex(assay_span_str(root), digest, sizeof digest));
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	*ret_root = arena_str(arena, hex);
	return *ret_root == NULL ? arena_full(err) : ASSAY_OK;
}

static const char *
list_path(struct arena *arena)
{
	const char *config = state_variable("XDG_CONFIG_HOME"), *home = state_variable("HOME");
	if (config != NULL && config[0] == '/')
		return arena_printf(arena, "%s/" ROOTS_NAME, config);
	return home == NULL || home[0] != '/' ? NULL : arena_printf(arena, "%s/.config/" ROOTS_NAME, home);
}

static enum assay_status
bad_line(const char *path, unsigned line, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_FORMAT, "a line is not 'REPOSITORY-ID FINGERPRINT', or names a repository again");
	return assay_error_at(err, ASSAY_E_FORMAT, path, line, 0);
}

static enum assay_status
find_line(char *text, const char *path, const char *repository_id, const char **ret_root, struct assay_error *err)
{
	unsigned number = 0;
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
		char *save = NULL, *id = strtok_r(line, " \t\r", &save), *root = strtok_r(NULL, " \t\r", &save);
		number++;
		if (id == NULL || id[0] == '#')
			continue;
		if (root == NULL || strtok_r(NULL, " \t\r", &save) != NULL || roots_check(root, NULL) != ASSAY_OK)
			return bad_line(path, number, err);
		if (strcmp(id, repository_id) != 0)
			continue;
		if (*ret_root != NULL)
			return bad_line(path, number, err);
		*ret_root = root;
	}
	return ASSAY_OK;
}

enum assay_status
roots_pinned(const char *given, const char *repository_id, struct arena *arena, const char **ret_root,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(ROOTS_MAX);
	const char *found = NULL;
	*ret_root = NULL;
	if (given != NULL)
		return lower(given, arena, ret_root, err);
	const char *path = list_path(arena);
	if (path == NULL || repository_id == NULL)
		return ASSAY_OK;
	enum assay_status status = file_read(AT_FDCWD, path, &text, err);
	if (status == ASSAY_E_NOT_FOUND)
		return ASSAY_OK;
	TRY(status);
	if (memchr(text.data, '\0', text.len) != NULL)
		return bad_line(path, 1, err);
	char *copy = arena_copy(arena, buf_span(&text));
	if (copy == NULL)
		return arena_full(err);
	TRY(find_line(copy, path, repository_id, &found, err));
	return found == NULL ? ASSAY_OK : lower(found, arena, ret_root, err);
}
