/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <string.h>

#define GAP_MAX 8      /* words that '*' may take */
#define PATTERN_MAX 16 /* words of a pattern */
#define QUOTED_MAX 3   /* words in quotes that are only mentioned, not said */

/* ---- splitting ---- */

/* Length of a quotation mark or backquote at p, else 0. */
static size_t
quote_at(const char *p, size_t len)
{
	static const char *const quotes[] = { "\"", "`", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xC2\xAB",
		"\xC2\xBB", "\xE2\x80\x98" };
	for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
		const size_t n = strlen(quotes[i]);
		if (len >= n && memcmp(p, quotes[i], n) == 0)
			return n;
	}
	return 0;
}

/* Soft hyphens, zero-width and direction marks show nothing: a word with one in it is the word without. How long it is, else 0. */
static size_t
invisible_at(const char *p, size_t len)
{
	static const struct {
		const char *first, *last;
	} unseen[] = {
		{ "\xC2\xAD", "\xC2\xAD" },             /* soft hyphen */
		{ "\xE2\x80\x8B", "\xE2\x80\x8F" },     /* zero width, direction marks */
		{ "\xE2\x80\xAA", "\xE2\x80\xAE" },     /* direction overrides */
		{ "\xE2\x81\xA0", "\xE2\x81\xAF" },     /* joiners, isolates */
		{ "\xEF\xBB\xBF", "\xEF\xBB\xBF" },     /* byte order mark */
	};
	for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
		const size_t n = strlen(unseen[i].first);
		if (len >= n && memcmp(p, unseen[i].first, n) >= 0 && memcmp(p, unseen[i].last, n) <= 0)
			return n;
	}
	return 0;
}

/* U+00A0 and General Punctuation up to U+206F are no letters. */
static bool
is_letter(const char *p, size_t len)
{
	const unsigned char c = (unsigned char)p[0];
	if (c == 0xC2 && len > 1 && ((unsigned char)p[1] == 0xA0 || (unsigned char)p[1] == 0xAD))
		return false;
	if (c == 0xE2 && len > 1 && ((unsigned char)p[1] == 0x80 || (unsigned char)p[1] == 0x81))
		return false;
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A hyphen, an apostrophe or a stop between letters belongs to the word: how long it is, else 0. */
static size_t
joint_at(const char *p, size_t len)
{
	static const char apostrophe[] = "\xE2\x80\x99";
	if (len > 1 && strchr("-'.", p[0]) != NULL && p[0] != '\0' && is_letter(p + 1, len - 1))
		return 1;
	return len > 3 && memcmp(p, apostrophe, 3) == 0 && is_letter(p + 3, len - 3) ? 3 : 0;
}

static size_t
word_len(const char *p, size_t len)
{
	size_t n = 0;
	while (n < len) {
		const bool letter = is_letter(p + n, len - n) && quote_at(p + n, len - n) == 0;
		const size_t step = letter ? 1 : n == 0 ? 0 : joint_at(p + n, len - n) + invisible_at(p + n, len - n);
		if (step == 0)
			break;
		n += step;
		/* Bytes that continue a character follow their first. */
		while (n < len && ((unsigned char)p[n] & 0xC0) == 0x80)
			n++;
	}
	return n;
}

/* "ae" for an umlaut, as people write it who lack the key; NULL for another letter. c stood behind 0xC3. */
static const char *
folded(unsigned char c)
{
	static const struct {
		unsigned char small, capital;
		const char *as;
	} letters[] = { { 0xA4, 0x84, "ae" }, { 0xB6, 0x96, "oe" }, { 0xBC, 0x9C, "ue" }, { 0x9F, 0x9F, "ss" } };
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
		if (c == letters[i].small || c == letters[i].capital)
			return letters[i].as;
	}
	return NULL;
}

/* In small letters, umlauts as two, without what nobody sees; U+2019 becomes an apostrophe. */
static void
lower(const char *p, size_t len, char out[WORD_LEN_MAX])
{
	size_t o = 0;
	for (size_t i = 0; i < len && o + 2 < WORD_LEN_MAX; i++) {
		const unsigned char c = (unsigned char)p[i];
		const size_t unseen = invisible_at(p + i, len - i);
		const char *two = c == 0xC3 && i + 1 < len ? folded((unsigned char)p[i + 1]) : NULL;
		if (unseen > 0) {
			i += unseen - 1;
		} else if (two != NULL) {
			out[o++] = two[0];
			out[o++] = two[1];
			i++;
		} else if (c == 0xE2 && i + 2 < len && (unsigned char)p[i + 1] == 0x80) {
			out[o++] = '\'';
			i += 2;
		} else if (c >= 'A' && c <= 'Z') {
			out[o++] = (char)(c + 0x20);
		} else {
			out[o++] = (char)c;
		}
	}
	out[o] = '\0';
}

