/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The crypto library below each backend runs out of memory at each of its allocations in turn: nothing bad becomes good, nothing
 * crashes. What allocates nothing is shown to.
 */
#include <openssl/crypto.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <assay/tuf.h>

#include "backends.h"
#include "hex.h"
#include "sshmake.h"
#include "tufmake.h"

/* More allocations than any one verification makes. mbedTLS makes tens of thousands: the later ones are tried ever more sparsely. */
#define MANY (1L << 20)

static long left = -1; /* allocations until one fails; -1: none does */
static bool failed;

static bool
fails_now(void)
{
	if (left < 0 || left-- > 0)
		return false;
	failed = true;
	return true;
}

static void *
allocate(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails_now() ? NULL : malloc(size);
}

static void *
reallocate(void *at, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails_now() ? NULL : realloc(at, size);
}

static void
release(void *at, const char *file, int line)
{
	(void)file;
	(void)line;
	free(at);
}

/* What is linked statically here calls these: the small backend, libassay itself, and the tests. */
static bool counting;
static long wrapped;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);

static bool
wrapped_fails(void)
{
	wrapped += counting;
	return counting && fails_now();
}

void *
__wrap_malloc(size_t size)
{
	return wrapped_fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return wrapped_fails() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *at, size_t size)
{
	return wrapped_fails() ? NULL : __real_realloc(at, size);
}

static long
next(const struct backend *b, long at)
{
	return at + 1 + (b == &backend_small ? at / 8 : 0);
}

static struct blob key_blob, good, bad;

static enum assay_status
verify(const struct backend *b, const struct assay_pubkey *key, const struct blob *signature, long at)
{
	failed = false;
	left = at;
	counting = b == &backend_small;
	enum assay_status status = b->pubkey_verify(key, blob_span(signature), assay_span_str("m"),
	    NULL, NULL);
	counting = false;
	left = -1;
	return status;
}

static void
starve(const struct backend *b, enum assay_key_type type, unsigned bits)
{
	struct test_key key = test_key_make(type, bits);
	struct test_style style = { .flags = 1 };
	struct assay_pubkey parsed;
	long at = 0;

	test_key_blob(&key, NULL, &key_blob);
	assert_int_equal(assay_pubkey_parse(blob_span(&key_blob), &parsed, NULL), ASSAY_OK);
	test_signature(&key, &style, assay_span_str("m"), &good);
	test_signature(&key, &style, assay_span_str("other"), &bad);
	for (; at < MANY; at = next(b, at)) {
		enum assay_status status = verify(b, &parsed, &good, at);
		if (!failed) {
			assert_int_equal(status, ASSAY_OK);
			break;
		}
		assert_true(status == ASSAY_OK || status == ASSAY_E_MEMORY || status == ASSAY_E_VERIFY);
		assert_int_not_equal(verify(b, &parsed, &bad, at), ASSAY_OK);
	}
	assert_true(at < MANY);
	/* Memory is back: so is the answer. */
	assert_int_equal(verify(b, &parsed, &good, -1), ASSAY_OK);
	assert_int_equal(verify(b, &parsed, &bad, -1), ASSAY_E_VERIFY);
	test_key_done(&key);
}

static void
each_type_survives(void **state)
{
	static const struct backend *const both[] = { &backend_libcrypto, &backend_small };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		starve(both[i], ASSAY_KEY_ED25519, 0);
		starve(both[i], ASSAY_KEY_ECDSA_P256, 0);
		starve(both[i], ASSAY_KEY_ECDSA_P384, 0);
		starve(both[i], ASSAY_KEY_ECDSA_P521, 0);
		starve(both[i], ASSAY_KEY_RSA, 2048);
		starve(both[i], ASSAY_KEY_SK_ED25519, 0);
		starve(both[i], ASSAY_KEY_SK_ECDSA_P256, 0);
	}
}

/* A point that isn't on its curve, and one that nobody can say that of, differ. */
static void
points_without_memory(void **state)
{
	struct test_key key = test_key_make(ASSAY_KEY_ECDSA_P256, 0);
	struct assay_pubkey parsed;

	(void)state;
	test_key_blob(&key, NULL, &key_blob);
	assert_int_equal(assay_pubkey_parse(blob_span(&key_blob), &parsed, NULL), ASSAY_OK);
	counting = true;
	left = 0;
	const char *weakness = backend_small.pubkey_weakness(&parsed);
	left = -1;
	counting = false;
	assert_non_null(weakness);
	assert_non_null(strstr(weakness, "memory"));
	assert_null(backend_small.pubkey_weakness(&parsed));
	test_key_done(&key);
}

