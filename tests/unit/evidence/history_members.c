/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small members beside the objects: HEAD, and what is called complete.
 */
#include "forge.h"

#include <git2/global.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ARENA_CAP (64u << 20)
#define T0 1700000000

static struct forge forge;
static struct test_key ann;

static struct arena *
make_arena(void)
{
	struct arena *a = NULL;
	assert_int_equal(arena_new(ARENA_CAP, &a), ASSAY_OK);
	return a;
}

static const struct history *
parse(struct arena *a)
{
	struct parse_context c = { a, NULL, NULL };
	const void *facts = NULL;
	struct assay_error err = { 0 };
	if (history_parse(forge_evidence(&forge), &c, &facts, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return facts;
}

static void
refused(enum assay_status expected, const char *words)
{
	struct arena *a = make_arena();
	struct parse_context c = { a, NULL, NULL };
	const void *facts = NULL;
	struct assay_error err = { 0 };
	assert_int_equal(history_parse(&forge.evidence, &c, &facts, &err), expected);
	assert_null(facts);
	if (strstr(err.what, words) == NULL)
		fail_msg("'%s' doesn't say '%s'", err.what, words);
	arena_free(&a);
}

static uint32_t
place(const struct history *h, const char *hex)
{
	struct oid id;
	assert_int_equal(oid_parse(assay_span_str(hex), h->algo, &id), ASSAY_OK);
	uint32_t c = history_find_commit(h, &id);
	return c != HISTORY_NONE ? c : history_find_tag(h, &id);
}

static int
setup(void **state)
{
	(void)state;
	forge_init(&forge, OID_SHA1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	forge_done(&forge);
	return 0;
}

static const char *
add(const char *parent, int64_t time, const struct test_key *key)
{
	struct forge_commit c = { .parents = { parent }, .parent_count = parent != NULL, .time = time };
	c.sign.key = key;
	return forge_commit(&forge, &c);
}

static void
head_has_an_id(void **state)
{
	(void)state;
	struct arena *a = make_arena();
	char head[256];
	char *one = strdup(add(NULL, T0, &ann));
	const char *two = add(one, T0 + 60, &ann);
	forge_ref(&forge, two, "refs/heads/main");
	(void)snprintf(head, sizeof head, "detached %s", one);
	forge.head = head;
	const struct history *h = parse(a);
	assert_true(h->has_head);
	assert_null(h->head);
	assert_int_equal(history_find_commit(h, &h->head_id), place(h, one));
	(void)snprintf(head, sizeof head, "refs/heads/main %s", two);
	h = parse(a);
	assert_string_equal(h->head, "refs/heads/main");
	assert_int_equal(history_find_commit(h, &h->head_id), place(h, two));
	(void)snprintf(head, sizeof head, "refs/heads/main %s", one);
	(void)forge_evidence(&forge);
	refused(ASSAY_E_FORMAT, "two ids");
	static const char *const bad[] = { "detached", "detached ", "detached 12", "main", "refs/heads/main ",
		"refs/heads/main x", " " };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		forge.head = bad[i];
		(void)forge_evidence(&forge);
		refused(ASSAY_E_FORMAT, "git/head isn't");
	}
	free(one);
	arena_free(&a);
}

static void
complete_is_held_to_its_lists(void **state)
{
	(void)state;
	const char *one = add(NULL, T0, &ann);
	buf_addf(&forge.absent, "%s\n", one);
	struct evidence *e = forge_evidence(&forge);
	e->completeness = EVIDENCE_COMPLETE;
	refused(ASSAY_E_FORMAT, "1 absent objects and 0 shallow");
	buf_reset(&forge.absent);
	buf_addf(&forge.shallow, "%s\n", one);
	e = forge_evidence(&forge);
	e->completeness = EVIDENCE_COMPLETE;
	refused(ASSAY_E_FORMAT, "0 absent objects and 1 shallow");
	struct arena *a = make_arena();
	assert_int_equal(parse(a)->shallow_count, 1);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(head_has_an_id, setup, teardown),
		cmocka_unit_test_setup_teardown(complete_is_held_to_its_lists, setup, teardown),
	};
	git_libgit2_init();
	ann = test_key_make(ASSAY_KEY_ED25519, 0);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	test_key_done(&ann);
	git_libgit2_shutdown();
	return failed;
}
