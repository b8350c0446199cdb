/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text: hex, UTF-8, escaping for terminals, nearest words.
 */
#pragma once

#include <assay/status.h>
#include <base/buf.h>
#include <stdbool.h>
#include <stdint.h>

/* Lower-case hex with NUL; room is 2 × len + 1. */
void text_hex(struct assay_span bytes, char *out);
/* Reads exactly 2 × len lower- or upper-case hex digits. */
ASSAY_MUST_USE enum assay_status text_unhex(struct assay_span hex, unsigned char *out, size_t len);
/* True when s is UTF-8 (RFC 3629) without NUL. */
bool text_is_utf8(struct assay_span s);
/*
 * Appends s with control characters (C0, C1, DEL), bidirectional and zero-width controls and bytes that
 * aren't UTF-8 as \xNN or \u{N}; with keep_newlines LF stays.
 */
void text_escape(struct buf *out, struct assay_span s, bool keep_newlines);
/*
 * Appends s with %XX (RFC 3986, 2.1) for each byte but ASCII's letters and digits and what is in plain; with plain NULL, but
 * ASCII's visible characters other than '%', which is how manifests spell paths.
 */
void text_percent(struct buf *out, struct assay_span s, const char *plain);
/*
 * All of what is printed, or an empty text where it doesn't fit into size bytes: half a path is the path of something else. size is at
 * least 1.
 */
void text_put(char *ret_text, size_t size, const char *fmt, ...) ASSAY_PRINTF(3, 4);
/* What an errno means, from any thread, and in English whatever the locale is. */
const char *text_errno(int error);
/* Of ASCII, whatever the locale is. */
static inline char
text_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static inline char
text_upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* Decimal digits alone, no sign, no overflow. */
ASSAY_MUST_USE enum assay_status text_to_u64(struct assay_span s, uint64_t *ret_value);
/* The candidate with the smallest edit distance to word, or NULL when none is near (distance > 1 + length / 3). */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);
/*
 * Shell-like pattern over a path: '*' matches within a component, '**' across, '?' one byte; all else
 * itself. In time pattern × path at worst; a pattern over TEXT_PATTERN_MAX bytes matches nothing.
 */
#define TEXT_PATTERN_MAX 1024
bool text_match(struct assay_span pattern, struct assay_span path);
