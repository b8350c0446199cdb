/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words and numbers in text.
 */
#pragma once

#include "inside.h"

/* A row of letters of base64; "\/" stands for one. */
struct word {
	size_t at, len, letters;
};
/* The next word at or after *cursor; url: '-' and '_' are letters, too. */
bool text_word(struct assay_span text, bool url, size_t *cursor, struct word *ret);
/* Appends the bytes that are written as numbers of an array, or as escapes of a string, at at. Returns where they end. */
size_t text_array(struct assay_span b, size_t at, struct buf *out);
size_t text_escapes(struct assay_span b, size_t at, struct buf *out);
