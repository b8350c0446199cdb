/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>

static const struct walk_options anywhere = {.one_device = false};

/* A line for each entry: type, path, target, error. */
static enum assay_status
describe(void *ctx, const struct walk_entry *e, struct assay_error *err)
{
	struct buf *out = ctx;
	(void)err;
	buf_addf(out, "%s %s", walk_type_name(e->facts.type), (const char *)e->path.data);
	assert_int_equal(strlen((const char *)e->path.data), e->path.len);
	if (e->target.len > 0)
		buf_addf(out, " -> %.*s", (int)e->target.len, (const char *)e->target.data);
	if (e->error != 0)
		buf_addf(out, " !%s", strerrorname_np(e->error));
	buf_add_byte(out, '\n');
	return ASSAY_OK;
}

static void
assert_tree(const char *expected)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 24);
	struct assay_error err = {0};
	assert_int_equal(walk_tree(root, &anywhere, describe, &out, &err), ASSAY_OK);
	assert_string_equal(buf_str(&out), expected);
}

static void
sorted_component_by_component(void **state)
{
	(void)state;
	put_folder("a");
	put_file("a/z", 1, 1);
	put_file("a.b", 1, 1);
	put_file("a-", 1, 1);
	put_file("a ", 1, 1);
	put_folder("a/b");
	put_file("a/b/c", 1, 1);
	put_file("a/b.c", 1, 1);
	put_file("\xc3\xa4", 1, 1);
	put_file("B\nC", 1, 1);
	assert_int_equal(symlinkat("../out\nside", dir, "l"), 0);
	assert_tree("file B\nC\nfolder a\nfolder a/b\nfile a/b/c\nfile a/b.c\nfile a/z\nfile a \n"
		    "file a-\nfile a.b\nlink l -> ../out\nside\nfile \xc3\xa4\n");
}

static void
nothing_is_an_empty_tree(void **state)
{
	(void)state;
	assert_tree("");
}

static void
what_is_no_file_is_told_by_type(void **state)
{
	(void)state;
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	assert_int_equal(mkfifoat(dir, "fifo", 0644), 0);
	const int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(s >= 0);
	snprintf(name.sun_path, sizeof(name.sun_path), "%s/socket", scratch);
	assert_int_equal(bind(s, (const struct sockaddr *)&name, sizeof(name)), 0);
	close(s);
	assert_tree("FIFO fifo\nsocket socket\n");
}

static void
links_are_not_followed(void **state)
{
	(void)state;
	struct walk_folder *inner = NULL;
	int fd = -1;
	put_folder("d");
	put_file("d/f", 1, 1);
	assert_int_equal(symlinkat("d", dir, "to-folder"), 0);
	assert_int_equal(symlinkat("d/f", dir, "to-file"), 0);
	assert_int_equal(symlinkat("to-self", dir, "to-self"), 0);
	assert_int_equal(symlinkat("/", dir, "to-everything"), 0);
	assert_tree("folder d\nfile d/f\nlink to-everything -> /\nlink to-file -> d/f\n"
		    "link to-folder -> d\nlink to-self -> to-self\n");
	assert_int_equal(walk_open_folder(root, "to-folder", false, &inner), ENOTDIR);
	assert_int_equal(walk_open_file(root, "to-file", &fd), ELOOP);
	assert_null(inner);
	assert_int_equal(fd, -1);
}

static void
names_are_one_component(void **state)
{
	(void)state;
	static const char *const bad[] = {"", ".", "..", "d/f", "/", "d/", "/etc", "d/../f"};
	put_folder("d");
	put_file("d/f", 1, 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct walk_folder *inner = NULL;
		struct walk_facts facts;
		char target[WALK_TARGET_MAX + 1];
		size_t len;
		int fd;
		assert_int_equal(walk_open_folder(root, bad[i], false, &inner), EINVAL);
		assert_int_equal(walk_look(root, bad[i], &facts), EINVAL);
		assert_int_equal(walk_open_file(root, bad[i], &fd), EINVAL);
		assert_int_equal(walk_read_link(root, bad[i], target, &len), EINVAL);
	}
}

static void
what_cannot_be_read_is_told(void **state)
{
	(void)state;
	put_folder("closed");
	put_file("closed/f", 1, 1);
	assert_int_equal(fchmodat(dir, "closed", 0, 0), 0);
	if (is_root())
		assert_tree("folder closed\nfile closed/f\n");
	else
		assert_tree("folder closed !EACCES\n");
}

