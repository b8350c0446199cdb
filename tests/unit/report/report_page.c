/* SPDX-License-Identifier: Apache-2.0 */
#include "reports.h"

#include <assay/base64.h>
#include <assay/hash.h>
#include <sca/finding.h>

static void
page_of(struct sample *s, struct buf *out)
{
	struct assay_error err;
	assert_int_equal(report_html(&s->verdicts, &s->input, NULL, out, &err), ASSAY_OK);
}

/* The digest of what stands between the tags must be the one that the policy admits. */
static void
assert_admitted(const struct buf *out, const char *from, const char *to)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char text[ASSAY_BASE64_ENCODED_SIZE(ASSAY_SHA256_SIZE)];
	const char *start = strstr(buf_str(out), from);
	assert_non_null(start);
	start += strlen(from);
	const char *end = strstr(start, to);
	assert_non_null(end);
	struct assay_span s = { (const unsigned char *)start, (size_t)(end - start) };
	assert_int_equal(assay_sha256(s, digest), ASSAY_OK);
	assert_int_equal(assay_base64_encode((struct assay_span){ digest, sizeof(digest) }, text, sizeof(text)), ASSAY_OK);
	assert_holds(out, text);
}

static void
policy_admits_what_is_inside_alone(void **state)
{
	(void)state;
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	page_of(&s, &out);
	assert_holds(&out, "default-src &#39;none&#39;");
	assert_lacks(&out, "unsafe");
	assert_admitted(&out, "<style>", "</style>");
	assert_admitted(&out, "<script>", "</script>");
	assert_int_equal(occurrences(buf_str(&out), "<script"), 1);
	assert_int_equal(occurrences(buf_str(&out), "<style"), 1);
	assert_lacks(&out, "http://");
	assert_lacks(&out, "https://");
	assert_lacks(&out, " style=\"");
}

static void
hostile_names_are_text(void **state)
{
	(void)state;
	CLEANUP(sample_done) struct sample s = sample_of("hostile");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	page_of(&s, &out);
	/* Ours, and data. */
	assert_int_equal(occurrences(buf_str(&out), "<script>"), 1);
	assert_int_equal(occurrences(buf_str(&out), "<script"), 2);
	assert_int_equal(occurrences(buf_str(&out), "</script"), 2);
	assert_int_equal(occurrences(buf_str(&out), "</style"), 1);
	assert_lacks(&out, "<img");
	assert_lacks(&out, "<!-- &amp");
	assert_lacks(&out, "\" onmouseover");
	assert_lacks(&out, "href=\"javascript");
	assert_lacks(&out, "\x1b");
	assert_lacks(&out, "\xe2\x80\xae");
	assert_lacks(&out, "\xff");
	assert_holds(&out, "&lt;script&gt;");
}

static void
says_who_signed_and_what_is_missing(void **state)
{
	(void)state;
	struct assay_error err;
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	page_of(&s, &out);
	assert_holds(&out, "nobody: unsigned");
	assert_holds(&out, "no trust root yet");
	assert_holds(&out, "2024-10-04");
	assert_holds(&out, "gaps in 2 of 9 controls; 4 unknown");
	assert_holds(&out, "5 not judged by this version");
	buf_reset(&out);
	assert_int_equal(report_html(&s.verdicts, &s.input, "SHA256:signer", &out, &err), ASSAY_OK);
	assert_holds(&out, "SHA256:signer");
	assert_lacks(&out, "nobody: unsigned");
}

static void
never_boasts(void **state)
{
	(void)state;
	static const char *const scenarios[] = { "gaps", "sound", "empty" };
	for (size_t i = 0; i < 3; i++) {
		CLEANUP(sample_done) struct sample s = sample_of(scenarios[i]);
		CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
		page_of(&s, &out);
		assert_lacks(&out, "ompliant");
		assert_lacks(&out, "score");
	}
}

static void
long_lists_are_cut_and_said_to_be(void **state)
{
	(void)state;
	CLEANUP(sample_done) struct sample s = sample_of("large");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	page_of(&s, &out);
	assert_true(out.len < 4u << 20);
	assert_holds(&out, "1490 in all; report.json lists 1000 of them.");
	assert_holds(&out, "bad signature");
	/* The kind that comes last still shows one of its own in each control. */
	assert_int_equal(occurrences(buf_str(&out), "<bdi>the commit carries no signature</bdi>"), 15);
}

