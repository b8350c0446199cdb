/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <assay/hash.h>
#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <files/hash.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>

#define BLOCK 4096u

/* -------- the same by other hands -------- */

static void
sha256_of(const unsigned char *bytes, size_t len, unsigned char *out)
{
	assert_int_equal(EVP_Digest(bytes, len, out, NULL, EVP_sha256(), NULL), 1);
}

/* The fs-verity digest straight from its definition: level after level, all in memory. */
static void
verity_of(const unsigned char *bytes, size_t len, unsigned char *out)
{
	unsigned char descriptor[256] = {1, 1, 12};
	size_t have = len, room = (len / BLOCK + 2) * BLOCK;
	unsigned char *level = calloc(1, room);
	assert_non_null(level);
	if (len > 0)
		memcpy(level, bytes, len);
	for (bool leaves = true; len > 0 && (leaves || have > 32); leaves = false) {
		const size_t blocks = (have + BLOCK - 1) / BLOCK;
		unsigned char *next = calloc(1, (blocks * 32 / BLOCK + 2) * BLOCK);
		assert_non_null(next);
		for (size_t i = 0; i < blocks; i++)
			sha256_of(level + i * BLOCK, BLOCK, next + i * 32);
		free(level);
		level = next;
		have = blocks * 32;
	}
	for (unsigned i = 0; i < 8; i++)
		descriptor[8 + i] = (unsigned char)((uint64_t)len >> (8 * i));
	memcpy(descriptor + 16, level, 32);
	free(level);
	sha256_of(descriptor, sizeof(descriptor), out);
}

static unsigned char *
content(const char *name, size_t *ret_len)
{
	struct stat st;
	const int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	const size_t len = (size_t)st.st_size;
	unsigned char *bytes = malloc(len + 1);
	assert_non_null(bytes);
	for (size_t at = 0; at < len;) {
		const ssize_t n = read(fd, bytes + at, len - at);
		assert_true(n > 0);
		at += (size_t)n;
	}
	close(fd);
	*ret_len = len;
	return bytes;
}

/* -------- a hasher's results -------- */

#define ALL (HASH_SHA256 | HASH_VERITY | HASH_SHA384 | HASH_SHA512)

struct seen {
	unsigned want; /* what isn't wanted is all zero */
	size_t count, wrong;
	struct hash_result last;
	bool keep_order;
	unsigned next;
};

static enum assay_status
check_result(void *ctx, const struct hash_result *r, struct assay_error *err)
{
	static const unsigned char none[64];
	struct seen *seen = ctx;
	unsigned char digest[64];
	size_t len = 0;
	(void)err;
	seen->last = *r;
	seen->count++;
	assert_int_equal(r->outcome, HASH_DONE);
	assert_string_equal((const char *)r->note.data, r->name);
	unsigned char *bytes = content(r->name, &len);
	assert_int_equal(r->bytes, len);
	assert_int_equal(r->facts.size, len);
	sha256_of(bytes, len, digest);
	assert_memory_equal(r->sha256, digest, 32);
	verity_of(bytes, len, digest);
	assert_memory_equal(r->verity, (seen->want & HASH_VERITY) != 0 ? digest : none, 32);
	assert_int_equal(EVP_Digest(bytes, len, digest, NULL, EVP_sha384(), NULL), 1);
	assert_memory_equal(r->sha384, (seen->want & HASH_SHA384) != 0 ? digest : none, 48);
	assert_int_equal(EVP_Digest(bytes, len, digest, NULL, EVP_sha512(), NULL), 1);
	assert_memory_equal(r->sha512, (seen->want & HASH_SHA512) != 0 ? digest : none, 64);
	free(bytes);
	return ASSAY_OK;
}

