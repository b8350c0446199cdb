/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that are written as text: base64, hexadecimal digits, numbers of an array, escapes of a string.
 */
#include "text.h"

#include <base/catch.h>
#include <ctype.h>

/* What is written in lines has lines of this length at least. */
#define LINE_MIN 32
/* Between two lines: the end of a literal, an operator, the beginning of the next. */
#define GAP_MAX 64
#define WORD_MIN 24
#define DECODED_MAX ((size_t)256 << 20)
#define INSIDE_MIN 32

int
base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

int
hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void
base64_loose(struct assay_span text, struct buf *out)
{
	uint32_t bits = 0;
	unsigned count = 0;
	for (size_t i = 0; i < text.len; i++) {
		const int value = base64_value(text.data[i]);
		if (value < 0)
			continue;
		bits = bits << 6 | (uint32_t)value;
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		buf_add_byte(out, (unsigned char)(bits >> count & 0xff));
	}
}

/* ---- words ---- */

/* A backslash and what belongs to it: all of a row of them, and the letter of a line's end or a tab. "\/" is a letter of base64. */
static size_t
escape(struct assay_span text, size_t at)
{
	size_t end = at;
	while (end < text.len && text.data[end] == '\\')
		end++;
	if (end < text.len && end > at && (text.data[end] == 'n' || text.data[end] == 'r' || text.data[end] == 't'))
		end++;
	return end - at;
}

static bool
is_letter(unsigned char c, bool url)
{
	return base64_value(c) >= 0 && (url || (c != '-' && c != '_'));
}

bool
text_word(struct assay_span text, bool url, size_t *cursor, struct word *ret)
{
	size_t i = *cursor;
	while (i < text.len && !is_letter(text.data[i], url))
		i += text.data[i] == '\\' ? escape(text, i) : 1;
	if (i >= text.len)
		return false;
	*ret = (struct word){ .at = i };
	while (i < text.len) {
		if (is_letter(text.data[i], url))
			ret->letters++;
		else if (text.data[i] != '\\' || i + 1 >= text.len || text.data[i + 1] != '/')
			break;
		i++;
	}
	ret->len = i - ret->at;
	*cursor = i;
	return true;
}

/* Lines follow each other when nothing but the end of one and the beginning of the next is between. */
static bool
is_next_line(struct assay_span text, size_t from, size_t to)
{
	if (to - from > GAP_MAX)
		return false;
	for (size_t i = from; i < to; i++)
		if (is_one_of(text.data[i], "\n\"'\\`"))
			return true;
	return false;
}

/* Where the letters around at begin. */
static size_t
begin_of(const struct view *v, size_t at)
{
	const struct assay_span b = v->bytes;
	size_t begin = at;
	while (begin > v->text_until && (is_letter(b.data[begin - 1], true) || (b.data[begin - 1] == '\\' && b.data[begin] == '/')))
		begin--;
	/* An "n" before it may belong to a line's end. */
	if (begin > 0 && b.data[begin - 1] == '\\' && is_one_of(b.data[begin], "nrt"))
		begin++;
	return begin;
}

/* The line after the one that ends at end: words of an operator between them don't count. */
static bool
next_line(struct assay_span b, size_t end, size_t *cursor, struct word *ret)
{
	do
		if (!text_word(b, true, cursor, ret) || !is_next_line(b, end, ret->at))
			return false;
	while (ret->letters <= 2);
	return true;
}

/* Lines of one length, and a shorter one at the end. Returns where that is. */
static size_t
gather_lines(struct assay_span b, size_t begin, struct buf *text)
{
	struct word w;
	size_t cursor = begin;
	if (!text_word(b, true, &cursor, &w) || w.letters < WORD_MIN)
		return begin;
	const size_t line = w.letters;
	for (;;) {
		const size_t end = w.at + w.len;
		buf_add(text, b.data + w.at, w.len);
		if (line < LINE_MIN || w.letters != line || !next_line(b, end, &cursor, &w) || w.letters > line)
			return end;
	}
}

