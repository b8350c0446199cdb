/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Root trees told by what differs: what is rebuilt is what its id says, or nothing is believed.
 */
#include <base/buf.h>
#include <evidence/states.h>
#include <git2/global.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TREES 4

static struct arena *arena;
static struct buf trees[TREES], roots;
static struct oid ids[TREES];

static void
entry(struct buf *b, const char *mode_and_name, unsigned char id)
{
	unsigned char bytes[20] = { id };
	buf_add(b, mode_and_name, strlen(mode_and_name) + 1);
	buf_add(b, bytes, sizeof bytes);
}

/* A folder assay/; the same beside a file; another one; and one with no folder of that name. */
static int
setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < TREES; i++)
		trees[i] = (struct buf)BUF_INIT(4096);
	entry(&trees[0], "40000 assay", 1);
	entry(&trees[1], "40000 assay", 1);
	entry(&trees[1], "100644 code", 7);
	entry(&trees[2], "40000 assay", 2);
	entry(&trees[2], "100644 code", 7);
	entry(&trees[3], "100644 assay", 2);
	entry(&trees[3], "100644 code", 7);
	for (size_t i = 0; i < TREES; i++)
		assert_int_equal(git_hash(OID_SHA1, GIT_TREE, buf_span(&trees[i]), &ids[i], NULL), ASSAY_OK);
	roots = (struct buf)BUF_INIT(65536);
	return arena_new(16u << 20, &arena) == ASSAY_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < TREES; i++)
		buf_done(&trees[i]);
	buf_done(&roots);
	arena_free(&arena);
	return 0;
}

static void
add(size_t tree, int before)
{
	const struct assay_span none = { (const unsigned char *)"", 0 };
	states_root_write(OID_SHA1, &ids[tree], before < 0 ? none : buf_span(&trees[before]), buf_span(&trees[tree]), &roots);
}

static enum assay_status
parse(const struct states **ret_states, struct assay_error *err)
{
	struct evidence_member members[] = {
		{ .name = "authority/absent", .bytes = assay_span_str("") },
		{ .name = "authority/format", .bytes = assay_span_str("sha1\n") },
		{ .name = "authority/objects", .bytes = assay_span_str("") },
		{ .name = "authority/roots", .bytes = buf_span(&roots) },
	};
	const struct evidence raw = { .kind = STATES_KIND, .members = members, .member_count = 4 };
	const struct parse_context c = { arena, NULL, NULL };
	const void *facts = NULL;
	const enum assay_status status = states_parse(&raw, &c, &facts, err);
	*ret_states = facts;
	return status;
}

static void
refused(enum assay_status wanted, const char *words)
{
	const struct states *s = NULL;
	struct assay_error err = { 0 };
	const enum assay_status status = parse(&s, &err);
	if (status != wanted || strstr(err.what, words) == NULL)
		fail_msg("status %d, %s", (int)status, err.what);
	assert_null(s);
}

static void
rebuilt(void **state)
{
	(void)state;
	const struct states *s = NULL;
	struct assay_error err = { 0 };
	struct oid folder;
	add(0, -1);
	add(1, 0);
	add(2, 1);
	add(3, 2);
	/* The second and third take a few bytes of their own. */
	assert_true(roots.len < trees[0].len + trees[1].len + trees[2].len + 4 * 50);
	if (parse(&s, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	assert_string_equal(err.what, "");
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(states_folder(s, &ids[i], &folder), STATES_FOLDER);
		assert_int_equal(folder.b[0], i < 2 ? 1 : 2);
	}
	assert_int_equal(states_folder(s, &ids[3], &folder), STATES_NONE);
	const struct oid other = { { 9 } };
	assert_int_equal(states_folder(s, &other, &folder), STATES_GONE);
}

static void
nothing(void **state)
{
	(void)state;
	const struct states *s = NULL;
	struct assay_error err = { 0 };
	struct oid folder;
	assert_int_equal(parse(&s, &err), ASSAY_OK);
	assert_int_equal(states_folder(s, &ids[0], &folder), STATES_GONE);
}

/* After the wrong tree, with a wrong byte, twice. */
static void
altered(void **state)
{
	(void)state;
	add(0, -1);
	add(2, 1);
	refused(ASSAY_E_FORMAT, "isn't root trees");
	buf_reset(&roots);
	add(1, -1);
	add(3, 2);
	refused(ASSAY_E_VERIFY, "has other bytes than its id says");
	buf_reset(&roots);
	add(1, -1);
	roots.data[roots.len - 2] ^= 1;
	refused(ASSAY_E_VERIFY, "has other bytes than its id says");
	buf_reset(&roots);
	add(1, -1);
	add(0, 1);
	add(1, 0);
	refused(ASSAY_E_FORMAT, "stands twice");
}

static void
malformed(void **state)
{
	static const char *const tails[] = { "", " 0 0\n\n", " 0 0 0", " 0 0 0\n", " 0 0 0 0\n\n", " 0 0 5\nx\n", " 0 0 0\nx\n", " -1 0 0\n\n",
		" 1 0 0\n\n", " 0 1 0\n\n", " 0 0 18446744073709551615\n\n", " 67108865 0 0\n\n", "  0 0 0\n\n", " 0 0 \n\n", "\n\n" };
	char hex[2 * OID_MAX + 1];
	(void)state;
	oid_hex(&ids[0], OID_SHA1, hex);
	for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
		buf_reset(&roots);
		buf_add_str(&roots, hex);
		buf_add_str(&roots, tails[i]);
		refused(ASSAY_E_FORMAT, "isn't root trees");
	}
	buf_reset(&roots);
	buf_add_str(&roots, "4b825dc642cb6eb9a060e54bf8d69288fbee490 0 0 0\n\n");
	refused(ASSAY_E_FORMAT, "isn't root trees");
}

/* Two folders assay/ that a reader would meet one by one, and one behind what can't be read. */
static void
cut(void **state)
{
	(void)state;
	const struct states *s = NULL;
	struct assay_error err = { 0 };
	struct oid folder;
	entry(&trees[1], "40000 assay", 2);
	buf_add_str(&trees[2], "not an entry");
	for (size_t i = 1; i <= 2; i++) {
		buf_reset(&roots);
		assert_int_equal(git_hash(OID_SHA1, GIT_TREE, buf_span(&trees[i]), &ids[i], NULL), ASSAY_OK);
		add(i, -1);
		assert_int_equal(parse(&s, &err), ASSAY_OK);
		assert_int_equal(states_folder(s, &ids[i], &folder), STATES_CUT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rebuilt, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(altered, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed, setup, teardown),
		cmocka_unit_test_setup_teardown(cut, setup, teardown),
	};
	(void)git_libgit2_init();
	const int failed = cmocka_run_group_tests_name("states", tests, NULL, NULL);
	(void)git_libgit2_shutdown();
	return failed;
}
