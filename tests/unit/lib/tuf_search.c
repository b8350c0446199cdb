/* SPDX-License-Identifier: Apache-2.0 */
/* TUF 1.0.34, section 5.6.7: the search for who speaks for a target. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tufroles.h"

/* ---- 5.6.7 ---- */

static void
s5_6_7_not_before_targets_are_trusted(void **state)
{
	struct world_repo repo = world_repo();
	struct assay_tuf_meta meta;

	(void)state;
	roles_state = world_at(&repo, ASSAY_TUF_AT_TARGETS);
	REJECT(roles_find("readme"), ASSAY_E_USAGE, "out of order");
	REJECT(assay_tuf_update_delegated(&roles_state, &roles_state.targets, "policy", repo.policy, &meta, &world_error), ASSAY_E_USAGE, "");
}

static void
s5_6_7_top_level_first(void **state)
{
	(void)state;
	roles_fresh();
	world_target(roles_payload("targets"), "one", "by the top");
	world_target(roles_delegate("targets", "lower", "*", false), "one", "by another");
	roles_publish();
	roles_speaks("one", "targets");
	ACCEPT(assay_tuf_target_check(&roles_found, assay_span_str("by the top"), &world_error));
	assert_int_equal(roles_fetched("lower"), 0);
}

static void
s5_6_7_1_preorder_depth_first(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "*", false);
	world_target(roles_delegate("targets", "second", "*", false), "one", "second's");
	world_target(roles_delegate("first", "below", "*", false), "one", "below's");
	roles_publish();
	roles_speaks("one", "below");
	assert_int_equal(roles_fetched("second"), 0);
	REJECT(roles_find("two"), ASSAY_E_NOT_FOUND, "nobody");
	assert_int_equal(roles_fetched("second"), 1);
}

static void
s5_6_7_1_visited_once(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "a", "*", false);
	roles_delegate("a", "b", "*", false);
	/* A circle, and a second way to b. */
	world_delegate(roles_payload("b"), "a", "b", 1, "*", false);
	world_delegate(roles_payload("b"), "b", "b", 1, "*", false);
	world_delegate(roles_payload("targets"), "b", "b", 1, "*", false);
	world_target(roles_delegate("targets", "last", "*", false), "one", "last's");
	roles_publish();
	roles_speaks("one", "last");
	assert_int_equal(roles_fetched("a"), 1);
	assert_int_equal(roles_fetched("b"), 1);
}

static void
s5_6_7_1_so_many_roles_and_no_more(void **state)
{
	(void)state;
	for (int more = 0; more < 2; more++) {
		char name[16];
		roles_fresh();
		/* The top-level role is one of them. */
		for (int i = 1; i < ASSAY_TUF_ROLES_MAX - 1 + more; i++) {
			snprintf(name, sizeof name, "r%d", i);
			roles_delegate("targets", name, "*", false);
		}
		world_target(roles_delegate("targets", "last", "*", false), "one", "last's");
		roles_publish();
		if (more == 0)
			roles_speaks("one", "last");
		else
			REJECT(roles_find("one"), ASSAY_E_LIMIT, "ended after 32 roles");
	}
}

static void
s5_6_7_1_so_deep_and_no_deeper(void **state)
{
	(void)state;
	for (int more = 0; more < 2; more++) {
		char name[16] = "targets", below[16];
		roles_fresh();
		for (int i = 0; i < ASSAY_TUF_CHAIN_MAX + more; i++) {
			snprintf(below, sizeof below, "r%d", i);
			roles_delegate(name, below, "*", false);
			memcpy(name, below, sizeof name);
		}
		world_target(roles_payload(name), "one", "the deepest's");
		roles_publish();
		if (more == 0)
			roles_speaks("one", name);
		else
			REJECT(roles_find("one"), ASSAY_E_LIMIT, "8 levels");
	}
}

static void
s5_6_7_2_in_order_of_appearance(void **state)
{
	(void)state;
	roles_fresh();
	world_target(roles_delegate("targets", "zebra", "*", false), "one", "zebra's");
	world_target(roles_delegate("targets", "ape", "*", false), "one", "ape's");
	roles_publish();
	roles_speaks("one", "zebra");
}

