/* SPDX-License-Identifier: Apache-2.0 */
/* Trees of what was reviewed: looked up by path, hashed again, and which commit of a mainline brought which. */
#include <evidence/reviewed.h>

#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena *arena;
static struct assay_error err;

static int
setup(void **state)
{
	(void)state;
	memset(&err, 0, sizeof err);
	return arena_new(64u << 20, &arena) == ASSAY_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void
add_entry(struct buf *tree, const char *mode, const char *name, const struct oid *id)
{
	buf_addf(tree, "%s %s", mode, name);
	buf_add_byte(tree, 0);
	buf_add(tree, id->b, 20);
}

static struct oid
add_tree(struct buf *stream, const struct buf *tree)
{
	struct oid id;
	char hex[2 * OID_MAX + 1];
	assert_int_equal(git_hash(OID_SHA1, GIT_TREE, buf_span(tree), &id, &err), ASSAY_OK);
	oid_hex(&id, OID_SHA1, hex);
	buf_addf(stream, "%s tree %zu\n", hex, tree->len);
	buf_add_span(stream, buf_span(tree));
	buf_add_byte(stream, '\n');
	return id;
}

static enum assay_status
parse(struct assay_span format, struct assay_span stream, const struct reviewed **ret)
{
	struct evidence_member members[] = { { .name = "reviewed/format", .bytes = format }, { .name = "reviewed/trees", .bytes = stream } };
	const struct evidence raw = { .kind = REVIEWED_KIND, .members = members, .member_count = 2 };
	const struct parse_context c = { .arena = arena };
	const void *facts = NULL;
	const enum assay_status status = reviewed_parse(&raw, &c, &facts, &err);
	*ret = facts;
	return status;
}

static void
finds_by_path_and_by_id(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf sub = BUF_INIT(4096), root = BUF_INIT(4096), one = BUF_INIT(8192), two = BUF_INIT(8192);
	const struct oid a = { { 1 } }, b = { { 2 } }, gone = { { 3 } };
	struct git_tree_entry e;
	const struct reviewed *r = NULL;
	add_entry(&sub, "100644", "a.c", &a);
	add_entry(&sub, "120000", "l.c", &b);
	const struct oid sub_id = add_tree(&one, &sub);
	add_entry(&root, "40000", "gone", &gone);
	add_entry(&root, "40000", "src", &sub_id);
	const struct oid root_id = add_tree(&two, &root);
	struct buf *first = oid_compare(&sub_id, &root_id) < 0 ? &one : &two, *second = first == &one ? &two : &one;
	buf_add_span(first, buf_span(second));
	assert_int_equal(parse(assay_span_str("sha1\n"), buf_span(first), &r), ASSAY_OK);
	assert_int_equal(reviewed_find(r, &root_id, "src/a.c", &e), REVIEWED_THERE);
	assert_int_equal(oid_compare(&e.id, &a), 0);
	assert_int_equal(reviewed_find(r, &root_id, "src/b.c", &e), REVIEWED_ABSENT);
	assert_int_equal(reviewed_find(r, &root_id, "src", &e), REVIEWED_ABSENT);
	assert_int_equal(reviewed_find(r, &root_id, "src/a.c/x", &e), REVIEWED_ABSENT);
	assert_int_equal(reviewed_find(r, &root_id, "other/b.c", &e), REVIEWED_ABSENT);
	assert_int_equal(reviewed_find(r, &root_id, "gone/b.c", &e), REVIEWED_UNSEEN);
	assert_int_equal(reviewed_find(r, &gone, "a", &e), REVIEWED_UNSEEN);
	assert_int_equal(reviewed_holds(r, &root_id, "src/", &b), REVIEWED_THERE);
	assert_int_equal(reviewed_holds(r, &root_id, "src/", &gone), REVIEWED_ABSENT);
	assert_int_equal(reviewed_holds(r, &root_id, "none/", &a), REVIEWED_ABSENT);
	assert_int_equal(reviewed_holds(r, &root_id, "gone/", &a), REVIEWED_UNSEEN);
}

static void
refuses_what_is_altered_or_disordered(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf tree = BUF_INIT(4096), stream = BUF_INIT(8192), twice = BUF_INIT(8192);
	const struct oid a = { { 1 } };
	const struct reviewed *r = NULL;
	add_entry(&tree, "100644", "a.c", &a);
	(void)add_tree(&stream, &tree);
	assert_int_equal(parse(assay_span_str("sha1\n"), buf_span(&stream), &r), ASSAY_OK);
	buf_add_span(&twice, buf_span(&stream));
	buf_add_span(&twice, buf_span(&stream));
	assert_int_equal(parse(assay_span_str("sha1\n"), buf_span(&twice), &r), ASSAY_E_FORMAT);
	assert_int_equal(parse(assay_span_str("md5\n"), buf_span(&stream), &r), ASSAY_E_FORMAT);
	stream.data[stream.len - 2] ^= 1;
	assert_int_equal(parse(assay_span_str("sha1\n"), buf_span(&stream), &r), ASSAY_E_VERIFY);
}

/* 0 - 1 - 3(1,2) - 4 is the mainline; 2 comes from 0; 5 leads nowhere. */
static void
says_what_a_mainline_brought(void **state)
{
	(void)state;
	static const uint32_t first[] = { 0, 0, 1, 2, 4, 5, 6 }, parents[] = { 0, 0, 1, 2, 3, REVIEWED_NONE };
	const struct reviewed_graph g = { 6, first, parents };
	uint32_t room[12], by[6];
	reviewed_brought(&g, 4, room, by);
	const uint32_t expected[] = { 0, 1, 3, 3, 4, REVIEWED_NONE };
	assert_memory_equal(by, expected, sizeof expected);
	reviewed_brought(&g, 5, room, by);
	assert_int_equal(by[5], 5);
	assert_int_equal(by[0], REVIEWED_NONE);
	reviewed_brought(&g, REVIEWED_NONE, room, by);
	assert_int_equal(by[0], REVIEWED_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_by_path_and_by_id, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_is_altered_or_disordered, setup, teardown),
		cmocka_unit_test(says_what_a_mainline_brought),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
