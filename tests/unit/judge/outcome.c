/* SPDX-License-Identifier: Apache-2.0 */
/* Six outcomes and "not verified", each claimed and witnessed, at every edge of every window. */
#include "sshmake.h"
#include "world.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FROM 1000
#define UNTIL 2000
#define RETIRED 1500
#define COMPROMISED 1200

static struct world *w;
static uint32_t ann, forge, stranger;

static int
setup(void **state)
{
	(void)state;
	w = world_new();
	ann = world_owner(w, ROSTER_PERSON, "ann", "ann@example.org");
	forge = world_owner(w, ROSTER_PLATFORM, "forge", "noreply@example.org");
	(void)world_owner(w, ROSTER_AUTHORITY, "ca", NULL);
	(void)world_owner(w, ROSTER_PERSON, "ben", "ben@example.org");
	stranger = world_stranger(w);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world_free(w);
	return 0;
}

/* Whose key, and when: as the judges do it, for one signature. */
static void
outcome_of(const struct history_signature *s, int64_t claimed, const struct witness *witness,
    struct outcome_detail *ret_detail)
{
	struct outcome_owner owner;
	if (s->key != HISTORY_NONE)
		outcome_owner_of(&w->h.keys[s->key], &w->roster, &owner);
	outcome_at(s, s->key == HISTORY_NONE ? NULL : &owner, claimed, witness, ret_detail);
}

static struct outcome_detail
of(uint32_t key, int64_t claimed, const struct witness *witness)
{
	struct history_signature s = { SIG_SSH, SIG_VALID, SIG_CODE_NONE, key, { 0 } };
	struct outcome_detail d;
	outcome_of(&s, claimed, witness, &d);
	return d;
}

static void
expect(uint32_t key, int64_t claimed, enum outcome outcome, const char *code)
{
	struct outcome_detail d = of(key, claimed, NULL);
	assert_int_equal(d.outcome, outcome);
	if (code == NULL)
		assert_null(d.code);
	else
		assert_string_equal(d.code, code);
	assert_false(d.witnessed);
}

static void
whose_key(void **state)
{
	(void)state;
	expect(ann, 5, OUTCOME_PERSON, NULL);
	expect(forge, 5, OUTCOME_PLATFORM, NULL);
	expect(stranger, 5, OUTCOME_UNKNOWN_KEY, "unknown-key");
	assert_string_equal(of(ann, 5, NULL).who->id, "ann");
	w->roster.count = 0;
	expect(ann, 5, OUTCOME_UNKNOWN_KEY, "unknown-key");
}

