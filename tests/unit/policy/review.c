/* SPDX-License-Identifier: Apache-2.0 */
/* Reviews and records of competence: what is read, what is refused, and which answers are none. */
#include <policy/competence.h>
#include <policy/review.h>

#include <base/cleanup.h>
#include <base/when.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ID1 "1111111111111111111111111111111111111111"
#define ID2 "2222222222222222222222222222222222222222"
#define HEAD "assay-review: 1\nsubject: s\nrange: {base: " ID1 ", head: " ID2 "}\ntree: " ID1 "\n"
#define WHOLE "assay-review: 1\nsubject: s\nrange: {head: " ID2 "}\ntree: " ID1 "\n"
#define FILES "files:\n  - {path: src/a.c, blob: " ID1 "}\n"


static struct arena *arena;
static struct review r;
static struct assay_error err;

static int
setup(void **state)
{
	(void)state;
	memset(&err, 0, sizeof err);
	return arena_new(64u << 20, &arena) == ASSAY_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static enum assay_status
parse(const char *text)
{
	return review_parse(assay_span_str(text), "x.yaml", OID_SHA1, arena, &r, &err);
}

static void
refuses(const char *text, const char *words)
{
	assert_int_equal(parse(text), ASSAY_E_FORMAT);
	if (strstr(err.what, words) == NULL)
		fail_msg("'%s' without '%s'", err.what, words);
	assert_string_equal(err.file, "x.yaml");
}

static void
reads_all_of_it(void **state)
{
	(void)state;
	assert_int_equal(parse(HEAD "files:\n  - {path: a.c, blob: " ID1 ", was: " ID2 ", moved-from: b.c}\n  - {path: c.c, was: " ID2 "}\n"
				    "touches:\n  owners: [\"@a\"]\n  interfaces:\n    - {file: a.c, line: 3, call: recv, kind: socket}\n"
				    "questions:\n  - {point: a, ask: q, answer: }\n  - {point: e, about: a.c, ask: q, answer: {found: [F-1], text: t}}\n"),
	    ASSAY_OK);
	assert_true(r.has_base);
	assert_int_equal(r.file_count, 2);
	assert_string_equal(r.files[0].moved_from, "b.c");
	assert_false(r.files[1].has_blob);
	assert_int_equal(r.interfaces[0].at, 3);
	assert_null(r.interfaces[0].function);
	assert_false(r.questions[0].answered);
	assert_true(r.questions[1].answered);
	assert_string_equal(r.questions[1].found.items[0], "F-1");
	assert_int_equal(r.questions[1].point, REVIEW_THREATS);
}

static void
refuses_what_says_nothing_or_too_much(void **state)
{
	(void)state;
	refuses(WHOLE "files: [{path: a.c, blob: 12}]\nquestions: []\n", "no full object id");
	refuses(WHOLE "files: [{path: /etc/passwd, blob: " ID1 "}]\nquestions: []\n", "no path");
	refuses(WHOLE "files: [{path: a/../b, blob: " ID1 "}]\nquestions: []\n", "no path");
	refuses(WHOLE "files: [{path: a/, blob: " ID1 "}]\nquestions: []\n", "no path");
	refuses(WHOLE "files: [{path: a//b, blob: " ID1 "}]\nquestions: []\n", "no path");
	refuses(WHOLE "files: [{path: a}]\nquestions: []\n", "neither");
	refuses(WHOLE "files: [{path: a, blob: " ID1 ", was: " ID1 "}]\nquestions: []\n", "no base");
	refuses(HEAD "files: [{path: a, blob: " ID1 ", moved-from: b}]\nquestions: []\n", "moved");
	refuses(WHOLE "files: [{path: a, blob: " ID1 "}, {path: a, blob: " ID2 "}]\nquestions: []\n", "twice");
	refuses(WHOLE FILES "questions: [{point: f, ask: q, answer: }]\n", "f");
	refuses(WHOLE FILES "questions: [{point: a, ask: q, answer: yes}]\n", "of which kind");
	refuses(WHOLE FILES "questions: [{point: a, ask: q, answer: {none: x, text: y}}]\n", "stands alone");
	refuses(WHOLE FILES, "questions");
	assert_int_equal(parse("assay-review: 2\nsubject: x\n"), ASSAY_E_VERSION);
	/* The other algorithm's ids are none of this repository's. */
	assert_int_equal(review_parse(assay_span_str(WHOLE FILES "questions: []\n"), "x", OID_SHA256, arena, &r, &err), ASSAY_E_FORMAT);
}

static void
writes_what_it_reads(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf one = BUF_INIT(1u << 20), two = BUF_INIT(1u << 20);
	assert_int_equal(parse(HEAD "files:\n  - {path: \"a \\\" \\\\ \\x01.c\", blob: " ID1 ", was: " ID2 "}\ntouches: {findings: [\"F: 1\"]}\n"
				    "questions:\n  - {point: b, ask: \"- x: y\\nz\", answer: {none: \"# no\"}}\n"), ASSAY_OK);
	assert_int_equal(review_write(&r, OID_SHA1, &one, &err), ASSAY_OK);
	assert_int_equal(parse(buf_str(&one)), ASSAY_OK);
	assert_string_equal(r.files[0].path, "a \" \\ \x01.c");
	assert_string_equal(r.questions[0].ask, "- x: y\nz");
	assert_string_equal(r.findings.items[0], "F: 1");
	assert_int_equal(review_write(&r, OID_SHA1, &two, &err), ASSAY_OK);
	assert_string_equal(buf_str(&one), buf_str(&two));
}

/* review.covers: answers that are none, in several languages, and short ones that are some. */
static void
tells_answers_from_none(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum review_flaw flaw;
	} rows[] = {
		{ "the length is checked in line 44", REVIEW_SOUND },
		{ "see PR-12, mended there", REVIEW_SOUND },
		{ "長さは四十四行目で確認", REVIEW_SOUND },
		{ "die Länge wird geprüft", REVIEW_SOUND },
		{ "N/A", REVIEW_EMPTY_WORDS },
		{ "n. a.", REVIEW_EMPTY_WORDS },
		{ "-", REVIEW_EMPTY_WORDS },
		{ "?!", REVIEW_EMPTY_WORDS },
		{ "LGTM!", REVIEW_EMPTY_WORDS },
		{ "Looks good to me.", REVIEW_EMPTY_WORDS },
		{ "todo: ask Bob about the length", REVIEW_EMPTY_WORDS },
		{ "Nicht zutreffend.", REVIEW_EMPTY_WORDS },
		{ "nothing to say 2", REVIEW_EMPTY_WORDS },
		{ "length checked", REVIEW_SHORT },
		{ "WHAT CALLS RECV IN IT?", REVIEW_COPIED },
		{ "calls recv in it", REVIEW_COPIED },
		{ "Re: what calls recv in it - yes", REVIEW_COPIED },
		{ "what calls recv in it is frame_read(), and its length is checked", REVIEW_SOUND },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct review_question q = { .ask = "what calls recv in it?", .answered = true, .none = rows[i].text };
		if (review_answer_flaw(&q) != rows[i].flaw)
			fail_msg("'%s': %s", rows[i].text, review_flaw_words(review_answer_flaw(&q)));
		q.none = NULL;
		q.text = rows[i].text;
		assert_int_equal(review_answer_flaw(&q), rows[i].flaw);
	}
	assert_int_equal(review_answer_flaw(&(struct review_question){ .ask = "x" }), REVIEW_UNANSWERED);
	const char *ids[] = { "F-1" };
	assert_int_equal(review_answer_flaw(&(struct review_question){ .ask = "x", .answered = true, .found = { ids, 1 } }), REVIEW_SOUND);
}

