/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests: what is taken for one, in pieces of any size, and what is written. */
#include <assay/manifest.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FIRST ASSAY_MANIFEST_FIRST_LINE
#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define FILE_LINE(path) "f 0644 12 " A64 " " B64 " - " path "\n"

static struct assay_manifest m;
static struct assay_error err;

/* Reads text in pieces of this size; how many entries it has. The status is of what failed first. */
static enum assay_status
read_in(const char *text, size_t len, size_t piece, uint64_t *ret_entries)
{
	struct assay_manifest_entry entry;
	*ret_entries = 0;
	assay_manifest_begin(&m);
	for (size_t at = 0; at < len; at += piece) {
		struct assay_span in = { (const unsigned char *)text + at, len - at < piece ? len - at : piece };
		bool is = true;
		while (is) {
			enum assay_status status = assay_manifest_next(&m, &in, &is, &entry, &err);
			if (status != ASSAY_OK)
				return status;
			*ret_entries += is;
		}
		assert_int_equal(in.len, 0);
	}
	return assay_manifest_end(&m, &err);
}

static enum assay_status
read_all(const char *text, uint64_t *ret_entries)
{
	return read_in(text, strlen(text), strlen(text) + 1, ret_entries);
}

static void
a_manifest_is_read_in_pieces_of_any_size(void **state)
{
	static const char text[] = FIRST "d 0755 bin\n" FILE_LINE("bin/pump") "l bin/sh ../usr/bin/sh\nd 2775 etc\n" FILE_LINE("etc/a%20b%0A") ;
	uint64_t entries;
	(void)state;
	for (size_t piece = 1; piece < sizeof text; piece++) {
		assert_int_equal(read_in(text, sizeof text - 1, piece, &entries), ASSAY_OK);
		assert_int_equal(entries, 5);
		assert_int_equal(m.files, 2);
		assert_int_equal(m.folders, 2);
		assert_int_equal(m.links, 1);
		assert_int_equal(m.lines, 6);
	}
}

static void
next(struct assay_span *in, struct assay_manifest_entry *entry)
{
	bool is = false;
	assert_int_equal(assay_manifest_next(&m, in, &is, entry, &err), ASSAY_OK);
	assert_true(is);
}

static void
equal(struct assay_span s, const char *text)
{
	assert_true(assay_span_equal(s, assay_span_str(text)));
}

static void
fields_are_what_the_line_says(void **state)
{
	struct assay_manifest_entry e;
	struct assay_span in = assay_span_str(FIRST "d 1777 %20%C3%A4%25\nf 4755 9223372036854775807 " A64 " " B64
	    " 0100000200200000000000000000000000000000 x\nl y /a%20b\n");
	(void)state;
	assay_manifest_begin(&m);
	next(&in, &e);
	assert_int_equal(e.type, ASSAY_ENTRY_FOLDER);
	assert_int_equal(e.mode, 01777);
	equal(e.path, " \xc3\xa4%");
	next(&in, &e);
	assert_int_equal(e.type, ASSAY_ENTRY_FILE);
	assert_int_equal(e.mode, 04755);
	assert_true(e.size == INT64_MAX);
	assert_int_equal(e.sha256[31], 0xaa);
	assert_int_equal(e.verity[0], 0x01);
	assert_int_equal(e.verity[31], 0xef);
	assert_int_equal(e.caps_len, 20);
	assert_int_equal(e.caps[5], 0x20);
	next(&in, &e);
	assert_int_equal(e.type, ASSAY_ENTRY_LINK);
	equal(e.path, "y");
	equal(e.target, "/a b");
	assert_int_equal(in.len, 0);
	assert_int_equal(assay_manifest_end(&m, &err), ASSAY_OK);
}

