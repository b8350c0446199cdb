/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/tar.h>

#include <base/cleanup.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static enum assay_status
tar_add(struct buf *out, const char *name, struct assay_span bytes, struct assay_error *err)
{
	TRY(tar_add_head(out, name, bytes.len, err));
	buf_add_span(out, bytes);
	return tar_add_padding(out, bytes.len, err);
}

static void
add(struct buf *b, const char *name, const char *text)
{
	struct assay_error err = { 0 };
	if (tar_add(b, name, assay_span_str(text), &err) != ASSAY_OK)
		fail_msg("%s", err.what);
}

static void
end(struct buf *b)
{
	struct assay_error err = { 0 };
	assert_int_equal(tar_end(b, &err), ASSAY_OK);
}

/* Reads to the end or to the error; says how many members came. */
static enum assay_status
walk(struct assay_span archive, size_t *ret_members, struct assay_error *err)
{
	static struct tar_reader r;
	static struct tar_member m;
	enum assay_status s;
	r = (struct tar_reader){ .archive = archive };
	*ret_members = 0;
	while ((s = tar_next(&r, &m, err)) == ASSAY_OK)
		++*ret_members;
	return s;
}

static void
sample(struct buf *b)
{
	char name[301];
	memset(name, 'n', sizeof name);
	name[150] = '/';
	name[300] = '\0';
	add(b, "index.dsse", "i");
	add(b, "a/b.json", "");
	add(b, "evidence.json", "0123456789");
	add(b, name, "long");
	end(b);
}

static void
members_come_back(void **state)
{
	(void)state;
	static struct tar_reader r;
	static struct tar_member m;
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
	sample(&b);
	assert_int_equal(b.len % 512, 0);
	r = (struct tar_reader){ .archive = buf_span(&b) };
	assert_int_equal(tar_next(&r, &m, &err), ASSAY_OK);
	assert_string_equal(m.name, "index.dsse");
	assert_memory_equal(m.bytes.data, "i", 1);
	assert_int_equal(tar_next(&r, &m, &err), ASSAY_OK);
	assert_int_equal(m.bytes.len, 0);
	assert_int_equal(tar_next(&r, &m, &err), ASSAY_OK);
	assert_int_equal(m.bytes.len, 10);
	assert_int_equal(tar_next(&r, &m, &err), ASSAY_OK);
	assert_int_equal(strlen(m.name), 300);
	assert_memory_equal(m.bytes.data, "long", 4);
	assert_int_equal(tar_next(&r, &m, &err), ASSAY_E_NOT_FOUND);
	assert_int_equal(tar_next(&r, &m, &err), ASSAY_E_NOT_FOUND);
}

static void
names_of_every_length_come_back(void **state)
{
	(void)state;
	char name[TAR_NAME_MAX + 2];
	for (size_t len = 1; len <= TAR_NAME_MAX; len++) {
		static struct tar_reader r;
		static struct tar_member m;
		struct assay_error err = { 0 };
		CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
		memset(name, 'x', len);
		name[len] = '\0';
		add(&b, name, "t");
		end(&b);
		r = (struct tar_reader){ .archive = buf_span(&b) };
		if (tar_next(&r, &m, &err) != ASSAY_OK || strcmp(m.name, name) != 0)
			fail_msg("length %zu: %s", len, err.what);
	}
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
	memset(name, 'x', TAR_NAME_MAX + 1);
	name[TAR_NAME_MAX + 1] = '\0';
	assert_int_equal(tar_add(&b, name, assay_span_str(""), &err), ASSAY_E_USAGE);
}

static void
bad_names_are_not_written(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "a/../b",
		"../a", "a\nb", "\x7f", "\xFF" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
		if (tar_add(&b, bad[i], assay_span_str(""), &err) != ASSAY_E_USAGE)
			fail_msg("'%s' is taken", bad[i]);
		assert_int_equal(b.len, 0);
	}
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
	add(&b, "...", "");
	add(&b, "a/..b/c..", "");
}

/* A valid checksum for a block that was altered. */
static void
resum(unsigned char *block)
{
	unsigned sum = 0;
	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += block[i];
	snprintf((char *)block + 148, 8, "%06o", sum);
	block[155] = ' ';
}

