/* SPDX-License-Identifier: Apache-2.0 */
#include <evidence/clone.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#define UNIT_ARENA_MAX (16u << 20)
#include "../arena_static.h"

#define ID "1111111111111111111111111111111111111111"
#define OTHER "2222222222222222222222222222222222222222"

/* A clean record, in pieces that tests put others in place of. */
#define HEAD "{\"algo\":\"sha1\",\"altered\":[],\"alternates\":[],\"assay-clone\":1,\"bare\":false,"
#define MIDDLE                                                                                     \
	"\"collisions\":[],\"commit-graph\":true,\"config\":[],\"copies\":[],\"grafts\":[],\"hooks\":[],\"indexes\":[],"        \
	"\"leftovers\":5,\"missing\":[],\"objects\":{\"blob\":3,\"commit\":1,\"tag\":4,\"tree\":2},"
#define TAIL                                                                                       \
	"\"over-cap\":[],\"partial\":false,\"promisors\":[],\"replace\":[],\"shallow\":[],"        \
	"\"state-tracked\":[],\"unread\":[],\"worktrees\":2}"

static enum assay_status
parse(const char *json, const struct clone_facts **ret_facts, struct assay_error *err)
{
	struct evidence_member m = { "git/clone.json", assay_span_str(json), { 0 } };
	struct evidence e = { .kind = CLONE_KIND, .members = &m, .member_count = 1 };
	struct parse_context c = { arena, NULL, NULL };
	const void *facts = NULL;
	enum assay_status status = clone_parse(&e, &c, &facts, err);
	*ret_facts = facts;
	return status;
}

static void
refused(const char *json, enum assay_status expected, const char *words)
{
	const struct clone_facts *f = NULL;
	struct assay_error err = { 0 };
	assert_int_equal(parse(json, &f, &err), expected);
	assert_null(f);
	if (strstr(err.what, words) == NULL)
		fail_msg("'%s' doesn't say '%s'", err.what, words);
}

static void
clean_record(void **state)
{
	(void)state;
	const struct clone_facts *f = NULL;
	struct assay_error err = { 0 };
	assert_int_equal(parse(HEAD MIDDLE TAIL, &f, &err), ASSAY_OK);
	assert_false(f->bare);
	assert_false(f->partial);
	assert_true(f->has_commit_graph);
	assert_int_equal(f->commits, 1);
	assert_int_equal(f->trees, 2);
	assert_int_equal(f->blobs, 3);
	assert_int_equal(f->tags, 4);
	assert_int_equal(f->worktrees, 2);
	assert_int_equal(f->leftovers, 5);
	assert_int_equal(f->altered.total, 0);
}

static void
every_list(void **state)
{
	(void)state;
	const struct clone_facts *f = NULL;
	struct assay_error err = { 0 };
	const char *json =
	    "{\"algo\":\"sha256\",\"altered\":[{\"found\":\"" OTHER "\",\"id\":\"" ID
	    "\",\"type\":\"blob\"}],\"alternates\":[{\"base64\":\"L2EA\"}],\"assay-clone\":1,"
	    "\"bare\":true,\"collisions\":[\"" ID "\"],\"commit-graph\":false,\"config\":[{\"file\":"
	    "\"config\",\"key\":\"core.fsmonitor\",\"line\":7,\"note\":\"runs a program\"}],"
	    "\"copies\":[{\"file\":\"p\",\"note\":\"n\"}],\"grafts\":[\"" ID "\"],\"hooks\":[\"pre-commit\"],"
	    "\"indexes\":[{\"file\":\"g\",\"note\":\"m\"}],\"leftovers\":0,\"missing\":[{\"id\":\"" ID
	    "\",\"needed-by\":\"" OTHER "\"}],\"more\":{\"missing\":41},\"objects\":{\"blob\":0,"
	    "\"commit\":0,\"tag\":0,\"tree\":0},\"over-cap\":[\"" ID "\"],\"partial\":true,"
	    "\"promisors\":[\"origin\"],\"replace\":[{\"id\":\"" ID "\",\"ref\":\"refs/replace/" OTHER
	    "\"}],\"shallow\":[\"" ID "\"],\"state-tracked\":[\".assay/log\"],\"unread\":[{\"what\":"
	    "\"pack\",\"why\":\"cut\"}],\"worktrees\":0}";
	char sane[4096];
	/* A path that isn't UTF-8 comes as base64; with a NUL inside it can't be a path. */
	refused(json, ASSAY_E_FORMAT, "alternates");
	(void)snprintf(sane, sizeof sane, "%s", json);
	memcpy(strstr(sane, "L2EA"), "L2H/", 4);
	assert_int_equal(parse(sane, &f, &err), ASSAY_OK);
	assert_string_equal(f->altered.items[0].subject, ID);
	assert_string_equal(f->altered.items[0].detail, OTHER);
	assert_string_equal(f->alternates.items[0].subject, "/a\xff");
	assert_string_equal(f->collisions.items[0].subject, ID);
	assert_string_equal(f->config.items[0].subject, "core.fsmonitor");
	assert_string_equal(f->config.items[0].detail, "runs a program");
	assert_string_equal(f->config.items[0].file, "config");
	assert_int_equal(f->config.items[0].line, 7);
	assert_string_equal(f->grafts.items[0].subject, ID);
	assert_string_equal(f->hooks.items[0].subject, "pre-commit");
	assert_string_equal(f->copies.items[0].subject, "p");
	assert_string_equal(f->copies.items[0].detail, "n");
	assert_string_equal(f->indexes.items[0].subject, "g");
	assert_string_equal(f->missing.items[0].detail, OTHER);
	assert_int_equal(f->missing.count, 1);
	assert_int_equal(f->missing.total, 42);
	assert_string_equal(f->over_cap.items[0].subject, ID);
	assert_string_equal(f->promisors.items[0].subject, "origin");
	assert_string_equal(f->replace.items[0].subject, "refs/replace/" OTHER);
	assert_string_equal(f->shallow.items[0].subject, ID);
	assert_string_equal(f->state_tracked.items[0].subject, ".assay/log");
	assert_string_equal(f->unread.items[0].detail, "cut");
	assert_true(f->partial);
}

