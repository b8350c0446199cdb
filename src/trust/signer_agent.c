/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key in an ssh-agent, over its UNIX socket. The connection is made when the key is chosen and kept: by the
 * time it signs, the process may have given up the right to make another.
 */
#include "agent_talk.h"
#include "signer_kind.h"
#include <assay/sshkey.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <trust/agent_wire.h>

/* What fits into one question beside the key. */
#define SIGNED_MAX (AGENT_MESSAGE_MAX - 1024)

struct agent {
	int fd;
	unsigned char blob[SIGNER_BLOB_MAX];
	size_t blob_len;
};

static void
fd_done(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

enum assay_status
agent_connect(const char *path, int *ret_fd, struct assay_error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t len = path != NULL ? strlen(path) : 0;

	if (len == 0) {
		(void)assay_fail(
		    err, ASSAY_E_USAGE, "there is no ssh-agent: SSH_AUTH_SOCK is not set");
		return assay_error_todo(err, ASSAY_E_USAGE,
		    "start one: eval \"$(ssh-agent)\" && ssh-add");
	}
	if (len >= sizeof address.sun_path)
		return assay_fail(
		    err, ASSAY_E_LIMIT, "the path of the ssh-agent's socket is too long");
	memcpy(address.sun_path, path, len);
	/* By way of no type: it is never read as another one here. */
	const void *where = &address;
	CLEANUP(fd_done) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, where, sizeof address) != 0) {
		(void)assay_fail(
		    err, ASSAY_E_SYSTEM, "no ssh-agent answers at '%s': %s", path, text_errno(errno));
		return assay_error_todo(err, ASSAY_E_SYSTEM,
		    "start one: eval \"$(ssh-agent)\" && ssh-add");
	}
	*ret_fd = fd;
	fd = -1;
	return ASSAY_OK;
}

static int64_t
milliseconds(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits until fd can do what is asked, at most to the deadline. */
static enum assay_status
wait_for(int fd, short events, int64_t deadline, struct assay_error *err)
{
	struct pollfd p = {.fd = fd, .events = events};

	for (;;) {
		int64_t left = deadline - milliseconds();
		int n = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (n > 0)
			return ASSAY_OK;
		if (n == 0) {
			(void)assay_fail(
			    err, ASSAY_E_SYSTEM, "the ssh-agent did not answer in time");
			return assay_error_todo(err, ASSAY_E_SYSTEM,
			    "see whether it waits for your consent or a touch");
		}
		if (errno != EINTR)
			return assay_fail(err, ASSAY_E_SYSTEM, "ssh-agent: %s", text_errno(errno));
	}
}

static enum assay_status
broken(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_SYSTEM, "the ssh-agent hung up: %s",
	    errno != 0 ? text_errno(errno) : "end of answer");
}

static enum assay_status
send_all(int fd, struct assay_span bytes, int64_t deadline, struct assay_error *err)
{
	while (bytes.len > 0) {
		TRY(wait_for(fd, POLLOUT, deadline, err));
		ssize_t n = send(fd, bytes.data, bytes.len, MSG_NOSIGNAL);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return broken(err);
		bytes.data += n;
		bytes.len -= (size_t)n;
	}
	return ASSAY_OK;
}

static enum assay_status
receive_all(int fd, unsigned char *to, size_t len, int64_t deadline, struct assay_error *err)
{
	while (len > 0) {
		TRY(wait_for(fd, POLLIN, deadline, err));
		errno = 0;
		ssize_t n = recv(fd, to, len, 0);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return broken(err);
		to += n;
		len -= (size_t)n;
	}
	return ASSAY_OK;
}

