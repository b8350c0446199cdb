/* SPDX-License-Identifier: Apache-2.0 */
/* Our own kernels, held against libcrypto: whichever of them a machine would choose, and wherever one hands over to the other. */
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lanes.h"

#define MESSAGES 150
#define BYTES (1u << 16)
#define ROUNDS 6

struct messages {
	unsigned char bytes[BYTES];
	unsigned char got[MESSAGES][ENGINE_SHA256_SIZE], want[MESSAGES][ENGINE_SHA256_SIZE];
	struct engine_message list[MESSAGES];
	size_t n;
};

static uint32_t
chance(uint32_t *x, uint32_t below)
{
	*x = *x * 1664525u + 1013904223u;
	return (*x >> 8) % below;
}

/* Short, long and empty ones; every other one begins where the one before it does. */
static void
make(struct messages *m, uint32_t seed)
{
	static const uint32_t most[] = { 1, 66, 130, 4097, 9000, 20000 };
	for (size_t i = 0; i < BYTES; i++)
		m->bytes[i] = (unsigned char)chance(&seed, 256);
	m->n = chance(&seed, MESSAGES) + 1;
	for (size_t i = 0; i < m->n; i++) {
		const unsigned char *from = m->bytes + chance(&seed, BYTES / 2);
		if (i % 2 == 1 && chance(&seed, 4) != 0)
			from = m->list[i - 1].data;
		m->list[i] = (struct engine_message) { from, chance(&seed, most[chance(&seed, 6)]), m->got[i] };
		assert_int_equal(EVP_Digest(from, m->list[i].len, m->want[i], NULL, EVP_sha256(), NULL), 1);
	}
	memset(m->got, 0, sizeof m->got);
}

static void
try(const struct lanes_kernels *k)
{
	struct messages *m = calloc(1, sizeof *m);
	assert_non_null(m);
	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		make(m, seed);
		lanes_sha256(k, m->list, m->n);
		for (size_t i = 0; i < m->n; i++)
			assert_memory_equal(m->got[i], m->want[i], ENGINE_SHA256_SIZE);
	}
	lanes_sha256(k, m->list, 0);
	free(m);
}

static void
sha_instructions_alone(void **state)
{
	const struct lanes_kernels three = { LANES_NARROW, LANES_NARROW, NULL, kernel_sha };
	const struct lanes_kernels sixteen = { LANES_MAX, LANES_MAX, NULL, kernel_sha };
	(void)state;
	if (!kernel_sha_here())
		skip();
	try(&three);
	try(&sixteen);
}

static void
avx512_alone(void **state)
{
	const struct lanes_kernels k = { LANES_MAX, 0, kernel_avx512, NULL };
	(void)state;
	if (!kernel_avx512_here())
		skip();
	try(&k);
}

static void
either_from_any_number_on(void **state)
{
	(void)state;
	if (!kernel_avx512_here() || !kernel_sha_here())
		skip();
	for (size_t few = 0; few <= LANES_MAX; few++) {
		const struct lanes_kernels k = { LANES_MAX, few, kernel_avx512, kernel_sha };
		try(&k);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha_instructions_alone),
		cmocka_unit_test(avx512_alone),
		cmocka_unit_test(either_from_any_number_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
