/* SPDX-License-Identifier: Apache-2.0 */
/* The keys are throwaway ones, made by ssh-keygen; nobody has their private halves. */
#include <policy/roster.h>

#include <assay/base64.h>
#include <base/when.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena.h"

#define KEY_A \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAnBMv6CFybiBcb2SnxkFHl6k/hXwAHqZm"           \
	"l8dL3ZuLuU"                                                                       
#define KEY_B \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMDetEITT6u+8ECEmO36hBf3DjDOzMoVin"           \
	"cgWA8fU59V"                                                                       
#define KEY_C \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOArNfFnHvoJHj+4pCa4O++uKGOIz27Hsz"           \
	"I8yWzlrhgT"                                                                       
#define KEY_D \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILqBxjckliBOEvzG45vkuKyTaOWekCGtn9"           \
	"exABR+lRs/"                                                                       
#define KEY_E \
	"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAA"           \
	"BBBN5zdfgtW9gyB2ZxqcyAmnKkm9yJVcLwChuYGb5a/ya4z8Te6itcoywZe9HZpD2kQOwP"           \
	"D34B5vVXK6tpx6d9X/w="                                                             
#define KEY_SMALL_ORDER \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"           \
	"AAAAAAAAAA"                                                                       
#define KEY_RSA_1024 \
	"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDl8vXBl8snBOut58Om3CyJLm54ZG6OmR"           \
	"TGLu4ZMJxMMdTUCZY2sulqxxNhLfhumDu4P6P/cyUdcBezkJAqCUSTR9IuTU93oivVdBd5"           \
	"kYKP4caTSNVtCnJtHb8G9NOvZ5I9i6OLN9eLCoGGp6C1OV+o/lSBbllYXUdcuz+DcuG5tQ"           \
	"=="                                                                               
#define CERTIFICATE \
	"ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZ"           \
	"W5zc2guY29tAAAAIADKdWpVQ28Zj/MegyYHSxcTeiilimOawWIyfg2tNofRAAAAIMDetEI"           \
	"TT6u+8ECEmO36hBf3DjDOzMoVincgWA8fU59VAAAAAAAAAAAAAAABAAAAAmlkAAAACQAAA"           \
	"AVhbGljZQAAAAAAAAAA//////////8AAAAAAAAAggAAABVwZXJtaXQtWDExLWZvcndhcmR"           \
	"pbmcAAAAAAAAAF3Blcm1pdC1hZ2VudC1mb3J3YXJkaW5nAAAAAAAAABZwZXJtaXQtcG9yd"           \
	"C1mb3J3YXJkaW5nAAAAAAAAAApwZXJtaXQtcHR5AAAAAAAAAA5wZXJtaXQtdXNlci1yYwA"           \
	"AAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACAJwTL+ghcm4gXG9kp8ZBR5epP4V8AB6"           \
	"mZpfHS92bi7lAAAAFMAAAALc3NoLWVkMjU1MTkAAABAEEi052UjnpV+MNpcOO91bd8DpTh"           \
	"/c9CJZpSKw5MgbbpsYL0KJw7aZeP7lZyJeeXwgQQEwySB/SCbq+7joBFqAA=="                    
#define FINGERPRINT_A "SHA256:gavj76HF2fbmpHNCXDA0S8c32W5ota0yV2Y9JZ29ipY"

static struct roster
good(void **state, const char *text)
{
	struct assay_error err = { 0 };
	struct roster r = { 0 };
	if (roster_parse(assay_span_str(text), "roster.yaml", *state, &r, &err) != ASSAY_OK)
		fail_msg("%u:%u: %s", err.line, err.column, err.what);
	assert_true(r.present);
	return r;
}

