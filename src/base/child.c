/* SPDX-License-Identifier: Apache-2.0 */
#include <base/buf.h>
#include <base/child.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/unconst.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "child_watch.h"
#include "confine.h"

/* The child keeps 0 to 2 and this one, which exec closes: a byte on it says that exec failed. */
#define STATUS_FD 3
#define FIRST_FREE_FD 4
#define FILES_MAX 1024
#define ARGUMENT_SHOWN_MAX 64
/* After the watch's own limit; for a child whose parent is gone. */
#define ALARM_GRACE 5

/* All that the child needs between fork and exec, made before: there, nothing may allocate or lock. */
struct plan {
	const struct child_options *options;
	char path[PATH_MAX];
	int in, out, err, status; /* the child's ends */
	int ruleset;              /* or -1 */
	pid_t parent;
	bool filtered;
	struct confine_filter filter;
};

/* The parent's ends. */
struct ends {
	int in, out, err, status;
};

static void
plan_done(struct plan *p)
{
	close_fd(&p->in);
	close_fd(&p->out);
	close_fd(&p->err);
	close_fd(&p->status);
	close_fd(&p->ruleset);
}

static void
ends_done(struct ends *e)
{
	close_fd(&e->in);
	close_fd(&e->out);
	close_fd(&e->err);
	close_fd(&e->status);
}

static const char *
shown(const char *text, struct buf *room)
{
	struct assay_span s = { (const unsigned char *)text, strnlen(text, ARGUMENT_SHOWN_MAX) };
	text_escape(room, s, false);
	return buf_str(room);
}

static enum assay_status
fail_start(struct assay_error *err, const char *program, int error)
{
	CLEANUP(buf_done) struct buf room = BUF_INIT((size_t)8 * ARGUMENT_SHOWN_MAX);
	assay_fail(err, ASSAY_E_SYSTEM, "can't start '%s': %s", shown(program, &room),
	    text_errno(error));
	if (err != NULL && error == ENOENT)
		assay_error_todo(err, ASSAY_E_SYSTEM,
		    "install it: it is looked for in /usr/bin and /bin");
	return ASSAY_E_SYSTEM;
}

/* PATH is the caller's to set and so an attacker's: it is not asked. */
static bool
find_program(const char *name, char path[PATH_MAX])
{
	static const char *const folders[] = { "/usr/bin", "/bin" };
	if (name[0] == '\0' || strchr(name, '/') != NULL)
		return false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		int n = snprintf(path, PATH_MAX, "%s/%s", folders[i], name);
		if (n > 0 && n < PATH_MAX && access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* Moves fd to FIRST_FREE_FD or above, so that none is overwritten when the child arranges its own. */
static int
raise_fd(int fd)
{
	if (fd < 0 || fd >= FIRST_FREE_FD)
		return fd;
	int raised = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);
	int error = errno;
	close(fd);
	errno = error;
	return raised;
}

static bool
make_pipe(int *ret_read, int *ret_write)
{
	int fds[2];
	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	*ret_read = raise_fd(fds[0]);
	*ret_write = raise_fd(fds[1]);
	return *ret_read >= 0 && *ret_write >= 0;
}

static bool
make_pipes(struct plan *p, struct ends *e)
{
	if (p->options->need_stdin) {
		if (!make_pipe(&p->in, &e->in))
			return false;
	} else {
		p->in = raise_fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
		if (p->in < 0)
			return false;
	}
	return make_pipe(&e->out, &p->out) && make_pipe(&e->err, &p->err)
	    && make_pipe(&e->status, &p->status);
}

static void
make_confinement(struct plan *p)
{
	static const char *const system_paths[]
	    = { "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", NULL };
	struct confine_paths paths = { .readable = p->options->readable, .executable = system_paths };
	p->ruleset = raise_fd(confine_ruleset(&paths, true));
	p->filtered = confine_has_filters();
	if (p->filtered)
		confine_make_filter(&p->filter, false);
}

/*
 * By system call: the C library keeps two signals to itself and won't reset them, though they may have come here
 * ignored. A zeroed action is the default one on every architecture.
 */
static void
reset_signals(void)
{
	const unsigned char normal[64] = { 0 };
	sigset_t none;
	for (int s = 1; s < NSIG; s++)
		syscall(SYS_rt_sigaction, s, normal, NULL, (size_t)(NSIG - 1) / 8);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
}

static void
close_from(unsigned first)
{
	if (syscall(SYS_close_range, first, ~0u, 0) == 0)
		return;
	struct rlimit files = { 0, 0 };
	getrlimit(RLIMIT_NOFILE, &files);
	for (unsigned fd = first; fd < files.rlim_cur && fd < 65536; fd++)
		close((int)fd);
}

static void
limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit now;
	if (getrlimit(what, &now) != 0 || now.rlim_max < most)
		return;
	now.rlim_cur = most;
	now.rlim_max = most;
	setrlimit(what, &now);
}

static void
set_limits(const struct child_options *o)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, FILES_MAX);
	if (o->confine)
		limit(RLIMIT_FSIZE, 0);
	if (o->seconds > 0)
		alarm(o->seconds > UINT_MAX - ALARM_GRACE ? UINT_MAX : o->seconds + ALARM_GRACE);
}

/* Everything up to exec; only what POSIX allows after fork in a process of threads. Returns an errno. */
static int
become(const struct plan *p)
{
	const struct child_options *o = p->options;
	/* Nothing outlives whoever wants its answer: it may be killed at any time, also before this takes hold. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return errno;
	if (getppid() != p->parent)
		return ESRCH;
	if (setsid() < 0 || dup2(p->in, 0) < 0 || dup2(p->out, 1) < 0 || dup2(o->join_stderr ? p->out : p->err, 2) < 0)
		return errno;
	/* Nobody's current folder decides what a child does. */
	if (chdir("/") != 0)
		return errno;
	umask(077);
	int error = p->ruleset >= 0 ? confine_restrict(p->ruleset) : 0;
	if (error != 0)
		return error;
	close_from(FIRST_FREE_FD);
	set_limits(o);
	reset_signals();
	error = p->filtered ? confine_install(&p->filter, false) : 0;
	if (error != 0)
		return error;
	execve(p->path, unconst(o->argv), unconst(o->env));
	return errno;
}

