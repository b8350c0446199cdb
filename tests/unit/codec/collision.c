/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No object with a SHA-1 collision is small enough to keep here: libgit2 is made to answer as it does to one.
 * __wrap_git_odb_hash stands for git_odb_hash (linker option --wrap).
 */
#include <codec/gitobj.h>

#include <git2/errors.h>
#include <git2/global.h>
#include <git2/odb.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

int __wrap_git_odb_hash(git_oid *out, const void *data, size_t len, git_object_t type);

/* An object whose bytes are libgit2's complaint. */
int
__wrap_git_odb_hash(git_oid *out, const void *data, size_t len, git_object_t type)
{
	char text[100] = { 0 };
	(void)out;
	(void)type;
	memcpy(text, data, len < sizeof text ? len : sizeof text - 1);
	git_error_set_str(GIT_ERROR_SHA, text);
	return -1;
}

static enum assay_status
hash(const char *complaint, struct oid *ret_id, struct assay_error *err)
{
	return git_hash(OID_SHA1, GIT_COMMIT, assay_span_str(complaint), ret_id, err);
}

static void
a_collision_does_not_verify(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct oid id = { { 7 } };
	assert_int_equal(hash("SHA1 collision attack detected", &id, &err), ASSAY_E_VERIFY);
	assert_non_null(strstr(err.what, "collision"));
	assert_int_equal(id.b[0], 7);
}

static void
another_fault_is_our_own(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct oid id = { { 7 } };
	assert_int_equal(hash("something else", &id, &err), ASSAY_E_INTERNAL);
	assert_int_equal(id.b[0], 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_collision_does_not_verify),
		cmocka_unit_test(another_fault_is_our_own),
	};
	git_libgit2_init();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	git_libgit2_shutdown();
	return failed;
}
