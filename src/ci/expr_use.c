/* SPDX-License-Identifier: Apache-2.0 */
/* What can be said of an expression without running it. */
#include "expr.h"

#include <string.h>
#include <strings.h>

/* ---- paths ---- */

static bool
add(char *path, size_t room, const char *dot, const char *text)
{
	size_t used = strlen(path), n = strlen(text), d = strlen(dot);
	if (used + n + d + 1 > room)
		return false;
	memcpy(path + used, dot, d);
	for (size_t i = 0; i < n; i++)
		path[used + d + i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
	path[used + d + n] = '\0';
	return true;
}

bool
expr_path(const struct expr *e, char *path, size_t room)
{
	if (e->kind == EXPR_NAME) {
		path[0] = '\0';
		return add(path, room, "", e->text);
	}
	if (e->kind != EXPR_MEMBER && e->kind != EXPR_INDEX && e->kind != EXPR_STAR)
		return false;
	if (!expr_path(e->left, path, room))
		return false;
	if (e->kind == EXPR_MEMBER)
		return add(path, room, ".", e->text);
	if (e->kind == EXPR_STAR)
		return add(path, room, ".", "*");
	bool literal = e->right->kind == EXPR_STRING;
	return add(path, room, ".", literal ? e->right->text : e->right->kind == EXPR_NUMBER ? "*" : "?");
}

static size_t
component(const char *text)
{
	return strcspn(text, ".");
}

static bool
same_component(const char *pattern, size_t n, const char *path, size_t m)
{
	if ((n == 1 && pattern[0] == '*') || (m == 1 && (path[0] == '*' || path[0] == '?')))
		return true;
	return n == m && memcmp(pattern, path, n) == 0;
}

/* 0: differ; 1: pattern ends first; 2: both end; 3: path ends first. */
static int
compare(const char *pattern, const char *path)
{
	for (;;) {
		size_t n = component(pattern), m = component(path);
		if (!same_component(pattern, n, path, m))
			return 0;
		pattern += n;
		path += m;
		if (*pattern == '\0' || *path == '\0')
			return *pattern != '\0' ? 3 : *path != '\0' ? 1 : 2;
		pattern++;
		path++;
	}
}

bool
expr_path_match(const char *pattern, const char *path)
{
	return compare(pattern, path) == 2;
}

bool
expr_path_above(const char *path, const char *pattern)
{
	return compare(pattern, path) == 3;
}

bool
expr_is_call(const struct expr *e, const char *name)
{
	return e->kind == EXPR_CALL && strcasecmp(e->text, name) == 0;
}

void
expr_walk(const struct expr *e, void (*visit)(const struct expr *e, void *context), void *context)
{
	if (e == NULL)
		return;
	visit(e, context);
	expr_walk(e->left, visit, context);
	expr_walk(e->right, visit, context);
	for (const struct expr *a = e->args; a != NULL; a = a->next)
		expr_walk(a, visit, context);
}

void
expr_paths(const struct expr *e, void (*visit)(const char *path, const struct expr *e, void *context), void *context)
{
	char path[EXPR_PATH_MAX];
	if (e == NULL)
		return;
	if (!expr_path(e, path, sizeof path)) {
		expr_paths(e->left, visit, context);
		expr_paths(e->right, visit, context);
		for (const struct expr *a = e->args; a != NULL; a = a->next)
			expr_paths(a, visit, context);
		return;
	}
	visit(path, e, context);
	/* What is computed inside of brackets has paths of its own. */
	for (; e != NULL; e = e->left)
		expr_paths(e->right, visit, context);
}

/* ---- truth ---- */

static struct expr_value
known(const char *text)
{
	return (struct expr_value){ .known = true, .text = text };
}

static struct expr_value
of_truth(enum expr_truth t)
{
	if (t == EXPR_OPEN)
		return (struct expr_value){ 0 };
	return known(t == EXPR_TRUE ? "true" : "false");
}

static struct expr_value value_of(const struct expr *e, expr_lookup *lookup, void *context);

/* A list written as fromJSON('["a", "b"]') holds a word when it holds it in double quotes. */
static bool
list_holds(const char *json, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = json; (p = strchr(p, '"')) != NULL; p++) {
		if (strncasecmp(p + 1, word, n) == 0 && p[1 + n] == '"')
			return true;
	}
	return false;
}

static bool
holds(const char *text, const char *word)
{
	size_t n = strlen(word);
	for (; *text != '\0'; text++) {
		if (strncasecmp(text, word, n) == 0)
			return true;
	}
	return n == 0;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcasecmp(text + n - m, end) == 0;
}

static bool
is_sign(char c)
{
	return c == EXPR_OWN || c == EXPR_STRANGER || c == EXPR_BESIDE;
}

/* Of a value that isn't known to the letter and another one. */
static enum expr_truth
equal_to_sign(const char *sign, const char *other)
{
	if (sign[0] == EXPR_OWN)
		return other[0] == EXPR_STRANGER ? EXPR_FALSE : EXPR_OPEN;
	if (sign[0] == EXPR_STRANGER)
		return other[0] == EXPR_STRANGER || ends_with(other, "[bot]") ? EXPR_OPEN : EXPR_FALSE;
	return list_holds(sign, other) ? EXPR_OPEN : EXPR_FALSE;
}

