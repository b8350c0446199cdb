/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/plan.h>

#include <base/when.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena.h"

static struct plan
read(struct arena *arena, const char *yaml)
{
	struct assay_error err = { 0 };
	struct plan p = { 0 };
	const enum assay_status status = plan_parse(assay_span_str(yaml), "standard.yaml", arena, &p, &err);
	if (status != ASSAY_OK)
		print_message("%s at %u:%u\n", err.what, err.line, err.column);
	assert_int_equal(status, ASSAY_OK);
	return p;
}

static const char whole[] = "assay-standard: 1\n"
			    "standards:\n"
			    "  - id: cert-c\n"
			    "    languages: [c]\n"
			    "    version: \"2026\"\n"
			    "    approved: 2026-01-10\n"
			    "    review-by: 2027-01-10\n"
			    "    rules:\n"
			    "      ARR30-C: { checks: [gcc/-Wanalyzer-out-of-bounds, import:codeql/cpp/overrun], review: \"Why?\" }\n"
			    "      EXP40-C: { review: \"Is it?\" }\n"
			    "      WIN30-C: { not-applicable: \"no Windows build\" }\n"
			    "      PRE30-C:\n"
			    "  - id: own\n"
			    "    languages: [c, c++]\n"
			    "    rules:\n"
			    "      no-malloc: { title: \"the loop allocates nothing\", severity: high, checks: [assay/no-malloc] }\n"
			    "analysis:\n"
			    "  units: database\n"
			    "  database: build/compile_commands.json\n"
			    "  engines: [gcc, assay]\n"
			    "  exclude:\n"
			    "    - { path: third_party/, reason: \"not ours\" }\n"
			    "  threshold: high\n"
			    "  effort: brief\n"
			    "  security-relevant: [src/net/, src/*.c]\n";

static void
reads_all_of_it(void **state)
{
	struct plan p = read(*state, whole);
	assert_int_equal(p.count, 2);
	const struct plan_standard *s = plan_standard(&p, "cert-c");
	assert_string_equal(s->version, "2026");
	assert_true(s->approved < s->review_by);
	assert_int_equal(s->count, 4);
	const struct plan_row *row = plan_row(s, "ARR30-C");
	assert_int_equal(row->check_count, 2);
	assert_string_equal(row->checks[0].engine, "gcc");
	assert_string_equal(row->checks[0].name, "-Wanalyzer-out-of-bounds");
	assert_string_equal(row->checks[1].engine, "import:codeql");
	assert_string_equal(row->checks[1].name, "cpp/overrun");
	assert_true(plan_engine_known("gcc") && !plan_engine_known("import:codeql") && plan_engine_imported("import:codeql"));
	assert_false(plan_engine_imported("import:"));
	assert_string_equal(row->review, "Why?");
	assert_int_equal(row->line, 9);
	assert_string_equal(plan_row(s, "WIN30-C")->not_applicable, "no Windows build");
	row = plan_row(s, "PRE30-C");
	assert_true(row->check_count == 0 && row->review == NULL && row->not_applicable == NULL);
	assert_int_equal(plan_row(plan_standard(&p, PLAN_OWN), "no-malloc")->severity, SEVERITY_HIGH);
	assert_int_equal(plan_standard(&p, PLAN_OWN)->approved, WHEN_MIN);
	assert_int_equal(p.analysis.units, PLAN_UNITS_DATABASE);
	assert_int_equal(p.analysis.threshold, SEVERITY_HIGH);
	assert_int_equal(p.analysis.effort, SCA_EFFORT_BRIEF);
	assert_int_equal(p.analysis.engines.count, 2);
	assert_int_equal(p.analysis.security_relevant.count, 2);
}

static void
defaults_without_the_block(void **state)
{
	struct plan p = read(*state, "assay-standard: 1\nstandards: []\n");
	assert_int_equal(p.analysis.line, 0);
	assert_int_equal(p.analysis.units, PLAN_UNITS_FILES);
	assert_int_equal(p.analysis.threshold, SEVERITY_MEDIUM);
	assert_int_equal(p.analysis.effort, SCA_EFFORT_FULL);
	assert_null(plan_excludes(&p.analysis, "a.c"));
}

