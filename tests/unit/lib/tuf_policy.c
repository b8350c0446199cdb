/* SPDX-License-Identifier: Apache-2.0 */
/* Policy states, and for which paths a delegation is trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tufworld.h"

static struct assay_tuf_meta meta, policy;
static struct assay_tuf_role role;

static void
what_a_policy_state_covers(void **state)
{
	static const struct {
		const char *path;
		bool in;
	} rows[] = { { "assay/policy.yaml", true }, { "assay/deep/er/file", true }, { "assay/trust", true }, { "assay/trusted/x", true },
		{ "assay/Trust/1.root.json", true }, { "assay/trust/1.root.json", false }, { "assay/deviations/x.yaml", false },
		{ "assay/closures/x/y", false }, { "assay/reviews/x", false }, { "assay/ceremonies/x", false },
		{ "assay/deviations.yaml", true }, { "assay/", false }, { "assay", false }, { "assays/policy.yaml", false },
		{ "src/assay/policy.yaml", false }, { "", false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (assay_tuf_in_policy(assay_span_str(rows[i].path)) != rows[i].in)
			fail_msg("'%s'", rows[i].path);
	}
}

/* Reads policy metadata with these targets, and a delegation to it by this pattern and one level deeper. */
static void
state_of(const char *const *paths, size_t count)
{
	struct assay_tuf_room room = world_room();
	json_t *targets = world_targets(1), *payload = world_targets(3);
	size_t cursor = 0;

	world_delegate(targets, "policy", "bc", 2, "assay/*", false);
	ACCEPT(assay_tuf_parse(world_sign(targets, ""), &room, &meta, &world_error));
	assert_true(assay_tuf_next_delegation(&meta, &cursor, &role));
	for (size_t i = 0; i < count; i++)
		world_target(payload, paths[i], paths[i]);
	ACCEPT(assay_tuf_parse(world_sign(payload, ""), &room, &policy, &world_error));
}

/* A file whose content is its path, or something else. */
static struct assay_tuf_policy_file
file_of(const char *path, bool other)
{
	struct assay_tuf_policy_file file = { .path = assay_span_str(path) };
	struct assay_span content = assay_span_str(other ? "other" : path);

	file.length = content.len;
	assert_int_equal(assay_sha256(content, file.sha256), ASSAY_OK);
	return file;
}

/* All differences, as letters and paths: "c:assay/a ". */
static void
differs(const struct assay_tuf_policy_file *files, size_t count, const char *wanted)
{
	struct assay_tuf_policy_cursor cursor = { 0, 0 };
	enum assay_tuf_difference what;
	struct assay_span path;
	char got[1024] = "";

	while (assay_tuf_next_difference(&policy, &role, files, count, &cursor, &what, &path)) {
		char one[128];
		snprintf(one, sizeof one, "%c:%.*s ", "camo"[what], (int)path.len, (const char *)path.data);
		assert_true(strlen(got) + strlen(one) < sizeof got);
		strcat(got, one);
	}
	assert_string_equal(got, wanted);
}

static void
differences(void **state)
{
	static const char *const listed[] = { "assay/b", "assay/d", "assay/f" };
	struct assay_tuf_policy_file same[] = { file_of("README", false), file_of("assay/b", false), file_of("assay/d", false),
		file_of("assay/f", false), file_of("assay/trust/1.root.json", true), file_of("zoo", true) };
	struct assay_tuf_policy_file changed[] = { file_of("assay/b", true), file_of("assay/d", false), file_of("assay/f", true) };
	struct assay_tuf_policy_file added[] = { file_of("assay/a", false), file_of("assay/b", false), file_of("assay/c", false),
		file_of("assay/d", false), file_of("assay/deep/er", false), file_of("assay/f", false), file_of("assay/g", false) };
	struct assay_tuf_policy_file length[] = { file_of("assay/b", false), file_of("assay/d", false), file_of("assay/f", false) };

	(void)state;
	state_of(listed, 3);
	differs(same, 6, "");
	differs(changed, 3, "c:assay/b c:assay/f ");
	differs(added, 7, "a:assay/a a:assay/c a:assay/deep/er a:assay/g ");
	differs(same, 0, "m:assay/b m:assay/d m:assay/f ");
	differs(same + 2, 1, "m:assay/b m:assay/f ");
	length[1].length++;
	differs(length, 3, "c:assay/d ");
}

static void
empty_states(void **state)
{
	struct assay_tuf_policy_file files[] = { file_of("assay/a", false), file_of("assay/b", false) };

	(void)state;
	state_of(NULL, 0);
	differs(files, 0, "");
	differs(files, 2, "a:assay/a a:assay/b ");
}

/* What the role isn't trusted for authorises nothing. */
static void
outside_of_its_trust(void **state)
{
	static const char *const listed[] = { "README", "assay/a", "assay/deep/er", "assay/trust/1.root.json" };
	struct assay_tuf_policy_file files[] = { file_of("README", false), file_of("assay/a", false), file_of("assay/deep/er", false),
		file_of("assay/trust/1.root.json", false) };

	(void)state;
	state_of(listed, 4);
	differs(files, 4, "o:README o:assay/deep/er o:assay/trust/1.root.json ");
	differs(files, 2, "o:README o:assay/deep/er o:assay/trust/1.root.json ");
}

