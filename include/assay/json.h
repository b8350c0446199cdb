/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON of strangers (RFC 8259) brought into the one form in which it is signed: canonical JSON as TUF uses it
 * (wiki.laptop.org/go/Canonical_JSON). Members sorted by the bytes of their names, no white space, integers
 * only, strings as UTF-8 in which only '"' and '\' are escaped. Control characters stand in it as they are,
 * so the canonical form is not always JSON itself.
 */
#pragma once

#include <assay/status.h>
#include <stdint.h>

/* Largest text that is read, in bytes; deepest nesting; most values and member names in one text. */
#define ASSAY_JSON_MAX (4u << 20)
#define ASSAY_JSON_DEPTH_MAX 16
#define ASSAY_JSON_VALUES_MAX 262144
/* Integers beyond what every reader of JSON keeps exactly are refused. */
#define ASSAY_JSON_INTEGER_MAX 9007199254740991

/* Storage that is large enough for a text of len bytes, whatever is in it. */
#define ASSAY_JSON_ROOM(len) \
	(2 * (size_t)(len) + 64 + \
	    16 * ((size_t)(len) / 2 < ASSAY_JSON_VALUES_MAX ? (size_t)(len) / 2 + 2 : ASSAY_JSON_VALUES_MAX))

/*
 * Writes the canonical form of one JSON value to the start of room; it is never longer than the text. What lies
 * behind it in room is used while reading. Errors: ASSAY_E_FORMAT (with line and column) for what is not JSON, for
 * a name that stands twice in an object, a number that is no integer, U+0000, text that is not UTF-8, anything
 * but white space after the value; ASSAY_E_LIMIT above a cap or when room is too small (ASSAY_JSON_ROOM never is).
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_json_canonical(struct assay_span text,
    unsigned char *room, size_t room_size, struct assay_span *ret_canonical,
    struct assay_error *err);
