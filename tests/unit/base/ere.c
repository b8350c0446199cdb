/* SPDX-License-Identifier: Apache-2.0 */
/* Held against the C library's own regcomp, which reads the same patterns, and against what is refused here alone. */
#include <base/ere.h>

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#define UNIT_ARENA_MAX (256u << 20)
#include "../arena_static.h"

/* "FROM+LEN", or "no". */
static const char *
find(const char *pattern, const char *text)
{
	static char out[64];
	struct assay_error err = { 0 };
	struct ere *e;
	size_t from, len;
	uint64_t steps = 0;
	arena_free(&arena);
	assert_int_equal(arena_new(16u << 20, &arena), ASSAY_OK);
	if (ere_compile(assay_span_str(pattern), arena, &e, &err) != ASSAY_OK)
		return "refused";
	if (!ere_find(e, assay_span_str(text), &from, &len, &steps))
		return "no";
	(void)snprintf(out, sizeof out, "%zu+%zu", from, len);
	return out;
}

static const char *
find_by_libc(const char *pattern, const char *text)
{
	static char out[64];
	regex_t r;
	regmatch_t m;
	if (regcomp(&r, pattern, REG_EXTENDED) != 0)
		return "refused";
	const bool found = regexec(&r, text, 1, &m, 0) == 0;
	regfree(&r);
	if (!found)
		return "no";
	(void)snprintf(out, sizeof out, "%d+%d", (int)m.rm_so, (int)(m.rm_eo - m.rm_so));
	return out;
}

static void
known(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *text, *found;
	} rows[] = {
		{ "CR-[0-9]+", "fix CR-12 and CR-3", "4+5" },
		{ "a|ab|abc", "xabcd", "1+3" },
		{ "(a|b)*c", "ababc", "0+5" },
		{ "^#[1-9][0-9]*$", "#12", "0+3" },
		{ "^#[1-9][0-9]*$", " #12", "no" },
		{ "[[:upper:]]{2,5}-[[:digit:]]{1,4}", "see PUMP-42.", "4+7" },
		{ "x{0}y", "xy", "1+1" },
		{ "a{2}", "aaa", "0+2" },
		{ "[]a]+", "x]a", "1+2" },
		{ "[^a-c]+", "abcx", "3+1" },
		{ "\\.", "a.b", "1+1" },
		{ "a?", "b", "0+0" },
		{ "[a-]", "-", "0+1" },
		{ "b$|^a", "ab", "0+1" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(find(rows[i].pattern, rows[i].text), rows[i].found) != 0)
			fail_msg("'%s' in '%s': %s", rows[i].pattern, rows[i].text, find(rows[i].pattern, rows[i].text));
	}
}

static void
refused(void **state)
{
	(void)state;
	static const char *const patterns[] = { "\\d+", "a**", "a+?", "*a", "(a", "a)", "[a", "[b-a]", "[[:letter:]]", "a{3,2}",
		"a{256}", "a{", "a{x}", "\\", "[[.a.]]", "(a{255}){255}", "\\1" };
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		if (strcmp(find(patterns[i], "a"), "refused") != 0)
			fail_msg("'%s' was taken", patterns[i]);
	}
	char deep[200];
	memset(deep, '(', 99);
	memset(deep + 99, ')', 99);
	deep[198] = '\0';
	assert_string_equal(find(deep, "a"), "refused");
}

/* Patterns and texts out of a few pieces, with a sequence that is the same each time. */
static void
as_the_c_library_has_it(void **state)
{
	(void)state;
	static const char *const pieces[] = { "a", "b", "[ab]", "[^a]", ".", "(a|b)", "(ab|a)", "a*", "b+", "(ab)*", "a?", "(a|bb){1,2}",
		"^", "$", "|", "(b|a*)" };
	unsigned seed = 12345;
	for (int i = 0; i < 20000; i++) {
		char pattern[64] = "", text[12] = "";
		for (unsigned k = 0, n = 1 + seed % 4; k < n; k++) {
			seed = seed * 1103515245u + 12345u;
			(void)snprintf(pattern + strlen(pattern), sizeof pattern - strlen(pattern), "%s",
			    pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])]);
		}
		for (unsigned k = 0; k < (seed >> 8) % 8; k++)
			text[k] = (seed >> (k + 3) & 1) != 0 ? 'a' : 'b';
		/* Which of several rows with anchors inside are valid, POSIX leaves open. */
		if (strcmp(find(pattern, text), "refused") == 0)
			continue;
		if (strcmp(find(pattern, text), find_by_libc(pattern, text)) != 0)
			fail_msg("'%s' in '%s': %s, and by the C library %s", pattern, text, find(pattern, text),
			    find_by_libc(pattern, text));
	}
}

static void
work_grows_with_text_and_pattern_alone(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct ere *e;
	size_t from, len;
	uint64_t steps = 0;
	static char text[20001];
	memset(text, 'a', 20000);
	assert_int_equal(ere_compile(assay_span_str("(a*)*(a*)*(a|aa)*b"), arena, &e, &err), ASSAY_OK);
	assert_false(ere_find(e, assay_span_str(text), &from, &len, &steps));
	assert_true(steps < 20000 * 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(known, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(as_the_c_library_has_it, setup, teardown),
		cmocka_unit_test_setup_teardown(work_grows_with_text_and_pattern_alone, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