static void
only_sha256_authorises(void **state)
{
	struct assay_tuf_room room = world_room();
	struct assay_tuf_policy_file files[] = { file_of("assay/a", false) };
	char hex[129];
	static const char *const listed[] = { "assay/a" };

	(void)state;
	state_of(listed, 1);
	json_t *payload = world_targets(1);
	tufmake_hash("SHA512", "assay/a", 7, hex);
	json_object_set_new(json_object_get(payload, "targets"), "assay/a",
	    json_pack("{s:i, s:{s:s}}", "length", 7, "hashes", "sha512", hex));
	room.used = 1 << 20;
	ACCEPT(assay_tuf_parse(world_sign(payload, ""), &room, &policy, &world_error));
	differs(files, 1, "o:assay/a ");
}

static void
digest_of_a_state(void **state)
{
	static const char *const listed[] = { "assay/a", "assay/b" }, *const other[] = { "assay/a", "assay/c" };
	unsigned char first[ASSAY_SHA256_SIZE], second[ASSAY_SHA256_SIZE];
	struct assay_tuf_room room = world_room();

	(void)state;
	state_of(listed, 2);
	ACCEPT(assay_tuf_policy_digest(&policy, first));
	/* Signed again for longer, in a later version, it is the same state. */
	json_t *again = world_targets(9);
	world_target(again, "assay/b", "assay/b");
	world_target(again, "assay/a", "assay/a");
	world_set(again, "expires", json_string("2040-01-01T00:00:00Z"));
	ACCEPT(assay_tuf_parse(world_sign(again, "b"), &room, &policy, &world_error));
	ACCEPT(assay_tuf_policy_digest(&policy, second));
	assert_memory_equal(first, second, sizeof first);
	state_of(other, 2);
	ACCEPT(assay_tuf_policy_digest(&policy, second));
	assert_memory_not_equal(first, second, sizeof first);
	ACCEPT(assay_tuf_parse(world_sign(world_root(1), ""), &room, &policy, &world_error));
	assert_int_equal(assay_tuf_policy_digest(&policy, second), ASSAY_E_USAGE);
}

static void
patterns(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool covers;
	} rows[] = {
		/* The specification's own examples, section 4.5. */
		{ "targets/*.tgz", "targets/foo.tgz", true }, { "targets/*.tgz", "targets/bar.tgz", true },
		{ "targets/*.tgz", "targets/foo.txt", false }, { "foo-version-?.tgz", "foo-version-2.tgz", true },
		{ "foo-version-?.tgz", "foo-version-a.tgz", true }, { "foo-version-?.tgz", "foo-version-alpha.tgz", false },
		{ "*.tgz", "foo.tgz", true }, { "*.tgz", "targets/foo.tgz", false }, { "foo.tgz", "foo.tgz", true },
		{ "foo.tgz", "foo.tgzz", false }, { "foo.tgz", "afoo.tgz", false },
		{ "*", "a", true }, { "*", "a/b", false }, { "*/*", "a/b", true }, { "*/*", "a", false }, { "*/*", "a/b/c", false },
		{ "a/*", "a/.hidden", true }, { "a?b", "a/b", false }, { "?", "ab", false }, { "a*b*c", "aXbYc", true },
		{ "a*b*c", "aXbYcZ", false }, { "a*b*c", "abc", true }, { "*a*a*b", "aaaaaaaaaaaaab", true },
		{ "*a*a*b", "aaaaaaaaaaaaac", false }, { "*.c/*.h", "x.c/y.h", true }, { "*.c/*.h", "x.c.h", false },
		{ "A", "a", false }, { "a/b", "a", false }, { "a", "a/b", false }, { "*", "../x", false }, { "*", "..", false }, { "*/*", "../x", false }, { "*/*", "a/.", false },
		{ "*", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct assay_tuf_room room = world_room();
		json_t *targets = world_targets(1);
		size_t cursor = 0;
		world_delegate(targets, "some", "b", 1, rows[i].pattern, false);
		ACCEPT(assay_tuf_parse(world_sign(targets, ""), &room, &meta, &world_error));
		assert_true(assay_tuf_next_delegation(&meta, &cursor, &role));
		if (assay_tuf_covers(&role, assay_span_str(rows[i].path)) != rows[i].covers)
			fail_msg("'%s' and '%s'", rows[i].pattern, rows[i].path);
	}
}

/* As long as it gets, and built to be tried over and over. */
static void
patterns_end(void **state)
{
	char pattern[ASSAY_TUF_PATH_MAX + 1] = "", path[ASSAY_TUF_PATH_MAX + 1] = "";
	struct assay_tuf_room room = world_room();
	json_t *targets = world_targets(1);
	size_t cursor = 0;

	(void)state;
	for (size_t i = 0; i + 2 < sizeof pattern; i += 2)
		memcpy(pattern + i, "*a", 2);
	pattern[sizeof pattern - 2] = 'b';
	memset(path, 'a', sizeof path - 1);
	world_delegate(targets, "some", "b", 1, pattern, false);
	ACCEPT(assay_tuf_parse(world_sign(targets, ""), &room, &meta, &world_error));
	assert_true(assay_tuf_next_delegation(&meta, &cursor, &role));
	assert_false(assay_tuf_covers(&role, assay_span_str(path)));
	path[sizeof path - 2] = 'b';
	assert_true(assay_tuf_covers(&role, assay_span_str(path)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_policy_state_covers),
		cmocka_unit_test(differences),
		cmocka_unit_test(empty_states),
		cmocka_unit_test(outside_of_its_trust),
		cmocka_unit_test(only_sha256_authorises),
		cmocka_unit_test(digest_of_a_state),
		cmocka_unit_test(patterns),
		cmocka_unit_test(patterns_end),
	};

	return cmocka_run_group_tests(tests, world_make, world_done);
}
