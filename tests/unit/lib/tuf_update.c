/* SPDX-License-Identifier: Apache-2.0 */
/* TUF 1.0.34, sections 5.4 to 5.6.6: timestamp, snapshot, top-level targets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tufworld.h"

static struct assay_tuf_state st;
static struct world_repo repo;
static bool is_new;

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

static void
start(enum assay_tuf_phase phase)
{
	repo = world_repo();
	st = world_at(&repo, phase);
}

static enum assay_status
timestamp(json_t *payload, const char *letters)
{
	return assay_tuf_update_timestamp(&st, world_sign(payload, letters), &is_new, &world_error);
}

/* A sound timestamp of this version. */
static json_t *
sound(int version)
{
	return world_timestamp(version, 1, repo.snapshot);
}

/* ---- 5.4 ---- */

static void
s5_4_1_timestamp_of_at_most_x_bytes(void **state)
{
	static char padding[ASSAY_TUF_TIMESTAMP_MAX];

	(void)state;
	start(ASSAY_TUF_AT_TIMESTAMP);
	memset(padding, 'x', sizeof padding - 1);
	REJECT(timestamp(with(sound(1), "padding", json_string(padding)), "r"), ASSAY_E_LIMIT, "longer than");
	padding[sizeof padding - 2000] = '\0';
	ACCEPT(timestamp(with(sound(1), "padding", json_string(padding)), "r"));
}

static void
s5_4_1_not_before_the_root_is_settled(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_ROOT);
	REJECT(timestamp(sound(1), "r"), ASSAY_E_USAGE, "out of order");
	REJECT(assay_tuf_load_timestamp(&st, repo.timestamp, &world_error), ASSAY_E_USAGE, "out of order");
}

static void
s5_4_2_timestamp_signed_by_its_role(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TIMESTAMP);
	REJECT(timestamp(sound(1), ""), ASSAY_E_VERIFY, "'timestamp'");
	REJECT(timestamp(sound(1), "s"), ASSAY_E_VERIFY, "by 0 of 1 people");
	/* The people of the root are not those of the timestamp. */
	REJECT(timestamp(sound(1), "abc"), ASSAY_E_VERIFY, "by 0 of 1 people");
	REJECT(assay_tuf_update_timestamp(&st, repo.snapshot, &is_new, &world_error), ASSAY_E_FORMAT, "_type");
	ACCEPT(timestamp(sound(1), "rs"));
	assert_true(is_new);
}

static void
s5_4_3_1_older_timestamp(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TIMESTAMP);
	ACCEPT(assay_tuf_load_timestamp(&st, world_sign(sound(5), "r"), &world_error));
	REJECT(timestamp(sound(4), "r"), ASSAY_E_VERIFY, "rollback");
	ACCEPT(timestamp(sound(6), "r"));
	assert_int_equal(st.timestamp.version, 6);
}

static void
s5_4_3_1_same_version_is_set_aside(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TIMESTAMP);
	ACCEPT(assay_tuf_load_timestamp(&st, world_sign(sound(5), "r"), &world_error));
	/* Whatever is in it. */
	ACCEPT(timestamp(world_timestamp(5, 900, repo.targets), "r"));
	assert_false(is_new);
	ACCEPT(assay_tuf_update_snapshot(&st, repo.snapshot, &world_error));
	start(ASSAY_TUF_AT_TIMESTAMP);
	ACCEPT(assay_tuf_load_timestamp(&st, world_sign(world_timestamp(5, 8, repo.snapshot), "r"), &world_error));
	ACCEPT(timestamp(world_timestamp(5, 7, repo.snapshot), "r"));
	assert_false(is_new);
}