static void
malformed_records(void **state)
{
	(void)state;
	refused("[]", ASSAY_E_FORMAT, "assay-clone");
	refused("{}", ASSAY_E_FORMAT, "assay-clone");
	refused("{\"assay-clone\":2}", ASSAY_E_VERSION, "version 2");
	refused("{\"assay-clone\":1,\"algo\":\"md5\"}", ASSAY_E_FORMAT, "algo");
	refused("{\"assay-clone\":1,\"algo\":\"sha1\",\"surprise\":1}", ASSAY_E_FORMAT, "does not know");
	refused("{\"assay-clone\":1,\"algo\":\"sha1\",\"bare\":1}", ASSAY_E_FORMAT, "bare");
	refused(HEAD "\"more\":{\"hopes\":1}," MIDDLE TAIL, ASSAY_E_FORMAT, "more");
	refused(HEAD "\"more\":[]," MIDDLE TAIL, ASSAY_E_FORMAT, "more");
	refused(HEAD "\"more\":{\"altered\":-1}," MIDDLE TAIL, ASSAY_E_FORMAT, "altered");
	refused(HEAD MIDDLE "\"over-cap\":[1]}", ASSAY_E_FORMAT, "partial");
	refused(HEAD MIDDLE TAIL "x", ASSAY_E_FORMAT, "");
}

/* Each key in turn misses or has another type. */
static void
wrong_types(void **state)
{
	(void)state;
	static const char *const keys[] = { "altered", "alternates", "bare", "collisions",
		"commit-graph", "config", "copies", "grafts", "hooks", "indexes", "leftovers", "missing", "objects", "over-cap", "partial",
		"promisors", "replace", "shallow", "state-tracked", "unread", "worktrees" };
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		char json[2048], mark[64];
		(void)snprintf(json, sizeof json, "%s", HEAD MIDDLE TAIL);
		(void)snprintf(mark, sizeof mark, "\"%s\":", keys[i]);
		char *at = strstr(json, mark);
		assert_non_null(at);
		at[1] = '_';
		refused(json, ASSAY_E_FORMAT, "does not know");
		at[1] = keys[i][0];
		/* The value becomes a string of the same length. */
		char *value = at + strlen(mark);
		size_t len = strcspn(value, ",");
		if (strcmp(keys[i], "objects") == 0)
			len = strcspn(value, "}") + 1;
		if (value[0] >= '0' && value[0] <= '9') {
			/* A count that is none: a digit makes room for a minus sign. */
			memmove(value + 1, value, strlen(value) + 1);
			value[0] = '-';
		} else {
			memset(value, 'x', len);
			value[0] = value[len - 1] = '"';
		}
		refused(json, ASSAY_E_FORMAT, keys[i]);
	}
}

static void
long_lists_are_refused(void **state)
{
	(void)state;
	struct buf json = BUF_INIT(1 << 20);
	const struct clone_facts *f = NULL;
	struct assay_error err = { 0 };
	for (int extra = 0; extra < 2; extra++) {
		buf_reset(&json);
		buf_add_str(&json, "{\"algo\":\"sha1\",\"altered\":[],\"alternates\":[");
		for (int i = 0; i < CLONE_LIST_MAX + extra; i++)
			buf_addf(&json, "%s\"/%d\"", i > 0 ? "," : "", i);
		buf_add_str(&json, "],\"assay-clone\":1,\"bare\":false," MIDDLE TAIL);
		assert_int_equal(parse(buf_str(&json), &f, &err),
		    extra == 0 ? ASSAY_OK : ASSAY_E_FORMAT);
	}
	buf_done(&json);
}

static void
absent_member(void **state)
{
	(void)state;
	struct evidence e = { .kind = CLONE_KIND };
	struct parse_context c = { arena, NULL, NULL };
	const void *facts = NULL;
	assert_int_equal(clone_parse(&e, &c, &facts, NULL), ASSAY_E_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(clean_record, setup, teardown),
		cmocka_unit_test_setup_teardown(every_list, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed_records, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_types, setup, teardown),
		cmocka_unit_test_setup_teardown(long_lists_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(absent_member, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
