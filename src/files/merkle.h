/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree above a file's blocks, for fs-verity: SHA-256, blocks of 4096 bytes, no salt (Linux,
 * Documentation/filesystems/fsverity.rst). Digests of blocks go in in order; blocks of digests are
 * hashed when they are full. All hashing is the engine's.
 */
#pragma once

#include "engine.h"

#define MERKLE_BLOCK 4096u
#define MERKLE_FANOUT (MERKLE_BLOCK / ENGINE_SHA256_SIZE)
/* 128^9 blocks are more bytes than 64 bits count. */
#define MERKLE_LEVELS 9u
/* The descriptor whose digest is the file's. */
#define MERKLE_DESCRIPTOR 256u

struct merkle {
	uint64_t blocks;	      /* so far */
	unsigned used[MERKLE_LEVELS]; /* digests in the unfinished block of each level */
	unsigned char level[MERKLE_LEVELS][MERKLE_BLOCK];
};

void merkle_begin(struct merkle *m);
/* The digests of the next blocks of the file, 32 bytes each. */
ASSAY_MUST_USE enum assay_status merkle_add(
    struct merkle *m, struct engine *e, const unsigned char *digests, size_t count);
/* The root, all zero of an empty file. */
ASSAY_MUST_USE enum assay_status merkle_root(
    struct merkle *m, struct engine *e, unsigned char ret_root[ENGINE_SHA256_SIZE]);
/* What is hashed to make a file's digest out of root and size. */
void merkle_descriptor(uint64_t size, const unsigned char root[ENGINE_SHA256_SIZE],
    unsigned char ret_descriptor[MERKLE_DESCRIPTOR]);