static void
deeper_than_the_cap_is_told(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 24);
	struct assay_error err = {0};
	int at = dup(dir);
	for (unsigned i = 0; i < WALK_DEPTH_MAX + 2; i++) {
		assert_int_equal(mkdirat(at, "d", 0755), 0);
		const int next = openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		close(at);
		at = next;
	}
	close(at);
	assert_int_equal(walk_tree(root, &anywhere, describe, &out, &err), ASSAY_OK);
	size_t lines = 0;
	for (const char *c = buf_str(&out); *c != '\0'; c++)
		lines += *c == '\n';
	assert_int_equal(lines, WALK_DEPTH_MAX + 1);
	const char *told = strstr(buf_str(&out), "!ENAMETOOLONG\n");
	assert_non_null(told);
	assert_int_equal(told[sizeof("!ENAMETOOLONG\n") - 1], '\0');
}

static void
longer_than_the_cap_is_told(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 24);
	struct assay_error err = {0};
	char name[WALK_NAME_MAX + 1];
	memset(name, 'n', sizeof(name) - 1);
	name[WALK_NAME_MAX] = '\0';
	int at = dup(dir);
	/* 16 of 255 and 15 slashes are 4095 bytes; one more has no room. */
	for (unsigned i = 0; i < 17; i++) {
		assert_int_equal(mkdirat(at, name, 0755), 0);
		const int next = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		close(at);
		at = next;
	}
	close(at);
	assert_int_equal(walk_tree(root, &anywhere, describe, &out, &err), ASSAY_OK);
	const char *told = strstr(buf_str(&out), "!ENAMETOOLONG\n");
	assert_non_null(told);
	assert_int_equal(told[sizeof("!ENAMETOOLONG\n") - 1], '\0');
}

static enum assay_status
stop_at_b(void *ctx, const struct walk_entry *e, struct assay_error *err)
{
	unsigned *seen = ctx;
	++*seen;
	if (strcmp(e->name, "b") == 0)
		return assay_fail(err, ASSAY_E_VERIFY, "enough");
	return ASSAY_OK;
}

static void
a_visit_ends_the_walk(void **state)
{
	(void)state;
	unsigned seen = 0;
	struct assay_error err = {0};
	put_folder("a");
	put_file("a/a", 1, 1);
	put_file("a/b", 1, 1);
	put_file("a/c", 1, 1);
	put_file("z", 1, 1);
	assert_int_equal(walk_tree(root, &anywhere, stop_at_b, &seen, &err), ASSAY_E_VERIFY);
	assert_int_equal(seen, 3);
}

static void
capabilities_are_read(void **state)
{
	(void)state;
	/* VFS_CAP_REVISION_2, effective, cap_net_raw permitted. */
	static const unsigned char raw[20] = {0x01, 0, 0, 0x02, 0, 0x20};
	struct walk_facts facts;
	int fd = -1;
	put_file("f", 1, 1);
	assert_int_equal(walk_open_file(root, "f", &fd), 0);
	assert_int_equal(walk_facts_of(fd, &facts), 0);
	assert_int_equal(facts.capabilities_len, 0);
	if (fsetxattr(fd, "security.capability", raw, sizeof(raw), 0) != 0) {
		close(fd);
		skip();
	}
	assert_int_equal(walk_facts_of(fd, &facts), 0);
	assert_int_equal(facts.capabilities_len, sizeof(raw));
	assert_memory_equal(facts.capabilities, raw, sizeof(raw));
	close(fd);
}

/* -------- where a list leads -------- */

static enum assay_status
note_left(void *ctx, struct walk_folder *folder, const char *path, struct assay_error *err)
{
	(void)err;
	assert_non_null(folder);
	buf_addf(ctx, "left '%s'\n", path);
	return ASSAY_OK;
}