#define FULL                                                                                       \
	"assay-roster: 1\n"                                                                        \
	"people:\n"                                                                                \
	"  - id: alice\n"                                                                          \
	"    name: Alice Example\n"                                                                \
	"    emails: [alice@example.com, Alice@Example.ORG]\n"                                     \
	"    principals: [al]\n"                                                                   \
	"    roles: [developer, release]\n"                                                        \
	"    keys:\n"                                                                              \
	"      - ssh: " KEY_A " a comment\n"                                                       \
	"        from: 2024-01-01\n"                                                               \
	"        until: 2025-01-01T12:00:00Z\n"                                                    \
	"        retired: 2024-06-01\n"                                                            \
	"        compromised-since: 2024-05-01\n"                                                  \
	"        status: pending\n"                                                                \
	"      - ssh: " KEY_B "\n"                                                                 \
	"      - openpgp: 0123 4567 89AB CDEF 0123  4567 89ab cdef 0123 4567\n"                    \
	"      - x509: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"         \
	"  - {id: bob, name: Bob, emails: [bob@example.com]}\n"                                    \
	"platforms:\n"                                                                             \
	"  - {id: forge, name: Forge, emails: [noreply@example.net], keys: [{ssh: '" KEY_C "'}]}\n" \
	"authorities:\n"                                                                           \
	"  - {id: ca, name: CA, keys: [{ssh: '" KEY_E "', from: 2024-01-01}]}\n"

static void
everything_is_read(void **state)
{
	struct roster r = good(state, FULL);
	assert_int_equal(r.count, 4);
	const struct roster_entry *alice = &r.entries[0];
	assert_int_equal(alice->kind, ROSTER_PERSON);
	assert_string_equal(alice->id, "alice");
	assert_string_equal(alice->name, "Alice Example");
	assert_int_equal(alice->roles.count, 2);
	assert_int_equal(alice->line, 3);
	assert_int_equal(alice->key_count, 2);
	assert_int_equal(alice->foreign_count, 2);
	assert_string_equal(alice->foreign[0].kind, "openpgp");
	assert_string_equal(alice->foreign[1].kind, "x509");
	assert_int_equal(r.entries[2].kind, ROSTER_PLATFORM);
	assert_int_equal(r.entries[3].kind, ROSTER_AUTHORITY);
	assert_int_equal(r.entries[3].keys[0].key.type, ASSAY_KEY_ECDSA_P256);
}

static void
windows_are_read_and_open_by_default(void **state)
{
	struct roster r = good(state, FULL);
	const struct roster_key *k = r.entries[0].keys;
	assert_ptr_equal(k[0].owner, &r.entries[0]);
	assert_string_equal(k[0].fingerprint, FINGERPRINT_A);
	assert_int_equal(k[0].from, 1704067200);
	assert_int_equal(k[0].until, 1735732800);
	assert_int_equal(k[0].retired, 1717200000);
	assert_int_equal(k[0].compromised_since, 1714521600);
	assert_true(k[0].pending);
	assert_int_equal(k[0].line, 9);
	assert_true(k[1].from == WHEN_MIN);
	assert_true(k[1].until == WHEN_MAX);
	assert_true(k[1].retired == WHEN_MAX);
	assert_true(k[1].compromised_since == WHEN_MAX);
	assert_false(k[1].pending);
}

static void
keys_are_found_by_kind(void **state)
{
	struct roster r = good(state, FULL);
	const struct roster_key *a = &r.entries[0].keys[0];
	const struct roster_key *ca = &r.entries[3].keys[0];
	assert_ptr_equal(roster_find(&r, ROSTER_PERSON, a->key.blob), a);
	assert_null(roster_find(&r, ROSTER_PLATFORM, a->key.blob));
	assert_null(roster_find(&r, ROSTER_AUTHORITY, a->key.blob));
	assert_ptr_equal(roster_find(&r, ROSTER_AUTHORITY, ca->key.blob), ca);
	assert_null(roster_find(&r, ROSTER_PERSON, assay_span_str("")));
}

static void
people_are_found_by_email_and_principal(void **state)
{
	struct roster r = good(state, FULL);
	const struct roster_entry *alice = &r.entries[0];
	assert_ptr_equal(roster_by_email(&r, assay_span_str("ALICE@example.com")), alice);
	assert_ptr_equal(roster_by_email(&r, assay_span_str("alice@example.org")), alice);
	assert_null(roster_by_email(&r, assay_span_str("alice@example.co")));
	assert_null(roster_by_email(&r, assay_span_str("alice@example.comm")));
	assert_null(roster_by_email(&r, assay_span_str("")));
	assert_null(roster_by_email(&r, assay_span_str("alice")));
	assert_null(roster_by_email(&r, assay_span_str("noreply@example.net")));
	assert_ptr_equal(roster_by_principal(&r, assay_span_str("alice")), alice);
	assert_ptr_equal(roster_by_principal(&r, assay_span_str("al")), alice);
	assert_ptr_equal(roster_by_principal(&r, assay_span_str("Alice@example.com")), alice);
	assert_null(roster_by_principal(&r, assay_span_str("AL")));
	assert_null(roster_by_principal(&r, assay_span_str("forge")));
}

