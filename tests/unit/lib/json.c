/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical JSON: what is read, what is refused, and what comes out. */
#include <assay/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tufmake.h"

static unsigned char room[ASSAY_JSON_ROOM(ASSAY_JSON_MAX)];

/* Reads text in a room of exactly the promised size. */
static enum assay_status
read_text(struct assay_span text, struct assay_span *out, struct assay_error *err)
{
	return assay_json_canonical(text, room, ASSAY_JSON_ROOM(text.len), out, err);
}

static void
becomes(const char *text, const char *canonical)
{
	struct assay_error err = { .what = "" };
	struct assay_span out;

	if (read_text(assay_span_str(text), &out, &err) != ASSAY_OK)
		fail_msg("'%s' is refused: %s", text, err.what);
	if (!assay_span_equal(out, assay_span_str(canonical)))
		fail_msg("'%s' becomes '%.*s'", text, (int)out.len, (const char *)out.data);
}

static void
refused(const char *text, enum assay_status status)
{
	struct assay_span out = { NULL, 77 };
	struct assay_error err = { .what = "" };

	if (read_text(assay_span_str(text), &out, &err) != status)
		fail_msg("'%s' is not refused as it should be", text);
	assert_int_equal(out.len, 77);
	assert_true(err.what[0] != '\0');
}

static void
values(void **state)
{
	(void)state;
	becomes("{}", "{}");
	becomes(" [ ] ", "[]");
	becomes("\t\r\n 7 \n", "7");
	becomes("-7", "-7");
	becomes("0", "0");
	becomes("9007199254740991", "9007199254740991");
	becomes("-9007199254740991", "-9007199254740991");
	becomes("true", "true");
	becomes("[false , null]", "[false,null]");
	becomes("\"\"", "\"\"");
	becomes("[[[]],{\"a\" : [1,{\"b\":{}}]}]", "[[[]],{\"a\":[1,{\"b\":{}}]}]");
}

static void
names_are_sorted(void **state)
{
	(void)state;
	becomes("{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}");
	becomes("{\"aa\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"aa\":1}");
	becomes("{\"c\":{\"z\":1,\"y\":[{\"n\":1,\"m\":2}]},\"B\":0,\"a\":1}",
	    "{\"B\":0,\"a\":1,\"c\":{\"y\":[{\"m\":2,\"n\":1}],\"z\":1}}");
	/* By bytes, which is by code points: U+FF61 before U+1F600, though not in UTF-16. */
	becomes("{\"\\ud83d\\ude00\":1,\"\\uff61\":2,\"z\":3}",
	    "{\"z\":3,\"\xef\xbd\xa1\":2,\"\xf0\x9f\x98\x80\":1}");
	/* An escape is only a way to write it. */
	becomes("{\"\\u0062\":1,\"\\u0061\":2}", "{\"a\":2,\"b\":1}");
}

static void
texts(void **state)
{
	(void)state;
	becomes("\"a\\\"b\\\\c\\/d\"", "\"a\\\"b\\\\c/d\"");
	becomes("\"\\b\\f\\n\\r\\t\"", "\"\b\f\n\r\t\"");
	becomes("\"\\u00e9\\u20AC\\u0022\\u005c\"", "\"\xc3\xa9\xe2\x82\xac\\\"\\\\\"");
	becomes("\"\xc3\xa9\x7f\"", "\"\xc3\xa9\x7f\"");
	becomes("\"\\ud800\\udc00\\udbff\\udfff\"", "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"");
}

static void
form_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}",
		"{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[1 2]", "1 2", "{}{}", "[]x",
		"tru", "True", "nul", "NaN", "Infinity", "undefined", "/* */1", "1//", "\"", "\"a", "\"\\\"", "\"\\x41\"", "\"\\u12\"",
		"\"\\u12g4\"", "\"\\U0041\"", "\"\\\"", "'a'", "\v1", "\xef\xbb\xbf{}", "\2401", "{\"a\":1]", "[1}" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused(bad[i], ASSAY_E_FORMAT);
}

