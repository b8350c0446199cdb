/* SPDX-License-Identifier: Apache-2.0 */
#include "reports.h"

#include <codec/canon.h>

static json_t *
read_back(const struct buf *out)
{
	struct assay_error err;
	json_t *value = NULL;
	assert_int_equal(canon_read(buf_span(out), "report", &value, &err), ASSAY_OK);
	return value;
}

static json_t *
report_of(const char *scenario)
{
	struct assay_error err;
	CLEANUP(sample_done) struct sample s = sample_of(scenario);
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	assert_int_equal(report_json(&s.verdicts, &out, &err), ASSAY_OK);
	assert_int_equal(out.data[out.len - 1], '\n');
	return read_back(&out);
}

static json_t *
sarif_of(const char *scenario)
{
	struct assay_error err;
	CLEANUP(sample_done) struct sample s = sample_of(scenario);
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	assert_int_equal(report_sarif(&s.verdicts, &out, &err), ASSAY_OK);
	return read_back(&out);
}

static json_t *
with(json_t *list, const char *key, const char *value)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *item = json_array_get(list, i);
		if (strcmp(json_string_value(json_object_get(item, key)), value) == 0)
			return item;
	}
	fail_msg("no %s is '%s'", key, value);
	return NULL;
}

static const char *
text_at(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	assert_non_null(text);
	return text;
}

static void
names_are_those_that_scripts_rely_on(void **state)
{
	(void)state;
	CLEANUP(canon_unref) json_t *report = report_of("gaps");
	assert_string_equal(text_at(report, "schema"), "assay-report/1");
	assert_string_equal(text_at(report, "date"), "2024-10-04");
	json_t *clause = with(json_object_get(report, "clauses"), "id", "5.1.2");
	assert_string_equal(text_at(clause, "verdict"), "fail");
	assert_int_equal(json_array_size(json_object_get(clause, "controls")), 9);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(clause, "by_verdict"), "fail")), 2);
	json_t *control = with(json_object_get(report, "controls"), "id", "repo.signed");
	assert_string_equal(text_at(control, "clause"), "5.1.2");
	assert_string_equal(text_at(control, "weight"), "moderate");
	assert_string_equal(text_at(json_object_get(control, "grade"), "source"), "recomputed");
	assert_int_equal(json_integer_value(json_object_get(control, "finding_total")), 417);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(control, "counts"), "commits in scope")), 5000);
	json_t *finding = json_array_get(json_object_get(control, "findings"), 3);
	assert_string_equal(text_at(finding, "file"), "assay/roster.yaml");
	assert_int_equal(json_integer_value(json_object_get(finding, "line")), 4);
	assert_true(json_is_null(json_object_get(finding, "column")));
	assert_int_equal(strlen(text_at(finding, "fingerprint")), 64);
	json_t *evidence = json_array_get(json_object_get(control, "evidence"), 1);
	assert_string_equal(text_at(evidence, "completeness"), "partial");
}

static void
what_was_not_judged_says_so(void **state)
{
	(void)state;
	CLEANUP(canon_unref) json_t *report = report_of("gaps");
	json_t *control = with(json_object_get(report, "controls"), "id", "ci.pinned");
	assert_true(json_is_false(json_object_get(control, "judged")));
	assert_string_equal(text_at(control, "verdict"), "unknown");
	assert_true(json_is_null(json_object_get(control, "next")));
}

static void
bytes_that_are_not_text_do_not_stop_it(void **state)
{
	(void)state;
	CLEANUP(canon_unref) json_t *report = report_of("hostile");
	assert_int_equal(json_array_size(json_object_get(report, "controls")), 15);
	CLEANUP(canon_unref) json_t *sarif = sarif_of("hostile");
	assert_non_null(sarif);
}

static json_t *
results_of(json_t *sarif)
{
	return json_object_get(json_array_get(json_object_get(sarif, "runs"), 0), "results");
}

static json_t *
result_for(json_t *sarif, const char *rule)
{
	return with(results_of(sarif), "ruleId", rule);
}

static void
findings_in_code_are_a_run_of_their_own(void **state)
{
	(void)state;
	CLEANUP(canon_unref) json_t *without = sarif_of("gaps");
	CLEANUP(canon_unref) json_t *sarif = sarif_of("code");
	assert_int_equal(json_array_size(json_object_get(without, "runs")), 1);
	assert_int_equal(json_array_size(json_object_get(sarif, "runs")), 2);
	json_t *run = json_array_get(json_object_get(sarif, "runs"), 1);
	json_t *results = json_object_get(run, "results");
	assert_string_equal(text_at(json_object_get(run, "automationDetails"), "id"), "assay/code/");
	assert_int_equal(json_array_size(results), 60);
	for (size_t i = 0; i < 60; i++) {
		json_t *prints = json_object_get(json_array_get(results, i), "partialFingerprints");
		assert_int_equal(strlen(text_at(prints, "assay/v1")), 64);
	}
}

static void
sarif_kinds_follow_the_verdict(void **state)
{
	(void)state;
	static const struct {
		const char *rule, *kind, *level;
	} rows[] = { { "repo.honest-time", "fail", "error" }, { "repo.signed", "fail", "warning" },
		{ "repo.trusted-clone", "pass", "none" }, { "repo.protected", "open", "none" },
		{ "repo.backup", "open", "none" }, { "repo.binaries", "review", "none" },
		{ "ci.pinned", "open", "none" }, { "rule.custom", "notApplicable", "none" } };
	CLEANUP(canon_unref) json_t *sarif = sarif_of("gaps");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *result = result_for(sarif, rows[i].rule);
		assert_string_equal(text_at(result, "kind"), rows[i].kind);
		assert_string_equal(text_at(result, "level"), rows[i].level);
	}
}

