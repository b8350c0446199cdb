/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/yaml.h>

#include <base/buf.h>
#include <stddef.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#define UNIT_ARENA_MAX (256u << 20)
#include "../arena.h"

static struct yaml_node *
good(void **state, const char *text)
{
	struct assay_error err = { 0 };
	struct yaml_node *root = NULL;
	if (yaml_parse(assay_span_str(text), "t.yaml", *state, &root, &err) != ASSAY_OK)
		fail_msg("%u:%u: %s", err.line, err.column, err.what);
	return root;
}

static void
tree_holds_kinds_keys_and_places(void **state)
{
	const struct yaml_node *root = good(state,
	    "# a comment\n"
	    "name: Ann\n"
	    "list:\n"
	    "  - one\n"
	    "  - 'two'\n"
	    "map: {a: 1, \"b\": }\n"
	    "text: |\n"
	    "  line\n"
	    "  line\n");
	assert_int_equal(root->kind, YAML_MAPPING);
	assert_int_equal(root->count, 4);
	const struct yaml_node *name = yaml_get(root, "name");
	assert_string_equal(name->text, "Ann");
	assert_true(name->plain);
	assert_int_equal(name->line, 2);
	assert_int_equal(name->column, 7);
	assert_int_equal(name->key_line, 2);
	assert_int_equal(name->key_column, 1);
	const struct yaml_node *list = yaml_get(root, "list");
	assert_int_equal(list->kind, YAML_SEQUENCE);
	assert_int_equal(list->count, 2);
	assert_null(list->first->key);
	assert_string_equal(list->first->next->text, "two");
	assert_false(list->first->next->plain);
	assert_int_equal(list->first->next->line, 5);
	const struct yaml_node *map = yaml_get(root, "map");
	const struct yaml_node *b = yaml_get(map, "b");
	assert_true(yaml_is_null(b));
	assert_int_equal(b->line, 6);
	assert_true(b->column > 0);
	assert_string_equal(yaml_get(root, "text")->text, "line\nline\n");
	assert_null(yaml_get(root, "absent"));
	assert_null(yaml_get(name, "absent"));
}

static void
null_is_told_from_text(void **state)
{
	const struct yaml_node *root
	    = good(state, "a:\nb: null\nc: ~\nd: 'null'\ne: ''\nf: nullx\n");
	assert_true(yaml_is_null(yaml_get(root, "a")));
	assert_true(yaml_is_null(yaml_get(root, "b")));
	assert_true(yaml_is_null(yaml_get(root, "c")));
	assert_false(yaml_is_null(yaml_get(root, "d")));
	assert_false(yaml_is_null(yaml_get(root, "e")));
	assert_false(yaml_is_null(yaml_get(root, "f")));
	assert_false(yaml_is_null(root));
}

static void
bom_crlf_and_marks_are_read(void **state)
{
	assert_string_equal(yaml_get(good(state, "\xEF\xBB\xBF" "a: b\r\nc: d\r\n"), "c")->text, "d");
	assert_string_equal(yaml_get(good(state, "---\na: b\n...\n"), "a")->text, "b");
	assert_string_equal(yaml_get(good(state, "a: \"\\u00e9\\t\"\n"), "a")->text, "\xC3\xA9\t");
}

struct bad {
	const char *text;
	unsigned line, column;
	const char *what;
};

static const struct bad bad_files[] = {
	{ "", 1, 1, "empty file" },
	{ "# nothing\n", 1, 1, "empty document" },
	{ "---\n", 1, 1, "empty document" },
	{ "---\n---\n", 2, 1, "second document" },
	{ "a: 1\n---\nb: 2\n", 2, 1, "second document" },
	{ "a: &x 1\n", 1, 4, "anchor" },
	{ "a: &x {b: 1}\n", 1, 4, "anchor" },
	{ "a: &x [b]\n", 1, 4, "anchor" },
	{ "a: 1\nb: *x\n", 2, 4, "alias" },
	{ "a: !!str 1\n", 1, 4, "tag" },
	{ "a: !x {b: 1}\n", 1, 4, "tag" },
	{ "<<: {a: 1}\n", 1, 1, "merge key" },
	{ "a: 1\n\"<<\": {a: 1}\n", 2, 1, "merge key" },
	{ "a: 1\nb: 2\na: 3\n", 3, 1, "'a' stands twice, first in line 1" },
	{ "{a: 1, b: 2, 'a': 3}\n", 1, 14, "stands twice" },
	{ "x:\n  - {b: 1}\n  - {b: 1, b: 1}\n", 3, 12, "stands twice" },
	{ "? [a, b]\n: 1\n", 1, 3, "plain word" },
	{ "{a: b}: 1\n", 1, 1, "plain word" },
	{ ": 1\n", 1, 1, "empty key" },
	{ "%YAML 1.1\n---\na: 1\n", 1, 1, "directive" },
	{ "%TAG ! tag:x,2000:\n---\na: 1\n", 1, 1, "directive" },
	{ "a: \x01\n", 1, 4, "control" },
	{ "a: b\n\xC3(: 1\n", 2, 1, "not UTF-8" },
	{ "a: \xED\xA0\x80\n", 1, 4, "not UTF-8" },
	{ "\xC3\xA9: \xFF\n", 1, 4, "not UTF-8" },
	{ "a: \"\\0\"\n", 1, 4, "NUL" },
	{ "a: \"\\x00\"\n", 1, 4, "NUL" },
	{ "a: [1, 2\n", 0, 0, "not well-formed" },
	{ "a: 1\n b: 2\n", 0, 0, "not well-formed" },
	{ "a:\n\tb: 2\n", 0, 0, "not well-formed" },
	{ "a: 'x\n", 0, 0, "not well-formed" },
	{ "a: b: c\n", 0, 0, "not well-formed" },
	{ "]", 0, 0, "not well-formed" },
};

