/* SPDX-License-Identifier: Apache-2.0 */
/* SSH keys, and signatures made with them. */
#include <assay/base64.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sshmake.h"

static const struct {
	enum assay_key_type type;
	unsigned bits;
} types[] = {
	{ ASSAY_KEY_ED25519, 0 },
	{ ASSAY_KEY_ECDSA_P256, 0 },
	{ ASSAY_KEY_ECDSA_P384, 0 },
	{ ASSAY_KEY_ECDSA_P521, 0 },
	{ ASSAY_KEY_RSA, 2048 },
	{ ASSAY_KEY_SK_ED25519, 0 },
	{ ASSAY_KEY_SK_ECDSA_P256, 0 },
};
#define TYPES (sizeof types / sizeof types[0])

static struct test_key keys[TYPES], weak_rsa;
static struct blob a, b, c;

static int
make_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < TYPES; i++)
		keys[i] = test_key_make(types[i].type, types[i].bits);
	weak_rsa = test_key_make(ASSAY_KEY_RSA, 1024);
	return 0;
}

static int
drop_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < TYPES; i++)
		test_key_done(&keys[i]);
	test_key_done(&weak_rsa);
	return 0;
}

static void
each_type_parses_and_verifies(void **state)
{
	struct assay_span message = assay_span_str("what was signed");

	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		struct test_style style = { .flags = 5, .counter = 0x01020304 };
		struct assay_pubkey key;
		struct assay_sk_info sk = { 0 };
		bool token = keys[i].application != NULL;

		test_key_blob(&keys[i], NULL, &a);
		assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
		assert_int_equal(key.type, types[i].type);
		assert_true(assay_span_equal(key.blob, blob_span(&a)));
		assert_null(assay_pubkey_weakness(&key));
		test_signature(&keys[i], &style, message, &b);
		assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), message, &sk, NULL), ASSAY_OK);
		assert_int_equal(sk.present, token);
		assert_int_equal(sk.user_presence, token);
		assert_int_equal(sk.user_verified, token);
		assert_int_equal(sk.counter, token ? 0x01020304 : 0);
		assert_int_equal(
		    assay_pubkey_verify(&key, blob_span(&b), assay_span_str("another"), &sk, NULL),
		    ASSAY_E_VERIFY);
	}
}

/* A failed call leaves what the token said untouched: no presence out of a forged signature. */
static void
outputs_stay_untouched_on_failure(void **state)
{
	struct test_style style = { .flags = 1 };
	struct assay_sk_info sk = { .counter = 99 };
	struct assay_pubkey key;

	(void)state;
	test_key_blob(&keys[5], NULL, &a);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	test_signature(&keys[5], &style, assay_span_str("m"), &b);
	/* The flags byte is signed too: presence can't be added afterwards. */
	b.data[b.len - 5] = 5;
	assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), assay_span_str("m"), &sk, NULL),
	    ASSAY_E_VERIFY);
	assert_int_equal(sk.counter, 99);
	assert_false(sk.present);
	a.len--;
	key.blob = (struct assay_span) { NULL, 0 };
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_E_FORMAT);
	assert_null(key.blob.data);
}

static void
algorithm_comes_from_the_key(void **state)
{
	struct assay_span message = assay_span_str("m");
	struct assay_error err;

	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		struct assay_pubkey key;

		test_key_blob(&keys[i], NULL, &a);
		assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
		for (size_t k = 0; k < TYPES; k++) {
			struct test_style style = { 0 };
			if (k == i)
				continue;
			test_signature(&keys[k], &style, message, &b);
			assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), message, NULL, &err),
			    ASSAY_E_VERIFY);
			assert_true(err.what[0] != '\0');
			style.algorithm = assay_key_type_name(types[k].type);
			test_signature(&keys[i], &style, message, &b);
			assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), message, NULL, &err),
			    ASSAY_E_VERIFY);
		}
	}
}

static void
rsa_takes_sha2_alone(void **state)
{
	static const struct {
		const char *algorithm;
		enum assay_status status;
	} cases[] = {
		{ "rsa-sha2-256", ASSAY_OK },
		{ "rsa-sha2-512", ASSAY_OK },
		{ "ssh-rsa", ASSAY_E_VERIFY },
		{ "ssh-rsa-cert-v01@openssh.com", ASSAY_E_VERIFY },
		{ "", ASSAY_E_VERIFY },
	};
	struct assay_pubkey key;

	(void)state;
	test_key_blob(&keys[4], NULL, &a);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct test_style style = { .algorithm = cases[i].algorithm };
		test_signature(&keys[4], &style, assay_span_str("m"), &b);
		assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), assay_span_str("m"), NULL, NULL),
		    cases[i].status);
	}
}

