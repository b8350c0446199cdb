/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Engines that obey marks in the code, over the code without those marks: what such a mark silences is what an engine says then and
 * didn't say before. Marks whose lines don't meet are left out of one text together. What no trial came to stays unknown.
 */
#include "analysis.h"

#include "internal.h"

#include <base/text.h>
#include <code/lex.h>
#include <string.h>
#include <time.h>

/* Of one analysis, and the longest that beginning another is worth it. */
#define TRIALS_MAX 400
#define TRIAL_MARKS_MAX 200
#define TRIAL_UNITS_MAX 16
#define TRIAL_RUNS_MAX 2000
#define TRIALS_SECONDS 900
#define TRIAL_BYTES_MAX ((size_t)64 << 20)
/* In two parts, for in one it would silence this line. */
#define TIDY_MARK ("NO" "LINT")

static const char *const obedient[] = { "gcc", "clang", "clang-tidy" };

/* ---- which files ---- */

bool
analysis_may_silence(const char *path, struct assay_span bytes)
{
	static const char *const words[] = { TIDY_MARK, "diagnostic", "system_header" };
	enum code_language language;
	for (size_t i = 0; code_language_of(path, &language) && i < sizeof words / sizeof words[0]; i++)
		if (memmem(bytes.data, bytes.len, words[i], strlen(words[i])) != NULL)
			return true;
	return false;
}

static bool
is_left_out(void *ctx, const char *path)
{
	struct analysis_fetch *f = ctx;
	const struct source_file *file = sources_find(&f->tree.sources, path);
	return file == NULL || !file->has_bytes || plan_excludes(&f->plan.analysis, path) != NULL;
}

/* ---- which marks ---- */

static bool
can_be_tried(const struct suppression *s, const char *engine)
{
	return strcmp(s->engine, engine) == 0 && s->form < SUPPRESS_DETECTS && s->len > 0 && !s->in_macro && s->first > 0;
}

static bool
meets_one_of(const struct suppression *s, const struct analysis_tried *t)
{
	for (size_t i = 0; i < t->mark_count; i++)
		if (s->first <= t->marks[i]->last && t->marks[i]->first <= s->last)
			return true;
	return t->mark_count == TRIAL_MARKS_MAX;
}

/* Those of one file, that can be left out of one text; false: all were. */
static bool
next_marks(const struct suppression *items, size_t count, bool *done, struct analysis_tried *t)
{
	t->mark_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (done[i] || !can_be_tried(&items[i], t->engine) || meets_one_of(&items[i], t))
			continue;
		done[i] = true;
		t->marks[t->mark_count++] = &items[i];
	}
	return t->mark_count > 0;
}

/* ---- one trial ---- */

static bool
reads(const struct analysis_fetch *f, size_t unit, const char *path)
{
	const struct engine_unit_facts *facts = f->facts == NULL ? NULL : &f->facts[unit];
	bool read = strcmp(f->units[unit].path, path) == 0;
	for (size_t i = 0; facts != NULL && f->units[unit].refused == NULL && i < facts->header_count && !read; i++)
		read = strcmp(facts->headers[i], path) == 0;
	return read;
}

/* How many units read a file; the first of them. */
static size_t
units_of(const struct analysis_fetch *f, const char *path, struct sca_unit units[TRIAL_UNITS_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < f->unit_count && count <= TRIAL_UNITS_MAX; i++) {
		if (!reads(f, i, path))
			continue;
		if (count < TRIAL_UNITS_MAX)
			units[count] = f->units[i];
		count++;
	}
	return count;
}

/* The file without the marks of a trial. */
static enum assay_status
text_without(const struct analysis_fetch *f, const struct source_file *file, const struct analysis_tried *t, struct assay_span *ret_text,
    struct assay_error *err)
{
	struct assay_span text = file->bytes;
	for (size_t i = 0; i < t->mark_count; i++) {
		CLEANUP(buf_done) struct buf out = BUF_INIT(ANALYSIS_FILE_MAX + 1);
		TRY(suppress_without(text, t->marks[i], &out, err));
		TRY(object_set_keep(f->arena, &out, "a file without a mark", &text, err));
	}
	*ret_text = text;
	return ASSAY_OK;
}

