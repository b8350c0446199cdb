/* SPDX-License-Identifier: Apache-2.0 */
/* An update over metadata that another implementation wrote and signed: tests/data/tufjs. */
#include <assay/tuf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1900000000
#define FILE_SIZE 8192

static unsigned char files[8][FILE_SIZE];
static size_t file_count;
static unsigned char *memory;

static struct assay_span
file(const char *name)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", TUFJS_DATA, name);
	FILE *in = fopen(path, "rb");
	assert_non_null(in);
	unsigned char *bytes = files[file_count++ % 8];
	size_t len = fread(bytes, 1, FILE_SIZE, in);
	fclose(in);
	assert_in_range(len, 1, FILE_SIZE - 1);
	return (struct assay_span) { bytes, len };
}

static void
good(enum assay_status status, const struct assay_error *err)
{
	if (status != ASSAY_OK)
		fail_msg("%s", err->what);
}

static enum assay_status
fetch(void *ctx, const char *name, size_t limit, struct assay_span *ret_file, struct assay_error *err)
{
	(void)ctx;
	(void)err;
	*ret_file = file(name);
	return ret_file->len <= limit ? ASSAY_OK : ASSAY_E_LIMIT;
}

static void
whole_update(void **state)
{
	struct assay_tuf_room room = { memory, 8u << 20, 0 };
	struct assay_tuf_state st;
	struct assay_tuf_target target;
	struct assay_error err;
	bool is_new;

	(void)state;
	good(assay_tuf_begin(room, NOW, file("1.root.json"), NULL, &st, &err), &err);
	good(assay_tuf_update_root(&st, file("2.root.json"), &is_new, &err), &err);
	good(assay_tuf_roots_done(&st, &err), &err);
	assert_true(st.consistent);
	assert_false(st.forget);
	good(assay_tuf_update_timestamp(&st, file("timestamp.json"), &is_new, &err), &err);
	good(assay_tuf_update_snapshot(&st, file("1.snapshot.json"), &err), &err);
	good(assay_tuf_update_targets(&st, file("1.targets.json"), &err), &err);
	good(assay_tuf_find(&st, assay_span_str("assay/a/b.yaml"), fetch, NULL, &target, &err), &err);
	assert_true(assay_span_equal(target.role, assay_span_str("policy")));
	good(assay_tuf_target_check(&target, assay_span_str("b\n"), &err), &err);
	assert_true(assay_span_equal(target.custom, assay_span_str("{\"note\":\"tab\there, \\\"quoted\\\", back\\\\slash, "
	                                                          "\xe2\x82\xac, \xf0\x9f\x98\x80\"}")));
	assert_int_equal(assay_tuf_find(&st, assay_span_str("assay/c"), fetch, NULL, &target, &err), ASSAY_E_NOT_FOUND);
}

/* What is signed there is signed: another byte, and it is not. */
static void
altered(void **state)
{
	struct assay_tuf_room room = { memory, 8u << 20, 0 };
	struct assay_tuf_state st;
	struct assay_error err;

	(void)state;
	struct assay_span root = file("1.root.json");
	char *version = strstr((char *)(uintptr_t)root.data, "\"version\": 1");
	assert_non_null(version);
	version[11] = '3';
	assert_int_equal(assay_tuf_begin(room, NOW, root, NULL, &st, &err), ASSAY_E_VERIFY);
}

static int
make_room(void **state)
{
	(void)state;
	memory = malloc(8u << 20);
	return memory == NULL;
}

static int
free_room(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_update),
		cmocka_unit_test(altered),
	};

	return cmocka_run_group_tests(tests, make_room, free_room);
}
