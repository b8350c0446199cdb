/* SPDX-License-Identifier: Apache-2.0 */
/* dev.approved: what a deviation's record says, whether it still holds, and which reasons none may have. */
#include <sca/deviation.h>
#include <sca/reason.h>

#include <base/cleanup.h>
#include <base/when.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include "../arena_static.h"

/* ---- reasons ---- */

static const struct {
	const char *reason;
	enum sca_reason_kind kind;
} reasons[] = {
	{ "the length was checked by the caller in read_header()", SCA_REASON_ALLOWED },
	{ "der Wert kommt aus einer Tabelle mit acht Einträgen", SCA_REASON_ALLOWED },
	{ "the interrupt performs its own bounds check", SCA_REASON_ALLOWED },
	{ "the register wants this width, see the data sheet, chapter 7", SCA_REASON_ALLOWED },
	{ "the motor speed is limited to 3 turns each second", SCA_REASON_ALLOWED },
	{ "Übergabe nach ≤ 5 µs – das Register verlangt es", SCA_REASON_ALLOWED },
	{ "it is faster without the check", SCA_REASON_PERFORMANCE },
	{ "PERFORMANCE of the inner loop", SCA_REASON_PERFORMANCE },
	{ "saves  cycles\nin the sampling task", SCA_REASON_PERFORMANCE },
	{ "for per-for-mance of the loop", SCA_REASON_PERFORMANCE },
	{ "because of p e r f o r m a n c e alone", SCA_REASON_PERFORMANCE },
	{ "because of perf\xC3\xB3rmance in the loop", SCA_REASON_PERFORMANCE },
	{ "aus Geschwindigkeitsgr\xC3\xBCnden nicht gepr\xC3\xBC" "ft", SCA_REASON_PERFORMANCE },
	{ "aus Geschwindigkeitsgru\xCC\x88nden nicht anders", SCA_REASON_PERFORMANCE },
	{ "aus Geschwindigkeitsgruenden so gelassen", SCA_REASON_PERFORMANCE },
	{ "die Pr\xC3\xBC" "fung ist zu langsam hier", SCA_REASON_PERFORMANCE },
	{ "this is more convenient for the callers", SCA_REASON_CONVENIENCE },
	{ "keine Zeit vor der Freigabe", SCA_REASON_CONVENIENCE },
	{ "to get rid of the warning", SCA_REASON_CONVENIENCE },
	{ "das haben wir schon immer so gemacht", SCA_REASON_CONVENIENCE },
	{ "das w\xC3\xA4re zu aufw\xC3\xA4ndig gewesen", SCA_REASON_CONVENIENCE },
	{ "ok", SCA_REASON_NOTHING },
	{ "works fine", SCA_REASON_NOTHING },
	{ "See above.", SCA_REASON_NOTHING },
	{ "... --- ...", SCA_REASON_NOTHING },
	{ "it is \xD1\x84" "aster without the check", SCA_REASON_UNREAD },
	{ "it is fas\xE2\x80\x8B" "ter without the check", SCA_REASON_UNREAD },
	{ "it is fas\xC2\xAD" "ter without the check", SCA_REASON_UNREAD },
	{ "it is \xEF\xBD\x86" "aster without the check", SCA_REASON_UNREAD },
};

static void
test_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
		struct sca_reason r;
		assert_int_equal(sca_reason_judge(reasons[i].reason, arena, &r, NULL), ASSAY_OK);
		if (r.kind != reasons[i].kind)
			fail_msg("'%s' is %s ('%s'), not %s", reasons[i].reason, sca_reason_name(r.kind), r.word == NULL ? "" : r.word,
			    sca_reason_name(reasons[i].kind));
	}
}

static void
test_long_reason(void **state)
{
	(void)state;
	char text[SCA_REASON_MAX + 3];
	struct sca_reason r;
	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = '\0';
	assert_int_equal(sca_reason_judge(text, arena, &r, NULL), ASSAY_OK);
	assert_int_equal(r.kind, SCA_REASON_UNREAD);
}

