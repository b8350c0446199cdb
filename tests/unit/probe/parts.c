/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts that read bytes: ref names, ref files, packed-refs, links of objects, cat-file's headers, lists of ids.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "idlist.h"
#include "internal.h"
#include "links.h"
#include "object_stream.h"

#define ID1 "1111111111111111111111111111111111111111"
#define ID2 "abcdefabcdefabcdefabcdefabcdefabcdefabcd"

static struct assay_span
span(const char *text)
{
	return assay_span_str(text);
}

static void
names_as_git_has_them(void **state)
{
	(void)state;
	static const char *const good[] = { "refs/heads/main", "refs/heads/a/b/c", "refs/x", "refs/heads/@",
		"refs/heads/a.b", "refs/heads/\xff\xfe", "refs/heads/a@b", "refs/heads/-x", "refs/heads/a{b" };
	static const char *const bad[] = { "", "HEAD", "refs", "refs/", "refs//x", "refs/heads/", "refs/heads/.x",
		"refs/heads/x.", "refs/heads/x.lock", "refs/x.lock/y", "refs/heads/a..b", "refs/heads/a b",
		"refs/heads/a~b", "refs/heads/a^b", "refs/heads/a:b", "refs/heads/a?b", "refs/heads/a*b",
		"refs/heads/a[b", "refs/heads/a\\b", "refs/heads/a@{b", "refs/heads/a\x7f", "refs/heads/a\nb",
		"refs/./x", "/refs/heads/x", "refs/heads/../../x" };
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!ref_name_ok(span(good[i])))
			fail_msg("'%s' is refused", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (ref_name_ok(span(bad[i])))
			fail_msg("'%s' is taken", bad[i]);
	assert_false(ref_name_ok((struct assay_span) { (const unsigned char *)"refs/heads/a\0b", 14 }));
}

static void
ref_files(void **state)
{
	(void)state;
	struct ref_value v;
	assert_int_equal(ref_value_parse(span(ID2 "\n"), OID_SHA1, &v), ASSAY_OK);
	assert_false(v.symbolic);
	assert_int_equal(v.id.b[0], 0xab);
	assert_int_equal(ref_value_parse(span("ABCDEF" ID1), OID_SHA1, &v), ASSAY_E_FORMAT);
	assert_int_equal(ref_value_parse(span(ID1 " and more"), OID_SHA1, &v), ASSAY_OK);
	assert_int_equal(ref_value_parse(span(ID1), OID_SHA256, &v), ASSAY_E_FORMAT);
	assert_int_equal(ref_value_parse(span("ref: refs/heads/x \n"), OID_SHA1, &v), ASSAY_OK);
	assert_true(v.symbolic && assay_span_equal(v.target, span("refs/heads/x")));
	assert_int_equal(ref_value_parse(span("ref:refs/x"), OID_SHA1, &v), ASSAY_OK);
	assert_int_equal(ref_value_parse(span("ref: \n"), OID_SHA1, &v), ASSAY_E_FORMAT);
	assert_int_equal(ref_value_parse(span(""), OID_SHA1, &v), ASSAY_E_FORMAT);
	assert_int_equal(ref_value_parse(span("\n"), OID_SHA1, &v), ASSAY_E_FORMAT);
}

static void
packed(void **state)
{
	(void)state;
	const struct assay_span text = span("# pack-refs with: peeled\n" ID1 " refs/tags/a\n^" ID2 "\n" ID2 " refs/x\n");
	struct assay_error err = { 0 };
	struct packed_ref ref;
	size_t cursor = 0;
	unsigned line = 0;
	assert_int_equal(packed_refs_next(text, OID_SHA1, &cursor, &line, &ref, &err), ASSAY_OK);
	assert_true(assay_span_equal(ref.name, span("refs/tags/a")));
	assert_int_equal(packed_refs_next(text, OID_SHA1, &cursor, &line, &ref, &err), ASSAY_OK);
	assert_true(assay_span_equal(ref.name, span("refs/x")));
	assert_int_equal(packed_refs_next(text, OID_SHA1, &cursor, &line, &ref, &err), ASSAY_E_NOT_FOUND);
	static const char *const bad[] = { ID1 " refs/x", ID1 "\n", ID1 "x\n", "\n", "^" ID1 "\n", ID1 "\trefs/x\n" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cursor = 0;
		line = 0;
		assert_int_equal(packed_refs_next(span(bad[i]), OID_SHA1, &cursor, &line, &ref, &err), ASSAY_E_FORMAT);
		assert_int_equal(err.line, 1);
		assert_string_equal(err.file, "packed-refs");
	}
}

