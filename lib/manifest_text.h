/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How names and bytes are written in a manifest.
 */
#pragma once

#include <assay/manifest.h>

/* True for a byte that stands there as %XX. */
bool manifest_is_escaped(unsigned char c);
/* The byte of two hexadecimal digits in upper case. */
bool manifest_escape_value(const unsigned char digits[2], unsigned char *ret_byte);
/* Lower-case hex of just so many bytes as hex has pairs. */
bool manifest_unhex(struct assay_span hex, unsigned char *out);
/* How long security.capability can be: its versions 1 to 3. */
bool manifest_caps_ok(size_t len);
