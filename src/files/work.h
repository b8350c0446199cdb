/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one thread does to one job, or several threads to one large file. A worker belongs to one
 * thread at a time.
 */
#pragma once

#include <files/hash.h>

#include "engine.h"
#include "merkle.h"

/* Room for content of files, of each worker; whole blocks. Behind it is room for a byte more. */
#define WORK_BUFFER (HASH_BUFFERS_MAX / HASH_THREADS_MAX)
#define WORK_BLOCKS (WORK_BUFFER / MERKLE_BLOCK)
/* Files up to this are hashed together with others. */
#define WORK_SMALL (WORK_BUFFER / 2)
/* What a long file is read by; whole blocks, and of them a multiple of the lanes of every engine, so
 * that none is idle. */
#define WORK_CHUNK (WORK_BUFFER / 2)
#define WORK_CHUNK_BLOCKS (WORK_CHUNK / MERKLE_BLOCK)
_Static_assert(WORK_CHUNK_BLOCKS % 48 == 0, "2, 3, 8 or 16 lanes all have something to do");
/* Files from this on are hashed by all threads together. */
#define WORK_LARGE ((uint64_t)16 << 20)

enum job_kind {
	JOB_FILE,
	JOB_OPEN_FILE,
	JOB_LOOK,
	JOB_COUNT,
};

struct job {
	enum job_kind kind;
	int fd;	      /* JOB_OPEN_FILE; -1 */
	char *target; /* of a link, allocated */
	uint64_t most; /* bytes that it may have */
	struct hash_result result;
};

/* A file that is being read. */
struct reading {
	int fd;
	struct walk_facts before;
};

/* A small file whose content lies in a worker's buffer. */
struct small {
	struct hash_result *result;
	unsigned char *data; /* filled up with zero bytes to whole blocks, where fs-verity is wanted */
	size_t size, blocks;
	size_t first; /* of its blocks among the worker's */
};

struct worker {
	unsigned want;
	bool known; /* hash_options */
	struct engine engine;
	unsigned char *buffer;
	size_t blocks, small_count;
	struct small small[WORK_BLOCKS];
	struct merkle merkle;
	unsigned char digests[WORK_BLOCKS][ENGINE_SHA256_SIZE];
	unsigned char descriptors[WORK_BLOCKS][MERKLE_DESCRIPTOR];
	struct engine_message messages[2 * WORK_BLOCKS];
};

/*
 * Does a job but for what small files have to wait for: when work_flush() was called as well, all
 * results are there. What may fail is the engine and memory; what is wrong with a file is an
 * outcome.
 */
ASSAY_MUST_USE enum assay_status work_do(struct worker *w, struct job *job);
ASSAY_MUST_USE enum assay_status work_flush(struct worker *w);
ASSAY_MUST_USE enum assay_status work_stream(
    struct worker *w, const struct reading *r, struct hash_result *result);

struct pool;
/* One file by all workers. */
ASSAY_MUST_USE enum assay_status work_large(struct pool *pool, struct worker *const *workers,
    size_t count, const struct reading *r, struct hash_result *result);

/* Reads a file of at most WORK_SMALL bytes, and flushes before when there is no room. */
ASSAY_MUST_USE enum assay_status work_small(
    struct worker *w, const struct reading *r, struct hash_result *result);

/* -------- pieces of these -------- */

/* Opens what a job names. False when the outcome is known without reading; fd -1 then. */
bool work_open(struct job *job, struct reading *ret_reading);
/* After the last byte was read: HASH_DONE when nothing changed, with the facts; anything else takes
 * the digests away. */
void work_settle(const struct reading *r, uint64_t bytes, int error, struct hash_result *result);
/* The same for a file that one read took to its end, by which it is told that it has no more; nobody asks again. */
void work_settle_once(const struct reading *r, uint64_t bytes, struct hash_result *result);
void work_no_digests(struct hash_result *result);
/*
 * len bytes from offset on, or fewer at the file's end. Where the file has a hole that long nothing
 * is read; out is filled with zero bytes and ret_hole set. 0 or an errno.
 */
int work_read(const struct reading *r, uint64_t offset, unsigned char *out, size_t len,
    size_t *ret_len, bool *ret_hole);
/* The digests of the blocks in data (len bytes; room for whole blocks, which are filled with zero
 * bytes). */
ASSAY_MUST_USE enum assay_status work_blocks(
    struct worker *w, unsigned char *data, size_t len, bool hole, unsigned char *ret_digests);

/* The SHA-2 digests that are wanted of one file, piece by piece. */
#define WORK_STREAMS 3
struct work_streams {
	const struct engine_kind *kind;
	void *inside[WORK_STREAMS];
};
ASSAY_MUST_USE enum assay_status work_streams_begin(
    struct worker *w, unsigned want, struct work_streams *s);
ASSAY_MUST_USE enum assay_status work_streams_add(struct work_streams *s, struct assay_span bytes);
ASSAY_MUST_USE enum assay_status work_streams_end(
    struct work_streams *s, struct hash_result *result);
void work_streams_done(struct work_streams *s);
/* The fs-verity digest, from the tree of blocks. */
ASSAY_MUST_USE enum assay_status work_verity(
    struct worker *w, struct merkle *m, uint64_t size, struct hash_result *result);
