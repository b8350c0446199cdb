/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own-rules [--reports] < PATHS: all rules that are built in over files named one a line, on one thread. Prints files, lines, reports,
 * pieces of code that no rule saw, and the milliseconds that judging took, reading the files apart; with --reports these instead, one a
 * line: "PATH<tab>LINE<tab>CHECK".
 */
#include <base/cleanup.h>
#include <base/file.h>
#include <code/rules.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define RULES_ARENA ((size_t)256 << 20)
#define FILE_ARENA ((size_t)1 << 30)

struct tally {
	unsigned long files, lines, reports, unread;
	double seconds;
	bool list;
};

static double
now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum assay_status
judge(const struct code_rules *rules, const char *path, struct tally *tally, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT((size_t)64 << 20);
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct code_reports reports = { 0 };
	TRY(arena_new(FILE_ARENA, &arena));
	TRY(file_read(AT_FDCWD, path, &bytes, err));
	const double begun = now();
	TRY(code_check(rules, buf_span(&bytes), path, arena, &reports, err));
	tally->seconds += now() - begun;
	for (size_t i = 0; tally->list && i < reports.count; i++)
		(void)printf("%s\t%u\tassay/%s\n", path, reports.items[i].line, reports.items[i].rule->id);
	tally->files++;
	tally->lines += reports.lines;
	tally->reports += reports.count;
	tally->unread += reports.unread;
	return ASSAY_OK;
}

int
main(int argc, char **argv)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct code_rules rules;
	struct assay_error err = { 0 };
	struct tally tally = { .list = argc > 1 && strcmp(argv[1], "--reports") == 0 };
	char path[4096];
	if (arena_new(RULES_ARENA, &arena) != ASSAY_OK)
		return 4;
	code_rules_init(&rules, arena);
	enum assay_status status = code_rules_add_shipped(&rules, &err);
	if (status == ASSAY_OK)
		status = code_rules_prove(&rules, &err);
	while (status == ASSAY_OK && fgets(path, sizeof path, stdin) != NULL) {
		path[strcspn(path, "\n")] = '\0';
		status = judge(&rules, path, &tally, &err);
	}
	if (status != ASSAY_OK) {
		(void)fprintf(stderr, "own-rules: %s\n", err.what);
		return 4;
	}
	if (!tally.list)
		(void)printf("%lu %lu %lu %lu %.0f\n", tally.files, tally.lines, tally.reports, tally.unread, tally.seconds * 1000);
	return 0;
}
