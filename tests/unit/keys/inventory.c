/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <base/cleanup.h>
#include <base/when.h>
#include <keys/inventory.h>
#include <stdio.h>
#include <string.h>

#define TODAY 1700006400 /* 2023-11-15 */
#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ROOM 8192
#define ATTRIBUTES                                                                                                     \
	"{\"always-authenticate\":false,\"always-sensitive\":true,\"decrypt\":null,\"derive\":null,\"extractable\":false,"  \
	"\"local\":true,\"modifiable\":null,\"never-extractable\":true,\"private\":true,\"sensitive\":true,\"sign\":true," \
	"\"unwrap\":null,\"wrap\":null,\"wrap-with-trusted\":null}"
#define KEY(private, spki)                                                                                             \
	"{\"attributes\":" ATTRIBUTES ",\"bits\":256,\"id\":\"01\",\"label\":\"release\",\"mechanism\":null,\"private\":" private \
	",\"spki-sha256\":" spki ",\"type\":\"ed25519\",\"uri\":\"pkcs11:id=%01\"}"
#define CAPTURE(login, serial, keys)                                                                                   \
	"{\"module\":{\"cryptoki\":\"2.40\",\"description\":\"d\",\"manufacturer\":\"m\",\"version\":\"1.0\"},"            \
	"\"schema\":\"assay-token-capture/1\",\"taken\":\"2023-11-15\",\"tokens\":[{\"firmware\":\"1.0\",\"flags\":[\"CKF_RNG\"]," \
	"\"hardware\":\"1.0\",\"keys\":[" keys "],\"label\":\"t\",\"login\":" login ",\"manufacturer\":\"Maker\",\"model\":\"M\"," \
	"\"serial\":\"" serial "\"}],\"word\":\"token\"}\n"
#define ENTRY(id, spki, more)                                                                                          \
	"  - id: " id "\n    spki-sha256: " spki "\n    purposes: [release]\n    algorithm: ed25519\n    bits: 256\n"      \
	"    where: {kind: token, manufacturer: Maker, serial: S1}\n    custodians: [alice, bob]\n    created: 2023-01-01\n" more
#define UNTIL "    expires: 2025-01-01\n"
#define HEAD "assay-keys: 1\nkeys:\n"

static int
with_arena(void **state)
{
	struct arena *a = NULL;
	if (arena_new(64u << 20, &a) != ASSAY_OK)
		return 1;
	*state = a;
	return 0;
}

static int
without_arena(void **state)
{
	struct arena *a = *state;
	arena_free(&a);
	return 0;
}

