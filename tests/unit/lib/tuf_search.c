/* SPDX-License-Identifier: Apache-2.0 */
/* TUF 1.0.34, sections 5.6.7 and 5.7: who speaks for a target, and whether it is the one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tufworld.h"

#define ROLES_MAX 48

/* Delegated roles by name; the top-level one is "targets". */
static struct {
	char name[ASSAY_TUF_NAME_MAX + 1];
	json_t *payload;
	const char *letters;
	struct assay_span file;
	unsigned fetched;
} roles[ROLES_MAX];
static size_t role_count;
static struct assay_tuf_state st;
static struct assay_tuf_target found;
static char last_name[ASSAY_TUF_FILE_NAME_SIZE];
static size_t last_limit;
static bool consistent;
static const char *not_listed, *without_length, *gone;

static json_t *
role(const char *name, const char *letters)
{
	snprintf(roles[role_count].name, sizeof roles[0].name, "%s", name);
	roles[role_count].letters = letters;
	roles[role_count].fetched = 0;
	roles[role_count].payload = world_targets(1);
	return roles[role_count++].payload;
}

static void
fresh(void)
{
	role_count = 0;
	consistent = false;
	not_listed = without_length = gone = "";
	(void)role("targets", "ad");
}

static json_t *
payload(const char *name)
{
	for (size_t i = 0; i < role_count; i++) {
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].payload;
	}
	fail_msg("no role '%s'", name);
	return NULL;
}

/* Delegates from one role to another new one, which Bea signs. */
static json_t *
delegate(const char *from, const char *to, const char *pattern, bool terminating)
{
	world_delegate(payload(from), to, "b", 1, pattern, terminating);
	return role(to, "b");
}

static unsigned
fetched(const char *name)
{
	for (size_t i = 0; i < role_count; i++) {
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].fetched;
	}
	return 0;
}

static enum assay_status
fetch(void *ctx, const char *name, size_t limit, struct assay_span *ret_file, struct assay_error *err)
{
	const char *plain = consistent ? strchr(name, '.') + 1 : name;

	assert_ptr_equal(ctx, roles);
	snprintf(last_name, sizeof last_name, "%s", name);
	last_limit = limit;
	for (size_t i = 0; i < role_count; i++) {
		size_t len = strlen(roles[i].name);
		if (strncmp(plain, roles[i].name, len) != 0 || strcmp(plain + len, ".json") != 0)
			continue;
		if (strcmp(roles[i].name, gone) == 0)
			break;
		roles[i].fetched++;
		*ret_file = roles[i].file;
		return ASSAY_OK;
	}
	return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be fetched", name);
}

/* Signs all and runs the update as far as the search. */
static void
publish(void)
{
	struct world_repo repo;
	json_t *root = world_root(1), *snapshot = world_snapshot(1, NULL), *meta = json_object_get(snapshot, "meta");

	world_set(root, "consistent_snapshot", json_boolean(consistent));
	for (size_t i = 0; i < role_count; i++) {
		char name[128], hex[65];
		roles[i].file = world_sign(roles[i].payload, roles[i].letters);
		snprintf(name, sizeof name, "%.64s.json", roles[i].name);
		tufmake_hash("SHA256", roles[i].file.data, roles[i].file.len, hex);
		json_t *promise = json_pack("{s:i, s:{s:s}}", "version", 1, "hashes", "sha256", hex);
		if (strcmp(roles[i].name, without_length) != 0)
			json_object_set_new(promise, "length", json_integer((json_int_t)roles[i].file.len));
		if (strcmp(roles[i].name, not_listed) != 0)
			json_object_set(meta, name, promise);
		json_decref(promise);
	}
	repo.root = world_sign(root, "ab");
	repo.targets = roles[0].file;
	repo.snapshot = world_sign(snapshot, "r");
	repo.timestamp = world_sign(world_timestamp(1, 1, repo.snapshot), "r");
	st = world_at(&repo, ASSAY_TUF_AT_SEARCH);
}

static enum assay_status
find(const char *path)
{
	return assay_tuf_find(&st, assay_span_str(path), fetch, roles, &found, &world_error);
}

static void
speaks(const char *path, const char *name)
{
	ACCEPT(find(path));
	if (!assay_span_equal(found.role, assay_span_str(name)))
		fail_msg("'%.*s' speaks for '%s', and not '%s'", (int)found.role.len, (const char *)found.role.data, path, name);
	assert_true(assay_span_equal(found.path, assay_span_str(path)));
}

