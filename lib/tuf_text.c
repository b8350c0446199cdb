/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tuf_inside.h"

static int
hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
tuf_unhex(struct assay_span text, unsigned char *out, size_t len)
{
	if (text.len != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = hex_value(text.data[2 * i]), low = hex_value(text.data[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

void
tuf_hex(const unsigned char *bytes, size_t len, char *ret_text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		ret_text[2 * i] = digits[bytes[i] >> 4];
		ret_text[2 * i + 1] = digits[bytes[i] & 15U];
	}
	ret_text[2 * len] = '\0';
}

static bool
all_of(struct assay_span text, const char *more)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.data[i], lower = c | 0x20;
		bool letter = lower >= 'a' && lower <= 'z';
		bool digit = c >= '0' && c <= '9';
		if (!letter && !digit && (c == 0 || strchr(more, c) == NULL))
			return false;
	}
	return true;
}

/* A file's name on every system, hidden on none: no separator, no leading dot. */
bool
tuf_name_ok(struct assay_span name)
{
	return name.len > 0 && name.len <= ASSAY_TUF_NAME_MAX && name.data[0] != '.' &&
	    all_of(name, "._-");
}

/* Other letters would let two people of one look stand side by side. */
bool
tuf_person_ok(struct assay_span person)
{
	return person.len > 0 && person.len <= ASSAY_TUF_PERSON_MAX && all_of(person, "._@+-");
}

static bool
printable(struct assay_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < 0x20 || text.data[i] == 0x7f || text.data[i] == '"' ||
		    text.data[i] == '\\')
			return false;
	}
	return true;
}

bool
tuf_title_ok(struct assay_span title)
{
	return title.len <= ASSAY_TUF_PERSON_MAX && printable(title);
}

bool
tuf_path_ok(struct assay_span path)
{
	size_t start = 0;

	if (path.len == 0 || path.len > ASSAY_TUF_PATH_MAX || !printable(path))
		return false;
	for (size_t i = 0; i <= path.len; i++) {
		if (i < path.len && path.data[i] != '/')
			continue;
		struct assay_span part = { path.data + start, i - start };
		if (part.len == 0 || assay_span_equal(part, assay_span_str(".")) ||
		    assay_span_equal(part, assay_span_str("..")))
			return false;
		start = i + 1;
	}
	return true;
}

/* Digits of text at i, as many as len. */
static bool
number(struct assay_span text, size_t i, size_t len, int most, int *ret_number)
{
	int n = 0;

	for (size_t k = i; k < i + len; k++) {
		if (text.data[k] < '0' || text.data[k] > '9')
			return false;
		n = n * 10 + (text.data[k] - '0');
	}
	*ret_number = n;
	return n <= most;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Days from 1970-01-01 by the proleptic Gregorian calendar; year 1 or above. */
static int64_t
day_number(int year, int month, int day)
{
	int64_t before = year - 1;
	int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;

	for (int m = 1; m < month; m++)
		days += days_in_month(year, m);
	return days + day - 1;
}

bool
tuf_time(struct assay_span text, int64_t *ret_seconds)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	int year, month, day, hour, minute, second;

	if (text.len != sizeof form - 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (form[i] != '0' && text.data[i] != (unsigned char)form[i])
			return false;
	}
	if (!number(text, 0, 4, 9999, &year) || !number(text, 5, 2, 12, &month) ||
	    !number(text, 8, 2, 31, &day) || !number(text, 11, 2, 23, &hour) ||
	    !number(text, 14, 2, 59, &minute) || !number(text, 17, 2, 59, &second))
		return false;
	if (year == 0 || month == 0 || day == 0 || day > days_in_month(year, month))
		return false;
	*ret_seconds = ((day_number(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
	return true;
}

int
tuf_compare(struct assay_span a, struct assay_span b)
{
	size_t least = a.len < b.len ? a.len : b.len;
	int order = least == 0 ? 0 : memcmp(a.data, b.data, least);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}
