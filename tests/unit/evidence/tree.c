/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members of git-tree that contradict each other: nothing is believed that the ids don't say.
 */
#include <base/buf.h>
#include <evidence/tree.h>
#include <git2/global.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define OBJECTS_MAX 8

struct object {
	struct oid id;
	enum git_type type;
	struct buf bytes;
};

static struct arena *arena;
static struct object objects[OBJECTS_MAX];
static size_t count;
static struct buf stream, head;
static struct evidence_member members[4];
static struct evidence raw;

static const struct oid *
add(enum git_type type, const struct buf *bytes)
{
	struct object *o = &objects[count++];
	struct assay_error err = { 0 };
	*o = (struct object){ .type = type, .bytes = BUF_INIT(4096) };
	buf_add_span(&o->bytes, buf_span(bytes));
	assert_int_equal(git_hash(OID_SHA1, type, buf_span(&o->bytes), &o->id, &err), ASSAY_OK);
	return &o->id;
}

static const struct oid *
add_text(enum git_type type, const char *text)
{
	struct buf b = BUF_INIT(4096);
	buf_add_str(&b, text);
	const struct oid *id = add(type, &b);
	buf_done(&b);
	return id;
}

static const struct oid *
add_tree(const char *mode_and_name, const struct oid *id)
{
	struct buf b = BUF_INIT(4096);
	buf_add(&b, mode_and_name, strlen(mode_and_name) + 1);
	buf_add(&b, id->b, 20);
	const struct oid *tree = add(GIT_TREE, &b);
	buf_done(&b);
	return tree;
}

/* commit → tree → assay → policy.yaml */
static int
setup(void **state)
{
	(void)state;
	char hex[2 * OID_MAX + 1], text[256];
	count = 0;
	const struct oid *folder = add_tree("100644 policy.yaml", add_text(GIT_BLOB, "assay-policy: 1\n"));
	oid_hex(add_tree("40000 assay", folder), OID_SHA1, hex);
	(void)snprintf(text, sizeof text, "tree %s\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n", hex);
	oid_hex(add_text(GIT_COMMIT, text), OID_SHA1, hex);
	head = (struct buf)BUF_INIT(4096);
	buf_addf(&head, "refs/heads/main %s\n", hex);
	return arena_new(16u << 20, &arena) == ASSAY_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < count; i++)
		buf_done(&objects[i].bytes);
	buf_done(&stream);
	buf_done(&head);
	arena_free(&arena);
	return 0;
}

static int
by_id(const void *a, const void *b)
{
	return oid_compare(&((const struct object *)a)->id, &((const struct object *)b)->id);
}

static void
lay_out(const char *absent, enum completeness completeness)
{
	char hex[2 * OID_MAX + 1];
	buf_done(&stream);
	stream = (struct buf)BUF_INIT(65536);
	qsort(objects, count, sizeof objects[0], by_id);
	for (size_t i = 0; i < count; i++) {
		oid_hex(&objects[i].id, OID_SHA1, hex);
		buf_addf(&stream, "%s %s %zu\n", hex, git_type_name(objects[i].type), objects[i].bytes.len);
		buf_add_span(&stream, buf_span(&objects[i].bytes));
		buf_add_byte(&stream, '\n');
	}
	members[0] = (struct evidence_member){ .name = "tree/absent", .bytes = assay_span_str(absent) };
	members[1] = (struct evidence_member){ .name = "tree/format", .bytes = assay_span_str("sha1\n") };
	members[2] = (struct evidence_member){ .name = "tree/head", .bytes = buf_span(&head) };
	members[3] = (struct evidence_member){ .name = "tree/objects", .bytes = buf_span(&stream) };
	raw = (struct evidence){ .kind = TREE_KIND, .completeness = completeness, .members = members, .member_count = 4 };
}