static void
one_spelling_alone_is_taken(void **state)
{
	static const char *const bad[] = {
		"", "\n", "assay-manifest 1", "assay-manifest 1 \n", "assay-manifest 01\n", "assay-manifest 0\n", "assay-manifest\n",
		"Assay-manifest 1\n", "assay-manifest 1\r\n", "\xef\xbb\xbf" FIRST, " " FIRST,
		FIRST "\n", FIRST "d 0755 a", FIRST "d 0755 a\n\n", FIRST "d 0755 a \n", FIRST "d  0755 a\n", FIRST " d 0755 a\n",
		FIRST "d 755 a\n", FIRST "d 00755 a\n", FIRST "d 0855 a\n", FIRST "d 0755\n", FIRST "d 0755 \n", FIRST "d 0755 a b\n",
		FIRST "D 0755 a\n", FIRST "x 0755 a\n", FIRST "dd 0755 a\n", FIRST "d\n", FIRST "d 0755 a\r\n", FIRST "d 0755 a\tb\n",
		FIRST "d 0755 /a\n", FIRST "d 0755 a/\n", FIRST "d 0755 .\n", FIRST "d 0755 ..\n", FIRST "d 0755 a\nd 0755 a/.\n",
		FIRST "d 0755 a\nd 0755 a/../b\n", FIRST "d 0755 a\nd 0755 a//b\n", FIRST "d 0755 %2e%2e\n", FIRST "d 0755 %2F\n",
		FIRST "d 0755 %61\n", FIRST "d 0755 %\n", FIRST "d 0755 %4\n", FIRST "d 0755 %0a\n", FIRST "d 0755 %00\n", FIRST "d 0755 a%00b\n",
		FIRST "d 0755 \xc3\xa4\n", FIRST "d 0755 a\nd 0755 a\n", FIRST "d 0755 b\nd 0755 a\n", FIRST "d 0755 a/b\n",
		FIRST FILE_LINE("a") "d 0755 a/b\n", FIRST "l a b\nd 0755 a/b\n", FIRST "d 0755 a\nd 0755 a-b\nd 0755 a/c\n",
		FIRST "d 0755 ab\nd 0755 a/c\n", FIRST "d 0755 a\nd 0755 ab/c\n", FIRST "d 0755 a\nd 0755 a/b/c\n",
		FIRST "f 0644 12 " A64 " " B64 " a\n", FIRST "f 0644 012 " A64 " " B64 " - a\n", FIRST "f 0644 -1 " A64 " " B64 " - a\n",
		FIRST "f 0644  " A64 " " B64 " - a\n", FIRST "f 0644 1e3 " A64 " " B64 " - a\n",
		FIRST "f 0644 9223372036854775808 " A64 " " B64 " - a\n", FIRST "f 0644 99999999999999999999 " A64 " " B64 " - a\n",
		FIRST "f 0644 12 " A64 "a " B64 " - a\n", FIRST "f 0644 12 " A64 " A" B64 " - a\n",
		FIRST "f 0644 12 A" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa " B64 " - a\n",
		FIRST "f 0644 12 " A64 " " B64 " -- a\n", FIRST "f 0644 12 " A64 " " B64 " 01 a\n", FIRST "f 0644 12 " A64 " " B64 "  a\n",
		FIRST "f 0644 12 " A64 " " B64 " 01000002002000000000000000000000000000ZZ a\n",
		FIRST "l a\n", FIRST "l a \n", FIRST "l a b c\n", FIRST "l a %00\n",
	};
	uint64_t entries;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (read_all(bad[i], &entries) != ASSAY_E_FORMAT)
			fail_msg("taken, or refused for another reason: '%s'", bad[i]);
		assert_int_equal(read_in(bad[i], strlen(bad[i]), 1, &entries), ASSAY_E_FORMAT);
	}
	assert_int_equal(read_all("assay-manifest 2\n", &entries), ASSAY_E_VERSION);
	assert_int_equal(read_all("assay-manifest 12\n", &entries), ASSAY_E_VERSION);
	assert_int_equal(read_in(FIRST "d 0755 a\0b\n", sizeof FIRST - 1 + 11, 64, &entries), ASSAY_E_FORMAT);
	assert_int_equal(read_all(FIRST, &entries), ASSAY_OK);
	assert_int_equal(entries, 0);
}

