/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"
#include <base/cleanup.h>
#include <fcntl.h>
#include <ledger/cache.h>
#include <sys/stat.h>

/* The cache's folder and the key's, beside each other. */
struct place {
	char folder[128];
	char key_file[128];
};

static struct place
place_of(struct scratch *s)
{
	struct place p;

	(void)snprintf(p.folder, sizeof p.folder, "%s/state/cache", s->folder);
	(void)snprintf(p.key_file, sizeof p.key_file, "%s/config/cache.key", s->folder);
	return p;
}

static struct cache *
opened(struct scratch *s)
{
	struct place p = place_of(s);
	struct cache *c = NULL;
	struct assay_error err;

	if (cache_open(p.folder, p.key_file, &c, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return c;
}

static void
put(struct cache *c, const char *name, const char *key, struct assay_span bytes)
{
	struct assay_error err;

	if (cache_put(c, name, assay_span_str(key), bytes, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
}

/* ASSAY_OK when the entry is there and holds expected, else what cache_get said. */
static enum assay_status
get(struct cache *c, const char *name, const char *key, struct assay_span expected)
{
	CLEANUP(file_view_done) struct file_view view = {.own = NULL};
	struct assay_span bytes = {NULL, 0};
	struct assay_error err;

	TRY(cache_get(c, name, assay_span_str(key), &view, &bytes, &err));
	assert_int_equal((uintptr_t)bytes.data % 64, 0);
	assert_int_equal(bytes.len, expected.len);
	if (bytes.len > 0)
		assert_memory_equal(bytes.data, expected.data, bytes.len);
	return ASSAY_OK;
}

/* The only ".cache" file of the folder whose name begins so. */
static void
entry_path(struct scratch *s, const char *shown, char ret_path[400])
{
	struct place p = place_of(s);
	DIR *d = opendir(p.folder);
	size_t found = 0;

	assert_non_null(d);
	for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
		if (strncmp(e->d_name, shown, strlen(shown)) != 0)
			continue;
		(void)snprintf(ret_path, 400, "%s/%s", p.folder, e->d_name);
		found++;
	}
	(void)closedir(d);
	assert_int_equal(found, 1);
}

static void
test_there_and_back(void **state)
{
	CLEANUP(cache_close) struct cache *c = opened(*state);
	struct assay_span some = assay_span_str("some bytes");
	struct assay_span none = {NULL, 0};
	struct assay_error err;

	assert_int_equal(get(c, "facts", "k", some), ASSAY_E_NOT_FOUND);
	put(c, "facts", "k", some);
	assert_int_equal(get(c, "facts", "k", some), ASSAY_OK);
	assert_int_equal(get(c, "facts", "l", some), ASSAY_E_NOT_FOUND);
	assert_int_equal(get(c, "fact", "sk", some), ASSAY_E_NOT_FOUND);
	put(c, "facts", "k", none);
	assert_int_equal(get(c, "facts", "k", none), ASSAY_OK);
	put(c, "../../\xc3\xa9vil/\n", "", some);
	assert_int_equal(get(c, "../../\xc3\xa9vil/\n", "", some), ASSAY_OK);
	assert_int_equal(cache_put(c, "", none, some, &err), ASSAY_E_USAGE);
	char longest[CACHE_NAME_MAX + 2];
	memset(longest, 'x', sizeof longest - 1);
	longest[CACHE_NAME_MAX + 1] = '\0';
	assert_int_equal(cache_put(c, longest, none, some, &err), ASSAY_E_USAGE);
	longest[CACHE_NAME_MAX] = '\0';
	assert_int_equal(cache_put(c, longest, none, some, &err), ASSAY_OK);
	cache_close(&c);
	c = opened(*state);
	assert_int_equal(get(c, longest, "", some), ASSAY_OK);
}

static void
test_big(void **state)
{
	CLEANUP(cache_close) struct cache *c = opened(*state);
	size_t len = 3000001;
	unsigned char *bytes = malloc(len);

	assert_non_null(bytes);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)(i * 7 + (i >> 9));
	put(c, "big", "k", (struct assay_span){bytes, len});
	assert_int_equal(get(c, "big", "k", (struct assay_span){bytes, len}), ASSAY_OK);
	free(bytes);
}

static void
flip(const char *path, long at)
{
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	int c = fgetc(f);
	assert_true(c != EOF);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	assert_int_equal(fputc(c ^ 1, f), c ^ 1);
	assert_int_equal(fclose(f), 0);
}

static void
test_every_byte_counts(void **state)
{
	struct scratch *s = *state;
	CLEANUP(cache_close) struct cache *c = opened(s);
	struct assay_span some = assay_span_str("some bytes");
	char path[400];
	struct stat st;

	put(c, "facts", "k", some);
	entry_path(s, "facts", path);
	assert_int_equal(stat(path, &st), 0);
	for (long at = 0; at < st.st_size; at++) {
		flip(path, at);
		assert_int_equal(get(c, "facts", "k", some), ASSAY_E_NOT_FOUND);
		flip(path, at);
	}
	assert_int_equal(get(c, "facts", "k", some), ASSAY_OK);
	for (off_t len = st.st_size - 1; len >= 0; len--) {
		assert_int_equal(truncate(path, len), 0);
		assert_int_equal(get(c, "facts", "k", some), ASSAY_E_NOT_FOUND);
	}
	put(c, "facts", "k", some);
	assert_int_equal(truncate(path, st.st_size + 1), 0);
	assert_int_equal(get(c, "facts", "k", some), ASSAY_E_NOT_FOUND);
}

/* Another entry's file under this entry's name: a true MAC, but not of what was asked for. */
static void
test_swapped(void **state)
{
	struct scratch *s = *state;
	CLEANUP(cache_close) struct cache *c = opened(s);
	struct assay_span good = assay_span_str("good");
	struct assay_span evil = assay_span_str("evil");
	char a[400];
	char b[400];

	put(c, "aa", "k", good);
	put(c, "bb", "k", evil);
	entry_path(s, "aa", a);
	entry_path(s, "bb", b);
	assert_int_equal(rename(b, a), 0);
	assert_int_equal(get(c, "aa", "k", evil), ASSAY_E_NOT_FOUND);
	put(c, "aa", "k2", evil);
	put(c, "cc", "k", evil);
	assert_int_equal(unlink(a), 0);
	char c2[400];
	entry_path(s, "aa", c2);
	assert_int_equal(rename(c2, a), 0);
	assert_int_equal(get(c, "aa", "k", evil), ASSAY_E_NOT_FOUND);
}

/* A whole cache written by somebody with a key of their own. */
static void
test_poisoned(void **state)
{
	struct scratch *s = *state;
	struct place p = place_of(s);
	struct assay_span evil = assay_span_str("evil");
	CLEANUP(cache_close) struct cache *c = opened(s);
	struct cache *theirs = NULL;
	struct assay_error err;
	char key[200];

	(void)snprintf(key, sizeof key, "%s/theirs/key", s->folder);
	assert_int_equal(cache_open(p.folder, key, &theirs, &err), ASSAY_OK);
	put(theirs, "facts", "k", evil);
	assert_int_equal(get(theirs, "facts", "k", evil), ASSAY_OK);
	cache_close(&theirs);
	assert_int_equal(get(c, "facts", "k", evil), ASSAY_E_NOT_FOUND);
}

static void
test_links_and_pipes(void **state)
{
	struct scratch *s = *state;
	CLEANUP(cache_close) struct cache *c = opened(s);
	struct assay_span some = assay_span_str("some");
	char path[400];
	char moved[300];

	put(c, "facts", "k", some);
	entry_path(s, "facts", path);
	(void)snprintf(moved, sizeof moved, "%s/moved", s->folder);
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(symlink(moved, path), 0);
	assert_int_equal(get(c, "facts", "k", some), ASSAY_E_NOT_FOUND);
	put(c, "facts", "k", assay_span_str("other"));
	assert_int_equal(get(c, "facts", "k", assay_span_str("other")), ASSAY_OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(get(c, "facts", "k", some), ASSAY_E_NOT_FOUND);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(get(c, "facts", "k", some), ASSAY_E_NOT_FOUND);
}

static void
age(const char *path, time_t seconds)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	struct timespec times[2] = {st.st_mtim, st.st_mtim};
	times[0].tv_sec -= seconds;
	times[1].tv_sec -= seconds;
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
test_room(void **state)
{
	struct scratch *s = *state;
	struct place p = place_of(s);
	CLEANUP(cache_close) struct cache *c = opened(s);
	unsigned char bytes[10000] = {1};
	struct assay_span ten = {bytes, sizeof bytes};
	static const char *const names[] = {"n0", "n1", "n2", "n3"};
	char path[400];
	char other[200];

	(void)snprintf(other, sizeof other, "%s/notes.txt", p.folder);
	FILE *f = fopen(other, "w");
	assert_non_null(f);
	(void)fclose(f);
	age(other, 90000);
	(void)snprintf(other, sizeof other, "%s/.new-0123", p.folder);
	f = fopen(other, "w");
	assert_non_null(f);
	(void)fclose(f);
	age(other, 4000);

	for (size_t i = 0; i < 4; i++) {
		put(c, names[i], "k", ten);
		entry_path(s, names[i], path);
		age(path, (time_t)(500 - i));
	}
	assert_int_not_equal(access(other, F_OK), 0);
	cache_limit(c, 35000);
	put(c, "new", "k", ten);
	assert_int_equal(get(c, "n0", "k", ten), ASSAY_E_NOT_FOUND);
	assert_int_equal(get(c, "n1", "k", ten), ASSAY_E_NOT_FOUND);
	assert_int_equal(get(c, "n2", "k", ten), ASSAY_OK);
	assert_int_equal(get(c, "n3", "k", ten), ASSAY_OK);
	assert_int_equal(get(c, "new", "k", ten), ASSAY_OK);
	cache_limit(c, 1);
	put(c, "last", "k", ten);
	assert_int_equal(get(c, "new", "k", ten), ASSAY_E_NOT_FOUND);
	assert_int_equal(get(c, "last", "k", ten), ASSAY_OK);
	(void)snprintf(other, sizeof other, "%s/notes.txt", p.folder);
	assert_int_equal(access(other, F_OK), 0);
}

static enum assay_status
open_again(struct scratch *s, const char *key_file)
{
	CLEANUP(cache_close) struct cache *c = NULL;
	struct place p = place_of(s);
	struct assay_error err;

	return cache_open(p.folder, key_file, &c, &err);
}

static void
test_key_file(void **state)
{
	struct scratch *s = *state;
	struct place p = place_of(s);
	CLEANUP(cache_close) struct cache *c = opened(s);
	struct stat st;
	char other[200];

	assert_int_equal(stat(p.key_file, &st), 0);
	assert_int_equal(st.st_size, 32);
	assert_int_equal(st.st_mode & 07777, 0600);

	static const mode_t bad[] = {0640, 0604, 0620, 0602, 0644};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(chmod(p.key_file, bad[i]), 0);
		assert_int_equal(open_again(s, p.key_file), ASSAY_E_VERIFY);
	}
	assert_int_equal(chmod(p.key_file, 0400), 0);
	assert_int_equal(open_again(s, p.key_file), ASSAY_OK);
	assert_int_equal(truncate(p.key_file, 31), 0);
	assert_int_equal(open_again(s, p.key_file), ASSAY_E_VERIFY);
	assert_int_equal(truncate(p.key_file, 33), 0);
	assert_int_equal(open_again(s, p.key_file), ASSAY_E_VERIFY);
	assert_int_equal(truncate(p.key_file, 32), 0);

	(void)snprintf(other, sizeof other, "%s/config/link", s->folder);
	assert_int_equal(symlink(p.key_file, other), 0);
	assert_int_equal(open_again(s, other), ASSAY_E_VERIFY);
	(void)snprintf(other, sizeof other, "%s/key", p.folder);
	assert_int_equal(open_again(s, other), ASSAY_E_VERIFY);
	(void)snprintf(other, sizeof other, "%s/deep/key", p.folder);
	assert_int_equal(open_again(s, other), ASSAY_E_VERIFY);
	(void)snprintf(other, sizeof other, "%s/state/cache-key", s->folder);
	assert_int_equal(open_again(s, other), ASSAY_OK);
	assert_int_equal(open_again(s, "no-folder"), ASSAY_E_USAGE);
	(void)snprintf(other, sizeof other, "%s/config", s->folder);
	assert_int_equal(chmod(other, 0770), 0);
	assert_int_equal(open_again(s, p.key_file), ASSAY_E_VERIFY);
	assert_int_equal(chmod(other, 0700), 0);
	assert_int_equal(open_again(s, p.key_file), ASSAY_OK);
	if (geteuid() == 0) {
		assert_int_equal(chown(p.key_file, 65534, 65534), 0);
		assert_int_equal(open_again(s, p.key_file), ASSAY_E_VERIFY);
	}
}

#define ROW(fn) cmocka_unit_test_setup_teardown(fn, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ROW(test_there_and_back),
	    ROW(test_big),
	    ROW(test_every_byte_counts),
	    ROW(test_swapped),
	    ROW(test_poisoned),
	    ROW(test_links_and_pipes),
	    ROW(test_room),
	    ROW(test_key_file),
	};

	return cmocka_run_group_tests_name("ledger cache", tests, NULL, NULL);
}