/* OpenSSH fills in the leading zeros that old software strips; one in 256 signatures has one. */
static void
rsa_leading_zeros_may_be_stripped(void **state)
{
	struct test_style whole = { 0 }, stripped = { .strip_zeros = true };
	struct assay_pubkey key;
	char text[32];

	(void)state;
	test_key_blob(&keys[4], NULL, &a);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(text, sizeof text, "message %u", i);
		test_signature(&keys[4], &stripped, assay_span_str(text), &b);
		test_signature(&keys[4], &whole, assay_span_str(text), &c);
		if (b.len == c.len)
			continue;
		assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), assay_span_str(text), NULL, NULL),
		    ASSAY_OK);
		return;
	}
	fail_msg("no signature with a leading zero in 5,000");
}

static void
rsa_other_lengths_fail(void **state)
{
	struct test_style style = { 0 };
	struct assay_pubkey key;

	(void)state;
	test_key_blob(&keys[4], NULL, &a);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	test_signature(&keys[4], &style, assay_span_str("m"), &b);
	for (size_t len = 0; len <= 257; len += 257) {
		c.len = 0;
		blob_put_text(&c, "rsa-sha2-512");
		/* One zero in front: longer than the modulus. */
		b.data[b.len - 257] = 0;
		blob_put_string(&c, b.data + b.len - 257, len);
		assert_int_equal(assay_pubkey_verify(&key, blob_span(&c), assay_span_str("m"), NULL, NULL),
		    ASSAY_E_VERIFY);
	}
}

static void
ecdsa_numbers_have_one_spelling(void **state)
{
	(void)state;
	for (size_t i = 1; i <= 3; i++) {
		struct test_style style = { .zeros = 1 };
		struct assay_pubkey key;

		test_key_blob(&keys[i], NULL, &a);
		assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
		test_signature(&keys[i], &style, assay_span_str("m"), &b);
		assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), assay_span_str("m"), NULL, NULL),
		    ASSAY_E_VERIFY);
	}
}

/* r and s of 0, negative, of the group's order, and larger than any number of the group. */
static void
ecdsa_range_is_kept(void **state)
{
	static const unsigned char order[32] = { 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9,
		0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51 };
	static const unsigned char one[1] = { 1 }, large[33] = { 1 }, negative[2] = { 0xff, 1 };
	const struct assay_span values[] = { { one, 0 }, { order, 32 }, { large, 33 }, { one, 1 } };
	struct assay_pubkey key;

	(void)state;
	test_key_blob(&keys[1], NULL, &a);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	for (size_t i = 0; i < 17; i++) {
		b.len = c.len = 0;
		if (i == 16) {
			blob_put_string(&c, negative, 2);
			blob_put_string(&c, negative, 2);
		} else {
			blob_put_mpint(&c, values[i / 4].data, values[i / 4].len, 0);
			blob_put_mpint(&c, values[i % 4].data, values[i % 4].len, 0);
		}
		blob_put_text(&b, "ecdsa-sha2-nistp256");
		blob_put_string(&b, c.data, c.len);
		assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), assay_span_str("m"), NULL, NULL),
		    ASSAY_E_VERIFY);
	}
}

static void
each_cut_key_is_refused(void **state)
{
	struct assay_pubkey key;
	struct assay_error err;

	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		test_key_blob(&keys[i], NULL, &a);
		for (size_t len = 0; len < a.len; len++) {
			/* An own block, so that a sanitizer sees any look beyond the cut. */
			unsigned char *cut = malloc(len + 1);
			assert_non_null(cut);
			memcpy(cut, a.data, len);
			enum assay_status status = assay_pubkey_parse((struct assay_span) { cut, len }, &key, &err);
			free(cut);
			assert_int_not_equal(status, ASSAY_OK);
			assert_true(err.what[0] != '\0');
		}
		blob_put_u8(&a, 0);
		assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, &err), ASSAY_E_FORMAT);
	}
}

