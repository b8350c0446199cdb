/* SPDX-License-Identifier: Apache-2.0 */
#include <evidence/clone.h>
#include <evidence/evidence.h>
#include <evidence/history.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#define UNIT_ARENA_MAX (16u << 20)
#include "../arena_static.h"

#define SAMPLE_COUNT 2

struct sample {
	struct evidence_member members[2];
	struct evidence items[SAMPLE_COUNT];
	struct evidence_set set;
};

static void
make_sample(struct sample *s)
{
	*s = (struct sample){ 0 };
	s->members[0] = (struct evidence_member){ "git/a", assay_span_str("one"), { 0 } };
	s->members[1] = (struct evidence_member){ "git/b", { NULL, 0 }, { 0 } };
	s->items[0] = (struct evidence){ .kind = HISTORY_KIND, .subject = "caf\xe9",
		.grade = { GRADE_RECOMPUTED, GRADE_OBSERVED }, .completeness = EVIDENCE_PARTIAL,
		.why = "cut off", .members = s->members, .member_count = 2 };
	s->items[1] = (struct evidence){ .kind = CLONE_KIND, .subject = "here",
		.grade = { GRADE_ASSERTED, GRADE_OBSERVED }, .completeness = EVIDENCE_UNREADABLE,
		.why = "locked" };
	s->set = (struct evidence_set){ s->items, SAMPLE_COUNT };
	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		assert_int_equal(evidence_seal(&s->items[i], NULL), ASSAY_OK);
}

static void
description_comes_back(void **state)
{
	(void)state;
	struct sample s;
	struct buf json = BUF_INIT(1 << 20);
	struct evidence_set back = { 0 };
	make_sample(&s);
	assert_int_equal(evidence_describe(&s.set, &json, NULL), ASSAY_OK);
	assert_int_equal(evidence_read(buf_span(&json), arena, &back, NULL), ASSAY_OK);
	assert_int_equal(back.count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct evidence *a = &s.items[i], *b = &back.items[i];
		assert_string_equal(a->kind, b->kind);
		assert_string_equal(a->subject, b->subject);
		assert_string_equal(a->why, b->why);
		assert_int_equal(a->completeness, b->completeness);
		assert_int_equal(a->grade.source, b->grade.source);
		assert_int_equal(a->grade.depth, b->grade.depth);
		assert_int_equal(a->member_count, b->member_count);
		assert_memory_equal(a->digest, b->digest, sizeof a->digest);
	}
	assert_string_equal(back.items[0].members[1].name, "git/b");
	assert_memory_equal(back.items[0].members[0].sha256, s.members[0].sha256, ASSAY_SHA256_SIZE);
	assert_null(back.items[0].members[0].bytes.data);
	buf_done(&json);
}

static void
digest_covers_bytes_and_words(void **state)
{
	(void)state;
	struct sample a, b;
	make_sample(&a);
	make_sample(&b);
	assert_memory_equal(a.items[0].digest, b.items[0].digest, ASSAY_SHA256_SIZE);
	b.members[0].bytes = assay_span_str("two");
	assert_int_equal(evidence_seal(&b.items[0], NULL), ASSAY_OK);
	assert_memory_not_equal(a.items[0].digest, b.items[0].digest, ASSAY_SHA256_SIZE);
	make_sample(&b);
	b.items[0].why = "cut";
	assert_int_equal(evidence_seal(&b.items[0], NULL), ASSAY_OK);
	assert_memory_not_equal(a.items[0].digest, b.items[0].digest, ASSAY_SHA256_SIZE);
}

static void
members_are_found(void **state)
{
	(void)state;
	struct sample s;
	make_sample(&s);
	struct assay_span one = evidence_member(&s.items[0], "git/a");
	assert_int_equal(one.len, 3);
	/* Empty is not absent. */
	assert_non_null(evidence_member(&s.items[0], "git/b").data);
	assert_null(evidence_member(&s.items[0], "git/c").data);
	assert_ptr_equal(evidence_find(&s.set, CLONE_KIND), &s.items[1]);
	assert_null(evidence_find(&s.set, "other"));
	assert_null(evidence_facts(&s.set, "other"));
	assert_string_equal(completeness_name(EVIDENCE_PARTIAL), "partial");
}

#define ITEM(kind, subject, source, complete, why, members)                                        \
	"{\"completeness\":" complete ",\"grade\":{\"depth\":\"observed\",\"source\":" source      \
	"},\"kind\":" kind ",\"members\":" members ",\"subject\":" subject ",\"why\":" why "}"
#define SET(items) "{\"assay-evidence\":1,\"items\":[" items "]}"
#define SHA "0000000000000000000000000000000000000000000000000000000000000000"
#define MEMBER(name) "{\"name\":\"" name "\",\"sha256\":\"" SHA "\"}"
#define WITH_MEMBERS(list)                                                                         \
	SET(ITEM("\"k\"", "\"s\"", "\"asserted\"", "\"complete\"", "null", "[" list "]"))

static enum assay_status
read_json(const char *json)
{
	struct evidence_set set = { 0 };
	struct assay_error err = { 0 };
	enum assay_status status = evidence_read(assay_span_str(json), arena, &set, &err);
	assert_true(status == ASSAY_OK || (set.items == NULL && err.what[0] != '\0'));
	return status;
}

