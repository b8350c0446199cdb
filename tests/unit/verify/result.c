/* SPDX-License-Identifier: Apache-2.0 */
/* What was found: how it is listed when there is too much of it, and what it comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <verify/result.h>

static struct verify_result *r;

static int
make(void **state)
{
	(void)state;
	return verify_result_new(&r, NULL) != ASSAY_OK;
}

static int
drop(void **state)
{
	(void)state;
	verify_result_free(&r);
	return 0;
}

static void
find(unsigned n)
{
	char path[32];
	(void)snprintf(path, sizeof path, "d/%06u", n);
	verify_find_entry(r, ASSAY_RELEASE_EXTRA, assay_span_str(path), "x");
}

/* In whatever order threads find it, the same is listed. */
static void
the_first_by_path_are_listed(void **state)
{
	(void)state;
	verify_find(r, ASSAY_RELEASE_SEAL_EXTRA, "b", "first");
	for (unsigned i = 0; i < 1000; i++)
		find(i * 7919 % 1000);
	verify_find(r, ASSAY_RELEASE_SEAL_EXTRA, "a", "second");
	assert_int_equal(r->total, 1002);
	assert_int_equal(r->counts[ASSAY_RELEASE_EXTRA], 1000);
	assert_int_equal(r->listed_count, VERIFY_LISTED_MAX);
	assert_string_equal((const char *)r->listed[0].path, "b");
	assert_string_equal((const char *)r->listed[1].path, "a");
	for (size_t i = 2; i < r->listed_count; i++) {
		char path[32];
		(void)snprintf(path, sizeof path, "d/%06zu", i - 2);
		assert_string_equal((const char *)r->listed[i].path, path);
	}
}

static void
of_the_seal_too_many_are_counted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3 * VERIFY_LISTED_MAX; i++)
		verify_find(r, ASSAY_RELEASE_SEAL_EXTRA, "a", "x");
	find(1);
	assert_int_equal(r->listed_count, VERIFY_LISTED_MAX);
	assert_int_equal(r->listed_of_seal, VERIFY_LISTED_MAX);
	assert_int_equal(r->total, 3 * VERIFY_LISTED_MAX + 1);
}

static void
whole(void)
{
	r->has_release = true;
	r->tree_read = true;
	r->checked.files = 1;
}

static void
becomes_intact_only_when_all_was_seen(void **state)
{
	(void)state;
	assert_int_equal(r->outcome, VERIFY_NOT_INTACT);
	whole();
	verify_conclude(r);
	assert_int_equal(r->outcome, VERIFY_INTACT);
	drop(NULL);
	make(NULL);
	whole();
	r->tree_read = false;
	verify_conclude(r);
	assert_int_equal(r->outcome, VERIFY_NOT_EVALUATED);
	assert_int_equal(r->counts[ASSAY_RELEASE_NOTHING], 1);
	drop(NULL);
	make(NULL);
	whole();
	r->checked.files = 0;
	verify_conclude(r);
	assert_int_equal(r->outcome, VERIFY_NOT_EVALUATED);
	drop(NULL);
	make(NULL);
	whole();
	verify_find_entry(r, ASSAY_RELEASE_UNREADABLE, assay_span_str("a"), "x");
	verify_conclude(r);
	assert_int_equal(r->outcome, VERIFY_NOT_EVALUATED);
	verify_find_entry(r, ASSAY_RELEASE_MODE, assay_span_str("a"), "x");
	verify_conclude(r);
	assert_int_equal(r->outcome, VERIFY_NOT_INTACT);
}

static void
strings_are_json_whatever_they_hold(void **state)
{
	struct buf out = BUF_INIT(1024);
	(void)state;
	verify_json_string(&out, "a\"\\\n\x7f\xc3\xa9\xff\xe2\x82");
	assert_string_equal(buf_str(&out), "\"a\\\"\\\\\\u000a\\u007f\xc3\xa9\\ufffd\\ufffd\\ufffd\"");
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_first_by_path_are_listed, make, drop),
		cmocka_unit_test_setup_teardown(of_the_seal_too_many_are_counted, make, drop),
		cmocka_unit_test_setup_teardown(becomes_intact_only_when_all_was_seen, make, drop),
		cmocka_unit_test_setup_teardown(strings_are_json_whatever_they_hold, make, drop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