static void
sees_what_is_not_asked(void **state)
{
	(void)state;
	struct review_gaps g;
	assert_int_equal(parse(WHOLE "files:\n  - {path: a.c, blob: " ID1 "}\n  - {path: b.c, blob: " ID1 "}\ntouches:\n  interfaces:\n"
				     "    - {file: a.c, line: 1, call: recv, kind: socket}\n    - {file: a.c, line: 2, call: open, kind: file}\n"
				     "questions:\n  - {point: e, about: a.c, ask: recv?, answer: {none: it is so}}\n  - {point: a, ask: q, answer: {text: It is so 2.}}\n"
				     "  - {point: b, ask: q, answer: {none: it is SO}}\n  - {point: c, ask: q, answer: {text: another one here}}\n"),
	    ASSAY_OK);
	assert_int_equal(review_gaps(&r, arena, &g, &err), ASSAY_OK);
	assert_false(g.point[REVIEW_REQUIREMENTS]);
	assert_true(g.point[REVIEW_TRACE]);
	assert_string_equal(g.file->path, "b.c");
	assert_string_equal(g.interface->call, "open");
	assert_int_equal(g.none, 2);
	assert_int_equal(g.answered, 4);
	assert_int_equal(g.alike, 3);
	assert_true(review_is_bulk(&g));
	/* Half of them is no bulk, and neither are two. */
	g.answered = 6;
	assert_false(review_is_bulk(&g));
	g.alike = g.answered = 2;
	assert_false(review_is_bulk(&g));
}