static void
s5_4_3_1_nothing_to_compare_with(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TIMESTAMP);
	REJECT(assay_tuf_load_snapshot(&st, repo.snapshot, &world_error), ASSAY_E_USAGE, "out of order");
	REJECT(assay_tuf_load_timestamp(&st, assay_span_str("{"), &world_error), ASSAY_E_FORMAT, "");
	REJECT(assay_tuf_load_timestamp(&st, repo.snapshot, &world_error), ASSAY_E_FORMAT, "_type");
	/* Not signed by today's keys: not there. */
	REJECT(assay_tuf_load_timestamp(&st, world_sign(sound(500), "s"), &world_error), ASSAY_E_VERIFY, "");
	assert_false(st.has_timestamp);
	ACCEPT(timestamp(sound(1), "r"));
}

static void
s5_4_3_2_timestamp_with_an_older_snapshot(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TIMESTAMP);
	ACCEPT(assay_tuf_load_timestamp(&st, world_sign(world_timestamp(5, 8, repo.snapshot), "r"), &world_error));
	REJECT(timestamp(world_timestamp(6, 7, repo.snapshot), "r"), ASSAY_E_VERIFY, "older snapshot");
	ACCEPT(timestamp(world_timestamp(6, 8, repo.snapshot), "r"));
}

static void
s5_4_4_expired_timestamp(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TIMESTAMP);
	REJECT(timestamp(expiring(sound(1), WORLD_BEFORE), "r"), ASSAY_E_VERIFY, "timestamp has expired");
	REJECT(timestamp(expiring(sound(1), WORLD_AT_NOW), "r"), ASSAY_E_VERIFY, "timestamp has expired");
	ACCEPT(timestamp(expiring(sound(1), "2030-03-17T17:46:41Z"), "r"));
}

static void
s5_4_4_the_kept_one_has_expired(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TIMESTAMP);
	struct assay_span old = world_sign(expiring(sound(5), WORLD_BEFORE), "r");
	ACCEPT(assay_tuf_load_timestamp(&st, old, &world_error));
	/* Serving the same one again is a freeze. */
	REJECT(assay_tuf_update_timestamp(&st, old, &is_new, &world_error), ASSAY_E_VERIFY, "timestamp has expired");
	REJECT(timestamp(sound(5), "r"), ASSAY_E_VERIFY, "timestamp has expired");
	ACCEPT(timestamp(sound(6), "r"));
}

static void
s5_4_5_what_fails_changes_nothing(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TIMESTAMP);
	ACCEPT(assay_tuf_load_timestamp(&st, world_sign(sound(5), "r"), &world_error));
	struct assay_tuf_state before = st;
	REJECT(assay_tuf_load_timestamp(&st, repo.timestamp, &world_error), ASSAY_E_USAGE, "out of order");
	REJECT(timestamp(sound(4), "r"), ASSAY_E_VERIFY, "");
	REJECT(timestamp(sound(6), "s"), ASSAY_E_VERIFY, "");
	REJECT(timestamp(expiring(sound(6), WORLD_BEFORE), "r"), ASSAY_E_VERIFY, "");
	assert_memory_equal(&before, &st, sizeof st);
	ACCEPT(timestamp(sound(6), "r"));
	/* The old one's place is used again. */
	assert_true(st.room.used <= before.room.used + 16);
}

/* ---- 5.5 ---- */

static enum assay_status
snapshot(json_t *payload, const char *letters)
{
	return assay_tuf_update_snapshot(&st, world_sign(payload, letters), &world_error);
}

/* A state whose timestamp names this snapshot, by what is left of the promise. */
static struct assay_span
promised(json_t *payload, const char *letters, int version, const char *without)
{
	struct assay_span file = world_sign(payload, letters);
	json_t *stamp = world_timestamp(1, version, file);
	char path[64];

	repo = world_repo();
	st = world_at(&repo, ASSAY_TUF_AT_TIMESTAMP);
	for (const char *c = without; *c != '\0'; c++) {
		snprintf(path, sizeof path, "meta/snapshot.json/%s", *c == 'l' ? "length" : "hashes");
		world_set(stamp, path, NULL);
	}
	ACCEPT(timestamp(stamp, "r"));
	return file;
}

