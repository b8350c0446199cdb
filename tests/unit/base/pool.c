/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <base/cleanup.h>
#include <base/pool.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define MANY 10007

struct tally {
	atomic_uint seen[MANY];
	struct pool *pool;
	atomic_uint total;
};

static void
count_one(void *ctx, size_t i)
{
	struct tally *t = ctx;
	atomic_fetch_add(&t->seen[i], 1);
}

static void
count_job(void *arg)
{
	atomic_fetch_add((atomic_uint *)arg, 1);
}

static void
each_is_done_exactly_once(void **state)
{
	(void)state;
	static const unsigned threads[] = { 1, 2, 7, 1000 };
	static struct tally t;
	for (size_t k = 0; k < 4; k++) {
		CLEANUP(pool_free) struct pool *p = NULL;
		assert_int_equal(pool_new(threads[k], &p, NULL), ASSAY_OK);
		assert_in_range(pool_threads(p), 1, POOL_THREADS_MAX);
		memset(&t, 0, sizeof(t));
		pool_each(p, MANY, count_one, &t);
		for (size_t i = 0; i < MANY; i++)
			assert_int_equal(atomic_load(&t.seen[i]), 1);
		pool_each(p, 0, count_one, &t);
		pool_each(p, 1, count_one, &t);
		assert_int_equal(atomic_load(&t.seen[0]), 2);
	}
}

static void
without_a_pool_the_caller_works(void **state)
{
	(void)state;
	static struct tally t;
	atomic_uint jobs = 0;
	memset(&t, 0, sizeof(t));
	pool_each(NULL, 10, count_one, &t);
	assert_int_equal(atomic_load(&t.seen[9]), 1);
	pool_submit(NULL, count_job, &jobs);
	pool_drain(NULL);
	assert_int_equal(atomic_load(&jobs), 1);
	assert_int_equal(pool_threads(NULL), 1);
	struct pool *none = NULL;
	pool_free(&none);
}

static void
nested(void *ctx, size_t i)
{
	struct tally *t = ctx;
	(void)i;
	pool_each(t->pool, 100, count_one, t);
}

static void
each_within_each_ends(void **state)
{
	(void)state;
	static struct tally t;
	CLEANUP(pool_free) struct pool *p = NULL;
	assert_int_equal(pool_new(2, &p, NULL), ASSAY_OK);
	memset(&t, 0, sizeof(t));
	t.pool = p;
	pool_each(p, 50, nested, &t);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(atomic_load(&t.seen[i]), 50);
}

static void
submit_more(void *arg)
{
	struct tally *t = arg;
	atomic_fetch_add(&t->total, 1);
	for (int i = 0; i < 10; i++)
		pool_submit(t->pool, count_job, &t->total);
}

static void
every_job_is_done_before_drain_returns(void **state)
{
	(void)state;
	static struct tally t;
	CLEANUP(pool_free) struct pool *p = NULL;
	assert_int_equal(pool_new(0, &p, NULL), ASSAY_OK);
	memset(&t, 0, sizeof(t));
	t.pool = p;
	for (int i = 0; i < 5000; i++)
		pool_submit(p, submit_more, &t);
	pool_drain(p);
	assert_int_equal(atomic_load(&t.total), 55000);
	pool_drain(p);
}

static void
slow_job(void *arg)
{
	usleep(1000);
	count_job(arg);
}

static void
queue_is_bounded_and_free_finishes_it(void **state)
{
	(void)state;
	atomic_uint jobs = 0;
	struct pool *p = NULL;
	assert_int_equal(pool_new(2, &p, NULL), ASSAY_OK);
	for (int i = 0; i < 700; i++)
		pool_submit(p, slow_job, &jobs);
	/* At most 256 wait and a few run: the others are done by now. */
	assert_in_range(atomic_load(&jobs), 700 - 256 - 3, 700);
	pool_free(&p);
	assert_null(p);
	assert_int_equal(atomic_load(&jobs), 700);
}

static void
note_thread(void *ctx, size_t i)
{
	pthread_t *threads = ctx;
	usleep(2000);
	threads[i] = pthread_self();
}

static void
several_threads_share_the_work(void **state)
{
	(void)state;
	pthread_t threads[64];
	CLEANUP(pool_free) struct pool *p = NULL;
	assert_int_equal(pool_new(4, &p, NULL), ASSAY_OK);
	pool_each(p, 64, note_thread, threads);
	size_t others = 0;
	for (size_t i = 1; i < 64; i++)
		others += !pthread_equal(threads[0], threads[i]);
	assert_true(others > 0);
}

struct gate {
	atomic_bool entered, open;
};

static void
wait_at_gate(void *arg)
{
	struct gate *g = arg;
	atomic_store(&g->entered, true);
	while (!atomic_load(&g->open))
		usleep(1000);
}

static void
who_waits_does_what_is_queued(void **state)
{
	(void)state;
	struct gate gate = { false, false };
	atomic_uint done = 0;
	CLEANUP(pool_free) struct pool *p = NULL;
	assert_int_equal(pool_new(1, &p, NULL), ASSAY_OK);
	pool_submit(p, wait_at_gate, &gate);
	while (!atomic_load(&gate.entered))
		usleep(1000);
	assert_false(pool_help(p));
	pool_submit(p, count_job, &done);
	pool_submit(p, count_job, &done);
	assert_true(pool_help(p));
	assert_int_equal(atomic_load(&done), 1);
	assert_true(pool_help(p));
	assert_int_equal(atomic_load(&done), 2);
	assert_false(pool_help(p));
	atomic_store(&gate.open, true);
	pool_drain(p);
	assert_in_range(pool_cores(), 1, 65536);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_done_exactly_once),
		cmocka_unit_test(without_a_pool_the_caller_works),
		cmocka_unit_test(each_within_each_ends),
		cmocka_unit_test(every_job_is_done_before_drain_returns),
		cmocka_unit_test(queue_is_bounded_and_free_finishes_it),
		cmocka_unit_test(several_threads_share_the_work),
		cmocka_unit_test(who_waits_does_what_is_queued),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