static enum assay_status
run_trial(struct analysis_fetch *f, struct analysis_ran *r, const struct source_file *file, struct analysis_tried *t,
    struct assay_error *err)
{
	struct sca_unit units[TRIAL_UNITS_MAX];
	unsigned char digest[ASSAY_SHA256_SIZE];
	struct engine_tally tally = { 0 };
	struct assay_span text;
	const size_t count = units_of(f, t->path, units);
	f->tried_runs += count * r->options.pass_count;
	f->tried_bytes += t->mark_count * file->bytes.len;
	if (count == 0 || count > TRIAL_UNITS_MAX || f->tried_runs > TRIAL_RUNS_MAX || f->tried_bytes > TRIAL_BYTES_MAX)
		return ASSAY_OK;
	TRY(text_without(f, file, t, &text, err));
	if (assay_sha256(text, digest) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "can't hash a file without its marks");
	text_hex((struct assay_span){ digest, sizeof digest }, t->sha256);
	const struct engine_job job = { .engine = r->engine, .options = &r->options, .units = units, .unit_count = count,
		.cache = f->c->engine_cache };
	TRY(engine_change_source(f->c->engines, t->path, text, err));
	const enum assay_status status = engine_run(f->c->engines, &job, f->arena, &r->tried, &tally, err);
	TRY(engine_change_source(f->c->engines, t->path, file->bytes, status == ASSAY_OK ? err : NULL));
	TRY(status);
	t->first = r->tried_count;
	t->runs = tally.runs;
	r->tried_count += tally.runs;
	f->trials[f->trial_count++] = *t;
	return ASSAY_OK;
}

/* ---- all ---- */

static bool
time_is_up(time_t begun)
{
	struct timespec now;
	return clock_gettime(CLOCK_MONOTONIC, &now) != 0 || now.tv_sec - begun > TRIALS_SECONDS;
}

static enum assay_status
try_file(struct analysis_fetch *f, struct analysis_ran *r, const struct suppression *items, size_t count, time_t begun,
    struct assay_error *err)
{
	const struct source_file *file = sources_find(&f->tree.sources, items[0].path);
	bool *done = arena_array(f->arena, count, sizeof *done);
	if (done == NULL)
		return arena_full(err);
	memset(done, 0, count * sizeof *done);
	while (f->trial_count < TRIALS_MAX && !time_is_up(begun)) {
		struct analysis_tried t = { .engine = r->name, .path = items[0].path };
		t.marks = arena_array(f->arena, count < TRIAL_MARKS_MAX ? count : TRIAL_MARKS_MAX, sizeof *t.marks);
		if (t.marks == NULL)
			return arena_full(err);
		if (!next_marks(items, count, done, &t))
			return ASSAY_OK;
		TRY(run_trial(f, r, file, &t, err));
	}
	return ASSAY_OK;
}

static enum assay_status
try_engine(struct analysis_fetch *f, struct analysis_ran *r, const struct suppressions *found, time_t begun, struct assay_error *err)
{
	sca_output_begin(&r->tried);
	for (size_t i = 0, n; i < found->count; i += n) {
		for (n = 1; i + n < found->count && strcmp(found->items[i + n].path, found->items[i].path) == 0; n++)
			continue;
		TRY(try_file(f, r, &found->items[i], n, begun, err));
	}
	return ASSAY_OK;
}

enum assay_status
analysis_try_marks(struct analysis_fetch *f, struct assay_error *err)
{
	struct suppressions found = { 0 };
	struct timespec begun;
	TRY(suppress_find(&f->tree.sources, is_left_out, f, f->arena, &found, err));
	f->trials = arena_array(f->arena, TRIALS_MAX, sizeof *f->trials);
	if (f->trials == NULL)
		return arena_full(err);
	if (found.count == 0 || f->unit_count == 0 || clock_gettime(CLOCK_MONOTONIC, &begun) != 0)
		return ASSAY_OK;
	for (size_t i = 0; i < f->ran_count; i++)
		for (size_t k = 0; k < sizeof obedient / sizeof obedient[0]; k++)
			if (f->ran[i].why == NULL && strcmp(f->ran[i].name, obedient[k]) == 0)
				TRY(try_engine(f, &f->ran[i], &found, begun.tv_sec, err));
	return ASSAY_OK;
}
