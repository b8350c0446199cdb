/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "attest_make.h"

#include <base/embedded.h>
#include <base/text.h>
#include <keys/attestation.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define ROOM 32768
#define PIV "1.3.6.1.4.1.41482.3."
#define HSM "1.3.6.1.4.1.41482.4."
#define EXTENSIONS_MAX 10
#define ENCRYPTED                                                                                                      \
	"-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n" \
	"AAAA\n-----END CERTIFICATE-----\n"

extern const struct embedded_file attest_data[];

/* Keys are slow to make: one set for all. */
static EVP_PKEY *root_key, *device_key, *other_key, *leaf_key, *small_key;

static const struct made_extension piv[] = {
	{ PIV "3", "050703", false }, { PIV "7", "020400c790fe", false }, { PIV "8", "0302", false }, { PIV "9", "03", false }, { NULL, NULL, false },
};
static const struct made_extension hsm[] = {
	{ HSM "1", "0403020401", false }, { HSM "2", "02040203040b", false }, { HSM "3", "03020001", false },
	{ HSM "4", "0303000001", false }, { HSM "5", "0309000000000400000660", false }, { HSM "6", "020103", false },
	{ HSM "9", "0c0772656c65617365", false }, { NULL, NULL, false },
};

/* A chain and its root, both changed by a case before they are made. */
struct made {
	struct made_cert root, device, leaf;
	struct made_extension extensions[EXTENSIONS_MAX];
	char chain[ROOM], roots[ROOM];
};

static void
prepare(struct made *m, const struct made_extension *extensions)
{
	memset(m, 0, sizeof *m);
	m->root = (struct made_cert){ "Stand-in Root", "Stand-in Root", root_key, root_key, "critical,CA:TRUE,pathlen:1",
		"critical,keyCertSign,cRLSign", NULL, -9, 9 };
	m->device = (struct made_cert){ "Stand-in Device", "Stand-in Root", device_key, root_key, "critical,CA:TRUE,pathlen:0", NULL, NULL, 0, 0 };
	m->leaf = (struct made_cert){ "Stand-in Key", "Stand-in Device", leaf_key, device_key, NULL, NULL, NULL, 0, 0 };
	for (size_t i = 0; i < EXTENSIONS_MAX; i++) {
		m->extensions[i] = extensions[i];
		if (extensions[i].oid == NULL)
			break;
	}
}

static void
finish(struct made *m)
{
	make_cert(&m->leaf, m->extensions, m->chain, sizeof m->chain);
	make_cert(&m->device, NULL, m->chain, sizeof m->chain);
	make_cert(&m->root, NULL, m->roots, sizeof m->roots);
}

static void
expect_at(const struct made *m, int64_t now, enum attestation_code code, struct attestation *ret)
{
	struct assay_error err = { 0 };
	const struct attestation_question q = { .chain = assay_span_str(m->chain), .roots = assay_span_str(m->roots), .now = now };
	const enum assay_status status = attestation_verify(&q, ret, &err);
	if (ret->code != code)
		fail_msg("%s where %s belongs", attestation_code_name(ret->code), attestation_code_name(code));
	assert_int_equal(status, code == ATTESTATION_HOLDS ? ASSAY_OK : ASSAY_E_VERIFY);
	assert_true(status == ASSAY_OK || strstr(err.what, attestation_words(code)) != NULL);
}

static void
expect(struct made *m, enum attestation_code code)
{
	struct attestation a;
	finish(m);
	expect_at(m, MAKE_NOW, code, &a);
}