/* ---- records ---- */

#define FILE_A "int a;\n\nint\nparse(int n)\n{\n\treturn n;\n}\n"
#define TOP "assay-code-deviation: 1\nrule: cert-c/EXP34-C\n"
#define REST "reason: the caller has checked the length\nrisk: a wrong caller reads beyond the end\nrequester: alice\nuntil: 2026-06-01\n"
#define SCOPE "scope: [{path: src/a.c, symbol: parse}]\n"

/* Its second premise names the digest of lines 3 to 4. */
static const char *
record(const char *scope, const char *lines, const char *extra)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	bool there;
	assert_int_equal(sca_premise_digest(assay_span_str(FILE_A), 3, 4, digest, &there), ASSAY_OK);
	assert_true(there);
	for (size_t i = 0; i < sizeof digest; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	const char *text = arena_printf(arena, TOP "%s" REST "%spremises:\n  - path: src/a.c\n    lines: %s\n    sha256: %s\n", scope, extra, lines, hex);
	assert_non_null(text);
	return text;
}

static struct sca_deviation
read_record(const char *text)
{
	struct assay_error err = { 0 };
	struct sca_deviation d;
	if (sca_deviation_parse(assay_span_str(text), "x.yaml", arena, &d, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	return d;
}

static const struct {
	const char *text, *what;
} bad[] = {
	{ TOP SCOPE REST, "premises" },
	{ TOP "scope: []\n" REST, "scope" },
	{ TOP SCOPE "permit: true\n" REST, "permit" },
	{ TOP "scope: [{path: ../a.c}]\n" REST, "no path" },
	{ TOP "scope: [{path: /a.c}]\n" REST, "no path" },
	{ TOP "scope: [{path: a//b.c}]\n" REST, "no path" },
	{ TOP "scope: [{path: a.c, finding: xyz}]\n" REST, "identity" },
	{ TOP "scope: [{path: a.c, symbol: \"two words\"}]\n" REST, "blank" },
	{ "assay-code-deviation: 1\nrule: EXP34-C\n" SCOPE REST, "NAME/NAME" },
	{ "assay-code-deviation: 1\nrule: cert-c/*\n" SCOPE REST, "NAME/NAME" },
	{ TOP "checks: [\"clang-tidy/*\"]\n" SCOPE REST, "NAME/NAME" },
	{ TOP SCOPE REST "premises: [{path: a.c, lines: 3-2, sha256: ab}]\n", "range" },
	{ TOP SCOPE REST "premises: [{path: a.c, lines: 0, sha256: ab}]\n", "range" },
	{ TOP SCOPE REST "premises: [{path: a.c, lines: 1, sha256: ab}]\n", "64 hex" },
	{ TOP SCOPE REST "owner: me\n", "owner" },
	{ "assay-code-deviation: 2\nrule: cert-c/EXP34-C\n", "newer" },
};

static void
test_bad_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct assay_error err = { 0 };
		struct sca_deviation d;
		if (sca_deviation_parse(assay_span_str(bad[i].text), "x.yaml", arena, &d, &err) == ASSAY_OK)
			fail_msg("row %zu was read", i);
		if (strstr(err.what, bad[i].what) == NULL)
			fail_msg("row %zu: '%s' is not about '%s'", i, err.what, bad[i].what);
	}
}

static void
test_which_records(void **state)
{
	(void)state;
	assert_true(sca_deviation_is(assay_span_str(TOP)));
	assert_true(sca_deviation_is(assay_span_str("# a note\n\n---\nassay-code-deviation: 9\n")));
	assert_false(sca_deviation_is(assay_span_str("# assay-code-deviation: 1\nassay-exception: 1\n")));
	assert_false(sca_deviation_is(assay_span_str("assay-exception: 1\nassay-code-deviation: 1\n")));
	assert_false(sca_deviation_is(assay_span_str("")));
	assert_false(sca_deviation_is(assay_span_str("assay-code")));
}

