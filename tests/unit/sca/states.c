/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/records.h>

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena_static.h"

#define ID "1111111111111111111111111111111111111111111111111111111111111111"
#define OTHER "2222222222222222222222222222222222222222222222222222222222222222"
#define COMMIT "0123456789012345678901234567890123456789"

/* A world in which the finding ID of gcc/x in a.c is gone for good: everything is in order. */
struct world {
	struct sca_unit_seen units[4];
	struct sca_enforced enforced[4];
	struct sca_silence silences[2];
	struct sca_symbol symbols[2];
	struct sca_deviated deviated[1];
	struct sca_now now;
	struct sca_entry entries[2];
	struct sca_register known;
	struct sca_closed closed[2];
	size_t closed_count;
	struct sca_finding reported[2];
	struct sca_findings merged;
};

static const char *checks[] = { "gcc/x" };

static void
world_init(struct world *w)
{
	*w = (struct world){
		.units = { { "a.c", "gcc", SCA_UNIT_ANALYSED }, { "a.c", "cppcheck", SCA_UNIT_ANALYSED }, { "b.c", "gcc", SCA_UNIT_ANALYSED } },
		.enforced = { { "R", "gcc/x", "gcc", true }, { "R", "cppcheck/y", "cppcheck", true } },
		.symbols = { { "a.c", "f" } },
		.entries = { { .identity = ID, .rule = "R", .path = "a.c", .symbol = "f", .checks = { checks, 1 } } },
		.closed = { { .c = { .finding = ID, .state = SCA_CLOSE_FIXED, .reason = "bounds are checked" }, .path = "x.yaml" } },
		.closed_count = 1,
	};
	w->now = (struct sca_now){ .units = w->units, .unit_count = 3, .enforced = w->enforced, .enforced_count = 2,
		.silences = w->silences, .symbols = w->symbols, .symbol_count = 1, .deviated = w->deviated, .complete = true };
	w->known = (struct sca_register){ w->entries, 1 };
	w->merged = (struct sca_findings){ w->reported, 0 };
}

static void
report(struct world *w)
{
	w->reported[0] = (struct sca_finding){ .identity = ID, .common = ID, .rule = "R", .symbol = "f", .path = "a.c", .line = 3 };
	w->merged.count = 1;
}

