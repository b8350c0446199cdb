/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <base/cleanup.h>
#include <sca/compile.h>

#define WORDS_MAX 8

static const struct sca_root roots[] = { { "/home/me/p", "/src" }, { "/home/me/out", "/build" } };
static const struct sca_compile place = { "compile_commands.json", roots, 2, "" };

static struct sca_unit
take(struct arena *a, const char *const *words, const char *directory, const char *file)
{
	struct sca_unit u;
	struct assay_error err;
	size_t n = 0;
	while (words[n] != NULL)
		n++;
	assert_int_equal(sca_compile_words(words, n, directory, file, &place, a, &u, &err), ASSAY_OK);
	return u;
}

/* What is passed on, word by word. */
static void
what_is_harmless_is_passed(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(1u << 20, &a), ASSAY_OK);
	static const struct {
		const char *in[WORDS_MAX], *out[WORDS_MAX];
	} rows[] = {
		{ { "cc", "a.c" }, { NULL } },
		{ { "cc", "-Iinc", "-I", "/home/me/p/inc/../x", "a.c" }, { "-I/src/inc", "-I/src/x" } },
		{ { "cc", "-I/home/me/out/gen", "-I../out", "a.c" }, { "-I/build/gen", "-I/build" } },
		{ { "cc", "-isystem", "/usr/include/libxml2", "a.c" }, { "-isystem", "/usr/include/libxml2" } },
		{ { "cc", "-DX=1", "-D", "Y=a;b", "-UZ", "a.c" }, { "-DX=1", "-DY=a;b", "-UZ" } },
		{ { "cc", "-std=gnu11", "-pthread", "-m32", "a.c" }, { "-std=gnu11", "-pthread", "-m32" } },
		{ { "ccache", "/opt/x/arm-gcc", "-c", "-o", "a.o", "a.c" }, { NULL } },
		{ { "cc", "-MD", "-MF", "a.d", "-O2", "-g3", "-Wall", "a.c" }, { NULL } },
		{ { "cc", "-fsigned-char", "-fno-plt", "-flto=auto", "a.c" }, { "-fsigned-char" } },
		{ { "cc", "-x", "c++", "a.c" }, { "-xc++" } },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sca_unit u = take(a, rows[i].in, "/home/me/p", "a.c");
		assert_null(u.refused);
		assert_string_equal(u.path, "a.c");
		size_t n = 0;
		for (; rows[i].out[n] != NULL; n++)
			assert_string_equal(u.args[n], rows[i].out[n]);
		assert_int_equal(u.arg_count, n);
	}
}

/* What loads, runs, writes or leads out refuses its unit, and says by which word. */
static void
the_rest_is_refused(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(1u << 20, &a), ASSAY_OK);
	static const char *const words[] = { "-fplugin=x.so", "-fplugin-arg-x-y", "-wrapper", "-specs=x", "--specs=x", "-B.", "-Bx",
		"@x", "-Xclang", "-Xpreprocessor", "-Xlinker", "-load", "-Wp,-x", "-Wa,-x", "-Wl,-x", "-save-temps", "-fdump-tree-all",
		"-fprofile-use=x", "-fcallgraph-info", "-I/etc", "-I../..", "-I/home/me/pp", "-include/etc/shadow", "-I/usr/../etc",
		"--sysroot=/x", "-isysroot/x", "-imultilib/x", "b.c", "-", "-x", "-xassembler", "--config=x", "-iwithprefix/x", "-Mx",
		"-ffile-compilation-dir=x", "-std=c17 -x", "-no-canonical-prefixes", "-include-pch=x", "-march=x y", "-T", "-###" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const char *const command[] = { "cc", "a.c", words[i], NULL };
		struct sca_unit u = take(a, command, "/home/me/p", "a.c");
		assert_non_null(u.refused);
		assert_string_equal(u.refused_word, words[i]);
	}
	const char *const plain[] = { "cc", "a.c", NULL };
	assert_non_null(take(a, plain, "/etc", "a.c").refused);
	assert_non_null(take(a, plain, "/home/me/p/..", "a.c").refused);
	assert_non_null(take(a, plain, "/home/me/p", "/etc/a.c").refused);
	assert_non_null(take(a, plain, "/home/me/out", "a.c").refused);
	assert_null(take(a, plain, ".", "./x/../a.c").refused);
}

static void
silencers_are_told(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(1u << 20, &a), ASSAY_OK);
	const char *const command[] = { "cc", "-w", "-Wno-format", "-Wno-error", "-Wno-error=format", "-fno-analyzer", "a.c", NULL };
	struct sca_unit u = take(a, command, "/home/me/p", "a.c");
	assert_null(u.refused);
	assert_int_equal(u.arg_count, 0);
	assert_int_equal(u.silencer_count, 3);
	assert_string_equal(u.silencers[0], "-w");
	assert_string_equal(u.silencers[1], "-Wno-format");
	assert_string_equal(u.silencers[2], "-fno-analyzer");
}

static void
a_database(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(8u << 20, &a), ASSAY_OK);
	struct sca_database d;
	struct assay_error err;
	static const char text[] = "[{\"directory\": \"/home/me/p/b\", \"command\": \"cc -DA=\\\\\\\"x\\\\\\\" -c '../a b.c'\", \"file\": \"../a b.c\"},\n"
	    "{\"directory\": \"/home/me/p\", \"command\": \"cc a.c && id\", \"file\": \"a.c\"}]";
	assert_int_equal(sca_compile_read(assay_span_str(text), &place, a, &d, &err), ASSAY_OK);
	assert_int_equal(d.count, 2);
	assert_string_equal(d.units[0].path, "a b.c");
	assert_string_equal(d.units[0].args[0], "-DA=\"x\"");
	assert_int_equal(d.units[1].line, 2);
	assert_non_null(d.units[1].refused);
	static const char *const bad[] = { "", "{}", "[1]", "[{}]", "[{\"directory\": \"/\", \"file\": \"a.c\"}]", "[",
		"[{\"directory\": \"/\", \"file\": \"a.c\", \"arguments\": [1]}]" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(sca_compile_read(assay_span_str(bad[i]), &place, a, &d, &err), ASSAY_E_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_harmless_is_passed),
		cmocka_unit_test(the_rest_is_refused),
		cmocka_unit_test(silencers_are_told),
		cmocka_unit_test(a_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
