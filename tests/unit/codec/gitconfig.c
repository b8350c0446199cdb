/* SPDX-License-Identifier: Apache-2.0 */
/* What git 2.39 makes of the same bytes ("git config --list") stands in each expected value. */
#include <codec/gitconfig.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#define UNIT_ARENA_MAX (256u << 20)
#include "../arena.h"

static const struct {
	const char *text;
	const char *key;
	const char *value; /* NULL: bare */
} good[] = {
	{ "[core]\n\tbare = false\n", "core.bare", "false" },
	{ "[CORE]BARE=False\n", "core.bare", "False" },
	{ "[a \"B c\"]\nKey-1=x", "a.B c.key-1", "x" },
	{ "[a \"q\\\"b\\\\s\\x\"]\nk=v", "a.q\"b\\sx.k", "v" },
	{ "[a \"]\"]\nk=v", "a.].k", "v" },
	{ "[a.B.c]\nk=v", "a.b.c.k", "v" },
	{ "[a] k = v", "a.k", "v" },
	{ "[a]\nk\n", "a.k", NULL },
	{ "[a]\nk", "a.k", NULL },
	{ "[a]\nk =\n", "a.k", "" },
	{ "[a]\nk = \"\"\n", "a.k", "" },
	{ "[a]\nk =   x  y  \t\n", "a.k", "x  y" },
	{ "[a]\nk = \"  x \" \n", "a.k", "  x " },
	{ "[a]\nk = x # c\n", "a.k", "x" },
	{ "[a]\nk = x;c\n", "a.k", "x" },
	{ "[a]\nk = \"x # c\"; d\n", "a.k", "x # c" },
	{ "[a]\nk = a\"b c\"d\n", "a.k", "ab cd" },
	{ "[a]\nk = \\\"x\\\"\n", "a.k", "\"x\"" },
	{ "[a]\nk = \\t\\n\\b\\\\\n", "a.k", "\t\n\b\\" },
	{ "[a]\nk = one \\\n  two\n", "a.k", "one   two" },
	{ "[a]\nk = \"one\\\n two\"\n", "a.k", "one two" },
	{ "[a]\nk = x\\", "a.k", "x" },
	{ "[a]\r\nk = x\r\n", "a.k", "x" },
	{ "[a]\r\nk = x \\\r\n y\r\n", "a.k", "x  y" },
	{ "\xEF\xBB\xBF[a]\nk=v\n", "a.k", "v" },
	{ "# c\n; d\n\n[a] ; e\n k = v\n", "a.k", "v" },
	{ "k = v\n", "k", "v" },
};

static void
values_are_gits(void **state)
{
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct assay_error err = { 0 };
		struct gitconfig c;
		if (gitconfig_parse(assay_span_str(good[i].text), "config", *state, &c, &err)
		    != ASSAY_OK)
			fail_msg("row %zu: %s", i, err.what);
		const char *value = good[i].value == NULL ? "" : good[i].value;
		bool bare = good[i].value == NULL;
		if (c.count != 1 || strcmp(c.entries[0].key, good[i].key) != 0
		    || strcmp(c.entries[0].value, value) != 0 || c.entries[0].bare != bare)
			fail_msg("row %zu: %s=%s", i, c.entries[0].key, c.entries[0].value);
	}
}

static void
entries_keep_order_and_line(void **state)
{
	struct assay_error err = { 0 };
	struct gitconfig c;
	const char *text = "[a]\nx = 1\ny = \"2\\\n3\"\n[b \"s\"] z\n[a]\nx = 4\n";
	assert_int_equal(gitconfig_parse(assay_span_str(text), "config", *state, &c, &err), ASSAY_OK);
	assert_int_equal(c.count, 4);
	assert_string_equal(c.entries[1].value, "23");
	assert_int_equal(c.entries[1].line, 3);
	assert_string_equal(c.entries[2].key, "b.s.z");
	assert_int_equal(c.entries[2].line, 5);
	assert_string_equal(c.entries[3].key, "a.x");
	assert_int_equal(c.entries[3].line, 7);
	assert_int_equal(gitconfig_parse(assay_span_str(""), "config", *state, &c, &err), ASSAY_OK);
	assert_int_equal(c.count, 0);
}

static const struct {
	const char *text;
	unsigned line;
} bad[] = {
	{ "[a", 1 }, { "[a\n]", 1 }, { "[a b]\n", 1 }, { "[a \"b]\n", 1 }, { "[a \"b\n\"]\n", 1 },
	{ "[a \"b\" ]\n", 1 }, { "[a \"b\\\n\"]\n", 1 }, { "[a_b]\n", 1 }, { "[a]\n1k = v\n", 2 },
	{ "[a]\nk_x = v\n", 2 }, { "[a]\nk v\n", 2 }, { "[a]\nk: v\n", 2 },
	{ "[a]\n\nk = \"v\nx = y\n", 3 }, { "[a]\nk = \"v", 2 }, { "[a]\nk = \\x\n", 2 },
	{ "[a]\n= v\n", 2 }, { "]\n", 1 }, { "[a]\n\xC3\xA9 = v\n", 2 }, { "[a]\nk\r = v\n", 2 },
};

static void
bad_lines_are_refused(void **state)
{
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		struct gitconfig c = { .count = 9 };
		if (gitconfig_parse(assay_span_str(bad[i].text), "config", *state, &c, &err)
		    != ASSAY_E_FORMAT)
			fail_msg("row %zu is taken", i);
		if (err.line != bad[i].line)
			fail_msg("row %zu: line %u: %s", i, err.line, err.what);
		assert_int_equal(c.count, 9);
		assert_string_equal(err.file, "config");
	}
}

static void
caps_hold(void **state)
{
	struct assay_error err = { 0 };
	struct gitconfig c;
	CLEANUP(buf_done) struct buf b = BUF_INIT(4u << 20);
	buf_add_str(&b, "[a]\n");
	for (int i = 0; i < 20000; i++)
		buf_add_str(&b, "k=v\n");
	assert_int_equal(gitconfig_parse(buf_span(&b), "config", *state, &c, &err), ASSAY_OK);
	assert_int_equal(c.count, 20000);
	buf_add_str(&b, "k=v\n");
	assert_int_equal(gitconfig_parse(buf_span(&b), "config", *state, &c, &err), ASSAY_E_LIMIT);
	buf_reset(&b);
	for (int i = 0; i < 5000; i++)
		buf_add_str(&b, i == 0 ? "[" : "a");
	assert_int_equal(gitconfig_parse(buf_span(&b), "config", *state, &c, &err), ASSAY_E_FORMAT);
	buf_add_str(&b, "]\n");
	assert_int_equal(gitconfig_parse(buf_span(&b), "config", *state, &c, &err), ASSAY_E_LIMIT);
	struct assay_span large = { b.data, (1u << 20) + 1 };
	assert_int_equal(gitconfig_parse(large, "config", *state, &c, &err), ASSAY_E_LIMIT);
	struct assay_span nul = { (const unsigned char *)"[a]\nk=\0", 7 };
	assert_int_equal(gitconfig_parse(nul, "config", *state, &c, &err), ASSAY_E_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_gits),
		cmocka_unit_test(entries_keep_order_and_line),
		cmocka_unit_test(bad_lines_are_refused),
		cmocka_unit_test(caps_hold),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
