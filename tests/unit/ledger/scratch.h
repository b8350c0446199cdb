/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A temporary folder of a test's own.
 */
#pragma once

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scratch {
	char folder[64];
	char path[256];
};

static inline int
scratch_setup(void **state)
{
	struct scratch *s = calloc(1, sizeof *s);

	assert_non_null(s);
	(void)snprintf(s->folder, sizeof s->folder, "/tmp/assay-test-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	*state = s;
	return 0;
}

static inline void
scratch_empty(const char *folder)
{
	DIR *d = opendir(folder);
	char path[PATH_MAX];

	if (d == NULL)
		return;
	for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		int n = snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		assert_true(n > 0 && (size_t)n < sizeof path);
		if (unlink(path) != 0) {
			scratch_empty(path);
			(void)rmdir(path);
		}
	}
	(void)closedir(d);
}

static inline int
scratch_teardown(void **state)
{
	struct scratch *s = *state;

	scratch_empty(s->folder);
	(void)rmdir(s->folder);
	free(s);
	return 0;
}

/* The path of a file in the folder; valid until the next call. */
static inline const char *
scratch_path(struct scratch *s, const char *name)
{
	(void)snprintf(s->path, sizeof s->path, "%s/%s", s->folder, name);
	return s->path;
}