static struct sca_finding
judge(const struct world *w)
{
	struct assay_error err = { 0 };
	struct sca_findings found;
	if (sca_states(&w->merged, &w->known, w->closed, w->closed_count, &w->now, arena, &found, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	assert_true(found.count >= 1);
	return found.items[0];
}

static void
expect_doubt(const struct world *w, enum sca_doubt doubt)
{
	const struct sca_finding f = judge(w);
	if (f.state != SCA_NOT_OBSERVED || f.doubt != doubt)
		fail_msg("%s, %s; wanted %s", sca_finding_state_name(f.state), sca_doubt_name(f.doubt), sca_doubt_name(doubt));
	assert_non_null(f.why);
}

/* find.closed: the one way to be closed, and each way to only seem so. */
static void
test_what_isnt_reported(void **state)
{
	struct world w;
	(void)state;
	world_init(&w);
	assert_int_equal(judge(&w).state, SCA_FIXED);
	w.closed_count = 0;
	expect_doubt(&w, SCA_DOUBT_NO_CLOSURE);
	world_init(&w);
	w.closed[0].why = "nobody approved it";
	expect_doubt(&w, SCA_DOUBT_CLOSURE);
	world_init(&w);
	w.units[0] = (struct sca_unit_seen){ "a.c", NULL, SCA_UNIT_EXCLUDED };
	expect_doubt(&w, SCA_DOUBT_EXCLUDED);
	world_init(&w);
	w.units[0].result = SCA_UNIT_EXCLUDED;
	expect_doubt(&w, SCA_DOUBT_NOT_ANALYSED);
	world_init(&w);
	w.units[0].result = SCA_UNIT_FAILED;
	expect_doubt(&w, SCA_DOUBT_ENGINE_FAILED);
	world_init(&w);
	w.now.enforced_count = 0;
	expect_doubt(&w, SCA_DOUBT_RULE_DISABLED);
	world_init(&w);
	w.enforced[0].demonstrated = false;
	expect_doubt(&w, SCA_DOUBT_UNDEMONSTRATED);
	world_init(&w);
	w.now.silence_count = 1;
	w.silences[0] = (struct sca_silence){ .path = "a.c", .symbol = "f", .check = "gcc/x", .engine = "gcc" };
	expect_doubt(&w, SCA_DOUBT_SUPPRESSED);
	w.silences[0].symbol = w.silences[0].check = w.silences[0].engine = NULL;
	expect_doubt(&w, SCA_DOUBT_SUPPRESSED);
	/* In another function, or of another check, it hides nothing. */
	w.silences[0].symbol = "g";
	assert_int_equal(judge(&w).state, SCA_FIXED);
	w.silences[0] = (struct sca_silence){ .path = "a.c", .check = "gcc/z" };
	assert_int_equal(judge(&w).state, SCA_FIXED);
}

static void
test_a_second_unit_fails(void **state)
{
	struct world w;
	(void)state;
	world_init(&w);
	w.units[3] = (struct sca_unit_seen){ "a.c", "gcc", SCA_UNIT_FAILED };
	w.now.unit_count = 4;
	expect_doubt(&w, SCA_DOUBT_ENGINE_FAILED);
}

static void
test_engines_are_changed(void **state)
{
	struct world w;
	(void)state;
	/* Who reported it is gone from the plan: who enforces the rule now must be above doubt. */
	world_init(&w);
	w.enforced[0] = w.enforced[1];
	w.now.enforced_count = 1;
	assert_int_equal(judge(&w).state, SCA_FIXED);
	w.enforced[0].demonstrated = false;
	expect_doubt(&w, SCA_DOUBT_UNDEMONSTRATED);
	/* That another engine is in order is no excuse for the one that saw it. */
	world_init(&w);
	w.units[0].result = SCA_UNIT_FAILED;
	expect_doubt(&w, SCA_DOUBT_ENGINE_FAILED);
}

static void
test_where_it_went(void **state)
{
	struct world w;
	(void)state;
	/* Renamed: the symbol leads to the file. */
	world_init(&w);
	w.entries[0].path = "old.c";
	assert_int_equal(judge(&w).state, SCA_FIXED);
	w.units[0].result = SCA_UNIT_FAILED;
	expect_doubt(&w, SCA_DOUBT_ENGINE_FAILED);
	/* Taken out altogether: all else was looked at. */
	world_init(&w);
	w.entries[0].path = "old.c";
	w.entries[0].symbol = "gone";
	assert_int_equal(judge(&w).state, SCA_FIXED);
	w.now.complete = false;
	expect_doubt(&w, SCA_DOUBT_GONE);
	w.now.complete = true;
	w.now.symbols = NULL;
	expect_doubt(&w, SCA_DOUBT_GONE);
}

static void
test_what_is_reported(void **state)
{
	struct world w;
	(void)state;
	world_init(&w);
	report(&w);
	struct sca_finding f = judge(&w);
	assert_int_equal(f.state, SCA_OPEN);
	assert_true(f.reopened && f.registered);
	w.closed_count = 0;
	f = judge(&w);
	assert_int_equal(f.state, SCA_OPEN);
	assert_false(f.reopened);
	w.known.count = 0;
	assert_int_equal(judge(&w).state, SCA_NEW);
	w.closed_count = 1;
	w.closed[0].c.state = SCA_CLOSE_FALSE_POSITIVE;
	assert_int_equal(judge(&w).state, SCA_FALSE_POSITIVE);
	w.closed[0].why = "its approver requested it";
	assert_int_equal(judge(&w).state, SCA_OPEN);
	w.closed_count = 0;
	w.now.deviated_count = 1;
	w.deviated[0] = (struct sca_deviated){ .identity = ID, .why = "until spring" };
	assert_int_equal(judge(&w).state, SCA_DEVIATED);
}

static void
test_a_false_positive_that_went(void **state)
{
	struct world w;
	(void)state;
	world_init(&w);
	w.closed[0].c.state = SCA_CLOSE_FALSE_POSITIVE;
	assert_int_equal(judge(&w).state, SCA_FALSE_POSITIVE);
	w.closed[0].why = "nobody approved it";
	expect_doubt(&w, SCA_DOUBT_CLOSURE);
}

static void
test_two_closures(void **state)
{
	struct world w;
	(void)state;
	world_init(&w);
	w.closed[1] = w.closed[0];
	w.closed[0].why = "nobody approved it";
	w.closed_count = 2;
	assert_int_equal(judge(&w).state, SCA_FIXED);
}

static void
test_other_names(void **state)
{
	struct world w;
	static const char also[1][SCA_IDENTITY_SIZE] = { ID };
	(void)state;
	world_init(&w);
	report(&w);
	memcpy(w.reported[0].identity, OTHER, SCA_IDENTITY_SIZE);
	w.reported[0].also = also;
	w.reported[0].also_count = 1;
	const struct sca_finding f = judge(&w);
	assert_int_equal(f.state, SCA_OPEN);
	assert_string_equal(f.identity, ID);
	assert_true(f.reopened);
}

/* A file that sorts first takes no name from the one that the register knows. */
static void
test_alike_in_two_files(void **state)
{
	struct world w;
	(void)state;
	world_init(&w);
	report(&w);
	w.closed_count = 0;
	w.reported[0].shared = true;
	w.reported[1] = w.reported[0];
	w.reported[0].path = "0.c";
	memcpy(w.reported[1].identity, OTHER, SCA_IDENTITY_SIZE);
	w.merged.count = 2;
	struct assay_error err = { 0 };
	struct sca_findings found;
	assert_int_equal(sca_states(&w.merged, &w.known, w.closed, 0, &w.now, arena, &found, &err), ASSAY_OK);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.items[0].state, SCA_NEW);
	assert_string_equal(found.items[1].identity, ID);
	assert_int_equal(found.items[1].state, SCA_OPEN);
}

/* ---- records ---- */

static enum assay_status
parse_register(const char *text, struct sca_register *r)
{
	struct assay_error err = { 0 };
	return sca_register_parse(assay_span_str(text), "findings.yaml", arena, r, &err);
}

static void
test_register(void **state)
{
	static const char text[] = "assay-findings: 1\nfindings:\n"
				   "  - { id: " OTHER ", rule: cert-c/ARR30-C, path: \"a b.c\", severity: high, checks: [gcc/x, \"c: d\"],\n"
				   "      first-seen: " COMMIT ", problem: \"true\", reach: \"r\\t\\\"\\\\\", safety-effect: '- none', exploitability: \"12\" }\n"
				   "  - { id: " ID ", rule: R, path: a.c, symbol: f }\n";
	struct sca_register r, again, both;
	struct assay_error err = { 0 };
	struct buf out = BUF_INIT(1u << 16);
	(void)state;
	assert_int_equal(parse_register(text, &r), ASSAY_OK);
	assert_int_equal(r.count, 2);
	assert_string_equal(r.entries[0].identity, ID);
	assert_int_equal(sca_register_write(&r, &out, &err), ASSAY_OK);
	assert_int_equal(parse_register(buf_str(&out), &again), ASSAY_OK);
	const struct sca_entry *e = sca_register_find(&again, OTHER);
	assert_non_null(e);
	assert_string_equal(e->path, "a b.c");
	assert_string_equal(e->reach, "r\t\"\\");
	assert_string_equal(e->safety, "- none");
	assert_string_equal(e->problem, "true");
	assert_string_equal(e->exploitability, "12");
	assert_string_equal(e->checks.items[1], "c: d");
	assert_string_equal(e->first_seen, COMMIT);
	assert_int_equal(e->severity, SEVERITY_HIGH);
	assert_int_equal(sca_register_join(&r, &again, arena, &both, &err), ASSAY_OK);
	assert_int_equal(both.count, 2);
	buf_done(&out);
	assert_int_equal(parse_register("assay-findings: 1\nfindings: []\n", &r), ASSAY_OK);
	assert_int_equal(r.count, 0);
}

static void
test_bad_registers(void **state)
{
	static const char *const bad[] = {
		"assay-findings: 1\n",
		"assay-findings: 1\nfindings: {}\n",
		"assay-findings: 1\nfindings: [{ id: 12, rule: R, path: a.c }]\n",
		"assay-findings: 1\nfindings: [{ id: " ID ", path: a.c }]\n",
		"assay-findings: 1\nfindings: [{ id: " ID ", rule: R, path: ../a.c }]\n",
		"assay-findings: 1\nfindings: [{ id: " ID ", rule: R, path: a.c, first-seen: main }]\n",
		"assay-findings: 1\nfindings: [{ id: " ID ", rule: R, path: a.c }, { id: " ID ", rule: R, path: b.c }]\n",
	};
	struct sca_register r;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (parse_register(bad[i], &r) != ASSAY_E_FORMAT)
			fail_msg("%s", bad[i]);
	}
	assert_int_equal(parse_register("assay-findings: 2\nfindings: []\n", &r), ASSAY_E_VERSION);
}

