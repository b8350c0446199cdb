/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Branches of #if and the like that no unit compiles, so that no engine has to have looked at them.
 */
#include "code_build.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <code/branches.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)1 << 30)

static bool
is_not_built(const void *context, const char *macro)
{
	/* What C++ alone reads of a header is read when a unit of C++ includes it; without one there is no C++. */
	return strcmp(macro, "__cplusplus") == 0 || plan_not_built(context, macro);
}

static int
by_file(const void *a, const void *b)
{
	return strcmp(a, ((const struct analysis_seen *)b)->file);
}

static int
by_line(const void *a, const void *b)
{
	const unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
	return (x > y) - (x < y);
}

static bool
was_seen(const struct analysis_seen *s, unsigned line)
{
	return s != NULL && s->count > 0 && bsearch(&line, s->lines, s->count, sizeof line, by_line) != NULL;
}

static void
count(const struct code_base *b, struct code_file *f, const struct code_tokens *t, const struct code_branch *list, uint32_t most)
{
	const struct analysis *run = b->run;
	const struct analysis_seen *seen
	    = run->seen_count == 0 ? NULL : bsearch(f->file->path, run->seen, run->seen_count, sizeof run->seen[0], by_file);
	for (uint32_t i = 0; i < most; i++) {
		if (!list[i].holds || list[i].never)
			continue;
		f->branches.all++;
		if (was_seen(seen, list[i].line))
			continue;
		if (code_branch_known(t, list, i, is_not_built, &b->plan.analysis))
			f->branches.not_built++;
		else if (f->branches.missed++ == 0)
			f->branches.first = list[i].line;
	}
}

static enum assay_status
look_at(const struct code_base *b, struct code_file *f, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	enum code_language language = CODE_C;
	struct code_branch *list = NULL;
	struct code_tokens t;
	uint32_t most = 0;
	if (CATCH(branches_bytes_absent, !f->file->has_bytes)) {
		f->branches.unread = f->file->why == NULL ? "its bytes aren't here" : f->file->why;
		return ASSAY_OK;
	}
	code_language_of(f->file->path, &language);
	TRY(arena_new(ARENA_MAX, &arena) == ASSAY_OK ? ASSAY_OK : arena_full(err));
	if (code_lex(f->file->bytes, language, arena, &t, NULL) != ASSAY_OK || code_branches(&t, arena, &list, &most, NULL) != ASSAY_OK)
		f->branches.unread = "it is larger than is read here";
	else
		count(b, f, &t, list, most);
	return ASSAY_OK;
}

enum assay_status
code_branches_look(struct code_base *b, struct assay_error *err)
{
	bool here = false;
	for (size_t i = 0; i < b->engine_count; i++)
		here |= !b->engines[i].imported;
	for (size_t i = 0; here && i < b->file_count; i++) {
		struct code_file *f = &b->files[i];
		/* What no unit reads at all is told of by itself. */
		if (code_is_c(f->language) && f->exclude == NULL && (f->included || f->units > f->failed))
			TRY(look_at(b, f, err));
	}
	return ASSAY_OK;
}
