/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules stood where.
 */
#include "lines.h"

#include <git2/global.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* ---- a line ---- */

static void
one_state(void **state)
{
	(void)state;
	const struct chain c = chain_new();
	const uint32_t a = next(END, &c), b = next(a, &c);
	find(b);
	assert_true(s->has_trust);
	assert_int_equal(s->folder_count, 1);
	assert_non_null(standing_now(s));
	assert_int_equal(s->change_count, 0);
	assert_int_equal(version(s->after[a]), 1);
	assert_int_equal(s->judged_by[a], NONE);
	assert_int_equal(version(s->judged_by[b]), 1);
	assert_int_equal(s->before_all, 1);
}

static void
no_trust(void **state)
{
	(void)state;
	struct chain c = { .count = 0 };
	chain_text(&c, "assay/roster.yaml", CHAIN_ROSTER);
	find(next(next(END, NULL), &c));
	assert_false(s->has_trust);
	assert_null(standing_now(s));
	assert_int_equal(s->here->fault, AUTHORITY_NO_ROOT);
	find(next(END, NULL));
	assert_null(s->here);
	assert_null(standing_now(s));
}

static void
new_state(void **state)
{
	(void)state;
	const struct chain c = chain_new(), d = signed_as(2, OTHER, "bc");
	const uint32_t a = next(END, &c), b = next(a, &d), e = next(b, &d);
	find(e);
	assert_int_equal(version(s->after[b]), 2);
	/* Never by what it brings. */
	assert_int_equal(version(s->judged_by[b]), 1);
	assert_int_equal(version(s->judged_by[e]), 2);
	assert_int_equal(s->change_count, 0);
	/* The same files signed for longer are a new version, too. */
	const struct chain again = signed_as(3, OTHER, "bc");
	find(next(e, &again));
	assert_int_equal(version(s->head), 3);
	assert_int_equal(s->change_count, 0);
}

/* Whoever brings rules that aren't authorised: the earlier state stays, and the commit is named, once. */
static void
stays(const struct chain *bad, bool rolled_back, uint64_t in_force)
{
	const struct chain c = chain_new();
	const uint32_t a = in_force == 1 ? next(END, &c) : w->h.commit_count - 1;
	const uint32_t b = next(a, bad), e = next(b, bad);
	find(e);
	assert_int_equal(version(s->after[b]), in_force);
	assert_int_equal(version(s->judged_by[e]), in_force);
	assert_int_equal(version(s->head), in_force);
	assert_int_equal(s->change_count, 1);
	assert_int_equal(s->changes[0].commit, b);
	assert_int_equal(s->changes[0].rolled_back, rolled_back);
}

static void
changed_file(void **state)
{
	(void)state;
	struct chain bad = chain_new();
	chain_text(&bad, "assay/roster.yaml", OTHER);
	stays(&bad, false, 1);
}

static void
cut_over_moved(void **state)
{
	(void)state;
	struct chain bad = chain_new();
	chain_text(&bad, "assay/policy.yaml", CHAIN_POLICY "cut-over: [0123456789012345678901234567890123456789]\n");
	stays(&bad, false, 1);
	assert_int_equal(standing_now(s)->policy.cut_over.count, 0);
	/* Signed, it counts. */
	chain_sign(&bad, 2, "bc");
	find(next(w->h.commit_count - 1, &bad));
	assert_int_equal(standing_now(s)->policy.cut_over.count, 1);
}

static void
too_few_people(void **state)
{
	(void)state;
	const struct chain bad = signed_as(2, OTHER, "b");
	stays(&bad, false, 1);
}

static void
nobody_of_the_role(void **state)
{
	(void)state;
	const struct chain bad = signed_as(2, OTHER, "ae");
	stays(&bad, false, 1);
}

static void
one_person_two_keys(void **state)
{
	(void)state;
	struct chain bad = signed_as(2, OTHER, "bc");
	chain_delegate(&bad, 2, "aAb", 2);
	chain_sign(&bad, 2, "aA");
	stays(&bad, false, 1);
	chain_sign(&bad, 2, "Ab");
	find(next(w->h.commit_count - 1, &bad));
	assert_int_equal(version(s->head), 2);
}

static void
another_root(void **state)
{
	(void)state;
	struct chain bad = signed_as(9, OTHER, "bc");
	json_t *root = world_root(1);
	world_role(root, "root", "be", 1);
	(void)chain_put(&bad, "assay/trust/1.root.json", world_sign(root, "b"));
	const struct chain c = chain_new();
	find(next(END, &c));
	char pin[ASSAY_TUF_HEX_SIZE];
	memcpy(pin, s->here->fingerprint, sizeof pin);
	w->input.root = pin;
	w->h.commit_count = 0;
	states.root_count = 0;
	stays(&bad, false, 1);
}

