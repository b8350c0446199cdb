/* SPDX-License-Identifier: Apache-2.0 */
#include <code/rules.h>
#include <sca/plan.h>
#include <sca/snippets.h>

#include <base/cleanup.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena *arena;
static struct code_rules rules;
static struct assay_error err;

static int
begin(void **state)
{
	(void)state;
	err = (struct assay_error){ 0 };
	if (arena_new(512u << 20, &arena) != ASSAY_OK)
		return -1;
	code_rules_init(&rules, arena);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct code_reports
check_as(const char *code, const char *path)
{
	struct code_reports o = { 0 };
	if (code_check(&rules, assay_span_str(code), path, arena, &o, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return o;
}

/* One rule with these lines beside what every rule needs. */
static const char *
with(const char *lines)
{
	return arena_printf(arena, "assay-rules: 1\nrules:\n  - id: own\n    severity: low\n    message: \"found {name}\"\n    next: \"mend\"\n%s"
				   "    bad: [\"void f(void) { x(); /* fault */\\n}\"]\n    good: [\"int y;\"]\n", lines);
}

static void
load(const char *lines)
{
	code_rules_init(&rules, arena);
	if (code_rules_add(&rules, assay_span_str(with(lines)), "own.yaml", &err) != ASSAY_OK)
		fail_msg("%s:%u: %s", err.file, err.line, err.what);
}

static size_t
count(const char *code)
{
	return check_as(code, "a.c").count;
}

/* A rule, code, and how often it is found there. */
struct row {
	const char *rule, *code;
	size_t found;
};

static void
count_each(const struct row *rows, size_t row_count)
{
	for (size_t i = 0; i < row_count; i++) {
		load(rows[i].rule);
		if (count(rows[i].code) != rows[i].found)
			fail_msg("%s isn't found %zu times in %s", rows[i].rule, rows[i].found, rows[i].code);
	}
}

static void
finds_calls(void **state)
{
	(void)state;
	load("    match: [\"system($_)\"]\n");
	const struct code_reports o = check_as("#include <x.h>\nint system(const char *);\nvoid f(void)\n{\n\tif (a)\n\t\tsystem(\"b\");\n}\n", "a.c");
	assert_int_equal(o.count, 1);
	assert_int_equal(o.items[0].line, 6);
	assert_int_equal(o.items[0].column, 3);
	assert_string_equal(o.items[0].message, "found system");
	assert_string_equal(o.items[0].symbol, "f");
	/* However it is written. */
	assert_int_equal(count("void f(void) { sys\\\ntem(\"a\"); }"), 1);
	assert_int_equal(count("#define S system\nvoid f(void) { S(1); }"), 1);
	assert_int_equal(count("#define C(a, b) a##b\nvoid f(void) { C(sys, tem)(1); }"), 1);
	assert_int_equal(count("void f(void) <% system /* x */ ( // y\n1); %>"), 1);
	assert_int_equal(count("#ifdef A\n#else\nvoid f(void) { system(1); }\n#endif"), 1);
	assert_int_equal(count("#if 0\n#else\nvoid f(void) { system(1); }\n#endif"), 1);
	assert_int_equal(count("void f(a) int a; { system(1); }"), 1);
	/* And not what only looks like it. */
	assert_int_equal(count("#if 0\nvoid f(void) { system(1); }\n#endif"), 0);
	assert_int_equal(count("void f(void) { \"system(1)\"; /* system(1) */ }"), 0);
	assert_int_equal(count("void f(void) { a.system(1); a->system(1); subsystem(1); system(); system(1, 2); }"), 0);
	assert_int_equal(count("void f(void (*system)(int)) { system(1); }"), 0);
	assert_int_equal(count("static void system(int a) { } void f(void) { system(1); }"), 0);
}

static void
fills_holes(void **state)
{
	static const struct row rows[] = {
		{ "    match: [\"$x = realloc($x, $_)\"]\n", "void f(void) { p = realloc(p, n + (1, 2)); }", 1 },
		{ "    match: [\"$x = realloc($x, $_)\"]\n", "void f(void) { s->p[1] = realloc(s->p[1], n); }", 1 },
		{ "    match: [\"$x = realloc($x, $_)\"]\n", "void f(void) { q = realloc(p, n); }", 0 },
		{ "    match: [\"f($..., NULL)\"]\n", "void g(void) { f(a, (b, c), NULL); f(NULL); f(a); }", 1 },
		{ "    match: [\"chmod($_, $m)\"]\n    where: [{ hole: \"$m\", is: number, like: \"0*7\" }]\n",
		    "void g(void) { chmod(a, 0777); chmod(a, 0770); chmod(a, mode); }", 1 },
		{ "    match: [\"log($s)\"]\n    where: [{ hole: \"$s\", is: string, like: \"**password**\" }]\n",
		    "void g(void) { log(\"the \" \"password/x\"); log(\"x\"); log(password); }", 1 },
	};
	(void)state;
	count_each(rows, sizeof rows / sizeof rows[0]);
}

static void
asks_for_surroundings(void **state)
{
	static const struct row rows[] = {
		{ "    match: [\"wait($_)\"]\n    not-inside: loop\n",
		    "void f(void) { wait(1); while (a) wait(2); do { wait(3); } while (b); for (;;) { if (c) wait(4); } }", 1 },
		{ "    match: [\"wait($_)\"]\n    inside: condition\n", "void f(void) { wait(1); if (wait(2)) wait(3); }", 1 },
		{ "    match: [\"printf($...)\"]\n    inside: handler\n",
		    "void h(int s) { printf(\"a\"); } void g(void) { printf(\"b\"); signal(1, h); }", 1 },
		{ "    match: [\"fopen($f, $_)\"]\n    not-after: [\"fclose($...)\"]\n",
		    "void f(void) { fopen(a, b); } void g(void) { fopen(a, b); fclose(x); }", 1 },
		{ "    match: [\"use($x)\"]\n    before: [\"free($x)\"]\n",
		    "void f(void) { free(a); use(a); use(b); } void g(void) { use(a); free(a); }", 1 },
		{ "    match: [\"use($x)\"]\n    unless: [\"check($x)\"]\n", "void f(void) { use(a); use(b); check(a); }", 1 },
		{ "    match: [\"signal($...)\"]\n    with: [pthread_create]\n", "void f(void) { signal(1, 2); }", 0 },
		{ "    match: [\"signal($...)\"]\n    with: [pthread_create]\n",
		    "void f(void) { signal(1, 2); pthread_create(1); }", 1 },
		{ "    match: [\"system($_)\"]\n    scope: macro\n",
		    "#define RUN(x) do { system(x); } while (0)\n#define TEXT \"system(1)\"\nvoid f(void) { system(1); }", 1 },
		{ "    match: [\"__far\"]\n    scope: file\n", "__far int x;\n#if 0\n__far\n#endif\nvoid f(void) { }", 1 },
	};
	(void)state;
	count_each(rows, sizeof rows / sizeof rows[0]);
}

static void
refuses_what_it_cannot_judge(void **state)
{
	(void)state;
	static const struct {
		const char *lines, *says;
	} bad[] = {
		{ "", "needs either match or uses" },
		{ "    match: [\"$x\"]\n", "tried everywhere" },
		{ "    match: [\"f($x\\\"\"]\n", "is no row of tokens" },
		{ "    match: [\"$... f()\"]\n", "begins or ends" },
		{ "    match: []\n", "1 to 64" },
		{ "    uses: nothing\n", "no check 'nothing'" },
		{ "    match: [\"f()\"]\n    inside: house\n", "house" },
		{ "    match: [\"f()\"]\n    colour: red\n", "colour" },
		{ "    match: [\"f($x)\"]\n    where: [{ hole: x }]\n", "no hole" },
		{ "    match: [\"f($a, $b, $c, $d, $e, $f, $g, $h, $i)\"]\n", "8 holes" },
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		code_rules_init(&rules, arena);
		assert_int_not_equal(code_rules_add(&rules, assay_span_str(with(bad[i].lines)), "own.yaml", &err), ASSAY_OK);
		if (strstr(err.what, bad[i].says) == NULL)
			fail_msg("%s: %s", bad[i].says, err.what);
		assert_int_equal(rules.count, 0);
		err = (struct assay_error){ 0 };
	}
	load("    match: [\"f()\"]\n");
	assert_int_not_equal(code_rules_add(&rules, assay_span_str(with("    match: [\"g()\"]\n")), "again.yaml", &err), ASSAY_OK);
	assert_non_null(strstr(err.what, "already"));
}

static void
proves_rules(void **state)
{
	(void)state;
	load("    match: [\"x()\"]\n");
	assert_int_equal(code_rules_prove(&rules, &err), ASSAY_OK);
	assert_null(rules.items[0].fault);
	assert_int_equal(count("void f(void) { x(); }"), 1);
	/* What doesn't catch its own bad code judges nothing. */
	load("    match: [\"z()\"]\n");
	assert_int_equal(code_rules_prove(&rules, &err), ASSAY_OK);
	assert_non_null(rules.items[0].fault);
	assert_int_equal(count("void f(void) { z(); }"), 0);
	assert_int_not_equal(code_rules_add(&rules, assay_span_str(with("    match: [\"g()\"]\n")), "late.yaml", &err), ASSAY_OK);
}

static void
counts_what_it_did_not_see(void **state)
{
	(void)state;
	load("    match: [\"x()\"]\n");
	const struct code_reports o = check_as("#if 0\nx\n#endif\nvoid f(void) { ( ] \x01 \"a\n }\nint q = '?\?/';", "a.c");
	assert_int_equal(o.branches, 1);
	assert_true(o.unclear >= 4);
	assert_int_equal(o.lines, 6);
}

static bool
names_own(const struct plan_row *row, const char *id)
{
	for (size_t i = 0; i < row->check_count; i++) {
		if (strcmp(row->checks[i].engine, "assay") == 0 && strcmp(row->checks[i].name, id) == 0)
			return true;
	}
	return false;
}

/* How many checks of ours a row names; each must be there. */
static size_t
own_checks(const struct plan_row *row)
{
	size_t checks = 0;
	for (size_t k = 0; row != NULL && k < row->check_count; k++) {
		if (strcmp(row->checks[k].engine, "assay") != 0)
			continue;
		if (code_rule_find(&rules, row->checks[k].name) == NULL)
			fail_msg("%s names '%s', which there isn't", row->rule, row->checks[k].text);
		checks++;
	}
	return checks;
}

static void
judge_snippet(const struct sca_snippet *s, const struct plan_row *row)
{
	struct code_reports o;
	bool reported = false;
	assert_int_equal(code_check(&rules, s->bytes, s->name, arena, &o, &err), ASSAY_OK);
	for (size_t k = 0; k < o.count; k++) {
		if (!names_own(row, o.items[k].rule->id))
			continue;
		reported = true;
		if (!sca_snippet_is_fault(s, o.items[k].line))
			fail_msg("%s:%u: reported beside its fault by %s", s->name, o.items[k].line, o.items[k].rule->id);
	}
	if (reported != s->bad && row->check_count == 1)
		fail_msg("%s is %s", s->name, s->bad ? "missed" : "flagged");
}

/* Every check of ours that the shipped plan names is there, and shown by the snippets. */
static void
shows_the_shipped_plan(void **state)
{
	(void)state;
	struct plan plan;
	const struct sca_snippets *snippets;
	size_t checks = 0, judged = 0;
	assert_int_equal(code_rules_add_shipped(&rules, &err), ASSAY_OK);
	assert_int_equal(code_rules_prove(&rules, &err), ASSAY_OK);
	for (size_t i = 0; i < rules.count; i++) {
		if (rules.items[i].fault != NULL)
			fail_msg("%s: %s", rules.items[i].id, rules.items[i].fault);
	}
	assert_int_equal(plan_parse(plan_shipped(), "plan", arena, &plan, &err), ASSAY_OK);
	assert_int_equal(sca_snippets_load(NULL, arena, &snippets, &err), ASSAY_OK);
	const struct plan_standard *cert = plan_standard(&plan, "cert-c");
	for (size_t i = 0; i < cert->count; i++)
		checks += own_checks(&cert->rows[i]);
	for (size_t i = 0; i < snippets->count; i++) {
		const struct plan_row *row = plan_row(cert, snippets->items[i].rule);
		if (own_checks(row) == 0)
			continue;
		judge_snippet(&snippets->items[i], row);
		judged++;
	}
	assert_true(checks >= 30);
	assert_true(judged >= 120);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_calls, begin, end),
		cmocka_unit_test_setup_teardown(fills_holes, begin, end),
		cmocka_unit_test_setup_teardown(asks_for_surroundings, begin, end),
		cmocka_unit_test_setup_teardown(refuses_what_it_cannot_judge, begin, end),
		cmocka_unit_test_setup_teardown(proves_rules, begin, end),
		cmocka_unit_test_setup_teardown(counts_what_it_did_not_see, begin, end),
		cmocka_unit_test_setup_teardown(shows_the_shipped_plan, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
