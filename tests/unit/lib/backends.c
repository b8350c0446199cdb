/* SPDX-License-Identifier: Apache-2.0 */
/* Both backends on keys of every kind, and on the numbers that the rules in front of them keep away. */
#include "backends.h"

#include <openssl/bn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hex.h"
#include "sshmake.h"
#include "tufmake.h"

static const struct backend *const both[] = { &backend_libcrypto, &backend_small };
static struct blob key_blob, signature;

static enum assay_status
verify(const struct backend *b, struct assay_span blob, struct assay_span sig, const char *message)
{
	struct assay_pubkey key;
	enum assay_status status = b->pubkey_parse(blob, &key, NULL);

	return status == ASSAY_OK ? b->pubkey_verify(&key, sig, assay_span_str(message), NULL, NULL) : status;
}

static void
each_type_verifies(enum assay_key_type type, unsigned bits, const char *algorithm)
{
	struct test_key key = test_key_make(type, bits);
	struct test_style style = { .flags = 1, .algorithm = algorithm };

	test_key_blob(&key, NULL, &key_blob);
	test_signature(&key, &style, assay_span_str("m"), &signature);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(verify(both[i], blob_span(&key_blob), blob_span(&signature), "m"), ASSAY_OK);
		assert_int_equal(verify(both[i], blob_span(&key_blob), blob_span(&signature), "n"), ASSAY_E_VERIFY);
	}
	for (size_t at = 0; at < signature.len; at += signature.len / 12) {
		signature.data[at] ^= 1;
		enum assay_status answer = verify(both[0], blob_span(&key_blob), blob_span(&signature), "m");
		assert_int_not_equal(answer, ASSAY_OK);
		assert_int_equal(verify(both[1], blob_span(&key_blob), blob_span(&signature), "m"), answer);
		signature.data[at] ^= 1;
	}
	for (size_t at = 0; at < key_blob.len; at += key_blob.len / 12) {
		key_blob.data[at] ^= 4;
		enum assay_status answer = verify(both[0], blob_span(&key_blob), blob_span(&signature), "m");
		assert_int_not_equal(answer, ASSAY_OK);
		assert_int_equal(verify(both[1], blob_span(&key_blob), blob_span(&signature), "m"), answer);
		key_blob.data[at] ^= 4;
	}
	test_key_done(&key);
}

static void
ssh_keys_verify_on_both(void **state)
{
	(void)state;
	each_type_verifies(ASSAY_KEY_ED25519, 0, NULL);
	each_type_verifies(ASSAY_KEY_ECDSA_P256, 0, NULL);
	each_type_verifies(ASSAY_KEY_ECDSA_P384, 0, NULL);
	each_type_verifies(ASSAY_KEY_ECDSA_P521, 0, NULL);
	each_type_verifies(ASSAY_KEY_RSA, 2048, "rsa-sha2-256");
	each_type_verifies(ASSAY_KEY_RSA, 2049, "rsa-sha2-512");
	each_type_verifies(ASSAY_KEY_SK_ED25519, 0, NULL);
	each_type_verifies(ASSAY_KEY_SK_ECDSA_P256, 0, NULL);
}

/* A salt of another length than the digest's is refused by both. */
static void
keys_of_metadata_verify_on_both(void **state)
{
	static const char *const kinds[] = { "ed25519", "p256", "p384", "rsa2048", "rsa2048-sha384" };
	static unsigned char bytes[ASSAY_JSON_ROOM(8192)];

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct tufmake_key *made = tufmake_key(kinds[i], NULL, NULL);
		char *json = json_dumps(made->object, 0), *good = tufmake_sign(made, "m", 1, -1);
		char *salted = strncmp(kinds[i], "rsa", 3) == 0 ? tufmake_sign(made, "m", 1, 20) : NULL;
		for (size_t k = 0; k < 2; k++) {
			struct assay_tuf_room room = { bytes, sizeof bytes, 0 };
			struct assay_tuf_key key;
			unsigned char raw[1024];
			assert_int_equal(both[k]->tuf_key_parse(assay_span_str(json), &room, &key, NULL), ASSAY_OK);
			struct assay_span sig = from_hex(good, raw, sizeof raw);
			assert_int_equal(both[k]->tuf_key_verify(&key, sig, assay_span_str("m")), ASSAY_OK);
			assert_int_equal(both[k]->tuf_key_verify(&key, sig, assay_span_str("n")), ASSAY_E_VERIFY);
			if (salted == NULL)
				continue;
			sig = from_hex(salted, raw, sizeof raw);
			assert_int_equal(both[k]->tuf_key_verify(&key, sig, assay_span_str("m")), ASSAY_E_VERIFY);
		}
		free(json);
		free(good);
		free(salted);
		tufmake_key_free(made);
	}
}

