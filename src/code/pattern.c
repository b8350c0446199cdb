/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Token patterns: "$x = getenv($...)". A hole $x stands for one expression, the same each time; $_ for any; $... for any tokens with
 * their brackets. Everything else stands for itself, however it is spaced, joined or spelled by digraphs.
 */
#include "check_inside.h"

#include <base/cleanup.h>
#include <base/text.h>

#define ELEMENTS_MAX 256
#define HOLES_MAX 8
/* Tokens that a hole may stand for, and steps that one attempt may take: then it is no match. */
#define HOLE_MAX 400
#define STEPS_MAX 20000
/* How far back from its word a pattern that begins with a hole may begin. */
#define BACK_MAX 100

enum element_kind { E_NAME, E_PUNCT, E_TEXT, E_HOLE, E_REST };

struct element {
	uint8_t kind;
	uint8_t what;       /* E_PUNCT: as of the token; E_HOLE: its number, HOLES_MAX for $_ */
	uint32_t name;      /* E_NAME */
	const char *text;   /* E_TEXT */
};

struct rule_pattern {
	struct element *items;
	uint32_t count;
	uint32_t anchor;    /* an element that is a name, or count: none */
	bool fixed;         /* nothing before the anchor is a hole */
	const char *holes[HOLES_MAX];
	uint32_t hole_count;
};

size_t
pattern_size(void)
{
	return sizeof(struct rule_pattern);
}

/* ---- compiling ---- */

static bool
add_hole(struct rule_pattern *p, struct element *e, const char *name)
{
	e->kind = E_HOLE;
	e->what = HOLES_MAX;
	if (strcmp(name, "$_") == 0)
		return true;
	for (uint32_t i = 0; i < p->hole_count; i++) {
		if (strcmp(p->holes[i], name) == 0) {
			e->what = (uint8_t)i;
			return true;
		}
	}
	if (p->hole_count == HOLES_MAX)
		return false;
	e->what = (uint8_t)p->hole_count;
	p->holes[p->hole_count++] = name;
	return true;
}

static bool
add_element(struct code_rules *r, const struct code_tokens *t, uint32_t *i, struct rule_pattern *p)
{
	const struct code_token *k = &t->tokens[*i];
	struct element *e = &p->items[p->count];
	char *text = arena_alloc(r->arena, (size_t)k->len + 1);
	if (text == NULL)
		return false;
	code_spelling(t, k, text, (size_t)k->len + 1);
	if (k->kind == CODE_IDENTIFIER && text[0] == '$') {
		const bool rest = text[1] == '\0' && code_punct(&k[1], CODE_P_ELLIPSIS);
		if (!rest && (text[1] == '\0' || !add_hole(p, e, text)))
			return false;
		if (rest) {
			e->kind = E_REST;
			++*i;
		}
	} else if (k->kind == CODE_IDENTIFIER) {
		e->kind = E_NAME;
		e->name = rules_word(r, text);
	} else if (k->kind == CODE_PUNCT) {
		e->kind = E_PUNCT;
		e->what = k->what;
	} else {
		e->kind = E_TEXT;
		e->text = text;
	}
	p->count++;
	return true;
}

static void
find_anchor(struct rule_pattern *p)
{
	p->fixed = true;
	for (p->anchor = 0; p->anchor < p->count; p->anchor++) {
		if (p->items[p->anchor].kind == E_NAME)
			return;
		p->fixed &= p->items[p->anchor].kind < E_HOLE;
	}
}

enum assay_status
pattern_compile(struct code_rules *r, const char *text, struct rule_pattern *ret_pattern, const char **ret_why)
{
	struct code_tokens t;
	struct rule_pattern p = { 0 };
	*ret_why = NULL;
	/* Trailing "$" of "$..." and the like need no C++. */
	TRY(code_lex(assay_span_str(text), CODE_C, r->arena, &t, NULL));
	if (t.count == 0 || t.invalid > 0 || t.unterminated > 0 || t.directive_count > 0)
		*ret_why = "is no row of tokens";
	else if (t.count > ELEMENTS_MAX)
		*ret_why = "is too long";
	if (*ret_why != NULL)
		return ASSAY_OK;
	p.items = arena_array(r->arena, t.count + 1, sizeof p.items[0]);
	if (p.items == NULL)
		return ASSAY_E_MEMORY;
	for (uint32_t i = 0; i < t.count; i++) {
		if (!add_element(r, &t, &i, &p)) {
			*ret_why = "has more than 8 holes, or a hole without a name";
			return ASSAY_OK;
		}
	}
	find_anchor(&p);
	if (p.items[0].kind == E_REST || p.items[p.count - 1].kind == E_REST || p.anchor == p.count)
		*ret_why = p.anchor == p.count ? "names nothing: it would have to be tried everywhere" : "begins or ends with '$...'";
	*ret_pattern = p;
	return ASSAY_OK;
}

