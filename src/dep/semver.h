/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Version ranges as npm reads them (node-semver's grammar: comparators, hyphens, x-ranges, tildes, carets, "||").
 */
#pragma once

#include <stdbool.h>

enum semver_answer { SEMVER_NO, SEMVER_YES, SEMVER_UNKNOWN };

/* Whether version lies in range; unknown when either is written in a way that isn't the grammar's. */
enum semver_answer semver_satisfies(const char *version, const char *range);
/* Whether text is a range at all; else it may be a tag. */
bool semver_is_range(const char *text);
