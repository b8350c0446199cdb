/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arguments of image files, where they are written down.
 */
#include "image.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
#define EXPAND_MAX 65536
#define EXPAND_DEPTH 8

char *
docker_word(struct arena *arena, const char **at)
{
	*at += strspn(*at, " \t");
	const char *from = *at;
	char quote = '\0';
	for (; **at != '\0' && (quote != '\0' || (**at != ' ' && **at != '\t')); (*at)++) {
		if (quote == '\0' && (**at == '"' || **at == '\''))
			quote = **at;
		else if (**at == quote)
			quote = '\0';
		else if (**at == '\\' && quote != '\'' && (*at)[1] != '\0')
			(*at)++;
	}
	return *at > from ? arena_copy(arena, (struct assay_span){ (const unsigned char *)from, (size_t)(*at - from) }) : NULL;
}

/* The last of that name; known false when it is one that the file doesn't give. */
static const char *
value_of(const struct docker *d, const char *name, size_t len, bool *ret_known)
{
	*ret_known = false;
	for (size_t i = d->arg_count; i > 0; i--) {
		const struct docker_arg *a = &d->args[i - 1];
		if (strlen(a->name) != len || strncmp(a->name, name, len) != 0)
			continue;
		*ret_known = true;
		return a->value;
	}
	return NULL;
}

static bool expand(const struct docker *d, const char *text, size_t len, struct buf *out, int depth);

/* "-word" and "+word" behind a name: what stands in for a value that isn't there, or for one that is. */
static bool
expand_default(const struct docker *d, const char *op, size_t len, const char *value, bool set, struct buf *out, int depth)
{
	if (*op == '-' && set) {
		buf_add_str(out, value);
		return true;
	}
	if (*op == '-' || (*op == '+' && set))
		return expand(d, op + 1, len - 1, out, depth + 1);
	return *op == '+';
}

/* "NAME", "NAME:-word", "NAME-word", "NAME:+word", "NAME+word" between braces. */
static bool
expand_braces(const struct docker *d, const char *text, size_t len, struct buf *out, int depth)
{
	size_t n = strspn(text, NAME_CHARS);
	bool known;
	if (n == 0 || n > len)
		return false;
	const char *value = value_of(d, text, n, &known);
	bool colon = n < len && text[n] == ':';
	size_t rest = len - n - colon;
	/* What is given at build time alone may be anything. */
	if ((rest == 0 && (colon || value == NULL)) || (known && value == NULL))
		return false;
	if (rest == 0) {
		buf_add_str(out, value);
		return true;
	}
	bool set = value != NULL && !(colon && *value == '\0');
	return expand_default(d, text + n + colon, rest, value, set, out, depth);
}

static size_t
brace_len(const char *text, size_t len)
{
	int open = 1;
	for (size_t i = 0; i < len; i++) {
		open += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
		if (open == 0)
			return i;
	}
	return len;
}

/* Behind a '$'; *i stays at the last byte that was taken. */
static bool
expand_variable(const struct docker *d, const char *text, size_t len, size_t *i, struct buf *out, int depth)
{
	bool known;
	size_t at = *i + 1;
	if (at < len && text[at] == '{') {
		size_t n = brace_len(text + at + 1, len - at - 1);
		*i = at + 1 + n;
		return *i < len && expand_braces(d, text + at + 1, n, out, depth);
	}
	size_t n = strspn(text + at, NAME_CHARS);
	const char *value = value_of(d, text + at, n, &known);
	*i += n;
	if (n == 0 || value == NULL || *i >= len)
		return false;
	buf_add_str(out, value);
	return true;
}

static bool
expand(const struct docker *d, const char *text, size_t len, struct buf *out, int depth)
{
	bool single = false;
	if (depth > EXPAND_DEPTH)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\'') {
			single = !single;
		} else if (text[i] == '"' && !single) {
			continue;
		} else if (text[i] == '$' && !single) {
			if (!expand_variable(d, text, len, &i, out, depth))
				return false;
		} else {
			i += text[i] == '\\' && !single && i + 1 < len;
			buf_add_byte(out, (unsigned char)text[i]);
		}
	}
	return true;
}

char *
docker_expand(struct docker *d, const char *text)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(EXPAND_MAX);
	if (!expand(d, text, strlen(text), &out, 0) || out.status != ASSAY_OK)
		return NULL;
	return arena_copy(d->w->arena, buf_span(&out));
}
