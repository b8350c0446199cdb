/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Level 0 holds the digests of the data blocks; each block of 128 digests of a level has its digest in the level above. The
 * level with one digest holds the root, and so isn't filled up to a block.
 */
#include <assay/fsverity.h>
#include <string.h>

#include "crypto.h"

#define BLOCK ((uint64_t)ASSAY_FSVERITY_BLOCK)
#define FANOUT ((uint64_t)ASSAY_FSVERITY_FANOUT)
#define DESCRIPTOR_SIZE 256

_Static_assert(FANOUT * ASSAY_SHA256_SIZE == BLOCK, "a block holds as many digests as that");

enum phase {
	NOT_BEGUN,
	OPEN = 0x66737679, /* as in hash.c */
};

static const unsigned char zeros[ASSAY_FSVERITY_BLOCK];

/* How many of the size above hold so many of the size below; for counts that may be as large as they get. */
static uint64_t
blocks_of(uint64_t count, uint64_t size)
{
	return count / size + (count % size != 0);
}

/* Fills a block, of which so many bytes came, takes its digest and begins the next. */
static enum assay_status
block_end(struct assay_hasher *block, uint64_t filled, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	enum assay_status status = assay_hasher_update(block, (struct assay_span) { zeros, (size_t)(BLOCK - filled) });

	if (status == ASSAY_OK)
		status = assay_hasher_final(block, ret_digest);
	if (status == ASSAY_OK)
		status = assay_hasher_init(block, ASSAY_SHA256);
	return status;
}

/* A digest comes into a level; what it fills goes up. */
static enum assay_status
push(struct assay_fsverity *v, size_t level, const unsigned char digest[ASSAY_SHA256_SIZE])
{
	enum assay_status status = ASSAY_OK;
	bool full = true;

	memcpy(v->level[level].last, digest, ASSAY_SHA256_SIZE);
	for (; status == ASSAY_OK && full && level < ASSAY_FSVERITY_LEVELS; level++) {
		status = assay_hasher_update(&v->level[level].block,
		    (struct assay_span) { v->level[level].last, ASSAY_SHA256_SIZE });
		full = ++v->level[level].filled == FANOUT;
		if (status == ASSAY_OK && full) {
			v->level[level].filled = 0;
			status = block_end(&v->level[level].block, BLOCK, v->level[level + 1].last);
		}
	}
	return status;
}

enum assay_status
assay_fsverity_init(struct assay_fsverity *v)
{
	memset(v, 0, sizeof *v);
	enum assay_status status = assay_hasher_init(&v->block, ASSAY_SHA256);
	for (size_t i = 0; status == ASSAY_OK && i < ASSAY_FSVERITY_LEVELS; i++)
		status = assay_hasher_init(&v->level[i].block, ASSAY_SHA256);
	v->phase = OPEN;
	if (status != ASSAY_OK)
		assay_fsverity_done(v);
	return status;
}

/* A file that came apart is no file any more. */
static enum assay_status
give_up(struct assay_fsverity *v, enum assay_status status)
{
	if (status != ASSAY_OK)
		assay_fsverity_done(v);
	return status;
}

enum assay_status
assay_fsverity_update(struct assay_fsverity *v, struct assay_span bytes)
{
	enum assay_status status = v->phase != OPEN || v->ended ? ASSAY_E_USAGE : ASSAY_OK;

	if (status == ASSAY_OK && bytes.len > UINT64_MAX - v->size)
		status = ASSAY_E_LIMIT;
	while (status == ASSAY_OK && bytes.len > 0) {
		uint64_t filled = v->size % BLOCK;
		size_t len = bytes.len < BLOCK - filled ? bytes.len : (size_t)(BLOCK - filled);
		status = assay_hasher_update(&v->block, (struct assay_span) { bytes.data, len });
		bytes = (struct assay_span) { bytes.data + len, bytes.len - len };
		v->size += len;
		if (status == ASSAY_OK && filled + len == BLOCK) {
			unsigned char digest[ASSAY_SHA256_SIZE];
			status = block_end(&v->block, BLOCK, digest);
			if (status == ASSAY_OK)
				status = push(v, 0, digest);
		}
	}
	return give_up(v, status);
}

