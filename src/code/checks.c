/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of checks that rules may use by name.
 */
#include "checks.h"

#define CHECK_ROW(name, function) { name, function },
static const struct code_check checks[] = { CHECKS(CHECK_ROW) };

const struct code_check *
check_find(const char *name)
{
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		if (strcmp(checks[i].name, name) == 0)
			return &checks[i];
	}
	return NULL;
}