static void
knows_its_records(void **state)
{
	(void)state;
	assert_true(review_is_record("assay/reviews/a.yaml"));
	assert_true(review_is_record("assay/reviews/2026/a.yaml"));
	assert_false(review_is_record("assay/reviews/a.yaml-12-review-bob.signoff"));
	assert_false(review_is_record("assay/reviews/.yaml/x"));
	assert_false(review_is_record("assay/risks.yaml"));
}

static void
finds_competence_by_the_day(void **state)
{
	(void)state;
	struct competence c;
	const struct competence_entry *other = NULL;
	static const char text[] = "assay-competence: 1\npeople:\n"
				   "  - {person: bob, roles: [security-reviewer, quality], shown-by: TR-1, from: 2024-01-01, until: 2025-01-01}\n"
				   "  - {person: carol, roles: quality, shown-by: TR-2, from: 2024-01-01, until: 2025-01-01}\n";
	assert_int_equal(competence_parse(assay_span_str(text), "c", arena, &c, &err), ASSAY_OK);
	int64_t first, last;
	assert_int_equal(when_parse(assay_span_str("2024-01-01"), &first, NULL), ASSAY_OK);
	assert_int_equal(when_parse(assay_span_str("2025-01-01"), &last, NULL), ASSAY_OK);
	assert_ptr_equal(competence_at(&c, "bob", "security-reviewer", first, &other), &c.entries[0]);
	assert_null(competence_at(&c, "bob", "security-reviewer", last, &other));
	assert_ptr_equal(other, &c.entries[0]);
	assert_null(competence_at(&c, "bob", "security-reviewer", first - 1, &other));
	assert_null(competence_at(&c, "carol", "security-reviewer", first, &other));
	assert_null(other);
	assert_int_equal(competence_parse(assay_span_str("assay-competence: 1\npeople:\n  - {person: bob, roles: r, shown-by: x, from: 2025-01-01,"
							 " until: 2025-01-01}\n"), "c", arena, &c, &err), ASSAY_E_FORMAT);
	assert_int_equal(competence_parse(assay_span_str("assay-competence: 1\n"), "c", arena, &c, &err), ASSAY_E_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_all_of_it, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_says_nothing_or_too_much, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_what_it_reads, setup, teardown),
		cmocka_unit_test_setup_teardown(tells_answers_from_none, setup, teardown),
		cmocka_unit_test_setup_teardown(sees_what_is_not_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(knows_its_records, setup, teardown),
		cmocka_unit_test_setup_teardown(finds_competence_by_the_day, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