static json_t *
listing(int version)
{
	return world_snapshot(version, "targets", &repo.targets, "policy", &repo.policy, NULL);
}

static void
s5_5_1_snapshot_of_the_promised_length(void **state)
{
	(void)state;
	repo = world_repo();
	struct assay_span file = promised(listing(1), "r", 1, "");
	struct assay_span shorter = { file.data, file.len - 1 };
	REJECT(assay_tuf_update_snapshot(&st, shorter, &world_error), ASSAY_E_VERIFY, "another length");
	/* A byte that means nothing, and the length alone is promised. */
	char longer[65536];
	int len = snprintf(longer, sizeof longer, "%.*s\n", (int)file.len, (const char *)file.data);
	promised(listing(1), "r", 1, "h");
	REJECT(assay_tuf_update_snapshot(&st, (struct assay_span) { (unsigned char *)longer, (size_t)len }, &world_error),
	    ASSAY_E_VERIFY, "another length");
	file = promised(listing(1), "r", 1, "");
	ACCEPT(assay_tuf_update_snapshot(&st, file, &world_error));
}

static void
s5_5_1_snapshot_of_at_most_y_bytes(void **state)
{
	static char padding[ASSAY_TUF_SNAPSHOT_MAX];

	(void)state;
	memset(padding, 'x', sizeof padding - 1);
	repo = world_repo();
	struct assay_span file = promised(with(listing(1), "padding", json_string(padding)), "r", 1, "lh");
	REJECT(assay_tuf_update_snapshot(&st, file, &world_error), ASSAY_E_LIMIT, "longer than");
	padding[sizeof padding - 3000] = '\0';
	file = promised(with(listing(1), "padding", json_string(padding)), "r", 1, "lh");
	ACCEPT(assay_tuf_update_snapshot(&st, file, &world_error));
}

static void
s5_5_2_snapshot_of_the_promised_digest(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_SNAPSHOT);
	/* One digit other, and as long; the digest is asked before anything else. */
	char copy[65536];
	memcpy(copy, repo.snapshot.data, repo.snapshot.len);
	*strchr(strstr(copy, "\"sig\": \"") + 8, '"') = 'x';
	struct assay_span other = { (unsigned char *)copy, repo.snapshot.len };
	REJECT(assay_tuf_update_snapshot(&st, other, &world_error), ASSAY_E_VERIFY, "SHA-256");
	ACCEPT(assay_tuf_update_snapshot(&st, repo.snapshot, &world_error));
}

static void
s5_5_2_all_digests_that_are_known(void **state)
{
	char hex[129];

	(void)state;
	for (int way = 0; way < 4; way++) {
		start(ASSAY_TUF_AT_TIMESTAMP);
		json_t *stamp = sound(1);
		tufmake_hash("SHA512", repo.snapshot.data, repo.snapshot.len, hex);
		hex[5] = way == 1 ? (hex[5] == '0' ? '1' : '0') : hex[5];
		world_set(stamp, "meta/snapshot.json/hashes/sha512", json_string(hex));
		world_set(stamp, "meta/snapshot.json/hashes/blake3", json_string("whatever"));
		if (way >= 2)
			world_set(stamp, "meta/snapshot.json/hashes/sha256", NULL);
		if (way == 3)
			world_set(stamp, "meta/snapshot.json/hashes/sha512", NULL);
		if (way == 3) {
			/* Nothing that is known is nothing to hold it against. */
			REJECT(timestamp(stamp, "r"), ASSAY_E_FORMAT, "hashes");
			continue;
		}
		ACCEPT(timestamp(stamp, "r"));
		if (way == 1)
			REJECT(assay_tuf_update_snapshot(&st, repo.snapshot, &world_error), ASSAY_E_VERIFY, "SHA-512");
		else
			ACCEPT(assay_tuf_update_snapshot(&st, repo.snapshot, &world_error));
	}
}