/* key.hardware: the files are what their vendor publishes. */
static void
test_roots(void **state)
{
	static const struct {
		enum attestation_vendor vendor;
		const char *digest;
	} wanted[] = {
		{ ATTESTATION_YUBIKEY_PIV, "63ece914e54dd87915f34033c85af4c0696ba1512f8add66ced738331207b546" },
		{ ATTESTATION_YUBIKEY_PIV, "62760c6a6ef91679f454c8902b80fd009825b3f25da90f1fbace2ec6586cd5a8" },
		{ ATTESTATION_YUBIHSM, "094a3ac493c2bdcd65a54bdf40190f52bb03f7156397a3fc69d8aa9a392fb724" },
	};
	const char *at = NULL;
	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		const struct assay_span pem = attestation_roots(wanted[i].vendor);
		unsigned char der[4096], digest[ASSAY_SHA256_SIZE];
		char hex[2 * ASSAY_SHA256_SIZE + 1];
		at = i > 0 && wanted[i].vendor == wanted[i - 1].vendor ? at : (const char *)pem.data;
		at = strstr(at, "-----BEGIN CERTIFICATE-----\n");
		assert_non_null(at);
		at += strlen("-----BEGIN CERTIFICATE-----\n");
		const size_t len = (size_t)(strstr(at, "-----END") - at);
		EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
		int first = 0, last = 0;
		EVP_DecodeInit(ctx);
		assert_true(EVP_DecodeUpdate(ctx, der, &first, (const unsigned char *)at, (int)len) >= 0);
		assert_int_equal(EVP_DecodeFinal(ctx, der + first, &last), 1);
		EVP_ENCODE_CTX_free(ctx);
		assert_int_equal(assay_sha256((struct assay_span){ der, (size_t)(first + last) }, digest), ASSAY_OK);
		text_hex((struct assay_span){ digest, sizeof digest }, hex);
		assert_string_equal(hex, wanted[i].digest);
	}
	assert_int_equal(attestation_roots(ATTESTATION_VENDORS).len, 0);
}

/* key.hardware: the attestation of a real device, which its owner has published, under the vendor's own root. */
static void
test_real(void **state)
{
	const struct assay_span chain = { attest_data[0].data, attest_data[0].len };
	struct attestation a;
	struct assay_error err;
	struct attestation_question q = { .chain = chain, .now = MAKE_NOW };
	(void)state;
	assert_int_equal(attestation_verify(&q, &a, &err), ASSAY_OK);
	assert_int_equal(a.vendor, ATTESTATION_YUBIKEY_PIV);
	assert_memory_equal(a.firmware, "\x05\x02\x06", 3);
	assert_int_equal(a.serial, 0xc790fe);
	assert_int_equal(a.pin_policy, 3);
	assert_int_equal(a.touch_policy, 2);
	assert_int_equal(a.form_factor, 3);
	unsigned char key[ASSAY_SHA256_SIZE];
	memcpy(key, a.spki_sha256, sizeof key);
	q.spki_sha256 = key;
	assert_int_equal(attestation_verify(&q, &a, &err), ASSAY_OK);
	key[31] ^= 1;
	assert_int_equal(attestation_verify(&q, &a, &err), ASSAY_E_VERIFY);
	assert_int_equal(a.code, ATTESTATION_WRONG_KEY);
	q.spki_sha256 = NULL;
	q.now = 2624000000; /* 2053 */
	assert_int_equal(attestation_verify(&q, &a, &err), ASSAY_E_VERIFY);
	assert_int_equal(a.code, ATTESTATION_EXPIRED);
}

