/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <base/cleanup.h>
#include <base/text.h>
#include <cmocka.h>

static struct assay_span
span(const char *text)
{
	return assay_span_str(text);
}

static void
hex_goes_there_and_back(void **state)
{
	(void)state;
	unsigned char all[256], back[256];
	char hex[513];
	for (unsigned i = 0; i < 256; i++)
		all[i] = (unsigned char)i;
	text_hex((struct assay_span) { all, 256 }, hex);
	assert_int_equal(strlen(hex), 512);
	assert_memory_equal(hex, "000102", 6);
	assert_string_equal(hex + 506, "fdfeff");
	assert_int_equal(text_unhex(span(hex), back, 256), ASSAY_OK);
	assert_memory_equal(all, back, 256);
	assert_int_equal(text_unhex(span("aBC0"), back, 2), ASSAY_OK);
	assert_memory_equal(back, "\xab\xc0", 2);
}

static void
bad_hex_leaves_the_output(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "0", "000", "0g", "00 0", "0x00", "-100", "00000" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		unsigned char out[2] = { 7, 7 };
		assert_int_equal(text_unhex(span(bad[i]), out, 2), ASSAY_E_FORMAT);
		assert_int_equal(out[0], 7);
	}
	assert_int_equal(text_unhex(span(""), NULL, SIZE_MAX), ASSAY_E_FORMAT);
}

static void
utf8_is_that_of_rfc_3629(void **state)
{
	(void)state;
	static const char *const good[] = { "", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41",
		"\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe", "\xe2\x82",
		"a\xe2\x82z", "\xf0\x9f\x98" };
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(text_is_utf8(span(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_is_utf8(span(bad[i])));
	assert_false(text_is_utf8((struct assay_span) { (const unsigned char *)"a\0b", 3 }));
}

static void
escape_shows_what_hides(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{ "plain \xc3\xa9", "plain \xc3\xa9" },
		{ "\x1b[31mred", "\\x1b[31mred" },
		{ "a\tb\rc\x7f", "a\\x09b\\x0dc\\x7f" },
		{ "\xc2\x9b" "31m", "\\u{9b}31m" },
		{ "\xe2\x80\xae" "gpj.exe", "\\u{202e}gpj.exe" },
		{ "\xe2\x81\xa6x\xe2\x81\xa9", "\\u{2066}x\\u{2069}" },
		{ "a\xe2\x80\x8b" "b\xef\xbb\xbf", "a\\u{200b}b\\u{feff}" },
		{ "\xd8\x9c", "\\u{61c}" },
		{ "\xff\xc3(", "\\xff\\xc3(" },
		{ "\xf3\xa0\x81\x81", "\\u{e0041}" },
	};
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&b);
		text_escape(&b, span(rows[i][0]), true);
		assert_string_equal(buf_str(&b), rows[i][1]);
	}
	buf_reset(&b);
	text_escape(&b, span("a\nb"), false);
	assert_string_equal(buf_str(&b), "a\\x0ab");
	buf_reset(&b);
	text_escape(&b, (struct assay_span) { (const unsigned char *)"a\n\0", 3 }, true);
	assert_string_equal(buf_str(&b), "a\n\\x00");
}

static void
percent_stands_for_all_else(void **state)
{
	(void)state;
	static const struct {
		struct assay_span raw;
		const char *plain, *expected;
	} rows[] = {
		{ { (const unsigned char *)"a \xc3\xa9%~\0!", 8 }, NULL, "a%20%C3%A9%25~%00!" },
		{ { (const unsigned char *)"aZ9@[`{/:\0", 10 }, "", "aZ9%40%5B%60%7B%2F%3A%00" },
		{ { (const unsigned char *)"a/b.c d", 7 }, "./", "a/b.c%20d" },
		{ { (const unsigned char *)"", 0 }, NULL, "" },
	};
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&b);
		text_percent(&b, rows[i].raw, rows[i].plain);
		assert_string_equal(buf_str(&b), rows[i].expected);
	}
}