static void
folder_gone(void **state)
{
	(void)state;
	const struct chain c = chain_new();
	const uint32_t a = next(END, &c), b = next(a, NULL), e = next(b, &c);
	find(e);
	assert_int_equal(version(s->after[b]), 1);
	assert_int_equal(s->change_count, 1);
	assert_int_equal(s->changes[0].commit, b);
	assert_int_equal(s->changes[0].folder, NONE);
}

/* Signed by those who may, and no roster that anybody could read. */
static void
unreadable(void **state)
{
	(void)state;
	const struct chain bad = signed_as(2, "assay-roster: 7\n", "bc");
	stays(&bad, false, 1);
	for (uint32_t i = 0; i < s->folder_count; i++)
		assert_true(s->folders[i].authorised || s->folders[i].authority.fault == AUTHORITY_UNREAD);
}

static void
brought_back(void **state)
{
	(void)state;
	const struct chain c = chain_new(), d = signed_as(2, OTHER, "bc");
	(void)next(next(END, &c), &d);
	stays(&c, true, 2);
}

static void
one_version_twice(void **state)
{
	(void)state;
	const struct chain c = chain_new(), d = signed_as(2, OTHER, "bc"), e = signed_as(2, THIRD, "bc");
	(void)next(next(END, &c), &d);
	stays(&e, true, 2);
}

/* A higher policy version under older delegations: who lost the role could sign it. */
static void
older_delegations(void **state)
{
	(void)state;
	struct chain c = chain_new(), d = signed_as(2, OTHER, "bc");
	const struct chain e = signed_as(5, THIRD, "bc");
	chain_delegate(&d, 2, "cd", 2);
	chain_sign(&d, 2, "cd");
	(void)next(next(END, &c), &d);
	stays(&e, true, 2);
}

/* Of two delegations or roots of one version only the first counts: the other was signed, and given up. */
static void
given_up(void **state)
{
	(void)state;
	struct chain c = chain_new(), d = signed_as(2, OTHER, "bc"), other = signed_as(3, THIRD, "bc"), same = d;
	chain_delegate(&d, 2, "bc", 2);
	chain_delegate(&other, 2, "bce", 1);
	chain_sign(&other, 3, "e");
	(void)next(next(END, &c), &d);
	stays(&other, true, 2);
	w->h.commit_count = 0;
	states.root_count = 0;
	c = chain_new();
	d = same;
	(void)chain_put(&d, "assay/trust/2.root.json", world_sign(world_root(2), "ab"));
	other = signed_as(3, THIRD, "bc");
	json_t *root = world_root(2);
	world_role(root, "targets", "ae", 2);
	(void)chain_put(&other, "assay/trust/2.root.json", world_sign(root, "ab"));
	json_t *targets = world_targets(1);
	world_delegate(targets, "policy", "bc", 2, "assay/*", false);
	(void)chain_put(&other, "assay/trust/targets.json", world_sign(targets, "ae"));
	(void)next(next(END, &c), &d);
	stays(&other, true, 2);
}

/* A role granted and used in one commit: in force after it, and judging nothing before. */
static void
granted_and_used(void **state)
{
	(void)state;
	const struct chain c = chain_new();
	struct chain d = signed_as(2, OTHER, "bc");
	chain_delegate(&d, 2, "e", 1);
	chain_sign(&d, 2, "e");
	const uint32_t a = next(END, &c), b = next(a, &d);
	find(b);
	assert_int_equal(version(s->judged_by[b]), 1);
	assert_int_equal(version(s->after[b]), 2);
	assert_int_equal(s->change_count, 0);
}

/* ---- lines that meet ---- */

static void
side_branch(void **state)
{
	(void)state;
	const struct chain c = chain_new(), d = signed_as(2, OTHER, "bc");
	const uint32_t a = next(END, &c), side = next(a, &c), b = next(a, &d), m = merge(b, side, &d);
	find(m);
	/* What a merge brings is judged by what was in force where it was merged. */
	assert_int_equal(version(s->judged_by[side]), 2);
	assert_int_equal(version(s->judged_by[b]), 1);
	assert_int_equal(version(s->judged_by[m]), 2);
	assert_int_equal(version(s->after[m]), 2);
	assert_int_equal(s->change_count, 0);
}

/* Which parent comes first is for the merge's author to say. */
static void
old_rules_first(void **state)
{
	(void)state;
	const struct chain c = chain_new(), d = signed_as(2, OTHER, "bc");
	const uint32_t a = next(END, &c), side = next(a, &c), b = next(a, &d), m = merge(side, b, &c), n = next(m, &c);
	find(n);
	assert_int_equal(version(s->judged_by[m]), 2);
	assert_int_equal(version(s->after[m]), 2);
	assert_int_equal(version(s->judged_by[n]), 2);
	assert_int_equal(s->change_count, 1);
	assert_true(s->changes[0].rolled_back);
}

