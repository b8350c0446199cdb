/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libipsec-mb: several messages at once, in the lanes of a vector or of two interleaved streams of
 * SHA instructions. What is one long message, and the digests that have no lanes here, libcrypto
 * does.
 */
#include <base/cleanup.h>
#include <intel-ipsec-mb.h>
#include <stdlib.h>

#include "engine.h"

struct lanes {
	IMB_MGR *manager;
	struct engine evp;
	size_t most; /* lanes */
};

struct variant {
	void (*init)(IMB_MGR *manager);
	uint64_t flags, needs;
	size_t lanes;
};

static void
lanes_close(struct engine *e)
{
	struct lanes *l = e->inside;
	if (l == NULL)
		return;
	if (l->evp.kind != NULL)
		l->evp.kind->close(&l->evp);
	if (l->manager != NULL)
		free_mb_mgr(l->manager);
	free(l);
	e->inside = NULL;
}

static enum assay_status
absent(const struct engine *e, struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_NOT_FOUND,
	    "this machine has nothing for the hash engine '%s'", e->kind->name);
}

static enum assay_status
start_manager(
    const struct engine *e, struct lanes *l, const struct variant *v, struct assay_error *err)
{
	l->manager = alloc_mb_mgr(v->flags);
	if (l->manager == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for a hash engine");
	/* An init function for instructions that aren't there must not be called. */
	if ((l->manager->features & v->needs) != v->needs)
		return absent(e, err);
	v->init(l->manager);
	if (imb_get_errno(l->manager) != 0)
		return absent(e, err);
	l->most = v->lanes;
	return ASSAY_OK;
}

static enum assay_status
lanes_open(struct engine *e, const struct variant *v, struct assay_error *err)
{
	struct lanes *l = calloc(1, sizeof(*l));
	if (l == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for a hash engine");
	e->inside = l;
	enum assay_status s = start_manager(e, l, v, err);
	if (s == ASSAY_OK) {
		l->evp.kind = &engine_evp;
		s = engine_evp.open(&l->evp, err);
	}
	if (s != ASSAY_OK)
		lanes_close(e);
	return s;
}

static enum assay_status
avx512_open(struct engine *e, struct assay_error *err)
{
	static const struct variant v = {
	    init_mb_mgr_avx512, IMB_FLAG_SHANI_OFF, IMB_CPUFLAGS_AVX512, 16};
	return lanes_open(e, &v, err);
}

static enum assay_status
avx2_open(struct engine *e, struct assay_error *err)
{
	static const struct variant v = {
	    init_mb_mgr_avx2, IMB_FLAG_SHANI_OFF, IMB_CPUFLAGS_AVX2, 8};
	return lanes_open(e, &v, err);
}

static enum assay_status
shani_open(struct engine *e, struct assay_error *err)
{
	static const struct variant v = {init_mb_mgr_sse, 0, IMB_CPUFLAGS_SSE_T2, 2};
	return lanes_open(e, &v, err);
}

static void
fill_in(IMB_JOB *job, const struct engine_message *m)
{
	job->cipher_mode = IMB_CIPHER_NULL;
	job->cipher_direction = IMB_DIR_ENCRYPT;
	job->chain_order = IMB_ORDER_HASH_CIPHER;
	job->hash_alg = IMB_AUTH_SHA_256;
	job->src = m->data;
	job->hash_start_src_offset_in_bytes = 0;
	job->msg_len_to_hash_in_bytes = m->len;
	job->auth_tag_output = m->digest;
	job->auth_tag_output_len_in_bytes = ENGINE_SHA256_SIZE;
}

/* Counts a finished job; false when it didn't come to a digest. */
static bool
finished(const IMB_JOB *job, size_t *count)
{
	++*count;
	return job->status == IMB_STATUS_COMPLETED;
}

static enum assay_status
in_lanes(IMB_MGR *m, const struct engine_message *messages, size_t n)
{
	size_t done = 0;
	bool good = true;
	for (size_t i = 0; i < n; i++) {
		IMB_JOB *job = IMB_GET_NEXT_JOB(m);
		fill_in(job, &messages[i]);
		for (job = IMB_SUBMIT_JOB_NOCHECK(m); job != NULL; job = IMB_GET_COMPLETED_JOB(m))
			good = finished(job, &done) && good;
	}
	for (const IMB_JOB *job = IMB_FLUSH_JOB(m); job != NULL; job = IMB_FLUSH_JOB(m))
		good = finished(job, &done) && good;
	return good && done == n && imb_get_errno(m) == 0 ? ASSAY_OK : ASSAY_E_INTERNAL;
}

static enum assay_status
lanes_many(struct engine *e, const struct engine_message *messages, size_t n)
{
	struct lanes *l = e->inside;
	return in_lanes(l->manager, messages, n);
}

static enum assay_status
lanes_begin(struct engine *e, enum engine_algorithm algorithm, void **ret_stream)
{
	struct lanes *l = e->inside;
	return l->evp.kind->begin(&l->evp, algorithm, ret_stream);
}

static enum assay_status
lanes_add(void *stream, struct assay_span bytes)
{
	return engine_evp.add(stream, bytes);
}

static enum assay_status
lanes_end(void *stream, unsigned char *ret_digest)
{
	return engine_evp.end(stream, ret_digest);
}

static void
lanes_drop(void *stream)
{
	engine_evp.drop(stream);
}

#define LANES(name, about, open)                                                                   \
	{                                                                                          \
		name, about, false, open, lanes_close, lanes_many, lanes_begin, lanes_add,         \
		    lanes_end, lanes_drop                                                          \
	}

const struct engine_kind engine_avx512 =
    LANES("avx512", "libipsec-mb, 16 messages at once in AVX-512 registers", avx512_open);
const struct engine_kind engine_shani =
    LANES("shani", "libipsec-mb, 2 messages at once by SHA instructions", shani_open);
const struct engine_kind engine_avx2 =
    LANES("avx2", "libipsec-mb, 8 messages at once in AVX2 registers", avx2_open);
