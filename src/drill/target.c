/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The product's own updater or boot check, run on what was delivered: 'PROGRAM SEAL TREE', exit status 0 for taken and 1 for refused. Where
 * an attack is on what a machine remembers, what was delivered before is given to it first, with the same folder to remember it in.
 */
#include "inside.h"

#include <base/child.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOOK 0
#define REFUSED 1
#define LAST_MAX 2048
#define LAST_SHOWN 160
#define WAIT_MS 10
/* What is still read of a program that has ended: a descendant may go on writing. */
#define REST_MAX 64
#define ENV_SIZE (PATH_SIZE + 32)

/* ---- one run ---- */

/* The last bytes of what it said. */
struct last {
	char said[LAST_MAX];
	size_t len;
};

static void
keep(struct last *last, const char *piece, size_t len)
{
	if (len > LAST_MAX) {
		piece += len - LAST_MAX;
		len = LAST_MAX;
	}
	if (len > LAST_MAX - last->len) {
		const size_t drop = len - (LAST_MAX - last->len);
		memmove(last->said, last->said + drop, last->len - drop);
		last->len -= drop;
	}
	memcpy(last->said + last->len, piece, len);
	last->len += len;
}

/* Its last line, in letters that may be shown anywhere. */
static void
last_line(const struct last *last, char *out, size_t size)
{
	size_t end = last->len;
	while (end > 0 && (last->said[end - 1] == '\n' || last->said[end - 1] == ' '))
		end--;
	size_t begin = end;
	while (begin > 0 && last->said[begin - 1] != '\n')
		begin--;
	if (end - begin > LAST_SHOWN)
		end = begin + LAST_SHOWN;
	text_put(out, size, "%.*s", (int)(end - begin), last->said + begin);
	for (char *c = out; *c != '\0'; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
}

static bool
has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };
	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG) != 0 || info.si_pid != 0;
}

static enum assay_status
hear_last(const struct drill_work *w, const struct child *child, struct last *last, struct assay_error *err)
{
	for (unsigned rest = 0; rest < REST_MAX;) {
		char piece[4096];
		struct pollfd fd = { .fd = child->out, .events = POLLIN };
		const bool ended = has_ended(child->pid);
		if (w->request->stop != NULL && w->request->stop(w->request->ctx))
			return assay_fail(err, ASSAY_E_SYSTEM, "stopped before the end");
		rest += ended ? 1 : 0;
		const int ready = poll(&fd, 1, ended ? 0 : WAIT_MS);
		if (ready < 0 && errno != EINTR)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't hear the product's own check: %s", text_errno(errno));
		if (ready <= 0 && ended)
			return ASSAY_OK;
		if (ready <= 0)
			continue;
		const ssize_t n = read(child->out, piece, sizeof piece);
		if (n > 0)
			keep(last, piece, (size_t)n);
		/* Its end is waited for elsewhere, and has a limit. */
		if (n == 0 || (n < 0 && errno != EINTR))
			return ASSAY_OK;
	}
	return ASSAY_OK;
}

/* What it is called with. */
struct call {
	const char *seal, *tree, *root;
	int64_t now;
};

/* A folder of its own, empty. */
static enum assay_status
make_folder(struct drill_work *w, const char *name, const char **ret, struct assay_error *err)
{
	const char *path = drill_path(w, w->top, name);
	if (path == NULL)
		return arena_full(err);
	drill_remove(path);
	*ret = path;
	return file_make_dirs(path, true, err);
}

static void
understand(const struct child *child, const struct last *last, unsigned seconds, enum drill_target *ret, char why[DRILL_WORDS_SIZE])
{
	char line[LAST_SHOWN + 1];
	last_line(last, line, sizeof line);
	*ret = child->ended == TOOK ? DRILL_TARGET_TOOK : child->ended == REFUSED ? DRILL_TARGET_REFUSED : DRILL_TARGET_FAILED;
	if (*ret != DRILL_TARGET_FAILED)
		text_put(why, DRILL_WORDS_SIZE, "%s", line);
	else if (child->late)
		text_put(why, DRILL_WORDS_SIZE, "it took longer than %u seconds", seconds);
	else if (child->ended < 0)
		text_put(why, DRILL_WORDS_SIZE, "it was ended by a signal: %s", line);
	else
		text_put(why, DRILL_WORDS_SIZE, "it ended with status %d: %s", child->ended, line);
}

