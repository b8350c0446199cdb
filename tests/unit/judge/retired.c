/* SPDX-License-Identifier: Apache-2.0 */
/* repo.honest-time: what a retired key signed */
#include "world.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define T0 ((int64_t)1690000000)
#define DAY ((int64_t)WHEN_DAY)
#define END HISTORY_NONE

static struct world *w;
static uint32_t ann, ben, carl, forge, stranger;

static int
setup(void **state)
{
	(void)state;
	w = world_new();
	ann = world_owner(w, ROSTER_PERSON, "ann", "ann@example.org");
	ben = world_owner(w, ROSTER_PERSON, "ben", "ben@example.org");
	carl = world_owner(w, ROSTER_PERSON, "carl", "carl@example.org");
	forge = world_owner(w, ROSTER_PLATFORM, "forge", "noreply@example.org");
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

static const struct control_verdict *
judge(void)
{
	return world_judge(w, "repo.honest-time");
}

static void
main_is(uint32_t tip)
{
	if (w->h.ref_count == 0)
		world_ref(w, "refs/heads/main", tip);
	w->refs[0].commit = tip;
}

static void
expect_only(const char *id, uint32_t commit)
{
	const struct control_verdict *v = judge();
	if (v->finding_total != 1)
		fail_msg("%zu findings: %s", v->finding_total, v->reason);
	assert_int_equal(world_count(v, id, world_commit_hex(w, commit)), 1);
}

static void
expect_none(void)
{
	const struct control_verdict *v = judge();
	if (v->finding_total != 0)
		fail_msg("%zu findings: %s: %s", v->finding_total, v->reason, v->findings[0].message);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(v->reason, "no trust root yet"));
}

/* A line of commits by ann at these times; returns the first. */
static uint32_t
line(const int64_t *times, size_t count)
{
	uint32_t first = world_commit(w, times[0], ann, END);
	for (size_t i = 1; i < count; i++)
		(void)world_commit(w, times[i], ann, first + (uint32_t)i - 1, END);
	main_is(first + (uint32_t)count - 1);
	return first;
}

#define LINE(...)                                                                                  \
	line((const int64_t[]){ __VA_ARGS__ }, sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))

static void
tags_under_a_retired_key(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + DAY);
	uint32_t tag = world_tag(w, "v1", T0 + 2 * DAY, ben, first + 1);
	world_tag_ref(w, "refs/tags/v1", tag);
	expect_none();
	w->roster_keys[ben].retired = T0 + 20 * DAY;
	const struct control_verdict *v = judge();
	assert_int_equal(v->finding_total, 1);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "retired-tag", world_tag_hex(w, tag)), 1);
	world_cut_over(w, world_tag_hex(w, tag));
	expect_none();
}

#define RETIRED (T0 + 20 * DAY)

/* main: a .. b(before retirement) .. merge(after) of a side branch that ben's retired key signed. */
static uint32_t
side_branch(int64_t merge_time, uint32_t *ret_merge)
{
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t b = world_commit(w, T0 + DAY, ann, a, END);
	uint32_t side = world_commit(w, T0 + 2 * DAY, ben, a, END);
	uint32_t merge = world_commit(w, merge_time, ann, b, side, END);
	uint32_t top = world_commit(w, merge_time + DAY, ann, merge, END);
	w->roster_keys[ben].retired = RETIRED;
	main_is(top);
	*ret_merge = merge;
	return side;
}

static void
merged_before_retirement(void **state)
{
	(void)state;
	uint32_t merge = 0;
	(void)side_branch(RETIRED - 1, &merge);
	expect_none();
	assert_int_equal(world_number(judge(), "under a retired key, seen in time"), 1);
}

static void
merged_after_retirement(void **state)
{
	(void)state;
	uint32_t merge = 0;
	uint32_t side = side_branch(RETIRED, &merge);
	expect_only("retired-entered-late", side);
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_false(v->findings[0].gap);
	assert_non_null(strstr(v->findings[0].message, world_commit_hex(w, merge)));
	/* Somebody else built on it early, on another release branch. */
	static const char *both[] = { "refs/heads/main", "refs/heads/old" };
	uint32_t early = world_commit(w, RETIRED - 5, ann, 1u, side, END);
	world_ref(w, "refs/heads/old", early);
	w->policy.release_branches = (struct yaml_strings){ both, 2 };
	expect_none();
}