static enum expr_truth
equal(const char *l, const char *r)
{
	if (is_sign(l[0]))
		return equal_to_sign(l, r);
	if (is_sign(r[0]))
		return equal_to_sign(r, l);
	return strcasecmp(l, r) == 0 ? EXPR_TRUE : EXPR_FALSE;
}

/* A list of literals holds a sign at most when one of its words does. */
static enum expr_truth
list_holds_sign(const char *json, const char *sign)
{
	char word[256];
	for (const char *p = strchr(json, '"'); p != NULL; p = strchr(p, '"')) {
		size_t n = strcspn(++p, "\"");
		if (p[n] == '\0' || n >= sizeof word)
			return EXPR_OPEN;
		memcpy(word, p, n);
		word[n] = '\0';
		if (equal_to_sign(sign, word) != EXPR_FALSE)
			return EXPR_OPEN;
		p += n + 1;
	}
	return EXPR_FALSE;
}

/* contains(), startsWith() and endsWith() of two texts. */
static struct expr_value
compare_texts(const struct expr *e, const char *left, const char *right, bool list)
{
	if (expr_is_call(e, "contains"))
		return known((list ? list_holds : holds)(left, right) ? "true" : "false");
	if (expr_is_call(e, "startsWith"))
		return known(strncasecmp(left, right, strlen(right)) == 0 ? "true" : "false");
	if (expr_is_call(e, "endsWith"))
		return known(ends_with(left, right) ? "true" : "false");
	return (struct expr_value){ 0 };
}

static struct expr_value
call_value(const struct expr *e, expr_lookup *lookup, void *context)
{
	const struct expr *a = e->args, *b = a != NULL ? a->next : NULL;
	if (expr_is_call(e, "always"))
		return known("true");
	if (a == NULL || b == NULL)
		return (struct expr_value){ 0 };
	struct expr_value right = value_of(b, lookup, context);
	bool list = expr_is_call(e, "contains") && expr_is_call(a, "fromJSON") && a->args != NULL;
	struct expr_value left = value_of(list ? a->args : a, lookup, context);
	if (!left.known || !right.known)
		return (struct expr_value){ 0 };
	if (list && is_sign(right.text[0]))
		return of_truth(list_holds_sign(left.text, right.text));
	if (is_sign(left.text[0]) || is_sign(right.text[0]))
		return (struct expr_value){ 0 };
	return compare_texts(e, left.text, right.text, list);
}

static enum expr_truth
truth_of_value(struct expr_value v)
{
	if (!v.known)
		return EXPR_OPEN;
	if (v.string)
		return v.text[0] != '\0' ? EXPR_TRUE : EXPR_FALSE;
	return v.text[0] == '\0' || strcmp(v.text, "false") == 0 || strcmp(v.text, "0") == 0 ? EXPR_FALSE : EXPR_TRUE;
}

static struct expr_value
compare_values(const struct expr *e, expr_lookup *lookup, void *context)
{
	struct expr_value l = value_of(e->left, lookup, context), r = value_of(e->right, lookup, context);
	if (!l.known || !r.known || (strcmp(e->text, "==") != 0 && strcmp(e->text, "!=") != 0))
		return (struct expr_value){ 0 };
	enum expr_truth same = equal(l.text, r.text);
	if (same == EXPR_OPEN)
		return (struct expr_value){ 0 };
	return known((same == EXPR_TRUE) == (e->text[0] == '=') ? "true" : "false");
}

static struct expr_value
binary_value(const struct expr *e, expr_lookup *lookup, void *context)
{
	bool both = strcmp(e->text, "&&") == 0;
	if (!both && strcmp(e->text, "||") != 0)
		return compare_values(e, lookup, context);
	enum expr_truth l = expr_truth(e->left, lookup, context), r = expr_truth(e->right, lookup, context);
	enum expr_truth decides = both ? EXPR_FALSE : EXPR_TRUE;
	if (l == decides || r == decides)
		return of_truth(decides);
	return of_truth(l == EXPR_OPEN || r == EXPR_OPEN ? EXPR_OPEN : both ? EXPR_TRUE : EXPR_FALSE);
}

static struct expr_value
value_of(const struct expr *e, expr_lookup *lookup, void *context)
{
	char path[EXPR_PATH_MAX];
	struct expr_value v = { 0 };
	switch (e->kind) {
	case EXPR_NULL:
		return known("");
	case EXPR_BOOL:
	case EXPR_NUMBER:
		return known(e->text);
	case EXPR_STRING:
		return (struct expr_value){ true, true, e->text };
	case EXPR_CALL:
		return call_value(e, lookup, context);
	case EXPR_NOT: {
		enum expr_truth t = expr_truth(e->left, lookup, context);
		return of_truth(t == EXPR_OPEN ? EXPR_OPEN : t == EXPR_TRUE ? EXPR_FALSE : EXPR_TRUE);
	}
	case EXPR_BINARY:
		return binary_value(e, lookup, context);
	default:
		if (expr_path(e, path, sizeof path))
			lookup(path, &v, context);
		return v;
	}
}

enum expr_truth
expr_truth(const struct expr *e, expr_lookup *lookup, void *context)
{
	return truth_of_value(value_of(e, lookup, context));
}
