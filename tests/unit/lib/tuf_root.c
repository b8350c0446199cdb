/* SPDX-License-Identifier: Apache-2.0 */
/* TUF 1.0.34, sections 5.1 to 5.3: the time, the trusted root, and the way to the newest one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tufworld.h"

static struct assay_tuf_state st;
static bool is_new;

static enum assay_status
begin(struct assay_span root, const char *fingerprint)
{
	return assay_tuf_begin(world_room(), WORLD_NOW, root, fingerprint, &st, &world_error);
}

static enum assay_status
update(json_t *root, const char *letters)
{
	return assay_tuf_update_root(&st, world_sign(root, letters), &is_new, &world_error);
}

/* A state that trusts root 1, signed by a and b; its root role is a, b and c, of whom two. */
static void
trust_first(void)
{
	ACCEPT(begin(world_sign(world_root(1), "ab"), NULL));
}

static json_t *
with(json_t *payload, const char *path, json_t *value)
{
	world_set(payload, path, value);
	return payload;
}

static json_t *
expiring(json_t *payload, const char *when)
{
	return with(payload, "expires", json_string(when));
}

/* ---- 5.1, 5.2 ---- */

static void
s5_1_time_is_fixed_at_the_start(void **state)
{
	struct world_repo repo = world_repo();

	(void)state;
	st = world_at(&repo, ASSAY_TUF_AT_ROOT);
	assert_int_equal(st.now, WORLD_NOW);
	st.now = 1924992000; /* 2031-01-01T00:00:00Z: each expiry is asked against this one number */
	REJECT(assay_tuf_roots_done(&st, &world_error), ASSAY_E_VERIFY, "has expired");
	st.now--;
	ACCEPT(assay_tuf_roots_done(&st, &world_error));
}

static void
s5_2_trusted_root_is_taken(void **state)
{
	(void)state;
	trust_first();
	assert_int_equal(st.root.version, 1);
	assert_int_equal(st.root.type, ASSAY_TUF_ROOT);
	assert_int_equal(st.phase, ASSAY_TUF_AT_ROOT);
}

static void
s5_2_trusted_root_may_have_expired(void **state)
{
	(void)state;
	ACCEPT(begin(world_sign(expiring(world_root(1), WORLD_BEFORE), "ab"), NULL));
}

static void
s5_2_root_below_its_own_threshold(void **state)
{
	(void)state;
	REJECT(begin(world_sign(world_root(1), "a"), NULL), ASSAY_E_VERIFY, "by 1 of 2 people");
	REJECT(begin(world_sign(world_root(1), ""), NULL), ASSAY_E_VERIFY, "by 0 of 2 people");
	REJECT(begin(world_sign(world_root(1), "der"), NULL), ASSAY_E_VERIFY, "by 0 of 2 people");
}

static void
s5_2_fingerprint_of_the_first_root(void **state)
{
	json_t *root = world_root(1);
	size_t len;
	char *canonical = tufmake_canonical(root, &len), hex[65];

	(void)state;
	tufmake_hash("SHA256", canonical, len, hex);
	free(canonical);
	struct assay_span file = world_sign(root, "bc");
	ACCEPT(begin(file, hex));
	char ours[ASSAY_TUF_HEX_SIZE];
	ACCEPT(assay_tuf_fingerprint(&st.root, ours));
	assert_string_equal(ours, hex);
	hex[63] = hex[63] == '0' ? '1' : '0';
	REJECT(begin(file, hex), ASSAY_E_VERIFY, "fingerprint");
	REJECT(begin(file, ""), ASSAY_E_VERIFY, "fingerprint");
	/* Who signed is not in it: what is signed is. */
	hex[63] = ours[63];
	ACCEPT(begin(world_sign(world_root(1), "abc"), hex));
	REJECT(begin(world_sign(expiring(world_root(1), "2031-01-01T00:00:01Z"), "ab"), hex), ASSAY_E_VERIFY, "fingerprint");
}