static void
what_failed_stays_failed_and_is_told_with_its_line(void **state)
{
	struct assay_manifest_entry e;
	struct assay_span in = assay_span_str(FIRST "d 0755 a\nd 0755 a\nd 0755 b\n");
	bool is;
	(void)state;
	assay_manifest_begin(&m);
	next(&in, &e);
	assert_int_equal(assay_manifest_next(&m, &in, &is, &e, &err), ASSAY_E_FORMAT);
	assert_int_equal(err.line, 3);
	assert_non_null(strstr(err.what, "twice"));
	assert_int_equal(assay_manifest_next(&m, &in, &is, &e, &err), ASSAY_E_FORMAT);
	assert_int_equal(assay_manifest_end(&m, &err), ASSAY_E_FORMAT);
}

static void
caps_hold(void **state)
{
	static char text[ASSAY_MANIFEST_LINE_MAX + 64];
	uint64_t entries;
	size_t len;
	(void)state;
	/* a line */
	len = (size_t)snprintf(text, sizeof text, FIRST "l a ");
	memset(text + len, 'b', ASSAY_MANIFEST_LINE_MAX - 5);
	memcpy(text + len + ASSAY_MANIFEST_LINE_MAX - 5, "b\n", 3);
	assert_int_equal(read_all(text, &entries), ASSAY_E_LIMIT);
	assert_int_equal(read_in(text, strlen(text), 1000, &entries), ASSAY_E_LIMIT);
	/* where a link leads */
	memset(text + len, 'b', ASSAY_MANIFEST_TARGET_MAX);
	memcpy(text + len + ASSAY_MANIFEST_TARGET_MAX, "\n", 2);
	assert_int_equal(read_all(text, &entries), ASSAY_OK);
	memcpy(text + len + ASSAY_MANIFEST_TARGET_MAX, "b\n", 3);
	assert_int_equal(read_all(text, &entries), ASSAY_E_FORMAT);
	/* a name */
	len = (size_t)snprintf(text, sizeof text, FIRST "d 0755 ");
	memset(text + len, 'b', ASSAY_MANIFEST_NAME_MAX);
	memcpy(text + len + ASSAY_MANIFEST_NAME_MAX, "\n", 2);
	assert_int_equal(read_all(text, &entries), ASSAY_OK);
	memcpy(text + len + ASSAY_MANIFEST_NAME_MAX, "b\n", 3);
	assert_int_equal(read_all(text, &entries), ASSAY_E_FORMAT);
}

static void
deep_and_long_paths(void **state)
{
	char path[ASSAY_MANIFEST_PATH_MAX + 2];
	(void)state;
	for (size_t i = 0; i < sizeof path; i++)
		path[i] = i % 2 == 0 ? 'a' : '/';
	assert_null(assay_manifest_path_fault((struct assay_span) { (unsigned char *)path, 2 * ASSAY_MANIFEST_DEPTH_MAX - 1 }));
	assert_non_null(assay_manifest_path_fault((struct assay_span) { (unsigned char *)path, 2 * ASSAY_MANIFEST_DEPTH_MAX + 1 }));
	for (size_t i = 0; i < sizeof path; i++)
		path[i] = i % 200 == 199 ? '/' : 'a';
	assert_null(assay_manifest_path_fault((struct assay_span) { (unsigned char *)path, ASSAY_MANIFEST_PATH_MAX }));
	assert_non_null(assay_manifest_path_fault((struct assay_span) { (unsigned char *)path, ASSAY_MANIFEST_PATH_MAX + 1 }));
	assert_non_null(assay_manifest_path_fault((struct assay_span) { NULL, 0 }));
}

static void
the_order_goes_component_by_component(void **state)
{
	static const char *const rows[] = { "a", "a/b", "a/b/c", "a/b-", "a b", "a-b", "a-b/c", "a.b", "aa", "b", "\xff" };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
			int order = assay_manifest_order(assay_span_str(rows[i]), assay_span_str(rows[k]));
			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
		}
	}
}

