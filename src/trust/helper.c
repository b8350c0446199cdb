/* SPDX-License-Identifier: Apache-2.0 */
#include "helper.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* A person looks for their PIN, or for the button to touch. */
#define ANSWER_SECONDS 900
#define END_STEPS 1000
#define END_STEP_NS 5000000
/* Where the socket lies in the new process; what is above was the parent's. */
#define SOCKET_FD 3

struct helper {
	pid_t pid;
	int fd;
};

/* Before each answer. */
struct head {
	enum assay_status status;
	uint32_t len;
	struct assay_error err;
};

/* ---- bytes over the socket ---- */

static bool
send_all(int fd, const void *data, size_t len)
{
	const unsigned char *at = data;
	while (len > 0) {
		const ssize_t n = send(fd, at, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
receive_all(int fd, void *data, size_t len)
{
	unsigned char *at = data;
	while (len > 0) {
		const ssize_t n = recv(fd, at, len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
receive_into(int fd, struct buf *out, size_t len)
{
	unsigned char piece[4096];
	while (len > 0) {
		const size_t n = len < sizeof piece ? len : sizeof piece;
		if (!receive_all(fd, piece, n))
			return false;
		buf_add(out, piece, n);
		len -= n;
	}
	return true;
}

/* ---- the new process ---- */

static bool
reply(int fd, enum assay_status status, const struct buf *answer, const struct assay_error *err)
{
	struct head head;
	memset(&head, 0, sizeof head);
	head.status = status;
	head.len = status == ASSAY_OK ? (uint32_t)answer->len : 0;
	head.err = *err;
	return send_all(fd, &head, sizeof head) && send_all(fd, answer->data, head.len);
}

static enum assay_status
settle(enum assay_status status, const struct buf *answer, struct assay_error *err)
{
	return status != ASSAY_OK ? status : buf_status(answer, "an answer", err);
}

static void
serve(int fd, const struct helper_work *work, void *ctx)
{
	CLEANUP(buf_done) struct buf question = BUF_INIT(HELPER_MESSAGE_MAX);
	CLEANUP(buf_done) struct buf answer = BUF_INIT(HELPER_MESSAGE_MAX);
	uint32_t len = 0;
	while (work->answer != NULL && receive_all(fd, &len, sizeof len) && len <= HELPER_MESSAGE_MAX) {
		struct assay_error err = { .status = ASSAY_OK };
		buf_reset(&question);
		buf_reset(&answer);
		if (!receive_into(fd, &question, len))
			return;
		enum assay_status status = buf_status(&question, "a question", &err);
		if (status == ASSAY_OK)
			status = settle(work->answer(ctx, buf_span(&question), &answer, &err), &answer, &err);
		if (!reply(fd, status, &answer, &err))
			return;
	}
}

/* Keeps nothing of the parent's but its terminal and what standard error is: locks on files would live on otherwise. */
static bool
move_in(int fd, pid_t parent)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent && null >= 0 && dup2(null, STDIN_FILENO) >= 0
	    && dup2(null, STDOUT_FILENO) >= 0 && (fd == SOCKET_FD || dup2(fd, SOCKET_FD) >= 0)
	    && fcntl(SOCKET_FD, F_SETFD, FD_CLOEXEC) == 0 && close_range(SOCKET_FD + 1, ~0U, 0) == 0;
}

static _Noreturn void
be_helper(int fd, pid_t parent, const struct helper_work *work, void *ctx)
{
	CLEANUP(buf_done) struct buf answer = BUF_INIT(HELPER_MESSAGE_MAX);
	struct assay_error err = { .status = ASSAY_OK };
	if (!move_in(fd, parent))
		_exit(1);
	const enum assay_status status = settle(work->begin(ctx, &answer, &err), &answer, &err);
	if (reply(SOCKET_FD, status, &answer, &err) && status == ASSAY_OK)
		serve(SOCKET_FD, work, ctx);
	work->end(ctx);
	_exit(0);
}

/* ---- the parent ---- */

/* Waits for its end, for some seconds, then makes it. True when it ended without that, *ret_how as waitpid(2). */
static bool
reap(struct helper *h, int *ret_how)
{
	const struct timespec step = { 0, END_STEP_NS };
	pid_t ended = h->pid > 0 ? 0 : -1;
	for (int i = 0; i < END_STEPS && ended == 0; i++) {
		ended = waitpid(h->pid, ret_how, WNOHANG);
		if (ended == 0)
			(void)nanosleep(&step, NULL);
	}
	if (ended == 0) {
		(void)kill(h->pid, SIGKILL);
		(void)waitpid(h->pid, ret_how, 0);
	}
	h->pid = -1;
	return ended > 0;
}

static enum assay_status
gone(struct helper *h, struct assay_error *err)
{
	int how = 0;
	(void)close(h->fd);
	h->fd = -1;
	if (reap(h, &how) && WIFSIGNALED(how))
		(void)assay_fail(err, ASSAY_E_SYSTEM, "the process that held the PKCS #11 module died by signal %d", WTERMSIG(how));
	else
		(void)assay_fail(err, ASSAY_E_SYSTEM, "the process that held the PKCS #11 module ended by itself");
	return assay_error_todo(err, ASSAY_E_SYSTEM, "a fault in the module can do that; try its vendor's own tool");
}

static enum assay_status
hear(struct helper *h, struct buf *ret_answer, struct assay_error *err)
{
	struct pollfd p = { .fd = h->fd, .events = POLLIN };
	struct head head;
	int n = 0;
	do
		n = poll(&p, 1, ANSWER_SECONDS * 1000);
	while (n < 0 && errno == EINTR);
	if (n == 0) {
		(void)assay_fail(err, ASSAY_E_SYSTEM, "the token did not answer in %d minutes", ANSWER_SECONDS / 60);
		return assay_error_todo(err, ASSAY_E_SYSTEM, "see whether it waits for a PIN or a touch");
	}
	if (!receive_all(h->fd, &head, sizeof head))
		return gone(h, err);
	/* It held other people's code: what it says is read as such. */
	head.err.file[sizeof head.err.file - 1] = head.err.what[sizeof head.err.what - 1] = head.err.todo[sizeof head.err.todo - 1] = '\0';
	if (head.status > ASSAY_OK && head.status <= ASSAY_E_INTERNAL) {
		if (err != NULL)
			*err = head.err;
		return head.status;
	}
	if (head.status != ASSAY_OK || head.len > HELPER_MESSAGE_MAX || !receive_into(h->fd, ret_answer, head.len))
		return gone(h, err);
	return buf_status(ret_answer, "an answer", err);
}

enum assay_status
helper_start(const struct helper_work *work, void *ctx, struct helper **ret_helper, struct buf *ret_answer, struct assay_error *err)
{
	int ends[2];
	const pid_t parent = getpid();
	CLEANUP(helper_free) struct helper *h = calloc(1, sizeof *h);
	if (h == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a process of its own");
	h->pid = -1;
	h->fd = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "no process of its own can be made for the module: %s", text_errno(errno));
	h->pid = fork();
	if (h->pid == 0)
		be_helper(ends[1], parent, work, ctx);
	const int error = errno;
	(void)close(ends[1]);
	h->fd = ends[0];
	if (h->pid < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "no process of its own can be made for the module: %s", text_errno(error));
	TRY(hear(h, ret_answer, err));
	*ret_helper = steal(&h);
	return ASSAY_OK;
}

enum assay_status
helper_ask(struct helper *h, struct assay_span question, struct buf *ret_answer, struct assay_error *err)
{
	if (question.len > HELPER_MESSAGE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "what is to be signed has %zu bytes, %zu are signed at most", question.len,
		    HELPER_MESSAGE_MAX);
	const uint32_t len = (uint32_t)question.len;
	if (!send_all(h->fd, &len, sizeof len) || !send_all(h->fd, question.data, question.len))
		return gone(h, err);
	return hear(h, ret_answer, err);
}

void
helper_free(struct helper **h)
{
	int how = 0;
	if (*h == NULL)
		return;
	if ((*h)->fd >= 0)
		(void)close((*h)->fd);
	(void)reap(*h, &how);
	free(*h);
	*h = NULL;
}
