/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <base/cleanup.h>
#include <base/file.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];
static int dir = -1;

static int
enter_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/assay-unit-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 1;
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir < 0;
}

static int
leave_folder(void **state)
{
	char command[100];
	(void)state;
	close(dir);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static size_t
entries(int of)
{
	size_t n = 0;
	DIR *d = fdopendir(openat(of, ".", O_RDONLY | O_DIRECTORY));
	assert_non_null(d);
	for (const struct dirent *e; (e = readdir(d)) != NULL;)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(d);
	return n;
}

static void
assert_holds(const char *name, const char *text)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1u << 20);
	struct assay_error err = { 0 };
	if (file_read(dir, name, &b, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	assert_string_equal(buf_str(&b), text);
}

static enum assay_status
put(const char *name, const char *text)
{
	return file_write_atomic(dir, name, assay_span_str(text), 0644, NULL);
}

static void
written_whole_and_replaced_whole(void **state)
{
	(void)state;
	struct stat st;
	assert_int_equal(put("a", "first"), ASSAY_OK);
	assert_holds("a", "first");
	assert_int_equal(put("a", "second, longer"), ASSAY_OK);
	assert_holds("a", "second, longer");
	assert_int_equal(put("a", ""), ASSAY_OK);
	assert_holds("a", "");
	assert_int_equal(entries(dir), 1);
	umask(022);
	assert_int_equal(file_write_atomic(dir, "key", assay_span_str("k"), 0600, NULL), ASSAY_OK);
	assert_int_equal(fstatat(dir, "key", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void
link_is_replaced_and_not_followed(void **state)
{
	(void)state;
	assert_int_equal(put("target", "untouched"), ASSAY_OK);
	assert_int_equal(symlinkat("target", dir, "link"), 0);
	assert_int_equal(put("link", "new"), ASSAY_OK);
	assert_holds("target", "untouched");
	assert_holds("link", "new");
}

static void
names_that_are_no_files_are_refused(void **state)
{
	(void)state;
	static const char *const names[] = { "", ".", "..", "sub/", "sub/..", "none/x" };
	assert_int_equal(mkdirat(dir, "sub", 0755), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(put(names[i], "x"), ASSAY_E_SYSTEM);
	assert_int_equal(put("sub", "x"), ASSAY_E_SYSTEM);
	/* Root could put a file in the place of a pipe, or of /dev/null. */
	assert_int_equal(mkfifoat(dir, "sub/pipe", 0644), 0);
	assert_int_equal(put("sub/pipe", "x"), ASSAY_E_SYSTEM);
	assert_int_equal(unlinkat(dir, "sub/pipe", 0), 0);
	assert_int_equal(put("sub/x", "x"), ASSAY_OK);
	assert_holds("sub/x", "x");
	assert_int_equal(entries(dir), 1);
	char long_name[5000];
	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(put(long_name, "x"), ASSAY_E_SYSTEM);
	long_name[300] = '\0';
	assert_int_equal(put(long_name, "x"), ASSAY_E_SYSTEM);
	assert_int_equal(entries(dir), 1);
}

/* A small file system of its own where this user may mount one. */
static bool
mount_small(const char *path)
{
	return mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0;
}

static void
full_disk_leaves_the_old_file(void **state)
{
	(void)state;
	static char big[1u << 20];
	struct assay_error err;
	if (!mount_small(folder))
		skip();
	int full = open(folder, O_RDONLY | O_DIRECTORY);
	enum assay_status before = file_write_atomic(full, "f", assay_span_str("old"), 0644, &err);
	enum assay_status s
	    = file_write_atomic(full, "f", (struct assay_span) { (unsigned char *)big, sizeof(big) }, 0644, &err);
	CLEANUP(buf_done) struct buf b = BUF_INIT(100);
	enum assay_status after = file_read(full, "f", &b, NULL);
	size_t left = entries(full);
	close(full);
	umount2(folder, MNT_DETACH);
	assert_int_equal(before, ASSAY_OK);
	assert_int_equal(s, ASSAY_E_SYSTEM);
	assert_non_null(strstr(err.what, "No space left"));
	assert_non_null(strstr(err.todo, "make room"));
	assert_int_equal(after, ASSAY_OK);
	assert_string_equal(buf_str(&b), "old");
	assert_int_equal(left, 1);
}

static void
size_limit_leaves_the_old_file(void **state)
{
	(void)state;
	static char big[1u << 16];
	struct rlimit before, small;
	assert_int_equal(put("f", "old"), ASSAY_OK);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = 4096;
	setrlimit(RLIMIT_FSIZE, &small);
	struct assay_error err;
	enum assay_status s = file_write_atomic(dir, "f",
	    (struct assay_span) { (unsigned char *)big, sizeof(big) }, 0644, &err);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(s, ASSAY_E_SYSTEM);
	assert_holds("f", "old");
	assert_int_equal(entries(dir), 1);
}

static void
read_only_folder_is_told(void **state)
{
	(void)state;
	struct assay_error err;
	assert_int_equal(put("f", "old"), ASSAY_OK);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		/* For root, permissions are none: another user tries. */
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(77);
		enum assay_status s = file_write_atomic(dir, "f", assay_span_str("new"), 0644, &err);
		_exit(s == ASSAY_E_SYSTEM && strstr(err.what, "Permission denied") != NULL
			&& strstr(err.todo, "permissions") != NULL ? 0 : 1);
	}
	if (geteuid() != 0)
		chmod(folder, 0555);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	chmod(folder, 0755);
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
	assert_holds("f", "old");
	assert_int_equal(entries(dir), 1);
}

/* Writes the same name over and over until it is killed; each text is of one letter. */
static _Noreturn void
write_for_ever(void)
{
	static unsigned char text[200000];
	for (unsigned i = 0;; i++) {
		memset(text, 'a' + (int)(i % 26), sizeof(text));
		if (file_write_atomic(dir, "f", (struct assay_span) { text, sizeof(text) }, 0644, NULL)
		    != ASSAY_OK)
			_exit(1);
	}
}

static void
killed_half_way_is_old_or_new(void **state)
{
	(void)state;
	assert_int_equal(put("f", ""), ASSAY_OK);
	for (unsigned round = 0; round < 12; round++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(1u << 20);
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			write_for_ever();
		usleep(7000 + round * 1731);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		assert_int_equal(file_read(dir, "f", &b, NULL), ASSAY_OK);
		assert_true(b.len == 0 || b.len == 200000);
		for (size_t i = 1; i < b.len; i++)
			assert_int_equal(b.data[i], b.data[0]);
	}
}

static void
read_keeps_to_the_cap(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(5);
	struct assay_error err;
	assert_int_equal(put("f", "12345"), ASSAY_OK);
	assert_int_equal(file_read(dir, "f", &b, &err), ASSAY_OK);
	assert_string_equal(buf_str(&b), "12345");
	assert_int_equal(put("f", "123456"), ASSAY_OK);
	assert_int_equal(file_read(dir, "f", &b, &err), ASSAY_E_LIMIT);
	assert_non_null(strstr(err.what, "'f'"));
}

static void
only_regular_files_are_read(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(100);
	assert_int_equal(put("f", "x"), ASSAY_OK);
	assert_int_equal(symlinkat("f", dir, "link"), 0);
	assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
	assert_int_equal(mkdirat(dir, "sub", 0700), 0);
	assert_int_equal(file_read(dir, "link", &b, NULL), ASSAY_E_UNSUPPORTED);
	assert_int_equal(file_read(dir, "fifo", &b, NULL), ASSAY_E_UNSUPPORTED);
	assert_int_equal(file_read(dir, "sub", &b, NULL), ASSAY_E_UNSUPPORTED);
	assert_int_equal(file_read(AT_FDCWD, "/dev/zero", &b, NULL), ASSAY_E_UNSUPPORTED);
	assert_int_equal(file_read(dir, "none", &b, NULL), ASSAY_E_NOT_FOUND);
	assert_int_equal(file_read(dir, "f/none", &b, NULL), ASSAY_E_NOT_FOUND);
}

static void
beneath_no_link_and_no_way_out(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(100000);
	assert_int_equal(mkdirat(dir, "sub", 0755), 0);
	assert_int_equal(put("sub/f", "inside"), ASSAY_OK);
	assert_int_equal(symlinkat("sub", dir, "way"), 0);
	assert_int_equal(symlinkat("/etc", dir, "etc"), 0);
	assert_int_equal(file_read_beneath(dir, "sub/f", &b, NULL), ASSAY_OK);
	assert_string_equal(buf_str(&b), "inside");
	static const char *const out[] = { "way/f", "etc/passwd", "../x", "/etc/passwd",
		"sub/../../etc/passwd" };
	for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		assert_int_equal(file_read_beneath(dir, out[i], &b, NULL), ASSAY_E_UNSUPPORTED);
	assert_int_equal(file_read_beneath(dir, "sub/none", &b, NULL), ASSAY_E_NOT_FOUND);
}

static void
names_in_messages_are_escaped(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf b = BUF_INIT(10);
	struct assay_error err;
	assert_int_equal(file_read(dir, "\x1b[2J\n", &b, &err), ASSAY_E_NOT_FOUND);
	assert_non_null(strstr(err.what, "'\\x1b[2J\\x0a'"));
}

static void
view_is_a_copy(void **state)
{
	(void)state;
	CLEANUP(file_view_done) struct file_view view = { { NULL, 0 }, NULL };
	char path[100];
	snprintf(path, sizeof(path), "%s/f", folder);
	assert_int_equal(put("f", "before"), ASSAY_OK);
	assert_int_equal(file_view(path, 5, &view, NULL), ASSAY_E_LIMIT);
	assert_int_equal(file_view(path, 6, &view, NULL), ASSAY_OK);
	int fd = open(path, O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(view.bytes.len, 6);
	assert_memory_equal(view.bytes.data, "before", 6);
	file_view_done(&view);
	assert_int_equal(view.bytes.len, 0);
}

static void
folders_are_made_with_what_leads_to_them(void **state)
{
	(void)state;
	char path[200];
	struct stat st;
	snprintf(path, sizeof(path), "%s/a/b//c/", folder);
	umask(022);
	assert_int_equal(file_make_dirs(path, true, NULL), ASSAY_OK);
	assert_int_equal(file_make_dirs(path, true, NULL), ASSAY_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	snprintf(path, sizeof(path), "%s/open/x", folder);
	assert_int_equal(file_make_dirs(path, false, NULL), ASSAY_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0755);
	assert_int_equal(put("file", ""), ASSAY_OK);
	snprintf(path, sizeof(path), "%s/file/x", folder);
	struct assay_error err;
	assert_int_equal(file_make_dirs(path, false, &err), ASSAY_E_SYSTEM);
	assert_non_null(strstr(err.what, "Not a directory"));
	assert_int_equal(file_make_dirs("", false, NULL), ASSAY_E_SYSTEM);
}

static void
closed_pipe_is_an_error(void **state)
{
	(void)state;
	int fds[2];
	struct assay_error err;
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(file_write_all(fds[1], assay_span_str("x"), &err), ASSAY_E_SYSTEM);
	signal(SIGPIPE, SIG_DFL);
	close(fds[1]);
	assert_int_equal(file_write_all(-1, assay_span_str(""), &err), ASSAY_OK);
}

static void
draft_shows_only_when_committed(void **state)
{
	(void)state;
	struct file_draft *d = NULL;
	struct assay_error err;
	assert_int_equal(put("f", "old"), ASSAY_OK);
	assert_int_equal(file_draft_new(dir, "f", 0644, &d, &err), ASSAY_OK);
	assert_int_equal(file_draft_add(d, assay_span_str("ne"), &err), ASSAY_OK);
	assert_holds("f", "old");
	assert_int_equal(file_draft_add(d, assay_span_str("w"), &err), ASSAY_OK);
	assert_int_equal(file_draft_commit(d, &err), ASSAY_OK);
	file_draft_free(&d);
	assert_null(d);
	assert_holds("f", "new");
	assert_int_equal(file_draft_new(dir, "f", 0644, &d, &err), ASSAY_OK);
	assert_int_equal(file_draft_add(d, assay_span_str("never"), &err), ASSAY_OK);
	file_draft_free(&d);
	assert_holds("f", "new");
	assert_int_equal(entries(dir), 1);
	assert_int_equal(file_draft_new(dir, "absent/f", 0644, &d, &err), ASSAY_E_SYSTEM);
	assert_null(d);
}

#define row(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		row(written_whole_and_replaced_whole),
		row(link_is_replaced_and_not_followed),
		row(names_that_are_no_files_are_refused),
		row(full_disk_leaves_the_old_file),
		row(size_limit_leaves_the_old_file),
		row(read_only_folder_is_told),
		row(killed_half_way_is_old_or_new),
		row(read_keeps_to_the_cap),
		row(only_regular_files_are_read),
		row(beneath_no_link_and_no_way_out),
		row(names_in_messages_are_escaped),
		row(view_is_a_copy),
		row(folders_are_made_with_what_leads_to_them),
		row(closed_pipe_is_an_error),
		row(draft_shows_only_when_committed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
