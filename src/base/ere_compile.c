/* SPDX-License-Identifier: Apache-2.0 */
/* From a pattern to a tree, and from the tree to a program: repetitions are written out, so the tree is needed. */
#include "ere.h"

#include <base/cleanup.h>
#include <string.h>

enum kind { EMPTY, SET, BEGIN, END, JOIN, CHOICE, REPEAT };
#define FOREVER UINT16_MAX

struct node {
	enum kind kind;
	struct node *left, *right;
	uint16_t least, most; /* REPEAT */
	unsigned char set[32];
};

struct reader {
	struct assay_span p;
	size_t at;
	unsigned depth;
	struct arena *arena;
	struct ere *e;
	struct assay_error *err;
};

static enum assay_status
refuse(const struct reader *r, const char *what)
{
	(void)assay_fail(r->err, ASSAY_E_FORMAT, "%s", what);
	return assay_error_at(r->err, ASSAY_E_FORMAT, NULL, 0, (unsigned)r->at + 1);
}

static enum assay_status
node_new(const struct reader *r, enum kind kind, struct node *left, struct node *right, struct node **ret)
{
	struct node *n = arena_alloc(r->arena, sizeof *n);
	if (n == NULL)
		return arena_full(r->err);
	n->kind = kind;
	n->left = left;
	n->right = right;
	*ret = n;
	return ASSAY_OK;
}

static void
add(unsigned char *set, unsigned from, unsigned to)
{
	for (unsigned c = from; c <= to; c++)
		set[c >> 3] |= (unsigned char)(1u << (c & 7));
}

/* ---- [...] ---- */

/* In the C locale, as ranges of bytes. */
static const struct {
	const char *name;
	unsigned char ranges[8]; /* pairs; 0, 0 ends */
} classes[] = {
	{ "alpha", { 'A', 'Z', 'a', 'z' } }, { "digit", { '0', '9' } }, { "alnum", { '0', '9', 'A', 'Z', 'a', 'z' } },
	{ "upper", { 'A', 'Z' } }, { "lower", { 'a', 'z' } }, { "space", { '\t', '\r', ' ', ' ' } },
	{ "blank", { '\t', '\t', ' ', ' ' } }, { "punct", { '!', '/', ':', '@', '[', '`', '{', '~' } },
	{ "xdigit", { '0', '9', 'A', 'F', 'a', 'f' } },
};

/* "[:digit:]", with at behind its "[:". */
static enum assay_status
read_class(struct reader *r, unsigned char *set)
{
	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
		const size_t len = strlen(classes[i].name);
		if (r->p.len - r->at < len + 2 || memcmp(r->p.data + r->at, classes[i].name, len) != 0
		    || memcmp(r->p.data + r->at + len, ":]", 2) != 0)
			continue;
		for (size_t k = 0; k < 8 && classes[i].ranges[k] != 0; k += 2)
			add(set, classes[i].ranges[k], classes[i].ranges[k + 1]);
		r->at += len + 2;
		return ASSAY_OK;
	}
	return refuse(r, "there is no such class of characters");
}

static bool
next_is(const struct reader *r, size_t ahead, char ch)
{
	return r->at + ahead < r->p.len && r->p.data[r->at + ahead] == (unsigned char)ch;
}

static enum assay_status
read_range(struct reader *r, unsigned char *set)
{
	const unsigned from = r->p.data[r->at++];
	unsigned to = from;
	if (from == '[' && (next_is(r, 0, '.') || next_is(r, 0, '=')))
		return refuse(r, "'[.' and '[=' are not read here");
	if (from == '[' && next_is(r, 0, ':')) {
		r->at++;
		return read_class(r, set);
	}
	if (next_is(r, 0, '-') && r->at + 1 < r->p.len && !next_is(r, 1, ']')) {
		to = r->p.data[r->at + 1];
		r->at += 2;
	}
	if (to < from)
		return refuse(r, "a range ends before it begins");
	add(set, from, to);
	return ASSAY_OK;
}

