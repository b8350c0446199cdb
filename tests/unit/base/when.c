/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <base/when.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct {
	const char *text;
	int64_t seconds;
} moments[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "1969-12-31T23:59:59Z", -1 },
	{ "2000-02-29T12:34:56Z", 951827696 },
	{ "2038-01-19T03:14:08Z", 2147483648 },
	{ "1900-03-01T00:00:00Z", -2203891200 },
	{ "0000-01-01T00:00:00Z", -62167219200 },
	{ "9999-12-31T23:59:59Z", 253402300799 },
};

static void
moments_go_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		int64_t seconds;
		char text[WHEN_TEXT_SIZE];
		struct assay_span s = assay_span_str(moments[i].text);
		assert_int_equal(when_parse(s, &seconds, NULL), ASSAY_OK);
		assert_true(seconds == moments[i].seconds);
		when_format(seconds, text);
		assert_string_equal(text, moments[i].text);
	}
}

static void
every_day_agrees_with_the_c_library(void **state)
{
	(void)state;
	for (int64_t day = -800000; day < 3000000; day += 137) {
		char ours[WHEN_TEXT_SIZE], theirs[64];
		time_t t = (time_t)(day * WHEN_DAY + 40000);
		struct tm tm;
		assert_non_null(gmtime_r(&t, &tm));
		int year = tm.tm_year + 1900;
		when_format_date(t, ours);
		if (year < 0)
			strcpy(theirs, "before 0000");
		else if (year > 9999)
			strcpy(theirs, "beyond 9999");
		else
			snprintf(theirs, sizeof(theirs), "%04d-%02d-%02d", year, tm.tm_mon + 1,
			    tm.tm_mday);
		assert_string_equal(ours, theirs);
		if (year < 0 || year > 9999)
			continue;
		int64_t back;
		assert_int_equal(when_parse(assay_span_str(ours), &back, NULL), ASSAY_OK);
		assert_true(back == day * WHEN_DAY);
	}
}

static void
what_is_no_date_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "2024", "2024-1-1", "2024-13-01", "2024-00-10",
		"2024-02-30", "2023-02-29", "1900-02-29", "2024-04-31", "2024-01-00", "24-01-01",
		"2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T23:59:60Z",
		"2024-01-01T00:00:00", "2024-01-01T00:00:00+00:00", "2024-01-01t00:00:00z",
		"2024-01-01 00:00:00Z", "2024-01-01T00:00:00.0Z", " 2024-01-01", "2024-01-01\n",
		"-024-01-01", "2024/01/01", "12024-01-01" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t seconds = 42;
		struct assay_error err;
		enum assay_status s = when_parse(assay_span_str(bad[i]), &seconds, &err);
		if (s != ASSAY_E_FORMAT)
			fail_msg("'%s' is taken for a date", bad[i]);
		assert_int_equal(seconds, 42);
		assert_true(err.what[0] != '\0' && err.todo[0] != '\0');
	}
}

static void
error_escapes_what_it_quotes(void **state)
{
	(void)state;
	int64_t seconds;
	struct assay_error err;
	assert_int_equal(when_parse(assay_span_str("\x1b[2J"), &seconds, &err), ASSAY_E_FORMAT);
	assert_null(strchr(err.what, '\x1b'));
	assert_non_null(strstr(err.what, "\\x1b[2J"));
}

static void
ends_of_time_have_names(void **state)
{
	(void)state;
	char text[WHEN_TEXT_SIZE];
	when_format(WHEN_MAX, text);
	assert_string_equal(text, "beyond 9999");
	when_format(WHEN_MIN, text);
	assert_string_equal(text, "before 0000");
	when_format(253402300800, text);
	assert_string_equal(text, "beyond 9999");
	when_format_date(-62167219201, text);
	assert_string_equal(text, "before 0000");
}

static void
day_is_its_midnight(void **state)
{
	(void)state;
	assert_true(when_day(0) == 0);
	assert_true(when_day(86399) == 0);
	assert_true(when_day(86400) == 86400);
	assert_true(when_day(-1) == -86400);
	assert_true(when_day(-86400) == -86400);
	assert_true(when_day(WHEN_MIN) == WHEN_MIN);
	assert_true(when_day(WHEN_MAX) <= WHEN_MAX);
}

static void
time_zone_changes_nothing(void **state)
{
	(void)state;
	static const char *const zones[] = { "UTC", "Pacific/Kiritimati", "America/Los_Angeles", "<-12>12" };
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		int64_t seconds;
		char text[WHEN_TEXT_SIZE];
		setenv("TZ", zones[i], 1);
		tzset();
		assert_int_equal(when_parse(assay_span_str("2024-06-30"), &seconds, NULL), ASSAY_OK);
		assert_true(seconds == 1719705600);
		when_format(seconds, text);
		assert_string_equal(text, "2024-06-30T00:00:00Z");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_go_there_and_back),
		cmocka_unit_test(every_day_agrees_with_the_c_library),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(error_escapes_what_it_quotes),
		cmocka_unit_test(ends_of_time_have_names),
		cmocka_unit_test(day_is_its_midnight),
		cmocka_unit_test(time_zone_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