static void
test_good(void **state)
{
	struct made m;
	struct attestation a;
	(void)state;
	prepare(&m, piv);
	finish(&m);
	expect_at(&m, MAKE_NOW, ATTESTATION_HOLDS, &a);
	assert_int_equal(a.serial, 0xc790fe);
	assert_memory_equal(a.firmware, "\x05\x07\x03", 3);
	/* As newer firmware writes it. */
	m.chain[0] = '\0';
	m.extensions[0].hex = "0403050704";
	m.extensions[2].hex = "04020102";
	make_cert(&m.leaf, m.extensions, m.chain, sizeof m.chain);
	make_cert(&m.device, NULL, m.chain, sizeof m.chain);
	make_cert(&m.root, NULL, m.chain, sizeof m.chain); /* the root may come along */
	expect_at(&m, MAKE_NOW, ATTESTATION_HOLDS, &a);
	assert_int_equal(a.pin_policy, 1);
	prepare(&m, hsm);
	finish(&m);
	expect_at(&m, MAKE_NOW, ATTESTATION_HOLDS, &a);
	assert_int_equal(a.vendor, ATTESTATION_YUBIHSM);
	assert_string_equal(a.label, "release");
	assert_int_equal(a.object_id, 3);
	assert_int_equal(a.domains, 1);
	assert_int_equal(a.capabilities, 0x0000000400000660);
	assert_int_equal(a.origin, 1);
	expect_at(&m, MAKE_NOW + 2 * MAKE_DAY, ATTESTATION_EXPIRED, &a);
	expect_at(&m, MAKE_NOW - 2 * MAKE_DAY, ATTESTATION_EXPIRED, &a);
}

static void
test_chain(void **state)
{
	struct made m;
	struct attestation a;
	(void)state;
	/* A root of the attacker's own, by the name of the one that is trusted. */
	prepare(&m, piv);
	m.device.signed_by = other_key;
	expect(&m, ATTESTATION_FOREIGN_ROOT);
	prepare(&m, piv);
	m.device.issuer = "Foreign Root";
	expect(&m, ATTESTATION_FOREIGN_ROOT);
	prepare(&m, piv);
	m.leaf.signed_by = other_key;
	expect(&m, ATTESTATION_BAD_SIGNATURE);
	prepare(&m, piv);
	m.leaf.issuer = "Another Device";
	expect(&m, ATTESTATION_BAD_CHAIN);
	prepare(&m, piv);
	m.device.constraints = NULL;
	expect(&m, ATTESTATION_NOT_CA);
	prepare(&m, piv);
	m.device.constraints = "critical,CA:FALSE";
	expect(&m, ATTESTATION_NOT_CA);
	prepare(&m, piv);
	m.device.usage = "critical,digitalSignature";
	expect(&m, ATTESTATION_NOT_CA);
	prepare(&m, piv);
	m.root.constraints = "critical,CA:TRUE,pathlen:0";
	expect(&m, ATTESTATION_NOT_CA);
	prepare(&m, piv);
	m.leaf.constraints = "critical,CA:TRUE";
	expect(&m, ATTESTATION_NOT_CA);
	prepare(&m, piv);
	m.device.until = -1;
	m.device.from = -5;
	expect(&m, ATTESTATION_EXPIRED);
	prepare(&m, piv);
	m.root.until = -1;
	expect(&m, ATTESTATION_EXPIRED);
	prepare(&m, piv);
	m.leaf.digest = "SHA1";
	expect(&m, ATTESTATION_WEAK);
	prepare(&m, piv);
	m.device.key = m.leaf.signed_by = small_key;
	expect(&m, ATTESTATION_WEAK);
	/* No root but the vendor's own. */
	prepare(&m, piv);
	finish(&m);
	m.roots[0] = '\0';
	expect_at(&m, MAKE_NOW, ATTESTATION_FOREIGN_ROOT, &a);
}

static void
expect_changed(const struct made_extension *base, size_t i, const char *hex, enum attestation_code code)
{
	struct made m;
	prepare(&m, base);
	m.extensions[i].hex = hex;
	expect(&m, code);
}

