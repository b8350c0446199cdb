/* SPDX-License-Identifier: Apache-2.0 */
/* repo.owned */
#include "shelf.h"

#include <policy/owners.h>

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct shelf *s;

static int
setup(void **state)
{
	(void)state;
	s = shelf_new();
	shelf_control(s, "repo.owned");
	shelf_person(s, "alice");
	shelf_person(s, "bob");
	shelf_file(s, ".github/workflows/build.yml", "on: push\n");
	shelf_file(s, "Makefile", "all:\n");
	shelf_file(s, "assay/policy.yaml", "assay-policy: 1\n");
	shelf_file(s, "src/main.c", "int main;\n");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	shelf_free(s);
	return 0;
}

static const struct control_verdict *
judge(const char *path, const char *text)
{
	shelf_file(s, path, text);
	return shelf_judge(s, "repo.owned");
}

static void
owned_and_not_known_to_be_enforced(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(".github/CODEOWNERS", "* @alice bob@example.com\n");
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(v->finding_total, 1);
	assert_int_equal(world_count(v, "owners-review-unseen", NULL), 1);
	/* Workflow, Makefile, policy, the owners file, and what may come in two folders. */
	assert_int_equal(world_number(v, "paths that must have an owner"), 6);
}

static void
no_file(void **state)
{
	(void)state;
	const struct control_verdict *v = judge("CODEOWNERS.md", "* @alice\n");
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "no-owners-file", NULL), 1);
}

static void
each_gap(void **state)
{
	(void)state;
	static const struct {
		const char *text, *id, *object;
		unsigned line;
	} cases[] = {
		{ "* @alice\n/.github/\n", "owner-unset", ".github/workflows/build.yml", 2 },
		{ "/.github/ @alice\n/assay/ @alice\n", "path-unowned", "Makefile", 0 },
		{ "* @alice\n/assay/policy.yaml @alice\n* eve@example.com\n", "owner-not-on-roster", "eve@example.com", 3 },
		{ "* @alice\n/Makefile bob\n", "owners-line-invalid", NULL, 2 },
		{ "/.github/workflows/build.yml @alice\n/.github/CODEOWNERS @alice\n/assay/ @alice\n/Makefile @alice\n",
		    "path-unowned", ".github/workflows/any-new-workflow.yml", 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct control_verdict *v = judge(".github/CODEOWNERS", cases[i].text);
		if (v->verdict != VERDICT_FAIL || world_count(v, cases[i].id, cases[i].object) == 0)
			fail_msg("case %zu: %s", i, v->reason);
		for (size_t k = 0; k < v->finding_count; k++) {
			if (strcmp(v->findings[k].id, cases[i].id) == 0 && cases[i].line > 0)
				assert_int_equal(v->findings[k].line, cases[i].line);
		}
	}
}

static void
questions(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(".github/CODEOWNERS", "* @org/team @stranger\n");
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "owner-is-a-group", "@org/team"), 1);
	assert_int_equal(world_count(v, "owner-unresolved", "@stranger"), 1);
	static const char *paths[] = { "src/crypto/**" };
	s->w->policy.owned_paths = (struct yaml_strings){ paths, 1 };
	v = judge(".github/CODEOWNERS", "* @alice\n");
	assert_int_equal(world_count(v, "owned-path-not-there", NULL), 1);
	shelf_file(s, ".github/CODEOWNERS", "* @alice\n");
	for (size_t i = 0; i < s->tree.sources.count; i++) {
		if (strcmp(s->files[i].path, ".github/CODEOWNERS") == 0)
			s->files[i].mode = 0120000;
	}
	assert_int_equal(world_count(shelf_judge(s, "repo.owned"), "owners-unread", NULL), 1);
}

static void
the_first_place_shadows_the_others(void **state)
{
	(void)state;
	shelf_file(s, "CODEOWNERS", "* @alice\n");
	assert_int_equal(judge("docs/CODEOWNERS", "# nothing\n")->gap_total, 0);
	assert_int_not_equal(judge(".github/CODEOWNERS", "# nothing\n")->gap_total, 0);
}

static void
gitlab_reads_its_own(void **state)
{
	(void)state;
	shelf_file(s, ".github/workflows/build.yml", NULL);
	shelf_file(s, ".gitlab-ci.yml", "a: {script: b}\n");
	const struct control_verdict *v = judge(".gitlab/CODEOWNERS", "[All] @alice\n*\n");
	assert_int_equal(v->gap_total, 0);
	v = judge(".gitlab/CODEOWNERS", "^[All] @alice\n*\n");
	assert_int_equal(world_count(v, "owner-optional", ".gitlab-ci.yml"), 1);
	v = judge(".gitlab/CODEOWNERS", "[All] @alice\n*\n/x[ab] @alice\n");
	assert_int_equal(world_count(v, "owners-line-unread", NULL), 1);
	/* With both forges in use both must be owned; GitHub knows no section. */
	s->w->policy.owner_forges = 3;
	v = judge("CODEOWNERS", "[All] @alice\n*\n");
	assert_int_not_equal(world_count(v, "owner-unset", NULL), 0);
}

static void
github_passes_over_what_is_too_large(void **state)
{
	(void)state;
	char *text = arena_alloc(s->w->arena, OWNERS_GITHUB_SIZE_MAX + 100);
	assert_non_null(text);
	memset(text, '#', OWNERS_GITHUB_SIZE_MAX + 1);
	const struct control_verdict *v = judge(".github/CODEOWNERS", text);
	assert_int_equal(v->verdict, VERDICT_FAIL);
	assert_int_equal(world_count(v, "owners-file-ignored", NULL), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(owned_and_not_known_to_be_enforced, setup, teardown),
		cmocka_unit_test_setup_teardown(no_file, setup, teardown),
		cmocka_unit_test_setup_teardown(each_gap, setup, teardown),
		cmocka_unit_test_setup_teardown(questions, setup, teardown),
		cmocka_unit_test_setup_teardown(the_first_place_shadows_the_others, setup, teardown),
		cmocka_unit_test_setup_teardown(gitlab_reads_its_own, setup, teardown),
		cmocka_unit_test_setup_teardown(github_passes_over_what_is_too_large, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
