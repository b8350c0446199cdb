/* SPDX-License-Identifier: Apache-2.0 */
#include "drug.h"

#include "crc.h"

#include <string.h>

#define HEADER "pump-drugs 1"
#define CHECKSUM "crc32 "
#define CHECKSUM_DIGITS 8u

/* "hard 0.01 3" */
static enum pump_status
parse_limits(struct text t, const char *word, struct limits *ret_limits)
{
	struct text part;
	struct limits limits = { 0, 0 };
	if (!text_field(&t, ' ', &part) || !text_is(part, word) || !text_field(&t, ' ', &part))
		return PUMP_E_FORMAT;
	PUMP_TRY(decimal_parse(part, &limits.least));
	if (!text_field(&t, ' ', &part))
		return PUMP_E_FORMAT;
	PUMP_TRY(decimal_parse(part, &limits.most));
	if (text_field(&t, ' ', &part) || limits.least >= limits.most)
		return PUMP_E_FORMAT;
	*ret_limits = limits;
	return PUMP_OK;
}

/* "0.08 mg/ml" */
static enum pump_status
parse_concentration(struct text t, uint64_t *ret_ng_per_ml)
{
	struct text number, mass;
	uint64_t thousandths, ng;
	enum mass_unit unit;
	if (!text_field(&t, ' ', &number) || !text_field(&t, '/', &mass) || !text_is(t, "ml"))
		return PUMP_E_FORMAT;
	PUMP_TRY(decimal_parse(number, &thousandths));
	PUMP_TRY(mass_unit_parse(mass, &unit));
	PUMP_TRY(multiply_divide(thousandths, mass_unit_ng(unit), 1000, ROUND_DOWN, &ng));
	if (ng == 0)
		return PUMP_E_RANGE;
	*ret_ng_per_ml = ng;
	return PUMP_OK;
}

static enum pump_status
parse_name(const struct drug_library *library, struct text t, struct drug *drug)
{
	const struct drug *twin;
	if (t.len == 0)
		return PUMP_E_FORMAT;
	for (size_t i = 0; i < t.len; i++) {
		bool letter = (t.at[i] >= 'a' && t.at[i] <= 'z') || (t.at[i] >= '0' && t.at[i] <= '9') || t.at[i] == '-';
		if (!letter)
			return PUMP_E_FORMAT;
	}
	if (drug_find(library, t, &twin) == PUMP_OK)
		return PUMP_E_FORMAT; /* the second would never be used */
	return text_copy(t, drug->name, sizeof drug->name);
}

static enum pump_status
parse_drug(struct drug_library *library, struct text line)
{
	struct text field[5], rest = line;
	struct drug drug = { .name = "" };
	for (size_t i = 0; i < 5; i++) {
		if (!text_field(&rest, '|', &field[i]))
			return PUMP_E_FORMAT;
	}
	if (rest.at != NULL)
		return PUMP_E_FORMAT;
	if (library->count == DRUGS_MAX)
		return PUMP_E_FULL;
	PUMP_TRY(parse_name(library, field[0], &drug));
	PUMP_TRY(parse_concentration(field[1], &drug.ng_per_ml));
	PUMP_TRY(rate_unit_parse(field[2], &drug.unit));
	PUMP_TRY(parse_limits(field[3], "hard", &drug.hard));
	PUMP_TRY(parse_limits(field[4], "soft", &drug.soft));
	if (drug.soft.least < drug.hard.least || drug.soft.most > drug.hard.most)
		return PUMP_E_FORMAT;
	library->drugs[library->count++] = drug;
	return PUMP_OK;
}

static enum pump_status
parse_checksum(struct text digits, uint32_t *ret_crc)
{
	uint32_t crc = 0;
	if (digits.len != CHECKSUM_DIGITS)
		return PUMP_E_FORMAT;
	for (size_t i = 0; i < digits.len; i++) {
		const char *hex = "0123456789abcdef", *found = strchr(hex, digits.at[i]);
		if (found == NULL || *found == '\0')
			return PUMP_E_FORMAT;
		crc = (crc << 4) | (uint32_t)(found - hex);
	}
	*ret_crc = crc;
	return PUMP_OK;
}

static enum pump_status
check_sum(struct text file, struct text line, uint32_t *ret_crc)
{
	const size_t word = strlen(CHECKSUM);
	uint32_t said, is = crc32_of((const unsigned char *)file.at, (size_t)(line.at - file.at));
	PUMP_TRY(parse_checksum((struct text){ line.at + word, line.len - word }, &said));
	if (said != is)
		return PUMP_E_INTEGRITY;
	*ret_crc = is;
	return PUMP_OK;
}

static bool
is_checksum(struct text line)
{
	const size_t word = strlen(CHECKSUM);
	return line.len > word && memcmp(line.at, CHECKSUM, word) == 0;
}

enum pump_status
drug_library_parse(struct text file, struct drug_library *ret_library, unsigned *ret_line)
{
	static struct drug_library library; /* too large for the stack of the device */
	struct text rest = file, line;
	memset(&library, 0, sizeof library);
	*ret_line = 1;
	if (file.len > DRUG_FILE_MAX)
		return PUMP_E_FULL;
	if (!text_line(&rest, &line) || !text_is(line, HEADER))
		return PUMP_E_FORMAT;
	while (text_line(&rest, &line)) {
		++*ret_line;
		if (is_checksum(line)) {
			PUMP_TRY(check_sum(file, line, &library.crc));
			if (rest.len != 0)
				return PUMP_E_FORMAT;
			*ret_library = library;
			return PUMP_OK;
		}
		PUMP_TRY(parse_drug(&library, line));
	}
	return PUMP_E_INTEGRITY; /* it was cut short */
}

enum pump_status
drug_find(const struct drug_library *library, struct text name, const struct drug **ret_drug)
{
	for (size_t i = 0; i < library->count; i++) {
		if (text_is(name, library->drugs[i].name)) {
			*ret_drug = &library->drugs[i];
			return PUMP_OK;
		}
	}
	return PUMP_E_NOT_FOUND;
}

enum pump_status
drug_check(const struct drug *drug, uint64_t thousandths)
{
	if (thousandths < drug->hard.least || thousandths > drug->hard.most)
		return PUMP_E_LIMIT;
	if (thousandths < drug->soft.least || thousandths > drug->soft.most)
		return PUMP_E_SOFT_LIMIT;
	return PUMP_OK;
}
