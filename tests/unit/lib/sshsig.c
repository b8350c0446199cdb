/* SPDX-License-Identifier: Apache-2.0 */
/* SSHSIG: armor, parsing, verification. */
#include <assay/sshsig.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sshmake.h"

static struct test_key alice, bob, ca, token;
static struct blob a, b, c;
static char armor[2 * BLOB_ROOM];

/* Made by ssh-keygen -Y sign -n git over "hello\n" with a throwaway key. */
static const char by_ssh_keygen[] =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgpby9LuguNq4ynqjoYUoJy5YwcK\n"
    "T5HceXkdhdn1HiGqkAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5\n"
    "AAAAQAe0Ly2YmAN6b9BASGRL9mjWwucSGeTUqdpx3yYqeaTeiHw9tmpqxrl/tS0iRWjX2h\n"
    "pcCJNrC2WNX1++Jc6xsQk=\n"
    "-----END SSH SIGNATURE-----\n";

static int
make_keys(void **state)
{
	(void)state;
	alice = test_key_make(ASSAY_KEY_ED25519, 0);
	bob = test_key_make(ASSAY_KEY_ECDSA_P256, 0);
	ca = test_key_make(ASSAY_KEY_ED25519, 0);
	token = test_key_make(ASSAY_KEY_SK_ED25519, 0);
	return 0;
}

static int
drop_keys(void **state)
{
	(void)state;
	test_key_done(&alice);
	test_key_done(&bob);
	test_key_done(&ca);
	test_key_done(&token);
	return 0;
}

static struct test_sig
sound(const struct test_key *key)
{
	return (struct test_sig) { .key = key, .name_space = "git", .hash = "sha512", .reserved = "",
		.version = 1, .message = assay_span_str("hello\n") };
}

static enum assay_status
check(const struct blob *binary, const char *name_space, struct assay_sk_info *sk)
{
	struct assay_sshsig sig;
	struct assay_error err = { 0 };

	enum assay_status status = assay_sshsig_parse(blob_span(binary), &sig, &err);
	if (status == ASSAY_OK)
		status = assay_sshsig_verify(&sig, assay_span_str("hello\n"), name_space, sk, &err);
	assert_int_equal(err.status, status);
	assert_int_equal(err.what[0] == '\0', status == ASSAY_OK);
	return status;
}

static enum assay_status
dearmor(const char *text, struct blob *out)
{
	return assay_sshsig_dearmor(assay_span_str(text), out->data, sizeof out->data, &out->len, NULL);
}

static void
what_ssh_keygen_makes_verifies(void **state)
{
	struct assay_sshsig sig;

	(void)state;
	assert_int_equal(dearmor(by_ssh_keygen, &a), ASSAY_OK);
	assert_int_equal(check(&a, "git", NULL), ASSAY_OK);
	assert_int_equal(check(&a, "file", NULL), ASSAY_E_VERIFY);
	assert_int_equal(assay_sshsig_parse(blob_span(&a), &sig, NULL), ASSAY_OK);
	assert_int_equal(sig.key.type, ASSAY_KEY_ED25519);
	assert_false(sig.by_certificate);
	assert_true(assay_span_equal(sig.name_space, assay_span_str("git")));
	assert_int_equal(assay_sshsig_verify(&sig, assay_span_str("hello"), "git", NULL, NULL),
	    ASSAY_E_VERIFY);
}

static void
each_flipped_bit_is_seen(void **state)
{
	(void)state;
	assert_int_equal(dearmor(by_ssh_keygen, &a), ASSAY_OK);
	for (size_t bit = 0; bit < 8 * a.len; bit++) {
		a.data[bit / 8] = (unsigned char)(a.data[bit / 8] ^ 1U << bit % 8);
		if (check(&a, "git", NULL) == ASSAY_OK)
			fail_msg("bit %zu of byte %zu does not count", bit % 8, bit / 8);
		a.data[bit / 8] = (unsigned char)(a.data[bit / 8] ^ 1U << bit % 8);
	}
}

static void
each_cut_is_refused(void **state)
{
	struct assay_sshsig sig;

	(void)state;
	assert_int_equal(dearmor(by_ssh_keygen, &a), ASSAY_OK);
	for (size_t len = 0; len < a.len; len++) {
		unsigned char *cut = malloc(len + 1);
		assert_non_null(cut);
		memcpy(cut, a.data, len);
		assert_int_not_equal(assay_sshsig_parse((struct assay_span) { cut, len }, &sig, NULL), ASSAY_OK);
		free(cut);
	}
	blob_put_u8(&a, 0);
	assert_int_equal(assay_sshsig_parse(blob_span(&a), &sig, NULL), ASSAY_E_FORMAT);
}

static void
fields_are_held_to_the_format(void **state)
{
	struct test_sig how = sound(&alice);

	(void)state;
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_OK);
	how.hash = "sha256";
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_OK);
	how.hash = "sha1";
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_E_UNSUPPORTED);
	how = sound(&alice);
	how.version = 2;
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_E_VERSION);
	how.version = 0;
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_E_FORMAT);
	how = sound(&alice);
	how.reserved = "x";
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_E_FORMAT);
	how = sound(&alice);
	how.name_space = "";
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "", NULL), ASSAY_E_FORMAT);
}

static void
namespaces_end_at_their_cap(void **state)
{
	char name_space[ASSAY_SSHSIG_NAMESPACE_MAX + 2];
	struct test_sig how = sound(&alice);

	(void)state;
	memset(name_space, 'n', sizeof name_space);
	name_space[ASSAY_SSHSIG_NAMESPACE_MAX + 1] = '\0';
	how.name_space = name_space;
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, name_space, NULL), ASSAY_E_LIMIT);
	name_space[ASSAY_SSHSIG_NAMESPACE_MAX] = '\0';
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, name_space, NULL), ASSAY_OK);
}

