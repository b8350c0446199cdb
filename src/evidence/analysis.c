/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What analysers said, read out of its members. The record names the engines; what each of them said is read again.
 */
#include "fields.h"
#include "head.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/analysis.h>

#define ANALYSIS_VERSION 1
#define RUN_MEMBER "code/run"
#define OUTPUT_PREFIX "code/output/"
#define SHOWN_PREFIX "code/shown/"
#define TRIED_PREFIX "code/tried/"

#define PARTS_MAX 1000
#define BRANCHES_MAX 1000000
#define TRIALS_MAX 10000
#define MARKS_MAX 10000

static const struct field part_fields[] = {
	{ .key = "path", .kind = FIELD_TEXT, .offset = offsetof(struct analysis_part, path) },
	{ .key = "sha256", .kind = FIELD_TEXT, .offset = offsetof(struct analysis_part, sha256) },
	{ .key = NULL },
};
#define OF(type, field) .offset = offsetof(struct type, field)
#define LIST(type, list, number) OF(type, list), .count = offsetof(struct type, number)

static const struct field engine_fields[] = {
	{ .key = "name", .kind = FIELD_TEXT, OF(analysis_engine, name) },
	{ .key = "found", .kind = FIELD_BOOL, OF(analysis_engine, found) },
	{ .key = "why", .kind = FIELD_TEXT, OF(analysis_engine, why) },
	{ .key = "version", .kind = FIELD_TEXT, OF(analysis_engine, version) },
	{ .key = "program", .kind = FIELD_TEXT, OF(analysis_engine, program) },
	{ .key = "digest", .kind = FIELD_TEXT, OF(analysis_engine, digest) },
	{ .key = "parts", .kind = FIELD_STRUCTS, LIST(analysis_engine, parts, part_count), .fields = part_fields,
	    .size = sizeof(struct analysis_part), .most = PARTS_MAX },
	{ .key = "options", .kind = FIELD_TEXT, OF(analysis_engine, options) },
	{ .key = "unknown", .kind = FIELD_TEXTS, LIST(analysis_engine, unknown, unknown_count), .most = SCA_CHECKS_MAX },
	{ .key = NULL },
};
static const struct field unit_fields[] = {
	{ .key = "file", .kind = FIELD_TEXT, OF(analysis_unit, file) },
	{ .key = "line", .kind = FIELD_NUMBER, OF(analysis_unit, line) },
	{ .key = "refused", .kind = FIELD_TEXT, OF(analysis_unit, refused) },
	{ .key = "silencers", .kind = FIELD_TEXTS, LIST(analysis_unit, silencers, silencer_count), .most = ANALYSIS_LIST_MAX },
	{ .key = "headers", .kind = FIELD_TEXTS, LIST(analysis_unit, headers, header_count), .most = ANALYSIS_LIST_MAX },
	{ .key = "compiles", .kind = FIELD_BOOL, OF(analysis_unit, compiles) },
	{ .key = "why", .kind = FIELD_TEXT, OF(analysis_unit, why) },
	{ .key = NULL },
};
static const struct field seen_fields[] = {
	{ .key = "file", .kind = FIELD_TEXT, OF(analysis_seen, file) },
	{ .key = "seen", .kind = FIELD_NUMBERS, LIST(analysis_seen, lines, count), .most = BRANCHES_MAX },
	{ .key = NULL },
};
static const struct field left_fields[] = {
	{ .key = "file", .kind = FIELD_TEXT, OF(analysis_left, file) },
	{ .key = "why", .kind = FIELD_TEXT, OF(analysis_left, why) },
	{ .key = NULL },
};
static const struct field snippet_fields[] = {
	{ .key = "name", .kind = FIELD_TEXT, OF(analysis_snippet, name) },
	{ .key = "sha256", .kind = FIELD_TEXT, OF(analysis_snippet, sha256) },
	{ .key = NULL },
};
static const struct field mark_fields[] = {
	{ .key = "line", .kind = FIELD_NUMBER, OF(analysis_mark, line) },
	{ .key = "column", .kind = FIELD_NUMBER, OF(analysis_mark, column) },
	{ .key = "mark", .kind = FIELD_TEXT, OF(analysis_mark, mark) },
	{ .key = NULL },
};
static const struct field trial_fields[] = {
	{ .key = "engine", .kind = FIELD_TEXT, OF(analysis_trial, engine) },
	{ .key = "file", .kind = FIELD_TEXT, OF(analysis_trial, file) },
	{ .key = "sha256", .kind = FIELD_TEXT, OF(analysis_trial, sha256) },
	{ .key = "marks", .kind = FIELD_STRUCTS, LIST(analysis_trial, marks, mark_count), .fields = mark_fields,
	    .size = sizeof(struct analysis_mark), .most = MARKS_MAX },
	{ .key = "first", .kind = FIELD_NUMBER, OF(analysis_trial, first) },
	{ .key = "runs", .kind = FIELD_NUMBER, OF(analysis_trial, runs) },
	{ .key = NULL },
};
static const struct field run_fields[] = {
	{ .key = "assay-code-analysis", .kind = FIELD_IGNORED },
	{ .key = "has-plan", .kind = FIELD_BOOL, OF(analysis, has_plan) },
	{ .key = "plan", .kind = FIELD_TEXT, OF(analysis, plan) },
	{ .key = "sandbox", .kind = FIELD_TEXT, OF(analysis, cage) },
	{ .key = "sandbox-why", .kind = FIELD_TEXT, OF(analysis, cage_why) },
	{ .key = "units-from", .kind = FIELD_TEXT, OF(analysis, units_from) },
	{ .key = "units-why", .kind = FIELD_TEXT, OF(analysis, units_why) },
	{ .key = "engines", .kind = FIELD_STRUCTS, LIST(analysis, engines, engine_count), .fields = engine_fields,
	    .size = sizeof(struct analysis_engine), .most = ANALYSIS_ENGINES_MAX },
	{ .key = "units", .kind = FIELD_STRUCTS, LIST(analysis, units, unit_count), .fields = unit_fields,
	    .size = sizeof(struct analysis_unit), .most = ANALYSIS_UNITS_MAX },
	{ .key = "branches", .kind = FIELD_STRUCTS, LIST(analysis, seen, seen_count), .fields = seen_fields,
	    .size = sizeof(struct analysis_seen), .most = ANALYSIS_LIST_MAX },
	{ .key = "left", .kind = FIELD_STRUCTS, LIST(analysis, left, left_count), .fields = left_fields,
	    .size = sizeof(struct analysis_left), .most = ANALYSIS_LIST_MAX },
	{ .key = "snippets", .kind = FIELD_STRUCTS, LIST(analysis, snippets, snippet_count), .fields = snippet_fields,
	    .size = sizeof(struct analysis_snippet), .most = ANALYSIS_LIST_MAX },
	{ .key = "tried", .kind = FIELD_STRUCTS, LIST(analysis, trials, trial_count), .fields = trial_fields,
	    .size = sizeof(struct analysis_trial), .most = TRIALS_MAX },
	{ .key = NULL },
};

