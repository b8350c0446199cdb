/* SPDX-License-Identifier: Apache-2.0 */
/* repo.trusted-clone */
#include "world.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct world *w;

static int
setup(void **state)
{
	(void)state;
	w = world_new();
	w->clone.commits = 5;
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
	return world_judge(w, "repo.trusted-clone");
}

static void
clean_clone_passes_on_the_makers_word(void **state)
{
	(void)state;
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, VERDICT_PASS);
	assert_null(v->next);
	assert_int_equal(v->grade.source, GRADE_ASSERTED);
	assert_int_equal(v->grade.depth, GRADE_OBSERVED);
	assert_int_equal(world_number(v, "commits hashed again"), 5);
}

static void
each_list(void **state)
{
	(void)state;
	static const struct {
		size_t offset;
		const char *id;
		bool gap;
	} rows[] = {
		{ offsetof(struct clone_facts, altered), "altered-object", true },
		{ offsetof(struct clone_facts, collisions), "collision", true },
		{ offsetof(struct clone_facts, missing), "missing-object", true },
		{ offsetof(struct clone_facts, over_cap), "over-cap", false },
		{ offsetof(struct clone_facts, replace), "replace-ref", true },
		{ offsetof(struct clone_facts, grafts), "graft", true },
		{ offsetof(struct clone_facts, alternates), "foreign-alternate", true },
		{ offsetof(struct clone_facts, config), "config-key", true },
		{ offsetof(struct clone_facts, copies), "altered-object", true },
		{ offsetof(struct clone_facts, indexes), "forged-index", true },
		{ offsetof(struct clone_facts, state_tracked), "state-tracked", true },
		{ offsetof(struct clone_facts, shallow), "shallow", false },
		{ offsetof(struct clone_facts, promisors), "partial", false },
		{ offsetof(struct clone_facts, unread), "unread", false },
	};
	static const struct clone_item item = { "the subject", "the detail", "config", 7 };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct clone_list *list = (struct clone_list *)((char *)&w->clone + rows[i].offset);
		*list = (struct clone_list){ &item, 1, 1 };
		const struct control_verdict *v = judge();
		assert_int_equal(v->verdict, rows[i].gap ? VERDICT_FAIL : VERDICT_UNKNOWN);
		assert_int_equal(v->finding_total, 1);
		assert_int_equal(world_count(v, rows[i].id, NULL), 1);
		assert_int_equal(v->findings[0].gap, rows[i].gap);
		assert_non_null(v->next);
		*list = (struct clone_list){ NULL, 0, 0 };
	}
	assert_int_equal(judge()->verdict, VERDICT_PASS);
}

static void
places_in_files(void **state)
{
	(void)state;
	static const struct clone_item item = { "core.fsmonitor", "runs a program", ".git/config", 7 };
	w->clone.config = (struct clone_list){ &item, 1, 1 };
	const struct finding *f = &judge()->findings[0];
	assert_string_equal(f->object, "core.fsmonitor");
	assert_string_equal(f->file, ".git/config");
	assert_int_equal(f->line, 7);
	assert_non_null(strstr(f->message, "runs a program"));
}

static void
what_is_beyond_the_list_counts(void **state)
{
	(void)state;
	static const struct clone_item item = { "a", "b", NULL, 0 };
	w->clone.altered = (struct clone_list){ &item, 1, 42 };
	const struct control_verdict *v = judge();
	assert_int_equal(v->finding_count, 1);
	assert_int_equal(v->gap_total, 42);
}

static void
missing_for_a_reason(void **state)
{
	(void)state;
	static const struct clone_item items[] = { { "1", "edge", NULL, 0 }, { "2", "other", NULL, 0 } };
	static const struct clone_item edge = { "edge", NULL, NULL, 0 };
	w->clone.missing = (struct clone_list){ items, 2, 2 };
	assert_int_equal(judge()->gap_total, 2);
	/* A shallow boundary cuts off parents, never what a boundary commit itself holds. */
	w->clone.shallow = (struct clone_list){ &edge, 1, 1 };
	assert_int_equal(judge()->gap_total, 2);
	w->clone.missing.total = 9;
	assert_int_equal(judge()->gap_total, 9);
	w->clone.missing.total = 2;
	w->clone.partial = true;
	assert_int_equal(judge()->gap_total, 0);
	assert_int_equal(judge()->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(judge(), "partial", NULL), 1);
	/* More missing than listed, and no boundary to explain it. */
	w->clone.partial = false;
	w->clone.shallow = (struct clone_list){ NULL, 0, 0 };
	w->clone.missing.total = 9;
	assert_int_equal(judge()->gap_total, 9);
}

static void
nothing_hashed(void **state)
{
	(void)state;
	w->clone.commits = 0;
	const struct control_verdict *v = judge();
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(v->reason, "nothing"));
	w->clone.blobs = 1;
	assert_int_equal(judge()->verdict, VERDICT_PASS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(clean_clone_passes_on_the_makers_word, setup, teardown),
		cmocka_unit_test_setup_teardown(each_list, setup, teardown),
		cmocka_unit_test_setup_teardown(places_in_files, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_beyond_the_list_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(missing_for_a_reason, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_hashed, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