static struct hasher *
new_hasher_as(const struct hash_options *options, hash_done *done, void *ctx)
{
	struct assay_error err = {0};
	struct hasher *h = NULL;
	const enum assay_status s = hasher_new(options, done, ctx, &h, &err);
	if (s == ASSAY_E_NOT_FOUND || s == ASSAY_E_UNSUPPORTED) {
		print_message("skipped: %s\n", err.what);
		return NULL;
	}
	if (s != ASSAY_OK)
		fail_msg("%s", err.what);
	return h;
}

static struct hasher *
new_hasher(const char *engine, unsigned threads, unsigned want, hash_done *done, void *ctx)
{
	const struct hash_options options = {.want = want, .threads = threads, .engine = engine};
	return new_hasher_as(&options, done, ctx);
}

static const size_t sizes[] = {0, 1, 31, 55, 56, 63, 64, 65, 119, 4095, 4096, 4097, 8191, 8192,
    8193, 65535, 65536, 65537, 196607, 196608, 196609, 262144, 393215, 393216, 393217, 524287, 524288,
    524289, 528384, 786431, 786432, 786433, 1048576, 1048577, 4194304, 5000000};

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* One file, which is as it should be. */
static void
hash_one(const struct hash_options *options, const char *name, uint64_t likely)
{
	struct assay_error err = {0};
	struct seen seen = {.want = options->want};
	CLEANUP(hasher_free) struct hasher *h = new_hasher_as(options, check_result, &seen);
	const struct assay_span note = {(const unsigned char *)name, strlen(name) + 1};
	assert_int_equal(hasher_file(h, root, name, likely, note, &err), ASSAY_OK);
	assert_int_equal(hasher_finish(h, &err), ASSAY_OK);
	assert_int_equal(seen.count, 1);
}

/* Every size, with one engine and so many threads. */
static void
hash_all_sizes(const struct hash_options *options)
{
	struct assay_error err = {0};
	char name[32];
	struct seen seen = {.want = options->want};
	CLEANUP(hasher_free) struct hasher *h = new_hasher_as(options, check_result, &seen);
	if (h == NULL)
		return;
	for (size_t i = 0; i < SIZES; i++) {
		snprintf(name, sizeof(name), "f%zu", i);
		const struct assay_span note = {(const unsigned char *)name, strlen(name) + 1};
		assert_int_equal(
		    hasher_file(h, root, name, i % 2 == 0 ? sizes[i] : 0, note, &err), ASSAY_OK);
	}
	assert_int_equal(hasher_finish(h, &err), ASSAY_OK);
	assert_int_equal(seen.count, SIZES);
}

static void
files_at_awkward_sizes(void **state)
{
	(void)state;
	static const unsigned threads[] = {1, 2, 5};
	char name[32];
	for (size_t i = 0; i < SIZES; i++) {
		snprintf(name, sizeof(name), "f%zu", i);
		put_file(name, sizes[i], (unsigned)i + 1);
	}
	for (size_t e = 0; hash_engine_name(e) != NULL; e++) {
		for (size_t t = 0; t < sizeof(threads) / sizeof(threads[0]); t++) {
			struct hash_options options = {
			    .want = ALL, .threads = threads[t], .engine = hash_engine_name(e)};
			hash_all_sizes(&options);
			options.known = true;
			hash_all_sizes(&options);
			options.want = HASH_SHA256;
			hash_all_sizes(&options);
		}
	}
}

/* -------- what isn't whole, isn't there, isn't a file -------- */

struct outcomes {
	size_t count;
	enum hash_outcome last;
	struct hash_result result;
	char notes[4096];
};

static enum assay_status
keep(void *ctx, const struct hash_result *r, struct assay_error *err)
{
	struct outcomes *o = ctx;
	(void)err;
	o->count++;
	o->last = r->outcome;
	o->result = *r;
	const size_t len = strlen(o->notes);
	snprintf(o->notes + len, sizeof(o->notes) - len, "%.*s ", (int)r->note.len,
	    (const char *)r->note.data);
	static const unsigned char none[64];
	if (r->outcome != HASH_DONE) {
		assert_memory_equal(r->sha256, none, 32);
		assert_memory_equal(r->verity, none, 32);
	}
	return ASSAY_OK;
}

