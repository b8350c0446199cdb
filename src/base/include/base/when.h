/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time: seconds since 1970-01-01T00:00:00Z, proleptic Gregorian, UTC, no leap seconds, no time zones, no TZ.
 */
#pragma once

#include <assay/status.h>
#include <stdint.h>

/* "9999-12-31T23:59:59Z" and its NUL. */
#define WHEN_TEXT_SIZE 21
#define WHEN_DAY 86400
/* Ends that are always open. */
#define WHEN_MIN INT64_MIN
#define WHEN_MAX INT64_MAX

/* "YYYY-MM-DD" (midnight) or "YYYY-MM-DDThh:mm:ssZ", nothing else (RFC 3339, UTC only). */
ASSAY_MUST_USE enum assay_status when_parse(struct assay_span text, int64_t *ret_seconds,
    struct assay_error *err);
/* "YYYY-MM-DDThh:mm:ssZ"; years outside 0000-9999 are written "beyond 9999" or "before 0000". */
void when_format(int64_t seconds, char ret_text[WHEN_TEXT_SIZE]);
/* "YYYY-MM-DD". */
void when_format_date(int64_t seconds, char ret_text[WHEN_TEXT_SIZE]);
/* Midnight of the day that holds seconds. */
int64_t when_day(int64_t seconds);
