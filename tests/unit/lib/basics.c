/* SPDX-License-Identifier: Apache-2.0 */
/* Status, errors, spans, base64 and hashes. */
#include <assay/base64.h>
#include <assay/hash.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
status_has_names(void **state)
{
	(void)state;
	assert_string_equal(assay_status_name(ASSAY_OK), "ok");
	assert_string_equal(assay_status_name(ASSAY_E_VERIFY), "verify");
	assert_string_equal(assay_status_name(ASSAY_E_INTERNAL), "internal");
	assert_string_equal(assay_status_name((enum assay_status)999), "unknown");
}

static void
error_says_what_where_and_todo(void **state)
{
	struct assay_error err;

	(void)state;
	assert_int_equal(assay_fail(&err, ASSAY_E_FORMAT, "no '%s' here", "key"), ASSAY_E_FORMAT);
	assert_string_equal(err.what, "no 'key' here");
	assert_string_equal(err.file, "");
	assert_int_equal(assay_error_at(&err, ASSAY_E_FORMAT, "roster.yaml", 3, 7), ASSAY_E_FORMAT);
	assert_int_equal(assay_error_todo(&err, ASSAY_E_FORMAT, "write '%s'", "key: 1"),
	    ASSAY_E_FORMAT);
	assert_string_equal(err.file, "roster.yaml");
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 7);
	assert_string_equal(err.todo, "write 'key: 1'");
	assert_int_equal(assay_error_at(&err, ASSAY_E_FORMAT, NULL, 4, 1), ASSAY_E_FORMAT);
	assert_string_equal(err.file, "roster.yaml");
	assay_error_clear(&err);
	assert_int_equal(err.status, ASSAY_OK);
	assert_string_equal(err.what, "");
	assert_int_equal(assay_fail(NULL, ASSAY_E_LIMIT, "nobody listens"), ASSAY_E_LIMIT);
	assert_int_equal(assay_error_at(NULL, ASSAY_E_LIMIT, "a", 1, 1), ASSAY_E_LIMIT);
	assert_int_equal(assay_error_todo(NULL, ASSAY_E_LIMIT, "nobody listens"), ASSAY_E_LIMIT);
}

static void
new_failure_forgets_the_old(void **state)
{
	struct assay_error err;

	(void)state;
	assert_int_equal(assay_fail(&err, ASSAY_E_FORMAT, "one"), ASSAY_E_FORMAT);
	assert_int_equal(assay_error_at(&err, ASSAY_E_FORMAT, "a", 1, 1), ASSAY_E_FORMAT);
	assert_int_equal(assay_fail(&err, ASSAY_E_LIMIT, "two"), ASSAY_E_LIMIT);
	assert_string_equal(err.file, "");
	assert_int_equal(err.line, 0);
}

static void
long_text_is_cut_between_characters(void **state)
{
	struct assay_error err;
	char text[2001];

	(void)state;
	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = '\0';
	assert_int_equal(assay_fail(&err, ASSAY_E_FORMAT, "%s", text), ASSAY_E_FORMAT);
	assert_int_equal(strlen(err.what), sizeof err.what - 1);
	for (size_t shift = 0; shift < 3; shift++) {
		/* U+20AC, three bytes each: the cut falls on each of them in turn. */
		for (size_t i = shift; i + 3 < sizeof text; i += 3)
			memcpy(text + i, "\xe2\x82\xac", 3);
		assert_int_equal(assay_fail(&err, ASSAY_E_FORMAT, "%s", text), ASSAY_E_FORMAT);
		assert_int_equal(strlen(err.what), shift + (sizeof err.what - 1 - shift) / 3 * 3);
	}
}

static void
spans_compare_bytes(void **state)
{
	(void)state;
	assert_true(assay_span_equal(assay_span_str("ab"), assay_span_str("ab")));
	assert_false(assay_span_equal(assay_span_str("ab"), assay_span_str("ac")));
	assert_false(assay_span_equal(assay_span_str("ab"), assay_span_str("abc")));
	assert_true(assay_span_equal((struct assay_span) { NULL, 0 }, assay_span_str("")));
}

