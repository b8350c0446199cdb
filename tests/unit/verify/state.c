/* SPDX-License-Identifier: Apache-2.0 */
/* What a machine remembers: written, read again, and refused in any other spelling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <verify/state.h>

static struct verify_state written, again;
static struct buf file = BUF_INIT(VERIFY_STATE_MAX);

static int
make(void **state)
{
	(void)state;
	written = (struct verify_state)VERIFY_STATE_INIT;
	again = (struct verify_state)VERIFY_STATE_INIT;
	written.floor = (struct assay_release_floor){ .number = 7, .counter = 0, .root_version = 3, .targets_version = 9007199254740991,
		.seen = 1900000000, .digest = { 1, 2, 3 }, .product = "pump" };
	memset(written.first_root, 'a', sizeof written.first_root - 1);
	memset(written.used, 0x5a, sizeof written.used[0] * 2);
	written.used[1][0] = 0;
	written.has_agreed = true;
	memset(written.agreed, 0xa5, sizeof written.agreed);
	written.used_count = 2;
	buf_add_str(&written.root, "any bytes");
	buf_reset(&file);
	assert_int_equal(verify_state_write(&written, &file, NULL), ASSAY_OK);
	return 0;
}

static int
drop(void **state)
{
	(void)state;
	verify_state_done(&written);
	verify_state_done(&again);
	buf_done(&file);
	file = (struct buf)BUF_INIT(VERIFY_STATE_MAX);
	return 0;
}

static void
comes_back_as_it_was(void **state)
{
	(void)state;
	assert_int_equal(verify_state_read(buf_span(&file), &again, NULL), ASSAY_OK);
	assert_true(again.pinned);
	assert_memory_equal(&again.floor, &written.floor, sizeof again.floor);
	assert_string_equal(again.first_root, written.first_root);
	assert_int_equal(again.used_count, 2);
	assert_memory_equal(again.used, written.used, 2 * sizeof again.used[0]);
	assert_true(assay_span_equal(buf_span(&again.root), buf_span(&written.root)));
	assert_true(again.has_agreed);
	assert_memory_equal(again.agreed, written.agreed, sizeof again.agreed);
	assert_true(verify_state_used(&again, written.used[1]));
	assert_false(verify_state_used(&again, written.floor.digest));
}

static void
every_cut_is_refused(void **state)
{
	struct assay_error err;
	(void)state;
	for (size_t len = 0; len < file.len; len++) {
		assert_int_equal(verify_state_read((struct assay_span){ file.data, len }, &again, &err), ASSAY_E_FORMAT);
		assert_false(again.pinned);
	}
}

/* Whatever is taken is written again as the same bytes: no change goes unseen. */
static void
every_changed_byte_is_refused_or_kept(void **state)
{
	struct buf second = BUF_INIT(VERIFY_STATE_MAX);
	(void)state;
	for (size_t at = 0; at < file.len; at++) {
		for (unsigned flip = 1; flip < 256; flip <<= 1) {
			file.data[at] ^= (unsigned char)flip;
			if (verify_state_read(buf_span(&file), &again, NULL) == ASSAY_OK) {
				buf_reset(&second);
				assert_int_equal(verify_state_write(&again, &second, NULL), ASSAY_OK);
				assert_true(assay_span_equal(buf_span(&second), buf_span(&file)));
			}
			file.data[at] ^= (unsigned char)flip;
		}
	}
	buf_done(&second);
}

static void
nothing_whole_is_not_written(void **state)
{
	struct buf out = BUF_INIT(VERIFY_STATE_MAX);
	(void)state;
	written.floor.number = 0;
	assert_int_equal(verify_state_write(&written, &out, NULL), ASSAY_E_INTERNAL);
	written.floor.number = 1;
	written.floor.product[0] = '\0';
	assert_int_equal(verify_state_write(&written, &out, NULL), ASSAY_E_INTERNAL);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(comes_back_as_it_was, make, drop),
		cmocka_unit_test_setup_teardown(every_cut_is_refused, make, drop),
		cmocka_unit_test_setup_teardown(every_changed_byte_is_refused_or_kept, make, drop),
		cmocka_unit_test_setup_teardown(nothing_whole_is_not_written, make, drop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