static void
s5_5_2_no_digest_promised(void **state)
{
	(void)state;
	repo = world_repo();
	struct assay_span file = promised(listing(1), "r", 1, "lh");
	ACCEPT(assay_tuf_update_snapshot(&st, file, &world_error));
}

static void
s5_5_3_snapshot_signed_by_its_role(void **state)
{
	(void)state;
	repo = world_repo();
	REJECT(assay_tuf_update_snapshot(&st, promised(listing(1), "s", 1, ""), &world_error), ASSAY_E_VERIFY, "'snapshot'");
	REJECT(assay_tuf_update_snapshot(&st, promised(listing(1), "abcd", 1, ""), &world_error), ASSAY_E_VERIFY,
	    "by 0 of 1 people");
	ACCEPT(assay_tuf_update_snapshot(&st, promised(listing(1), "ar", 1, ""), &world_error));
}

static void
s5_5_4_snapshot_of_the_promised_version(void **state)
{
	(void)state;
	repo = world_repo();
	REJECT(assay_tuf_update_snapshot(&st, promised(listing(1), "r", 2, ""), &world_error), ASSAY_E_VERIFY,
	    "version 2 is promised");
	REJECT(assay_tuf_update_snapshot(&st, promised(listing(3), "r", 2, ""), &world_error), ASSAY_E_VERIFY,
	    "version 2 is promised");
	ACCEPT(assay_tuf_update_snapshot(&st, promised(listing(2), "r", 2, ""), &world_error));
}

/* Trusts a snapshot that lists targets and policy in version 5, then is given another. */
static enum assay_status
after_fives(json_t *payload)
{
	json_t *before = listing(3);

	world_set(before, "meta/targets.json/version", json_integer(5));
	world_set(before, "meta/policy.json/version", json_integer(5));
	struct assay_span file = promised(payload, "r", 4, "lh");
	ACCEPT(assay_tuf_load_snapshot(&st, world_sign(before, "r"), &world_error));
	return assay_tuf_update_snapshot(&st, file, &world_error);
}

static json_t *
versions(int targets, int policy)
{
	json_t *payload = listing(4);

	world_set(payload, "meta/targets.json/version", json_integer(targets));
	world_set(payload, "meta/policy.json/version", json_integer(policy));
	return payload;
}

static void
s5_5_5_older_targets(void **state)
{
	(void)state;
	repo = world_repo();
	REJECT(after_fives(versions(4, 5)), ASSAY_E_VERIFY, "older 'targets.json'");
	ACCEPT(after_fives(versions(5, 5)));
}

static void
s5_5_5_older_delegated_targets(void **state)
{
	(void)state;
	repo = world_repo();
	REJECT(after_fives(versions(6, 1)), ASSAY_E_VERIFY, "older 'policy.json'");
	ACCEPT(after_fives(versions(6, 7)));
}

static void
s5_5_5_targets_no_longer_listed(void **state)
{
	(void)state;
	repo = world_repo();
	REJECT(after_fives(with(versions(6, 6), "meta/policy.json", NULL)), ASSAY_E_VERIFY, "no longer lists 'policy.json'");
	/* More may be listed, before and behind. */
	json_t *more = versions(5, 5);
	world_set(more, "meta/a.json", json_pack("{s:i}", "version", 1));
	world_set(more, "meta/q.json", json_pack("{s:i}", "version", 1));
	world_set(more, "meta/zz.json", json_pack("{s:i}", "version", 1));
	ACCEPT(after_fives(more));
	assert_int_equal(st.snapshot.version, 4);
}

static void
s5_5_5_snapshot_of_other_keys_is_no_measure(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_SNAPSHOT);
	REJECT(assay_tuf_load_snapshot(&st, world_sign(versions(900, 900), "s"), &world_error), ASSAY_E_VERIFY, "");
	assert_false(st.has_snapshot);
	ACCEPT(assay_tuf_update_snapshot(&st, repo.snapshot, &world_error));
}