enum assay_status
agent_converse(int fd, struct assay_span question, unsigned seconds, struct buf *out,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf framed = BUF_INIT(AGENT_MESSAGE_MAX + 4);
	int64_t deadline = milliseconds() + (int64_t)seconds * 1000;
	unsigned char head[4];
	unsigned char piece[4096];

	buf_add_ssh_string(&framed, question);
	TRY(buf_status(&framed, "question to the ssh-agent", err));
	TRY(send_all(fd, buf_span(&framed), deadline, err));
	TRY(receive_all(fd, head, sizeof head, deadline, err));
	size_t len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	if (len > AGENT_MESSAGE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT,
		    "the ssh-agent's answer has %zu bytes, %u are read at most", len,
		    (unsigned)AGENT_MESSAGE_MAX);
	while (len > 0) {
		size_t want = len < sizeof piece ? len : sizeof piece;
		TRY(receive_all(fd, piece, want, deadline, err));
		buf_add(out, piece, want);
		len -= want;
	}
	return buf_status(out, "answer of the ssh-agent", err);
}

/* What a walk over the agent's keys found. */
struct choice {
	enum signer_use use;
	const char *wanted; /* "SHA256:..." or NULL */
	struct assay_pubkey key;
	size_t found;	   /* keys that fit */
	struct buf listed; /* fingerprints of those, for messages */
	struct buf others; /* kinds of the rest */
};

static void
choice_done(struct choice *c)
{
	buf_done(&c->listed);
	buf_done(&c->others);
}

/* The kind's name that stands first in any key blob. */
static struct assay_span
blob_type(struct assay_span blob)
{
	if (blob.len < 4)
		return assay_span_str("an unknown kind");
	size_t len = (size_t)blob.data[0] << 24 | (size_t)blob.data[1] << 16 |
		     (size_t)blob.data[2] << 8 | blob.data[3];
	if (len > blob.len - 4 || len > 64)
		return assay_span_str("an unknown kind");
	return (struct assay_span){blob.data + 4, len};
}

static void
list_item(struct buf *list, struct assay_span item)
{
	if (list->len > 0)
		buf_add_str(list, ", ");
	text_escape(list, item, false);
}

static enum assay_status
consider(struct choice *c, struct assay_span blob, struct assay_error *err)
{
	char fingerprint[ASSAY_FINGERPRINT_SIZE];
	struct assay_pubkey key;

	if (assay_fingerprint(blob, fingerprint) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "a key's fingerprint can't be computed");
	if (c->wanted != NULL && strcmp(c->wanted, fingerprint) != 0)
		return ASSAY_OK;
	if (assay_pubkey_parse(blob, &key, NULL) != ASSAY_OK || !signer_use_takes(c->use, key.type)) {
		list_item(&c->others, blob_type(blob));
		return ASSAY_OK;
	}
	if (c->found > 0 && assay_span_equal(c->key.blob, blob))
		return ASSAY_OK;
	list_item(&c->listed, assay_span_str(fingerprint));
	c->key = key;
	c->found++;
	return ASSAY_OK;
}

static enum assay_status
none_fits(const struct choice *c, struct assay_error *err)
{
	if (c->wanted != NULL && c->others.len > 0) {
		(void)assay_fail(err, ASSAY_E_UNSUPPORTED,
		    "the key %s is %s; this is signed with %s", c->wanted,
		    buf_str(&c->others), signer_use_keys(c->use));
		return assay_error_todo(err, ASSAY_E_UNSUPPORTED,
		    "make one: ssh-keygen -t ed25519, then ssh-add it");
	}
	if (c->wanted != NULL) {
		(void)assay_fail(err, ASSAY_E_NOT_FOUND, "the ssh-agent has no key %s", c->wanted);
		return assay_error_todo(err, ASSAY_E_NOT_FOUND, "list its keys with ssh-add -l");
	}
	(void)assay_fail(err, ASSAY_E_NOT_FOUND,
	    "the ssh-agent holds no key that this is signed with (%s)%s%s", signer_use_keys(c->use),
	    c->others.len > 0 ? ", only " : "", buf_str(&c->others));
	return assay_error_todo(err, ASSAY_E_NOT_FOUND,
	    "add one: ssh-keygen -t ed25519, then ssh-add it");
}

