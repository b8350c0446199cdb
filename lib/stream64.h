/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canonical base64 fed one character at a time, for text that is broken into lines or longer than
 * what is kept of it. Decoding is base64.c's: this gathers its groups of four.
 */
#pragma once

#include <assay/base64.h>
#include <stdbool.h>

struct stream64 {
	unsigned char *out;
	size_t room;
	size_t len; /* decoded so far; what went beyond room is counted, not kept */
	unsigned char group[4];
	size_t have;
	bool ended; /* a padded group came: nothing may follow */
};

static inline bool
stream64_put(struct stream64 *s, unsigned char c)
{
	unsigned char bytes[3];
	size_t len;

	if (s->ended)
		return false;
	s->group[s->have++] = c;
	if (s->have < 4)
		return true;
	s->have = 0;
	if (assay_base64_decode((struct assay_span) { s->group, 4 }, bytes, sizeof bytes, &len) !=
	    ASSAY_OK)
		return false;
	s->ended = len < 3;
	for (size_t i = 0; i < len && i < sizeof bytes; i++, s->len++) {
		if (s->len < s->room)
			s->out[s->len] = bytes[i];
	}
	return true;
}

static inline bool
stream64_whole(const struct stream64 *s)
{
	return s->have == 0;
}
