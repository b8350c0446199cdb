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
	size_t stderr_cap;       /* bytes of standard error kept for messages */
	unsigned seconds;        /* wall-clock limit, 0 for none: the child is killed then */
};

struct child {
	pid_t pid;
	int in;  /* write end of its stdin or -1 */
	int out; /* read end of its stdout */
	int err; /* read end of its stderr */
	bool confined; /* the kernel took the confinement */
};

ASSAY_MUST_USE enum assay_status child_start(const struct child_options *options,
    struct child *ret_child, struct assay_error *err);
/* Closes what is open and waits. ASSAY_E_SYSTEM with its last words when it did not exit 0. */
ASSAY_MUST_USE enum assay_status child_wait(struct child *c, struct assay_error *err);
/* Kills and reaps; for CLEANUP(). */
void child_done(struct child *c);