static void
refused_with_place(void **state)
{
	for (size_t i = 0; i < sizeof bad_files / sizeof bad_files[0]; i++) {
		const struct bad *b = &bad_files[i];
		struct assay_error err = { 0 };
		struct yaml_node *root = NULL;
		enum assay_status s
		    = yaml_parse(assay_span_str(b->text), "t.yaml", *state, &root, &err);
		if (s != ASSAY_E_FORMAT || strstr(err.what, b->what) == NULL)
			fail_msg("row %zu: %s", i, err.what);
		if (b->line != 0 && (err.line != b->line || err.column != b->column))
			fail_msg("row %zu: %u:%u: %s", i, err.line, err.column, err.what);
		if (err.line == 0 || err.column == 0)
			fail_msg("row %zu has no place: %s", i, err.what);
		assert_string_equal(err.file, "t.yaml");
		assert_null(root);
	}
}

static void
nul_byte_is_refused_with_place(void **state)
{
	static const unsigned char text[] = "a: 1\nb: x\0y\n";
	struct assay_error err = { 0 };
	struct yaml_node *root = NULL;
	struct assay_span s = { text, sizeof text - 1 };
	assert_int_equal(yaml_parse(s, "t.yaml", *state, &root, &err), ASSAY_E_FORMAT);
	assert_int_equal(err.line, 2);
	assert_int_equal(err.column, 5);
}

static void
depth_count_and_size_are_capped(void **state)
{
	struct assay_error err = { 0 };
	struct yaml_node *root = NULL;
	struct buf b = BUF_INIT(16u << 20);
	for (int i = 0; i < YAML_DEPTH_MAX; i++)
		buf_add_byte(&b, '[');
	for (int i = 0; i < YAML_DEPTH_MAX; i++)
		buf_add_byte(&b, ']');
	assert_int_equal(yaml_parse(buf_span(&b), "t", *state, &root, &err), ASSAY_OK);
	buf_reset(&b);
	for (int i = 0; i < YAML_DEPTH_MAX + 1; i++)
		buf_add_byte(&b, '[');
	assert_int_equal(yaml_parse(buf_span(&b), "t", *state, &root, &err), ASSAY_E_LIMIT);
	buf_reset(&b);
	for (int i = 0; i < 100000; i++)
		buf_add_byte(&b, '[');
	assert_int_not_equal(yaml_parse(buf_span(&b), "t", *state, &root, &err), ASSAY_OK);
	buf_reset(&b);
	for (int i = 0; i <= YAML_NODES_MAX; i++)
		buf_add_str(&b, "- a\n");
	assert_int_equal(yaml_parse(buf_span(&b), "t", *state, &root, &err), ASSAY_E_LIMIT);
	struct assay_span large = { b.data, YAML_SIZE_MAX + 1 };
	assert_int_equal(yaml_parse(large, "t", *state, &root, &err), ASSAY_E_LIMIT);
	buf_done(&b);
}

static void
many_keys_take_no_quadratic_time(void **state)
{
	struct assay_error err = { 0 };
	struct yaml_node *root = NULL;
	struct buf b = BUF_INIT(16u << 20);
	for (int i = 0; i < 60000; i++)
		buf_addf(&b, "key-%d: 1\n", i);
	assert_int_equal(yaml_parse(buf_span(&b), "t", *state, &root, &err), ASSAY_OK);
	assert_int_equal(root->count, 60000);
	buf_add_str(&b, "key-7: 2\n");
	assert_int_equal(yaml_parse(buf_span(&b), "t", *state, &root, &err), ASSAY_E_FORMAT);
	assert_int_equal(err.line, 60001);
	buf_done(&b);
}

struct sample {
	const char *name;
	bool on;
	uint32_t count;
	int64_t day;
	struct yaml_strings list;
};