static void
numbers_are_refused(void **state)
{
	static const char *const bad[] = { "1.0", "1.", ".5", "1e3", "1E3", "1e-3", "0.0", "-0", "00", "01", "-01", "+1", "-",
		"--1", "0x10", "1_000", "9007199254740992", "-9007199254740992", "99999999999999999999999999999999", "[1.5]" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused(bad[i], ASSAY_E_FORMAT);
}

static void
texts_are_refused(void **state)
{
	static const char *const bad[] = { "\"\\u0000\"", "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
		"\"\\udc00\\ud800\"", "\"\\ud800\\ud800\"", "\"\n\"", "\"\t\"", "\"\x01\"", "\"\x80\"", "\"\xc0\xaf\"",
		"\"\xe2\x82\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xff\"", "{\"\xff\":1}" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused(bad[i], ASSAY_E_FORMAT);
	struct assay_span out, nul = { (const unsigned char *)"\"a\0b\"", 5 };
	assert_int_equal(read_text(nul, &out, NULL), ASSAY_E_FORMAT);
}

static void
doubled_names_are_refused(void **state)
{
	(void)state;
	refused("{\"a\":1,\"a\":1}", ASSAY_E_FORMAT);
	refused("{\"a\":1,\"b\":2,\"c\":3,\"a\":4}", ASSAY_E_FORMAT);
	refused("{\"a\":1,\"\\u0061\":2}", ASSAY_E_FORMAT);
	refused("[{\"x\":{\"\":1,\"\":2}}]", ASSAY_E_FORMAT);
	becomes("[{\"a\":1},{\"a\":1}]", "[{\"a\":1},{\"a\":1}]");
}

static void
places_are_named(void **state)
{
	struct assay_error err;
	struct assay_span out;

	(void)state;
	assert_int_equal(read_text(assay_span_str("{\n  \"a\": 1,\n  \"b\": 1.5\n}"), &out, &err), ASSAY_E_FORMAT);
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 9);
}

static void
depth_is_capped(void **state)
{
	char text[2 * ASSAY_JSON_DEPTH_MAX + 3] = "";

	(void)state;
	memset(text, '[', ASSAY_JSON_DEPTH_MAX);
	memset(text + ASSAY_JSON_DEPTH_MAX, ']', ASSAY_JSON_DEPTH_MAX);
	becomes(text, text);
	memset(text, '[', ASSAY_JSON_DEPTH_MAX + 1);
	memset(text + ASSAY_JSON_DEPTH_MAX + 1, ']', ASSAY_JSON_DEPTH_MAX + 1);
	refused(text, ASSAY_E_LIMIT);
	/* Nobody's stack, however long it gets. */
	static char deep[ASSAY_JSON_MAX];
	struct assay_span out;
	memset(deep, '[', sizeof deep);
	assert_int_equal(read_text((struct assay_span) { (unsigned char *)deep, sizeof deep }, &out, NULL), ASSAY_E_LIMIT);
}

static void
sizes_are_capped(void **state)
{
	static unsigned char text[ASSAY_JSON_MAX + 1];
	struct assay_span out;

	(void)state;
	memset(text, ' ', sizeof text);
	text[0] = '1';
	assert_int_equal(read_text((struct assay_span) { text, ASSAY_JSON_MAX }, &out, NULL), ASSAY_OK);
	assert_int_equal(assay_json_canonical((struct assay_span) { text, sizeof text }, room, sizeof room, &out, NULL),
	    ASSAY_E_LIMIT);
	/* One value for each two bytes. */
	for (size_t i = 0; i < ASSAY_JSON_MAX; i++)
		text[i] = i % 2 == 0 ? '1' : ',';
	text[0] = '[';
	text[1] = '1';
	for (size_t i = 2; i < ASSAY_JSON_MAX; i++)
		text[i] = i % 2 == 0 ? ',' : '1';
	text[ASSAY_JSON_MAX - 1] = ']';
	text[ASSAY_JSON_MAX - 2] = ' ';
	text[ASSAY_JSON_MAX - 3] = '1';
	assert_int_equal(read_text((struct assay_span) { text, ASSAY_JSON_MAX }, &out, NULL), ASSAY_E_LIMIT);
	size_t len = 2 * (ASSAY_JSON_VALUES_MAX - 1) + 1;
	text[len - 1] = ']';
	assert_int_equal(read_text((struct assay_span) { text, len }, &out, NULL), ASSAY_OK);
	assert_int_equal(out.len, len);
}

/* The promised room is enough for any text, and one byte less than a text needs is told. */
static void
room_is_promised(void **state)
{
	static const char *const texts[] = { "1", "[]", "[1]", "[1,1]", "[[],[]]", "{\"a\":[]}", "\"abc\"", "[[[[[[[[1]]]]]]]]" };
	struct assay_span out;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct assay_span text = assay_span_str(texts[i]);
		for (size_t shift = 0; shift < 16; shift++)
			assert_int_equal(assay_json_canonical(text, room + shift, ASSAY_JSON_ROOM(text.len), &out, NULL), ASSAY_OK);
		size_t size = ASSAY_JSON_ROOM(text.len);
		while (size-- > 0) {
			unsigned char *exact = malloc(size + 1);
			enum assay_status status = assay_json_canonical(text, exact, size, &out, NULL);
			assert_true(status == ASSAY_OK || status == ASSAY_E_LIMIT);
			free(exact);
		}
		assert_int_equal(assay_json_canonical(text, room, text.len, &out, NULL), ASSAY_E_LIMIT);
		assert_int_equal(assay_json_canonical(text, NULL, 0, &out, NULL), ASSAY_E_LIMIT);
	}
}