static void
assert_outcome(const char *name, enum hash_outcome expected, struct hash_result *ret_result)
{
	struct outcomes o = {0};
	struct assay_error err = {0};
	CLEANUP(hasher_free)
	struct hasher *h = new_hasher(NULL, 2, HASH_SHA256 | HASH_VERITY, keep, &o);
	assert_non_null(h);
	assert_int_equal(hasher_file(h, root, name, 0, assay_span_str(name), &err), ASSAY_OK);
	assert_int_equal(hasher_finish(h, &err), ASSAY_OK);
	assert_int_equal(o.count, 1);
	assert_int_equal(o.last, expected);
	if (ret_result != NULL)
		*ret_result = o.result;
}

static void
what_is_no_file_is_told(void **state)
{
	(void)state;
	struct hash_result r;
	assert_int_equal(mkfifoat(dir, "fifo", 0644), 0);
	put_folder("folder");
	assert_int_equal(symlinkat("/etc/passwd", dir, "link"), 0);
	assert_outcome("fifo", HASH_OTHER_TYPE, &r);
	assert_int_equal(r.facts.type, WALK_FIFO);
	assert_outcome("folder", HASH_OTHER_TYPE, &r);
	assert_int_equal(r.facts.type, WALK_FOLDER);
	assert_outcome("link", HASH_OTHER_TYPE, &r);
	assert_int_equal(r.facts.type, WALK_LINK);
	assert_outcome("absent", HASH_MISSING, NULL);
}

static void
holes_are_zero_bytes(void **state)
{
	(void)state;
	static const unsigned threads[] = {1, 3};
	const int fd = openat(dir, "sparse", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (40 << 20) + 5), 0);
	assert_int_equal(pwrite(fd, "begin", 5, 70000), 5);
	assert_int_equal(pwrite(fd, "end", 3, (33 << 20) + 1), 3);
	close(fd);
	for (size_t t = 0; t < 4; t++) {
		const struct hash_options options = {.want = t == 3 ? HASH_SHA256 : ALL, .threads = threads[t % 2], .known = t > 1};
		hash_one(&options, "sparse", 40 << 20);
	}
}

static void
results_come_in_order_and_are_counted(void **state)
{
	(void)state;
	struct outcomes o = {0};
	struct assay_error err = {0};
	CLEANUP(hasher_free) struct hasher *h = new_hasher(NULL, 3, HASH_SHA256, keep, &o);
	put_file("big", 20000000, 3);
	put_file("small", 1, 4);
	assert_int_equal(symlinkat("small", dir, "link"), 0);
	assert_int_equal(hasher_file(h, root, "small", 0, assay_span_str("a"), &err), ASSAY_OK);
	assert_int_equal(
	    hasher_file(h, root, "big", 20000000, assay_span_str("b"), &err), ASSAY_OK);
	assert_int_equal(hasher_file(h, root, "absent", 0, assay_span_str("c"), &err), ASSAY_OK);
	assert_int_equal(hasher_look(h, root, "link", assay_span_str("d"), &err), ASSAY_OK);
	assert_int_equal(hasher_count(h, root, assay_span_str("e"), &err), ASSAY_OK);
	assert_int_equal(hasher_finish(h, &err), ASSAY_OK);
	assert_string_equal(o.notes, "a b c d e ");
	assert_int_equal(o.result.entries, 3);
	assert_int_equal(root->expected, 4);
	assert_int_equal(root->missing, 1);
}

/* A small hole isn't read; that nobody looks at a file twice doesn't matter to it. */
static void
a_small_hole_is_zero_bytes(void **state)
{
	(void)state;
	const int fd = openat(dir, "hole", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 12345), 0);
	close(fd);
	const struct hash_options options = {.want = ALL, .threads = 1, .known = true};
	hash_one(&options, "hole", 0);
}

