/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/jsontree.h>

#include <base/cleanup.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static enum assay_status
parse(const char *text, size_t len, struct arena **arena, struct jsontree **root, struct assay_error *err)
{
	assert_int_equal(arena_new(256u << 20, arena), ASSAY_OK);
	return jsontree_parse((struct assay_span){ (const unsigned char *)text, len }, "x.json", *arena, root, err);
}

static void
test_values_and_places(void **state)
{
	static const char text[] = "\xEF\xBB\xBF{\n  \"a\": \"x\\u00e9\\ud83d\\ude00\\n\",\n  \"b\": [1, -2.5e3, true, null],\n  \"c\": {}\n}\n";
	struct assay_error err = { 0 };
	struct jsontree *root = NULL;
	CLEANUP(arena_free) struct arena *arena = NULL;
	(void)state;
	assert_int_equal(parse(text, sizeof text - 1, &arena, &root, &err), ASSAY_OK);
	assert_string_equal(jsontree_str(root, "a"), "x\xC3\xA9\xF0\x9F\x98\x80\n");
	const struct jsontree *b = jsontree_get(root, "b");
	assert_int_equal(b->count, 4);
	assert_int_equal(b->line, 3);
	assert_int_equal(b->column, 3);
	assert_string_equal(b->first->text, "1");
	assert_string_equal(b->first->next->text, "-2.5e3");
	assert_true(b->first->next->next->truth);
	assert_null(jsontree_get(root, "d"));
	assert_null(jsontree_get(b, "a"));
	assert_null(jsontree_get(NULL, "a"));
	assert_false(jsontree_true(root, "a"));
}

static const struct {
	const char *text;
	unsigned line, column;
} refused[] = {
	{ "", 1, 1 },
	{ "{\"a\":1,\n \"a\":2}", 2, 2 },
	{ "[1,]", 1, 4 },
	{ "{\"a\":}", 1, 6 },
	{ "{a:1}", 1, 2 },
	{ "[01]", 1, 4 },
	{ "[1.]", 1, 4 },
	{ "[+1]", 1, 2 },
	{ "\"\\x\"", 1, 4 },
	{ "\"\\u00\"", 1, 4 },
	{ "\"\\u0000\"", 1, 8 },
	{ "\"\\ud800\"", 1, 8 },
	{ "\"\\ud800\\u0041\"", 1, 14 },
	{ "\"\\udc00\"", 1, 8 },
	{ "\"a\nb\"", 1, 3 },
	{ "\"a", 1, 3 },
	{ "[1] 2", 1, 5 },
	{ "// no\n1", 1, 1 },
	{ "nul", 1, 1 },
	{ "\"\xC3\"", 1, 1 },
};

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct assay_error err = { 0 };
		struct jsontree *root = NULL;
		CLEANUP(arena_free) struct arena *arena = NULL;
		assert_int_equal(parse(refused[i].text, strlen(refused[i].text), &arena, &root, &err), ASSAY_E_FORMAT);
		assert_null(root);
		assert_int_equal(err.line, refused[i].line);
		assert_int_equal(err.column, refused[i].column);
	}
}

static void
test_caps(void **state)
{
	static char text[4000000];
	(void)state;
	for (int kind = 0; kind < 2; kind++) {
		struct assay_error err = { 0 };
		struct jsontree *root = NULL;
		CLEANUP(arena_free) struct arena *arena = NULL;
		memset(text, '[', sizeof text);
		for (size_t i = 1; kind == 1 && i < sizeof text; i++)
			text[i] = i % 2 == 1 ? '1' : ',';
		assert_int_equal(parse(text, sizeof text, &arena, &root, &err), ASSAY_E_LIMIT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_and_places),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_caps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
