/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 of many messages by kernels that take several of them further at once. Own code, for no library lets two messages share what
 * they begin with: docs/architecture.md, "Hashing".
 */
#pragma once

#include "engine.h"

#define LANES_MAX 16
#define LANES_NARROW 3
#define LANES_WORDS 8
#define LANES_BLOCK 64u

/* The words A to H of every lane: words[0][5] is A of lane 5. */
struct lanes_states {
	_Alignas(64) uint32_t words[LANES_WORDS][LANES_MAX];
};

/* Takes all lanes further by blocks blocks; data of each is read. */
typedef void lanes_wide(struct lanes_states *s, const unsigned char *const data[LANES_MAX], size_t blocks);
/* Takes three lanes further; the same one three times is the same as once. */
typedef void lanes_narrow(struct lanes_states *s, const size_t lanes[LANES_NARROW], const unsigned char *const data[LANES_NARROW],
    size_t blocks);

struct lanes_kernels {
	size_t lanes; /* messages that are under way at once */
	size_t few;   /* up to this many narrow is faster than wide; at least lanes where wide is NULL */
	lanes_wide *wide;
	lanes_narrow *narrow;
};

/* The SHA-256 of each of n messages. One that begins where the one before it does is hashed together with it as far as both go. */
void lanes_sha256(const struct lanes_kernels *k, const struct engine_message *messages, size_t n);

/* One long message by SHA instructions, piece by piece. */
struct lanes_stream {
	struct lanes_states states; /* of lane 0 */
	uint64_t len;
	unsigned char rest[LANES_BLOCK]; /* what fills no block yet */
};
void lanes_begin(struct lanes_stream *s);
void lanes_add(struct lanes_stream *s, struct assay_span bytes);
void lanes_end(struct lanes_stream *s, unsigned char ret_digest[ENGINE_SHA256_SIZE]);

/* -------- kernels -------- */

/* SHA instructions, and whether this machine has them. */
lanes_narrow kernel_sha;
void kernel_sha_one(struct lanes_states *s, size_t lane, const unsigned char *data, size_t blocks);
bool kernel_sha_here(void);
/* AVX-512 registers. */
lanes_wide kernel_avx512;
bool kernel_avx512_here(void);