static _Noreturn void
run_child(const struct plan *p)
{
	int fd = dup3(p->status, STATUS_FD, O_CLOEXEC);
	int error = fd == STATUS_FD ? become(p) : errno;
	ssize_t n = write(fd == STATUS_FD ? fd : p->status, &error, sizeof(error));
	_exit(n == (ssize_t)sizeof(error) ? 127 : 126);
}

/*
 * All signals are held back, so that none of the parent's handlers runs in the child. It borrows the memory, which is not
 * copied page table by page table, until it has its own program: it changes nothing there, and its thread waits.
 */
static pid_t
fork_quietly(const struct plan *p)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid_t pid = vfork();
	if (pid == 0)
		run_child(p);
	int error = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return pid;
}

/* The errno that kept exec from happening, 0 when it happened. */
static int
read_status(int fd)
{
	int error = 0;
	ssize_t n;
	do
		n = read(fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return 0;
	return n == (ssize_t)sizeof(error) ? error : EIO;
}

static void
reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* The child runs its own program, watched, or is no more. */
static int
settle(pid_t pid, const struct child_options *o, struct ends *e, struct child_watch **ret_watch)
{
	int error = read_status(e->status);
	if (error == 0)
		error = child_watch_start(pid, steal_fd(&e->err), o->stderr_cap, o->seconds, ret_watch);
	if (error != 0) {
		kill(pid, SIGKILL);
		reap(pid);
	}
	return error;
}

enum assay_status
child_start(const struct child_options *o, struct child *ret_child, struct assay_error *err)
{
	CLEANUP(plan_done) struct plan p = { .options = o, .in = -1, .out = -1, .err = -1,
		.status = -1, .ruleset = -1, .parent = getpid() };
	CLEANUP(ends_done) struct ends e = { -1, -1, -1, -1 };
	struct child_watch *watch = NULL;
	if (!find_program(o->argv[0], p.path))
		return fail_start(err, o->argv[0], ENOENT);
	if (!make_pipes(&p, &e))
		return fail_start(err, o->argv[0], errno);
	if (o->confine)
		make_confinement(&p);
	pid_t pid = fork_quietly(&p);
	if (pid < 0)
		return fail_start(err, o->argv[0], errno);
	bool confined = p.ruleset >= 0 && p.filtered;
	plan_done(&p);
	int error = settle(pid, o, &e, &watch);
	if (error != 0)
		return fail_start(err, o->argv[0], error);
	*ret_child = (struct child) { .pid = pid, .in = steal_fd(&e.in), .out = steal_fd(&e.out),
		.confined = confined, .watch = watch };
	(void)snprintf(ret_child->name, sizeof(ret_child->name), "%s", o->argv[0]);
	return ASSAY_OK;
}

/* Waits for the end without reaping: until then the number can't be another process', so killing by it is safe. */
static void
await_end(pid_t pid)
{
	siginfo_t info;
	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		continue;
}

/* Takes the child away, with whatever it left behind in its session. Returns its wait status. */
static int
finish(struct child *c)
{
	int status = -1;
	await_end(c->pid);
	child_watch_stop(c->watch);
	kill(-c->pid, SIGKILL);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	c->pid = -1;
	return status;
}

static enum assay_status
tell_end(const struct child *c, int status, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf words = BUF_INIT((size_t)8 * CHILD_STDERR_MAX);
	CLEANUP(buf_done) struct buf name = BUF_INIT((size_t)8 * ARGUMENT_SHOWN_MAX);
	const char *program = shown(c->name, &name);
	unsigned seconds = 0;
	if (child_watch_was_late(c->watch, &seconds)) {
		assay_fail(err, ASSAY_E_SYSTEM, "'%s' took longer than %u seconds and was stopped",
		    program, seconds);
		return ASSAY_E_SYSTEM;
	}
	child_watch_words(c->watch, &words);
	const char *sep = words.len > 0 ? ": " : "";
	if (WIFSIGNALED(status))
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' was ended by signal %d%s%s", program,
		    WTERMSIG(status), sep, buf_str(&words));
	return assay_fail(err, ASSAY_E_SYSTEM, "'%s' ended with status %d%s%s", program,
	    WIFEXITED(status) ? WEXITSTATUS(status) : -1, sep, buf_str(&words));
}

enum assay_status
child_wait_heard(struct child *c, struct buf *words, struct assay_error *err)
{
	if (c->pid <= 0)
		return assay_fail(err, ASSAY_E_INTERNAL, "no child process to wait for");
	close_fd(&c->in);
	close_fd(&c->out);
	int status = finish(c);
	enum assay_status s = ASSAY_OK;
	unsigned seconds = 0;
	c->ended = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	c->late = child_watch_was_late(c->watch, &seconds);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		s = tell_end(c, status, err);
	if (words != NULL)
		child_watch_raw_words(c->watch, words);
	child_watch_free(&c->watch);
	return s;
}

enum assay_status
child_wait(struct child *c, struct assay_error *err)
{
	return child_wait_heard(c, NULL, err);
}

void
child_done(struct child *c)
{
	if (c->pid <= 0)
		return;
	kill(-c->pid, SIGKILL);
	close_fd(&c->in);
	close_fd(&c->out);
	finish(c);
	child_watch_free(&c->watch);
}
