/* SPDX-License-Identifier: Apache-2.0 */
/* YAML as pipelines are written in it. */
#include <codec/yaml.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <stddef.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#define UNIT_ARENA_MAX (256u << 20)
#include "../arena.h"

static const struct yaml_node *
good(void **state, const char *text)
{
	struct assay_error err = { 0 };
	struct yaml_node *root = NULL;
	if (yaml_parse_loose(assay_span_str(text), "t.yaml", *state, &root, &err) != ASSAY_OK)
		fail_msg("%u:%u: %s", err.line, err.column, err.what);
	return root;
}

static void
bad(void **state, const char *text, enum assay_status expected, const char *words)
{
	struct assay_error err = { 0 };
	struct yaml_node *root = NULL;
	assert_int_equal(yaml_parse_loose(assay_span_str(text), "t.yaml", *state, &root, &err), expected);
	assert_null(root);
	if (strstr(err.what, words) == NULL)
		fail_msg("'%s' says nothing of '%s'", err.what, words);
}

static void
aliases_are_copies_with_the_places_of_the_original(void **state)
{
	const struct yaml_node *root = good(state, "a: &x\n  k: [1, 2]\nb: *x\nc: &s text\nd: *s\n");
	const struct yaml_node *a = yaml_get(root, "a"), *b = yaml_get(root, "b");
	assert_ptr_not_equal(a, b);
	assert_int_equal(b->line, 2);
	assert_int_equal(b->column, 3);
	assert_string_equal(b->key, "b");
	assert_int_equal(yaml_get(b, "k")->count, 2);
	assert_string_equal(yaml_get(root, "d")->text, "text");
}

static void
the_last_anchor_of_a_name_counts(void **state)
{
	const struct yaml_node *root = good(state, "a: &x one\nb: *x\nc: &x two\nd: *x\n");
	assert_string_equal(yaml_get(root, "b")->text, "one");
	assert_string_equal(yaml_get(root, "d")->text, "two");
}

static void
merge_keys_give_way_to_written_ones(void **state)
{
	const struct yaml_node *root = good(state,
	    "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  c: own\nw:\n  k: v\n  <<: *x\n");
	const struct yaml_node *z = yaml_get(root, "z");
	assert_int_equal(z->count, 3);
	assert_string_equal(yaml_get(z, "a")->text, "1");
	assert_string_equal(yaml_get(z, "b")->text, "2");
	assert_string_equal(yaml_get(z, "c")->text, "own");
	assert_true(yaml_get(z, "a")->merged);
	assert_false(yaml_get(z, "c")->merged);
	assert_null(yaml_get(z, "<<"));
	assert_int_equal(yaml_get(root, "w")->count, 3);
}

static void
tags_and_documents_are_kept(void **state)
{
	const struct yaml_node *root = good(state, "a: !reference [b, c]\n---\nd: 1\n---\n");
	assert_string_equal(yaml_get(root, "a")->tag, "!reference");
	assert_non_null(root->next);
	assert_string_equal(yaml_get(root->next, "d")->text, "1");
	assert_null(root->next->next);
}

static void
lines_of_blocks_can_be_counted(void **state)
{
	const struct yaml_node *root = good(state, "a: |\n  one\n  two\nb: >-\n  folded\n  more\nc: plain\n");
	assert_true(yaml_get(root, "a")->block);
	assert_int_equal(yaml_get(root, "a")->line, 2);
	assert_false(yaml_get(root, "b")->block);
	assert_false(yaml_get(root, "c")->block);
}

static void
what_can_not_be_meant_is_refused(void **state)
{
	bad(state, "a: &a [*a]\n", ASSAY_E_FORMAT, "inside of what it stands for");
	bad(state, "a: &a\n  b: {<<: *a}\n", ASSAY_E_FORMAT, "inside of what it stands for");
	bad(state, "a: *b\n", ASSAY_E_FORMAT, "no anchor before it");
	bad(state, "a: &b 1\n---\na: *b\n", ASSAY_E_FORMAT, "no anchor before it");
	bad(state, "a: 1\na: 2\n", ASSAY_E_FORMAT, "stands twice");
	bad(state, "<<: 1\n", ASSAY_E_FORMAT, "takes mappings");
	bad(state, "<<: [1]\n", ASSAY_E_FORMAT, "takes mappings");
	bad(state, "<<: {a: 1}\n<<: {b: 1}\n", ASSAY_E_FORMAT, "stands twice");
	bad(state, "", ASSAY_E_FORMAT, "empty");
}

static void
aliases_grow_into_nothing(void **state)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(4096);
	buf_add_str(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 10; i++)
		buf_addf(&text, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1,
		    i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	bad(state, buf_str(&text), ASSAY_E_LIMIT, "values");
	CLEANUP(buf_done) struct buf deep = BUF_INIT(8192);
	buf_add_str(&deep, "a0: &a0 [x]\n");
	for (int i = 1; i < 60; i++)
		buf_addf(&deep, "a%d: &a%d [*a%d]\n", i, i, i - 1);
	bad(state, buf_str(&deep), ASSAY_E_LIMIT, "deeper");
	CLEANUP(buf_done) struct buf many = BUF_INIT(1u << 16);
	for (int i = 0; i <= YAML_ANCHORS_MAX; i++)
		buf_addf(&many, "- &a%d x\n", i);
	bad(state, buf_str(&many), ASSAY_E_LIMIT, "anchors");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(aliases_are_copies_with_the_places_of_the_original, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_anchor_of_a_name_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(merge_keys_give_way_to_written_ones, setup, teardown),
		cmocka_unit_test_setup_teardown(tags_and_documents_are_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(lines_of_blocks_can_be_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(what_can_not_be_meant_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(aliases_grow_into_nothing, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
