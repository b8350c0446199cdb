/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree whose .gitlab-ci.yml and included files come out of the input, divided at lines of "#== PATH".
 */
#include <ci/model.h>

#include <base/cleanup.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
by_path(const void *a, const void *b)
{
	const struct source_file *x = a, *y = b;
	return strcmp(x->path, y->path);
}

static size_t
split(const uint8_t *data, size_t size, struct source_file *files)
{
	static const char *const paths[FILES_MAX] = { ".gitlab-ci.yml", "a.yml", "b.yml", "c/a.yml", "c/b.yaml", "templates/x.yml",
		"d.txt", "e.yml" };
	size_t count = 0, from = 0;
	for (size_t i = 0; i <= size && count < FILES_MAX; i++) {
		bool end = i == size, mark = !end && size - i >= 4 && memcmp(data + i, "#==\n", 4) == 0;
		if (!end && !mark)
			continue;
		files[count] = (struct source_file){ .path = paths[count], .mode = 0100644, .has_bytes = true,
			.bytes = { data + from, i - from } };
		count++;
		from = i + 4;
	}
	qsort(files, count, sizeof files[0], by_path);
	return count;
}

static void
check(const struct ci_model *m)
{
	for (const struct ci_way *w = m->ways; w != NULL; w = w->next) {
		if (w->first == NULL || w->last == NULL || w->last->next != NULL || w->last->place.file == NULL)
			__builtin_trap();
	}
	for (const struct ci_question *q = m->questions; q != NULL; q = q->next) {
		if (q->controls == 0 || q->what[0] == '\0')
			__builtin_trap();
	}
	for (const struct ci_ref *r = m->refs; r != NULL; r = r->next_all) {
		if (r->text == NULL || r->place.file == NULL)
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct source_file files[FILES_MAX];
	const struct sources s = { .files = files, .count = split(data, size, files) };
	const struct ci_model *m = NULL;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(1u << 30, &arena) != ASSAY_OK)
		return 0;
	if (ci_parse(&s, arena, &m, &err) == ASSAY_OK)
		check(m);
	else if (m != NULL || err.what[0] == '\0')
		__builtin_trap();
	return 0;
}
