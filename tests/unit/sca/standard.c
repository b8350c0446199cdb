/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/language.h>
#include <sca/plan.h>
#include <sca/standard.h>

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena.h"

static const struct standard *
load(struct arena *arena, const char *id)
{
	const struct standards *all = NULL;
	struct assay_error err = { 0 };
	assert_int_equal(standards_load(arena, &all, &err), ASSAY_OK);
	return standards_find(all, id);
}

/* Figures that the publisher states beside the facts: what is derived must come to the same. */
static void
priorities_follow(void **state)
{
	static const struct {
		const char *rule;
		unsigned priority, level;
	} stated[] = { { "ERR33-C", 27, 1 }, { "EXP34-C", 18, 1 }, { "FLP32-C", 12, 1 }, { "ARR30-C", 9, 2 }, { "STR34-C", 8, 2 },
		{ "STR30-C", 6, 2 }, { "CON31-C", 4, 3 }, { "PRE32-C", 3, 3 }, { "WIN30-C", 2, 3 }, { "MSC40-C", 1, 3 } };
	const struct standard *s = load(*state, "cert-c");
	assert_non_null(s);
	for (size_t i = 0; i < sizeof stated / sizeof stated[0]; i++) {
		const struct standard_rule *r = standard_rule(s, stated[i].rule);
		assert_non_null(r);
		assert_int_equal(r->priority, stated[i].priority);
		assert_int_equal(r->level, stated[i].level);
	}
	assert_string_equal(standard_remediation_name(standard_rule(s, "ERR33-C")->remediation), "low");
	assert_string_equal(standard_remediation_name(standard_rule(s, "ARR30-C")->remediation), "high");
}

static void
every_rule_is_whole(void **state)
{
	const struct standard *s = load(*state, "cert-c");
	assert_int_equal(s->count, 124);
	for (size_t i = 0; i < s->count; i++) {
		const struct standard_rule *r = &s->rules[i];
		assert_non_null(r->title);
		assert_int_equal(strlen(r->group), 3);
		assert_in_range(r->priority, 1, 27);
		assert_in_range(r->level, 1, 3);
		assert_int_equal(r->category, CATEGORY_REQUIRED);
		assert_ptr_equal(standard_rule(s, r->id), r);
	}
	assert_null(standard_rule(s, "ARR00-C"));
}

static void
misra_has_numbers_alone(void **state)
{
	const struct standard *s = load(*state, "misra-c-2012");
	assert_non_null(s);
	assert_int_equal(s->count, 221);
	size_t mandatory = 0;
	for (size_t i = 0; i < s->count; i++) {
		assert_null(s->rules[i].title);
		assert_int_not_equal(s->rules[i].category, CATEGORY_NOT_GIVEN);
		mandatory += s->rules[i].category == CATEGORY_MANDATORY;
	}
	assert_int_equal(mandatory, 23);
	assert_int_equal(standard_rule(s, "rule-9.1")->category, CATEGORY_MANDATORY);
}

static void
categories_only_rise(void **state)
{
	const struct standard *s = load(*state, "misra-c-2012");
	const struct standard_rule *advisory = standard_rule(s, "rule-2.3"), *required = standard_rule(s, "rule-2.1"),
	    *mandatory = standard_rule(s, "rule-9.1");
	assert_true(standard_may_recategorise(advisory, CATEGORY_REQUIRED));
	assert_true(standard_may_recategorise(advisory, CATEGORY_MANDATORY));
	assert_true(standard_may_recategorise(required, CATEGORY_REQUIRED));
	assert_false(standard_may_recategorise(required, CATEGORY_ADVISORY));
	assert_false(standard_may_recategorise(mandatory, CATEGORY_REQUIRED));
	assert_true(standard_may_deviate(advisory));
	assert_true(standard_may_deviate(required));
	assert_false(standard_may_deviate(mandatory));
}

/* All rules are accounted for in the plan that is shipped, and nothing else stands in it. */
static void
shipped_plan_is_whole(void **state)
{
	const struct standard *s = load(*state, "cert-c");
	struct assay_error err = { 0 };
	struct plan p;
	assert_int_equal(plan_parse(plan_shipped(), "plan", *state, &p, &err), ASSAY_OK);
	const struct plan_standard *ps = plan_standard(&p, "cert-c");
	assert_non_null(ps);
	assert_int_equal(ps->count, s->count);
	for (size_t i = 0; i < s->count; i++) {
		const struct plan_row *row = plan_row(ps, s->rules[i].id);
		assert_non_null(row);
		assert_true(row->check_count > 0 || row->review != NULL);
		assert_null(row->not_applicable);
		for (size_t k = 0; k < row->check_count; k++)
			assert_true(plan_engine_known(row->checks[k].engine));
	}
}

static void
refuses(struct arena *arena, const char *yaml, unsigned line)
{
	struct assay_error err = { 0 };
	struct standard s;
	assert_int_not_equal(standard_parse(assay_span_str(yaml), "s.yaml", arena, &s, &err), ASSAY_OK);
	assert_int_equal(err.line, line);
}

#define HEAD "assay-coding-standard: 1\nid: s\ntitle: s\nedition: s\nlanguages: [c]\nrules:\n"

static void
faults_are_named(void **state)
{
	refuses(*state, "assay-coding-standard: 2\n", 1);
	refuses(*state, HEAD "  A: { severity: terrible }\n", 7);
	refuses(*state, HEAD "  A: { detectable: yes }\n", 7);
	refuses(*state, HEAD "  A: { cwe: [9, 8] }\n", 7);
	refuses(*state, HEAD "  A: { cwe: [0] }\n", 7);
	refuses(*state, HEAD "  A: { unconfirmed: [weather] }\n", 7);
	refuses(*state, HEAD "  []\n", 7);
	refuses(*state, "assay-coding-standard: 1\nid: s\ntitle: s\nedition: s\nlanguages: [klingon]\nrules: { A: {} }\n", 5);
}

static void
languages_by_name(void **state)
{
	(void)state;
	assert_string_equal(sca_language_of("a/b.c")->name, "c");
	assert_string_equal(sca_language_of("a/b.h")->also, "c++");
	assert_string_equal(sca_language_of("x.C")->name, "c++");
	assert_string_equal(sca_language_of("pump.ino")->name, "c++");
	assert_true(sca_is_unit("a/b.c") && sca_is_unit("x.C") && !sca_is_unit("b.h") && !sca_is_unit("pump.ino") && !sca_is_unit("c"));
	assert_true(sca_is_header("a/b.h") && sca_is_header("x.H") && sca_is_header("t.inl") && !sca_is_header("b.c") && !sca_is_header("b.h/e"));
	assert_string_equal(sca_language_of("a.b/c.rs")->name, "rust");
	assert_string_equal(sca_language_of("start.S")->name, "assembly");
	assert_null(sca_language_of("a.c/README"));
	assert_null(sca_language_of(".c"));
	assert_null(sca_language_of("a."));
	assert_null(sca_language_of("a. "));
	assert_null(sca_language_of("notes.txt"));
	assert_non_null(sca_language_find("python"));
	assert_null(sca_language_find("klingon"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(priorities_follow, setup, teardown),
		cmocka_unit_test_setup_teardown(every_rule_is_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(misra_has_numbers_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(categories_only_rise, setup, teardown),
		cmocka_unit_test_setup_teardown(shipped_plan_is_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(faults_are_named, setup, teardown),
		cmocka_unit_test_setup_teardown(languages_by_name, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
