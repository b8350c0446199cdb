/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <base/text.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *pattern;
	uint32_t value;
} number_words[] = {
	{ "one|ein|eine|einer|einem|einen|eins|single", 1 },
	{ "two|zwei|zweier|both|beide|twice", 2 },
	{ "three|drei|dreier", 3 },
	{ "four|vier", 4 },
	{ "five|fünf", 5 },
	{ "six|sechs", 6 },
	{ "seven|sieben", 7 },
	{ "eight|acht", 8 },
	{ "nine|neun", 9 },
	{ "ten|zehn", 10 },
	{ "eleven|elf", 11 },
	{ "twelve|zwölf|dozen|dutzend", 12 },
	{ "thirteen|dreizehn", 13 },
	{ "fourteen|vierzehn", 14 },
	{ "fifteen|fünfzehn", 15 },
	{ "sixteen|sechzehn", 16 },
	{ "seventeen|siebzehn", 17 },
	{ "eighteen|achtzehn", 18 },
	{ "nineteen|neunzehn", 19 },
	{ "twenty|zwanzig", 20 },
	{ "twenty-four|vierundzwanzig", 24 },
	{ "thirty|dreißig", 30 },
	{ "thirty-six|sechsunddreißig", 36 },
	{ "forty|vierzig", 40 },
	{ "fifty|fünfzig", 50 },
	{ "sixty|sechzig", 60 },
	{ "seventy|siebzig", 70 },
	{ "eighty|achtzig", 80 },
	{ "ninety|neunzig", 90 },
	{ "hundred|hundert", 100 },
	{ "thousand|tausend", 1000 },
};

static const struct {
	const char *pattern;
	enum docs_unit unit;
	uint32_t times;
} units[] = {
	{ "s|sec|second|seconds|sekunde|sekunden", DOCS_SECONDS, 1 },
	{ "min|minute|minutes|minuten|minütig~", DOCS_SECONDS, 60 },
	{ "h|hour|hours|hourly|stunde|stunden|stündig~|stündlich~", DOCS_SECONDS, 3600 },
	{ "day|days|tag|tage|tagen|tägig~|täglich~|daily", DOCS_DAYS, 1 },
	{ "week|weeks|weekly|woche|wochen|wöchig~|wöchentlich~", DOCS_DAYS, 7 },
	{ "month|months|monthly|monat|monate|monaten|monats|monatig~|monatlich~", DOCS_MONTHS, 1 },
	{ "quarter|quarters|quartal|quartale|quartalen|vierteljahr", DOCS_MONTHS, 3 },
	{ "year|years|yearly|jahr|jahre|jahren|jahres|jährig~|jährlich~", DOCS_MONTHS, 12 },
};

