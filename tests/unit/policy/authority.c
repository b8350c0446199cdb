/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has authorised a policy folder: each rule with what it accepts and what it rejects.
 */
#include "chain.h"

#include <policy/authority.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include "../arena_static.h"

static struct authority a;

static void
read_pinned(const struct chain *c, const char *fingerprint)
{
	const struct sources files = chain_sources(c);
	struct assay_error err = { 0 };
	if (authority_read(&files, fingerprint, arena, &a, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
}

static void
holds(const struct chain *c)
{
	read_pinned(c, NULL);
	if (a.fault != AUTHORITY_HOLDS)
		fail_msg("%s: %s", authority_fault_name(a.fault), a.why);
	assert_null(a.why);
	assert_int_equal(a.difference_total, 0);
}

/* file and words: part of what it says; "" for none. */
static void
fails(const struct chain *c, enum authority_fault fault, const char *file, const char *words)
{
	read_pinned(c, NULL);
	if (a.fault != fault || a.why == NULL || strstr(a.why, words) == NULL || strstr(a.file == NULL ? "" : a.file, file) == NULL)
		fail_msg("%s: %s (%s)", authority_fault_name(a.fault), a.why, a.file);
}

static void
sound(void **state)
{
	(void)state;
	struct chain c = chain_new();
	struct assay_tuf_role role;
	holds(&c);
	assert_int_equal(a.root.version, 1);
	assert_int_equal(a.targets.version, 1);
	assert_int_equal(a.policy.version, 1);
	assert_true(authority_role(&a, "policy", &role));
	assert_int_equal(role.threshold, 2);
	assert_false(authority_role(&a, "pack", &role));
	/* What stands by its own signatures may come and go. */
	chain_text(&c, "assay/reviews/x.yaml", "x");
	chain_text(&c, "assay/trust/draft/policy.json", "not even JSON");
	chain_text(&c, "code.c", "int x;");
	holds(&c);
}

static void
pinned(void **state)
{
	(void)state;
	const struct chain c = chain_new();
	char upper[ASSAY_TUF_HEX_SIZE], other[ASSAY_TUF_HEX_SIZE];
	holds(&c);
	memcpy(upper, a.fingerprint, sizeof upper);
	memcpy(other, a.fingerprint, sizeof other);
	for (char *p = upper; *p != '\0'; p++)
		*p = *p >= 'a' && *p <= 'f' ? (char)(*p - 'a' + 'A') : *p;
	read_pinned(&c, upper);
	assert_int_equal(a.fault, AUTHORITY_HOLDS);
	other[63] = other[63] == '0' ? '1' : '0';
	read_pinned(&c, other);
	assert_int_equal(a.fault, AUTHORITY_OTHER_ROOT);
	read_pinned(&c, "");
	assert_int_equal(a.fault, AUTHORITY_OTHER_ROOT);
	/* The pin is the first root's: a later root doesn't become it. */
	struct chain later = chain_new();
	(void)chain_put(&later, "assay/trust/2.root.json", world_sign(world_root(2), "ab"));
	read_pinned(&later, upper);
	assert_int_equal(a.fault, AUTHORITY_HOLDS);
	assert_int_equal(a.root.version, 2);
}

/* ---- roots ---- */

static void
first_root(void **state)
{
	(void)state;
	struct chain c = chain_new();
	chain_take(&c, "assay/trust/1.root.json");
	fails(&c, AUTHORITY_NO_ROOT, "", "no trust metadata");
	(void)chain_put(&c, "assay/trust/2.root.json", world_sign(world_root(2), "ab"));
	fails(&c, AUTHORITY_NO_ROOT, "", "no trust metadata");
	(void)chain_put(&c, "assay/trust/1.root.json", world_sign(world_root(2), "ab"));
	fails(&c, AUTHORITY_BAD_ROOT, "1.root.json", "");
	chain_take(&c, "assay/trust/2.root.json");
	fails(&c, AUTHORITY_BAD_ROOT, "1.root.json", "isn't the version");
	(void)chain_put(&c, "assay/trust/1.root.json", world_sign(world_root(1), "a"));
	fails(&c, AUTHORITY_BAD_ROOT, "1.root.json", "");
	(void)chain_put(&c, "assay/trust/1.root.json", world_sign(world_root(1), "ae"));
	fails(&c, AUTHORITY_BAD_ROOT, "1.root.json", "");
	chain_text(&c, "assay/trust/1.root.json", "{");
	fails(&c, AUTHORITY_BAD_ROOT, "1.root.json", "");
	(void)chain_put(&c, "assay/trust/1.root.json", world_sign(world_targets(1), "ab"));
	fails(&c, AUTHORITY_BAD_ROOT, "1.root.json", "");
	chain_put(&c, "assay/trust/1.root.json", world_sign(world_root(1), "ab"))->mode = 0120000;
	fails(&c, AUTHORITY_UNREAD, "1.root.json", "it is no file");
	chain_put(&c, "assay/trust/1.root.json", world_sign(world_root(1), "ab"))->has_bytes = false;
	fails(&c, AUTHORITY_UNREAD, "1.root.json", "");
}

/* Two keys of one person are one person. */
static void
people_not_keys(void **state)
{
	(void)state;
	struct chain c = chain_new();
	json_t *root = world_root(1);
	world_role(root, "root", "aAbc", 2);
	(void)chain_put(&c, "assay/trust/1.root.json", world_sign(json_deep_copy(root), "aA"));
	fails(&c, AUTHORITY_BAD_ROOT, "1.root.json", "");
	(void)chain_put(&c, "assay/trust/1.root.json", world_sign(root, "Ab"));
	holds(&c);
	chain_delegate(&c, 1, "aAb", 2);
	chain_sign(&c, 1, "aA");
	fails(&c, AUTHORITY_BAD_POLICY, "policy.json", "");
	chain_sign(&c, 1, "Ab");
	holds(&c);
}

static void
next_roots(void **state)
{
	(void)state;
	static const struct {
		const char *signers;
		int version;
		bool good;
	} rows[] = { { "ab", 2, true }, { "cb", 2, true }, { "a", 2, false }, { "ae", 2, false }, { "ab", 3, false }, { "ab", 1, false } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct chain c = chain_new();
		(void)chain_put(&c, "assay/trust/2.root.json", world_sign(world_root(rows[i].version), rows[i].signers));
		if (rows[i].good)
			holds(&c);
		else
			fails(&c, AUTHORITY_BAD_ROOT, "2.root.json", "");
	}
}

/* A new root takes those who held the old one and those who hold the new one. */
static void
rotation(void **state)
{
	(void)state;
	static const struct {
		const char *signers;
		bool good;
	} rows[] = { { "abd", true }, { "acde", true }, { "ab", false }, { "de", false }, { "ade", false } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct chain c = chain_new();
		json_t *root = world_root(2);
		world_role(root, "root", i == 0 ? "abd" : "de", 2);
		if (i == 0)
			world_role(root, "root", "ad", 2);
		(void)chain_put(&c, "assay/trust/2.root.json", world_sign(root, rows[i].signers));
		if (rows[i].good)
			holds(&c);
		else
			fails(&c, AUTHORITY_BAD_ROOT, "2.root.json", "");
	}
}

static void
gaps(void **state)
{
	(void)state;
	struct chain c = chain_new();
	(void)chain_put(&c, "assay/trust/3.root.json", world_sign(world_root(3), "ab"));
	fails(&c, AUTHORITY_BAD_ROOT, "3.root.json", "without the one before it");
	(void)chain_put(&c, "assay/trust/2.root.json", world_sign(world_root(2), "ab"));
	holds(&c);
	assert_int_equal(a.root.version, 3);
	/* Names that aren't roots are no gap. */
	chain_text(&c, "assay/trust/09.root.json", "x");
	chain_text(&c, "assay/trust/9.root.json.bak", "x");
	holds(&c);
}

/* Told, and judged by who has a clock. */
static void
expiry(void **state)
{
	(void)state;
	struct chain c = chain_new();
	holds(&c);
	const int64_t later = a.expires;
	assert_true(later > WORLD_NOW);
	json_t *root = world_root(2);
	world_set(root, "expires", json_string(WORLD_BEFORE));
	(void)chain_put(&c, "assay/trust/2.root.json", world_sign(root, "ab"));
	holds(&c);
	assert_true(a.expires < WORLD_NOW);
	assert_string_equal(a.expires_file, "assay/trust/2.root.json");
	/* That one in the middle of the chain has expired doesn't matter. */
	(void)chain_put(&c, "assay/trust/3.root.json", world_sign(world_root(3), "ab"));
	holds(&c);
	assert_int_equal(a.expires, later);
	json_t *policy = world_targets(1);
	world_target(policy, "assay/policy.yaml", CHAIN_POLICY);
	world_target(policy, "assay/roster.yaml", CHAIN_ROSTER);
	world_set(policy, "expires", json_string(WORLD_BEFORE));
	(void)chain_put(&c, "assay/trust/policy.json", world_sign(policy, "bc"));
	holds(&c);
	assert_string_equal(a.expires_file, "assay/trust/policy.json");
}

/* ---- targets and policy ---- */

static void
targets(void **state)
{
	(void)state;
	struct chain c = chain_new();
	json_t *t = world_targets(1);
	world_delegate(t, "policy", "bc", 2, "assay/*", false);
	(void)chain_put(&c, "assay/trust/targets.json", world_sign(json_deep_copy(t), "a"));
	fails(&c, AUTHORITY_BAD_TARGETS, "targets.json", "");
	(void)chain_put(&c, "assay/trust/targets.json", world_sign(json_deep_copy(t), "bc"));
	fails(&c, AUTHORITY_BAD_TARGETS, "targets.json", "");
	(void)chain_put(&c, "assay/trust/targets.json", world_sign(t, "ad"));
	holds(&c);
	/* A root's keys may hold both roles: what it is decides. */
	json_t *root = world_root(1);
	world_role(root, "targets", "ab", 2);
	(void)chain_put(&c, "assay/trust/1.root.json", world_sign(json_deep_copy(root), "ab"));
	(void)chain_put(&c, "assay/trust/targets.json", world_sign(root, "ab"));
	fails(&c, AUTHORITY_BAD_TARGETS, "targets.json", "another type");
	chain_take(&c, "assay/trust/targets.json");
	fails(&c, AUTHORITY_NO_POLICY, "targets.json", "nobody has signed it yet");
	c = chain_new();
	(void)chain_put(&c, "assay/trust/targets.json", world_sign(world_targets(1), "ad"));
	fails(&c, AUTHORITY_NO_POLICY, "targets.json", "delegates to no role 'policy'");
}

/* c is carl in the root: as dave among the delegations the same key would be a second person. */
static void
one_key_two_names(void **state)
{
	(void)state;
	struct chain c = chain_new();
	struct tufmake_key *dave = tufmake_key_again(world_key('c'), "dave", NULL);
	json_t *t = world_targets(1);
	world_delegate(t, "policy", "b", 1, "assay/*", false);
	world_set(json_object_get(json_object_get(t, "delegations"), "keys"), dave->keyid, json_incref(dave->object));
	json_t *ids = json_object_get(json_array_get(json_object_get(json_object_get(t, "delegations"), "roles"), 0), "keyids");
	json_array_append_new(ids, json_string(dave->keyid));
	(void)chain_put(&c, "assay/trust/targets.json", world_sign(t, "ad"));
	chain_sign(&c, 1, "b");
	fails(&c, AUTHORITY_BAD_TARGETS, "targets.json", "one key under two people");
	tufmake_key_free(dave);
}

static void
policy(void **state)
{
	(void)state;
	struct chain c = chain_new();
	chain_sign(&c, 1, "b");
	fails(&c, AUTHORITY_BAD_POLICY, "policy.json", "");
	chain_sign(&c, 1, "be");
	fails(&c, AUTHORITY_BAD_POLICY, "policy.json", "");
	chain_sign(&c, 1, "bce");
	holds(&c);
	chain_delegate(&c, 2, "bce", 3);
	holds(&c);
	chain_sign(&c, 2, "bc");
	fails(&c, AUTHORITY_BAD_POLICY, "policy.json", "");
	chain_take(&c, "assay/trust/policy.json");
	fails(&c, AUTHORITY_NO_POLICY, "policy.json", "nobody has signed it yet");
	chain_put(&c, "assay/trust/policy.json", assay_span_str("x"))->has_bytes = false;
	fails(&c, AUTHORITY_UNREAD, "policy.json", "");
	chain_text(&c, "assay/trust/policy.json", "{\"signed\": 1}");
	fails(&c, AUTHORITY_BAD_POLICY, "policy.json", "");
	/* A pack's or release's role signs other things. */
	json_t *t = world_targets(2);
	world_delegate(t, "pack", "bc", 2, "assay/*", false);
	(void)chain_put(&c, "assay/trust/targets.json", world_sign(t, "ad"));
	chain_sign(&c, 2, "bc");
	fails(&c, AUTHORITY_NO_POLICY, "targets.json", "no role 'policy'");
}

static json_t *
made_for(json_t *payload, const char *repository)
{
	if (repository != NULL)
		world_set(payload, "x-assay-repository", json_string(repository));
	return payload;
}

/* The same people may sign for several repositories. */
static void
another_repository(void **state)
{
	(void)state;
	static const char *const rows[][4] = { { "one", "one", "one", "one" }, { NULL, NULL, NULL, NULL }, { "one", "two", "one", "one" },
		{ "one", "one", "two", "one" }, { "one", "one", "one", "two" }, { "one", NULL, "one", "one" }, { "one", "one", "one", NULL },
		{ NULL, NULL, NULL, "one" } };
	static const enum authority_fault faults[] = { AUTHORITY_HOLDS, AUTHORITY_HOLDS, AUTHORITY_BAD_ROOT, AUTHORITY_BAD_TARGETS,
		AUTHORITY_BAD_POLICY, AUTHORITY_BAD_ROOT, AUTHORITY_BAD_POLICY, AUTHORITY_BAD_POLICY };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct chain c = chain_new();
		json_t *t = made_for(world_targets(1), rows[i][2]), *p = made_for(world_targets(1), rows[i][3]);
		world_delegate(t, "policy", "bc", 2, "assay/*", false);
		world_target(p, "assay/policy.yaml", CHAIN_POLICY);
		world_target(p, "assay/roster.yaml", CHAIN_ROSTER);
		(void)chain_put(&c, "assay/trust/1.root.json", world_sign(made_for(world_root(1), rows[i][0]), "ab"));
		(void)chain_put(&c, "assay/trust/2.root.json", world_sign(made_for(world_root(2), rows[i][1]), "ab"));
		(void)chain_put(&c, "assay/trust/targets.json", world_sign(t, "ad"));
		(void)chain_put(&c, "assay/trust/policy.json", world_sign(p, "bc"));
		if (faults[i] == AUTHORITY_HOLDS)
			holds(&c);
		else
			fails(&c, faults[i], "", "another repository");
	}
	struct chain c = chain_new();
	json_t *root = world_root(1);
	world_set(root, "x-assay-repository", json_integer(7));
	(void)chain_put(&c, "assay/trust/1.root.json", world_sign(root, "ab"));
	fails(&c, AUTHORITY_BAD_ROOT, "1.root.json", "isn't a short text");
}

/* ---- files ---- */

static void
differs(const struct chain *c, const char *path, enum assay_tuf_difference what)
{
	fails(c, AUTHORITY_CHANGED, path, "not what the policy role signed");
	assert_int_equal(a.difference_total, 1);
	assert_int_equal(a.differences[0].what, what);
	assert_string_equal(a.differences[0].path, path);
}

static void
files(void **state)
{
	(void)state;
	struct chain c = chain_new();
	chain_text(&c, "assay/policy.yaml", CHAIN_POLICY " ");
	differs(&c, "assay/policy.yaml", ASSAY_TUF_CHANGED);
	c = chain_new();
	chain_text(&c, "assay/access.yaml", "");
	differs(&c, "assay/access.yaml", ASSAY_TUF_ADDED);
	c = chain_new();
	chain_take(&c, "assay/roster.yaml");
	differs(&c, "assay/roster.yaml", ASSAY_TUF_MISSING);
	c = chain_new();
	chain_put(&c, "assay/roster.yaml", assay_span_str(CHAIN_ROSTER))->mode = 0120000;
	differs(&c, "assay/roster.yaml", ASSAY_TUF_CHANGED);
	chain_put(&c, "assay/roster.yaml", assay_span_str(CHAIN_ROSTER))->has_bytes = false;
	differs(&c, "assay/roster.yaml", ASSAY_TUF_CHANGED);
	chain_put(&c, "assay/roster.yaml", assay_span_str(CHAIN_ROSTER))->mode = 0100755;
	holds(&c);
	/* Deeper than the delegation's patterns reach. */
	chain_text(&c, "assay/a/b/c.yaml", "x");
	chain_sign(&c, 1, "bc");
	differs(&c, "assay/a/b/c.yaml", ASSAY_TUF_OUTSIDE);
}

static void
many_differences(void **state)
{
	(void)state;
	static char paths[CHAIN_FILES][32];
	struct chain c = chain_new();
	const size_t more = CHAIN_FILES - c.count;
	for (size_t i = 0; i < more; i++) {
		(void)snprintf(paths[i], sizeof paths[i], "assay/x%02zu.yaml", i);
		chain_text(&c, paths[i], "x");
	}
	fails(&c, AUTHORITY_CHANGED, "assay/x00.yaml", "files are not what the policy role signed; the first is added");
	assert_int_equal(a.difference_total, more);
	assert_int_equal(a.difference_count, more < AUTHORITY_DIFFERENCES_MAX ? more : AUTHORITY_DIFFERENCES_MAX);
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = { TEST(sound), TEST(pinned), TEST(first_root), TEST(people_not_keys), TEST(next_roots),
		TEST(rotation), TEST(gaps), TEST(expiry), TEST(targets), TEST(one_key_two_names), TEST(policy), TEST(another_repository), TEST(files),
		TEST(many_differences) };
	return cmocka_run_group_tests_name("authority", tests, world_make, world_done);
}
