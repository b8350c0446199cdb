/* SPDX-License-Identifier: Apache-2.0 */
/* Hex in test data. */
#pragma once

#include <assay/status.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Reads hex into out, which has room for it; a slip in the data ends the test program. */
static inline struct assay_span
from_hex(const char *hex, unsigned char *out, size_t room)
{
	size_t len = strlen(hex) / 2;

	assert(strlen(hex) % 2 == 0 && len <= room);
	for (size_t i = 0; i < len; i++) {
		unsigned byte = 0;
		int n = sscanf(hex + 2 * i, "%2x", &byte);
		assert(n == 1);
		(void)n;
		out[i] = (unsigned char)byte;
	}
	(void)room;
	return (struct assay_span) { out, len };
}
