/* SPDX-License-Identifier: Apache-2.0 */
#include "make_lines.h"

#define BLANKS " \t\r"
#define OPEN_MAX 64
#define NAME_PARTS_MAX 256

void
make_line_done(struct make_line *l)
{
	buf_done(&l->text);
}

/*
 * A bracket without its end is looked for in all of the line, and each of those in each other in all that is behind it: so many
 * of them nobody writes.
 */
static bool
has_many_brackets(const char *text)
{
	int open = 0;
	for (; *text != '\0'; text++) {
		open += *text == '(' || *text == '{' ? 1 : *text == ')' || *text == '}' ? -1 : 0;
		if (open > OPEN_MAX)
			return true;
		open = open < 0 ? 0 : open;
	}
	return false;
}

size_t
make_template(const char *line)
{
	size_t n = 0;
	while (line[n] == '@') {
		const size_t name = strcspn(line + n + 1, "@\n");
		if (!make_is_name(line + n + 1, name) || line[n + 1 + name] != '@')
			break;
		n += name + 2;
	}
	return n;
}

enum assay_status
make_next_line(const char **cursor, unsigned *number, struct make_line *l, bool *ret_more, struct assay_error *err)
{
	const char *at = *cursor;
	*ret_more = *at != '\0';
	buf_reset(&l->text);
	l->at = at;
	l->len = 0;
	l->number = *number;
	l->count = 0;
	for (bool more = *ret_more; more;) {
		size_t n = strcspn(at, "\n"), len = n > 0 && at[n - 1] == '\r' ? n - 1 : n, backslashes = 0, before = make_template(at);
		while (backslashes < len && at[len - backslashes - 1] == '\\')
			backslashes++;
		/* Two of them are one that joins nothing. */
		more = backslashes % 2 == 1 && at[n] != '\0';
		buf_add_span(&l->text, (struct assay_span){ (const unsigned char *)at + before, len - more - before });
		if (more)
			buf_add_byte(&l->text, ' ');
		l->len = (size_t)(at - l->at) + len;
		l->count++;
		at += n + (at[n] == '\n');
	}
	buf_add_byte(&l->text, '\0');
	*number += l->count;
	*cursor = at;
	TRY(buf_status(&l->text, "a line", err));
	if (has_many_brackets(make_text(l)))
		return assay_fail(err, ASSAY_E_LIMIT, "line %u opens more brackets than are followed", l->number);
	return ASSAY_OK;
}

size_t
make_reference(const char *at)
{
	char open = *at, close = open == '(' ? ')' : '}';
	int depth = 0;
	for (size_t i = 0; at[i] != '\0' && at[i] != '\n'; i++) {
		depth += at[i] == open ? 1 : at[i] == close ? -1 : 0;
		if (depth == 0)
			return i + 1;
	}
	return 0;
}

size_t
make_token(const char *at)
{
	if (*at == '\0')
		return 0;
	if (*at == '$' && (at[1] == '(' || at[1] == '{')) {
		size_t n = make_reference(at + 1);
		return n > 0 ? n + 1 : 1;
	}
	return (*at == '$' || *at == '\\') && at[1] != '\0' ? 2 : 1;
}

bool
make_is_name(const char *text, size_t len)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	return len > 0 && strspn(text, chars) >= len && !(text[0] >= '0' && text[0] <= '9');
}

bool
make_word(const char *line, const char *word, const char **ret_rest)
{
	const char *at = line + strspn(line, BLANKS);
	size_t n = strlen(word);
	if (strncmp(at, word, n) != 0 || strchr(BLANKS "#", at[n]) == NULL)
		return false;
	*ret_rest = at + n + strspn(at + n, BLANKS);
	return true;
}

const char *
make_find(const char *line, const char *any)
{
	for (const char *at = line; *at != '\0' && *at != '#'; at += make_token(at)) {
		if (strchr(any, *at) != NULL)
			return at;
	}
	return NULL;
}

/* "=", ":=", "::=", ":::=", "?=", "+=", "!=" */
static size_t
operator_len(const char *at)
{
	size_t colons = strspn(at, ":"), before = colons > 0 ? colons : strchr("?+!", *at) != NULL && *at != '\0';
	return colons <= 3 && at[before] == '=' ? before + 1 : 0;
}

bool
make_assignment(const char *line, struct make_assign *ret_assign)
{
	static const char *const before[] = { "export", "override", "private", "define", "undefine" };
	const char *at = line + strspn(line, BLANKS), *rest;
	*ret_assign = (struct make_assign){ .name = at };
	for (size_t i = 0; i < sizeof before / sizeof before[0];) {
		if (!make_word(at, before[i], &rest) || operator_len(rest) > 0) {
			i++;
			continue;
		}
		ret_assign->defines |= strcmp(before[i] + strlen(before[i]) - 6, "define") == 0;
		at = rest;
		i = 0;
	}
	ret_assign->name = at;
	for (unsigned parts = 0; parts < NAME_PARTS_MAX && *at != '\0' && strchr(BLANKS "#", *at) == NULL && operator_len(at) == 0; parts++) {
		/* A rule's. */
		if (*at == ':')
			return false;
		at += make_token(at);
	}
	ret_assign->name_len = (size_t)(at - ret_assign->name);
	ret_assign->op = at += strspn(at, BLANKS);
	ret_assign->op_len = operator_len(at);
	ret_assign->value = at + ret_assign->op_len;
	return ret_assign->name_len > 0 && (ret_assign->op_len > 0 || ret_assign->defines);
}

const char *
make_behind_colon(const char *line)
{
	const char *colon = make_find(line, ":=");
	return colon != NULL && *colon == ':' && operator_len(colon) == 0 ? colon + strspn(colon, ":") : NULL;
}