static void
swapped_key_fails(void **state)
{
	struct test_sig how = sound(&alice);

	(void)state;
	test_key_blob(&ca, NULL, &b);
	how.key_field = &b;
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_E_VERIFY);
	test_key_blob(&bob, NULL, &b);
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_E_VERIFY);
}

static void
tokens_say_what_they_saw(void **state)
{
	struct test_sig how = sound(&token);
	struct assay_sk_info sk = { 0 };

	(void)state;
	how.style.counter = 12;
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", &sk), ASSAY_OK);
	assert_true(sk.present);
	assert_false(sk.user_presence);
	how.style.flags = 1;
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", &sk), ASSAY_OK);
	assert_true(sk.user_presence);
	assert_false(sk.user_verified);
	assert_int_equal(sk.counter, 12);
}

static void
certificates_carry_a_signature(void **state)
{
	struct test_sig how = sound(&alice);
	struct assay_sshsig sig;

	(void)state;
	test_cert_blob(&alice, &ca, &test_cert_sound, &b);
	how.key_field = &b;
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_OK);
	assert_int_equal(assay_sshsig_parse(blob_span(&a), &sig, NULL), ASSAY_OK);
	assert_true(sig.by_certificate);
	assert_int_equal(sig.cert.serial, 7);
	assert_true(assay_span_equal(sig.key_field, blob_span(&b)));

	/* The key's signature is good, the CA's is not. */
	b.data[b.len - 1] ^= 1;
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_E_VERIFY);
	/* The certificate is good, and another key's. */
	test_cert_blob(&ca, &ca, &test_cert_sound, &b);
	test_sshsig(&how, &a);
	assert_int_equal(check(&a, "git", NULL), ASSAY_E_VERIFY);
}

static void
armor_may_have_any_width(void **state)
{
	static const size_t widths[] = { 1, 3, 64, 70, 76, 10000 };
	struct test_sig how = sound(&alice);

	(void)state;
	test_sshsig(&how, &a);
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		size_t len = test_armor(blob_span(&a), widths[i], armor, sizeof armor);
		assert_int_equal(dearmor(armor, &c), ASSAY_OK);
		assert_true(assay_span_equal(blob_span(&a), blob_span(&c)));
		/* Without its last line end, as a header's value has it. */
		armor[len - 1] = '\0';
		assert_int_equal(dearmor(armor, &c), ASSAY_OK);
	}
}

#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "-----END SSH SIGNATURE-----"

static void
armor_is_strict(void **state)
{
	static const char *const good[] = { BEGIN "Zm9v\n" END "\n", BEGIN "Zm\n9v\n" END,
		"-----BEGIN SSH SIGNATURE-----\r\nZm9v\r\n" END "\r\n", BEGIN "Zm8=\n" END };
	static const char *const bad[] = { "", "Zm9v", BEGIN, BEGIN "Zm9v\n", BEGIN END, BEGIN "\n" END,
		" " BEGIN "Zm9v\n" END, "\n" BEGIN "Zm9v\n" END, BEGIN "Zm9v\n" END "\n\n",
		BEGIN "Zm9v\n" END " ", BEGIN "Zm9v\n" END "\nx", BEGIN "Zm9v\n\n" END, BEGIN "Zm9v \n" END,
		BEGIN "Zm9\n" END, BEGIN "Zm8=\nZm9v\n" END, BEGIN "Zm9=\n" END, BEGIN "Zm9v" END,
		BEGIN "Zm9v\n-----END SSH SIGNATURE----\n", BEGIN BEGIN "Zm9v\n" END,
		BEGIN "Zm9v\n" END "\n" BEGIN "Zm9v\n" END };
	struct assay_error err;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		if (dearmor(good[i], &c) != ASSAY_OK)
			fail_msg("'%s' was refused", good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (dearmor(bad[i], &c) != ASSAY_E_FORMAT)
			fail_msg("'%s' was not refused", bad[i]);
	}
	assert_int_equal(assay_sshsig_dearmor(assay_span_str(bad[12]), c.data, 100, &c.len, &err),
	    ASSAY_E_FORMAT);
	assert_int_equal(err.line, 2);
	assert_int_equal(assay_sshsig_dearmor(assay_span_str(good[0]), c.data, 2, &c.len, &err),
	    ASSAY_E_LIMIT);
	assert_int_equal(assay_sshsig_dearmor(assay_span_str(good[0]), c.data, 3, &c.len, &err), ASSAY_OK);
}

static void
sizes_are_capped(void **state)
{
	static unsigned char large[ASSAY_SSHSIG_MAX + 1];
	struct assay_span all = { large, sizeof large };
	struct assay_sshsig sig;
	size_t len;

	(void)state;
	assert_int_equal(assay_sshsig_dearmor(all, c.data, sizeof c.data, &len, NULL), ASSAY_E_LIMIT);
	assert_int_equal(assay_sshsig_parse(all, &sig, NULL), ASSAY_E_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_ssh_keygen_makes_verifies),
		cmocka_unit_test(each_flipped_bit_is_seen),
		cmocka_unit_test(each_cut_is_refused),
		cmocka_unit_test(fields_are_held_to_the_format),
		cmocka_unit_test(namespaces_end_at_their_cap),
		cmocka_unit_test(swapped_key_fails),
		cmocka_unit_test(tokens_say_what_they_saw),
		cmocka_unit_test(certificates_carry_a_signature),
		cmocka_unit_test(armor_may_have_any_width),
		cmocka_unit_test(armor_is_strict),
		cmocka_unit_test(sizes_are_capped),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
