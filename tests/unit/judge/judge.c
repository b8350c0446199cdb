/* SPDX-License-Identifier: Apache-2.0 */
/* The engine: what is required, what evidence allows, clauses, exit status. */
#include "world.h"

#include <evidence/states.h>
#include <evidence/tree.h>

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct world *w;

static int
setup(void **state)
{
	(void)state;
	w = world_new();
	w->clone.commits = 5;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world_free(w);
	return 0;
}

static const struct verdicts *
judge(void)
{
	(void)world_judge(w, "repo.trusted-clone");
	return w->verdicts;
}

static const struct control_verdict *
the_clone(void)
{
	return world_judge(w, "repo.trusted-clone");
}

static void
expect_clone(enum verdict verdict, const char *words)
{
	const struct control_verdict *v = the_clone();
	assert_int_equal(v->verdict, verdict);
	assert_non_null(v->reason);
	if (strstr(v->reason, words) == NULL)
		print_message("# %.200s\n", v->reason);
	assert_non_null(strstr(v->reason, words));
}

static void
controls_without_a_judge(void **state)
{
	(void)state;
	const struct control_verdict *v = world_judge(w, "repo.moonlit");
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_string_equal(v->reason, "not judged by this version");
	assert_non_null(v->next);
	assert_false(v->judged);
	assert_true(the_clone()->judged);
}

