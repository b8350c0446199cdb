/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include "worker.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* A fault that an engine must report which doesn't say which files it came to. */
static const char canary[] = "#include <stdio.h>\nvoid canary(char *p) { gets(p); }\n";

#define ARENA_MAX ((size_t)2 << 30)
#define SECONDS_MAX 3600

static unsigned
cores(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	int n = CPU_COUNT(&set);
	return n < 1 ? 1 : n > SERVER_WORKERS_MAX ? SERVER_WORKERS_MAX : (unsigned)n;
}

/* ---- beginning and end ---- */

static enum assay_status
make_folders(const char *temporary, struct cage *c, struct assay_error *err)
{
	static const char *const names[] = { "src", "canary", "build", "demo" };
	int n = snprintf(c->work, sizeof c->work, "%s/assay-engines-XXXXXX", temporary);
	if (temporary[0] != '/' || n < 0 || (size_t)n >= sizeof c->work)
		return assay_fail(err, ASSAY_E_USAGE, "'%s' can't hold a work folder", temporary);
	if (mkdtemp(c->work) == NULL)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make a folder in '%s': %s", temporary, text_errno(errno));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char path[sizeof c->work + 16];
		text_put(path, sizeof path, "%s/%s", c->work, names[i]);
		if (mkdir(path, 0700) != 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't make '%s': %s", path, text_errno(errno));
	}
	return ASSAY_OK;
}

/* A worker keeps its socket and the standard files, and nothing else of its caller's. */
static _Noreturn void
become_worker(int fd, const struct cage *cage, unsigned number)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(1);
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 1000);
	if (own < 0)
		_exit(1);
	syscall(SYS_close_range, 3u, (unsigned)own - 1, 0u);
	syscall(SYS_close_range, (unsigned)own + 1, ~0u, 0u);
	/* Signals of the terminal are the caller's: when it ends, the socket says so. */
	if (signal(SIGINT, SIG_IGN) == SIG_ERR || signal(SIGHUP, SIG_IGN) == SIG_ERR || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		_exit(1);
	worker_serve(own, cage, number);
}

static enum assay_status
start_worker(struct engine_server *s, struct assay_error *err)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "no sockets for the engines: %s", text_errno(errno));
	pid_t pid = fork();
	if (pid == 0)
		become_worker(pair[1], &s->cage, s->workers);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return assay_fail(err, ASSAY_E_SYSTEM, "can't start a process for the engines: %s", text_errno(errno));
	}
	s->fds[s->workers] = pair[0];
	s->pids[s->workers++] = pid;
	return ASSAY_OK;
}

enum assay_status
engine_server_start(const struct engine_server_options *o, struct engine_server **ret_server, struct assay_error *err)
{
	CLEANUP(engine_server_stop) struct engine_server *s = calloc(1, sizeof *s);
	if (s == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the engines");
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->freed, NULL);
	s->cage.seconds = o->seconds > 0 && o->seconds < SECONDS_MAX ? o->seconds : ENGINE_RUN_SECONDS;
	s->cage.memory = o->memory > 0 ? o->memory : ENGINE_RUN_MEMORY;
	TRY(arena_new(ARENA_MAX, &s->arena));
	s->cage.kind = cage_try(o->trust_repository, s->why, sizeof s->why);
	TRY(make_folders(o->temporary, &s->cage, err));
	unsigned wanted = o->workers > 0 && o->workers <= SERVER_WORKERS_MAX ? o->workers : cores();
	for (unsigned i = 0; i < wanted; i++)
		TRY(start_worker(s, err));
	TRY(server_add(s, "canary", "canary.c", assay_span_str(canary), err));
	TRY(server_add(s, "canary", "hosts", assay_span_str("127.0.0.1 localhost\n"), err));
	*ret_server = steal(&s);
	return ASSAY_OK;
}

