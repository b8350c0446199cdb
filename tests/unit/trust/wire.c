/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <base/cleanup.h>
#include <trust/agent_wire.h>

static struct assay_span
span(const char *bytes, size_t len)
{
	return (struct assay_span){(const unsigned char *)bytes, len};
}
#define SPAN(literal) span(literal, sizeof(literal) - 1)

static void
test_questions(void **state)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(100);
	(void)state;

	agent_ask_keys(&out);
	assert_int_equal(out.len, 1);
	assert_int_equal(out.data[0], 11);
	buf_reset(&out);
	agent_ask_signature(&out, SPAN("key"), SPAN("data!"));
	struct assay_span wanted = SPAN("\x0d\0\0\0\3key\0\0\0\5data!\0\0\0\0");
	assert_int_equal(out.len, wanted.len);
	assert_memory_equal(out.data, wanted.data, wanted.len);
}

static void
test_keys(void **state)
{
	struct agent_keys keys;
	struct agent_key key;
	struct assay_error err;
	(void)state;

	assert_int_equal(agent_read_keys(SPAN("\x0c\0\0\0\0"), &keys, &err), ASSAY_OK);
	assert_false(agent_next_key(&keys, &key));
	struct assay_span two = SPAN("\x0c\0\0\0\2\0\0\0\1a\0\0\0\0\0\0\0\2bc\0\0\0\1d");
	assert_int_equal(agent_read_keys(two, &keys, &err), ASSAY_OK);
	assert_true(agent_next_key(&keys, &key));
	assert_true(assay_span_equal(key.blob, SPAN("a")));
	assert_int_equal(key.comment.len, 0);
	assert_true(agent_next_key(&keys, &key));
	assert_true(assay_span_equal(key.blob, SPAN("bc")));
	assert_true(assay_span_equal(key.comment, SPAN("d")));
	assert_false(agent_next_key(&keys, &key));
	for (size_t len = 0; len < two.len; len++)
		assert_int_equal(agent_read_keys(span((const char *)two.data, len), &keys, &err),
		    ASSAY_E_FORMAT);
	assert_int_equal(agent_read_keys(SPAN("\x0c\0\0\0\0x"), &keys, &err), ASSAY_E_FORMAT);
	assert_int_equal(agent_read_keys(SPAN("\x0e\0\0\0\0"), &keys, &err), ASSAY_E_FORMAT);
	assert_int_equal(agent_read_keys(SPAN("\x05"), &keys, &err), ASSAY_E_SYSTEM);
	assert_int_equal(agent_read_keys(SPAN("\x0c\xff\xff\xff\xff"), &keys, &err), ASSAY_E_LIMIT);
	assert_int_equal(
	    agent_read_keys(SPAN("\x0c\0\0\0\1\xff\xff\xff\xff"), &keys, &err), ASSAY_E_FORMAT);
}

static void
test_signature(void **state)
{
	struct assay_span blob;
	struct assay_error err;
	(void)state;

	assert_int_equal(agent_read_signature(SPAN("\x0e\0\0\0\2xy"), &blob, &err), ASSAY_OK);
	assert_true(assay_span_equal(blob, SPAN("xy")));
	assert_int_equal(
	    agent_read_signature(SPAN("\x0e\0\0\0\2xyz"), &blob, &err), ASSAY_E_FORMAT);
	assert_int_equal(agent_read_signature(SPAN("\x0e\0\0\0\2x"), &blob, &err), ASSAY_E_FORMAT);
	assert_int_equal(agent_read_signature(SPAN(""), &blob, &err), ASSAY_E_FORMAT);
	assert_int_equal(agent_read_signature(SPAN("\x05"), &blob, &err), ASSAY_E_SYSTEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_questions),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_signature),
	};

	return cmocka_run_group_tests_name("agent wire", tests, NULL, NULL);
}
