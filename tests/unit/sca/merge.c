/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/finding.h>

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena *arena;
static struct code_statements statements;

/* Line 3 copies, 4 copies again, 5 to 6 copy over two lines, 7 does so twice, 9 and 10 leave. */
static const char code[] = "void f(char *a, char *p)\n"
			   "{\n"
			   "\tstrcpy(a, b);\n"
			   "\tstrcpy(a, c);\n"
			   "\tstrcpy(a,\n"
			   "\t    d);\n"
			   "\tg(a[1], a[2]);\n"
			   "\tp = h();\n"
			   "\treturn;\n"
			   "}\n"
			   "void k(char *a)\n"
			   "{\n"
			   "\tstrcpy(a, b);\n"
			   "}\n";

static int
setup(void **state)
{
	struct assay_error err = { 0 };
	struct code_tokens t;
	(void)state;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 1;
	return code_lex(assay_span_str(code), CODE_C, arena, &t, &err) != ASSAY_OK
	    || code_statements_of(&t, arena, &statements, &err) != ASSAY_OK;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct sca_seen
report(const char *engine, const char *rule, unsigned line, unsigned column, const char *message)
{
	struct sca_seen s = { .engine = engine, .check = arena_printf(arena, "%s/%s", engine, rule), .rule = rule,
		.severity = SEVERITY_LOW, .message = message, .path = "a.c", .line = line, .column = column, .placed = true };
	s.place = *code_place_at(&statements, line, column);
	return s;
}

static struct sca_findings
merge(const struct sca_seen *seen, size_t count)
{
	struct assay_error err = { 0 };
	struct sca_findings found;
	if (sca_merge(seen, count, arena, &found, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return found;
}

static void
test_engines_agree(void **state)
{
	(void)state;
	struct sca_seen seen[] = { report("gcc", "R", 3, 2, "too long"), report("cppcheck", "R", 3, 9, "too short"),
		report("clang", "R", 3, 2, "too much"), report("gcc", "R", 3, 2, "too long") };
	seen[1].severity = SEVERITY_HIGH;
	const struct sca_findings f = merge(seen, 4);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.items[0].engines, 3);
	assert_int_equal(f.items[0].report_count, 3);
	assert_int_equal(f.items[0].severity, SEVERITY_HIGH);
	assert_string_equal(f.items[0].symbol, "f");
	/* Another engine alone finds the same finding. */
	assert_string_equal(merge(&seen[1], 1).items[0].identity, f.items[0].identity);
}

static void
test_one_engine_under_two_names(void **state)
{
	(void)state;
	struct sca_seen seen[] = { report("clang", "R", 3, 2, "x"), report("clang-tidy", "R", 3, 2, "y") };
	seen[1].check = "clang-tidy/clang-analyzer-unix.Malloc";
	assert_int_equal(merge(seen, 2).items[0].engines, 1);
}

static void
test_near_faults_stay_apart(void **state)
{
	(void)state;
	/* Two copies beside each other, each seen by another engine. */
	const struct sca_seen beside[] = { report("gcc", "R", 3, 2, "overflow of 'a'"), report("cppcheck", "R", 4, 2, "overflow of 'a'") };
	assert_int_equal(merge(beside, 2).count, 2);
	const struct sca_seen rules[] = { report("gcc", "R", 3, 2, "x"), report("gcc", "S", 3, 2, "x") };
	assert_int_equal(merge(rules, 2).count, 2);
	const struct sca_seen functions[] = { report("gcc", "R", 3, 2, "x"), report("gcc", "R", 13, 2, "x") };
	const struct sca_findings f = merge(functions, 2);
	assert_int_equal(f.count, 2);
	assert_string_not_equal(f.items[0].identity, f.items[1].identity);
}

static void
test_two_in_one_statement(void **state)
{
	(void)state;
	const struct sca_seen seen[] = { report("gcc", "R", 7, 4, "a[1]"), report("gcc", "R", 7, 10, "a[2]"),
		report("cppcheck", "R", 7, 11, "index") };
	const struct sca_findings f = merge(seen, 3);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.items[0].engines, 1);
	assert_int_equal(f.items[1].engines, 2);
	assert_string_not_equal(f.items[0].identity, f.items[1].identity);
}

static void
test_a_statement_of_two_lines(void **state)
{
	(void)state;
	const struct sca_seen seen[] = { report("gcc", "R", 5, 2, "x"), report("cppcheck", "R", 6, 6, "y") };
	assert_int_equal(merge(seen, 2).count, 1);
}

static void
test_where_a_leak_shows(void **state)
{
	(void)state;
	const struct sca_seen seen[] = { report("gcc", "R", 9, 2, "leak of \xe2\x80\x98p\xe2\x80\x99 [CWE-401]"),
		report("cppcheck", "R", 8, 2, "Memory leak: p"), report("clang", "R", 10, 1, "memory pointed to by 'p'") };
	const struct sca_findings f = merge(seen, 3);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.items[0].engines, 3);
	assert_int_equal(f.items[0].also_count, 2);
	/* What each of them alone calls it is among its names. */
	for (size_t i = 0; i < 3; i++) {
		const struct sca_findings alone = merge(&seen[i], 1);
		bool known = strcmp(alone.items[0].identity, f.items[0].identity) == 0;
		for (size_t k = 0; k < f.items[0].also_count; k++)
			known |= strcmp(alone.items[0].identity, f.items[0].also[k]) == 0;
		assert_true(known);
	}
	/* Of something else, or by the same engine: another fault. */
	const struct sca_seen other[] = { seen[0], report("cppcheck", "R", 8, 2, "Memory leak: q"), report("gcc", "R", 10, 1, "leak of 'p'") };
	assert_int_equal(merge(other, 3).count, 3);
}

