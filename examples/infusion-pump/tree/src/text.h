/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines and fields of the files that the pump reads. Nothing is allocated; what is returned points into the caller's bytes.
 */
#pragma once

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	const char *at;
	size_t len;
};

struct text text_of(const char *string);
bool text_is(struct text t, const char *string);
/* Without blanks and tabs at both ends. */
struct text text_trim(struct text t);
/* Takes the next line off, without its line feed; false when nothing is left. */
bool text_line(struct text *rest, struct text *ret_line);
/* Takes what stands before the next mark off; the last field has none behind it. False when nothing is left. */
bool text_field(struct text *rest, char mark, struct text *ret_field);
/* Digits alone, no sign, no blank, no needless zero in front. */
PUMP_MUST_USE enum pump_status text_number(struct text t, uint32_t most, uint32_t *ret_number);
/* Copies with a NUL; PUMP_E_FULL when it doesn't fit, PUMP_E_FORMAT for what can't be printed. */
PUMP_MUST_USE enum pump_status text_copy(struct text t, char *out, size_t room);
