/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/policy.h>

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena.h"

#define ID40 "0123456789abcdef0123456789abcdef01234567"
#define ID64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
defaults_are_the_strict_ones(void **state)
{
	struct assay_error err = { 0 };
	struct policy p, q;
	policy_defaults(&p);
	assert_false(p.present);
	assert_null(p.repository_id);
	assert_int_equal(p.branches.count, 1);
	assert_string_equal(p.branches.items[0], "refs/heads/**");
	assert_string_equal(p.tags.items[0], "refs/tags/**");
	assert_int_equal(p.release_branches.count, 0);
	assert_int_equal(p.cut_over.count, 0);
	assert_int_equal(p.skew_seconds, 300);
	assert_int_equal(p.platform, PLATFORM_REFUSE);
	assert_int_equal(p.access_review_days, ACCESS_REVIEW_DAYS);
	assert_false(p.own_review);
	assert_int_equal(policy_parse(assay_span_str("assay-policy: 1\n"), "p", *state, &q, &err),
	    ASSAY_OK);
	assert_true(q.present);
	assert_int_equal(q.skew_seconds, 300);
	assert_string_equal(q.branches.items[0], "refs/heads/**");
}

static void
every_key_is_read(void **state)
{
	struct assay_error err = { 0 };
	struct policy p;
	const char *text = "assay-policy: 1\n"
			   "repository-id: 00000000000000000000000000000001\n"
			   "scope:\n"
			   "  branches: [\"refs/heads/main\", refs/heads/release/*]\n"
			   "  tags: []\n"
			   "  release-branches: [refs/heads/main]\n"
			   "cut-over:\n"
			   "  - " ID40 "\n"
			   "  - " ID64 "\n"
			   "time: {skew: 86400}\n"
			   "signatures: {platform: merges}\n";
	if (policy_parse(assay_span_str(text), "p", *state, &p, &err) != ASSAY_OK)
		fail_msg("%u: %s", err.line, err.what);
	assert_string_equal(p.repository_id, "00000000000000000000000000000001");
	assert_int_equal(p.branches.count, 2);
	assert_string_equal(p.branches.items[1], "refs/heads/release/*");
	assert_int_equal(p.tags.count, 0);
	assert_string_equal(p.release_branches.items[0], "refs/heads/main");
	assert_int_equal(p.cut_over.count, 2);
	assert_string_equal(p.cut_over.items[0], ID40);
	assert_int_equal(p.skew_seconds, 86400);
	assert_int_equal(p.platform, PLATFORM_MERGES);
}

static const struct {
	const char *text; /* behind the version's line */
	unsigned line;
	const char *what;
	const char *todo;
} bad[] = {
	{ "scop: {}\n", 2, "unknown key 'scop'", "did you mean 'scope'?" },
	{ "scope: {branchs: []}\n", 2, "unknown key 'branchs'", "'branches'" },
	{ "time: {}\ntime: {}\n", 3, "'time' stands twice", "" },
	{ "time: &t {skew: 1}\n", 2, "anchor", "" },
	{ "time:\n", 2, "time must be a mapping", "" },
	{ "repository-id: 0000000000000000000000000000000\n", 2, "32 hex", "assay init" },
	{ "repository-id: 0000000000000000000000000000000A\n", 2, "32 hex", "" },
	{ "repository-id: [a]\n", 2, "must be text", "" },
	{ "scope: {branches: []}\n", 2, "nothing would be in scope", "" },
	{ "scope: {branches: [main]}\n", 2, "'main' in branches", "full name" },
	{ "scope: {branches: [refs/heads/]}\n", 2, "doesn't begin", "" },
	{ "scope: {branches: [refs/tags/x]}\n", 2, "doesn't begin", "" },
	{ "scope: {branches: refs/heads/main}\n", 2, "must be a list", "" },
	{ "scope: {tags: [refs/heads/x]}\n", 2, "doesn't begin", "" },
	{ "scope: {release-branches: [refs/heads/*]}\n", 2, "not patterns", "" },
	{ "cut-over: [abc]\n", 2, "full object id", "40 or 64" },
	{ "cut-over: [0123456789ABCDEF0123456789abcdef01234567]\n", 2, "full object id", "" },
	{ "cut-over: 2024-01-01\n", 2, "must be a list", "" },
	{ "time: {skew: 86401}\n", 2, "at most 86400", "" },
	{ "time: {skew: 1h}\n", 2, "whole number", "" },
	{ "signatures: {platform: maybe}\n", 2, "can't be 'maybe'",
	    "'refuse', 'merges' or 'accept'" },
	{ "signatures: refuse\n", 2, "must be a mapping", "" },
};

static void
errors_name_place_and_way_out(void **state)
{
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		struct policy p = { .skew_seconds = 7 };
		char *text = arena_printf(*state, "assay-policy: 1\n%s", bad[i].text);
		if (policy_parse(assay_span_str(text), "policy.yaml", *state, &p, &err)
		    != ASSAY_E_FORMAT)
			fail_msg("row %zu is taken", i);
		if (err.line != bad[i].line || err.column == 0
		    || strstr(err.what, bad[i].what) == NULL
		    || strstr(err.todo, bad[i].todo) == NULL)
			fail_msg("row %zu: %u:%u: %s; %s", i, err.line, err.column, err.what,
			    err.todo);
		assert_string_equal(err.file, "policy.yaml");
		assert_int_equal(p.skew_seconds, 7);
	}
}

static void
versions_are_kept_apart(void **state)
{
	static const struct {
		const char *text;
		enum assay_status status;
		const char *what;
	} rows[] = {
		{ "assay-policy: 2\nnews: true\n", ASSAY_E_VERSION, "format 2" },
		{ "assay-policy: 4294967295\n", ASSAY_E_VERSION, "which knows 1" },
		{ "assay-policy: 0\n", ASSAY_E_FORMAT, "format 0" },
		{ "assay-policy: '1'\n", ASSAY_E_FORMAT, "whole number" },
		{ "assay-policy: one\n", ASSAY_E_FORMAT, "whole number" },
		{ "assay-policy:\n", ASSAY_E_FORMAT, "whole number" },
		{ "assay-roster: 1\n", ASSAY_E_FORMAT, "first key must be 'assay-policy'" },
		{ "time: {skew: 1}\nassay-policy: 1\n", ASSAY_E_FORMAT, "first key" },
		{ "{}\n", ASSAY_E_FORMAT, "first key" },
		{ "- a\n", ASSAY_E_FORMAT, "must begin with" },
		{ "1\n", ASSAY_E_FORMAT, "must begin with" },
		{ "", ASSAY_E_FORMAT, "empty" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct assay_error err = { 0 };
		struct policy p;
		enum assay_status s
		    = policy_parse(assay_span_str(rows[i].text), "p", *state, &p, &err);
		if (s != rows[i].status || strstr(err.what, rows[i].what) == NULL)
			fail_msg("row %zu: %s", i, err.what);
		assert_int_equal(err.line, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_the_strict_ones),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(errors_name_place_and_way_out),
		cmocka_unit_test(versions_are_kept_apart),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
