/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs are gathered in batches, batches go to threads, and their results are delivered in the order
 * in which they came. The batches stand in a ring: when the next place is taken still, its results
 * are waited for and delivered first. That is all the back-pressure there is.
 */
#include <base/cleanup.h>
#include <base/pool.h>
#include <base/text.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "walk_inside.h"

#define ALL_WANTED (HASH_SHA256 | HASH_VERITY | HASH_SHA384 | HASH_SHA512)
#define PLACES_MAX (2 * HASH_THREADS_MAX + 1)

struct place {
	struct hasher *hasher;
	struct batch *batch;
	bool running; /* under the hasher's lock */
};

struct hasher {
	hash_done *done;
	void *ctx;
	bool bounded;
	struct pool *pool;		    /* NULL: the caller's thread alone */
	enum assay_status status;	    /* once it failed, it failed */
	size_t place_count, first, filling; /* of a ring: the oldest place with results to deliver,
					       and the one that is filled */
	struct place places[PLACES_MAX];
	size_t worker_count;
	struct worker *workers[HASH_THREADS_MAX];
	pthread_mutex_t lock;
	pthread_cond_t ended;
	/* Under the lock: */
	size_t idle_count;
	struct worker *idle[HASH_THREADS_MAX];
};

static void
worker_free(struct worker **where)
{
	struct worker *w = *where;
	if (w == NULL)
		return;
	engine_close(&w->engine);
	free(w->buffer);
	free(w);
	*where = NULL;
}