/* Drops what was opened with a quote at word number 'opened', when it is only a few words. */
static void
close_quote(struct words *w, size_t *opened)
{
	if (*opened == SIZE_MAX) {
		*opened = w->count;
		return;
	}
	if (w->count - *opened <= QUOTED_MAX)
		w->count = *opened;
	*opened = SIZE_MAX;
}

static void
split(const char *text, size_t len, bool quoted, struct words *ret_words)
{
	size_t opened = SIZE_MAX;
	ret_words->count = 0;
	for (size_t i = 0; i < len && ret_words->count < DOCS_SENTENCE_WORDS_MAX;) {
		const size_t quote = quote_at(text + i, len - i);
		const size_t n = quote > 0 ? 0 : word_len(text + i, len - i);
		if (quote > 0 && !quoted)
			close_quote(ret_words, &opened);
		else if (n > 0)
			lower(text + i, n, ret_words->word[ret_words->count++]);
		else if (strchr(",;:?", text[i]) != NULL && text[i] != '\0')
			lower(text + i, 1, ret_words->word[ret_words->count++]);
		i += quote > 0 ? quote : n > 0 ? n : 1;
	}
}

void
words_of(const char *text, size_t len, struct words *ret_words)
{
	split(text, len, false, ret_words);
}

void
words_with_quoted(const char *text, size_t len, struct words *ret_words)
{
	split(text, len, true, ret_words);
}

/* ---- patterns ---- */

/* How many bytes of the word the pattern's take, else SIZE_MAX. */
static size_t
begins_with(const char *word, const char *p, size_t len)
{
	char folded[WORD_LEN_MAX];
	lower(p, len, folded);
	const size_t n = strlen(folded);
	return strncmp(word, folded, n) == 0 ? n : SIZE_MAX;
}

/* "sign~", "~zeit", "ein~zu~en" or the word itself: '~' is at least one letter, at the end none will do. */
static bool
is_one(const char *word, const char *p, size_t len)
{
	const char *tilde = memchr(p, '~', len);
	const size_t head = tilde != NULL ? (size_t)(tilde - p) : len;
	const size_t taken = begins_with(word, p, head);
	if (taken == SIZE_MAX)
		return false;
	word += taken;
	if (tilde == NULL)
		return word[0] == '\0';
	p += head + 1;
	len -= head + 1;
	if (len == 0)
		return true;
	/* A pattern has few of them, and a word few letters. */
	for (; word[0] != '\0'; word++) {
		if (is_one(word + 1, p, len))
			return true;
	}
	return false;
}

/* One of "a|b|c". */
static bool
is_any(const char *word, const char *p, size_t len)
{
	while (len > 0) {
		const char *bar = memchr(p, '|', len);
		const size_t n = bar != NULL ? (size_t)(bar - p) : len;
		if (is_one(word, p, n))
			return true;
		const size_t skip = bar != NULL ? n + 1 : n;
		p += skip;
		len -= skip;
	}
	return false;
}

bool
words_is(const char *word, const char *any)
{
	return is_any(word, any, strlen(any));
}

static bool
is_break(const char *word)
{
	return word[0] != '\0' && word[1] == '\0' && strchr(",;:?", word[0]) != NULL;
}

struct element {
	const char *text;
	size_t len;
};

/* Words of w from 'at' on that elements take, or SIZE_MAX. At most PATTERN_MAX deep, a gap tries GAP_MAX places. */
static size_t
match_at(const struct words *w, size_t at, const struct element *e, size_t count)
{
	if (count == 0)
		return 0;
	if (e->len == 1 && e->text[0] == '*') {
		for (size_t gap = 0; gap <= GAP_MAX && at + gap <= w->count; gap++) {
			const size_t rest = match_at(w, at + gap, e + 1, count - 1);
			if (rest != SIZE_MAX)
				return gap + rest;
			if (at + gap < w->count && is_break(w->word[at + gap]))
				break;
		}
		return SIZE_MAX;
	}
	if (at >= w->count || !is_any(w->word[at], e->text, e->len))
		return SIZE_MAX;
	const size_t rest = match_at(w, at + 1, e + 1, count - 1);
	return rest == SIZE_MAX ? SIZE_MAX : 1 + rest;
}

