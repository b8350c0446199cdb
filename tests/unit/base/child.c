/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <base/buf.h>
#include <base/child.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <base/pool.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const environment[] = { "LC_ALL=C", "PATH=/usr/bin:/bin", NULL };

struct run {
	struct buf out;
	struct assay_error err;
	enum assay_status status;
	bool confined;
};

static void
run_done(struct run *r)
{
	buf_done(&r->out);
}

static void
read_all(int fd, struct buf *out)
{
	char chunk[4096];
	ssize_t n;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(out, chunk, (size_t)n);
}

/* Runs "sh -c script" with input and keeps what it says. */
static void
run(struct child_options o, const char *script, const char *input, struct run *r)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	CLEANUP(child_done) struct child c = CHILD_NONE;
	o.argv = argv;
	o.env = environment;
	o.need_stdin = input != NULL;
	o.stderr_cap = 100;
	r->out = (struct buf)BUF_INIT(1u << 20);
	memset(&r->err, 0, sizeof(r->err));
	r->status = child_start(&o, &c, &r->err);
	if (r->status != ASSAY_OK)
		return;
	r->confined = c.confined;
	if (input != NULL) {
		r->status = file_write_all(c.in, assay_span_str(input), NULL);
		close(c.in);
		c.in = -1;
	}
	read_all(c.out, &r->out);
	r->status = child_wait(&c, &r->err);
}

static void
child_hears_and_answers(void **state)
{
	(void)state;
	CLEANUP(run_done) struct run r;
	run((struct child_options) { 0 }, "cat; pwd; env | grep -v ^_ | sort; umask", "hello\n", &r);
	assert_int_equal(r.status, ASSAY_OK);
	assert_string_equal(buf_str(&r.out), "hello\n/\nLC_ALL=C\nPATH=/usr/bin:/bin\nPWD=/\n0077\n");
}

static void
without_stdin_there_is_nothing_to_read(void **state)
{
	(void)state;
	CLEANUP(run_done) struct run r;
	run((struct child_options) { 0 }, "cat; echo end", NULL, &r);
	assert_int_equal(r.status, ASSAY_OK);
	assert_string_equal(buf_str(&r.out), "end\n");
}

static void
failure_tells_status_and_last_words(void **state)
{
	(void)state;
	CLEANUP(run_done) struct run r;
	run((struct child_options) { 0 },
	    "i=0; while [ $i -lt 3000 ]; do echo a long line of words >&2; i=$((i+1)); done;"
	    "printf 'worse:\\nthe \\033[1mend\\n' >&2; exit 7",
	    NULL, &r);
	assert_int_equal(r.status, ASSAY_E_SYSTEM);
	assert_non_null(strstr(r.err.what, "'sh' ended with status 7: "));
	assert_non_null(strstr(r.err.what, "worse:; the \\x1b[1mend"));
	assert_true(strlen(r.err.what) < 250);
}

static void
signal_is_told(void **state)
{
	(void)state;
	CLEANUP(run_done) struct run r;
	run((struct child_options) { 0 }, "kill -TERM $$", NULL, &r);
	assert_int_equal(r.status, ASSAY_E_SYSTEM);
	assert_non_null(strstr(r.err.what, "'sh' was ended by signal 15"));
}

static void
only_plain_names_of_installed_programs_start(void **state)
{
	(void)state;
	static const char *const names[] = { "no-such-program-here", "/bin/sh", "../bin/sh", "" };
	for (size_t i = 0; i < 4; i++) {
		const char *const argv[] = { names[i], NULL };
		struct child_options o = { .argv = argv, .env = environment };
		struct child c = CHILD_NONE;
		struct assay_error err;
		assert_int_equal(child_start(&o, &c, &err), ASSAY_E_SYSTEM);
		assert_int_equal(c.pid, -1);
		assert_non_null(strstr(err.what, "can't start"));
		assert_true(err.todo[0] != '\0');
		child_done(&c);
		assert_int_equal(child_wait(&c, &err), ASSAY_E_INTERNAL);
	}
}