static void
test_written_is_read(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 16), again = BUF_INIT(1u << 16);
	struct sca_deviation d = read_record(record(SCOPE, "3-4", "checks: [gcc/-Wnull-dereference]\n"));
	d.reason = "a \"quoted\" \\ word: # and\n\ta second line";
	assert_int_equal(sca_deviation_write(&d, &out, NULL), ASSAY_OK);
	const struct sca_deviation r = read_record(buf_str(&out));
	assert_string_equal(r.reason, d.reason);
	assert_string_equal(r.checks.items[0], "gcc/-Wnull-dereference");
	assert_int_equal(sca_deviation_write(&r, &again, NULL), ASSAY_OK);
	assert_true(assay_span_equal(buf_span(&out), buf_span(&again)));
}

/* ---- whether it holds ---- */

static const struct {
	const char *scope, *lines, *extra, *bytes;
	int64_t day; /* of 2026-06-01, so many days before */
	const char *code;
	bool reopens;
} holds[] = {
	{ SCOPE, "3-4", "", FILE_A, 60, NULL, false },
	{ SCOPE, "3-4", "", FILE_A, 1, NULL, false },
	{ SCOPE, "3-4", "", FILE_A, 0, "deviation-expired", true },
	{ SCOPE, "3-4", "", FILE_A, -9, "deviation-expired", true },
	{ SCOPE, "3-4", "", FILE_A, 400, "deviation-too-long", false },
	{ SCOPE, "3-4", "", "int a;\n\nint\nparse(long n)\n{\n}\n", 60, "deviation-premise-changed", true },
	{ SCOPE, "3-4", "", "int b;\n" FILE_A, 60, "deviation-premise-moved", true },
	{ SCOPE, "3-4", "", "int b;\n" FILE_A FILE_A, 60, "deviation-premise-changed", true },
	{ SCOPE, "3-4", "", "int a; int parse;\n", 60, "deviation-premise-nothing", true },
	{ SCOPE, "2", "", FILE_A, 60, "deviation-premise-nothing", true },
	{ SCOPE, "7", "", FILE_A, 60, "deviation-premise-nothing", true },
	{ SCOPE, "8-900", "", FILE_A, 60, "deviation-premise-nothing", true },
	{ "scope: [{path: src/b.c}]\n", "3-4", "", FILE_A, 60, "deviation-stale", false },
	{ "scope: [{path: src/a.c, symbol: pars}]\n", "3-4", "", FILE_A, 60, "deviation-stale", false },
	{ "scope: [{path: src/a.c, symbol: \"x::parse\"}]\n", "3-4", "", FILE_A, 60, NULL, false },
	{ "scope: [{path: src/*.c}]\n", "3-4", "", FILE_A, 60, "deviation-too-wide", false },
	{ "scope: [{path: \"**\"}]\n", "3-4", "permit: true\n", FILE_A, 60, "deviation-too-wide", false },
	{ "scope: [{path: \"*.c\"}]\n", "3-4", "permit: true\n", FILE_A, 60, "deviation-too-wide", false },
	{ "scope: [{path: \"src/**\"}]\n", "3-4", "permit: true\n", FILE_A, 60, NULL, false },
	{ "scope: [{path: \"lib/**\"}]\n", "3-4", "permit: true\n", FILE_A, 60, "deviation-stale", false },
};

static void
test_holds(void **state)
{
	(void)state;
	int64_t until;
	assert_int_equal(when_parse(assay_span_str("2026-06-01"), &until, NULL), ASSAY_OK);
	for (size_t i = 0; i < sizeof holds / sizeof holds[0]; i++) {
		const struct sca_deviation d = read_record(record(holds[i].scope, holds[i].lines, holds[i].extra));
		const struct source_file file = { .path = "src/a.c", .mode = 0100644, .has_bytes = true, .bytes = assay_span_str(holds[i].bytes) };
		const struct sources s = { .files = &file, .count = 1 };
		struct sca_fault *f;
		assert_int_equal(sca_deviation_faults(&d, &s, until - holds[i].day * WHEN_DAY, 365, arena, &f, NULL), ASSAY_OK);
		if (holds[i].code == NULL ? f != NULL : f == NULL || strcmp(f->code, holds[i].code) != 0)
			fail_msg("row %zu: %s", i, f == NULL ? "nothing" : f->code);
		if (f != NULL)
			assert_int_equal(f->reopens, holds[i].reopens);
		assert_int_equal(sca_deviation_ends_soon(&d, until - holds[i].day * WHEN_DAY), holds[i].day > 0 && holds[i].day <= 30);
	}
}

