/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree with workflows and actions of GitHub out of the input, divided at lines of "#== PATH", where PATH is one of a few: the first
 * letter tells which.
 */
#include <ci/model.h>

#include <base/cleanup.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Sorted, as the files of a tree are. */
static const char *const paths[FILES_MAX] = { ".github/workflows/ci.yml", ".github/workflows/x.yml", "act/action.yml", "action.yaml" };

static size_t
split(const uint8_t *data, size_t size, struct source_file *files)
{
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
	return count;
}

static void
check_ways(const struct ci_model *m)
{
	for (const struct ci_way *w = m->ways; w != NULL; w = w->next) {
		if (w->job == NULL || w->first == NULL || w->last == NULL || w->last->next != NULL || w->first->place.line == 0
		    || w->last->place.file == NULL)
			__builtin_trap();
	}
}

static void
check_jobs(const struct ci_model *m)
{
	size_t jobs = 0;
	for (const struct ci_pipeline *p = m->pipelines; p != NULL; p = p->next) {
		for (const struct ci_job *j = p->jobs; j != NULL; j = j->next, jobs++) {
			if (j->pipeline != p || j->name == NULL || (j->who != CI_NOBODY) != (j->by != NULL))
				__builtin_trap();
			for (const struct ci_step *s = j->steps; s != NULL; s = s->next) {
				if (s->place.line == 0 && s->command != NULL)
					__builtin_trap();
			}
		}
	}
	if (jobs != m->jobs)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source_file files[FILES_MAX];
	struct sources s = { .algo = OID_SHA1, .files = files };
	const struct ci_model *m = NULL;
	struct assay_error err = { 0 };
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new((size_t)1 << 30, &arena) != ASSAY_OK)
		return 0;
	s.count = split(data, size, files);
	enum assay_status status = ci_parse(&s, arena, &m, &err);
	if (status != ASSAY_OK && (m != NULL || err.what[0] == '\0'))
		__builtin_trap();
	if (status != ASSAY_OK)
		return 0;
	check_jobs(m);
	check_ways(m);
	for (const struct ci_question *q = m->questions; q != NULL; q = q->next) {
		if (q->controls == 0 || q->what[0] == '\0')
			__builtin_trap();
	}
	for (const struct ci_ref *r = m->refs; r != NULL; r = r->next_all) {
		if (r->text == NULL || r->name == NULL || r->place.line == 0)
			__builtin_trap();
	}
	return 0;
}
