/* SPDX-License-Identifier: Apache-2.0 */
#include "cage.h"

#include <base/child.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>

#define WORDS_MAX 16384
#define NUMBER 24
#define BUILD_FILE_MAX (512u << 20)

/* Only these, by name: what is asked for comes from a process that has read hostile bytes. */
static const char *const programs[] = {
	"gcc-12", "gcc-13", "gcc-14", "gcc",
	"clang-19", "clang-20", "clang",
	"clang-tidy-19", "clang-tidy-20", "clang-tidy",
	"cppcheck", "flawfinder",
	"cmake", "meson", "bear",
	"ldd", "true", "cp", NULL,
};

bool
cage_allows(const char *name)
{
	for (const char *const *p = programs; *p != NULL; p++) {
		if (strcmp(*p, name) == 0)
			return true;
	}
	return false;
}

/* ---- the command line ---- */

struct line {
	const char *argv[CAGE_ARGUMENTS_MAX + 160];
	size_t count;
	char *owned[CAGE_ARGUMENTS_MAX + 32]; /* what was made for it */
	size_t owned_count;
};

static void
line_free(struct line **l)
{
	for (size_t i = 0; *l != NULL && i < (*l)->owned_count; i++)
		free((*l)->owned[i]);
	free(*l);
}

static void
put(struct line *l, const char *word)
{
	if (word != NULL && l->count + 1 < sizeof l->argv / sizeof l->argv[0])
		l->argv[l->count++] = word;
}

static void
put_all(struct line *l, const char *const *words)
{
	for (; *words != NULL; words++)
		put(l, *words);
}

static void
put_made(struct line *l, const char *front, const char *back)
{
	char *word = NULL;
	if (l->owned_count == sizeof l->owned / sizeof l->owned[0] || asprintf(&word, "%s%s", front, back) < 0)
		return;
	l->owned[l->owned_count++] = word;
	put(l, word);
}

/* Where /bin is a link to usr/bin it is one inside too. */
static void
put_system(struct line *l)
{
	static const char *const folders[] = { "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32" };
	put_all(l, (const char *const[]) { "--ro-bind", "/usr", "/usr", NULL });
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		char target[64] = { 0 };
		struct stat st;
		if (lstat(folders[i], &st) != 0)
			continue;
		if (S_ISLNK(st.st_mode) && readlink(folders[i], target, sizeof target - 1) > 0) {
			put(l, "--symlink");
			put_made(l, target, "");
			put(l, folders[i]);
		} else {
			put_all(l, (const char *const[]) { "--ro-bind", folders[i], folders[i], NULL });
		}
	}
	put_all(l, (const char *const[]) { "--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--ro-bind-try",
	    "/etc/ld.so.cache", "/etc/ld.so.cache", NULL });
}

static void
put_walls(struct line *l)
{
	static const char *const walls[] = { "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
		"--clearenv", "--setenv", "LC_ALL", "C", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/nonexistent",
		"--setenv", "TMPDIR", "/scratch", NULL };
	put_all(l, walls);
	put_system(l);
	put_all(l, (const char *const[]) { "--proc", "/proc", "--dev", "/dev", "--size", "1073741824", "--tmpfs", "/scratch", NULL });
}

static const char *
source_folder(const struct cage_run *run)
{
	return (run->flags & WIRE_DEMO) != 0 ? "/demo" : "/src";
}

static void
put_folders(struct line *l, const struct cage *c, const struct cage_run *run)
{
	put(l, "--ro-bind");
	put_made(l, c->work, source_folder(run));
	put(l, "/src");
	put(l, "--ro-bind");
	put_made(l, c->work, "/canary");
	put(l, "/canary");
	put(l, (run->flags & WIRE_BUILD) != 0 ? "--bind" : "--ro-bind");
	put_made(l, c->work, "/build");
	put(l, "/build");
	/* bear's parts talk to each other by that name. */
	if ((run->flags & WIRE_BUILD) != 0) {
		put(l, "--ro-bind");
		put_made(l, c->work, "/canary/hosts");
		put(l, "/etc/hosts");
	}
	put(l, "--bind");
	put_made(l, run->out, "");
	put_all(l, (const char *const[]) { "/out", "--chdir", "/scratch", "--remount-ro", "/", NULL });
}

/* Limits of each process. A build starts many and writes much; an engine doesn't. */
static void
put_limits(struct line *l, const struct cage *c, const struct cage_run *run)
{
	char number[NUMBER];
	put(l, "prlimit");
	text_put(number, sizeof number, "%" PRIu64, c->memory);
	put_made(l, "--as=", number);
	text_put(number, sizeof number, "%u", run->seconds);
	put_made(l, "--cpu=", number);
	text_put(number, sizeof number, "%u", (run->flags & WIRE_BUILD) != 0 ? BUILD_FILE_MAX : CAGE_OUTPUT_MAX);
	put_made(l, "--fsize=", number);
	put(l, "--core=0");
	put(l, "--nofile=1024");
	put(l, "--");
}

