/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One large file by all threads. Each takes the next chunk, reads it and hashes its blocks. SHA-2
 * goes from a file's beginning to its end and can't be split: whoever is free when the next chunk
 * in order is there takes it further, and that goes before new chunks, for it is what the end waits
 * for.
 */
#include <base/cleanup.h>
#include <base/pool.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

#include "work.h"

#define CHUNKS_A_WORKER (WORK_BUFFER / WORK_CHUNK)
#define CHUNKS_MAX (CHUNKS_A_WORKER * HASH_THREADS_MAX)

enum chunk_state {
	CHUNK_FREE,
	CHUNK_TAKEN,
	CHUNK_READY,
};

struct chunk {
	enum chunk_state state;
	unsigned char *data;
	size_t len;
	unsigned char digests[WORK_CHUNK_BLOCKS][ENGINE_SHA256_SIZE];
};

struct large {
	struct worker *const *workers;
	const struct reading *reading;
	unsigned want;
	uint64_t count; /* chunks of the file */
	size_t room;	/* chunks in memory */
	pthread_mutex_t lock;
	pthread_cond_t moved;
	/* Under the lock: */
	uint64_t next_read, next_added; /* chunks by number */
	bool adding;
	enum assay_status status; /* of the engine */
	int error;		  /* of reading */
	bool shorter;		  /* than it was: the chunks after that aren't there */
	/* Of whoever is adding: */
	struct work_streams streams;
	struct merkle *merkle;
	uint64_t bytes;
	struct chunk chunks[CHUNKS_MAX];
};

static bool
over(const struct large *l)
{
	return l->status != ASSAY_OK || l->error != 0 || l->shorter || l->next_added == l->count;
}

/* Called under the lock, and left under it; between, the chunk is this thread's alone. */
static void
take_chunk(struct large *l, struct worker *w)
{
	const uint64_t number = l->next_read++;
	struct chunk *c = &l->chunks[number % l->room];
	c->state = CHUNK_TAKEN;
	pthread_mutex_unlock(&l->lock);
	bool hole = false;
	const uint64_t offset = number * WORK_CHUNK, left = l->reading->before.size - offset;
	const size_t ask = left < WORK_CHUNK ? (size_t)left : WORK_CHUNK;
	enum assay_status s = ASSAY_OK;
	const int error = work_read(l->reading, offset, c->data, ask, &c->len, &hole);
	const bool shorter = error == 0 && c->len < ask;
	if (error == 0 && !shorter && (l->want & HASH_VERITY) != 0)
		s = work_blocks(w, c->data, c->len, hole, c->digests[0]);
	pthread_mutex_lock(&l->lock);
	c->state = CHUNK_READY;
	if (error != 0)
		l->error = error;
	if (s != ASSAY_OK)
		l->status = s;
	l->shorter |= shorter;
}

static enum assay_status
add_to_tree(struct large *l, struct worker *w, const struct chunk *c)
{
	if ((l->want & HASH_VERITY) == 0)
		return ASSAY_OK;
	return merkle_add(
	    l->merkle, &w->engine, c->digests[0], (c->len + MERKLE_BLOCK - 1) / MERKLE_BLOCK);
}

/* The next chunk in order; as above. */
static void
add_chunk(struct large *l, struct worker *w)
{
	struct chunk *c = &l->chunks[l->next_added % l->room];
	l->adding = true;
	pthread_mutex_unlock(&l->lock);
	enum assay_status s = work_streams_add(&l->streams, (struct assay_span){c->data, c->len});
	if (s == ASSAY_OK)
		s = add_to_tree(l, w, c);
	l->bytes += c->len;
	pthread_mutex_lock(&l->lock);
	if (s != ASSAY_OK)
		l->status = s;
	c->state = CHUNK_FREE;
	l->next_added++;
	l->adding = false;
}

/*
 * Whether a thread that sleeps has enough to do: to wake one for every chunk costs more than it brings. None is needed for the work to go
 * on: whoever is awake can read and add, and who can do neither waits for somebody who is doing one of them.
 */
static bool
is_worth_waking(const struct large *l)
{
	return over(l) || l->room - (size_t)(l->next_read - l->next_added) >= l->room / 2;
}

static void
help(void *ctx, size_t i)
{
	struct large *l = ctx;
	struct worker *w = l->workers[i];
	pthread_mutex_lock(&l->lock);
	while (!over(l)) {
		if (!l->adding && l->chunks[l->next_added % l->room].state == CHUNK_READY)
			add_chunk(l, w);
		else if (l->next_read < l->count &&
			 l->chunks[l->next_read % l->room].state == CHUNK_FREE)
			take_chunk(l, w);
		else {
			pthread_cond_wait(&l->moved, &l->lock);
			continue;
		}
		if (is_worth_waking(l))
			pthread_cond_broadcast(&l->moved);
	}
	pthread_mutex_unlock(&l->lock);
}

static void
large_free(struct large **l)
{
	if (*l == NULL)
		return;
	work_streams_done(&(*l)->streams);
	pthread_cond_destroy(&(*l)->moved);
	pthread_mutex_destroy(&(*l)->lock);
	free(*l);
}

static enum assay_status
finish(struct large *l, struct hash_result *result)
{
	TRY(l->status);
	if (l->error == 0 && !l->shorter) {
		TRY(work_streams_end(&l->streams, result));
		if ((l->want & HASH_VERITY) != 0)
			TRY(work_verity(l->workers[0], l->merkle, l->bytes, result));
	}
	work_settle(l->reading, l->bytes, l->error, result);
	return ASSAY_OK;
}

enum assay_status
work_large(struct pool *pool, struct worker *const *workers, size_t count, const struct reading *r,
    struct hash_result *result)
{
	CLEANUP(large_free) struct large *l = calloc(1, sizeof(*l));
	if (l == NULL)
		return ASSAY_E_MEMORY;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->moved, NULL);
	l->workers = workers;
	l->reading = r;
	l->want = workers[0]->want;
	l->count = (r->before.size + WORK_CHUNK - 1) / WORK_CHUNK;
	l->room = count * CHUNKS_A_WORKER;
	l->streams.kind = workers[0]->engine.kind;
	l->merkle = &workers[0]->merkle;
	merkle_begin(l->merkle);
	for (size_t i = 0; i < l->room; i++)
		l->chunks[i].data =
		    workers[i / CHUNKS_A_WORKER]->buffer + i % CHUNKS_A_WORKER * WORK_CHUNK;
	TRY(work_streams_begin(workers[0], l->want, &l->streams));
	(void)posix_fadvise(r->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	pool_each(pool, count, help, l);
	return finish(l, result);
}
