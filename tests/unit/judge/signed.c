/* SPDX-License-Identifier: Apache-2.0 */
/* repo.signed */
#include "world.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define T0 ((int64_t)1690000000)
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
	return world_judge(w, "repo.signed");
}

static void
expect(enum verdict verdict, const char *words)
{
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, verdict);
	if (strstr(v->reason, words) == NULL)
		fail_msg("'%s' doesn't say '%s'", v->reason, words);
	assert_non_null(v->next);
}

static void
sound_history_waits_for_a_root(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t b = world_commit(w, T0 + 1, ben, a, END);
	uint32_t tag = world_tag(w, "v1", T0 + 2, ann, b);
	world_ref(w, "refs/heads/main", b);
	world_tag_ref(w, "refs/tags/v1", tag);
	expect(VERDICT_UNKNOWN, "no trust root yet");
	const struct control_verdict *v = judge();
	assert_int_equal(v->finding_total, 0);
	assert_int_equal(world_number(v, "commits in scope"), 2);
	assert_int_equal(world_number(v, "tags in scope"), 1);
	assert_int_equal(world_number(v, "signed by a person"), 3);
	assert_int_equal(world_number(v, "in window (claimed)"), 3);
	assert_int_equal(world_number(v, "in window (witnessed)"), 0);
	assert_int_equal(v->grade.source, GRADE_RECOMPUTED);
	assert_non_null(strstr(v->next, "assay trust init"));
	assert_non_null(strstr(v->next, "assay trust sign"));
}

static void
each_outcome(void **state)
{
	(void)state;
	uint32_t good = world_commit(w, T0, ann, END);
	uint32_t bare = world_commit(w, T0 + 1, UNSIGNED, good, END);
	uint32_t odd = world_commit(w, T0 + 2, stranger, bare, END);
	uint32_t bad = world_commit(w, T0 + 3, ann, odd, END);
	uint32_t late = world_commit(w, T0 + 4, ben, bad, END);
	uint32_t web = world_commit(w, T0 + 5, forge, late, END);
	w->commits[bad].signature.result = SIG_BAD;
	w->commits[bad].signature.code = SIG_CODE_NAMESPACE;
	w->roster_keys[ben].until = T0 + 4;
	world_ref(w, "refs/heads/main", web);
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, VERDICT_FAIL);
	assert_int_equal(v->gap_total, 5);
	assert_int_equal(v->finding_total, 5);
	assert_int_equal(world_count(v, "unsigned-commit", world_commit_hex(w, bare)), 1);
	assert_int_equal(world_count(v, "unknown-key", world_commit_hex(w, odd)), 1);
	assert_int_equal(world_count(v, "bad-namespace", world_commit_hex(w, bad)), 1);
	assert_int_equal(world_count(v, "key-expired", world_commit_hex(w, late)), 1);
	assert_int_equal(world_count(v, "platform-signature", world_commit_hex(w, web)), 1);
	assert_non_null(strstr(v->reason, "5 gaps"));
	for (size_t i = 0; i < v->finding_count; i++) {
		assert_true(v->findings[i].gap);
		assert_int_equal(strlen(v->findings[i].fingerprint), 64);
	}
}

static void
platforms_count_as_the_policy_says(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t b = world_commit(w, T0, ben, END);
	uint32_t merge = world_commit(w, T0 + 1, forge, a, b, END);
	world_ref(w, "refs/heads/main", merge);
	assert_int_equal(judge()->verdict, VERDICT_FAIL);
	w->policy.platform = PLATFORM_MERGES;
	assert_int_equal(judge()->verdict, VERDICT_UNKNOWN);
	uint32_t plain = world_commit(w, T0 + 2, forge, merge, END);
	w->refs[0].commit = plain;
	assert_int_equal(world_count(judge(), "platform-signature", world_commit_hex(w, plain)), 1);
	w->policy.platform = PLATFORM_ACCEPT;
	assert_int_equal(judge()->verdict, VERDICT_UNKNOWN);
	uint32_t tag = world_tag(w, "v1", T0 + 2, forge, plain);
	world_tag_ref(w, "refs/tags/v1", tag);
	assert_int_equal(judge()->verdict, VERDICT_UNKNOWN);
	w->policy.platform = PLATFORM_MERGES;
	assert_int_equal(world_count(judge(), "platform-signature", world_tag_hex(w, tag)), 1);
}