static void
s5_5_6_expired_snapshot(void **state)
{
	(void)state;
	repo = world_repo();
	REJECT(assay_tuf_update_snapshot(&st, promised(expiring(listing(1), WORLD_BEFORE), "r", 1, ""), &world_error),
	    ASSAY_E_VERIFY, "snapshot has expired");
	REJECT(assay_tuf_update_snapshot(&st, promised(expiring(listing(1), WORLD_AT_NOW), "r", 1, ""), &world_error),
	    ASSAY_E_VERIFY, "snapshot has expired");
	ACCEPT(assay_tuf_update_snapshot(&st, promised(expiring(listing(1), "2030-03-17T17:46:41Z"), "r", 1, ""), &world_error));
	/* An earlier one may have: it is only a measure. */
	start(ASSAY_TUF_AT_SNAPSHOT);
	ACCEPT(assay_tuf_load_snapshot(&st, world_sign(expiring(listing(1), WORLD_BEFORE), "r"), &world_error));
	ACCEPT(assay_tuf_update_snapshot(&st, repo.snapshot, &world_error));
}

static void
s5_5_7_what_fails_changes_nothing(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_SNAPSHOT);
	ACCEPT(assay_tuf_load_snapshot(&st, world_sign(listing(1), "r"), &world_error));
	struct assay_tuf_state before = st;
	REJECT(assay_tuf_load_snapshot(&st, repo.snapshot, &world_error), ASSAY_E_USAGE, "out of order");
	REJECT(snapshot(listing(1), "s"), ASSAY_E_VERIFY, "");
	REJECT(assay_tuf_update_targets(&st, repo.targets, &world_error), ASSAY_E_USAGE, "out of order");
	assert_memory_equal(&before, &st, sizeof st);
	ACCEPT(assay_tuf_update_snapshot(&st, repo.snapshot, &world_error));
	REJECT(assay_tuf_update_snapshot(&st, repo.snapshot, &world_error), ASSAY_E_USAGE, "out of order");
}

/* ---- 5.6.1 to 5.6.6 ---- */

/* A state whose snapshot names these targets, by what is left of the promise. */
static enum assay_status
targets(json_t *payload, const char *letters, int version, const char *without)
{
	char path[64];

	repo = world_repo();
	repo.targets = world_sign(payload, letters);
	json_t *list = world_snapshot(version, "targets", &repo.targets, "policy", &repo.policy, NULL);
	for (const char *c = without; *c != '\0'; c++) {
		snprintf(path, sizeof path, "meta/targets.json/%s", *c == 'l' ? "length" : "hashes");
		world_set(list, path, NULL);
	}
	repo.snapshot = world_sign(list, "r");
	repo.timestamp = world_sign(world_timestamp(1, version, repo.snapshot), "r");
	st = world_at(&repo, ASSAY_TUF_AT_TARGETS);
	return assay_tuf_update_targets(&st, repo.targets, &world_error);
}

static void
s5_6_1_targets_of_the_promised_length(void **state)
{
	static char padding[ASSAY_TUF_TARGETS_MAX];

	(void)state;
	start(ASSAY_TUF_AT_TARGETS);
	REJECT(assay_tuf_update_targets(&st, (struct assay_span) { repo.targets.data, repo.targets.len - 1 }, &world_error),
	    ASSAY_E_VERIFY, "another length");
	ACCEPT(assay_tuf_update_targets(&st, repo.targets, &world_error));
	memset(padding, 'x', sizeof padding - 1);
	REJECT(targets(with(world_targets(1), "padding", json_string(padding)), "ad", 1, "lh"), ASSAY_E_LIMIT, "longer than");
	padding[sizeof padding - 4000] = '\0';
	ACCEPT(targets(with(world_targets(1), "padding", json_string(padding)), "ad", 1, "lh"));
}

