/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 of sixteen messages at once: each of a register's sixteen words belongs to another one.
 */
#include <immintrin.h>

#include "kernel_words.h"
#include "lanes.h"

/* What the kernel has compiled in; kernel_avx512_here() looks for the same. */
#define BY_AVX512 __attribute__((target("avx512f,avx512bw")))
#define WORDS_A_BLOCK 16

/* Rows to columns: row[l] holds sixteen words of lane l before, and row[i] word i of each lane after. */
BY_AVX512 static inline void
transpose(__m512i row[WORDS_A_BLOCK])
{
	__m512i pairs[WORDS_A_BLOCK], fours[WORDS_A_BLOCK];
	for (size_t i = 0; i < WORDS_A_BLOCK; i += 2) {
		pairs[i] = _mm512_unpacklo_epi32(row[i], row[i + 1]);
		pairs[i + 1] = _mm512_unpackhi_epi32(row[i], row[i + 1]);
	}
	for (size_t i = 0; i < WORDS_A_BLOCK; i += 4) {
		fours[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
		fours[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
		fours[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
		fours[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
	}
	for (size_t i = 0; i < 4; i++) {
		const __m512i low02 = _mm512_shuffle_i32x4(fours[i], fours[4 + i], 0x88);
		const __m512i low13 = _mm512_shuffle_i32x4(fours[i], fours[4 + i], 0xdd);
		const __m512i high02 = _mm512_shuffle_i32x4(fours[8 + i], fours[12 + i], 0x88);
		const __m512i high13 = _mm512_shuffle_i32x4(fours[8 + i], fours[12 + i], 0xdd);
		row[i] = _mm512_shuffle_i32x4(low02, high02, 0x88);
		row[4 + i] = _mm512_shuffle_i32x4(low13, high13, 0x88);
		row[8 + i] = _mm512_shuffle_i32x4(low02, high02, 0xdd);
		row[12 + i] = _mm512_shuffle_i32x4(low13, high13, 0xdd);
	}
}

/* FIPS 180-4, 4.1.2; the three inputs' truth tables are those of exclusive or, choice and majority. */
#define XOR3(x, y, z) _mm512_ternarylogic_epi32(x, y, z, 0x96)
#define CHOICE(x, y, z) _mm512_ternarylogic_epi32(x, y, z, 0xca)
#define MAJORITY(x, y, z) _mm512_ternarylogic_epi32(x, y, z, 0xe8)
#define ROTATE(x, n) _mm512_ror_epi32(x, n)
#define ADD(x, y) _mm512_add_epi32(x, y)
#define BIG_SIGMA0(x) XOR3(ROTATE(x, 2), ROTATE(x, 13), ROTATE(x, 22))
#define BIG_SIGMA1(x) XOR3(ROTATE(x, 6), ROTATE(x, 11), ROTATE(x, 25))
#define SMALL_SIGMA0(x) XOR3(ROTATE(x, 7), ROTATE(x, 18), _mm512_srli_epi32(x, 3))
#define SMALL_SIGMA1(x) XOR3(ROTATE(x, 17), ROTATE(x, 19), _mm512_srli_epi32(x, 10))

BY_AVX512 static inline void
load(__m512i w[WORDS_A_BLOCK], const unsigned char *const data[LANES_MAX], size_t offset)
{
	const __m512i swap
	    = _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
	for (size_t l = 0; l < LANES_MAX; l++) {
		const void *const block = data[l] + offset;
		w[l] = _mm512_shuffle_epi8(_mm512_loadu_si512(block), swap);
	}
	transpose(w);
}

/*
 * Sixteen rounds. The words stay where they are and their names move: of round i, A is v[-i mod 8]. What the round before computed last is
 * added last, so that the rest is there when it comes: that order is worth a third, and meson.build tells gcc to leave it.
 */
BY_AVX512 static inline __attribute__((always_inline)) void
sixteen(__m512i v[LANES_WORDS], __m512i w[WORDS_A_BLOCK], const uint32_t constants[WORDS_A_BLOCK], bool more)
{
#pragma GCC unroll 16
	for (unsigned i = 0; i < WORDS_A_BLOCK; i++) {
		const __m512i a = v[(64 - i) & 7], b = v[(65 - i) & 7], c = v[(66 - i) & 7], e = v[(68 - i) & 7];
		const __m512i f = v[(69 - i) & 7], g = v[(70 - i) & 7], h = v[(71 - i) & 7];
		const __m512i k = ADD(h, ADD(w[i], _mm512_set1_epi32((int)constants[i])));
		const __m512i ch = CHOICE(e, f, g), s1 = BIG_SIGMA1(e);
		v[(67 - i) & 7] = ADD(ADD(ADD(v[(67 - i) & 7], k), ch), s1);
		v[(71 - i) & 7] = ADD(ADD(ADD(ADD(k, ch), s1), MAJORITY(a, b, c)), BIG_SIGMA0(a));
		if (more)
			w[i] = ADD(ADD(w[i], w[(i + 9) & 15]), ADD(SMALL_SIGMA0(w[(i + 1) & 15]), SMALL_SIGMA1(w[(i + 14) & 15])));
	}
}

BY_AVX512 void
kernel_avx512(struct lanes_states *s, const unsigned char *const data[LANES_MAX], size_t blocks)
{
	__m512i v[LANES_WORDS], w[WORDS_A_BLOCK];
	for (size_t i = 0; i < LANES_WORDS; i++) {
		const void *const from = s->words[i];
		v[i] = _mm512_load_si512(from);
	}
	for (size_t n = 0; n < blocks; n++) {
		load(w, data, n * LANES_BLOCK);
		for (unsigned r = 0; r < 48; r += 16)
			sixteen(v, w, kernel_words + r, true);
		sixteen(v, w, kernel_words + 48, false);
		for (size_t i = 0; i < LANES_WORDS; i++) {
			void *const kept = s->words[i];
			v[i] = ADD(v[i], _mm512_load_si512(kept));
			_mm512_store_si512(kept, v[i]);
		}
	}
}

bool
kernel_avx512_here(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}