/* A tree of all kinds, by a small generator. */
static json_t *
grow(unsigned *seed, unsigned depth)
{
	*seed = *seed * 1103515245U + 12345U;
	unsigned kind = (*seed >> 16) % (depth > 4 ? 4 : 7), count = (*seed >> 20) % 9;
	if (kind == 0)
		return json_integer((json_int_t)(*seed >> 8) - 8000000);
	if (kind == 1)
		return json_boolean(count > 4);
	if (kind == 2)
		return json_null();
	if (kind == 3) {
		static const char *const some[] = { "", "a\"b", "back\\slash", "line\nend", "\xc3\xa9\xe2\x82\xac", "\xf0\x9f\x98\x80",
			"tab\t", "\x7f", "plain" };
		return json_string(some[count]);
	}
	json_t *value = kind == 4 ? json_array() : json_object();
	for (unsigned i = 0; i < count; i++) {
		char name[16];
		snprintf(name, sizeof name, "%c%u\n\\", 'a' + (char)((*seed >> 18) % 26), (*seed >> 10) % 100);
		json_t *child = grow(seed, depth + 1);
		if (kind == 4)
			json_array_append_new(value, child);
		else
			json_object_set_new(value, name, child);
	}
	return value;
}

/* Another hand's canonical form, out of any way to write the same. */
static void
agrees_with_another_hand(void **state)
{
	static const size_t ways[] = { 0, JSON_INDENT(3), JSON_COMPACT, JSON_ENSURE_ASCII, JSON_SORT_KEYS, JSON_ESCAPE_SLASH };
	unsigned seed = 7;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		json_t *value = grow(&seed, 0);
		size_t len;
		char *wanted = tufmake_canonical(value, &len);
		for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++) {
			char *text = json_dumps(value, ways[k] | JSON_ENCODE_ANY);
			struct assay_span out;
			assert_int_equal(read_text(assay_span_str(text), &out, NULL), ASSAY_OK);
			assert_int_equal(out.len, len);
			assert_memory_equal(out.data, wanted, len);
			free(text);
		}
		free(wanted);
		json_decref(value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(names_are_sorted),
		cmocka_unit_test(texts),
		cmocka_unit_test(form_is_refused),
		cmocka_unit_test(numbers_are_refused),
		cmocka_unit_test(texts_are_refused),
		cmocka_unit_test(doubled_names_are_refused),
		cmocka_unit_test(places_are_named),
		cmocka_unit_test(depth_is_capped),
		cmocka_unit_test(sizes_are_capped),
		cmocka_unit_test(room_is_promised),
		cmocka_unit_test(agrees_with_another_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