static void
links_of_commits_and_tags(void **state)
{
	(void)state;
	const struct assay_span commit = span("tree " ID1 "\nparent " ID2 "\nparent ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD\n"
	    "author nonsense\nparent " ID1 "\n");
	struct assay_error err = { 0 };
	struct link link;
	size_t cursor = 0;
	assert_int_equal(links_next(GIT_COMMIT, commit, OID_SHA1, &cursor, &link, &err), ASSAY_OK);
	assert_true(link.type == GIT_TREE && !link.parent);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(links_next(GIT_COMMIT, commit, OID_SHA1, &cursor, &link, &err), ASSAY_OK);
		assert_true(link.parent && link.id.b[0] == 0xab);
	}
	assert_int_equal(links_next(GIT_COMMIT, commit, OID_SHA1, &cursor, &link, &err), ASSAY_E_NOT_FOUND);
	cursor = 0;
	assert_int_equal(links_next(GIT_COMMIT, span("author x\n"), OID_SHA1, &cursor, &link, &err), ASSAY_E_FORMAT);
	cursor = 0;
	assert_int_equal(links_next(GIT_TAG, span("object " ID1 "\ntype tag\ntag x\n"), OID_SHA1, &cursor, &link, &err),
	    ASSAY_OK);
	assert_int_equal(link.type, GIT_TAG);
	assert_int_equal(links_next(GIT_TAG, span("object " ID1 "\ntype tag\ntag x\n"), OID_SHA1, &cursor, &link, &err),
	    ASSAY_E_NOT_FOUND);
	static const char *const bad[] = { "object " ID1 "\ntype thing\n", "object " ID1 "\n", "type tag\n",
		"object " ID1 "\ntype commit" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cursor = 0;
		assert_int_equal(links_next(GIT_TAG, span(bad[i]), OID_SHA1, &cursor, &link, &err), ASSAY_E_FORMAT);
	}
	cursor = 0;
	assert_int_equal(links_next(GIT_BLOB, commit, OID_SHA1, &cursor, &link, &err), ASSAY_E_NOT_FOUND);
}

static void
links_of_trees(void **state)
{
	(void)state;
	unsigned char tree[3 * 64];
	size_t len = 0;
	static const struct {
		const char *head;
		unsigned char first;
	} entries[] = { { "100644 a", 1 }, { "40000 b", 2 }, { "160000 c", 3 } };
	for (size_t i = 0; i < 3; i++) {
		const size_t head = strlen(entries[i].head) + 1;
		memcpy(tree + len, entries[i].head, head);
		memset(tree + len + head, entries[i].first, 20);
		len += head + 20;
	}
	struct assay_error err = { 0 };
	struct link link;
	size_t cursor = 0;
	const struct assay_span bytes = { tree, len };
	assert_int_equal(links_next(GIT_TREE, bytes, OID_SHA1, &cursor, &link, &err), ASSAY_OK);
	assert_true(link.type == GIT_BLOB && link.id.b[0] == 1 && assay_span_equal(link.name, span("a")));
	assert_int_equal(links_next(GIT_TREE, bytes, OID_SHA1, &cursor, &link, &err), ASSAY_OK);
	assert_true(link.type == GIT_TREE && link.id.b[0] == 2);
	/* A submodule's commit isn't here to be found. */
	assert_int_equal(links_next(GIT_TREE, bytes, OID_SHA1, &cursor, &link, &err), ASSAY_E_NOT_FOUND);
	cursor = 0;
	const struct assay_span cut = { tree, 20 };
	assert_int_equal(links_next(GIT_TREE, cut, OID_SHA1, &cursor, &link, &err), ASSAY_E_FORMAT);
}