static void
findings_in_code_are_listed_with_their_lines(void **state)
{
	(void)state;
	CLEANUP(sample_done) struct sample s = sample_of("code");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	page_of(&s, &out);
	assert_int_equal(occurrences(buf_str(&out), "<details class=\"fault "), 60);
	assert_holds(&out, "<li class=\"here\" aria-current=\"true\"><code>    buffer[length + 7] = &#39;\\0&#39;;</code></li>");
	assert_holds(&out, "<ol class=\"excerpt\" start=\"150\">");
	assert_holds(&out, "registered and not reported, which doesn&#39;t prove that it is gone: an engine that enforces the rule failed");
	assert_holds(&out, "closed as fixed before, and reported again");
	assert_holds(&out, "cert-c/DCL37-C");
	assert_lacks(&out, "are listed, with what asks for most");
	assert_int_equal(occurrences(buf_str(&out), "<a href=\"#finding-"), 4);
}

static void
many_findings_in_code_keep_the_page_small(void **state)
{
	(void)state;
	CLEANUP(sample_done) struct sample s = sample_of("much-code");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	page_of(&s, &out);
	assert_true(out.len < 10u << 20);
	assert_int_equal(occurrences(buf_str(&out), "<details class=\"fault "), 1000);
	assert_holds(&out, "The first 1000 of 20000 are listed");
	assert_holds(&out, "19000 more are in findings.json.");
	assert_holds(&out, "{\"total\":20000,");
	assert_true(occurrences(buf_str(&out), s.verdicts.findings->items[19999].identity) > 0);
}

static void
no_finding_in_code_is_said_and_no_analysis_is_not(void **state)
{
	(void)state;
	static const struct sca_findings none = { NULL, 0 };
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	page_of(&s, &out);
	assert_lacks(&out, "Findings in the code");
	s.verdicts.findings = &none;
	buf_reset(&out);
	page_of(&s, &out);
	assert_holds(&out, "None. Whether everything was looked at");
}

static void
engines_and_what_they_showed_are_told(void **state)
{
	(void)state;
	CLEANUP(sample_done) struct sample s = sample_of("code");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	page_of(&s, &out);
	assert_holds(&out, "11 of code in scope, 1 excluded by the plan");
	assert_holds(&out, "12 (units: files); 1 given to no engine; 1 not read to their end by the compiler");
	assert_holds(&out, "8 of 11 units");
	assert_holds(&out, "10 of 11 files");
	assert_holds(&out, "no program &#39;flawfinder&#39; is here");
	assert_holds(&out, "part of assay: looks when the evidence is judged");
	assert_holds(&out, "title=\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"");
	assert_holds(&out, "a fault is missed");
	assert_holds(&out, "in part, the rest at review");
	assert_holds(&out, "sound code is flagged");
	assert_holds(&out, "not run on all");
	assert_holds(&out, "data-shown=\"yes\"");
	assert_holds(&out, "data-shown=\"no\"");
	s.verdicts.code = NULL;
	buf_reset(&out);
	page_of(&s, &out);
	assert_lacks(&out, "Demonstration");
	assert_lacks(&out, "data-shown=\"");
}

static void
same_input_gives_the_same_page(void **state)
{
	(void)state;
	CLEANUP(sample_done) struct sample one = sample_of("gaps");
	CLEANUP(sample_done) struct sample two = sample_of("gaps");
	CLEANUP(buf_done) struct buf first = BUF_INIT(OUT_MAX);
	CLEANUP(buf_done) struct buf second = BUF_INIT(OUT_MAX);
	page_of(&one, &first);
	page_of(&two, &second);
	assert_true(assay_span_equal(buf_span(&first), buf_span(&second)));
}

static void
nothing_to_show_is_a_page_too(void **state)
{
	(void)state;
	CLEANUP(sample_done) struct sample s = sample_of("empty");
	s.input = (struct judge_input){ .date_given = true, .require = (const char *const[]){ "repo." }, .require_count = 1 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	page_of(&s, &out);
	assert_holds(&out, "none: the defaults apply");
	assert_holds(&out, "nobody&#39;s key is known");
	assert_holds(&out, "only repo.");
	assert_holds(&out, "nothing can be better than unknown");
}

static void
no_room_is_an_error(void **state)
{
	(void)state;
	struct assay_error err;
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(1000);
	assert_int_equal(report_html(&s.verdicts, &s.input, NULL, &out, &err), ASSAY_E_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_admits_what_is_inside_alone),
		cmocka_unit_test(hostile_names_are_text),
		cmocka_unit_test(says_who_signed_and_what_is_missing),
		cmocka_unit_test(never_boasts),
		cmocka_unit_test(long_lists_are_cut_and_said_to_be),
		cmocka_unit_test(findings_in_code_are_listed_with_their_lines),
		cmocka_unit_test(many_findings_in_code_keep_the_page_small),
		cmocka_unit_test(no_finding_in_code_is_said_and_no_analysis_is_not),
		cmocka_unit_test(engines_and_what_they_showed_are_told),
		cmocka_unit_test(same_input_gives_the_same_page),
		cmocka_unit_test(nothing_to_show_is_a_page_too),
		cmocka_unit_test(no_room_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