static void
test_unread_file(void **state)
{
	(void)state;
	const struct sca_deviation d = read_record(record(SCOPE, "3-4", ""));
	const struct source_file file = { .path = "src/a.c", .mode = 0100644 };
	const struct sources s = { .files = &file, .count = 1 };
	struct sca_fault *f;
	assert_int_equal(sca_deviation_faults(&d, &s, 1774000000, 365, arena, &f, NULL), ASSAY_OK);
	for (; f != NULL; f = f->next) {
		assert_string_equal(f->code, "deviation-unread");
		assert_false(f->gap);
	}
}

/* ---- what it covers ---- */

static const struct {
	const char *scope, *extra;
	struct sca_subject subject;
	bool covered;
} covers[] = {
	{ SCOPE, "", { "cert-c/EXP34-C", NULL, "src/a.c", "parse", NULL }, true },
	{ SCOPE, "", { "cert-c/EXP34-C", NULL, "src/a.c", NULL, NULL }, false },
	{ SCOPE, "", { "cert-c/EXP34-C", NULL, "src/a.c", "parse_all", NULL }, false },
	{ SCOPE, "", { "cert-c/EXP34-C", NULL, "src/b.c", "parse", NULL }, false },
	{ SCOPE, "", { "cert-c/EXP33-C", NULL, "src/a.c", "parse", NULL }, false },
	{ SCOPE, "", { NULL, "gcc/-Wnull", "src/a.c", "parse", NULL }, false },
	{ SCOPE, "checks: [gcc/-Wnull]\n", { NULL, "gcc/-Wnull", "src/a.c", "parse", NULL }, true },
	{ SCOPE, "checks: [gcc/-Wnull]\n", { NULL, "clang/-Wnull", "src/a.c", "parse", NULL }, false },
	{ "scope: [{path: src/a.c}]\n", "", { "cert-c/EXP34-C", NULL, "src/a.c", NULL, NULL }, true },
	{ "scope: [{path: src/a.c, finding: 0123456789abcdef}]\n", "", { "cert-c/EXP34-C", NULL, "src/a.c", NULL, NULL }, false },
	{ "scope: [{path: src/a.c, finding: 0123456789abcdef}]\n", "", { "cert-c/EXP34-C", NULL, "src/a.c", "f", "0123456789abcdef" }, true },
	{ "scope: [{path: src/a.c, finding: 0123456789abcdef}]\n", "", { "cert-c/EXP34-C", NULL, "src/a.c", "f", "0123456789abcdee" }, false },
	{ "scope: [{path: src/*}]\n", "", { "cert-c/EXP34-C", NULL, "src/a.c", NULL, NULL }, false },
	{ "scope: [{path: src/*}]\n", "permit: true\n", { "cert-c/EXP34-C", NULL, "src/a.c", NULL, NULL }, true },
	{ "scope: [{path: src/*}]\n", "permit: true\n", { "cert-c/EXP34-C", NULL, "src/net/a.c", NULL, NULL }, false },
};

static void
test_covers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof covers / sizeof covers[0]; i++) {
		const struct sca_deviation d = read_record(record(covers[i].scope, "3-4", covers[i].extra));
		if (sca_deviation_covers(&d, &covers[i].subject) != covers[i].covered)
			fail_msg("row %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reasons, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_reason, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_records, setup, teardown),
		cmocka_unit_test_setup_teardown(test_which_records, setup, teardown),
		cmocka_unit_test_setup_teardown(test_written_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_holds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unread_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_covers, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