static void
malformed_descriptions(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"[]",
		"{}",
		"{\"assay-evidence\":1}",
		"{\"assay-evidence\":1,\"items\":{}}",
		"{\"assay-evidence\":1,\"items\":[],\"more\":1}",
		SET("1"),
		SET("{}"),
		SET(ITEM("1", "\"s\"", "\"asserted\"", "\"complete\"", "null", "[]")),
		SET(ITEM("\"k\"", "{\"base64\":\"=\"}", "\"asserted\"", "\"complete\"", "null", "[]")),
		SET(ITEM("\"k\"", "{\"base64\":\"YQBi\"}", "\"asserted\"", "\"complete\"", "null", "[]")),
		SET(ITEM("\"k\"", "{\"b\":\"\"}", "\"asserted\"", "\"complete\"", "null", "[]")),
		SET(ITEM("\"k\"", "\"s\"", "\"sworn\"", "\"complete\"", "null", "[]")),
		SET(ITEM("\"k\"", "\"s\"", "7", "\"complete\"", "null", "[]")),
		SET(ITEM("\"k\"", "\"s\"", "\"asserted\"", "\"nearly\"", "null", "[]")),
		SET(ITEM("\"k\"", "\"s\"", "\"asserted\"", "\"complete\"", "\"why\"", "[]")),
		SET(ITEM("\"k\"", "\"s\"", "\"asserted\"", "\"partial\"", "null", "[]")),
		SET(ITEM("\"k\"", "\"s\"", "\"asserted\"", "\"partial\"", "5", "[]")),
		SET(ITEM("\"k\"", "\"s\"", "\"asserted\"", "\"complete\"", "null", "{}")),
		WITH_MEMBERS("1"),
		WITH_MEMBERS("{\"name\":\"a\",\"sha256\":\"00\"}"),
		WITH_MEMBERS("{\"name\":\"a\"}"),
		WITH_MEMBERS(MEMBER("")),
		WITH_MEMBERS(MEMBER("/etc/passwd")),
		WITH_MEMBERS(MEMBER("a/../b")),
		WITH_MEMBERS(MEMBER(".hidden")),
		WITH_MEMBERS(MEMBER("a//b")),
		WITH_MEMBERS(MEMBER("a/")),
		WITH_MEMBERS(MEMBER("A")),
		WITH_MEMBERS(MEMBER("b") "," MEMBER("a")),
		WITH_MEMBERS(MEMBER("a") "," MEMBER("a")),
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (read_json(bad[i]) != ASSAY_E_FORMAT)
			fail_msg("not refused: %s", bad[i]);
	}
	assert_int_equal(read_json("{\"assay-evidence\":2,\"items\":[]}"), ASSAY_E_VERSION);
	assert_int_equal(read_json(WITH_MEMBERS(MEMBER("git/a") "," MEMBER("git/b"))), ASSAY_OK);
	assert_int_equal(read_json(SET("")), ASSAY_OK);
}

/* ---- parsing all ---- */

static enum assay_status
parse_all(struct evidence *items, size_t count, struct assay_error *err)
{
	struct evidence_set set = { items, count };
	struct parse_context c = { arena, NULL, NULL };
	return evidence_parse_all(&set, &c, err);
}

static struct evidence
clone_evidence(void)
{
	return (struct evidence){ .kind = CLONE_KIND, .subject = "x",
		.grade = { GRADE_ASSERTED, GRADE_OBSERVED } };
}

static void
kinds_are_known_and_keep_their_grade(void **state)
{
	(void)state;
	struct assay_error err = { 0 };
	struct evidence e = clone_evidence();
	e.completeness = EVIDENCE_UNREADABLE;
	assert_int_equal(parse_all(&e, 1, &err), ASSAY_OK);
	assert_null(e.facts);
	e.completeness = EVIDENCE_COMPLETE;
	assert_int_equal(parse_all(&e, 1, &err), ASSAY_E_FORMAT);
	e.kind = "moon-phase";
	assert_int_equal(parse_all(&e, 1, &err), ASSAY_E_VERSION);
	assert_non_null(strstr(err.what, "moon-phase"));
	/* The maker's word doesn't become more by saying so. */
	e = clone_evidence();
	e.grade.source = GRADE_RECOMPUTED;
	assert_int_equal(parse_all(&e, 1, &err), ASSAY_E_VERIFY);
	e = clone_evidence();
	e.grade.depth = GRADE_DEMONSTRATED;
	assert_int_equal(parse_all(&e, 1, &err), ASSAY_E_VERIFY);
	struct evidence twice[2] = { clone_evidence(), clone_evidence() };
	twice[0].completeness = twice[1].completeness = EVIDENCE_UNREADABLE;
	assert_int_equal(parse_all(twice, 2, &err), ASSAY_E_FORMAT);
	assert_null(evidence_kind_find("moon-phase"));
	assert_string_equal(evidence_kind_find(HISTORY_KIND)->name, HISTORY_KIND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(description_comes_back, setup, teardown),
		cmocka_unit_test_setup_teardown(digest_covers_bytes_and_words, setup, teardown),
		cmocka_unit_test_setup_teardown(members_are_found, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed_descriptions, setup, teardown),
		cmocka_unit_test_setup_teardown(kinds_are_known_and_keep_their_grade, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
