/* SPDX-License-Identifier: Apache-2.0 */
/* policy.true: what a sentence says besides what its mark claims. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <base/cleanup.h>
#include <cmocka.h>
#include <judge/claims.h>
#include <stdio.h>
#include <string.h>

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	return arena_new(16u << 20, &arena) == ASSAY_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* What "check" would say of it: "fits", "differs" or "more". */
static const char *
read_sentence(const char *sentence, const char *marks)
{
	char words[4][8][32] = { 0 };
	struct docs_mark m[4] = { 0 };
	struct claim claims[4];
	size_t count = 0;
	const char *why, *what;
	bool fits = true;
	for (const char *p = marks; *p != '\0' && count < 4; count++) {
		size_t n = strcspn(p, ";");
		for (size_t i = 0; i < n;) {
			const size_t len = strcspn(p + i, " ;");
			(void)snprintf(words[count][m[count].word_count], 32, "%.*s", (int)len, p + i);
			m[count].words[m[count].word_count] = words[count][m[count].word_count];
			m[count].word_count++;
			i += len + (p[i + len] == ' ');
		}
		p += n + (p[n] == ';');
		const struct claim_kind *kind = claim_kind_find(m[count].words[0]);
		assert_non_null(kind);
		assert_true(claim_read(&m[count], kind, &claims[count]));
		fits = fits && claim_fits(&claims[count], sentence, &why);
	}
	if (!fits)
		return "differs";
	assert_int_equal(claim_says_more(claims, count, sentence, arena, &what, NULL), ASSAY_OK);
	return what != NULL ? "more" : "fits";
}

struct row {
	const char *sentence, *marks;
};

static void
expect(const struct row *rows, size_t count, const char *expected)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		const char *got = read_sentence(rows[i].sentence, rows[i].marks);
		if (strcmp(got, expected) != 0)
			print_error("'%s' [%s]: %s, not %s\n", rows[i].sentence, rows[i].marks, got, expected);
		wrong += strcmp(got, expected) != 0;
	}
	assert_int_equal(wrong, 0);
}

#define EXPECT(rows, expected) expect(rows, sizeof(rows) / sizeof((rows)[0]), expected)

static void
leaves_honest_sentences_alone(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "Every commit without exception is signed.", "signed-commits" },
		{ "Each change on main is approved by someone other than its author.", "reviewed-changes" },
		{ "A change is merged only when somebody else has reviewed it.", "reviewed-changes" },
		{ "Zwei Personen außer dem Autor prüfen jede Änderung.", "reviewers 2" },
		{ "Two independent reviewers approve each change.", "reviewers 2" },
		{ "Every change needs a two-person review.", "reviewers 2" },
		{ "No fewer than two people hold a key.", "people 2" },
		{ "A release is blocked unless all tests pass.", "gated-releases" },
		{ "If a test fails, the release is blocked.", "gated-releases" },
		{ "Ein Release wird nur gebaut, wenn alle Prüfungen bestanden sind.", "gated-releases" },
		{ "Clocks differ by at most five minutes.", "clock-skew 300" },
		{ "Clocks shall not differ by more than 300 seconds.", "clock-skew 300" },
		{ "The register is reviewed at least quarterly.", "access-review 3 months" },
		{ "The register is reviewed at least once a year.", "access-review 12 months" },
		{ "The register is reviewed every 12 weeks.", "access-review 12 weeks" },
		{ "Das Register wird mindestens zweimal im Jahr geprüft.", "access-review 6 months" },
		{ "Personal keys are replaced after at most two years.", "key-rotation 24 months" },
		{ "Records are kept for at least two years.", "retention 24 months" },
		{ "This policy is approved by the role `policy` and reviewed every year.", "approved-by policy;policy-review 12 months" },
		{ "As IEC 81001-5-1 in section 5 asks, every commit is signed.", "signed-commits" },
		{ "Since 2 March 2026 every commit is signed.", "signed-commits" },
		{ "Nobody can sign a release alone: two people are needed.", "dual-control" },
		{ "Every login needs two-factor authentication.", "multi-factor" },
		{ "Who may do what is recorded in the register.", "access-register" },
		{ "Wer was darf, ist im Verzeichnis aufgeführt.", "access-register" },
		{ "Every commit is signed, and two people review it within 30 days.", "signed-commits;reviewers 2;person" },
		{ "Every commit is signed and every change is reviewed.", "signed-commits;reviewed-changes" },
	};
	EXPECT(rows, "fits");
}

