/* SPDX-License-Identifier: Apache-2.0 */
#include <base/pool.h>
#include <base/text.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#define DEPTH 256
/* Pieces that each thread takes of one pool_each(), so that none waits long for the slowest. */
#define SHARES 32
#define STEP_MAX 64

struct job {
	void (*fn)(void *arg);
	void *arg;
};

/* One pool_each() in progress, on its caller's stack. */
struct round {
	struct round *next;
	void (*fn)(void *ctx, size_t i);
	void *ctx;
	size_t n;
	size_t step;
	atomic_size_t taken;
	unsigned helpers; /* workers in it; under the pool's lock */
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work; /* a job or a round came, or the end */
	pthread_cond_t idle; /* a job or a helper ended */
	struct job jobs[DEPTH];
	size_t first, waiting; /* ring of jobs */
	size_t running;        /* jobs being done */
	struct round *rounds;
	bool ending;
	unsigned count;
	pthread_t threads[POOL_THREADS_MAX];
};

static void
work_on(struct round *r)
{
	for (;;) {
		size_t from = atomic_fetch_add(&r->taken, r->step);
		if (from >= r->n)
			return;
		size_t to = r->n - from < r->step ? r->n : from + r->step;
		for (size_t i = from; i < to; i++)
			r->fn(r->ctx, i);
	}
}

/* The first round that still has pieces to take. Called under the lock. */
static struct round *
open_round(struct pool *p)
{
	for (struct round *r = p->rounds; r != NULL; r = r->next) {
		if (atomic_load(&r->taken) < r->n)
			return r;
	}
	return NULL;
}

/* Does one piece of work that is there, with the lock released meanwhile; false when there is none. */
static bool
work_once(struct pool *p)
{
	struct round *r = open_round(p);
	if (r != NULL) {
		r->helpers++;
		pthread_mutex_unlock(&p->lock);
		work_on(r);
		pthread_mutex_lock(&p->lock);
		r->helpers--;
		pthread_cond_broadcast(&p->idle);
		return true;
	}
	if (p->waiting == 0)
		return false;
	struct job job = p->jobs[p->first];
	p->first = (p->first + 1) % DEPTH;
	p->waiting--;
	p->running++;
	pthread_mutex_unlock(&p->lock);
	job.fn(job.arg);
	pthread_mutex_lock(&p->lock);
	p->running--;
	pthread_cond_broadcast(&p->idle);
	return true;
}

static void *
worker(void *arg)
{
	struct pool *p = arg;
	pthread_mutex_lock(&p->lock);
	for (;;) {
		if (work_once(p))
			continue;
		if (p->ending)
			break;
		pthread_cond_wait(&p->work, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

unsigned
pool_cores(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	int n = CPU_COUNT(&set);
	return n < 1 ? 1 : (unsigned)n;
}

enum assay_status
pool_new(unsigned threads, struct pool **ret_pool, struct assay_error *err)
{
	unsigned want = threads == 0 ? pool_cores() : threads;
	if (want > POOL_THREADS_MAX)
		want = POOL_THREADS_MAX;
	struct pool *p = calloc(1, sizeof(*p));
	if (p == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for threads");
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->idle, NULL);
	for (; p->count < want; p->count++) {
		int error = pthread_create(&p->threads[p->count], NULL, worker, p);
		if (error == 0)
			continue;
		/* Fewer threads do the same work. */
		if (p->count > 0)
			break;
		pool_free(&p);
		return assay_fail(err, ASSAY_E_SYSTEM, "can't start a thread: %s", text_errno(error));
	}
	*ret_pool = p;
	return ASSAY_OK;
}

void
pool_free(struct pool **where)
{
	struct pool *p = *where;
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->count; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->idle);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p);
	*where = NULL;
}

unsigned
pool_threads(const struct pool *p)
{
	return p == NULL ? 1 : p->count;
}

static void
remove_round(struct pool *p, struct round *r)
{
	struct round **at = &p->rounds;
	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
}

void
pool_each(struct pool *p, size_t n, void (*fn)(void *ctx, size_t i), void *ctx)
{
	struct round r = { .fn = fn, .ctx = ctx, .n = n, .step = 1 };
	if (p == NULL || n < 2) {
		work_on(&r);
		return;
	}
	r.step = n / ((size_t)p->count * SHARES) + 1;
	if (r.step > STEP_MAX)
		r.step = STEP_MAX;
	pthread_mutex_lock(&p->lock);
	r.next = p->rounds;
	p->rounds = &r;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	work_on(&r);
	pthread_mutex_lock(&p->lock);
	remove_round(p, &r);
	while (r.helpers > 0)
		pthread_cond_wait(&p->idle, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void
pool_submit(struct pool *p, void (*fn)(void *arg), void *arg)
{
	if (p == NULL) {
		fn(arg);
		return;
	}
	pthread_mutex_lock(&p->lock);
	bool full = p->waiting == DEPTH;
	if (!full) {
		p->jobs[(p->first + p->waiting) % DEPTH] = (struct job) { fn, arg };
		p->waiting++;
		pthread_cond_signal(&p->work);
	}
	pthread_mutex_unlock(&p->lock);
	if (full)
		fn(arg);
}

void
pool_drain(struct pool *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	while (p->waiting > 0 || p->running > 0) {
		if (p->waiting > 0)
			work_once(p);
		else
			pthread_cond_wait(&p->idle, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
}

bool
pool_help(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	const bool helped = p->waiting > 0 && work_once(p);
	pthread_mutex_unlock(&p->lock);
	return helped;
}