static void
finds_rows_of_a_check(void **state)
{
	struct plan p = read(*state,
	    "assay-standard: 1\nstandards:\n  - { id: a, languages: [c], rules: { R1: { checks: [gcc/-Wall] }, R2: { checks: [gcc/-Wall] } } }\n"
	    "  - { id: b, languages: [c], rules: { R3: { review: x }, R4: { checks: [clang/x, gcc/-Wall] } } }\n");
	static const char *const rules[] = { "R1", "R2", "R4" }, *const standards[] = { "a", "a", "b" };
	const struct plan_standard *s = NULL;
	size_t cursor = 0;
	for (size_t i = 0; i < 3; i++) {
		const struct plan_row *row = plan_next_row(&p, "gcc", "-Wall", &cursor, &s);
		assert_non_null(row);
		assert_string_equal(row->rule, rules[i]);
		assert_string_equal(s->id, standards[i]);
	}
	assert_null(plan_next_row(&p, "gcc", "-Wall", &cursor, &s));
	assert_null(plan_next_row(&p, "gcc", "-Wall", &cursor, &s));
	cursor = 0;
	assert_null(plan_next_row(&p, "gcc", "-W", &cursor, &s));
}

static void
paths_fall_under_patterns(void **state)
{
	struct plan p = read(*state, whole);
	assert_string_equal(plan_excludes(&p.analysis, "third_party/x/y.c")->reason, "not ours");
	assert_null(plan_excludes(&p.analysis, "third_party2/x.c"));
	assert_null(plan_excludes(&p.analysis, "src/third_party/x.c"));
	assert_true(plan_path_under("src/*.c", "src/a.c"));
	assert_false(plan_path_under("src/*.c", "src/net/a.c"));
	assert_true(plan_path_under("src/**.c", "src/net/a.c"));
	assert_false(plan_path_under("src/net", "src/net/a.c"));
	assert_true(plan_path_under("src/net/a.c", "src/net/a.c"));
	assert_true(plan_path_under("src/*/", "src/net/deep/a.c"));
	assert_false(plan_path_under("src/net/", "src/net/"));
	assert_int_equal(plan_excludes_cost(&p.analysis), 2);
}

#define ONE "assay-standard: 1\nstandards:\n  - id: cert-c\n    languages: [c]\n    rules:\n"
#define BLOCK "assay-standard: 1\nstandards: []\nanalysis:\n"

static const struct {
	const char *yaml;
	unsigned line, column;
	const char *what;
} faults[] = {
	{ "assay-standard: 2\n", 1, 17, "newer" },
	{ "standards: []\n", 1, 1, "first key" },
	{ "assay-standard: 1\n", 1, 1, "'standards' is missing" },
	{ ONE "      A: { checks: [gcc] }\n", 6, 21, "ENGINE/CHECK" },
	{ ONE "      A: { checks: [/x] }\n", 6, 21, "ENGINE/CHECK" },
	{ ONE "      A: { checks: [gcc/] }\n", 6, 21, "ENGINE/CHECK" },
	{ ONE "      A: { checks: [] }\n", 6, 20, "one to" },
	{ ONE "      A: { checks: ['gcc/-Wa; rm'] }\n", 6, 21, "letters" },
	{ ONE "      A: { checks: ['gcc/@$(x)'] }\n", 6, 21, "letters" },
	{ ONE "      A: { checks: [gcc/a, gcc/a] }\n", 6, 28, "twice" },
	{ ONE "      A: { not-applicable: x, review: y }\n", 6, 10, "not applicable" },
	{ ONE "      A: { not-applicable: x, checks: [gcc/a] }\n", 6, 10, "not applicable" },
	{ ONE "      A: { checks: [clang/unix.Malloc#leek] }\n", 6, 21, "no part 'leek'" },
	{ ONE "      A: { checks: [gcc/-Wformat#x] }\n", 6, 21, "no part 'x'" },
	{ ONE "      A: { title: x }\n", 6, 10, "the standard's" },
	{ ONE "      A: { severity: low }\n", 6, 10, "the standard's" },
	{ ONE "      A: { not-aplicable: x }\n", 6, 12, "unknown key" },
	{ ONE "      A: { review: }\n", 6, 12, "no value" },
	{ ONE "      'A B': { review: x }\n", 6, 7, "an id" },
	{ ONE "      A: { review: x }\n      A: { review: y }\n", 7, 7, "" },
	{ ONE "      A: [x]\n", 6, 10, "mapping" },
	{ "assay-standard: 1\nstandards:\n  - { id: a, languages: [klingon], rules: {} }\n", 3, 26, "klingon" },
	{ "assay-standard: 1\nstandards:\n  - { id: a, languages: [], rules: {} }\n", 3, 25, "one to" },
	{ "assay-standard: 1\nstandards:\n  - { id: a, languages: [c], rules: {}, approved: soon }\n", 3, 51, "" },
	{ "assay-standard: 1\nstandards:\n  - { id: a, languages: [c], rules: {} }\n  - { id: a, languages: [c], rules: {} }\n", 4, 5, "twice" },
	{ "assay-standard: 1\nstandards: x\n", 2, 12, "a list" },
	{ BLOCK "  units: make\n", 4, 10, "make" },
	{ BLOCK "  units: database\n", 4, 10, "none is named" },
	{ BLOCK "  database: ../x.json\n", 4, 13, "no path inside" },
	{ BLOCK "  database: /etc/passwd\n", 4, 13, "no path inside" },
	{ BLOCK "  security-relevant: [a/./b]\n", 4, 23, "no path inside" },
	{ BLOCK "  security-relevant: ['a//b']\n", 4, 23, "no path inside" },
	{ BLOCK "  security-relevant: ['a\\b']\n", 4, 23, "no path inside" },
	{ BLOCK "  exclude: [{ path: a/ }]\n", 4, 13, "'reason' is missing" },
	{ BLOCK "  engines: []\n", 4, 12, "empty" },
	{ BLOCK "  engines: [gcc, gcc]\n", 4, 18, "twice" },
	{ BLOCK "  engines: [sh]\n", 4, 13, "sh" },
	{ BLOCK "  not-built: [{ macro: _WIN32 }]\n", 4, 15, "'reason' is missing" },
	{ BLOCK "  not-built: [{ macro: 'A*', reason: x }]\n", 4, 24, "no macro's name" },
	{ BLOCK "  not-built: [{ macro: 3D, reason: x }]\n", 4, 24, "no macro's name" },
	{ BLOCK "  threshold: none\n", 4, 14, "none" },
	{ BLOCK "  effort: little\n", 4, 11, "little" },
};

