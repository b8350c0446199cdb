/* SPDX-License-Identifier: Apache-2.0 */
#include <evidence/memo.h>
#include <evidence/places.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#define UNIT_ARENA_MAX (16u << 20)
#include "../arena_static.h"

#define RECORD 39
#define HEAD 45 /* magic, and the digest of the stream that was hashed */

static struct memo_entry
entry(unsigned char first, unsigned char last)
{
	struct memo_entry e = { .result = 1, .code = 2, .flags = 3, .counter = 0x01020304 };
	e.id.b[0] = first;
	e.id.b[31] = last;
	return e;
}

static struct memo *
empty_memo(void)
{
	struct memo *m = NULL;
	assert_int_equal(memo_load((struct assay_span){ NULL, 0 }, arena, &m, NULL), ASSAY_OK);
	return m;
}

static const unsigned char stream[ASSAY_SHA256_SIZE] = { 1 };

static void
what_was_set_is_found(void **state)
{
	(void)state;
	struct memo *m = empty_memo(), *again = NULL;
	struct memo_entry e[3] = { entry(0, 1), entry(0, 2), entry(255, 0) }, found;
	struct buf bytes = BUF_INIT(1 << 20);
	assert_false(memo_find(m, &e[0].id, &found));
	assert_int_equal(memo_set(m, e, 3, stream, NULL), ASSAY_OK);
	assert_int_equal(memo_dump(m, &bytes, NULL), ASSAY_OK);
	assert_int_equal(bytes.len, HEAD + 3 * RECORD);
	assert_int_equal(memo_load(buf_span(&bytes), arena, &again, NULL), ASSAY_OK);
	for (size_t i = 0; i < 3; i++) {
		assert_true(memo_find(again, &e[i].id, &found));
		assert_memory_equal(&found.id, &e[i].id, sizeof found.id);
		assert_int_equal(found.result, 1);
		assert_int_equal(found.code, 2);
		assert_int_equal(found.flags, 3);
		assert_int_equal(found.counter, 0x01020304);
	}
	struct memo_entry other = entry(0, 3);
	assert_false(memo_find(again, &other.id, &found));
	other = entry(7, 0);
	assert_false(memo_find(again, &other.id, &found));
	buf_done(&bytes);
}

static void
change_is_told(void **state)
{
	(void)state;
	struct memo *m = empty_memo(), *again = NULL;
	struct memo_entry e[2] = { entry(1, 0), entry(2, 0) };
	struct buf bytes = BUF_INIT(1 << 20);
	assert_false(memo_changed(m));
	assert_int_equal(memo_set(m, e, 2, stream, NULL), ASSAY_OK);
	assert_true(memo_changed(m));
	assert_int_equal(memo_dump(m, &bytes, NULL), ASSAY_OK);
	assert_int_equal(memo_load(buf_span(&bytes), arena, &again, NULL), ASSAY_OK);
	assert_int_equal(memo_set(again, e, 2, stream, NULL), ASSAY_OK);
	assert_false(memo_changed(again));
	assert_int_equal(memo_set(again, e, 1, stream, NULL), ASSAY_OK);
	assert_false(memo_changed(again));
	e[0].code = 7;
	assert_int_equal(memo_set(again, e, 1, stream, NULL), ASSAY_OK);
	assert_true(memo_changed(again));
	buf_done(&bytes);
}

/* Only the very stream that was hashed object by object is taken as hashed; one without a digest never. */
static void
hashed_stream_is_known_by_its_digest(void **state)
{
	(void)state;
	static const unsigned char other[ASSAY_SHA256_SIZE] = { 2 }, none[ASSAY_SHA256_SIZE];
	struct memo *m = empty_memo(), *again = NULL;
	struct memo_entry e = entry(1, 0);
	struct buf bytes = BUF_INIT(1 << 20);
	assert_false(memo_hashed(m, stream));
	assert_false(memo_hashed(m, none));
	assert_int_equal(memo_set(m, &e, 1, stream, NULL), ASSAY_OK);
	assert_int_equal(memo_dump(m, &bytes, NULL), ASSAY_OK);
	assert_int_equal(memo_load(buf_span(&bytes), arena, &again, NULL), ASSAY_OK);
	assert_true(memo_hashed(again, stream));
	assert_false(memo_hashed(again, other));
	assert_int_equal(memo_set(again, &e, 1, other, NULL), ASSAY_OK);
	assert_true(memo_changed(again));
	assert_false(memo_hashed(again, stream));
	assert_int_equal(memo_set(again, &e, 1, none, NULL), ASSAY_OK);
	assert_false(memo_hashed(again, none));
	buf_done(&bytes);
}

static void
unsorted_entries_are_refused(void **state)
{
	(void)state;
	struct memo *m = empty_memo();
	struct memo_entry e[2] = { entry(2, 0), entry(1, 0) };
	assert_int_equal(memo_set(m, e, 2, stream, NULL), ASSAY_E_USAGE);
	e[1] = e[0];
	assert_int_equal(memo_set(m, e, 2, stream, NULL), ASSAY_E_USAGE);
}

static void
broken_bytes_are_refused(void **state)
{
	(void)state;
	struct memo *m = empty_memo(), *again = NULL;
	struct memo_entry e[2] = { entry(1, 0), entry(2, 0) };
	struct buf bytes = BUF_INIT(1 << 20);
	assert_int_equal(memo_set(m, e, 2, stream, NULL), ASSAY_OK);
	assert_int_equal(memo_dump(m, &bytes, NULL), ASSAY_OK);
	for (size_t len = 1; len < bytes.len; len++) {
		struct assay_span cut = { bytes.data, len };
		bool whole = len >= HEAD && (len - HEAD) % RECORD == 0;
		assert_int_equal(memo_load(cut, arena, &again, NULL),
		    whole ? ASSAY_OK : ASSAY_E_FORMAT);
	}
	bytes.data[HEAD] = 3;
	assert_int_equal(memo_load(buf_span(&bytes), arena, &again, NULL), ASSAY_E_FORMAT);
	bytes.data[0] = 'b';
	assert_int_equal(memo_load(buf_span(&bytes), arena, &again, NULL), ASSAY_E_FORMAT);
	buf_done(&bytes);
}

static int
compare(const void *a, const void *b)
{
	return oid_compare(a, b);
}

/* Every number of records, ids spread and crowded. */
static void
places_are_found(void **state)
{
	(void)state;
	static struct oid ids[600];
	unsigned seed = 12345;
	for (uint32_t count = 0; count < 600; count += count < 20 ? 1 : 97) {
		struct oid_index index;
		for (uint32_t i = 0; i < count; i++) {
			memset(&ids[i], 0, sizeof ids[i]);
			seed = seed * 1103515245u + 12345u;
			ids[i].b[0] = (unsigned char)(i % 2 == 0 ? seed >> 16 : 77);
			ids[i].b[10] = (unsigned char)(i >> 8);
			ids[i].b[11] = (unsigned char)i;
		}
		if (count > 1)
			qsort(ids, count, sizeof ids[0], compare);
		assert_int_equal(oid_index_build(arena, ids, sizeof ids[0], count, &index, NULL),
		    ASSAY_OK);
		for (uint32_t i = 0; i < count; i++)
			assert_int_equal(oid_index_find(&index, &ids[i]), i);
		struct oid absent = { { 77, 1 } };
		assert_int_equal(oid_index_find(&index, &absent), UINT32_MAX);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_set_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(change_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(hashed_stream_is_known_by_its_digest, setup, teardown),
		cmocka_unit_test_setup_teardown(unsorted_entries_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(broken_bytes_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(places_are_found, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