static void
every_control_in_its_order(void **state)
{
	(void)state;
	const struct verdicts *all = judge();
	assert_int_equal(all->control_count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_ptr_equal(all->controls[i].control, &w->controls[i]);
	assert_int_equal(all->clause_count, 2);
	assert_string_equal(all->subject, "test");
	assert_int_equal(all->date, WORLD_DAY);
}

static void
evidence_that_is_missing(void **state)
{
	(void)state;
	w->set.count = 1;
	expect_clone(VERDICT_UNKNOWN, "no evidence of kind 'git-clone'");
	w->set.count = 2;
	w->items[1].facts = NULL;
	w->items[1].completeness = EVIDENCE_UNREADABLE;
	w->items[1].why = "permission denied";
	expect_clone(VERDICT_UNKNOWN, "permission denied");
	assert_int_equal(the_clone()->evidence_count, 1);
}

static void
evidence_that_saw_a_part(void **state)
{
	(void)state;
	static const struct clone_item item = { "a", "b", NULL, 0 };
	w->items[1].completeness = EVIDENCE_PARTIAL;
	w->items[1].why = "time ran out";
	expect_clone(VERDICT_UNKNOWN, "time ran out");
	w->clone.altered = (struct clone_list){ &item, 1, 1 };
	expect_clone(VERDICT_FAIL, "1 gap");
}

static void
least_grade(void **state)
{
	(void)state;
	w->controls[2].least.source = GRADE_ATTESTED;
	expect_clone(VERDICT_UNKNOWN, "at least attested");
	w->controls[2].least.source = GRADE_ASSERTED;
	w->controls[2].least.depth = GRADE_DEMONSTRATED;
	expect_clone(VERDICT_UNKNOWN, "demonstrated");
	w->controls[2].least.depth = GRADE_CONFIGURED;
	expect_clone(VERDICT_PASS, "");
}

static void
a_day_in_the_past(void **state)
{
	(void)state;
	static const struct clone_item item = { "a", "b", NULL, 0 };
	w->input.date_given = true;
	expect_clone(VERDICT_UNKNOWN, "day in the past");
	w->clone.altered = (struct clone_list){ &item, 1, 1 };
	expect_clone(VERDICT_FAIL, "1 gap");
}

static void
no_policy_and_no_roster(void **state)
{
	(void)state;
	w->input.policy = NULL;
	w->input.roster = NULL;
	expect_clone(VERDICT_PASS, "");
	assert_int_equal(world_judge(w, "repo.signed")->verdict, VERDICT_UNKNOWN);
}

/* ---- what is required ---- */

static size_t
required(const char *const *names, size_t count)
{
	struct assay_error err = { 0 };
	const struct verdicts *all = NULL;
	w->input.require = names;
	w->input.require_count = count;
	assert_int_equal(judge_all(&w->input, w->arena, &all, &err), ASSAY_OK);
	return all->control_count;
}

static void
requirements(void **state)
{
	(void)state;
	static const char *const one[] = { "repo.trusted-clone" };
	static const char *const clause[] = { "5.1.2" };
	static const char *const family[] = { "repo." };
	static const char *const star[] = { "seal.*", "repo.signed" };
	assert_int_equal(required(one, 1), 1);
	assert_int_equal(required(clause, 1), 4);
	assert_int_equal(required(family, 1), 4);
	assert_int_equal(required(star, 2), 2);
	assert_int_equal(required(NULL, 0), 5);
}

static void
required_verdicts_alone_count(void **state)
{
	(void)state;
	static const char *const one[] = { "repo.trusted-clone" };
	w->input.require = one;
	w->input.require_count = 1;
	const struct verdicts *all = judge();
	assert_int_equal(all->clause_count, 1);
	assert_int_equal(all->required_count, 1);
	assert_string_equal(all->required[0], "repo.trusted-clone");
	assert_int_equal(all->not_asked, w->catalog.control_count - 1);
	assert_int_equal(verdicts_exit(all), 0);
	assert_string_equal(all->clauses[0].headline,
	    "1 of 4 controls were asked for: no gap found in 1 control (0 recomputed, 0 attested, 1 on the maker's word; 0 exceptions); "
	    "0 unknown");
}

static void
unknown_requirements(void **state)
{
	(void)state;
	static const char *const bad[] = { "repo.sined", "", ".", "*", "repo", "moon.*", "5.1" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		const struct verdicts *all = NULL;
		w->input.require = &bad[i];
		w->input.require_count = 1;
		assert_int_equal(judge_all(&w->input, w->arena, &all, &err), ASSAY_E_USAGE);
		assert_null(all);
		assert_true(err.todo[0] != '\0');
		if (i == 0)
			assert_non_null(strstr(err.todo, "repo.signed"));
	}
}

static void
needs(void **state)
{
	(void)state;
	static const char *const one[] = { "repo.trusted-clone" };
	static const char *const other[] = { "seal.tight" };
	const char *kinds[4];
	/* Exceptions lie in the tree, whatever is asked for. */
	assert_int_equal(judge_needs(&w->input, kinds, 4), 4);
	assert_string_equal(kinds[0], TREE_KIND);
	assert_string_equal(kinds[1], HISTORY_KIND);
	assert_string_equal(kinds[2], STATES_KIND);
	assert_string_equal(kinds[3], CLONE_KIND);
	assert_int_equal(judge_needs(&w->input, kinds, 1), 1);
	w->input.require = one;
	w->input.require_count = 1;
	assert_int_equal(judge_needs(&w->input, kinds, 4), 2);
	assert_string_equal(kinds[1], CLONE_KIND);
	w->input.require = other;
	assert_int_equal(judge_needs(&w->input, kinds, 4), 1);
}

/* ---- clauses and exit ---- */

static void
verdicts_take_precedence(void **state)
{
	(void)state;
	static const enum verdict order[] = { VERDICT_NOT_APPLICABLE, VERDICT_PASS, VERDICT_DEVIATED,
		VERDICT_STALE, VERDICT_UNKNOWN, VERDICT_FAIL };
	static const int exits[] = { 0, 0, 0, 3, 3, 1 };
	struct control_verdict two[2] = { { .control = &w->controls[0], .judged = true },
		{ .control = &w->controls[1], .judged = true } };
	struct verdicts all = { .controls = two, .control_count = 2 };
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		for (size_t k = 0; k < VERDICT_COUNT; k++) {
			struct clause_verdict c = { .clause = w->controls[0].clause };
			size_t most = i > k ? i : k;
			two[0].verdict = order[i];
			two[1].verdict = order[k];
			assert_int_equal(verdict_headline(&all, w->arena, &c, NULL), ASSAY_OK);
			assert_int_equal(c.verdict, order[most]);
			assert_int_equal(verdicts_exit(&all), exits[most]);
			assert_null(strstr(c.headline, "complian"));
		}
	}
	all.control_count = 0;
	assert_int_equal(verdicts_exit(&all), 3);
}

static const char *
headline(enum verdict a, enum verdict b, enum grade_source source)
{
	struct control_verdict two[2] = { { .control = &w->controls[0], .verdict = a },
		{ .control = &w->controls[1], .verdict = b } };
	struct verdicts all = { .controls = two, .control_count = 2 };
	struct clause_verdict c = { .clause = w->controls[0].clause };
	two[0].grade.source = two[1].grade.source = source;
	assert_int_equal(verdict_headline(&all, w->arena, &c, NULL), ASSAY_OK);
	return c.headline;
}

static void
headlines(void **state)
{
	(void)state;
	assert_string_equal(headline(VERDICT_FAIL, VERDICT_UNKNOWN, GRADE_RECOMPUTED),
	    "gaps in 1 of 2 controls (repo.signed); 1 unknown");
	assert_string_equal(headline(VERDICT_FAIL, VERDICT_FAIL, GRADE_RECOMPUTED),
	    "gaps in 2 of 2 controls (repo.signed, repo.honest-time); 0 unknown");
	assert_string_equal(headline(VERDICT_PASS, VERDICT_DEVIATED, GRADE_RECOMPUTED),
	    "no gap found in 2 controls (1 recomputed, 0 attested, 0 on the maker's word; 1 exception); "
	    "0 unknown");
	assert_string_equal(headline(VERDICT_PASS, VERDICT_STALE, GRADE_ATTESTED),
	    "no gap found in 1 control (0 recomputed, 1 attested, 0 on the maker's word; 0 exceptions); "
	    "0 unknown; 1 stale");
}

