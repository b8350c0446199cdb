/* SPDX-License-Identifier: Apache-2.0 */
/* A folder with an ssh-agent's socket in it, real or made up, for tests of keys. Comes after cmocka.h. */
#pragma once

#include <assay/sshkey.h>
#include <base/cleanup.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <trust/signer.h>
#include <unistd.h>

struct place {
	char folder[64];
	char socket[96];
	pid_t agent;
};

/* Runs a shell command in the test's folder; its output is of no interest. */
static inline void
sh(struct place *p, const char *command)
{
	char line[2048];

	int n = snprintf(line, sizeof line,
	    "{ cd '%s' && export HOME=. SSH_AUTH_SOCK='%s' && %s ; } >/dev/null 2>&1", p->folder,
	    p->socket, command);
	assert_true(n > 0 && (size_t)n < sizeof line);
	if (system(line) != 0)
		fail_msg("did not work: %s", command);
}

static inline char *
path_in(struct place *p, const char *name)
{
	static char path[160];

	(void)snprintf(path, sizeof path, "%s/%s", p->folder, name);
	return path;
}

static inline int
setup(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	assert_non_null(p);
	(void)snprintf(p->folder, sizeof p->folder, "/tmp/assay-test-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	(void)snprintf(p->socket, sizeof p->socket, "%s/agent", p->folder);
	*state = p;
	return 0;
}

static inline void
stop(struct place *p)
{
	if (p->agent <= 0)
		return;
	(void)kill(p->agent, SIGKILL);
	(void)waitpid(p->agent, NULL, 0);
	p->agent = 0;
	(void)unlink(p->socket);
}

static inline int
teardown(void **state)
{
	struct place *p = *state;

	stop(p);
	sh(p, "rm -f -- agent * .[!.]*");
	(void)rmdir(p->folder);
	free(p);
	return 0;
}

/* The socket is there before it listens, so that only a connection tells. */
static inline bool
answers(const struct place *p)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s", p->socket);
	bool ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
	(void)close(fd);
	return ok;
}

static inline void
start_ssh_agent(struct place *p)
{
	p->agent = fork();
	assert_true(p->agent >= 0);
	if (p->agent == 0) {
		if (freopen("/dev/null", "w", stdout) == NULL)
			_exit(127);
		(void)execlp("ssh-agent", "ssh-agent", "-D", "-a", p->socket, (char *)NULL);
		_exit(127);
	}
	bool up = answers(p);
	for (unsigned i = 0; i < 1000 && !up; i++) {
		(void)usleep(10000);
		up = answers(p);
	}
	if (!up)
		fail_msg("ssh-agent doesn't answer after 10 s: %s", p->socket);
}

static inline enum assay_status
open_for(enum signer_use use, const char *name, const char *socket, signer_ask ask, void *ctx,
    struct signer **ret_signer, struct assay_error *err)
{
	const struct signer_request request = {
	    .use = use, .name = name, .agent_socket = socket, .ask = ask, .ask_ctx = ctx};

	return signer_open(&request, ret_signer, err);
}

static inline void
read_line(struct place *p, const char *name, char *out, size_t room)
{
	FILE *f = fopen(path_in(p, name), "r");

	assert_non_null(f);
	assert_non_null(fgets(out, (int)room, f));
	(void)fclose(f);
	out[strcspn(out, "\n")] = '\0';
}

/* An agent that takes one connection, reads anything and answers as told, then hangs up. */
static inline void
start_fake(struct place *p, const struct assay_span *answers, size_t count)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s", p->socket);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 4), 0);
	p->agent = fork();
	assert_true(p->agent >= 0);
	int c = p->agent == 0 ? accept(fd, NULL, NULL) : -1;
	for (size_t i = 0; p->agent == 0 && i < count; i++) {
		unsigned char head[4096];
		if (read(c, head, sizeof head) <= 0)
			_exit(1);
		if (write(c, answers[i].data, answers[i].len) < 0)
			_exit(1);
	}
	if (p->agent == 0)
		_exit(0);
	(void)close(fd);
}

#define BYTES(literal)                                                                             \
	{                                                                                          \
		(const unsigned char *)(literal), sizeof(literal) - 1                              \
	}
#define ZEROS32 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static inline enum assay_status
say(void *ctx, const char *file, struct buf *ret_passphrase, struct assay_error *err)
{
	assert_non_null(strstr(file, ".pem"));
	if (ctx == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "nobody there");
	buf_add_str(ret_passphrase, ctx);
	return ASSAY_OK;
}

static char right[] = "right horse";

#define ROW(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
