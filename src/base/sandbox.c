/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/folder.h>
#include <base/sandbox.h>
#include <base/text.h>
#include <dirent.h>
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#include "confine.h"

#define THREADS_MAX 256
#define ANSWER_SECONDS 2

/*
 * Landlock binds the thread that asks. Every other thread is asked to by a signal that carries one of these; on the
 * heap, because a thread that answers too late still writes to it.
 */
struct request {
	int ruleset;
	atomic_int refused;
	sem_t answered;
};

static void
answer(int signal, siginfo_t *info, void *context)
{
	int kept = errno;
	(void)signal;
	(void)context;
	if (info->si_code == SI_QUEUE && info->si_pid == getpid()) {
		struct request *r = info->si_value.sival_ptr;
		if (confine_restrict(r->ruleset) != 0)
			atomic_store(&r->refused, 1);
		sem_post(&r->answered);
	}
	errno = kept;
}

static bool
ask(pid_t thread, struct request *r)
{
	siginfo_t info;
	memset(&info, 0, sizeof(info));
	info.si_signo = SIGRTMAX;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_ptr = r;
	/* A thread that has ended meanwhile needs no sandbox. */
	if (syscall(SYS_rt_tgsigqueueinfo, getpid(), thread, SIGRTMAX, &info) != 0)
		return errno == ESRCH;
	struct timespec until;
	if (clock_gettime(CLOCK_MONOTONIC, &until) != 0)
		return false;
	until.tv_sec += ANSWER_SECONDS;
	int result;
	do
		result = sem_clockwait(&r->answered, CLOCK_MONOTONIC, &until);
	while (result != 0 && errno == EINTR);
	return result == 0 && atomic_load(&r->refused) == 0;
}

struct known {
	pid_t threads[THREADS_MAX];
	size_t count;
};

static bool
is_known(const struct known *k, pid_t thread)
{
	for (size_t i = 0; i < k->count; i++) {
		if (k->threads[i] == thread)
			return true;
	}
	return false;
}

/* Asks each thread not yet asked; *ret_asked says how many. false when one did not comply. */
static bool
ask_new_threads(struct known *known, struct request *r, size_t *ret_asked)
{
	DIR *tasks = opendir("/proc/self/task");
	bool good = tasks != NULL;
	size_t asked = 0;
	const struct dirent *entry;
	while (good && (entry = folder_next(tasks)) != NULL) {
		uint64_t id;
		if (text_to_u64(assay_span_str(entry->d_name), &id) != ASSAY_OK)
			continue;
		pid_t thread = (pid_t)id;
		if (is_known(known, thread))
			continue;
		if (known->count == THREADS_MAX || !ask(thread, r)) {
			good = false;
			break;
		}
		known->threads[known->count++] = thread;
		asked++;
	}
	/* What could not be listed was not asked. */
	good = good && errno == 0;
	if (tasks != NULL)
		closedir(tasks);
	*ret_asked = asked;
	return good;
}

/* Puts all other threads under the ruleset. A thread started meanwhile by one not yet asked is found on the next round. */
static bool
restrict_others(int ruleset)
{
	struct sigaction action, before;
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = answer;
	action.sa_flags = SA_SIGINFO | SA_RESTART;
	struct request *r = calloc(1, sizeof(*r));
	if (r == NULL)
		return false;
	r->ruleset = ruleset;
	if (sem_init(&r->answered, 0, 0) != 0 || sigaction(SIGRTMAX, &action, &before) != 0) {
		free(r);
		return false;
	}
	struct known known = { .threads = { gettid() }, .count = 1 };
	size_t asked = 1;
	bool good = true;
	while (good && asked > 0)
		good = ask_new_threads(&known, r, &asked);
	/* A late answer still finds its request, handler and ruleset; kept where whoever looks for leaks finds it, too. */
	static struct request *unanswered;
	if (!good) {
		unanswered = r;
		return unanswered == NULL;
	}
	sigaction(SIGRTMAX, &before, NULL);
	sem_destroy(&r->answered);
	free(r);
	return true;
}

static bool
restrict_files(const char *const *readable, const char *const *writable, bool start_programs, bool filtered)
{
	/* To run is also to read: a sanitised process reads /proc at its end. */
	static const char *const none[] = { CONFINE_SANITIZED ? "/proc" : NULL, NULL };
	static const char *const system_folders[]
	    = { "/usr", "/bin", "/lib", "/lib64", CONFINE_SANITIZED ? "/proc" : NULL, NULL };
	const struct confine_paths paths = { readable, start_programs ? system_folders : none, writable, filtered && !start_programs };
	int ruleset = confine_ruleset(&paths, false);
	if (ruleset < 0)
		return false;
	bool good = restrict_others(ruleset);
	good = confine_restrict(ruleset) == 0 && good;
	if (good)
		close(ruleset);
	return good;
}

void
sandbox_enter(const char *const *readable, const char *const *writable, bool start_programs,
    struct sandbox_report *ret_report)
{
	struct sandbox_report report = { false, false };
	if (confine_has_filters()) {
		struct confine_filter filter;
		confine_make_filter(&filter, !start_programs);
		report.seccomp = confine_install(&filter, true) == 0;
	}
	if (readable != NULL || writable != NULL)
		report.landlock = restrict_files(readable, writable, start_programs, report.seccomp);
	if (ret_report != NULL)
		*ret_report = report;
}
