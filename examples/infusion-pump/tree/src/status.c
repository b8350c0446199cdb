/* SPDX-License-Identifier: Apache-2.0 */
#include "status.h"

#include <stddef.h>

static const char *const names[] = {
	[PUMP_OK] = "ok",
	[PUMP_E_FORMAT] = "bad format",
	[PUMP_E_RANGE] = "out of range",
	[PUMP_E_LIMIT] = "outside the hard limit",
	[PUMP_E_SOFT_LIMIT] = "outside the soft limit",
	[PUMP_E_NOT_FOUND] = "not found",
	[PUMP_E_FULL] = "full",
	[PUMP_E_STATE] = "not allowed in this state",
	[PUMP_E_INTEGRITY] = "integrity lost",
	[PUMP_E_IO] = "input or output failed",
};

const char *
pump_status_name(enum pump_status status)
{
	size_t i = (size_t)status;
	return i < sizeof names / sizeof names[0] ? names[i] : "unknown";
}