static enum assay_status
read_runs(const struct evidence *raw, const char *prefix, const char *engine, struct arena *arena,
    struct sca_rans *ret_rans, struct assay_error *err)
{
	const char *name = arena_printf(arena, "%s%s", prefix, engine);
	if (name == NULL)
		return arena_full(err);
	return sca_rans_read(evidence_member(raw, name), name, engine, arena, ret_rans, err);
}

/* A member of an engine that the record doesn't name would be read by nobody, and so would what it reports. */
static enum assay_status
check_members(const struct evidence *raw, const struct analysis *a, struct assay_error *err)
{
	static const char *const prefixes[] = { OUTPUT_PREFIX, SHOWN_PREFIX, TRIED_PREFIX };
	for (size_t i = 0; i < raw->member_count; i++)
		for (size_t p = 0; p < sizeof prefixes / sizeof prefixes[0]; p++) {
			const char *name = raw->members[i].name;
			if (strncmp(name, prefixes[p], strlen(prefixes[p])) == 0
			    && analysis_engine_find(a, name + strlen(prefixes[p])) == NULL)
				return assay_fail(err, ASSAY_E_VERIFY, "evidence '" ANALYSIS_KIND "' contradicts itself: "
				    "its record names no engine for '%s'", name);
		}
	return ASSAY_OK;
}