/* Of each curve: a point on it (its generator, FIPS 186-4 appendix D.1.2), the field's prime, the group's order. */
static const struct {
	enum crypto_curve curve;
	size_t size;
	const char *point, *prime, *order;
} curves[] = {
	{ CRYPTO_P256, 32,
	    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
	    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
	    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
	    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551" },
	{ CRYPTO_P384, 48,
	    "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
	    "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
	    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
	    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973" },
	{ CRYPTO_P521, 66,
	    "0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31"
	    "c2e5bd66"
	    "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769f"
	    "d16650",
	    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	    "ffff",
	    "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e9138"
	    "6409" },
};

static void
points_are_judged_alike(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
		enum crypto_curve curve = curves[i].curve;
		unsigned char point[CRYPTO_POINT_MAX], prime[CRYPTO_SCALAR_MAX], copy[CRYPTO_POINT_MAX + 1];
		struct assay_span good = from_hex(curves[i].point, point, sizeof point);
		size_t size = curves[i].size;
		from_hex(curves[i].prime, prime, sizeof prime);
		for (size_t k = 0; k < 2; k++) {
			assert_int_equal(both[k]->ec_point_check(curve, good), ASSAY_OK);
			assert_int_equal(both[k]->ec_point_check(curve, (struct assay_span) { point, good.len - 1 }), ASSAY_E_VERIFY);
			for (size_t part = 0; part < 4; part++) {
				memcpy(copy, point, good.len);
				if (part == 0)
					copy[0] = 6; /* the hybrid form, or what claims to be */
				else if (part == 1)
					copy[good.len - 1] ^= 1;
				else
					memcpy(copy + 1 + (part - 2) * size, prime, size);
				assert_int_equal(both[k]->ec_point_check(curve, (struct assay_span) { copy, good.len }), ASSAY_E_VERIFY);
			}
		}
		/* What the rule is for: a compressed point is one to libcrypto and none to mbedTLS. */
		memcpy(copy, point, 1 + size);
		copy[0] = (unsigned char)(2 + (point[good.len - 1] & 1));
		const struct assay_span compressed = { copy, 1 + size };
		assert_int_equal(both[0]->bare_point(curve, compressed), ASSAY_OK);
		assert_int_equal(both[1]->bare_point(curve, compressed), ASSAY_E_VERIFY);
		for (size_t k = 0; k < 2; k++)
			assert_int_equal(both[k]->ec_point_check(curve, compressed), ASSAY_E_VERIFY);
	}
}

/*
 * Signatures by the key 1, whose point is the generator, with the nonce 1: r is the generator's x, s = digest + r, both modulo n.
 * With the digest n - r mod n, s is 0.
 */
static void
numbers_of_ecdsa_are_judged_alike(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
		unsigned char point[CRYPTO_POINT_MAX], order[CRYPTO_SCALAR_MAX], digest[48] = { 0 };
		unsigned char r[CRYPTO_SCALAR_MAX + 1] = { 0 }, s[CRYPTO_SCALAR_MAX + 1] = { 0 };
		struct assay_span q = from_hex(curves[i].point, point, sizeof point);
		struct assay_span n = from_hex(curves[i].order, order, sizeof order);
		size_t hash = curves[i].size < 48 ? 32 : 48;
		struct assay_span d = { digest, hash };
		BIGNUM *sum = BN_bin2bn(point + 1, (int)curves[i].size, NULL), *modulus = BN_bin2bn(n.data, (int)n.len, NULL);
		BN_CTX *ctx = BN_CTX_new();

		digest[hash - 1] = 5;
		assert_int_equal(BN_bn2binpad(sum, r + 1, (int)curves[i].size), curves[i].size);
		assert_true(BN_add_word(sum, 5) == 1 && BN_nnmod(sum, sum, modulus, ctx) == 1);
		assert_int_equal(BN_bn2binpad(sum, s + 1, (int)curves[i].size), curves[i].size);
		size_t r_at = 1, s_at = 1;
		while (r[r_at] == 0)
			r_at++;
		while (s[s_at] == 0)
			s_at++;
		const size_t end = 1 + curves[i].size;
		const struct assay_span good_r = { r + r_at, end - r_at }, good_s = { s + s_at, end - s_at };
		const struct assay_span bad[] = { { NULL, 0 }, { r, 1 }, { r + r_at - 1, end - r_at + 1 }, n };
		for (size_t k = 0; k < 2; k++) {
			assert_int_equal(both[k]->ecdsa_verify(curves[i].curve, q, good_r, good_s, d), ASSAY_OK);
			for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
				assert_int_equal(both[k]->ecdsa_verify(curves[i].curve, q, bad[b], good_s, d), ASSAY_E_VERIFY);
				assert_int_equal(both[k]->ecdsa_verify(curves[i].curve, q, good_r, bad[b], d), ASSAY_E_VERIFY);
			}
			assert_int_equal(both[k]->ecdsa_verify(curves[i].curve, (struct assay_span) { q.data, q.len - 1 }, good_r, good_s, d),
			    ASSAY_E_VERIFY);
		}
		BN_CTX_free(ctx);
		BN_free(sum);
		BN_free(modulus);
	}
}

