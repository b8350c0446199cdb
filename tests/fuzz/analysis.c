/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members of kind "code-analysis" of any bytes: the record, and an engine's raw output, over files and in trials, apart at the first NUL.
 */
#include <base/cleanup.h>
#include <evidence/analysis.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_CAP (64u << 20)

static void
expect(bool good)
{
	if (!good)
		abort();
}

static void
walk_trials(const struct analysis *a)
{
	for (size_t i = 0; i < a->trial_count; i++) {
		const struct analysis_trial *t = &a->trials[i];
		const struct analysis_engine *e = analysis_engine_find(a, t->engine);
		expect(e != NULL && t->first + (size_t)t->runs <= e->tried.count);
	}
}

/* Whatever was read holds together: lists are where they say, and no engine stands twice. */
static void
walk(const struct analysis *a)
{
	size_t length = strlen(a->plan) + strlen(a->cage) + strlen(a->units_why);
	for (size_t i = 0; i < a->engine_count; i++) {
		const struct analysis_engine *e = &a->engines[i];
		expect(analysis_engine_find(a, e->name) == e);
		for (size_t k = 0; k < e->unknown_count; k++)
			length += strlen(e->unknown[k]);
		for (size_t k = 0; k < e->runs.count; k++)
			expect(e->runs.items[k].state == SCA_RAN || e->runs.items[k].why != NULL);
	}
	for (size_t i = 0; i < a->unit_count; i++) {
		for (size_t k = 0; k < a->units[i].header_count; k++)
			length += strlen(a->units[i].headers[k]);
	}
	for (size_t i = 0; i < a->seen_count; i++)
		for (size_t k = 0; k < a->seen[i].count; k++)
			length += strlen(a->seen[i].file) + (a->seen[i].lines[k] > 0);
	walk_trials(a);
	expect(length < SIZE_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size == 0 ? NULL : memchr(data, '\0', size);
	const size_t head = cut == NULL ? size : (size_t)(cut - data);
	struct evidence_member m[] = {
		{ "code/format", assay_span_str("sha1\n"), { 0 } },
		{ "code/head", assay_span_str("refs/heads/main\n"), { 0 } },
		{ "code/output/gcc", { cut == NULL ? NULL : cut + 1, cut == NULL ? 0 : size - head - 1 }, { 0 } },
		{ "code/run", { data, head }, { 0 } },
		{ "code/tried/gcc", { cut == NULL ? NULL : cut + 1, cut == NULL ? 0 : size - head - 1 }, { 0 } },
	};
	struct evidence e = { .kind = ANALYSIS_KIND, .subject = "fuzz",
		.grade = { GRADE_ASSERTED, GRADE_DEMONSTRATED }, .members = m, .member_count = 5 };
	struct arena *arena = NULL;
	struct assay_error err = { 0 };
	const void *facts = NULL;
	if (arena_new(ARENA_CAP, &arena) != ASSAY_OK)
		return 0;
	struct parse_context c = { arena, NULL, NULL };
	if (analysis_parse(&e, &c, &facts, &err) == ASSAY_OK)
		walk(facts);
	else
		expect(facts == NULL && err.what[0] != '\0');
	arena_free(&arena);
	return 0;
}
