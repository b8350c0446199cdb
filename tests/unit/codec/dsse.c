/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/dsse.h>

#include <base/cleanup.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena.h"

/* The example of the DSSE protocol's own text. */
static void
pae_is_the_specifications(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000);
	dsse_pae(&b, "http://example.com/HelloWorld", assay_span_str("hello world"));
	assert_string_equal(buf_str(&b),
	    "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

static void
envelope_goes_both_ways(void **state)
{
	struct assay_error err = { 0 };
	struct dsse_signature signatures[] = {
		{ "SHA256:x", { (const unsigned char *)"\0\xFF", 2 } },
		{ NULL, { (const unsigned char *)"s", 1 } },
	};
	struct dsse e = { "application/x", { (const unsigned char *)"{}", 2 }, signatures, 2 };
	struct dsse back;
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000);
	assert_int_equal(dsse_write(&b, &e, &err), ASSAY_OK);
	assert_string_equal(buf_str(&b),
	    "{\"payload\":\"e30=\",\"payloadType\":\"application/x\",\"signatures\":["
	    "{\"keyid\":\"SHA256:x\",\"sig\":\"AP8=\"},{\"keyid\":\"\",\"sig\":\"cw==\"}]}");
	assert_int_equal(dsse_read(buf_span(&b), *state, &back, &err), ASSAY_OK);
	assert_string_equal(back.payload_type, "application/x");
	assert_int_equal(back.payload.len, 2);
	assert_memory_equal(back.payload.data, "{}", 2);
	assert_int_equal(back.count, 2);
	assert_string_equal(back.signatures[0].keyid, "SHA256:x");
	assert_int_equal(back.signatures[0].signature.len, 2);
	assert_memory_equal(back.signatures[0].signature.data, "\0\xFF", 2);
}

static void
no_signature_and_no_keyid_are_read(void **state)
{
	struct assay_error err = { 0 };
	struct dsse e;
	assert_int_equal(dsse_read(assay_span_str("{\"signatures\":[],\"payloadType\":\"t\",\"payload\":\"\"}"),
			     *state, &e, &err), ASSAY_OK);
	assert_int_equal(e.count, 0);
	assert_int_equal(e.payload.len, 0);
	assert_int_equal(dsse_read(assay_span_str("{\"signatures\":[{\"sig\":\"AA==\"}],"
						  "\"payloadType\":\"t\",\"payload\":\"\"}"),
			     *state, &e, &err), ASSAY_OK);
	assert_string_equal(e.signatures[0].keyid, "");
}

#define ENVELOPE(type, payload, signatures)                                                        \
	"{\"payloadType\":" type ",\"payload\":" payload ",\"signatures\":" signatures "}"

static void
odd_envelopes_are_refused(void **state)
{
	static const char *const bad[] = { "", "[]", "{}", "1",
		ENVELOPE("1", "\"\"", "[]"), ENVELOPE("\"\"", "\"\"", "[]"),
		ENVELOPE("\"t\"", "1", "[]"), ENVELOPE("\"t\"", "\"e30\"", "[]"),
		ENVELOPE("\"t\"", "\"e31=\"", "[]"), ENVELOPE("\"t\"", "\"e3_=\"", "[]"),
		ENVELOPE("\"t\"", "\"\"", "{}"), ENVELOPE("\"t\"", "\"\"", "[1]"),
		ENVELOPE("\"t\"", "\"\"", "[{}]"), ENVELOPE("\"t\"", "\"\"", "[{\"keyid\":\"\"}]"),
		ENVELOPE("\"t\"", "\"\"", "[{\"sig\":1}]"),
		ENVELOPE("\"t\"", "\"\"", "[{\"sig\":\"\",\"keyid\":1}]"),
		ENVELOPE("\"t\"", "\"\"", "[{\"sig\":\"\",\"x\":1}]"),
		ENVELOPE("\"t\"", "\"\"", "[],\"more\":1"),
		ENVELOPE("\"t\"", "\"\"", "[],\"payload\":\"\""),
		ENVELOPE("\"t\"", "\"\"", "[]") "x" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		struct dsse e = { .count = 9 };
		if (dsse_read(assay_span_str(bad[i]), *state, &e, &err) != ASSAY_E_FORMAT)
			fail_msg("row %zu is taken", i);
		assert_int_equal(e.count, 9);
		assert_true(err.what[0] != '\0');
	}
}

static void
signatures_are_capped(void **state)
{
	struct assay_error err = { 0 };
	struct dsse e;
	CLEANUP(buf_done) struct buf b = BUF_INIT(100000);
	buf_add_str(&b, "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[");
	for (int i = 0; i <= DSSE_SIGNATURES_MAX; i++)
		buf_addf(&b, "%s{\"sig\":\"\"}", i == 0 ? "" : ",");
	buf_add_str(&b, "]}");
	assert_int_equal(dsse_read(buf_span(&b), *state, &e, &err), ASSAY_E_LIMIT);
	struct dsse many = { "t", { NULL, 0 }, NULL, DSSE_SIGNATURES_MAX + 1 };
	assert_int_equal(dsse_write(&b, &many, &err), ASSAY_E_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pae_is_the_specifications),
		cmocka_unit_test(envelope_goes_both_ways),
		cmocka_unit_test(no_signature_and_no_keyid_are_read),
		cmocka_unit_test(odd_envelopes_are_refused),
		cmocka_unit_test(signatures_are_capped),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
