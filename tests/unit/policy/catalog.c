/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/catalog.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena.h"

static void
built_in_catalogue_loads(void **state)
{
	struct assay_error err = { 0 };
	const struct catalog *c = NULL;
	if (catalog_load(*state, &c, &err) != ASSAY_OK)
		fail_msg("%s:%u:%u: %s", err.file, err.line, err.column, err.what);
	assert_int_equal(c->clause_count, 5);
	assert_true(c->control_count >= 75);
	for (size_t i = 0; i < c->control_count; i++) {
		const struct control *k = &c->controls[i];
		assert_int_equal(k->index, i);
		assert_ptr_equal(catalog_control(c, k->id), k);
		assert_true(i == 0 || k[-1].clause <= k->clause);
		assert_true(k->assets.count > 0 && k->threats.count > 0 && k->stages.count > 0);
	}
}

static void
spine_controls_are_what_they_are(void **state)
{
	struct assay_error err = { 0 };
	const struct catalog *c = NULL;
	assert_int_equal(catalog_load(*state, &c, &err), ASSAY_OK);
	const struct control *k = catalog_control(c, "repo.signed");
	assert_non_null(k);
	assert_string_equal(k->clause->id, "5.1.2");
	assert_int_equal(k->least.source, GRADE_RECOMPUTED);
	assert_int_equal(k->least.depth, GRADE_OBSERVED);
	assert_false(k->may_be_not_applicable);
	assert_non_null(catalog_control(c, "repo.honest-time"));
	assert_non_null(catalog_control(c, "repo.trusted-clone"));
	assert_null(catalog_control(c, "repo.none"));
	assert_null(catalog_clause(c, "5.1.3"));
	assert_non_null(catalog_clause(c, "5.8.4"));
}

static void
names_are_the_catalogues_words(void **state)
{
	(void)state;
	assert_string_equal(weight_name(WEIGHT_MODERATE), "moderate");
	assert_string_equal(grade_source_name(GRADE_RECOMPUTED), "recomputed");
	assert_string_equal(grade_source_name(GRADE_ASSERTED), "asserted");
	assert_string_equal(grade_depth_name(GRADE_DEMONSTRATED), "demonstrated");
	assert_string_equal(weight_name((enum weight)99), "unknown");
}

#define CROSSWALK                                                                                  \
	"crosswalk: {iec-62304: [], iec-62443-4-1: [], ssdf: [], slsa: [], fda: [], mdr: ['1']}"
#define CLAUSE(id)                                                                                 \
	"  - {id: '" id "', title: t, asks: a, why: w, audit-gap: g, show-me: [s], " CROSSWALK "}\n"
#define CLAUSES "assay-catalog: 1\nclauses:\n" CLAUSE("5.1.2") CLAUSE("5.8.4")
#define CONTROL(id, weight, source, na, asset)                                                     \
	"  - {id: " id ", title: t, asks: a, why: w, evidence: e, judged: j, mend: m, "           \
	"audit-gap: g, weight: " weight ", least-grade: {source: " source ", depth: observed}, "    \
	"not-applicable: " na ", unique: true, assets: [" asset "], threats: [access], "            \
	"stages: [design], " CROSSWALK "}\n"
#define PLAIN(id) CONTROL(id, "major", "attested", "allowed", "build host")
#define CONTROLS(clause, list) "assay-catalog: 1\nclause: '" clause "'\ncontrols:\n" list

static enum assay_status
parse(void **state, const char *clauses, const char *first, const char *second,
    const struct catalog **ret_catalog, struct assay_error *err)
{
	const char *texts[] = { clauses, first, second };
	struct embedded_file files[4] = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < 3; i++) {
		if (texts[i] == NULL)
			continue;
		files[n].name = "file";
		files[n].data = (const unsigned char *)texts[i];
		files[n++].len = strlen(texts[i]);
	}
	return catalog_parse(files, *state, ret_catalog, err);
}

