/* SPDX-License-Identifier: Apache-2.0 */
#include "shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "shelf: %s failed\n", what);
	exit(3);
}

struct shelf *
shelf_new(void)
{
	struct shelf *s = calloc(1, sizeof *s);
	must(s != NULL, "making a shelf");
	s->w = world_new();
	s->clause.id = "5.1.2";
	s->w->catalog.controls = s->controls;
	s->w->catalog.control_count = 0;
	s->w->catalog.clauses = &s->clause;
	s->w->catalog.clause_count = 1;
	s->tree.ref = "refs/heads/main";
	s->tree.sources.files = s->files;
	memcpy(s->items, s->w->items, sizeof s->w->items);
	s->items[2] = (struct evidence){ .kind = TREE_KIND, .subject = "test",
		.grade = { GRADE_RECOMPUTED, GRADE_OBSERVED }, .facts = &s->tree };
	s->w->set = (struct evidence_set){ s->items, 3 };
	return s;
}

void
shelf_free(struct shelf *s)
{
	world_free(s->w);
	free(s);
}

struct control *
shelf_control(struct shelf *s, const char *id)
{
	size_t at = s->w->catalog.control_count++;
	must(at < SHELF_CONTROLS, "adding a control");
	s->controls[at] = (struct control){ .id = id, .clause = &s->clause, .title = id, .mend = "mend it",
		.least = { GRADE_ASSERTED, GRADE_CONFIGURED }, .index = (unsigned)at };
	return &s->controls[at];
}

static int
compare(const void *a, const void *b)
{
	const struct source_file *x = a, *y = b;
	return strcmp(x->path, y->path);
}

static void
take_away(struct shelf *s, const char *path)
{
	size_t n = s->tree.sources.count;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(s->files[i].path, path) != 0)
			continue;
		s->files[i] = s->files[n - 1];
		s->tree.sources.count = n - 1;
		break;
	}
	qsort(s->files, s->tree.sources.count, sizeof s->files[0], compare);
}

void
shelf_file(struct shelf *s, const char *path, const char *text)
{
	take_away(s, path);
	if (text == NULL)
		return;
	must(s->tree.sources.count < SHELF_FILES, "adding a file");
	s->files[s->tree.sources.count++] = (struct source_file){ .path = path, .mode = 0100644,
		.has_bytes = true, .bytes = assay_span_str(text) };
	qsort(s->files, s->tree.sources.count, sizeof s->files[0], compare);
}

uint32_t
shelf_person(struct shelf *s, const char *id)
{
	char *email = arena_printf(s->w->arena, "%s@example.com", id);
	must(email != NULL, "naming a person");
	return world_owner(s->w, ROSTER_PERSON, id, email);
}

const struct control_verdict *
shelf_judge(struct shelf *s, const char *id)
{
	return world_judge(s->w, id);
}
