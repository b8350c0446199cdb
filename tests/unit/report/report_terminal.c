/* SPDX-License-Identifier: Apache-2.0 */
#include "reports.h"

static void
printed(const char *scenario, struct report_style style, struct buf *out)
{
	struct assay_error err;
	CLEANUP(sample_done) struct sample s = sample_of(scenario);
	assert_int_equal(report_terminal(&s.verdicts, &style, out, &err), ASSAY_OK);
}

static size_t
place_of(const struct buf *out, const char *part)
{
	const char *p = strstr(buf_str(out), part);
	if (p == NULL)
		fail_msg("'%s' is not in the text", part);
	return (size_t)(p - buf_str(out));
}

static void
gaps_come_first(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	printed("gaps", (struct report_style){ .width = 100 }, &out);
	assert_true(place_of(&out, "gaps in 2 of 9 controls") < place_of(&out, "repo.honest-time"));
	assert_true(place_of(&out, "repo.honest-time") < place_of(&out, "repo.signed"));
	assert_true(place_of(&out, "repo.signed") < place_of(&out, "repo.protected"));
	assert_true(place_of(&out, "repo.protected") < place_of(&out, "repo.trusted-clone"));
	assert_true(place_of(&out, "repo.trusted-clone") < place_of(&out, "5.1.2: 3 controls not judged"));
	assert_holds(&out, "gaps in 2 of 10 controls judged; 2 unknown, 1 stale, 1 deviated, 3 passed");
}

static void
findings_of_one_kind_are_one_line(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	printed("gaps", (struct report_style){ .width = 100 }, &out);
	assert_holds(&out, "412 x unsigned commit, first: ");
	assert_holds(&out, "1 x bad signature: ");
	assert_int_equal(occurrences(buf_str(&out), "the commit carries no signature"), 1);
	assert_int_equal(occurrences(buf_str(&out), "next:"), 6);
	assert_true(place_of(&out, "bad signature") < place_of(&out, "unknown key"));
}

static void
nothing_is_said_twice(void **state)
{
	(void)state;
	struct assay_error err;
	struct report_style style = { .width = 120 };
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	struct finding *f = &s.verdicts.controls[3].findings[0];
	s.verdicts.controls[3].finding_count = s.verdicts.controls[3].finding_total = 1;
	s.verdicts.controls[3].kinds[0].total = 1;
	f->message = s.verdicts.controls[3].reason;
	f = &s.verdicts.controls[0].findings[416];
	f->object = "0123456789abcdef0123456789abcdef01234567";
	f->message = "commit 0123456789abcdef0123456789abcdef01234567 is bad";
	assert_int_equal(report_terminal(&s.verdicts, &style, &out, &err), ASSAY_OK);
	assert_int_equal(occurrences(buf_str(&out), "no trust root yet"), 1);
	assert_holds(&out, "1 x bad signature: commit 0123456789abcdef0123456789abcdef01234567 is bad");
}

static void
verbose_lists_all(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	printed("gaps", (struct report_style){ .width = 120, .verbose = true }, &out);
	assert_int_equal(occurrences(buf_str(&out), "the commit carries no signature"), 412);
	assert_holds(&out, "assay/roster.yaml:4");
	assert_holds(&out, "ci.pinned: Third-party steps");
}

static void
silence_is_counted(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	printed("gaps", (struct report_style){ .width = 100 }, &out);
	assert_holds(&out, "5.8.3: 1 control not judged by this version");
	assert_lacks(&out, "ci.pinned");
}

static void
lines_keep_to_the_width(void **state)
{
	(void)state;
	static const unsigned widths[] = { 0, 40, 60, 80, 120 };
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
		printed("gaps", (struct report_style){ .width = widths[i] }, &out);
		size_t limit = widths[i] == 0 ? 80 : widths[i];
		const char *line = buf_str(&out);
		while (*line != '\0') {
			size_t len = strcspn(line, "\n");
			const char *last = line + len;
			while (last > line && last[-1] != ' ')
				last--;
			/* Too long is a line only when its last word began beyond the edge or it has more than that word. */
			size_t head = (size_t)(last - line);
			if (len > limit && strspn(line, " ") != head)
				fail_msg("a line of %zu columns at width %zu: %.*s", len, limit, (int)len, line);
			if (len > 0 && line[len - 1] == ' ')
				fail_msg("a line ends in a space: %.*s", (int)len, line);
			line += len + (line[len] == '\n');
		}
	}
}