/* Of the clause's three controls one alone was asked for. */
static void
clause_in_part(void **state)
{
	(void)state;
	static const char *one[] = { "repo.trusted-clone" };
	w->input.require = one;
	w->input.require_count = 1;
	assert_int_equal(world_judge(w, "repo.trusted-clone")->verdict, VERDICT_PASS);
	const struct clause_verdict *c = &w->verdicts->clauses[0];
	assert_int_equal(c->verdict, VERDICT_UNKNOWN);
	assert_int_equal(c->not_asked, w->catalog.control_count - 2);
	assert_non_null(strstr(c->headline, "1 of "));
	assert_non_null(strstr(c->headline, " controls were asked for: no gap found in 1 control"));
	assert_int_equal(verdicts_exit(w->verdicts), 0);
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(verdict_name(VERDICT_NOT_APPLICABLE), "not-applicable");
	assert_string_equal(verdict_name(VERDICT_FAIL), "fail");
	assert_string_equal(verdict_name((enum verdict)99), "fail");
}

/* Lengths stand before the fields: moving a letter from one to the next gives another finding. */
static void
fingerprints_keep_fields_apart(void **state)
{
	(void)state;
	struct judge_context c = { .input = &w->input, .arena = w->arena };
	struct control_verdict v = { .control = &w->controls[0] };
	assert_int_equal(judge_find(&c, &v, true, "ab", "c", NULL, NULL, "x"), ASSAY_OK);
	assert_int_equal(judge_find(&c, &v, true, "a", "bc", NULL, NULL, "x"), ASSAY_OK);
	assert_int_equal(judge_find(&c, &v, true, "a", "b", "c", NULL, "x"), ASSAY_OK);
	assert_int_equal(judge_find(&c, &v, false, "a", "b", "c", NULL, "y"), ASSAY_OK);
	assert_string_not_equal(v.findings[0].fingerprint, v.findings[1].fingerprint);
	assert_string_not_equal(v.findings[1].fingerprint, v.findings[2].fingerprint);
	assert_string_equal(v.findings[2].fingerprint, v.findings[3].fingerprint);
	v.control = &w->controls[1];
	assert_int_equal(judge_find(&c, &v, true, "ab", "c", NULL, NULL, "x"), ASSAY_OK);
	assert_string_not_equal(v.findings[0].fingerprint, v.findings[4].fingerprint);
}

static void
findings_are_capped_and_counted(void **state)
{
	(void)state;
	struct judge_context c = { .input = &w->input, .arena = w->arena };
	struct control_verdict v = { .control = &w->controls[0] };
	static char ids[60][8];
	for (size_t i = 0; i < 60; i++) {
		(void)snprintf(ids[i], sizeof ids[i], "k%zu", i);
		for (int n = 0; n < 300; n++)
			assert_int_equal(judge_find(&c, &v, i % 2 == 0, ids[i], "o", NULL, NULL, "x"),
			    ASSAY_OK);
	}
	assert_int_equal(v.finding_total, 60 * 300);
	assert_int_equal(v.gap_total, 30 * 300);
	assert_int_equal(v.finding_count, FINDINGS_MAX);
	assert_true(v.kind_count <= FINDING_KINDS_MAX);
	size_t sum = 0;
	for (size_t i = 0; i < v.kind_count; i++)
		sum += v.kinds[i].total;
	assert_int_equal(sum, 60 * 300);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(controls_without_a_judge, setup, teardown),
		cmocka_unit_test_setup_teardown(every_control_in_its_order, setup, teardown),
		cmocka_unit_test_setup_teardown(evidence_that_is_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(evidence_that_saw_a_part, setup, teardown),
		cmocka_unit_test_setup_teardown(least_grade, setup, teardown),
		cmocka_unit_test_setup_teardown(a_day_in_the_past, setup, teardown),
		cmocka_unit_test_setup_teardown(no_policy_and_no_roster, setup, teardown),
		cmocka_unit_test_setup_teardown(requirements, setup, teardown),
		cmocka_unit_test_setup_teardown(required_verdicts_alone_count, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_requirements, setup, teardown),
		cmocka_unit_test_setup_teardown(needs, setup, teardown),
		cmocka_unit_test_setup_teardown(verdicts_take_precedence, setup, teardown),
		cmocka_unit_test_setup_teardown(headlines, setup, teardown),
		cmocka_unit_test_setup_teardown(clause_in_part, setup, teardown),
		cmocka_unit_test_setup_teardown(names, setup, teardown),
		cmocka_unit_test_setup_teardown(fingerprints_keep_fields_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(findings_are_capped_and_counted, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