static void
s5_2_only_a_root_is_a_root(void **state)
{
	struct world_repo repo = world_repo();

	(void)state;
	REJECT(begin(repo.targets, NULL), ASSAY_E_FORMAT, "_type");
	REJECT(begin(repo.timestamp, NULL), ASSAY_E_FORMAT, "_type");
	REJECT(begin(assay_span_str("{}"), NULL), ASSAY_E_FORMAT, "");
	REJECT(begin(assay_span_str(""), NULL), ASSAY_E_FORMAT, "");
}

/* ---- 5.3.1 to 5.3.3 ---- */

static void
s5_3_1_the_chain_is_walked_root_by_root(void **state)
{
	(void)state;
	trust_first();
	/* From a, b, c to b, c, d and on to c, d, f: today's people would mean nothing to the first root. */
	json_t *second = world_root(2), *third = world_root(3), *fourth = world_root(4);
	world_role(second, "root", "bcd", 2);
	world_role(third, "root", "cdf", 2);
	world_role(fourth, "root", "df", 2);
	ACCEPT(update(second, "bc"));
	ACCEPT(update(third, "cd"));
	ACCEPT(update(fourth, "df"));
	assert_true(is_new);
	assert_int_equal(st.root.version, 4);
	assert_int_equal(st.roots, 3);
}

static void
s5_3_1_a_link_of_the_chain_is_missing(void **state)
{
	(void)state;
	trust_first();
	json_t *third = world_root(3);
	world_role(third, "root", "df", 2);
	REJECT(update(third, "df"), ASSAY_E_VERIFY, "by 0 of 2 people");
	assert_int_equal(st.root.version, 1);
}

static void
s5_3_2_version_n_is_the_trusted_one(void **state)
{
	(void)state;
	ACCEPT(begin(world_sign(world_root(41), "ab"), NULL));
	ACCEPT(update(world_root(42), "ab"));
	REJECT(update(world_root(2), "ab"), ASSAY_E_VERIFY, "rollback");
}

static void
s5_3_3_root_of_at_most_w_bytes(void **state)
{
	static char padding[ASSAY_TUF_ROOT_MAX];

	(void)state;
	memset(padding, 'x', sizeof padding - 1);
	trust_first();
	REJECT(update(with(world_root(2), "padding", json_string(padding)), "ab"), ASSAY_E_LIMIT, "longer than");
	padding[sizeof padding - 8000] = '\0';
	ACCEPT(update(with(world_root(2), "padding", json_string(padding)), "ab"));
}

static void
s5_3_3_at_most_y_roots_in_one_update(void **state)
{
	(void)state;
	trust_first();
	for (int version = 2; version <= ASSAY_TUF_ROOTS_MAX + 1; version++)
		ACCEPT(update(world_root(version), "ab"));
	REJECT(update(world_root(ASSAY_TUF_ROOTS_MAX + 2), "ab"), ASSAY_E_LIMIT, "more than 1024");
	/* And on with step 5.3.10. */
	ACCEPT(assay_tuf_roots_done(&st, &world_error));
	assert_int_equal(st.root.version, ASSAY_TUF_ROOTS_MAX + 1);
}

static void
s5_3_3_no_root_after_the_last(void **state)
{
	struct world_repo repo = world_repo();

	(void)state;
	st = world_at(&repo, ASSAY_TUF_AT_TIMESTAMP);
	REJECT(update(world_root(2), "ab"), ASSAY_E_USAGE, "out of order");
	REJECT(assay_tuf_roots_done(&st, &world_error), ASSAY_E_USAGE, "out of order");
}

/* ---- 5.3.4 ---- */

static void
s5_3_4_signed_by_old_and_new(void **state)
{
	(void)state;
	trust_first();
	json_t *root = world_root(2);
	world_role(root, "root", "df", 2);
	ACCEPT(update(root, "abdf"));
}

static void
s5_3_4_old_threshold_not_met(void **state)
{
	(void)state;
	trust_first();
	json_t *root = world_root(2);
	world_role(root, "root", "adf", 2);
	REJECT(update(root, "adf"), ASSAY_E_VERIFY, "by 1 of 2 people");
}