/* ---- matching ---- */

struct range {
	uint32_t first, last;
};

/* A row of tokens: of the unit, or of what stands behind a #define. */
struct row {
	unit *u;
	const struct code_token *tokens;
	const uint32_t *name;
	uint32_t limit; /* one behind the last that may match */
};

struct match {
	struct row row;
	const struct rule_pattern *p;
	struct range holes[HOLES_MAX];
	uint32_t bound; /* bits: which have a value */
	uint32_t steps;
	uint32_t end;   /* one behind what matched */
};

static uint32_t
past_bracket(const struct row *r, uint32_t i)
{
	uint32_t depth = 0;
	for (uint32_t k = i; k < r->limit && k - i < HOLE_MAX * 8; k++) {
		const struct code_token *t = &r->tokens[k];
		if (t->kind != CODE_PUNCT)
			continue;
		if (t->what == '(' || t->what == '[' || t->what == '{')
			depth++;
		else if ((t->what == ')' || t->what == ']' || t->what == '}') && --depth == 0)
			return k + 1;
	}
	return CODE_NONE;
}

/* One token further, or one pair of brackets with all in it; CODE_NONE where an expression, or a rest, ends. */
static uint32_t
step(const struct row *r, uint32_t i, bool rest)
{
	if (i >= r->limit)
		return CODE_NONE;
	const struct code_token *t = &r->tokens[i];
	if (t->kind != CODE_PUNCT)
		return i + 1;
	if (t->what == '(' || t->what == '[' || t->what == '{')
		return past_bracket(r, i);
	if (t->what == ')' || t->what == ']' || t->what == '}' || (!rest && (t->what == ',' || t->what == ';')))
		return CODE_NONE;
	return i + 1;
}

static bool
same(const struct row *r, struct range a, uint32_t first, uint32_t last)
{
	if (a.last - a.first != last - first)
		return false;
	for (uint32_t k = 0; k <= last - first; k++) {
		const struct code_token *x = &r->tokens[a.first + k], *y = &r->tokens[first + k];
		if (x->kind != y->kind || r->name[a.first + k] != r->name[first + k])
			return false;
		if (x->kind == CODE_PUNCT ? x->what != y->what : (r->name[first + k] == 0 && !code_same(r->u->raw, x, y)))
			return false;
	}
	return true;
}

static bool match_from(struct match *m, uint32_t e, uint32_t i);

static bool
match_hole(struct match *m, uint32_t e, uint32_t i)
{
	const struct element *el = &m->p->items[e];
	const uint32_t bit = el->what < HOLES_MAX ? 1u << el->what : 0;
	if ((m->bound & bit) != 0) {
		const struct range r = m->holes[el->what];
		const uint32_t last = i + (r.last - r.first);
		return last < m->row.limit && same(&m->row, r, i, last) && match_from(m, e + 1, last + 1);
	}
	for (uint32_t k = step(&m->row, i, false); k != CODE_NONE && k - i < HOLE_MAX; k = step(&m->row, k, false)) {
		const uint32_t bound = m->bound;
		if (bit != 0) {
			m->holes[el->what] = (struct range){ i, k - 1 };
			m->bound |= bit;
		}
		if (match_from(m, e + 1, k))
			return true;
		m->bound = bound;
	}
	return false;
}

static bool
match_rest(struct match *m, uint32_t e, uint32_t i)
{
	for (uint32_t k = i; k != CODE_NONE; k = step(&m->row, k, true)) {
		if (match_from(m, e + 1, k))
			return true;
	}
	return false;
}

