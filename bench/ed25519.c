/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library's own rate: Ed25519 verifications of libsodium on all cores, over messages as long as what SSHSIG signs.
 * Prints {"verifies", "seconds", "threads"}. usage: bench-ed25519 COUNT
 */
#include <base/pool.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MESSAGE 99 /* "SSHSIG", namespace, reserved, hash name, SHA-512 */
#define DISTINCT 1024

struct work {
	unsigned char key[32], secret[64];
	unsigned char messages[DISTINCT][MESSAGE], signatures[DISTINCT][64];
	_Atomic size_t good;
};

static void
verify(void *ctx, size_t i)
{
	struct work *w = ctx;
	size_t at = i % DISTINCT;
	if (crypto_sign_verify_detached(w->signatures[at], w->messages[at], MESSAGE, w->key) == 0)
		w->good++;
}

static double
now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	static struct work w;
	struct assay_error err = { 0 };
	struct pool *pool = NULL;
	size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	if (count == 0 || sodium_init() < 0 || pool_new(0, &pool, &err) != ASSAY_OK ||
	    crypto_sign_keypair(w.key, w.secret) != 0)
		return 2;
	for (size_t i = 0; i < DISTINCT; i++) {
		randombytes_buf(w.messages[i], MESSAGE);
		(void)crypto_sign_detached(w.signatures[i], NULL, w.messages[i], MESSAGE, w.secret);
	}
	double begun = now();
	pool_each(pool, count, verify, &w);
	double seconds = now() - begun;
	printf("{\"verifies\": %zu, \"seconds\": %.6f, \"threads\": %u}\n", w.good, seconds,
	    pool_threads(pool));
	pool_free(&pool);
	return w.good == count ? 0 : 1;
}