static void
sarif_keeps_gaps_and_questions_apart(void **state)
{
	(void)state;
	CLEANUP(canon_unref) json_t *sarif = sarif_of("gaps");
	json_t *results = results_of(sarif);
	size_t open = 0;
	for (size_t i = 0; i < json_array_size(results); i++) {
		json_t *result = json_array_get(results, i);
		const char *code = text_at(json_object_get(result, "properties"), "code");
		if (strcmp(code, "not-witnessed") != 0)
			continue;
		assert_string_equal(text_at(result, "ruleId"), "repo.honest-time");
		assert_string_equal(text_at(result, "kind"), "open");
		assert_string_equal(text_at(result, "level"), "none");
		open++;
	}
	assert_int_equal(open, 2);
}

static void
sarif_places_and_fingerprints(void **state)
{
	(void)state;
	CLEANUP(canon_unref) json_t *sarif = sarif_of("gaps");
	json_t *results = results_of(sarif);
	json_t *rules = json_object_get(json_object_get(json_object_get(json_array_get(json_object_get(sarif, "runs"), 0), "tool"),
				"driver"), "rules");
	assert_int_equal(json_array_size(rules), 15);
	size_t files = 0;
	for (size_t i = 0; i < json_array_size(results); i++) {
		json_t *result = json_array_get(results, i);
		json_t *prints = json_object_get(result, "partialFingerprints");
		assert_int_equal(strlen(text_at(prints, "assay/v1")), 64);
		size_t rule = (size_t)json_integer_value(json_object_get(result, "ruleIndex"));
		assert_string_equal(text_at(json_array_get(rules, rule), "id"), text_at(result, "ruleId"));
		json_t *location = json_array_get(json_object_get(result, "locations"), 0);
		json_t *physical = json_object_get(location, "physicalLocation");
		if (physical == NULL)
			continue;
		files++;
		assert_string_equal(text_at(json_object_get(physical, "artifactLocation"), "uri"), "assay/roster.yaml");
	}
	assert_true(files > 0);
}

static void
sarif_paths_are_uris(void **state)
{
	(void)state;
	CLEANUP(canon_unref) json_t *sarif = sarif_of("hostile");
	json_t *results = results_of(sarif);
	size_t seen = 0;
	for (size_t i = 0; i < json_array_size(results); i++) {
		json_t *location = json_array_get(json_object_get(json_array_get(results, i), "locations"), 0);
		json_t *physical = json_object_get(location, "physicalLocation");
		if (physical == NULL)
			continue;
		const char *uri = text_at(json_object_get(physical, "artifactLocation"), "uri");
		assert_int_equal(strspn(uri,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%"), strlen(uri));
		assert_int_not_equal(uri[0], '/');
		seen++;
	}
	assert_true(seen > 0);
}

static void
same_input_gives_the_same_bytes(void **state)
{
	(void)state;
	struct assay_error err;
	CLEANUP(sample_done) struct sample one = sample_of("gaps");
	CLEANUP(sample_done) struct sample two = sample_of("gaps");
	CLEANUP(buf_done) struct buf first = BUF_INIT(OUT_MAX);
	CLEANUP(buf_done) struct buf second = BUF_INIT(OUT_MAX);
	assert_int_equal(report_json(&one.verdicts, &first, &err), ASSAY_OK);
	assert_int_equal(report_sarif(&one.verdicts, &first, &err), ASSAY_OK);
	assert_int_equal(report_json(&two.verdicts, &second, &err), ASSAY_OK);
	assert_int_equal(report_sarif(&two.verdicts, &second, &err), ASSAY_OK);
	assert_true(assay_span_equal(buf_span(&first), buf_span(&second)));
}

static void
no_room_is_an_error(void **state)
{
	(void)state;
	struct assay_error err;
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(100);
	assert_int_not_equal(report_json(&s.verdicts, &out, &err), ASSAY_OK);
	buf_reset(&out);
	assert_int_not_equal(report_sarif(&s.verdicts, &out, &err), ASSAY_OK);
}

static void
explanations_carry_the_verdict_when_there_is_one(void **state)
{
	(void)state;
	struct assay_error err;
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	assert_int_equal(report_explain_json(&s.catalog, "repo.signed", &s.verdicts, &out, &err), ASSAY_OK);
	CLEANUP(canon_unref) json_t *judged = read_back(&out);
	assert_string_equal(text_at(json_object_get(judged, "verdict"), "verdict"), "fail");
	buf_reset(&out);
	assert_int_equal(report_explain_json(&s.catalog, "5.1.2", NULL, &out, &err), ASSAY_OK);
	CLEANUP(canon_unref) json_t *alone = read_back(&out);
	assert_true(json_is_null(json_object_get(alone, "verdict")));
	assert_int_equal(json_array_size(json_object_get(alone, "controls")), 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_that_scripts_rely_on),
		cmocka_unit_test(what_was_not_judged_says_so),
		cmocka_unit_test(bytes_that_are_not_text_do_not_stop_it),
		cmocka_unit_test(findings_in_code_are_a_run_of_their_own),
		cmocka_unit_test(sarif_kinds_follow_the_verdict),
		cmocka_unit_test(sarif_keeps_gaps_and_questions_apart),
		cmocka_unit_test(sarif_places_and_fingerprints),
		cmocka_unit_test(sarif_paths_are_uris),
		cmocka_unit_test(same_input_gives_the_same_bytes),
		cmocka_unit_test(no_room_is_an_error),
		cmocka_unit_test(explanations_carry_the_verdict_when_there_is_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