static bool
match_from(struct match *m, uint32_t e, uint32_t i)
{
	for (; e < m->p->count; e++, i++) {
		const struct element *el = &m->p->items[e];
		if (++m->steps > STEPS_MAX)
			return false;
		if (el->kind == E_REST)
			return match_rest(m, e, i);
		if (el->kind == E_HOLE)
			return match_hole(m, e, i);
		if (i >= m->row.limit)
			return false;
		const struct code_token *t = &m->row.tokens[i];
		if (el->kind == E_NAME ? m->row.name[i] != el->name
		    : el->kind == E_PUNCT ? !code_punct(t, el->what) : !code_is(m->row.u->raw, t, el->text))
			return false;
	}
	m->end = i;
	return true;
}

static bool
match_at(struct match *m, const struct rule_pattern *p, uint32_t i)
{
	m->p = p;
	m->steps = 0;
	return match_from(m, 0, i);
}

/* ---- holes shared between the patterns of a rule ---- */

/* Takes over what holes of the same name stand for in another match. */
static void
share(struct match *to, const struct rule_pattern *p, const struct match *from)
{
	to->bound = 0;
	for (uint32_t i = 0; i < p->hole_count; i++) {
		for (uint32_t k = 0; k < from->p->hole_count; k++) {
			if ((from->bound & 1u << k) == 0 || strcmp(p->holes[i], from->p->holes[k]) != 0)
				continue;
			to->holes[i] = from->holes[k];
			to->bound |= 1u << i;
		}
	}
}

static bool
any_within(const struct match *found, const struct rule_patterns *list, uint32_t first, uint32_t limit)
{
	for (size_t n = 0; n < list->count; n++) {
		for (uint32_t i = first; i < limit; i++) {
			const struct rule_pattern *p = &list->items[n];
			if (p->items[0].kind == E_NAME && found->row.name[i] != p->items[0].name)
				continue;
			struct match m = { .row = found->row };
			m.row.limit = limit;
			share(&m, p, found);
			if (match_at(&m, p, i))
				return true;
		}
	}
	return false;
}

/* ---- conditions of a rule ---- */

static bool
is_kind(const struct row *r, struct range x, size_t is)
{
	static const uint8_t kinds[] = { [RULE_IS_STRING] = CODE_STRING, [RULE_IS_NUMBER] = CODE_NUMBER,
		[RULE_IS_NAME] = CODE_IDENTIFIER, [RULE_IS_CHAR] = CODE_CHAR };
	if (is == RULE_IS_CALL)
		return x.last > x.first && r->tokens[x.first].kind == CODE_IDENTIFIER && code_punct(&r->tokens[x.first + 1], '(');
	for (uint32_t i = x.first; i <= x.last; i++) {
		if (r->tokens[i].kind != kinds[is])
			return false;
	}
	/* Strings that stand side by side are one. */
	return is == RULE_IS_STRING || x.first == x.last;
}

static bool
is_like(const struct row *r, struct range x, const char *like)
{
	char text[1024];
	size_t len = 0;
	for (uint32_t i = x.first; i <= x.last && len < sizeof text; i++)
		len += code_spelling(r->u->raw, &r->tokens[i], text + len, sizeof text - len);
	return len < sizeof text && text_match(assay_span_str(like), (struct assay_span){ (const unsigned char *)text, len });
}

static bool
where_holds(const struct match *m, const struct code_rule *rule)
{
	for (size_t i = 0; i < rule->where_count; i++) {
		const struct rule_where *w = &rule->where[i];
		for (uint32_t k = 0; k < m->p->hole_count; k++) {
			if (strcmp(m->p->holes[k], w->hole) != 0)
				continue;
			if ((w->is != RULE_IS_ANY && !is_kind(&m->row, m->holes[k], w->is)) || (w->like != NULL && !is_like(&m->row, m->holes[k], w->like)))
				return false;
		}
	}
	return true;
}

static bool
stands_at(const struct judging *j, uint32_t function, uint32_t token, size_t place)
{
	unit *u = j->u;
	if (function == CODE_NONE)
		return false;
	const uint32_t s = ask_statement(u, function, token);
	switch (place) {
	case RULE_AT_LOOP:
		return ask_loop(u, s, token) != CODE_NONE;
	case RULE_AT_CONDITION:
		return ask_in_condition(u, s, token);
	case RULE_AT_HANDLER:
		return j->handler[function];
	case RULE_AT_THREAD:
		return j->thread[function];
	default:
		return true;
	}
}

