/* SPDX-License-Identifier: Apache-2.0 */
/* The caller's end: workers that are free, files that were added, and one question at a time to each worker. */
#pragma once

#include "cage.h"

#include <assay/hash.h>
#include <base/arena.h>
#include <engine/engine.h>
#include <pthread.h>

#define SERVER_WORKERS_MAX 64
#define SERVER_SOURCES_MAX 500000
#define SERVER_SOURCES_TOTAL (UINT64_C(1) << 30)

/* A file of the tree, as engines see it. */
struct server_source {
	const char *path;
	struct assay_span bytes;
	unsigned char digest[ASSAY_SHA256_SIZE];
	const char *const *includes; /* last parts of what it may include, in any branch */
	size_t include_count;
	bool includes_anything;      /* by a macro, or it can't be read: anything in the tree */
	unsigned blanked;            /* lines that named another place */
};

struct engine_server {
	int fds[SERVER_WORKERS_MAX];
	bool busy[SERVER_WORKERS_MAX];
	pid_t pids[SERVER_WORKERS_MAX];
	unsigned workers;
	pthread_mutex_t lock;
	pthread_cond_t freed;
	struct cage cage;
	char why[512];
	struct cache *cache; /* NULL: none */
	struct arena *arena; /* of the sources */
	struct server_source *sources;
	size_t source_count, source_room;
	uint64_t source_total;
	bool sorted;
	const struct sca_snippets *snippets; /* while they are run; NULL */
	bool has_headers;
	unsigned char headers[ASSAY_SHA256_SIZE]; /* depends_system()'s, once asked for */
	const char **names[8]; /* of each engine's checks, once asked for */
	size_t name_counts[8];
	uint32_t *by_name;     /* sources by the last part of their path */
	size_t by_name_count;
};

struct server_file {
	const char *name;
	struct assay_span bytes;
};

/* What a run left; all of it in room. */
struct server_answer {
	enum wire_end end;
	int status;
	struct assay_span output, words;
	struct server_file files[CAGE_FILES_MAX];
	size_t file_count;
	struct buf room;
	char *names;
};
void server_answer_done(struct server_answer *a);

/* For any thread. ASSAY_E_SYSTEM when the worker is gone. */
ASSAY_MUST_USE enum assay_status server_ask(struct engine_server *s, const char *program, const char *const *arguments, size_t count,
    unsigned flags, unsigned seconds, struct server_answer *ret_answer, struct assay_error *err);
/* A file of ours for engines: "canary.c" is at /canary/canary.c. */
ASSAY_MUST_USE enum assay_status server_add(struct engine_server *s, const char *folder, const char *path, struct assay_span bytes,
    struct assay_error *err);
const struct server_source *server_source(struct engine_server *s, const char *path);
/* Where engines see the source, or the snippets: "/src/" but without a cage. */
#define SERVER_ROOT_MAX 256
void server_root(const struct engine_server *s, bool demo, char ret_root[SERVER_ROOT_MAX]);
/* The last part of a path. */
const char *server_base_name(const char *path);
