/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a message is about: engines word a fault differently, and name the same variable.
 */
#include "merge.h"

#include <string.h>

#define SUBJECTS_MAX 16

struct subjects {
	struct assay_span items[SUBJECTS_MAX];
	size_t count;
};

static bool
is_name_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '>' || c == '-'
	    || c == '[' || c == ']' || c == '*' || c == '&';
}

/* A name as it stands in code; "[-Wfree]" is none. */
static void
add(struct subjects *s, const char *begin, size_t len)
{
	if (len == 0 || len > 200 || s->count == SUBJECTS_MAX || begin[0] == '-' || begin[0] == '[' || (begin[0] >= '0' && begin[0] <= '9'))
		return;
	for (size_t i = 0; i < len; i++) {
		if (!is_name_byte((unsigned char)begin[i]))
			return;
	}
	s->items[s->count++] = (struct assay_span){ (const unsigned char *)begin, len };
}

/* What opens and closes a quotation. */
static const struct {
	const char *open, *close;
} quotes[] = {
	{ "\xe2\x80\x98", "\xe2\x80\x99" },
	{ "'", "'" },
	{ "\"", "\"" },
	{ "`", "`" },
};

static const char *
quotation(const char *at, struct subjects *s)
{
	for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
		const size_t len = strlen(quotes[i].open);
		if (strncmp(at, quotes[i].open, len) != 0)
			continue;
		const char *end = strstr(at + len, quotes[i].close);
		if (end == NULL)
			return at + len;
		add(s, at + len, (size_t)(end - at) - len);
		return end + strlen(quotes[i].close);
	}
	return at + 1;
}

static void
find(const char *message, struct subjects *s)
{
	const char *colon = NULL;
	for (const char *p = message; *p != '\0';) {
		if (p[0] == ':' && p[1] == ' ')
			colon = p + 2;
		p = quotation(p, s);
	}
	if (colon != NULL)
		add(s, colon, strlen(colon));
}

bool
sca_same_subject(const char *a, const char *b)
{
	struct subjects x = { .count = 0 }, y = { .count = 0 };
	find(a, &x);
	find(b, &y);
	for (size_t i = 0; i < x.count; i++) {
		for (size_t k = 0; k < y.count; k++) {
			if (assay_span_equal(x.items[i], y.items[k]))
				return true;
		}
	}
	return false;
}