static void
other_kinds_of_signature_are_unknown_by_name(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t b = world_commit(w, T0, ann, a, END);
	uint32_t c = world_commit(w, T0, ann, b, END);
	w->commits[a].signature =
	    (struct history_signature){ SIG_OPENPGP, SIG_UNSUPPORTED, SIG_CODE_FORMAT, HISTORY_NONE, { 0 } };
	w->commits[b].signature =
	    (struct history_signature){ SIG_X509, SIG_UNSUPPORTED, SIG_CODE_FORMAT, HISTORY_NONE, { 0 } };
	w->commits[c].signature =
	    (struct history_signature){ SIG_SSH, SIG_UNSUPPORTED, SIG_CODE_KEY_TYPE, HISTORY_NONE, { 0 } };
	world_ref(w, "refs/heads/main", c);
	expect(VERDICT_UNKNOWN, "OpenPGP");
	const struct control_verdict *v = judge();
	assert_int_equal(world_count(v, "openpgp-not-verified", world_commit_hex(w, a)), 1);
	assert_int_equal(world_count(v, "x509-not-verified", world_commit_hex(w, b)), 1);
	assert_int_equal(world_count(v, "key-type-not-verified", world_commit_hex(w, c)), 1);
	assert_int_equal(world_number(v, "not verified by this version"), 3);
	assert_int_equal(v->gap_total, 0);
}

static void
malformed_objects_are_gaps(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	w->commits[a].malformed = true;
	w->commits[a].why = "no author";
	w->commits[a].signature =
	    (struct history_signature){ SIG_NONE, SIG_BAD, SIG_CODE_MALFORMED, HISTORY_NONE, { 0 } };
	world_ref(w, "refs/heads/main", a);
	assert_int_equal(world_count(judge(), "malformed-object", world_commit_hex(w, a)), 1);
}

static void
without_a_roster(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	world_ref(w, "refs/heads/main", a);
	w->input.roster = NULL;
	expect(VERDICT_UNKNOWN, "no roster");
	uint32_t b = world_commit(w, T0, UNSIGNED, a, END);
	w->refs[0].commit = b;
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, VERDICT_FAIL);
	assert_int_equal(v->gap_total, 1);
	assert_int_equal(v->finding_total, 2);
}

/* ---- scope ---- */

static void
nothing_in_scope(void **state)
{
	(void)state;
	expect(VERDICT_UNKNOWN, "nothing in scope");
	uint32_t a = world_commit(w, T0, UNSIGNED, END);
	world_ref(w, "refs/notes/commits", a);
	world_ref(w, "refs/remotes/origin/main", a);
	expect(VERDICT_UNKNOWN, "nothing in scope");
}

static void
scope_is_the_policys(void **state)
{
	(void)state;
	static const char *mine[] = { "refs/heads/main", "refs/heads/release/*" };
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t b = world_commit(w, T0, UNSIGNED, a, END);
	world_ref(w, "refs/heads/main", a);
	world_ref(w, "refs/heads/wild", b);
	assert_int_equal(judge()->gap_total, 1);
	w->policy.branches = (struct yaml_strings){ mine, 2 };
	assert_int_equal(judge()->gap_total, 0);
	assert_int_equal(world_number(judge(), "commits in scope"), 1);
	world_ref(w, "refs/tags/light", b);
	assert_int_equal(judge()->gap_total, 1);
	w->refs[2].name = "refs/heads/release/1";
	assert_int_equal(judge()->gap_total, 1);
	w->refs[2].name = "refs/heads/release/1/x";
	assert_int_equal(judge()->gap_total, 0);
}

