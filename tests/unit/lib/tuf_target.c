/* SPDX-License-Identifier: Apache-2.0 */
/* TUF 1.0.34, section 5.6.7 on delegated metadata, and 5.7: whether the target is the one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tufroles.h"

/* ---- Delegated metadata is held to steps 5.6.1 to 5.6.6 ---- */

static void
s5_6_7_delegated_not_signed_by_its_role(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "*", false);
	world_target(roles_payload("first"), "one", "first's");
	roles_all[1].letters = "ac";
	world_target(roles_delegate("targets", "second", "*", false), "one", "second's");
	roles_publish();
	/* What can't be verified ends the search. */
	REJECT(roles_find("one"), ASSAY_E_VERIFY, "'first'");
	assert_int_equal(roles_fetched("second"), 0);
}

static void
s5_6_7_delegated_by_two_people(void **state)
{
	(void)state;
	for (int both = 0; both < 2; both++) {
		roles_fresh();
		world_delegate(roles_payload("targets"), "two", "aAb", 2, "*", false);
		world_target(roles_add("two", both ? "Ab" : "aA"), "one", "two's");
		roles_publish();
		if (both)
			roles_speaks("one", "two");
		else
			REJECT(roles_find("one"), ASSAY_E_VERIFY, "by 1 of 2 people");
	}
}

static void
s5_6_7_delegated_not_in_the_snapshot(void **state)
{
	(void)state;
	roles_fresh();
	world_target(roles_delegate("targets", "first", "*", false), "one", "first's");
	roles_not_listed = "first";
	roles_publish();
	REJECT(roles_find("one"), ASSAY_E_NOT_FOUND, "doesn't list 'first.json'");
	roles_not_listed = "";
}

static void
s5_6_7_delegated_that_cannot_be_fetched(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "*", false);
	world_target(roles_delegate("targets", "second", "*", false), "one", "second's");
	roles_gone = "first";
	roles_publish();
	REJECT(roles_find("one"), ASSAY_E_SYSTEM, "can't be fetched");
	roles_gone = "";
	roles_speaks("one", "second");
}

static void
s5_6_7_delegated_of_another_version_or_expired(void **state)
{
	(void)state;
	roles_fresh();
	world_target(roles_delegate("targets", "first", "*", false), "one", "first's");
	world_set(roles_payload("first"), "version", json_integer(2));
	roles_publish();
	REJECT(roles_find("one"), ASSAY_E_VERIFY, "version 1 is promised");
	roles_fresh();
	world_target(roles_delegate("targets", "first", "*", false), "one", "first's");
	world_set(roles_payload("first"), "expires", json_string(WORLD_BEFORE));
	roles_publish();
	REJECT(roles_find("one"), ASSAY_E_VERIFY, "has expired");
}

static void
s5_6_7_delegated_with_other_bytes(void **state)
{
	(void)state;
	roles_fresh();
	world_target(roles_delegate("targets", "first", "*", false), "one", "first's");
	roles_publish();
	struct assay_span sound = roles_all[1].file;
	roles_all[1].file = roles_all[0].file;
	REJECT(roles_find("one"), ASSAY_E_VERIFY, "another length");
	roles_all[1].file = sound;
	roles_speaks("one", "first");
}

static void
s5_6_7_delegated_key_under_two_people(void **state)
{
	struct tufmake_key *taken = tufmake_key_again(world_key('b'), "eve", NULL);

	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "*", false);
	roles_delegate("first", "below", "*", false);
	world_target(roles_payload("below"), "one", "below's");
	json_object_set(json_object_get(json_object_get(roles_payload("first"), "delegations"), "keys"), taken->keyid, taken->object);
	world_set(roles_payload("first"), "delegations/roles/0/keyids", json_pack("[s]", taken->keyid));
	json_object_del(json_object_get(json_object_get(roles_payload("first"), "delegations"), "keys"), world_key('b')->keyid);
	roles_publish();
	REJECT(roles_find("one"), ASSAY_E_VERIFY, "one key under two people");
	tufmake_key_free(taken);
}

