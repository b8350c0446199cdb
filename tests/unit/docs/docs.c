/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <base/cleanup.h>
#include <base/when.h>
#include <cmocka.h>
#include <docs/sentences.h>
#include <docs/statements.h>
#include <string.h>

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	return arena_new(64u << 20, &arena) == ASSAY_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void
read_text(const char *text, bool german, struct docs_sentences *ret_sentences)
{
	struct docs_document d;
	assert_int_equal(docs_read("a.md", assay_span_str(text), arena, &d, NULL), ASSAY_OK);
	assert_int_equal(docs_sentences(&d, german, arena, ret_sentences, NULL), ASSAY_OK);
}

static void
splits_sentences(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool german;
		size_t count;
	} cases[] = {
		{ "One. Two! Three?", false, 3 },
		{ "Tools, e.g. compilers, are listed. So are linkers.", false, 2 },
		{ "See section 5.1.2 for more. It is short.", false, 2 },
		{ "Werkzeuge, z. B. Compiler, sind gelistet.", true, 1 },
		{ "Am 1. März beginnt es.", true, 1 },
		{ "Version 1. The next one.", false, 2 },
		{ "He said \"yes.\" Then he left.", false, 2 },
		{ "- one\n- two\n", false, 2 },
		{ "```\nmust\n```\n", false, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct docs_sentences s;
		read_text(cases[i].text, cases[i].german, &s);
		if (s.count != cases[i].count)
			fail_msg("'%s': %zu sentences", cases[i].text, s.count);
	}
}

static void
binds_marks(void **state)
{
	(void)state;
	struct docs_sentences s;
	read_text("One. [assay: a] Two [assay: b 12 months] goes on. Three.\n\n| x | [assay: c] |\n|---|---|\n\n[assay: d]\n", false, &s);
	assert_int_equal(s.mark_count, 4);
	assert_int_equal(s.marks[0].sentence, 0);
	assert_int_equal(s.marks[1].sentence, 1);
	assert_int_equal(s.marks[1].word_count, 3);
	assert_string_equal(s.marks[1].text, "b 12 months");
	assert_string_equal(s.items[1].text, "Two goes on.");
	assert_int_equal(s.marks[2].sentence, 3);
	assert_true(s.marks[3].sentence == SIZE_MAX);
	assert_int_equal(s.marks[0].line, 1);
	assert_int_equal(s.marks[0].column, 6);
	/* libcmark-gfm gives the first of these no place. */
	read_text("\nOne. [assay: a]\n| x |\n|---|\n", false, &s);
	assert_int_equal(s.items[0].line, 2);
}

static void
knows_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		struct docs_number number;
	} cases[] = {
		{ "two reviewers", { 2, DOCS_COUNT, false } },
		{ "every 90 days", { 90, DOCS_DAYS, false } },
		{ "all zwei Jahre", { 24, DOCS_MONTHS, false } },
		{ "it is reviewed quarterly", { 3, DOCS_MONTHS, false } },
		{ "es wird jährlich geprüft", { 12, DOCS_MONTHS, false } },
		{ "every two weeks", { 14, DOCS_DAYS, false } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct docs_number n[DOCS_NUMBERS_MAX];
		bool found = false;
		const size_t count = docs_numbers(cases[i].text, n);
		for (size_t k = 0; k < count; k++)
			found = found || (n[k].value == cases[i].number.value && n[k].unit == cases[i].number.unit);
		if (!found)
			fail_msg("'%s'", cases[i].text);
	}
}

static void
knows_denials(void **state)
{
	(void)state;
	static const char *const denied[] = { "Commits are not signed.", "Kein Commit ist signiert.", "Commits are unsigned." };
	static const char *const said[] = { "Commits are signed.", "No commit is unsigned.", "Unsigned commits are rejected.",
		"Kein Commit ist ohne Signatur.", "No later than Monday, all are signed.", "Not only commits are signed." };
	for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++)
		assert_true(docs_denies(denied[i], false));
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
		assert_false(docs_denies(said[i], false));
}

static void
knows_days(void **state)
{
	(void)state;
	static const char *const same[] = { "2026-03-02", "02.03.2026", "2. März 2026", "2 March 2026", "March 2, 2026", "2.3.2026" };
	static const char *const none[] = { "2026-13-02", "31.02.2026", "March 2026", "2026", "" };
	int64_t wanted, day;
	assert_int_equal(when_parse(assay_span_str("2026-03-02"), &wanted, NULL), ASSAY_OK);
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		assert_int_equal(docs_day(same[i], &day), strlen(same[i]));
		assert_int_equal(day, wanted);
	}
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_int_equal(docs_day(none[i], &day), 0);
}

static void
finds_statements(void **state)
{
	(void)state;
	struct docs_document d;
	struct docs_statement s[DOCS_STATEMENTS_MAX];
	size_t count = 0;
	static const char text[] = "Version: 1.2\nApproved on 2026-03-02\n\n| Next review | March 2, 2027 |\n|---|---|\n| Nächste Prüfung | "
				   "2.3.2027 |\n\nVersion 3 of TLS is used.\n";
	assert_int_equal(docs_read("a.md", assay_span_str(text), arena, &d, NULL), ASSAY_OK);
	assert_int_equal(docs_statements(&d, arena, s, &count, NULL), ASSAY_OK);
	assert_int_equal(count, 4);
	assert_string_equal(s[0].text, "1.2");
	assert_int_equal(s[1].what, DOCS_STATED_APPROVED);
	assert_int_equal(s[2].what, DOCS_STATED_REVIEW);
	assert_int_equal(s[2].day, s[3].day);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(splits_sentences, set_up, tear_down),
		cmocka_unit_test_setup_teardown(binds_marks, set_up, tear_down),
		cmocka_unit_test(knows_numbers),
		cmocka_unit_test(knows_denials),
		cmocka_unit_test(knows_days),
		cmocka_unit_test_setup_teardown(finds_statements, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
