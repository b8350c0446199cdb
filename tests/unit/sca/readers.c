/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <base/cleanup.h>
#include <sca/report.h>
#include <sca/sarif.h>

#define ARENA (64u << 20)

static const char *const roots[] = { "/src/", NULL };

struct fixture {
	struct arena *arena;
	struct sca_reading r;
	struct assay_error err;
};

static enum assay_status
read_with(sca_reader *reader, const char *text, struct fixture *f)
{
	const struct sca_input in = { "engine", assay_span_str(text), roots, "" };
	if (f->arena == NULL)
		assert_int_equal(arena_new(ARENA, &f->arena), ASSAY_OK);
	f->r = (struct sca_reading) { .count = 77 };
	assay_error_clear(&f->err);
	return reader(&in, f->arena, &f->r, &f->err);
}

static void
fixture_done(struct fixture *f)
{
	arena_free(&f->arena);
}

/* ---- gcc ---- */

#define GCC_WARNING \
	"{\"kind\": \"warning\", \"option\": \"-Wanalyzer-use-after-free\", \"message\": \"m\", \"metadata\": {\"cwe\": 416}," \
	"\"path\": [{\"location\": {\"file\": \"/src/a.c\", \"line\": 3, \"byte-column\": 2}, \"description\": \"here\"}]," \
	"\"children\": []," \
	"\"locations\": [{\"caret\": {\"file\": \"/src/lib/../a.c\", \"line\": 9, \"byte-column\": 7, \"column\": 14}," \
	"\"finish\": {\"line\": 9, \"byte-column\": 9}}]}"

static void
gcc_warning(void **state)
{
	(void)state;
	CLEANUP(fixture_done) struct fixture f = { .arena = NULL };
	assert_int_equal(read_with(sca_read_gcc_json, "[" GCC_WARNING "]\n", &f), ASSAY_OK);
	assert_int_equal(f.r.count, 1);
	const struct sca_report *x = &f.r.reports[0];
	assert_string_equal(x->check, "-Wanalyzer-use-after-free");
	assert_string_equal(x->path, "a.c");
	assert_false(x->outside);
	assert_int_equal(x->line, 9);
	assert_int_equal(x->column, 7);
	assert_int_equal(x->end_column, 9);
	assert_int_equal(x->cwe, 416);
	assert_int_equal(x->step_count, 1);
	assert_string_equal(x->steps[0].message, "here");
	assert_null(f.r.broken);
	assert_int_equal(f.r.documents, 1);
}

/* A file that doesn't compile is never read as one without faults. */
static void
gcc_that_stopped(void **state)
{
	(void)state;
	CLEANUP(fixture_done) struct fixture f = { .arena = NULL };
	assert_int_equal(read_with(sca_read_gcc_json, "[{\"kind\": \"fatal error\", \"children\": [], \"locations\": [],"
	    " \"message\": \"x.h: No such file or directory\"}]\ncompilation terminated.\n", &f), ASSAY_OK);
	assert_string_equal(f.r.broken, "x.h: No such file or directory");
	assert_int_equal(f.r.errors, 1);
	assert_true(f.r.reports[0].is_broken);
	assert_int_equal(read_with(sca_read_gcc_json, "[]\ncompilation terminated.\n", &f), ASSAY_OK);
	assert_non_null(f.r.broken);
	assert_int_equal(read_with(sca_read_gcc_json, "[{\"kind\": \"internal compiler error\", \"message\": \"x\"}]", &f), ASSAY_OK);
	assert_non_null(f.r.broken);
}

static void
gcc_garbage(void **state)
{
	(void)state;
	CLEANUP(fixture_done) struct fixture f = { .arena = NULL };
	static const char *const bad[] = { "", "\n\n", "{}", "[", "[]x", "[[]]", "[1]", "[{}]", "[" GCC_WARNING,
		"gcc: fatal error: Killed signal terminated program cc1\n", "[]\ngcc: x\n", "compilation terminated.\n",
		"[{\"kind\": 1}]", "a.c:1:1: warning: x\n" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(read_with(sca_read_gcc_json, bad[i], &f), ASSAY_E_FORMAT);
		assert_int_equal(f.r.count, 77);
	}
	assert_int_equal(read_with(sca_read_gcc_json, "[]\n[]\n", &f), ASSAY_OK);
	assert_int_equal(f.r.documents, 2);
}

static void
places_outside(void **state)
{
	(void)state;
	CLEANUP(fixture_done) struct fixture f = { .arena = NULL };
	static const char *const told[] = { "/usr/include/stdio.h", "/src/../etc/passwd", "../x.c", "/srcx/a.c", "" };
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
		char text[300];
		snprintf(text, sizeof text, "[{\"kind\": \"warning\", \"message\": \"m\", \"locations\": [{\"caret\": {\"file\": \"%s\","
		    " \"line\": 99999999999}}]}]", told[i]);
		assert_int_equal(read_with(sca_read_gcc_json, text, &f), ASSAY_OK);
		assert_true(f.r.reports[0].outside);
		assert_string_equal(f.r.reports[0].path, told[i]);
		assert_int_equal(f.r.reports[0].line, 0);
	}
}

/* ---- SARIF ---- */