/* Words and phrases that are a number by themselves. */
static const struct {
	const char *pattern;
	struct docs_number number;
} phrases[] = {
	{ "twice|zweimal a|per|im|pro|each|every year|jahr", { 6, DOCS_MONTHS, false } },
	{ "daily|täglich~", { 1, DOCS_DAYS, false } },
	{ "weekly|wöchentlich~", { 7, DOCS_DAYS, false } },
	{ "monthly|monatlich~", { 1, DOCS_MONTHS, false } },
	{ "quarterly|vierteljährlich~|quartalsweise", { 3, DOCS_MONTHS, false } },
	{ "half-yearly|semi-annual|semi-annually|halbjährlich~|half-year", { 6, DOCS_MONTHS, false } },
	{ "annual|annually|yearly|jährlich~|alljährlich~", { 12, DOCS_MONTHS, false } },
	{ "every|each|per|a|jeden|jede|jedes|pro|im|in|ein|einem day|tag", { 1, DOCS_DAYS, false } },
	{ "every|each|per|a|jeden|jede|jedes|pro week|woche", { 7, DOCS_DAYS, false } },
	{ "every|each|per|a|jeden|jede|jedes|pro|im month|monat", { 1, DOCS_MONTHS, false } },
	{ "every|each|per|a|jeden|jede|jedes|pro|im quarter|quartal|vierteljahr", { 3, DOCS_MONTHS, false } },
	{ "every|each|per|a|jeden|jede|jedes|pro|im year|jahr", { 12, DOCS_MONTHS, false } },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool
value_of(const char *word, uint32_t *ret_value)
{
	uint64_t v;
	if (text_to_u64(assay_span_str(word), &v) == ASSAY_OK && v <= UINT32_MAX / 1000) {
		*ret_value = (uint32_t)v;
		return true;
	}
	for (size_t i = 0; i < COUNT(number_words); i++) {
		if (words_is(word, number_words[i].pattern)) {
			*ret_value = number_words[i].value;
			return true;
		}
	}
	return false;
}

static bool
unit_of(const char *word, struct docs_number *n)
{
	for (size_t i = 0; i < COUNT(units); i++) {
		if (words_is(word, units[i].pattern)) {
			n->value *= units[i].times;
			n->unit = units[i].unit;
			return true;
		}
	}
	return false;
}

/* Not all of which states how many: articles, what is named by its number, and words that only look like it. */
static const char articles[] = "one|ein|eine|einer|einem|einen|eins|single|both|beide";
static const char names[] = "two-factor|zwei-faktor~|four-eyes|vier-augen~|two-way|one-way|one-time|2fa";
static const char named_before[] =
    "iec|iso|en|din|nist|rfc|bsi|fips|tls|mdr|sha|version|section|clause|chapter|table|annex|appendix|figure|page|step|rule|article|"
    "art|abschnitt|kapitel|anhang|tabelle|abbildung|seite|schritt|regel|artikel|ziffer|nr|nummer|format";
static const char month_names[] =
    "january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|"
    "dezember";
static const char year_before[] = "since|seit|from|ab|in|im|jahr|year|of";

#define YEAR_FIRST 1990
#define YEAR_LAST 2100

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "section 5", "IEC 62304", "2 March 2026", "since 2024", "5.8.3", "2026-03-02". */
static bool
is_name(const struct words *w, size_t at)
{
	const char *word = w->word[at], *before = at > 0 ? w->word[at - 1] : "", *after = at + 1 < w->count ? w->word[at + 1] : "";
	uint64_t v = 0;
	size_t stops = 0, hyphens = 0;
	if (words_is(word, names) || words_is(before, named_before) || words_is(before, month_names) || words_is(after, month_names))
		return true;
	for (const char *p = word; *p != '\0'; p++) {
		stops += *p == '.';
		hyphens += *p == '-' && is_digit(p[1]);
	}
	if (is_digit(word[0]) && (stops > 1 || hyphens > 1))
		return true;
	return text_to_u64(assay_span_str(word), &v) == ASSAY_OK && v >= YEAR_FIRST && v <= YEAR_LAST && words_is(before, year_before);
}

/* "two", "12", "30-day", "12-monatig"; what begins with a digit and is none of these is a number that nobody can compare. */
static bool
word_number(const char *word, struct docs_number *ret_number)
{
	char head[WORD_LEN_MAX];
	uint32_t value = 0;
	const size_t n = strcspn(word, "-");
	if (value_of(word, &value)) {
		*ret_number = (struct docs_number){ value, DOCS_COUNT, words_is(word, articles) };
		return true;
	}
	(void)snprintf(head, sizeof head, "%.*s", (int)n, word);
	if (word[n] == '-' && value_of(head, &value) && !words_is(head, articles)) {
		*ret_number = (struct docs_number){ value, DOCS_COUNT, false };
		(void)unit_of(word + n + 1, ret_number);
		return true;
	}
	*ret_number = (struct docs_number){ 0, DOCS_UNREAD_NUMBER, false };
	/* "1st", "2nd", "3rd" are no amounts. */
	return is_digit(word[0]) && !words_is(word, "1st|2nd|3rd");
}

/* The number at word number 'at', with the unit that follows it. */
static bool
number_at(const struct words *w, size_t at, struct docs_number *ret_number)
{
	if (w->word[at][0] == '\0' || !word_number(w->word[at], ret_number))
		return false;
	if (ret_number->unit == DOCS_COUNT && at + 1 < w->count && unit_of(w->word[at + 1], ret_number))
		ret_number->article = false;
	return true;
}

size_t
docs_numbers(const char *sentence, struct docs_number ret_numbers[DOCS_NUMBERS_MAX])
{
	struct words w;
	size_t count = 0;
	words_with_quoted(sentence, strlen(sentence), &w);
	for (size_t i = 0; i < COUNT(phrases) && count < DOCS_NUMBERS_MAX; i++) {
		if (words_strike(&w, phrases[i].pattern))
			ret_numbers[count++] = phrases[i].number;
	}
	for (size_t i = 0; i < w.count && count < DOCS_NUMBERS_MAX; i++) {
		if (!is_name(&w, i))
			count += number_at(&w, i, &ret_numbers[count]);
	}
	return count;
}

/* Words between a number and what it counts. */
#define COUNTED_WITHIN 3

bool
docs_counts(const char *sentence, uint32_t value, const char *things)
{
	struct words w;
	struct docs_number n;
	words_with_quoted(sentence, strlen(sentence), &w);
	for (size_t i = 0; i < w.count; i++) {
		if (!number_at(&w, i, &n) || n.unit != DOCS_COUNT || n.value != value)
			continue;
		for (size_t k = i; k <= i + COUNTED_WITHIN && k < w.count; k++) {
			/* "two-person" counts by itself. */
			const char *hyphen = k == i ? strchr(w.word[k], '-') : NULL;
			if (words_is(hyphen != NULL ? hyphen + 1 : w.word[k], things))
				return true;
		}
	}
	return false;
}

bool
docs_number_of(const struct docs_mark *m, size_t first, struct docs_number *ret_number)
{
	struct words w;
	char joined[2 * WORD_LEN_MAX + 2];
	if (first >= m->word_count || m->word_count - first > 2)
		return false;
	for (size_t i = first; i < m->word_count; i++) {
		if (strlen(m->words[i]) >= WORD_LEN_MAX)
			return false;
	}
	(void)snprintf(joined, sizeof joined, "%s %s", m->words[first], m->word_count - first > 1 ? m->words[first + 1] : "");
	words_of(joined, strlen(joined), &w);
	if (w.count != m->word_count - first || !number_at(&w, 0, ret_number))
		return false;
	return ret_number->unit != DOCS_UNREAD_NUMBER && (w.count == 1 || ret_number->unit != DOCS_COUNT);
}
