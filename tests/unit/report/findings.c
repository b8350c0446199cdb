/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <report/findings.h>

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ONE "1111111111111111111111111111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222222222222222222222222222"
#define TRI "3333333333333333333333333333333333333333333333333333333333333333"

static const struct sca_seen seen = { .engine = "gcc", .check = "gcc/-Wx", .rule = "cert-c/ARR30-C",
	.message = "=cmd|' /C calc'!A0", .path = "src/a\033[31m.c", .line = 3, .column = 5 };
static const struct sca_seen *const reports[] = { &seen };

/* One that tries to break each form, one that is deviated from, one that is gone. */
static struct sca_finding items[] = {
	{ .identity = ONE, .rule = "cert-c/ARR30-C", .severity = SEVERITY_HIGH, .symbol = "f<int>", .path = "src/a\033[31m.c", .line = 3,
	    .column = 5, .message = "=cmd|' /C calc'!A0 \"q\" <b>&amp; 100%\n::error::x \xe2\x80\xae", .excerpt = "a\tb\n\033]0;x\n>c\n",
	    .reports = reports, .report_count = 1, .engines = 1, .state = SCA_NEW },
	{ .identity = TWO, .rule = "cert-c/INT30-C", .severity = SEVERITY_LOW, .symbol = "", .path = "src/b,c.c", .line = 9,
	    .message = "wraps", .reports = reports, .report_count = 1, .engines = 1, .state = SCA_DEVIATED, .why = "until spring" },
	{ .identity = TRI, .rule = "own/x", .severity = SEVERITY_NOT_GIVEN, .symbol = "g", .path = "lib/d.c", .message = "not reported any more",
	    .state = SCA_NOT_OBSERVED, .doubt = SCA_DOUBT_EXCLUDED, .why = "its file is left out of the analysis" },
};
static const struct sca_findings all = { items, sizeof items / sizeof items[0] };

static const char *
write_as(report_findings_writer *writer, const struct report_filter *filter, struct buf *out)
{
	struct assay_error err = { 0 };
	struct report_findings r = { .all = &all, .subject = "here" };
	if (filter != NULL)
		r.filter = *filter;
	buf_reset(out);
	if (writer(&r, out, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return buf_str(out);
}

static bool
is_quiet(const char *text)
{
	return strchr(text, '\033') == NULL && strstr(text, "\xe2\x80\xae") == NULL;
}

static void
test_filters(void **state)
{
	static const struct {
		struct report_filter filter;
		size_t count;
	} rows[] = {
		{ { 0 }, 3 },
		{ { .rule = "ARR30-C" }, 1 },
		{ { .rule = "cert-c/INT30-C" }, 1 },
		{ { .path = "src" }, 2 },
		{ { .path = "src/" }, 2 },
		{ { .path = "sr" }, 0 },
		{ { .engine = "gcc" }, 2 },
		{ { .engine = "clang" }, 0 },
		{ { .states = 1u << SCA_NEW | 1u << SCA_NOT_OBSERVED }, 2 },
		{ { .severity = SEVERITY_MEDIUM }, 1 },
		{ { .identity = "2222" }, 1 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct report_findings r = { .all = &all, .filter = rows[i].filter };
		assert_int_equal(report_findings_count(&r), rows[i].count);
	}
}

static void
test_for_people(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	(void)state;
	const char *text = write_as(report_findings_text, NULL, &out);
	assert_true(is_quiet(text));
	assert_non_null(strstr(text, "3 findings, 1 new, 1 deviated, 1 not-observed; 3 in all\n"));
	text = write_as(report_findings_show, &(struct report_filter){ .identity = ONE }, &out);
	assert_true(is_quiet(text));
	assert_non_null(strstr(text, "      1 | a    b\n"));
	assert_non_null(strstr(text, ">      3 | >c\n"));
	buf_done(&out);
}

static void
test_csv(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	(void)state;
	const char *text = write_as(report_findings_csv, NULL, &out);
	assert_true(is_quiet(text));
	assert_non_null(strstr(text, "\"'=cmd|' /C calc'!A0 \"\"q\"\" "));
	assert_non_null(strstr(text, "\"src/b,c.c\""));
	/* Four rows, and no line end within one. */
	size_t lines = 0;
	for (const char *p = text; *p != '\0'; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 4);
	buf_done(&out);
}

static void
test_xml_and_commands(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	(void)state;
	const char *text = write_as(report_findings_junit, NULL, &out);
	assert_true(is_quiet(text));
	assert_non_null(strstr(text, "tests=\"3\" failures=\"1\""));
	assert_null(strstr(text, "<b>"));
	assert_non_null(strstr(text, "&lt;b&gt;&amp;amp;"));
	text = write_as(report_findings_github, NULL, &out);
	assert_true(is_quiet(text));
	assert_true(strncmp(text, "::error file=", 13) == 0);
	assert_null(strstr(text, "\n::error"));
	assert_non_null(strstr(text, "100%25"));
	/* The one that is open alone. */
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	buf_done(&out);
}

static json_t *
parse(const char *text)
{
	json_error_t error;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		fail_msg("%s", error.text);
	return root;
}

static void
test_json(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	(void)state;
	json_t *root = parse(write_as(report_findings_json, NULL, &out));
	assert_int_equal(json_array_size(json_object_get(root, "findings")), 3);
	const json_t *gone = json_array_get(json_object_get(root, "findings"), 2);
	assert_string_equal(json_string_value(json_object_get(gone, "doubt")), "excluded");
	json_decref(root);
	const char *text = write_as(report_findings_sarif, NULL, &out);
	assert_true(is_quiet(text));
	root = parse(text);
	const json_t *results = json_object_get(json_array_get(json_object_get(root, "runs"), 0), "results");
	assert_int_equal(json_array_size(results), 3);
	const json_t *prints = json_object_get(json_array_get(results, 0), "partialFingerprints");
	assert_string_equal(json_string_value(json_object_get(prints, SCA_FINGERPRINT)), ONE);
	assert_int_equal(json_array_size(json_object_get(json_array_get(results, 1), "suppressions")), 1);
	json_decref(root);
	root = parse(write_as(report_findings_codeclimate, NULL, &out));
	assert_int_equal(json_array_size(root), 1);
	json_decref(root);
	root = parse(write_as(report_findings_codeclimate, &(struct report_filter){ .states = 1u << SCA_FIXED }, &out));
	assert_int_equal(json_array_size(root), 0);
	json_decref(root);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_for_people),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_xml_and_commands),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