static void
tags_of_tags(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t inner = world_tag(w, "inner", T0, UNSIGNED, a);
	uint32_t outer = world_tag(w, "v1", T0, ann, HISTORY_NONE);
	w->tags[outer].target_type = GIT_TAG;
	w->tags[outer].target_index = inner;
	world_tag_ref(w, "refs/tags/v1", outer);
	const struct control_verdict *v = judge();
	assert_int_equal(world_number(v, "tags in scope"), 2);
	assert_int_equal(world_number(v, "commits in scope"), 1);
	assert_int_equal(v->gap_total, 1);
	assert_int_equal(world_count(v, "unsigned-tag", world_tag_hex(w, inner)), 1);
	/* A ring of tags can't be made, but must not hang. */
	w->tags[inner].target_type = GIT_TAG;
	w->tags[inner].target_index = outer;
	assert_int_equal(world_number(judge(), "tags in scope"), 2);
	/* A tag on a blob leads to nothing. */
	w->tags[outer].target_type = GIT_BLOB;
	w->tags[outer].target_index = HISTORY_NONE;
	assert_int_equal(judge()->finding_total, 0);
}

static void
tags_show_their_own_name(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t tag = world_tag(w, "v1", T0, ann, a);
	world_tag_ref(w, "refs/tags/v2", tag);
	assert_int_equal(world_count(judge(), "tag-renamed", "refs/tags/v2"), 1);
	w->refs[0].name = "refs/tags/v1";
	assert_int_equal(judge()->gap_total, 0);
	w->tags[tag].has_tagger = false;
	assert_int_equal(world_count(judge(), "no-date", world_tag_hex(w, tag)), 1);
}

static void
cut_over_exempts_ancestors(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, UNSIGNED, END);
	uint32_t b = world_commit(w, T0, UNSIGNED, a, END);
	uint32_t c = world_commit(w, T0, ann, b, END);
	uint32_t tag = world_tag(w, "v0", T0, UNSIGNED, a);
	world_ref(w, "refs/heads/main", c);
	world_tag_ref(w, "refs/tags/v0", tag);
	world_cut_over(w, world_commit_hex(w, b));
	const struct control_verdict *v = judge();
	assert_int_equal(v->gap_total, 1); /* the tag stands for itself */
	assert_int_equal(world_number(v, "commits exempt by cut-over"), 2);
	assert_int_equal(world_number(v, "commits in scope"), 1);
	world_cut_over(w, world_tag_hex(w, tag));
	v = judge();
	assert_int_equal(v->finding_total, 0);
	assert_int_equal(world_number(v, "tags exempt by cut-over"), 1);
	/* What comes after the cut-over, on whatever branch, is not exempt. */
	uint32_t side = world_commit(w, T0 - 50, UNSIGNED, a, END);
	world_ref(w, "refs/tags/x", side);
	assert_int_equal(judge()->gap_total, 1);
	w->h.ref_count--;
	w->refs[0].commit = b;
	expect(VERDICT_UNKNOWN, "nothing in scope");
}

static void
cut_over_that_is_not_there(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	world_ref(w, "refs/heads/main", a);
	world_cut_over(w, "ffffffffffffffffffffffffffffffffffffffff");
	expect(VERDICT_UNKNOWN, "ffffffffffffffffffffffffffffffffffffffff");
	w->policy.cut_over.items[0] = "main";
	expect(VERDICT_UNKNOWN, "cut-over 'main'");
}

