/* SPDX-License-Identifier: Apache-2.0 */
/* What reviews ask: the calls of code by which something comes in, the functions that changed, and the questions about just those. */
#include <sca/ask.h>
#include <sca/interface.h>

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#define UNIT_ARENA_MAX (256u << 20)
#include "../arena_static.h"

static struct sca_surface s;
static struct code_tokens tokens;
static struct assay_error err;

static void
look(const char *text, enum code_language language)
{
	assert_int_equal(code_lex(assay_span_str(text), language, arena, &tokens, &err), ASSAY_OK);
	assert_int_equal(sca_surface_find(&tokens, arena, &s, &err), ASSAY_OK);
}

static void
finds_calls_and_their_functions(void **state)
{
	(void)state;
	look("#include <x.h>\n/* recv(1) */\nstatic const char *t = \"recv(2)\";\nint recv(int);\nextern \"C\" {\nint\nread_it(int a)\n{\n"
	     "\tif (a) { recv(a, 0, 0, 0); }\n\treturn x.open(1) + p->open(2) + getenv(\"A\");\n}\n}\nint main(int argc, char **argv)\n"
	     "{ return 0; }\nint table[] = { 1 };\nstruct s { int a; };\n", CODE_CXX);
	assert_int_equal(s.function_count, 2);
	assert_string_equal(s.functions[0].name, "read_it");
	assert_string_equal(s.functions[1].name, "main");
	assert_int_equal(s.interface_count, 3);
	assert_string_equal(s.interfaces[0].call, "recv");
	assert_string_equal(s.interfaces[0].kind, "socket");
	assert_string_equal(s.interfaces[0].function, "read_it");
	assert_int_equal(s.interfaces[0].line, 9);
	assert_string_equal(s.interfaces[1].kind, "environment");
	assert_string_equal(s.interfaces[2].kind, "argv");
}

static void
knows_a_main_that_takes_nothing(void **state)
{
	(void)state;
	look("int main(void) { return 0; }", CODE_C);
	assert_int_equal(s.interface_count, 0);
	look("int main() { return 0; }", CODE_C);
	assert_int_equal(s.interface_count, 0);
}

/* What isn't closed, isn't C, or has more braces than it opens ends somewhere. */
static void
ends_with_whatever_it_reads(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "}", "}}}} int f(){", "f(", "int f(a) int a; { recv(1);", "{ { {", "int f() { ) } (", "a b(c){}d" };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		look(texts[i], CODE_C);
		for (size_t k = 0; k < s.function_count; k++)
			assert_true(s.functions[k].last < tokens.count && s.functions[k].first <= s.functions[k].last);
	}
}

static void
names_kinds_by_the_table(void **state)
{
	(void)state;
	assert_string_equal(sca_interface_kind("ioctl"), "ioctl");
	assert_string_equal(sca_interface_kind("json_loads"), "parser");
	assert_string_equal(sca_interface_kind("execve"), "exec");
	assert_null(sca_interface_kind("recv2"));
	assert_null(sca_interface_kind("rec"));
	assert_null(sca_interface_kind("strlen"));
}

static const char before[] = "int kept(int f) { return recv(f, 0, 0, 0); }\nint other(void) { return 1; }\n";
static const char after[] = "/* moved down */\nint kept(int f)\n{\n\treturn recv(f, 0, 0, 0);\n}\nint other(void) { return getenv(\"A\") != 0; }\n";

static const struct review_question *
question(const struct review *r, enum review_point point, const char *words)
{
	for (size_t i = 0; i < r->question_count; i++) {
		if (r->questions[i].point == point && strstr(r->questions[i].ask, words) != NULL)
			return &r->questions[i];
	}
	return NULL;
}

static void
asks_about_what_changed_alone(void **state)
{
	(void)state;
	struct review_file files[] = { { .path = "src/a.c", .has_blob = true, .has_was = true }, { .path = "src/gone.c", .has_was = true },
		{ .path = "tool.py", .has_blob = true } };
	const struct ask_file bytes[] = { { &files[0], true, true, assay_span_str(after), assay_span_str(before) },
		{ .file = &files[1] }, { .file = &files[2] } };
	const struct plan_row rows[] = { { .rule = "R-1", .review = "Is it so?" }, { .rule = "R-2" } };
	const char *languages[] = { "c" };
	const struct plan_standard standard = { .id = "own", .languages = { languages, 1 }, .rows = rows, .count = 2 };
	const struct plan plan = { .standards = &standard, .count = 1 };
	const char *deviations[] = { "assay/deviations/x.yaml (own/R-1)" };
	struct review r = { .has_base = true, .files = files, .file_count = 3, .deviations = { deviations, 1 } };
	const struct ask ask = { &plan, bytes, 3, 0 };
	assert_int_equal(ask_questions(&ask, arena, &r, &err), ASSAY_OK);
	/* kept() is what it was, however it is laid out: nothing is asked about its recv(). */
	assert_int_equal(r.interface_count, 1);
	assert_string_equal(r.interfaces[0].call, "getenv");
	assert_null(question(&r, REVIEW_THREATS, "recv"));
	assert_non_null(question(&r, REVIEW_THREATS, "other() calls getenv (environment) in line 6"));
	assert_non_null(question(&r, REVIEW_REQUIREMENTS, "src/a.c (other())"));
	assert_non_null(question(&r, REVIEW_THREATS, "src/gone.c is taken away"));
	assert_non_null(question(&r, REVIEW_THREATS, "in what changed in tool.py"));
	assert_non_null(question(&r, REVIEW_STANDARD, "R-1: Is it so?"));
	assert_null(question(&r, REVIEW_STANDARD, "R-2"));
	assert_non_null(question(&r, REVIEW_STANDARD, "deviations still hold: assay/deviations/x.yaml"));
	assert_non_null(question(&r, REVIEW_ANALYSIS, "src/a.c"));
	assert_non_null(question(&r, REVIEW_TRACE, "src/a.c"));
	/* What was asked is complete by the record's own measure. */
	struct review_gaps g;
	assert_int_equal(review_gaps(&r, arena, &g, &err), ASSAY_OK);
	assert_null(g.file);
	assert_null(g.interface);
	for (unsigned i = 0; i < REVIEW_POINTS; i++)
		assert_false(g.point[i]);
}

static void
sees_calls_that_a_record_leaves_out(void **state)
{
	(void)state;
	struct review_interface listed[] = { { .file = "a.c", .call = "recv", .kind = "socket" } };
	const struct review r = { .interfaces = listed, .interface_count = 1 };
	const char *call = NULL;
	assert_int_equal(ask_missing(&r, "a.c", assay_span_str(before), arena, &call, &err), ASSAY_OK);
	assert_null(call);
	assert_int_equal(ask_missing(&r, "a.c", assay_span_str(after), arena, &call, &err), ASSAY_OK);
	assert_string_equal(call, "getenv");
	assert_int_equal(ask_missing(&r, "b.c", assay_span_str(before), arena, &call, &err), ASSAY_OK);
	assert_string_equal(call, "recv");
	assert_int_equal(ask_missing(&r, "b.py", assay_span_str(before), arena, &call, &err), ASSAY_OK);
	assert_null(call);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_calls_and_their_functions, setup, teardown),
		cmocka_unit_test_setup_teardown(knows_a_main_that_takes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(ends_with_whatever_it_reads, setup, teardown),
		cmocka_unit_test_setup_teardown(names_kinds_by_the_table, setup, teardown),
		cmocka_unit_test_setup_teardown(asks_about_what_changed_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(sees_calls_that_a_record_leaves_out, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