/* With the exponent 1 a signature is the padded digest itself, whatever the modulus: so keys of any size are at hand. */
static struct assay_span
padded_digest(unsigned char *out, size_t size)
{
	static const unsigned char info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
		0x05, 0x00, 0x04, 0x20 };

	memset(out, 0xff, size);
	out[0] = 0;
	out[1] = 1;
	out[size - sizeof info - 33] = 0;
	memcpy(out + size - sizeof info - 32, info, sizeof info);
	memset(out + size - 32, 7, 32);
	return (struct assay_span) { out, size };
}

static void
rsa_is_judged_alike(void **state)
{
	static unsigned char modulus[2048], value[2048];
	static const unsigned char one[] = { 1 }, two[] = { 2 }, three[] = { 3 }, zero[] = { 0 }, long_e[9] = { 1, 0, 0, 0, 0, 0, 0, 0, 1 };
	unsigned char digest[32];
	const struct assay_span d = { digest, 32 }, e1 = { one, 1 };

	(void)state;
	memset(modulus, 0xff, sizeof modulus);
	memset(digest, 7, sizeof digest);
	/* Both compute to 8192 bits, and both with an exponent that the rule keeps away. */
	struct assay_span n = { modulus, 1024 };
	for (size_t k = 0; k < 2; k++)
		assert_int_equal(both[k]->bare_rsa(CRYPTO_PKCS1, ASSAY_SHA256, n, e1, padded_digest(value, 1024), d), ASSAY_OK);
	n.len = 1025;
	assert_int_equal(both[0]->bare_rsa(CRYPTO_PKCS1, ASSAY_SHA256, n, e1, padded_digest(value, 1025), d), ASSAY_E_VERIFY);
	assert_int_equal(both[1]->bare_rsa(CRYPTO_PKCS1, ASSAY_SHA256, n, e1, padded_digest(value, 1025), d), ASSAY_E_VERIFY);
	const struct {
		struct assay_span n, e;
	} bad[] = {
		{ { modulus, 256 }, { one, 1 } },
		{ { modulus, 256 }, { two, 1 } },
		{ { modulus, 256 }, { zero, 1 } },
		{ { modulus, 256 }, { NULL, 0 } },
		{ { modulus, 256 }, { long_e, 9 } },
		{ { modulus, 255 }, { three, 1 } },
		{ { modulus, 1025 }, { three, 1 } },
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		for (size_t k = 0; k < 2; k++)
			assert_int_equal(both[k]->rsa_verify(CRYPTO_PKCS1, ASSAY_SHA256, bad[i].n, bad[i].e, padded_digest(value, bad[i].n.len), d),
			    ASSAY_E_VERIFY);
	}
	const struct assay_span e3 = { three, 1 };
	n.len = 256;
	for (size_t k = 0; k < 2; k++) {
		/* A digest of another length, a signature that isn't below the modulus, an even modulus, one of 2047 bits. */
		assert_int_equal(both[k]->rsa_verify(CRYPTO_PSS, ASSAY_SHA384, n, e3, padded_digest(value, 256), d), ASSAY_E_VERIFY);
		assert_int_equal(both[k]->rsa_verify(CRYPTO_PKCS1, ASSAY_SHA256, n, e3, n, d), ASSAY_E_VERIFY);
		assert_int_equal(both[k]->rsa_verify(CRYPTO_PKCS1, ASSAY_SHA256, n, e3, padded_digest(value, 255), d), ASSAY_E_VERIFY);
		modulus[255] = 0xfe;
		assert_int_equal(both[k]->rsa_verify(CRYPTO_PKCS1, ASSAY_SHA256, n, e3, padded_digest(value, 256), d), ASSAY_E_VERIFY);
		modulus[255] = 0xff;
		modulus[0] = 0x7f;
		assert_int_equal(both[k]->rsa_verify(CRYPTO_PKCS1, ASSAY_SHA256, n, e3, padded_digest(value, 256), d), ASSAY_E_VERIFY);
		modulus[0] = 0xff;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ssh_keys_verify_on_both),
		cmocka_unit_test(keys_of_metadata_verify_on_both),
		cmocka_unit_test(points_are_judged_alike),
		cmocka_unit_test(numbers_of_ecdsa_are_judged_alike),
		cmocka_unit_test(rsa_is_judged_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
