/* SPDX-License-Identifier: Apache-2.0 */
/* risk.covered */
#include "shelf.h"

#include <policy/access.h>
#include <policy/risks.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The judge's day is 2023-11-15. */
#define CRITERIA                                                                                   \
	"assay-risks: 1\n"                                                                         \
	"criteria:\n"                                                                              \
	"  levels: [low, medium, high]\n"                                                          \
	"  severity: [minor, critical]\n"                                                          \
	"  likelihood: [rare, likely]\n"                                                           \
	"  matrix: {minor: [low, medium], critical: [medium, high]}\n"                             \
	"  acceptable: low\n"                                                                      \
	"accepting-role: risk-owner\n"
#define WHERE                                                                                      \
	"    asset: [repository, pipeline, dependency, build host, workstation, artifact, key, document]\n" \
	"    threat: [access, corruption, deletion]\n"                                             \
	"    stage: [design, implementation, test, release, update]\n"
#define RISK "risks:\n  - id: R1\n    title: everything\n" WHERE "    assessed: {by: alice, date: 2023-01-01}\n"
#define HIGH "    before: {severity: critical, likelihood: likely}\n"
#define LOW "    after: {severity: minor, likelihood: rare}\n"
#define LEFT "    after: {severity: critical, likelihood: rare}\n"
#define BY_BOB "    accepted: {by: bob, date: 2023-02-01}\n"
#define GOOD CRITERIA RISK HIGH "    controls: [repo.trusted-clone]\n" LOW

static struct shelf *s;

static int
setup(void **state)
{
	static const char *roles[] = { "risk-owner" };
	(void)state;
	s = shelf_new();
	shelf_control(s, "access.register");
	shelf_control(s, "repo.trusted-clone");
	s->w->clone.commits = 5;
	shelf_control(s, "risk.covered");
	shelf_control(s, "repo.moonlit");
	shelf_person(s, "alice");
	shelf_person(s, "bob");
	s->w->entries[1].roles = (struct yaml_strings){ roles, 1 };
	shelf_file(s, ACCESS_PATH,
	    "assay-access: 1\nsystems: [{id: source, kind: repository, name: S, owner: alice}]\n"
	    "absent:\n  - {kind: pipeline, reason: r}\n  - {kind: build-host, reason: r}\n"
	    "  - {kind: artifact-store, reason: r}\n  - {kind: signing-token, reason: r}\n"
	    "reviewed: {date: 2023-11-01, by: bob}\n"
	    "grants: [{who: alice, systems: source, rights: [write], reason: r, since: 2023-01-01}]\n");
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
	shelf_file(s, RISKS_PATH, text);
	return shelf_judge(s, "risk.covered");
}

static void
whole_register_waits_for_authority_alone(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(GOOD);
	assert_int_equal(v->finding_total, 0);
	assert_true(v->unauthorised);
	assert_int_equal(world_number(v, "squares with a risk"), 120);
	v = judge(CRITERIA RISK HIGH "    controls: [repo.trusted-clone]\n" LEFT BY_BOB);
	assert_int_equal(v->finding_total, 1);
	assert_int_equal(world_count(v, "acceptance-unsigned", "bob"), 1);
	assert_int_equal(world_number(v, "risks above what is acceptable"), 1);
}

static void
nothing_to_read(void **state)
{
	(void)state;
	assert_int_equal(world_count(judge(NULL), "no-risks", NULL), 1);
	assert_int_equal(judge(NULL)->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(judge("assay-risks: 1\nrisk: []\n"), "record-malformed", NULL), 1);
	assert_int_equal(judge(CRITERIA "risks: []\n")->gap_total, 120);
	s->w->roster.present = false;
	assert_int_equal(world_count(judge(GOOD), "no-roster", NULL), 1);
}

