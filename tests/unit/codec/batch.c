/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/batch.h>

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ID "142e5fb34d884efd1e4bdc953d17cbfc506c065b"

static void
batch_steps_through_objects(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct batch_object o;
	size_t cursor = 0;
	struct assay_span s = assay_span_str(ID " commit 5\na\nb\nc\n" ID " blob 0\n\n" ID
						" tag 1\nx\n");
	assert_int_equal(batch_next(s, OID_SHA1, &cursor, &o, &err), ASSAY_OK);
	assert_int_equal(o.type, GIT_COMMIT);
	assert_int_equal(o.id.b[0], 0x14);
	assert_int_equal(o.bytes.len, 5);
	assert_memory_equal(o.bytes.data, "a\nb\nc", 5);
	assert_int_equal(batch_next(s, OID_SHA1, &cursor, &o, &err), ASSAY_OK);
	assert_int_equal(o.type, GIT_BLOB);
	assert_int_equal(o.bytes.len, 0);
	assert_int_equal(batch_next(s, OID_SHA1, &cursor, &o, &err), ASSAY_OK);
	assert_int_equal(o.type, GIT_TAG);
	assert_int_equal(batch_next(s, OID_SHA1, &cursor, &o, &err), ASSAY_E_NOT_FOUND);
	assert_int_equal(cursor, s.len);
}

static void
batch_cut_or_odd_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "\n", "x", ID, ID "\n", ID " missing\n", ID " commit\n",
		ID " commit 5\n", ID " commit 5\nabc", ID " commit 3\nabc", ID " commit 3\nabcd\n",
		ID " commit 03\nabc\n", ID " commit -1\nabc\n", ID " commit 3 \nabc\n",
		ID " commits 3\nabc\n", ID " commit 18446744073709551615\nabc\n",
		ID " commit 18446744073709551616\nabc\n", ID "aa commit 3\nabc\n",
		"142e commit 3\nabc\n", ID "  3\nabc\n" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		struct batch_object o = { .bytes.len = 9 };
		size_t cursor = 0;
		if (batch_next(assay_span_str(bad[i]), OID_SHA1, &cursor, &o, &err)
		    != ASSAY_E_FORMAT)
			fail_msg("row %zu is not refused", i);
		assert_int_equal(cursor, 0);
		assert_int_equal(o.bytes.len, 9);
		assert_true(strlen(err.what) > 0);
	}
}

static void
batch_of_sha256(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct batch_object o;
	size_t cursor = 0;
	struct assay_span s = assay_span_str(
	    "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321 tree 0\n\n");
	assert_int_equal(batch_next(s, OID_SHA1, &cursor, &o, &err), ASSAY_E_FORMAT);
	assert_int_equal(batch_next(s, OID_SHA256, &cursor, &o, &err), ASSAY_OK);
	assert_int_equal(o.id.b[31], 0x21);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batch_steps_through_objects),
		cmocka_unit_test(batch_cut_or_odd_is_refused),
		cmocka_unit_test(batch_of_sha256),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
