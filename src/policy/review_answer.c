/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that aren't any. Letters and digits alone are compared, without their case, so that a full stop makes no other answer.
 */
#include <base/cleanup.h>
#include <policy/review.h>
#include <stdlib.h>
#include <string.h>

/* Whole answers that say nothing, as bare() leaves them; and words that one begins with who hasn't looked yet. */
static const char *const empty[] = { "", "na", "nothing", "none", "no", "yes", "ok", "okay", "fine", "good", "done", "lgtm", "tbd", "tba",
	"xxx", "seeabove", "asabove", "sameasabove", "dito", "ditto", "looksgood", "looksgoodtome", "looksfine", "looksfinetome",
	"allgood", "allfine", "nothingfound", "nothingtosay", "nothingtodo", "noissues", "noissuesfound", "noproblem", "noproblems",
	"nofindings", "notapplicable", "notrelevant", "reviewed", "checked", "approved", "keine", "nichts", "entfällt", "sieheoben",
	"nichtzutreffend", "nichtrelevant", "keinebefunde" };
static const char *const unfinished[] = { "todo", "tbd", "fixme", "tobedone", "tobedefined", "tobedetermined", "loremipsum",
	"writehere", "answerhere", "youranswer" };

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
/* Of an answer, that is held against the question; longer ones are held against it by their beginning. */
#define BARE_MAX 4096
/* So much of a question, in letters, is too much for chance. */
#define COPIED_LEAST 12
/* The first byte of a character for which a script without blanks may use one: two of them are about a word. */
#define WIDE_FIRST 0xe3

/* Letters and digits, in lower case where they are ASCII. Returns how many bytes. */
static size_t
bare(const char *text, char out[BARE_MAX + 1])
{
	size_t len = 0;
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0' && len < BARE_MAX; p++) {
		const bool upper = *p >= 'A' && *p <= 'Z';
		if (upper || (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p >= 0x80)
			out[len++] = (char)(upper ? *p + ('a' - 'A') : *p);
	}
	out[len] = '\0';
	return len;
}

/* In halves, so that characters of scripts that set no blanks count too. */
static size_t
half_words(const char *text)
{
	size_t halves = 0;
	bool in = false;
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
		const bool letter = (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p >= 0x80;
		if (*p >= WIDE_FIRST)
			halves++;
		else if (letter && !in && *p < 0x80)
			halves += 2;
		else if (letter && !in && *p >= 0xc0)
			halves += 2;
		in = letter;
	}
	return halves;
}

/* A number behind it makes no other answer. */
static void
drop_digits(char *words)
{
	size_t kept = 0;
	for (const char *p = words; *p != '\0'; p++)
		if (*p < '0' || *p > '9')
			words[kept++] = *p;
	words[kept] = '\0';
}

static bool
says_nothing(const char *answer)
{
	char words[BARE_MAX + 1];
	memcpy(words, answer, strlen(answer) + 1);
	drop_digits(words);
	for (size_t i = 0; i < COUNT(empty); i++) {
		if (strcmp(words, empty[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < COUNT(unfinished); i++) {
		if (strncmp(words, unfinished[i], strlen(unfinished[i])) == 0)
			return true;
	}
	return false;
}

static enum review_flaw
words_flaw(const char *ask, const char *words)
{
	char question[BARE_MAX + 1], answer[BARE_MAX + 1];
	const size_t len = bare(words, answer), asked = bare(ask, question);
	if (says_nothing(answer))
		return REVIEW_EMPTY_WORDS;
	if ((len >= COPIED_LEAST && strstr(question, answer) != NULL) || (asked >= COPIED_LEAST && strcmp(answer, question) == 0))
		return REVIEW_COPIED;
	/* The question, and a word or two beside it. */
	if (asked >= COPIED_LEAST && strstr(answer, question) != NULL && len - asked < COPIED_LEAST)
		return REVIEW_COPIED;
	return half_words(words) < 2 * (size_t)REVIEW_WORDS_LEAST ? REVIEW_SHORT : REVIEW_SOUND;
}

enum review_flaw
review_answer_flaw(const struct review_question *q)
{
	if (!q->answered)
		return REVIEW_UNANSWERED;
	if (q->none != NULL)
		return words_flaw(q->ask, q->none);
	return q->text != NULL ? words_flaw(q->ask, q->text) : REVIEW_SOUND;
}

const char *
review_flaw_words(enum review_flaw flaw)
{
	static const char *const words[] = { [REVIEW_SOUND] = "stands", [REVIEW_UNANSWERED] = "is still open",
		[REVIEW_EMPTY_WORDS] = "says nothing", [REVIEW_SHORT] = "gives no reason: it has fewer than three words",
		[REVIEW_COPIED] = "repeats the question" };
	return words[flaw];
}

/* ---- the record as a whole ---- */

static bool
names(const struct review_question *q, const char *word)
{
	return word == NULL || strstr(q->ask, word) != NULL;
}

static bool
is_asked(const struct review *r, const char *file, const char *call)
{
	for (size_t i = 0; i < r->question_count; i++) {
		const struct review_question *q = &r->questions[i];
		if (q->point == REVIEW_THREATS && q->about != NULL && strcmp(q->about, file) == 0 && names(q, call))
			return true;
	}
	return false;
}

static int
compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum assay_status
count_alike(const struct review *r, struct arena *arena, struct review_gaps *g, struct assay_error *err)
{
	char room[BARE_MAX + 1];
	size_t count = 0, run = 0;
	const char **words = arena_array(arena, r->question_count + 1, sizeof *words);
	if (words == NULL)
		return arena_full(err);
	for (size_t i = 0; i < r->question_count; i++) {
		const struct review_question *q = &r->questions[i];
		g->answered += q->answered;
		g->none += q->none != NULL;
		if (q->none == NULL && q->text == NULL)
			continue;
		(void)bare(q->none != NULL ? q->none : q->text, room);
		drop_digits(room);
		words[count] = arena_str(arena, room);
		if (words[count++] == NULL)
			return arena_full(err);
	}
	qsort(words, count, sizeof *words, compare_words);
	for (size_t i = 0; i < count; i++) {
		run = i > 0 && strcmp(words[i - 1], words[i]) == 0 ? run + 1 : 1;
		g->alike = run > g->alike ? run : g->alike;
	}
	return ASSAY_OK;
}

enum assay_status
review_gaps(const struct review *r, struct arena *arena, struct review_gaps *ret_gaps, struct assay_error *err)
{
	struct review_gaps g = { .point = { true, true, true, true, true } };
	for (size_t i = 0; i < r->question_count; i++)
		g.point[r->questions[i].point] = false;
	for (size_t i = 0; i < r->file_count && g.file == NULL; i++) {
		if (!is_asked(r, r->files[i].path, NULL))
			g.file = &r->files[i];
	}
	for (size_t i = 0; i < r->interface_count && g.interface == NULL; i++) {
		if (!is_asked(r, r->interfaces[i].file, r->interfaces[i].call))
			g.interface = &r->interfaces[i];
	}
	TRY(count_alike(r, arena, &g, err));
	*ret_gaps = g;
	return ASSAY_OK;
}

bool
review_is_bulk(const struct review_gaps *g)
{
	return g->alike >= REVIEW_ALIKE_LEAST && 2 * g->alike > g->answered;
}