static const struct tree *
parsed(void)
{
	struct parse_context c = { arena, NULL, NULL };
	struct assay_error err = { 0 };
	const void *facts = NULL;
	if (tree_parse(&raw, &c, &facts, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return facts;
}

static void
refused(enum assay_status expected, const char *words)
{
	struct parse_context c = { arena, NULL, NULL };
	struct assay_error err = { 0 };
	const void *facts = NULL;
	assert_int_equal(tree_parse(&raw, &c, &facts, &err), expected);
	assert_null(facts);
	if (strstr(err.what, words) == NULL)
		fail_msg("'%s' doesn't say '%s'", err.what, words);
}

/* Takes the first object of this type away, or that of the folder rather than the root. Its id, in hex with words behind. */
static const char *
take(enum git_type type, const char *holds, const char *word)
{
	static char line[128];
	for (size_t i = 0; i < count; i++) {
		struct object *o = &objects[i];
		if (o->type != type || memmem(o->bytes.data, o->bytes.len, holds, strlen(holds)) == NULL)
			continue;
		char hex[2 * OID_MAX + 1];
		oid_hex(&o->id, OID_SHA1, hex);
		(void)snprintf(line, sizeof line, "%s %s\n", hex, word);
		buf_done(&o->bytes);
		*o = objects[--count];
		return line;
	}
	fail_msg("no such object");
	return NULL;
}

static void
whole(void **state)
{
	(void)state;
	lay_out("", EVIDENCE_COMPLETE);
	const struct tree *t = parsed();
	assert_true(t->has_head);
	assert_string_equal(t->ref, "refs/heads/main");
	assert_int_equal(t->sources.count, 1);
	const struct source_file *f = sources_find(&t->sources, "assay/policy.yaml");
	assert_non_null(f);
	assert_true(f->has_bytes);
	assert_int_equal(f->bytes.len, strlen("assay-policy: 1\n"));
	assert_ptr_equal(sources_under(&t->sources, "assay/"), f);
	assert_null(sources_find(&t->sources, "assay"));
	assert_null(sources_under(&t->sources, "assay/r"));
}

static void
altered(void **state)
{
	(void)state;
	for (size_t i = 0; i < count; i++) {
		if (objects[i].type == GIT_BLOB)
			objects[i].bytes.data[0] = 'A';
	}
	lay_out("", EVIDENCE_COMPLETE);
	refused(ASSAY_E_VERIFY, "other bytes");
}

static void
left_out(void **state)
{
	(void)state;
	const char *line = take(GIT_BLOB, "assay", "gone");
	lay_out("", EVIDENCE_PARTIAL);
	refused(ASSAY_E_VERIFY, "neither there nor named");
	lay_out(line, EVIDENCE_COMPLETE);
	refused(ASSAY_E_VERIFY, "says that it is whole");
	lay_out(line, EVIDENCE_PARTIAL);
	assert_false(parsed()->sources.files[0].has_bytes);
	assert_non_null(parsed()->sources.files[0].why);
}

static void
too_large(void **state)
{
	(void)state;
	lay_out(take(GIT_BLOB, "assay", "large"), EVIDENCE_COMPLETE);
	assert_non_null(strstr(parsed()->sources.files[0].why, "larger"));
}

static void
folder_left_out(void **state)
{
	(void)state;
	char large[128];
	const char *line = take(GIT_TREE, "policy.yaml", "gone");
	(void)snprintf(large, sizeof large, "%.40s large\n", line);
	lay_out("", EVIDENCE_PARTIAL);
	refused(ASSAY_E_VERIFY, "a folder is neither");
	lay_out(large, EVIDENCE_PARTIAL);
	refused(ASSAY_E_VERIFY, "a folder is neither");
	lay_out(line, EVIDENCE_COMPLETE);
	refused(ASSAY_E_VERIFY, "says that it is whole");
	lay_out(line, EVIDENCE_PARTIAL);
	assert_int_equal(parsed()->folders_gone, 1);
	assert_int_equal(parsed()->sources.count, 0);
}

static void
without_its_commit(void **state)
{
	(void)state;
	(void)take(GIT_COMMIT, "tree ", "gone");
	lay_out("", EVIDENCE_PARTIAL);
	refused(ASSAY_E_VERIFY, "HEAD's commit isn't in it");
}

static void
bad_members(void **state)
{
	(void)state;
	static const char *const lists[] = { "x\n", "0123456789012345678901234567890123456789 gone",
		"0123456789012345678901234567890123456789 lost\n", "\n",
		"0123456789012345678901234567890123456789 gone\n0123456789012345678901234567890123456789 gone\n" };
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		lay_out(lists[i], EVIDENCE_PARTIAL);
		refused(ASSAY_E_FORMAT, "tree/absent");
	}
	lay_out("", EVIDENCE_COMPLETE);
	members[1].bytes = assay_span_str("md5\n");
	refused(ASSAY_E_FORMAT, "neither sha1 nor sha256");
	lay_out("", EVIDENCE_COMPLETE);
	members[3].bytes.len -= 3;
	refused(ASSAY_E_FORMAT, "batch stream");
	lay_out("", EVIDENCE_COMPLETE);
	raw.member_count = 3;
	refused(ASSAY_E_FORMAT, "lacks tree/objects");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole, setup, teardown),
		cmocka_unit_test_setup_teardown(altered, setup, teardown),
		cmocka_unit_test_setup_teardown(left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(too_large, setup, teardown),
		cmocka_unit_test_setup_teardown(folder_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(without_its_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(bad_members, setup, teardown),
	};
	(void)git_libgit2_init();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)git_libgit2_shutdown();
	return failed;
}
