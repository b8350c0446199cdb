/* SPDX-License-Identifier: Apache-2.0 */
/* dev.no-silent: which marks are found, what they cover, and what only looks like one. */
#include <code/suppress.h>

#include <base/cleanup.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* "LINE ENGINE MARK REACH FIRST-LAST CHECKS SYMBOL FLAGS;" each; CHECKS "*" for all. */
static void
describe(const struct suppressions *found, struct buf *out)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct suppression *s = &found->items[i];
		buf_addf(out, "%u %s %s %s %u-%u ", s->line, s->engine, s->mark, suppress_reach_name(s->reach), s->first, s->last);
		for (size_t k = 0; k < s->check_count; k++)
			buf_addf(out, "%s%s", k > 0 ? "," : "", s->checks[k]);
		buf_addf(out, "%s %s%s%s%s%s%s;", s->check_count == 0 ? "*" : "", s->symbol == NULL ? "-" : s->symbol, s->several ? " several" : "",
		    s->in_macro ? " macro" : "", s->spliced ? " spliced" : "", s->open ? " open" : "", s->form == SUPPRESS_STRING ? " string" : "");
	}
	for (size_t i = 0; i < found->unread_count; i++)
		buf_addf(out, "unread: %s;", found->unread[i].why);
}

static void
expect(const char *path, const char *text, const char *wanted)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	struct assay_error err = { 0 };
	struct suppressions found;
	const struct source_file file = { .path = path, .mode = 0100644, .has_bytes = true, .bytes = assay_span_str(text) };
	const struct sources s = { .files = &file, .count = 1 };
	assert_int_equal(arena_new(256u << 20, &arena), ASSAY_OK);
	if (suppress_find(&s, NULL, NULL, arena, &found, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	describe(&found, &out);
	if (strcmp(buf_str(&out), wanted) != 0)
		fail_msg("%s:\n%s\n is\n%s\n not\n%s", path, text, buf_str(&out), wanted);
}

#define FUNCTION(inside) "int\nf(void)\n{\n" inside "\n\treturn 0;\n}\n"

struct row {
	const char *path, *text, *wanted;
};

static void
expect_all(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect(rows[i].path, rows[i].text, rows[i].wanted);
}

static const struct row nolint[] = {
	{ "a.c", FUNCTION("\tint a; // NO" "LINT"), "4 clang-tidy NO" "LINT line 4-4 * f;" },
	{ "a.c", FUNCTION("\tint a; // NO" "LINT(bugprone-x, cert-*)"), "4 clang-tidy NO" "LINT line 4-4 bugprone-x,cert-* f;" },
	{ "a.c", FUNCTION("\tint a; // NO" "LINT (bugprone-x)"), "4 clang-tidy NO" "LINT line 4-4 * f;" },
	{ "a.c", FUNCTION("\tint a; // NO" "LINT(bugprone-x\n\tg(1);"), "4 clang-tidy NO" "LINT line 4-4 * f;" },
	{ "a.c", FUNCTION("\tint a; // NO" "LINT()"), "" },
	{ "a.c", FUNCTION("\tint a; // NO" "LINTING about"), "" },
	{ "a.c", FUNCTION("\tint a; // nolint"), "" },
	{ "a.c", FUNCTION("\tint a; /* xNO" "LINT */"), "4 clang-tidy NO" "LINT line 4-4 * f;" },
	{ "a.c", FUNCTION("\tputs(\"NO" "LINT\");"), "4 clang-tidy NO" "LINT line 4-4 * f string;" },
	{ "a.cc", FUNCTION("\tputs(R\"(\nNO" "LINT(a))\");"), "5 clang-tidy NO" "LINT line 5-5 a f string;" },
	{ "a.c", FUNCTION("\tint a; // NO\\\nLINT(a)"), "4 clang-tidy NO" "LINT line 4-4 a f spliced;" },
	{ "a.c", FUNCTION("\tint a; /* one\n\t NO" "LINT(a) */"), "5 clang-tidy NO" "LINT line 5-5 a f;" },
	{ "a.c", "// NO" "LINTNEXTLINE(a)\n" FUNCTION(""), "1 clang-tidy NO" "LINTNEXTLINE line 2-2 a f;" },
	{ "a.c", "int a; // NO" "LINT(a)\r\nint b;\r\n", "1 clang-tidy NO" "LINT line 1-1 a -;" },
	{ "a.c", FUNCTION("// NO" "LINTBEGIN(a)\n\tg();\n// NO" "LINTEND(a)"), "4 clang-tidy NO" "LINTBEGIN region 4-6 a f;" },
	{ "a.c", FUNCTION("// NO" "LINTBEGIN(a)\n\tg();\n// NO" "LINTEND(b)"), "4 clang-tidy NO" "LINTBEGIN file 4-9 a - several open;" },
	{ "a.c", "// NO" "LINTBEGIN\n" FUNCTION("") FUNCTION("") "// NO" "LINTEND\n", "1 clang-tidy NO" "LINTBEGIN region 1-14 * - several;" },
	{ "a.cc", "namespace a {\nclass P {\n\tvoid\n\tgo()\n\t{\n\t\tx(); // NO" "LINT(q)\n\t}\n};\n}\n",
	    "6 clang-tidy NO" "LINT line 6-6 q a::P::go;" },
	{ "a.cc", "QUIET(1)\nnamespace a VISIBLE(b) {\nint x; // NO" "LINT(q)\n}\n", "3 clang-tidy NO" "LINT line 3-3 q -;" },
	{ "a.txt", "// NO" "LINT", "" },
};

static const struct row comments[] = {
	{ "a.c", FUNCTION("\t// cppcheck-suppress nullPointer\n\t*p = 0;"), "4 cppcheck cppcheck-suppress line 5-5 nullPointer f;" },
	{ "a.c", FUNCTION("\t*p = 0; // cppcheck-suppress [a, b]"), "4 cppcheck cppcheck-suppress line 4-4 a,b f;" },
	{ "a.c", FUNCTION("\t/* cppcheck-suppress nullPointer symbolName=p */\n\n\t// why\n\t*p = 0;"),
	    "4 cppcheck cppcheck-suppress line 7-7 nullPointer f;" },
	{ "a.c", FUNCTION("\t*p = 0; // cppcheck-sup\\\npress a"), "4 cppcheck cppcheck-suppress line 4-4 a f spliced;" },
	{ "a.c", FUNCTION("\t*p = 0; /* cppcheck-sup\\ \r\npress a */"), "4 cppcheck cppcheck-suppress line 4-4 a f spliced;" },
	{ "a.c", FUNCTION("\t*p = 0; /* cppcheck-suppress a \\\n why */"), "4 cppcheck cppcheck-suppress line 4-4 a f;" },
	{ "a.c", FUNCTION("\tputs(\"// cppcheck-suppress a\");"), "" },
	{ "a.c", FUNCTION("\t// about cppcheck-suppress a\n\t*p = 0;"), "" },
	{ "a.c", "// cppcheck-suppress-file unusedFunction\n" FUNCTION(""), "1 cppcheck cppcheck-suppress-file file 1-8 unusedFunction - several;" },
	{ "a.c", FUNCTION("// cppcheck-suppress-begin a\n\tg();\n// cppcheck-suppress-end a"), "4 cppcheck cppcheck-suppress-begin region 4-6 a f;" },
	{ "a.c", FUNCTION("\tstrcpy(a, b); /* Flawfinder: ignore */"), "4 flawfinder flawfinder: ignore line 4-4 * f;" },
	{ "a.c", FUNCTION("\t// ITS4: ignore\n\tstrcpy(a, b);"), "4 flawfinder its4: ignore line 5-5 * f;" },
	{ "a.c", FUNCTION("\tx(); // nosemgrep: c.lang.a, c.lang.b"), "4 semgrep nosemgrep line 4-4 c.lang.a,c.lang.b f;" },
	{ "a.c", FUNCTION("\tx(); // nosemgrep"), "4 semgrep nosemgrep line 4-4 * f;" },
	{ "a.c", FUNCTION("\tx(); // nosemgrepping"), "" },
	{ "a.c", FUNCTION("\t// codeql[cpp/overflow]\n\tx();"), "4 codeql codeql[ line 5-5 cpp/overflow f;" },
	{ "a.c", FUNCTION("\tx(); // lgtm[cpp/overflow] because"), "4 codeql lgtm[ line 4-4 cpp/overflow f;" },
	{ "a.c", FUNCTION("\tx(); // NOSONAR"), "4 sonarqube nosonar line 4-4 * f;" },
	{ "a.c", FUNCTION("\t/* coverity[checked_return] */\n\tx();"), "4 coverity coverity[ line 5-5 checked_return f;" },
	{ "a.c", FUNCTION("\tx(); //-V501"), "4 pvs-studio -v line 4-4 V501 f;" },
	{ "a.c", FUNCTION("\tx(); // a-V501"), "" },
	{ "a.c", FUNCTION("\tx(); // parasoft-suppress MISRA-1 \"why\""), "4 parasoft parasoft-suppress line 4-4 MISRA-1 f;" },
	{ "a.c", FUNCTION("\tx(); /*LDRA_INSPECTED 12 S */"), "4 ldra ldra_inspected line 4-4 12 f;" },
	{ "a.c", FUNCTION("\tx(); /* polyspace RTE:OVFL [why] */"), "4 polyspace polyspace line 4-4 RTE:OVFL f;" },
	{ "a.c", FUNCTION("\tx(); /*lint !e534 */"), "4 pc-lint lint !e line 4-4 534 f;" },
	{ "a.c", "/*lint -e534 */\nint a;\n", "1 pc-lint lint -e file 1-3 534 -;" },
	{ "a.c", FUNCTION("\tx(); /* lint is mentioned */"), "" },
	{ "a.c", FUNCTION("/*@ignore@*/\n\tx();\n/*@end@*/"), "4 splint @ignore@ region 4-6 * f;" },
	{ "a.c", FUNCTION("\tx(); /* PRQA S 3204 # why */"), "4 helix-qac prqa s line 4-4 3204 f;" },
};

static const struct row pragmas[] = {
	{ "a.c", "#pragma GCC diagnostic ignored \"-Wunused\"\nint a;\n", "1 gcc GCC diagnostic ignored file 1-3 -Wunused - open;" },
	{ "a.c", FUNCTION("#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wa\"\n\tg();\n#pragma GCC diagnostic pop"),
	    "5 gcc GCC diagnostic ignored region 5-7 -Wa f;" },
	{ "a.c", FUNCTION("#  pragma\tGCC /* why */ diagnostic \\\n ignored \"-Wa\"\n#pragma GCC diagnostic warning \"-Wa\""),
	    "4 gcc GCC diagnostic ignored region 4-6 -Wa f;" },
	{ "a.c", FUNCTION("#pragma clang diagnostic push\n#pragma clang diagnostic ignored \"-Wa\"\n#pragma GCC diagnostic pop"),
	    "5 clang clang diagnostic ignored file 5-9 -Wa - several open;" },
	{ "a.c", FUNCTION("#pragma GCC diagnostic push\n#pragma GCC diagnostic error \"-Wa\"\n#pragma GCC diagnostic pop"), "" },
	{ "a.c", "#pragma GCC system_header\nint a;\n", "1 gcc GCC system_header file 1-3 * -;" },
	{ "a.c", FUNCTION("\t_Pragma(\"GCC diagnostic push\") _Pragma(\"GCC diagnostic ignored \\\"-Wa\\\"\") g(); _Pragma(\"GCC diagnostic pop\")"),
	    "4 gcc GCC diagnostic ignored region 4-4 -Wa f;" },
	{ "a.c", FUNCTION("\t_Pragma(\"warning(suppress:6011)\") g();"), "4 msvc warning ( suppress : line 5-5 6011 f;" },
	{ "a.c", "#define QUIET _Pragma(\"GCC diagnostic ignored \\\"-Wa\\\"\")\n", "1 gcc GCC diagnostic ignored file 1-2 -Wa - macro open;" },
	{ "a.c", "#define DO(x) _Pragma(#x)\nDO(GCC diagnostic ignored \"-Wa\")\n", "2 gcc GCC diagnostic ignored file 2-3 -Wa - open;" },
	{ "a.c", "#define DO(x) _Pragma(x)\nDO(\"GCC diagnostic ignored \\\"-Wa\\\"\")\n", "2 gcc GCC diagnostic ignored file 2-3 -Wa - open;" },
	{ "a.c", "const char *t[] = { \"GCC diagnostic ignored\", \"x\" };\n", "" },
	{ "a.c", "#pragma warning(disable: 4996 4127)\nint a;\n", "1 msvc warning ( disable : file 1-3 4996,4127 - open;" },
	{ "a.c", FUNCTION("#pragma warning(push)\n#pragma warning(disable:4996)\n\tg();\n#pragma warning(pop)"),
	    "5 msvc warning ( disable : region 5-7 4996 f;" },
	{ "a.c", FUNCTION("#pragma warning(suppress: 6011)\n\tg();"), "4 msvc warning ( suppress : line 5-5 6011 f;" },
	{ "a.c", FUNCTION("\t__pragma(warning(suppress: 6011)) g();"), "4 msvc warning ( suppress : line 5-5 6011 f;" },
	{ "a.c", "#pragma diag_suppress=Pe177,Pe550\nint a;\n", "1 vendor-compiler diag_suppress file 1-3 Pe177,Pe550 - open;" },
	{ "a.c", "#pragma once\n#pragma pack(1)\n", "" },
};

static const struct row others[] = {
	{ "a.c", "#ifdef __clang_analyzer__\nint a;\n#else\nint b;\n#endif\n", "1 analysers __clang_analyzer__ region 1-5 __clang_analyzer__ -;" },
	{ "a.c", "#if defined(X) || !defined(__cppcheck__)\n#if A\n#endif\n#endif\nint b;\n", "1 analysers __cppcheck__ region 1-4 __cppcheck__ -;" },
	{ "a.c", "#ifdef __clang__\nint a;\n#endif\n", "" },
	{ "a.c", "__attribute__((no_sanitize(\"address\", \"undefined\")))\n" FUNCTION(""), "1 sanitizers no_sanitize function 1-7 address,undefined f;" },
	{ "a.c", "#define NO_ASAN __attribute__((no_sanitize_address))\n", "1 sanitizers no_sanitize_address function 1-1 * - macro;" },
	{ "a.c", "int no_sanitize(int a);\nint b = no_sanitize(1);\n", "" },
	{ "a.cc", FUNCTION("\t[[clang::suppress]] g();"), "4 clang suppress function 1-6 * f;" },
	{ "a.cc", FUNCTION("\t[[gsl::suppress(\"bounds\")]] g();"), "4 cpp-core-check suppress function 1-6 bounds f;" },
	{ "a.c", FUNCTION("\tsuppress(1);"), "" },
	{ "A.java", "class A {\n@SuppressWarnings({\"unchecked\", \"rawtypes\"})\nvoid f() {} // NOSONAR\n}\n",
	    "2 javac @SuppressWarnings function 2-2 unchecked,rawtypes -;3 sonarqube nosonar line 3-3 * -;" },
	{ "a.py", "import os  # noqa: E501,W291\nx = 1  # nosec B101\ny = 2 #nosec\n", "1 flake8 noqa line 1-1 E501,W291 -;2 bandit nosec line 2-2 B101 -;3 bandit nosec line 3-3 * -;" },
	{ "a.py", "noqa = 1\nnosec = noqa\n", "" },
	{ "a.js", "/* eslint-disable no-eval */\neval(a);\n/* eslint-enable */\nb(); // eslint-disable-line no-x, no-y -- why\n",
	    "1 eslint eslint-disable region 1-3 no-eval -;4 eslint eslint-disable-line line 4-4 no-x,no-y -;" },
	{ "a.cs", "#pragma warning disable CS0168, CS0219\nint a;\n#pragma warning restore CS0168\n",
	    "1 roslyn #pragma warning disable region 1-3 CS0168,CS0219 -;" },
	{ "a.go", "x() //nolint:errcheck,gosec // why\ny() // #nosec G104\n", "1 golangci-lint nolint line 1-1 errcheck,gosec -;2 gosec #nosec line 2-2 G104 -;" },
	{ "a.sh", "# shellcheck disable=SC2086\necho $a\n", "1 shellcheck shellcheck disable line 2-2 SC2086 -;" },
};

static const struct row options[] = {
	{ ".clang-tidy", "Checks: '-*,cert-*,-cert-err33-c'\n", "1 clang-tidy Checks tree 0-0 cert-err33-c -;" },
	{ ".clang-tidy", "Checks: '-*,cert-*,bugprone-*'\nWarningsAsErrors: '*'\n", "" },
	{ "src/.clang-tidy", "Checks: >\n  cert-*,\n  -*\n", "2 clang-tidy Checks tree 0-0 * -;" },
	{ "suppressions.txt", "# why\nnullPointer:src/a.c\n*:third_party/*\n", "2 cppcheck suppressions list tree 0-0 nullPointer -;3 cppcheck suppressions list tree 0-0 * -;" },
	{ "sonar-project.properties", "sonar.sources=src\nsonar.exclusions=src/old/**\nsonar.cpd.exclusions=\n", "2 sonarqube sonar-project.properties tree 0-0 * -;" },
	{ ".semgrepignore", "# all\nsrc/\n", "2 semgrep .semgrepignore tree 0-0 * -;" },
	{ "x.cppcheck", "<project>\n<suppressions>\n<suppression fileName=\"a\">nullPointer</suppression>\n</suppressions>\n</project>\n",
	    "3 cppcheck suppression tree 0-0 nullPointer -;" },
	{ "CMakeLists.txt", "add_compile_options(-Wall -Wno-unused -Wno-error=foo) # -w\ntarget_compile_options(a PRIVATE \"-w\")\n",
	    "1 gcc -Wno- tree 0-0 -Wunused -;2 gcc -w tree 0-0 * -;" },
	{ "Makefile", "all:\n\t$(MAKE) -w sub\n\tgcc -w a.c\nCFLAGS += -Wno-a\n", "3 gcc -w tree 0-0 * -;4 gcc -Wno- tree 0-0 -Wa -;" },
};

#define TEST(name) \
	static void test_##name(void **state) \
	{ \
		(void)state; \
		expect_all(name, sizeof name / sizeof name[0]); \
	}

TEST(nolint)
TEST(comments)
TEST(pragmas)
TEST(others)
TEST(options)

/* Without a mark everything else stays where it was, and the mark isn't found again. */
static void
test_without(void **state)
{
	(void)state;
	const char *text = FUNCTION("\t*p = 0; /* cppcheck-suppress\n\t a */ // NO" "LINT(a)");
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct suppressions found;
	struct source_file file = { .path = "a.c", .mode = 0100644, .has_bytes = true, .bytes = assay_span_str(text) };
	const struct sources s = { .files = &file, .count = 1 };
	assert_int_equal(arena_new(64u << 20, &arena), ASSAY_OK);
	assert_int_equal(suppress_find(&s, NULL, NULL, arena, &found, NULL), ASSAY_OK);
	assert_int_equal(found.count, 2);
	for (size_t left = 2; left > 0; left--) {
		CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 16);
		assert_int_equal(suppress_without(file.bytes, &found.items[0], &out, NULL), ASSAY_OK);
		assert_int_equal(out.len, file.bytes.len);
		file.bytes.data = (const unsigned char *)arena_copy(arena, buf_span(&out));
		assert_int_equal(suppress_find(&s, NULL, NULL, arena, &found, NULL), ASSAY_OK);
		assert_int_equal(found.count, left - 1);
	}
	assert_non_null(strstr((const char *)file.bytes.data, "\t*p = 0; "));
}

