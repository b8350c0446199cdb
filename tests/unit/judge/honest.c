/* SPDX-License-Identifier: Apache-2.0 */
/* repo.honest-time */
#include "world.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define T0 ((int64_t)1690000000)
#define DAY ((int64_t)WHEN_DAY)
#define SKEW 300
#define END HISTORY_NONE

static struct world *w;
static uint32_t ann, ben, forge, stranger;

static int
setup(void **state)
{
	(void)state;
	w = world_new();
	ann = world_owner(w, ROSTER_PERSON, "ann", "ann@example.org");
	ben = world_owner(w, ROSTER_PERSON, "ben", "ben@example.org");
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

/* ---- order ---- */

static void
order_within_skew(void **state)
{
	(void)state;
	(void)LINE(T0, T0 + DAY, T0 + DAY - SKEW, T0 + 2 * DAY, T0 + 2 * DAY);
	expect_none();
	assert_int_equal(world_number(judge(), "parents compared"), 4);
}

static void
one_second_beyond_skew(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + DAY, T0 + DAY - SKEW - 1);
	expect_only("commit-backdated", first + 2);
	w->policy.skew_seconds = SKEW + 1;
	expect_none();
}

/* The skew is allowed once, not once a commit. */
static void
backdated_in_small_steps(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + DAY, T0 + DAY - SKEW / 2, T0 + DAY - SKEW, T0 + DAY - SKEW - 1);
	expect_only("commit-backdated", first + 4);
	assert_non_null(strstr(judge()->findings[0].message, world_commit_hex(w, first + 1)));
	w->commits[first + 4].time++;
	expect_none();
}

/* What claims to be of the future is one finding, and no step to hide behind. */
static void
small_steps_past_the_future(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + DAY, WORLD_DAY + 99 * DAY, T0 + DAY - SKEW, T0 + DAY - 2 * SKEW);
	const struct control_verdict *v = judge();
	assert_int_equal(v->finding_total, 2);
	assert_int_equal(world_count(v, "commit-in-future", world_commit_hex(w, first + 2)), 1);
	assert_int_equal(world_count(v, "commit-backdated", world_commit_hex(w, first + 4)), 1);
}

static void
backdated_tip(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + 10 * DAY, T0 + 5 * DAY);
	expect_only("commit-backdated", first + 2);
}

static void
backdated_in_the_middle(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + 10 * DAY, T0 + 5 * DAY, T0 + 11 * DAY, T0 + 12 * DAY);
	expect_only("commit-backdated", first + 2);
}

/* Even further back than all that is known: no parent is to blame. */
static void
backdated_beyond_everything(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + 10 * DAY, T0 - 50 * DAY, T0 - 40 * DAY);
	expect_only("commit-backdated", first + 2);
}

static void
several_backdated(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + 10 * DAY, T0 + 5 * DAY, T0 + 11 * DAY, T0 + 6 * DAY,
	    T0 + 12 * DAY, T0 - 9 * DAY);
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, VERDICT_FAIL);
	assert_int_equal(v->finding_total, 3);
	assert_int_equal(world_count(v, "commit-backdated", world_commit_hex(w, first + 2)), 1);
	assert_int_equal(world_count(v, "commit-backdated", world_commit_hex(w, first + 4)), 1);
	assert_int_equal(world_count(v, "commit-backdated", world_commit_hex(w, first + 6)), 1);
}

static void
any_parent_counts(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t late = world_commit(w, T0 + 10 * DAY, ann, a, END);
	uint32_t merge = world_commit(w, T0 + DAY, ann, a, late, END);
	main_is(merge);
	expect_only("commit-backdated", merge);
}

/* ---- clocks that ran ahead ---- */

static void
future_commit_is_one_finding(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + DAY, WORLD_DAY + 400 * DAY, T0 + 2 * DAY, T0 + 3 * DAY);
	expect_only("commit-in-future", first + 2);
}

/* Behind it, order is judged as if it weren't there. */
static void
future_commit_hides_nothing(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + 5 * DAY, WORLD_DAY + 400 * DAY, T0 + 2 * DAY, T0 + 6 * DAY);
	const struct control_verdict *v = judge();
	assert_int_equal(v->finding_total, 2);
	assert_int_equal(world_count(v, "commit-in-future", world_commit_hex(w, first + 2)), 1);
	assert_int_equal(world_count(v, "commit-backdated", world_commit_hex(w, first + 3)), 1);
}

static void
futures_in_a_row(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + 5 * DAY, WORLD_DAY + 9 * DAY, WORLD_DAY + 8 * DAY,
	    WORLD_DAY + 99 * DAY, T0 + 2 * DAY);
	const struct control_verdict *v = judge();
	assert_int_equal(v->finding_total, 4);
	assert_int_equal(world_count(v, "commit-in-future", NULL), 3);
	assert_int_equal(world_count(v, "commit-backdated", world_commit_hex(w, first + 5)), 1);
}