/* A key that the root doesn't know, in the keys of two files of the chain. */
static enum assay_status
eve_and(const char *person, const char *one, const char *other)
{
	struct tufmake_key *again = tufmake_key_again(world_key('e'), person, NULL);

	roles_fresh();
	roles_delegate("targets", "first", "*", false);
	roles_delegate("first", "below", "*", false);
	roles_delegate("below", "last", "*", false);
	world_target(roles_payload("below"), "one", "below's");
	json_object_set(json_object_get(json_object_get(roles_payload(one), "delegations"), "keys"), world_key('e')->keyid,
	    world_key('e')->object);
	json_object_set(json_object_get(json_object_get(roles_payload(other), "delegations"), "keys"), again->keyid,
	    again->object);
	roles_publish();
	tufmake_key_free(again);
	return roles_find("one");
}

static void
s5_6_7_key_of_two_people_along_the_chain(void **state)
{
	(void)state;
	REJECT(eve_and("gus", "targets", "first"), ASSAY_E_VERIFY, "one key under two people");
	REJECT(eve_and("gus", "targets", "below"), ASSAY_E_VERIFY, "one key under two people");
	REJECT(eve_and("gus", "first", "below"), ASSAY_E_VERIFY, "one key under two people");
	ACCEPT(eve_and("eve", "first", "below"));
	ACCEPT(eve_and("eve", "targets", "below"));
}

static void
s5_6_7_names_and_limits_of_what_is_fetched(void **state)
{
	(void)state;
	roles_fresh();
	roles_consistent = true;
	world_target(roles_delegate("targets", "first", "*", false), "one", "first's");
	roles_publish();
	roles_speaks("one", "first");
	assert_string_equal(roles_last_name, "1.first.json");
	assert_int_equal(roles_last_limit, roles_all[1].file.len);
	roles_fresh();
	world_target(roles_delegate("targets", "first", "*", false), "one", "first's");
	roles_without_length = "first";
	roles_publish();
	roles_speaks("one", "first");
	assert_string_equal(roles_last_name, "first.json");
	assert_int_equal(roles_last_limit, ASSAY_TUF_TARGETS_MAX);
}

static void
s5_6_7_a_search_that_fails_leaves_the_room(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "*", false);
	roles_delegate("first", "below", "*", false);
	roles_publish();
	struct assay_tuf_state before = roles_state;
	REJECT(roles_find("one"), ASSAY_E_NOT_FOUND, "");
	assert_memory_equal(&before, &roles_state, sizeof roles_state);
}

/* ---- 5.7 ---- */

static void
s5_7_1_what_the_role_says_of_it(void **state)
{
	(void)state;
	roles_fresh();
	json_t *first = roles_delegate("targets", "first", "*", false);
	world_target(first, "one", "first's");
	json_object_set_new(json_object_get(json_object_get(first, "targets"), "one"), "custom", json_pack("{s:s}", "k", "v"));
	roles_publish();
	roles_speaks("one", "first");
	assert_true(assay_span_equal(roles_found.custom, assay_span_str("{\"k\":\"v\"}")));
	assert_int_equal(roles_found.length, 7);
	assert_true(roles_found.has_sha256);
	assert_false(roles_found.has_sha512);
}

