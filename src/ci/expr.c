/* SPDX-License-Identifier: Apache-2.0 */
#include "expr.h"

#include <base/cleanup.h>
#include <string.h>
#include <strings.h>

struct reader {
	const char *text;
	size_t len, at;
	unsigned depth;
	struct arena *arena;
	struct assay_error *err;
};

static enum assay_status
fail(const struct reader *r, const char *what)
{
	assay_fail(r->err, ASSAY_E_FORMAT, "%s in an expression", what);
	return assay_error_at(r->err, ASSAY_E_FORMAT, NULL, 1, (unsigned)r->at + 1);
}

static enum assay_status
make(const struct reader *r, enum expr_kind kind, const char *text, size_t len, struct expr **ret_expr)
{
	struct expr *e = arena_alloc(r->arena, sizeof *e);
	if (e == NULL)
		return arena_full(r->err);
	e->kind = kind;
	e->text = arena_copy(r->arena, (struct assay_span){ (const unsigned char *)text, len });
	if (e->text == NULL)
		return arena_full(r->err);
	*ret_expr = e;
	return ASSAY_OK;
}

static char
peek(struct reader *r)
{
	while (r->at < r->len && strchr(" \t\r\n", r->text[r->at]) != NULL)
		r->at++;
	return (char)(r->at < r->len ? r->text[r->at] : '\0');
}

static bool
accept(struct reader *r, const char *op)
{
	size_t n = strlen(op);
	(void)peek(r);
	if (r->len - r->at < n || memcmp(r->text + r->at, op, n) != 0)
		return false;
	r->at += n;
	return true;
}

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_name(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-';
}

static enum assay_status read_or(struct reader *r, struct expr **ret_expr);

static enum assay_status
nested(struct reader *r, struct expr **ret_expr)
{
	if (r->depth == EXPR_DEPTH_MAX)
		return fail(r, "too much nesting");
	r->depth++;
	TRY(read_or(r, ret_expr));
	r->depth--;
	return ASSAY_OK;
}

/* '...' with '' for a quote. */
static enum assay_status
read_string(struct reader *r, struct expr **ret_expr)
{
	char *text = arena_alloc(r->arena, r->len - r->at + 1);
	size_t n = 0;
	if (text == NULL)
		return arena_full(r->err);
	for (r->at++; r->at < r->len; r->at++) {
		bool quote = r->text[r->at] == '\'';
		if (quote && (r->at + 1 == r->len || r->text[r->at + 1] != '\'')) {
			r->at++;
			return make(r, EXPR_STRING, text, n, ret_expr);
		}
		text[n++] = r->text[r->at];
		r->at += quote;
	}
	return fail(r, "a quote that isn't closed");
}

static enum assay_status
read_number(struct reader *r, struct expr **ret_expr)
{
	size_t from = r->at;
	while (r->at < r->len && (is_name(r->text[r->at]) || strchr("+-.", r->text[r->at]) != NULL))
		r->at++;
	return make(r, EXPR_NUMBER, r->text + from, r->at - from, ret_expr);
}

static enum assay_status
read_args(struct reader *r, struct expr *call)
{
	struct expr **link = &call->args;
	if (accept(r, ")"))
		return ASSAY_OK;
	do {
		TRY(nested(r, link));
		link = &(*link)->next;
	} while (accept(r, ","));
	return accept(r, ")") ? ASSAY_OK : fail(r, "a ')' is missing");
}

static enum assay_status
read_name(struct reader *r, struct expr **ret_expr)
{
	size_t from = r->at;
	while (r->at < r->len && is_name(r->text[r->at]))
		r->at++;
	size_t len = r->at - from;
	TRY(make(r, EXPR_NAME, r->text + from, len, ret_expr));
	struct expr *e = *ret_expr;
	if (strcmp(e->text, "true") == 0 || strcmp(e->text, "false") == 0)
		e->kind = EXPR_BOOL;
	else if (strcmp(e->text, "null") == 0)
		e->kind = EXPR_NULL;
	else if (accept(r, "(")) {
		e->kind = EXPR_CALL;
		return read_args(r, e);
	}
	return ASSAY_OK;
}

static enum assay_status
read_primary(struct reader *r, struct expr **ret_expr)
{
	char c = peek(r);
	if (c == '(') {
		r->at++;
		TRY(nested(r, ret_expr));
		return accept(r, ")") ? ASSAY_OK : fail(r, "a ')' is missing");
	}
	if (c == '\'')
		return read_string(r, ret_expr);
	if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.')
		return read_number(r, ret_expr);
	if (is_name_start(c))
		return read_name(r, ret_expr);
	return fail(r, c == '\0' ? "nothing where a value should be" : "an unknown sign");
}

