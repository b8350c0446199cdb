/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small files lie in a worker's buffer side by side until it is full. Then the digests of all of
 * them are computed together, so that every lane of an engine has something to do: first the files
 * and their blocks, then the blocks of digests above those, and last the descriptors.
 */
#include <base/cleanup.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

/* Up to WORK_SMALL there is one block of digests above a file's blocks. */
_Static_assert(WORK_SMALL <= MERKLE_FANOUT * MERKLE_BLOCK, "small files have trees of one level");

static enum assay_status
hash_messages(struct worker *w, size_t n)
{
	return n == 0 ? ASSAY_OK : w->engine.kind->many(&w->engine, w->messages, n);
}

/* A file, and right behind it its first block: an engine may hash once what these begin with. What is long comes before what is short,
 * so that no lane is left with much when the others are done. */
static enum assay_status
hash_contents(struct worker *w)
{
	const bool sha256 = (w->want & HASH_SHA256) != 0, verity = (w->want & HASH_VERITY) != 0;
	size_t n = 0;
	for (size_t i = 0; i < w->small_count; i++) {
		const struct small *s = &w->small[i];
		if (sha256)
			w->messages[n++] =
			    (struct engine_message){s->data, s->size, s->result->sha256};
		if (verity && s->blocks > 0)
			w->messages[n++] =
			    (struct engine_message){s->data, MERKLE_BLOCK, w->digests[s->first]};
	}
	for (size_t i = 0; verity && i < w->small_count; i++) {
		const struct small *s = &w->small[i];
		for (size_t j = 1; j < s->blocks; j++)
			w->messages[n++] = (struct engine_message){
			    s->data + j * MERKLE_BLOCK, MERKLE_BLOCK, w->digests[s->first + j]};
	}
	return hash_messages(w, n);
}

/* A file's content isn't needed any more: the block of digests above it takes its place, and then
 * the descriptor. */
static enum assay_status
hash_trees(struct worker *w)
{
	size_t n = 0;
	for (size_t i = 0; i < w->small_count; i++) {
		const struct small *s = &w->small[i];
		if (s->blocks < 2)
			continue;
		const size_t filled = s->blocks * ENGINE_SHA256_SIZE;
		memcpy(s->data, w->digests[s->first], filled);
		memset(s->data + filled, 0, MERKLE_BLOCK - filled);
		w->messages[n++] =
		    (struct engine_message){s->data, MERKLE_BLOCK, w->digests[s->first]};
	}
	TRY(hash_messages(w, n));
	static const unsigned char no_root[ENGINE_SHA256_SIZE];
	for (size_t i = 0; i < w->small_count; i++) {
		const struct small *s = &w->small[i];
		merkle_descriptor(
		    s->size, s->blocks == 0 ? no_root : w->digests[s->first], w->descriptors[i]);
		w->messages[i] = (struct engine_message){
		    w->descriptors[i], MERKLE_DESCRIPTOR, s->result->verity};
	}
	return hash_messages(w, w->small_count);
}

/* What engines have no lanes for. */
static enum assay_status
hash_long_digests(struct worker *w)
{
	const unsigned want = w->want & (HASH_SHA384 | HASH_SHA512);
	for (size_t i = 0; want != 0 && i < w->small_count; i++) {
		CLEANUP(work_streams_done) struct work_streams streams = {.kind = w->engine.kind};
		const struct small *s = &w->small[i];
		TRY(work_streams_begin(w, want, &streams));
		TRY(work_streams_add(&streams, (struct assay_span){s->data, s->size}));
		TRY(work_streams_end(&streams, s->result));
	}
	return ASSAY_OK;
}

/* The longest first. */
static int
by_size(const void *a, const void *b)
{
	const struct small *left = a, *right = b;
	return left->size < right->size ? 1 : -(left->size > right->size);
}

enum assay_status
work_flush(struct worker *w)
{
	qsort(w->small, w->small_count, sizeof w->small[0], by_size);
	TRY(hash_long_digests(w));
	TRY(hash_contents(w));
	if ((w->want & HASH_VERITY) != 0)
		TRY(hash_trees(w));
	w->blocks = w->small_count = 0;
	return ASSAY_OK;
}

enum assay_status
work_small(struct worker *w, const struct reading *r, struct hash_result *result)
{
	/* Of a file that calls itself empty one byte is asked for all the same; and of one that nobody looks at again, one more than it has. */
	const size_t size = (size_t)r->before.size, least = size == 0 ? 1 : size;
	const size_t ask = w->known ? size + 1 : least;
	const size_t blocks = (least + MERKLE_BLOCK - 1) / MERKLE_BLOCK;
	if (w->small_count == WORK_BLOCKS || blocks > WORK_BLOCKS - w->blocks)
		TRY(work_flush(w));
	unsigned char *data = w->buffer + w->blocks * MERKLE_BLOCK;
	size_t len = 0;
	bool hole = false;
	const int error = work_read(r, 0, data, ask, &len, &hole);
	/* A hole was not read to its end. */
	if (error == 0 && w->known && !hole)
		work_settle_once(r, len, result);
	else
		work_settle(r, len, error, result);
	if (result->outcome != HASH_DONE)
		return ASSAY_OK;
	if ((w->want & HASH_VERITY) != 0)
		memset(data + len, 0, blocks * MERKLE_BLOCK - len);
	struct small *s = &w->small[w->small_count++];
	*s = (struct small){result, data, size, size == 0 ? 0 : blocks, w->blocks};
	w->blocks += s->blocks;
	return ASSAY_OK;
}