static enum assay_status
run(struct drill_work *w, const struct call *call, enum drill_target *ret, char why[DRILL_WORDS_SIZE], struct assay_error *err)
{
	CLEANUP(child_done) struct child child = CHILD_NONE;
	const struct drill_request *q = w->request;
	const char *here = NULL, *home = NULL, *temporary = NULL, *state = drill_path(w, w->top, "target-state");
	struct last last = { .len = 0 };
	struct assay_error unsaid = { 0 };
	char env[6][ENV_SIZE];
	TRY(make_folder(w, "target", &here, err));
	TRY(make_folder(w, "target-home", &home, err));
	TRY(make_folder(w, "target-tmp", &temporary, err));
	if (state == NULL)
		return arena_full(err);
	text_put(env[0], ENV_SIZE, "TMPDIR=%s", temporary);
	text_put(env[1], ENV_SIZE, "HOME=%s", home);
	text_put(env[2], ENV_SIZE, "ASSAY_DRILL_ROOT=%s", call->root);
	text_put(env[3], ENV_SIZE, "ASSAY_DRILL_STATE=%s", state);
	text_put(env[4], ENV_SIZE, "ASSAY_DRILL_NOW=%lld", (long long)call->now);
	const char *const all[] = { "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", env[0], env[1], env[2], env[3], env[4], NULL };
	/* env(1) goes to the folder and becomes the program; that it is one that the kernel starts was seen before. */
	const char *const argv[] = { "env", "-C", here, q->target, call->seal, call->tree, NULL };
	const struct child_options options = { .argv = argv, .env = all, .join_stderr = true, .seconds = q->target_seconds };
	TRY(child_start(&options, &child, err));
	TRY(hear_last(w, &child, &last, err));
	/* How it ended is what is asked. */
	if (child_wait(&child, &unsaid) != ASSAY_OK && child.pid > 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "the product's own check can't be waited for");
	understand(&child, &last, q->target_seconds, ret, why);
	return ASSAY_OK;
}

/* ---- what was delivered before ---- */

static enum assay_status
deliver(struct drill_work *w, const struct drill_spec *spec, int64_t now, enum drill_target *ret, char why[DRILL_WORDS_SIZE],
    struct assay_error *err)
{
	char fingerprint[ASSAY_TUF_HEX_SIZE];
	const char *folder = drill_path(w, w->top, "earlier");
	if (folder == NULL)
		return arena_full(err);
	TRY(drill_world_seal(w, spec, folder, fingerprint, err));
	return run(w, &(struct call){ folder, w->shown, fingerprint, now }, ret, why, err);
}

/* The release that is remembered must have been taken, or the attack is none. */
static enum assay_status
deliver_earlier(struct drill_work *w, const struct drill_spec *spec, struct drill_try *t, bool *ret_ready, struct assay_error *err)
{
	char why[DRILL_WORDS_SIZE];
	enum drill_target took = DRILL_TARGET_NONE;
	const struct drill_spec earlier = { .by = "ab", .number = spec->floor, .counter = spec->floor_counter, .targets = spec->floor_targets,
		.next_root = spec->fork ? "ab" : NULL, .other_root = spec->fork, .other_commit = true };
	const struct drill_spec back = { .by = "ab", .rollback = spec->rollback, .rollback_from = spec->floor };
	const int64_t now = w->request->now + spec->seen;
	TRY(deliver(w, &earlier, now, &took, why, err));
	*ret_ready = took == DRILL_TARGET_TOOK;
	if (!*ret_ready) {
		text_put(t->target_why, sizeof t->target_why, "it didn't take the release that was installed before: %.180s", why);
		return ASSAY_OK;
	}
	if (!spec->rollback_used)
		return ASSAY_OK;
	/* Whoever takes no authorisations refuses this one as well as the same one again. */
	TRY(deliver(w, &back, now, &took, why, err));
	return deliver(w, &earlier, now, &took, why, err);
}

/* ---- one try ---- */

/* What must have been taken so that refusals show something: NULL for what opens nothing. */
static bool *
gate_of(struct drill_work *w, const char *id)
{
	if (strcmp(id, "untouched") == 0)
		return &w->takes_real;
	if (strcmp(id, "world-sound") == 0)
		return &w->takes_world;
	return strcmp(id, "world-update") == 0 ? &w->takes_update : NULL;
}

/* NULL: it can be tried. */
static const char *
why_not(const struct drill_work *w, const struct drill_row *row, bool gate)
{
	const bool remembers = row->spec != NULL && row->spec->floor != 0;
	if (row->kind == DRILL_REFUSED)
		return "it is on what assay-verify remembers";
	if (row->attack == seal_floor)
		return "it takes another release of the maker's: tried under the drill's own keys";
	if (strcmp(row->id, "untouched") == 0)
		return NULL;
	if (!w->takes_real)
		return "it didn't take the untouched copy";
	if (row->spec != NULL && !w->takes_world && !(gate && !remembers))
		return "it didn't take a sound release of the drill's own maker";
	return remembers && !gate && !w->takes_update ? "it didn't take an update" : NULL;
}

enum assay_status
drill_target(struct drill_work *w, struct drill_try *t, struct assay_error *err)
{
	const struct drill_row *row = w->row;
	const char *state = NULL;
	bool *gate = gate_of(w, row->id), ready = true;
	if (w->request->target == NULL)
		return ASSAY_OK;
	const struct attack *attack = row->name == NULL ? NULL : attack_find(row->name);
	t->target_must = attack != NULL ? attack->target == TARGET_MUST : row->kind == DRILL_CONTROL && row->spec == NULL && row->with == 0;
	t->target = DRILL_TARGET_NOT_TRIED;
	const char *why = why_not(w, row, gate != NULL);
	if (why != NULL) {
		text_put(t->target_why, sizeof t->target_why, "%s", why);
		return ASSAY_OK;
	}
	TRY(make_folder(w, "target-state", &state, err));
	if (row->spec != NULL && row->spec->floor != 0)
		TRY(deliver_earlier(w, row->spec, t, &ready, err));
	if (ready)
		TRY(run(w, &(struct call){ w->seal, w->shown, w->root, w->request->now }, &t->target, t->target_why, err));
	if (gate != NULL)
		*gate = t->target == DRILL_TARGET_TOOK;
	return ASSAY_OK;
}
