/* SPDX-License-Identifier: Apache-2.0 */
#include <code/parse.h>

#include <base/cleanup.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena *arena;
static struct code_tokens t;
static struct code_unit u;

static int
begin(void **state)
{
	(void)state;
	return arena_new(512u << 20, &arena) == ASSAY_OK ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void
read_as(const char *text, enum code_language language)
{
	struct assay_error err = { 0 };
	if (code_lex(assay_span_str(text), language, arena, &t, &err) != ASSAY_OK
	    || code_parse(&t, NULL, arena, &u, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
}

static void
read_c(const char *text)
{
	read_as(text, CODE_C);
}

static const char *
text_of(uint32_t first, uint32_t last)
{
	static char out[1024];
	size_t at = 0;
	out[0] = '\0';
	for (uint32_t i = first; i <= last; i++) {
		const struct assay_span s = u.name[i] != 0 ? u.names[u.name[i]] : code_raw(&t, &u.tokens[i]);
		at += (size_t)snprintf(out + at, sizeof out - at, "%s%.*s", i == first ? "" : " ", (int)s.len, (const char *)s.data);
	}
	return out;
}

static const struct code_symbol *
symbol(uint32_t function, const char *name)
{
	for (uint32_t i = 1; i < u.name_count; i++) {
		if (assay_span_equal(u.names[i], assay_span_str(name)))
			return code_symbol_of(&u, function, i);
	}
	return NULL;
}

static void
finds_functions(void **state)
{
	(void)state;
	read_c("MODULE(\"x\")\nstatic int f(void) { return 1; }\nint (*table[])(void) = { f };\n"
	       "int old(a, b)\n\tint a;\n\tchar *b;\n{\n\treturn a;\n}\nvoid *g(int x) __attribute__((cold));\n"
	       "void *g(int x)\n{\n\tif (x) {\n\t\th(x, (1, 2), k());\n\t}\n\treturn 0;\n}\nstruct s { int a; } v;\nint last(void) { }\n");
	assert_int_equal(u.function_count, 4);
	assert_string_equal(u.functions[0].symbol, "f");
	assert_true(u.functions[0].is_static);
	assert_true(u.functions[1].old_style);
	assert_int_equal(u.functions[1].param_count, 2);
	assert_string_equal(u.functions[2].symbol, "g");
	assert_false(u.functions[2].returns_nothing);
	assert_int_equal(u.functions[2].call_count, 2);
	assert_int_equal(code_argument_count(&u, u.calls[u.functions[2].call].open), 3);
	uint32_t first, last;
	assert_true(code_argument(&u, u.calls[u.functions[2].call].open, 1, &first, &last));
	assert_string_equal(text_of(first, last), "( 1 , 2 )");
	assert_false(code_argument(&u, u.calls[u.functions[2].call].open, 3, &first, &last));
	assert_int_equal(u.unread, 0);
	assert_string_equal(code_symbol_at(&u, 14, arena), "g");
	assert_string_equal(code_symbol_at(&u, 7, arena), "old");
	assert_null(code_symbol_at(&u, 3, arena));
	assert_int_equal(code_function_at(&u, u.functions[3].body), 3);
}

static void
names_scopes(void **state)
{
	(void)state;
	read_as("namespace net { class Server : public Base {\npublic:\n\tServer() : a(1), b{2} { start(); }\n\tvoid stop() const noexcept { a(); }\n"
		"\tbool operator==(const Server &o) const { return true; }\n};\n}\nvoid net::Other::run(int x)\n{\n\tauto f = [x](int y) { g(y); };\n}\n"
		"extern \"C\" {\nint plain(void) { return 0; }\n}\n",
	    CODE_CXX);
	assert_int_equal(u.function_count, 5);
	assert_string_equal(u.functions[0].symbol, "net::Server::Server");
	assert_string_equal(u.functions[1].symbol, "net::Server::stop");
	assert_string_equal(u.functions[3].symbol, "net::Other::run");
	assert_string_equal(u.functions[4].symbol, "plain");
}

static void
expands_macros(void **state)
{
	(void)state;
	read_c("#define S system\n#define RUN(x) S(x)\n#define CAT(a, b) a##b\n#define LOG(f, ...) printf(f, ## __VA_ARGS__)\n"
	       "#define SELF SELF + 1\n"
	       "void f(void) {\n\tRUN(\"a\");\n\tCAT(sys, tem)(\"b\");\n\tLOG(\"%d\", 1, 2);\n\tx = SELF;\n\tRUN(RUN(1));\n}\n"
	       "#undef S\nvoid g(void) { S(1); }\n");
	assert_int_equal(u.call_count, 6);
	assert_string_equal(text_of(u.calls[0].name, u.calls[0].close), "system ( \"a\" )");
	assert_int_equal(code_line(&u, u.calls[0].name), 7);
	assert_int_equal(code_column_of(&u, u.calls[0].name), 2);
	assert_string_equal(text_of(u.calls[1].name, u.calls[1].close), "system ( \"b\" )");
	assert_string_equal(text_of(u.calls[2].name, u.calls[2].close), "printf ( \"%d\" , 1 , 2 )");
	assert_string_equal(text_of(u.calls[3].name, u.calls[3].close), "system ( system ( 1 ) )");
	assert_string_equal(text_of(u.calls[5].name, u.calls[5].close), "S ( 1 )");
	assert_int_equal(u.macro_count, 5);
	assert_string_equal(code_symbol_at(&u, 2, arena), "#RUN");
	/* What would never end is left as it is, and counted. */
	read_c("#define A B B B B B B B B\n#define B C C C C C C C C\n#define C D D D D D D D D\n#define D E E E E E E E E\n"
	       "#define E F F F F F F F F\n#define F G G G G G G G G\n#define G H H H H H H H H\n#define H I I I I I I I I\nint x = A;\n");
	assert_true(u.unexpanded > 0);
	assert_true(u.count < 2 * CODE_EXPANDED_MAX);
}

static void
reads_alternatives(void **state)
{
	(void)state;
	read_c("#if 0\nvoid dead(void) { system(1); }\n#else\nvoid live(void) { a(); }\n#endif\n#ifdef X\nint f(int a) {\n#else\nint f(long a) {\n#endif\n"
	       "\tb();\n#ifdef Y\n\tif (a) {\n#else\n\tif (!a) {\n#endif\n\t\tc();\n\t}\n}\n#if 1\nvoid one(void) { }\n#else\nvoid two(void) { }\n#endif\n"
	       "#ifdef __cplusplus\nextern \"C\" {\n#endif\nvoid last(void) { d(); }\n#ifdef __cplusplus\n}\n#endif\n");
	assert_int_equal(u.branches, 4);
	assert_string_equal(code_symbol_at(&u, 4, arena), "live");
	assert_string_equal(code_symbol_at(&u, 17, arena), "f");
	assert_string_equal(code_symbol_at(&u, 28, arena), "last");
	assert_null(code_symbol_at(&u, 23, arena));
	for (uint32_t i = 0; i < u.call_count; i++)
		assert_string_not_equal(text_of(u.calls[i].name, u.calls[i].name), "system");
	/* A definition that does less hides nothing. */
	read_c("#ifdef __clang_analyzer__\n#define RUN(x)\n#else\n#define RUN(x) system(x)\n#endif\nvoid f(void) { RUN(1); }\n");
	assert_int_equal(u.call_count, 1);
	read_c("#ifndef __clang_analyzer__\n#define RUN(x) system(x)\n#else\n#define RUN(x)\n#endif\nvoid f(void) { RUN(1); }\n");
	assert_int_equal(u.call_count, 1);
}

static void
reads_declarations(void **state)
{
	(void)state;
	read_c("static volatile sig_atomic_t flag;\ntypedef struct point { double x; } point_t;\nextern char **environ;\nint (*hook)(int);\n"
	       "void f(unsigned char c, const char *s, int v[], void (*cb)(int)) {\n\tchar buf[10], *p = g(1, 2), q;\n\tstruct point a, *b;\n"
	       "\tsize_t n = 3;\n\tpoint_t w;\n\tfor (float x = 0; x < 1; x += 1) { }\n\tconst wchar_t *wide;\n\t_Atomic int counter;\n\tn * 2;\n}\n");
	const struct code_symbol *s = symbol(0, "flag");
	assert_non_null(s);
	assert_int_equal(s->flags, CODE_Y_STATIC | CODE_Y_VOLATILE);
	assert_string_equal((const char *)arena_copy(arena, u.names[s->type_name]), "sig_atomic_t");
	assert_int_equal(symbol(0, "point_t")->flags, CODE_Y_TYPEDEF);
	assert_int_equal(symbol(0, "environ")->pointers, 2);
	assert_int_equal(symbol(0, "hook")->pointers, 1);
	assert_int_equal(symbol(0, "c")->flags, CODE_Y_PARAMETER | CODE_Y_UNSIGNED);
	assert_int_equal(symbol(0, "c")->type, CODE_T_CHAR);
	assert_int_equal(symbol(0, "s")->pointers, 1);
	assert_int_equal(symbol(0, "v")->arrays, 1);
	assert_int_equal(symbol(0, "cb")->pointers, 1);
	assert_int_equal(symbol(0, "buf")->arrays, 1);
	assert_int_equal(symbol(0, "p")->pointers, 1);
	assert_int_equal(symbol(0, "q")->type, CODE_T_CHAR);
	assert_int_equal(symbol(0, "b")->type, CODE_T_STRUCT);
	assert_int_equal(symbol(0, "x")->type, CODE_T_FLOAT);
	assert_int_equal(symbol(0, "wide")->type, CODE_T_WCHAR);
	assert_true((symbol(0, "counter")->flags & CODE_Y_ATOMIC) != 0);
	assert_non_null(symbol(0, "w"));
	assert_null(symbol(CODE_NONE, "w"));
	assert_int_equal(u.record_count, 1);
}

static const char *
kinds(void)
{
	static const char letters[] = "xdbiesclwofrtngatmu";
	static char out[256];
	for (uint32_t i = 0; i < u.statement_count && i < sizeof out - 1; i++) {
		out[i] = letters[u.statements[i].kind];
		out[i + 1] = '\0';
	}
	return out;
}

static void
reads_statements(void **state)
{
	(void)state;
	read_c("void f(int a) { if (a) b(); else if (c) { d(); } else ; }");
	assert_string_equal(kinds(), "bixeibxex");
	read_c("void f(int a) { for (;;) while (a) do x(); while (b); switch (a) { case 1: y(); break; default: return; } out: goto out; }");
	assert_string_equal(kinds(), "bfwoxsbcxtcrlg");
	read_c("void f(int a) { list_for_each(p, q) { z(); } size_t n; a * b; ({ int k; y(); }); asm volatile(\"\"); }");
	assert_string_equal(kinds(), "bmbxddxbdxa");
	read_c("void f(int *a) { *a = 1; (*a) = 2; a[1] = 3; g(a); }");
	assert_string_equal(kinds(), "bxxxx");
	read_c("void f(int a) { x( } void g(void) { }");
	assert_true(u.unmatched > 0);
}

static void
stops_at_depth(void **state)
{
	(void)state;
	enum { DEEP = 20000 };
	char *text = arena_alloc(arena, DEEP * 2 + 100);
	size_t at = (size_t)sprintf(text, "void f(void) ");
	memset(text + at, '{', DEEP);
	memset(text + at + DEEP, '}', DEEP);
	read_c(text);
	assert_true(u.unmatched + u.unread > 0);
	at = (size_t)sprintf(text, "void f(void) { ");
	for (int i = 0; i < 5000; i++)
		at += (size_t)sprintf(text + at, "if(a)");
	sprintf(text + at, "; }");
	read_c(text);
	assert_int_equal(u.functions[0].unread, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_functions, begin, end),
		cmocka_unit_test_setup_teardown(names_scopes, begin, end),
		cmocka_unit_test_setup_teardown(expands_macros, begin, end),
		cmocka_unit_test_setup_teardown(reads_alternatives, begin, end),
		cmocka_unit_test_setup_teardown(reads_declarations, begin, end),
		cmocka_unit_test_setup_teardown(reads_statements, begin, end),
		cmocka_unit_test_setup_teardown(stops_at_depth, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
