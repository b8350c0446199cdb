/* SPDX-License-Identifier: Apache-2.0 */
#include "child_watch.h"

#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

struct child_watch {
	pthread_t thread;
	pid_t pid;
	int err;  /* read end of the child's standard error, -1 once it ended */
	int wake; /* becomes readable when the child has ended */
	unsigned seconds;
	bool late;
	size_t cap, len;
	unsigned char *words;
};

/* Keeps the newest cap bytes. */
static void
keep(struct child_watch *w, const unsigned char *data, size_t len)
{
	if (len > w->cap) {
		data += len - w->cap;
		len = w->cap;
	}
	if (len > w->cap - w->len) {
		size_t drop = len - (w->cap - w->len);
		memmove(w->words, w->words + drop, w->len - drop);
		w->len -= drop;
	}
	if (len > 0)
		memcpy(w->words + w->len, data, len);
	w->len += len;
}

/* Reads what is there now; false when nothing is and nothing more is to be expected at once. */
static bool
listen_once(struct child_watch *w)
{
	unsigned char chunk[4096];
	ssize_t n = read(w->err, chunk, sizeof(chunk));
	if (n > 0) {
		keep(w, chunk, (size_t)n);
		return true;
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		close(w->err);
		w->err = -1;
	}
	return false;
}

static int64_t
milliseconds(void)
{
	struct timespec now;
	/* With a clock that has stopped, everybody's time is up. */
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return INT64_MAX / 2;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* For poll(2): time left, -1 for no limit or when the limit has already struck. */
static int
time_left(const struct child_watch *w, int64_t until)
{
	if (w->seconds == 0 || w->late)
		return -1;
	int64_t left = until - milliseconds();
	if (left < 0)
		return 0;
	return left > INT32_MAX ? INT32_MAX : (int)left;
}

static void *
watch(void *arg)
{
	struct child_watch *w = arg;
	int64_t until = milliseconds() + (int64_t)w->seconds * 1000;
	for (;;) {
		struct pollfd fds[] = { { .fd = w->wake, .events = POLLIN },
			{ .fd = w->err, .events = POLLIN } };
		int left = time_left(w, until);
		int ready = poll(fds, 2, left);
		if (ready < 0 && errno != EINTR)
			break;
		if (ready > 0 && fds[0].revents != 0)
			break;
		if (ready > 0 && fds[1].revents != 0)
			listen_once(w);
		/* Asked of the clock, not of poll: a child that keeps talking is late all the same. */
		if (time_left(w, until) == 0) {
			w->late = true;
			kill(-w->pid, SIGKILL);
		}
	}
	/* The child is gone; a descendant may still hold the other end and write, so what is read here has an end. */
	for (int i = 0; i < 32 && w->err >= 0 && listen_once(w); i++)
		continue;
	return NULL;
}

int
child_watch_start(pid_t pid, int err, size_t cap, unsigned seconds, struct child_watch **ret_watch)
{
	struct child_watch *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		close(err);
		return ENOMEM;
	}
	w->pid = pid;
	w->err = err;
	w->seconds = seconds;
	w->cap = cap > CHILD_STDERR_MAX ? CHILD_STDERR_MAX : cap;
	w->words = malloc(w->cap + 1);
	w->wake = eventfd(0, EFD_CLOEXEC);
	int error = w->words == NULL ? ENOMEM : w->wake < 0 ? errno : 0;
	if (error == 0 && fcntl(err, F_SETFL, O_NONBLOCK) != 0)
		error = errno;
	if (error == 0)
		error = pthread_create(&w->thread, NULL, watch, w);
	if (error != 0) {
		child_watch_free(&w);
		return error;
	}
	*ret_watch = w;
	return 0;
}

void
child_watch_stop(struct child_watch *w)
{
	while (eventfd_write(w->wake, 1) != 0 && errno == EINTR)
		continue;
	pthread_join(w->thread, NULL);
}

bool
child_watch_was_late(const struct child_watch *w, unsigned *ret_seconds)
{
	*ret_seconds = w->seconds;
	return w->late;
}

void
child_watch_words(const struct child_watch *w, struct buf *out)
{
	size_t len = w->len;
	while (len > 0 && w->words[len - 1] == '\n')
		len--;
	for (size_t from = 0; from < len;) {
		const unsigned char *end = memchr(w->words + from, '\n', len - from);
		size_t to = end == NULL ? len : (size_t)(end - w->words);
		if (from > 0)
			buf_add_str(out, "; ");
		text_escape(out, (struct assay_span) { w->words + from, to - from }, false);
		from = to + 1;
	}
}

void
child_watch_raw_words(const struct child_watch *w, struct buf *out)
{
	buf_add(out, w->words, w->len);
}

void
child_watch_free(struct child_watch **where)
{
	struct child_watch *w = *where;
	if (w == NULL)
		return;
	if (w->err >= 0)
		close(w->err);
	if (w->wake >= 0)
		close(w->wake);
	free(w->words);
	free(w);
	*where = NULL;
}