static void
colour_is_asked_for(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	printed("gaps", (struct report_style){ .width = 80, .colour = true }, &out);
	assert_holds(&out, "\033[1;31mfail\033[0m");
	buf_reset(&out);
	printed("gaps", (struct report_style){ .width = 80 }, &out);
	assert_tame(&out);
}

static void
hostile_names_are_tame(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	printed("hostile", (struct report_style){ .width = 80 }, &out);
	assert_tame(&out);
	buf_reset(&out);
	printed("hostile", (struct report_style){ .width = 80, .verbose = true }, &out);
	assert_tame(&out);
}

static void
more_than_is_kept_is_counted(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	printed("large", (struct report_style){ .width = 80 }, &out);
	assert_holds(&out, "500 x unsigned commit, first: ");
	buf_reset(&out);
	printed("large", (struct report_style){ .width = 80, .verbose = true }, &out);
	assert_holds(&out, "and 490 more, counted but not kept");
}

static void
what_was_not_asked_for_is_said(void **state)
{
	(void)state;
	static const char *const names[] = { "repo.signed", "5.1.5" };
	struct assay_error err;
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	const struct report_style style = { .width = 100 };
	s.verdicts.required = names;
	s.verdicts.required_count = 2;
	s.verdicts.not_asked = 74;
	assert_int_equal(report_terminal(&s.verdicts, &style, &out, &err), ASSAY_OK);
	assert_holds(&out, "only repo.signed, 5.1.5 was asked for; 74 controls were not");
}

static void
no_gap_is_said_plainly(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	printed("sound", (struct report_style){ .width = 80 }, &out);
	assert_holds(&out, "no gap found in 10 controls judged; 2 unknown");
	buf_reset(&out);
	printed("empty", (struct report_style){ .width = 80 }, &out);
	assert_holds(&out, "no gap found in 0 controls");
}

static void
explains_a_control_and_a_clause(void **state)
{
	(void)state;
	struct assay_error err;
	struct report_style style = { .width = 80 };
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	assert_int_equal(report_explain(&s.catalog, "repo.signed", &s.verdicts, &style, &out, &err), ASSAY_OK);
	assert_holds(&out, "fail: 417 of 5000 commits");
	assert_holds(&out, "417 findings");
	assert_holds(&out, "IEC 62443-4-1   SM-7");
	assert_holds(&out, "git config --global gpg.format ssh");
	buf_reset(&out);
	assert_int_equal(report_explain(&s.catalog, "5.8.3", NULL, &style, &out, &err), ASSAY_OK);
	assert_holds(&out, "seal.drill");
	assert_lacks(&out, "Here");
}

static void
a_wrong_id_names_the_nearest(void **state)
{
	(void)state;
	struct assay_error err;
	struct report_style style = { .width = 80 };
	CLEANUP(sample_done) struct sample s = sample_of("gaps");
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	assay_error_clear(&err);
	assert_int_equal(report_explain(&s.catalog, "repo.singed", NULL, &style, &out, &err), ASSAY_E_NOT_FOUND);
	assert_non_null(strstr(err.todo, "repo.signed"));
	assert_int_equal(report_explain_json(&s.catalog, "zzzzzzzzzzzzzzzzzz", NULL, &out, &err), ASSAY_E_NOT_FOUND);
	assert_non_null(strstr(err.todo, "name a clause"));
	assert_int_equal(out.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gaps_come_first),
		cmocka_unit_test(findings_of_one_kind_are_one_line),
		cmocka_unit_test(nothing_is_said_twice),
		cmocka_unit_test(verbose_lists_all),
		cmocka_unit_test(silence_is_counted),
		cmocka_unit_test(lines_keep_to_the_width),
		cmocka_unit_test(colour_is_asked_for),
		cmocka_unit_test(hostile_names_are_tame),
		cmocka_unit_test(more_than_is_kept_is_counted),
		cmocka_unit_test(what_was_not_asked_for_is_said),
		cmocka_unit_test(no_gap_is_said_plainly),
		cmocka_unit_test(explains_a_control_and_a_clause),
		cmocka_unit_test(a_wrong_id_names_the_nearest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
