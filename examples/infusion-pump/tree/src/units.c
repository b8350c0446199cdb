/* SPDX-License-Identifier: Apache-2.0 */
#include "units.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define THOUSAND 1000u
#define INTEGER_DIGITS_MAX 9u

static const struct {
	const char *name;
	uint64_t ng;
} masses[] = {
	[MASS_NG] = { "ng", 1 },
	[MASS_UG] = { "ug", 1000 },
	[MASS_MG] = { "mg", 1000000 },
	[MASS_G] = { "g", 1000000000 },
};

/* Digits from *at on, at most most; how many there were. */
static unsigned
read_digits(struct text t, size_t *at, unsigned most, uint64_t *value)
{
	unsigned digits = 0;
	while (*at < t.len && digits <= most && t.at[*at] >= '0' && t.at[*at] <= '9') {
		*value = *value * 10 + (uint64_t)(t.at[*at] - '0');
		digits++;
		(*at)++;
	}
	return digits;
}

enum pump_status
decimal_parse(struct text t, uint64_t *ret_thousandths)
{
	uint64_t value = 0;
	size_t at = 0;
	unsigned behind = 0;
	unsigned before = read_digits(t, &at, INTEGER_DIGITS_MAX, &value);
	/* A zero in front hides a digit when it is read in haste; a bare point hides the zero. */
	if (before == 0 || (before > 1 && t.at[0] == '0'))
		return PUMP_E_FORMAT;
	if (before > INTEGER_DIGITS_MAX)
		return PUMP_E_RANGE;
	if (at < t.len) {
		if (t.at[at] != '.')
			return PUMP_E_FORMAT;
		at++;
		behind = read_digits(t, &at, DECIMALS_MAX, &value);
		if (behind == 0 || behind > DECIMALS_MAX || at != t.len)
			return PUMP_E_FORMAT;
	}
	for (unsigned i = behind; i < DECIMALS_MAX; i++)
		value *= 10;
	*ret_thousandths = value;
	return PUMP_OK;
}

void
decimal_write(uint64_t thousandths, char *out, size_t room)
{
	uint64_t whole = thousandths / THOUSAND, part = thousandths % THOUSAND;
	unsigned digits = 3;
	while (digits > 0 && part % 10 == 0) {
		part /= 10;
		digits--;
	}
	/* No trailing zero: "1.0" is read as 10 where the point is faint. */
	if (digits == 0)
		(void)snprintf(out, room, "%" PRIu64, whole);
	else
		(void)snprintf(out, room, "%" PRIu64 ".%0*" PRIu64, whole, (int)digits, part);
}

enum pump_status
mass_unit_parse(struct text t, enum mass_unit *ret_unit)
{
	for (size_t i = 0; i < sizeof masses / sizeof masses[0]; i++) {
		if (text_is(t, masses[i].name)) {
			*ret_unit = (enum mass_unit)i;
			return PUMP_OK;
		}
	}
	return PUMP_E_FORMAT;
}

uint64_t
mass_unit_ng(enum mass_unit unit)
{
	return masses[unit].ng;
}

enum pump_status
rate_unit_parse(struct text t, struct rate_unit *ret_unit)
{
	struct rate_unit unit = { MASS_NG, PER_PATIENT, PER_HOUR };
	struct text part, last = { NULL, 0 };
	if (!text_field(&t, '/', &part))
		return PUMP_E_FORMAT;
	PUMP_TRY(mass_unit_parse(part, &unit.mass));
	if (!text_field(&t, '/', &last))
		return PUMP_E_FORMAT;
	if (text_is(last, "kg")) {
		unit.base = PER_KILOGRAM;
		if (!text_field(&t, '/', &last))
			return PUMP_E_FORMAT;
	}
	if (text_is(last, "min"))
		unit.time = PER_MINUTE;
	else if (!text_is(last, "h"))
		return PUMP_E_FORMAT;
	if (text_field(&t, '/', &part))
		return PUMP_E_FORMAT;
	*ret_unit = unit;
	return PUMP_OK;
}

void
rate_unit_write(struct rate_unit unit, char *out, size_t room)
{
	(void)snprintf(out, room, "%s%s/%s", masses[unit.mass].name, unit.base == PER_KILOGRAM ? "/kg" : "",
	    unit.time == PER_MINUTE ? "min" : "h");
}

enum pump_status
multiply(uint64_t a, uint64_t b, uint64_t *ret_product)
{
	if (b != 0 && a > UINT64_MAX / b)
		return PUMP_E_RANGE;
	*ret_product = a * b;
	return PUMP_OK;
}

static uint64_t
greatest_divisor(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static bool
rounds_up(uint64_t quotient, uint64_t rest, uint64_t divisor, enum rounding rounding)
{
	if (rest == 0)
		return false;
	uint64_t left = divisor - rest;
	switch (rounding) {
	case ROUND_DOWN:
		return false;
	case ROUND_HALF_UP:
		return rest >= left;
	case ROUND_HALF_EVEN:
		return rest > left || (rest == left && quotient % 2 != 0);
	case ROUND_UP:
		return true;
	}
	return false;
}

enum pump_status
multiply_divide(uint64_t a, uint64_t b, uint64_t c, enum rounding rounding, uint64_t *ret_result)
{
	uint64_t product;
	if (c == 0)
		return PUMP_E_RANGE;
	/* Common factors first, so that what fits is not refused. */
	uint64_t d = greatest_divisor(a, c);
	a /= d;
	c /= d;
	d = greatest_divisor(b, c);
	b /= d;
	c /= d;
	PUMP_TRY(multiply(a, b, &product));
	uint64_t quotient = product / c;
	if (rounds_up(quotient, product % c, c, rounding)) {
		if (quotient == UINT64_MAX)
			return PUMP_E_RANGE;
		quotient++;
	}
	*ret_result = quotient;
	return PUMP_OK;
}

enum pump_status
round_to(uint64_t value, uint64_t step, enum rounding rounding, uint64_t *ret_result)
{
	uint64_t steps;
	PUMP_TRY(multiply_divide(value, 1, step, rounding, &steps));
	return multiply(steps, step, ret_result);
}
