/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks by table, and the names behind them.
 */
#include "suppress_inside.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define BLANKS " \t\r\n\v\f"
#define NAME_LEN_MAX 200
#define SUFFIX_MAX 16

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* ---- finding ---- */

bool
suppress_among(const char *suffixes, const char *suffix)
{
	char word[SUFFIX_MAX + 3] = " ";
	const size_t n = strlen(suffix);
	if (n == 0 || n > SUFFIX_MAX || strchr(suffix, ' ') != NULL)
		return false;
	memcpy(word + 1, suffix, n + 1);
	word[n + 1] = ' ';
	word[n + 2] = '\0';
	return strstr(suffixes, word) != NULL;
}

static bool
stands_at(const struct suppress_mark *m, const char *text, size_t at)
{
	const size_t n = strlen(m->word);
	for (size_t i = 0; i < n; i++) {
		char c = text[at + i];
		if ((m->where & WHERE_FOLD) != 0)
			c = text_lower(c);
		if (c != m->word[i])
			return false;
	}
	if ((m->where & WHERE_AT_ONCE) != 0 && at != 0)
		return false;
	if ((m->where & WHERE_START) != 0 && strspn(text, BLANKS "*!/#-") < at)
		return false;
	if ((m->where & WHERE_WORD) != 0 && ((at > 0 && is_word(text[at - 1])) || is_word(text[at + n])))
		return false;
	return m->list != LIST_NUMBER || (text[at + n] >= '0' && text[at + n] <= '9');
}

const struct suppress_mark *
suppress_next_mark(const struct suppress_mark *table, size_t count, const char *suffix, const char *text, size_t *from,
    size_t *ret_at)
{
	for (size_t at = *from; text[at] != '\0'; at++) {
		for (size_t i = 0; i < count; i++) {
			if (!stands_at(&table[i], text, at) || (suffix != NULL && !suppress_among(table[i].suffixes, suffix)))
				continue;
			*ret_at = at;
			*from = at + strlen(table[i].word);
			return &table[i];
		}
	}
	return NULL;
}

/* ---- names ---- */

struct names {
	struct suppress_work *w;
	const char *items[SUPPRESS_CHECKS_MAX];
	size_t count;
	bool overflow;
};

static enum assay_status
add_name(struct names *n, const char *text, size_t len)
{
	while (len > 0 && strchr(BLANKS, text[len - 1]) != NULL)
		len--;
	for (; len > 0 && strchr(BLANKS, *text) != NULL; len--)
		text++;
	if (len == 0)
		return ASSAY_OK;
	if (n->count == SUPPRESS_CHECKS_MAX) {
		n->overflow = true;
		return ASSAY_OK;
	}
	len = len > NAME_LEN_MAX ? NAME_LEN_MAX : len;
	const char *name = arena_copy(n->w->arena, (struct assay_span){ (const unsigned char *)text, len });
	if (name == NULL)
		return arena_full(n->w->err);
	n->items[n->count++] = name;
	return ASSAY_OK;
}

/* What stands between commas up to the closing bracket; a list that isn't closed is none: all is meant. */
static enum assay_status
take_bracketed(struct names *n, const char *text, char close)
{
	const char *end = strchr(text, close), *lf = strchr(text, '\n');
	end = lf != NULL && end != NULL && lf < end && close == ')' ? NULL : end;
	while (end != NULL && text < end) {
		const char *comma = memchr(text, ',', (size_t)(end - text));
		const char *stop = comma != NULL ? comma : end;
		TRY(add_name(n, text, (size_t)(stop - text)));
		text = stop + 1;
	}
	return ASSAY_OK;
}

static size_t
name_len(const char *text)
{
	size_t len = 0;
	while (is_word(text[len]) || (text[len] != '\0' && strchr("-./:*@+", text[len]) != NULL))
		len++;
	/* "a-b*" ends before the end of its comment, and "--" begins a remark. */
	if (len > 1 && text[len] == '\0' && text[len - 1] == '/' && text[len - 2] == '*')
		len -= 2;
	return strncmp(text, "--", 2) == 0 ? 0 : len;
}

/* Names with commas between them; the first word that no comma leads to is a remark. */
static enum assay_status
take_rest(struct names *n, const char *text)
{
	text += strspn(text, BLANKS);
	text += *text == ':' || *text == '=';
	for (;;) {
		text += strspn(text, BLANKS);
		const size_t len = name_len(text);
		TRY(add_name(n, text, len));
		text += len + strspn(text + len, " \t");
		if (len == 0 || *text != ',')
			return ASSAY_OK;
		text++;
	}
}

static enum assay_status
take_quoted(struct names *n, const char *text)
{
	const char *end = strchr(text, ')');
	for (const char *p = strchr(text, '"'); p != NULL && end != NULL && p < end; p = strchr(p, '"')) {
		const char *close = strchr(p + 1, '"');
		if (close == NULL)
			return ASSAY_OK;
		TRY(add_name(n, p + 1, (size_t)(close - p - 1)));
		p = close + 1;
	}
	return ASSAY_OK;
}

static enum assay_status
take_lint(struct names *n, const char *text)
{
	for (;;) {
		text += strspn(text, BLANKS);
		const size_t len = strcspn(text, BLANKS);
		if (*text != '-' && *text != '!')
			return ASSAY_OK;
		TRY(add_name(n, text + (*text == '!'), len - (*text == '!')));
		text += len;
	}
}

static enum assay_status
take(struct names *n, const char *text, size_t at, enum suppress_list list)
{
	const char *rest = text + at;
	const size_t blanks = strspn(rest, BLANKS);
	switch (list) {
	case LIST_NONE:
		return ASSAY_OK;
	case LIST_PAREN:
		return *rest == '(' ? take_bracketed(n, rest + 1, ')') : ASSAY_OK;
	case LIST_BRACKET:
		return rest[blanks] == '[' ? take_bracketed(n, rest + blanks + 1, ']') : ASSAY_OK;
	case LIST_EITHER:
		return rest[blanks] == '[' ? take_bracketed(n, rest + blanks + 1, ']') : add_name(n, rest + blanks, name_len(rest + blanks));
	case LIST_REST:
		return take_rest(n, rest);
	case LIST_QUOTED:
		return take_quoted(n, rest);
	case LIST_LINT:
		return take_lint(n, rest);
	case LIST_NUMBER:
		return add_name(n, rest - 1, 1 + strspn(rest, "0123456789"));
	}
	return ASSAY_OK;
}

enum assay_status
suppress_names(struct suppress_work *w, const char *text, size_t at, enum suppress_list list, struct suppression *one)
{
	struct names n = { .w = w };
	one->checks = NULL;
	one->check_count = 0;
	TRY(take(&n, text, at, list));
	if (n.count == 0 || n.overflow)
		return ASSAY_OK;
	const char **checks = arena_array(w->arena, n.count, sizeof *checks);
	if (checks == NULL)
		return arena_full(w->err);
	memcpy(checks, n.items, n.count * sizeof *checks);
	one->checks = checks;
	one->check_count = n.count;
	return ASSAY_OK;
}