/* Without a cage the folders are where they are. */
static void
put_argument(struct line *l, const struct cage *c, const struct cage_run *run, const char *word)
{
	const struct {
		const char *inside, *folder;
	} folders[] = { { "/src", source_folder(run) }, { "/canary", "/canary" }, { "/build", "/build" }, { "/out", NULL } };
	for (size_t i = 0; c->kind == CAGE_TRUSTED && i < sizeof folders / sizeof folders[0]; i++) {
		const char *at = strstr(word, folders[i].inside);
		size_t n = strlen(folders[i].inside);
		bool begins = at != NULL && (at == word || at[-1] == '=' || at[-1] == '^' || (at == word + 2 && word[0] == '-'));
		if (!begins || (at[n] != '/' && at[n] != '\0'))
			continue;
		char *front = strndup(word, (size_t)(at - word)), *to = NULL;
		if (front != NULL && asprintf(&to, "%s%s%s%s", front, folders[i].folder != NULL ? c->work : run->out,
		    folders[i].folder != NULL ? folders[i].folder : "", at + n) >= 0)
			put_made(l, to, "");
		free(front);
		free(to);
		return;
	}
	put(l, word);
}

/* ---- running ---- */

/* false: there is too much of it, or nobody wants it any more. */
static bool
read_output(struct child *child, const struct cage *c, struct buf *to)
{
	unsigned char piece[65536];
	for (;;) {
		struct pollfd fds[] = { { .fd = child->out, .events = POLLIN }, { .fd = c->caller, .events = POLLRDHUP } };
		if (poll(fds, 2, -1) < 0 && errno == EINTR)
			continue;
		if (fds[1].revents != 0)
			return false;
		ssize_t n = read(child->out, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return true;
		buf_add(to, piece, (size_t)n);
		if (to->status != ASSAY_OK)
			return false;
	}
}

/* bubblewrap and prlimit tell a signal's number as 128 and more. */
static enum wire_end
end_of(const struct child *child, int *ret_status)
{
	*ret_status = child->ended;
	if (child->late)
		return WIRE_LATE;
	if (child->ended < 0)
		return WIRE_SIGNALLED;
	if (child->ended >= 128 && child->ended < 128 + 65) {
		*ret_status = child->ended - 128;
		return WIRE_SIGNALLED;
	}
	return WIRE_EXITED;
}

void
cage_start(const struct cage *c, const struct cage_run *run, struct cage_result *r)
{
	static const char *const environment[] = { "LC_ALL=C", "PATH=/usr/bin:/bin", "HOME=/nonexistent", NULL };
	CLEANUP(line_free) struct line *l = calloc(1, sizeof *l);
	CLEANUP(child_done) struct child child = CHILD_NONE;
	struct assay_error err = { .status = ASSAY_OK };
	r->end = WIRE_NOT_STARTED;
	if (l == NULL || c->kind == CAGE_NONE || !cage_allows(run->program) || run->argument_count > CAGE_ARGUMENTS_MAX)
		return;
	if (c->kind == CAGE_BWRAP) {
		put_walls(l);
		put_folders(l, c, run);
	}
	put_limits(l, c, run);
	put(l, run->program);
	for (size_t i = 0; i < run->argument_count; i++)
		put_argument(l, c, run, run->arguments[i]);
	const struct child_options options = { .argv = l->argv, .env = environment, .stderr_cap = WORDS_MAX, .seconds = run->seconds,
		.join_stderr = (run->flags & WIRE_JOINED) != 0 };
	if (child_start(&options, &child, &err) != ASSAY_OK) {
		buf_add_str(&r->words, err.what);
		return;
	}
	if (!read_output(&child, c, &r->output)) {
		child_done(&child);
		r->end = WIRE_OVERFLOWED;
		return;
	}
	enum assay_status status = child_wait_heard(&child, &r->words, &err);
	r->end = status == ASSAY_OK ? WIRE_EXITED : end_of(&child, &r->status);
	if (status == ASSAY_OK)
		r->status = 0;
}

enum cage_kind
cage_try(bool trust, char *ret_why, size_t size)
{
	CLEANUP(line_free) struct line *l = calloc(1, sizeof *l);
	CLEANUP(child_done) struct child child = CHILD_NONE;
	static const char *const environment[] = { "LC_ALL=C", NULL };
	struct assay_error err = { .status = ASSAY_OK };
	ret_why[0] = '\0';
	if (l == NULL)
		return CAGE_NONE;
	put_walls(l);
	put_all(l, (const char *const[]) { "--remount-ro", "/", "prlimit", "--core=0", "--", "true", NULL });
	const struct child_options options = { .argv = l->argv, .env = environment, .stderr_cap = WORDS_MAX, .seconds = 20 };
	if (child_start(&options, &child, &err) == ASSAY_OK && child_wait(&child, &err) == ASSAY_OK)
		return CAGE_BWRAP;
	(void)snprintf(ret_why, size, "%s", err.what);
	return trust ? CAGE_TRUSTED : CAGE_NONE;
}