static void
walk_list_of(const char *const *paths, const char *expected)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	CLEANUP(walk_path_free) struct walk_path *w = NULL;
	struct assay_error err = {0};
	assert_int_equal(walk_path_new(root, &anywhere, note_left, &out, &w, &err), ASSAY_OK);
	for (; *paths != NULL; paths++) {
		struct walk_folder *folder = NULL;
		const char *name = NULL;
		int error = -1;
		struct walk_facts facts;
		assert_int_equal(
		    walk_path_to(w, assay_span_str(*paths), &folder, &name, &error, &err),
		    ASSAY_OK);
		assert_true((folder == NULL) == (error != 0));
		if (folder != NULL)
			error = walk_look(folder, name, &facts);
		buf_addf(&out, "%s: %s\n", *paths, error == 0 ? "there" : strerrorname_np(error));
	}
	assert_int_equal(walk_path_end(w, &err), ASSAY_OK);
	assert_string_equal(buf_str(&out), expected);
}

static void
a_list_leads_through_the_tree(void **state)
{
	(void)state;
	static const char *const paths[] = {"a", "a/b", "a/b/c", "a/b/c/f", "a/b/g", "a/z", "ab",
	    "ab/c", "gone", "gone/a", "gone/a/b", "gone/c", "l", "l/f", "n", "n/f", "z", NULL};
	put_folder("a");
	put_folder("a/b");
	put_folder("a/b/c");
	put_folder("ab");
	put_file("a/b/c/f", 1, 1);
	put_file("a/z", 1, 1);
	put_file("ab/c", 1, 1);
	put_file("n", 1, 1);
	put_file("z", 1, 1);
	assert_int_equal(symlinkat("ab", dir, "l"), 0);
	walk_list_of(paths,
	    "a: there\na/b: there\na/b/c: there\na/b/c/f: there\nleft 'a/b/c'\na/b/g: ENOENT\n"
	    "left 'a/b'\na/z: there\nleft 'a'\nab: there\nab/c: there\nleft 'ab'\ngone: ENOENT\n"
	    "gone/a: ENOENT\ngone/a/b: ENOENT\ngone/c: ENOENT\nl: there\nl/f: ENOTDIR\nn: there\n"
	    "n/f: ENOTDIR\nz: there\nleft ''\n");
}

static void
paths_that_break_the_rules_lead_nowhere(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.",
	    "a/..", "../a", "a/../b", "a/./b"};
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	CLEANUP(walk_path_free) struct walk_path *w = NULL;
	struct assay_error err = {0};
	struct walk_folder *folder = NULL;
	const char *name = NULL;
	int error = -1;
	static const unsigned char nul[] = {'a', 0, 'b'};
	unsigned char length[WALK_PATH_MAX + 1];
	assert_int_equal(walk_path_new(root, &anywhere, note_left, &out, &w, &err), ASSAY_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    walk_path_to(w, assay_span_str(bad[i]), &folder, &name, &error, &err),
		    ASSAY_E_USAGE);
	assert_int_equal(
	    walk_path_to(w, (struct assay_span){nul, sizeof(nul)}, &folder, &name, &error, &err),
	    ASSAY_E_USAGE);
	memset(length, 'a', sizeof(length));
	assert_int_equal(walk_path_to(w, (struct assay_span){length, WALK_NAME_MAX + 1}, &folder,
			     &name, &error, &err),
	    ASSAY_E_USAGE);
	for (size_t i = 1; i < sizeof(length); i += 2)
		length[i] = '/';
	assert_int_equal(walk_path_to(w, (struct assay_span){length, sizeof(length)}, &folder,
			     &name, &error, &err),
	    ASSAY_E_LIMIT);
	assert_int_equal(walk_path_to(w, (struct assay_span){length, 2 * WALK_DEPTH_MAX + 3},
			     &folder, &name, &error, &err),
	    ASSAY_E_LIMIT);
	assert_null(folder);
}

/* -------- what a list hasn't -------- */

struct names {
	const char *const *at;
	const char *const *first;
	unsigned passes;
	struct buf *out;
};

static enum assay_status
names_rewind(void *ctx, struct assay_error *err)
{
	struct names *n = ctx;
	(void)err;
	n->at = n->first;
	n->passes++;
	return ASSAY_OK;
}

static enum assay_status
names_next(void *ctx, struct assay_span *ret_name, struct assay_error *err)
{
	struct names *n = ctx;
	(void)err;
	*ret_name = *n->at == NULL ? (struct assay_span){NULL, 0} : assay_span_str(*n->at++);
	return ASSAY_OK;
}

