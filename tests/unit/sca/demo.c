/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <base/cleanup.h>
#include <sca/demo.h>

#define ARENA (16u << 20)

static const uint32_t faults[] = { 7 };
static const struct sca_snippet items[] = {
	{ .name = "cert-c/ARR30-C/bad-loop.c", .standard = "cert-c", .rule = "ARR30-C", .bad = true, .faults = faults, .fault_count = 1 },
	{ .name = "cert-c/ARR30-C/good-loop.c", .standard = "cert-c", .rule = "ARR30-C" },
	{ .name = "cert-c/STR31-C/bad-copy.c", .standard = "cert-c", .rule = "STR31-C", .bad = true, .faults = faults, .fault_count = 1 },
};
static const struct sca_snippets snippets = { items, 3 };
static const struct plan_check checks[] = {
	{ .text = "gcc/-Warray-bounds", .engine = "gcc", .name = "-Warray-bounds" },
	{ .text = "cppcheck/arrayIndexOutOfBounds", .engine = "cppcheck", .name = "arrayIndexOutOfBounds" },
};
static const struct plan_row row = { .rule = "ARR30-C", .checks = checks, .check_count = 2 };
static const struct plan_standard standard = { .id = "cert-c", .rows = &row, .count = 1 };
static const char *const both[] = { "cert-c/ARR30-C/bad-loop.c", "cert-c/ARR30-C/good-loop.c" };

static struct sca_demo
show(struct arena *a, const struct sca_report *gcc, size_t gcc_count, size_t gcc_ran, const struct sca_report *cppcheck,
    size_t cppcheck_count)
{
	const struct sca_shown_by by[] = { { "gcc", gcc, gcc_count, both, gcc_ran }, { "cppcheck", cppcheck, cppcheck_count, both, 2 } };
	struct sca_demo d;
	assert_int_equal(sca_demonstrate(&standard, &row, &snippets, by, 2, a, &d, NULL), ASSAY_OK);
	return d;
}

static const struct sca_report caught = { .check = "-Warray-bounds", .path = "cert-c/ARR30-C/bad-loop.c", .line = 7 };

static void
a_rule_is_enforced(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	struct sca_demo d = show(a, &caught, 1, 2, NULL, 0);
	assert_true(d.enforced);
	assert_int_equal(d.count, 2);
	assert_int_equal(d.caught, 1);
	assert_string_equal(d.shown[0].check, "gcc/-Warray-bounds");
	/* The other check has shown nothing of its own. */
	assert_false(d.idle[0]);
	assert_true(d.idle[1]);
}

static void
near_things_enforce_nothing(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	/* Nothing said; at another line; by another check; about another snippet; only a complaint that it can't be read; suppressed. */
	assert_false(show(a, NULL, 0, 2, NULL, 0).enforced);
	const struct sca_report near[] = {
		{ .check = "-Warray-bounds", .path = "cert-c/ARR30-C/bad-loop.c", .line = 8 },
		{ .check = "-Wunused", .path = "cert-c/ARR30-C/bad-loop.c", .line = 7 },
		{ .check = "-Warray-bounds", .path = "cert-c/STR31-C/bad-copy.c", .line = 7 },
		{ .check = "-Warray-bounds", .path = "cert-c/ARR30-C/bad-loop.c", .line = 7, .is_broken = true },
		{ .check = "-Warray-bounds", .path = "cert-c/ARR30-C/bad-loop.c", .line = 7, .suppressed = true },
		{ .check = "-Warray-bounds", .path = "cert-c/ARR30-C/bad-loop.c", .line = 7, .outside = true },
	};
	for (size_t i = 0; i < sizeof near / sizeof near[0]; i++)
		assert_int_equal(show(a, &near[i], 1, 2, NULL, 0).caught, 0);
	assert_int_equal(show(a, &near[0], 1, 2, NULL, 0).shown[0].state, SCA_SHOWN_ELSEWHERE);
}

static void
silence_of_what_did_not_run_is_nothing(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	/* gcc stopped before the good one. */
	struct sca_demo d = show(a, &caught, 1, 1, NULL, 0);
	assert_false(d.enforced);
	assert_int_equal(d.not_run, 1);
	assert_int_equal(d.shown[1].state, SCA_SHOWN_NOT_RUN);
}

static void
good_ones_are_left_alone(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	const struct sca_report flag = { .check = "arrayIndexOutOfBounds", .path = "cert-c/ARR30-C/good-loop.c", .line = 3 };
	struct sca_demo d = show(a, &caught, 1, 2, &flag, 1);
	assert_false(d.enforced);
	assert_int_equal(d.flagged, 1);
	assert_string_equal(d.shown[1].check, "cppcheck/arrayIndexOutOfBounds");
}

static void
agreement_counts_engines(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	const struct sca_report other = { .check = "arrayIndexOutOfBounds", .path = "cert-c/ARR30-C/bad-loop.c", .line = 7 };
	const struct sca_report twice[] = { caught, caught };
	struct sca_demo d = show(a, twice, 2, 2, &other, 1);
	assert_int_equal(d.shown[0].agree, 2);
	assert_true(d.enforced);
}

static void
without_snippets_nothing_is_enforced(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	const struct plan_row none = { .rule = "EXP34-C", .checks = checks, .check_count = 2 };
	struct sca_demo d;
	assert_int_equal(sca_demonstrate(&standard, &none, &snippets, NULL, 0, a, &d, NULL), ASSAY_OK);
	assert_false(d.enforced);
	/* A bad one without a good twin is half a demonstration. */
	const struct plan_row half = { .rule = "STR31-C", .checks = checks, .check_count = 1 };
	const struct sca_report hit = { .check = "-Warray-bounds", .path = "cert-c/STR31-C/bad-copy.c", .line = 7 };
	const struct sca_shown_by by = { "gcc", &hit, 1, &items[2].name, 1 };
	assert_int_equal(sca_demonstrate(&standard, &half, &snippets, &by, 1, a, &d, NULL), ASSAY_OK);
	assert_int_equal(d.caught, 1);
	assert_false(d.enforced);
}

static void
those_built_in_are_whole(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	const struct sca_snippets *all = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	assert_int_equal(sca_snippets_load(NULL, a, &all, NULL), ASSAY_OK);
	for (size_t i = 0; i < all->count; i++) {
		size_t count = 0;
		const struct sca_snippet *first = sca_snippets_of(all, all->items[i].standard, all->items[i].rule, &count);
		assert_true(first <= &all->items[i] && &all->items[i] < first + count);
		assert_ptr_equal(sca_snippet_find(all, all->items[i].name), &all->items[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_is_enforced),
		cmocka_unit_test(near_things_enforce_nothing),
		cmocka_unit_test(silence_of_what_did_not_run_is_nothing),
		cmocka_unit_test(good_ones_are_left_alone),
		cmocka_unit_test(agreement_counts_engines),
		cmocka_unit_test(without_snippets_nothing_is_enforced),
		cmocka_unit_test(those_built_in_are_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