#define SARIF(run) "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"t\"," \
	"\"rules\": [{\"id\": \"R1\", \"defaultConfiguration\": {\"level\": \"error\"}," \
	"\"properties\": {\"tags\": [\"external/cwe/cwe-022\"]}}, {\"id\": \"R2\"}]}}, " run "}]}"

static void
sarif_results(void **state)
{
	(void)state;
	CLEANUP(fixture_done) struct fixture f = { .arena = NULL };
	assert_int_equal(read_with(sca_read_sarif, SARIF("\"artifacts\": [{\"location\": {\"uri\": \"file:///src/b%20c.c\"}}],"
	    "\"results\": [{\"ruleIndex\": 0, \"message\": {\"text\": \"m\"}, \"partialFingerprints\": {\"k/v1\": \"f\"},"
	    "\"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"index\": 0}, \"region\": {\"startLine\": 4,"
	    "\"startColumn\": 2}}}], \"suppressions\": [{\"kind\": \"inSource\", \"justification\": \"j\"}]},"
	    "{\"ruleId\": \"R2\", \"kind\": \"pass\", \"suppressions\": [{\"kind\": \"external\", \"status\": \"rejected\"}]}]"), &f),
	    ASSAY_OK);
	assert_int_equal(f.r.count, 2);
	const struct sca_report *x = &f.r.reports[0];
	assert_string_equal(x->check, "R1");
	assert_string_equal(x->path, "b c.c");
	assert_int_equal(x->level, SCA_ERROR);
	assert_int_equal(x->cwe, 22);
	assert_int_equal(x->end_line, 4);
	assert_true(x->suppressed);
	assert_string_equal(x->suppression, "inSource: j");
	assert_string_equal(x->fingerprints[0].value, "f");
	assert_int_equal(f.r.reports[1].level, SCA_NOTE);
	assert_false(f.r.reports[1].suppressed);
	assert_null(f.r.broken);
	assert_int_equal(f.r.seen_count, 1);
	assert_string_equal(f.r.seen[0], "b c.c");
}

static void
sarif_that_failed(void **state)
{
	(void)state;
	CLEANUP(fixture_done) struct fixture f = { .arena = NULL };
	static const char *const failed[] = {
		SARIF("\"automationDetails\": {}"),
		SARIF("\"results\": null"),
		SARIF("\"results\": [], \"invocations\": [{\"executionSuccessful\": false}]"),
		SARIF("\"results\": [], \"invocations\": [{\"executionSuccessful\": true,"
		      "\"toolExecutionNotifications\": [{\"level\": \"error\", \"message\": {\"text\": \"lost\"}}]}]"),
	};
	for (size_t i = 0; i < sizeof failed / sizeof failed[0]; i++) {
		assert_int_equal(read_with(sca_read_sarif, failed[i], &f), ASSAY_OK);
		assert_non_null(f.r.broken);
	}
	assert_int_equal(read_with(sca_read_sarif, SARIF("\"results\": [], \"invocations\": [{\"executionSuccessful\": true}]"), &f),
	    ASSAY_OK);
	assert_null(f.r.broken);
}

static void
sarif_garbage(void **state)
{
	(void)state;
	CLEANUP(fixture_done) struct fixture f = { .arena = NULL };
	static const char *const bad[] = { "", "[]", "{}", "{\"version\": \"2.0.0\", \"runs\": []}", "{\"version\": \"2.1.0\"}",
		"{\"version\": \"2.1.0\", \"runs\": []}", "{\"version\": \"2.1.0\", \"runs\": {}}", SARIF("\"results\": 1"),
		SARIF("\"results\": [1]"), SARIF("\"results\": [{\"locations\": 1}]"), "{\"version\": \"2.1.0\", \"runs\": [" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_not_equal(read_with(sca_read_sarif, bad[i], &f), ASSAY_OK);
		assert_int_equal(f.r.count, 77);
	}
}

static void
sarif_paths(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	const struct sca_pair base = { "SRCROOT", "file:///home/me/p" };
	const struct sarif_run run = { .bases = &base, .base_count = 1 };
	static const struct {
		const char *uri, *base, *path;
	} rows[] = {
		{ "file:///src/a.c", "", "/src/a.c" },
		{ "file://localhost/src/a.c", "", "/src/a.c" },
		{ "file://other/src/a.c", "", "//other/src/a.c" },
		{ "a%2Fb.c", "", "a/b.c" },
		{ "a%zz.c", "", "a%zz.c" },
		{ "a%00.c", "", NULL },
		{ "a%FF.c", "", NULL },
		{ "https://example.org/a.c", "", NULL },
		{ "lib/a.c", "SRCROOT", "/home/me/p/lib/a.c" },
		{ "lib/a.c", "OTHER", "lib/a.c" },
		{ "file:///x.c", "SRCROOT", "/x.c" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *path = sarif_path(&run, rows[i].uri, rows[i].base, a);
		if (rows[i].path == NULL)
			assert_null(path);
		else
			assert_string_equal(path, rows[i].path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gcc_warning),
		cmocka_unit_test(gcc_that_stopped),
		cmocka_unit_test(gcc_garbage),
		cmocka_unit_test(places_outside),
		cmocka_unit_test(sarif_results),
		cmocka_unit_test(sarif_that_failed),
		cmocka_unit_test(sarif_garbage),
		cmocka_unit_test(sarif_paths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