/* "^" as the first word: only at the sentence's beginning. */
static bool
find_one(const struct words *w, const char *pattern, size_t len, size_t from, size_t *ret_at, size_t *ret_len)
{
	struct element e[PATTERN_MAX];
	size_t count = 0;
	for (size_t i = 0; i < len && count < PATTERN_MAX;) {
		const char *blank = memchr(pattern + i, ' ', len - i);
		const size_t n = blank != NULL ? (size_t)(blank - pattern) - i : len - i;
		if (n > 0)
			e[count++] = (struct element){ pattern + i, n };
		i += n + 1;
	}
	const bool start = count > 0 && e[0].len == 1 && e[0].text[0] == '^';
	for (size_t at = from; at < w->count && count > 0; at++) {
		const size_t n = match_at(w, at, e + start, count - start);
		if (n != SIZE_MAX && (!start || at == 0)) {
			*ret_at = at;
			*ret_len = n;
			return true;
		}
	}
	return false;
}

bool
words_find(const struct words *w, const char *patterns, size_t from, size_t *ret_at, size_t *ret_len)
{
	for (const char *p = patterns; *p != '\0';) {
		const size_t n = strcspn(p, "/");
		if (find_one(w, p, n, from, ret_at, ret_len))
			return true;
		p += n + (p[n] == '/');
	}
	return false;
}

bool
words_strike(struct words *w, const char *patterns)
{
	bool any = false;
	for (const char *p = patterns; *p != '\0';) {
		const size_t n = strcspn(p, "/");
		size_t at, len;
		for (size_t from = 0; find_one(w, p, n, from, &at, &len); from = at + (len > 0 ? len : 1)) {
			for (size_t i = at; i < at + len; i++)
				w->word[i][0] = '\0';
			any = true;
		}
		p += n + (p[n] == '/');
	}
	return any;
}

/* Of Latin text: ASCII, Latin-1 and its extensions, common punctuation and signs; and what shows nothing. */
static bool
is_plain(const char *p, size_t len)
{
	const unsigned char c = (unsigned char)p[0];
	return c < 0x80 || (c >= 0xC2 && c <= 0xC9) || c == 0xE2 || invisible_at(p, len) > 0;
}

bool
docs_plain(const char *sentence)
{
	struct words w;
	const size_t len = strlen(sentence);
	split(sentence, len, true, &w);
	for (size_t i = 0; i < len; i++) {
		if (((unsigned char)sentence[i] & 0xC0) != 0x80 && !is_plain(sentence + i, len - i))
			return false;
	}
	return w.count < DOCS_SENTENCE_WORDS_MAX;
}

bool
docs_says(const char *sentence, const char *patterns)
{
	struct words w;
	size_t at, len;
	words_of(sentence, strlen(sentence), &w);
	return words_find(&w, patterns, 0, &at, &len);
}

bool
docs_says_besides(const char *sentence, const char *const *struck, const char *patterns)
{
	struct words w;
	size_t at, len;
	words_with_quoted(sentence, strlen(sentence), &w);
	for (; *struck != NULL; struck++)
		(void)words_strike(&w, *struck);
	return words_find(&w, patterns, 0, &at, &len);
}

/* "without" beside "no" makes it whole again: what counts is whether the number of such words is odd. */
bool
docs_denies(const char *sentence, bool quoted)
{
	static const char neutral[] = "not|no|nicht * more|longer|later|older|less|mehr|länger|später|älter|weniger than|als/"
				      "und|oder|and|or|nor kein|keine|keinen|keinem|keiner|no|not|nicht|never|nie/"
				      "not only/nicht nur/no later than/no more than/no less than/no|not fewer than/not later than/"
				      "nicht später/nicht mehr als/nicht weniger als/nicht länger als/not longer than/"
				      "not older than/nicht älter als/no longer than/no other/kein anderer/whether or not/"
				      "no|without|ohne|keine|keinerlei exception~|ausnahme~/without|ohne any|jede|jegliche exception~|"
				      "ausnahme~/ausnahmslos/other than";
	static const char denies[] =
	    "not|no|nothing|never|none|nobody|without|neither|cannot|nicht|kein|keine|keinen|keiner|keinem|keines|weder|ohne|nie|niemals|"
	    "niemand|nichts|noch-nie|unsigned|unsigniert~|unreviewed|ungeprüft~|unpinned|unlocked|forbidden|prohibited|"
	    "refuse~|reject~|verboten|untersagt|unzulässig|abgelehnt|abgewiesen|zurückgewiesen|optional|freiwillig~|voluntary|"
	    "don't|isn't|aren't|needn't|mustn't|doesn't|can't|impossible|unmöglich|unverified|ungesichert~|unencrypted|"
	    "switched-off|abgeschaltet|disabled|deaktiviert";
	struct words w;
	size_t at = 0, len, count = 0;
	split(sentence, strlen(sentence), quoted, &w);
	words_strike(&w, neutral);
	for (size_t from = 0; words_find(&w, denies, from, &at, &len); from = at + len)
		count++;
	return count % 2 == 1;
}
