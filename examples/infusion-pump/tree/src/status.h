/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, as every module of the pump says it.
 */
#pragma once

enum pump_status {
	PUMP_OK,
	PUMP_E_FORMAT,     /* bytes that aren't what they should be */
	PUMP_E_RANGE,      /* a quantity outside of what can be held */
	PUMP_E_LIMIT,      /* outside of a hard limit of the drug library */
	PUMP_E_SOFT_LIMIT, /* outside of a soft limit: a nurse may confirm it */
	PUMP_E_NOT_FOUND,
	PUMP_E_FULL,
	PUMP_E_STATE,      /* not allowed as the pump is now */
	PUMP_E_INTEGRITY,  /* a checksum or a chain is broken */
	PUMP_E_IO,
};

#define PUMP_MUST_USE __attribute__((warn_unused_result))

/* Never NULL. */
const char *pump_status_name(enum pump_status status);

#define PUMP_TRY(expression) \
	do { \
		enum pump_status try_status_ = (expression); \
		if (try_status_ != PUMP_OK) \
			return try_status_; \
	} while (0)