static void
the_day_itself_is_past(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, WORLD_DAY + DAY + SKEW);
	expect_none();
	w->commits[first + 1].time++;
	expect_only("commit-in-future", first + 1);
	w->input.date = WORLD_DAY + DAY;
	expect_none();
}

static void
clock_that_ran_ahead(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + 30 * DAY, T0 + DAY, T0 + 2 * DAY, T0 + 3 * DAY, T0 + 60 * DAY);
	expect_only("commit-ahead", first + 1);
}

static void
clock_that_ran_ahead_at_a_fork(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t ahead = world_commit(w, T0 + 30 * DAY, ann, a, END);
	uint32_t last = HISTORY_NONE;
	for (int i = 0; i < 6; i++) {
		uint32_t child = world_commit(w, T0 + (i + 1) * DAY, ann, ahead, END);
		uint32_t grandchild = world_commit(w, T0 + (i + 2) * DAY, ben, child, END);
		last = last == HISTORY_NONE
		    ? grandchild
		    : world_commit(w, T0 + (i + 3) * DAY, ann, last, grandchild, END);
	}
	main_is(last);
	expect_only("commit-ahead", ahead);
}

static void
root_that_ran_ahead(void **state)
{
	(void)state;
	uint32_t first = LINE(T0 + 30 * DAY, T0, T0 + DAY);
	expect_only("commit-ahead", first);
}

/* ---- hostile numbers and shapes ---- */

static void
extreme_times(void **state)
{
	(void)state;
	uint32_t first = LINE(WHEN_MIN, WHEN_MAX, WHEN_MIN, WHEN_MAX, 0);
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, VERDICT_FAIL);
	assert_int_equal(world_count(v, "commit-in-future", world_commit_hex(w, first + 1)), 1);
}

/* Facts that no hash allows must not hang either. */
static void
ring_of_parents(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0, T0);
	w->parents[w->parents_used] = first + 2;
	w->commits[first].parents = &w->parents[w->parents_used];
	w->commits[first].parent_count = 1;
	w->roster_keys[ann].retired = T0 + 1;
	assert_int_equal(world_number(judge(), "commits judged"), 3);
}

static void
exempt_commits(void **state)
{
	(void)state;
	uint32_t first = LINE(T0 + 9 * DAY, T0, WORLD_DAY + 99 * DAY, T0 + DAY, T0 + 2 * DAY);
	world_cut_over(w, world_commit_hex(w, first + 2));
	expect_none();
	/* The first one after still is held against what is exempt, as far as that can be right. */
	w->commits[first + 2].time = T0 + 20 * DAY;
	w->commits[first + 4].time = T0 + 40 * DAY;
	expect_only("commit-backdated", first + 3);
}

static void
malformed_commits_have_no_time(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + DAY);
	w->commits[first].malformed = true;
	w->commits[first].why = "bad time";
	w->commits[first].time = T0 + 9 * DAY;
	expect_only("malformed-object", first);
	assert_int_equal(judge()->verdict, VERDICT_UNKNOWN);
}

static void
malformed_commits_hide_nothing(void **state)
{
	(void)state;
	uint32_t first = LINE(T0 + 9 * DAY, T0, T0 + 10 * DAY);
	w->commits[first + 2].malformed = true;
	w->commits[first + 2].why = "bad time";
	assert_int_equal(judge()->verdict, VERDICT_FAIL);
	assert_int_equal(world_count(judge(), "commit-backdated", world_commit_hex(w, first + 1)), 1);
}

/* ---- who ---- */

static void
signer_is_the_committer(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + 1, T0 + 2);
	w->commits[first + 1].email = assay_span_str("ANN@Example.ORG");
	expect_none();
	w->commits[first + 1].email = assay_span_str("ben@example.org");
	expect_only("committer-mismatch", first + 1);
	assert_non_null(strstr(judge()->findings[0].message, "'ben'"));
	w->commits[first + 1].email = assay_span_str("ann@example.or");
	expect_only("committer-mismatch", first + 1);
	assert_non_null(strstr(judge()->findings[0].message, "nobody"));
	w->commits[first + 1].email = (struct assay_span){ NULL, 0 };
	expect_only("committer-mismatch", first + 1);
}

static void
others_are_not_compared(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, forge, END);
	uint32_t b = world_commit(w, T0, stranger, a, END);
	uint32_t c = world_commit(w, T0, UNSIGNED, b, END);
	w->commits[a].email = w->commits[b].email = w->commits[c].email = assay_span_str("x@y");
	main_is(c);
	expect_none();
	/* Outside its window a key still says who it was. */
	uint32_t d = world_commit(w, T0, ben, c, END);
	w->commits[d].email = assay_span_str("ann@example.org");
	w->roster_keys[ben].until = T0;
	main_is(d);
	expect_only("committer-mismatch", d);
}

