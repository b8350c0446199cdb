/* SPDX-License-Identifier: Apache-2.0 */
/* access.register */
#include "shelf.h"

#include <policy/access.h>

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The judge's day is 2023-11-15. */
#define SYSTEMS                                                                                    \
	"assay-access: 1\n"                                                                        \
	"systems:\n"                                                                               \
	"  - {id: source, kind: repository, name: The source, owner: alice}\n"                     \
	"  - {id: ci, kind: pipeline, name: The pipeline, owner: bob}\n"                           \
	"  - {id: host, kind: build-host, name: The build host, owner: bob}\n"                     \
	"absent:\n"                                                                                \
	"  - {kind: artifact-store, reason: releases are handed over by hand}\n"                   \
	"  - {kind: signing-token, reason: nothing is signed yet}\n"
#define GRANTS                                                                                     \
	"grants:\n"                                                                                \
	"  - {who: alice, systems: [source, ci, host], rights: [read, write], reason: she writes it, since: 2023-01-01}\n" \
	"  - {who: bob, systems: source, rights: [read, approve], reason: he reviews it, since: 2023-01-01}\n"
#define REVIEWED "reviewed: {date: 2023-11-01, by: [alice, bob]}\n"
#define GOOD SYSTEMS REVIEWED GRANTS

static struct shelf *s;

static int
setup(void **state)
{
	(void)state;
	s = shelf_new();
	shelf_control(s, "access.register");
	shelf_person(s, "alice");
	shelf_person(s, "bob");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	shelf_free(s);
	return 0;
}

static const struct control_verdict *
judge(const char *text)
{
	shelf_file(s, ACCESS_PATH, text);
	return shelf_judge(s, "access.register");
}

static void
whole_register_waits_for_a_signature(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(GOOD);
	assert_int_equal(v->finding_total, 1);
	assert_int_equal(world_count(v, "review-unsigned", NULL), 1);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_number(v, "systems"), 3);
	assert_int_equal(world_number(v, "rights that hold"), 2);
}

static void
no_register_no_roster(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(NULL);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "no-register", ACCESS_PATH), 1);
	s->w->roster.present = false;
	v = judge(GOOD);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "no-roster", NULL), 1);
}

static void
malformed_is_unknown_with_its_place(void **state)
{
	(void)state;
	const struct control_verdict *v = judge("assay-access: 1\nsystms: []\n");
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "record-malformed", NULL), 1);
	assert_int_equal(v->findings[0].line, 2);
	assert_string_equal(v->findings[0].file, ACCESS_PATH);
	v = judge("assay-access: 2\n");
	assert_int_equal(world_count(v, "record-malformed", NULL), 1);
	/* A link, and a file that is too large to have been read. */
	shelf_file(s, ACCESS_PATH, GOOD);
	s->files[0].mode = 0120000;
	assert_int_equal(world_count(shelf_judge(s, "access.register"), "record-unread", NULL), 1);
	shelf_file(s, ACCESS_PATH, GOOD);
	s->files[0].has_bytes = false;
	s->files[0].why = "larger than 4194304 bytes";
	v = shelf_judge(s, "access.register");
	assert_int_equal(world_count(v, "record-unread", NULL), 1);
	assert_non_null(strstr(v->reason, "larger"));
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
}