static void
what_is_absent_is_unknown(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	world_ref(w, "refs/heads/main", a);
	w->parents[w->parents_used++] = HISTORY_NONE;
	w->commits[a].parent_count = 1;
	expect(VERDICT_UNKNOWN, "is absent");
	w->shallow[0] = w->commits[a].id;
	w->h.shallow_count = 1;
	expect(VERDICT_UNKNOWN, "shallow");
	/* Behind a cut-over nothing is asked for. */
	uint32_t b = world_commit(w, T0, ann, a, END);
	w->refs[0].commit = b;
	world_cut_over(w, world_commit_hex(w, a));
	expect(VERDICT_UNKNOWN, "no trust root");
	w->policy.cut_over.count = 0;
	/* A gap stays a gap. */
	w->commits[b].signature.result = SIG_UNSIGNED;
	w->commits[b].signature.key = HISTORY_NONE;
	assert_int_equal(judge()->verdict, VERDICT_FAIL);
	world_ref(w, "refs/heads/gone", HISTORY_NONE);
	assert_int_equal(world_count(judge(), "ref-unread", "refs/heads/gone"), 1);
	uint32_t tag = world_tag(w, "t", T0, ann, HISTORY_NONE);
	world_tag_ref(w, "refs/tags/t", tag);
	assert_int_equal(world_count(judge(), "target-absent", world_tag_hex(w, tag)), 1);
}

static void
many_of_one_kind_hide_no_other(void **state)
{
	(void)state;
	uint32_t last = world_commit(w, T0, ann, END);
	for (int i = 0; i < 3000; i++)
		last = world_commit(w, T0, UNSIGNED, last, END);
	last = world_commit(w, T0, stranger, last, END);
	world_ref(w, "refs/heads/main", last);
	const struct control_verdict *v = judge();
	assert_int_equal(v->gap_total, 3001);
	assert_int_equal(v->finding_total, 3001);
	assert_int_equal(v->finding_count, FINDINGS_OF_KIND_MAX + 1);
	assert_int_equal(world_count(v, "unknown-key", world_commit_hex(w, last)), 1);
	assert_non_null(strstr(v->reason, "3000 unsigned-commit"));
}

static void
security_keys_are_counted(void **state)
{
	(void)state;
	uint32_t a = world_commit(w, T0, ann, END);
	uint32_t b = world_commit(w, T0, ann, a, END);
	w->commits[a].signature.sk.present = true;
	w->commits[a].signature.sk.user_presence = true;
	w->commits[b].signature.sk.present = true;
	world_ref(w, "refs/heads/main", b);
	assert_int_equal(world_number(judge(), "security key, touched"), 1);
	assert_int_equal(world_number(judge(), "security key, not touched"), 1);
}

static void
fingerprints_survive_reruns(void **state)
{
	(void)state;
	char first[65];
	uint32_t a = world_commit(w, T0, UNSIGNED, END);
	uint32_t b = world_commit(w, T0, UNSIGNED, a, END);
	world_ref(w, "refs/heads/main", b);
	const struct control_verdict *v = judge();
	(void)snprintf(first, sizeof first, "%s", v->findings[0].fingerprint);
	assert_string_not_equal(v->findings[1].fingerprint, first);
	assert_string_equal(judge()->findings[0].fingerprint, first);
	w->commits[a].time += 5;
	assert_string_equal(judge()->findings[0].fingerprint, first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sound_history_waits_for_a_root, setup, teardown),
		cmocka_unit_test_setup_teardown(each_outcome, setup, teardown),
		cmocka_unit_test_setup_teardown(platforms_count_as_the_policy_says, setup, teardown),
		cmocka_unit_test_setup_teardown(other_kinds_of_signature_are_unknown_by_name, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(malformed_objects_are_gaps, setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_roster, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_in_scope, setup, teardown),
		cmocka_unit_test_setup_teardown(scope_is_the_policys, setup, teardown),
		cmocka_unit_test_setup_teardown(tags_of_tags, setup, teardown),
		cmocka_unit_test_setup_teardown(tags_show_their_own_name, setup, teardown),
		cmocka_unit_test_setup_teardown(cut_over_exempts_ancestors, setup, teardown),
		cmocka_unit_test_setup_teardown(cut_over_that_is_not_there, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_absent_is_unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(many_of_one_kind_hide_no_other, setup, teardown),
		cmocka_unit_test_setup_teardown(security_keys_are_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(fingerprints_survive_reruns, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
