/* SPDX-License-Identifier: Apache-2.0 */
#include <base/buf.h>
#include <base/text.h>
#include <base/when.h>

#define SHOWN_MAX 200
/* 0000-01-01 and 10000-01-01, in days from 1970-01-01. */
#define FIRST_DAY (-719528)
#define END_DAY 2932897

struct civil {
	int year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
};

/*
 * Days from 1970-01-01, for years from 0 on. Years are counted from March, so that the leap day comes last;
 * 719468 is the days from 0000-03-01 to 1970-01-01.
 */
static int64_t
days_of(struct civil c)
{
	int64_t year = c.month <= 2 ? c.year - 1 : c.year;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t month = (c.month + 9) % 12;
	int64_t day_of_year = (153 * month + 2) / 5 + c.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

/* The inverse of days_of(). */
static struct civil
civil_of(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era
	    = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	struct civil c;
	c.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	c.month = (int)(month < 10 ? month + 3 : month - 9);
	c.year = (int)(year_of_era + era * 400 + (c.month <= 2));
	return c;
}

static int64_t
day_number(int64_t seconds)
{
	int64_t days = seconds / WHEN_DAY;
	return seconds % WHEN_DAY < 0 ? days - 1 : days;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

/* Whether text has the shape of model, where '0' stands for any digit; numbers gets each run of digits. */
static bool
has_shape(struct assay_span text, const char *model, int numbers[6])
{
	int run = 0;
	if (text.len != strlen(model))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.data[i];
		if (model[i] != '0') {
			if (c != (unsigned char)model[i])
				return false;
			run++;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		numbers[run] = numbers[run] * 10 + (c - '0');
	}
	return true;
}

static bool
in_calendar(const int n[6])
{
	return n[1] >= 1 && n[1] <= 12 && n[2] >= 1 && n[2] <= month_days(n[0], n[1]) && n[3] <= 23
	    && n[4] <= 59 && n[5] <= 59;
}

static enum assay_status
not_a_date(struct assay_span text, const char *why, struct assay_error *err)
{
	struct buf shown = BUF_INIT((size_t)8 * SHOWN_MAX);
	if (text.len > SHOWN_MAX)
		text.len = SHOWN_MAX;
	text_escape(&shown, text, false);
	assay_fail(err, ASSAY_E_FORMAT, "'%s' %s", buf_str(&shown), why);
	if (err != NULL)
		assay_error_todo(err, ASSAY_E_FORMAT,
		    "write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ, in UTC");
	buf_done(&shown);
	return ASSAY_E_FORMAT;
}

enum assay_status
when_parse(struct assay_span text, int64_t *ret_seconds, struct assay_error *err)
{
	int n[6] = { 0 };
	int date[6] = { 0 };
	if (has_shape(text, "0000-00-00", date))
		memcpy(n, date, sizeof(n));
	else if (!has_shape(text, "0000-00-00T00:00:00Z", n))
		return not_a_date(text, "is not a date", err);
	if (!in_calendar(n))
		return not_a_date(text, "is a date that no calendar has", err);
	struct civil c = { n[0], n[1], n[2] };
	*ret_seconds = days_of(c) * WHEN_DAY + n[3] * INT64_C(3600) + n[4] * INT64_C(60) + n[5];
	return ASSAY_OK;
}

/* Writes what stands for a time outside of the years 0000-9999; false when it is inside. */
static bool
format_outside(int64_t days, char ret_text[WHEN_TEXT_SIZE])
{
	if (days >= FIRST_DAY && days < END_DAY)
		return false;
	text_put(ret_text, WHEN_TEXT_SIZE, "%s", days < FIRST_DAY ? "before 0000" : "beyond 9999");
	return true;
}

/* Two digits; value is below 100. */
static void
put_two(char *out, int value)
{
	out[0] = (char)('0' + value / 10 % 10);
	out[1] = (char)('0' + value % 10);
}

static void
put_date(char *out, struct civil c)
{
	put_two(out, c.year / 100);
	put_two(out + 2, c.year % 100);
	out[4] = '-';
	put_two(out + 5, c.month);
	out[7] = '-';
	put_two(out + 8, c.day);
	out[10] = '\0';
}

void
when_format_date(int64_t seconds, char ret_text[WHEN_TEXT_SIZE])
{
	int64_t days = day_number(seconds);
	if (!format_outside(days, ret_text))
		put_date(ret_text, civil_of(days));
}

void
when_format(int64_t seconds, char ret_text[WHEN_TEXT_SIZE])
{
	int64_t days = day_number(seconds);
	if (format_outside(days, ret_text))
		return;
	int second = (int)(seconds - days * WHEN_DAY);
	put_date(ret_text, civil_of(days));
	ret_text[10] = 'T';
	put_two(ret_text + 11, second / 3600);
	ret_text[13] = ':';
	put_two(ret_text + 14, second / 60 % 60);
	ret_text[16] = ':';
	put_two(ret_text + 17, second % 60);
	ret_text[19] = 'Z';
	ret_text[20] = '\0';
}

int64_t
when_day(int64_t seconds)
{
	int64_t days = day_number(seconds);
	return days < WHEN_MIN / WHEN_DAY ? WHEN_MIN : days * WHEN_DAY;
}
