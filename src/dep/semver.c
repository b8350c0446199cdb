/* SPDX-License-Identifier: Apache-2.0 */
#include "semver.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TEXT_MAX 256
#define NUMBER_MAX 9007199254740991u /* 2^53 - 1, where npm's numbers end */

struct version {
	uint64_t n[3];
	const char *pre; /* behind '-', "" for none */
	size_t pre_len;
};

/* A version of which parts may be missing or wild. */
struct partial {
	struct version v;
	int given; /* leading numbers that are there: 0 to 3 */
};

enum op { OP_EQ, OP_LT, OP_LE, OP_GT, OP_GE };

/* What is known of one set of comparators, all of which must hold. */
struct set {
	const struct version *version;
	bool holds;
	bool names_prerelease; /* one of them is a prerelease of the version's own three numbers */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

static bool
read_number(const char **at, uint64_t *ret_value)
{
	const char *p = *at;
	uint64_t value = 0;
	if (!is_digit(*p) || (*p == '0' && is_digit(p[1])))
		return false;
	for (; is_digit(*p); p++) {
		value = value * 10 + (uint64_t)(*p - '0');
		if (value > NUMBER_MAX)
			return false;
	}
	*at = p;
	*ret_value = value;
	return true;
}

/* Dot-separated words; numbers among them without a leading zero. */
static bool
read_words(const char **at, bool numbers_strict)
{
	const char *p = *at;
	for (;;) {
		const char *from = p;
		bool digits = true;
		for (; is_word(*p); p++)
			digits = digits && is_digit(*p);
		if (p == from || (numbers_strict && digits && *from == '0' && p - from > 1))
			return false;
		if (*p != '.')
			break;
		p++;
	}
	*at = p;
	return true;
}

static bool
read_suffixes(const char **at, struct version *v)
{
	if (**at == '-') {
		(*at)++;
		v->pre = *at;
		if (!read_words(at, true))
			return false;
		v->pre_len = (size_t)(*at - v->pre);
	}
	if (**at == '+') {
		(*at)++;
		return read_words(at, false);
	}
	return true;
}

static bool
read_partial(const char **at, struct partial *ret)
{
	struct partial p = { .v = { .pre = "" } };
	bool wild = false;
	int i = 0;
	while (**at == 'v' || **at == '=')
		(*at)++;
	for (;; i++) {
		if (**at == 'x' || **at == 'X' || **at == '*') {
			(*at)++;
			wild = true;
		} else if (wild || !read_number(at, &p.v.n[i])) {
			return false;
		} else {
			p.given = i + 1;
		}
		if (i == 2 || **at != '.')
			break;
		(*at)++;
	}
	if (i == 2 && !read_suffixes(at, &p.v))
		return false;
	*ret = p;
	return true;
}

/* ---- comparing ---- */

static int
compare_word(const char *a, size_t a_len, const char *b, size_t b_len)
{
	bool a_digits = true, b_digits = true;
	for (size_t i = 0; i < a_len; i++)
		a_digits = a_digits && is_digit(a[i]);
	for (size_t i = 0; i < b_len; i++)
		b_digits = b_digits && is_digit(b[i]);
	if (a_digits != b_digits)
		return a_digits ? -1 : 1;
	if (a_digits && a_len != b_len)
		return a_len < b_len ? -1 : 1;
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
	if (order != 0)
		return order < 0 ? -1 : 1;
	return a_len == b_len ? 0 : a_len < b_len ? -1 : 1;
}

static size_t
word_len(const char *at, const char *end)
{
	size_t n = 0;
	while (at + n < end && at[n] != '.')
		n++;
	return n;
}

static int
compare_pre(const struct version *a, const struct version *b)
{
	const char *p = a->pre, *p_end = p + a->pre_len, *q = b->pre, *q_end = q + b->pre_len;
	if (a->pre_len == 0 || b->pre_len == 0)
		return a->pre_len == b->pre_len ? 0 : a->pre_len == 0 ? 1 : -1;
	while (p < p_end && q < q_end) {
		size_t n = word_len(p, p_end), m = word_len(q, q_end);
		int order = compare_word(p, n, q, m);
		if (order != 0)
			return order;
		p += n + 1;
		q += m + 1;
	}
	return p >= p_end && q >= q_end ? 0 : p >= p_end ? -1 : 1;
}

static int
compare(const struct version *a, const struct version *b)
{
	for (int i = 0; i < 3; i++) {
		if (a->n[i] != b->n[i])
			return a->n[i] < b->n[i] ? -1 : 1;
	}
	return compare_pre(a, b);
}

static void
demand(struct set *s, enum op op, const struct version *v)
{
	int order = compare(s->version, v);
	bool holds = op == OP_EQ ? order == 0
	    : op == OP_LT    ? order < 0
	    : op == OP_LE    ? order <= 0
	    : op == OP_GT    ? order > 0
			     : order >= 0;
	s->holds = s->holds && holds;
	if (v->pre_len > 0 && memcmp(v->n, s->version->n, sizeof v->n) == 0)
		s->names_prerelease = true;
}

/* Everything below n with its last given number, at place, raised: "<1.3.0-0". */
static void
demand_below(struct set *s, const struct version *v, int place)
{
	struct version top = { .pre = "0", .pre_len = 1 };
	if (place < 0 || place >= (int)(sizeof top.n / sizeof top.n[0])) {
		s->holds = false;
		return;
	}
	for (int i = 0; i <= place; i++)
		top.n[i] = v->n[i];
	top.n[place]++;
	demand(s, OP_LT, &top);
}

/* ---- comparators ---- */

static void
demand_caret(struct set *s, const struct partial *p)
{
	int place = 0;
	while (place < p->given - 1 && place < 2 && p->v.n[place] == 0)
		place++;
	demand(s, OP_GE, &p->v);
	demand_below(s, &p->v, place);
}

static void
demand_tilde(struct set *s, const struct partial *p)
{
	demand(s, OP_GE, &p->v);
	demand_below(s, &p->v, p->given == 1 ? 0 : 1);
}

/* An operator before a partial version: ">1.2" is ">=1.3.0", "<=1.2" is "<1.3.0-0". */
static void
demand_partial(struct set *s, enum op op, const struct partial *p)
{
	struct version v = p->v;
	switch (op) {
	case OP_GT:
		v.n[p->given - 1]++;
		demand(s, OP_GE, &v);
		return;
	case OP_LE:
		demand_below(s, &v, p->given - 1);
		return;
	case OP_LT:
		v.pre = "0";
		v.pre_len = 1;
		demand(s, OP_LT, &v);
		return;
	case OP_EQ:
		demand(s, OP_GE, &v);
		demand_below(s, &v, p->given - 1);
		return;
	default:
		demand(s, OP_GE, &v);
	}
}

static enum op
read_op(const char **at)
{
	char c = **at;
	if (c != '<' && c != '>') {
		*at += c == '=';
		return OP_EQ;
	}
	bool equal = (*at)[1] == '=';
	*at += equal ? 2 : 1;
	return c == '<' ? (equal ? OP_LE : OP_LT) : (equal ? OP_GE : OP_GT);
}

static void
demand_any(struct set *s, char sign, enum op op, struct partial *p)
{
	if (p->given < 3) {
		/* What stands behind a wild part doesn't count. */
		p->v.pre = "";
		p->v.pre_len = 0;
	}
	if (p->given == 0)
		s->holds = s->holds && (sign == '^' || sign == '~' || (op != OP_LT && op != OP_GT));
	else if (sign == '^')
		demand_caret(s, p);
	else if (sign == '~')
		demand_tilde(s, p);
	else if (p->given < 3)
		demand_partial(s, op, p);
	else
		demand(s, op, &p->v);
}

static bool
read_comparator(const char **at, struct set *s)
{
	struct partial p;
	char sign = **at;
	enum op op = OP_EQ;
	if (sign == '^' || sign == '~')
		*at += sign == '~' && (*at)[1] == '>' ? 2 : 1;
	else
		op = read_op(at);
	while (**at == ' ')
		(*at)++;
	if (!read_partial(at, &p))
		return false;
	demand_any(s, sign, op, &p);
	return true;
}

/* "1.2 - 2.3": the end of the second is wild where it isn't given. */
static bool
read_hyphen(const char **at, struct set *s)
{
	struct partial from, to;
	const char *p = *at;
	if (!read_partial(&p, &from) || *p != ' ')
		return false;
	while (*p == ' ')
		p++;
	if (p[0] != '-' || p[1] != ' ')
		return false;
	p++;
	while (*p == ' ')
		p++;
	if (!read_partial(&p, &to))
		return false;
	while (*p == ' ')
		p++;
	if (*p != '\0' && *p != '|')
		return false;
	if (from.given > 0)
		demand(s, OP_GE, &from.v);
	if (to.given == 3)
		demand(s, OP_LE, &to.v);
	else if (to.given > 0)
		demand_below(s, &to.v, to.given - 1);
	*at = p;
	return true;
}

static bool
read_set(const char **at, struct set *s)
{
	while (**at == ' ')
		(*at)++;
	(void)read_hyphen(at, s);
	for (;;) {
		while (**at == ' ')
			(*at)++;
		if (**at == '\0' || ((*at)[0] == '|' && (*at)[1] == '|'))
			return true;
		if (!read_comparator(at, s) || (**at != ' ' && **at != '\0' && **at != '|'))
			return false;
	}
}

static enum semver_answer
satisfies(const struct version *version, const char *range)
{
	enum semver_answer answer = SEMVER_NO;
	const char *at = range;
	if (strlen(range) > TEXT_MAX)
		return SEMVER_UNKNOWN;
	for (;;) {
		struct set s = { version, true, false };
		if (!read_set(&at, &s))
			return SEMVER_UNKNOWN;
		if (s.holds && (version->pre_len == 0 || s.names_prerelease))
			answer = SEMVER_YES;
		if (*at == '\0')
			return answer;
		at += 2;
	}
}

enum semver_answer
semver_satisfies(const char *version, const char *range)
{
	struct partial p;
	const char *at = version;
	if (strlen(version) > TEXT_MAX || !read_partial(&at, &p) || *at != '\0' || p.given != 3)
		return SEMVER_UNKNOWN;
	return satisfies(&p.v, range);
}

bool
semver_is_range(const char *text)
{
	static const struct version zero = { .pre = "" };
	return satisfies(&zero, text) != SEMVER_UNKNOWN;
}