void
engine_server_stop(struct engine_server **server)
{
	struct engine_server *s = *server;
	if (s == NULL)
		return;
	/* The first worker cleans up after the others: it is told last. */
	for (unsigned i = s->workers; i-- > 0;) {
		close(s->fds[i]);
		while (waitpid(s->pids[i], NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	if (s->workers == 0 && s->cage.work[0] != '\0')
		worker_remove(s->cage.work);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->freed);
	arena_free(&s->arena);
	free(s->sources);
	free(s->by_name);
	free(s);
	*server = NULL;
}

void
engine_server_keep(struct engine_server *server, struct cache *cache)
{
	server->cache = cache;
}

enum engine_cage
engine_server_cage(const struct engine_server *s)
{
	static const enum engine_cage kinds[] = {
		[CAGE_BWRAP] = ENGINE_CAGE_BWRAP,
		[CAGE_NONE] = ENGINE_CAGE_NONE,
		[CAGE_TRUSTED] = ENGINE_CAGE_TRUSTED,
	};
	return kinds[s->cage.kind];
}

const char *
engine_cage_name(enum engine_cage cage)
{
	static const char *const names[] = { [ENGINE_CAGE_BWRAP] = "bubblewrap", [ENGINE_CAGE_NONE] = "none",
		[ENGINE_CAGE_TRUSTED] = "trusted" };
	return names[cage];
}

const char *
engine_server_cage_why(const struct engine_server *s)
{
	return s->why;
}

void
server_root(const struct engine_server *s, bool demo, char ret_root[SERVER_ROOT_MAX])
{
	bool caged = s->cage.kind != CAGE_TRUSTED;
	text_put(ret_root, SERVER_ROOT_MAX, "%s/%s/", caged ? "" : s->cage.work, caged || !demo ? "src" : "demo");
}

/* ---- asking ---- */

static unsigned
take_worker(struct engine_server *s)
{
	unsigned i = 0;
	pthread_mutex_lock(&s->lock);
	for (;;) {
		for (i = 0; i < s->workers && s->busy[i]; i++)
			continue;
		if (i < s->workers)
			break;
		pthread_cond_wait(&s->freed, &s->lock);
	}
	s->busy[i] = true;
	pthread_mutex_unlock(&s->lock);
	return i;
}

static void
give_worker(struct engine_server *s, unsigned i)
{
	pthread_mutex_lock(&s->lock);
	s->busy[i] = false;
	pthread_cond_signal(&s->freed);
	pthread_mutex_unlock(&s->lock);
}

static enum assay_status
exchange(struct engine_server *s, enum wire_kind kind, const struct buf *message, struct buf *answer, struct assay_error *err)
{
	enum wire_kind got = WIRE_ANSWER;
	TRY(buf_status(message, "a message to the engines", err));
	unsigned worker = take_worker(s);
	bool good = wire_send(s->fds[worker], kind, buf_span(message)) && wire_receive(s->fds[worker], &got, answer);
	give_worker(s, worker);
	if (!good || got != WIRE_ANSWER)
		return assay_fail(err, ASSAY_E_SYSTEM, "the process that runs the engines is gone");
	return ASSAY_OK;
}

enum assay_status
server_add(struct engine_server *s, const char *folder, const char *path, struct assay_span bytes, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf message = BUF_INIT(WIRE_MESSAGE_MAX), answer = BUF_INIT(64);
	wire_put_text(&message, assay_span_str(folder));
	wire_put_text(&message, assay_span_str(path));
	wire_put_text(&message, bytes);
	TRY(exchange(s, WIRE_ADD, &message, &answer, err));
	struct wire w = { .bytes = buf_span(&answer) };
	if (wire_take_u32(&w) != 1 || w.bad)
		return assay_fail(err, ASSAY_E_SYSTEM, "a file can't be laid out for the engines");
	return ASSAY_OK;
}

void
server_answer_done(struct server_answer *a)
{
	buf_done(&a->room);
	free(a->names);
}

/* Names get a NUL behind them. */
static bool
take_files(struct wire *w, struct server_answer *a)
{
	uint32_t count = wire_take_u32(w);
	size_t at = 0;
	if (w->bad || count > CAGE_FILES_MAX)
		return false;
	a->names = malloc((size_t)count * 600 + 1);
	for (uint32_t i = 0; a->names != NULL && i < count; i++) {
		struct assay_span name = wire_take_text(w), bytes = wire_take_text(w);
		if (w->bad || name.len >= 600)
			return false;
		memcpy(a->names + at, name.data, name.len);
		a->names[at + name.len] = '\0';
		a->files[a->file_count++] = (struct server_file) { a->names + at, bytes };
		at += name.len + 1;
	}
	return a->names != NULL;
}

enum assay_status
server_ask(struct engine_server *s, const char *program, const char *const *arguments, size_t count, unsigned flags, unsigned seconds,
    struct server_answer *ret_answer, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf message = BUF_INIT(WIRE_MESSAGE_MAX);
	CLEANUP(server_answer_done) struct server_answer a = { .room = BUF_INIT(WIRE_MESSAGE_MAX) };
	wire_put_u32(&message, flags);
	wire_put_u32(&message, seconds > 0 ? seconds : s->cage.seconds);
	wire_put_text(&message, assay_span_str(program));
	wire_put_u32(&message, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		wire_put_text(&message, assay_span_str(arguments[i]));
	TRY(exchange(s, WIRE_RUN, &message, &a.room, err));
	struct wire w = { .bytes = buf_span(&a.room) };
	a.end = (enum wire_end)wire_take_u32(&w);
	a.status = (int)wire_take_u32(&w);
	a.output = wire_take_text(&w);
	a.words = wire_take_text(&w);
	if (!take_files(&w, &a) || a.end > WIRE_NOT_STARTED)
		return assay_fail(err, ASSAY_E_SYSTEM, "the process that runs the engines says what can't be");
	*ret_answer = a;
	a = (struct server_answer) { .names = NULL };
	return ASSAY_OK;
}