/* A name as the libraries have it: no member, no variable of the function, no function that the file defines itself. */
static bool
is_outer_name(const struct judging *j, uint32_t function, uint32_t i)
{
	unit *u = j->u;
	if (i > 0 && (code_punct(&u->tokens[i - 1], '.') || code_punct(&u->tokens[i - 1], CODE_P_ARROW)))
		return false;
	const struct code_symbol *s = code_symbol_of(u, function, u->name[i]);
	if (s != NULL && s->function != CODE_NONE)
		return false;
	return ask_function(u, u->name[i]) == CODE_NONE;
}

static bool
found_in_code(struct judging *j, const struct match *m, uint32_t function, uint32_t first, uint32_t limit, uint32_t i)
{
	const struct code_rule *rule = j->rule;
	if (m->p->items[0].kind == E_NAME && !is_outer_name(j, function, i))
		return false;
	if (!where_holds(m, rule) || (rule->inside != RULE_AT_NONE && !stands_at(j, function, i, rule->inside))
	    || (rule->not_inside != RULE_AT_NONE && stands_at(j, function, i, rule->not_inside)))
		return false;
	if (any_within(m, &rule->unless, first, limit) || any_within(m, &rule->not_before, first, i)
	    || any_within(m, &rule->not_after, m->end, limit))
		return false;
	return (rule->before.count == 0 || any_within(m, &rule->before, first, i))
	    && (rule->after.count == 0 || any_within(m, &rule->after, m->end, limit));
}

static void
try_at(struct judging *j, const struct rule_pattern *p, uint32_t i)
{
	unit *u = j->u;
	const uint32_t function = code_function_at(u, i);
	if (function == CODE_NONE ? j->rule->scope != RULE_IN_FILE : i < u->functions[function].body && j->rule->scope == RULE_IN_CODE)
		return;
	const uint32_t first = function == CODE_NONE ? 0 : u->functions[function].body;
	const uint32_t limit = function == CODE_NONE ? u->count : u->functions[function].body_close + 1;
	struct match m = { .row = { u, u->tokens, u->name, limit } };
	if (match_at(&m, p, i) && found_in_code(j, &m, function, first, limit, i))
		judging_report(j, i, u->name[i]);
}

static bool
may_begin_expression(const struct code_token *before)
{
	static const char opens[] = "(,;{}=:?!&|<>[+-*/%~^)";
	return (before->kind == CODE_PUNCT && (before->what >= 128 || strchr(opens, before->what) != NULL))
	    || code_keyword(before, CODE_KW_RETURN) || code_keyword(before, CODE_KW_ELSE) || code_keyword(before, CODE_KW_DO)
	    || code_keyword(before, CODE_KW_CASE) || before->kind == CODE_IDENTIFIER;
}

/* Where a pattern that begins with a hole may begin, whose word stands at i. */
static void
try_back(struct judging *j, const struct rule_pattern *p, uint32_t i)
{
	unit *u = j->u;
	for (uint32_t k = i; k-- > 0 && i - k < BACK_MAX;) {
		if (k == 0 || may_begin_expression(&u->tokens[k - 1]))
			try_at(j, p, k);
		if (code_punct(&u->tokens[k], ';') || code_punct(&u->tokens[k], '{') || code_punct(&u->tokens[k], '}'))
			return;
	}
}

static void
look_in_code(struct judging *j, const struct rule_pattern *p)
{
	for (uint32_t i = j->first_use[p->items[p->anchor].name]; i != CODE_NONE; i = j->next_use[i]) {
		if (!p->fixed)
			try_back(j, p, i);
		else if (i >= p->anchor)
			try_at(j, p, i - p->anchor);
	}
}

static void
look_in_macros(struct judging *j, const struct rule_pattern *p)
{
	unit *u = j->u;
	for (uint32_t n = 0; n < u->macro_count; n++) {
		const struct code_macro *m = &u->macros[n];
		for (uint32_t i = m->body; i < m->body + m->body_count; i++) {
			struct match found = { .row = { u, u->raw->words, u->word_name, m->body + m->body_count } };
			if (match_at(&found, p, i) && where_holds(&found, j->rule)) {
				judging_report_raw(j, &u->raw->words[i], u->word_name[i]);
				break;
			}
		}
	}
}

void
judging_patterns(struct judging *j)
{
	for (size_t i = 0; i < j->rule->match.count; i++) {
		if (j->rule->scope == RULE_IN_MACRO)
			look_in_macros(j, &j->rule->match.items[i]);
		else
			look_in_code(j, &j->rule->match.items[i]);
	}
}
