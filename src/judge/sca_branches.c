/* SPDX-License-Identifier: Apache-2.0 */
#include "sca_branches.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <code/branches.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)1 << 30)

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct code_base *b;
	const struct plan_analysis *plan;
	struct sca_branches *counts;
	struct assay_error *err;
};

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

static enum assay_status
judge_branches(const struct state *s, const char *path, const struct code_tokens *t, const struct code_branch *list, uint32_t count)
{
	const struct analysis *run = s->b->run;
	const struct analysis_seen *seen
	    = run->seen_count == 0 ? NULL : bsearch(path, run->seen, run->seen_count, sizeof run->seen[0], by_file);
	uint32_t missed = 0, first = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (!list[i].holds || list[i].never)
			continue;
		s->counts->all++;
		if (was_seen(seen, list[i].line))
			continue;
		if (code_branch_known(t, list, i, is_not_built, s->plan)) {
			s->counts->not_built++;
			continue;
		}
		first = missed++ == 0 ? list[i].line : first;
	}
	if (!CATCH(branch_not_compiled, missed > 0))
		return ASSAY_OK;
	const struct judge_place place = { path, path, first, 1, NULL };
	return judge_find_at(s->c, s->v, false, "branch-not-compiled", &place, s->err,
	    "'%s' has %u %s of #if that no unit compiles, the first at line %u", path, missed, missed == 1 ? "branch" : "branches", first);
}

static enum assay_status
judge_file(const struct state *s, const struct code_file *f)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	const char *path = f->file->path;
	const struct judge_place place = { path, path, 0, 0, NULL };
	enum code_language language = CODE_C;
	struct code_branch *list = NULL;
	struct code_tokens t;
	uint32_t count = 0;
	if (CATCH(branches_bytes_absent, !f->file->has_bytes))
		return judge_find_at(s->c, s->v, false, "branches-unread", &place, s->err,
		    "'%s' isn't here, and which of its branches no unit compiles can't be told: %s", path,
		    f->file->why == NULL ? "nothing says why" : f->file->why);
	code_language_of(path, &language);
	TRY(arena_new(ARENA_MAX, &arena) == ASSAY_OK ? ASSAY_OK : arena_full(s->err));
	if (code_lex(f->file->bytes, language, arena, &t, NULL) != ASSAY_OK || code_branches(&t, arena, &list, &count, NULL) != ASSAY_OK)
		return judge_find_at(s->c, s->v, false, "branches-unread", &place, s->err,
		    "'%s' is larger than is read here, and which of its branches no unit compiles can't be told", path);
	return judge_branches(s, path, &t, list, count);
}

enum assay_status
sca_judge_branches(const struct judge_context *c, struct control_verdict *v, const struct code_base *b,
    struct sca_branches *ret_counts, struct assay_error *err)
{
	const struct state s = { c, v, b, &b->plan.analysis, ret_counts, err };
	*ret_counts = (struct sca_branches){ 0 };
	for (size_t i = 0; i < b->file_count; i++) {
		const struct code_file *f = &b->files[i];
		/* What no unit reads at all is told of by itself. */
		if (code_is_c(f->language) && f->exclude == NULL && (f->included || f->units > f->failed))
			TRY(judge_file(&s, f));
	}
	return ASSAY_OK;
}