static void
hears_limits(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "Every commit must be signed unless it is urgent.", "signed-commits" },
		{ "Every commit other than those of robots is signed.", "signed-commits" },
		{ "Jeder Commit außer denen von Robotern ist signiert.", "signed-commits" },
		{ "In der Regel ist jeder Commit signiert.", "signed-commits" },
		{ "Jeder Commit ist grundsätzlich signiert.", "signed-commits" },
		{ "Jeder Commit ist signiert, sofern das möglich ist.", "signed-commits" },
		{ "Most commits are signed.", "signed-commits" },
		{ "Two thirds of commits, the majority, are signed.", "signed-commits" },
		{ "Commits are signed or the reason is documented.", "signed-commits" },
		{ "Commits “except hotfixes” are signed.", "signed-commits" },
		{ "Commits are “not” signed.", "signed-commits" },
		{ "All important changes are reviewed.", "reviewed-changes" },
		{ "We intend to have every change reviewed.", "reviewed-changes" },
		{ "Every change must be reviewed, but a maintainer may skip that.", "reviewed-changes" },
		{ "Unsigned commits are rejected if they touch the firmware.", "signed-commits" },
		{ "Who may do what may be recorded in the register.", "access-register" },
		{ "A release is built when the tests have passed, if somebody ran them.", "gated-releases" },
		{ "Every dependency is pinned by hash where feasible.", "lockfile" },
		{ "It is recommended that every dependency is locked.", "lockfile" },
	};
	EXPECT(rows, "differs");
}

static void
hears_other_numbers(void **state)
{
	(void)state;
	static const struct row differs[] = {
		{ "Every change is reviewed within two days.", "reviewers 2" },
		{ "At most two people review a change.", "reviewers 2" },
		{ "Fewer than two reviewers see a change.", "reviewers 2" },
		{ "Clocks differ by 300 minutes.", "clock-skew 300" },
		{ "Clocks differ by at least 300 seconds.", "clock-skew 300" },
		{ "The register is reviewed every 12 weeks.", "access-review 12 months" },
		{ "The register is reviewed at most every 12 months.", "access-review 12 months" },
		{ "Keys are valid for at least 24 months.", "key-rotation 24 months" },
		{ "Records are kept for at most two years.", "retention 24 months" },
	};
	static const struct row more[] = {
		{ "Every change is reviewed by two people within 30 days.", "reviewers 2" },
		{ "Every change has a two-person review in a 30-day period.", "reviewers 2" },
		{ "The register is reviewed every 12 months, and every 12 weeks after an incident.", "access-review 12 months" },
		{ "The register is reviewed twice a year, and in a year of change 12 months apart.", "access-review 12 months" },
		{ "90 % of commits are signed.", "signed-commits" },
		{ "Every commit is signed within 1.5 hours.", "signed-commits" },
		{ "Every commit is signed “within 30 days”.", "signed-commits" },
		{ "Every commit is signed and every disk is encrypted.", "signed-commits" },
		{ "Every commit is signed and reviewed.", "signed-commits" },
		{ "Jeder Commit ist signiert, und alle Beteiligten sind geschult.", "signed-commits" },
		{ "Commits 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 are signed.", "signed-commits" },
	};
	EXPECT(differs, "differs");
	EXPECT(more, "more");
}

/* What "assay docs new" writes is read as what it says. */
static void
own_sentences_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < claim_kind_count; i++) {
		const struct claim_kind *k = &claim_kinds[i];
		char mark[64];
		if (k->english == NULL || k->english[0] == '%')
			continue;
		(void)snprintf(mark, sizeof mark, "%s%s", k->name, k->parameter == CLAIM_NOTHING ? "" : k->parameter == CLAIM_PERIOD
			? " 12 months" : k->parameter == CLAIM_WORD ? " quality" : " 7");
		for (int german = 0; german < 2; german++) {
			const char *text = german ? k->german : k->english, *hole = strstr(text, "%s");
			const char *word = k->parameter == CLAIM_WORD ? "quality" : k->parameter != CLAIM_PERIOD ? "7" : german ? "12 Monate"
			    : "12 months";
			char sentence[400];
			if (hole == NULL)
				(void)snprintf(sentence, sizeof sentence, "%s", text);
			else
				(void)snprintf(sentence, sizeof sentence, "%.*s%s%s", (int)(hole - text), text, word, hole + 2);
			EXPECT(((struct row[]){ { sentence, mark } }), "fits");
		}
	}
}

static void
hears_exemptions(void **state)
{
	(void)state;
	static const char *const out[] = { "Hotfixes are exempt.", "This does not apply to robots.", "Ausgenommen sind Notfälle.",
		"Das gilt nicht für Hotfixes.", "Exceptions: robots." };
	static const char *const none[] = { "There are no exceptions.", "Das gilt ohne Ausnahme.", "It applies to all.",
		"Two people other than the author see it." };
	for (size_t i = 0; i < sizeof out / sizeof out[0]; i++)
		assert_true(claim_takes_out(out[i]));
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(claim_takes_out(none[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(leaves_honest_sentences_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hears_limits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hears_other_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(own_sentences_fit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hears_exemptions, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
