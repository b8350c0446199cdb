/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engines of our own kernels. The digests that there are no kernels for are the business of another engine.
 */
#include <base/cleanup.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "lanes.h"

/* What a kernel is timed on: enough blocks for the call to be nothing, few enough to end before anybody comes between. */
#define TRIAL_BLOCKS 32
#define TRIALS 5

static enum assay_status
own_open(struct engine *e, bool here, struct assay_error *err)
{
	if (!here)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "this machine has nothing for the hash engine '%s'", e->kind->name);
	return engine_beside->open(e, err);
}

static void
own_close(struct engine *e)
{
	engine_beside->close(e);
}

/* A long message. Of SHA-256 it is hashed here; otherwise by the engine beside. */
struct own_stream {
	void *beside; /* or NULL */
	struct lanes_stream sha256;
};

static void
own_drop(void *stream)
{
	struct own_stream *s = stream;
	if (s != NULL && s->beside != NULL)
		engine_beside->drop(s->beside);
	free(s);
}

static enum assay_status
own_begin(struct engine *e, enum engine_algorithm algorithm, void **ret_stream)
{
	/* Not calloc(): its states want the kernel's alignment. */
	struct own_stream *s = aligned_alloc(_Alignof(struct own_stream), sizeof *s);
	if (s == NULL)
		return ASSAY_E_MEMORY;
	s->beside = NULL;
	if (algorithm == ENGINE_SHA256) {
		lanes_begin(&s->sha256);
	} else {
		const enum assay_status status = engine_beside->begin(e, algorithm, &s->beside);
		if (status != ASSAY_OK) {
			free(s);
			return status;
		}
	}
	*ret_stream = s;
	return ASSAY_OK;
}

static enum assay_status
own_add(void *stream, struct assay_span bytes)
{
	struct own_stream *s = stream;
	if (s->beside != NULL)
		return engine_beside->add(s->beside, bytes);
	lanes_add(&s->sha256, bytes);
	return ASSAY_OK;
}

static enum assay_status
own_end(void *stream, unsigned char *ret_digest)
{
	struct own_stream *s = stream;
	if (s->beside != NULL)
		return engine_beside->end(s->beside, ret_digest);
	lanes_end(&s->sha256, ret_digest);
	return ASSAY_OK;
}

/* -------- SHA instructions alone -------- */

static enum assay_status
shani3_open(struct engine *e, struct assay_error *err)
{
	return own_open(e, kernel_sha_here(), err);
}

static enum assay_status
shani3_many(struct engine *e, const struct engine_message *messages, size_t n)
{
	static const struct lanes_kernels kernels = { LANES_NARROW, LANES_NARROW, NULL, kernel_sha };
	(void)e;
	lanes_sha256(&kernels, messages, n);
	return ASSAY_OK;
}

const struct engine_kind engine_shani3 = { "shani3", "SHA instructions, 3 messages at once", false, shani3_open, own_close, shani3_many,
	own_begin, own_add, own_end, own_drop };

/* -------- AVX-512, and SHA instructions for what is left -------- */

static struct lanes_kernels both = { LANES_MAX, LANES_MAX, kernel_avx512, kernel_sha };

static long
since(const struct timespec *start)
{
	struct timespec now = { 0 };
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000000000L + (now.tv_nsec - start->tv_nsec);
}

/* Nanoseconds of the fastest of a few trials, one at least. */
static long
time_of(bool wide)
{
	static const unsigned char bytes[TRIAL_BLOCKS * LANES_BLOCK];
	static const size_t lanes[LANES_NARROW] = { 0, 1, 2 };
	const unsigned char *data[LANES_MAX];
	struct lanes_states states = { { { 0 } } };
	long best = 0;
	for (size_t i = 0; i < LANES_MAX; i++)
		data[i] = bytes;
	for (int i = 0; i < TRIALS; i++) {
		struct timespec start = { 0 };
		(void)clock_gettime(CLOCK_MONOTONIC, &start);
		if (wide)
			kernel_avx512(&states, data, TRIAL_BLOCKS);
		else
			kernel_sha(&states, lanes, data, TRIAL_BLOCKS);
		const long took = since(&start);
		if (i == 0 || took < best)
			best = took;
	}
	return best < 1 ? 1 : best;
}

/* Which kernel is faster, and for how many messages, differs from one make of processor to the next: so it is tried. */
static void
choose(void)
{
	const long wide = time_of(true), narrow = time_of(false);
	const size_t few = (size_t)(wide / narrow) * LANES_NARROW;
	both.few = few < LANES_MAX ? few : LANES_MAX;
}

static enum assay_status
lanes16_open(struct engine *e, struct assay_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const bool here = kernel_avx512_here() && kernel_sha_here();
	if (here && pthread_once(&once, choose) != 0)
		return assay_fail(err, ASSAY_E_INTERNAL, "the hash engine '%s' can't be set up", e->kind->name);
	return own_open(e, here, err);
}

static enum assay_status
lanes16_many(struct engine *e, const struct engine_message *messages, size_t n)
{
	(void)e;
	lanes_sha256(&both, messages, n);
	return ASSAY_OK;
}

const struct engine_kind engine_lanes16 = { "lanes16", "16 messages at once in AVX-512 registers, a few by SHA instructions", false,
	lanes16_open, own_close, lanes16_many, own_begin, own_add, own_end, own_drop };
