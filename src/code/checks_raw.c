/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of what stands in the file before macros are expanded.
 */
#include "checks.h"

/* How far back from a directive the bracket around it is looked for. */
#define BACK_MAX 2000

/* PRE30-C: "\u" that is no universal character yet, beside letters: only pasting can make one of it. */
static bool
is_half_universal(const struct code_tokens *t, const struct code_token *k)
{
	if (k[0].kind != CODE_INVALID || k[1].kind != CODE_IDENTIFIER || k[1].at != k[0].at + k[0].len)
		return false;
	const struct assay_span bytes = code_raw(t, k), word = code_raw(t, &k[1]);
	return bytes.data[bytes.len - 1] == '\\' && (word.data[0] == 'u' || word.data[0] == 'U');
}

void
check_universal_by_pasting(struct judging *j)
{
	const struct code_tokens *t = j->u->raw;
	for (uint32_t i = 0; i + 1 < t->count; i++) {
		if (is_half_universal(t, &t->tokens[i]))
			judging_report_raw(j, &t->tokens[i], 0);
	}
	for (uint32_t i = 0; i + 1 < t->word_count; i++) {
		if (is_half_universal(t, &t->words[i]))
			judging_report_raw(j, &t->words[i], 0);
	}
}

static const struct code_macro *
macro_named(unit *u, uint32_t name)
{
	const uint32_t i = name != 0 && name < u->name_count ? u->macro_of[name] : CODE_NONE;
	return i == CODE_NONE ? NULL : &u->macros[i];
}

/* PRE32-C: a directive between the brackets of what is a macro, or may be one. */
void
check_directive_in_arguments(struct judging *j)
{
	const struct code_tokens *t = j->u->raw;
	for (uint32_t d = 0; d < t->directive_count; d++) {
		uint32_t depth = 0;
		const uint32_t before = t->directives[d].before;
		for (uint32_t i = before; i-- > 0 && before - i < BACK_MAX;) {
			const struct code_token *k = &t->tokens[i];
			if (code_punct(k, ';') || code_punct(k, '{') || code_punct(k, '}'))
				break;
			depth += code_punct(k, ')');
			if (!code_punct(k, '(') || depth-- > 0)
				continue;
			depth = 0;
			const uint32_t name = i > 0 ? j->u->raw_name[i - 1] : 0;
			const struct code_macro *m = macro_named(j->u, name);
			if (!(m != NULL && m->function) && !ask_named(j->rule, name))
				continue;
			const struct code_token at = { t->directives[d].at, 1, t->directives[d].line, CODE_PUNCT, '#', 0 };
			judging_report_raw(j, &at, name);
			break;
		}
	}
}

/* How often a macro evaluates each of its parameters; 1 where it can't be told. */
static uint32_t
evaluations(unit *u, const struct code_macro *m, uint32_t parameter)
{
	const struct code_token *w = u->raw->words;
	uint32_t times = 0;
	for (uint32_t i = m->body; i < m->body + m->body_count; i++) {
		if (u->word_name[i] != m->params[parameter])
			continue;
		const bool first = i == m->body, last = i + 1 == m->body + m->body_count;
		if ((!first && (code_punct(&w[i - 1], '#') || code_punct(&w[i - 1], CODE_P_PASTE))) || (!last && code_punct(&w[i + 1], CODE_P_PASTE)))
			return 1;
		times++;
	}
	return times;
}

static bool
has_side_effect(const struct code_token *tokens, uint32_t first, uint32_t behind)
{
	/* What begins with '=' is an initialiser on its way through a macro. */
	if (first < behind && code_punct(&tokens[first], '='))
		return false;
	for (uint32_t i = first; i < behind; i++) {
		if (code_assigns(&tokens[i]) || code_punct(&tokens[i], CODE_P_INCREMENT) || code_punct(&tokens[i], CODE_P_DECREMENT))
			return true;
	}
	return false;
}

static void
look_at_use(struct judging *j, uint32_t at, const struct code_macro *m)
{
	const struct code_tokens *t = j->u->raw;
	uint32_t depth = 0, n = 0, from = at + 2;
	for (uint32_t i = at + 1; i < t->count && i - at < BACK_MAX; i++) {
		const struct code_token *k = &t->tokens[i];
		const bool ends = (depth == 1 && (code_punct(k, ',') || code_punct(k, ')')));
		depth += code_punct(k, '(');
		depth -= code_punct(k, ')');
		if (!ends)
			continue;
		const bool unsafe = m == NULL || (n < m->param_count && evaluations(j->u, m, n) != 1);
		if (unsafe && has_side_effect(t->tokens, from, i)) {
			judging_report_raw(j, &t->tokens[at], j->u->raw_name[at]);
			return;
		}
		if (depth == 0)
			return;
		n++;
		from = i + 1;
	}
}

/* PRE31-C: a side effect in an argument that a macro evaluates twice or not at all. */
void
check_side_effect_in_macro(struct judging *j)
{
	const struct code_tokens *t = j->u->raw;
	for (uint32_t i = 0; i + 1 < t->count; i++) {
		const uint32_t name = j->u->raw_name[i];
		if (name == 0 || !code_punct(&t->tokens[i + 1], '('))
			continue;
		const struct code_macro *m = macro_named(j->u, name);
		if ((m != NULL && m->function && !m->unexpanded) || (m == NULL && ask_named(j->rule, name)))
			look_at_use(j, i, m);
	}
}

/* A declaration goes on, or ends, maybe with a macro's argument. */
static bool
is_after_declared(const struct code_token *t)
{
	return code_punct(t, ';') || code_punct(t, '=') || code_punct(t, ')') || code_punct(t, ',');
}

/* Whether the name at token i of the file is used as what it may not be. */
static bool
is_misused(unit *u, uint32_t i)
{
	const struct code_tokens *t = u->raw;
	const uint32_t name = u->raw_name[i];
	if (name == W_errno || name == W_math_errhandling)
		return i > 0 && code_keyword(&t->tokens[i - 1], CODE_KW_INT) && is_after_declared(&t->tokens[i + 1]);
	const bool member = i > 0 && (code_punct(&t->tokens[i - 1], '.') || code_punct(&t->tokens[i - 1], CODE_P_ARROW));
	return !member && !code_punct(&t->tokens[i + 1], '(');
}

/* MSC38-C: what may only be a macro, used as an object or a function, undefined, or declared. */
void
check_macro_as_object(struct judging *j)
{
	const struct code_tokens *t = j->u->raw;
	for (uint32_t i = 0; i < t->count; i++) {
		const uint32_t name = j->u->raw_name[i];
		if (name != 0 && name <= j->rules->word_count && ask_named(j->rule, name) && is_misused(j->u, i))
			judging_report_raw(j, &t->tokens[i], name);
	}
	for (uint32_t d = 0; d < t->directive_count; d++) {
		const struct code_directive *x = &t->directives[d];
		const uint32_t name = x->count > 0 ? j->u->word_name[x->first] : 0;
		if (x->kind == CODE_D_UNDEF && ask_named(j->rule, name))
			judging_report_raw(j, &t->words[x->first], name);
	}
}
