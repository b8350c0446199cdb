/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <string.h>

struct text
text_of(const char *string)
{
	return (struct text){ string, strlen(string) };
}

bool
text_is(struct text t, const char *string)
{
	return t.len == strlen(string) && memcmp(t.at, string, t.len) == 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct text
text_trim(struct text t)
{
	while (t.len > 0 && is_blank(t.at[0])) {
		t.at++;
		t.len--;
	}
	while (t.len > 0 && is_blank(t.at[t.len - 1]))
		t.len--;
	return t;
}

/* Where the mark stands, or the length. */
static size_t
find_mark(struct text t, char mark)
{
	size_t i = 0;
	while (i < t.len && t.at[i] != mark)
		i++;
	return i;
}

bool
text_line(struct text *rest, struct text *ret_line)
{
	if (rest->len == 0)
		return false;
	size_t n = find_mark(*rest, '\n');
	*ret_line = (struct text){ rest->at, n };
	size_t taken = n < rest->len ? n + 1 : n;
	rest->at += taken;
	rest->len -= taken;
	return true;
}

bool
text_field(struct text *rest, char mark, struct text *ret_field)
{
	if (rest->at == NULL)
		return false;
	size_t n = find_mark(*rest, mark);
	*ret_field = (struct text){ rest->at, n };
	if (n < rest->len)
		*rest = (struct text){ rest->at + n + 1, rest->len - n - 1 };
	else
		*rest = (struct text){ NULL, 0 };
	return true;
}

enum pump_status
text_number(struct text t, uint32_t most, uint32_t *ret_number)
{
	uint32_t n = 0;
	if (t.len == 0 || t.len > 10 || (t.len > 1 && t.at[0] == '0'))
		return PUMP_E_FORMAT;
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] < '0' || t.at[i] > '9')
			return PUMP_E_FORMAT;
		uint32_t digit = (uint32_t)(t.at[i] - '0');
		if (n > (UINT32_MAX - digit) / 10)
			return PUMP_E_RANGE;
		n = n * 10 + digit;
	}
	if (n > most)
		return PUMP_E_RANGE;
	*ret_number = n;
	return PUMP_OK;
}

enum pump_status
text_copy(struct text t, char *out, size_t room)
{
	if (t.len >= room)
		return PUMP_E_FULL;
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] < ' ' || t.at[i] > '~')
			return PUMP_E_FORMAT;
	}
	memcpy(out, t.at, t.len);
	out[t.len] = '\0';
	return PUMP_OK;
}
