/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libassay's hashes, over whichever crypto it was built.
 */
#include <assay/hash.h>
#include <base/cleanup.h>
#include <stdlib.h>

#include "engine.h"

static enum assay_status
portable_open(struct engine *e, struct assay_error *err)
{
	(void)err;
	e->inside = NULL;
	return ASSAY_OK;
}

static void
portable_close(struct engine *e)
{
	e->inside = NULL;
}

static enum assay_status
portable_many(struct engine *e, const struct engine_message *messages, size_t n)
{
	(void)e;
	for (size_t i = 0; i < n; i++)
		TRY(assay_sha256(
		    (struct assay_span){messages[i].data, messages[i].len}, messages[i].digest));
	return ASSAY_OK;
}

static void
portable_drop(void *stream)
{
	struct assay_hasher *h = stream;
	assay_hasher_done(h);
	free(h);
}

static enum assay_status
portable_begin(struct engine *e, enum engine_algorithm algorithm, void **ret_stream)
{
	static const enum assay_hash hashes[] = {ASSAY_SHA256, ASSAY_SHA384, ASSAY_SHA512};
	struct assay_hasher *h = calloc(1, sizeof(*h));
	(void)e;
	if (h == NULL)
		return ASSAY_E_MEMORY;
	const enum assay_status s = assay_hasher_init(h, hashes[algorithm]);
	if (s != ASSAY_OK)
		portable_drop(h);
	else
		*ret_stream = h;
	return s;
}

static enum assay_status
portable_add(void *stream, struct assay_span bytes)
{
	struct assay_hasher *h = stream;
	return assay_hasher_update(h, bytes);
}

static enum assay_status
portable_end(void *stream, unsigned char *ret_digest)
{
	struct assay_hasher *h = stream;
	return assay_hasher_final(h, ret_digest);
}

const struct engine_kind engine_portable = {"portable",
    "libassay's own functions, one message at a time", false, portable_open, portable_close,
    portable_many, portable_begin, portable_add, portable_end, portable_drop};
