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
	{ "twelve|zwölf", 12 },
	{ "fourteen|vierzehn", 14 },
	{ "fifteen|fünfzehn", 15 },
	{ "eighteen|achtzehn", 18 },
	{ "twenty|zwanzig", 20 },
	{ "twenty-four|vierundzwanzig", 24 },
	{ "thirty|dreißig", 30 },
	{ "thirty-six|sechsunddreißig", 36 },
	{ "sixty|sechzig", 60 },
	{ "ninety|neunzig", 90 },
	{ "hundred|hundert", 100 },
};

static const struct {
	const char *pattern;
	enum docs_unit unit;
	uint32_t times;
} units[] = {
	{ "day|days|tag|tage|tagen", DOCS_DAYS, 1 },
	{ "week|weeks|woche|wochen", DOCS_DAYS, 7 },
	{ "month|months|monat|monate|monaten|monats", DOCS_MONTHS, 1 },
	{ "quarter|quarters|quartal|quartale|vierteljahr", DOCS_MONTHS, 3 },
	{ "year|years|jahr|jahre|jahren|jahres", DOCS_MONTHS, 12 },
};

/* Words and phrases that are a number by themselves. */
static const struct {
	const char *pattern;
	struct docs_number number;
} phrases[] = {
	{ "twice|zweimal a|per|im|pro|each|every year|jahr", { 6, DOCS_MONTHS } },
	{ "daily|täglich~", { 1, DOCS_DAYS } },
	{ "weekly|wöchentlich~", { 7, DOCS_DAYS } },
	{ "monthly|monatlich~", { 1, DOCS_MONTHS } },
	{ "quarterly|vierteljährlich~|quartalsweise", { 3, DOCS_MONTHS } },
	{ "half-yearly|semi-annual|semi-annually|halbjährlich~|half-year", { 6, DOCS_MONTHS } },
	{ "annual|annually|yearly|jährlich~|alljährlich~", { 12, DOCS_MONTHS } },
	{ "every|each|per|a|jeden|jede|jedes|pro|im|in|ein|einem day|tag", { 1, DOCS_DAYS } },
	{ "every|each|per|a|jeden|jede|jedes|pro week|woche", { 7, DOCS_DAYS } },
	{ "every|each|per|a|jeden|jede|jedes|pro|im month|monat", { 1, DOCS_MONTHS } },
	{ "every|each|per|a|jeden|jede|jedes|pro|im quarter|quartal|vierteljahr", { 3, DOCS_MONTHS } },
	{ "every|each|per|a|jeden|jede|jedes|pro|im year|jahr", { 12, DOCS_MONTHS } },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool
is_word(const char *word, const char *pattern)
{
	struct words one = { .count = 1 };
	size_t at, len;
	(void)memcpy(one.word[0], word, WORD_LEN_MAX);
	return words_find(&one, pattern, 0, &at, &len);
}

static bool
value_of(const char *word, uint32_t *ret_value)
{
	uint64_t v;
	if (text_to_u64(assay_span_str(word), &v) == ASSAY_OK && v <= UINT32_MAX / 1000) {
		*ret_value = (uint32_t)v;
		return true;
	}
	for (size_t i = 0; i < COUNT(number_words); i++) {
		if (is_word(word, number_words[i].pattern)) {
			*ret_value = number_words[i].value;
			return true;
		}
	}
	return false;
}

/* The number at word number 'at', with the unit that follows it. */
static bool
number_at(const struct words *w, size_t at, struct docs_number *ret_number)
{
	uint32_t value;
	if (w->word[at][0] == '\0' || !value_of(w->word[at], &value))
		return false;
	*ret_number = (struct docs_number){ value, DOCS_COUNT };
	for (size_t i = 0; i < COUNT(units) && at + 1 < w->count; i++) {
		if (is_word(w->word[at + 1], units[i].pattern))
			*ret_number = (struct docs_number){ value * units[i].times, units[i].unit };
	}
	return true;
}

size_t
docs_numbers(const char *sentence, struct docs_number ret_numbers[DOCS_NUMBERS_MAX])
{
	struct words w;
	size_t count = 0, at, len;
	words_of(sentence, strlen(sentence), &w);
	for (size_t i = 0; i < COUNT(phrases) && count < DOCS_NUMBERS_MAX; i++) {
		if (words_find(&w, phrases[i].pattern, 0, &at, &len))
			ret_numbers[count++] = phrases[i].number;
	}
	for (size_t i = 0; i < w.count && count < DOCS_NUMBERS_MAX; i++)
		count += number_at(&w, i, &ret_numbers[count]);
	return count;
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
	return w.count == 1 || ret_number->unit != DOCS_COUNT;
}