/* Hashes, fs-verity and Ed25519 on the small backend, while all memory is gone. */
static void
small_allocates_nothing_for_hashes_and_ed25519(void **state)
{
	static const unsigned char file[3 * 4096 + 1];
	struct test_key key = test_key_make(ASSAY_KEY_ED25519, 0);
	struct test_style style = { 0 };
	struct assay_pubkey parsed;
	struct assay_hasher h;
	unsigned char digest[ASSAY_HASH_SIZE_MAX];

	(void)state;
	test_key_blob(&key, NULL, &key_blob);
	test_signature(&key, &style, assay_span_str("m"), &good);
	wrapped = 0;
	counting = true;
	left = 0;
	enum assay_status status = backend_small.pubkey_parse(blob_span(&key_blob), &parsed, NULL);
	if (status == ASSAY_OK)
		status = backend_small.pubkey_verify(&parsed, blob_span(&good), assay_span_str("m"), NULL, NULL);
	for (enum assay_hash hash = ASSAY_SHA256; status == ASSAY_OK && hash <= ASSAY_SHA512; hash++) {
		status = backend_small.hasher_init(&h, hash);
		if (status == ASSAY_OK)
			status = backend_small.hasher_update(&h, (struct assay_span) { file, sizeof file });
		if (status == ASSAY_OK)
			status = backend_small.hasher_final(&h, digest);
	}
	if (status == ASSAY_OK)
		status = backend_small.fsverity_digest((struct assay_span) { file, sizeof file }, digest);
	left = -1;
	counting = false;
	assert_int_equal(status, ASSAY_OK);
	assert_int_equal(wrapped, 0);
	test_key_done(&key);
}

/* libcrypto's Ed25519, whichever library the build has chosen. */
static void
ed25519_of_libcrypto_survives(void **state)
{
	struct test_key key = test_key_make(ASSAY_KEY_ED25519, 0);
	struct test_style style = { 0 };

	(void)state;
	test_key_blob(&key, NULL, &key_blob);
	test_signature(&key, &style, assay_span_str("m"), &good);
	const unsigned char *raw = key_blob.data + key_blob.len - 32;
	const unsigned char *signature = good.data + good.len - 64;
	unsigned starved = 0;
	for (long at = 0; at < MANY; at++) {
		failed = false;
		left = at;
		enum assay_status status = backend_libcrypto.bare_ed25519(raw, signature, assay_span_str("m"));
		left = at;
		enum assay_status other = backend_libcrypto.bare_ed25519(raw, signature, assay_span_str("n"));
		left = -1;
		assert_int_not_equal(other, ASSAY_OK);
		if (!failed) {
			assert_int_equal(status, ASSAY_OK);
			break;
		}
		starved += status == ASSAY_E_MEMORY;
	}
	assert_true(starved > 0);
	test_key_done(&key);
}

static enum assay_status
verify_metadata(const struct backend *b, const struct assay_tuf_key *key, struct assay_span signature, const char *message, long at)
{
	failed = false;
	left = at;
	counting = b == &backend_small;
	enum assay_status status = b->tuf_key_verify(key, signature, assay_span_str(message));
	counting = false;
	left = -1;
	return status;
}

/* Metadata's keys, PSS among them: a good signature is at worst not believed for want of memory, a bad one never is. */
static void
starve_metadata(const struct backend *b, const char *kind)
{
	static unsigned char bytes[ASSAY_JSON_ROOM(8192)];
	struct tufmake_key *made = tufmake_key(kind, NULL, NULL);
	char *json = json_dumps(made->object, 0), *hex = tufmake_sign(made, "m", 1, -1);
	struct assay_tuf_room room = { bytes, sizeof bytes, 0 };
	struct assay_tuf_key key;
	unsigned char raw[1024];
	struct assay_span signature = from_hex(hex, raw, sizeof raw);
	unsigned starved = 0;
	long at = 0;

	assert_int_equal(assay_tuf_key_parse(assay_span_str(json), &room, &key, NULL), ASSAY_OK);
	for (; at < MANY; at = next(b, at)) {
		assert_int_not_equal(verify_metadata(b, &key, signature, "n", at), ASSAY_OK);
		enum assay_status status = verify_metadata(b, &key, signature, "m", at);
		assert_true(status == ASSAY_OK || status == ASSAY_E_MEMORY || status == ASSAY_E_VERIFY);
		if (!failed) {
			assert_int_equal(status, ASSAY_OK);
			break;
		}
		starved += status == ASSAY_E_MEMORY;
	}
	assert_true(at < MANY && starved > 0);
	free(json);
	free(hex);
	tufmake_key_free(made);
}

static void
keys_of_metadata_survive(void **state)
{
	static const char *const kinds[] = { "p256", "p384", "rsa2048", "rsa2048-sha384" };

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		starve_metadata(&backend_libcrypto, kinds[i]);
		starve_metadata(&backend_small, kinds[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_survives),
		cmocka_unit_test(points_without_memory),
		cmocka_unit_test(small_allocates_nothing_for_hashes_and_ed25519),
		cmocka_unit_test(ed25519_of_libcrypto_survives),
		cmocka_unit_test(keys_of_metadata_survive),
	};

	/* Only before libcrypto has allocated anything. */
	if (CRYPTO_set_mem_functions(allocate, reallocate, release) != 1)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