enum assay_status
assay_fsverity_update_blocks(struct assay_fsverity *v, struct assay_span digests, uint64_t size)
{
	enum assay_status status = ASSAY_OK;

	if (v->phase != OPEN || v->ended || v->size % BLOCK != 0 || digests.len % ASSAY_SHA256_SIZE != 0 ||
	    blocks_of(size, BLOCK) != digests.len / ASSAY_SHA256_SIZE)
		status = ASSAY_E_USAGE;
	else if (size > UINT64_MAX - v->size)
		status = ASSAY_E_LIMIT;
	for (size_t at = 0; status == ASSAY_OK && at < digests.len; at += ASSAY_SHA256_SIZE)
		status = push(v, 0, digests.data + at);
	if (status == ASSAY_OK) {
		v->size += size;
		v->ended = size % BLOCK != 0;
	}
	return give_up(v, status);
}

/* Fills what is unfinished, level by level, and takes the root where one digest is all there is. */
static enum assay_status
finish(struct assay_fsverity *v, unsigned char root[ASSAY_SHA256_SIZE])
{
	enum assay_status status = ASSAY_OK;
	unsigned char digest[ASSAY_SHA256_SIZE];
	uint64_t count = blocks_of(v->size, BLOCK);
	size_t level = 0;

	if (v->size % BLOCK != 0 && !v->ended) {
		status = block_end(&v->block, v->size % BLOCK, digest);
		if (status == ASSAY_OK)
			status = push(v, 0, digest);
	}
	for (; status == ASSAY_OK && count > 1; count = blocks_of(count, FANOUT), level++) {
		unsigned filled = v->level[level].filled;
		if (filled == 0)
			continue;
		v->level[level].filled = 0;
		status = block_end(&v->level[level].block, (uint64_t)filled * ASSAY_SHA256_SIZE, digest);
		if (status == ASSAY_OK)
			status = push(v, level + 1, digest);
	}
	memcpy(root, v->level[level].last, ASSAY_SHA256_SIZE);
	return status;
}

enum assay_status
assay_fsverity_final(struct assay_fsverity *v, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	unsigned char root[ASSAY_SHA256_SIZE];

	if (v->phase != OPEN)
		return ASSAY_E_USAGE;
	enum assay_status status = finish(v, root);
	if (status == ASSAY_OK)
		status = assay_fsverity_file_digest(root, v->size, ret_digest);
	assay_fsverity_done(v);
	return status;
}

void
assay_fsverity_done(struct assay_fsverity *v)
{
	if (v->phase != OPEN)
		return;
	assay_hasher_done(&v->block);
	for (size_t i = 0; i < ASSAY_FSVERITY_LEVELS; i++)
		assay_hasher_done(&v->level[i].block);
	memset(v, 0, sizeof *v);
}

enum assay_status
assay_fsverity_digest(struct assay_span file, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	struct assay_fsverity v;
	enum assay_status status = assay_fsverity_init(&v);

	if (status == ASSAY_OK)
		status = assay_fsverity_update(&v, file);
	if (status == ASSAY_OK)
		status = assay_fsverity_final(&v, ret_digest);
	assay_fsverity_done(&v);
	return status;
}

enum assay_status
assay_fsverity_level(const unsigned char *digests, size_t count, unsigned char *ret_digests)
{
	enum assay_status status = count == 0 ? ASSAY_E_USAGE : ASSAY_OK;

	for (size_t at = 0; status == ASSAY_OK && at < count; at += ASSAY_FSVERITY_FANOUT) {
		size_t n = count - at < ASSAY_FSVERITY_FANOUT ? count - at : ASSAY_FSVERITY_FANOUT;
		const struct assay_span parts[] = {
			{ digests + at * ASSAY_SHA256_SIZE, n * ASSAY_SHA256_SIZE },
			{ zeros, ASSAY_FSVERITY_BLOCK - n * ASSAY_SHA256_SIZE },
		};
		status = crypto_hash_parts(ASSAY_SHA256, parts, 2,
		    ret_digests + at / ASSAY_FSVERITY_FANOUT * ASSAY_SHA256_SIZE);
	}
	return status;
}

/*
 * struct fsverity_descriptor: version 1, hash algorithm 1 (SHA-256), log2 of the block size, size of the salt, 4 bytes
 * reserved, the file's size (little-endian), the root in 64 bytes, the salt in 32, 144 reserved.
 */
enum assay_status
assay_fsverity_file_digest(const unsigned char *root, uint64_t size, unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	unsigned char descriptor[DESCRIPTOR_SIZE] = { 1, 1, 12 };

	if (size > 0 && root == NULL)
		return ASSAY_E_USAGE;
	for (unsigned i = 0; i < 8; i++)
		descriptor[8 + i] = (unsigned char)(size >> 8 * i & 0xffU);
	if (size > 0)
		memcpy(descriptor + 16, root, ASSAY_SHA256_SIZE);
	return assay_sha256((struct assay_span) { descriptor, sizeof descriptor }, ret_digest);
}