/* The first one chooses the engine, and has it prove itself; the others take the same. */
static enum assay_status
worker_new(const struct hash_options *options, const struct worker *before,
    struct worker **ret_worker, struct assay_error *err)
{
	CLEANUP(worker_free) struct worker *w = calloc(1, sizeof(*w));
	if (w == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for hashing");
	w->want = options->want;
	w->known = options->known;
	w->buffer = malloc(WORK_BUFFER + 1);
	if (w->buffer == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for hashing");
	if (before == NULL)
		TRY(engine_open(options->engine, options->fips, &w->engine, err));
	else
		TRY(engine_open_like(&before->engine, &w->engine, err));
	*ret_worker = steal(&w);
	return ASSAY_OK;
}

static enum assay_status
add_workers(
    struct hasher *h, const struct hash_options *options, size_t count, struct assay_error *err)
{
	for (size_t i = 0; i < count; i++) {
		TRY(worker_new(options, i == 0 ? NULL : h->workers[0], &h->workers[i], err));
		h->idle[h->idle_count++] = h->workers[i];
		h->worker_count++;
	}
	return ASSAY_OK;
}

static enum assay_status
add_places(struct hasher *h, size_t count, struct assay_error *err)
{
	for (size_t i = 0; i < count; i++) {
		h->places[i] = (struct place){.hasher = h, .batch = malloc(sizeof(struct batch))};
		struct batch *b = h->places[i].batch;
		if (b == NULL)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory left for hashing");
		/* Not calloc(): the pages of what isn't used need not be there. */
		b->count = b->held_count = 0;
		batch_empty(b);
		h->place_count++;
	}
	return ASSAY_OK;
}

/* One less than are wanted, for the caller's thread works when it would have to wait: threads that nobody has a core for get in each
 * other's way. */
static enum assay_status
start_threads(struct hasher *h, unsigned wanted, struct assay_error *err)
{
	unsigned threads = wanted == 0 ? pool_cores() : wanted;
	if (threads > HASH_THREADS_MAX)
		threads = HASH_THREADS_MAX;
	return threads == 1 ? ASSAY_OK : pool_new(threads - 1, &h->pool, err);
}

enum assay_status
hasher_new(const struct hash_options *options, hash_done *done, void *ctx,
    struct hasher **ret_hasher, struct assay_error *err)
{
	if (options->want == 0 || (options->want & ~ALL_WANTED) != 0)
		return assay_fail(
		    err, ASSAY_E_USAGE, "no digest is wanted, or one that nobody knows");
	CLEANUP(hasher_free) struct hasher *h = calloc(1, sizeof(*h));
	if (h == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for hashing");
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->ended, NULL);
	h->done = done;
	h->ctx = ctx;
	h->bounded = options->bounded;
	TRY(start_threads(h, options->threads, err));
	const size_t threads = h->pool == NULL ? 1 : (size_t)pool_threads(h->pool) + 1;
	TRY(add_workers(h, options, threads, err));
	TRY(add_places(h, h->pool == NULL ? 1 : 2 * threads + 1, err));
	*ret_hasher = steal(&h);
	return ASSAY_OK;
}

void
hasher_free(struct hasher **where)
{
	struct hasher *h = *where;
	if (h == NULL)
		return;
	/* Ends when its jobs did. */
	pool_free(&h->pool);
	for (size_t i = 0; i < h->place_count; i++) {
		batch_empty(h->places[i].batch);
		free(h->places[i].batch);
	}
	for (size_t i = 0; i < h->worker_count; i++)
		worker_free(&h->workers[i]);
	pthread_cond_destroy(&h->ended);
	pthread_mutex_destroy(&h->lock);
	free(h);
	*where = NULL;
}

const char *
hasher_engine(const struct hasher *h)
{
	return h->workers[0]->engine.kind->name;
}

unsigned
hasher_threads(const struct hasher *h)
{
	return (unsigned)h->worker_count;
}

/* -------- batches -------- */

static void
run_place(void *arg)
{
	struct place *p = arg;
	struct hasher *h = p->hasher;
	pthread_mutex_lock(&h->lock);
	/* There are as many workers as threads, the caller's with them. */
	struct worker *w = h->idle[--h->idle_count];
	pthread_mutex_unlock(&h->lock);
	batch_do(p->batch, w);
	pthread_mutex_lock(&h->lock);
	h->idle[h->idle_count++] = w;
	p->running = false;
	pthread_cond_signal(&h->ended);
	pthread_mutex_unlock(&h->lock);
}

static enum assay_status
engine_failed(struct hasher *h, enum assay_status s, struct assay_error *err)
{
	if (s == ASSAY_E_MEMORY)
		h->status = assay_fail(err, ASSAY_E_MEMORY, "no memory left for hashing");
	else
		h->status = assay_fail(
		    err, ASSAY_E_INTERNAL, "the hash engine '%s' fails", hasher_engine(h));
	return h->status;
}

static enum assay_status
deliver(struct hasher *h, struct batch *b, struct assay_error *err)
{
	if (b->status != ASSAY_OK)
		return engine_failed(h, b->status, err);
	for (; b->delivered < b->count; b->delivered++) {
		const struct job *job = &b->jobs[b->delivered];
		if (job->result.outcome == HASH_MISSING && job->result.folder != NULL)
			job->result.folder->missing++;
		h->status = h->done(h->ctx, &job->result, err);
		TRY(h->status);
	}
	batch_empty(b);
	return ASSAY_OK;
}

/* Waits for the oldest batch, and does what there is to do meanwhile; then delivers it. */
static enum assay_status
deliver_first(struct hasher *h, struct assay_error *err)
{
	struct place *p = &h->places[h->first];
	pthread_mutex_lock(&h->lock);
	while (p->running) {
		pthread_mutex_unlock(&h->lock);
		const bool helped = pool_help(h->pool);
		pthread_mutex_lock(&h->lock);
		if (!helped && p->running)
			pthread_cond_wait(&h->ended, &h->lock);
	}
	pthread_mutex_unlock(&h->lock);
	h->first = (h->first + 1) % h->place_count;
	return deliver(h, p->batch, err);
}

/* Sends off what was gathered; afterwards there is an empty batch to fill. */
static enum assay_status
send_off(struct hasher *h, struct assay_error *err)
{
	struct place *p = &h->places[h->filling];
	if (p->batch->count == 0)
		return ASSAY_OK;
	if (h->pool == NULL) {
		batch_do(p->batch, h->workers[0]);
		return deliver(h, p->batch, err);
	}
	p->running = true;
	pool_submit(h->pool, run_place, p);
	h->filling = (h->filling + 1) % h->place_count;
	return h->filling == h->first ? deliver_first(h, err) : ASSAY_OK;
}

enum assay_status
hasher_finish(struct hasher *h, struct assay_error *err)
{
	if (h->status != ASSAY_OK)
		return assay_fail(err, h->status, "hashing has ended before");
	TRY(send_off(h, err));
	while (h->first != h->filling)
		TRY(deliver_first(h, err));
	return ASSAY_OK;
}

/* -------- jobs -------- */

/* All threads on one file, when all before it is done. */
static enum assay_status
do_large(struct hasher *h, struct job *job, struct assay_error *err)
{
	struct reading r;
	TRY(hasher_finish(h, err));
	struct batch *b = h->places[h->filling].batch;
	if (!batch_add(b, job, 0))
		return engine_failed(h, ASSAY_E_INTERNAL, err);
	struct job *kept = &b->jobs[0];
	if (work_open(kept, &r)) {
		/* It may have become small, too. */
		b->status =
		    r.before.size < WORK_LARGE
			? work_stream(h->workers[0], &r, &kept->result)
			: work_large(h->pool, h->workers, h->worker_count, &r, &kept->result);
		(void)close(r.fd);
	}
	return deliver(h, b, err);
}

static enum assay_status
gather(struct hasher *h, struct job *job, uint64_t likely, struct assay_error *err)
{
	if (likely >= WORK_LARGE && h->pool != NULL)
		return do_large(h, job, err);
	if (!batch_add(h->places[h->filling].batch, job, likely)) {
		TRY(send_off(h, err));
		if (!batch_add(h->places[h->filling].batch, job, likely))
			return engine_failed(h, ASSAY_E_INTERNAL, err);
	}
	job->fd = -1;
	return batch_is_long(h->places[h->filling].batch) ? send_off(h, err) : ASSAY_OK;
}

static enum assay_status
submit(struct hasher *h, struct job *job, uint64_t likely, struct assay_error *err)
{
	const struct hash_result *r = &job->result;
	enum assay_status s;
	if (h->status != ASSAY_OK)
		s = assay_fail(err, h->status, "hashing has ended before");
	else if (r->note.len > HASH_NOTE_MAX || (r->name != NULL && !walk_one_component(r->name)))
		s = assay_fail(
		    err, ASSAY_E_USAGE, "a name that is no single component, or too long a note");
	else
		s = gather(h, job, likely, err);
	if (job->fd >= 0)
		(void)close(job->fd);
	return s;
}

static uint64_t
most_of(const struct hasher *h, uint64_t likely_size)
{
	return h->bounded && likely_size <= UINT64_MAX - HASH_SLACK ? likely_size + HASH_SLACK : UINT64_MAX;
}

enum assay_status
hasher_file(struct hasher *h, struct walk_folder *folder, const char *name, uint64_t likely_size,
    struct assay_span note, struct assay_error *err)
{
	struct job job = {JOB_FILE, -1, NULL, most_of(h, likely_size), {.note = note, .folder = folder, .name = name}};
	folder->expected++;
	return submit(h, &job, likely_size, err);
}

enum assay_status
hasher_open_file(struct hasher *h, int fd, struct assay_span note, struct assay_error *err)
{
	struct job job = {JOB_OPEN_FILE, fd, NULL, UINT64_MAX, {.note = note}};
	struct walk_facts facts = {.size = 0};
	/* What it is now is a guess at what it will be when it is read. */
	if (walk_facts_of(fd, &facts) != 0)
		facts.size = 0;
	return submit(h, &job, facts.size, err);
}

enum assay_status
hasher_look(struct hasher *h, struct walk_folder *folder, const char *name, struct assay_span note,
    struct assay_error *err)
{
	struct job job = {JOB_LOOK, -1, NULL, UINT64_MAX, {.note = note, .folder = folder, .name = name}};
	folder->expected++;
	return submit(h, &job, 0, err);
}

enum assay_status
hasher_count(
    struct hasher *h, struct walk_folder *folder, struct assay_span note, struct assay_error *err)
{
	struct job job = {JOB_COUNT, -1, NULL, UINT64_MAX, {.note = note, .folder = folder}};
	return submit(h, &job, 0, err);
}
