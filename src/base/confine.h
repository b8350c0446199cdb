/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process may still do: shared by sandbox.c (this process) and child.c (the one about to be).
 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>

/* What LeakSanitizer does at the end of a process is what a sandbox forbids. */
#if defined(__SANITIZE_ADDRESS__)
#define CONFINE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CONFINE_SANITIZED 1
#endif
#endif
#ifndef CONFINE_SANITIZED
#define CONFINE_SANITIZED 0
#endif

#define CONFINE_CODE_MAX 256

struct confine_filter {
	struct sock_filter code[CONFINE_CODE_MAX];
	unsigned short len;
};

struct confine_paths {
	const char *const *readable;   /* may be read */
	const char *const *executable; /* may be read and run */
	const char *const *writable;   /* may be changed */
	/* A filter refuses to cut off files: that what is readable mayn't be is then not for Landlock to say. It asks about it whenever a
	 * file is opened, on all folders up to the root if none allows it, which made opening a third slower. */
	bool uncut;
};

/*
 * A Landlock ruleset that leaves these paths (each list NULL or NULL-terminated), /dev/null and no TCP; is_child also cuts off
 * signals and abstract sockets. An open file, or -1 where the kernel has no Landlock.
 */
int confine_ruleset(const struct confine_paths *paths, bool is_child);
/* Puts the calling thread under ruleset. Safe between fork and exec and in signal handlers. 0 or an errno. */
int confine_restrict(int ruleset);

/* Whether this kernel has system call filters. */
bool confine_has_filters(void);
/*
 * Refuses sockets, tracing, namespaces, mounts, keys and modules with EPERM; with no_exec programs and processes too, and to cut off a
 * file by its name.
 */
void confine_make_filter(struct confine_filter *filter, bool no_exec);
/* For the calling thread, or all of the process. Safe between fork and exec. 0 or an errno. */
int confine_install(const struct confine_filter *filter, bool all_threads);