static void
s5_6_2_targets_of_the_promised_digest(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TARGETS);
	char copy[65536];
	memcpy(copy, repo.targets.data, repo.targets.len);
	*strstr(copy, "readme") = 'R';
	struct assay_span other = { (unsigned char *)copy, repo.targets.len };
	REJECT(assay_tuf_update_targets(&st, other, &world_error), ASSAY_E_VERIFY, "SHA-256");
	ACCEPT(assay_tuf_update_targets(&st, repo.targets, &world_error));
	ACCEPT(targets(world_targets(1), "ad", 1, "lh"));
}

static void
s5_6_3_targets_signed_by_their_role(void **state)
{
	(void)state;
	REJECT(targets(world_targets(1), "a", 1, ""), ASSAY_E_VERIFY, "by 1 of 2 people");
	REJECT(targets(world_targets(1), "bcr", 1, ""), ASSAY_E_VERIFY, "by 0 of 2 people");
	ACCEPT(targets(world_targets(1), "da", 1, ""));
}

static void
s5_6_4_targets_of_the_promised_version(void **state)
{
	(void)state;
	/* world_snapshot() promises its own version for each. */
	REJECT(targets(world_targets(1), "ad", 2, ""), ASSAY_E_VERIFY, "version 2 is promised");
	REJECT(targets(world_targets(3), "ad", 2, ""), ASSAY_E_VERIFY, "version 2 is promised");
	ACCEPT(targets(world_targets(2), "ad", 2, ""));
}

static void
s5_6_5_expired_targets(void **state)
{
	(void)state;
	REJECT(targets(expiring(world_targets(1), WORLD_BEFORE), "ad", 1, ""), ASSAY_E_VERIFY, "has expired");
	REJECT(targets(expiring(world_targets(1), WORLD_AT_NOW), "ad", 1, ""), ASSAY_E_VERIFY, "has expired");
	ACCEPT(targets(expiring(world_targets(1), "2030-03-17T17:46:41Z"), "ad", 1, ""));
}

static void
s5_6_6_what_fails_changes_nothing(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_TARGETS);
	struct assay_tuf_state before = st;
	REJECT(assay_tuf_update_targets(&st, repo.policy, &world_error), ASSAY_E_VERIFY, "");
	assert_memory_equal(&before, &st, sizeof st);
	ACCEPT(assay_tuf_update_targets(&st, repo.targets, &world_error));
	assert_int_equal(st.phase, ASSAY_TUF_AT_SEARCH);
	assert_int_equal(st.targets.version, 1);
}

static void
s5_6_one_key_under_two_people(void **state)
{
	struct tufmake_key *taken = tufmake_key_again(world_key('a'), "eve", NULL);
	json_t *payload = world_targets(1);

	(void)state;
	world_delegate(payload, "policy", "b", 1, "assay/*", false);
	json_object_set(json_object_get(json_object_get(payload, "delegations"), "keys"), taken->keyid, taken->object);
	REJECT(targets(payload, "ad", 1, ""), ASSAY_E_VERIFY, "one key under two people");
	tufmake_key_free(taken);
}

