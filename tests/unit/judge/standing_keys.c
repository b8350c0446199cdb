/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose a signature is, by the rules that stood where it was made and by what was known later.
 */
#include "lines.h"

#include <git2/global.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The key of RFC 8032 section 7.1, test 1. */
#define SSH_KEY "AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
#define PERSON "assay-roster: 1\npeople:\n  - id: ann\n    name: Ann\n    emails: [ann@example.org]\n    keys:\n" \
               "      - ssh: ssh-ed25519 " SSH_KEY "\n        from: 2020-01-01\n"

static const unsigned char key_blob[] = "\0\0\0\x0bssh-ed25519\0\0\0\x20\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07"
					"\x3a\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a";

static const struct roster_key *
key_at(const struct signers *signers, uint32_t commit)
{
	const struct outcome_owner *o = signers_of_commit(signers, commit);
	assert_non_null(o);
	return o->key;
}

/* A key is granted by the rules of a commit, and what became known of it later holds for it too. */
static void
limits_known_later(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct signers signers;
	w->keys[key].plain = w->keys[key].field = (struct assay_span){ key_blob, sizeof key_blob - 1 };
	const struct chain c = chain_new(), d = signed_as(2, PERSON, "bc"),
		e = signed_as(3, PERSON "        compromised-since: 2023-08-01\n", "bc"), f = signed_as(4, CHAIN_ROSTER, "bc");
	const uint32_t a = next(END, &c), b = next(a, &d), x = next(b, &d), y = next(x, &e), z = next(y, &f);
	const struct judge_context context = { .input = &w->input, .arena = w->arena, .standing = NULL };
	struct judge_context now = context;
	find(x);
	now.standing = s;
	assert_int_equal(signers_init(&now, &w->h, &signers, &err), ASSAY_OK);
	assert_null(key_at(&signers, b)); /* judged by a roster that doesn't know it */
	assert_non_null(key_at(&signers, x));
	assert_int_equal(key_at(&signers, x)->compromised_since, WHEN_MAX);
	find(y);
	now.standing = s;
	assert_true(key_at(&signers, x)->compromised_since < WHEN_MAX);
	/* Taken off the roster altogether: its old work stays by the rules of its time. */
	find(z);
	now.standing = s;
	assert_int_equal(key_at(&signers, x)->compromised_since, WHEN_MAX);
	assert_non_null(key_at(&signers, z)); /* z is judged by what was in force before it */
}

/* What a key signed where newer rules weren't known is no older than they are, for all that can be seen. */
static void
lines_meet(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct signers signers;
	w->keys[key].plain = w->keys[key].field = (struct assay_span){ key_blob, sizeof key_blob - 1 };
	const struct chain c = chain_new(), d = signed_as(2, PERSON, "bc"), f = signed_as(3, CHAIN_ROSTER, "bc");
	struct judge_context now = { .input = &w->input, .arena = w->arena };
	const uint32_t a = next(next(END, &c), &d), early = next(a, &d), x = next(early, &f), late = next(x, &f);
	const uint32_t side = next(a, &d), onto = merge(side, late, &f), head = next(onto, &f);
	find(head);
	now.standing = s;
	assert_int_equal(signers_init(&now, &w->h, &signers, &err), ASSAY_OK);
	/* The newer rules descend from it: it was there before them. */
	assert_int_equal(s->also_by[early], s->judged_by[early]);
	assert_non_null(key_at(&signers, early));
	/* Judged by what stood where it was merged, and its own line knew better. */
	assert_int_equal(version(s->judged_by[late]), 2);
	assert_int_equal(version(s->also_by[late]), 3);
	assert_null(key_at(&signers, late));
	/* On a line that didn't know. */
	assert_int_equal(version(s->judged_by[side]), 2);
	assert_int_equal(version(s->also_by[side]), 3);
	assert_null(key_at(&signers, side));
	/* Whoever both rosters know is known. */
	const struct chain both = signed_as(3, PERSON "# more\n", "bc");
	w->h.commit_count = 0;
	states.root_count = 0;
	w->parents_used = 0;
	const uint32_t p = next(next(END, &c), &d), q = next(p, &both), r = next(p, &d), m = merge(r, q, &both);
	find(m);
	now.standing = s;
	assert_int_equal(version(s->also_by[r]), 3);
	assert_non_null(key_at(&signers, r));
	assert_null(s->unseen);
}

static void
tags(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct signers signers;
	w->keys[key].plain = w->keys[key].field = (struct assay_span){ key_blob, sizeof key_blob - 1 };
	const struct chain c = chain_new(), d = signed_as(2, PERSON, "bc");
	const uint32_t a = next(END, &c), b = next(a, &d);
	const uint32_t early = world_tag(w, "early", T0, key, a), late = world_tag(w, "late", T0, key, b);
	find(b);
	const struct judge_context context = { .input = &w->input, .arena = w->arena, .standing = s };
	assert_int_equal(signers_init(&context, &w->h, &signers, &err), ASSAY_OK);
	assert_null(signers_of_tag(&signers, early)->key);
	assert_non_null(signers_of_tag(&signers, late)->key);
	/* Nothing shows that a tag is as old as what it is for. */
	const struct chain f = signed_as(3, CHAIN_ROSTER, "bc");
	find(next(b, &f));
	const struct judge_context then = { .input = &w->input, .arena = w->arena, .standing = s };
	assert_int_equal(signers_init(&then, &w->h, &signers, &err), ASSAY_OK);
	assert_null(signers_of_tag(&signers, late)->key);
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = { TEST(limits_known_later), TEST(lines_meet), TEST(tags) };
	(void)git_libgit2_init();
	const int failed = cmocka_run_group_tests_name("standing_keys", tests, world_make, world_done);
	(void)git_libgit2_shutdown();
	return failed;
}
