/* SPDX-License-Identifier: Apache-2.0 */
#include <code/branches.h>

#include <base/cleanup.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool
is_a_or_b(const void *context, const char *macro)
{
	(void)context;
	return strcmp(macro, "A") == 0 || strcmp(macro, "B") == 0;
}

/* "3h" for a branch of line 3 that holds something, "n" for never, "k" when A and B are all that it asks for. */
static const struct {
	const char *code, *expected;
} cases[] = {
	{ "int x;\n", "" },
	{ "#ifdef A\nint x;\n#endif\n", "1hk" },
	{ "#ifdef C\nint x;\n#endif\n", "1h" },
	{ "#if defined A && (B > 2)\nint x;\n#else\nint y;\n#endif\n", "1hk 3hk" },
	{ "#if defined(A) || defined(C)\nint x;\n#endif\n", "1h" },
	{ "#ifdef C\n#elif defined A\nint x;\n#else\nint y;\n#endif\n", "1 2h 4h" },
	{ "#ifdef A\n/* int x; */\n#endif\n", "1k" },
	{ "#ifdef A\n#error no\n#warning none\n#\n#line 3\n#endif\n", "1k" },
	{ "#ifdef A\n#define X 1\n#endif\n", "1hk" },
	{ "#ifdef A\n#define X\n#endif\n", "1hk" },
	{ "#ifdef A\n#undef X\n#endif\n", "1hk" },
	{ "#ifdef A\n#pragma pack(1)\n#endif\n", "1hk" },
	{ "#ifdef A\n#define X() 1\n#endif\n", "1hk" },
	{ "#ifdef A\n#include \"x.h\"\n#endif\n", "1hk" },
	{ "#ifdef A\n#include_next <x.h>\n#endif\n", "1hk" },
	/* What stands in an inner branch is that one's; what stands behind it is the outer one's. */
	{ "#ifdef A\n#ifdef B\nint x;\n#endif\n#endif\n", "1k 2hk" },
	{ "#ifdef A\n#ifdef B\n#endif\nint x;\n#endif\n", "1hk 2k" },
	{ "#if 0\nint x;\n#else\nint y;\n#endif\n", "1hn 3h" },
	{ "#if 1\nint x;\n#elif A\nint y;\n#else\nint z;\n#endif\n", "1h 3hk 5hnk" },
	{ "#if 1 - 1\nint x;\n#endif\n", "1h" },
	{ "#if 1 - 1\nint x;\n#else A\nint y;\n#endif\n", "1h 3h" },
	{ "#ifdef A\nint x;\n#else C\nint y;\n#endif\n", "1hk 3hk" },
	{ "#if true\nint x;\n#endif\n", "1h" },
	{ "#if __has_include(\"x.h\")\nint x;\n#endif\n", "1h" },
	{ "#if A \\\n && C\nint x;\n#endif\n", "1h" },
	/* None of these is in a chain, or ends. */
	{ "#else\nint x;\n#elif A\n#endif\n#endif\n#ifdef B\nint y;", "6hk" },
	{ "#endif\n#if", "2" },
};

static void
branches_are_told_apart(void **state)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *arena = NULL;
		struct code_tokens t;
		struct code_branch *list;
		uint32_t count;
		char got[200] = "";
		size_t at = 0;
		assert_int_equal(arena_new(1u << 24, &arena), ASSAY_OK);
		assert_int_equal(code_lex(assay_span_str(cases[i].code), CODE_C, arena, &t, NULL), ASSAY_OK);
		assert_int_equal(code_branches(&t, arena, &list, &count, NULL), ASSAY_OK);
		for (uint32_t k = 0; k < count; k++)
			at += (size_t)snprintf(got + at, sizeof got - at, "%s%u%s%s%s", k > 0 ? " " : "", list[k].line,
			    list[k].holds ? "h" : "", list[k].never ? "n" : "",
			    code_branch_known(&t, list, k, is_a_or_b, NULL) ? "k" : "");
		if (strcmp(got, cases[i].expected) != 0)
			fail_msg("%s: '%s', not '%s'", cases[i].code, got, cases[i].expected);
		arena_free(&arena);
	}
	(void)state;
}

/* A mark goes behind the line, and in no comment that begins on it. */
static void
lines_end_behind_their_comments(void **state)
{
	static const char code[] = "#ifdef A /* one\n two */ /* three\n*/\nint x;\n#endif /* four\n*/\n#if B // five \\\n six\nint y;\n#endif\n";
	struct arena *arena = NULL;
	struct code_tokens t;
	struct code_branch *list;
	uint32_t count;
	assert_int_equal(arena_new(1u << 24, &arena), ASSAY_OK);
	assert_int_equal(code_lex(assay_span_str(code), CODE_C, arena, &t, NULL), ASSAY_OK);
	assert_int_equal(code_branches(&t, arena, &list, &count, NULL), ASSAY_OK);
	assert_int_equal(count, 2);
	assert_ptr_equal(strstr(code, "int x;"), code + list[0].end);
	assert_ptr_equal(strstr(code, "int y;"), code + list[1].end);
	arena_free(&arena);
	(void)state;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(branches_are_told_apart),
		cmocka_unit_test(lines_end_behind_their_comments),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