static void
s5_3_4_new_threshold_not_met(void **state)
{
	(void)state;
	trust_first();
	json_t *root = world_root(2);
	world_role(root, "root", "abcd", 3);
	REJECT(update(root, "ab"), ASSAY_E_VERIFY, "by 2 of 3 people");
}

static void
s5_3_4_new_root_does_not_lower_the_old_threshold(void **state)
{
	(void)state;
	trust_first();
	json_t *root = world_root(2);
	world_role(root, "root", "abc", 1);
	REJECT(update(root, "a"), ASSAY_E_VERIFY, "by 1 of 2 people");
}

static void
s5_3_4_two_keys_of_one_person_count_once(void **state)
{
	(void)state;
	trust_first();
	json_t *root = world_root(2);
	world_role(root, "root", "aAb", 2);
	REJECT(update(json_incref(root), "aA"), ASSAY_E_VERIFY, "by 1 of 2 people");
	ACCEPT(update(root, "aAb"));
	/* By the new root too. */
	REJECT(update(world_root(3), "aA"), ASSAY_E_VERIFY, "by 1 of 2 people, with 2 keys");
	ACCEPT(update(world_root(3), "ab"));
}

static void
s5_3_4_keys_that_name_nobody_are_one_person(void **state)
{
	(void)state;
	json_t *root = world_root(1);
	world_role(root, "root", "rsa", 2);
	REJECT(begin(world_sign(json_incref(root), "rs"), NULL), ASSAY_E_VERIFY, "by 1 of 2 people, with 2 keys");
	ACCEPT(begin(world_sign(root, "ra"), NULL));
}

static void
s5_3_4_one_spelling_of_a_name_or_another(void **state)
{
	struct tufmake_key *other = tufmake_key_again(world_key('e'), "ANNA", NULL);

	(void)state;
	json_t *root = world_root(1);
	json_array_append_new(json_object_get(json_object_get(json_object_get(root, "roles"), "root"), "keyids"),
	    json_string(other->keyid));
	json_object_set(json_object_get(root, "keys"), other->keyid, other->object);
	struct tufmake_key *signers[] = { world_key('a'), other };
	REJECT(begin(world_write(tufmake_envelope(root, signers, 2)), NULL), ASSAY_E_VERIFY, "by 1 of 2 people, with 2 keys");
	json_decref(root);
	tufmake_key_free(other);
}

static void
s5_3_4_signature_over_other_bytes(void **state)
{
	(void)state;
	trust_first();
	json_t *envelope = world_envelope(world_root(2), "ab");
	world_set(envelope, "signed/expires", json_string("2032-01-01T00:00:00Z"));
	REJECT(assay_tuf_update_root(&st, world_write(envelope), &is_new, &world_error), ASSAY_E_VERIFY,
	    "2 signatures do not hold");
}

static void
s5_3_4_keyid_of_another(void **state)
{
	(void)state;
	trust_first();
	/* Eve's signature in Bea's name. */
	json_t *envelope = world_envelope(world_root(2), "ae");
	world_set(envelope, "signatures/1/keyid", json_string(world_key('b')->keyid));
	REJECT(assay_tuf_update_root(&st, world_write(envelope), &is_new, &world_error), ASSAY_E_VERIFY,
	    "1 signatures do not hold");
}

static void
s5_3_4_a_place_without_a_signature_counts_for_nothing(void **state)
{
	(void)state;
	trust_first();
	json_t *envelope = world_envelope(world_root(2), "abc");
	world_set(envelope, "signatures/2/sig", json_string(""));
	ACCEPT(assay_tuf_update_root(&st, world_write(json_deep_copy(envelope)), &is_new, &world_error));
	trust_first();
	world_set(envelope, "signatures/1/sig", json_string(""));
	REJECT(assay_tuf_update_root(&st, world_write(envelope), &is_new, &world_error), ASSAY_E_VERIFY, "by 1 of 2 people");
}

