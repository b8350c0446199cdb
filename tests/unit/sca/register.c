/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/records.h>

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena_static.h"

#define A "1111111111111111111111111111111111111111111111111111111111111111"
#define B "2222222222222222222222222222222222222222222222222222222222222222"
#define C "0000000000000000000000000000000000000000000000000000000000000000"

static struct sca_register
parse(const char *text)
{
	struct sca_register r;
	struct assay_error err = { 0 };
	if (sca_register_parse(assay_span_str(text), "r.yaml", arena, &r, &err) != ASSAY_OK)
		fail_msg("%s:%u: %s", err.file, err.line, err.what);
	return r;
}

/* What text becomes when it is to say the same as wanted; NULL: it is refused. */
static const char *
extend(const char *text, const char *wanted)
{
	static char result[8192];
	struct buf out = BUF_INIT(sizeof result - 1);
	struct assay_error err = { 0 };
	const struct sca_register r = parse(wanted);
	const enum assay_status status = sca_register_extend(assay_span_str(text), &r, arena, &out, &err);
	(void)snprintf(result, sizeof result, "%s", buf_str(&out));
	buf_done(&out);
	if (status != ASSAY_OK)
		assert_int_equal(status, ASSAY_E_UNSUPPORTED);
	return status == ASSAY_OK ? result : NULL;
}

#define HAND                                                                                                                           \
	"# kept by the quality team\n"                                                                                                     \
	"assay-findings: 1\n\n"                                                                                                            \
	"findings: # newest first\n"                                                                                                       \
	"- path: b.c   # moved twice\n"                                                                                                    \
	"  rule: R\n"                                                                                                                      \
	"  id: " B "\n"                                                                                                                    \
	"  # about the second one\n\n"                                                                                                     \
	"- id: " A "\n"                                                                                                                    \
	"  rule: 'R'\n"                                                                                                                    \
	"  path: a.c\n"

static void
what_people_wrote_stays(void **state)
{
	(void)state;
	assert_string_equal(extend(HAND, HAND), HAND);
	assert_string_equal(extend(HAND "# end\n", HAND "  reach: none\n  safety-effect: s\n  exploitability: \"e: \\\"x\\\"\"\n"),
	    HAND "  reach: none\n  safety-effect: s\n  exploitability: \"e: \\\"x\\\"\"\n# end\n");
	assert_string_equal(extend(HAND, HAND "- {id: " C ", rule: R, path: c.c, problem: P-1}\n"),
	    HAND "- id: " C "\n  rule: R\n  path: c.c\n  problem: P-1\n");
}

/* The same entry in the middle: before the comment of the next one. */
static void
the_middle_is_found(void **state)
{
	(void)state;
	const char *text = "assay-findings: 1\nfindings:\n  - id: " A "\n    rule: R\n    path: a.c\n\n  # the next\n  - id: " B
			   "\n    rule: R\n    path: b.c";
	const char *wanted = "assay-findings: 1\nfindings:\n  - id: " A "\n    rule: R\n    path: a.c\n    reach: any\n  - id: " B
			     "\n    rule: R\n    path: b.c\n    reach: other\n    problem: P\n";
	assert_string_equal(extend(text, wanted), "assay-findings: 1\nfindings:\n  - id: " A
	    "\n    rule: R\n    path: a.c\n    reach: any\n\n  # the next\n  - id: " B
	    "\n    rule: R\n    path: b.c\n    problem: P\n    reach: other\n");
}

static void
an_empty_list_is_opened(void **state)
{
	(void)state;
	const char *wanted = "assay-findings: 1\nfindings:\n  - id: " A "\n    rule: R\n    path: a.c\n    symbol: f\n    checks: [gcc/x]\n";
	assert_string_equal(extend("assay-findings: 1\nfindings: [ ] # none yet\n", wanted), "assay-findings: 1\nfindings: # none yet\n  - id: " A
	    "\n    rule: R\n    path: a.c\n    symbol: f\n    checks: [gcc/x]\n");
	assert_string_equal(extend("assay-findings: 1\nfindings: []", wanted), wanted);
	assert_string_equal(extend("", wanted), wanted);
	assert_string_equal(extend("assay-findings: 1\nfindings: []\n", "assay-findings: 1\nfindings: []\n"), "assay-findings: 1\nfindings: []\n");
}

/* What can't be put between is refused, and nothing is guessed. */
static void
other_ways_are_refused(void **state)
{
	(void)state;
	const char *flow = "assay-findings: 1\nfindings:\n  - {id: " A ", rule: R, path: a.c}\n";
	const char *list = "assay-findings: 1\nfindings: [{id: " A ", rule: R, path: a.c}]\n";
	const char *filled = "assay-findings: 1\nfindings:\n  - {id: " A ", rule: R, path: a.c, reach: any}\n";
	const char *more = "assay-findings: 1\nfindings:\n  - {id: " A ", rule: R, path: a.c}\n  - {id: " B ", rule: R, path: a.c}\n";
	const char *lines = "assay-findings: 1\nfindings:\n  - id: " A "\n    rule: R\n    path: a.c\n    problem: |\n      P\n      # Q\n";
	const char *both = "assay-findings: 1\nfindings:\n  - {id: " A ", rule: R, path: a.c, problem: \"P\\n# Q\\n\", reach: any}\n";
	const char *ended = "assay-findings: 1\nfindings:\n  - id: " A "\n    rule: R\n    path: a.c\n...\n";
	const char *less = "assay-findings: 1\nfindings: []\n";
	const char *other = "assay-findings: 1\nfindings:\n  - {id: " A ", rule: R, path: b.c}\n";
	assert_null(extend(flow, filled));
	assert_null(extend(list, filled));
	assert_null(extend(list, more));
	assert_null(extend(lines, both));
	assert_null(extend(ended, more));
	assert_null(extend(flow, less));
	assert_null(extend(flow, other));
	assert_string_equal(extend(flow, more), "assay-findings: 1\nfindings:\n  - {id: " A ", rule: R, path: a.c}\n  - id: " B
	    "\n    rule: R\n    path: a.c\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_people_wrote_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(the_middle_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(an_empty_list_is_opened, setup, teardown),
		cmocka_unit_test_setup_teardown(other_ways_are_refused, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
