/* SPDX-License-Identifier: Apache-2.0 */
/* libcrypto runs out of memory at each of its allocations in turn: nothing bad becomes good, nothing crashes. */
#include <openssl/crypto.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <assay/tuf.h>

#include "crypto.h"
#include "hex.h"
#include "sshmake.h"
#include "tufmake.h"

/* More allocations than any one verification makes. */
#define MANY 2000

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

static struct blob key_blob, good, bad;

static enum assay_status
verify(const struct assay_pubkey *key, const struct blob *signature, long at)
{
	failed = false;
	left = at;
	enum assay_status status = assay_pubkey_verify(key, blob_span(signature), assay_span_str("m"),
	    NULL, NULL);
	left = -1;
	return status;
}

static void
starve(enum assay_key_type type, unsigned bits)
{
	struct test_key key = test_key_make(type, bits);
	struct test_style style = { .flags = 1 };
	struct assay_pubkey parsed;
	long at = 0;

	test_key_blob(&key, NULL, &key_blob);
	assert_int_equal(assay_pubkey_parse(blob_span(&key_blob), &parsed, NULL), ASSAY_OK);
	test_signature(&key, &style, assay_span_str("m"), &good);
	test_signature(&key, &style, assay_span_str("other"), &bad);
	for (; at < MANY; at++) {
		enum assay_status status = verify(&parsed, &good, at);
		if (!failed) {
			assert_int_equal(status, ASSAY_OK);
			break;
		}
		assert_true(status == ASSAY_OK || status == ASSAY_E_MEMORY || status == ASSAY_E_VERIFY);
		assert_int_not_equal(verify(&parsed, &bad, at), ASSAY_OK);
	}
	assert_true(at < MANY);
	/* Memory is back: so is the answer. */
	assert_int_equal(verify(&parsed, &good, -1), ASSAY_OK);
	assert_int_equal(verify(&parsed, &bad, -1), ASSAY_E_VERIFY);
	test_key_done(&key);
}

static void
each_type_survives(void **state)
{
	(void)state;
	starve(ASSAY_KEY_ED25519, 0);
	starve(ASSAY_KEY_ECDSA_P256, 0);
	starve(ASSAY_KEY_ECDSA_P384, 0);
	starve(ASSAY_KEY_ECDSA_P521, 0);
	starve(ASSAY_KEY_RSA, 2048);
	starve(ASSAY_KEY_SK_ED25519, 0);
	starve(ASSAY_KEY_SK_ECDSA_P256, 0);
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
		enum assay_status status = crypto_ed25519_by_libcrypto(raw, signature, assay_span_str("m"));
		left = at;
		enum assay_status other = crypto_ed25519_by_libcrypto(raw, signature, assay_span_str("n"));
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

/* Metadata's keys, PSS among them: a good signature is at worst not believed for want of memory, a bad one never is. */
static void
keys_of_metadata_survive(void **state)
{
	static const char *const kinds[] = { "p256", "p384", "rsa2048", "rsa2048-sha384" };
	static unsigned char bytes[ASSAY_JSON_ROOM(8192)];

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct tufmake_key *made = tufmake_key(kinds[i], NULL, NULL);
		char *json = json_dumps(made->object, 0), *hex = tufmake_sign(made, "m", 1, -1);
		struct assay_tuf_room room = { bytes, sizeof bytes, 0 };
		struct assay_tuf_key key;
		unsigned char raw[1024];
		struct assay_span signature = from_hex(hex, raw, sizeof raw);
		assert_int_equal(assay_tuf_key_parse(assay_span_str(json), &room, &key, NULL), ASSAY_OK);
		long at = 0;
		for (; at < MANY; at++) {
			failed = false;
			left = at;
			enum assay_status status = assay_tuf_key_verify(&key, signature, assay_span_str("m"));
			bool starved = failed;
			left = at;
			enum assay_status other = assay_tuf_key_verify(&key, signature, assay_span_str("n"));
			left = -1;
			assert_int_not_equal(other, ASSAY_OK);
			assert_true(status == ASSAY_OK || status == ASSAY_E_MEMORY || status == ASSAY_E_VERIFY);
			if (!starved) {
				assert_int_equal(status, ASSAY_OK);
				break;
			}
		}
		assert_true(at < MANY);
		free(json);
		free(hex);
		tufmake_key_free(made);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_survives),
		cmocka_unit_test(ed25519_of_libcrypto_survives),
		cmocka_unit_test(keys_of_metadata_survive),
	};

	/* Only before libcrypto has allocated anything. */
	if (CRYPTO_set_mem_functions(allocate, reallocate, release) != 1)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
