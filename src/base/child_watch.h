/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread beside each child: keeps the last words of its standard error, so that a child that talks much never
 * blocks, and ends it when its time is up.
 */
#pragma once

#include <base/buf.h>
#include <stdbool.h>
#include <sys/types.h>

/* Most bytes of standard error that are kept. */
#define CHILD_STDERR_MAX 65536

struct child_watch;

/* What fd holds, and -1 there. */
static inline int
steal_fd(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}

/* Takes err over, whatever comes of it. seconds 0: no limit. 0 or an errno. */
int child_watch_start(pid_t pid, int err, size_t cap, unsigned seconds,
    struct child_watch **ret_watch);
/* Joins the thread; the child has ended and is not reaped. */
void child_watch_stop(struct child_watch *w);
/* After the stop: was it the time limit that ended the child, and which was it? */
bool child_watch_was_late(const struct child_watch *w, unsigned *ret_seconds);
/* After the stop: appends the last words, escaped, on one line. */
void child_watch_words(const struct child_watch *w, struct buf *out);
/* The same as the child wrote them. */
void child_watch_raw_words(const struct child_watch *w, struct buf *out);
void child_watch_free(struct child_watch **w);
