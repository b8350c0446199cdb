/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of which every byte is determined, taken off their front piece by piece. The first thing that isn't as it must be fails the
 * whole; what comes after it is empty.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <stdint.h>

struct scan {
	struct assay_span left;
	bool failed;
};

/* These very bytes. */
void scan_exact(struct scan *s, const char *text);
/* True, and taken, when these bytes are next. */
bool scan_maybe(struct scan *s, const char *text);
/* A decimal number without leading zeros, at most what every reader of JSON keeps exactly. */
uint64_t scan_number(struct scan *s);
/* Characters up to a '"' that isn't taken: none of them a control character, '"' or '\'. room includes the NUL. */
void scan_word(struct scan *s, char *ret_word, size_t room);
/* The same, in lower-case hex of just len digits; with may_be_empty also none. */
void scan_hex(struct scan *s, char *ret_hex, size_t len, bool may_be_empty);
bool scan_at_end(const struct scan *s);
