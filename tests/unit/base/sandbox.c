/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <base/buf.h>
#include <base/file.h>
#include <base/pool.h>
#include <base/sandbox.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Exit status of a try whose kernel has no sandbox. */
#define NO_SANDBOX 77

static char readable[] = "/tmp/assay-unit-r-XXXXXX";
static char writable[] = "/tmp/assay-unit-w-XXXXXX";

static int
make_folders(void **state)
{
	char path[64];
	(void)state;
	if (mkdtemp(readable) == NULL || mkdtemp(writable) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/file", readable);
	return file_write_atomic(AT_FDCWD, path, assay_span_str("x"), 0644, NULL) == ASSAY_OK ? 0 : 1;
}

static int
remove_folders(void **state)
{
	char path[64];
	(void)state;
	snprintf(path, sizeof(path), "%s/file", readable);
	unlink(path);
	return rmdir(readable) + rmdir(writable);
}

/* Enters the sandbox in a process of its own and says what try says there. */
static void
expect_inside(int (*try)(void))
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const char *const read_list[] = { readable, "/no/such/path", NULL };
		const char *const write_list[] = { writable, NULL };
		struct sandbox_report report;
		sandbox_enter(read_list, write_list, false, &report);
		_exit(report.landlock && report.seccomp ? try() : NO_SANDBOX);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_SANDBOX)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int
open_below(const char *folder, const char *name, int flags)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return open(path, flags | O_CLOEXEC, 0600);
}

static int
try_files(void)
{
	if (open_below(readable, "file", O_RDONLY) < 0)
		return 1;
	if (open_below(readable, "file", O_WRONLY) >= 0 || errno != EACCES)
		return 2;
	if (open_below(readable, "new", O_CREAT | O_WRONLY) >= 0)
		return 3;
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES)
		return 4;
	if (open("/", O_RDONLY | O_DIRECTORY) >= 0)
		return 5;
	return 0;
}

/* By every call that can, and by those that may not be filtered by what they are told. */
static int
try_cutting_off(void)
{
	char path[128];
	struct stat st;
	const struct open_how how = { .flags = O_RDONLY | O_TRUNC | O_CLOEXEC };
	snprintf(path, sizeof(path), "%s/file", readable);
	if (truncate(path, 0) == 0)
		return 1;
	if (open(path, O_RDONLY | O_TRUNC | O_CLOEXEC) >= 0)
		return 2;
#ifdef SYS_open
	if (syscall(SYS_open, path, O_RDONLY | O_TRUNC | O_CLOEXEC) >= 0)
		return 3;
#endif
	if (syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how)) >= 0)
		return 4;
#ifdef SYS_creat
	if (syscall(SYS_creat, path, 0600) >= 0)
		return 5;
#endif
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) == 0)
		return 6;
	return fstat(fd, &st) == 0 && st.st_size == 1 ? 0 : 7;
}

static int
try_writing(void)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/out", writable);
	for (int i = 0; i < 2; i++) {
		if (file_write_atomic(AT_FDCWD, path, assay_span_str("bytes"), 0600, NULL) != ASSAY_OK)
			return 1;
	}
	struct buf b = BUF_INIT(10);
	if (file_read(AT_FDCWD, path, &b, NULL) != ASSAY_OK || b.len != 5)
		return 2;
	buf_done(&b);
	return unlink(path) == 0 ? 0 : 3;
}

static int
try_calls(void)
{
	char *const argv[] = { NULL };
	if (execve("/bin/true", argv, argv) == 0 || (errno != EPERM && errno != EACCES))
		return 1;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 2;
	if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
		return 3;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 || errno != EPERM)
		return 4;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	if (pid > 0 || errno != EPERM)
		return 5;
#endif
	return 0;
}

static void
add_one(void *ctx, size_t i)
{
	(void)i;
	__atomic_fetch_add((unsigned *)ctx, 1, __ATOMIC_RELAXED);
}

static int
try_threads(void)
{
	struct pool *p = NULL;
	unsigned n = 0;
	if (pool_new(2, &p, NULL) != ASSAY_OK)
		return 1;
	pool_each(p, 1000, add_one, &n);
	pool_free(&p);
	return n == 1000 ? 0 : 2;
}

static void
files_outside_are_out_of_reach(void **state)
{
	(void)state;
	expect_inside(try_files);
}

static void
what_may_be_read_can_not_be_cut_off(void **state)
{
	(void)state;
	expect_inside(try_cutting_off);
}

static void
listed_folder_can_be_written(void **state)
{
	(void)state;
	expect_inside(try_writing);
}

static void
programs_sockets_and_tracing_are_refused(void **state)
{
	(void)state;
	expect_inside(try_calls);
}

static void
threads_start_as_before(void **state)
{
	(void)state;
	expect_inside(try_threads);
}

struct waiting_thread {
	sem_t go;
	int opened;
	int socket;
};

static void *
wait_then_try(void *arg)
{
	struct waiting_thread *t = arg;
	while (sem_wait(&t->go) != 0)
		continue;
	t->opened = open("/etc/passwd", O_RDONLY);
	t->socket = socket(AF_INET, SOCK_STREAM, 0);
	return NULL;
}

static int
enter_beside_threads(void)
{
	struct waiting_thread waiting[5];
	pthread_t threads[5];
	const char *const none[] = { NULL };
	struct sandbox_report report;
	for (size_t i = 0; i < 5; i++) {
		if (sem_init(&waiting[i].go, 0, 0) != 0
		    || pthread_create(&threads[i], NULL, wait_then_try, &waiting[i]) != 0)
			return 1;
	}
	sandbox_enter(none, none, false, &report);
	if (!report.landlock || !report.seccomp)
		return NO_SANDBOX;
	for (size_t i = 0; i < 5; i++) {
		sem_post(&waiting[i].go);
		pthread_join(threads[i], NULL);
		if (waiting[i].opened >= 0 || waiting[i].socket >= 0)
			return 2;
	}
	return 0;
}

static void
threads_that_run_already_are_bound_too(void **state)
{
	(void)state;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(enter_beside_threads());
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_SANDBOX)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_outside_are_out_of_reach),
		cmocka_unit_test(what_may_be_read_can_not_be_cut_off),
		cmocka_unit_test(listed_folder_can_be_written),
		cmocka_unit_test(programs_sockets_and_tracing_are_refused),
		cmocka_unit_test(threads_start_as_before),
		cmocka_unit_test(threads_that_run_already_are_bound_too),
	};
	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
