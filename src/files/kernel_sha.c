/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 by SHA instructions, three messages at once: one leaves the processor waiting for its own last round, and with two it still
 * waits.
 */
#include <cpuid.h>
#include <immintrin.h>

#include "kernel_words.h"
#include "lanes.h"

/* What the kernel has compiled in; kernel_sha_here() looks for the same. */
#define BY_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define CPUID_SHA (1u << 29) /* EBX of leaf 7 */

enum word { A, B, C, D, E, F, G, H };

/* As the instructions want it: A, B, E, F from the highest word down, and C, D, G, H. */
BY_SHA static __m128i
four_words(const struct lanes_states *s, size_t lane, enum word lowest, enum word second, enum word third, enum word highest)
{
	return _mm_set_epi32((int)s->words[highest][lane], (int)s->words[third][lane], (int)s->words[second][lane],
	    (int)s->words[lowest][lane]);
}

BY_SHA static void
put_back(struct lanes_states *s, size_t lane, __m128i abef, __m128i cdgh)
{
	_Alignas(16) uint32_t fe[4], hg[4];
	void *const first = fe, *const second = hg;
	_mm_store_si128(first, abef);
	_mm_store_si128(second, cdgh);
	const uint32_t words[LANES_WORDS] = { fe[3], fe[2], hg[3], hg[2], fe[1], fe[0], hg[1], hg[0] };
	for (size_t i = 0; i < LANES_WORDS; i++)
		s->words[i][lane] = words[i];
}

/* count is a constant wherever this is used, and the loops over it are gone. */
BY_SHA static inline __attribute__((always_inline)) void
take_further(struct lanes_states *s, size_t count, const size_t *lanes, const unsigned char *const *data, size_t blocks)
{
	const __m128i swap = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
	__m128i s0[LANES_NARROW], s1[LANES_NARROW];
	for (size_t l = 0; l < count; l++) {
		s0[l] = four_words(s, lanes[l], F, E, B, A);
		s1[l] = four_words(s, lanes[l], H, G, D, C);
	}
	for (size_t n = 0; n < blocks; n++) {
		__m128i w[4][LANES_NARROW], was0[LANES_NARROW], was1[LANES_NARROW];
		for (size_t l = 0; l < count; l++) {
			was0[l] = s0[l];
			was1[l] = s1[l];
		}
/* Four rounds each, sixteen of them; each lane's words of the message lie in a ring of four. */
#pragma GCC unroll 16
		for (unsigned i = 0; i < 16; i++) {
			const void *const four = kernel_words + (size_t)4 * i;
			const __m128i k = _mm_load_si128(four);
#pragma GCC unroll 3
			for (size_t l = 0; l < count; l++) {
				const void *const piece = data[l] + n * LANES_BLOCK + (size_t)16 * (i & 3);
				if (i < 4)
					w[i][l] = _mm_shuffle_epi8(_mm_loadu_si128(piece), swap);
				const __m128i x = _mm_add_epi32(w[i & 3][l], k);
				s1[l] = _mm_sha256rnds2_epu32(s1[l], s0[l], x);
				if (i >= 3 && i < 15)
					w[(i + 1) & 3][l] = _mm_sha256msg2_epu32(
					    _mm_add_epi32(w[(i + 1) & 3][l], _mm_alignr_epi8(w[i & 3][l], w[(i + 3) & 3][l], 4)), w[i & 3][l]);
				s0[l] = _mm_sha256rnds2_epu32(s0[l], s1[l], _mm_shuffle_epi32(x, 0x0e));
				if (i >= 1 && i < 13)
					w[(i + 3) & 3][l] = _mm_sha256msg1_epu32(w[(i + 3) & 3][l], w[i & 3][l]);
			}
		}
		for (size_t l = 0; l < count; l++) {
			s0[l] = _mm_add_epi32(s0[l], was0[l]);
			s1[l] = _mm_add_epi32(s1[l], was1[l]);
		}
	}
	for (size_t l = 0; l < count; l++)
		put_back(s, lanes[l], s0[l], s1[l]);
}

BY_SHA void
kernel_sha(struct lanes_states *s, const size_t lanes[LANES_NARROW], const unsigned char *const data[LANES_NARROW], size_t blocks)
{
	take_further(s, LANES_NARROW, lanes, data, blocks);
}

BY_SHA void
kernel_sha_one(struct lanes_states *s, size_t lane, const unsigned char *data, size_t blocks)
{
	take_further(s, 1, &lane, &data, blocks);
}

bool
kernel_sha_here(void)
{
	unsigned a = 0, b = 0, c = 0, d = 0;
	return __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1
	    && (b & CPUID_SHA) != 0;
}
