/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts: written, read again, and refused in any other spelling. That signatures hold: tests/suites/verify, with ssh-keygen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <verify/receipt.h>

static struct buf file = BUF_INIT(VERIFY_RECEIPT_MAX);
static struct verify_receipt written, again;

static int
make(void **state)
{
	(void)state;
	written = (struct verify_receipt){ .format = VERIFY_RECEIPT_VERSION, .at = 1900000000, .outcome = VERIFY_NOT_INTACT, .has_release = true, .product = "pump",
		.version = "2.1.0", .number = 7, .counter = 3, .checked = { 20000, 30, 4, 5 }, .digests = VERIFY_DIGESTS_SHA256, .installing = true, .site = "ward 7" };
	memset(written.release, 'a', sizeof written.release - 1);
	memset(written.manifest, 'b', sizeof written.manifest - 1);
	memset(written.root, 'c', sizeof written.root - 1);
	written.counts[ASSAY_RELEASE_MISSING] = 2;
	written.counts[ASSAY_RELEASE_CHANGED] = 1;
	written.counts[ASSAY_RELEASE_WHILE_READ] = 9;
	buf_reset(&file);
	return verify_receipt_write(&written, &file, NULL) != ASSAY_OK;
}

static void
comes_back_as_it_was_written(void)
{
	assert_int_equal(verify_receipt_read(buf_span(&file), &again, NULL), ASSAY_OK);
	struct buf second = BUF_INIT(VERIFY_RECEIPT_MAX);
	assert_int_equal(verify_receipt_write(&again, &second, NULL), ASSAY_OK);
	assert_string_equal(buf_str(&second), buf_str(&file));
	buf_done(&second);
}

static void
comes_back_as_it_was(void **state)
{
	(void)state;
	assert_non_null(strstr(buf_str(&file), "\"codes\":{\"changed\":1,\"changed-while-read\":9,\"missing\":2}"));
	comes_back_as_it_was_written();
}

static void
digests_are_told(void **state)
{
	static const char *const names[] = { "none", "both", "sha256" };
	(void)state;
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		char member[64];
		(void)snprintf(member, sizeof member, "\"counter\":3,\"digests\":\"%s\",\"files\":", names[i]);
		written.digests = (enum verify_digests)i;
		buf_reset(&file);
		assert_int_equal(verify_receipt_write(&written, &file, NULL), ASSAY_OK);
		assert_non_null(strstr(buf_str(&file), member));
		assert_int_equal(verify_receipt_read(buf_span(&file), &again, NULL), ASSAY_OK);
		assert_int_equal(again.digests, i);
	}
}

/* One of the version before is whole without them, and no receipt with them. */
static void
the_version_before_is_read(void **state)
{
	(void)state;
	written.format = VERIFY_RECEIPT_VERSION_BEFORE;
	buf_reset(&file);
	assert_int_equal(verify_receipt_write(&written, &file, NULL), ASSAY_OK);
	assert_null(strstr(buf_str(&file), "digests"));
	comes_back_as_it_was_written();
	assert_int_equal(again.digests, VERIFY_DIGESTS_NONE);
	file.data[strlen("{\"assay-receipt\":")] = '2';
	assert_int_equal(verify_receipt_read(buf_span(&file), &again, NULL), ASSAY_E_FORMAT);
	file.data[strlen("{\"assay-receipt\":")] = '3';
	assert_int_equal(verify_receipt_read(buf_span(&file), &again, NULL), ASSAY_E_VERSION);
}

static void
every_cut_is_refused(void **state)
{
	(void)state;
	for (size_t len = 0; len < file.len; len++)
		assert_int_equal(verify_receipt_read((struct assay_span){ file.data, len }, &again, NULL), ASSAY_E_FORMAT);
}

static void
every_changed_byte_is_refused_or_kept(void **state)
{
	struct buf second = BUF_INIT(VERIFY_RECEIPT_MAX);
	(void)state;
	for (size_t at = 0; at < file.len; at++) {
		for (unsigned flip = 1; flip < 256; flip <<= 1) {
			file.data[at] ^= (unsigned char)flip;
			if (verify_receipt_read(buf_span(&file), &again, NULL) == ASSAY_OK) {
				buf_reset(&second);
				assert_int_equal(verify_receipt_write(&again, &second, NULL), ASSAY_OK);
				assert_true(assay_span_equal(buf_span(&second), buf_span(&file)));
			}
			file.data[at] ^= (unsigned char)flip;
		}
	}
	buf_done(&second);
}

static void
sites_are_plain_text(void **state)
{
	char longest[VERIFY_SITE_MAX + 2];
	(void)state;
	memset(longest, 'x', sizeof longest);
	longest[VERIFY_SITE_MAX] = '\0';
	assert_null(verify_site_fault(longest));
	longest[VERIFY_SITE_MAX] = 'x';
	longest[VERIFY_SITE_MAX + 1] = '\0';
	assert_non_null(verify_site_fault(longest));
	assert_null(verify_site_fault(""));
	assert_null(verify_site_fault("ward 7, \xc3\xbc"));
	assert_non_null(verify_site_fault("a\nb"));
	assert_non_null(verify_site_fault("a\"b"));
	assert_non_null(verify_site_fault("a\\b"));
	assert_non_null(verify_site_fault("\xff"));
	assert_non_null(verify_site_fault("ward 7\xe2\x80\xae"));
	assert_non_null(verify_site_fault("ward\xe2\x80\x8b 7"));
	assert_non_null(verify_site_fault("\xc2\x9b" "31m"));
}

static void
what_is_no_signature_is_refused(void **state)
{
	(void)state;
	assert_int_not_equal(verify_receipt_signed(buf_span(&file), assay_span_str("nothing"), assay_span_str("key"), NULL), ASSAY_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(comes_back_as_it_was, make),
		cmocka_unit_test_setup(digests_are_told, make),
		cmocka_unit_test_setup(the_version_before_is_read, make),
		cmocka_unit_test_setup(every_cut_is_refused, make),
		cmocka_unit_test_setup(every_changed_byte_is_refused_or_kept, make),
		cmocka_unit_test_setup(sites_are_plain_text, make),
		cmocka_unit_test_setup(what_is_no_signature_is_refused, make),
	};
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	buf_done(&file);
	return failed;
}