static void
a_roster_may_be_nearly_empty(void **state)
{
	assert_int_equal(good(state, "assay-roster: 1\n").count, 0);
	assert_int_equal(good(state, "assay-roster: 1\npeople: []\nplatforms: []\n").count, 0);
}

#define PERSON(id, rest) "people:\n  - {id: " id ", name: N" rest "}\n"
#define HEX_40 "0123456789abcdef0123456789abcdef01234567"
#define HEX_40_PRINTED "01234567 89ABCDEF:01234567 89ABCDEF 01234567"
#define ONE_KEY(rest) "people:\n  - id: a\n    name: A\n    keys:\n      - " rest "\n"

static const struct {
	const char *text; /* behind the version's line */
	unsigned line;
	const char *what;
} bad[] = {
	{ "person: []\n", 2, "unknown key 'person'" },
	{ "people: {}\n", 2, "people must be a list" },
	{ "people:\n", 2, "people must be a list" },
	{ "people: [alice]\n", 2, "must be a mapping" },
	{ PERSON("a", ", email: [x]"), 3, "unknown key 'email'" },
	{ "people:\n  - {name: N}\n", 3, "'id' is missing" },
	{ "people:\n  - {id: a}\n", 3, "'name' is missing" },
	{ PERSON("'a b'", ""), 3, "an id has" },
	{ PERSON("\"a\\e\"", ""), 3, "an id has" },
	{ PERSON("a", ", emails: a@b"), 3, "emails must be a list" },
	{ PERSON("a", ", emails: ['a <b>']"), 3, "one of emails" },
	{ PERSON("a", ", principals: ['a b']"), 3, "one of principals" },
	{ PERSON("a", ", keys: x"), 3, "keys must be a list" },
	{ "platforms:\n  - {id: p, name: P}\n", 3, "'keys' is missing" },
	{ "platforms:\n  - {id: p, name: P, roles: [], keys: []}\n", 3, "unknown key 'roles'" },
	{ "authorities:\n  - {id: p, name: P, emails: [], keys: []}\n", 3, "unknown key 'emails'" },
	{ ONE_KEY("from: 2024-01-01"), 6, "must have one of" },
	{ ONE_KEY("{ssh: x, x509: 0123456789abcdef0123456789abcdef01234567}"), 6, "must have one of" },
	{ ONE_KEY("ssh: nonsense"), 6, "ssh: " },
	{ ONE_KEY("ssh: " KEY_A "AAAA"), 6, "ssh: " },
	{ ONE_KEY("ssh: ssh-rsa AAAA"), 6, "ssh: " },
	{ ONE_KEY("ssh: " KEY_SMALL_ORDER), 6, "weak key" },
	{ ONE_KEY("ssh: " KEY_RSA_1024), 6, "weak key" },
	{ ONE_KEY("openpgp: 0123"), 6, "40 or 64" },
	{ ONE_KEY("openpgp: example"), 6, "in hex" },
	{ ONE_KEY("{ssh: '" KEY_A "', from: 2025-01-01, until: 2024-01-01}"), 6, "not after from" },
	{ ONE_KEY("{ssh: '" KEY_A "', from: 2024-01-01, until: 2024-01-01}"), 6, "not after from" },
	{ ONE_KEY("{ssh: '" KEY_A "', from: 01/02/2024}"), 6, "from: " },
	{ ONE_KEY("{ssh: '" KEY_A "', from: '2024-01-01T00:00:00+02:00'}"), 6, "from: " },
	{ ONE_KEY("{ssh: '" KEY_A "', retired: yes}"), 6, "retired: " },
	{ ONE_KEY("{ssh: '" KEY_A "', status: active}"), 6, "can't be 'active'" },
	{ ONE_KEY("{ssh: '" KEY_A "'}\n      - ssh: " KEY_A), 7, "stands twice at 'a'" },
	{ ONE_KEY("ssh: " KEY_A) "  - {id: b, name: B, keys: [{ssh: '" KEY_A "'}]}\n", 7,
	    FINGERPRINT_A " is 'a''s and 'b''s" },
	{ ONE_KEY("ssh: " KEY_A) "platforms:\n  - {id: b, name: B, keys: [{ssh: '" KEY_A "'}]}\n", 8,
	    "'a''s and 'b''s" },
	{ ONE_KEY("openpgp: '" HEX_40 "'") "  - {id: b, name: B, keys: [{openpgp: '" HEX_40_PRINTED "'}]}\n", 7,
	    "'a''s and 'b''s" },
	{ ONE_KEY("x509: '" HEX_40_PRINTED "'") "platforms:\n  - {id: b, name: B, keys: [{x509: '" HEX_40 "'}]}\n", 8,
	    "'a''s and 'b''s" },
	{ ONE_KEY("openpgp: '" HEX_40 "'\n      - openpgp: '" HEX_40 "'"), 7, "stands twice at 'a'" },
	{ PERSON("a", "") "  - {id: a, name: M}\n", 4, "'a' stands twice, first in line 3" },
	{ PERSON("a", "") "  - {id: A, name: M}\n", 4, "stands twice" },
	{ PERSON("a", "") "platforms:\n  - {id: a, name: M, keys: []}\n", 5, "stands twice" },
	{ PERSON("a", ", emails: [x@y]") "  - {id: b, name: M, emails: [X@Y]}\n", 4, "'a''s and 'b''s" },
	{ PERSON("a", ", emails: [x@y]") "platforms:\n  - {id: b, name: M, emails: [x@y], keys: []}\n",
	    5, "'a''s and 'b''s" },
	{ PERSON("a", "") "  - {id: b, name: M, principals: [a]}\n", 4, "the name a" },
	{ PERSON("a", ", principals: [p]") "  - {id: b, name: M, principals: [P]}\n", 4, "the name P" },
};