static void
test_alike_in_two_files(void **state)
{
	(void)state;
	struct sca_seen seen[] = { report("gcc", "R", 3, 2, "x"), report("gcc", "R", 3, 2, "x") };
	seen[1].path = "b.c";
	const struct sca_findings f = merge(seen, 2);
	assert_int_equal(f.count, 2);
	assert_true(f.items[0].shared && f.items[1].shared);
	assert_string_equal(f.items[0].common, f.items[1].common);
	assert_string_equal(f.items[0].common, f.items[0].identity);
	assert_string_not_equal(f.items[0].identity, f.items[1].identity);
}

static void
test_without_a_place(void **state)
{
	(void)state;
	struct sca_seen seen[] = { report("gcc", "R", 3, 2, "x"), report("gcc", "R", 4, 2, "x") };
	seen[0].placed = seen[1].placed = false;
	assert_int_equal(merge(seen, 2).count, 2);
	assert_int_equal(merge(seen, 0).count, 0);
}

static void
test_order_is_nothing(void **state)
{
	(void)state;
	const struct sca_seen a[] = { report("gcc", "R", 9, 2, "leak of 'p'"), report("cppcheck", "R", 10, 1, "Memory leak: p"),
		report("gcc", "R", 7, 4, "1"), report("gcc", "R", 7, 10, "2") };
	const struct sca_seen b[] = { a[3], a[1], a[0], a[2] };
	const struct sca_findings x = merge(a, 4), y = merge(b, 4);
	assert_int_equal(x.count, y.count);
	for (size_t i = 0; i < x.count; i++) {
		assert_string_equal(x.items[i].identity, y.items[i].identity);
		assert_int_equal(x.items[i].report_count, y.items[i].report_count);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_engines_agree),
		cmocka_unit_test(test_one_engine_under_two_names),
		cmocka_unit_test(test_near_faults_stay_apart),
		cmocka_unit_test(test_two_in_one_statement),
		cmocka_unit_test(test_a_statement_of_two_lines),
		cmocka_unit_test(test_where_a_leak_shows),
		cmocka_unit_test(test_alike_in_two_files),
		cmocka_unit_test(test_without_a_place),
		cmocka_unit_test(test_order_is_nothing),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