static void
test_closures(void **state)
{
	static const char fixed[] = "assay-closure: 1\nfinding: " ID "\nstate: fixed\nfix-commit: " COMMIT
				    "\nverifier: ann\ntest: tests/x.c\nreason: \"bounds: checked\"\n";
	static const char *const bad[] = {
		"assay-closure: 1\nfinding: " ID "\nstate: fixed\nreason: r\n",
		"assay-closure: 1\nfinding: " ID "\nstate: fixed\nfix-commit: " COMMIT "\nverifier: ann\nreason: r\n",
		"assay-closure: 1\nfinding: " ID "\nstate: false-positive\n",
		"assay-closure: 1\nfinding: " ID "\nstate: false-positive\nreason: r\ntest: a.c\n",
		"assay-closure: 1\nfinding: " ID "\nstate: gone\nreason: r\n",
		"assay-closure: 1\nfinding: x\nstate: false-positive\nreason: r\n",
	};
	struct sca_closure c, again;
	struct assay_error err = { 0 };
	struct buf out = BUF_INIT(1u << 16);
	(void)state;
	assert_int_equal(sca_closure_parse(assay_span_str(fixed), "x.yaml", arena, &c, &err), ASSAY_OK);
	assert_int_equal(sca_closure_write(&c, &out, &err), ASSAY_OK);
	assert_int_equal(sca_closure_parse(buf_span(&out), "x.yaml", arena, &again, &err), ASSAY_OK);
	assert_string_equal(again.reason, "bounds: checked");
	assert_string_equal(again.verifier, "ann");
	assert_string_equal(again.finding, ID);
	buf_done(&out);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (sca_closure_parse(assay_span_str(bad[i]), "x.yaml", arena, &c, &err) != ASSAY_E_FORMAT)
			fail_msg("%s", bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_isnt_reported),
		cmocka_unit_test(test_a_second_unit_fails),
		cmocka_unit_test(test_engines_are_changed),
		cmocka_unit_test(test_where_it_went),
		cmocka_unit_test(test_what_is_reported),
		cmocka_unit_test(test_a_false_positive_that_went),
		cmocka_unit_test(test_two_closures),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_alike_in_two_files),
		cmocka_unit_test(test_register),
		cmocka_unit_test(test_bad_registers),
		cmocka_unit_test(test_closures),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