static void
errors_name_place_and_reason(void **state)
{
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		struct roster r = { .count = 7 };
		char *text = arena_printf(*state, "assay-roster: 1\n%s", bad[i].text);
		if (roster_parse(assay_span_str(text), "roster.yaml", *state, &r, &err)
		    != ASSAY_E_FORMAT)
			fail_msg("row %zu is taken", i);
		if (err.line != bad[i].line || strstr(err.what, bad[i].what) == NULL)
			fail_msg("row %zu: %u:%u: %s", i, err.line, err.column, err.what);
		assert_string_equal(err.file, "roster.yaml");
		assert_int_equal(r.count, 7);
	}
}

static void
certificates_and_versions_are_refused_by_name(void **state)
{
	struct assay_error err = { 0 };
	struct roster r;
	assert_int_equal(roster_parse(assay_span_str("assay-roster: 1\n" ONE_KEY("ssh: " CERTIFICATE)),
			     "r", *state, &r, &err), ASSAY_E_UNSUPPORTED);
	assert_int_equal(err.line, 6);
	assert_int_equal(
	    roster_parse(assay_span_str("assay-roster: 2\n"), "r", *state, &r, &err), ASSAY_E_VERSION);
	assert_non_null(strstr(err.what, "format 2"));
}

static void
one_person_may_carry_a_name_twice(void **state)
{
	struct roster r = good(state, "assay-roster: 1\n" PERSON("a", ", emails: [a@b], principals: [a, a@b]"));
	assert_int_equal(r.count, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_read),
		cmocka_unit_test(windows_are_read_and_open_by_default),
		cmocka_unit_test(keys_are_found_by_kind),
		cmocka_unit_test(people_are_found_by_email_and_principal),
		cmocka_unit_test(a_roster_may_be_nearly_empty),
		cmocka_unit_test(errors_name_place_and_reason),
		cmocka_unit_test(certificates_and_versions_are_refused_by_name),
		cmocka_unit_test(one_person_may_carry_a_name_twice),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
