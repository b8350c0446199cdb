/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/canon.h>

#include <base/cleanup.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static enum assay_status
again(const char *text, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *value = NULL;
	TRY(canon_read(assay_span_str(text), "t.json", &value, err));
	return canon_write(value, out, err);
}

static void
assert_canonical(const char *text, const char *expected)
{
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
	if (again(text, &b, &err) != ASSAY_OK)
		fail_msg("%s: %s", text, err.what);
	assert_string_equal(buf_str(&b), expected);
}

static void
keys_are_sorted_by_bytes(void **state)
{
	(void)state;
	assert_canonical("{ \"b\" : 1, \"a\": [ ] , \"aa\": {}, \"\": null, \"B\": true,\n"
			 "\"\\u00e9\": false, \"\\ud83d\\ude00\": 2, \"\\uffee\": 3 }\r\n",
	    "{\"\":null,\"B\":true,\"a\":[],\"aa\":{},\"b\":1,\"\xC3\xA9\":false,"
	    "\"\xEF\xBF\xAE\":3,\"\xF0\x9F\x98\x80\":2}");
}

static void
scalars_have_one_form(void **state)
{
	(void)state;
	assert_canonical("-0", "0");
	assert_canonical("[9223372036854775807,-9223372036854775808]",
	    "[9223372036854775807,-9223372036854775808]");
	assert_canonical("\"\\u0041\\/\\\"\\\\\\b\\f\\n\\r\\t\\u001f\\u007f\"",
	    "\"A/\\\"\\\\\\b\\f\\n\\r\\t\\u001f\x7f\"");
	assert_canonical(" true ", "true");
}

static void
reading_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = { "", " ", "{", "[1,]", "{\"a\":1,\"a\":2}",
		"{\"a\":1,\"\\u0061\":2}", "[1] x", "[1][2]", "1.0", "[1e3]", "{\"a\":{\"b\":[0.5]}}",
		"\"\\u0000\"", "{\"\\u0000\":1}", "\"\\ud800\"", "\"\\udc00x\"", "\"\xFF\"",
		"\"\xED\xA0\x80\"", "9223372036854775808", "01", "+1", "NaN", "'a'", "\"\n\"",
		"{a:1}", "\xEF\xBB\xBF{}", "// x\n1" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		json_t *value = NULL;
		enum assay_status s = canon_read(assay_span_str(bad[i]), "t.json", &value, &err);
		if (s != ASSAY_E_FORMAT || value != NULL || err.what[0] == '\0')
			fail_msg("row %zu: %s", i, err.what);
		assert_string_equal(err.file, "t.json");
	}
	struct assay_error err = { 0 };
	json_t *value = NULL;
	struct assay_span nul = { (const unsigned char *)"1\0", 2 };
	assert_int_equal(canon_read(nul, "t", &value, &err), ASSAY_E_FORMAT);
	struct assay_span empty = { NULL, 0 };
	assert_int_equal(canon_read(empty, "t", &value, &err), ASSAY_E_FORMAT);
}

static void
an_error_has_its_line(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	json_t *value = NULL;
	assert_int_equal(canon_read(assay_span_str("{\n\"a\": x}"), "t.json", &value, &err),
	    ASSAY_E_FORMAT);
	assert_int_equal(err.line, 2);
	assert_true(err.column > 0);
}

static void
add_brackets(struct buf *b, int depth)
{
	for (int i = 0; i < depth; i++)
		buf_add_byte(b, '[');
	for (int i = 0; i < depth; i++)
		buf_add_byte(b, ']');
}

static void
depth_and_count_are_capped(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(32u << 20);
	CLEANUP(buf_done) struct buf out = BUF_INIT(1 << 20);
	add_brackets(&b, CANON_DEPTH_MAX);
	assert_int_equal(again(buf_str(&b), &out, &err), ASSAY_OK);
	buf_reset(&b);
	add_brackets(&b, CANON_DEPTH_MAX + 1);
	assert_int_equal(again(buf_str(&b), &out, &err), ASSAY_E_LIMIT);
	buf_reset(&b);
	buf_add_byte(&b, '[');
	for (int i = 0; i < CANON_VALUES_MAX; i++)
		buf_add_str(&b, "1,");
	buf_add_str(&b, "1]");
	assert_int_equal(again(buf_str(&b), &out, &err), ASSAY_E_LIMIT);
	/* Brackets in text are no nesting. */
	buf_reset(&b);
	buf_add_str(&b, "\"\\\"");
	for (int i = 0; i < 1000; i++)
		buf_add_byte(&b, '[');
	buf_add_str(&b, "\\\\\"");
	assert_int_equal(again(buf_str(&b), &out, &err), ASSAY_OK);
}

static void
writing_refuses(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(1 << 20);
	CLEANUP(canon_unref) json_t *real = json_pack("[f]", 0.5);
	assert_int_equal(canon_write(real, &out, &err), ASSAY_E_FORMAT);
	CLEANUP(canon_unref) json_t *nul = json_stringn("a\0b", 3);
	assert_int_equal(canon_write(nul, &out, &err), ASSAY_E_FORMAT);
	assert_int_equal(canon_write(NULL, &out, &err), ASSAY_E_MEMORY);
	CLEANUP(buf_done) struct buf small = BUF_INIT(3);
	CLEANUP(canon_unref) json_t *word = json_string("four");
	assert_int_equal(canon_write(word, &small, &err), ASSAY_E_LIMIT);
}

static void
text_of_any_bytes(void **state)
{
	(void)state;
	struct assay_span odd = { (const unsigned char *)"a\xFF\0", 3 };
	CLEANUP(canon_unref) json_t *bytes = canon_text(odd);
	assert_string_equal(json_string_value(json_object_get(bytes, "base64")), "Yf8A");
	CLEANUP(canon_unref) json_t *text = canon_text(assay_span_str("\xC3\xA9"));
	assert_string_equal(json_string_value(text), "\xC3\xA9");
	struct assay_span none = { NULL, 0 };
	CLEANUP(canon_unref) json_t *empty = canon_text(none);
	assert_string_equal(json_string_value(empty), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_sorted_by_bytes),
		cmocka_unit_test(scalars_have_one_form),
		cmocka_unit_test(reading_refuses),
		cmocka_unit_test(an_error_has_its_line),
		cmocka_unit_test(depth_and_count_are_capped),
		cmocka_unit_test(writing_refuses),
		cmocka_unit_test(text_of_any_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