static void
test_capture(void **state)
{
	static const char good[] = CAPTURE("true", "S1", KEY("true", "\"" A "\"") "," KEY("false", "null"));
	struct capture c;
	struct assay_error err = { 0 };
	if (capture_parse(assay_span_str(good), "c", *state, &c, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	assert_int_equal(c.token_count, 1);
	assert_int_equal(c.tokens[0].key_count, 2);
	const struct capture_key *k = c.tokens[0].keys;
	assert_string_equal(k[0].spki_sha256, A);
	assert_null(k[1].spki_sha256);
	assert_true(k[0].has_private && !k[1].has_private && c.tokens[0].login);
	assert_int_equal(k[0].attributes[CAPTURE_SENSITIVE], CAPTURE_TRUE);
	assert_int_equal(k[0].attributes[CAPTURE_EXTRACTABLE], CAPTURE_FALSE);
	assert_int_equal(k[0].attributes[CAPTURE_WRAP], CAPTURE_NOT_SAID);
	assert_string_equal(c.tokens[0].flags[0], "CKF_RNG");
	assert_int_equal(c.taken, TODAY);
}

/* Each change of one place makes it something else. */
static void
test_capture_refused(void **state)
{
	static const struct {
		const char *from, *to, *words;
	} changes[] = {
		{ "capture/1", "capture/2", "schema" },
		{ "\"word\":\"token\"", "\"word\":\"vendor\"", "word" },
		{ "2023-11-15", "2023-11-35", "no day" },
		{ "\"bits\":256", "\"bits\":-1", "no number" },
		{ "\"bits\":256", "\"bits\":\"256\"", "no number" },
		{ "\"id\":\"01\"", "\"id\":\"0\"", "'id'" },
		{ "\"id\":\"01\"", "\"id\":\"0Z\"", "'id'" },
		{ "\"" A "\"", "\"aa\"", "'spki-sha256'" },
		{ "\"ed25519\"", "\"ed448\"", "'type'" },
		{ "\"private\":true,\"sens", "\"private\":1,\"sens", "'private'" },
		{ "\"login\":true", "\"login\":null", "'login'" },
		{ "\"sign\":true,", "", "'sign'" },
		{ "\"sign\":true,", "\"sign\":true,\"sign-all\":true,", "'attributes'" },
		{ "\"mechanism\":null,", "", "'mechanism'" },
		{ "\"mechanism\":null,", "\"mechanism\":null,\"more\":1,", "'keys'" },
		{ "\"CKF_RNG\"", "7", "'flags'" },
		{ "[\"CKF_RNG\"]", "\"CKF_RNG\"", "'flags'" },
		{ "\"serial\":\"S1\"", "\"serial\":\"S1\",\"x\":1", "'tokens'" },
		{ "\"module\":{", "\"module\": {", "canonical" },
		{ "\"word\"", "\"word\":\"token\",\"word\"", "" },
	};
	static const char good[] = CAPTURE("true", "S1", KEY("true", "\"" A "\""));
	char text[ROOM];
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		struct capture c = { .taken = 5 };
		struct assay_error err = { 0 };
		const char *at = strstr(good, changes[i].from);
		assert_non_null(at);
		(void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, changes[i].to, at + strlen(changes[i].from));
		assert_int_equal(capture_parse(assay_span_str(text), "c", *state, &c, &err), ASSAY_E_FORMAT);
		if (strstr(err.what, changes[i].words) == NULL)
			fail_msg("'%s' to '%s': %s", changes[i].from, changes[i].to, err.what);
		assert_int_equal(c.taken, 5);
	}
}

static void
test_inventory(void **state)
{
	struct inventory i;
	struct assay_error err = { 0 };
	static const char yaml[] = HEAD ENTRY("one", A, UNTIL "    attestation: assay/attest.pem\n    backup: {how: wrapped by YubiHSM, where: safe, by: [alice, bob]}\n")
	    "  - id: two\n    spki-sha256: " B "\n    purposes: [boot, other]\n    algorithm: rsa\n    bits: 3072\n"
	    "    where: {kind: kms, service: vault}\n    custodians: carol\n    created: 2023-01-01\n    rotated: 2023-02-01\n" UNTIL
	    "    revoked: 2023-03-01\n";
	if (inventory_parse(assay_span_str(yaml), "keys.yaml", *state, &i, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	assert_int_equal(i.count, 2);
	assert_string_equal(inventory_find(&i, A)->serial, "S1");
	assert_true(inventory_find(&i, A)->backup.given);
	assert_string_equal(inventory_find(&i, B)->service, "vault");
	assert_int_equal(inventory_find(&i, A)->revoked, WHEN_MAX);
	assert_null(inventory_find(&i, NULL));
}

static void
test_inventory_refused(void **state)
{
	static const struct {
		const char *yaml, *words;
	} refused[] = {
		{ HEAD ENTRY("one", A, "    expires: 2023-01-01\n"), "expires isn't after created" },
		{ HEAD ENTRY("one", A, UNTIL "    rotated: 2022-01-01\n"), "rotated lies before" },
		{ HEAD ENTRY("one", A, ""), "expires" },
		{ HEAD ENTRY("one", A, UNTIL) ENTRY("one", B, UNTIL), "stands twice, first in line 3" },
		{ HEAD ENTRY("one", A, UNTIL) ENTRY("two", A, UNTIL), "'one' of line 3 again" },
		{ HEAD ENTRY("one", "AAAA", UNTIL), "64 lower-case hex digits" },
		{ HEAD ENTRY("one", A, UNTIL "    attestation: ../x.pem\n"), "within the repository" },
		{ HEAD ENTRY("one", A, UNTIL "    attestation: a/../../x.pem\n"), "within the repository" },
		{ HEAD ENTRY("one", A, UNTIL "    attestation: /x.pem\n"), "within the repository" },
		{ HEAD ENTRY("one", A, UNTIL "    pin: 1234\n"), "pin" },
		{ HEAD "  - id: x\n    where: {kind: token, manufacturer: Maker}\n", "serial number" },
		{ HEAD "  - id: x\n    where: {kind: kms}\n", "named by 'service'" },
		{ HEAD "  - id: x\n    where: {kind: software, serial: S1}\n", "those of a token" },
		{ HEAD "  - id: x\n    where: {kind: token, manufacturer: M, serial: S, path: /k}\n", "in software" },
		{ HEAD "  - id: x\n    where: {kind: cellar}\n", "cellar" },
		{ HEAD "  - id: x\n    purposes: []\n", "without a purpose" },
		{ HEAD "  - id: x\n    purposes: [fun]\n", "fun" },
		{ HEAD "  - id: x\n    custodians: []\n", "custodians" },
		{ HEAD "  - id: x\n    algorithm: md5\n", "md5" },
		{ "assay-keys: 2\nkeys: []\n", "newer" },
		/* A file of the repository may not choose what code gets the PIN, nor where it goes. */
		{ HEAD "  - id: x\n    where: {kind: token, manufacturer: M, serial: S, uri: 'pkcs11:token=a?module-path=/tmp/evil.so'}\n", "may not carry 'module-path'" },
		{ HEAD "  - id: x\n    where: {kind: token, manufacturer: M, serial: S, uri: 'pkcs11:token=a?pin-source=/p'}\n", "may not carry 'pin-source'" },
		{ HEAD "  - id: x\n    where: {kind: token, manufacturer: M, serial: S, uri: 'pkcs11:token=a?pin-value=1234'}\n", "may not carry 'pin-value'" },
	};
	for (size_t n = 0; n < sizeof refused / sizeof refused[0]; n++) {
		struct inventory i;
		struct assay_error err = { 0 };
		assert_true(inventory_parse(assay_span_str(refused[n].yaml), "keys.yaml", *state, &i, &err) != ASSAY_OK);
		if (strstr(err.what, refused[n].words) == NULL)
			fail_msg("%zu: %s", n, err.what);
		assert_true(err.line > 0 && strstr(err.what, "1234") == NULL);
	}
}

/* The codes of what is found, in their order, separated by blanks. */
static void
expect(struct arena *arena, const char *yaml, const char *captured, const char *codes)
{
	struct inventory i;
	struct capture c;
	struct inventory_finding *found = NULL;
	size_t count = 0;
	struct assay_error err = { 0 };
	char text[512] = "";
	assert_int_equal(inventory_parse(assay_span_str(yaml), "keys.yaml", arena, &i, &err), ASSAY_OK);
	if (capture_parse(assay_span_str(captured), "c", arena, &c, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	assert_int_equal(inventory_compare(&i, &c, TODAY, arena, &found, &count, &err), ASSAY_OK);
	for (size_t n = 0; n < count; n++) {
		const size_t len = strlen(text);
		(void)snprintf(text + len, sizeof text - len, "%s%s", len > 0 ? " " : "", inventory_difference_name(found[n].what));
		assert_true(inventory_difference_words(found[n].what)[0] != '\0' && inventory_difference_next(found[n].what)[0] != '\0');
	}
	assert_string_equal(text, codes);
}

/* key.inventory: each key that tokens show is listed, and each that is listed is where it should be. */
static void
test_compare(void **state)
{
	static const char both[] = CAPTURE("true", "S1", KEY("true", "\"" A "\""));
	static const char *const one = HEAD ENTRY("one", A, UNTIL);
	static const char software[] = HEAD "  - id: one\n    spki-sha256: " A "\n    purposes: [release]\n    algorithm: ed25519\n    bits: 256\n"
	    "    where: {kind: software, path: k}\n    custodians: [alice]\n    created: 2023-01-01\n" UNTIL;
	char text[ROOM];
	expect(*state, one, both, "");
	expect(*state, HEAD ENTRY("one", B, UNTIL), both, "absent unlisted");
	expect(*state, one, CAPTURE("true", "S1", ""), "absent");
	expect(*state, one, CAPTURE("false", "S1", KEY("false", "\"" A "\"")), "not-seen");
	expect(*state, one, CAPTURE("true", "S2", KEY("true", "\"" A "\"")), "elsewhere not-seen");
	expect(*state, one, CAPTURE("true", "S1", KEY("true", "null")), "absent no-public");
	expect(*state, software, both, "not-in-token");
	expect(*state, HEAD ENTRY("one", A, "    expires: 2023-11-15\n"), both, "expired");
	expect(*state, HEAD ENTRY("one", A, UNTIL "    revoked: 2023-11-15\n"), both, "revoked");
	expect(*state, HEAD ENTRY("one", A, UNTIL "    revoked: 2023-11-15\n"), CAPTURE("true", "S1", ""), "");
	const char *at = strstr(both, "\"bits\":256");
	(void)snprintf(text, sizeof text, "%.*s\"bits\":512%s", (int)(at - both), both, at + strlen("\"bits\":256"));
	expect(*state, one, text, "other-type");
	at = strstr(both, "\"extractable\":false");
	(void)snprintf(text, sizeof text, "%.*s\"extractable\":true%s", (int)(at - both), both, at + strlen("\"extractable\":false"));
	expect(*state, one, text, "extractable");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_capture, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(test_capture_refused, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(test_inventory, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(test_inventory_refused, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(test_compare, with_arena, without_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
