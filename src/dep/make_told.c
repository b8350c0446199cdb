/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: the Makefiles that a command names.
 */
#include "install_words.h"
#include "make_lines.h"

/* Each is looked for among all files of the tree. */
#define NAMED_MAX 1000

bool
make_is_read(const char *path)
{
	if (!dep_wants(path))
		return false;
	for (size_t k = 0; k < dep_kind_count; k++) {
		if (dep_kinds[k].area == DEP_INSTALL && dep_fits_kind(&dep_kinds[k], path))
			return dep_kinds[k].read == install_read_make;
	}
	return false;
}

/* Which folder make is started in isn't followed: a file of this name in any. */
static bool
is_unread(struct dep_work *w, const char *name)
{
	if (strcmp(name, "-") == 0 || w->makefiles_named++ >= NAMED_MAX)
		return true;
	while (dep_starts(name, "./") || dep_starts(name, "../"))
		name = strchr(name, '/') + 1;
	const size_t n = strlen(name);
	for (size_t i = 0; i < w->sources->count; i++) {
		const char *path = w->sources->files[i].path;
		const size_t len = strlen(path);
		if (len >= n && strcmp(path + len - n, name) == 0 && (len == n || path[len - n - 1] == '/') && !make_is_read(path))
			return true;
	}
	return false;
}

/* What the option in the i-th word names, by its letter or its names: "-f NAME", "-kfNAME", "--file=NAME"; else NULL. */
static const char *
value_of(const struct words *w, size_t i, char letter, const char *names)
{
	static const char plain[] = "BbeikmnpqrRsStw";
	const char *item = w->items[i] != NULL ? w->items[i] : "", *equals = strchr(item, '=');
	const char *next = i + 1 < w->count ? w->items[i + 1] : NULL;
	char name[16];
	if (item[0] != '-')
		return NULL;
	if (item[1] == '-') {
		(void)snprintf(name, sizeof name, "%.*s", (int)strcspn(item, "="), item);
		return !shell_among(name, names) ? NULL : equals != NULL ? equals + 1 : next;
	}
	item += 1 + strspn(item + 1, plain);
	return *item != letter ? NULL : item[1] != '\0' ? item + 1 : next;
}

enum assay_status
install_by_make(struct install *x, const struct shell_command *c, const struct words *w)
{
	if (!shell_among(w->program, "make gmake bmake"))
		return ASSAY_OK;
	for (size_t i = 0; i < w->count; i++) {
		const char *file = value_of(w, i, 'f', "--file --makefile");
		if (CATCH(make_told_file, file != NULL && is_unread(x->w, file)))
			TRY(dep_find(x->w, DEP_INSTALL_UNREAD, install_place(x, c), file, "make is told to read '%.200s', which isn't read here", file));
		if (CATCH(make_told_text, value_of(w, i, 'E', "--eval") != NULL))
			TRY(dep_find(x->w, DEP_INSTALL_UNREAD, install_place(x, c), NULL, "make is given rules on its command line: they aren't read"));
	}
	return ASSAY_OK;
}