static void
each_cut_signature_is_refused(void **state)
{
	struct test_style style = { .flags = 1 };
	struct assay_pubkey key;

	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		test_key_blob(&keys[i], NULL, &a);
		assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
		test_signature(&keys[i], &style, assay_span_str("m"), &b);
		for (size_t len = 0; len < b.len; len++)
			assert_int_equal(assay_pubkey_verify(&key, (struct assay_span) { b.data, len },
			                     assay_span_str("m"), NULL, NULL),
			    ASSAY_E_VERIFY);
		blob_put_u8(&b, 0);
		assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), assay_span_str("m"), NULL, NULL),
		    ASSAY_E_VERIFY);
	}
}

static enum assay_status
parse_named(const char *name, struct assay_error *err)
{
	struct assay_pubkey key;

	a.len = 0;
	blob_put_text(&a, name);
	blob_put_text(&a, "0123456789abcdef0123456789abcdef");
	return assay_pubkey_parse(blob_span(&a), &key, err);
}

static void
foreign_types_are_named(void **state)
{
	struct assay_error err;

	(void)state;
	assert_int_equal(parse_named("ssh-dss", &err), ASSAY_E_UNSUPPORTED);
	assert_non_null(strstr(err.what, "'ssh-dss'"));
	assert_true(err.todo[0] != '\0');
	assert_int_equal(parse_named("ssh-ed25519-cert-v01@openssh.com", &err), ASSAY_E_UNSUPPORTED);
	assert_non_null(strstr(err.what, "certificate"));
	assert_int_equal(parse_named("x\x1b[2Jx", &err), ASSAY_E_UNSUPPORTED);
	assert_null(strchr(err.what, 0x1b));
	assert_int_equal(parse_named("ssh-ed25519", &err), ASSAY_OK);
}

static void
webauthn_is_unsupported_by_name(void **state)
{
	struct test_style style = { .algorithm = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com" };
	struct assay_pubkey key;

	(void)state;
	test_key_blob(&keys[6], NULL, &a);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	test_signature(&keys[6], &style, assay_span_str("m"), &b);
	assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), assay_span_str("m"), NULL, NULL),
	    ASSAY_E_UNSUPPORTED);
}

static void
malformed_fields_are_refused(void **state)
{
	struct assay_pubkey key;
	unsigned char point[65] = { 2 };

	(void)state;
	/* Compressed and hybrid points, another curve's name, a number with a zero too many. */
	for (unsigned i = 0; i < 8; i++) {
		point[0] = (unsigned char)i;
		a.len = 0;
		blob_put_text(&a, "ecdsa-sha2-nistp256");
		blob_put_text(&a, i == 4 ? "nistp384" : "nistp256");
		blob_put_string(&a, point, sizeof point);
		assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_E_FORMAT);
	}
	test_key_blob(&keys[4], &(struct test_style) { .zeros = 1 }, &a);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_E_FORMAT);
	a.len = 0;
	blob_put_text(&a, "sk-ssh-ed25519@openssh.com");
	blob_put_text(&a, "0123456789abcdef0123456789abcdef");
	blob_put_string(&a, "ssh:\0x", 6);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_E_FORMAT);
}

static const char *
rsa_weakness(unsigned long e, unsigned bits, bool even)
{
	static unsigned char n[2100], exponent[8];
	struct assay_pubkey key;

	memset(n, 0xff, sizeof n);
	size_t len = (bits + 7) / 8;
	n[0] = (unsigned char)(0xffU >> (8 * len - bits));
	n[len - 1] = even ? 0xfe : 0xff;
	for (size_t i = 0; i < 8; i++)
		exponent[i] = (unsigned char)(e >> (56 - 8 * i) & 0xffU);
	a.len = 0;
	blob_put_text(&a, "ssh-rsa");
	blob_put_mpint(&a, exponent, sizeof exponent, 0);
	blob_put_mpint(&a, n, len, 0);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	return assay_pubkey_weakness(&key);
}