static enum assay_status
choose(struct choice *c, struct assay_span answer, struct assay_error *err)
{
	struct agent_keys keys;
	struct agent_key key;

	TRY(agent_read_keys(answer, &keys, err));
	while (agent_next_key(&keys, &key))
		TRY(consider(c, key.blob, err));
	if (c->found == 0)
		return none_fits(c, err);
	if (c->found > 1) {
		(void)assay_fail(err, ASSAY_E_USAGE, "the ssh-agent holds %zu keys that could be meant: %s",
		    c->found, buf_str(&c->listed));
		return assay_error_todo(err, ASSAY_E_USAGE, "name one of them: 'agent:SHA256:...'");
	}
	return ASSAY_OK;
}

static void
agent_close(void **state)
{
	struct agent *a = *state;

	if (a != NULL)
		fd_done(&a->fd);
	free(a);
	*state = NULL;
}

/* NULL for "agent", "SHA256:..." for "agent:SHA256:...". */
static enum assay_status
wanted_key(const char *name, const char **ret_wanted, struct assay_error *err)
{
	const char *colon = strchr(name, ':');

	if (colon != NULL && strncmp(colon + 1, "SHA256:", 7) != 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' names no key of an ssh-agent", name);
		return assay_error_todo(err, ASSAY_E_USAGE,
		    "write 'agent' or 'agent:SHA256:...', as ssh-add -l prints it");
	}
	*ret_wanted = colon != NULL ? colon + 1 : NULL;
	return ASSAY_OK;
}

static enum assay_status
agent_open(const struct signer_request *request, void **ret_state, struct buf *ret_blob,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf question = BUF_INIT(16);
	CLEANUP(buf_done) struct buf answer = BUF_INIT(AGENT_MESSAGE_MAX);
	CLEANUP(choice_done) struct choice choice
	    = { .use = request->use, .listed = BUF_INIT(AGENT_MESSAGE_MAX), .others = BUF_INIT(AGENT_MESSAGE_MAX) };
	CLEANUP(fd_done) int fd = -1;

	TRY(wanted_key(request->name, &choice.wanted, err));
	agent_ask_keys(&question);
	TRY(agent_connect(request->agent_socket, &fd, err));
	TRY(agent_converse(fd, buf_span(&question), AGENT_LIST_SECONDS, &answer, err));
	TRY(choose(&choice, buf_span(&answer), err));
	struct agent *a = calloc(1, sizeof *a);
	if (a == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the ssh-agent");
	a->blob_len = choice.key.blob.len < sizeof a->blob ? choice.key.blob.len : sizeof a->blob;
	memcpy(a->blob, choice.key.blob.data, a->blob_len);
	buf_add_span(ret_blob, choice.key.blob);
	a->fd = fd;
	fd = -1;
	*ret_state = a;
	return ASSAY_OK;
}

static enum assay_status
agent_sign(void *state, struct assay_span message, struct buf *ret_blob, struct assay_error *err)
{
	const struct agent *a = state;
	CLEANUP(buf_done) struct buf question = BUF_INIT(AGENT_MESSAGE_MAX);
	CLEANUP(buf_done) struct buf answer = BUF_INIT(AGENT_MESSAGE_MAX);
	struct assay_span blob;

	if (message.len > SIGNED_MAX)
		return assay_fail(err, ASSAY_E_LIMIT,
		    "%zu bytes are too many for an ssh-agent to sign", message.len);
	agent_ask_signature(&question, (struct assay_span){a->blob, a->blob_len}, message);
	TRY(buf_status(&question, "question to the ssh-agent", err));
	TRY(agent_converse(a->fd, buf_span(&question), AGENT_SIGN_SECONDS, &answer, err));
	TRY(agent_read_signature(buf_span(&answer), &blob, err));
	/* Too long a one stays for the check of all signatures to refuse. */
	buf_add_span(ret_blob, blob);
	return ASSAY_OK;
}

const struct signer_kind signer_agent = {"agent", "agent", agent_open, agent_sign, agent_close};