/* ---- 5.6.7 ---- */

static void
s5_6_7_not_before_targets_are_trusted(void **state)
{
	struct world_repo repo = world_repo();
	struct assay_tuf_meta meta;

	(void)state;
	st = world_at(&repo, ASSAY_TUF_AT_TARGETS);
	REJECT(find("readme"), ASSAY_E_USAGE, "out of order");
	REJECT(assay_tuf_update_delegated(&st, &st.targets, "policy", repo.policy, &meta, &world_error), ASSAY_E_USAGE, "");
}

static void
s5_6_7_top_level_first(void **state)
{
	(void)state;
	fresh();
	world_target(payload("targets"), "one", "by the top");
	world_target(delegate("targets", "lower", "*", false), "one", "by another");
	publish();
	speaks("one", "targets");
	ACCEPT(assay_tuf_target_check(&found, assay_span_str("by the top"), &world_error));
	assert_int_equal(fetched("lower"), 0);
}

static void
s5_6_7_1_preorder_depth_first(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "first", "*", false);
	world_target(delegate("targets", "second", "*", false), "one", "second's");
	world_target(delegate("first", "below", "*", false), "one", "below's");
	publish();
	speaks("one", "below");
	assert_int_equal(fetched("second"), 0);
	REJECT(find("two"), ASSAY_E_NOT_FOUND, "nobody");
	assert_int_equal(fetched("second"), 1);
}

static void
s5_6_7_1_visited_once(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "a", "*", false);
	delegate("a", "b", "*", false);
	/* A circle, and a second way to b. */
	world_delegate(payload("b"), "a", "b", 1, "*", false);
	world_delegate(payload("b"), "b", "b", 1, "*", false);
	world_delegate(payload("targets"), "b", "b", 1, "*", false);
	world_target(delegate("targets", "last", "*", false), "one", "last's");
	publish();
	speaks("one", "last");
	assert_int_equal(fetched("a"), 1);
	assert_int_equal(fetched("b"), 1);
}

static void
s5_6_7_1_so_many_roles_and_no_more(void **state)
{
	(void)state;
	for (int more = 0; more < 2; more++) {
		char name[16];
		fresh();
		/* The top-level role is one of them. */
		for (int i = 1; i < ASSAY_TUF_ROLES_MAX - 1 + more; i++) {
			snprintf(name, sizeof name, "r%d", i);
			delegate("targets", name, "*", false);
		}
		world_target(delegate("targets", "last", "*", false), "one", "last's");
		publish();
		if (more == 0)
			speaks("one", "last");
		else
			REJECT(find("one"), ASSAY_E_LIMIT, "ended after 32 roles");
	}
}

static void
s5_6_7_1_so_deep_and_no_deeper(void **state)
{
	(void)state;
	for (int more = 0; more < 2; more++) {
		char name[16] = "targets", below[16];
		fresh();
		for (int i = 0; i < ASSAY_TUF_CHAIN_MAX + more; i++) {
			snprintf(below, sizeof below, "r%d", i);
			delegate(name, below, "*", false);
			memcpy(name, below, sizeof name);
		}
		world_target(payload(name), "one", "the deepest's");
		publish();
		if (more == 0)
			speaks("one", name);
		else
			REJECT(find("one"), ASSAY_E_LIMIT, "8 levels");
	}
}

static void
s5_6_7_2_in_order_of_appearance(void **state)
{
	(void)state;
	fresh();
	world_target(delegate("targets", "zebra", "*", false), "one", "zebra's");
	world_target(delegate("targets", "ape", "*", false), "one", "ape's");
	publish();
	speaks("one", "zebra");
}

static void
s5_6_7_2_1_terminating(void **state)
{
	(void)state;
	for (int terminating = 0; terminating < 2; terminating++) {
		fresh();
		delegate("targets", "first", "*", terminating != 0);
		world_target(delegate("targets", "second", "*", false), "one", "second's");
		publish();
		if (terminating)
			REJECT(find("one"), ASSAY_E_NOT_FOUND, "nobody");
		else
			speaks("one", "second");
	}
}