static void
small_catalogue_is_read(void **state)
{
	struct assay_error err = { 0 };
	const struct catalog *c = NULL;
	if (parse(state, CLAUSES, CONTROLS("5.1.2", PLAIN("a.b") PLAIN("a.c")),
		CONTROLS("5.8.4", PLAIN("k.x")), &c, &err) != ASSAY_OK)
		fail_msg("%u: %s", err.line, err.what);
	assert_int_equal(c->control_count, 3);
	assert_int_equal(c->controls[0].weight, WEIGHT_MAJOR);
	assert_int_equal(c->controls[0].least.source, GRADE_ATTESTED);
	assert_true(c->controls[0].may_be_not_applicable);
	assert_true(c->controls[0].unique);
	assert_string_equal(c->controls[0].assets.items[0], "build host");
	assert_string_equal(c->controls[0].crosswalk.mdr.items[0], "1");
	assert_string_equal(c->controls[2].clause->id, "5.8.4");
}

static const struct {
	const char *clauses, *first, *second;
	const char *what;
} bad[] = {
	{ "assay-catalog: 1\nclauses:\n" CLAUSE("5.1.2") CLAUSE("5.1.2"), NULL, NULL, "stands twice" },
	{ "assay-catalog: 1\nclauses: []\n", NULL, NULL, "isn't empty" },
	{ "assay-catalog: 1\n", NULL, NULL, "missing" },
	{ CLAUSES, CONTROLS("5.1.3", PLAIN("a.b")), NULL, "no clause '5.1.3'" },
	{ CLAUSES, CONTROLS("5.8.4", PLAIN("a.b")), CONTROLS("5.1.2", PLAIN("a.c")), "order" },
	{ CLAUSES, CONTROLS("5.1.2", PLAIN("a.b")), CONTROLS("5.1.2", PLAIN("a.c")), "order" },
	{ CLAUSES, CONTROLS("5.1.2", PLAIN("a.b") PLAIN("a.b")), NULL, "'a.b' stands twice" },
	{ CLAUSES, CONTROLS("5.1.2", PLAIN("a.b")), CONTROLS("5.8.4", PLAIN("a.b")), "stands twice" },
	{ CLAUSES, CONTROLS("5.1.2", CONTROL("a", "heavy", "attested", "allowed", "key")), NULL,
	    "weight can't be 'heavy'" },
	{ CLAUSES, CONTROLS("5.1.2", CONTROL("a", "major", "seen", "allowed", "key")), NULL,
	    "source can't be 'seen'" },
	{ CLAUSES, CONTROLS("5.1.2", CONTROL("a", "major", "attested", "perhaps", "key")), NULL,
	    "not-applicable can't be" },
	{ CLAUSES, CONTROLS("5.1.2", CONTROL("a", "major", "attested", "allowed", "shoe")), NULL,
	    "can't be 'shoe'" },
	{ CLAUSES, CONTROLS("5.1.2", CONTROL("a", "major", "attested", "allowed", "")), NULL,
	    "assets is empty" },
	{ CLAUSES, CONTROLS("5.1.2", "  - {id: a}\n"), NULL, "missing" },
	{ CLAUSES, CONTROLS("5.1.2", "  []\n"), NULL, "isn't empty" },
};

static void
faults_are_refused(void **state)
{
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		const struct catalog *c = NULL;
		if (parse(state, bad[i].clauses, bad[i].first, bad[i].second, &c, &err)
			!= ASSAY_E_FORMAT
		    || strstr(err.what, bad[i].what) == NULL)
			fail_msg("row %zu: %s", i, err.what);
		assert_null(c);
	}
	struct assay_error err = { 0 };
	const struct catalog *c = NULL;
	assert_int_equal(parse(state, "assay-catalog: 2\n", NULL, NULL, &c, &err), ASSAY_E_VERSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(built_in_catalogue_loads),
		cmocka_unit_test(spine_controls_are_what_they_are),
		cmocka_unit_test(names_are_the_catalogues_words),
		cmocka_unit_test(small_catalogue_is_read),
		cmocka_unit_test(faults_are_refused),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
