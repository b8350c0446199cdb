/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/owners.h>

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#define UNIT_ARENA_MAX (256u << 20)
#include "../arena_static.h"

static struct owners_file
read_as(enum owners_dialect dialect, const char *text)
{
	struct assay_error err = { 0 };
	struct owners_file f;
	if (owners_parse(assay_span_str(text), dialect, arena, &f, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return f;
}

/* A pattern, a path, and whether GitHub and GitLab take one for the other. */
static const struct {
	const char *pattern, *path;
	bool github, gitlab;
} rows[] = {
	{ "*", "a", true, true },
	{ "*", "a/b/c", true, true },
	{ "*.js", "a.js", true, true },
	{ "*.js", "a/b.js", true, true },
	{ "*.js", "a.jsx", false, false },
	{ "/*.js", "a.js", true, true },
	{ "/*.js", "a/b.js", false, false },
	{ "/build/logs/", "build/logs/x", true, true },
	{ "/build/logs/", "build/logs/x/y", true, true },
	{ "/build/logs/", "build/logs", false, false },
	{ "/build/logs/", "a/build/logs/x", false, false },
	{ "docs/*", "docs/a.md", true, true },
	{ "docs/*", "docs/more/a.md", false, false },
	{ "docs/*", "x/docs/a.md", false, true },
	{ "apps/", "apps/x", true, true },
	{ "apps/", "a/apps/x", true, true },
	{ "apps/", "apps", false, false },
	{ "/apps", "apps", true, true },
	{ "/apps", "apps/x/y", true, false },
	{ "apps", "x/apps/y", true, false },
	{ "apps/github", "apps/github/x", true, false },
	{ "apps/github", "x/apps/github", false, true },
	{ "**/logs", "logs", true, true },
	{ "**/logs", "a/b/logs", true, true },
	{ "**/logs", "a/logs/b", true, false },
	{ "/a/**/z", "a/z", true, true },
	{ "/a/**/z", "a/b/c/z", true, true },
	{ "/a/**/z", "b/z", false, false },
	{ "/a/**", "a/b", true, true },
	{ "/a/**", "a/b/c", true, false },
	{ "/a/**", "a", false, false },
	{ "/a/?.c", "a/b.c", true, true },
	{ "/a/?.c", "a/bb.c", false, false },
	{ "/a/b*c*d", "a/bxcxcxd", true, true },
	{ "/a/b*c*d", "a/bxcx", false, false },
	{ "/with\\ blank", "with blank", true, true },
	{ "/a\\*", "a*", true, true },
	{ "/a\\*", "ab", false, false },
	{ ".github/", ".github/workflows/x.yml", true, true },
	{ "/.github/workflows/*.yml", ".github/workflows/x.yml", true, true },
	{ "/.github/workflows/*.yml", ".github/workflows/x.yaml", false, false },
};

static void
patterns(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char line[100];
		(void)snprintf(line, sizeof line, "%s @a\n", rows[i].pattern);
		for (int d = 0; d < 2; d++) {
			struct owners_file f = read_as((enum owners_dialect)d, line);
			const bool wanted = d == OWNERS_GITHUB ? rows[i].github : rows[i].gitlab;
			assert_int_equal(f.rule_count, 1);
			if ((owners_decides(&f, 0, rows[i].path) != NULL) != wanted)
				fail_msg("%s: '%s' and '%s'", owners_dialect_name(f.dialect), rows[i].pattern, rows[i].path);
		}
	}
}

static void
the_last_line_decides(void **state)
{
	(void)state;
	struct owners_file f = read_as(OWNERS_GITHUB, "# who\n* @all @org/team # and why\n\n/src/ a@example.org\n/src/free\n");
	assert_int_equal(f.rule_count, 3);
	assert_int_equal(f.problem_count, 0);
	assert_int_equal(owners_decides(&f, 0, "x")->line, 2);
	assert_int_equal(owners_decides(&f, 0, "x")->owners.count, 2);
	assert_string_equal(owners_decides(&f, 0, "x")->owners.items[1], "@org/team");
	assert_string_equal(owners_decides(&f, 0, "src/a/b")->owners.items[0], "a@example.org");
	assert_int_equal(owners_decides(&f, 0, "src/free")->owners.count, 0);
}

static void
lines_that_github_passes_over(void **state)
{
	(void)state;
	static const char *const lines[] = { "/a somebody", "!/a @b", "/a[bc] @b", "/ @b", "/a @b somebody", "/a @", "/a a@b",
		"/a***b @b", "/a//b @b" };
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct owners_file f = read_as(OWNERS_GITHUB, lines[i]);
		if (f.rule_count != 0 || f.problem_count != 1 || f.problems[0].unread)
			fail_msg("'%s'", lines[i]);
	}
}