/* A whole second update on top of the first: what was kept is what is held against. */
static void
s5_two_updates(void **state)
{
	(void)state;
	start(ASSAY_TUF_AT_SEARCH);
	struct world_repo first = repo;
	json_t *policy = world_targets(2);
	world_target(policy, "assay/policy.yaml", "scope: less\n");
	repo.policy = world_sign(policy, "bc");
	json_t *list = world_snapshot(2, "targets", &repo.targets, "policy", &repo.policy, NULL);
	world_set(list, "meta/targets.json/version", json_integer(1));
	repo.snapshot = world_sign(list, "r");
	repo.timestamp = world_sign(world_timestamp(2, 2, repo.snapshot), "r");
	st = world_at(&first, ASSAY_TUF_AT_TIMESTAMP);
	ACCEPT(assay_tuf_load_timestamp(&st, first.timestamp, &world_error));
	ACCEPT(assay_tuf_update_timestamp(&st, repo.timestamp, &is_new, &world_error));
	ACCEPT(assay_tuf_load_snapshot(&st, first.snapshot, &world_error));
	ACCEPT(assay_tuf_update_snapshot(&st, repo.snapshot, &world_error));
	ACCEPT(assay_tuf_update_targets(&st, repo.targets, &world_error));
	struct assay_tuf_meta meta;
	/* The replayed older policy is not what the snapshot names. */
	REJECT(assay_tuf_update_delegated(&st, &st.targets, "policy", first.policy, &meta, &world_error), ASSAY_E_VERIFY, "");
	ACCEPT(assay_tuf_update_delegated(&st, &st.targets, "policy", repo.policy, &meta, &world_error));
	assert_int_equal(meta.version, 2);
	/* And the first update can't be had again on top of the second. */
	st = world_at(&first, ASSAY_TUF_AT_TIMESTAMP);
	ACCEPT(assay_tuf_load_timestamp(&st, repo.timestamp, &world_error));
	REJECT(assay_tuf_update_timestamp(&st, first.timestamp, &is_new, &world_error), ASSAY_E_VERIFY, "rollback");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s5_4_1_timestamp_of_at_most_x_bytes),
		cmocka_unit_test(s5_4_1_not_before_the_root_is_settled),
		cmocka_unit_test(s5_4_2_timestamp_signed_by_its_role),
		cmocka_unit_test(s5_4_3_1_older_timestamp),
		cmocka_unit_test(s5_4_3_1_same_version_is_set_aside),
		cmocka_unit_test(s5_4_3_1_nothing_to_compare_with),
		cmocka_unit_test(s5_4_3_2_timestamp_with_an_older_snapshot),
		cmocka_unit_test(s5_4_4_expired_timestamp),
		cmocka_unit_test(s5_4_4_the_kept_one_has_expired),
		cmocka_unit_test(s5_4_5_what_fails_changes_nothing),
		cmocka_unit_test(s5_5_1_snapshot_of_the_promised_length),
		cmocka_unit_test(s5_5_1_snapshot_of_at_most_y_bytes),
		cmocka_unit_test(s5_5_2_snapshot_of_the_promised_digest),
		cmocka_unit_test(s5_5_2_all_digests_that_are_known),
		cmocka_unit_test(s5_5_2_no_digest_promised),
		cmocka_unit_test(s5_5_3_snapshot_signed_by_its_role),
		cmocka_unit_test(s5_5_4_snapshot_of_the_promised_version),
		cmocka_unit_test(s5_5_5_older_targets),
		cmocka_unit_test(s5_5_5_older_delegated_targets),
		cmocka_unit_test(s5_5_5_targets_no_longer_listed),
		cmocka_unit_test(s5_5_5_snapshot_of_other_keys_is_no_measure),
		cmocka_unit_test(s5_5_6_expired_snapshot),
		cmocka_unit_test(s5_5_7_what_fails_changes_nothing),
		cmocka_unit_test(s5_6_1_targets_of_the_promised_length),
		cmocka_unit_test(s5_6_2_targets_of_the_promised_digest),
		cmocka_unit_test(s5_6_3_targets_signed_by_their_role),
		cmocka_unit_test(s5_6_4_targets_of_the_promised_version),
		cmocka_unit_test(s5_6_5_expired_targets),
		cmocka_unit_test(s5_6_6_what_fails_changes_nothing),
		cmocka_unit_test(s5_6_one_key_under_two_people),
		cmocka_unit_test(s5_two_updates),
	};

	return cmocka_run_group_tests(tests, world_make, world_done);
}