/* What is written, with the part of it that a report is of: what it says decides, and what was never heard of is everybody's. */
static const struct {
	const char *check, *engine, *reported, *message;
	bool counts;
} reported[] = {
	{ "clang/unix.Malloc#leak", "clang", "unix.Malloc", "Potential leak of memory pointed to by 'p'", true },
	{ "clang/unix.Malloc#leak", "clang", "unix.Malloc", "Potential memory leak", true },
	{ "clang/unix.Malloc#leak", "clang", "unix.Malloc", "Attempt to free released memory", false },
	{ "clang/unix.Malloc#leak", "clang", "unix.Malloc", "Words of a later version", true },
	{ "clang/unix.Malloc#leak", "clang", "unix.MallocSizeof", "Potential memory leak", false },
	{ "clang/unix.Malloc#leak", "clang-tidy", "unix.Malloc", "Potential memory leak", false },
	{ "clang/unix.Malloc", "clang", "unix.Malloc", "Potential memory leak", true },
	{ "clang/alpha.security.ArrayBoundV2#single", "clang", "alpha.security.ArrayBoundV2",
	    "Access of 'b' at index 1, while it holds only a single 'int' element", true },
	{ "clang/alpha.security.ArrayBoundV2#array", "clang", "alpha.security.ArrayBoundV2",
	    "Access of 'b' at index 1, while it holds only a single 'int' element", false },
	{ "clang/alpha.security.ArrayBoundV2#array", "clang", "alpha.security.ArrayBoundV2",
	    "Access of 'b' at index 3, while it holds only 3 'int' elements", true },
	{ "clang-tidy/bugprone-narrowing-conversions#from-floating", "clang-tidy", "bugprone-narrowing-conversions",
	    "narrowing conversion from 'double' to 'float'", true },
	{ "clang-tidy/bugprone-narrowing-conversions#to-floating", "clang-tidy", "bugprone-narrowing-conversions",
	    "narrowing conversion from 'double' to 'float'", false },
	{ "clang-tidy/bugprone-narrowing-conversions#to-floating", "clang-tidy", "bugprone-narrowing-conversions",
	    "narrowing conversion from constant value 16777217 of type 'int' to 'float'", true },
	{ "clang-tidy/bugprone-narrowing-conversions#to-floating", "clang-tidy", "bugprone-narrowing-conversions",
	    "narrowing conversion from 'int' to signed type 'char' is implementation-defined", false },
	{ "gcc/-Wconversion#to-floating", "gcc", "-Wconversion", "conversion from 'int' to 'dose_t' {aka 'float'} may change value", true },
	{ "gcc/-Wconversion#integer", "gcc", "-Wconversion", "conversion from 'int' to 'dose_t' {aka 'float'} may change value", false },
	{ "gcc/-Wconversion#integer", "gcc", "-Wconversion", "conversion from 'int' to 'u8' {aka 'unsigned char'} may change value", true },
	{ "gcc/-Wconversion#to-floating", "gcc", "-Wconversion", "conversion from 'int' to 'u8' {aka 'unsigned char'} may change value", false },
	{ "gcc/-Wconversion#to-floating", "gcc", "-Wconversion", "conversion from 'int' to 'unsigned char:3' may change value", false },
	{ "gcc/-Wconversion#to-floating", "gcc", "-Wconversion", "conversion from 'int' to '__float128' may change value", true },
	{ "gcc/-Wconversion#integer", "gcc", "-Wconversion", "conversion from 'int' to '__float128' may change value", true },
	{ "clang-tidy/bugprone-narrowing-conversions#from-floating", "clang-tidy", "bugprone-narrowing-conversions",
	    "narrowing conversion from 'ratio_t' (aka 'double') to 'float'", true },
	{ "clang-tidy/bugprone-narrowing-conversions#to-floating", "clang-tidy", "bugprone-narrowing-conversions",
	    "narrowing conversion from 'ratio_t' (aka 'double') to 'float'", false },
	{ "clang-tidy/bugprone-narrowing-conversions#to-floating", "clang-tidy", "bugprone-narrowing-conversions",
	    "narrowing conversion from 'int' to 'dose_t' (aka 'float')", true },
	{ "clang/alpha.security.ArrayBoundV2#single", "clang", "alpha.security.ArrayBoundV2", "Words of a later version", true },
	{ "clang/alpha.security.ArrayBoundV2#array", "clang", "alpha.security.ArrayBoundV2", "Words of a later version", true },
	{ "gcc/-Wconversion#integer", "gcc", "-Wconversion", "'", true },
	{ "gcc/-Wconversion#integer", "gcc", "-Wconversion", "to 'x:", true },
	{ "gcc/-Wconversion#integer", "gcc", "-Wconversion", "conversion from 'int' to 'char' may change value", true },
	{ "gcc/-Wconversion#integer", "gcc", "-Wconversion", "conversion from 'int' to 'float' may change value", false },
	{ "import:x/rule#leak", "import:x", "rule#leak", "", true },
	{ "import:x/rule#leak", "import:x", "rule", "", false },
};

