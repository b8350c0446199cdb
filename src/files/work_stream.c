/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of any size through one worker's buffer, chunk by chunk.
 */
#include <base/cleanup.h>
#include <fcntl.h>
#include <string.h>

#include "work.h"

struct stream {
	unsigned flag;
	enum engine_algorithm algorithm;
	size_t offset; /* of the digest in a result */
};

static const struct stream streams[WORK_STREAMS] = {
    {HASH_SHA256, ENGINE_SHA256, offsetof(struct hash_result, sha256)},
    {HASH_SHA384, ENGINE_SHA384, offsetof(struct hash_result, sha384)},
    {HASH_SHA512, ENGINE_SHA512, offsetof(struct hash_result, sha512)},
};

/* The SHA-256 of a block of zero bytes: proved by each engine's own digests of blocks in tests. */
static const unsigned char zero_block[ENGINE_SHA256_SIZE] = {0xad, 0x7f, 0xac, 0xb2, 0x58, 0x6f,
    0xc6, 0xe9, 0x66, 0xc0, 0x04, 0xd7, 0xd1, 0xd1, 0x6b, 0x02, 0x4f, 0x58, 0x05, 0xff, 0x7c, 0xb4,
    0x7c, 0x7a, 0x85, 0xda, 0xbd, 0x8b, 0x48, 0x89, 0x2c, 0xa7};

void
work_streams_done(struct work_streams *s)
{
	for (size_t i = 0; i < WORK_STREAMS; i++) {
		if (s->inside[i] != NULL)
			s->kind->drop(s->inside[i]);
	}
}

enum assay_status
work_streams_begin(struct worker *w, unsigned want, struct work_streams *s)
{
	for (size_t i = 0; i < WORK_STREAMS; i++) {
		if ((want & streams[i].flag) != 0)
			TRY(s->kind->begin(&w->engine, streams[i].algorithm, &s->inside[i]));
	}
	return ASSAY_OK;
}

enum assay_status
work_streams_add(struct work_streams *s, struct assay_span bytes)
{
	for (size_t i = 0; i < WORK_STREAMS; i++) {
		if (s->inside[i] != NULL)
			TRY(s->kind->add(s->inside[i], bytes));
	}
	return ASSAY_OK;
}

enum assay_status
work_streams_end(struct work_streams *s, struct hash_result *result)
{
	for (size_t i = 0; i < WORK_STREAMS; i++) {
		if (s->inside[i] != NULL)
			TRY(s->kind->end(
			    s->inside[i], (unsigned char *)result + streams[i].offset));
	}
	return ASSAY_OK;
}

enum assay_status
work_blocks(
    struct worker *w, unsigned char *data, size_t len, bool hole, unsigned char *ret_digests)
{
	const size_t blocks = (len + MERKLE_BLOCK - 1) / MERKLE_BLOCK;
	if (hole) {
		for (size_t i = 0; i < blocks; i++)
			memcpy(
			    ret_digests + i * ENGINE_SHA256_SIZE, zero_block, sizeof(zero_block));
		return ASSAY_OK;
	}
	memset(data + len, 0, blocks * MERKLE_BLOCK - len);
	for (size_t i = 0; i < blocks; i++)
		w->messages[i] = (struct engine_message){
		    data + i * MERKLE_BLOCK, MERKLE_BLOCK, ret_digests + i * ENGINE_SHA256_SIZE};
	return blocks == 0 ? ASSAY_OK : w->engine.kind->many(&w->engine, w->messages, blocks);
}

enum assay_status
work_verity(struct worker *w, struct merkle *m, uint64_t size, struct hash_result *result)
{
	unsigned char root[ENGINE_SHA256_SIZE], descriptor[MERKLE_DESCRIPTOR];
	TRY(merkle_root(m, &w->engine, root));
	merkle_descriptor(size, root, descriptor);
	const struct engine_message message = {descriptor, sizeof(descriptor), result->verity};
	return w->engine.kind->many(&w->engine, &message, 1);
}

enum assay_status
work_stream(struct worker *w, const struct reading *r, struct hash_result *result)
{
	CLEANUP(work_streams_done) struct work_streams s = {.kind = w->engine.kind};
	const bool verity = (w->want & HASH_VERITY) != 0;
	uint64_t bytes = 0;
	size_t len = WORK_CHUNK;
	int error = 0;
	TRY(work_streams_begin(w, w->want, &s));
	merkle_begin(&w->merkle);
	(void)posix_fadvise(r->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	/* A file that grows is not followed far beyond what it was. */
	while (len == WORK_CHUNK && bytes <= r->before.size) {
		bool hole = false;
		error = work_read(r, bytes, w->buffer, WORK_CHUNK, &len, &hole);
		if (error != 0)
			break;
		TRY(work_streams_add(&s, (struct assay_span){w->buffer, len}));
		if (verity) {
			TRY(work_blocks(w, w->buffer, len, hole, w->digests[0]));
			TRY(merkle_add(&w->merkle, &w->engine, w->digests[0],
			    (len + MERKLE_BLOCK - 1) / MERKLE_BLOCK));
		}
		bytes += len;
	}
	if (error == 0) {
		TRY(work_streams_end(&s, result));
		if (verity)
			TRY(work_verity(w, &w->merkle, bytes, result));
	}
	work_settle(r, bytes, error, result);
	return ASSAY_OK;
}
