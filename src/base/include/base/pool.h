/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads for work that splits into independent pieces.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>

/* Most threads that are ever started. */
#define POOL_THREADS_MAX 64

struct pool;

/* threads 0: one a core this process may run on. */
ASSAY_MUST_USE enum assay_status pool_new(unsigned threads, struct pool **ret_pool,
    struct assay_error *err);
void pool_free(struct pool **p);
unsigned pool_threads(const struct pool *p);
/* How many cores this process may run on. */
unsigned pool_cores(void);
/*
 * Calls fn(ctx, i) for each i in [0, n), on all threads and the caller's, in no order, and returns
 * when all are done. p NULL: on the caller's thread alone.
 */
void pool_each(struct pool *p, size_t n, void (*fn)(void *ctx, size_t i), void *ctx);
/*
 * Queues one job for any thread; at most depth jobs wait, then the caller does (back-pressure).
 * p NULL: runs it now. pool_drain waits for all queued jobs.
 */
void pool_submit(struct pool *p, void (*fn)(void *arg), void *arg);
void pool_drain(struct pool *p);
/* Does a queued job on the caller's thread, which has to wait anyway; false when none waits. */
bool pool_help(struct pool *p);
