/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions: what a granted one changes, and what is never granted. Whether an approval holds is for the deceptions to ask. */
#include "../../../src/judge/exceptions.h"
#include "shelf.h"

#include <base/cleanup.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct shelf *s;
static struct judge_context c;
static struct control_verdict v;
static struct exception_seen one;
static struct exceptions all;
static struct signoff_seen approval;

static int
setup(void **state)
{
	(void)state;
	s = shelf_new();
	(void)shelf_person(s, "bob");
	s->w->input.authorised = true;
	s->w->policy.exception_days = 365;
	approval = (struct signoff_seen){ .who = &s->w->entries[0] };
	c = (struct judge_context){ .input = &s->w->input, .arena = s->w->arena };
	v = (struct control_verdict){ .control = shelf_control(s, "repo.signed"), .verdict = VERDICT_FAIL, .gap_total = 1,
		.finding_total = 1, .reason = "1 gap" };
	shelf_file(s, "assay/deviations/one.yaml", "one");
	one = (struct exception_seen){ .x = { .control = "repo.signed", .kind = EXCEPTION_DEVIATED, .reason = "it is old",
		.risk = "none", .until = WORLD_DAY + 30 * WHEN_DAY, .line = 2 }, .file = &s->files[0], .approval = &approval };
	all = (struct exceptions){ &one, 1 };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	shelf_free(s);
	return 0;
}

static void
expect(enum verdict verdict, const char *code)
{
	assert_int_equal(exceptions_apply(&c, &all, &v, NULL), ASSAY_OK);
	assert_int_equal(v.verdict, verdict);
	for (size_t i = 0; i < v.finding_count; i++) {
		if (code != NULL && strcmp(v.findings[i].id, code) == 0)
			return;
	}
	if (code != NULL)
		fail_msg("no finding '%s'", code);
	assert_int_equal(v.finding_count, 0);
}

static void
grants_a_deviation(void **state)
{
	(void)state;
	expect(VERDICT_DEVIATED, NULL);
	assert_non_null(strstr(v.reason, "deviated until 2023-12-15, approved by bob: it is old"));
	assert_non_null(v.next);
	assert_false(v.unauthorised);
}

static void
grants_what_does_not_apply(void **state)
{
	(void)state;
	one.x.kind = EXCEPTION_NOT_APPLICABLE;
	v.verdict = VERDICT_UNKNOWN;
	v.gap_total = v.finding_total = 0;
	s->controls[0].may_be_not_applicable = true;
	expect(VERDICT_NOT_APPLICABLE, NULL);
	assert_non_null(strstr(v.reason, "doesn't apply until 2023-12-15, approved by bob"));
	assert_null(v.next);
}

static void
leaves_open_questions(void **state)
{
	(void)state;
	v.finding_total = 2;
	expect(VERDICT_UNKNOWN, NULL);
	assert_non_null(strstr(v.reason, "its gaps are deviated until 2023-12-15, approved by bob"));
}

static void
leaves_what_it_is_not_about(void **state)
{
	(void)state;
	one.x.control = "repo.honest-time";
	expect(VERDICT_FAIL, NULL);
	assert_string_equal(v.reason, "1 gap");
	one.x.control = "repo.signed";
	/* What passes, or is open, nobody deviates from. */
	v.verdict = VERDICT_PASS;
	expect(VERDICT_PASS, NULL);
	v.verdict = VERDICT_UNKNOWN;
	expect(VERDICT_UNKNOWN, NULL);
}

static void
refuses_what_has_ended_or_runs_long(void **state)
{
	(void)state;
	one.x.until = WORLD_DAY;
	expect(VERDICT_FAIL, "exception-expired");
	one.x.until = WORLD_DAY + 1;
	v.finding_count = 0;
	v.finding_total = v.gap_total;
	expect(VERDICT_DEVIATED, NULL);
	v.verdict = VERDICT_FAIL;
	one.x.until = WORLD_DAY + 365 * WHEN_DAY;
	expect(VERDICT_DEVIATED, NULL);
	v.verdict = VERDICT_FAIL;
	one.x.until = WORLD_DAY + 365 * WHEN_DAY + 1;
	expect(VERDICT_FAIL, "exception-too-long");
}

static void
refuses_without_approval_or_authority(void **state)
{
	(void)state;
	one.approval = NULL;
	one.why = "nobody did";
	expect(VERDICT_FAIL, "exception-not-approved");
	one.approval = &approval;
	s->w->input.authorised = false;
	expect(VERDICT_FAIL, "exception-without-authority");
}

static void
refuses_what_applies(void **state)
{
	(void)state;
	one.x.kind = EXCEPTION_NOT_APPLICABLE;
	expect(VERDICT_FAIL, "exception-not-allowed");
	s->controls[0].may_be_not_applicable = true;
	expect(VERDICT_FAIL, "exception-contradicted");
	/* An open finding shows as well that there is something. */
	v.verdict = VERDICT_UNKNOWN;
	v.gap_total = 0;
	v.finding_count = 0;
	expect(VERDICT_UNKNOWN, "exception-contradicted");
}

/* Of two, the one that holds counts, and what is wrong with the other is said. */
static void
takes_the_one_that_holds(void **state)
{
	(void)state;
	struct exception_seen two[2] = { one, one };
	two[0].approval = NULL;
	two[0].why = "nobody did";
	all = (struct exceptions){ two, 2 };
	expect(VERDICT_DEVIATED, "exception-not-approved");
}

/* policy.authorised: a change of the past that was taken back, and no more than that. */
static void
keeps_authority_out_of_it(void **state)
{
	(void)state;
	s->controls[0].id = "policy.authorised";
	one.x.control = "policy.authorised";
	expect(VERDICT_DEVIATED, NULL);
	v.verdict = VERDICT_FAIL;
	v.finding_total = 2;
	expect(VERDICT_FAIL, "exception-to-authority");
	v.finding_count = 0;
	v.finding_total = v.gap_total = 1;
}

/* A historic import changes no verdict by itself: whether one counts is asked by who needs it. */
static void
knows_historic_imports(void **state)
{
	(void)state;
	c.exceptions = NULL;
	assert_non_null(strstr(exceptions_no_import(&c), "no historic import"));
	c.exceptions = &all;
	assert_non_null(strstr(exceptions_no_import(&c), "no historic import"));
	one.x.kind = EXCEPTION_HISTORIC;
	assert_null(exceptions_no_import(&c));
	expect(VERDICT_FAIL, NULL);
	one.x.until = WORLD_DAY;
	assert_non_null(strstr(exceptions_no_import(&c), "its time is up"));
	one.x.until = WORLD_DAY + WHEN_DAY;
	one.approval = NULL;
	one.why = "nobody did";
	assert_string_equal(exceptions_no_import(&c), "nobody did");
	one.approval = &approval;
	s->w->input.authorised = false;
	assert_non_null(strstr(exceptions_no_import(&c), "no trust root"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(grants_a_deviation, setup, teardown),
		cmocka_unit_test_setup_teardown(grants_what_does_not_apply, setup, teardown),
		cmocka_unit_test_setup_teardown(leaves_open_questions, setup, teardown),
		cmocka_unit_test_setup_teardown(leaves_what_it_is_not_about, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_has_ended_or_runs_long, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_without_approval_or_authority, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_applies, setup, teardown),
		cmocka_unit_test_setup_teardown(takes_the_one_that_holds, setup, teardown),
		cmocka_unit_test_setup_teardown(knows_historic_imports, setup, teardown),
		cmocka_unit_test_setup_teardown(keeps_authority_out_of_it, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
