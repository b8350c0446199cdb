/* SPDX-License-Identifier: Apache-2.0 */
#include <base/text.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NEAREST_MAX 64

void
text_hex(struct assay_span bytes, char *out)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes.len; i++) {
		out[2 * i] = digits[bytes.data[i] >> 4];
		out[2 * i + 1] = digits[bytes.data[i] & 15];
	}
	out[2 * bytes.len] = '\0';
}

void
text_put(char *ret_text, size_t size, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	const int len = vsnprintf(ret_text, size, fmt, args);
	va_end(args);
	if (len < 0 || (size_t)len >= size)
		ret_text[0] = '\0';
}

static bool
is_plain(unsigned char c, const char *plain)
{
	if (plain == NULL)
		return c >= 0x21 && c <= 0x7e && c != '%';
	const char lower = text_lower((char)c);
	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr(plain, c) != NULL);
}

void
text_percent(struct buf *out, struct assay_span s, const char *plain)
{
	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = s.data[i];
		if (is_plain(c, plain))
			buf_add_byte(out, c);
		else
			buf_addf(out, "%%%02X", (unsigned)c);
	}
}

const char *
text_errno(int error)
{
	const char *words = strerrordesc_np(error);
	return words != NULL ? words : "an error that has no name";
}

/* Over 15 for what is no digit: the table holds what each is above that. */
static unsigned char
hex_value(unsigned char c)
{
	static const unsigned char above[256] = {
		['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
		['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
		['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
	};
	return (unsigned char)(above[c] - 1);
}

enum assay_status
text_unhex(struct assay_span hex, unsigned char *out, size_t len)
{
	unsigned char worst = 0;
	if (len > SIZE_MAX / 2 || hex.len != 2 * len)
		return ASSAY_E_FORMAT;
	for (size_t i = 0; i < hex.len; i++)
		worst |= hex_value(hex.data[i]);
	if (worst > 15)
		return ASSAY_E_FORMAT;
	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)(hex_value(hex.data[2 * i]) << 4 | hex_value(hex.data[2 * i + 1]));
	return ASSAY_OK;
}

/* Length of the UTF-8 sequence that lead starts, 0 for none; least is the smallest code point it may carry. */
static size_t
sequence_len(unsigned char lead, uint32_t *ret_bits, uint32_t *ret_least)
{
	static const struct {
		unsigned char mask, value;
		uint32_t least;
	} rows[] = {
		{ 0x80, 0x00, 0 },
		{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((lead & rows[i].mask) == rows[i].value) {
			*ret_bits = lead & (unsigned char)~rows[i].mask;
			*ret_least = rows[i].least;
			return i + 1;
		}
	}
	return 0;
}

/* Reads one code point of RFC 3629; returns its length, 0 when there is none. */
static size_t
next_rune(struct assay_span s, uint32_t *ret_rune)
{
	uint32_t rune, least;
	size_t len = sequence_len(s.data[0], &rune, &least);
	if (len == 0 || len > s.len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s.data[i] & 0xc0) != 0x80)
			return 0;
		rune = rune << 6 | (s.data[i] & 0x3fu);
	}
	if (rune < least || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
		return 0;
	*ret_rune = rune;
	return len;
}

static struct assay_span
rest(struct assay_span s, size_t from)
{
	return (struct assay_span) { s.data + from, s.len - from };
}

bool
text_is_utf8(struct assay_span s)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t rune;
		size_t len = next_rune(rest(s, at), &rune);
		if (len == 0 || rune == 0)
			return false;
		at += len;
	}
	return true;
}

/* Code points that are not seen, or that change how others are: they hide what a name really is. */
static bool
is_hidden(uint32_t rune)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },       /* C0 */
		{ 0x7f, 0x9f },       /* DEL, C1 */
		{ 0xad, 0xad },       /* soft hyphen */
		{ 0x34f, 0x34f },     /* combining grapheme joiner */
		{ 0x61c, 0x61c },     /* Arabic letter mark */
		{ 0x115f, 0x1160 },   /* Hangul fillers */
		{ 0x180b, 0x180f },   /* Mongolian selectors and separator */
		{ 0x200b, 0x200f },   /* zero width, directional marks */
		{ 0x2028, 0x202e },   /* line and paragraph separator, bidirectional embeddings */
		{ 0x2060, 0x206f },   /* word joiner, invisible operators, bidirectional isolates */
		{ 0x3164, 0x3164 },   /* Hangul filler */
		{ 0xfeff, 0xfeff },   /* byte order mark */
		{ 0xffa0, 0xffa0 },   /* half-width Hangul filler */
		{ 0xfff0, 0xfffb },   /* interlinear annotations */
		{ 0xe0000, 0xe0fff }, /* tags, further selectors */
	};
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (rune >= ranges[i].first && rune <= ranges[i].last)
			return true;
	}
	return false;
}

void
text_escape(struct buf *out, struct assay_span s, bool keep_newlines)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t rune = 0;
		size_t len = next_rune(rest(s, at), &rune);
		if (len == 0) {
			buf_addf(out, "\\x%02x", s.data[at]);
			at++;
			continue;
		}
		if (rune == '\n' && keep_newlines)
			buf_add_byte(out, '\n');
		else if (rune < 0x80 && is_hidden(rune))
			buf_addf(out, "\\x%02" PRIx32, rune);
		else if (is_hidden(rune))
			buf_addf(out, "\\u{%" PRIx32 "}", rune);
		else
			buf_add(out, s.data + at, len);
		at += len;
	}
}

enum assay_status
text_to_u64(struct assay_span s, uint64_t *ret_value)
{
	uint64_t value = 0;
	if (s.len == 0)
		return ASSAY_E_FORMAT;
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return ASSAY_E_FORMAT;
		if (__builtin_mul_overflow(value, (uint64_t)10, &value)
		    || __builtin_add_overflow(value, (uint64_t)(s.data[i] - '0'), &value))
			return ASSAY_E_LIMIT;
	}
	*ret_value = value;
	return ASSAY_OK;
}

/* Levenshtein's distance of two texts of at most NEAREST_MAX bytes. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[NEAREST_MAX + 1];
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[b_len];
}

const char *
text_nearest(const char *word, const char *const *candidates, size_t count)
{
	size_t len = strnlen(word, NEAREST_MAX + 1);
	const char *nearest = NULL;
	size_t least = 1 + len / 3;
	if (len > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other = strnlen(candidates[i], NEAREST_MAX + 1);
		if (other > NEAREST_MAX)
			continue;
		size_t d = distance(word, len, candidates[i], other);
		if (d < least || (d == least && nearest == NULL)) {
			nearest = candidates[i];
			least = d;
		}
	}
	return nearest;
}
