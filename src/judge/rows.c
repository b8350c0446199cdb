/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#define AS_ROW(id, function, authority, ...) { id, { __VA_ARGS__ }, authority, false, function },
#define AS_AFTER_ROW(id, function, authority, ...) { id, { __VA_ARGS__ }, authority, true, function },

const struct judge_row judge_rows[] = { JUDGE_ROWS(AS_ROW) JUDGE_AFTER_ROWS(AS_AFTER_ROW) };

const size_t judge_row_count = sizeof judge_rows / sizeof judge_rows[0];