static void
sections_of_gitlab(void **state)
{
	(void)state;
	struct owners_file f = read_as(OWNERS_GITLAB,
	    "* @first\n[Core][2] @core\n/src/\n/src/own.c @own\n^[Docs] @docs\n*.md\n[core]\n/lib/\n[Data]\n/data/\n!/data/free\n");
	assert_int_equal(f.section_count, 4);
	assert_string_equal(f.sections[1].name, "Core");
	assert_false(f.sections[1].optional);
	assert_true(f.sections[2].optional);
	assert_string_equal(owners_decides(&f, 0, "src/a.c")->owners.items[0], "@first");
	assert_string_equal(owners_decides(&f, 1, "src/a.c")->owners.items[0], "@core");
	assert_string_equal(owners_decides(&f, 1, "src/own.c")->owners.items[0], "@own");
	assert_string_equal(owners_decides(&f, 1, "lib/a.c")->owners.items[0], "@core");
	assert_null(owners_decides(&f, 1, "a.c"));
	assert_string_equal(owners_decides(&f, 2, "a.md")->owners.items[0], "@docs");
	assert_int_equal(owners_decides(&f, 3, "data/x")->owners.count, 0);
	assert_null(owners_decides(&f, 3, "data/free"));
	assert_int_equal(f.problem_count, 0);
}

static void
what_only_looks_like_a_section(void **state)
{
	(void)state;
	struct owners_file f = read_as(OWNERS_GITLAB, "[open\n[]\n[a]b @c\n/x[ab] @c\n");
	assert_int_equal(f.section_count, 1);
	assert_int_equal(f.rule_count, 0);
	assert_int_equal(f.problem_count, 4);
	assert_true(f.problems[3].unread);
}

static void
too_much(void **state)
{
	(void)state;
	char deep[200];
	memset(deep, 'a', sizeof deep);
	for (size_t i = 0; i < 150; i += 2)
		deep[i] = '/';
	(void)snprintf(deep + 150, 10, " @a\n");
	struct owners_file f = read_as(OWNERS_GITHUB, deep);
	assert_int_equal(f.rule_count, 0);
	assert_int_equal(f.problem_count, 1);
	struct assay_error err = { 0 };
	char *many = arena_alloc(arena, (OWNERS_RULES_MAX + 1) * 5 + 1);
	assert_non_null(many);
	for (size_t i = 0; i <= OWNERS_RULES_MAX; i++)
		memcpy(many + 5 * i, "a @b\n", 5);
	assert_int_equal(owners_parse(assay_span_str(many), OWNERS_GITHUB, arena, &f, &err), ASSAY_E_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(patterns, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_line_decides, setup, teardown),
		cmocka_unit_test_setup_teardown(lines_that_github_passes_over, setup, teardown),
		cmocka_unit_test_setup_teardown(sections_of_gitlab, setup, teardown),
		cmocka_unit_test_setup_teardown(what_only_looks_like_a_section, setup, teardown),
		cmocka_unit_test_setup_teardown(too_much, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