static void
parts_of_checks_are_told_apart(void **state)
{
	for (size_t i = 0; i < sizeof reported / sizeof reported[0]; i++) {
		const char *yaml = arena_printf(*state, ONE "      A: { checks: ['%s'] }\n", reported[i].check);
		struct plan p = read(*state, yaml);
		const struct plan_check *check = &plan_row(&p.standards[0], "A")->checks[0];
		if (plan_check_reports(check, reported[i].engine, reported[i].reported, reported[i].message) != reported[i].counts)
			fail_msg("'%s' of '%s' in '%s'", reported[i].message, reported[i].reported, reported[i].check);
	}
}

static void
each_fault_has_its_place(void **state)
{
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct assay_error err = { 0 };
		struct plan p;
		assert_int_not_equal(plan_parse(assay_span_str(faults[i].yaml), "standard.yaml", *state, &p, &err), ASSAY_OK);
		if (strstr(err.what, faults[i].what) == NULL || err.line != faults[i].line || err.column != faults[i].column)
			fail_msg("fault %zu: '%s' at %u:%u, not '%s' at %u:%u", i, err.what, err.line, err.column, faults[i].what,
			    faults[i].line, faults[i].column);
		assert_string_equal(err.file, "standard.yaml");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_all_of_it, setup, teardown),
		cmocka_unit_test_setup_teardown(defaults_without_the_block, setup, teardown),
		cmocka_unit_test_setup_teardown(finds_rows_of_a_check, setup, teardown),
		cmocka_unit_test_setup_teardown(paths_fall_under_patterns, setup, teardown),
		cmocka_unit_test_setup_teardown(parts_of_checks_are_told_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(each_fault_has_its_place, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
