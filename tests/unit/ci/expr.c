/* SPDX-License-Identifier: Apache-2.0 */
/* The expression language of GitHub's workflows. */
#include "../../../src/ci/expr.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <stddef.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena.h"

static struct expr *
good(void **state, const char *text)
{
	struct assay_error err = { 0 };
	struct expr *e = NULL;
	if (expr_parse(assay_span_str(text), *state, &e, &err) != ASSAY_OK)
		fail_msg("%s: %s at %u", text, err.what, err.column);
	return e;
}

static void
bad(void **state, const char *text)
{
	struct assay_error err = { 0 };
	struct expr *e = NULL;
	if (expr_parse(assay_span_str(text), *state, &e, &err) != ASSAY_E_FORMAT || e != NULL)
		fail_msg("'%s' was taken", text);
}

static void
path_is(void **state, const char *text, const char *expected)
{
	char path[EXPR_PATH_MAX];
	assert_true(expr_path(good(state, text), path, sizeof path));
	assert_string_equal(path, expected);
}

static void
paths_are_the_same_however_they_are_written(void **state)
{
	path_is(state, "github.event.issue.title", "github.event.issue.title");
	path_is(state, "GitHub['Event'] . issue [ 'title' ]", "github.event.issue.title");
	path_is(state, "(github.event).commits[0].message", "github.event.commits.*.message");
	path_is(state, "github.event.commits.*.message", "github.event.commits.*.message");
	path_is(state, "secrets[format('A_{0}', matrix.x)]", "secrets.?");
	path_is(state, "steps.a-b_c.outputs['d''e']", "steps.a-b_c.outputs.d'e");
	assert_true(expr_path_match("github.event.pages.*.title", "github.event.pages.*.title"));
	assert_true(expr_path_match("github.event.issue.title", "github.?.issue.title"));
	assert_false(expr_path_match("github.event.issue.title", "github.event.issue"));
	assert_true(expr_path_above("github.event", "github.event.issue.title"));
	assert_false(expr_path_above("github.event.pull_request", "github.event.issue.title"));
}

static void
what_is_no_expression_is_refused(void **state)
{
	static const char *const texts[] = { "", " ", "a b", "a.", "a[", "a[]", "a[1", "'x", "f(", "f(a", "f(a,)", "(a", "a)", "a ==",
		"== a", "!", "a && ", "a | b", "a & b", "a = b", "\"x\"", "#", "a.1", "a..b" };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		bad(state, texts[i]);
	CLEANUP(buf_done) struct buf deep = BUF_INIT(1u << 16);
	for (int i = 0; i < 2000; i++)
		buf_add_str(&deep, "(");
	bad(state, buf_str(&deep));
	buf_reset(&deep);
	for (int i = 0; i < 2000; i++)
		buf_add_str(&deep, "!");
	bad(state, buf_str(&deep));
	buf_reset(&deep);
	buf_add_str(&deep, "a");
	for (int i = 0; i < 2000; i++)
		buf_add_str(&deep, ".a");
	bad(state, buf_str(&deep));
}

static void
look_up(const char *path, struct expr_value *ret_value, void *context)
{
	static const struct {
		const char *path, *text;
	} values[] = { { "github.event_name", "push" }, { "github.actor", "\002user" }, { "github.repository", "\001own" },
		{ "head.repo", "\002fork" }, { "association", "\003\"NONE\",\"CONTRIBUTOR\"" }, { "empty", "" } };
	(void)context;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		if (strcmp(values[i].path, path) == 0)
			*ret_value = (struct expr_value){ true, true, values[i].text };
	}
}

static void
conditions_are_decided_as_far_as_they_can_be(void **state)
{
	static const struct {
		const char *text;
		enum expr_truth truth;
	} cases[] = {
		{ "github.event_name == 'push'", EXPR_TRUE }, { "github.event_name == 'PUSH'", EXPR_TRUE },
		{ "github.event_name != 'push'", EXPR_FALSE }, { "github.event_name == 'x' || vars.A", EXPR_OPEN },
		{ "github.event_name == 'x' && vars.A", EXPR_FALSE }, { "vars.A && github.event_name == 'x'", EXPR_FALSE },
		{ "vars.A || github.event_name == 'push'", EXPR_TRUE }, { "!vars.A", EXPR_OPEN },
		{ "!(github.event_name == 'x')", EXPR_TRUE }, { "always()", EXPR_TRUE }, { "success()", EXPR_OPEN },
		{ "'false'", EXPR_TRUE }, { "false", EXPR_FALSE }, { "0", EXPR_FALSE }, { "null", EXPR_FALSE }, { "''", EXPR_FALSE },
		{ "empty", EXPR_FALSE }, { "vars.A == 'x'", EXPR_OPEN },
		{ "contains(github.event_name, 'us')", EXPR_TRUE }, { "startsWith(github.event_name, 'pull')", EXPR_FALSE },
		{ "endsWith(github.event_name, 'sh')", EXPR_TRUE },
		{ "contains(fromJSON('[\"push\", \"x\"]'), github.event_name)", EXPR_TRUE },
		{ "contains(fromJSON('[\"pushed\"]'), github.event_name)", EXPR_FALSE },
		/* What is a stranger's equals nothing that is written, save a bot's name; what is one's own may equal anything. */
		{ "github.actor == 'me'", EXPR_FALSE }, { "github.actor == 'x[bot]'", EXPR_OPEN }, { "github.actor != 'me'", EXPR_TRUE },
		{ "github.repository == 'a/b'", EXPR_OPEN }, { "head.repo == github.repository", EXPR_FALSE },
		{ "github.repository != head.repo", EXPR_TRUE }, { "startsWith(github.actor, 'm')", EXPR_OPEN },
		{ "association == 'OWNER'", EXPR_FALSE }, { "association == 'CONTRIBUTOR'", EXPR_OPEN },
		{ "contains(fromJSON('[\"OWNER\",\"MEMBER\"]'), association)", EXPR_FALSE },
		{ "contains(fromJSON('[\"OWNER\",\"NONE\"]'), association)", EXPR_OPEN },
		{ "contains('OWNER NONE', association)", EXPR_OPEN },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum expr_truth t = expr_truth(good(state, cases[i].text), look_up, NULL);
		if (t != cases[i].truth)
			fail_msg("%s: %d, not %d", cases[i].text, (int)t, (int)cases[i].truth);
	}
}

static void
pieces_of_a_text_end_where_their_braces_do(void **state)
{
	const char *text = "a ${{ x }} b ${{ '}}' }} c ${{ y";
	size_t cursor = 0;
	struct expr_piece p;
	bool closed = false;
	(void)state;
	assert_true(expr_next(text, &cursor, &p, &closed) && closed);
	assert_int_equal(p.begin, 2);
	assert_int_equal(p.end, 10);
	assert_true(expr_next(text, &cursor, &p, &closed) && closed);
	assert_int_equal(p.inner.len, 6);
	assert_true(expr_next(text, &cursor, &p, &closed));
	assert_false(closed);
	assert_false(expr_next(text, &cursor, &p, &closed));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(paths_are_the_same_however_they_are_written, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_no_expression_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(conditions_are_decided_as_far_as_they_can_be, setup, teardown),
		cmocka_unit_test_setup_teardown(pieces_of_a_text_end_where_their_braces_do, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