/* At is behind the '['. */
static enum assay_status
read_brackets(struct reader *r, unsigned char *set)
{
	const bool negated = next_is(r, 0, '^');
	bool first = true;
	r->at += negated;
	while (first || !next_is(r, 0, ']')) {
		if (r->at >= r->p.len)
			return refuse(r, "a '[' is never closed");
		TRY(read_range(r, set));
		first = false;
	}
	r->at++;
	for (size_t i = 0; i < 32 && negated; i++)
		set[i] = (unsigned char)~set[i];
	return ASSAY_OK;
}

/* ---- the tree ---- */

static enum assay_status read_choice(struct reader *r, struct node **ret);

static enum assay_status
read_group(struct reader *r, struct node **ret)
{
	if (++r->depth > ERE_DEPTH_MAX)
		return refuse(r, "groups too deep in one another");
	TRY(read_choice(r, ret));
	if (!next_is(r, 0, ')'))
		return refuse(r, "a '(' is never closed");
	r->at++;
	r->depth--;
	return ASSAY_OK;
}

static enum assay_status
read_escape(struct reader *r, unsigned char *set)
{
	if (r->at >= r->p.len)
		return refuse(r, "a '\\' at the end");
	const unsigned char ch = r->p.data[r->at];
	/* Other dialects give these a meaning, which people would rely on. */
	if ((ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || ch == '<' || ch == '>')
		return refuse(r, "'\\' before a letter or digit means nothing here: write [0-9] or [[:alnum:]_]");
	r->at++;
	add(set, ch, ch);
	return ASSAY_OK;
}

static enum assay_status
read_atom(struct reader *r, struct node **ret)
{
	const unsigned char ch = r->p.data[r->at++];
	if (ch == '(')
		return read_group(r, ret);
	if (ch == '*' || ch == '+' || ch == '?' || ch == '{') {
		r->at--;
		return refuse(r, "nothing stands before it that could be repeated");
	}
	TRY(node_new(r, ch == '^' ? BEGIN : ch == '$' ? END : SET, NULL, NULL, ret));
	if (ch == '[')
		return read_brackets(r, (*ret)->set);
	if (ch == '\\')
		return read_escape(r, (*ret)->set);
	if (ch == '.')
		add((*ret)->set, 0, 255);
	else if (ch != '^' && ch != '$')
		add((*ret)->set, ch, ch);
	return ASSAY_OK;
}

static bool
read_number(struct reader *r, uint16_t *ret)
{
	unsigned n = 0;
	const size_t from = r->at;
	while (r->at < r->p.len && r->p.data[r->at] >= '0' && r->p.data[r->at] <= '9' && n <= ERE_REPEAT_MAX)
		n = n * 10 + (unsigned)(r->p.data[r->at++] - '0');
	*ret = (uint16_t)n;
	return r->at > from && n <= ERE_REPEAT_MAX;
}

/* "{2}", "{2,}", "{2,5}", with at behind the '{'. */
static enum assay_status
read_bounds(struct reader *r, struct node *n)
{
	bool good = read_number(r, &n->least);
	n->most = n->least;
	if (good && next_is(r, 0, ',')) {
		r->at++;
		n->most = FOREVER;
		good = next_is(r, 0, '}') || (read_number(r, &n->most) && n->most >= n->least);
	}
	if (!good || !next_is(r, 0, '}'))
		return refuse(r, "not a repetition like {2}, {2,} or {2,5}, of at most 255");
	r->at++;
	return ASSAY_OK;
}

static enum assay_status
read_repeats(struct reader *r, struct node **ret)
{
	struct node *n = NULL;
	TRY(read_atom(r, &n));
	if (r->at < r->p.len && strchr("*+?{", r->p.data[r->at]) != NULL && r->p.data[r->at] != 0) {
		const unsigned char ch = r->p.data[r->at++];
		TRY(node_new(r, REPEAT, n, NULL, &n));
		n->least = ch == '+';
		n->most = ch == '?' ? 1 : FOREVER;
		if (ch == '{')
			TRY(read_bounds(r, n));
		if (r->at < r->p.len && strchr("*+?{", r->p.data[r->at]) != NULL && r->p.data[r->at] != 0)
			return refuse(r, "one repetition behind another");
	}
	*ret = n;
	return ASSAY_OK;
}

static enum assay_status
read_row(struct reader *r, struct node **ret)
{
	struct node *row = NULL;
	TRY(node_new(r, EMPTY, NULL, NULL, &row));
	while (r->at < r->p.len && !next_is(r, 0, '|') && !next_is(r, 0, ')')) {
		struct node *n = NULL;
		TRY(read_repeats(r, &n));
		if (row->kind == EMPTY)
			row = n;
		else
			TRY(node_new(r, JOIN, row, n, &row));
	}
	*ret = row;
	return ASSAY_OK;
}

static enum assay_status
read_choice(struct reader *r, struct node **ret)
{
	TRY(read_row(r, ret));
	while (next_is(r, 0, '|')) {
		struct node *right = NULL;
		r->at++;
		TRY(read_row(r, &right));
		TRY(node_new(r, CHOICE, *ret, right, ret));
	}
	return ASSAY_OK;
}

/* ---- the program, from its end to its beginning ---- */

static enum assay_status
emit_step(struct reader *r, enum ere_op op, uint16_t next, uint16_t other, uint16_t *ret)
{
	if (r->e->count == ERE_PROGRAM_MAX)
		return assay_fail(r->err, ASSAY_E_LIMIT, "the pattern comes to more than %d steps", ERE_PROGRAM_MAX);
	r->e->steps[r->e->count] = (struct ere_step){ .op = op, .next = next, .other = other };
	*ret = (uint16_t)r->e->count++;
	return ASSAY_OK;
}

static enum assay_status emit(struct reader *r, const struct node *n, uint16_t next, uint16_t *ret);

static enum assay_status
emit_repeat(struct reader *r, const struct node *n, uint16_t next, uint16_t *ret)
{
	uint16_t at = next;
	if (n->most == FOREVER) {
		TRY(emit_step(r, ERE_SPLIT, 0, next, &at));
		const uint16_t loop = at;
		uint16_t body = 0;
		TRY(emit(r, n->left, loop, &body));
		r->e->steps[loop].next = body;
	}
	for (unsigned i = n->least; n->most != FOREVER && i < n->most; i++) {
		uint16_t body = 0;
		TRY(emit(r, n->left, at, &body));
		TRY(emit_step(r, ERE_SPLIT, body, next, &at));
	}
	for (unsigned i = 0; i < n->least; i++)
		TRY(emit(r, n->left, at, &at));
	*ret = at;
	return ASSAY_OK;
}

static enum assay_status
emit(struct reader *r, const struct node *n, uint16_t next, uint16_t *ret)
{
	uint16_t left = 0, right = 0;
	switch (n->kind) {
	case EMPTY:
		*ret = next;
		return ASSAY_OK;
	case SET:
		TRY(emit_step(r, ERE_SET, next, 0, ret));
		memcpy(r->e->steps[*ret].set, n->set, sizeof n->set);
		return ASSAY_OK;
	case BEGIN:
		return emit_step(r, ERE_BEGIN, next, 0, ret);
	case END:
		return emit_step(r, ERE_END, next, 0, ret);
	case JOIN:
		TRY(emit(r, n->right, next, &right));
		return emit(r, n->left, right, ret);
	case CHOICE:
		TRY(emit(r, n->left, next, &left));
		TRY(emit(r, n->right, next, &right));
		return emit_step(r, ERE_SPLIT, left, right, ret);
	case REPEAT:
		break;
	}
	return emit_repeat(r, n, next, ret);
}

enum assay_status
ere_compile(struct assay_span pattern, struct arena *arena, struct ere **ret_ere, struct assay_error *err)
{
	struct reader r = { .p = pattern, .arena = arena, .err = err };
	struct node *tree = NULL;
	uint16_t match = 0;
	if (pattern.len > ERE_PATTERN_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the pattern has more than %d bytes", ERE_PATTERN_MAX);
	r.e = arena_alloc(arena, sizeof *r.e);
	if (r.e == NULL)
		return arena_full(err);
	TRY(read_choice(&r, &tree));
	if (r.at < pattern.len)
		return refuse(&r, "a ')' without its '('");
	TRY(emit_step(&r, ERE_MATCH, 0, 0, &match));
	TRY(emit(&r, tree, match, &r.e->first));
	*ret_ere = r.e;
	return ASSAY_OK;
}