/* ---- 5.3.5 to 5.3.9 ---- */

static void
s5_3_5_exactly_the_next_version(void **state)
{
	(void)state;
	trust_first();
	REJECT(update(world_root(3), "ab"), ASSAY_E_VERIFY, "left out");
	ACCEPT(update(world_root(2), "ab"));
	assert_int_equal(st.root.version, 2);
}

static void
s5_3_5_older_root(void **state)
{
	(void)state;
	ACCEPT(begin(world_sign(world_root(7), "ab"), NULL));
	REJECT(update(world_root(6), "ab"), ASSAY_E_VERIFY, "rollback");
}

static void
s5_3_5_same_version_is_set_aside(void **state)
{
	(void)state;
	trust_first();
	struct assay_span before = st.root.payload;
	ACCEPT(update(expiring(world_root(1), "2099-01-01T00:00:00Z"), "ab"));
	assert_false(is_new);
	assert_int_equal(st.roots, 0);
	assert_ptr_equal(before.data, st.root.payload.data);
	assert_true(st.root.expires < 2000000000);
	/* But not when it isn't signed. */
	REJECT(update(world_root(1), "a"), ASSAY_E_VERIFY, "by 1 of 2");
}

static void
s5_3_6_expired_root_on_the_way(void **state)
{
	(void)state;
	trust_first();
	ACCEPT(update(expiring(world_root(2), WORLD_BEFORE), "ab"));
	ACCEPT(update(world_root(3), "ab"));
	ACCEPT(assay_tuf_roots_done(&st, &world_error));
}

static void
s5_3_7_the_new_root_is_trusted(void **state)
{
	(void)state;
	trust_first();
	json_t *root = world_root(2);
	world_role(root, "root", "df", 2);
	ACCEPT(update(root, "abdf"));
	/* The old people have nothing to say any more. */
	REJECT(update(world_root(3), "ab"), ASSAY_E_VERIFY, "by 0 of 2 people");
	ACCEPT(update(world_root(3), "abdf"));
}

static void
s5_3_8_what_fails_changes_nothing(void **state)
{
	(void)state;
	trust_first();
	struct assay_tuf_state before = st;
	char was[ASSAY_TUF_HEX_SIZE], is[ASSAY_TUF_HEX_SIZE];
	ACCEPT(assay_tuf_fingerprint(&st.root, was));
	REJECT(update(world_root(2), "a"), ASSAY_E_VERIFY, "");
	REJECT(assay_tuf_update_root(&st, assay_span_str("{"), &is_new, &world_error), ASSAY_E_FORMAT, "");
	assert_memory_equal(&before, &st, sizeof st);
	ACCEPT(assay_tuf_fingerprint(&st.root, is));
	assert_string_equal(was, is);
	ACCEPT(update(world_root(2), "ab"));
}

static void
s5_3_9_rooms_do_not_grow_with_the_chain(void **state)
{
	(void)state;
	trust_first();
	size_t used = st.room.used;
	for (int version = 2; version < 40; version++)
		ACCEPT(update(world_root(version), "bc"));
	assert_true(st.room.used < used + 512);
}

/* ---- 5.3.10 to 5.3.12 ---- */

static void
s5_3_10_root_has_expired(void **state)
{
	(void)state;
	ACCEPT(begin(world_sign(expiring(world_root(1), WORLD_BEFORE), "ab"), NULL));
	REJECT(assay_tuf_roots_done(&st, &world_error), ASSAY_E_VERIFY, "root has expired");
	/* Higher than the start of the update, not as high. */
	ACCEPT(begin(world_sign(expiring(world_root(1), WORLD_AT_NOW), "ab"), NULL));
	REJECT(assay_tuf_roots_done(&st, &world_error), ASSAY_E_VERIFY, "root has expired");
	ACCEPT(begin(world_sign(expiring(world_root(1), "2030-03-17T17:46:41Z"), "ab"), NULL));
	ACCEPT(assay_tuf_roots_done(&st, &world_error));
}

