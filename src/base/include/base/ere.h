/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POSIX extended regular expressions over bytes, in the C locale, in time pattern × text whatever the pattern: no backtracking, no
 * back references. What POSIX leaves undefined ('\d', '**', '[b-a]') is refused.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>
#include <stdint.h>

#define ERE_PATTERN_MAX 1024
#define ERE_DEPTH_MAX 32   /* groups in one another */
#define ERE_REPEAT_MAX 255
#define ERE_PROGRAM_MAX 1024 /* steps that a pattern may come to, repetitions written out */

struct ere;

/* ASSAY_E_FORMAT or ASSAY_E_LIMIT with words for err; the column in err is the place in the pattern, from 1. */
ASSAY_MUST_USE enum assay_status ere_compile(struct assay_span pattern, struct arena *arena, struct ere **ret_ere,
    struct assay_error *err);
/*
 * The leftmost match, and the longest of those: true, and its place. '^' and '$' match at the text's ends alone. *steps grows by the
 * work done. Not for several threads at once with one ere.
 */
bool ere_find(struct ere *e, struct assay_span text, size_t *ret_from, size_t *ret_len, uint64_t *steps);
