/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules stood where. Policy folders with real trust metadata (chain.h) are laid into a history of facts (world.h).
 */
#include "chain.h"
#include "standing.h"
#include "world.h"

#include <evidence/states.h>
#include <git2/global.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define OBJECTS 256
#define T0 ((int64_t)1690000000)
#define END HISTORY_NONE
#define NONE STANDING_NONE

static struct world *w;
static struct states states;
static struct states_root roots[64];
static struct tree_object objects[OBJECTS];
static struct buf kept[OBJECTS];
static struct evidence items[3];
static struct standing *s;
static uint32_t key;

static int
setup(void **state)
{
	(void)state;
	w = world_new();
	key = world_stranger(w);
	states = (struct states){ .roots = roots, .objects = { .algo = OID_SHA1, .items = objects } };
	items[0] = w->items[0];
	items[1] = w->items[1];
	items[2] = (struct evidence){ .kind = STATES_KIND, .subject = "test", .grade = { GRADE_RECOMPUTED, GRADE_OBSERVED }, .facts = &states };
	w->set = (struct evidence_set){ items, 3 };
	w->h.head = "refs/heads/main";
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < states.objects.count; i++)
		buf_done(&kept[i]);
	world_free(w);
	return 0;
}

/* ---- folders ---- */

static struct oid
object(enum git_type type, struct buf *bytes)
{
	struct oid id;
	assert_int_equal(git_hash(OID_SHA1, type, buf_span(bytes), &id, NULL), ASSAY_OK);
	if (tree_object_find(&states.objects, &id) != NULL) {
		buf_done(bytes);
		return id;
	}
	size_t at = states.objects.count++;
	assert_true(at < OBJECTS);
	for (; at > 0 && oid_compare(&objects[at - 1].id, &id) > 0; at--) {
		objects[at] = objects[at - 1];
		kept[at] = kept[at - 1];
	}
	kept[at] = *bytes;
	objects[at] = (struct tree_object){ id, type, buf_span(bytes) };
	return id;
}

static void
entry(struct buf *tree, const char *mode, const char *name, struct oid id)
{
	buf_addf(tree, "%s %s", mode, name);
	buf_add_byte(tree, 0);
	buf_add(tree, id.b, 20);
}

/* The tree of what lies below prefix; *at goes behind it. */
static struct oid
tree_of(const struct chain *c, const char *prefix, size_t *at)
{
	struct buf tree = BUF_INIT(65536);
	const size_t len = strlen(prefix);
	while (*at < c->count && strncmp(c->files[*at].path, prefix, len) == 0) {
		const char *name = c->files[*at].path + len, *slash = strchr(name, '/');
		char below[128], folder[64];
		if (slash == NULL) {
			struct buf bytes = BUF_INIT(65536);
			buf_add_span(&bytes, c->files[(*at)++].bytes);
			entry(&tree, "100644", name, object(GIT_BLOB, &bytes));
			continue;
		}
		(void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - name), name);
		(void)snprintf(below, sizeof below, "%s%s/", prefix, folder);
		const struct oid id = tree_of(c, below, at);
		entry(&tree, "40000", folder, id);
	}
	return object(GIT_TREE, &tree);
}

/* A commit whose root tree holds the folder; c NULL: no folder assay/. */
static void
lay(uint32_t commit, const struct chain *c)
{
	size_t at = 0;
	struct states_root *root = &roots[states.root_count++];
	*root = (struct states_root){ .id = { { 0x30, (unsigned char)commit } }, .whole = true, .has_folder = c != NULL };
	if (c != NULL)
		root->folder = tree_of(c, "assay/", &at);
	w->commits[commit].tree = root->id;
}

static uint32_t
next(uint32_t parent, const struct chain *c)
{
	const int64_t time = T0 + 3600 * (int64_t)w->h.commit_count;
	const uint32_t at = parent == END ? world_commit(w, time, key, END) : world_commit(w, time, key, parent, END);
	lay(at, c);
	return at;
}

static uint32_t
merge(uint32_t first, uint32_t second, const struct chain *c)
{
	const uint32_t at = world_commit(w, T0 + 3600 * (int64_t)w->h.commit_count, key, first, second, END);
	lay(at, c);
	return at;
}

static void
find(uint32_t head)
{
	struct assay_error err = { 0 };
	assert_int_equal(oid_index_build(w->arena, w->commits, sizeof w->commits[0], w->h.commit_count, &w->h.by_commit, &err), ASSAY_OK);
	w->h.has_head = true;
	w->h.head_id = w->commits[head].id;
	if (standing_find(&w->input, w->arena, &s, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	assert_non_null(s);
}

/* The policy version in force after a commit, or by which it is judged; 0 for none. */
static uint64_t
version(uint32_t folder)
{
	return folder == NONE ? 0 : s->folders[folder].authority.policy.version;
}

/* A chain with a roster of its own words, signed as this version. */
static struct chain
signed_as(int number, const char *words, const char *letters)
{
	struct chain c = chain_new();
	chain_text(&c, "assay/roster.yaml", words);
	chain_sign(&c, number, letters);
	return c;
}

#define OTHER "assay-roster: 1\npeople: []\n# other\n"
#define THIRD "assay-roster: 1\npeople: []\n# third\n"

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

/* ---- keys ---- */

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
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = { TEST(one_state), TEST(no_trust), TEST(new_state), TEST(changed_file), TEST(cut_over_moved),
		TEST(too_few_people), TEST(nobody_of_the_role), TEST(one_person_two_keys), TEST(another_root), TEST(folder_gone),
		TEST(unreadable), TEST(brought_back), TEST(one_version_twice), TEST(older_delegations), TEST(granted_and_used),
		TEST(side_branch), TEST(old_rules_first), TEST(two_of_one_version), TEST(lost_the_role), TEST(unmerged), TEST(head_unseen),
		TEST(root_tree_unseen), TEST(pinned), TEST(limits_known_later), TEST(tags) };
	(void)git_libgit2_init();
	const int failed = cmocka_run_group_tests_name("standing", tests, world_make, world_done);
	(void)git_libgit2_shutdown();
	return failed;
}
