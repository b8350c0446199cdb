/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <base/cleanup.h>
#include <sca/options.h>
#include <sca/plan.h>
#include <sca/report.h>

#define ARENA (4u << 20)

static struct sca_options
derive(struct arena *a, const char *engine, const char *const *checks, size_t n)
{
	struct sca_options o;
	struct assay_error err;
	assert_int_equal(sca_options_derive(engine, SCA_EFFORT_FULL, checks, n, a, &o, &err), ASSAY_OK);
	return o;
}

static void
same_set_same_arguments(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	const char *const one[] = { "gcc/-Wformat=2", "clang/unix.Malloc", "gcc/-Wanalyzer-double-free", "clang/-Wformat" };
	const char *const two[] = { "clang/-Wformat", "gcc/-Wanalyzer-double-free", "gcc/-Wformat=2", "gcc/-Wformat=2",
		"clang/unix.Malloc" };
	struct sca_options x = derive(a, "gcc", one, 4), y = derive(a, "gcc", two, 5);
	assert_string_equal(x.digest, y.digest);
	assert_int_equal(x.check_count, 2);
	assert_int_equal(x.pass_count, 2);
	assert_string_equal(x.passes[0].name, "gcc-warnings");
	assert_string_equal(x.passes[0].args[x.passes[0].count - 1], "-Wformat=2");
	assert_string_equal(x.passes[1].args[x.passes[1].count - 1], "-Wanalyzer-double-free");
	struct sca_options z = derive(a, "gcc", one, 1);
	assert_string_not_equal(x.digest, z.digest);
	struct sca_options c = derive(a, "clang", one, 4);
	assert_int_equal(c.pass_count, 2);
	assert_string_equal(c.passes[1].args[c.passes[1].count - 1], "-analyzer-checker=unix.Malloc");
}

static void
no_checks_no_passes(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	const char *const one[] = { "gcc/-Wformat=2" };
	for (const char *const *e = plan_engines; *e != NULL; e++)
		assert_int_equal(derive(a, *e, one, 1).pass_count, strcmp(*e, "gcc") == 0 ? 1 : 0);
}

/* A check's name comes from the maker's plan, and goes onto a command line. */
static void
names_are_no_more_than_names(void **state)
{
	(void)state;
	CLEANUP(arena_free) struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	static const char *const bad[] = { "gcc/-Wp,-fplugin=x.so", "gcc/-Wl,x", "gcc/-fplugin=x.so", "gcc/@file", "gcc/",
		"/-Wall", "gcc", "clang-tidy/-*,bugprone-x", "clang-tidy/a,b", "clang/a b", "clang/-", "gcc/-W", "gcc/-Wno-format",
		"gcc/-Werror", "gcc/-Werror=format", "clang/../x", "clang/a/b", "clang/a\nb", "gcc/-Wall\"", "gcc/--help" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct sca_options o;
		struct assay_error err;
		assert_int_equal(sca_options_derive("gcc", SCA_EFFORT_FULL, &bad[i], 1, a, &o, &err), ASSAY_E_FORMAT);
	}
	struct sca_options o;
	const char *const fine[] = { "gcc/-Wall" };
	assert_int_equal(sca_options_derive("lint", SCA_EFFORT_FULL, fine, 1, a, &o, NULL), ASSAY_E_UNSUPPORTED);
}

static void
reported_names_are_the_planned_ones(void **state)
{
	(void)state;
	assert_true(sca_check_is("-Wformat=2", "-Wformat="));
	assert_true(sca_check_is("-Wformat", "-Wformat="));
	assert_true(sca_check_is("unix.Malloc", "unix.Malloc"));
	assert_false(sca_check_is("-Wformat", "-Wformat-security"));
	assert_false(sca_check_is("-Wformat-security", "-Wformat="));
	assert_false(sca_check_is("", ""));
}

/* What was shown to work is what is used: the snippets go through the same options. */
static void
brief_effort_has_options_of_its_own(void **state)
{
	(void)state;
	static const char *const checks[] = { "clang/-Wformat", "clang/unix.Malloc" };
	CLEANUP(arena_free) struct arena *a = NULL;
	struct sca_options brief;
	assert_int_equal(arena_new(ARENA, &a), ASSAY_OK);
	const struct sca_options full = derive(a, "clang", checks, 2);
	assert_int_equal(sca_options_derive("clang", SCA_EFFORT_BRIEF, checks, 2, a, &brief, NULL), ASSAY_OK);
	assert_int_equal(full.pass_count, 2);
	assert_int_equal(brief.pass_count, 2);
	assert_int_equal(brief.passes[0].count, full.passes[0].count);
	assert_int_equal(brief.passes[1].count, full.passes[1].count + 4);
	assert_string_equal(brief.passes[1].args[3], "max-nodes=25000");
	assert_string_equal(brief.passes[1].args[brief.passes[1].count - 1], "-analyzer-checker=unix.Malloc");
	assert_string_not_equal(brief.digest, full.digest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_set_same_arguments),
		cmocka_unit_test(no_checks_no_passes),
		cmocka_unit_test(names_are_no_more_than_names),
		cmocka_unit_test(reported_names_are_the_planned_ones),
		cmocka_unit_test(brief_effort_has_options_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
