/* SPDX-License-Identifier: Apache-2.0 */
#include "canonical.h"

#include <string.h>

bool
cj_is(struct assay_span value, char first)
{
	return value.len > 0 && value.data[0] == (unsigned char)first;
}

/* Length of the string at the front of s, its quotes included; 0 when there is none. */
static size_t
string_length(struct assay_span s)
{
	size_t at = 1;

	while (cj_is(s, '"') && at < s.len) {
		const unsigned char *quote = memchr(s.data + at, '"', s.len - at);
		size_t escapes = 0;
		if (quote == NULL)
			return 0;
		at = (size_t)(quote - s.data) + 1;
		/* A quote behind an odd number of backslashes is text. */
		while (s.data[at - 2 - escapes] == '\\')
			escapes++;
		if (escapes % 2 == 0)
			return at;
	}
	return 0;
}

/* Length of a literal or an integer at the front of s. */
static size_t
word_length(struct assay_span s)
{
	static const unsigned char ends[] = { ',', ':', ']', '}' };
	size_t len = 0;

	while (len < s.len && memchr(ends, s.data[len], sizeof ends) == NULL)
		len++;
	return len;
}

/* Length of the object or array at the front of s; 0 when it has no end. */
static size_t
container_length(struct assay_span s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = s.data[i];
		if (c == '"') {
			size_t len = string_length((struct assay_span) { s.data + i, s.len - i });
			if (len == 0)
				return 0;
			i += len - 1;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if ((c == '}' || c == ']') && --depth == 0) {
			return i + 1;
		}
	}
	return 0;
}

/* Length of the value at the front of s; 0 when there is none. */
static size_t
value_length(struct assay_span s)
{
	if (cj_is(s, '"'))
		return string_length(s);
	if (cj_is(s, '{') || cj_is(s, '['))
		return container_length(s);
	return word_length(s);
}

/* Cuts the value at *cursor off, and the byte that separates it from what follows. */
static bool
take(struct assay_span all, size_t *cursor, struct assay_span *ret_value)
{
	struct assay_span rest = { all.data + *cursor, all.len - *cursor };
	size_t len = value_length(rest);

	if (len == 0 || len >= rest.len)
		return false;
	*ret_value = (struct assay_span) { rest.data, len };
	*cursor += len + 1;
	return true;
}

/* The closing bracket is the separator of the last one. */
static bool
at_value(struct assay_span all, char first, size_t *cursor)
{
	if (!cj_is(all, first))
		return false;
	if (*cursor == 0)
		*cursor = 1;
	return *cursor < all.len;
}

bool
cj_next_item(struct assay_span array, size_t *cursor, struct assay_span *ret_value)
{
	return at_value(array, '[', cursor) && take(array, cursor, ret_value);
}

bool
cj_next_member(struct assay_span object, size_t *cursor, struct assay_span *ret_name,
    struct assay_span *ret_value)
{
	struct assay_span name, value;
	size_t at = *cursor;

	if (!at_value(object, '{', &at) || !take(object, &at, &name) || !take(object, &at, &value) ||
	    name.len < 2)
		return false;
	*ret_name = (struct assay_span) { name.data + 1, name.len - 2 };
	*ret_value = value;
	*cursor = at;
	return true;
}

/* Names are compared as they stand: one with an escape in it equals none that is asked for. */
bool
cj_member(struct assay_span object, struct assay_span name, struct assay_span *ret_value)
{
	struct assay_span each, value;
	size_t cursor = 0;

	while (cj_next_member(object, &cursor, &each, &value)) {
		if (assay_span_equal(each, name)) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

bool
cj_value_at(struct assay_span all, size_t first, const char *name, size_t *ret_at)
{
	struct assay_span wanted = assay_span_str(name), each, value;
	size_t at = first;

	while (at < all.len && take(all, &at, &each) && cj_is(each, '"') && at < all.len) {
		struct assay_span bare = { each.data + 1, each.len - 2 };
		if (assay_span_equal(bare, wanted)) {
			*ret_at = at;
			return true;
		}
		if (!take(all, &at, &value))
			return false;
	}
	return false;
}

bool
cj_value(struct assay_span all, size_t at, struct assay_span *ret_value)
{
	return at < all.len && take(all, &at, ret_value);
}

bool
cj_named(struct assay_span object, const char *name, struct assay_span *ret_value)
{
	size_t at;

	return cj_is(object, '{') && cj_value_at(object, 1, name, &at) && cj_value(object, at, ret_value);
}

bool
cj_text(struct assay_span value, struct assay_span *ret_text)
{
	if (!cj_is(value, '"') || value.len < 2 || memchr(value.data, '\\', value.len) != NULL)
		return false;
	*ret_text = (struct assay_span) { value.data + 1, value.len - 2 };
	return true;
}

bool
cj_integer(struct assay_span value, uint64_t most, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (value.len == 0 || value.len > 16)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(value.data[i] - '0');
	}
	if (number > most)
		return false;
	*ret_number = number;
	return true;
}

bool
cj_bool(struct assay_span value, bool *ret_bool)
{
	bool yes = assay_span_equal(value, assay_span_str("true"));

	if (!yes && !assay_span_equal(value, assay_span_str("false")))
		return false;
	*ret_bool = yes;
	return true;
}
