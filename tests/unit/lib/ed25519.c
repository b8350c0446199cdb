/* SPDX-License-Identifier: Apache-2.0 */
/* The one rule for Ed25519, on both libraries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backends.h"
#include "ed25519_vectors.h"
#include "hex.h"

/* RFC 8032 section 7.1: tests 1, 2, 3 and SHA(abc). */
static const struct {
	const char *key, *message, *signature;
} rfc8032[] = {
	{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
	    "d25bf5f0595bbe24655141438e7a100b" },
	{ "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
	    "387b2eaeb4302aeeb00d291612bb0c00" },
	{ "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
	    "4a7c15e9716ed28dc027beceea1ec40a" },
	{ "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
	    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
	    "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
	    "3dca179c138ac17ad9bef1177331a704" },
};

static void
agree(const char *about, const unsigned char *key, const unsigned char *sig,
    struct assay_span message, bool valid)
{
	if ((backend_small.ed25519_verify(key, sig, message) == ASSAY_OK) != valid)
		fail_msg("libsodium: %s", about);
	if ((backend_libcrypto.ed25519_verify(key, sig, message) == ASSAY_OK) != valid)
		fail_msg("libcrypto: %s", about);
	if ((crypto_ed25519_verify(key, sig, message) == ASSAY_OK) != valid)
		fail_msg("as built: %s", about);
}

static void
rfc8032_vectors_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rfc8032 / sizeof rfc8032[0]; i++) {
		unsigned char key[32], sig[64], message[64];

		from_hex(rfc8032[i].key, key, sizeof key);
		from_hex(rfc8032[i].signature, sig, sizeof sig);
		agree("RFC 8032", key, sig, from_hex(rfc8032[i].message, message, sizeof message), true);
	}
}

/* Each bit of a signature and of a key counts. */
static void
each_flipped_bit_is_seen(void **state)
{
	unsigned char key[32], sig[64], message[2];

	(void)state;
	from_hex(rfc8032[2].key, key, sizeof key);
	from_hex(rfc8032[2].signature, sig, sizeof sig);
	struct assay_span m = from_hex(rfc8032[2].message, message, sizeof message);
	for (unsigned bit = 0; bit < 8 * sizeof sig; bit++) {
		sig[bit / 8] = (unsigned char)(sig[bit / 8] ^ 1U << bit % 8);
		agree("flipped signature bit", key, sig, m, false);
		sig[bit / 8] = (unsigned char)(sig[bit / 8] ^ 1U << bit % 8);
	}
	for (unsigned bit = 0; bit < 8 * sizeof key; bit++) {
		key[bit / 8] = (unsigned char)(key[bit / 8] ^ 1U << bit % 8);
		agree("flipped key bit", key, sig, m, false);
		key[bit / 8] = (unsigned char)(key[bit / 8] ^ 1U << bit % 8);
	}
	agree("unflipped", key, sig, m, true);
}

static void
edges_follow_the_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		unsigned char key[32], sig[64];

		from_hex(edges[i].key, key, sizeof key);
		from_hex(edges[i].signature, sig, sizeof sig);
		agree(edges[i].about, key, sig, assay_span_str(edges[i].message), edges[i].valid);
	}
}

/* Without the rule the libraries differ: the cases are real ones, and the rule is what makes them agree. */
static void
rule_is_needed(void **state)
{
	unsigned differ = 0;

	(void)state;
	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		unsigned char key[32], sig[64];

		from_hex(edges[i].key, key, sizeof key);
		from_hex(edges[i].signature, sig, sizeof sig);
		struct assay_span m = assay_span_str(edges[i].message);
		differ += backend_small.bare_ed25519(key, sig, m) != backend_libcrypto.bare_ed25519(key, sig, m);
	}
	assert_true(differ >= 10);
}

static void
weak_keys_are_named(void **state)
{
	unsigned char key[32];
	unsigned faulty = 0;

	(void)state;
	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		from_hex(edges[i].key, key, sizeof key);
		bool weak = strncmp(edges[i].about, "small-order A", 13) == 0 ||
		    strncmp(edges[i].about, "A the identity", 14) == 0 ||
		    strncmp(edges[i].about, "A written", 9) == 0;
		if ((crypto_ed25519_key_fault(key) != NULL) != weak)
			fail_msg("%s", edges[i].about);
		faulty += weak;
	}
	assert_true(faulty >= 18);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc8032_vectors_verify),
		cmocka_unit_test(each_flipped_bit_is_seen),
		cmocka_unit_test(edges_follow_the_rule),
		cmocka_unit_test(rule_is_needed),
		cmocka_unit_test(weak_keys_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
