/* SPDX-License-Identifier: Apache-2.0 */
/* change.traced */
#include "shelf.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MAY ((int64_t)1682899200) /* 2023-05-01 */

static struct shelf *s;
static uint32_t alice, root;

static uint32_t
commit(const char *message, uint32_t first, uint32_t second)
{
	uint32_t at = world_commit(s->w, MAY, alice, first, second, HISTORY_NONE);
	s->w->commits[at].message = assay_span_str(message);
	return at;
}

static int
setup(void **state)
{
	(void)state;
	s = shelf_new();
	shelf_control(s, "change.traced");
	alice = shelf_person(s, "alice");
	root = world_commit(s->w, MAY, alice, HISTORY_NONE);
	s->w->commits[root].message = assay_span_str("begin\n");
	world_ref(s->w, "refs/heads/main", root);
	world_cut_over(s->w, world_commit_hex(s->w, root));
	s->w->h.has_head = true;
	s->w->policy.changes = (struct policy_changes){ CHANGE_SUBJECT, NULL, "CR-[0-9]+" };
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
judge(uint32_t head)
{
	s->w->refs[0].commit = head;
	s->w->h.head_id = s->w->commits[head].id;
	return shelf_judge(s, "change.traced");
}

/* One commit on the root with this message: is it traced? */
static bool
traced(const char *message)
{
	const struct control_verdict *v = judge(commit(message, root, HISTORY_NONE));
	assert_int_equal(v->verdict == VERDICT_FAIL, v->gap_total == 1);
	if (v->gap_total == 0)
		assert_int_equal(world_count(v, "requests-unseen", NULL), 1);
	return v->gap_total == 0;
}

static void
no_rule(void **state)
{
	(void)state;
	s->w->policy.changes.where = CHANGE_NOWHERE;
	const struct control_verdict *v = judge(root);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "no-change-rule", NULL), 1);
}

static void
subjects(void **state)
{
	(void)state;
	assert_true(traced("CR-1: mend\n"));
	assert_true(traced("\n \n mend for CR-1 \n\nmore\n"));
	assert_false(traced("mend\n\nCR-1\n"));
	assert_false(traced("mend CR-x\n"));
	assert_false(traced("Revert \"CR-1 mend\"\n\nThis reverts commit 0123.\n"));
	assert_false(traced("Revert \"CR-1 mend\n"));
	assert_true(traced("Revert \"CR-1 mend\" (CR-2)\n"));
	const struct control_verdict *v = judge(commit(" \n\n", root, HISTORY_NONE));
	assert_int_equal(world_count(v, "change-message-empty", NULL), 1);
	v = judge(commit("Revert \"CR-1 mend\"\n", root, HISTORY_NONE));
	assert_int_equal(world_count(v, "revert-untraced", NULL), 1);
	assert_int_equal(world_number(v, "changes that take one back"), 1);
}

static void
bodies(void **state)
{
	(void)state;
	s->w->policy.changes.where = CHANGE_BODY;
	assert_true(traced("mend\n\nfor CR-1\n"));
	assert_false(traced("CR-1 mend\n\nwell\n"));
	assert_false(traced("CR-1 mend"));
}

static void
trailers(void **state)
{
	(void)state;
	s->w->policy.changes = (struct policy_changes){ CHANGE_TRAILER, "Change", "^CR-[0-9]+$" };
	assert_true(traced("mend\n\nwhy\n\nChange: CR-1\n"));
	assert_true(traced("mend\n\nSigned-off-by: A <a@b>\nchange:CR-1\n\n\n"));
	assert_true(traced("mend\n\nOther: a\n  b\nChange: CR-1\n(cherry picked from commit 01)\n"));
	assert_false(traced("mend\n\nChange: CR-1\n\nand more text\n"));
	assert_false(traced("mend\n\nsome text\nChange: CR-1\n"));
	assert_false(traced("mend\nChange: CR-1\n"));
	assert_false(traced("Change: CR-1\n"));
	assert_false(traced("mend\n\nChange: none\n"));
	assert_false(traced("mend\n\nXChange: CR-1\n"));
}

