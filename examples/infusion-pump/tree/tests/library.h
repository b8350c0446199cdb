/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A drug library for tests, with its checksum made here.
 */
#pragma once

#include "crc.h"
#include "drug.h"

#include <stdio.h>
#include <string.h>

#define LIBRARY_LINES \
	"pump-drugs 1\n" \
	"noradrenaline|0.08 mg/ml|ug/kg/min|hard 0.01 3|soft 0.02 1\n" \
	"morphine|1 mg/ml|mg/h|hard 0.1 20|soft 0.5 10\n" \
	"insulin-test|100 ug/ml|ug/h|hard 1 1000|soft 5 500\n"

/* lines with the line of their checksum. */
static inline struct text
library_sealed(const char *lines, char *out, size_t room)
{
	(void)snprintf(out, room, "%scrc32 %08x\n", lines, crc32_of((const unsigned char *)lines, strlen(lines)));
	return text_of(out);
}

static inline const struct drug_library *
library_of_tests(void)
{
	static struct drug_library library;
	static char bytes[1024];
	unsigned line;
	if (drug_library_parse(library_sealed(LIBRARY_LINES, bytes, sizeof bytes), &library, &line) != PUMP_OK)
		abort();
	return &library;
}
