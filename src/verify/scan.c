/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <assay/json.h>
#include <string.h>

static void
take(struct scan *s, size_t len)
{
	s->left.data += len;
	s->left.len -= len;
}

bool
scan_maybe(struct scan *s, const char *text)
{
	const size_t len = strlen(text);
	if (s->failed || s->left.len < len || memcmp(s->left.data, text, len) != 0)
		return false;
	take(s, len);
	return true;
}

void
scan_exact(struct scan *s, const char *text)
{
	if (!scan_maybe(s, text))
		s->failed = true;
}

uint64_t
scan_number(struct scan *s)
{
	uint64_t value = 0;
	size_t digits = 0;
	while (!s->failed && digits < s->left.len && s->left.data[digits] >= '0' && s->left.data[digits] <= '9') {
		const uint64_t next = value * 10 + (uint64_t)(s->left.data[digits] - '0');
		if (next > ASSAY_JSON_INTEGER_MAX || (digits > 0 && value == 0))
			s->failed = true;
		value = next;
		digits++;
	}
	if (digits == 0)
		s->failed = true;
	if (s->failed)
		return 0;
	take(s, digits);
	return value;
}

void
scan_word(struct scan *s, char *ret_word, size_t room)
{
	size_t len = 0;
	ret_word[0] = '\0';
	while (len < s->left.len && s->left.data[len] >= 0x20 && s->left.data[len] != 0x7f && s->left.data[len] != '"'
	    && s->left.data[len] != '\\')
		len++;
	if (s->failed || len >= room) {
		s->failed = true;
		return;
	}
	if (len > 0)
		memcpy(ret_word, s->left.data, len);
	ret_word[len] = '\0';
	take(s, len);
}

void
scan_hex(struct scan *s, char *ret_hex, size_t len, bool may_be_empty)
{
	size_t digits = 0;
	ret_hex[0] = '\0';
	while (!s->failed && digits < s->left.len && digits <= len && s->left.data[digits] != '\0'
	    && strchr("0123456789abcdef", s->left.data[digits]) != NULL)
		digits++;
	if (digits != len && !(may_be_empty && digits == 0))
		s->failed = true;
	if (s->failed || digits == 0)
		return;
	memcpy(ret_hex, s->left.data, digits);
	ret_hex[digits] = '\0';
	take(s, digits);
}

bool
scan_at_end(const struct scan *s)
{
	return !s->failed && s->left.len == 0;
}
