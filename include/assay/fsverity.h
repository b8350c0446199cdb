/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fs-verity digest of a file: SHA-256, blocks of 4096 bytes, no salt. It is the SHA-256 of a descriptor that holds the
 * file's size and the root of a Merkle tree over its blocks. Source: Linux, Documentation/filesystems/fsverity.rst,
 * sections "Merkle tree" and "fs-verity descriptor".
 *
 * struct assay_fsverity takes a file's bytes in order, in pieces of any length, in storage of the caller's (about 3 KB,
 * whatever the file's size). Who hashes blocks elsewhere, on several cores, hands in their digests in order instead, or
 * goes up the tree with assay_fsverity_level() and ends with assay_fsverity_file_digest(). As with struct assay_hasher, nothing is
 * allocated by this library.
 */
#pragma once

#include <assay/hash.h>
#include <stdbool.h>

#define ASSAY_FSVERITY_BLOCK 4096
/* Digests in one block of the tree. */
#define ASSAY_FSVERITY_FANOUT 128
/* Levels of the tree of the longest file that 64 bits can count. */
#define ASSAY_FSVERITY_LEVELS 8

/* Don't look inside. */
struct assay_fsverity {
	uint64_t size;  /* bytes so far */
	unsigned phase; /* 0: not begun, or done */
	bool ended;     /* a short block came */
	struct assay_hasher block; /* the data block that is being filled */
	struct {
		unsigned filled;                       /* digests in its unfinished block */
		unsigned char last[ASSAY_SHA256_SIZE]; /* the digest that came last */
		struct assay_hasher block;
	} level[ASSAY_FSVERITY_LEVELS + 1];
};

/* Begins a file. ASSAY_E_MEMORY, ASSAY_E_INTERNAL when the crypto library fails. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_fsverity_init(struct assay_fsverity *v);
/*
 * Adds the file's next bytes. ASSAY_E_LIMIT beyond 2^64 - 1 bytes; ASSAY_E_USAGE when no file was begun, its digest was taken or
 * its last block came. After any failure the file is lost: only assay_fsverity_done() and assay_fsverity_init() work.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_fsverity_update(struct assay_fsverity *v,
    struct assay_span bytes);
/*
 * Adds blocks that were hashed elsewhere: digests is a row of SHA-256 digests, 32 bytes each, of the file's next blocks, which hold
 * size bytes. Only the file's very last block may be short, and its digest is that of the block filled with zero bytes. So what was added
 * before must have come to whole blocks. ASSAY_E_USAGE when digests and size don't fit; else as above.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_fsverity_update_blocks(struct assay_fsverity *v,
    struct assay_span digests, uint64_t size);
/* The file's digest. Statuses as of assay_fsverity_update(). */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_fsverity_final(struct assay_fsverity *v,
    unsigned char ret_digest[ASSAY_SHA256_SIZE]);
/* As assay_hasher_done(). */
ASSAY_API void assay_fsverity_done(struct assay_fsverity *v);

/* All at once. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_fsverity_digest(struct assay_span file,
    unsigned char ret_digest[ASSAY_SHA256_SIZE]);

/*
 * One level up: each 128 digests (32 bytes each, in order) become one; the last block, when short, is filled with zero bytes.
 * ret_digests has room for (count + 127) / 128 digests and may be digests itself. A level of one digest is no level any more: it is the
 * root. So whoever splits a level among cores gives each a multiple of 128 digests, and calls this until one is left.
 * ASSAY_E_USAGE when count is 0.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_fsverity_level(const unsigned char *digests,
    size_t count, unsigned char *ret_digests);
/*
 * The file's digest, from its size and the tree's root: the digest of the only block of a file of at most 4096 bytes,
 * and of no bytes (root may be NULL) of an empty file.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_fsverity_file_digest(const unsigned char *root,
    uint64_t size, unsigned char ret_digest[ASSAY_SHA256_SIZE]);