/* The merge's author chooses which side comes first. */
static void
merged_late_with_sides_swapped(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t b = world_commit(w, RETIRED + DAY, ann, a, END);
	uint32_t side = world_commit(w, T0 + 2 * DAY, ben, a, END);
	uint32_t merge = world_commit(w, RETIRED + 2 * DAY, ann, side, b, END);
	w->roster_keys[ben].retired = RETIRED;
	main_is(merge);
	expect_only("retired-entered-late", side);
	/* Which branch is checked out changes nothing. */
	world_ref(w, "refs/heads/side", side);
	w->h.head = "refs/heads/side";
	expect_only("retired-entered-late", side);
}

static void
nobody_else_built_on_it(void **state)
{
	(void)state;
	static const char *released[] = { "refs/heads/main" };
	uint32_t first = LINE(T0, T0 + DAY);
	uint32_t side = world_commit(w, T0 + DAY, ben, first, END);
	uint32_t more = world_commit(w, T0 + DAY, ben, side, END);
	world_ref(w, "refs/heads/side", more);
	w->roster_keys[ben].retired = RETIRED;
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "retired-unseen", world_commit_hex(w, side)), 1);
	assert_int_equal(world_count(v, "retired-unseen", world_commit_hex(w, more)), 1);
	w->h.head = "refs/heads/side";
	assert_int_equal(judge()->finding_total, 2);
	w->refs[1].commit = world_commit(w, T0 + 2 * DAY, ann, more, END);
	expect_none();
	/* Where the policy names release branches, only what is built there shows anything. */
	w->policy.release_branches = (struct yaml_strings){ released, 1 };
	assert_int_equal(world_count(judge(), "retired-unseen", NULL), 2);
	released[0] = "refs/heads/gone";
	assert_int_equal(world_count(judge(), "release-branch-absent", "refs/heads/gone"), 1);
	released[0] = "refs/heads/side";
	expect_none();
}

/* A platform, a stranger or nobody signed what was built on it. */
static void
seen_by_nobody_of_the_roster(void **state)
{
	(void)state;
	const uint32_t by[] = { forge, stranger, UNSIGNED };
	uint32_t first = LINE(T0, T0 + DAY);
	uint32_t side = world_commit(w, T0 + DAY, ben, first + 1, END);
	w->roster_keys[ben].retired = RETIRED;
	for (size_t i = 0; i < 3; i++) {
		main_is(world_commit(w, T0 + 2 * DAY, by[i], side, END));
		expect_only("retired-unseen", side);
	}
}

/* Whose key was retired later shows it all the same, as far as somebody else has seen that in time. */
static void
retired_keys_show_each_other(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + DAY);
	uint32_t bens = world_commit(w, T0 + 2 * DAY, ben, first + 1, END);
	uint32_t carls = world_commit(w, T0 + 3 * DAY, carl, bens, END);
	uint32_t top = world_commit(w, RETIRED + DAY, ann, carls, END);
	w->roster_keys[ben].retired = RETIRED;
	w->roster_keys[carl].retired = RETIRED + 9 * DAY;
	main_is(top);
	expect_none();
	w->roster_keys[carl].retired = RETIRED;
	const struct control_verdict *v = judge();
	assert_int_equal(v->finding_total, 2);
	assert_int_equal(world_count(v, "retired-entered-late", world_commit_hex(w, bens)), 1);
	assert_int_equal(world_count(v, "retired-entered-late", world_commit_hex(w, carls)), 1);
	/* Two dead keys alone vouch for nothing. */
	main_is(carls);
	assert_int_equal(world_count(judge(), "retired-unseen", NULL), 2);
}

/* One ancestor dated far ahead doesn't make what entered after it late. */
static void
entries_are_judged_each_for_itself(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t far = world_commit(w, WORLD_DAY + 99 * DAY, ann, a, END);
	uint32_t side = world_commit(w, T0 + DAY, ben, a, END);
	uint32_t merge = world_commit(w, T0 + 2 * DAY, ann, far, side, END);
	uint32_t own = world_commit(w, T0 + 3 * DAY, ben, merge, END);
	uint32_t top = world_commit(w, T0 + 4 * DAY, ann, own, END);
	w->roster_keys[ben].retired = RETIRED;
	main_is(top);
	expect_only("commit-in-future", far);
	assert_int_equal(world_number(judge(), "under a retired key, seen in time"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tags_under_a_retired_key, setup, teardown),
		cmocka_unit_test_setup_teardown(merged_before_retirement, setup, teardown),
		cmocka_unit_test_setup_teardown(merged_after_retirement, setup, teardown),
		cmocka_unit_test_setup_teardown(merged_late_with_sides_swapped, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_else_built_on_it, setup, teardown),
		cmocka_unit_test_setup_teardown(seen_by_nobody_of_the_roster, setup, teardown),
		cmocka_unit_test_setup_teardown(retired_keys_show_each_other, setup, teardown),
		cmocka_unit_test_setup_teardown(entries_are_judged_each_for_itself, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