static void
arithmetic_comes_first(void **state)
{
	(void)state;
	static const struct {
		enum sig_result result;
		enum sig_code code;
		enum outcome outcome;
		const char *words;
	} rows[] = {
		{ SIG_UNSIGNED, SIG_CODE_NONE, OUTCOME_UNSIGNED, "unsigned" },
		{ SIG_BAD, SIG_CODE_NAMESPACE, OUTCOME_BAD, "bad-namespace" },
		{ SIG_BAD, SIG_CODE_WEAK_KEY, OUTCOME_BAD, "bad-weak-key" },
		{ SIG_UNSUPPORTED, SIG_CODE_FORMAT, OUTCOME_UNVERIFIED, "format-not-verified" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (int keyed = 0; keyed < 2; keyed++) {
			struct history_signature s = { SIG_SSH, rows[i].result, rows[i].code,
				keyed ? ann : HISTORY_NONE, { 0 } };
			struct outcome_detail d;
			outcome_of(&s, 5, NULL, &d);
			assert_int_equal(d.outcome, rows[i].outcome);
			assert_string_equal(d.code, rows[i].words);
		}
	}
	/* A sound signature whose key nobody looked up is not good. */
	struct history_signature s = { SIG_SSH, SIG_VALID, SIG_CODE_NONE, HISTORY_NONE, { 0 } };
	struct outcome_detail d;
	outcome_of(&s, 5, NULL, &d);
	assert_int_equal(d.outcome, OUTCOME_BAD);
}

static void
windows_are_half_open(void **state)
{
	(void)state;
	w->roster_keys[ann].from = FROM;
	w->roster_keys[ann].until = UNTIL;
	expect(ann, FROM - 1, OUTCOME_OUTSIDE_WINDOW, "key-not-yet-valid");
	expect(ann, FROM, OUTCOME_PERSON, NULL);
	expect(ann, UNTIL - 1, OUTCOME_PERSON, NULL);
	expect(ann, UNTIL, OUTCOME_OUTSIDE_WINDOW, "key-expired");
	expect(ann, WHEN_MIN, OUTCOME_OUTSIDE_WINDOW, "key-not-yet-valid");
	expect(ann, WHEN_MAX, OUTCOME_OUTSIDE_WINDOW, "key-expired");
	w->roster_keys[ann].until = WHEN_MAX;
	expect(ann, WHEN_MAX, OUTCOME_PERSON, NULL);
}

static void
retired_keys_keep_what_they_claim_before(void **state)
{
	(void)state;
	w->roster_keys[ann].retired = RETIRED;
	expect(ann, RETIRED - 1, OUTCOME_PERSON, NULL);
	expect(ann, RETIRED, OUTCOME_OUTSIDE_WINDOW, "key-retired");
}

static void
compromised_keys_keep_what_was_witnessed(void **state)
{
	(void)state;
	struct witness before = { COMPROMISED - 1 }, after = { COMPROMISED };
	w->roster_keys[ann].compromised_since = COMPROMISED;
	/* Whoever holds the key claims any time they like. */
	expect(ann, COMPROMISED - 100, OUTCOME_OUTSIDE_WINDOW, "key-compromised");
	expect(ann, COMPROMISED + 100, OUTCOME_OUTSIDE_WINDOW, "key-compromised");
	assert_int_equal(of(ann, 1100, &before).outcome, OUTCOME_PERSON);
	assert_true(of(ann, 1100, &before).witnessed);
	assert_int_equal(of(ann, 1100, &after).outcome, OUTCOME_OUTSIDE_WINDOW);
	w->roster_keys[forge].compromised_since = COMPROMISED;
	expect(forge, 1, OUTCOME_OUTSIDE_WINDOW, "key-compromised");
}

static void
witnesses(void **state)
{
	(void)state;
	struct witness inside = { UNTIL - 1 }, late = { UNTIL }, early = { FROM };
	w->roster_keys[ann].from = FROM;
	w->roster_keys[ann].until = UNTIL;
	assert_true(of(ann, FROM + 5, &inside).witnessed);
	assert_false(of(ann, FROM + 5, &late).witnessed);
	/* Seen before it claims to have been made: the claim isn't what was seen. */
	assert_false(of(ann, FROM + 5, &early).witnessed);
	/* A witness doesn't widen a window. */
	assert_int_equal(of(ann, UNTIL, &inside).outcome, OUTCOME_OUTSIDE_WINDOW);
	w->roster_keys[ann].retired = RETIRED;
	assert_false(of(ann, FROM + 5, &inside).witnessed);
	assert_int_equal(of(stranger, FROM + 5, &inside).outcome, OUTCOME_UNKNOWN_KEY);
}

/* ---- certificates ---- */

static struct test_key subject, signing;

static void
certify(const struct test_cert *cert)
{
	static struct blob field, plain;
	struct history_key *k = &w->keys[stranger];
	field.len = plain.len = 0;
	test_cert_blob(&subject, &signing, cert, &field);
	test_key_blob(&subject, NULL, &plain);
	assert_int_equal(assay_sshcert_parse(blob_span(&field), &k->cert, NULL), ASSAY_OK);
	k->by_certificate = true;
	k->field = blob_span(&field);
	k->plain = blob_span(&plain);
	w->roster_keys[2].key.blob = k->cert.ca.blob;
}

static struct test_cert
sound_cert(void)
{
	struct test_cert c = test_cert_sound;
	memset(c.principals, 0, sizeof c.principals);
	memset(c.options, 0, sizeof c.options);
	c.principals[0] = "ann@example.org";
	c.type = 1;
	c.valid_after = FROM;
	c.valid_before = UNTIL;
	return c;
}

static void
certificates_of_an_authority(void **state)
{
	(void)state;
	struct test_cert c = sound_cert();
	certify(&c);
	expect(stranger, FROM, OUTCOME_PERSON, NULL);
	assert_string_equal(of(stranger, FROM, NULL).who->id, "ann");
	assert_ptr_equal(of(stranger, FROM, NULL).key, &w->roster_keys[2]);
	expect(stranger, FROM - 1, OUTCOME_OUTSIDE_WINDOW, "certificate-not-yet-valid");
	expect(stranger, UNTIL - 1, OUTCOME_PERSON, NULL);
	expect(stranger, UNTIL, OUTCOME_OUTSIDE_WINDOW, "certificate-expired");
	expect(stranger, -1, OUTCOME_OUTSIDE_WINDOW, "certificate-not-yet-valid");
	c.valid_after = 0;
	c.valid_before = UINT64_MAX;
	certify(&c);
	expect(stranger, WHEN_MAX, OUTCOME_PERSON, NULL);
	expect(stranger, -1, OUTCOME_PERSON, NULL);
}

static void
certificates_that_say_too_much_or_too_little(void **state)
{
	(void)state;
	struct test_cert c = sound_cert();
	c.type = 2;
	certify(&c);
	expect(stranger, FROM, OUTCOME_BAD, "certificate-not-for-users");
	c = sound_cert();
	c.options[0] = "force-command";
	certify(&c);
	expect(stranger, FROM, OUTCOME_BAD, "certificate-critical-option");
	c = sound_cert();
	c.principals[0] = NULL;
	certify(&c);
	expect(stranger, FROM, OUTCOME_BAD, "certificate-for-anybody");
	c.principals[0] = "root";
	certify(&c);
	expect(stranger, FROM, OUTCOME_UNKNOWN_KEY, "unknown-principal");
	c.principals[1] = "ben@example.org";
	certify(&c);
	expect(stranger, FROM, OUTCOME_PERSON, NULL);
	c.principals[0] = "ann";
	certify(&c);
	expect(stranger, FROM, OUTCOME_BAD, "certificate-for-two-people");
	c = sound_cert();
	certify(&c);
	w->roster_keys[2].key.blob = w->keys[ann].plain;
	expect(stranger, FROM, OUTCOME_UNKNOWN_KEY, "unknown-authority");
}

static void
authorities_have_windows_too(void **state)
{
	(void)state;
	struct test_cert c = sound_cert();
	certify(&c);
	struct roster_key *k = &w->roster_keys[2];
	k->from = FROM + 10;
	expect(stranger, FROM + 9, OUTCOME_OUTSIDE_WINDOW, "authority-not-yet-valid");
	k->until = FROM + 20;
	expect(stranger, FROM + 20, OUTCOME_OUTSIDE_WINDOW, "authority-expired");
	k->retired = FROM + 15;
	expect(stranger, FROM + 15, OUTCOME_OUTSIDE_WINDOW, "authority-retired");
	expect(stranger, FROM + 14, OUTCOME_PERSON, NULL);
	k->compromised_since = FROM + 18;
	expect(stranger, FROM + 14, OUTCOME_OUTSIDE_WINDOW, "authority-compromised");
}

/* No authority gives an enrolled key another life than the roster does. */
static void
enrolled_keys_gain_nothing_by_a_certificate(void **state)
{
	(void)state;
	struct test_cert c = sound_cert();
	certify(&c);
	w->roster_keys[ann].key.blob = w->keys[stranger].plain;
	w->roster_keys[ann].retired = FROM + 5;
	expect(stranger, FROM + 4, OUTCOME_PERSON, NULL);
	expect(stranger, FROM + 5, OUTCOME_OUTSIDE_WINDOW, "key-retired");
	/* And lose nothing: its holder could have signed without. */
	expect(stranger, 1, OUTCOME_PERSON, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whose_key, setup, teardown),
		cmocka_unit_test_setup_teardown(arithmetic_comes_first, setup, teardown),
		cmocka_unit_test_setup_teardown(windows_are_half_open, setup, teardown),
		cmocka_unit_test_setup_teardown(retired_keys_keep_what_they_claim_before, setup, teardown),
		cmocka_unit_test_setup_teardown(compromised_keys_keep_what_was_witnessed, setup, teardown),
		cmocka_unit_test_setup_teardown(witnesses, setup, teardown),
		cmocka_unit_test_setup_teardown(certificates_of_an_authority, setup, teardown),
		cmocka_unit_test_setup_teardown(certificates_that_say_too_much_or_too_little, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(authorities_have_windows_too, setup, teardown),
		cmocka_unit_test_setup_teardown(enrolled_keys_gain_nothing_by_a_certificate, setup,
		    teardown),
	};
	subject = test_key_make(ASSAY_KEY_ED25519, 0);
	signing = test_key_make(ASSAY_KEY_ED25519, 0);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	test_key_done(&subject);
	test_key_done(&signing);
	return failed;
}
