/* SPDX-License-Identifier: Apache-2.0 */
#include "merkle.h"

#include <base/cleanup.h>
#include <string.h>

/* struct fsverity_descriptor: version, hash algorithm (1: SHA-256), log2 of the block size; size at
 * 8, root at 16; all else zero. */
#define VERSION 1
#define SHA256_ID 1
#define LOG_BLOCK 12
#define SIZE_AT 8
#define ROOT_AT 16

void
merkle_begin(struct merkle *m)
{
	m->blocks = 0;
	memset(m->used, 0, sizeof(m->used));
}

/* Adds a digest to a level; ret_full when that fills its block, whose digest it then replaces. */
static enum assay_status
lift(struct merkle *m, struct engine *e, unsigned char digest[ENGINE_SHA256_SIZE])
{
	for (unsigned i = 0; i < MERKLE_LEVELS; i++) {
		memcpy(m->level[i] + (size_t)m->used[i] * ENGINE_SHA256_SIZE, digest,
		    ENGINE_SHA256_SIZE);
		m->used[i]++;
		if (m->used[i] < MERKLE_FANOUT)
			return ASSAY_OK;
		m->used[i] = 0;
		const struct engine_message message = {m->level[i], MERKLE_BLOCK, digest};
		TRY(e->kind->many(e, &message, 1));
	}
	return ASSAY_E_LIMIT;
}

enum assay_status
merkle_add(struct merkle *m, struct engine *e, const unsigned char *digests, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		unsigned char digest[ENGINE_SHA256_SIZE];
		memcpy(digest, digests + i * ENGINE_SHA256_SIZE, sizeof(digest));
		TRY(lift(m, e, digest));
	}
	m->blocks += count;
	return ASSAY_OK;
}

/*
 * From the leaves upwards, what is left of each level becomes one digest of the next. A level that
 * has come to one digest in all is the root: no full block of it was ever raised, and nothing came
 * from below but that.
 */
enum assay_status
merkle_root(struct merkle *m, struct engine *e, unsigned char ret_root[ENGINE_SHA256_SIZE])
{
	uint64_t count = m->blocks;
	memset(ret_root, 0, ENGINE_SHA256_SIZE);
	if (count == 0)
		return ASSAY_OK;
	for (unsigned i = 0; i < MERKLE_LEVELS; i++) {
		if (count == 1) {
			memcpy(ret_root, m->level[i], ENGINE_SHA256_SIZE);
			return ASSAY_OK;
		}
		if (m->used[i] > 0) {
			const size_t filled = (size_t)m->used[i] * ENGINE_SHA256_SIZE;
			unsigned char digest[ENGINE_SHA256_SIZE];
			memset(m->level[i] + filled, 0, MERKLE_BLOCK - filled);
			const struct engine_message message = {m->level[i], MERKLE_BLOCK, digest};
			TRY(e->kind->many(e, &message, 1));
			if (i + 1 == MERKLE_LEVELS)
				return ASSAY_E_LIMIT;
			memcpy(m->level[i + 1] + (size_t)m->used[i + 1] * ENGINE_SHA256_SIZE,
			    digest, sizeof(digest));
			m->used[i + 1]++;
		}
		count = (count + MERKLE_FANOUT - 1) / MERKLE_FANOUT;
	}
	return ASSAY_E_LIMIT;
}

void
merkle_descriptor(uint64_t size, const unsigned char root[ENGINE_SHA256_SIZE],
    unsigned char ret_descriptor[MERKLE_DESCRIPTOR])
{
	memset(ret_descriptor, 0, MERKLE_DESCRIPTOR);
	ret_descriptor[0] = VERSION;
	ret_descriptor[1] = SHA256_ID;
	ret_descriptor[2] = LOG_BLOCK;
	for (unsigned i = 0; i < sizeof(size); i++)
		ret_descriptor[SIZE_AT + i] = (unsigned char)(size >> (8 * i));
	memcpy(ret_descriptor + ROOT_AT, root, ENGINE_SHA256_SIZE);
}