static void
weak_keys_are_refused(void **state)
{
	struct test_style style = { 0 };
	struct assay_pubkey key;

	(void)state;
	assert_null(rsa_weakness(65537, 2048, false));
	assert_null(rsa_weakness(65537, 8192, false));
	assert_non_null(rsa_weakness(65537, 2047, false));
	assert_non_null(rsa_weakness(65537, 8193, false));
	assert_non_null(rsa_weakness(65537, 2048, true));
	assert_non_null(rsa_weakness(65538, 2048, false));
	assert_non_null(rsa_weakness(3, 2048, false));
	assert_non_null(rsa_weakness(1, 2048, false));

	test_key_blob(&weak_rsa, NULL, &a);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	assert_non_null(assay_pubkey_weakness(&key));
	test_signature(&weak_rsa, &style, assay_span_str("m"), &b);
	assert_int_equal(assay_pubkey_verify(&key, blob_span(&b), assay_span_str("m"), NULL, NULL),
	    ASSAY_E_VERIFY);

	test_key_blob(&keys[1], NULL, &a);
	a.data[a.len - 1] ^= 1;
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	assert_non_null(assay_pubkey_weakness(&key));

	a.len = 0;
	blob_put_text(&a, "ssh-ed25519");
	blob_put_string(&a, (unsigned char[32]) { 1 }, 32);
	assert_int_equal(assay_pubkey_parse(blob_span(&a), &key, NULL), ASSAY_OK);
	assert_non_null(assay_pubkey_weakness(&key));
}

static enum assay_status
from_text(const char *line, struct assay_error *err)
{
	static unsigned char room[1024];
	struct assay_pubkey key;

	return assay_pubkey_from_text(assay_span_str(line), room, sizeof room, &key, err);
}

#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIKW8vS7oLjauMp6o6GFKCcuWMHCk+R3Hl5HYXZ9R4hqp"

static void
text_form_is_read(void **state)
{
	static const char *const good[] = { "ssh-ed25519 " KEY, "ssh-ed25519 " KEY "\n",
		"ssh-ed25519 " KEY " a comment\r\n", "  ssh-ed25519\t" KEY "  " };
	static const char *const bad[] = { "", "ssh-ed25519", KEY, "ssh-ed25519 " KEY "=",
		"ssh-ed25519 A" KEY, "ssh-ed25519\n" KEY, "ssh-ed25519 " KEY "\n\n", "ssh-rsa " KEY,
		"ssh-ed25519 " KEY "AAAA" };
	struct assay_error err;
	unsigned char little[8];
	struct assay_pubkey key;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_int_equal(from_text(good[i], NULL), ASSAY_OK);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (from_text(bad[i], &err) != ASSAY_E_FORMAT)
			fail_msg("'%s' was not refused", bad[i]);
		assert_int_equal(from_text(bad[i], NULL), ASSAY_E_FORMAT);
	}
	assert_int_equal(from_text("ssh-dss " KEY, NULL), ASSAY_E_UNSUPPORTED);
	assert_int_equal(assay_pubkey_from_text(assay_span_str("ssh-ed25519 " KEY), little,
	                     sizeof little, &key, NULL),
	    ASSAY_E_LIMIT);
}

static void
fingerprint_is_that_of_ssh_keygen(void **state)
{
	unsigned char room[64];
	char text[ASSAY_FINGERPRINT_SIZE];
	size_t len;

	(void)state;
	assert_int_equal(assay_base64_decode(assay_span_str(KEY), room, sizeof room, &len), ASSAY_OK);
	assert_int_equal(assay_fingerprint((struct assay_span) { room, len }, text), ASSAY_OK);
	assert_string_equal(text, "SHA256:wQTKe/OrgOI/+n7593oPCIXT7WGP5RTJ5qEwgRAFgCs");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_parses_and_verifies),
		cmocka_unit_test(outputs_stay_untouched_on_failure),
		cmocka_unit_test(algorithm_comes_from_the_key),
		cmocka_unit_test(rsa_takes_sha2_alone),
		cmocka_unit_test(rsa_leading_zeros_may_be_stripped),
		cmocka_unit_test(rsa_other_lengths_fail),
		cmocka_unit_test(ecdsa_numbers_have_one_spelling),
		cmocka_unit_test(ecdsa_range_is_kept),
		cmocka_unit_test(each_cut_key_is_refused),
		cmocka_unit_test(each_cut_signature_is_refused),
		cmocka_unit_test(foreign_types_are_named),
		cmocka_unit_test(webauthn_is_unsupported_by_name),
		cmocka_unit_test(malformed_fields_are_refused),
		cmocka_unit_test(weak_keys_are_refused),
		cmocka_unit_test(text_form_is_read),
		cmocka_unit_test(fingerprint_is_that_of_ssh_keygen),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
