/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include <base/cleanup.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct assay_span nothing = { NULL, 0 };

static void
expect_problem(const char *path, const struct buf *b, enum seal_inside_matter matter)
{
	struct seen s;
	see(&s, path, buf_span(b), 0644);
	if (!has_problem(&s, matter))
		fail_msg("%s: '%s' isn't told", path, seal_inside_code(matter));
	see_done(&s);
}

static void
sound(const char *path, const struct buf *b, size_t members)
{
	struct seen s;
	see(&s, path, buf_span(b), 0644);
	if (s.in.problems != NULL)
		fail_msg("%s: '%s' is told of %s", path, seal_inside_code(s.in.problems->matter), s.in.problems->path);
	assert_int_equal(s.in.count, members);
	see_done(&s);
}

/* A library in a zip in a packed tar is found, and called by the whole way to it. */
static void
nested(void **state)
{
	CLEANUP(buf_done) struct buf elf = BUF_INIT(65536);
	CLEANUP(buf_done) struct buf zip = BUF_INIT(65536);
	CLEANUP(buf_done) struct buf tar = BUF_INIT(1u << 20);
	CLEANUP(buf_done) struct buf gz = BUF_INIT(1u << 20);
	struct seen s;
	(void)state;
	make_elf(&elf, &(struct elf_recipe){ .type = 3, .soname = "libx.so.1" });
	const struct zip_recipe in_zip[] = { { .name = "lib/libx.so.1", .bytes = buf_span(&elf), .attributes = 0100755u << 16 } };
	make_zip(&zip, in_zip, 1);
	tar_member(&tar, '5', "opt/", NULL, nothing);
	tar_member(&tar, '0', "opt/plugins.zip", NULL, buf_span(&zip));
	tar_finish(&tar);
	make_gzip(&gz, buf_span(&tar));
	sound("payload.tar.gz", &gz, 4);
	see(&s, "payload.tar.gz", buf_span(&gz), 0644);
	const struct seal_member *m = find_member(&s, "payload.tar.gz!payload.tar!opt/plugins.zip!lib/libx.so.1");
	assert_non_null(m);
	assert_int_equal(m->looked.kinds[SEAL_ELF_LIBRARY], SEAL_BY_BYTES);
	assert_string_equal(m->looked.elf->soname, "libx.so.1");
	assert_int_equal(m->mode, 0755);
	see_done(&s);
}

static void
tar_names(void **state)
{
	static const struct {
		char type;
		const char *name, *target;
		enum seal_inside_matter matter;
	} rows[] = {
		{ '0', "../etc/passwd", NULL, SEAL_INSIDE_LEADS_OUT }, { '0', "a/../../b", NULL, SEAL_INSIDE_LEADS_OUT },
		{ '0', "/etc/passwd", NULL, SEAL_INSIDE_ABSOLUTE }, { '2', "a", "/etc", SEAL_INSIDE_LINK_OUT },
		{ '2', "d/a", "../../etc", SEAL_INSIDE_LINK_OUT }, { '1', "d/a", "../etc", SEAL_INSIDE_LINK_OUT },
		{ '1', "a", "/etc/shadow", SEAL_INSIDE_LINK_OUT },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(65536);
		tar_member(&b, rows[i].type, rows[i].name, rows[i].target, nothing);
		tar_finish(&b);
		expect_problem("x.tar", &b, rows[i].matter);
	}
	CLEANUP(buf_done) struct buf b = BUF_INIT(65536);
	tar_member(&b, '2', "d/a", "../b", nothing);
	tar_member(&b, '2', "a", "a", nothing); /* a link to itself is followed by nobody here */
	tar_member(&b, '0', "..a/b..", NULL, assay_span_str("x"));
	tar_member(&b, '3', "dev/null", NULL, nothing);
	tar_finish(&b);
	sound("x.tar", &b, 4);
}

static void
tar_forms(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1u << 20);
	struct seen s;
	(void)state;
	tar_member(&b, 'x', "PaxHeaders/a", NULL, assay_span_str("20 path=very/long/n\n"));
	tar_member(&b, '0', "short", NULL, assay_span_str("#!/bin/sh\n"));
	tar_member(&b, 'L', "././@LongLink", NULL, assay_span_str("gnu/long/name"));
	tar_member(&b, '0', "gnu", NULL, assay_span_str("#!/bin/sh\n"));
	tar_finish(&b);
	see(&s, "x.tar", buf_span(&b), 0644);
	assert_null(s.in.problems);
	const struct seal_member *m = find_member(&s, "x.tar!very/long/n");
	assert_non_null(m);
	assert_int_equal(m->looked.kinds[SEAL_SCRIPT], SEAL_BY_BYTES);
	assert_non_null(find_member(&s, "x.tar!gnu/long/name"));
	see_done(&s);
	/* Behind the end stands another member. */
	tar_member(&b, '0', "hidden", NULL, assay_span_str("x"));
	expect_problem("x.tar", &b, SEAL_INSIDE_INCONSISTENT);
}

static void
tar_damaged(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(65536);
	(void)state;
	tar_member(&b, '0', "a", NULL, assay_span_str("0123456789"));
	tar_member(&b, '0', "a", NULL, assay_span_str("0123456789"));
	expect_problem("x.tar", &b, SEAL_INSIDE_MALFORMED);
	expect_problem("x.tar", &b, SEAL_INSIDE_TWICE);
	b.data[1024] ^= 1;
	expect_problem("x.tar", &b, SEAL_INSIDE_MALFORMED);
	b.len = 700;
	expect_problem("x.tar", &b, SEAL_INSIDE_MALFORMED);
}