static void
headers(void **state)
{
	(void)state;
	struct object_header h;
	assert_int_equal(object_header_parse(span(ID1 " blob 12"), OID_SHA1, &h), ASSAY_OK);
	assert_true(h.known && h.named && h.type == GIT_BLOB && h.size == 12);
	assert_int_equal(object_header_parse(span(ID1 " missing"), OID_SHA1, &h), ASSAY_OK);
	assert_true(!h.known && h.named);
	assert_int_equal(object_header_parse(span(ID1 ":a b/c missing"), OID_SHA1, &h), ASSAY_OK);
	assert_true(!h.known && !h.named);
	static const char *const bad[] = { "", "missing", ID1, ID1 " ", ID1 " blob", ID1 " blob -1", ID1 " blob 1 2",
		ID1 " thing 1", ID1 " blob 99999999999999999999", "x blob 1" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (object_header_parse(span(bad[i]), OID_SHA1, &h) != ASSAY_E_FORMAT)
			fail_msg("'%s' is taken", bad[i]);
}

static void
lists_come_out_the_same(void **state)
{
	(void)state;
	struct id_list up = { 0 };
	struct id_list down = { 0 };
	enum { COUNT = 3000 };
	for (int i = 0; i < COUNT; i++) {
		struct id_pair a = { 0 };
		struct id_pair b = { 0 };
		a.id.b[0] = (unsigned char)(i % 250);
		a.other.b[0] = (unsigned char)(i / 250 + 1);
		b.id.b[0] = (unsigned char)((COUNT - 1 - i) % 250);
		b.other.b[0] = (unsigned char)((COUNT - 1 - i) / 250 + 1);
		id_list_add(&up, &a);
		id_list_add(&down, &b);
	}
	id_list_settle(&up);
	id_list_settle(&down);
	assert_int_equal(up.count, 250);
	assert_int_equal(down.count, 250);
	assert_memory_equal(up.items, down.items, 250 * sizeof(up.items[0]));
	for (size_t i = 0; i < up.count; i++)
		assert_int_equal(up.items[i].other.b[0], 1);
	const struct oid there = { { 7 } };
	const struct oid not_there = { { 251 } };
	assert_non_null(id_search(&there, up.items, up.count, sizeof(up.items[0])));
	assert_null(id_search(&not_there, up.items, up.count, sizeof(up.items[0])));
	id_list_done(&up);
	id_list_done(&down);
}

static void
two_large_objects_in_a_row(void **state)
{
	(void)state;
	static const char *const argv[] = { "head", "-c", "2147483650", "/dev/zero", NULL };
	static const char *const env[] = { NULL };
	const struct child_options options = { .argv = argv, .env = env };
	const size_t len = ((size_t)1 << 30) + 1;
	struct object_stream s;
	struct assay_span bytes;
	assert_int_equal(object_stream_start(&s, &options, OID_SHA1, NULL, 0, NULL), ASSAY_OK);
	assert_int_equal(object_stream_bytes(&s, len, &bytes, NULL), ASSAY_OK);
	assert_int_equal(object_stream_bytes(&s, len, &bytes, NULL), ASSAY_OK);
	assert_int_equal(bytes.len, len);
	assert_int_equal(object_stream_bytes(&s, 1, &bytes, NULL), ASSAY_E_NOT_FOUND);
	object_stream_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_as_git_has_them),
		cmocka_unit_test(ref_files),
		cmocka_unit_test(packed),
		cmocka_unit_test(links_of_commits_and_tags),
		cmocka_unit_test(links_of_trees),
		cmocka_unit_test(headers),
		cmocka_unit_test(lists_come_out_the_same),
		cmocka_unit_test(two_large_objects_in_a_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