static const struct yaml_field sample_fields[] = {
	{ "name", true, offsetof(struct sample, name), yaml_str },
	{ "on", false, offsetof(struct sample, on), yaml_bool },
	{ "count", false, offsetof(struct sample, count), yaml_u32 },
	{ "day", false, offsetof(struct sample, day), yaml_time },
	{ "list", false, offsetof(struct sample, list), yaml_str_list },
};

static enum assay_status
decode(void **state, const char *text, struct sample *ret_sample, struct assay_error *err)
{
	struct yaml_node *root = NULL;
	struct yaml_context c = { "t.yaml", *state };
	enum assay_status s = yaml_parse(assay_span_str(text), "t.yaml", *state, &root, err);
	if (s != ASSAY_OK)
		return s;
	return yaml_decode(&c, root, sample_fields, 5, ret_sample, err);
}

static void
decode_fills_by_table(void **state)
{
	struct assay_error err = { 0 };
	struct sample v = { 0 };
	assert_int_equal(decode(state, "name: no\non: true\ncount: 4294967295\nday: 2024-01-02\n"
				       "list: [a, '2']\n", &v, &err), ASSAY_OK);
	assert_string_equal(v.name, "no");
	assert_true(v.on);
	assert_true(v.count == UINT32_MAX);
	assert_int_equal(v.day, 1704153600);
	assert_int_equal(v.list.count, 2);
	assert_string_equal(v.list.items[1], "2");
	assert_int_equal(decode(state, "name: 'null'\nlist: []\n", &v, &err), ASSAY_OK);
	assert_int_equal(v.list.count, 0);
}

static const struct bad bad_values[] = {
	{ "name: a\nconut: 1\n", 2, 1, "unknown key 'conut'" },
	{ "on: true\n", 1, 1, "'name' is missing" },
	{ "- a\n", 1, 1, "mapping" },
	{ "name: [a]\n", 1, 7, "name must be text" },
	{ "name:\n", 1, 1, "no value" },
	{ "name: ~\n", 1, 7, "no value" },
	{ "name: ''\n", 1, 7, "empty" },
	{ "name: a\non: yes\n", 2, 5, "true or false" },
	{ "name: a\non: 'true'\n", 2, 5, "true or false" },
	{ "name: a\ncount: -1\n", 2, 8, "whole number" },
	{ "name: a\ncount: 4294967296\n", 2, 8, "whole number" },
	{ "name: a\ncount: 010\n", 2, 8, "whole number" },
	{ "name: a\ncount: '1'\n", 2, 8, "whole number" },
	{ "name: a\nday: 2024-02-30\n", 2, 6, "day" },
	{ "name: a\nday: [x]\n", 2, 6, "day" },
	{ "name: a\nlist: x\n", 2, 7, "list" },
	{ "name: a\nlist: [a, ~]\n", 2, 11, "no value" },
	{ "name: a\nlist: [a, [b]]\n", 2, 11, "must be text" },
};

static void
decode_names_what_is_wrong(void **state)
{
	for (size_t i = 0; i < sizeof bad_values / sizeof bad_values[0]; i++) {
		const struct bad *b = &bad_values[i];
		struct assay_error err = { 0 };
		struct sample v = { 0 };
		if (decode(state, b->text, &v, &err) != ASSAY_E_FORMAT
		    || strstr(err.what, b->what) == NULL)
			fail_msg("row %zu: %s", i, err.what);
		if (err.line != b->line || (b->column != 1 && err.column != b->column))
			fail_msg("row %zu: %u:%u: %s", i, err.line, err.column, err.what);
		assert_string_equal(err.file, "t.yaml");
	}
}

static void
decode_names_the_nearest_key(void **state)
{
	struct assay_error err = { 0 };
	struct sample v = { 0 };
	assert_int_equal(decode(state, "name: a\ncuont: 1\n", &v, &err), ASSAY_E_FORMAT);
	assert_string_equal(err.todo, "did you mean 'count'?");
	assert_int_equal(decode(state, "name: a\nzzzzzzzzzz: 1\n", &v, &err), ASSAY_E_FORMAT);
	assert_null(strstr(err.todo, "did you mean"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree_holds_kinds_keys_and_places),
		cmocka_unit_test(null_is_told_from_text),
		cmocka_unit_test(bom_crlf_and_marks_are_read),
		cmocka_unit_test(refused_with_place),
		cmocka_unit_test(nul_byte_is_refused_with_place),
		cmocka_unit_test(depth_count_and_size_are_capped),
		cmocka_unit_test(many_keys_take_no_quadratic_time),
		cmocka_unit_test(decode_fills_by_table),
		cmocka_unit_test(decode_names_what_is_wrong),
		cmocka_unit_test(decode_names_the_nearest_key),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
