/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find-merge FOLDER: merges reports, which it reads as lines "ENGINE/CHECK<tab>RULE<tab>PATH<tab>LINE<tab>COLUMN<tab>MESSAGE" with
 * paths below FOLDER, and prints a line a finding: ENGINES<tab>RULE<tab>PATH<tab>CHECK:LINE,CHECK:LINE...
 */
#include <base/cleanup.h>
#include <base/file.h>
#include <fcntl.h>
#include <sca/finding.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)2 << 30)
#define SEEN_MOST 200000
#define LINE_MOST 16384
#define FILES_MOST 2000

struct file {
	const char *path;
	struct code_statements statements;
};

static struct arena *arena;
static struct file files[FILES_MOST];
static size_t file_count;

static _Noreturn void
die(const char *what, const char *why)
{
	(void)fprintf(stderr, "find-merge: %s: %s\n", what, why);
	exit(2);
}

static const struct code_statements *
statements_of(const char *folder, const char *path)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(CODE_SIZE_MAX);
	struct assay_error err = { 0 };
	struct code_tokens t;
	for (size_t i = 0; i < file_count; i++) {
		if (strcmp(files[i].path, path) == 0)
			return &files[i].statements;
	}
	const char *whole = arena_printf(arena, "%s/%s", folder, path);
	if (file_count == FILES_MOST || whole == NULL)
		die(path, "too many files");
	struct file *f = &files[file_count++];
	f->path = path;
	if (file_read(AT_FDCWD, whole, &bytes, &err) != ASSAY_OK
	    || code_lex(buf_span(&bytes), CODE_C, arena, &t, &err) != ASSAY_OK
	    || code_statements_of(&t, arena, &f->statements, &err) != ASSAY_OK)
		die(whole, err.what);
	return &f->statements;
}

static bool
take(const char *folder, char *line, struct sca_seen *seen)
{
	char *fields[6], *rest = line;
	for (size_t i = 0; i < 6; i++) {
		fields[i] = arena_str(arena, rest == NULL ? "" : strsep(&rest, "\t\n"));
		if (fields[i] == NULL)
			die("arena", "no memory");
	}
	if (fields[4][0] == '\0' || strchr(fields[0], '/') == NULL)
		return false;
	*seen = (struct sca_seen) { .check = fields[0], .rule = fields[1], .path = fields[2], .message = fields[5],
		.severity = SEVERITY_MEDIUM, .line = (unsigned)strtoul(fields[3], NULL, 10),
		.column = (unsigned)strtoul(fields[4], NULL, 10),
		.engine = arena_printf(arena, "%.*s", (int)strcspn(fields[0], "/"), fields[0]) };
	const struct code_place *place = code_place_at(statements_of(folder, seen->path), seen->line, seen->column);
	seen->placed = place != NULL;
	if (place != NULL)
		seen->place = *place;
	return true;
}

static void
print(const struct sca_findings *found)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct sca_finding *f = &found->items[i];
		(void)printf("%u\t%s\t%s\t", f->engines, f->rule, f->path);
		for (size_t k = 0; k < f->report_count; k++)
			(void)printf("%s%s:%u", k > 0 ? "," : "", f->reports[k]->check, f->reports[k]->line);
		(void)printf("\n");
	}
}

int
main(int argc, char **argv)
{
	static char line[LINE_MOST];
	struct assay_error err = { 0 };
	struct sca_findings found;
	struct sca_seen *seen = NULL;
	size_t count = 0;
	if (argc != 2)
		die("usage", "find-merge FOLDER");
	if (arena_new(ARENA_MAX, &arena) != ASSAY_OK || (seen = arena_array(arena, SEEN_MOST, sizeof *seen)) == NULL)
		die("arena", "no memory");
	while (fgets(line, sizeof line, stdin) != NULL && count < SEEN_MOST) {
		if (!take(argv[1], line, &seen[count]))
			die(line, "no report");
		count++;
	}
	if (sca_merge(seen, count, arena, &found, &err) != ASSAY_OK)
		die("merge", err.what);
	print(&found);
	arena_free(&arena);
	return 0;
}