static void
test_extensions(void **state)
{
	struct made m;
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		prepare(&m, piv);
		m.extensions[i].oid = PIV "99";
		expect(&m, ATTESTATION_MISSING);
		prepare(&m, piv);
		m.extensions[4] = m.extensions[i];
		m.extensions[5].oid = NULL;
		expect(&m, ATTESTATION_DOUBLED);
		expect_changed(piv, i, "0500", i == 2 ? ATTESTATION_HOLDS : ATTESTATION_GARBLED);
		expect_changed(piv, i, "04", i == 3 ? ATTESTATION_HOLDS : ATTESTATION_GARBLED);
		expect_changed(piv, i, "04820001ff", ATTESTATION_GARBLED);
	}
	for (size_t i = 0; i < 7; i++) {
		prepare(&m, hsm);
		m.extensions[i].oid = HSM "99";
		expect(&m, ATTESTATION_MISSING);
		expect_changed(hsm, i, "0500", ATTESTATION_GARBLED);
	}
	expect_changed(piv, 1, "020500ffffffffff", ATTESTATION_GARBLED); /* longer than it says */
	expect_changed(piv, 1, "0201ff", ATTESTATION_GARBLED);           /* below zero */
	expect_changed(piv, 1, "0202007f", ATTESTATION_GARBLED);         /* not in its shortest form */
	expect_changed(piv, 1, "020a00ffffffffffffffffff", ATTESTATION_GARBLED);
	expect_changed(hsm, 2, "03020101", ATTESTATION_GARBLED);         /* a bit left out */
	expect_changed(hsm, 6, "0c02c328", ATTESTATION_GARBLED);         /* no UTF-8 */
	/* key.hardware: made elsewhere, or able to leave. */
	expect_changed(hsm, 2, "03020002", ATTESTATION_IMPORTED);
	expect_changed(hsm, 2, "03020000", ATTESTATION_IMPORTED);
	expect_changed(hsm, 2, "03020003", ATTESTATION_IMPORTED);
	expect_changed(hsm, 2, "03020011", ATTESTATION_IMPORTED_WRAPPED);
	expect_changed(hsm, 2, "03020012", ATTESTATION_IMPORTED_WRAPPED);
	expect_changed(hsm, 4, "0309000000000400010660", ATTESTATION_EXPORTABLE);
	prepare(&m, piv);
	m.extensions[4] = (struct made_extension){ "1.2.3.4", "0500", true };
	m.extensions[5].oid = NULL;
	expect(&m, ATTESTATION_CRITICAL);
	prepare(&m, piv);
	m.extensions[4] = (struct made_extension){ HSM "3", "03020001", false };
	m.extensions[5].oid = NULL;
	expect(&m, ATTESTATION_NO_VENDOR);
	prepare(&m, piv + 4);
	expect(&m, ATTESTATION_NO_VENDOR);
}

static void
test_unreadable(void **state)
{
	struct made m;
	struct attestation a;
	static const char *const texts[] = { "", "hello\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		ENCRYPTED };
	(void)state;
	memset(&m, 0, sizeof m);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		(void)snprintf(m.chain, sizeof m.chain, "%s", texts[i]);
		expect_at(&m, MAKE_NOW, ATTESTATION_UNREADABLE, &a);
	}
	/* More certificates than are looked at. */
	prepare(&m, piv);
	finish(&m);
	for (size_t i = 0; i < ATTESTATION_CERTS_MAX - 1; i++)
		make_cert(&m.device, NULL, m.chain, sizeof m.chain);
	expect_at(&m, MAKE_NOW, ATTESTATION_UNREADABLE, &a);
	/* Something behind the last one. */
	prepare(&m, piv);
	finish(&m);
	(void)snprintf(m.chain + strlen(m.chain), 16, "and more");
	expect_at(&m, MAKE_NOW, ATTESTATION_UNREADABLE, &a);
	for (int i = 0; i <= ATTESTATION_HOLDS; i++)
		assert_true(attestation_code_name((enum attestation_code)i)[0] != '\0' && attestation_words((enum attestation_code)i)[0] != '\0');
	assert_string_equal(attestation_code_name((enum attestation_code)99), "unreadable");
}

static int
make_keys(void **state)
{
	(void)state;
	root_key = make_key(2048);
	device_key = make_key(0);
	other_key = make_key(2048);
	leaf_key = make_key(0);
	small_key = make_key(1024);
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(device_key);
	EVP_PKEY_free(other_key);
	EVP_PKEY_free(leaf_key);
	EVP_PKEY_free(small_key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_unreadable),
	};
	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