/* What is written is read as what it was. */
static void
there_and_back(const struct assay_manifest_entry *e)
{
	static char line[ASSAY_MANIFEST_LINE_MAX + 1];
	struct assay_manifest_entry back;
	struct assay_span first = assay_span_str(FIRST), in;
	size_t len;
	bool is;
	assert_int_equal(assay_manifest_line(e, line, sizeof line, &len, &err), ASSAY_OK);
	assert_int_equal(strlen(line), len);
	assay_manifest_begin(&m);
	assert_int_equal(assay_manifest_next(&m, &first, &is, &back, &err), ASSAY_OK);
	in = assay_span_str(line);
	next(&in, &back);
	assert_int_equal(back.type, e->type);
	assert_int_equal(back.mode, e->mode);
	assert_int_equal(back.size, e->size);
	assert_int_equal(back.caps_len, e->caps_len);
	assert_memory_equal(back.caps, e->caps, e->caps_len);
	assert_memory_equal(back.sha256, e->sha256, 32);
	assert_memory_equal(back.verity, e->verity, 32);
	assert_true(assay_span_equal(back.path, e->path));
	assert_true(assay_span_equal(back.target, e->target));
	assert_int_equal(assay_manifest_line(e, line, len, &len, &err), ASSAY_E_LIMIT);
	assert_int_equal(assay_manifest_line(e, line, len + 1, &len, &err), ASSAY_OK);
}

static void
what_is_written_can_be_read(void **state)
{
	struct assay_manifest_entry e = { .type = ASSAY_ENTRY_FILE, .mode = 07777, .size = 0, .caps_len = 24, .path = assay_span_str("%") };
	unsigned char all[255];
	(void)state;
	memset(e.sha256, 0xf0, 32);
	memset(e.verity, 0x0f, 32);
	memset(e.caps, 0x5a, 24);
	there_and_back(&e);
	e = (struct assay_manifest_entry) { .type = ASSAY_ENTRY_LINK, .path = assay_span_str("a\nb"), .target = assay_span_str(" ") };
	there_and_back(&e);
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (unsigned char)(i + 1 == '/' ? 'x' : i + 1);
	e = (struct assay_manifest_entry) { .type = ASSAY_ENTRY_FOLDER, .path = { all, sizeof all } };
	there_and_back(&e);
}

static void
what_cannot_stand_there_is_not_written(void **state)
{
	const struct assay_manifest_entry bad[] = {
		{ .type = ASSAY_ENTRY_FOLDER, .path = assay_span_str("../a") },
		{ .type = ASSAY_ENTRY_FOLDER, .path = { (const unsigned char *)"a\0b", 3 } },
		{ .type = ASSAY_ENTRY_FOLDER, .mode = 010000, .path = assay_span_str("a") },
		{ .type = ASSAY_ENTRY_FILE, .size = (uint64_t)INT64_MAX + 1, .path = assay_span_str("a") },
		{ .type = ASSAY_ENTRY_FILE, .caps_len = 3, .path = assay_span_str("a") },
		{ .type = ASSAY_ENTRY_LINK, .path = assay_span_str("a") },
		{ .type = ASSAY_ENTRY_LINK, .path = assay_span_str("a"), .target = { (const unsigned char *)"\0", 1 } },
	};
	char line[256];
	size_t len;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(assay_manifest_line(&bad[i], line, sizeof line, &len, &err), ASSAY_E_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_is_read_in_pieces_of_any_size),
		cmocka_unit_test(fields_are_what_the_line_says),
		cmocka_unit_test(one_spelling_alone_is_taken),
		cmocka_unit_test(what_failed_stays_failed_and_is_told_with_its_line),
		cmocka_unit_test(caps_hold),
		cmocka_unit_test(deep_and_long_paths),
		cmocka_unit_test(the_order_goes_component_by_component),
		cmocka_unit_test(what_is_written_can_be_read),
		cmocka_unit_test(what_cannot_stand_there_is_not_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