/* Writes again what is read; an archive that is taken must be its own only form. */
static enum assay_status
rewrite(struct assay_span archive, struct buf *out)
{
	static struct tar_reader r;
	static struct tar_member m;
	struct assay_error err = { 0 };
	enum assay_status s;
	r = (struct tar_reader){ .archive = archive };
	while ((s = tar_next(&r, &m, &err)) == ASSAY_OK)
		assert_int_equal(tar_add(out, m.name, m.bytes, &err), ASSAY_OK);
	if (s == ASSAY_E_NOT_FOUND)
		assert_int_equal(tar_end(out, &err), ASSAY_OK);
	return s;
}

static void
any_altered_byte_gives_another_archive_or_none(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
	size_t taken = 0;
	sample(&b);
	for (size_t i = 0; i < b.len; i++) {
		CLEANUP(buf_done) struct buf out = BUF_INIT(1 << 20);
		b.data[i] ^= 1;
		if (rewrite(buf_span(&b), &out) == ASSAY_E_NOT_FOUND) {
			taken++;
			if (!assay_span_equal(buf_span(&b), buf_span(&out)))
				fail_msg("byte %zu altered gives a second form", i);
		}
		b.data[i] ^= 1;
	}
	/* 15 bytes of content, and the long name behind its hundredth byte. */
	assert_int_equal(taken, 15 + 200);
}

static void
headers_with_good_sums_are_refused_too(void **state)
{
	(void)state;
	static const struct {
		size_t at;
		const char *bytes;
	} changes[] = {
		{ 100, "0000755" }, { 100, "000644 " }, { 108, "0001750" }, { 116, "0000001" },
		{ 124, " 0000000001" }, { 124, "00000000001 " }, { 124, "77777777777" },
		{ 124, "\x80" }, { 136, "00000000001" }, { 156, "1" }, { 156, "2" }, { 156, "5" },
		{ 156, "L" }, { 156, "x" }, { 156, "g" }, { 156, "S" }, { 157, "link" },
		{ 257, "ustar  " }, { 265, "root" }, { 297, "root" }, { 329, "0000001" },
		{ 345, "prefix" }, { 500, "x" }, { 0, "../a" }, { 0, "/dev/null" }, { 0, "a//b" },
	};
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		struct assay_error err = { 0 };
		size_t members;
		CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
		add(&b, "a", "x");
		end(&b);
		memcpy(b.data + changes[i].at, changes[i].bytes, strlen(changes[i].bytes));
		resum(b.data);
		if (walk(buf_span(&b), &members, &err) != ASSAY_E_FORMAT || members != 0)
			fail_msg("row %zu is taken", i);
		assert_true(err.what[0] != '\0');
	}
}

static void
order_and_doubles(void **state)
{
	(void)state;
	static const struct {
		const char *names[3];
		size_t good;
	} rows[] = { { { "z", "a", "b" }, 3 }, { { "i", "b", "a" }, 2 }, { { "i", "a", "a" }, 2 },
		{ { "i", "i", "j" }, 1 }, { { "i", "a", "i" }, 2 } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct assay_error err = { 0 };
		size_t members;
		CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
		for (size_t j = 0; j < 3; j++)
			add(&b, rows[i].names[j], "x");
		end(&b);
		enum assay_status s = walk(buf_span(&b), &members, &err);
		if (members != rows[i].good
		    || s != (members == 3 ? ASSAY_E_NOT_FOUND : ASSAY_E_FORMAT))
			fail_msg("row %zu", i);
	}
}

static void
the_end_is_exact(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	size_t members;
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
	sample(&b);
	for (size_t len = 0; len < b.len; len++) {
		struct assay_span cut = { b.data, len };
		if (walk(cut, &members, &err) != ASSAY_E_FORMAT)
			fail_msg("cut at %zu is taken", len);
	}
	buf_add_byte(&b, 0);
	assert_int_equal(walk(buf_span(&b), &members, &err), ASSAY_E_FORMAT);
	CLEANUP(buf_done) struct buf empty = BUF_INIT(1 << 20);
	end(&empty);
	assert_int_equal(walk(buf_span(&empty), &members, &err), ASSAY_E_NOT_FOUND);
	end(&empty);
	assert_int_equal(walk(buf_span(&empty), &members, &err), ASSAY_E_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_back),
		cmocka_unit_test(names_of_every_length_come_back),
		cmocka_unit_test(bad_names_are_not_written),
		cmocka_unit_test(any_altered_byte_gives_another_archive_or_none),
		cmocka_unit_test(headers_with_good_sums_are_refused_too),
		cmocka_unit_test(order_and_doubles),
		cmocka_unit_test(the_end_is_exact),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
