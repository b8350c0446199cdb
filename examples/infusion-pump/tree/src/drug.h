/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The drug library: which drugs the pump knows, in which concentration, and between which limits.
 *
 * A file of lines, "|" between fields, the last line a checksum over all before it:
 *
 *   pump-drugs 1
 *   noradrenaline|0.08 mg/ml|ug/kg/min|hard 0.01 3|soft 0.02 1
 *   crc32 1a2b3c4d
 */
#pragma once

#include "status.h"
#include "text.h"
#include "units.h"

#define DRUGS_MAX 64u
#define DRUG_NAME_MAX 32u
#define DRUG_FILE_MAX 16384u

/* Thousandths of the drug's own rate unit. */
struct limits {
	uint64_t least, most;
};

struct drug {
	char name[DRUG_NAME_MAX];
	uint64_t ng_per_ml;
	struct rate_unit unit;
	struct limits hard, soft; /* soft lies inside hard */
};

struct drug_library {
	struct drug drugs[DRUGS_MAX];
	size_t count;
	uint32_t crc; /* names this issue of the library in the log */
};

/* Nothing of the library is used when one line of it is wrong; ret_line says which. */
PUMP_MUST_USE enum pump_status drug_library_parse(struct text file, struct drug_library *ret_library, unsigned *ret_line);
/* PUMP_E_NOT_FOUND. Names are compared as they stand. */
PUMP_MUST_USE enum pump_status drug_find(const struct drug_library *library, struct text name, const struct drug **ret_drug);
/* PUMP_E_LIMIT before PUMP_E_SOFT_LIMIT. */
PUMP_MUST_USE enum pump_status drug_check(const struct drug *drug, uint64_t thousandths);
