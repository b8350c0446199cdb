/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 by SHA instructions, three messages at once: one leaves the processor waiting for its own last round, and with two it still
 * waits. A message that begins where the one before it does is hashed together with that one as far as both go: so a file and its first
 * block. What is one long message, and the digests that there are no such instructions for, libcrypto does.
 */
#include <base/cleanup.h>
#include <cpuid.h>
#include <immintrin.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

#define LANES 3
#define BLOCK 64u
#define LENGTH_AT 56u
#define WORDS 8
/* What a kernel has to have compiled in; shani3_open() looks for the same. */
#define BY_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define CPUID_SHA (1u << 29) /* EBX of leaf 7 */

/* FIPS 180-4, 4.2.2. */
static const _Alignas(sizeof(__m128i)) uint32_t constants[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
    0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
    0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3,
    0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354,
    0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3,
    0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
    0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* As the instructions want it: A, B, E, F from the highest word down, and C, D, G, H. */
struct state {
	__m128i abef, cdgh;
};

/* -------- the rounds -------- */

/* blocks blocks of each lane. */
BY_SHA static void
compress(struct state states[LANES], const unsigned char *const data[LANES], size_t blocks)
{
	const __m128i swap = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
	__m128i s0[LANES], s1[LANES];
	for (size_t l = 0; l < LANES; l++) {
		s0[l] = states[l].abef;
		s1[l] = states[l].cdgh;
	}
	for (size_t n = 0; n < blocks; n++) {
		__m128i w[4][LANES], was0[LANES], was1[LANES];
		for (size_t l = 0; l < LANES; l++) {
			was0[l] = s0[l];
			was1[l] = s1[l];
		}
/* Four rounds each, sixteen of them; each lane's words of the message lie in a ring of four. */
#pragma GCC unroll 16
		for (unsigned i = 0; i < 16; i++) {
			const void *const four = constants + (size_t)4 * i;
			const __m128i k = _mm_load_si128(four);
#pragma GCC unroll 3
			for (size_t l = 0; l < LANES; l++) {
				const void *const piece = data[l] + n * BLOCK + (size_t)16 * (i & 3);
				if (i < 4)
					w[i][l] = _mm_shuffle_epi8(_mm_loadu_si128(piece), swap);
				const __m128i x = _mm_add_epi32(w[i & 3][l], k);
				s1[l] = _mm_sha256rnds2_epu32(s1[l], s0[l], x);
				if (i >= 3 && i < 15)
					w[(i + 1) & 3][l] = _mm_sha256msg2_epu32(
					    _mm_add_epi32(w[(i + 1) & 3][l],
						_mm_alignr_epi8(w[i & 3][l], w[(i + 3) & 3][l], 4)),
					    w[i & 3][l]);
				s0[l] = _mm_sha256rnds2_epu32(s0[l], s1[l], _mm_shuffle_epi32(x, 0x0e));
				if (i >= 1 && i < 13)
					w[(i + 3) & 3][l]
					    = _mm_sha256msg1_epu32(w[(i + 3) & 3][l], w[i & 3][l]);
			}
		}
		for (size_t l = 0; l < LANES; l++) {
			s0[l] = _mm_add_epi32(s0[l], was0[l]);
			s1[l] = _mm_add_epi32(s1[l], was1[l]);
		}
	}
	for (size_t l = 0; l < LANES; l++) {
		states[l].abef = s0[l];
		states[l].cdgh = s1[l];
	}
}

/* FIPS 180-4, 5.3.3. */
static struct state
initial(void)
{
	static const uint32_t abef[] = {0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667};
	static const uint32_t cdgh[] = {0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372};
	struct state s;
	memcpy(&s.abef, abef, sizeof(s.abef));
	memcpy(&s.cdgh, cdgh, sizeof(s.cdgh));
	return s;
}

static void
put_digest(const struct state *s, unsigned char *digest)
{
	uint32_t abef[4], cdgh[4];
	memcpy(abef, &s->abef, sizeof(abef));
	memcpy(cdgh, &s->cdgh, sizeof(cdgh));
	const uint32_t words[WORDS]
	    = {abef[3], abef[2], cdgh[3], cdgh[2], abef[1], abef[0], cdgh[1], cdgh[0]};
	for (size_t i = 0; i < WORDS; i++) {
		for (size_t j = 0; j < sizeof(uint32_t); j++)
			digest[4 * i + j] = (unsigned char)(words[i] >> (24 - 8 * j));
	}
}

/* -------- messages in lanes -------- */

enum part {
	PART_NONE,   /* an idle lane */
	PART_SHARED, /* what the next message begins with, too */
	PART_BODY,   /* the whole blocks after that */
	PART_END,    /* the rest, and the length */
};

struct lane {
	enum part part;
	const unsigned char *at;
	size_t blocks, shared; /* left of this part; that the message began with */
	const struct engine_message *message;
	unsigned char end[2 * BLOCK];
};

/* A message whose beginning was hashed with the one before it. */
struct begun {
	const struct engine_message *message;
	size_t blocks;
	struct state state;
};

struct work {
	const struct engine_message *next, *end;
	struct lane lanes[LANES];
	struct state states[LANES];
	size_t begun_count; /* at most one a lane: who begins two takes the second before a third */
	struct begun begun[LANES];
};

static void
begin_body(struct lane *lane)
{
	lane->part = PART_BODY;
	lane->at = lane->message->data + lane->shared * BLOCK;
	lane->blocks = lane->message->len / BLOCK - lane->shared;
}

/* FIPS 180-4, 5.1.1. */
static void
begin_end(struct lane *lane)
{
	const size_t len = lane->message->len, rest = len % BLOCK;
	const uint64_t bits = (uint64_t)len * 8;
	lane->part = PART_END;
	lane->blocks = rest < LENGTH_AT ? 1 : 2;
	memset(lane->end, 0, sizeof(lane->end));
	if (rest > 0)
		memcpy(lane->end, lane->message->data + (len - rest), rest);
	lane->end[rest] = 0x80;
	unsigned char *length = lane->end + lane->blocks * BLOCK - sizeof(bits);
	for (size_t i = 0; i < sizeof(bits); i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	lane->at = lane->end;
}

/* Whole blocks that a message has in common with the next one. */
static size_t
in_common(const struct work *w, const struct engine_message *m)
{
	const struct engine_message *other = m + 1;
	if (other == w->end || other->data != m->data)
		return 0;
	return (m->len < other->len ? m->len : other->len) / BLOCK;
}

static void
take_next(struct work *w, size_t i)
{
	struct lane *lane = &w->lanes[i];
	lane->part = PART_NONE;
	lane->shared = 0;
	if (w->begun_count > 0) {
		const struct begun *b = &w->begun[--w->begun_count];
		lane->message = b->message;
		lane->shared = b->blocks;
		w->states[i] = b->state;
		begin_body(lane);
		return;
	}
	if (w->next == w->end)
		return;
	lane->message = w->next++;
	w->states[i] = initial();
	lane->blocks = in_common(w, lane->message);
	if (lane->blocks == 0) {
		begin_body(lane);
		return;
	}
	lane->part = PART_SHARED;
	lane->at = lane->message->data;
	lane->shared = lane->blocks;
	w->next++;
}

/* To a part that has blocks, or to none when there is no message left. */
static void
advance(struct work *w, size_t i)
{
	struct lane *lane = &w->lanes[i];
	if (lane->part == PART_NONE)
		take_next(w, i);
	while (lane->part != PART_NONE && lane->blocks == 0) {
		switch (lane->part) {
		case PART_SHARED:
			w->begun[w->begun_count++]
			    = (struct begun){lane->message + 1, lane->shared, w->states[i]};
			begin_body(lane);
			break;
		case PART_BODY:
			begin_end(lane);
			break;
		case PART_END:
			put_digest(&w->states[i], lane->message->digest);
			take_next(w, i);
			break;
		case PART_NONE:
			break;
		}
	}
}

/* As many blocks as every busy lane has. An idle one does what another does, for nothing. False when all are idle. */
static bool
step(struct work *w)
{
	const unsigned char *data[LANES];
	const struct lane *busy = NULL;
	size_t blocks = SIZE_MAX;
	for (size_t i = 0; i < LANES; i++) {
		if (w->lanes[i].part == PART_NONE)
			continue;
		busy = &w->lanes[i];
		blocks = busy->blocks < blocks ? busy->blocks : blocks;
	}
	if (busy == NULL)
		return false;
	for (size_t i = 0; i < LANES; i++)
		data[i] = w->lanes[i].part == PART_NONE ? busy->at : w->lanes[i].at;
	compress(w->states, data, blocks);
	for (size_t i = 0; i < LANES; i++) {
		struct lane *lane = &w->lanes[i];
		if (lane->part == PART_NONE)
			continue;
		lane->at += blocks * BLOCK;
		lane->blocks -= blocks;
	}
	return true;
}

static enum assay_status
shani3_many(struct engine *e, const struct engine_message *messages, size_t n)
{
	struct work w = {.next = messages, .end = messages + n};
	(void)e;
	for (size_t i = 0; i < LANES; i++)
		w.states[i] = initial();
	do {
		for (size_t i = 0; i < LANES; i++)
			advance(&w, i);
	} while (step(&w));
	return ASSAY_OK;
}

/* -------- the engine -------- */

static bool
has_instructions(void)
{
	unsigned a = 0, b = 0, c = 0, d = 0;
	return __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("sse4.1") &&
	       __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1 && (b & CPUID_SHA) != 0;
}

static enum assay_status
shani3_open(struct engine *e, struct assay_error *err)
{
	if (!has_instructions())
		return assay_fail(err, ASSAY_E_NOT_FOUND,
		    "this machine has nothing for the hash engine '%s'", e->kind->name);
	return engine_evp.open(e, err);
}

static void
shani3_close(struct engine *e)
{
	engine_evp.close(e);
}

static enum assay_status
shani3_begin(struct engine *e, enum engine_algorithm algorithm, void **ret_stream)
{
	return engine_evp.begin(e, algorithm, ret_stream);
}

static enum assay_status
shani3_add(void *stream, struct assay_span bytes)
{
	return engine_evp.add(stream, bytes);
}

static enum assay_status
shani3_end(void *stream, unsigned char *ret_digest)
{
	return engine_evp.end(stream, ret_digest);
}

static void
shani3_drop(void *stream)
{
	engine_evp.drop(stream);
}

const struct engine_kind engine_shani3 = {"shani3", "SHA instructions, 3 messages at once", false,
    shani3_open, shani3_close, shani3_many, shani3_begin, shani3_add, shani3_end, shani3_drop};
