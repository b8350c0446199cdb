/* SPDX-License-Identifier: Apache-2.0 */
/* SSH certificates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

static struct test_key keys[TYPES];
static struct blob a, b;

static int
make_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < TYPES; i++)
		keys[i] = test_key_make(types[i].type, types[i].bits);
	return 0;
}

static int
drop_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < TYPES; i++)
		test_key_done(&keys[i]);
	return 0;
}

static void
certificates_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		for (size_t k = 0; k < TYPES; k++) {
			struct test_cert how = test_cert_sound;
			struct assay_sshcert cert;
			unsigned char room[1024];
			size_t len = 0;

			test_cert_blob(&keys[i], &keys[k], &how, &a);
			assert_int_equal(assay_sshcert_parse(blob_span(&a), &cert, NULL), ASSAY_OK);
			assert_int_equal(assay_sshcert_verify(&cert, NULL), ASSAY_OK);
			assert_int_equal(cert.key.type, types[i].type);
			assert_int_equal(cert.ca.type, types[k].type);
			assert_int_equal(cert.serial, 7);
			assert_true(assay_span_equal(cert.key_id, assay_span_str("somebody")));
			test_key_blob(&keys[i], NULL, &b);
			assert_int_equal(assay_sshcert_plain_blob(&cert, room, sizeof room, &len), ASSAY_OK);
			assert_true(assay_span_equal((struct assay_span) { room, len }, blob_span(&b)));
			assert_int_equal(assay_sshcert_plain_blob(&cert, room, len, &len), ASSAY_OK);
			assert_int_equal(assay_sshcert_plain_blob(&cert, room, len - 1, &len), ASSAY_E_LIMIT);
		}
	}
}

static void
principals_come_in_order(void **state)
{
	struct assay_sshcert cert;
	struct assay_span name;
	size_t cursor = 0;

	(void)state;
	test_cert_blob(&keys[0], &keys[1], &test_cert_sound, &a);
	assert_int_equal(assay_sshcert_parse(blob_span(&a), &cert, NULL), ASSAY_OK);
	assert_true(assay_sshcert_next_principal(&cert, &cursor, &name));
	assert_true(assay_span_equal(name, assay_span_str("alice@example.org")));
	assert_true(assay_sshcert_next_principal(&cert, &cursor, &name));
	assert_true(assay_span_equal(name, assay_span_str("bob@example.org")));
	assert_false(assay_sshcert_next_principal(&cert, &cursor, &name));
}

/* Every byte of a certificate is signed, or is the signature. */
static void
each_altered_byte_of_a_certificate_is_seen(void **state)
{
	(void)state;
	test_cert_blob(&keys[0], &keys[0], &test_cert_sound, &a);
	for (size_t i = 0; i < a.len; i++) {
		struct assay_sshcert cert;
		b = a;
		b.data[i] ^= 0x01;
		if (assay_sshcert_parse(blob_span(&b), &cert, NULL) == ASSAY_OK)
			assert_int_equal(assay_sshcert_verify(&cert, NULL), ASSAY_E_VERIFY);
	}
	for (size_t len = 0; len < a.len; len++) {
		struct assay_sshcert cert;
		assert_int_not_equal(assay_sshcert_parse((struct assay_span) { a.data, len }, &cert, NULL),
		    ASSAY_OK);
	}
}

static enum assay_status
parse_cert(const struct test_cert *how)
{
	struct assay_sshcert cert;

	test_cert_blob(&keys[0], &keys[1], how, &a);
	return assay_sshcert_parse(blob_span(&a), &cert, NULL);
}

static void
malformed_certificates_are_refused(void **state)
{
	struct test_cert how = test_cert_sound;
	struct assay_sshcert cert;

	(void)state;
	how.type = 3;
	assert_int_equal(parse_cert(&how), ASSAY_E_FORMAT);
	how = test_cert_sound;
	how.reserved = "x";
	assert_int_equal(parse_cert(&how), ASSAY_E_FORMAT);
	how = test_cert_sound;
	how.principals[1] = "";
	assert_int_equal(parse_cert(&how), ASSAY_E_FORMAT);
	how = test_cert_sound;
	how.options[0] = "verify-required";
	how.options[1] = "force-command";
	assert_int_equal(parse_cert(&how), ASSAY_E_FORMAT);
	how.options[1] = "verify-required";
	assert_int_equal(parse_cert(&how), ASSAY_E_FORMAT);
	how.options[1] = NULL;
	assert_int_equal(parse_cert(&how), ASSAY_OK);
	how = test_cert_sound;
	how.extensions[2] = "permit";
	assert_int_equal(parse_cert(&how), ASSAY_E_FORMAT);
	test_key_blob(&keys[0], NULL, &a);
	assert_int_equal(assay_sshcert_parse(blob_span(&a), &cert, NULL), ASSAY_E_UNSUPPORTED);
}

static void
sha1_of_a_ca_does_not_count(void **state)
{
	struct test_cert how = test_cert_sound;
	struct assay_sshcert cert;

	(void)state;
	how.ca_style.algorithm = "ssh-rsa";
	test_cert_blob(&keys[0], &keys[4], &how, &a);
	assert_int_equal(assay_sshcert_parse(blob_span(&a), &cert, NULL), ASSAY_OK);
	assert_int_equal(assay_sshcert_verify(&cert, NULL), ASSAY_E_VERIFY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_verify),
		cmocka_unit_test(principals_come_in_order),
		cmocka_unit_test(each_altered_byte_of_a_certificate_is_seen),
		cmocka_unit_test(malformed_certificates_are_refused),
		cmocka_unit_test(sha1_of_a_ca_does_not_count),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