static void
test_columns(void **state)
{
	(void)state;
	static const struct row rows[] = { { "a.c", "int a; // NO" "LINT(a)\n", NULL }, { "a.c", "\n  # pragma GCC system_header\n", NULL },
		{ "a.c", "int a; /* cppcheck-suppress b */\n", NULL }, { "a.py", "a = 1  # nosec\n", NULL } };
	static const unsigned columns[] = { 11, 3, 8, 10 };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP(arena_free) struct arena *arena = NULL;
		struct suppressions found;
		const struct source_file file = { .path = rows[i].path, .mode = 0100644, .has_bytes = true, .bytes = assay_span_str(rows[i].text) };
		const struct sources s = { .files = &file, .count = 1 };
		assert_int_equal(arena_new(64u << 20, &arena), ASSAY_OK);
		assert_int_equal(suppress_find(&s, NULL, NULL, arena, &found, NULL), ASSAY_OK);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.items[0].column, columns[i]);
	}
}

/* The end of a region is no use to anybody without its beginning, and a fault to clang-tidy. */
static void
test_without_its_end(void **state)
{
	(void)state;
	const char *text = "int a; // NO" "LINTBEGIN(a)\nint b;\nint c; // NO" "LINTEND(a)\nint d; // NO" "LINTEND(b)\n";
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 16);
	struct suppressions found;
	const struct source_file file = { .path = "a.c", .mode = 0100644, .has_bytes = true, .bytes = assay_span_str(text) };
	const struct sources s = { .files = &file, .count = 1 };
	assert_int_equal(arena_new(64u << 20, &arena), ASSAY_OK);
	assert_int_equal(suppress_find(&s, NULL, NULL, arena, &found, NULL), ASSAY_OK);
	assert_int_equal(found.count, 1);
	assert_int_equal(suppress_without(file.bytes, &found.items[0], &out, NULL), ASSAY_OK);
	assert_string_equal(buf_str(&out), "int a;                  \nint b;\nint c; //          (a)\nint d; // NO" "LINTEND(b)\n");
}

static void
test_unread(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct suppressions found;
	const struct source_file file = { .path = "a.c", .mode = 0100644, .why = "larger" };
	const struct sources s = { .files = &file, .count = 1 };
	assert_int_equal(arena_new(64u << 20, &arena), ASSAY_OK);
	assert_int_equal(suppress_find(&s, NULL, NULL, arena, &found, NULL), ASSAY_OK);
	assert_int_equal(found.unread_count, 1);
	assert_int_equal(found.files, 0);
	assert_string_equal(found.unread[0].why, "larger");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nolint),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_pragmas),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_without_its_end),
		cmocka_unit_test(test_unread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