/* ".name", ".*", "[value]", "[*]" */
static enum assay_status
read_access(struct reader *r, struct expr **e, bool *ret_more)
{
	struct expr *outer = NULL;
	*ret_more = true;
	if (accept(r, "[")) {
		if (accept(r, "*")) {
			TRY(make(r, EXPR_STAR, "", 0, &outer));
		} else {
			TRY(make(r, EXPR_INDEX, "", 0, &outer));
			TRY(nested(r, &outer->right));
		}
		if (!accept(r, "]"))
			return fail(r, "a ']' is missing");
	} else if (accept(r, ".")) {
		char c = peek(r);
		size_t from = r->at;
		if (c == '*') {
			r->at++;
			TRY(make(r, EXPR_STAR, "", 0, &outer));
		} else if (is_name_start(c)) {
			while (r->at < r->len && is_name(r->text[r->at]))
				r->at++;
			TRY(make(r, EXPR_MEMBER, r->text + from, r->at - from, &outer));
		} else {
			return fail(r, "no name behind a '.'");
		}
	} else {
		*ret_more = false;
		return ASSAY_OK;
	}
	outer->left = *e;
	*e = outer;
	return ASSAY_OK;
}

static enum assay_status
read_postfix(struct reader *r, struct expr **ret_expr)
{
	bool more = true;
	size_t count = 0;
	TRY(read_primary(r, ret_expr));
	while (more) {
		/* Walks over the tree go down the left side too. */
		if (++count > EXPR_DEPTH_MAX)
			return fail(r, "too much nesting");
		TRY(read_access(r, ret_expr, &more));
	}
	return ASSAY_OK;
}

static enum assay_status
read_not(struct reader *r, struct expr **ret_expr)
{
	if (peek(r) != '!' || (r->at + 1 < r->len && r->text[r->at + 1] == '='))
		return read_postfix(r, ret_expr);
	r->at++;
	TRY(make(r, EXPR_NOT, "!", 1, ret_expr));
	if (r->depth == EXPR_DEPTH_MAX)
		return fail(r, "too much nesting");
	r->depth++;
	TRY(read_not(r, &(*ret_expr)->left));
	r->depth--;
	return ASSAY_OK;
}

/* Operators by how tightly they bind, loosest first; longer ones before their beginnings. */
static const char *const levels[][5] = {
	{ "||", NULL },
	{ "&&", NULL },
	{ "==", "!=", NULL },
	{ "<=", ">=", "<", ">", NULL },
};
#define LEVELS (sizeof levels / sizeof levels[0])

static enum assay_status
read_level(struct reader *r, size_t level, struct expr **ret_expr)
{
	if (level == LEVELS)
		return read_not(r, ret_expr);
	TRY(read_level(r, level + 1, ret_expr));
	for (size_t i = 0, count = 0; levels[level][i] != NULL; i++) {
		if (!accept(r, levels[level][i]))
			continue;
		if (++count > EXPR_DEPTH_MAX)
			return fail(r, "too much nesting");
		struct expr *e = NULL;
		TRY(make(r, EXPR_BINARY, levels[level][i], strlen(levels[level][i]), &e));
		e->left = *ret_expr;
		TRY(read_level(r, level + 1, &e->right));
		*ret_expr = e;
		i = (size_t)-1;
	}
	return ASSAY_OK;
}

static enum assay_status
read_or(struct reader *r, struct expr **ret_expr)
{
	return read_level(r, 0, ret_expr);
}

enum assay_status
expr_parse(struct assay_span text, struct arena *arena, struct expr **ret_expr, struct assay_error *err)
{
	struct reader r = { (const char *)text.data, text.len, 0, 0, arena, err };
	struct expr *e = NULL;
	if (text.len > EXPR_LENGTH_MAX || (text.len > 0 && memchr(text.data, 0, text.len) != NULL))
		return fail(&r, "too much text");
	TRY(read_or(&r, &e));
	if (peek(&r) != '\0')
		return fail(&r, "text behind the end");
	*ret_expr = e;
	return ASSAY_OK;
}

bool
expr_next(const char *text, size_t *cursor, struct expr_piece *ret_piece, bool *ret_closed)
{
	const char *open = strstr(text + *cursor, "${{");
	if (open == NULL)
		return false;
	const char *p = open + 3;
	bool quoted = false;
	for (; *p != '\0' && (quoted || strncmp(p, "}}", 2) != 0); p++)
		quoted ^= *p == '\'';
	*ret_closed = *p != '\0';
	ret_piece->begin = (size_t)(open - text);
	ret_piece->inner = (struct assay_span){ (const unsigned char *)open + 3, (size_t)(p - open) - 3 };
	ret_piece->end = (size_t)(p - text) + (*ret_closed ? 2 : 0);
	*cursor = ret_piece->end;
	return true;
}