static void
branches(void **state)
{
	(void)state;
	s->w->policy.changes.where = CHANGE_BRANCH;
	static const struct {
		const char *subject;
		bool good;
	} rows[] = {
		{ "Merge branch 'CR-1-mend'\n", true }, { "Merge branch 'CR-1-mend' into main\n", true },
		{ "Merge branch 'mend' into CR-1\n", false }, { "Merge pull request #7 from org/CR-1-mend\n\nmend\n", true },
		{ "Merge pull request #7 from org/mend CR-1\n", false }, { "Take in 'CR-1'\n", false }, { "Merge CR-1\n", false },
	};
	uint32_t side = commit("mend\n", root, HISTORY_NONE);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct control_verdict *v = judge(commit(rows[i].subject, root, side));
		if ((v->gap_total == 0) != rows[i].good)
			fail_msg("'%s'", rows[i].subject);
	}
	/* Pushed without a merge there is no branch to name. */
	assert_false(traced("Merge branch 'CR-1-mend'\n"));
}

static void
merges(void **state)
{
	(void)state;
	uint32_t a = commit("CR-1 a\n", root, HISTORY_NONE), b = commit("b\n", a, HISTORY_NONE);
	/* What is merged under a request is made for it; else each commit names its own. */
	assert_int_equal(judge(commit("CR-2 merge\n", root, b))->gap_total, 0);
	assert_int_equal(judge(commit("merge\n", root, a))->gap_total, 0);
	const struct control_verdict *v = judge(commit("merge\n", root, b));
	assert_int_equal(v->gap_total, 1);
	assert_int_equal(world_number(v, "commits that merges brought"), 2);
	/* A merge of nothing names nothing. */
	uint32_t one = commit("CR-1\n", root, HISTORY_NONE);
	assert_int_equal(judge(commit("merge\n", one, root))->gap_total, 1);
	/* What an earlier merge brought isn't brought again. */
	uint32_t first = commit("CR-3 merge\n", root, a);
	v = judge(commit("CR-4 merge\n", first, b));
	assert_int_equal(v->gap_total, 0);
	assert_int_equal(world_number(v, "commits that merges brought"), 2);
}

static void
branches_that_releases_come_from(void **state)
{
	(void)state;
	static const char *names[] = { "refs/heads/main", "refs/heads/none" };
	s->w->policy.release_branches = (struct yaml_strings){ names, 2 };
	const struct control_verdict *v = judge(commit("CR-1\n", root, HISTORY_NONE));
	assert_int_equal(world_count(v, "release-branch-absent", "refs/heads/none"), 1);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
}

static void
a_pattern_that_asks_for_nothing(void **state)
{
	(void)state;
	s->w->policy.changes.pattern = "[A-Za-z]+";
	assert_int_equal(world_count(judge(commit("CR-1\n", root, HISTORY_NONE)), "pattern-matches-anything", NULL), 1);
}

static void
malformed(void **state)
{
	(void)state;
	uint32_t bad = commit("CR-1\n", root, HISTORY_NONE);
	s->w->commits[bad].malformed = true;
	assert_int_equal(world_count(judge(bad), "malformed-object", NULL), 1);
	assert_int_equal(judge(bad)->verdict, VERDICT_UNKNOWN);
}

static void
nothing_behind_the_cut_over(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(root);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(v->reason, "nothing in scope"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_rule, setup, teardown),
		cmocka_unit_test_setup_teardown(subjects, setup, teardown),
		cmocka_unit_test_setup_teardown(bodies, setup, teardown),
		cmocka_unit_test_setup_teardown(trailers, setup, teardown),
		cmocka_unit_test_setup_teardown(branches, setup, teardown),
		cmocka_unit_test_setup_teardown(merges, setup, teardown),
		cmocka_unit_test_setup_teardown(branches_that_releases_come_from, setup, teardown),
		cmocka_unit_test_setup_teardown(a_pattern_that_asks_for_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_behind_the_cut_over, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