/* Whoever looks for one goes by their order. */
static enum assay_status
check_seen(const struct analysis *a, struct assay_error *err)
{
	for (size_t i = 0; i < a->seen_count; i++) {
		const struct analysis_seen *s = &a->seen[i];
		bool good = i == 0 || strcmp(a->seen[i - 1].file, s->file) < 0;
		for (size_t k = 1; k < s->count && good; k++)
			good = s->lines[k - 1] < s->lines[k];
		if (!good)
			return assay_fail(err, ASSAY_E_FORMAT, RUN_MEMBER ": 'branches' is in no order");
	}
	return ASSAY_OK;
}

/* A trial rests on runs that are there. */
static enum assay_status
check_trials(const struct analysis *a, struct assay_error *err)
{
	for (size_t i = 0; i < a->trial_count; i++) {
		const struct analysis_trial *t = &a->trials[i];
		const struct analysis_engine *e = analysis_engine_find(a, t->engine);
		if (e == NULL || t->first > e->tried.count || t->runs > e->tried.count - t->first)
			return assay_fail(err, ASSAY_E_VERIFY, "evidence '" ANALYSIS_KIND "' contradicts itself: "
			    "a trial of '%s' over '%s' rests on runs that aren't there", t->engine, t->file);
	}
	return ASSAY_OK;
}

static enum assay_status
read_record(const struct evidence *raw, struct arena *arena, struct analysis *a, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = NULL;
	struct assay_span bytes;
	TRY(member_text(raw, RUN_MEMBER, &bytes, err));
	TRY(canon_read(bytes, RUN_MEMBER, &root, err));
	const json_t *version = json_object_get(root, "assay-code-analysis");
	if (!json_is_integer(version) || json_integer_value(version) < 1)
		return assay_fail(err, ASSAY_E_FORMAT, RUN_MEMBER " names no version of its form");
	if (json_integer_value(version) > ANALYSIS_VERSION)
		return assay_fail(err, ASSAY_E_VERSION, RUN_MEMBER " is of a later version than this program knows");
	return fields_read(root, run_fields, RUN_MEMBER, arena, a, err);
}

enum assay_status
analysis_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts, struct assay_error *err)
{
	struct head head;
	TRY(head_read(raw, "code/format", "code/head", c->arena, &head, err));
	struct analysis *a = arena_alloc(c->arena, sizeof *a);
	if (a == NULL)
		return arena_full(err);
	*a = (struct analysis){ .has_head = head.has_id, .commit = head.id };
	TRY(read_record(raw, c->arena, a, err));
	TRY(check_members(raw, a, err));
	TRY(check_seen(a, err));
	for (size_t i = 0; i < a->engine_count; i++) {
		struct analysis_engine *e = &a->engines[i];
		for (size_t k = 0; k < i; k++)
			if (strcmp(a->engines[k].name, e->name) == 0)
				return assay_fail(err, ASSAY_E_FORMAT, RUN_MEMBER " names engine '%s' twice", e->name);
		TRY(read_runs(raw, OUTPUT_PREFIX, e->name, c->arena, &e->runs, err));
		TRY(read_runs(raw, SHOWN_PREFIX, e->name, c->arena, &e->shown, err));
		TRY(read_runs(raw, TRIED_PREFIX, e->name, c->arena, &e->tried, err));
	}
	TRY(check_trials(a, err));
	*ret_facts = a;
	return ASSAY_OK;
}

const struct analysis_engine *
analysis_engine_find(const struct analysis *a, const char *name)
{
	for (size_t i = 0; i < a->engine_count; i++)
		if (strcmp(a->engines[i].name, name) == 0)
			return &a->engines[i];
	return NULL;
}
