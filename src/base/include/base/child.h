/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Child processes: no shell, an own environment, no inherited files, a sandbox where the kernel has one.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <sys/types.h>

struct child_options {
	const char *const *argv; /* argv[0] is looked up in /usr/bin:/bin alone */
	const char *const *env;  /* the whole environment, NULL-terminated */
	const char *const *readable; /* with confine: paths below which it may read, NULL-terminated */
	bool confine;            /* Landlock (read-only, the listed paths and the system's) and no sockets */
	bool need_stdin;         /* a pipe to write to; else /dev/null */
	bool join_stderr;        /* what it writes there comes out of its standard output, all of it */
	size_t stderr_cap;       /* last bytes of standard error kept for messages; most 65536 */
	unsigned seconds;        /* wall-clock limit, 0 for none: the child is killed then */
};

struct child_watch;

struct child {
	pid_t pid; /* 0 or less: none */
	int in;    /* write end of its stdin or -1 */
	int out;   /* read end of its stdout */
	int ended;     /* once waited for: its exit status, -1 when it was killed */
	bool late;     /* once waited for: it was its time limit that ended it */
	bool confined; /* the kernel took all of the confinement */
	char name[32]; /* for messages */
	struct child_watch *watch; /* reads its stderr and watches the time */
};

/* No child yet; for CLEANUP(child_done). */
#define CHILD_NONE { .pid = -1, .in = -1, .out = -1 }

/*
 * Starts it in "/", so relative paths mean nothing, in a session of its own, with default signals, no core dump and
 * no file of the parent's; it is killed when the thread that started it ends. ASSAY_E_SYSTEM when that fails.
 */
ASSAY_MUST_USE enum assay_status child_start(const struct child_options *options,
    struct child *ret_child, struct assay_error *err);
/*
 * Closes what is open and waits; what is left of its session is killed. ASSAY_E_SYSTEM with its last words when it did not
 * exit 0, or took longer than its seconds.
 */
ASSAY_MUST_USE enum assay_status child_wait(struct child *c, struct assay_error *err);
struct buf;
/* The same, and appends what the child last wrote to its standard error, as it wrote it, however it ended. words may be NULL. */
ASSAY_MUST_USE enum assay_status child_wait_heard(struct child *c, struct buf *words,
    struct assay_error *err);
/* Kills and reaps; for CLEANUP(). */
void child_done(struct child *c);