static void
one_message_after_the_other(void **state)
{
	(void)state;
	struct assay_error err = {0};
	CLEANUP(hash_stream_free) struct hash_stream *s = NULL;
	unsigned char digest[32], expected[32];
	assert_int_equal(hash_stream_new(&s, &err), ASSAY_OK);
	assert_int_equal(hash_stream_end(s, digest, &err), ASSAY_E_INTERNAL);
	assert_int_equal(hash_stream_add(s, assay_span_str("a"), &err), ASSAY_E_INTERNAL);
	assert_int_equal(hash_stream_begin(s, &err), ASSAY_OK);
	assert_int_equal(hash_stream_add(s, assay_span_str("forgotten"), &err), ASSAY_OK);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(hash_stream_begin(s, &err), ASSAY_OK);
		for (size_t n = 0; n < i * 100; n++)
			assert_int_equal(hash_stream_add(s, assay_span_str("ab"), &err), ASSAY_OK);
		assert_int_equal(hash_stream_end(s, digest, &err), ASSAY_OK);
		unsigned char bytes[400];
		for (size_t n = 0; n < sizeof bytes; n++)
			bytes[n] = n % 2 == 0 ? 'a' : 'b';
		sha256_of(bytes, i * 200, expected);
		assert_memory_equal(digest, expected, sizeof digest);
	}
	assert_int_equal(hash_stream_end(s, digest, &err), ASSAY_E_INTERNAL);
}

/* -------- while others write -------- */

static atomic_bool stop_writing;

static void *
grow_and_shrink(void *arg)
{
	const int fd = openat(dir, arg, O_WRONLY | O_CLOEXEC);
	const char byte = 'x';
	while (!atomic_load(&stop_writing)) {
		if (pwrite(fd, &byte, 1, 30000000) != 1 || ftruncate(fd, 25000000) != 0)
			break;
	}
	close(fd);
	return NULL;
}

static void *
vanish(void *arg)
{
	while (!atomic_load(&stop_writing)) {
		if (renameat(dir, arg, dir, "away") == 0)
			(void)renameat(dir, "away", dir, arg);
	}
	return NULL;
}

static size_t
changed_among(const char *name, void *(*other)(void *), unsigned threads)
{
	pthread_t writer;
	size_t changed = 0;
	char copy[32];
	snprintf(copy, sizeof(copy), "%s", name);
	atomic_store(&stop_writing, false);
	assert_int_equal(pthread_create(&writer, NULL, other, copy), 0);
	for (int i = 0; i < 12; i++) {
		struct outcomes o = {0};
		struct assay_error err = {0};
		CLEANUP(hasher_free)
		struct hasher *h = new_hasher(NULL, threads, HASH_SHA256 | HASH_VERITY, keep, &o);
		assert_int_equal(
		    hasher_file(h, root, name, 25000000, assay_span_str(name), &err), ASSAY_OK);
		assert_int_equal(hasher_finish(h, &err), ASSAY_OK);
		assert_int_equal(o.count, 1);
		changed += o.last != HASH_DONE;
	}
	atomic_store(&stop_writing, true);
	pthread_join(writer, NULL);
	return changed;
}

static void
a_file_that_changes_has_no_digest(void **state)
{
	(void)state;
	put_file("f", 25000000, 7);
	assert_true(changed_among("f", grow_and_shrink, 1) > 0);
	assert_true(changed_among("f", grow_and_shrink, 3) > 0);
	assert_true(changed_among("f", vanish, 2) > 0);
	assert_outcome("f", HASH_DONE, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    row(files_at_awkward_sizes),
	    row(what_is_no_file_is_told),
	    row(holes_are_zero_bytes),
	    row(a_small_hole_is_zero_bytes),
	    row(one_message_after_the_other),
	    row(results_come_in_order_and_are_counted),
	    row(a_file_that_changes_has_no_digest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