/* One change to the whole register, and what it is found as. */
static void
each_gap(void **state)
{
	(void)state;
	static const struct {
		const char *text, *id, *object;
	} rows[] = {
		{ "assay-access: 1\nsystems:\n  - {id: source, kind: repository, name: S, owner: alice}\n" REVIEWED
		  "grants:\n  - {who: alice, systems: source, rights: [write], reason: r, since: 2023-01-01}\n",
		    "kind-missing", "pipeline" },
		{ SYSTEMS REVIEWED "grants:\n  - {who: alice, systems: [source, ci], rights: [write], reason: r, since: 2023-01-01}\n",
		    "system-without-rights", "host" },
		{ SYSTEMS REVIEWED GRANTS "  - {who: zoe, systems: ci, rights: [read], reason: r, since: 2023-01-01}\n",
		    "holder-unknown", "zoe" },
		{ SYSTEMS GRANTS, "never-reviewed", "alice" },
		{ SYSTEMS "reviewed: {date: 2023-08-01, by: [alice, bob]}\n" GRANTS, "review-overdue", "alice" },
		{ SYSTEMS "reviewed: {date: 2023-11-16, by: [alice, bob]}\n" GRANTS, "review-in-future", "alice" },
		{ SYSTEMS "reviewed: {date: 2023-11-01, by: [alice, zoe]}\n" GRANTS, "reviewer-unknown", "zoe" },
		{ SYSTEMS "reviewed: {date: 2023-11-01, by: alice}\n" GRANTS, "reviewed-by-holder", "alice" },
		{ SYSTEMS "services: [{id: bot, name: B, owner: alice}]\n" REVIEWED GRANTS
			  "  - {who: bot, systems: ci, rights: [approve], reason: r, since: 2023-01-01}\n",
		    "service-approves", "bot" },
		{ SYSTEMS "services: [{id: bot, name: B, owner: zoe}]\n" REVIEWED GRANTS, "service-without-owner", "bot" },
		{ SYSTEMS "services: [{id: bob, name: B, owner: alice}]\n" REVIEWED GRANTS, "holder-ambiguous", "bob" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct control_verdict *v = judge(rows[i].text);
		if (v->verdict != VERDICT_FAIL || world_count(v, rows[i].id, rows[i].object) == 0)
			fail_msg("row %zu: %s, not '%s'", i, v->reason, rows[i].id);
		assert_string_equal(v->findings[0].file, ACCESS_PATH);
		assert_non_null(v->next);
	}
}

static void
said_to_be_absent_and_there(void **state)
{
	(void)state;
	static const char text[] = "assay-access: 1\nsystems:\n"
				   "  - {id: host, kind: build-host, name: H, owner: alice}\n"
				   "absent:\n"
				   "  - {kind: repository, reason: none}\n"
				   "  - {kind: pipeline, reason: none}\n"
				   "  - {kind: artifact-store, reason: none}\n"
				   "  - {kind: signing-token, reason: none}\n" REVIEWED
				   "grants: [{who: alice, systems: host, rights: [write], reason: r, since: 2023-01-01}]\n";
	assert_int_equal(world_count(judge(text), "absent-but-seen", NULL), 1);
	shelf_file(s, ".github/workflows/build.yml", "on: push\n");
	assert_int_equal(world_count(judge(text), "absent-but-seen", NULL), 2);
	assert_int_equal(world_count(judge(text), "absent-but-seen", "pipeline"), 1);
}

static void
owner_must_be_a_person_of_the_roster(void **state)
{
	(void)state;
	s->w->entries[0].kind = ROSTER_PLATFORM;
	assert_int_equal(world_count(judge(GOOD), "owner-unknown", "alice"), 1);
}

static void
policy_says_how_often_and_by_whom(void **state)
{
	(void)state;
	s->w->policy.access_review_days = 14;
	assert_int_equal(judge(GOOD)->gap_total, 0);
	s->w->policy.access_review_days = 13;
	assert_int_equal(world_count(judge(GOOD), "review-overdue", NULL), 2);
	s->w->policy.access_review_days = ACCESS_REVIEW_DAYS;
	s->w->policy.own_review = true;
	assert_int_equal(judge(SYSTEMS "reviewed: {date: 2023-11-01, by: alice}\n" GRANTS)->gap_total, 0);
}

static void
own_review_of_a_grant_counts_when_later(void **state)
{
	(void)state;
	static const char text[] = SYSTEMS
	    "reviewed: {date: 2023-01-01, by: [alice, bob]}\n"
	    "grants:\n"
	    "  - {who: alice, systems: [source, ci, host], rights: [write], reason: r, since: 2023-01-01, "
	    "reviewed: {date: 2023-11-14, by: bob}}\n";
	assert_int_equal(judge(text)->gap_total, 0);
}

static void
ended_grants_owe_no_review(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(SYSTEMS REVIEWED GRANTS
	    "  - {who: bob, systems: ci, rights: [write], reason: r, since: 2022-01-01, until: 2022-02-01, reviewed: {date: "
	    "2022-01-02, by: bob}}\n");
	assert_int_equal(v->gap_total, 0);
	assert_int_equal(world_number(v, "rights that have ended or not begun"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole_register_waits_for_a_signature, setup, teardown),
		cmocka_unit_test_setup_teardown(no_register_no_roster, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed_is_unknown_with_its_place, setup, teardown),
		cmocka_unit_test_setup_teardown(each_gap, setup, teardown),
		cmocka_unit_test_setup_teardown(said_to_be_absent_and_there, setup, teardown),
		cmocka_unit_test_setup_teardown(owner_must_be_a_person_of_the_roster, setup, teardown),
		cmocka_unit_test_setup_teardown(policy_says_how_often_and_by_whom, setup, teardown),
		cmocka_unit_test_setup_teardown(own_review_of_a_grant_counts_when_later, setup, teardown),
		cmocka_unit_test_setup_teardown(ended_grants_owe_no_review, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
