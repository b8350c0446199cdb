/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci-judge FOLDER FILE...: takes the files below the folder for a tree and judges its pipelines. Prints a line a finding:
 * CONTROL gap|open CODE FILE:LINE:COLUMN MESSAGE, and a line a control: CONTROL VERDICT REASON. "-N" before the folder: N times,
 * for measuring, and nothing but the number of pipeline files.
 */
#include "../../src/judge/rows.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <ci/model.h>
#include <dep/dep.h>
#include <evidence/tree.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)1 << 30)

static int
by_path(const void *left, const void *right)
{
	const struct source_file *a = left, *b = right;
	return strcmp(a->path, b->path);
}

static bool
load(const char *folder, char **names, int count, struct arena *arena, struct sources *ret_sources)
{
	struct source_file *files = arena_array(arena, (size_t)count + 1, sizeof *files);
	for (int i = 0; files != NULL && i < count; i++) {
		struct buf bytes = BUF_INIT(TREE_FILE_MAX);
		struct assay_error err = { 0 };
		const char *path = arena_printf(arena, "%s/%s", folder, names[i]);
		if (path == NULL || file_read(AT_FDCWD, path, &bytes, &err) != ASSAY_OK) {
			(void)fprintf(stderr, "ci-judge: %s: %s\n", names[i], err.what);
			return false;
		}
		const char *copy = arena_copy(arena, buf_span(&bytes));
		files[i] = (struct source_file){ .path = names[i], .mode = 0100644, .has_bytes = true,
			.bytes = { (const unsigned char *)copy, bytes.len } };
		buf_done(&bytes);
	}
	if (files == NULL)
		return false;
	qsort(files, (size_t)count, sizeof *files, by_path);
	*ret_sources = (struct sources){ .algo = OID_SHA1, .files = files, .count = (size_t)count };
	return true;
}

static bool
judge_row(const struct judge_context *c, size_t row, bool print)
{
	struct control control = { .id = judge_rows[row].id };
	struct control_verdict v = { .control = &control, .verdict = VERDICT_FAIL };
	struct assay_error err = { 0 };
	if (judge_rows[row].judge(c, &v, &err) != ASSAY_OK) {
		(void)fprintf(stderr, "ci-judge: %s: %s\n", control.id, err.what);
		return false;
	}
	for (size_t i = 0; print && i < v.finding_count; i++) {
		const struct finding *f = &v.findings[i];
		printf("%s %s %s %s:%u:%u %s\n", control.id, f->gap ? "gap" : "open", f->id, f->file != NULL ? f->file : "-", f->line,
		    f->column, f->message);
	}
	if (print)
		printf("%s %s %s\n", control.id, verdict_name(v.verdict), v.reason != NULL ? v.reason : "");
	return true;
}

static bool
judge_all_rows(const struct sources *s, bool print, size_t *files)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct tree t = { .has_head = true, .sources = *s };
	struct assay_error err = { 0 };
	if (arena_new(ARENA_MAX, &arena) != ASSAY_OK)
		return false;
	if (ci_parse(s, arena, &t.ci, &err) != ASSAY_OK) {
		(void)fprintf(stderr, "ci-judge: %s\n", err.what);
		return false;
	}
	if (dep_read(s, t.ci, arena, &t.deps, &err) != ASSAY_OK) {
		(void)fprintf(stderr, "ci-judge: %s\n", err.what);
		return false;
	}
	struct evidence item = { .kind = TREE_KIND, .facts = &t };
	struct evidence_set set = { &item, 1 };
	struct judge_input input = { .evidence = &set };
	struct judge_context c = { .input = &input, .arena = arena };
	*files += t.ci->files;
	for (size_t i = 0; i < judge_row_count; i++) {
		if (strncmp(judge_rows[i].id, "ci.", 3) == 0 && !judge_row(&c, i, print))
			return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct sources s = { 0 };
	long times = argc > 1 && argv[1][0] == '-' ? strtol(argv[1] + 1, NULL, 10) : 0;
	int first = times > 0 ? 2 : 1;
	size_t files = 0;
	if (argc <= first || arena_new(ARENA_MAX, &arena) != ASSAY_OK || !load(argv[first], argv + first + 1, argc - first - 1, arena, &s))
		return 2;
	if (times == 0)
		return judge_all_rows(&s, true, &files) ? 0 : 1;
	for (long i = 0; i < times; i++) {
		if (!judge_all_rows(&s, false, &files))
			return 1;
	}
	printf("%zu\n", files);
	return 0;
}