static enum assay_status
names_extra(void *ctx, const char *name, struct assay_error *err)
{
	struct names *n = ctx;
	(void)err;
	buf_addf(n->out, "%s ", name);
	return ASSAY_OK;
}

static void
extras_are_named(void **state)
{
	(void)state;
	static const char *const listed[] = {"a", "ab", "c", "d", NULL};
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	struct assay_error err = {0};
	struct names n = {.first = listed, .out = &out};
	const struct walk_list list = {&n, names_rewind, names_next, names_extra};
	uint64_t entries = 0;
	put_file("0", 1, 1);
	put_file("a", 1, 1);
	put_file("aa", 1, 1);
	put_file("ab", 1, 1);
	put_file("abc", 1, 1);
	put_file("d", 1, 1);
	put_folder("e");
	assert_int_equal(walk_count(root, &entries), 0);
	assert_int_equal(entries, 7);
	assert_int_equal(walk_extras(root, &list, &err), ASSAY_OK);
	assert_string_equal(buf_str(&out), "0 aa abc e ");
	assert_int_equal(n.passes, 1);
}

static void
many_entries_take_several_passes(void **state)
{
	(void)state;
	enum { MANY = 100000 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	struct assay_error err = {0};
	char(*texts)[32] = calloc(MANY, sizeof(*texts));
	const char **listed = calloc(MANY + 1, sizeof(*listed));
	assert_non_null(texts);
	assert_non_null(listed);
	for (int i = 0; i < MANY; i++) {
		snprintf(texts[i], sizeof(texts[i]), "some-longer-name-%08d", i);
		listed[i] = texts[i];
		const int fd = openat(dir, texts[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		assert_true(fd >= 0);
		close(fd);
	}
	put_file("some-longer-name-00050000x", 0, 1);
	struct names n = {.first = listed, .out = &out};
	const struct walk_list list = {&n, names_rewind, names_next, names_extra};
	uint64_t entries = 0;
	assert_int_equal(walk_count(root, &entries), 0);
	assert_int_equal(entries, MANY + 1);
	assert_int_equal(walk_extras(root, &list, &err), ASSAY_OK);
	assert_string_equal(buf_str(&out), "some-longer-name-00050000x ");
	assert_in_range(n.passes, 2, 4);
	free(listed);
	free(texts);
}

/* -------- while others write -------- */

static atomic_bool stop_swapping;

/* A folder becomes a link out of the tree and back, over and over. */
static void *
swap(void *arg)
{
	(void)arg;
	while (!atomic_load(&stop_swapping)) {
		if (renameat(dir, "in", dir, "in.kept") == 0) {
			if (symlinkat("/etc", dir, "in") == 0)
				(void)unlinkat(dir, "in", 0);
			(void)renameat(dir, "in.kept", dir, "in");
		}
	}
	return NULL;
}

static enum assay_status
nothing_of_outside(void *ctx, const struct walk_entry *e, struct assay_error *err)
{
	(void)ctx;
	(void)err;
	const char *path = (const char *)e->path.data;
	if (strncmp(path, "in/", 3) == 0)
		assert_string_equal(path, "in/ours");
	return ASSAY_OK;
}

static void
a_link_swapped_in_leads_nowhere(void **state)
{
	(void)state;
	pthread_t other;
	struct assay_error err = {0};
	put_folder("in");
	put_file("in/ours", 10, 1);
	atomic_store(&stop_swapping, false);
	assert_int_equal(pthread_create(&other, NULL, swap, NULL), 0);
	for (int i = 0; i < 3000; i++)
		assert_int_equal(
		    walk_tree(root, &anywhere, nothing_of_outside, NULL, &err), ASSAY_OK);
	atomic_store(&stop_swapping, true);
	pthread_join(other, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    row(sorted_component_by_component),
	    row(nothing_is_an_empty_tree),
	    row(what_is_no_file_is_told_by_type),
	    row(links_are_not_followed),
	    row(names_are_one_component),
	    row(what_cannot_be_read_is_told),
	    row(deeper_than_the_cap_is_told),
	    row(longer_than_the_cap_is_told),
	    row(a_visit_ends_the_walk),
	    row(capabilities_are_read),
	    row(a_list_leads_through_the_tree),
	    row(paths_that_break_the_rules_lead_nowhere),
	    row(extras_are_named),
	    row(many_entries_take_several_passes),
	    row(a_link_swapped_in_leads_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