static void
s5_6_7_2_1_below_a_terminating_one_the_search_goes_on(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "first", "*", true);
	delegate("first", "below", "*", false);
	world_target(delegate("first", "beside", "*", false), "one", "beside's");
	world_target(delegate("targets", "second", "*", false), "two", "second's");
	publish();
	speaks("one", "beside");
	REJECT(find("two"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s5_6_7_2_1_a_terminating_one_further_down_ends_it_all(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "first", "*", false);
	delegate("first", "below", "*", true);
	world_target(delegate("first", "beside", "*", false), "one", "beside's");
	world_target(delegate("targets", "second", "*", false), "one", "second's");
	publish();
	REJECT(find("one"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s5_6_7_2_1_terminating_to_a_visited_role(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "first", "*", false);
	world_delegate(payload("first"), "first", "b", 1, "*", true);
	world_target(delegate("targets", "second", "*", false), "one", "second's");
	publish();
	REJECT(find("one"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s5_6_7_2_1_terminating_for_other_paths_only(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "first", "dir/*", true);
	world_target(delegate("targets", "second", "*", false), "one", "second's");
	publish();
	speaks("one", "second");
	assert_int_equal(fetched("first"), 0);
}

static void
s5_6_7_2_2_next_when_the_first_says_nothing(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "first", "*", false);
	world_target(payload("first"), "other", "first's");
	world_target(delegate("targets", "second", "*", false), "one", "second's");
	publish();
	speaks("one", "second");
	speaks("other", "first");
}

static void
s4_5_trusted_for_its_paths_alone(void **state)
{
	(void)state;
	fresh();
	world_target(delegate("targets", "docs", "docs/*", false), "firmware", "docs' own");
	world_target(payload("docs"), "docs/manual", "the manual");
	publish();
	speaks("docs/manual", "docs");
	REJECT(find("firmware"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s4_5_every_link_of_the_chain_has_to_be_trusted_for_it(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "docs", "docs/*", false);
	world_target(delegate("docs", "all", "*", false), "firmware", "all's");
	world_target(payload("all"), "docs/manual", "all's");
	publish();
	REJECT(find("firmware"), ASSAY_E_NOT_FOUND, "nobody");
	/* '*' is no '/', so the lower one isn't trusted for it either. */
	REJECT(find("docs/manual"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s4_5_by_hash_prefixes(void **state)
{
	char hex[65], prefix[65], other[2] = "0";

	(void)state;
	tufmake_hash("SHA256", "dir/file", 8, hex);
	for (size_t len = 1; len <= 64; len += 9) {
		fresh();
		world_target(delegate("targets", "bin", "*", false), "dir/file", "the bin's");
		snprintf(prefix, sizeof prefix, "%.*s", (int)len, hex);
		world_set(payload("targets"), "delegations/roles/0/paths", NULL);
		world_set(payload("targets"), "delegations/roles/0/path_hash_prefixes", json_pack("[s]", prefix));
		publish();
		speaks("dir/file", "bin");
	}
	other[0] = hex[0] == '0' ? '1' : '0';
	fresh();
	world_target(delegate("targets", "bin", "*", false), "dir/file", "the bin's");
	world_set(payload("targets"), "delegations/roles/0/paths", NULL);
	world_set(payload("targets"), "delegations/roles/0/path_hash_prefixes", json_pack("[s]", other));
	publish();
	REJECT(find("dir/file"), ASSAY_E_NOT_FOUND, "nobody");
}

/* ---- Delegated metadata is held to steps 5.6.1 to 5.6.6 ---- */

static void
s5_6_7_delegated_not_signed_by_its_role(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "first", "*", false);
	world_target(payload("first"), "one", "first's");
	roles[1].letters = "ac";
	world_target(delegate("targets", "second", "*", false), "one", "second's");
	publish();
	/* What can't be verified ends the search. */
	REJECT(find("one"), ASSAY_E_VERIFY, "'first'");
	assert_int_equal(fetched("second"), 0);
}

static void
s5_6_7_delegated_by_two_people(void **state)
{
	(void)state;
	for (int both = 0; both < 2; both++) {
		fresh();
		world_delegate(payload("targets"), "two", "aAb", 2, "*", false);
		world_target(role("two", both ? "Ab" : "aA"), "one", "two's");
		publish();
		if (both)
			speaks("one", "two");
		else
			REJECT(find("one"), ASSAY_E_VERIFY, "by 1 of 2 people");
	}
}

static void
s5_6_7_delegated_not_in_the_snapshot(void **state)
{
	(void)state;
	fresh();
	world_target(delegate("targets", "first", "*", false), "one", "first's");
	not_listed = "first";
	publish();
	REJECT(find("one"), ASSAY_E_NOT_FOUND, "doesn't list 'first.json'");
	not_listed = "";
}

static void
s5_6_7_delegated_that_cannot_be_fetched(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "first", "*", false);
	world_target(delegate("targets", "second", "*", false), "one", "second's");
	gone = "first";
	publish();
	REJECT(find("one"), ASSAY_E_SYSTEM, "can't be fetched");
	gone = "";
	speaks("one", "second");
}

static void
s5_6_7_delegated_of_another_version_or_expired(void **state)
{
	(void)state;
	fresh();
	world_target(delegate("targets", "first", "*", false), "one", "first's");
	world_set(payload("first"), "version", json_integer(2));
	publish();
	REJECT(find("one"), ASSAY_E_VERIFY, "version 1 is promised");
	fresh();
	world_target(delegate("targets", "first", "*", false), "one", "first's");
	world_set(payload("first"), "expires", json_string(WORLD_BEFORE));
	publish();
	REJECT(find("one"), ASSAY_E_VERIFY, "has expired");
}

static void
s5_6_7_delegated_with_other_bytes(void **state)
{
	(void)state;
	fresh();
	world_target(delegate("targets", "first", "*", false), "one", "first's");
	publish();
	struct assay_span sound = roles[1].file;
	roles[1].file = roles[0].file;
	REJECT(find("one"), ASSAY_E_VERIFY, "another length");
	roles[1].file = sound;
	speaks("one", "first");
}

static void
s5_6_7_delegated_key_under_two_people(void **state)
{
	struct tufmake_key *taken = tufmake_key_again(world_key('b'), "eve", NULL);

	(void)state;
	fresh();
	delegate("targets", "first", "*", false);
	delegate("first", "below", "*", false);
	world_target(payload("below"), "one", "below's");
	json_object_set(json_object_get(json_object_get(payload("first"), "delegations"), "keys"), taken->keyid, taken->object);
	world_set(payload("first"), "delegations/roles/0/keyids", json_pack("[s]", taken->keyid));
	json_object_del(json_object_get(json_object_get(payload("first"), "delegations"), "keys"), world_key('b')->keyid);
	publish();
	REJECT(find("one"), ASSAY_E_VERIFY, "one key under two people");
	tufmake_key_free(taken);
}

static void
s5_6_7_names_and_limits_of_what_is_fetched(void **state)
{
	(void)state;
	fresh();
	consistent = true;
	world_target(delegate("targets", "first", "*", false), "one", "first's");
	publish();
	speaks("one", "first");
	assert_string_equal(last_name, "1.first.json");
	assert_int_equal(last_limit, roles[1].file.len);
	fresh();
	world_target(delegate("targets", "first", "*", false), "one", "first's");
	without_length = "first";
	publish();
	speaks("one", "first");
	assert_string_equal(last_name, "first.json");
	assert_int_equal(last_limit, ASSAY_TUF_TARGETS_MAX);
}

static void
s5_6_7_a_search_that_fails_leaves_the_room(void **state)
{
	(void)state;
	fresh();
	delegate("targets", "first", "*", false);
	delegate("first", "below", "*", false);
	publish();
	struct assay_tuf_state before = st;
	REJECT(find("one"), ASSAY_E_NOT_FOUND, "");
	assert_memory_equal(&before, &st, sizeof st);
}

/* ---- 5.7 ---- */

static void
s5_7_1_what_the_role_says_of_it(void **state)
{
	(void)state;
	fresh();
	json_t *first = delegate("targets", "first", "*", false);
	world_target(first, "one", "first's");
	json_object_set_new(json_object_get(json_object_get(first, "targets"), "one"), "custom", json_pack("{s:s}", "k", "v"));
	publish();
	speaks("one", "first");
	assert_true(assay_span_equal(found.custom, assay_span_str("{\"k\":\"v\"}")));
	assert_int_equal(found.length, 7);
	assert_true(found.has_sha256);
	assert_false(found.has_sha512);
}

static void
s5_7_2_nobody_speaks_for_it(void **state)
{
	(void)state;
	fresh();
	world_target(payload("targets"), "one", "1");
	publish();
	REJECT(find("two"), ASSAY_E_NOT_FOUND, "nobody who may speaks for the target 'two'");
	REJECT(find(""), ASSAY_E_NOT_FOUND, "nobody");
	REJECT(find("on"), ASSAY_E_NOT_FOUND, "nobody");
	REJECT(find("one\""), ASSAY_E_NOT_FOUND, "nobody");
	REJECT(find("../one"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s5_7_3_length_and_digests(void **state)
{
	(void)state;
	fresh();
	world_target(payload("targets"), "one", "content");
	publish();
	speaks("one", "targets");
	ACCEPT(assay_tuf_target_check(&found, assay_span_str("content"), &world_error));
	REJECT(assay_tuf_target_check(&found, assay_span_str("conten"), &world_error), ASSAY_E_VERIFY, "another length");
	REJECT(assay_tuf_target_check(&found, assay_span_str("content "), &world_error), ASSAY_E_VERIFY, "another length");
	REJECT(assay_tuf_target_check(&found, assay_span_str("Content"), &world_error), ASSAY_E_VERIFY, "SHA-256");
}

static void
s5_7_3_every_known_digest(void **state)
{
	char hex[129];

	(void)state;
	for (int wrong = 0; wrong < 2; wrong++) {
		fresh();
		world_target(payload("targets"), "one", "content");
		tufmake_hash("SHA512", "content", 7, hex);
		hex[127] = wrong ? (hex[127] == '0' ? '1' : '0') : hex[127];
		/* A path with '/' can't be set by world_set(); this one has none. */
		world_set(payload("targets"), "targets/one/hashes/sha512", json_string(hex));
		publish();
		speaks("one", "targets");
		if (wrong)
			REJECT(assay_tuf_target_check(&found, assay_span_str("content"), &world_error), ASSAY_E_VERIFY, "SHA-512");
		else
			ACCEPT(assay_tuf_target_check(&found, assay_span_str("content"), &world_error));
	}
}

static void
s5_7_3_names_of_targets(void **state)
{
	char name[200], wanted[200], hex[65];

	(void)state;
	for (int on = 0; on < 2; on++) {
		fresh();
		consistent = on != 0;
		world_target(payload("targets"), "a/b/file.bin", "content");
		publish();
		speaks("a/b/file.bin", "targets");
		tufmake_hash("SHA256", "content", 7, hex);
		snprintf(wanted, sizeof wanted, on ? "a/b/%s.file.bin" : "a/b/file.bin", hex);
		ACCEPT(assay_tuf_target_name(&st, &found, name, sizeof name));
		assert_string_equal(name, wanted);
		ACCEPT(assay_tuf_target_name(&st, &found, name, strlen(wanted) + 1));
		assert_int_equal(assay_tuf_target_name(&st, &found, name, strlen(wanted)), ASSAY_E_LIMIT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s5_6_7_not_before_targets_are_trusted),
		cmocka_unit_test(s5_6_7_top_level_first),
		cmocka_unit_test(s5_6_7_1_preorder_depth_first),
		cmocka_unit_test(s5_6_7_1_visited_once),
		cmocka_unit_test(s5_6_7_1_so_many_roles_and_no_more),
		cmocka_unit_test(s5_6_7_1_so_deep_and_no_deeper),
		cmocka_unit_test(s5_6_7_2_in_order_of_appearance),
		cmocka_unit_test(s5_6_7_2_1_terminating),
		cmocka_unit_test(s5_6_7_2_1_below_a_terminating_one_the_search_goes_on),
		cmocka_unit_test(s5_6_7_2_1_a_terminating_one_further_down_ends_it_all),
		cmocka_unit_test(s5_6_7_2_1_terminating_to_a_visited_role),
		cmocka_unit_test(s5_6_7_2_1_terminating_for_other_paths_only),
		cmocka_unit_test(s5_6_7_2_2_next_when_the_first_says_nothing),
		cmocka_unit_test(s4_5_trusted_for_its_paths_alone),
		cmocka_unit_test(s4_5_every_link_of_the_chain_has_to_be_trusted_for_it),
		cmocka_unit_test(s4_5_by_hash_prefixes),
		cmocka_unit_test(s5_6_7_delegated_not_signed_by_its_role),
		cmocka_unit_test(s5_6_7_delegated_by_two_people),
		cmocka_unit_test(s5_6_7_delegated_not_in_the_snapshot),
		cmocka_unit_test(s5_6_7_delegated_that_cannot_be_fetched),
		cmocka_unit_test(s5_6_7_delegated_of_another_version_or_expired),
		cmocka_unit_test(s5_6_7_delegated_with_other_bytes),
		cmocka_unit_test(s5_6_7_delegated_key_under_two_people),
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