static void
s5_7_2_nobody_speaks_for_it(void **state)
{
	(void)state;
	roles_fresh();
	world_target(roles_payload("targets"), "one", "1");
	roles_publish();
	REJECT(roles_find("two"), ASSAY_E_NOT_FOUND, "nobody who may speaks for the target 'two'");
	REJECT(roles_find(""), ASSAY_E_NOT_FOUND, "nobody");
	REJECT(roles_find("on"), ASSAY_E_NOT_FOUND, "nobody");
	REJECT(roles_find("one\""), ASSAY_E_NOT_FOUND, "nobody");
	REJECT(roles_find("../one"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s5_7_3_length_and_digests(void **state)
{
	(void)state;
	roles_fresh();
	world_target(roles_payload("targets"), "one", "content");
	roles_publish();
	roles_speaks("one", "targets");
	ACCEPT(assay_tuf_target_check(&roles_found, assay_span_str("content"), &world_error));
	REJECT(assay_tuf_target_check(&roles_found, assay_span_str("conten"), &world_error), ASSAY_E_VERIFY, "another length");
	REJECT(assay_tuf_target_check(&roles_found, assay_span_str("content "), &world_error), ASSAY_E_VERIFY, "another length");
	REJECT(assay_tuf_target_check(&roles_found, assay_span_str("Content"), &world_error), ASSAY_E_VERIFY, "SHA-256");
}

static void
s5_7_3_every_known_digest(void **state)
{
	char hex[129];

	(void)state;
	for (int wrong = 0; wrong < 2; wrong++) {
		roles_fresh();
		world_target(roles_payload("targets"), "one", "content");
		tufmake_hash("SHA512", "content", 7, hex);
		hex[127] = wrong ? (hex[127] == '0' ? '1' : '0') : hex[127];
		/* A path with '/' can't be set by world_set(); this one has none. */
		world_set(roles_payload("targets"), "targets/one/hashes/sha512", json_string(hex));
		roles_publish();
		roles_speaks("one", "targets");
		if (wrong)
			REJECT(assay_tuf_target_check(&roles_found, assay_span_str("content"), &world_error), ASSAY_E_VERIFY, "SHA-512");
		else
			ACCEPT(assay_tuf_target_check(&roles_found, assay_span_str("content"), &world_error));
	}
}

static void
s5_7_3_names_of_targets(void **state)
{
	char name[200], wanted[200], hex[65];

	(void)state;
	for (int on = 0; on < 2; on++) {
		roles_fresh();
		roles_consistent = on != 0;
		world_target(roles_payload("targets"), "a/b/file.bin", "content");
		roles_publish();
		roles_speaks("a/b/file.bin", "targets");
		tufmake_hash("SHA256", "content", 7, hex);
		snprintf(wanted, sizeof wanted, on ? "a/b/%s.file.bin" : "a/b/file.bin", hex);
		ACCEPT(assay_tuf_target_name(&roles_state, &roles_found, name, sizeof name));
		assert_string_equal(name, wanted);
		ACCEPT(assay_tuf_target_name(&roles_state, &roles_found, name, strlen(wanted) + 1));
		assert_int_equal(assay_tuf_target_name(&roles_state, &roles_found, name, strlen(wanted)), ASSAY_E_LIMIT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s5_6_7_delegated_not_signed_by_its_role),
		cmocka_unit_test(s5_6_7_delegated_by_two_people),
		cmocka_unit_test(s5_6_7_delegated_not_in_the_snapshot),
		cmocka_unit_test(s5_6_7_delegated_that_cannot_be_fetched),
		cmocka_unit_test(s5_6_7_delegated_of_another_version_or_expired),
		cmocka_unit_test(s5_6_7_delegated_with_other_bytes),
		cmocka_unit_test(s5_6_7_delegated_key_under_two_people),
		cmocka_unit_test(s5_6_7_key_of_two_people_along_the_chain),
		cmocka_unit_test(s5_6_7_names_and_limits_of_what_is_fetched),
		cmocka_unit_test(s5_6_7_a_search_that_fails_leaves_the_room),
		cmocka_unit_test(s5_7_1_what_the_role_says_of_it),
		cmocka_unit_test(s5_7_2_nobody_speaks_for_it),
		cmocka_unit_test(s5_7_3_length_and_digests),
		cmocka_unit_test(s5_7_3_every_known_digest),
		cmocka_unit_test(s5_7_3_names_of_targets),
	};

	return cmocka_run_group_tests(tests, world_make, world_done);
}
