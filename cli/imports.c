/* SPDX-License-Identifier: Apache-2.0 */
#include "imports.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

void
given_imports_done(struct given_imports *g)
{
	for (size_t i = 0; i < g->count; i++)
		buf_done(&g->files[i]);
}

static enum assay_status
read_one(const char *path, struct arena *arena, struct given_imports *g, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *own = NULL;
	struct import x;
	struct buf *file = &g->files[g->count];
	*file = (struct buf)BUF_INIT(IMPORT_SIZE_MAX);
	struct evidence_member *m = &g->members[g->count++];
	if (arena_new((size_t)2 << 30, &own) != ASSAY_OK)
		return arena_full(err);
	TRY(file_read(AT_FDCWD, path, file, err));
	TRY(import_read(buf_span(file), path, own, &x, err));
	*m = (struct evidence_member){ .name = imports_member(&x, arena), .bytes = buf_span(file) };
	if (m->name == NULL)
		return arena_full(err);
	for (size_t i = 0; i + 1 < g->count; i++) {
		if (strcmp(g->members[i].name, m->name) != 0)
			continue;
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is a second report of '%s' for %s", path, x.name, x.canaries.language);
		return assay_error_todo(err, ASSAY_E_USAGE, "give the one that looked at the commit that is checked");
	}
	return ASSAY_OK;
}

enum assay_status
given_imports_read(const struct cli *cli, struct arena *arena, struct given_imports *ret_imports, struct assay_error *err)
{
	if (cli->imports.count > IMPORTS_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "'--import' is given more than %d times", IMPORTS_MAX);
	for (size_t i = 0; i < cli->imports.count; i++) {
		if (read_one(cli->imports.items[i], arena, ret_imports, err) == ASSAY_OK)
			continue;
		/* Which report to give is the caller's choice: one that can't be read is wrong usage. */
		if (err->status != ASSAY_E_MEMORY && err->status != ASSAY_E_INTERNAL)
			err->status = ASSAY_E_USAGE;
		return err->status;
	}
	return ASSAY_OK;
}

static int
by_name(const void *a, const void *b)
{
	const struct evidence_member *x = a, *y = b;
	return strcmp(x->name, y->name);
}

enum assay_status
given_imports_add(const struct given_imports *g, struct workspace *w, struct assay_error *err)
{
	const struct evidence_kind *kind = evidence_kind_find(IMPORTS_KIND);
	struct evidence_set set = { .items = arena_array(w->arena, w->evidence.count + 1, sizeof set.items[0]), .count = w->evidence.count };
	if (g->count == 0)
		return ASSAY_OK;
	if (set.items == NULL)
		return arena_full(err);
	if (set.count > 0)
		memcpy(set.items, w->evidence.items, set.count * sizeof set.items[0]);
	struct evidence *e = &set.items[set.count++];
	*e = (struct evidence){ .kind = IMPORTS_KIND, .subject = repository_subject(w->repository, w->arena), .grade = kind->grade,
		.completeness = EVIDENCE_COMPLETE, .members = arena_array(w->arena, g->count, sizeof e->members[0]), .member_count = g->count };
	if (e->subject == NULL || e->members == NULL)
		return arena_full(err);
	memcpy(e->members, g->members, g->count * sizeof g->members[0]);
	qsort(e->members, e->member_count, sizeof e->members[0], by_name);
	TRY(evidence_seal(e, err));
	w->evidence = set;
	return ASSAY_OK;
}