static void
each_gap(void **state)
{
	(void)state;
	static const struct {
		const char *text, *id, *object;
	} cases[] = {
		{ CRITERIA "risks:\n  - id: R1\n    title: t\n    asset: key\n    threat: access\n    stage: release\n"
			   "    assessed: {by: alice, date: 2023-01-01}\n" HIGH "    controls: [repo.trusted-clone]\n" LOW,
		    "square-uncovered", "repository" },
		{ CRITERIA RISK HIGH "    controls: [repo.trusted-clone]\n" LEFT, "residual-unaccepted", "R1" },
		{ CRITERIA RISK HIGH LOW, "lowered-by-nothing", "R1" },
		{ CRITERIA RISK HIGH "    controls: [repo.signd]\n" LOW, "control-not-there", "R1" },
		{ CRITERIA RISK HIGH "    controls: [risk.covered]\n" LOW, "leans-on-itself", "R1" },
		{ GOOD "    accepted: {by: zoe, date: 2023-02-01}\n", "acceptor-unknown", "zoe" },
		{ GOOD "    accepted: {by: alice, date: 2023-02-01}\n", "accepted-without-role", "alice" },
		{ GOOD "    accepted: {by: alice, date: 2023-02-01}\n", "accepted-by-assessor", "alice" },
		{ GOOD "    accepted: {by: bob, date: 2022-02-01}\n", "accepted-before-assessed", "R1" },
		{ GOOD "    accepted: {by: bob, date: 2024-02-01}\n", "accepted-in-future", "R1" },
		{ CRITERIA "out-of-scope: [{asset: repository, reason: r}]\n" RISK HIGH "    controls: [repo.trusted-clone]\n" LOW,
		    "out-of-scope-but-seen", "repository" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct control_verdict *v = judge(cases[i].text);
		if (v->verdict != VERDICT_FAIL || world_count(v, cases[i].id, cases[i].object) == 0)
			fail_msg("case %zu: %s", i, v->reason);
		assert_non_null(v->next);
	}
}

static void
criteria_must_mean_something(void **state)
{
	(void)state;
#define TAIL "accepting-role: risk-owner\n" RISK HIGH "    controls: [repo.trusted-clone]\n" LOW
#define HEAD                                                                                       \
	"assay-risks: 1\ncriteria:\n  levels: [low, medium, high]\n  severity: [minor, critical]\n"  \
	"  likelihood: [rare, likely]\n"
	assert_int_equal(world_count(judge(HEAD "  matrix: {minor: [low, high], critical: [low, medium]}\n  acceptable: low\n" TAIL),
			     "matrix-falls", NULL),
	    1);
	assert_int_equal(world_count(judge(HEAD "  matrix: {minor: [low, low], critical: [low, medium]}\n  acceptable: medium\n" TAIL),
			     "everything-acceptable", NULL),
	    1);
	/* A row too few, a row twice by another name, a level that there isn't. */
	static const char *const malformed[] = {
		HEAD "  matrix: {minor: [low, low]}\n  acceptable: low\n" TAIL,
		HEAD "  matrix: {minor: [low, low], worse: [low, low]}\n  acceptable: low\n" TAIL,
		HEAD "  matrix: {minor: [low, low], critical: [low]}\n  acceptable: low\n" TAIL,
		HEAD "  matrix: {minor: [low, low], critical: [low, worst]}\n  acceptable: low\n" TAIL,
		HEAD "  matrix: {minor: [low, low], critical: [low, high]}\n  acceptable: none\n" TAIL,
	};
	for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
		assert_int_equal(world_count(judge(malformed[i]), "record-malformed", NULL), 1);
}

static void
demands_follow_from_risk(void **state)
{
	(void)state;
	/* The control fails, and the risk that leans on it with it. */
	s->w->policy.access_review_days = 1;
	const struct control_verdict *failed = judge(CRITERIA RISK HIGH "    controls: [access.register]\n" LOW);
	assert_int_equal(world_count(failed, "control-fails", "R1"), 1);
	assert_int_equal(failed->verdict, VERDICT_FAIL);
	s->w->policy.access_review_days = ACCESS_REVIEW_DAYS;
	/* A control that nobody judges is an open question. */
	const struct control_verdict *v = judge(CRITERIA RISK HIGH "    controls: [repo.moonlit]\n" LOW);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "control-open", "R1"), 1);
	v = judge(CRITERIA "own-controls: [{id: guard, title: a guard}]\n" RISK HIGH "    controls: [guard]\n" LOW);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "own-control", "R1"), 1);
	/* Under an id of the catalogue it is no own one. */
	v = judge(CRITERIA "own-controls: [{id: repo.moonlit, title: a guard}]\n" RISK HIGH "    controls: [repo.moonlit]\n" LOW);
	assert_int_equal(world_count(v, "own-control", NULL), 0);
	static const char *alone[] = { "risk.covered" };
	s->w->input.require = alone;
	s->w->input.require_count = 1;
	assert_int_equal(world_count(judge(GOOD), "control-not-asked", "R1"), 1);
}

static void
left_out_with_a_reason(void **state)
{
	(void)state;
	static const char text[] = CRITERIA
	    "out-of-scope:\n  - {asset: workstation, threat: deletion, reason: nothing is kept there}\n"
	    "risks:\n  - id: R1\n    title: t\n"
	    "    asset: [repository, pipeline, dependency, build host, artifact, key, document]\n"
	    "    threat: [access, corruption, deletion]\n    stage: [design, implementation, test, release, update]\n"
	    "    assessed: {by: alice, date: 2023-01-01}\n" HIGH "    controls: [repo.trusted-clone]\n" LOW;
	const struct control_verdict *v = judge(text);
	assert_int_equal(v->gap_total, 10);
	assert_int_equal(world_number(v, "squares out of scope"), 5);
	assert_int_equal(world_count(v, "square-uncovered", "workstation"), 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole_register_waits_for_authority_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_to_read, setup, teardown),
		cmocka_unit_test_setup_teardown(each_gap, setup, teardown),
		cmocka_unit_test_setup_teardown(criteria_must_mean_something, setup, teardown),
		cmocka_unit_test_setup_teardown(demands_follow_from_risk, setup, teardown),
		cmocka_unit_test_setup_teardown(left_out_with_a_reason, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