static const struct {
	const char *bytes, *text;
} base64_pairs[] = {
	/* RFC 4648 section 10 */
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

static void
base64_goes_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof base64_pairs / sizeof base64_pairs[0]; i++) {
		unsigned char out[8];
		char text[16];
		size_t len = 99;
		struct assay_span bytes = assay_span_str(base64_pairs[i].bytes);

		assert_int_equal(assay_base64_encode(bytes, text, sizeof text), ASSAY_OK);
		assert_string_equal(text, base64_pairs[i].text);
		assert_int_equal(assay_base64_decode(assay_span_str(text), out, sizeof out, &len), ASSAY_OK);
		assert_true(assay_span_equal((struct assay_span) { out, len }, bytes));
	}
}

static void
base64_keeps_every_byte(void **state)
{
	unsigned char all[256], back[256];
	char text[ASSAY_BASE64_ENCODED_SIZE(256)];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (unsigned char)i;
	for (size_t n = 250; n <= 256; n++) {
		assert_int_equal(assay_base64_encode((struct assay_span) { all, n }, text, sizeof text), ASSAY_OK);
		assert_int_equal(assay_base64_decode(assay_span_str(text), back, n, &len), ASSAY_OK);
		assert_int_equal(len, n);
		assert_memory_equal(back, all, n);
	}
}

static void
base64_refuses_what_is_not_canonical(void **state)
{
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zg===", "====", "=Zg=", "Z===", "Zh==", "Zm9=",
		"Zm8=Zm8=", "Zg==Zg==", "Zm9v\n", "Zm 9", "Zm-_", "Z\xc3\xa9=", "Zm9vZm9v=" };
	unsigned char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		size_t len = 77;
		if (assay_base64_decode(assay_span_str(bad[i]), out, sizeof out, &len) != ASSAY_E_FORMAT)
			fail_msg("'%s' was not refused", bad[i]);
		assert_int_equal(len, 77);
	}
}

static void
base64_respects_room(void **state)
{
	unsigned char out[3];
	char text[5];
	size_t len = 0;

	(void)state;
	assert_int_equal(assay_base64_decode(assay_span_str("Zm9v"), out, 2, &len), ASSAY_E_LIMIT);
	assert_int_equal(assay_base64_decode(assay_span_str("Zm9v"), out, 3, &len), ASSAY_OK);
	assert_int_equal(assay_base64_encode(assay_span_str("foo"), text, 4), ASSAY_E_LIMIT);
	assert_int_equal(assay_base64_encode(assay_span_str("foo"), text, 5), ASSAY_OK);
	assert_int_equal(assay_base64_encode((struct assay_span) { out, SIZE_MAX - 1 }, text, 5), ASSAY_E_LIMIT);
}

static void
hex(const unsigned char *bytes, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void
hashes_match_fips_180(void **state)
{
	unsigned char d[ASSAY_SHA512_SIZE];
	char text[2 * ASSAY_SHA512_SIZE + 1];

	(void)state;
	assert_int_equal(assay_sha256(assay_span_str("abc"), d), ASSAY_OK);
	hex(d, 32, text);
	assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(assay_sha256((struct assay_span) { NULL, 0 }, d), ASSAY_OK);
	hex(d, 32, text);
	assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_int_equal(assay_sha512(assay_span_str("abc"), d), ASSAY_OK);
	hex(d, 64, text);
	assert_string_equal(text, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	                          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_has_names),
		cmocka_unit_test(error_says_what_where_and_todo),
		cmocka_unit_test(new_failure_forgets_the_old),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(spans_compare_bytes),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(base64_keeps_every_byte),
		cmocka_unit_test(base64_refuses_what_is_not_canonical),
		cmocka_unit_test(base64_respects_room),
		cmocka_unit_test(hashes_match_fips_180),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
