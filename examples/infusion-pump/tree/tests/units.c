/* SPDX-License-Identifier: Apache-2.0 */
#include "units.h"

#include "check.h"

static enum pump_status
decimal(const char *t, uint64_t *ret)
{
	return decimal_parse(text_of(t), ret);
}

static void
reads_decimals(void)
{
	uint64_t n = 0;
	CHECK(decimal("0", &n) == PUMP_OK && n == 0);
	CHECK(decimal("12", &n) == PUMP_OK && n == 12000);
	CHECK(decimal("12.5", &n) == PUMP_OK && n == 12500);
	CHECK(decimal("0.001", &n) == PUMP_OK && n == 1);
	CHECK(decimal("999999999.999", &n) == PUMP_OK && n == 999999999999u);
}

/* Each of these has led to a tenfold dose somewhere. */
static void
refuses_what_can_be_misread(void)
{
	static const char *const bad[] = { "", ".5", "5.", "05", "00", "1,5", "1e3", "-1", "+1", " 1", "1 ", "0.0001", "1.2.3", "0x10" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		uint64_t n = 77;
		CHECK(decimal(bad[i], &n) == PUMP_E_FORMAT);
		CHECK(n == 77);
	}
	uint64_t n;
	CHECK(decimal("1234567890", &n) == PUMP_E_RANGE);
}

static void
writes_without_trailing_zero(void)
{
	char out[32];
	decimal_write(1000, out, sizeof out);
	CHECK_STRING(out, "1");
	decimal_write(50, out, sizeof out);
	CHECK_STRING(out, "0.05");
	decimal_write(12500, out, sizeof out);
	CHECK_STRING(out, "12.5");
	decimal_write(0, out, sizeof out);
	CHECK_STRING(out, "0");
}

static void
units_there_and_back(void)
{
	static const char *const good[] = { "ug/kg/min", "mg/h", "ng/min", "g/h", "mg/kg/h" };
	static const char *const bad[] = { "", "ug", "ug/", "ug/kg", "kg/h", "ug/kg/s", "ug/h/kg", "ug/kg/min/", "UG/h", "ug//h" };
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct rate_unit unit;
		char out[16];
		CHECK(rate_unit_parse(text_of(good[i]), &unit) == PUMP_OK);
		rate_unit_write(unit, out, sizeof out);
		CHECK_STRING(out, good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct rate_unit unit;
		CHECK(rate_unit_parse(text_of(bad[i]), &unit) == PUMP_E_FORMAT);
	}
}

static void
rounds_as_asked(void)
{
	static const struct {
		uint64_t value;
		enum rounding rounding;
		uint64_t wanted;
	} rows[] = {
		{ 24, ROUND_DOWN, 20 }, { 29, ROUND_DOWN, 20 }, { 25, ROUND_HALF_UP, 30 }, { 24, ROUND_HALF_UP, 20 },
		{ 25, ROUND_HALF_EVEN, 20 }, { 35, ROUND_HALF_EVEN, 40 }, { 26, ROUND_HALF_EVEN, 30 }, { 21, ROUND_UP, 30 },
		{ 20, ROUND_UP, 20 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t n = 0;
		CHECK(round_to(rows[i].value, 10, rows[i].rounding, &n) == PUMP_OK);
		CHECK(n == rows[i].wanted);
	}
}

static void
never_overflows_in_silence(void)
{
	uint64_t n = 5;
	CHECK(multiply(UINT64_MAX, 2, &n) == PUMP_E_RANGE && n == 5);
	CHECK(multiply_divide(UINT64_MAX, 2, 3, ROUND_DOWN, &n) == PUMP_OK && n == UINT64_MAX / 3 * 2);
	CHECK(multiply_divide(UINT64_MAX, 6, 3, ROUND_DOWN, &n) == PUMP_E_RANGE);
	CHECK(multiply_divide(1, 1, 0, ROUND_DOWN, &n) == PUMP_E_RANGE);
	CHECK(multiply_divide(UINT64_MAX, 10, 20, ROUND_HALF_UP, &n) == PUMP_OK && n == UINT64_MAX / 2 + 1);
}

static const struct check_case cases[] = {
	{ "reads decimals", reads_decimals },
	{ "refuses what can be misread", refuses_what_can_be_misread },
	{ "writes without a trailing zero", writes_without_trailing_zero },
	{ "units there and back", units_there_and_back },
	{ "rounds as asked", rounds_as_asked },
	{ "never overflows in silence", never_overflows_in_silence },
};

int
main(void)
{
	return check_main(cases, sizeof cases / sizeof cases[0]);
}