static void
s5_6_7_2_1_terminating(void **state)
{
	(void)state;
	for (int terminating = 0; terminating < 2; terminating++) {
		roles_fresh();
		roles_delegate("targets", "first", "*", terminating != 0);
		world_target(roles_delegate("targets", "second", "*", false), "one", "second's");
		roles_publish();
		if (terminating)
			REJECT(roles_find("one"), ASSAY_E_NOT_FOUND, "nobody");
		else
			roles_speaks("one", "second");
	}
}

static void
s5_6_7_2_1_below_a_terminating_one_the_search_goes_on(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "*", true);
	roles_delegate("first", "below", "*", false);
	world_target(roles_delegate("first", "beside", "*", false), "one", "beside's");
	world_target(roles_delegate("targets", "second", "*", false), "two", "second's");
	roles_publish();
	roles_speaks("one", "beside");
	REJECT(roles_find("two"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s5_6_7_2_1_a_terminating_one_further_down_ends_it_all(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "*", false);
	roles_delegate("first", "below", "*", true);
	world_target(roles_delegate("first", "beside", "*", false), "one", "beside's");
	world_target(roles_delegate("targets", "second", "*", false), "one", "second's");
	roles_publish();
	REJECT(roles_find("one"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s5_6_7_2_1_terminating_to_a_visited_role(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "*", false);
	world_delegate(roles_payload("first"), "first", "b", 1, "*", true);
	world_target(roles_delegate("targets", "second", "*", false), "one", "second's");
	roles_publish();
	REJECT(roles_find("one"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s5_6_7_2_1_terminating_for_other_paths_only(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "dir/*", true);
	world_target(roles_delegate("targets", "second", "*", false), "one", "second's");
	roles_publish();
	roles_speaks("one", "second");
	assert_int_equal(roles_fetched("first"), 0);
}

static void
s5_6_7_2_2_next_when_the_first_says_nothing(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "first", "*", false);
	world_target(roles_payload("first"), "other", "first's");
	world_target(roles_delegate("targets", "second", "*", false), "one", "second's");
	roles_publish();
	roles_speaks("one", "second");
	roles_speaks("other", "first");
}

static void
s4_5_trusted_for_its_paths_alone(void **state)
{
	(void)state;
	roles_fresh();
	world_target(roles_delegate("targets", "docs", "docs/*", false), "firmware", "docs' own");
	world_target(roles_payload("docs"), "docs/manual", "the manual");
	roles_publish();
	roles_speaks("docs/manual", "docs");
	REJECT(roles_find("firmware"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s4_5_every_link_of_the_chain_has_to_be_trusted_for_it(void **state)
{
	(void)state;
	roles_fresh();
	roles_delegate("targets", "docs", "docs/*", false);
	world_target(roles_delegate("docs", "all", "*", false), "firmware", "all's");
	world_target(roles_payload("all"), "docs/manual", "all's");
	roles_publish();
	REJECT(roles_find("firmware"), ASSAY_E_NOT_FOUND, "nobody");
	/* '*' is no '/', so the lower one isn't trusted for it either. */
	REJECT(roles_find("docs/manual"), ASSAY_E_NOT_FOUND, "nobody");
}

static void
s4_5_by_hash_prefixes(void **state)
{
	char hex[65], prefix[65], other[2] = "0";

	(void)state;
	tufmake_hash("SHA256", "dir/file", 8, hex);
	for (size_t len = 1; len <= 64; len += 9) {
		roles_fresh();
		world_target(roles_delegate("targets", "bin", "*", false), "dir/file", "the bin's");
		snprintf(prefix, sizeof prefix, "%.*s", (int)len, hex);
		world_set(roles_payload("targets"), "delegations/roles/0/paths", NULL);
		world_set(roles_payload("targets"), "delegations/roles/0/path_hash_prefixes", json_pack("[s]", prefix));
		roles_publish();
		roles_speaks("dir/file", "bin");
	}
	other[0] = hex[0] == '0' ? '1' : '0';
	roles_fresh();
	world_target(roles_delegate("targets", "bin", "*", false), "dir/file", "the bin's");
	world_set(roles_payload("targets"), "delegations/roles/0/paths", NULL);
	world_set(roles_payload("targets"), "delegations/roles/0/path_hash_prefixes", json_pack("[s]", other));
	roles_publish();
	REJECT(roles_find("dir/file"), ASSAY_E_NOT_FOUND, "nobody");
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
	};

	return cmocka_run_group_tests(tests, world_make, world_done);
}