static void
two_of_one_version(void **state)
{
	(void)state;
	const struct chain c = chain_new(), d = signed_as(2, OTHER, "bc"), e = signed_as(2, THIRD, "bc");
	const uint32_t a = next(END, &c), x = next(a, &d), y = next(a, &e), m = merge(x, y, &e);
	find(m);
	assert_int_equal(s->after[m], s->after[x]);
	assert_int_not_equal(s->after[m], s->after[y]);
	assert_int_equal(s->change_count, 1);
	assert_int_equal(s->changes[0].commit, m);
}

/* Higher versions by who lost the role since: the other line's delegations are newer, whichever parent comes first. */
static void
lost_the_role(void **state)
{
	(void)state;
	const struct chain c = chain_new(), theirs = signed_as(9, THIRD, "bc");
	struct chain d = signed_as(2, OTHER, "bc");
	chain_delegate(&d, 2, "cd", 2);
	chain_sign(&d, 2, "cd");
	const uint32_t a = next(END, &c), ours = next(a, &d), side = next(a, &theirs);
	const uint32_t m = merge(ours, side, &theirs), n = merge(side, ours, &theirs);
	find(m);
	assert_int_equal(s->after[m], s->after[ours]);
	assert_int_equal(s->judged_by[m], s->after[ours]);
	assert_int_equal(s->change_count, 1);
	assert_true(s->changes[0].rolled_back);
	find(n);
	assert_int_equal(s->after[n], s->after[ours]);
	assert_int_equal(s->judged_by[n], s->after[ours]);
	/* The same of the root above all. */
	struct chain rooted = chain_new(), older = signed_as(9, THIRD, "bc");
	(void)chain_put(&rooted, "assay/trust/2.root.json", world_sign(world_root(2), "ab"));
	chain_delegate(&older, 7, "bc", 2);
	chain_sign(&older, 9, "bc");
	const uint32_t p = next(a, &rooted), q = next(a, &older), r = merge(p, q, &older);
	find(r);
	assert_int_equal(s->after[r], s->after[p]);
	assert_int_equal(s->judged_by[r], s->after[p]);
}

/* What isn't merged is judged as if it were now. */
static void
unmerged(void **state)
{
	(void)state;
	const struct chain c = chain_new(), d = signed_as(2, OTHER, "bc");
	const uint32_t a = next(END, &c), side = next(a, &c), b = next(a, &d);
	world_ref(w, "refs/heads/other", side);
	find(b);
	assert_int_equal(version(s->judged_by[side]), 2);
	find(side);
	assert_int_equal(version(s->judged_by[side]), 1);
	assert_int_equal(version(s->head), 1);
}

/* ---- what can't be seen ---- */

static void
head_unseen(void **state)
{
	(void)state;
	const struct chain c = chain_new();
	const uint32_t a = next(END, &c), b = next(a, &c);
	roots[states.root_count - 1].whole = false;
	find(b);
	assert_true(s->unread);
	assert_null(standing_now(s));
	states.root_count--;
	find(b);
	assert_true(s->unread);
}

/* A root tree that was left out says nothing: what stood before stays, and it shows. */
static void
root_tree_unseen(void **state)
{
	(void)state;
	const struct chain c = chain_new(), d = signed_as(2, OTHER, "bc");
	const uint32_t a = next(END, &c), b = next(a, &d), e = next(b, &d);
	roots[1] = roots[2];
	states.root_count = 2;
	find(e);
	assert_int_equal(version(s->after[b]), 1);
	assert_int_equal(version(s->after[e]), 2);
	assert_int_equal(s->change_count, 1);
	assert_int_equal(s->changes[0].commit, b);
	assert_int_equal(s->changes[0].folder, NONE);
	assert_non_null(s->unseen);
	/* Of a malformed commit there is no tree to be seen. */
	w->commits[b].malformed = true;
	find(e);
	assert_null(s->unseen);
}

static void
pinned(void **state)
{
	(void)state;
	const struct chain c = chain_new();
	const uint32_t a = next(END, &c), b = next(a, &c);
	w->input.root = "0000000000000000000000000000000000000000000000000000000000000000";
	find(b);
	assert_null(standing_now(s));
	assert_int_equal(s->here->fault, AUTHORITY_OTHER_ROOT);
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = { TEST(one_state), TEST(no_trust), TEST(new_state), TEST(changed_file), TEST(cut_over_moved),
		TEST(too_few_people), TEST(nobody_of_the_role), TEST(one_person_two_keys), TEST(another_root), TEST(folder_gone),
		TEST(unreadable), TEST(brought_back), TEST(one_version_twice), TEST(older_delegations), TEST(given_up), TEST(granted_and_used),
		TEST(side_branch), TEST(old_rules_first), TEST(two_of_one_version), TEST(lost_the_role), TEST(unmerged), TEST(head_unseen),
		TEST(root_tree_unseen), TEST(pinned) };
	(void)git_libgit2_init();
	const int failed = cmocka_run_group_tests_name("standing", tests, world_make, world_done);
	(void)git_libgit2_shutdown();
	return failed;
}
