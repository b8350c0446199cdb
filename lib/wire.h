/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading SSH wire form (RFC 4251 section 5) from the front of a span, without a copy.
 * Each reader returns false, and moves nothing, when the bytes don't hold what is asked for.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline bool
wire_take(struct assay_span *from, size_t len, struct assay_span *ret_bytes)
{
	if (from->len < len)
		return false;
	*ret_bytes = (struct assay_span) { from->data, len };
	if (len > 0)
		from->data += len;
	from->len -= len;
	return true;
}

static inline bool
wire_u8(struct assay_span *from, uint8_t *ret_value)
{
	struct assay_span b;

	if (!wire_take(from, 1, &b))
		return false;
	*ret_value = b.data[0];
	return true;
}

static inline bool
wire_u32(struct assay_span *from, uint32_t *ret_value)
{
	struct assay_span b;

	if (!wire_take(from, 4, &b))
		return false;
	*ret_value = (uint32_t)b.data[0] << 24 | (uint32_t)b.data[1] << 16 |
	    (uint32_t)b.data[2] << 8 | (uint32_t)b.data[3];
	return true;
}

static inline bool
wire_u64(struct assay_span *from, uint64_t *ret_value)
{
	uint32_t high, low;

	if (from->len < 8 || !wire_u32(from, &high) || !wire_u32(from, &low))
		return false;
	*ret_value = (uint64_t)high << 32 | low;
	return true;
}

static inline bool
wire_string(struct assay_span *from, struct assay_span *ret_bytes)
{
	struct assay_span rest = *from;
	uint32_t len;

	if (!wire_u32(&rest, &len) || !wire_take(&rest, len, ret_bytes))
		return false;
	*from = rest;
	return true;
}

/* A string that people read: no NUL in it, which would show one name and compare as another. */
static inline bool
wire_name(struct assay_span *from, struct assay_span *ret_name)
{
	struct assay_span rest = *from, s;

	if (!wire_string(&rest, &s) || (s.len > 0 && memchr(s.data, 0, s.len) != NULL))
		return false;
	*ret_name = s;
	*from = rest;
	return true;
}

/* A positive mpint in its shortest form; the sign's zero byte is left out of ret_magnitude. */
static inline bool
wire_positive(struct assay_span *from, struct assay_span *ret_magnitude)
{
	struct assay_span rest = *from, s;

	if (!wire_string(&rest, &s) || s.len == 0 || (s.data[0] & 0x80U) != 0)
		return false;
	if (s.data[0] == 0) {
		if (s.len == 1 || (s.data[1] & 0x80U) == 0)
			return false;
		s.data++;
		s.len--;
	}
	*ret_magnitude = s;
	*from = rest;
	return true;
}

static inline void
wire_put_u32(unsigned char out[4], uint32_t v)
{
	out[0] = (unsigned char)(v >> 24);
	out[1] = (unsigned char)(v >> 16);
	out[2] = (unsigned char)(v >> 8);
	out[3] = (unsigned char)v;
}