static void
numbers_are_digits_alone(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "-1", "+1", " 1", "1 ", "0x1", "1e3", "\xd9\xa1" };
	uint64_t v = 5;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(text_to_u64(span(bad[i]), &v), ASSAY_E_FORMAT);
	assert_int_equal(text_to_u64(span("18446744073709551616"), &v), ASSAY_E_LIMIT);
	assert_int_equal(text_to_u64(span("99999999999999999999"), &v), ASSAY_E_LIMIT);
	assert_int_equal(v, 5);
	assert_int_equal(text_to_u64(span("18446744073709551615"), &v), ASSAY_OK);
	assert_true(v == UINT64_MAX);
	assert_int_equal(text_to_u64(span("007"), &v), ASSAY_OK);
	assert_int_equal(v, 7);
}

static void
nearest_word_is_near(void **state)
{
	(void)state;
	static const char *const words[] = { "people", "person", "keys", "roles" };
	char far[200];
	memset(far, 'k', sizeof(far) - 1);
	far[sizeof(far) - 1] = '\0';
	assert_string_equal(text_nearest("peopel", words, 4), "people");
	assert_string_equal(text_nearest("key", words, 4), "keys");
	assert_string_equal(text_nearest("roles", words, 4), "roles");
	assert_null(text_nearest("zzzzzz", words, 4));
	assert_null(text_nearest("people", words, 0));
	assert_null(text_nearest(far, words, 4));
	const char *const long_words[] = { far };
	assert_null(text_nearest("k", long_words, 1));
}

static void
patterns_match_paths(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *path;
		bool matches;
	} rows[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "a", "", false },
		{ "refs/heads/*", "refs/heads/main", true },
		{ "refs/heads/*", "refs/heads/a/b", false },
		{ "refs/heads/**", "refs/heads/a/b", true },
		{ "refs/heads/*", "refs/heads/", true },
		{ "**", "any/thing", true },
		{ "**.c", "src/a/b.c", true },
		{ "*.c", "src/b.c", false },
		{ "src/*/x.c", "src/a/x.c", true },
		{ "src/*/x.c", "src/a/b/x.c", false },
		{ "src/**/x.c", "src/a/b/x.c", true },
		{ "src/**/*.c", "src/a/b/x.h", false },
		{ "v?.?", "v1.2", true },
		{ "v?", "v/", false },
		{ "a*b*c", "aXbYbZc", true },
		{ "a*b*c", "aXbYbZ", false },
		{ "***", "a/b", true },
		{ "[a]", "a", false },
		{ "[a]", "[a]", true },
		{ "Main", "main", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (text_match(span(rows[i].pattern), span(rows[i].path)) != rows[i].matches)
			fail_msg("'%s' on '%s'", rows[i].pattern, rows[i].path);
	}
}

static void
hostile_patterns_end(void **state)
{
	(void)state;
	char pattern[TEXT_PATTERN_MAX + 2], path[4000];
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % 2 == 0 ? '*' : 'a';
	memset(path, 'a', sizeof(path));
	struct assay_span p = { (const unsigned char *)pattern, TEXT_PATTERN_MAX - 1 };
	pattern[TEXT_PATTERN_MAX - 2] = 'b';
	assert_false(text_match(p, (struct assay_span) { (const unsigned char *)path, sizeof(path) }));
	memset(pattern, '*', sizeof(pattern));
	p.len = TEXT_PATTERN_MAX;
	assert_true(text_match(p, span("a/b")));
	p.len = TEXT_PATTERN_MAX + 1;
	assert_false(text_match(p, span("a/b")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_goes_there_and_back),
		cmocka_unit_test(bad_hex_leaves_the_output),
		cmocka_unit_test(utf8_is_that_of_rfc_3629),
		cmocka_unit_test(escape_shows_what_hides),
		cmocka_unit_test(percent_stands_for_all_else),
		cmocka_unit_test(numbers_are_digits_alone),
		cmocka_unit_test(nearest_word_is_near),
		cmocka_unit_test(patterns_match_paths),
		cmocka_unit_test(hostile_patterns_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