void
act_base64(struct view *v, size_t at)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(DECODED_MAX), text = BUF_INIT(DECODED_MAX);
	if (at < v->text_until)
		return;
	const size_t begin = begin_of(v, at), end = gather_lines(v->bytes, begin, &text);
	if (end == begin)
		return;
	v->text_until = end;
	if (!scan_afford(v, end - begin))
		return;
	base64_loose(buf_span(&text), &out);
	if (out.status != ASSAY_OK || text.status != ASSAY_OK)
		scan_unseen(v, begin, "base64 of more than 256 MiB");
	else if (CATCH(leak_in_base64, out.len >= INSIDE_MIN))
		scan_inside(v, begin, buf_span(&out));
}

/* ---- digits ---- */

void
act_hex(struct view *v, size_t at)
{
	const struct assay_span b = v->bytes;
	CLEANUP(buf_done) struct buf out = BUF_INIT(DECODED_MAX);
	size_t i = at, gap = 0;
	if (at < v->text_until)
		return;
	while (i + 1 < b.len && gap <= GAP_MAX) {
		const int high = hex_value(b.data[i]), low = hex_value(b.data[i + 1]);
		if (high >= 0 && low >= 0) {
			buf_add_byte(&out, (unsigned char)(high << 4 | low));
			i += 2;
			gap = 0;
		} else if (is_one_of(b.data[i], " \t\r\n:\"'\\,+")) {
			const size_t skip = b.data[i] == '\\' ? escape(b, i) : 1;
			i += skip;
			gap += skip;
		} else
			break;
	}
	v->text_until = i;
	if (out.status != ASSAY_OK)
		scan_unseen(v, at, "hexadecimal digits of more than 256 MiB");
	else if (CATCH(leak_in_digits, out.len >= INSIDE_MIN && scan_afford(v, i - at)))
		scan_inside(v, at, buf_span(&out));
}

static void
skip_blanks(struct assay_span b, size_t *at)
{
	while (*at < b.len && (isspace(b.data[*at]) != 0 || b.data[*at] == '\\'))
		*at += b.data[*at] == '\\' ? escape(b, *at) : 1;
}

/* Casts, and the like: "(byte)0x30", "(byte) 48". */
static void
skip_cast(struct assay_span b, size_t *at)
{
	size_t i = *at;
	if (i >= b.len || b.data[i] != '(')
		return;
	while (i < b.len && i - *at < 24 && b.data[i] != ')')
		i++;
	if (i < b.len && b.data[i] == ')') {
		*at = i + 1;
		skip_blanks(b, at);
	}
}

static void
skip_comment(struct assay_span b, size_t *at)
{
	if (*at + 1 >= b.len || b.data[*at] != '/' || (b.data[*at + 1] != '/' && b.data[*at + 1] != '*'))
		return;
	const bool line = b.data[*at + 1] == '/';
	size_t i = *at + 2;
	while (i < b.len && i - *at < 4096 && !(line ? b.data[i] == '\n' : b.data[i] == '/' && b.data[i - 1] == '*'))
		i++;
	*at = i < b.len ? i + 1 : i;
	skip_blanks(b, at);
}

static unsigned
digits(struct assay_span b, size_t *at, bool hex, size_t *ret_count)
{
	unsigned value = 0;
	size_t i = *at;
	for (; i < b.len && i - *at < 4; i++) {
		const int d = hex_value(b.data[i]);
		if (d < 0 || (!hex && d > 9))
			break;
		value = value * (hex ? 16 : 10) + (unsigned)d;
	}
	*ret_count = i - *at;
	*at = i;
	return value;
}