static void
without_a_roster(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + DAY);
	w->input.roster = NULL;
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "no-roster", NULL), 1);
	w->commits[first + 1].time = T0 - DAY;
	assert_int_equal(judge()->verdict, VERDICT_FAIL);
}

/* ---- tags ---- */

static void
tags_and_what_they_name(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, T0 + DAY);
	uint32_t tag = world_tag(w, "v1", T0 + DAY - SKEW, ann, first + 1);
	const char *hex = world_tag_hex(w, tag);
	world_tag_ref(w, "refs/tags/v1", tag);
	expect_none();
	w->tags[tag].time--;
	assert_int_equal(world_count(judge(), "tag-backdated", hex), 1);
	w->tags[tag].time = WORLD_DAY + DAY + SKEW;
	expect_none();
	w->tags[tag].time++;
	assert_int_equal(world_count(judge(), "tag-in-future", hex), 1);
	w->tags[tag].time = T0 + DAY;
	w->tags[tag].email = assay_span_str("ben@example.org");
	assert_int_equal(world_count(judge(), "tagger-mismatch", hex), 1);
	w->tags[tag].email = assay_span_str("ann@example.org");
	/* A tag of a tag is held against that tag. */
	uint32_t outer = world_tag(w, "v1-outer", T0 + DAY - SKEW - 1, ann, HISTORY_NONE);
	w->tags[outer].target_type = GIT_TAG;
	w->tags[outer].target_index = tag;
	world_tag_ref(w, "refs/tags/v1-outer", outer);
	assert_int_equal(world_count(judge(), "tag-backdated", world_tag_hex(w, outer)), 1);
	world_cut_over(w, world_tag_hex(w, outer));
	expect_none();
	/* A tag without a tagger has no time to compare. */
	w->tags[tag].has_tagger = false;
	w->tags[tag].time = 0;
	expect_none();
}

static void
tag_on_a_commit_that_ran_ahead(void **state)
{
	(void)state;
	uint32_t first = LINE(T0, WORLD_DAY + 99 * DAY);
	uint32_t tag = world_tag(w, "v1", T0 + DAY, ann, first + 1);
	world_tag_ref(w, "refs/tags/v1", tag);
	expect_only("commit-in-future", first + 1);
}

static void
long_history(void **state)
{
	(void)state;
	uint32_t last = world_commit(w, T0, ann, END);
	for (int i = 1; i < 4000; i++)
		last = i % 3 == 2 ? world_commit(w, T0 + i, ben, last, last - 1, END)
				  : world_commit(w, T0 + i, ann, last, END);
	w->roster_keys[ben].retired = T0 + 4000;
	main_is(last);
	expect_none();
	assert_int_equal(world_number(judge(), "commits judged"), 4000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(order_within_skew, setup, teardown),
		cmocka_unit_test_setup_teardown(one_second_beyond_skew, setup, teardown),
		cmocka_unit_test_setup_teardown(backdated_in_small_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(small_steps_past_the_future, setup, teardown),
		cmocka_unit_test_setup_teardown(backdated_tip, setup, teardown),
		cmocka_unit_test_setup_teardown(backdated_in_the_middle, setup, teardown),
		cmocka_unit_test_setup_teardown(backdated_beyond_everything, setup, teardown),
		cmocka_unit_test_setup_teardown(several_backdated, setup, teardown),
		cmocka_unit_test_setup_teardown(any_parent_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(future_commit_is_one_finding, setup, teardown),
		cmocka_unit_test_setup_teardown(future_commit_hides_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(futures_in_a_row, setup, teardown),
		cmocka_unit_test_setup_teardown(the_day_itself_is_past, setup, teardown),
		cmocka_unit_test_setup_teardown(clock_that_ran_ahead, setup, teardown),
		cmocka_unit_test_setup_teardown(clock_that_ran_ahead_at_a_fork, setup, teardown),
		cmocka_unit_test_setup_teardown(root_that_ran_ahead, setup, teardown),
		cmocka_unit_test_setup_teardown(extreme_times, setup, teardown),
		cmocka_unit_test_setup_teardown(ring_of_parents, setup, teardown),
		cmocka_unit_test_setup_teardown(exempt_commits, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed_commits_have_no_time, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed_commits_hide_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(signer_is_the_committer, setup, teardown),
		cmocka_unit_test_setup_teardown(others_are_not_compared, setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_roster, setup, teardown),
		cmocka_unit_test_setup_teardown(tags_and_what_they_name, setup, teardown),
		cmocka_unit_test_setup_teardown(tag_on_a_commit_that_ran_ahead, setup, teardown),
		cmocka_unit_test_setup_teardown(long_history, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