/* Fast-forward recovery: a timestamp and a snapshot of version 999 by the stolen key r, which gives way to s. */
static void
rotate(const char *role, const char *letters, bool forgets)
{
	struct world_repo repo = world_repo();
	struct assay_span far_snapshot = world_sign(
	    world_snapshot(999, "targets", &repo.targets, "policy", &repo.policy, NULL), "rs");
	struct assay_span far = world_sign(world_timestamp(999, 999, far_snapshot), "rs");

	ACCEPT(begin(repo.root, NULL));
	json_t *root = world_root(2);
	world_role(root, role, letters, 1);
	ACCEPT(update(root, "ab"));
	assert_int_equal(st.forget, forgets);
	ACCEPT(assay_tuf_roots_done(&st, &world_error));
	struct assay_span sound = world_sign(world_timestamp(2, 1, repo.snapshot), "rs");
	if (forgets) {
		REJECT(assay_tuf_load_timestamp(&st, far, &world_error), ASSAY_E_NOT_FOUND, "rotated");
		ACCEPT(assay_tuf_update_timestamp(&st, sound, &is_new, &world_error));
		REJECT(assay_tuf_load_snapshot(&st, far_snapshot, &world_error), ASSAY_E_NOT_FOUND, "rotated");
	} else {
		ACCEPT(assay_tuf_load_timestamp(&st, far, &world_error));
		REJECT(assay_tuf_update_timestamp(&st, sound, &is_new, &world_error), ASSAY_E_VERIFY, "rollback");
	}
}

static void
s5_3_11_timestamp_keys_rotated(void **state)
{
	(void)state;
	rotate("timestamp", "s", true);
}

static void
s5_3_11_snapshot_keys_rotated(void **state)
{
	(void)state;
	rotate("snapshot", "s", true);
}

static void
s5_3_11_a_key_added_is_a_rotation_too(void **state)
{
	(void)state;
	rotate("timestamp", "rs", true);
}

static void
s5_3_11_other_keys_rotated(void **state)
{
	(void)state;
	rotate("targets", "ab", false);
	rotate("timestamp", "r", false);
}

static void
s5_3_11_rotated_back_is_rotated(void **state)
{
	(void)state;
	trust_first();
	json_t *root = world_root(2);
	world_role(root, "timestamp", "s", 1);
	ACCEPT(update(root, "ab"));
	ACCEPT(update(world_root(3), "ab"));
	assert_true(st.forget);
}

static void
s5_3_12_consistent_snapshots(void **state)
{
	static const struct {
		const char *role;
		uint64_t version;
		const char *plain, *consistent;
	} names[] = { { "root", 7, "7.root.json", "7.root.json" }, { "timestamp", 3, "timestamp.json", "timestamp.json" },
		{ "snapshot", 42, "snapshot.json", "42.snapshot.json" }, { "targets", 1, "targets.json", "1.targets.json" },
		{ "policy", 9007199254740991, "policy.json", "9007199254740991.policy.json" } };
	char name[ASSAY_TUF_FILE_NAME_SIZE];

	(void)state;
	for (int on = 0; on < 2; on++) {
		ACCEPT(begin(world_sign(with(world_root(1), "consistent_snapshot", json_boolean(on)), "ab"), NULL));
		ACCEPT(assay_tuf_roots_done(&st, &world_error));
		assert_int_equal(st.consistent, on);
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
			ACCEPT(assay_tuf_file_name(&st, names[i].role, names[i].version, name));
			assert_string_equal(name, on ? names[i].consistent : names[i].plain);
		}
	}
	/* Not said means no. */
	ACCEPT(begin(world_sign(with(world_root(1), "consistent_snapshot", NULL), "ab"), NULL));
	ACCEPT(assay_tuf_roots_done(&st, &world_error));
	assert_false(st.consistent);
	assert_int_equal(assay_tuf_file_name(&st, "../policy", 1, name), ASSAY_E_USAGE);
	assert_int_equal(assay_tuf_file_name(&st, "policy", 0, name), ASSAY_E_USAGE);
	REJECT(begin(world_sign(with(world_root(1), "consistent_snapshot", json_string("yes")), "ab"), NULL), ASSAY_E_FORMAT,
	    "consistent_snapshot");
}