static void
path_variable_is_not_asked(void **state)
{
	(void)state;
	char folder[] = "/tmp/assay-unit-XXXXXX", planted[64];
	assert_non_null(mkdtemp(folder));
	snprintf(planted, sizeof(planted), "%s/assay-planted", folder);
	int fd = open(planted, O_CREAT | O_WRONLY, 0755);
	assert_true(fd >= 0);
	close(fd);
	char *before = strdup(getenv("PATH"));
	setenv("PATH", folder, 1);
	const char *const argv[] = { "assay-planted", NULL };
	struct child_options o = { .argv = argv, .env = environment };
	struct child c = CHILD_NONE;
	assert_int_equal(child_start(&o, &c, NULL), ASSAY_E_SYSTEM);
	setenv("PATH", before, 1);
	free(before);
	unlink(planted);
	rmdir(folder);
}

static double
now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
late_child_is_stopped_with_all_it_started(void **state)
{
	(void)state;
	static const char *const scripts[] = {
		"sleep 60",
		"trap '' ALRM TERM; while :; do echo still here >&2; done",
		"sleep 60 & sleep 60 & echo started; wait",
	};
	for (size_t i = 0; i < 3; i++) {
		CLEANUP(run_done) struct run r;
		double start = now();
		run((struct child_options) { .seconds = 1 }, scripts[i], NULL, &r);
		assert_int_equal(r.status, ASSAY_E_SYSTEM);
		assert_non_null(strstr(r.err.what, "took longer than 1 seconds"));
		assert_true(now() - start < 20);
	}
}

static void
what_a_child_leaves_behind_is_ended(void **state)
{
	(void)state;
	CLEANUP(run_done) struct run r;
	run((struct child_options) { 0 }, "sleep 1000 >/dev/null 2>&1 & echo $!", NULL, &r);
	assert_int_equal(r.status, ASSAY_OK);
	pid_t pid = (pid_t)strtol(buf_str(&r.out), NULL, 10);
	assert_true(pid > 1);
	/* Killed, and then reaped by whoever adopted it: gone, or a zombie on its way. */
	for (int i = 0; i < 200; i++) {
		char path[64], line[256] = "";
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		int fd = open(path, O_RDONLY);
		if (fd < 0)
			return;
		ssize_t n = read(fd, line, sizeof(line) - 1);
		close(fd);
		if (n <= 0 || strstr(line, ") Z ") != NULL || strstr(line, "(sleep)") == NULL)
			return;
		usleep(10000);
	}
	fail_msg("process %d lives on", pid);
}

static void
no_file_of_the_parent_is_inherited(void **state)
{
	(void)state;
	CLEANUP(run_done) struct run r;
	int fd = open("/dev/null", O_RDONLY);
	int high = fcntl(fd, F_DUPFD, 200);
	assert_true(fd >= 0 && high >= 200);
	run((struct child_options) { 0 }, "for f in /proc/self/fd/*; do echo ${f##*/}; done", NULL, &r);
	close(fd);
	close(high);
	assert_int_equal(r.status, ASSAY_OK);
	assert_null(strstr(buf_str(&r.out), "200"));
	assert_non_null(strstr(buf_str(&r.out), "0\n1\n2\n"));
}

static void
ignored_and_blocked_signals_are_normal_in_the_child(void **state)
{
	(void)state;
	CLEANUP(run_done) struct run r;
	sigset_t set, before;
	signal(SIGPIPE, SIG_IGN);
	/* One of the C library's own, which it would refuse to change: SIG_IGN, no flags, no mask. */
	const uintptr_t ignore[8] = { 1 }, normal[8] = { 0 };
	syscall(SYS_rt_sigaction, 32, ignore, NULL, (size_t)8);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &before);
	run((struct child_options) { 0 }, "grep -E '^Sig(Blk|Ign)' /proc/self/status", NULL, &r);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGPIPE, SIG_DFL);
	syscall(SYS_rt_sigaction, 32, normal, NULL, (size_t)8);
	assert_string_equal(buf_str(&r.out), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

static void
closed_standard_files_of_the_parent_do_no_harm(void **state)
{
	(void)state;
	CLEANUP(run_done) struct run r;
	int kept[3];
	for (int i = 0; i < 3; i++)
		kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 100);
	for (int i = 0; i < 3; i++)
		close(i);
	run((struct child_options) { 0 }, "cat; echo out; echo err >&2; exit 3", "in\n", &r);
	for (int i = 0; i < 3; i++) {
		if (kept[i] >= 0)
			dup2(kept[i], i);
		close(kept[i]);
	}
	assert_string_equal(buf_str(&r.out), "in\nout\n");
	assert_non_null(strstr(r.err.what, "status 3: err"));
}

