/* SPDX-License-Identifier: Apache-2.0 */
#include <code/lex.h>

#include <base/cleanup.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena *arena;

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

static struct code_tokens
lex_bytes(const char *text, size_t len, enum code_language language)
{
	struct assay_error err = { 0 };
	struct code_tokens t = { 0 };
	if (code_lex((struct assay_span){ (const unsigned char *)text, len }, language, arena, &t, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return t;
}

static struct code_tokens
lex(const char *text)
{
	return lex_bytes(text, strlen(text), CODE_C);
}

/* Kinds as letters and spellings, in brackets: "i[int] p[;]". */
static const char *
shown(const struct code_tokens *t, const struct code_token *tokens, uint32_t count)
{
	static const char letters[] = { 'E', 'i', 'n', 's', 'c', 'p', '/', 'h', '!' };
	static char out[4096];
	size_t at = 0;
	out[0] = '\0';
	for (uint32_t i = 0; i < count; i++) {
		char word[256];
		code_spelling(t, &tokens[i], word, sizeof word);
		const char letter = tokens[i].kind == CODE_IDENTIFIER && tokens[i].what != 0 ? 'k' : letters[tokens[i].kind];
		at += (size_t)snprintf(out + at, sizeof out - at, "%s%c[%s]", i == 0 ? "" : " ", letter, word);
	}
	return out;
}

static void
expect_in(enum code_language language, const char *text, const char *words)
{
	const struct code_tokens t = lex_bytes(text, strlen(text), language);
	assert_string_equal(shown(&t, t.tokens, t.count), words);
	assert_int_equal(t.tokens[t.count].kind, CODE_END);
}

static void
expect(const char *text, const char *words)
{
	expect_in(CODE_C, text, words);
}

static void
reads_tokens(void **state)
{
	(void)state;
	expect("int x = 0x1Fu;", "k[int] i[x] p[=] n[0x1Fu] p[;]");
	expect("a->b.c ... ->* <=> >>= ::", "i[a] p[->] i[b] p[.] i[c] p[...] p[->] p[*] p[<=] p[>] p[>>=] p[::]");
	expect_in(CODE_CXX, "a->*b .* <=> ::", "i[a] p[->*] i[b] p[.*] p[<=>] p[::]");
	expect("1.e+5f .5 ..5 0xE+1 1'0'", "n[1.e+5f] n[.5] p[.] n[.5] n[0xE+1] n[1] c['0']");
	expect_in(CODE_CXX, "1'000'000u", "n[1'000'000u]");
	expect("L\"a\" u8\"b\" u'c' U\"\\\"\" xL\"d\"", "s[L\"a\"] s[u8\"b\"] c[u'c'] s[U\"\\\"\"] i[xL] s[\"d\"]");
	expect("__inline__ __const restrict class", "k[__inline__] k[__const] k[restrict] i[class]");
	expect_in(CODE_CXX, "class restrict bool", "k[class] i[restrict] k[bool]");
	expect("\xc3\xa9t\xc3\xa9 \\u00e9x $d a$", "i[\xc3\xa9t\xc3\xa9] i[\\u00e9x] i[$d] i[a$]");
	expect("", "");
	expect("\xEF\xBB\xBFint", "k[int]");
}

static void
reads_operators_otherwise_spelled(void **state)
{
	(void)state;
	struct code_tokens t = lex("a<:0:> <% %>");
	assert_true(code_punct(&t.tokens[1], '['));
	assert_true((t.tokens[1].flags & CODE_DIGRAPH) != 0);
	assert_true(code_punct(&t.tokens[3], ']'));
	assert_true(code_punct(&t.tokens[4], '{'));
	assert_true(code_punct(&t.tokens[5], '}'));
	expect_in(CODE_CXX, "f<::g> x<::>", "i[f] p[<] p[::] i[g] p[>] i[x] p[<:] p[:>]");
	t = lex_bytes("a and not b", 11, CODE_CXX);
	assert_true(code_punct(&t.tokens[1], CODE_P_AND));
	assert_true(code_punct(&t.tokens[2], '!'));
	expect("and", "i[and]");
	t = lex("%:define X a %:%: b\nX");
	assert_int_equal(t.directive_count, 1);
	assert_int_equal(t.directives[0].kind, CODE_D_DEFINE);
	assert_true(code_punct(&t.words[2], CODE_P_PASTE));
}

static void
joins_lines(void **state)
{
	(void)state;
	expect("sys\\\ntem(\\\r\n\"a\\\nb\"\\  \n)", "i[system] p[(] s[\"ab\"] p[)]");
	expect("-\\\n> +\\\n+ 1\\\n2 i\\\nnt", "p[->] p[++] n[12] k[int]");
	expect("/\\\n* hidden */ a /\\\n/ hidden\nb", "i[a] i[b]");
	expect("// hidden \\\nhidden\\ \nhidden too\nseen", "i[seen]");
	expect("/* x *\\\n/ a", "i[a]");
	expect("\"a\\\\\n\" b", "s[\"a\\\" b]");
	expect("\"\\\\\\\n\" \" b", "s[\"\\\\\"] s[\" b]");
	expect("L\\\n\"x\" \"\\\\\n\"y\"", "s[L\"x\"] s[\"\\\"y\"]");
	expect("a\\\n b\\", "i[a] i[b] ![\\]");
	const struct code_tokens t = lex("sys\\\ntem x\ny");
	assert_true(code_is(&t, &t.tokens[0], "system"));
	assert_false(code_is(&t, &t.tokens[0], "syste"));
	assert_false(code_is(&t, &t.tokens[0], "systems"));
	assert_int_equal(t.tokens[0].line, 1);
	assert_int_equal(t.tokens[1].line, 2);
	assert_int_equal(code_column(&t, &t.tokens[1]), 5);
	assert_int_equal(t.tokens[2].line, 3);
	assert_int_equal(t.line_count, 3);
	assert_int_equal(code_line_of(&t, 0), 1);
	assert_int_equal(code_line_of(&t, t.tokens[2].at), 3);
}

static void
names_what_it_cannot_read(void **state)
{
	(void)state;
	static const char nul[] = "int\0x; \xff\xfe\x80 @ `";
	struct code_tokens t = lex_bytes(nul, sizeof nul - 1, CODE_C);
	assert_int_equal(t.invalid, 4);
	assert_int_equal(t.tokens[1].kind, CODE_INVALID);
	assert_int_equal(t.tokens[2].kind, CODE_IDENTIFIER);
	assert_int_equal(t.tokens[4].kind, CODE_INVALID);
	assert_int_equal(t.tokens[4].len, 3);
	t = lex("char *s = \"open\nint y; /* open");
	assert_int_equal(t.unterminated, 2);
	assert_true((t.tokens[4].flags & CODE_UNTERMINATED) != 0);
	assert_true(code_is(&t, &t.tokens[5], "int"));
	assert_int_equal(t.comment_count, 1);
	t = lex("#error don't\nint x;");
	assert_int_equal(t.unterminated, 0);
	assert_int_equal(t.count, 3);
	t = lex("R\"x(never closed");
	assert_int_equal(t.unterminated, 1);
	t = lex("\"what?\?/\" a?\?!b // why?\?/\n");
	assert_int_equal(t.trigraphs, 3);
	t = lex("// seen by some\rsystem(x);\r\ny");
	assert_int_equal(t.lone_returns, 1);
	assert_true(code_is(&t, &t.tokens[0], "system"));
	assert_int_equal(t.tokens[0].line, 2);
	assert_int_equal(t.line_count, 3);
}

static void
reads_raw_strings(void **state)
{
	(void)state;
	struct code_tokens t = lex("R\"x(a\"\n)\\\n)x\" b R\"(c)\" R\"a b(\" y");
	assert_int_equal(t.tokens[0].flags & CODE_RAW, CODE_RAW);
	assert_true(code_is(&t, &t.tokens[1], "b"));
	assert_int_equal(t.tokens[1].line, 3);
	assert_int_equal(t.tokens[2].flags & CODE_RAW, CODE_RAW);
	assert_int_equal(t.tokens[3].flags & CODE_RAW, 0);
	assert_true(code_is(&t, &t.tokens[4], "y"));
}

static void
reads_directives(void **state)
{
	(void)state;
	struct code_tokens t = lex("a\n /* c */ # define F(x) x \\\n + 1 // why\n#\n#include <a'b.h>\n#if A < B\n# 12 \"f.c\"\nb # c\n"
				   "#pragma GCC diagnostic\n#de\\\nfine Q /* one\n two */ 3\n#whatever");
	assert_int_equal(t.directive_count, 8);
	assert_int_equal(t.directives[0].kind, CODE_D_DEFINE);
	assert_int_equal(t.directives[0].count, 7);
	assert_int_equal(t.directives[0].line, 2);
	assert_int_equal(t.directives[0].before, 1);
	assert_int_equal(t.directives[1].kind, CODE_D_NONE);
	assert_int_equal(t.directives[2].kind, CODE_D_INCLUDE);
	assert_int_equal(t.words[t.directives[2].first].kind, CODE_HEADER);
	assert_int_equal(t.directives[3].kind, CODE_D_IF);
	assert_int_equal(t.directives[3].count, 3);
	assert_int_equal(t.directives[4].kind, CODE_D_LINE);
	assert_int_equal(t.directives[5].kind, CODE_D_PRAGMA);
	assert_int_equal(t.directives[5].before, 4);
	assert_int_equal(t.directives[6].kind, CODE_D_DEFINE);
	assert_int_equal(t.directives[6].count, 2);
	assert_int_equal(t.directives[7].kind, CODE_D_OTHER);
	assert_string_equal(shown(&t, t.tokens, t.count), "i[a] i[b] p[#] i[c]");
	assert_int_equal(t.comment_count, 3);
	assert_int_equal(t.tokens[1].flags & CODE_FIRST, CODE_FIRST);
	assert_int_equal(t.tokens[2].flags & CODE_FIRST, 0);
}

static void
reads_much(void **state)
{
	(void)state;
	enum { SIZE = 5 << 20 };
	char *big = malloc(SIZE);
	assert_non_null(big);
	for (size_t i = 0; i < SIZE; i++)
		big[i] = "0,"[i % 2];
	struct code_tokens t = lex_bytes(big, SIZE, CODE_C);
	assert_int_equal(t.count, SIZE);
	assert_int_equal(t.line_count, 1);
	assert_int_equal(code_column(&t, &t.tokens[SIZE - 1]), SIZE);
	assert_int_equal(code_token_from(&t, SIZE / 2), SIZE / 2);
	assert_int_equal(code_token_from(&t, SIZE + 1), SIZE);
	free(big);
	struct assay_error err = { 0 };
	struct code_tokens none = { .count = 77 };
	const struct assay_span huge = { (const unsigned char *)"", (size_t)CODE_SIZE_MAX + 1 };
	assert_int_equal(code_lex(huge, CODE_C, arena, &none, &err), ASSAY_E_LIMIT);
	assert_int_equal(none.count, 77);
	CLEANUP(arena_free) struct arena *small = NULL;
	assert_int_equal(arena_new(2048, &small), ASSAY_OK);
	const char *text = "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a";
	assert_int_equal(code_lex(assay_span_str(text), CODE_C, small, &none, &err), ASSAY_E_MEMORY);
}

static void
knows_endings(void **state)
{
	(void)state;
	enum code_language language = CODE_C;
	assert_true(code_language_of("src/a.c", &language));
	assert_int_equal(language, CODE_C);
	assert_true(code_language_of("A.CPP", &language));
	assert_int_equal(language, CODE_CXX);
	assert_true(code_language_of("a.C", &language));
	assert_int_equal(language, CODE_CXX);
	assert_true(code_language_of("b/c.d/e.h", &language));
	assert_int_equal(language, CODE_C);
	assert_false(code_language_of("b.c/e", &language));
	assert_false(code_language_of("README.md", &language));
	assert_false(code_language_of("c", &language));
}

static void
compares_spellings(void **state)
{
	(void)state;
	const struct code_tokens t = lex("abc a\\\nbc ab abcd");
	assert_true(code_same(&t, &t.tokens[0], &t.tokens[1]));
	assert_false(code_same(&t, &t.tokens[1], &t.tokens[2]));
	assert_false(code_same(&t, &t.tokens[1], &t.tokens[3]));
	assert_false(code_same(&t, &t.tokens[0], &t.tokens[2]));
	char word[3];
	assert_int_equal(code_spelling(&t, &t.tokens[1], word, sizeof word), 3);
	assert_string_equal(word, "ab");
	const struct code_tokens u = lex("x = y += z == w <= 1;");
	assert_true(code_assigns(&u.tokens[1]));
	assert_true(code_assigns(&u.tokens[3]));
	assert_false(code_assigns(&u.tokens[5]));
	assert_false(code_assigns(&u.tokens[7]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_tokens, begin, end),
		cmocka_unit_test_setup_teardown(reads_operators_otherwise_spelled, begin, end),
		cmocka_unit_test_setup_teardown(joins_lines, begin, end),
		cmocka_unit_test_setup_teardown(names_what_it_cannot_read, begin, end),
		cmocka_unit_test_setup_teardown(reads_raw_strings, begin, end),
		cmocka_unit_test_setup_teardown(reads_directives, begin, end),
		cmocka_unit_test_setup_teardown(reads_much, begin, end),
		cmocka_unit_test_setup_teardown(knows_endings, begin, end),
		cmocka_unit_test_setup_teardown(compares_spellings, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