static void
s5_3_keys_do_not_change_hands(void **state)
{
	struct tufmake_key *taken = tufmake_key_again(world_key('c'), "dora", NULL);

	(void)state;
	trust_first();
	json_t *root = world_root(2);
	world_role(root, "root", "ab", 2);
	world_set(root, "keys", json_object());
	world_role(root, "root", "ab", 2);
	world_role(root, "targets", "ad", 2);
	world_role(root, "snapshot", "r", 1);
	world_role(root, "timestamp", "r", 1);
	json_object_set(json_object_get(root, "keys"), taken->keyid, taken->object);
	REJECT(update(root, "ab"), ASSAY_E_VERIFY, "one key under two people");
	tufmake_key_free(taken);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s5_1_time_is_fixed_at_the_start),
		cmocka_unit_test(s5_2_trusted_root_is_taken),
		cmocka_unit_test(s5_2_trusted_root_may_have_expired),
		cmocka_unit_test(s5_2_root_below_its_own_threshold),
		cmocka_unit_test(s5_2_fingerprint_of_the_first_root),
		cmocka_unit_test(s5_2_only_a_root_is_a_root),
		cmocka_unit_test(s5_3_1_the_chain_is_walked_root_by_root),
		cmocka_unit_test(s5_3_1_a_link_of_the_chain_is_missing),
		cmocka_unit_test(s5_3_2_version_n_is_the_trusted_one),
		cmocka_unit_test(s5_3_3_root_of_at_most_w_bytes),
		cmocka_unit_test(s5_3_3_at_most_y_roots_in_one_update),
		cmocka_unit_test(s5_3_3_no_root_after_the_last),
		cmocka_unit_test(s5_3_4_signed_by_old_and_new),
		cmocka_unit_test(s5_3_4_old_threshold_not_met),
		cmocka_unit_test(s5_3_4_new_threshold_not_met),
		cmocka_unit_test(s5_3_4_new_root_does_not_lower_the_old_threshold),
		cmocka_unit_test(s5_3_4_two_keys_of_one_person_count_once),
		cmocka_unit_test(s5_3_4_keys_that_name_nobody_are_one_person),
		cmocka_unit_test(s5_3_4_one_spelling_of_a_name_or_another),
		cmocka_unit_test(s5_3_4_signature_over_other_bytes),
		cmocka_unit_test(s5_3_4_keyid_of_another),
		cmocka_unit_test(s5_3_4_a_place_without_a_signature_counts_for_nothing),
		cmocka_unit_test(s5_3_5_exactly_the_next_version),
		cmocka_unit_test(s5_3_5_older_root),
		cmocka_unit_test(s5_3_5_same_version_is_set_aside),
		cmocka_unit_test(s5_3_6_expired_root_on_the_way),
		cmocka_unit_test(s5_3_7_the_new_root_is_trusted),
		cmocka_unit_test(s5_3_8_what_fails_changes_nothing),
		cmocka_unit_test(s5_3_9_rooms_do_not_grow_with_the_chain),
		cmocka_unit_test(s5_3_10_root_has_expired),
		cmocka_unit_test(s5_3_11_timestamp_keys_rotated),
		cmocka_unit_test(s5_3_11_snapshot_keys_rotated),
		cmocka_unit_test(s5_3_11_a_key_added_is_a_rotation_too),
		cmocka_unit_test(s5_3_11_other_keys_rotated),
		cmocka_unit_test(s5_3_11_rotated_back_is_rotated),
		cmocka_unit_test(s5_3_12_consistent_snapshots),
		cmocka_unit_test(s5_3_keys_do_not_change_hands),
	};

	return cmocka_run_group_tests(tests, world_make, world_done);
}