/* One number of a byte. */
static bool
number(struct assay_span b, size_t *at, unsigned char *ret)
{
	size_t i = *at, count;
	const bool minus = i < b.len && b.data[i] == '-';
	i += minus;
	const bool hex = i + 1 < b.len && b.data[i] == '0' && (b.data[i + 1] | 0x20) == 'x';
	i += hex ? 2 : 0;
	const unsigned value = digits(b, &i, hex, &count);
	/* "u8", "u", "U" after it. */
	while (i < b.len && count > 0 && is_one_of(b.data[i], "uUlL"))
		i += i + 1 < b.len && b.data[i + 1] == '8' ? 2 : 1;
	if (count == 0 || value > 255 || (minus && value > 128))
		return false;
	*ret = (unsigned char)(minus ? (256 - value) & 0xff : value);
	*at = i;
	return true;
}

size_t
text_array(struct assay_span b, size_t at, struct buf *out)
{
	unsigned char byte;
	size_t i = at;
	for (;;) {
		skip_blanks(b, &i);
		skip_comment(b, &i);
		skip_cast(b, &i);
		if (!number(b, &i, &byte))
			return i;
		buf_add_byte(out, byte);
		skip_blanks(b, &i);
		skip_comment(b, &i);
		if (i >= b.len || (b.data[i] != ',' && b.data[i] != ';'))
			return i;
		i++;
	}
}

void
act_array(struct view *v, size_t at)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(DECODED_MAX);
	if (at < v->text_until)
		return;
	const size_t end = text_array(v->bytes, at, &out);
	if (!CATCH(leak_in_numbers, out.len >= INSIDE_MIN) || !scan_afford(v, end - at))
		return;
	v->text_until = end;
	if (out.status != ASSAY_OK)
		scan_unseen(v, at, "an array of more than 256 MiB");
	else
		scan_inside(v, at, buf_span(&out));
}

size_t
text_escapes(struct assay_span b, size_t at, struct buf *out)
{
	size_t i = at, gap = 0;
	while (i + 3 < b.len && gap <= GAP_MAX) {
		const int high = hex_value(b.data[i + 2]), low = hex_value(b.data[i + 3]);
		if (b.data[i] == '\\' && (b.data[i + 1] | 0x20) == 'x' && high >= 0 && low >= 0) {
			buf_add_byte(out, (unsigned char)(high << 4 | low));
			i += 4;
			gap = 0;
		} else if (isspace(b.data[i]) != 0 || is_one_of(b.data[i], "\"'+\\.b")) {
			i++;
			gap++;
		} else
			break;
	}
	return i;
}

void
act_escapes(struct view *v, size_t at)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(DECODED_MAX);
	if (at < v->text_until)
		return;
	const size_t end = text_escapes(v->bytes, at, &out);
	if (!CATCH(leak_in_escapes, out.len >= INSIDE_MIN) || !scan_afford(v, end - at))
		return;
	v->text_until = end;
	if (out.status != ASSAY_OK)
		scan_unseen(v, at, "escapes of more than 256 MiB");
	else
		scan_inside(v, at, buf_span(&out));
}

/* ---- letters of two bytes, and of four ---- */

/* Every so many bytes of all, once for each way to begin. */
static void
narrow(struct view *v, size_t at, size_t width, const char *too_large)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT((size_t)1 << 30);
	const size_t first = at & (width - 1);
	if (!scan_afford(v, v->bytes.len))
		return;
	for (size_t i = first; i < v->bytes.len; i += width)
		buf_add_byte(&out, v->bytes.data[i]);
	if (out.status != ASSAY_OK)
		scan_unseen(v, at, too_large);
	else
		scan_inside(v, at, buf_span(&out));
}

void
act_utf16(struct view *v, size_t at)
{
	const unsigned bit = 1u << (at & 1);
	if (!CATCH(leak_in_utf16, (v->narrowed & bit) == 0))
		return;
	v->narrowed |= bit;
	narrow(v, at, 2, "UTF-16 of more than 1 GiB");
}

void
act_utf32(struct view *v, size_t at)
{
	const unsigned bit = 4u << (at & 3);
	if (!CATCH(leak_in_utf32, (v->narrowed & bit) == 0))
		return;
	v->narrowed |= bit;
	narrow(v, at, 4, "UTF-32 of more than 1 GiB");
}
