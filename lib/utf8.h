/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 of RFC 3629: shortest form, no surrogates, nothing above U+10FFFF.
 */
#pragma once

#include <assay/status.h>
#include <stdint.h>

/* Reads one character from the front of s, which isn't empty. Returns its length, or 0 when it is none. */
static inline size_t
utf8_char(struct assay_span s, uint32_t *ret_code)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = s.data[0];
	size_t len = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
	uint32_t code = len < 2 ? lead : lead & (0xffU >> (len + 1));

	if (len == 0 || s.len < len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s.data[i] & 0xc0U) != 0x80)
			return 0;
		code = code << 6 | (s.data[i] & 0x3fU);
	}
	if (code < least[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_code = code;
	return len;
}

/* Writes a code point that is none of the surrogates. Returns its length, at most 4. */
static inline size_t
utf8_write(uint32_t code, unsigned char *out)
{
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	if (len == 1) {
		out[0] = (unsigned char)code;
		return len;
	}
	for (size_t i = len; i-- > 1; code >>= 6)
		out[i] = (unsigned char)(0x80U | (code & 0x3fU));
	out[0] = (unsigned char)((0xf00U >> len & 0xffU) | code);
	return len;
}