static void
confined_child_reads_what_is_listed_alone(void **state)
{
	(void)state;
	char folder[] = "/tmp/assay-unit-XXXXXX", script[400];
	assert_non_null(mkdtemp(folder));
	snprintf(script, sizeof(script),
	    "cat %s/in && cat /etc/passwd >/dev/null 2>&1; echo $?; (echo x >%s/out) 2>/dev/null; echo $?;"
	    "ls /tmp >/dev/null 2>&1 || echo hidden",
	    folder, folder);
	char in[64];
	snprintf(in, sizeof(in), "%s/in", folder);
	assert_int_equal(file_write_atomic(AT_FDCWD, in, assay_span_str("inside\n"), 0644, NULL), ASSAY_OK);
	const char *const readable[] = { folder, "/no/such/folder", NULL };
	CLEANUP(run_done) struct run r;
	run((struct child_options) { .confine = true, .readable = readable }, script, NULL, &r);
	unlink(in);
	rmdir(folder);
	if (!r.confined)
		skip();
	assert_string_equal(buf_str(&r.out), "inside\n1\n2\nhidden\n");
}

static void
confined_child_has_no_sockets(void **state)
{
	(void)state;
	CLEANUP(run_done) struct run r;
	const char *const readable[] = { NULL };
	run((struct child_options) { .confine = true, .readable = readable },
	    "/usr/bin/python3 -I -S -c 'import socket; socket.socket()' 2>&1 | tail -n 1", NULL, &r);
	if (!r.confined)
		skip();
	assert_non_null(strstr(buf_str(&r.out), "not permitted"));
}

static void
start_and_drop(void *ctx, size_t i)
{
	(void)i;
	const char *const argv[] = { "cat", NULL };
	struct child_options o = { .argv = argv, .env = environment, .need_stdin = true, .seconds = 60 };
	CLEANUP(child_done) struct child c = CHILD_NONE;
	if (child_start(&o, &c, NULL) != ASSAY_OK)
		*(volatile bool *)ctx = true;
}

static void
threads_may_start_children_at_once(void **state)
{
	(void)state;
	bool failed = false;
	CLEANUP(pool_free) struct pool *p = NULL;
	assert_int_equal(pool_new(4, &p, NULL), ASSAY_OK);
	pool_each(p, 60, start_and_drop, &failed);
	assert_false(failed);
}

/* Starts a child that waits, tells its number and waits as well: to be killed. */
static _Noreturn void
start_and_wait(int out)
{
	static const char *const argv[] = { "sleep", "60", NULL };
	struct child c = CHILD_NONE;
	const struct child_options o = { .argv = argv, .env = environment };
	if (child_start(&o, &c, NULL) != ASSAY_OK || write(out, &c.pid, sizeof(c.pid)) < 0)
		_exit(1);
	for (;;)
		pause();
}

static void
child_dies_with_its_parent(void **state)
{
	(void)state;
	int fds[2], status = 0;
	pid_t child = -1;
	/* Whom the dead parent leaves behind is ours to wait for. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	assert_int_equal(pipe(fds), 0);
	const pid_t parent = fork();
	if (parent == 0)
		start_and_wait(fds[1]);
	assert_int_equal(read(fds[0], &child, sizeof(child)), sizeof(child));
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	close(fds[0]);
	close(fds[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(child_hears_and_answers),
		cmocka_unit_test(without_stdin_there_is_nothing_to_read),
		cmocka_unit_test(failure_tells_status_and_last_words),
		cmocka_unit_test(signal_is_told),
		cmocka_unit_test(only_plain_names_of_installed_programs_start),
		cmocka_unit_test(path_variable_is_not_asked),
		cmocka_unit_test(late_child_is_stopped_with_all_it_started),
		cmocka_unit_test(what_a_child_leaves_behind_is_ended),
		cmocka_unit_test(no_file_of_the_parent_is_inherited),
		cmocka_unit_test(ignored_and_blocked_signals_are_normal_in_the_child),
		cmocka_unit_test(closed_standard_files_of_the_parent_do_no_harm),
		cmocka_unit_test(confined_child_reads_what_is_listed_alone),
		cmocka_unit_test(confined_child_has_no_sockets),
		cmocka_unit_test(child_dies_with_its_parent),
		cmocka_unit_test(threads_may_start_children_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