static void
zip_oddities(void **state)
{
	static const struct {
		struct zip_recipe members[2];
		enum seal_inside_matter matter;
	} rows[] = {
		{ { { .name = "../a" }, { .name = "b" } }, SEAL_INSIDE_LEADS_OUT },
		{ { { .name = "..\\a" }, { .name = "b" } }, SEAL_INSIDE_LEADS_OUT },
		{ { { .name = "C:\\a" }, { .name = "b" } }, SEAL_INSIDE_ABSOLUTE },
		{ { { .name = "a" }, { .name = "a" } }, SEAL_INSIDE_TWICE },
		{ { { .name = "a", .local_name = "b" }, { .name = "c" } }, SEAL_INSIDE_INCONSISTENT },
		{ { { .name = "a" }, { .name = "b", .hidden = true } }, SEAL_INSIDE_INCONSISTENT },
		{ { { .name = "b", .hidden = true }, { .name = "a" } }, SEAL_INSIDE_INCONSISTENT },
		{ { { .name = "l", .bytes = { (const unsigned char *)"/etc/passwd", 11 }, .attributes = 0120777u << 16 }, { .name = "b" } },
		    SEAL_INSIDE_LINK_OUT },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(65536);
		make_zip(&b, rows[i].members, 2);
		expect_problem("x.zip", &b, rows[i].matter);
	}
	CLEANUP(buf_done) struct buf b = BUF_INIT(65536);
	make_zip(&b, (const struct zip_recipe[]){ { .name = "a/" }, { .name = "a/b", .bytes = { (const unsigned char *)"x", 1 } } }, 2);
	sound("x.zip", &b, 2);
	/* Cut at its end, no directory is left. */
	b.len -= 5;
	expect_problem("x.zip", &b, SEAL_INSIDE_MALFORMED);
}

/* Archives in archives end at a depth, and what is unpacked at a number of bytes, whatever they promise. */
static void
bombs(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1u << 20);
	CLEANUP(buf_done) struct buf large = BUF_INIT((size_t)1 << 30);
	(void)state;
	buf_add_str(&b, "x");
	for (int i = 0; i < 8; i++) {
		CLEANUP(buf_done) struct buf next = BUF_INIT(1u << 20);
		make_gzip(&next, buf_span(&b));
		buf_reset(&b);
		buf_add_span(&b, buf_span(&next));
	}
	expect_problem("x.gz", &b, SEAL_INSIDE_TOO_DEEP);
	zeros(&large, SEAL_INSIDE_BYTES_MAX + 1000);
	buf_reset(&b);
	make_gzip(&b, buf_span(&large));
	expect_problem("x.gz", &b, SEAL_INSIDE_TOO_LARGE);
	buf_reset(&b);
	make_gzip(&b, assay_span_str("words"));
	b.data[b.len - 6] ^= 1;
	expect_problem("x.gz", &b, SEAL_INSIDE_MALFORMED);
}

static void
others(void **state)
{
	static const char ar[] = "!<arch>\n/               0           0     0     0       4         `\n\0\0\0\0"
	                         "x.o/            0           0     0     644     3         `\nabc\n";
	static const char cpio[] = "07070100000001000081ED000000000000000000000001000000000000000A00000000000000000000000000000000000000050000"
	                           "0000init\0\0#!/bin/sh\n\0\0"
	                         "070701000000000000000000000000000000000000000000000000000000"
	                         "00000000000000000000000000000000000000000B00000000TRAILER!!!\0\0\0\0";
	struct seen s;
	(void)state;
	see(&s, "libx.a", (struct assay_span){ (const unsigned char *)ar, sizeof ar - 1 }, 0644);
	assert_int_equal(s.looked.kinds[SEAL_STATIC_LIBRARY], SEAL_BY_BYTES);
	assert_non_null(find_member(&s, "libx.a!x.o"));
	assert_null(s.in.problems);
	see_done(&s);
	see(&s, "initramfs", (struct assay_span){ (const unsigned char *)cpio, sizeof cpio - 1 }, 0644);
	assert_int_equal(s.looked.kinds[SEAL_CPIO], SEAL_BY_BYTES);
	const struct seal_member *m = find_member(&s, "initramfs!init");
	assert_non_null(m);
	assert_int_equal(m->looked.kinds[SEAL_SCRIPT], SEAL_BY_BYTES);
	assert_int_equal(m->mode, 0755);
	assert_null(s.in.problems);
	see_done(&s);
	see(&s, "x.tar.xz", assay_span_str("\xfd" "7zXZ"), 0644);
	assert_null(s.in.problems);
	see_done(&s);
	see(&s, "x.tar.xz", (struct assay_span){ (const unsigned char *)"\xfd" "7zXZ\0\0\1", 8 }, 0644);
	assert_true(has_problem(&s, SEAL_INSIDE_NOT_OPENED));
	see_done(&s);
}

static void
links(void **state)
{
	(void)state;
	assert_true(seal_leads_out("a", "/b"));
	assert_true(seal_leads_out("a", "../b"));
	assert_true(seal_leads_out("a/b", "../../c"));
	assert_true(seal_leads_out("a/b", "c/../../../d"));
	assert_false(seal_leads_out("a/b", "../c"));
	assert_false(seal_leads_out("a/b", "./.././c"));
	assert_false(seal_leads_out("a", "..b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nested), cmocka_unit_test(tar_names), cmocka_unit_test(tar_forms), cmocka_unit_test(tar_damaged),
		cmocka_unit_test(zip_oddities), cmocka_unit_test(bombs), cmocka_unit_test(others), cmocka_unit_test(links),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
