/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <base/arena.h>
#include <base/buf.h>
#include <base/cleanup.h>
#include <cmocka.h>
#include <stdalign.h>

/* More than any machine has; nothing reads that far. */
#define TOO_MUCH ((size_t)1 << 55)

const char *__asan_default_options(void);

/* Memory that is not there is an answer here, not a reason to stop. */
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static struct assay_span
span(const char *text)
{
	return assay_span_str(text);
}

static void
appends_in_order(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000);
	struct assay_error err;
	assert_string_equal(buf_str(&b), "");
	buf_add_str(&b, "a");
	buf_add_byte(&b, 'b');
	buf_addf(&b, "%d-%s", 12, "x");
	buf_add_hex(&b, span("\x01\xff"));
	buf_add_base64(&b, span("ab"));
	buf_add_span(&b, span(""));
	assert_string_equal(buf_str(&b), "ab12-x01ffYWI=");
	assert_int_equal(b.len, strlen("ab12-x01ffYWI="));
	assert_int_equal(buf_status(&b, "text", &err), ASSAY_OK);
	buf_reset(&b);
	assert_string_equal(buf_str(&b), "");
	buf_add_ssh_string(&b, span("hi"));
	assert_memory_equal(buf_span(&b).data, "\0\0\0\2hi", 7);
	assert_int_equal(buf_span(&b).len, 6);
}

static void
grows_far_and_stays_the_same(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(1u << 20);
	for (unsigned i = 0; i < 100000; i++)
		buf_add_byte(&b, (unsigned char)(i % 251));
	assert_int_equal(b.len, 100000);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(b.data[i], i % 251);
	assert_int_equal(b.data[100000], 0);
}

static void
cap_is_exact_and_failure_stays(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(4);
	struct assay_error err;
	buf_add_str(&b, "1234");
	assert_int_equal(buf_status(&b, "it", &err), ASSAY_OK);
	buf_add_byte(&b, '5');
	assert_int_equal(buf_status(&b, "it", &err), ASSAY_E_LIMIT);
	assert_non_null(strstr(err.what, "'it'"));
	assert_string_equal(buf_str(&b), "1234");
	buf_add_str(&b, "");
	assert_int_equal(buf_status(&b, "it", NULL), ASSAY_E_LIMIT);
	buf_reset(&b);
	assert_int_equal(buf_status(&b, "it", NULL), ASSAY_OK);
	buf_add_str(&b, "12");
	assert_string_equal(buf_str(&b), "12");
}

static void
every_append_keeps_to_the_cap(void **state)
{
	(void)state;
	static const char three[] = "abc";
	struct buf b[4] = { BUF_INIT(3), BUF_INIT(5), BUF_INIT(6), BUF_INIT(2) };
	buf_add_base64(&b[0], span(three));
	buf_add_hex(&b[1], span(three));
	buf_add_ssh_string(&b[2], span(three));
	buf_addf(&b[3], "%s", three);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(buf_status(&b[i], "it", NULL), ASSAY_E_LIMIT);
		assert_true(b[i].len <= b[i].cap);
		buf_done(&b[i]);
		assert_null(b[i].data);
	}
	struct buf none = BUF_INIT(0);
	buf_add_byte(&none, 'x');
	assert_int_equal(none.status, ASSAY_E_LIMIT);
	buf_done(&none);
}

static void
failed_buffer_takes_nothing_more(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(8);
	buf_add_str(&b, "123456789");
	buf_addf(&b, "%d", 1);
	buf_add_hex(&b, span("a"));
	buf_add_base64(&b, span("a"));
	assert_int_equal(b.len, 0);
	assert_int_equal(b.status, ASSAY_E_LIMIT);
}

static void
memory_that_is_not_there(void **state)
{
	(void)state;
	struct buf endless = BUF_INIT(SIZE_MAX);
	CLEANUP(buf_done) struct buf b = BUF_INIT(SIZE_MAX - 1);
	CLEANUP(arena_free) struct arena *a = NULL;
	struct assay_error err;
	struct assay_span much = { (const unsigned char *)"kept", TOO_MUCH };
	buf_add_byte(&endless, 1);
	assert_int_equal(endless.status, ASSAY_E_LIMIT);
	buf_add_str(&b, "kept");
	buf_add_span(&b, much);
	assert_int_equal(buf_status(&b, "it", &err), ASSAY_E_MEMORY);
	assert_string_equal(buf_str(&b), "kept");
	buf_reset(&b);
	buf_add_hex(&b, much);
	assert_int_equal(b.status, ASSAY_E_MEMORY);
	buf_reset(&b);
	buf_add_base64(&b, much);
	assert_int_equal(b.status, ASSAY_E_MEMORY);
	assert_int_equal(arena_new(SIZE_MAX, &a), ASSAY_OK);
	assert_null(arena_alloc(a, TOO_MUCH));
	assert_null(arena_alloc(a, SIZE_MAX));
	assert_null(arena_alloc(a, SIZE_MAX - 64));
	assert_non_null(arena_alloc(a, 1));
}

static void
arena_hands_out_zeroed_aligned_memory(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(1u << 20, &a), ASSAY_OK);
	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *p = arena_alloc(a, size);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xa5, size);
	}
	char *big = arena_alloc(a, 300000);
	assert_non_null(big);
	big[299999] = 1;
	assert_string_equal(arena_str(a, "text"), "text");
	assert_string_equal(arena_copy(a, (struct assay_span) { NULL, 0 }), "");
	assert_string_equal(arena_printf(a, "%03d", 7), "007");
}

static void
arena_keeps_to_its_cap(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	struct assay_error err;
	assert_int_equal(arena_new(1024, &a), ASSAY_OK);
	assert_null(arena_alloc(a, 1025));
	assert_null(arena_alloc(a, SIZE_MAX));
	assert_null(arena_array(a, SIZE_MAX / 2, 3));
	assert_null(arena_copy(a, (struct assay_span) { (const unsigned char *)"", SIZE_MAX }));
	assert_non_null(arena_array(a, 64, 16));
	assert_null(arena_alloc(a, 1));
	assert_null(arena_printf(a, "%s", "x"));
	assert_int_equal(arena_full(&err), ASSAY_E_MEMORY);
	assert_int_equal(err.status, ASSAY_E_MEMORY);
	assert_int_equal(arena_full(NULL), ASSAY_E_MEMORY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_in_order),
		cmocka_unit_test(grows_far_and_stays_the_same),
		cmocka_unit_test(cap_is_exact_and_failure_stays),
		cmocka_unit_test(every_append_keeps_to_the_cap),
		cmocka_unit_test(failed_buffer_takes_nothing_more),
		cmocka_unit_test(memory_that_is_not_there),
		cmocka_unit_test(arena_hands_out_zeroed_aligned_memory),
		cmocka_unit_test(arena_keeps_to_its_cap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
