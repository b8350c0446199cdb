/* SPDX-License-Identifier: Apache-2.0 */
#include "object_stream.h"

#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#define READ_SIZE (1u << 18)
#define FEED_SIZE (1u << 16)
#define PIPE_SIZE (1 << 20)
/* Objects above the caller's cap are skipped: the buffer holds one below it, and its header. */
#define BUFFER_MAX ((size_t)2 << 30)
/* The buffer's size between large objects. */
#define BUFFER_REST ((size_t)4 << 20)

enum assay_status
object_stream_start(struct object_stream *s, const struct child_options *options,
    enum oid_algo algo, const struct object_wanted *wanted, size_t first, struct assay_error *err)
{
	*s = (struct object_stream) {
		.child = CHILD_NONE,
		.algo = algo,
		.in = MAPPING_INIT(BUFFER_MAX),
		.feed = BUF_INIT((size_t)4 * FEED_SIZE),
		.wanted = wanted,
		.next = first,
	};
	TRY(child_start(options, &s->child, err));
	/* Without these two it only gets slower. */
	(void)fcntl(s->child.out, F_SETPIPE_SZ, PIPE_SIZE);
	if (s->child.in >= 0)
		(void)fcntl(s->child.in, F_SETPIPE_SZ, PIPE_SIZE);
	if ((s->child.in >= 0 && fcntl(s->child.in, F_SETFL, O_NONBLOCK) != 0)
	    || fcntl(s->child.out, F_SETFL, O_NONBLOCK) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't prepare git's pipes: %s", text_errno(errno));
	return ASSAY_OK;
}

void
object_stream_done(struct object_stream *s)
{
	child_done(&s->child);
	mapping_done(&s->in);
	buf_done(&s->feed);
}

void
object_stream_ask(struct object_stream *s, const struct object_wanted *wanted)
{
	s->wanted = wanted;
	s->next = 0;
}

/* write(2) to a git that may be gone, without the signal that would end us too. */
static ssize_t
write_quietly(int fd, const void *data, size_t len)
{
	sigset_t pipe_signal, before, pending;
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	ssize_t n = write(fd, data, len);
	int saved = errno;
	if (n < 0 && saved == EPIPE && !sigismember(&pending, SIGPIPE))
		sigtimedwait(&pipe_signal, NULL, &(struct timespec) { 0 });
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return n;
}

/* Writes what the pipe takes; closes it after the last request. */
static enum assay_status
feed(struct object_stream *s, struct assay_error *err)
{
	if (s->fed == s->feed.len) {
		buf_reset(&s->feed);
		s->fed = 0;
		while (s->next < s->wanted->count && s->feed.len < FEED_SIZE) {
			s->wanted->name(s->wanted->ctx, s->next++, &s->feed);
			buf_add_byte(&s->feed, '\n');
		}
		TRY(buf_status(&s->feed, "the requests to git", err));
	}
	if (s->feed.len == 0) {
		close_fd(&s->child.in);
		return ASSAY_OK;
	}
	ssize_t n = write_quietly(s->child.in, s->feed.data + s->fed, s->feed.len - s->fed);
	if (n > 0)
		s->fed += (size_t)n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		close_fd(&s->child.in); /* git is gone: its output's end will say so */
	return ASSAY_OK;
}

static void
move_up(struct object_stream *s)
{
	if (s->at == 0)
		return;
	memmove(s->in.data, s->in.data + s->at, s->in.len - s->at);
	s->in.len -= s->at;
	s->at = 0;
}

static enum assay_status
take(struct object_stream *s, struct assay_error *err)
{
	if (s->at > 0 && s->at == s->in.len)
		s->at = s->in.len = 0;
	if (s->in.room - s->in.len < READ_SIZE)
		move_up(s);
	TRY(mapping_reserve(&s->in, s->in.len + READ_SIZE, err));
	ssize_t n = read(s->child.out, s->in.data + s->in.len, s->in.room - s->in.len);
	if (n > 0)
		s->in.len += (size_t)n;
	else if (n == 0)
		s->ended = true;
	else if (errno != EAGAIN && errno != EINTR)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't read from git: %s", text_errno(errno));
	return ASSAY_OK;
}

static bool
has_to_feed(const struct object_stream *s)
{
	return !s->stays || s->fed < s->feed.len || s->next < s->wanted->count;
}

/* Waits until something moved. */
static enum assay_status
step(struct object_stream *s, struct assay_error *err)
{
	struct pollfd fds[2] = {
		{ .fd = s->child.out, .events = POLLIN },
		{ .fd = has_to_feed(s) ? s->child.in : -1, .events = POLLOUT },
	};
	if (poll(fds, 2, -1) < 0)
		return errno == EINTR ? ASSAY_OK
		                      : assay_fail(err, ASSAY_E_SYSTEM, "can't wait for git: %s",
		                            text_errno(errno));
	if (fds[1].fd >= 0 && fds[1].revents != 0)
		TRY(feed(s, err));
	if (fds[0].revents != 0)
		TRY(take(s, err));
	return ASSAY_OK;
}

enum assay_status
object_stream_bytes(struct object_stream *s, size_t len, struct assay_span *ret_bytes,
    struct assay_error *err)
{
	if (s->in.room > BUFFER_REST && len < BUFFER_REST && s->in.len - s->at < BUFFER_REST / 2) {
		move_up(s);
		mapping_shrink(&s->in, BUFFER_REST);
	}
	if (len > s->in.len - s->at) {
		/* What was used up takes no room: two large objects in a row need that of one. */
		move_up(s);
		TRY(mapping_reserve(&s->in, len + READ_SIZE, err));
	}
	while (s->in.len - s->at < len) {
		if (s->ended)
			return ASSAY_E_NOT_FOUND;
		TRY(step(s, err));
	}
	*ret_bytes = (struct assay_span) { s->in.data + s->at, len };
	s->at += len;
	return ASSAY_OK;
}

enum assay_status
object_stream_line(struct object_stream *s, struct assay_span *ret_line, struct assay_error *err)
{
	size_t seen = 0;
	for (;;) {
		size_t len = s->in.len - s->at;
		unsigned char *start = len == 0 ? NULL : s->in.data + s->at;
		unsigned char *end = len == seen ? NULL : memchr(start + seen, '\n', len - seen);
		if (end != NULL) {
			*ret_line = (struct assay_span) { start, (size_t)(end - start) };
			s->at += ret_line->len + 1;
			return ASSAY_OK;
		}
		if (len > STREAM_HEADER_MAX)
			return assay_fail(err, ASSAY_E_FORMAT, "git wrote a line that is too long");
		if (s->ended)
			return ASSAY_E_NOT_FOUND;
		seen = len;
		TRY(step(s, err));
	}
}

enum assay_status
object_stream_skip(struct object_stream *s, uint64_t len, struct assay_error *err)
{
	while (len > 0) {
		struct assay_span part;
		size_t n = len < READ_SIZE ? (size_t)len : READ_SIZE;
		TRY(object_stream_bytes(s, n, &part, err));
		len -= n;
	}
	return ASSAY_OK;
}

enum assay_status
object_stream_wait(struct object_stream *s, struct buf *words, struct assay_error *err)
{
	return child_wait_heard(&s->child, words, err);
}

static bool
parse_type(struct assay_span word, enum git_type *ret_type)
{
	static const enum git_type types[] = { GIT_COMMIT, GIT_TREE, GIT_BLOB, GIT_TAG };
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (assay_span_equal(word, assay_span_str(git_type_name(types[i])))) {
			*ret_type = types[i];
			return true;
		}
	return false;
}

static struct assay_span
first_word(struct assay_span *s)
{
	const unsigned char *blank = s->len == 0 ? NULL : memchr(s->data, ' ', s->len);
	struct assay_span word = { s->data, blank == NULL ? s->len : (size_t)(blank - s->data) };
	size_t used = word.len + (blank == NULL ? 0 : 1);
	s->data += used;
	s->len -= used;
	return word;
}

enum assay_status
object_header_parse(struct assay_span line, enum oid_algo algo, struct object_header *ret_header)
{
	struct object_header h = { .known = false };
	struct assay_span rest = line;
	h.named = oid_parse(first_word(&rest), algo, &h.id) == ASSAY_OK;
	struct assay_span word = first_word(&rest);
	if (h.named && parse_type(word, &h.type)) {
		h.known = true;
		if (text_to_u64(rest, &h.size) != ASSAY_OK)
			return ASSAY_E_FORMAT;
		*ret_header = h;
		return ASSAY_OK;
	}
	static const char *const unknown[] = { " missing", " ambiguous", " excluded", " submodule" };
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		struct assay_span end = assay_span_str(unknown[i]);
		if (line.len > end.len && memcmp(line.data + line.len - end.len, end.data, end.len) == 0) {
			*ret_header = h;
			return ASSAY_OK;
		}
	}
	return ASSAY_E_FORMAT;
}
