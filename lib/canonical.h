/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading what assay_json_canonical() wrote. Its form holds already, so a value is found by walking over its bytes and
 * nothing is kept beside them. What is malformed all the same reads as absent.
 */
#pragma once

#include <assay/json.h>
#include <stdbool.h>

/* True when value is one that begins so: '{', '[', '"'. */
bool cj_is(struct assay_span value, char first);
/* Step through the members of an object and the items of an array: *cursor starts at 0; false at the end. */
bool cj_next_member(struct assay_span object, size_t *cursor, struct assay_span *ret_name,
    struct assay_span *ret_value);
bool cj_next_item(struct assay_span array, size_t *cursor, struct assay_span *ret_value);
/* The member of this name; false when there is none. */
bool cj_member(struct assay_span object, struct assay_span name, struct assay_span *ret_value);
bool cj_named(struct assay_span object, const char *name, struct assay_span *ret_value);
/*
 * Where the value of this member begins, without a look at how long it is: all holds an object, and its first member stands
 * at first. all may go on behind the object's end.
 */
bool cj_value_at(struct assay_span all, size_t first, const char *name, size_t *ret_at);
/* The value that begins there. */
bool cj_value(struct assay_span all, size_t at, struct assay_span *ret_value);
/* The text of a string that needs no escapes; false for any other value. */
bool cj_text(struct assay_span value, struct assay_span *ret_text);
/* An integer from 0 to most. */
bool cj_integer(struct assay_span value, uint64_t most, uint64_t *ret_number);
bool cj_bool(struct assay_span value, bool *ret_bool);
