/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <base/text.h>
#include <string.h>

/* Without quotes when nothing in it could be taken for more than text. */
static bool
is_plain(const char *text)
{
	static const char *const others[] = { "null", "Null", "NULL", "true", "false", "yes", "no", "on", "off" };
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		if (strcmp(text, others[i]) == 0)
			return false;
	}
	const unsigned char c = (unsigned char)text[0];
	const bool begins = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return begins && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./")] == '\0';
}

static void
add_text(struct buf *out, const char *text)
{
	if (is_plain(text)) {
		buf_add_str(out, text);
		return;
	}
	buf_add_byte(out, '"');
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			buf_addf(out, "\\%c", *p);
		else if (*p < 0x20 || *p == 0x7f)
			buf_addf(out, "\\x%02X", *p);
		else
			buf_add_byte(out, *p);
	}
	buf_add_byte(out, '"');
}

void
words_add(struct buf *out, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_addf(out, "%s: ", key);
	add_text(out, value);
	buf_add_byte(out, '\n');
}

void
words_add_list(struct buf *out, const char *key, const struct yaml_strings *list)
{
	if (list->count == 0)
		return;
	buf_addf(out, "%s: [", key);
	for (size_t i = 0; i < list->count; i++) {
		buf_add_str(out, i > 0 ? ", " : "");
		add_text(out, list->items[i]);
	}
	buf_add_str(out, "]\n");
}
